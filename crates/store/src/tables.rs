//! Every table and where its rows live.
//!
//! A table that grows has a *home*: the column that begins its primary key and every unique key,
//! and that each hot statement names, so that an engine with many shards asks one of them. Small
//! tables that everybody reads are copied to each shard.

/// A table of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Where its rows live.
    pub home: Home,
}

/// Where a table's rows live on an engine with many shards.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Home {
    /// On the shard of this column's value; rows of other tables with an equal value lie there
    /// too.
    Column(&'static str),
    /// On every shard.
    Reference,
}

/// All tables, in the order of their creation.
pub const TABLES: &[Table] = &[
    reference("schema_lock"),
    reference("schema_migrations"),
    reference("versions"),
    reference("clients"),
    reference("signing_keys"),
    reference("server_secrets"),
    home("users", "id"),
    home("login_names", "name"),
    home("credentials", "user_id"),
    home("consents", "user_id"),
    home("user_sessions", "user_id"),
    home("browsers", "id"),
    home("sessions", "browser_id"),
    home("flows", "id"),
    home("codes", "flow_id"),
    home("families", "id"),
    home("revoked_tokens", "jti"),
    home("assertions", "id"),
    home("links", "id"),
    home("audit_events", "id"),
    home("mails", "id"),
    home("throttles", "bucket"),
    reference("groups"),
    home("group_members", "user_id"),
    home("invitations", "user_id"),
    home("session_clients", "browser_id"),
    home("pictures", "id"),
    home("device_requests", "id"),
    home("user_codes", "mac"),
    reference("sites"),
    home("site_sessions", "browser_id"),
    home("evidence", "user_id"),
    home("device_keys", "user_id"),
    reference("app_groups"),
    home("containers", "id"),
];

/// The statements that lay the schema out on Citus, to be run once by the operator after the
/// first start: `vestibule migrate --distribute`.
pub fn distribute_statements() -> Vec<String> {
    let mut first = None;
    TABLES
        .iter()
        .map(|table| match table.home {
            Home::Reference => format!("SELECT create_reference_table('{}');", table.name),
            Home::Column(home) => {
                // All homes are of one type, so one group of shards serves them all and rows
                // with the same home value lie together whatever their table.
                let with = *first.get_or_insert("none");
                if with == "none" {
                    first = Some(table.name);
                }
                format!("SELECT create_distributed_table('{}', '{home}', colocate_with => '{with}');", table.name)
            }
        })
        .collect()
}

const fn reference(name: &'static str) -> Table {
    Table { name, home: Home::Reference }
}

const fn home(name: &'static str, column: &'static str) -> Table {
    Table { name, home: Home::Column(column) }
}
