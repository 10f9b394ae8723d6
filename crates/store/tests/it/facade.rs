//! What the façade promises, on each database.

use std::sync::Arc;

use store::test_support::TestDb;
use store::{Database, DatabaseUrl, Db, Error, Options, params, retry};
use testkit_macros::every_layout;

const CREATE: &str = "CREATE TABLE things (
    id TEXT NOT NULL PRIMARY KEY, n BIGINT, flag BOOLEAN, text TEXT, bytes BYTEA)";

async fn with_things(db: &Db) {
    db.execute(CREATE, &[]).await.unwrap();
}

async fn add(db: &Db, id: &str, n: i64) {
    let sql = "INSERT INTO things (id, n) VALUES ($1, $2)";
    assert_eq!(db.execute(sql, params![id, n]).await.unwrap(), 1);
}

async fn count(db: &Db) -> i64 {
    let row = db.fetch_optional("SELECT count(*) FROM things", &[]).await.unwrap();
    row.unwrap().take().unwrap()
}

#[every_layout]
async fn values_come_back_as_they_went(db: TestDb) {
    with_things(&db).await;
    let sql = "INSERT INTO things (id, n, flag, text, bytes) VALUES ($1, $2, $3, $4, $5)";
    let text = "grüß «Ada» 🚪 \u{1}";
    let bytes: &[u8] = &[0, 255, 0, 128];
    for n in [i64::MIN, -1, 0, i64::MAX] {
        let id = format!("{n}");
        db.execute(sql, params![&id, n, n == 0, text, bytes]).await.unwrap();
        let read = "SELECT n, flag, text, bytes FROM things WHERE id = $1";
        let mut row = db.fetch_optional(read, params![&id]).await.unwrap().unwrap();
        assert_eq!(row.take::<i64>().unwrap(), n);
        assert_eq!(row.take::<bool>().unwrap(), n == 0);
        assert_eq!(row.take::<Option<String>>().unwrap().as_deref(), Some(text));
        assert_eq!(row.take::<Vec<u8>>().unwrap(), bytes);
    }
}

#[every_layout]
async fn nulls_of_each_kind(db: TestDb) {
    with_things(&db).await;
    let sql = "INSERT INTO things (id, n, flag, text, bytes) VALUES ($1, $2, $3, $4, $5)";
    let (n, flag, text, bytes) = (None::<i64>, None::<bool>, None::<&str>, None::<&[u8]>);
    db.execute(sql, params!["a", n, flag, text, bytes]).await.unwrap();
    let read = "SELECT n, flag, text, bytes FROM things WHERE id = $1";
    let mut row = db.fetch_optional(read, params!["a"]).await.unwrap().unwrap();
    assert_eq!(row.take::<Option<i64>>().unwrap(), None);
    assert_eq!(row.take::<Option<bool>>().unwrap(), None);
    assert_eq!(row.take::<Option<String>>().unwrap(), None);
    assert_eq!(row.take::<Option<Vec<u8>>>().unwrap(), None);
}

#[every_layout]
async fn placeholders_go_by_number(db: TestDb) {
    let sql = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)";
    let mut row = db.fetch_optional(sql, params!["one", "two"]).await.unwrap().unwrap();
    let read: [String; 3] = [row.take().unwrap(), row.take().unwrap(), row.take().unwrap()];
    assert_eq!(read, ["two", "one", "two"]);
}

#[every_layout]
async fn a_value_too_few_is_refused(db: TestDb) {
    assert!(db.fetch_all("SELECT CAST($1 AS TEXT)", &[]).await.is_err());
    // PostgreSQL overlooks one too many; SQLite, where every statement is tried too, does not.
    let many = db.fetch_all("SELECT CAST($1 AS TEXT)", params!["a", "b"]).await;
    assert!(many.is_err() || db.database() == Database::Postgres);
}

#[every_layout]
async fn a_corrupt_row_is_an_error_of_its_own(db: TestDb) {
    let row = db.fetch_optional("SELECT 'x'", &[]).await;
    let error = row.unwrap().unwrap().take::<i64>().unwrap_err();
    assert!(matches!(error, Error::Corrupt { column: 0, expected: "an integer", .. }), "{error}");
}

#[every_layout]
async fn returning_and_counts(db: TestDb) {
    with_things(&db).await;
    for id in ["a", "b", "c"] {
        add(&db, id, 1).await;
    }
    let mut tx = db.begin().await.unwrap();
    let sql = "UPDATE things SET n = n + 1 WHERE n = $1 RETURNING id, n";
    let rows = tx.fetch_all(sql, params![1]).await.unwrap();
    assert_eq!(rows.len(), 3);
    assert!(tx.fetch_optional(sql, params![1]).await.unwrap().is_none());
    // One row is asked for, all three are changed.
    assert!(tx.fetch_optional(sql, params![2]).await.unwrap().is_some());
    assert_eq!(tx.execute("DELETE FROM things WHERE n = $1", params![3]).await.unwrap(), 3);
    assert_eq!(tx.execute("DELETE FROM things WHERE n = $1", params![3]).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(count(&db).await, 0);
}

#[every_layout]
async fn a_dropped_transaction_is_undone(db: TestDb) {
    with_things(&db).await;
    let insert = "INSERT INTO things (id) VALUES ($1)";
    let mut dropped = db.begin().await.unwrap();
    dropped.execute(insert, params!["dropped"]).await.unwrap();
    drop(dropped);
    let mut undone = db.begin().await.unwrap();
    undone.execute(insert, params!["undone"]).await.unwrap();
    undone.rollback().await.unwrap();
    let mut kept = db.begin().await.unwrap();
    kept.execute(insert, params!["kept"]).await.unwrap();
    kept.commit().await.unwrap();
    let rows = db.fetch_all("SELECT id FROM things", &[]).await.unwrap();
    let ids: Vec<String> = rows.into_iter().map(|mut row| row.take().unwrap()).collect();
    assert_eq!(ids, ["kept"]);
}

#[every_layout]
async fn a_failed_statement_leaves_its_group_alone(db: TestDb) {
    with_things(&db).await;
    add(&db, "a", 1).await;
    let db = Arc::new(db);
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let db = Arc::clone(&db);
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                let sql = "INSERT INTO things (id, n) VALUES ($1, 1)";
                tx.execute(sql, params![format!("t{n}")]).await?;
                if n % 2 == 0 {
                    tx.execute(sql, params!["a"]).await?;
                }
                tx.commit().await
            })
        })
        .collect();
    for (task, n) in tasks.into_iter().zip(0..) {
        let done = task.await.unwrap();
        assert_eq!(done.is_ok(), n % 2 == 1);
        assert!(done.is_ok() || done.unwrap_err().is_taken());
    }
    assert_eq!(count(&db).await, 11);
}

#[every_layout]
async fn what_was_answered_is_seen_elsewhere(db: TestDb) {
    with_things(&db).await;
    let elsewhere = Arc::new(db.another().await);
    let db = Arc::new(db);
    let tasks: Vec<_> = (0..64)
        .map(|n| {
            let (db, elsewhere) = (Arc::clone(&db), Arc::clone(&elsewhere));
            tokio::spawn(async move {
                let id = format!("{n}");
                add(&db, &id, n).await;
                let sql = "SELECT n FROM things WHERE id = $1";
                let row = elsewhere.fetch_optional(sql, params![&id]).await.unwrap();
                assert_eq!(row.unwrap().take::<i64>().unwrap(), n);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[every_layout]
async fn one_of_64_conditional_updates_wins(db: TestDb) {
    with_things(&db).await;
    add(&db, "code", 0).await;
    let db = Arc::new(db);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let db = Arc::clone(&db);
            tokio::spawn(async move {
                retry(|| async {
                    let mut tx = db.begin().await?;
                    let sql = "UPDATE things SET n = 1 WHERE id = $1 AND n = 0 RETURNING id";
                    let won = tx.fetch_optional(sql, params!["code"]).await?.is_some();
                    tx.commit().await?;
                    Ok::<_, Error>(won)
                })
                .await
                .unwrap()
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += i64::from(task.await.unwrap());
    }
    assert_eq!(won, 1);
}

#[every_layout]
async fn two_processes_write_beside_each_other(db: TestDb) {
    with_things(&db).await;
    let other = db.another().await;
    let databases = [db.clone(), other];
    let tasks: Vec<_> = (0..100)
        .map(|n: usize| {
            let db = databases[n % 2].clone();
            tokio::spawn(async move { add(&db, &format!("{n}"), 1).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(count(&db).await, 100);
}

#[every_layout]
async fn a_deadlock_is_tried_again(db: TestDb) {
    with_things(&db).await;
    add(&db, "a", 0).await;
    add(&db, "b", 0).await;
    let db = Arc::new(db);
    let both = |first: &'static str, second: &'static str| {
        let db = Arc::clone(&db);
        tokio::spawn(async move {
            for _ in 0..20 {
                retry(|| async {
                    let mut tx = db.begin().await?;
                    let sql = "UPDATE things SET n = n + 1 WHERE id = $1";
                    tx.execute(sql, params![first]).await?;
                    tokio::task::yield_now().await;
                    tx.execute(sql, params![second]).await?;
                    tx.commit().await
                })
                .await
                .unwrap();
            }
        })
    };
    let (one, two) = (both("a", "b"), both("b", "a"));
    one.await.unwrap();
    two.await.unwrap();
    let rows = db.fetch_all("SELECT n FROM things", &[]).await.unwrap();
    assert!(rows.into_iter().all(|mut row| row.take::<i64>().unwrap() == 40));
}

#[every_layout]
async fn closed_is_closed(db: TestDb) {
    with_things(&db).await;
    assert!(db.integrity_check().await.unwrap().is_empty());
    db.close().await.unwrap();
    assert!(matches!(db.begin().await, Err(Error::Closed)));
    if db.database() == Database::Sqlite {
        // What was answered is in the file alone once the log is moved.
        let again = db.another().await;
        assert_eq!(count(&again).await, 0);
    }
}

#[every_layout]
async fn nothing_needs_named_statements(db: TestDb) {
    let DatabaseUrl::Postgres(url) = db.url() else {
        return;
    };
    let url = DatabaseUrl::Postgres(format!("{url}?statement-cache-capacity=0"));
    let options = Options { connections: 2, ..db.options().clone() };
    let pooled = Db::open(&url, &options).await.unwrap();
    with_things(&pooled).await;
    add(&pooled, "a", 1).await;
    assert_eq!(count(&pooled).await, 1);
    let named = "SELECT count(*) FROM pg_prepared_statements";
    let row = pooled.fetch_optional(named, &[]).await.unwrap();
    assert_eq!(row.unwrap().take::<i64>().unwrap(), 0);
}
