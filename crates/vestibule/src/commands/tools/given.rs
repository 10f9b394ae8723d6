//! From what stands on the command line to an action's input.

use clap::ArgMatches;
use toolbox::definition::{Form, Presence, Spelling};
use toolbox::{Action, Field, Given, Input, Kind};
use zeroize::Zeroizing;

use super::options::id;

/// The input, and where the message comes from that is streamed.
pub(super) struct Taken {
    pub(super) input: Input,
    pub(super) message: Option<String>,
}

/// Takes all fields.
pub(super) fn take(action: &'static Action, matches: &ArgMatches) -> anyhow::Result<Taken> {
    let mut taken = Taken { input: Input::new(action), message: None };
    let mut standard = Vec::new();
    for field in action.fields {
        let mut given = false;
        for spelling in field.spellings() {
            for value in values(field, &spelling, matches) {
                given = true;
                let value = read_as(field, spelling.form, value);
                if matches!(&value, Given::File(path) if path == "-") {
                    standard.push(field.name);
                }
                taken.give(field, value)?;
            }
        }
        if !given && field.presence == Presence::StandardInput {
            standard.push(field.name);
            taken.give(field, Given::File("-".into()))?;
        }
    }
    if let [first, second, ..] = standard.as_slice() {
        anyhow::bail!("{first} and {second} cannot both come from standard input; give one of them otherwise");
    }
    Ok(taken)
}

impl Taken {
    fn give(&mut self, field: &Field, value: Given) -> anyhow::Result<()> {
        let streamed = self.input.action().streamed().is_some_and(|streamed| streamed.name == field.name);
        let value = match value {
            Given::File(path) if streamed => {
                self.message = Some(path);
                Given::Streamed
            }
            other => other,
        };
        Ok(self.input.give(field.name, value)?)
    }
}

fn values(field: &Field, spelling: &Spelling, matches: &ArgMatches) -> Vec<String> {
    let id = id(field, spelling);
    match spelling.form {
        Form::Flag => {
            if matches.get_flag(&id) {
                vec![String::new()]
            } else {
                Vec::new()
            }
        }
        _ => matches.get_many::<String>(&id).into_iter().flatten().cloned().collect(),
    }
}

fn read_as(field: &Field, form: Form, value: String) -> Given {
    let is_url = value.starts_with("https://") || value.starts_with("http://");
    match form {
        Form::Flag => Given::Flag,
        Form::Encoded(encoding) => Given::Encoded(encoding, Zeroizing::new(value)),
        Form::Source if is_url => Given::Url(value),
        Form::File | Form::Source => Given::File(value),
        Form::Json if value.trim_start().starts_with(['{', '[']) => Given::Text(Zeroizing::new(value)),
        Form::Json => Given::File(value),
        Form::Text if value == "-" && matches!(field.kind, Kind::Lines) => Given::File(value),
        Form::Text => Given::Text(Zeroizing::new(value)),
    }
}
