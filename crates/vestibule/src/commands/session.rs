//! `session`: who is signed in where.

use std::path::Path;

use anyhow::bail;
use clap::{Args, Subcommand};
use idp::Context;
use idp::people::{Person, RunningSession};
use oidc::Id;
use serde_json::{Value, json};
use web::look::date;

use super::table::{lines, plain};
use super::user::{all, person};
use super::{Verdict, say, say_json, with_context};

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the sessions of one person, or of everybody.
    #[command(after_help = "Example: vestibule session list ada@example.com")]
    List {
        /// E-mail address, username or id [default: everybody].
        user: Option<String>,
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
    /// Ends one session, or all of a person, with the tokens that hang on them.
    #[command(after_help = "Example: vestibule session revoke --user ada@example.com")]
    Revoke(Revoke),
}

/// What to end.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The session's id.
    #[arg(required_unless_present = "user")]
    session: Option<Id>,
    /// Whose: e-mail address, username or id; alone it ends all of theirs.
    #[arg(long)]
    user: Option<String>,
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    with_context(file, async |context| match command {
        Command::List { user, json } => {
            let people = people(context, user.as_deref()).await?;
            say_list(&running(context, people).await?, json)
        }
        Command::Revoke(Revoke { session: None, user }) => {
            let mut ended = 0;
            for person in people(context, user.as_deref()).await? {
                ended += context.revoke_sessions_of(person.id).await?;
            }
            say(&format!("revoked: {ended}"))
        }
        Command::Revoke(Revoke { session: Some(session), user }) => {
            for person in people(context, user.as_deref()).await? {
                if context.revoke_session(person.id, session).await? {
                    return say(&format!("revoked: {session}"));
                }
            }
            bail!("there is no running session {session}; see `vestibule session list`")
        }
    })?;
    Ok(Verdict::Done)
}

/// The one who is named, or everybody.
async fn people(context: &Context, user: Option<&str>) -> anyhow::Result<Vec<Person>> {
    match user {
        Some(user) => Ok(vec![person(context, user).await?]),
        None => all(context).await,
    }
}

async fn running(context: &Context, people: Vec<Person>) -> anyhow::Result<Vec<(Person, RunningSession)>> {
    let mut sessions = Vec::new();
    for person in people {
        let of_person = context.list_sessions(person.id).await?;
        sessions.extend(of_person.into_iter().map(|session| (person.clone(), session)));
    }
    Ok(sessions)
}

fn say_list(sessions: &[(Person, RunningSession)], json: bool) -> anyhow::Result<()> {
    if json {
        return say_json(&sessions.iter().map(described).collect::<Vec<_>>());
    }
    let time = |time: oidc::Time| date::machine(time.seconds());
    let rows: Vec<_> = sessions
        .iter()
        .map(|(person, session)| {
            let who = person.email.clone().unwrap_or_else(|| person.id.to_string());
            let (seen, until) = (time(session.last_seen_at), time(session.expires_at));
            [session.id.to_string(), plain(&who), session.amr().join(" "), time(session.authenticated_at), seen, until]
        })
        .collect();
    say(&lines(["SESSION", "WHO", "HOW", "SIGNED IN", "LAST SEEN", "UNTIL"], &rows))
}

fn described((person, session): &(Person, RunningSession)) -> Value {
    json!({
        "id": session.id,
        "user_id": person.id,
        "email": person.email,
        "browser_id": session.browser_id,
        "amr": session.amr(),
        "created_at": session.created_at.seconds(),
        "authenticated_at": session.authenticated_at.seconds(),
        "last_seen_at": session.last_seen_at.seconds(),
        "expires_at": session.expires_at.seconds(),
    })
}
