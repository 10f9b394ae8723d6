//! `group`: groups of people, for which apps may be.

use std::path::Path;

use clap::{Args, Subcommand};
use idp::Context;
use idp::caller::Caller;
use idp::groups::GroupError;
use oidc::{Id, Time};
use serde_json::{Value, json};

use super::table::{lines, plain};
use super::user::person;
use super::{Verdict, say, say_json, with_context};

/// What to do with groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Adds a group, empty.
    #[command(after_help = "Example: vestibule group add staff")]
    Add {
        /// Its name: letters and digits, with `.`, `_`, `-` and `:` between them.
        name: String,
    },
    /// Lists the groups, or the members of one.
    #[command(after_help = "Example: vestibule group list staff --json")]
    List {
        /// The group whose members to list.
        name: Option<String>,
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
    /// Deletes a group: an app that is for it alone is for nobody then.
    #[command(after_help = "Example: vestibule group delete staff")]
    Delete {
        /// Its name.
        name: String,
    },
    /// Makes a person a member.
    #[command(after_help = "Example: vestibule group add-member staff ada@example.com")]
    AddMember(Member),
    /// Takes a person out: what they hold of the group's apps is worth nothing from then on.
    #[command(after_help = "Example: vestibule group remove-member staff ada@example.com")]
    RemoveMember(Member),
}

/// A person and a group.
#[derive(Debug, Args)]
pub(crate) struct Member {
    /// The group.
    name: String,
    /// E-mail address, username or id.
    user: String,
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    match command {
        Command::Add { name } => {
            with_context(file, async |context| context.add_group(&name).await.map_err(advise))?;
            say(&format!("added: {name}"))?;
        }
        Command::List { name: None, json } => say_groups(&with_context(file, all)?, json)?,
        Command::List { name: Some(name), json } => {
            say_members(&with_context(file, async |context| members(context, &name).await)?, json)?;
        }
        Command::Delete { name } => {
            with_context(file, async |context| context.delete_group(&name).await.map_err(advise))?;
            say(&format!("deleted: {}", plain(&name)))?;
        }
        Command::AddMember(Member { name, user }) => {
            let added = with_context(file, async |context| {
                let user = person(context, &user).await?.id;
                context.add_member(&name, user, &Caller::operator()).await.map_err(advise)
            })?;
            say(if added { "added" } else { "was a member already" })?;
        }
        Command::RemoveMember(Member { name, user }) => {
            let removed = with_context(file, async |context| {
                let user = person(context, &user).await?.id;
                context.remove_member(&name, user, &Caller::operator()).await.map_err(advise)
            })?;
            say(if removed { "removed" } else { "was no member" })?;
        }
    }
    Ok(Verdict::Done)
}

async fn all(context: &Context) -> anyhow::Result<Vec<(String, Time)>> {
    let mut groups: Vec<(String, Time)> = Vec::new();
    loop {
        let after = groups.last().map(|(name, at)| (*at, name.as_str()));
        let page = context.list_groups(after, PAGE).await?;
        let full = page.len() as u64 == u64::from(PAGE);
        groups.extend(page);
        if !full {
            return Ok(groups);
        }
    }
}

/// Each with what they are called.
async fn members(context: &Context, group: &str) -> anyhow::Result<Vec<(Id, String)>> {
    let mut named = Vec::new();
    for user in context.members(group).await.map_err(advise)? {
        let person = context.user(user).await?;
        let name = person.and_then(|person| person.user.email.or(person.user.username)).unwrap_or_default();
        named.push((user, name));
    }
    Ok(named)
}

fn say_groups(groups: &[(String, Time)], json: bool) -> anyhow::Result<()> {
    if json {
        let described = groups.iter().map(|(name, at)| json!({ "name": name, "created_at": at.seconds() }));
        return say_json(&described.collect::<Vec<Value>>());
    }
    let rows: Vec<_> = groups.iter().map(|(name, at)| [plain(name), at.to_string()]).collect();
    say(&lines(["NAME", "ADDED"], &rows))
}

fn say_members(members: &[(Id, String)], json: bool) -> anyhow::Result<()> {
    if json {
        let described = members.iter().map(|(id, email)| json!({ "id": id, "email": email }));
        return say_json(&described.collect::<Vec<Value>>());
    }
    let rows: Vec<_> = members.iter().map(|(id, email)| [id.to_string(), plain(email)]).collect();
    say(&lines(["ID", "EMAIL"], &rows))
}

/// What was refused, and what to do about it.
pub(super) fn advise(error: GroupError) -> anyhow::Error {
    match error {
        GroupError::NameInvalid => anyhow::anyhow!("{error}; choose another"),
        GroupError::Taken | GroupError::NoGroup(_) => anyhow::anyhow!("{error}; see `vestibule group list`"),
        GroupError::NoClient => anyhow::anyhow!("{error}; see `vestibule client list`"),
        GroupError::Fault(fault) => fault.into(),
    }
}

const PAGE: u32 = 200;
