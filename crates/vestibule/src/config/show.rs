//! `config check`, `config schema`, `config show`.

use std::io::Write;
use std::path::Path;

use clap::Subcommand;
use serde_json::{Value, json};

use super::keys::{KEYS, Key};
use super::load;
use crate::commands::{Verdict, say_bytes};

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
        /// As the table of the book (docs/book/configuration.md).
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
    let mut out = Vec::new();
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
    say_bytes(&[&out])?;
    Ok(Verdict::Done)
}

/// The table of the book.
fn markdown() -> String {
    let mut table = HEAD.to_owned();
    for key in KEYS {
        let default = key.default.map_or("unset".to_owned(), |text| format!("`{}`", spelled(key, text)));
        table.push_str(&format!("| `{}` | {default} | {} | {} |\n", key.path, key.doc, key.kind.expected()));
    }
    table
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

const HEAD: &str = "| key | default | what it is for | what to write |
|---|---|---|---|
";
