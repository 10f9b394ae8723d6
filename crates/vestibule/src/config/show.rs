//! `config check`, `config schema`, `config show`.

use std::io::Write;
use std::path::Path;

use clap::Subcommand;
use serde_json::{Value, json};

use super::keys::{KEYS, Key};
use super::load;
use crate::commands::Verdict;

/// What to show.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum View {
    /// Reads the configuration and says whether it will do.
    #[command(after_help = "Example: vestibule config check --config vestibule.toml")]
    Check,
    /// Every key with its environment variable, default and meaning.
    #[command(after_help = "Example: vestibule config schema")]
    Schema {
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// As the page of the manual (docs/configuration.md).
        #[arg(long, conflicts_with = "json")]
        markdown: bool,
    },
    /// The values in force and where each comes from; passwords are left out.
    #[command(after_help = "Example: vestibule config show --json")]
    Show {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Prints what was asked for.
pub(crate) fn run(view: View, file: Option<&Path>) -> anyhow::Result<Verdict> {
    let mut out = std::io::stdout().lock();
    match view {
        View::Check => {
            load(file, &[])?;
            writeln!(out, "the configuration is good")?;
        }
        View::Schema { markdown: true, .. } => write!(out, "{}", markdown())?,
        View::Schema { json: true, .. } => {
            writeln!(out, "{:#}", KEYS.iter().map(described).collect::<Value>())?;
        }
        View::Schema { json: false, .. } => {
            for key in KEYS {
                let default = key.default.map_or("unset".to_owned(), |text| spelled(key, text));
                writeln!(
                    out,
                    "{} = {default}\n    {}\n    {}\n    {}",
                    key.path,
                    key.doc,
                    key.kind.expected(),
                    key.variable()
                )?;
            }
        }
        View::Show { json } => {
            let settings = load(file, &[])?;
            let mut items = Vec::new();
            for (key, text, origin) in settings.shown() {
                if json {
                    items.push(json!({ "key": key.path, "value": text, "origin": origin.to_string() }));
                } else {
                    let text = text.map_or("unset".to_owned(), |text| spelled(key, &text));
                    writeln!(out, "{} = {text}  # {origin}", key.path)?;
                }
            }
            if json {
                writeln!(out, "{:#}", Value::Array(items))?;
            }
        }
    }
    Ok(Verdict::Done)
}

/// The page of the manual, from the table.
fn markdown() -> String {
    let mut page = PAGE.to_owned();
    for key in KEYS {
        let default = key.default.map_or("unset".to_owned(), |text| format!("`{}`", spelled(key, text)));
        page.push_str(&format!("| `{}` | {default} | {} | {} |\n", key.path, key.doc, key.kind.expected()));
    }
    page
}

fn described(key: &Key) -> Value {
    json!({
        "key": key.path,
        "variable": key.variable(),
        "default": key.default,
        "expected": key.kind.expected(),
        "secret": key.kind.is_secret(),
        "doc": key.doc,
    })
}

/// As the file spells it.
pub(super) fn spelled(key: &Key, text: &str) -> String {
    if key.kind.is_list() {
        let items: Vec<_> = super::kind::list(text).map(|item| format!("{item:?}")).collect();
        return format!("[{}]", items.join(", "));
    }
    if key.kind.is_number() { text.to_owned() } else { format!("{text:?}") }
}

const PAGE: &str = "# Configuration

`vestibule.toml` beside the program's start, or the file that `--config` or `VESTIBULE_CONFIG` names. Each key is also an
environment variable, `database.url` being `VESTIBULE_DATABASE_URL`; a variable comes before the file, an option of the
command line before both. An unknown key, a wrong type or an impossible value is refused with file, line, key and the
nearest right key. `vestibule config check` tries a file, `config show` says which values are in force and where they come
from (passwords left out), `vestibule init` writes a file with every key in it.

Relative paths: database, master key and mail lie in the data directory, everything else beside the file.

This table is `vestibule config schema --markdown`; a test holds both against each other.

| key | default | what it is for | what to write |
|---|---|---|---|
";
