//! What the façade costs on this machine: `cargo run --release --example speed --features test-support`.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)]

use std::time::Instant;

use store::test_support::TestDb;
use store::{Db, params};

const READS: u32 = 200_000;
const TASKS: i64 = 64;
const EACH: i64 = 500;

#[tokio::main]
async fn main() {
    let db = TestDb::sqlite().await;
    let sql = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL, text TEXT)";
    db.execute(sql, &[]).await.unwrap();
    for id in 0..TASKS {
        let sql = "INSERT INTO t (id, n, text) VALUES ($1, 0, 'some text of a usual length')";
        db.execute(sql, params![id]).await.unwrap();
    }

    let begun = Instant::now();
    for n in 0..READS {
        let sql = "SELECT id, n, text FROM t WHERE id = $1";
        db.fetch_optional(sql, params![i64::from(n) % TASKS]).await.unwrap().unwrap();
    }
    println!("read: {:.2} µs", begun.elapsed().as_secs_f64() * 1e6 / f64::from(READS));

    let begun = Instant::now();
    let tasks: Vec<_> = (0..TASKS).map(|id| tokio::spawn(update((*db).clone(), id))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let rate = (TASKS * EACH) as f64 / begun.elapsed().as_secs_f64();
    println!("durable transactions, {TASKS} at once: {rate:.0}/s");

    let begun = Instant::now();
    update((*db).clone(), 0).await;
    println!("durable transactions, one by one: {:.0}/s", EACH as f64 / begun.elapsed().as_secs_f64());
}

async fn update(db: Db, id: i64) {
    for _ in 0..EACH {
        let mut tx = db.begin().await.unwrap();
        let sql = "UPDATE t SET n = n + 1 WHERE id = $1 RETURNING n";
        tx.fetch_optional(sql, params![id]).await.unwrap().unwrap();
        tx.commit().await.unwrap();
    }
}
