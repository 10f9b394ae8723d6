//! The definitions as JSON, from which pages build their forms.

use jose::json::Value;
use serde_json::json;

use crate::definition::{Action, Choice, Count, Field, Form, Kind, Place, Presence, Prints, Secrecy, Standing, Tool};
use crate::registry::TOOLS;

/// All tools: `[{"name", "title", "summary", "actions": [{"name", "title", "summary", "example", "prints", "stream",
/// "fields": [{"name", "label", "help", "kind", …}]}]}]`.
pub fn tools() -> Value {
    TOOLS.iter().map(|tool| of_tool(tool)).collect()
}

/// One tool.
pub fn of_tool(tool: &Tool) -> Value {
    let actions: Value = tool.actions.iter().map(of_action).collect();
    json!({"name": tool.name, "title": tool.title, "summary": tool.summary, "actions": actions})
}

fn of_action(action: &Action) -> Value {
    json!({
        "name": action.name,
        "title": action.title,
        "summary": action.summary,
        "example": action.example,
        "prints": match action.prints {
            Prints::Value => "value",
            Prints::Bytes => "bytes",
            Prints::Report => "report",
        },
        "stream": action.streamed().map(|field| field.name),
        "fields": action.fields.iter().map(of_field).collect::<Value>(),
    })
}

fn of_field(field: &Field) -> Value {
    let mut members = json!({
        "name": field.name,
        "label": field.label,
        "help": field.help,
        "kind": kind(field.kind),
        "required": matches!(field.presence, Presence::Required | Presence::StandardInput),
        "secret": field.secrecy == Secrecy::Secret,
        "repeated": field.count == Count::Often,
        "place": match field.place { Place::Option => "option", Place::Argument => "argument" },
    });
    let mut put = |name: &str, value: Value| {
        if let Value::Object(members) = &mut members {
            members.insert(name.to_owned(), value);
        }
    };
    if let Presence::Default(value) = field.presence {
        put("default", value.into());
    }
    if !field.example.is_empty() {
        put("example", field.example.into());
    }
    match field.kind {
        Kind::Choice(choices) => put("choices", choices.iter().map(of_choice).collect()),
        Kind::Number(least, most) => {
            put("min", least.into());
            put("max", most.into());
        }
        Kind::Bytes { .. } => put("encodings", ENCODINGS.into_iter().collect()),
        _ => {}
    }
    let options =
        field.spellings().into_iter().map(|spelling| json!({"option": spelling.option, "form": form(spelling.form)}));
    put("options", options.collect());
    members
}

fn of_choice(choice: &Choice) -> Value {
    json!({"value": choice.value, "label": choice.label, "legacy": choice.standing == Standing::Legacy})
}

/// The name of a kind.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Lines => "lines",
        Kind::Address => "address",
        Kind::Repeated => "repeated",
        Kind::Bytes { .. } => "bytes",
        Kind::Key => "key",
        Kind::Source => "source",
        Kind::Json => "json",
        Kind::Choice(_) => "choice",
        Kind::Flag => "flag",
        Kind::Number(..) => "number",
        Kind::Duration => "duration",
        Kind::Time => "time",
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Text => "text",
        Form::Encoded(encoding) => encoding.as_str(),
        Form::File => "file",
        Form::Source => "source",
        Form::Json => "json",
        Form::Flag => "flag",
    }
}

/// How bytes may be given in JSON: `{"hex": "…"}`, and a plain string is text.
const ENCODINGS: [&str; 4] = ["text", "hex", "base64", "base64url"];
