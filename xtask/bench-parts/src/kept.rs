//! What it costs to keep a `jti` in the database, with as much going on around it as under the bench's load: so many tasks
//! that each compute as long as a request does, and then write. What they compute is taken off again, thread by thread.
//! What is left is all of the store's: the statement, its share of the group's commit with the kernel's part in it, and
//! handing over and waking.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use oidc::Time;
use store::{DatabaseUrl, Db, Options, migrate, params};

use crate::clock::{each, median, of_process, of_thread};

/// What a task does between its computations.
#[derive(Clone, Copy)]
enum Writing {
    /// Nothing, but it lets others go on.
    Nothing,
    /// One `jti`, in a transaction of its own.
    Alone,
    /// A transaction of so many rows.
    Beside(u32),
}

/// Microseconds of each.
pub(crate) fn measure(directory: &Path, rounds: usize, duration: Duration) -> Result<Vec<(&'static str, f64)>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let path = directory.join("parts.db");
    runtime.block_on(async {
        let db = Db::open(&DatabaseUrl::Sqlite(path), &Options::default()).await?;
        migrate::migrate(&db).await?;
        let count = Arc::new(AtomicU64::new(0));
        let sorts = [Writing::Nothing, Writing::Alone, Writing::Beside(OTHERS), Writing::Beside(OTHERS + MORE)];
        let mut taken = [const { Vec::new() }; 4];
        for _ in 0..rounds {
            for (writing, taken) in sorts.iter().zip(&mut taken) {
                taken.push(run(&db, &count, *writing, duration / 2).await?);
            }
        }
        let [nothing, alone, beside, with_it] = taken.each_mut().map(|taken| median(taken));
        db.close().await?;
        Ok(vec![("kept alone", alone - nothing), ("kept beside", (with_it - beside) / f64::from(MORE))])
    })
}

/// Microseconds for each turn of a task, without what it computes.
async fn run(db: &Db, count: &Arc<AtomicU64>, writing: Writing, duration: Duration) -> Result<f64> {
    let (begun, before) = (Instant::now(), of_process());
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (db, count) = (db.clone(), Arc::clone(count));
            tokio::spawn(async move {
                let (mut turns, mut computed) = (0_u64, Duration::ZERO);
                while begun.elapsed() < duration {
                    computed += compute();
                    write(&db, &count, writing).await?;
                    turns += 1;
                }
                anyhow::Ok((turns, computed))
            })
        })
        .collect();
    let (mut turns, mut computed) = (0, Duration::ZERO);
    for task in tasks {
        let (own, took) = task.await??;
        (turns, computed) = (turns + own, computed + took);
    }
    Ok(each(of_process().saturating_sub(before).saturating_sub(computed), turns))
}

async fn write(db: &Db, count: &AtomicU64, writing: Writing) -> Result<()> {
    let next = || {
        let id = jose::sha256(&count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        jose::base64url::encode(id)
    };
    let until = Time::from_seconds(1_700_000_000);
    match writing {
        Writing::Nothing => tokio::task::yield_now().await,
        Writing::Alone => anyhow::ensure!(store::assertions::claim(db, &next(), until).await?, "it was there"),
        Writing::Beside(rows) => {
            let mut tx = db.begin().await?;
            for _ in 0..rows {
                tx.execute(CLAIM, params![next(), until]).await?;
            }
            tx.commit().await?;
        }
    }
    Ok(())
}

/// As long as a request takes without its write, about: how long it was.
fn compute() -> Duration {
    let before = of_thread();
    while of_thread().saturating_sub(before) < REQUEST {
        std::hint::black_box(jose::sha256(&[7; 1024]));
    }
    of_thread().saturating_sub(before)
}

/// As `store::assertions::claim` has it, for a transaction that writes other rows, too.
const CLAIM: &str = "INSERT INTO assertions (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
/// The connections of the bench's load.
const TASKS: usize = 32;
/// Rows that an exchange writes beside: the container, the family, the app's part in the session, the trail.
const OTHERS: u32 = 4;
/// So many more, since one alone is lost in what the disk does.
const MORE: u32 = 8;
const REQUEST: Duration = Duration::from_micros(300);
