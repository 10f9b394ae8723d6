//! Registering clients and changing them.

use oidc::client::sector::SectorError;
use oidc::client::{AuthMethod, Client, ClientMetadata, MetadataError};
use oidc::secret::{Secret, SecretKind};
use oidc::{Id, Time};
use serde_json::{Map, Value};
use store::Page;
use zeroize::Zeroizing;

use super::{RegisteredClient, read};
use crate::keys::TokenType;
use crate::{Context, Fault};

/// A client that was just written, and its new secret: shown once, stored as a hash.
pub struct Written {
    /// The client.
    pub client: Client,
    /// Its secret, where it got a new one.
    pub secret: Option<Zeroizing<String>>,
    /// When it was first registered.
    pub created_at: Time,
}

/// Without the secret.
impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written").field("client", &self.client.id).finish_non_exhaustive()
    }
}

/// Why a client was not written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The metadata do not hold together.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Two clients cannot share an id.
    #[error("there is a client with this client_id already")]
    Taken,
    /// There is no such client.
    #[error("there is no client with this client_id")]
    Missing,
    /// Its sector identifier does not vouch for it.
    #[error(transparent)]
    Sector(#[from] SectorError),
    /// Its sector identifier could not be asked.
    #[error("sector_identifier_uri cannot be fetched: {0}")]
    SectorNotFetched(String),
    /// The keys verify nothing.
    #[error("jwks holds no public key that verifies signatures")]
    NoUsableKey,
    /// It is for a group that is not there.
    #[error("there is no group called {0}")]
    NoGroup(String),
    /// Its host is not there.
    #[error("vestibule_host names {0}, and there is no such client")]
    NoHost(String),
    /// What it names as its host is none.
    #[error("vestibule_host names {0}, which is no host app")]
    NotHost(String),
    /// It has no secret to replace.
    #[error("this client authenticates without a secret")]
    NoSecret,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Context {
    /// Registers a client; an absent `client_id` is drawn.
    pub async fn add_client(&self, mut metadata: ClientMetadata) -> Result<Written, Refused> {
        metadata.client_id.get_or_insert_with(|| self.randomness.new_id().to_string());
        let client = self.checked(metadata, None).await?;
        let now = self.now();
        let secret = uses_secret(&client).then(|| self.randomness.new_secret(SecretKind::ClientSecret));
        let row = store::clients::Client {
            id: client.id.clone(),
            metadata_json: json(&client)?,
            secret_hash: secret.as_ref().map(|secret| secret.hash().into()),
            secret_sealed: secret.as_ref().and_then(|secret| self.sealed(&client, secret)).map(store::Hidden),
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        if !store::clients::insert(&self.store, &row).await.map_err(Fault::from)? {
            return Err(Refused::Taken);
        }
        self.clients.forget();
        Ok(Written { client, secret: secret.map(|secret| secret.to_text()), created_at: now })
    }

    /// Replaces members of a client's metadata (RFC 7396: a member that is null is taken away).
    pub async fn update_client(&self, id: &str, changes: Map<String, Value>) -> Result<Written, Refused> {
        let row = self.client_row(id).await?;
        let mut members: Map<String, Value> =
            serde_json::from_str(&row.metadata_json).map_err(|error| Fault::corrupt("client", error))?;
        for (name, value) in changes {
            match value {
                Value::Null => drop(members.remove(&name)),
                value => drop(members.insert(name, value)),
            }
        }
        members.insert("client_id".to_owned(), id.into());
        let metadata =
            serde_json::from_value(Value::Object(members)).map_err(|error| Fault::corrupt("metadata", error))?;
        let before = read(row.clone())?.client;
        let client = self.checked(metadata, Some(&before)).await?;
        // A method that needs a secret in another form needs another secret.
        let fits = match uses_secret(&client) {
            true => row.secret_hash.is_some() && (row.secret_sealed.is_some() || !in_clear(&client)),
            false => true,
        };
        store::clients::update(&self.store, id, &json(&client)?, self.now()).await.map_err(Fault::from)?;
        self.clients.forget();
        let secret = match fits {
            true => None,
            false => Some(self.replace_secret(&client).await?),
        };
        Ok(Written { client, secret, created_at: row.created_at })
    }

    /// Gives a client a new secret; the old one is worth nothing from now on.
    pub async fn rotate_client_secret(&self, id: &str) -> Result<Written, Refused> {
        let row = self.client_row(id).await?;
        let created_at = row.created_at;
        let client = read(row)?.client;
        if !uses_secret(&client) {
            return Err(Refused::NoSecret);
        }
        let secret = Some(self.replace_secret(&client).await?);
        Ok(Written { client, secret, created_at })
    }

    /// Registered clients, the oldest first: those after an id, and how many at most.
    pub async fn list_clients(&self, after: Option<&str>, limit: u32) -> Result<Vec<RegisteredClient>, Refused> {
        let after = match after {
            Some(id) => Some((self.client_row(id).await?.created_at, id)),
            None => None,
        };
        let rows = store::clients::list(&self.store, Page { after, limit }).await.map_err(Fault::from)?;
        Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Deletes a client; `false` where there is none. Its tokens are worth nothing then, since no introspection
    /// and no refresh finds it.
    pub async fn delete_client(&self, id: &str) -> Result<bool, Fault> {
        let deleted = store::clients::delete(&self.store, id).await?;
        // Whoever gets its id next has invited nobody.
        store::invitations::delete_of_client(&self.store, id).await?;
        self.clients.forget();
        Ok(deleted)
    }

    async fn client_row(&self, id: &str) -> Result<store::clients::Client, Refused> {
        store::clients::find(&self.store, id).await.map_err(Fault::from)?.ok_or(Refused::Missing)
    }

    /// What the metadata alone cannot show: keys that verify, and keys of ours that sign for it.
    async fn checked(&self, metadata: ClientMetadata, before: Option<&Client>) -> Result<Client, Refused> {
        let client = metadata.validate()?;
        // What lies at a jwks_uri may come later than the client: it is fetched when an assertion comes.
        let inline = client.auth_method == AuthMethod::PrivateKeyJwt && client.shown.jwks_uri.is_none();
        if inline && super::keys_of(&client)?.keys().is_empty() {
            return Err(Refused::NoUsableKey);
        }
        if let Some(missing) = self.missing_group(&client.groups).await? {
            return Err(Refused::NoGroup(missing));
        }
        let host = client.shown.vestibule_host.as_deref();
        // A program whose host has gone can still be changed: blocked, or moved.
        if let Some(host) = host.filter(|_| host != before.and_then(|before| before.shown.vestibule_host.as_deref())) {
            self.check_host(&client.id, host).await?;
        }
        if let (Some(_), Some(uri)) = (&client.sector, &client.shown.sector_identifier_uri) {
            self.check_sector(uri, &client.redirect_uris).await?;
        }
        for alg in [Some(client.id_token_alg), client.userinfo_alg].into_iter().flatten() {
            self.signer(alg, TokenType::Jwt).await?;
        }
        Ok(client)
    }

    /// Refuses a host to which no mini program can belong.
    async fn check_host(&self, program: &str, host: &str) -> Result<(), Refused> {
        match self.client(host).await? {
            None => Err(Refused::NoHost(host.to_owned())),
            Some(registered) if host == program || !registered.client.may_host() => {
                Err(Refused::NotHost(host.to_owned()))
            }
            Some(_) => Ok(()),
        }
    }

    async fn replace_secret(&self, client: &Client) -> Result<Zeroizing<String>, Fault> {
        let secret = self.randomness.new_secret(SecretKind::ClientSecret);
        let sealed = self.sealed(client, &secret);
        store::clients::set_secret(&self.store, &client.id, Some(&secret.hash()), sealed.as_deref(), self.now())
            .await?;
        self.clients.forget();
        Ok(secret.to_text())
    }

    /// DESIGN §1.9: a secret that must be known in clear is encrypted; any other is stored as its hash alone.
    fn sealed(&self, client: &Client, secret: &Secret) -> Option<Vec<u8>> {
        in_clear(client)
            .then(|| self.sealer.seal(&*self.randomness, SECRET, row_of(&client.id), secret.to_text().as_bytes()))
    }

    /// The secret of a client whose assertions it verifies.
    pub(crate) fn client_secret(&self, registered: &RegisteredClient) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let Some(sealed) = &registered.secret_sealed else {
            return Ok(None);
        };
        Ok(Some(self.sealer.open(SECRET, row_of(&registered.client.id), sealed)?))
    }
}

fn json(client: &Client) -> Result<String, Fault> {
    serde_json::to_string(client).map_err(|error| Fault::corrupt("client", error))
}

/// OpenID Connect Core §9, RFC 6749 §2.3.1.
fn uses_secret(client: &Client) -> bool {
    !matches!(client.auth_method, AuthMethod::None | AuthMethod::PrivateKeyJwt)
}

fn in_clear(client: &Client) -> bool {
    client.auth_method == AuthMethod::ClientSecretJwt
}

/// The id under which a client's secret is sealed: its `client_id` is free text.
fn row_of(client_id: &str) -> Id {
    let [bytes @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = jose::sha256(client_id.as_bytes());
    Id::from_bytes(bytes)
}

const SECRET: &str = "client-secret";
