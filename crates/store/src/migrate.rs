//! Bringing the schema to this program's version.
//!
//! All that is missing is applied in one transaction, under a lock that any engine understands:
//! the row of `schema_lock`, updated first. Two nodes that start at once take turns, and the
//! second finds nothing left to do. What was applied is never changed and never taken back.

use crate::params;
use crate::{Db, Error, Result, Tx};

/// One step of the schema. The text is plain; PostgreSQL has one of its own only where it must.
struct Migration {
    name: &'static str,
    common: &'static str,
    postgres: Option<&'static str>,
}

macro_rules! migration {
    ($name:literal) => {
        Migration { name: $name, common: include_str!(concat!("../migrations/", $name, ".sql")), postgres: None }
    };
}

/// In the order in which they are applied; the place in this list, from 1, is the version.
const MIGRATIONS: &[Migration] = &[
    migration!("0001_house"),
    migration!("0002_audit"),
    migration!("0003_mails"),
    migration!("0004_throttles"),
    migration!("0005_groups"),
    migration!("0006_proofs"),
    migration!("0007_session_clients"),
    migration!("0008_browsers_and_consents"),
    migration!("0009_theme"),
    migration!("0010_links_by_user"),
    migration!("0011_deletion"),
    migration!("0012_pictures"),
    migration!("0013_group_policies"),
    migration!("0014_device_requests"),
    migration!("0015_sites"),
    migration!("0016_evidence"),
    migration!("0017_child_sessions"),
    migration!("0018_device_keys"),
    migration!("0019_containers"),
    migration!("0020_ended"),
    migration!("0021_attested_keys"),
    migration!("0022_unlocked_sessions"),
];

const LOCK_AND_RECORD: &str = "
    CREATE TABLE IF NOT EXISTS schema_lock (
        id BIGINT NOT NULL PRIMARY KEY,
        turns BIGINT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version BIGINT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL
    );
    INSERT INTO schema_lock (id, turns) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
";

/// Applies what is missing and answers the names of what was applied. Refuses a database that a
/// newer program has migrated, and one whose applied migrations are not this program's.
pub async fn migrate(db: &Db) -> Result<Vec<&'static str>> {
    migrate_as(db, str::to_owned).await
}

/// Whether the schema is this program's: for `/readyz`.
pub async fn is_current(db: &Db) -> Result<bool> {
    let sql = "SELECT count(*) FROM schema_migrations";
    let count: i64 = match db.fetch_optional(sql, &[]).await? {
        Some(mut row) => row.take()?,
        None => 0,
    };
    Ok(count == MIGRATIONS.len() as i64)
}

pub(crate) async fn migrate_as(db: &Db, layout: impl Fn(&str) -> String) -> Result<Vec<&'static str>> {
    prepare(db).await?;
    let mut tx = db.begin().await?;
    tx.execute("UPDATE schema_lock SET turns = turns + 1 WHERE id = 1", &[]).await?;
    let applied = check_applied(db, &mut tx).await?;
    let mut names = Vec::new();
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(applied) {
        let text = db.choose(migration.common, migration.postgres);
        tx.batch(layout(text)).await?;
        let (version, sum) = (index as i64 + 1, checksum(text));
        let sql = "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)";
        tx.execute(sql, params![version, migration.name, sum]).await?;
        names.push(migration.name);
    }
    tx.commit().await?;
    Ok(names)
}

/// Creates the lock and the record. PostgreSQL lets two nodes collide in CREATE … IF NOT EXISTS:
/// whoever loses finds the tables there the next time.
async fn prepare(db: &Db) -> Result<()> {
    let mut tries = 5;
    loop {
        let mut tx = db.begin().await?;
        let done = match tx.batch(LOCK_AND_RECORD.to_owned()).await {
            Ok(()) => tx.commit().await,
            Err(error) => Err(error),
        };
        match done {
            Err(error) if error.is_taken() && tries > 0 => tries -= 1,
            done => return done,
        }
    }
}

async fn check_applied(db: &Db, tx: &mut Tx) -> Result<usize> {
    let sql = "SELECT version, name, checksum FROM schema_migrations ORDER BY version";
    let rows = tx.fetch_all(sql, &[]).await?;
    let applied = rows.len();
    for (mut row, index) in rows.into_iter().zip(1_i64..) {
        let (version, name, sum): (i64, String, String) = (row.take()?, row.take()?, row.take()?);
        let Some(known) = usize::try_from(version - 1).ok().and_then(|at| MIGRATIONS.get(at)) else {
            return Err(Error::Migration(format!(
                "the database has migration {version} ({name}), which this program does not \
                 know; start the newer program that applied it"
            )));
        };
        let text = db.choose(known.common, known.postgres);
        if version != index || name != known.name || sum != checksum(text) {
            return Err(Error::Migration(format!(
                "migration {version} ({name}) was applied with another text than this program's \
                 {}; start the program that applied it",
                known.name
            )));
        }
    }
    Ok(applied)
}

/// FNV-1a: tells an edited file, which is all it must do.
fn checksum(text: &str) -> String {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let sum = text.bytes().fold(start, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_the_list() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.ends_with(".postgres.sql"))
            .collect();
        files.sort();
        let listed: Vec<String> = MIGRATIONS.iter().map(|m| format!("{}.sql", m.name)).collect();
        assert_eq!(files, listed);
    }

    #[test]
    fn versions_are_in_the_names() {
        for (migration, version) in MIGRATIONS.iter().zip(1..) {
            assert!(migration.name.starts_with(&format!("{version:04}_")), "{}", migration.name);
        }
    }

    #[test]
    fn only_the_four_types() {
        for text in MIGRATIONS.iter().flat_map(|m| [Some(m.common), m.postgres]).flatten() {
            let columns = text.lines().filter(|line| line.starts_with("    ") && !line.contains("PRIMARY KEY ("));
            for column in columns {
                let kind = column.split_whitespace().nth(1).unwrap_or("").trim_end_matches(',');
                assert!(["BIGINT", "BOOLEAN", "TEXT", "BYTEA"].contains(&kind), "{column}");
            }
        }
    }
}
