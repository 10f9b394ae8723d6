//! Every definition can be shown on every face.

use std::collections::BTreeSet;

use toolbox::definition::{Kind, Place, Presence, Secrecy, Work};
use toolbox::{Action, TOOLS, Tool};
use vestibule_toolbox as toolbox;

#[test]
fn names_are_options_and_stand_once() {
    let mut tools = BTreeSet::new();
    for tool in TOOLS {
        assert!(tools.insert(tool.name) && is_name(tool.name), "{}", tool.name);
        let mut names = BTreeSet::new();
        for action in tool.actions {
            let single = tool.actions.len() == 1;
            assert!(names.insert(action.name) && (is_name(action.name) || (single && action.name.is_empty())));
            let mut options = BTreeSet::new();
            for spelling in action.fields.iter().flat_map(|field| field.spellings()) {
                let option = spelling.option;
                assert!(is_name(&option) && options.insert(option.clone()), "{} {}: {option}", tool.name, action.name);
                assert!(!TAKEN.contains(&option.as_str()), "{} {}: {option} is taken", tool.name, action.name);
            }
        }
    }
}

#[test]
fn texts_are_there_and_end_alike() {
    for (tool, action) in actions() {
        let name = format!("{} {}", tool.name, action.name);
        assert!(action.example.starts_with(&format!("vestibule {}", name.trim())), "{name}: {}", action.example);
        let fields = action.fields.iter().flat_map(|field| [field.label, field.help]);
        for text in [tool.title, tool.summary, action.title, action.summary].into_iter().chain(fields) {
            assert!(!text.is_empty() && !text.ends_with('.'), "{name}: {text:?}");
            assert!(text.starts_with(char::is_uppercase), "{name}: {text:?}");
        }
    }
}

#[test]
fn defaults_are_among_the_choices_and_streams_are_bytes() {
    for (tool, action) in actions() {
        for field in action.fields {
            if let (Kind::Choice(choices), Presence::Default(value)) = (field.kind, field.presence) {
                assert!(choices.iter().any(|choice| choice.value == value), "{} {}", tool.name, field.name);
            }
            // An option takes one value, so one that may be repeated cannot be found by its place.
            assert!(field.place == Place::Option || !matches!(field.kind, Kind::Repeated | Kind::Flag));
        }
        if let Work::Stream { field, .. } = action.work {
            let kind = action.field(field).map(|field| field.kind);
            assert!(matches!(kind, Some(Kind::Bytes { .. })), "{} {}: {field}", tool.name, action.name);
        }
    }
}

/// What a link to a page may hold of what somebody pastes; keys and sets never do. Whoever adds a field says here that it
/// is open, or marks it.
#[test]
fn what_may_be_shared_is_no_secret() {
    let mut open = BTreeSet::new();
    for (tool, action) in actions() {
        for field in action.fields {
            let pasted = matches!(field.kind, Kind::Lines | Kind::Bytes { .. } | Kind::Json | Kind::Repeated);
            if pasted && field.secrecy == Secrecy::Open {
                open.insert(format!("{} {}", tool.name, field.name));
            }
        }
    }
    let listed = [
        "hmac header",
        "hmac message",
        "jwe header",
        "jwe token",
        "jws alg",
        "jws header",
        "jws message",
        "jws payload",
        "jws token",
        "jws understand",
        "jwt alg",
        "jwt aud",
        "jwt claims",
        "jwt header",
        "jwt token",
        "oidc parameter",
        // A file, which no link carries.
        "qr picture",
        "sd-jwt alg",
        "sd-jwt aud",
        "sd-jwt claims",
        "sd-jwt header",
        "sd-jwt hide",
        "sd-jwt show",
        "sd-jwt token",
    ];
    assert_eq!(open, BTreeSet::from(listed.map(str::to_owned)));
}

fn actions() -> impl Iterator<Item = (&'static Tool, &'static Action)> {
    TOOLS.iter().flat_map(|tool| tool.actions.iter().map(|action| (*tool, action)))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Options that every command has.
const TAKEN: &[&str] = &["json", "help", "config", "version"];
