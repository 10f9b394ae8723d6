//! `audit`: what happened, to whom, when and from where.

use std::path::Path;

use clap::Subcommand;
use idp::Context;
use idp::audit::Entry;
use serde_json::{Value, json};
use web::look::date;

use super::table::{lines, plain};
use super::user::person;
use super::{Verdict, say, say_json, with_context};

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the newest events about a person, or all there are in the order of time.
    #[command(after_help = "Example: vestibule audit list ada@example.com --json")]
    List {
        /// E-mail address, username or id [default: everybody].
        user: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    let Command::List { user, limit, json } = command;
    with_context(file, async |context| {
        let entries = entries(context, user.as_deref(), limit).await?;
        if json {
            return say_json(&entries.iter().map(described).collect::<Vec<_>>());
        }
        let rows: Vec<_> = entries.iter().map(row).collect();
        say(&lines(["WHEN", "WHAT", "WHOM", "FROM", "MORE"], &rows))
    })?;
    Ok(Verdict::Done)
}

async fn entries(context: &Context, user: Option<&str>, limit: u32) -> anyhow::Result<Vec<Entry>> {
    Ok(match user {
        Some(user) => context.audit_of(person(context, user).await?.id, limit).await?,
        None => context.audit_list(None, limit).await?,
    })
}

fn row(entry: &Entry) -> [String; 5] {
    let whom = entry.user.map(|user| user.to_string()).unwrap_or_default();
    let more = plain(&entry.detail.to_string());
    [date::machine(entry.at.seconds()), entry.kind.clone(), whom, entry.address.clone().unwrap_or_default(), more]
}

fn described(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "at": entry.at.seconds(),
        "kind": entry.kind,
        "user_id": entry.user,
        "client_id": entry.client,
        "session_id": entry.session,
        "address": entry.address,
        "detail": entry.detail,
    })
}
