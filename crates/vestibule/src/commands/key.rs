//! `key`: what signs, what will, and what did.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use idp::keys::admin::{JwsAlgorithm, KeyInfo, Refused};
use oidc::key_schedule::State;
use serde_json::{Value, json};
use web::look::date;
use zeroize::Zeroizing;

use super::table::lines;
use super::{Verdict, say, say_json, with_context};

/// What to do with signing keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the keys with their states and dates.
    #[command(after_help = "Example: vestibule key list --json")]
    List {
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
    /// Publishes a next key at once; it signs when caches must have it.
    #[command(after_help = "Example: vestibule key rotate --alg ES256")]
    Rotate {
        /// Of this algorithm, such as ES256 or PS256 [default: all that have keys].
        #[arg(long)]
        alg: Option<JwsAlgorithm>,
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
    /// Revokes a key: what it signed is worth nothing from then on, and the next key signs.
    #[command(after_help = "Example: vestibule key revoke u4c6nIkzN5mOzJnSJeTtuMqt5MXc3h9Q1yH0xvq2Zq8")]
    Revoke {
        /// The key's `kid`.
        // One thumbprint of 64 begins with a hyphen.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Takes in a private key as the next of its algorithm; its thumbprint becomes its `kid`.
    #[command(after_help = "Example: vestibule key import key.pem")]
    Import {
        /// PEM or JWK; - is standard input.
        file: PathBuf,
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    match command {
        Command::List { json } => {
            say_keys(&with_context(file, async |context| Ok(context.list_keys().await?))?, json)?;
        }
        Command::Rotate { alg, json } => {
            let next = with_context(file, async |context| context.rotate_keys(alg).await.map_err(advise))?;
            say_keys(&next, json)?;
        }
        Command::Revoke { kid } => {
            with_context(file, async |context| context.revoke_key(&kid).await.map_err(advise))?;
            say(&format!("revoked: {kid}"))?;
        }
        Command::Import { file: key, json } => {
            let text = text(&key)?;
            let entered = with_context(file, async |context| context.import_key(&text).await.map_err(advise))?;
            say_keys(&[entered], json)?;
        }
    }
    Ok(Verdict::Done)
}

/// What was refused, and what to do about it.
fn advise(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::Unknown(_) => anyhow::anyhow!("{refused}; see `vestibule key list`"),
        Refused::Symmetric(_) => anyhow::anyhow!("{refused}; take ES256, RS256, PS256 or EdDSA"),
        Refused::Unreadable(_) => anyhow::anyhow!("{refused}; give one private key as PEM or JWK, not encrypted"),
        Refused::AlreadyHere(_) => anyhow::anyhow!("{refused}; there is nothing to import"),
        Refused::Fault(_) => refused.into(),
    }
}

/// The text of a key file; wiped when dropped.
fn text(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(MOST));
    let read = match file == Path::new("-") {
        true => std::io::stdin().lock().take(MOST as u64).read_to_string(&mut text),
        false => {
            let opened = std::fs::File::open(file)
                .with_context(|| format!("cannot read {}; give the file of a private key", file.display()))?;
            opened.take(MOST as u64).read_to_string(&mut text)
        }
    };
    match read {
        Ok(length) if length < MOST => Ok(text),
        Ok(_) => bail!("{} is too long for a key; give the file of one private key", file.display()),
        Err(_) => bail!("{} is no text; give a private key as PEM or JWK", file.display()),
    }
}

fn say_keys(keys: &[KeyInfo], json: bool) -> anyhow::Result<()> {
    if json {
        return say_json(&keys.iter().map(described).collect::<Vec<_>>());
    }
    let time = |time: Option<oidc::Time>| time.map_or_else(|| "-".to_owned(), |time| date::machine(time.seconds()));
    let rows: Vec<_> = keys
        .iter()
        .map(|key| {
            let state = if key.revoked_at.is_some() { "revoked" } else { state(key.state) };
            let signs = [time(Some(key.activates_at)), time(key.retires_at)];
            let [from, until] = signs;
            let gone = time(key.revoked_at.or(key.removes_at));
            [key.kid.clone(), key.alg.to_string(), state.to_owned(), from, until, gone]
        })
        .collect();
    say(&lines(["KID", "ALG", "STATE", "SIGNS FROM", "UNTIL", "PUBLISHED UNTIL"], &rows))
}

fn described(key: &KeyInfo) -> Value {
    let seconds = |time: Option<oidc::Time>| time.map(oidc::Time::seconds);
    json!({
        "kid": key.kid,
        "alg": key.alg,
        "state": state(key.state),
        "created_at": key.created_at.seconds(),
        "activates_at": key.activates_at.seconds(),
        "retires_at": seconds(key.retires_at),
        "removes_at": seconds(key.removes_at),
        "revoked_at": seconds(key.revoked_at),
    })
}

fn state(state: State) -> &'static str {
    match state {
        State::Next => "next",
        State::Active => "active",
        State::Retiring => "retiring",
        State::Removed => "removed",
    }
}

/// Twice what the longest key takes, so that one that is too long is seen as such.
const MOST: usize = 64 * 1024;
