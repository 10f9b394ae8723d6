//! Fresh databases for tests: a SQLite file, a PostgreSQL schema, and a PostgreSQL schema in
//! which every table with a home is partitioned by it. Each ends with its value.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "for tests alone")]

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::tables::{Home, TABLES};
use crate::{DatabaseUrl, Db, Options, migrate};

/// The environment variable that names the PostgreSQL for tests.
pub const POSTGRES: &str = "VESTIBULE_TEST_POSTGRES";

/// A migrated database of the test's own.
pub struct TestDb {
    db: Db,
    url: DatabaseUrl,
    options: Options,
    partitioned: bool,
    _place: Place,
}

/// What is removed at the end.
enum Place {
    Directory(PathBuf),
    Schema { url: String, name: String },
}

impl TestDb {
    /// On SQLite, in a directory of its own.
    pub async fn sqlite() -> Self {
        Self::create(Self::empty_sqlite(), false).await
    }

    /// On PostgreSQL, in a schema of its own.
    pub async fn postgres() -> Self {
        Self::create(Self::empty_postgres().await, false).await
    }

    /// On PostgreSQL, every table with a home in four partitions by hash of it: there a unique
    /// key without the home is refused, and a plan shows which shards a statement asks.
    pub async fn partitioned() -> Self {
        Self::create(Self::empty_postgres().await, true).await
    }

    /// Opens the same database once more: another node, another process.
    pub async fn another(&self) -> Db {
        Db::open(&self.url, &self.options).await.unwrap()
    }

    /// Whether this is the partitioned layout.
    pub fn is_partitioned(&self) -> bool {
        self.partitioned
    }

    /// Where the database is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Where the database is, in one text as an administrator would write it, the schema included.
    pub fn address(&self) -> String {
        match (&self.url, &self.options.schema) {
            (DatabaseUrl::Sqlite(path), _) => format!("sqlite:{}", path.display()),
            (DatabaseUrl::Postgres(url), None) => url.clone(),
            (DatabaseUrl::Postgres(url), Some(schema)) => {
                let join = if url.contains('?') { '&' } else { '?' };
                format!("{url}{join}options[search_path]={schema}")
            }
        }
    }

    /// The schema and the number of connections that [`Db::open`] needs for this database.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Numbers that any lasting change moves: how many rows each table has, and what single-use rows say of their use.
    pub async fn fingerprint(&self) -> Vec<(&'static str, i64)> {
        let mut numbers = Vec::new();
        for sql in FINGERPRINT {
            let mut row = self.fetch_optional(sql, &[]).await.unwrap().unwrap();
            numbers.push((*sql, row.take().unwrap()));
        }
        numbers
    }

    /// PostgreSQL's plan for a statement when it knows no value: what the plan asks then, it asks
    /// always.
    pub async fn explain(&self, sql: &'static str) -> Vec<String> {
        let count = (1..).take_while(|n| sql.contains(&format!("${n}"))).count();
        let mut tx = self.begin().await.unwrap();
        let prepare = format!("SET LOCAL plan_cache_mode = force_generic_plan; PREPARE hot AS {sql}");
        tx.batch(prepare).await.unwrap();
        // '0' can be read as each of the four types.
        let explain = format!("EXPLAIN EXECUTE hot ({})", vec!["'0'"; count].join(", "));
        let plan = tx.fetch_all(explain.leak(), &[]).await.unwrap();
        tx.batch("DEALLOCATE hot".to_owned()).await.unwrap();
        tx.rollback().await.unwrap();
        plan.into_iter().map(|mut row| row.take().unwrap()).collect()
    }

    /// A directory for SQLite, without a database in it.
    fn empty_sqlite() -> (DatabaseUrl, Options, Place) {
        let directory = std::env::temp_dir().join(unique("vestibule-test"));
        std::fs::create_dir_all(&directory).unwrap();
        let url = DatabaseUrl::Sqlite(directory.join("test.db"));
        (url, Options::default(), Place::Directory(directory))
    }

    async fn empty_postgres() -> (DatabaseUrl, Options, Place) {
        let Ok(url) = std::env::var(POSTGRES) else {
            panic!("{POSTGRES} names no PostgreSQL; run `cargo xtask test`, which starts one");
        };
        let name = unique("t");
        let options = Options { connections: 8, schema: Some(name.clone()) };
        administer(&url, format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")).await;
        (DatabaseUrl::Postgres(url.clone()), options, Place::Schema { url, name })
    }

    async fn create((url, options, place): (DatabaseUrl, Options, Place), partitioned: bool) -> Self {
        let db = Db::open(&url, &options).await.unwrap();
        if partitioned {
            migrate::migrate_as(&db, partition).await.unwrap();
        } else {
            migrate::migrate(&db).await.unwrap();
        }
        Self { db, url, options, partitioned, _place: place }
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Self::Directory(path) => remove(path),
            Self::Schema { url, name } => {
                // A runtime of its own: this one may be ending, and a drop cannot await.
                let (url, sql) = (url.clone(), format!("DROP SCHEMA IF EXISTS {name} CASCADE"));
                let ended = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                    runtime.unwrap().block_on(administer(&url, sql));
                });
                let _ = ended.join();
            }
        }
    }
}

/// The statements on the paths that every request takes, by name.
pub fn hot_statements() -> Vec<(&'static str, &'static str)> {
    vec![
        ("clients::find", crate::clients::FIND),
        ("users::find", crate::users::FIND),
        ("users::find_by_name", crate::users::FIND_NAME),
        ("credentials::of", crate::credentials::OF),
        ("credentials::stands", crate::credentials::STANDS),
        ("consents::find", crate::consents::FIND),
        ("groups::of_user", crate::groups::OF_USER),
        ("invitations::of", crate::invitations::OF),
        ("browsers::find_with_sessions", crate::browsers::FIND_WITH_SESSIONS),
        ("sessions::find", crate::sessions::FIND),
        ("site_sessions::find", crate::site_sessions::FIND),
        ("session_clients::of_session", crate::session_clients::OF_SESSION),
        ("flows::find", crate::flows::FIND),
        ("flows::record", crate::flows::RECORD),
        ("flows::finish", crate::flows::FINISH),
        ("codes::find", crate::codes::FIND),
        ("codes::redeem", crate::codes::CLAIM),
        ("families::find", crate::families::FIND),
        ("families::rotate", crate::families::ROTATE),
        ("families::revoke", crate::families::REVOKE),
        ("revoked::exists", crate::revoked::EXISTS),
        ("device_keys::find", crate::device_keys::FIND),
        ("device_requests::find", crate::device_requests::FIND),
        ("device_requests::find_by_user_code", crate::device_requests::FIND_CODE),
        ("device_requests::note_poll", crate::device_requests::NOTE_POLL),
        ("device_requests::redeem", crate::device_requests::CLAIM),
        ("throttles::levels", crate::throttles::LEVELS),
    ]
}

fn remove(path: &Path) {
    let _ = std::fs::remove_dir_all(path);
}

async fn administer(url: &str, sql: String) {
    let options = Options { connections: 1, schema: None };
    let db = Db::open(&DatabaseUrl::Postgres(url.to_owned()), &options).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.batch(sql).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await.unwrap();
}

fn unique(prefix: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{prefix}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Rewrites a migration so that each table with a home is partitioned by it. Relies on how the
/// migrations are written: `CREATE TABLE name (` … `);`, each alone at its line's start.
fn partition(text: &str) -> String {
    let mut out = String::new();
    let mut home = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            home = TABLES.iter().find_map(|table| match table.home {
                Home::Column(home) if rest.strip_prefix(table.name) == Some(" (") => Some((table.name, home)),
                _ => None,
            });
        }
        match (line, home) {
            (");", Some((table, column))) => {
                out.push_str(&format!(") PARTITION BY HASH ({column});\n"));
                for n in 0..4 {
                    out.push_str(&format!(
                        "CREATE TABLE {table}_p{n} PARTITION OF {table} \
                         FOR VALUES WITH (MODULUS 4, REMAINDER {n});\n"
                    ));
                }
                home = None;
            }
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

const FINGERPRINT: &[&str] = &[
    "SELECT CAST(count(*) AS BIGINT) FROM clients",
    "SELECT CAST(count(*) AS BIGINT) FROM users",
    "SELECT CAST(count(*) AS BIGINT) FROM mails",
    "SELECT CAST(count(*) AS BIGINT) FROM login_names",
    "SELECT CAST(count(*) AS BIGINT) FROM credentials",
    "SELECT CAST(count(*) AS BIGINT) FROM consents",
    "SELECT CAST(count(*) AS BIGINT) FROM browsers",
    "SELECT CAST(count(*) AS BIGINT) FROM sessions",
    "SELECT CAST(count(ended_at) AS BIGINT) FROM sessions",
    "SELECT CAST(count(*) AS BIGINT) FROM session_clients",
    "SELECT CAST(count(ended_at) AS BIGINT) FROM session_clients",
    "SELECT CAST(count(*) AS BIGINT) FROM flows",
    "SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM flows",
    "SELECT CAST(count(finished_at) AS BIGINT) FROM flows",
    "SELECT CAST(count(*) AS BIGINT) FROM codes",
    "SELECT CAST(count(used_at) AS BIGINT) FROM codes",
    "SELECT CAST(count(*) AS BIGINT) FROM families",
    "SELECT CAST(coalesce(sum(counter), 0) AS BIGINT) FROM families",
    "SELECT CAST(count(revoked_at) AS BIGINT) FROM families",
    "SELECT CAST(count(*) AS BIGINT) FROM revoked_tokens",
    "SELECT CAST(count(*) AS BIGINT) FROM assertions",
    "SELECT CAST(count(*) AS BIGINT) FROM links",
];
