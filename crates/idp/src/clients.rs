//! Registered clients: a cache over their rows, which every write anywhere makes stale.

pub mod admin;
mod ended;
mod sector;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use jose::JwkSet;
use oidc::Time;
use oidc::access;
use oidc::client::{Client, ProgramState, is_client_id};
use oidc::token::grant::Grant;
use store::{Hidden, Page};

use crate::{Context, Fault};

/// A client as it is registered.
#[derive(Debug)]
pub struct RegisteredClient {
    /// Its metadata.
    pub client: Client,
    /// Whether nobody may use it.
    pub disabled: bool,
    /// When it was registered.
    pub created_at: Time,
    /// SHA-256 of its secret's proof.
    pub(crate) secret_hash: Option<Hidden>,
    /// Its secret under the master key, where it must be known in clear.
    pub(crate) secret_sealed: Option<Hidden>,
    /// The keys of its assertions.
    pub(crate) keys: JwkSet,
}

impl RegisteredClient {
    /// Whether it was there at this time: one that was deleted and registered anew under the same id is another.
    pub(crate) fn was_there(&self, at: Time) -> bool {
        self.created_at <= at
    }

    /// Whether nobody has disabled it, and its end has not come.
    pub(crate) fn is_usable(&self, now: Time) -> bool {
        let blocked = self.client.program_state() == ProgramState::Blocked;
        !self.disabled && !blocked && !access::is_over(&self.client, now)
    }
}

/// What was read, for as long as no client was written.
#[derive(Debug, Default)]
pub(crate) struct Cache(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Counts how often everything was forgotten: what was read before that is not kept after it.
    forgotten: u64,
    clients: HashMap<String, Arc<RegisteredClient>>,
    /// The origins of all redirect URIs; `None` until somebody asks.
    origins: Option<Arc<HashSet<String>>>,
    /// The apps that answer others' requests; `None` until somebody asks.
    hosts: Option<Arc<[Arc<RegisteredClient>]>>,
}

impl Context {
    /// The client of this id, disabled or not.
    pub async fn client(&self, id: &str) -> Result<Option<Arc<RegisteredClient>>, Fault> {
        if !is_client_id(id) {
            return Ok(None);
        }
        let forgotten = match self.clients.get(id) {
            Ok(client) => return Ok(Some(client)),
            Err(forgotten) => forgotten,
        };
        let Some(row) = store::clients::find(&self.store, id).await? else {
            return Ok(None);
        };
        let client = Arc::new(read(row)?);
        self.clients.keep(id, &client, forgotten);
        Ok(Some(client))
    }

    /// The client of this id, where it may do anything ([`Context::stands`]).
    pub(crate) async fn enabled_client(&self, id: &str) -> Result<Option<Arc<RegisteredClient>>, Fault> {
        let Some(registered) = self.client(id).await? else {
            return Ok(None);
        };
        Ok(self.stands(&registered).await?.then_some(registered))
    }

    /// Whether a client may do anything: a mini program may while its host may.
    pub(crate) async fn stands(&self, registered: &RegisteredClient) -> Result<bool, Fault> {
        let now = self.now();
        let host = registered.client.shown.vestibule_host.as_deref();
        match (registered.is_usable(now), host) {
            (false, _) => Ok(false),
            (true, None) => Ok(true),
            (true, Some(host)) => {
                let host = self.client(host).await?;
                Ok(host.is_some_and(|host| host.is_usable(now) && host.client.may_host()))
            }
        }
    }

    /// Whether a client still belongs to the host that was handed this grant's code, if one was: that very host, which was
    /// there then.
    pub(crate) async fn is_with_its_host(&self, client: &Client, grant: &Grant, since: Time) -> Result<bool, Fault> {
        let Some(host) = &grant.host else { return Ok(true) };
        let same = client.shown.vestibule_host.as_ref() == Some(host);
        Ok(same && self.client(host).await?.is_some_and(|host| host.was_there(since)))
    }

    /// Whether a client that is not disabled has a redirect URI of this origin (RFC 6454 §6.2).
    pub async fn is_app_origin(&self, origin: &str) -> Result<bool, Fault> {
        let forgotten = match self.clients.origins() {
            Ok(origins) => return Ok(origins.contains(origin)),
            Err(forgotten) => forgotten,
        };
        let mut origins = HashSet::new();
        let mut after = None;
        loop {
            let page =
                Page { after: after.as_ref().map(|(time, id): &(_, String)| (*time, id.as_str())), limit: BATCH };
            let rows = store::clients::list(&self.store, page).await?;
            let Some(last) = rows.last() else { break };
            after = Some((last.created_at, last.id.clone()));
            for registered in rows.into_iter().map(read) {
                let RegisteredClient { client, disabled: false, .. } = registered? else { continue };
                origins.extend(client.redirect_uris.iter().map(|uri| uri.origin()));
            }
        }
        let found = origins.contains(origin);
        self.clients.keep_origins(origins, forgotten);
        Ok(found)
    }
}

impl Cache {
    /// The client, or how often all were forgotten, for [`Cache::keep`].
    fn get(&self, id: &str) -> Result<Arc<RegisteredClient>, u64> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.clients.get(id).cloned().ok_or(kept.forgotten)
    }

    /// Keeps a client, unless all were forgotten while it was read.
    fn keep(&self, id: &str, client: &Arc<RegisteredClient>, forgotten: u64) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.forgotten != forgotten {
            return;
        }
        if kept.clients.len() >= MOST {
            kept.clients.clear();
        }
        kept.clients.insert(id.to_owned(), Arc::clone(client));
    }

    fn origins(&self) -> Result<Arc<HashSet<String>>, u64> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.origins.clone().ok_or(kept.forgotten)
    }

    fn keep_origins(&self, origins: HashSet<String>, forgotten: u64) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.forgotten == forgotten {
            kept.origins = Some(Arc::new(origins));
        }
    }

    /// The host apps, or how often all were forgotten.
    pub(crate) fn hosts(&self) -> Result<Arc<[Arc<RegisteredClient>]>, u64> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.hosts.clone().ok_or(kept.forgotten)
    }

    /// Keeps them, unless all were forgotten while they were read.
    pub(crate) fn keep_hosts(&self, hosts: Vec<Arc<RegisteredClient>>, forgotten: u64) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.forgotten == forgotten {
            kept.hosts = Some(hosts.into());
        }
    }

    /// Forgets all: a client was written somewhere.
    pub(crate) fn forget(&self) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.forgotten += 1;
        kept.clients.clear();
        kept.origins = None;
        kept.hosts = None;
    }
}

fn read(row: store::clients::Client) -> Result<RegisteredClient, Fault> {
    let corrupt = |error: String| Fault::Corrupt(format!("client {}: {error}", row.id));
    let client: Client = serde_json::from_str(&row.metadata_json).map_err(|error| corrupt(error.to_string()))?;
    Ok(RegisteredClient {
        keys: keys_of(&client)?,
        client,
        disabled: row.disabled_at.is_some(),
        created_at: row.created_at,
        secret_hash: row.secret_hash,
        secret_sealed: row.secret_sealed,
    })
}

/// The keys in a client's own `jwks`.
fn keys_of(client: &Client) -> Result<JwkSet, Fault> {
    let Some(jwks) = &client.shown.jwks else {
        return Ok(JwkSet::default());
    };
    JwkSet::parse(jose::provider::aws_lc(), jwks.to_string().as_bytes(), &jose::Limits::DEFAULT)
        .map_err(|error| Fault::Corrupt(format!("client {}: jwks: {error}", client.id)))
}

/// More are not kept: an attacker who could register clients could fill the memory.
const MOST: usize = 10_000;
/// Clients read at once.
const BATCH: u32 = 200;
