//! `vestibule.toml`: from text to checked values that know their line.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Origin};
use super::keys::{self, Key};
use super::settings::Settings;

/// Reads the values of `text` into `settings`; `path` is for messages.
pub(crate) fn read(text: &str, path: &Path, settings: &mut Settings) -> Result<(), Fault> {
    let at = |offset: usize| Origin::File(path.to_owned(), line(text, offset));
    let table = DeTable::parse(text).map_err(|error| Fault::Syntax {
        origin: at(error.span().map_or(0, |span| span.start)),
        message: error.message().replace('\n', " "),
    })?;
    let file = File { at: &at };
    for (name, value) in table.get_ref() {
        let origin = at(name.span().start);
        let name = name.get_ref().as_ref();
        match value.get_ref() {
            DeValue::Table(section) if keys::is_section(name) => file.section(name, section, settings)?,
            other if keys::is_section(name) => {
                let expected = format!("a section [{name}]");
                return Err(Fault::Type { origin, path: name.into(), found: article(other), expected });
            }
            _ => file.value(name.to_owned(), origin, value, settings)?,
        }
    }
    Ok(())
}

struct File<'a> {
    at: &'a dyn Fn(usize) -> Origin,
}

impl File<'_> {
    fn section(&self, name: &str, section: &DeTable<'_>, settings: &mut Settings) -> Result<(), Fault> {
        for (key, value) in section {
            let origin = (self.at)(key.span().start);
            self.value(format!("{name}.{}", key.get_ref()), origin, value, settings)?;
        }
        Ok(())
    }

    fn value(
        &self,
        path: String,
        origin: Origin,
        value: &Spanned<DeValue<'_>>,
        settings: &mut Settings,
    ) -> Result<(), Fault> {
        let Some(key) = keys::find(&path) else { return Err(Fault::Unknown { origin, path }) };
        let text = text_of(key, value.get_ref()).map_err(|found| Fault::Type {
            origin: (self.at)(value.span().start),
            path,
            found,
            expected: key.kind.expected(),
        })?;
        settings.set(key, text, origin)
    }
}

/// The value as the environment would spell it, or what it is instead.
fn text_of(key: &Key, value: &DeValue<'_>) -> Result<String, &'static str> {
    match value {
        DeValue::Integer(number) if key.kind.is_number() && number.radix() == 10 => Ok(number.as_str().to_owned()),
        DeValue::String(text) if !key.kind.is_list() && !key.kind.is_number() => Ok(text.clone().into_owned()),
        DeValue::Array(items) if key.kind.is_list() => {
            let texts: Option<Vec<_>> = items.iter().map(|item| item.get_ref().as_str()).collect();
            Ok(texts.ok_or("a list of something else than texts")?.join(","))
        }
        other => Err(article(other)),
    }
}

fn article(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
