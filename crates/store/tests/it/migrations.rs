//! The schema and its changes.

use store::tables::{TABLES, distribute_statements};
use store::test_support::TestDb;
use store::{Database, migrate, params};
use testkit_macros::every_layout;

#[every_layout]
async fn the_registry_names_exactly_the_tables(db: TestDb) {
    let sql = match db.database() {
        Database::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Database::Postgres => {
            "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n
             ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
             AND n.nspname = current_schema()"
        }
    };
    let rows = db.fetch_all(sql, &[]).await.unwrap();
    let mut found: Vec<String> = rows.into_iter().map(|mut row| row.take().unwrap()).collect();
    found.sort();
    let mut listed: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    listed.sort_unstable();
    assert_eq!(found, listed);
}

#[every_layout]
async fn a_second_start_applies_nothing(db: TestDb) {
    assert!(migrate::is_current(&db).await.unwrap());
    assert!(migrate::migrate(&db).await.unwrap().is_empty());
}

#[every_layout]
async fn nodes_that_start_at_once_take_turns(db: TestDb) {
    let starts = (0..8).map(|_| {
        let url = db.url().clone();
        let options = db.options().clone();
        tokio::spawn(async move {
            let db = store::Db::open(&url, &options).await.unwrap();
            migrate::migrate(&db).await.unwrap()
        })
    });
    for start in starts.collect::<Vec<_>>() {
        assert!(start.await.unwrap().is_empty());
    }
}

#[every_layout]
async fn a_newer_database_is_refused(db: TestDb) {
    let sql = "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)";
    db.execute(sql, params![9999, "9999_future", "0"]).await.unwrap();
    let error = migrate::migrate(&db).await.unwrap_err().to_string();
    assert!(error.contains("9999_future"), "{error}");
    assert!(!migrate::is_current(&db).await.unwrap());
}

#[every_layout]
async fn a_changed_migration_is_refused(db: TestDb) {
    let sql = "UPDATE schema_migrations SET checksum = 'other' WHERE version = 1";
    assert_eq!(db.execute(sql, &[]).await.unwrap(), 1);
    let error = migrate::migrate(&db).await.unwrap_err().to_string();
    assert!(error.contains("another text"), "{error}");
}

#[test]
fn every_table_is_laid_out() {
    let statements = distribute_statements();
    assert_eq!(statements.len(), TABLES.len());
    let homes = statements.iter().filter(|s| s.contains("create_distributed_table"));
    assert!(homes.clone().next().unwrap().contains("colocate_with => 'none'"));
    assert!(homes.skip(1).all(|s| !s.contains("'none'")));
}
