//! The definitions as a page of the book.

use crate::definition::{Action, Count, Field, Form, Kind, Place, Presence, Standing, Tool};
use crate::registry::TOOLS;

/// The whole page, in Markdown.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for tool in TOOLS {
        page.push_str(&format!("\n## {}\n\n{}.\n", tool.name, tool.summary));
        for action in tool.actions {
            page.push_str(&section(tool, action));
        }
    }
    page
}

fn section(tool: &Tool, action: &Action) -> String {
    let name = format!("{} {}", tool.name, action.name);
    let mut text = String::new();
    if !action.name.is_empty() {
        text.push_str(&format!("\n### {name}\n\n{}.\n", action.summary));
    }
    text.push_str(&format!("\n```console\n{}\n```\n\n| option | what it is |\n|---|---|\n", action.example));
    for field in action.fields {
        text.push_str(&format!("| {} | {} |\n", options(field), what(field)));
    }
    text
}

fn options(field: &Field) -> String {
    if field.place == Place::Argument {
        return format!("`{}`", field.name.to_uppercase());
    }
    let options = field.spellings().into_iter().map(|spelling| match spelling.form {
        Form::Flag => format!("`--{}`", spelling.option),
        Form::File => format!("`--{} FILE`", spelling.option),
        _ => format!("`--{} …`", spelling.option),
    });
    options.collect::<Vec<_>>().join(", ")
}

fn what(field: &Field) -> String {
    let mut text = field.help.replace('|', "\\|");
    if let Kind::Choice(choices) = field.kind {
        let named = choices.iter().map(|choice| match choice.standing {
            Standing::Current => format!("`{}`", choice.value),
            Standing::Legacy => format!("`{}` (legacy)", choice.value),
        });
        text.push_str(&format!(": {}", named.collect::<Vec<_>>().join(", ")));
    }
    match field.kind {
        Kind::Source => text.push_str("; a URL or a file"),
        Kind::Json => text.push_str("; JSON or a file"),
        Kind::Key if field.place == Place::Option => text.push_str("; a file"),
        _ => {}
    }
    if field.count == Count::Often {
        text.push_str("; may be given again");
    }
    match field.presence {
        Presence::Optional => {}
        Presence::Required => text.push_str(". Must be given"),
        Presence::StandardInput => text.push_str(". Left out, it is standard input"),
        Presence::Default(value) => text.push_str(&format!(". Left out, it is `{value}`")),
    }
    text
}

const INTRODUCTION: &str = "\
# The tools, one by one

Every tool and what it takes. They need no configuration, no database and, unless a URL is given, no network. Each also
takes `--json` and `--help`. `-` is standard input wherever a file or a token stands. The status is 0 for «done» and «yes»,
1 for «no», 2 for what cannot be used. The same tools stand at `/tools` as pages that compute in the browser.

A message of any length is taken piece by piece where its algorithm allows that: for HMAC, and for detached signatures (`jws`
with `--detached`, `--payload-file`) by HMAC, RSA and ECDSA. Ed25519 and ML-DSA sign a message whole, what was encrypted may not
be given out before its tag was checked, and all else is small: that is held in memory, up to 64 MiB.

This page is made from the definitions in `crates/toolbox`; a test holds it to them.
";
