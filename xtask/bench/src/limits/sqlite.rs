//! Durable commits of SQLite as the product sets it up: write-ahead log, `synchronous=FULL`, one small update each.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::Connection;

/// Microseconds per transaction where `group` of them, each in a savepoint, share a commit.
pub(super) fn measure(directory: &Path, group: usize, duration: Duration) -> Result<f64> {
    let path = directory.join(format!("limit-{group}.db"));
    let db = Connection::open(path)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute_batch("CREATE TABLE t (id BLOB NOT NULL PRIMARY KEY, n BIGINT NOT NULL, text TEXT NOT NULL)")?;
    for id in 0..GROUPS * group {
        let sql = "INSERT INTO t (id, n, text) VALUES (?1, 0, ?2)";
        db.execute(sql, (id.to_string(), "some text of a usual length"))?;
    }
    let mut update = db.prepare("UPDATE t SET n = n + 1 WHERE id = ?1")?;
    let (mut begin, mut commit) = (db.prepare("BEGIN IMMEDIATE")?, db.prepare("COMMIT")?);
    let (mut savepoint, mut release) = (db.prepare("SAVEPOINT s")?, db.prepare("RELEASE s")?);
    let (begun, mut count) = (Instant::now(), 0_usize);
    while begun.elapsed() < duration {
        begin.execute([])?;
        for _ in 0..group {
            savepoint.execute([])?;
            update.execute([(count % (GROUPS * group)).to_string()])?;
            release.execute([])?;
            count += 1;
        }
        commit.execute([])?;
    }
    Ok(begun.elapsed().as_secs_f64() * 1e6 / count as f64)
}

/// The table is larger than one group.
const GROUPS: usize = 16;
