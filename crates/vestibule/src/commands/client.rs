//! `client`: the apps that may send people here.

mod invite;
mod options;

use std::path::Path;

use clap::{Args, Subcommand};
use idp::Context;
use idp::clients::RegisteredClient;
use idp::clients::admin::{Refused, Written};
use oidc::client::ClientMetadata;
use serde_json::{Map, Value};

use self::invite::Invitation;
use self::options::Options;
use super::table::{lines, plain};
use super::{Verdict, say, say_json, with_context};

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Registers an app; prints its id and, once, its secret.
    #[command(after_help = ADD_EXAMPLE)]
    Add(Add),
    /// Lists the registered apps.
    #[command(after_help = "Example: vestibule client list --json")]
    List {
        /// As JSON, in the names of RFC 7591.
        #[arg(long)]
        json: bool,
    },
    /// Shows what is registered of one app; its secret is not kept.
    #[command(after_help = "Example: vestibule client show photos")]
    Show(One),
    /// Replaces what the options name and leaves the rest.
    #[command(after_help = UPDATE_EXAMPLE)]
    Update(Update),
    /// Deletes an app: its tokens are worth nothing from then on.
    #[command(after_help = "Example: vestibule client delete photos")]
    Delete {
        /// Its id.
        client_id: String,
    },
    /// Gives an app a new secret, prints it once, and forgets the old one.
    #[command(after_help = "Example: vestibule client rotate-secret photos")]
    RotateSecret(One),
    /// Invites a person to an app that is not for everybody, or gives them a role there.
    #[command(after_help = "Example: vestibule client invite photos ada@example.com --role customer --role supplier")]
    Invite(Invitation),
    /// Takes roles away; without one, the invitation with all of them.
    #[command(after_help = "Example: vestibule client uninvite photos ada@example.com --role supplier")]
    Uninvite(Invitation),
    /// Lists who is invited to an app, and what they are there.
    #[command(after_help = "Example: vestibule client invited photos --json")]
    Invited(One),
}

/// One client to print.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// Its id.
    client_id: String,
    /// As JSON, in the names of RFC 7591.
    #[arg(long)]
    json: bool,
}

/// A client to be.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Its name, as people will read it.
    name: String,
    /// Its id [default: drawn at random].
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    #[command(flatten)]
    options: Options,
    /// Print as JSON, in the names of RFC 7591.
    #[arg(long)]
    json: bool,
}

/// A client to change.
#[derive(Debug, Args)]
pub(crate) struct Update {
    /// Its id.
    client_id: String,
    /// Its name, as people will read it.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    options: Options,
    /// Print as JSON, in the names of RFC 7591.
    #[arg(long)]
    json: bool,
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    match command {
        Command::Add(add) => {
            let mut members = add.options.members()?;
            members.insert("client_name".to_owned(), add.name.into());
            if let Some(id) = add.client_id {
                members.insert("client_id".to_owned(), id.into());
            }
            let metadata = metadata(members)?;
            let written = with_context(file, async |context| context.add_client(metadata).await.map_err(advise))?;
            say_written(&written, add.json)?;
        }
        Command::Update(update) => {
            let mut members = update.options.members()?;
            if let Some(name) = update.name {
                members.insert("client_name".to_owned(), name.into());
            }
            // What has the wrong form is refused here, with words for whoever typed it.
            metadata(members.iter().filter(|(_, value)| !value.is_null()).map(owned).collect())?;
            let written = with_context(file, async |context| {
                context.update_client(&update.client_id, members).await.map_err(advise)
            })?;
            say_written(&written, update.json)?;
        }
        Command::RotateSecret(one) => {
            let written =
                with_context(file, async |context| context.rotate_client_secret(&one.client_id).await.map_err(advise))?;
            say_written(&written, one.json)?;
        }
        Command::Invite(invitation) => invite::invite(&invitation, file)?,
        Command::Uninvite(invitation) => invite::uninvite(&invitation, file)?,
        Command::Invited(one) => invite::list(&one.client_id, one.json, file)?,
        Command::List { json } => say_list(&with_context(file, all)?, json)?,
        Command::Show(one) => {
            let found = with_context(file, async |context| Ok(context.client(&one.client_id).await?))?;
            say_one(&*found.ok_or_else(|| advise(Refused::Missing))?, one.json)?;
        }
        Command::Delete { client_id } => {
            if !with_context(file, async |context| Ok(context.delete_client(&client_id).await?))? {
                return Err(advise(Refused::Missing));
            }
            say(&format!("deleted: {client_id}"))?;
        }
    }
    Ok(Verdict::Done)
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

fn metadata(members: Map<String, Value>) -> anyhow::Result<ClientMetadata> {
    serde_json::from_value(Value::Object(members))
        .map_err(|error| anyhow::anyhow!("a member of --metadata has the wrong form ({error}); see RFC 7591 §2"))
}

async fn all(context: &Context) -> anyhow::Result<Vec<RegisteredClient>> {
    let mut clients: Vec<RegisteredClient> = Vec::new();
    loop {
        let after = clients.last().map(|last| last.client.id.as_str());
        let page = context.list_clients(after, PAGE).await.map_err(advise)?;
        let full = page.len() as u64 == u64::from(PAGE);
        clients.extend(page);
        if !full {
            return Ok(clients);
        }
    }
}

/// What was refused, and what to do about it.
fn advise(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::Metadata(error) => anyhow::anyhow!("{error}; correct the option or --metadata"),
        Refused::Taken => anyhow::anyhow!("{refused}; choose another --client-id or use `vestibule client update`"),
        Refused::Missing => anyhow::anyhow!("{refused}; see `vestibule client list`"),
        Refused::NoUsableKey => anyhow::anyhow!("{refused}; put its public key into the jwks of --metadata"),
        Refused::NoGroup(_) => anyhow::anyhow!("{refused}; see `vestibule group list`"),
        Refused::NoHost(_) => anyhow::anyhow!("{refused}; see `vestibule client list`, and add the host app first"),
        Refused::NotHost(_) => anyhow::anyhow!(
            "{refused}; a host has the grants authorization_code and urn:ietf:params:oauth:grant-type:token-exchange and is no \
             mini program itself: `vestibule client update --grant` gives them"
        ),
        Refused::NoSecret => anyhow::anyhow!("{refused}; there is nothing to rotate"),
        Refused::Sector(_) | Refused::SectorNotFetched(_) => {
            anyhow::anyhow!("{refused}; put a JSON array of all redirect URIs there, at a public https address")
        }
        Refused::Fault(fault) => fault.into(),
    }
}

fn say_written(written: &Written, json: bool) -> anyhow::Result<()> {
    let secret = written.secret.as_ref().map(|secret| secret.as_str());
    if json {
        // RFC 7591 §3.2.1
        let mut answer = members(&written.client.clone().into())?;
        answer.insert("client_id_issued_at".to_owned(), written.created_at.seconds().into());
        if let Some(secret) = secret {
            answer.insert("client_secret".to_owned(), secret.into());
            answer.insert("client_secret_expires_at".to_owned(), 0.into());
        }
        return say_json(&answer);
    }
    say(&format!("client_id: {}", written.client.id))?;
    secret.map_or(Ok(()), |secret| say(&format!("client_secret: {secret}")))
}

fn say_list(clients: &[RegisteredClient], json: bool) -> anyhow::Result<()> {
    if json {
        let described = clients.iter().map(|client| members(&client.client.clone().into()));
        return say_json(&described.collect::<anyhow::Result<Vec<_>>>()?);
    }
    let rows = clients.iter().map(|registered| {
        let members = members(&registered.client.clone().into()).unwrap_or_default();
        let text = |name: &str| plain(members.get(name).and_then(Value::as_str).unwrap_or("-"));
        let trusted = if registered.client.trusted { "yes" } else { "no" };
        let uris = registered.client.redirect_uris.iter().map(|uri| String::from(uri.clone())).collect::<Vec<_>>();
        [text("client_id"), text("client_name"), text("vestibule_type"), trusted.to_owned(), uris.join(" ")]
    });
    say(&lines(["CLIENT_ID", "NAME", "TYPE", "TRUSTED", "REDIRECT URIS"], &rows.collect::<Vec<_>>()))
}

fn say_one(registered: &RegisteredClient, json: bool) -> anyhow::Result<()> {
    let members = members(&registered.client.clone().into())?;
    if json {
        return say_json(&members);
    }
    for (name, value) in members {
        let text = match value {
            Value::String(text) => text,
            Value::Array(items) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        };
        say(&format!("{name}: {}", plain(&text)))?;
    }
    Ok(())
}

fn members(metadata: &ClientMetadata) -> anyhow::Result<Map<String, Value>> {
    match serde_json::to_value(metadata)? {
        Value::Object(members) => Ok(members),
        _ => anyhow::bail!("client metadata are no object"),
    }
}

const PAGE: u32 = 200;
const ADD_EXAMPLE: &str =
    "Example: vestibule client add Photos --type web --redirect-uri https://photos.example.com/callback --trusted";
const UPDATE_EXAMPLE: &str =
    "Example: vestibule client update photos --redirect-uri https://photos.example.com/callback
An option replaces all earlier values of its kind; a member that is null in --metadata is taken away.";
