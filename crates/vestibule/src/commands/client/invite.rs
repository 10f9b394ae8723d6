//! `client invite`, `uninvite`, `invited`: people whom an app is for, and what they are there.

use std::path::Path;

use clap::Args;
use idp::caller::Caller;
use oidc::Id;
use serde_json::{Value, json};

use crate::commands::group::advise;
use crate::commands::table::{lines, plain};
use crate::commands::user::person;
use crate::commands::{say, say_json, with_context};

/// A person and an app.
#[derive(Debug, Args)]
pub(crate) struct Invitation {
    /// The app's id.
    client_id: String,
    /// E-mail address, username or id.
    user: String,
    /// What they are there; may stand several times.
    #[arg(long)]
    role: Vec<String>,
}

/// Invites a person.
pub(crate) fn invite(invitation: &Invitation, file: Option<&Path>) -> anyhow::Result<()> {
    let Invitation { client_id, user, role } = invitation;
    let changed = with_context(file, async |context| {
        let user = person(context, user).await?.id;
        context.invite_to(client_id, user, role, &Caller::operator()).await.map_err(advise)
    })?;
    say(if changed { "invited" } else { "was invited already" })
}

/// Takes roles, or the whole invitation, away.
pub(crate) fn uninvite(invitation: &Invitation, file: Option<&Path>) -> anyhow::Result<()> {
    let Invitation { client_id, user, role } = invitation;
    let changed = with_context(file, async |context| {
        let user = person(context, user).await?.id;
        context.uninvite(client_id, user, role, &Caller::operator()).await.map_err(advise)
    })?;
    say(if changed { "taken away" } else { "was not there" })
}

/// Lists who is invited.
pub(crate) fn list(client_id: &str, json: bool, file: Option<&Path>) -> anyhow::Result<()> {
    let invited = with_context(file, async |context| {
        let mut named: Vec<(Id, String, Vec<String>)> = Vec::new();
        for (user, roles) in context.invited_to(client_id).await? {
            let person = context.user(user).await?;
            let name = person.and_then(|person| person.user.email.or(person.user.username)).unwrap_or_default();
            named.push((user, name, roles));
        }
        Ok(named)
    })?;
    if json {
        let described = invited.iter().map(|(id, email, roles)| json!({ "id": id, "email": email, "roles": roles }));
        return say_json(&described.collect::<Vec<Value>>());
    }
    let rows: Vec<_> =
        invited.iter().map(|(id, email, roles)| [id.to_string(), plain(email), roles.join(" ")]).collect();
    say(&lines(["ID", "EMAIL", "ROLES"], &rows))
}
