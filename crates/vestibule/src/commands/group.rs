//! `group`: groups of people, for which apps may be.

use std::path::Path;

use clap::{Args, Subcommand};
use idp::Context;
use idp::caller::Caller;
use idp::groups::{GroupError, GroupShown};
use oidc::Id;
use oidc::assurance::{Level, Policy};
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
    /// Says what is asked of the members wherever they sign in to an app, beside what the app asks.
    #[command(after_help = "Example: vestibule group policy staff --level multi-factor --max-age 28800")]
    Policy {
        /// Its name.
        name: String,
        /// `multi-factor`, `phishing-resistant` or `hardware-protected`: nobody comes in with less. Left out: nothing.
        #[arg(long, value_parser = level)]
        level: Option<Level>,
        /// How old proofs may be, in seconds. Left out: any age.
        #[arg(long)]
        max_age: Option<u64>,
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
        Command::Policy { name, level, max_age } => {
            let policy = Policy { level, max_age };
            with_context(file, async |context| {
                context.set_group_policy(&name, policy, &Caller::operator()).await.map_err(advise)
            })?;
            say(&format!("{}: {}", plain(&name), words(policy)))?;
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

async fn all(context: &Context) -> anyhow::Result<Vec<GroupShown>> {
    let mut groups: Vec<GroupShown> = Vec::new();
    loop {
        let after = groups.last().map(|group| (group.created_at, group.name.as_str()));
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

fn say_groups(groups: &[GroupShown], json: bool) -> anyhow::Result<()> {
    if json {
        let described = groups.iter().map(
            |group| json!({ "name": group.name, "policy": group.policy, "created_at": group.created_at.seconds() }),
        );
        return say_json(&described.collect::<Vec<Value>>());
    }
    let row = |group: &GroupShown| [plain(&group.name), words(group.policy), group.created_at.to_string()];
    let rows: Vec<_> = groups.iter().map(row).collect();
    say(&lines(["NAME", "ASKS FOR", "ADDED"], &rows))
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

fn level(text: &str) -> Result<Level, String> {
    let known = Level::of_name(text).filter(|level| *level > Level::SingleFactor);
    known.ok_or_else(|| "write multi-factor, phishing-resistant or hardware-protected".to_owned())
}

/// What a policy asks for, in words.
fn words(policy: Policy) -> String {
    let level = policy.level.map(|level| level.as_str().to_owned());
    let age = policy.max_age.map(|seconds| format!("not older than {seconds} s"));
    match level.into_iter().chain(age).collect::<Vec<_>>() {
        asked if asked.is_empty() => "nothing".to_owned(),
        asked => asked.join(", "),
    }
}
