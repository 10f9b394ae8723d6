//! Each statement on a hot path asks one shard.

use store::test_support::{TestDb, hot_statements};
use testkit_macros::every_layout;

#[every_layout]
async fn a_hot_statement_asks_one_partition(db: TestDb) {
    if !db.is_partitioned() {
        return;
    }
    for (name, sql) in hot_statements() {
        let plan = db.explain(sql).await;
        let tables = asked(&plan);
        assert!(!tables.is_empty(), "{name} asks nothing:\n{}", plan.join("\n"));
        for table in &tables {
            let parts = tables.iter().filter(|other| home(other) == home(table)).count();
            assert_eq!(parts, 1, "{name}:\n{}", plan.join("\n"));
        }
    }
}

/// The check itself can fail: a statement that does not name the home asks all four.
#[every_layout]
async fn a_statement_without_its_home_is_found_out(db: TestDb) {
    if db.is_partitioned() {
        let plan = db.explain("SELECT id FROM families WHERE client_id = $1").await;
        assert_eq!(asked(&plan).len(), 4, "{}", plan.join("\n"));
    }
}

/// The partitions that a plan scans.
fn asked(plan: &[String]) -> Vec<String> {
    let mut tables: Vec<String> = plan
        .iter()
        .filter(|line| line.contains("Scan"))
        .filter_map(|line| line.split(" on ").nth(1)?.split_whitespace().next())
        .filter(|table| !table.contains("_pkey"))
        .map(str::to_owned)
        .collect();
    tables.sort();
    tables.dedup();
    tables
}

fn home(partition: &str) -> &str {
    partition.rsplit_once("_p").map_or(partition, |(table, _)| table)
}
