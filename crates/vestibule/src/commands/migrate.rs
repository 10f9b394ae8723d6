//! `migrate`: the schema, for operators who want it done apart from `serve`.

use std::path::Path;

use clap::Args;

use super::{Verdict, say, with_context};

/// What to do.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Print the statements that lay the schema out on Citus instead; run them once, after the first start.
    #[arg(long)]
    distribute: bool,
}

/// Does it.
pub(crate) fn run(migrate: &Migrate, file: Option<&Path>) -> anyhow::Result<Verdict> {
    if migrate.distribute {
        say(&idp::distribute_statements().join("\n"))?;
        return Ok(Verdict::Done);
    }
    // Opening does it.
    with_context(file, async |_| say("the schema is up to date"))?;
    Ok(Verdict::Done)
}
