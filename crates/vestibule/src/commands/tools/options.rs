//! From a tool's definition to its command.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgGroup, Command};
use toolbox::definition::{Count, Form, Place, Presence, Secrecy, Spelling};
use toolbox::encoding::Encoding;
use toolbox::{Action, Field, Kind, Tool};

/// The option that every tool has.
pub(super) const JSON: &str = "json";

/// The command of a tool, with one below it for each action.
pub(super) fn of_tool(tool: &Tool) -> Command {
    if let [only] = tool.actions
        && only.name.is_empty()
    {
        return of_action(tool.name, only);
    }
    let example = tool.actions.first().map(|action| action.example).unwrap_or_default();
    Command::new(tool.name)
        .about(format!("{}.", tool.summary))
        .after_help(format!("Example: {example}"))
        .subcommand_required(true)
        .subcommands(tool.actions.iter().map(|action| of_action(action.name, action)))
}

/// What marks the arguments of a field, from which [`super::given`] reads them.
pub(super) fn id(field: &Field, spelling: &Spelling) -> String {
    if field.place == Place::Argument { field.name.to_owned() } else { spelling.option.clone() }
}

fn of_action(name: &'static str, action: &Action) -> Command {
    let mut command = Command::new(name)
        .about(format!("{}.", action.summary))
        .after_help(format!("Example: {}", action.example))
        .arg(Arg::new(JSON).long(JSON).action(ArgAction::SetTrue).help("As JSON."));
    for field in action.fields {
        let spellings = field.spellings();
        let ids: Vec<String> = spellings.iter().map(|spelling| id(field, spelling)).collect();
        for spelling in &spellings {
            command = command.arg(argument(field, spelling));
        }
        if ids.len() > 1 {
            let group = ArgGroup::new(format!("{} given", field.name)).args(ids).multiple(false);
            command = command.group(group.required(field.presence == Presence::Required));
        }
    }
    command
}

fn argument(field: &Field, spelling: &Spelling) -> Arg {
    let alone = field.spellings().len() == 1;
    let arg = Arg::new(id(field, spelling)).help(help(field, spelling));
    let arg = match (field.place, spelling.form) {
        (Place::Argument, _) => arg.value_name(value_name(field, spelling)),
        (Place::Option, Form::Flag) => return arg.long(spelling.option.clone()).action(ArgAction::SetTrue),
        (Place::Option, _) => arg.long(spelling.option.clone()).value_name(value_name(field, spelling)),
    };
    let arg = if field.count == Count::Often { arg.action(ArgAction::Append) } else { arg };
    let arg = match field.kind {
        Kind::Choice(choices) => arg.value_parser(PossibleValuesParser::new(choices.iter().map(|choice| choice.value))),
        _ => arg,
    };
    // A value may begin with a hyphen: base64url does, and - is standard input.
    arg.allow_hyphen_values(true).required(alone && field.presence == Presence::Required)
}

fn help(field: &Field, spelling: &Spelling) -> String {
    let label = field.label.to_lowercase();
    let mut text = match spelling.form {
        Form::Encoded(encoding) => format!("The {label} in {}", encoding.as_str()),
        Form::File if matches!(field.kind, Kind::Bytes { .. }) => {
            format!("A file that holds the {label}; - is standard input")
        }
        _ => field.help.to_owned(),
    };
    match (field.kind, spelling.form) {
        (Kind::Key, _) => text.push_str("; a file, and - is standard input"),
        (Kind::Source, _) => text.push_str("; a URL or a file, and - is standard input"),
        (Kind::Json, _) => text.push_str("; JSON or a file, and - is standard input"),
        (Kind::Lines, _) => text.push_str("; - is standard input"),
        (Kind::Bytes { file }, Form::Text) if field.secrecy == Secrecy::Secret => {
            text.push_str(&format!("; others see it in the list of processes, unlike with --{file}"));
        }
        _ => {}
    }
    if field.count == Count::Often {
        text.push_str("; may be given again");
    }
    match field.presence {
        Presence::Default(value) => text.push_str(&format!(" [default: {value}]")),
        Presence::StandardInput if spelling.form == Form::Text => text.push_str(" [default: standard input]"),
        _ => {}
    }
    text + "."
}

fn value_name(field: &Field, spelling: &Spelling) -> String {
    match (field.kind, spelling.form) {
        (_, Form::Encoded(Encoding::Hex)) => "HEX".into(),
        (_, Form::Encoded(_)) => "BASE64".into(),
        (_, Form::File) => "FILE".into(),
        (_, Form::Source) => "URL-or-FILE".into(),
        (_, Form::Json) => "JSON-or-FILE".into(),
        (Kind::Number(..), _) => "N".into(),
        (Kind::Duration, _) => "SPAN".into(),
        (Kind::Time, _) => "TIME".into(),
        (Kind::Bytes { .. }, _) => "TEXT".into(),
        _ => field.name.to_uppercase(),
    }
}
