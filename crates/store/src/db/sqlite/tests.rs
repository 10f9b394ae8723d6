//! What only SQLite must show: groups, the file, its log.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::params;

struct Fresh(PathBuf);

impl Fresh {
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("vestibule-sqlite_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    fn open(&self) -> Sqlite {
        Sqlite::open(&self.0.join("a.db")).unwrap()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn execute(db: &Sqlite, sql: &'static str) {
    let mut tx = db.begin().await.unwrap();
    tx.execute(sql, &[]).unwrap();
    tx.commit().await.unwrap();
}

fn count(db: &Sqlite) -> i64 {
    let row = db.fetch_optional("SELECT count(*) FROM t", &[]).unwrap();
    row.unwrap().take().unwrap()
}

/// Queues a transaction for the writer's turn and comes back once it stands in the queue.
async fn queue(
    db: &Sqlite,
    run: impl FnOnce(&mut Tx) -> Result<()> + Send + 'static,
) -> tokio::task::JoinHandle<Result<()>> {
    let db = db.clone();
    let task = tokio::spawn(async move {
        let mut tx = db.begin().await?;
        run(&mut tx)?;
        tx.commit().await
    });
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    task
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_may_read_the_files() {
    let fresh = Fresh::new();
    std::fs::write(fresh.0.join("a.db"), "").unwrap();
    let db = fresh.open();
    execute(&db, "CREATE TABLE t (a BIGINT)").await;
    for name in ["a.db", "a.db-wal", "a.db-shm"] {
        let mode = std::fs::metadata(fresh.0.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_synced_at_each_commit() {
    let fresh = Fresh::new();
    let db = fresh.open();
    let turn = db.0.writer.lock().await;
    let ask = |pragma: &str| -> String {
        let sql = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
        turn.connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(ask("journal_mode"), "wal");
    assert_eq!(ask("synchronous"), "2");
}

/// Whoever has read what is not yet durable waits, though it changes nothing itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_waits_for_the_group() {
    let fresh = Fresh::new();
    let db = fresh.open();
    execute(&db, "CREATE TABLE t (a BIGINT)").await;
    // A turn at the writer holds the committer back, so the group stays open.
    let mut claim = db.begin().await.unwrap();
    claim.execute("INSERT INTO t (a) VALUES (1)", &[]).unwrap();
    let mut refused = claim.take_over();
    let seen = refused.fetch_optional("SELECT a FROM t", &[]).unwrap();
    assert!(seen.is_some() && count(&db) == 0, "read before it is durable");
    refused.rollback().await.unwrap();
    assert_eq!(count(&db), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_is_everybodys() {
    let fresh = Fresh::new();
    let db = fresh.open();
    execute(&db, "CREATE TABLE t (a BIGINT PRIMARY KEY)").await;
    execute(&db, "CREATE TABLE c (a BIGINT REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)").await;
    // A deferred foreign key makes COMMIT itself fail.
    let turn = db.0.writer.clone().lock_owned().await;
    turn.connection.pragma_update(None, "foreign_keys", true).unwrap();
    let tasks: Vec<_> = (0..10_i64)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                let sql = if n == 5 { "INSERT INTO c (a) VALUES ($1)" } else { "INSERT INTO t (a) VALUES ($1)" };
                tx.execute(sql, params![n + 100 * i64::from(n == 5)])?;
                if n == 7 { tx.rollback().await } else { tx.commit().await }
            })
        })
        .collect();
    // All of them queue behind this turn, and so become one group.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    drop(turn);
    let mut failed = 0;
    for task in tasks {
        failed += i64::from(task.await.unwrap().is_err());
    }
    assert_eq!((failed, count(&db)), (10, 0));
    execute(&db, "INSERT INTO t (a) VALUES (1)").await;
    assert_eq!(count(&db), 1);
}

/// SQLite may undo everything by itself (a full disk); the next transaction must not then run
/// outside a group and commit on its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_sqlite_undid_is_told_so() {
    let fresh = Fresh::new();
    let db = fresh.open();
    execute(&db, "CREATE TABLE t (a BIGINT)").await;
    // Both queue behind this turn, and so become one group.
    let turn = db.0.writer.clone().lock_owned().await;
    let innocent = queue(&db, |tx| tx.execute("INSERT INTO t (a) VALUES (1)", &[]).map(|_| ())).await;
    let broken = queue(&db, |tx| {
        tx.batch("ROLLBACK").unwrap();
        assert!(tx.execute("INSERT INTO t (a) VALUES (2)", &[]).is_err());
        Ok(())
    })
    .await;
    drop(turn);
    assert!(innocent.await.unwrap().is_err());
    assert!(broken.await.unwrap().is_err());
    execute(&db, "INSERT INTO t (a) VALUES (3)").await;
    assert_eq!(count(&db), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_is_waited_for() {
    let fresh = Fresh::new();
    let db = fresh.open();
    execute(&db, "CREATE TABLE t (a BIGINT)").await;
    let other = open::checkpointer(&fresh.0.join("a.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO t (a) VALUES (1)").unwrap();
    let waiting = {
        let db = db.clone();
        tokio::spawn(async move { execute(&db, "INSERT INTO t (a) VALUES (2)").await })
    };
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    assert!(!waiting.is_finished());
    other.execute_batch("COMMIT").unwrap();
    waiting.await.unwrap();
    assert_eq!(count(&db), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_does_not_grow_for_ever() {
    let fresh = Fresh::new();
    let db = fresh.open();
    execute(&db, "CREATE TABLE t (a BIGINT, b TEXT)").await;
    for _ in 0..60 {
        execute(
            &db,
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO t (a, b) SELECT i, hex(zeroblob(200)) FROM n",
        )
        .await;
    }
    let size = |name: &str| std::fs::metadata(fresh.0.join(name)).unwrap().len();
    let (log, data) = (size("a.db-wal"), size("a.db"));
    assert!(data > 20 << 20, "{data}");
    assert!(log < data / 2, "the log has {log} bytes beside {data} of data");
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_cannot_write() {
    let fresh = Fresh::new();
    let db = fresh.open();
    execute(&db, "CREATE TABLE t (a BIGINT)").await;
    assert!(db.fetch_all("INSERT INTO t (a) VALUES (1) RETURNING a", &[]).is_err());
    assert!(db.integrity_check().await.unwrap().is_empty());
}

/// A cached statement is prepared once, whatever is bound to it.
#[tokio::test]
async fn a_statement_is_prepared_once() {
    let fresh = Fresh::new();
    let db = fresh.open();
    for sql in [
        "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY)",
        "CREATE TABLE s (b BIGINT NOT NULL, id BIGINT NOT NULL, ended BIGINT, PRIMARY KEY (b, id))",
    ] {
        execute(&db, sql).await;
    }
    let connection = open::reader(&fresh.0.join("a.db")).unwrap();
    let sql = "SELECT b.id, s.id IS NOT NULL FROM b LEFT JOIN s ON s.b = $1 AND s.ended IS NULL
        WHERE b.id = $1 ORDER BY s.id";
    for id in 0..8_i64 {
        statement::fetch_all(&connection, sql, params![id]).unwrap();
    }
    let statement = connection.prepare_cached(sql).unwrap();
    assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
}
