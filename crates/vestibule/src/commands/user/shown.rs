//! How a person is printed.

use idp::people::Person;
use serde_json::{Value, json};
use web::look::date;

use crate::commands::table::{lines, plain};
use crate::commands::{say, say_json};

/// A person for programs; times are seconds since 1970.
pub(super) fn described(person: &Person) -> Value {
    json!({
        "id": person.id,
        "email": person.email,
        "email_verified": person.email_verified,
        "username": person.username,
        "name": person.name,
        "is_admin": person.is_admin,
        "disabled": person.disabled,
        "delete_at": person.delete_at.map(|time| time.seconds()),
        "created_at": person.created_at.seconds(),
        "updated_at": person.updated_at.seconds(),
    })
}

/// Prints one.
pub(super) fn say_person(person: &Person, json: bool) -> anyhow::Result<()> {
    if json {
        return say_json(&described(person));
    }
    let verified = if person.email_verified { "verified" } else { "not verified" };
    let mut text = vec![format!("id: {}", person.id)];
    text.extend(person.email.as_ref().map(|email| format!("email: {} ({verified})", plain(email))));
    text.extend(person.username.as_ref().map(|username| format!("username: {}", plain(username))));
    text.extend(person.name.as_ref().map(|name| format!("name: {}", plain(name))));
    text.push(format!("state: {}", state(person)));
    text.push(format!("added: {}", date::machine(person.created_at.seconds())));
    say(&text.join("\n"))
}

/// Prints many.
pub(super) fn say_list(people: &[Person], json: bool) -> anyhow::Result<()> {
    if json {
        return say_json(&people.iter().map(described).collect::<Vec<_>>());
    }
    let text = |text: &Option<String>| plain(text.as_deref().unwrap_or("-"));
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            [person.id.to_string(), text(&person.email), text(&person.username), state(person), text(&person.name)]
        })
        .collect();
    say(&lines(["ID", "EMAIL", "USERNAME", "STATE", "NAME"], &rows))
}

fn state(person: &Person) -> String {
    match (person.disabled, person.is_admin) {
        (true, _) => "disabled",
        (false, _) if person.delete_at.is_some() => "leaving",
        (false, true) => "administrator",
        (false, false) => "active",
    }
    .to_owned()
}
