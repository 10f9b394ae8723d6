//! Keys that apps keep in people's devices: registered in a fresh session by whoever holds them, and taken away by their person.

use jose::base64url;
use oidc::client::Client;
use oidc::device_key::{DeviceKey, Expected, Proof};
use oidc::{ErrorCode, Id, OAuthError, Time, scope};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::{Access, text};
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::clients::RegisteredClient;
use crate::device_attestation::{About, Sent};
use crate::possession::Presented;
use crate::{Context, Fault};

/// A key as its person is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptKey {
    /// Its id.
    pub id: Id,
    /// The app that keeps it.
    pub app: String,
    /// What the app calls the device.
    pub name: String,
    /// When it was registered.
    pub created_at: Time,
    /// When it last proved something.
    pub used_at: Option<Time>,
    /// Whether its device's maker vouches for it.
    pub attested: bool,
    /// Whether its person must unlock it for each use, as that maker says.
    pub unlocked: bool,
}

/// What an app sends to register a key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registration {
    jwk: Value,
    #[serde(default)]
    name: String,
    proof: String,
    #[serde(default)]
    attestation: Option<Sent>,
}

/// A key of a person's, and what is sure of it.
pub(crate) struct Held {
    pub(crate) key: DeviceKey,
    /// Whether its person had to unlock it for what it proves.
    pub(crate) unlocked: bool,
}

impl Context {
    /// Registers a key for the person and the app of an access token. The sign-in that the token rests on is fresh, and the
    /// proof is by the key itself, with a nonce of ours (`DPoP-Nonce`) and this very token.
    pub async fn register_device_key(
        &self,
        presented: &Presented<'_>,
        body: &[u8],
        caller: &Caller,
    ) -> Result<Value, OAuthError> {
        let access = self.accept(presented, scope::OPENID).await?;
        let (user, client) = owner(&access)?;
        let registered = self.client(&client).await?;
        let answers = |client: &Client| client.shown.vestibule_app2app_host || client.handoff_uri.is_some();
        let registered = registered.filter(|registered| answers(&registered.client));
        let words = "this client answers neither other apps' requests nor hand-offs";
        let registered = registered.ok_or_else(|| OAuthError::new(ErrorCode::UnauthorizedClient, words))?;
        let fresh = access.grant.as_ref().is_some_and(|grant| self.now().since(grant.authenticated_at) <= FRESH);
        if !fresh {
            // RFC 9470 §3.
            let words = "the person must have signed in within the last five minutes";
            return Err(OAuthError::new(ErrorCode::InsufficientUserAuthentication, words));
        }
        let malformed = |_| OAuthError::invalid_request("the body must be JSON with jwk, name, proof and attestation");
        let value = jose::json::parse(body, MOST_BYTES, 4).map_err(|_| malformed(()))?;
        let sent: Registration = serde_json::from_value(value).map_err(|_| malformed(()))?;
        let key = DeviceKey::parse(&sent.jwk).map_err(|error| OAuthError::invalid_request(format!("jwk {error}")))?;
        let nonce = jose::jwt::inspect(&sent.proof, &jose::Limits::DEFAULT).ok();
        let nonce = nonce.map(|read| text(&read.claims, "nonce").to_owned()).unwrap_or_default();
        if !self.dpop_nonces.is_ours(&nonce, self.now()) {
            return Err(OAuthError::new(ErrorCode::UseDpopNonce, "the proof must carry the nonce of DPoP-Nonce"));
        }
        let ath = base64url::encode(jose::sha256(presented.token.as_bytes()));
        self.device_proof(&key, &sent.proof, (REGISTRATION, &[("ath", &ath)])).await?;
        let about = About { key: &key, app: &registered.client.shown, nonce: &nonce, ath: &ath };
        let sure = self.attested(sent.attestation.as_ref(), &about)?;
        let format = sent.attestation.as_ref().filter(|_| sure.is_some()).map(Sent::format);
        let name: String = sent.name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        let row = store::device_keys::DeviceKey {
            user_id: user,
            id: key.id(),
            client_id: client,
            jwk_json: key.jwk().to_string(),
            name,
            created_at: self.now(),
            used_at: None,
            attestation: format.map(str::to_owned),
            protection: sure.map(|sure| sure.protection.as_str().to_owned()),
            unlocked: sure.is_some_and(|sure| sure.unlocked_for_each_use),
        };
        self.keep_device_key(&row, &registered, caller).await?;
        Ok(json!({ "id": row.id, "name": row.name }))
    }

    /// Keeps a key that was proven. One that is there already stays as it is, but that it gains an attestation that it lacks.
    async fn keep_device_key(
        &self,
        row: &store::device_keys::DeviceKey,
        registered: &RegisteredClient,
        caller: &Caller,
    ) -> Result<(), OAuthError> {
        let kept = store::device_keys::of_user(&self.store, row.user_id).await.map_err(Fault::from)?;
        let (same, others): (Vec<_>, Vec<_>) = kept.into_iter().partition(|key| key.id == row.id);
        if same.iter().any(|key| key.client_id != row.client_id) {
            return Err(OAuthError::invalid_request("this person has this key at another app"));
        }
        // One of an app that was deleted counts for nothing, and makes room.
        if same.iter().any(|key| !registered.was_there(key.created_at)) {
            store::device_keys::delete(&self.store, row.user_id, row.id).await.map_err(Fault::from)?;
        }
        if others.iter().filter(|key| key.client_id == row.client_id).count() >= MOST {
            return Err(OAuthError::invalid_request("this person has as many device keys as there may be"));
        }
        let kind = if store::device_keys::insert(&self.store, row).await.map_err(Fault::from)? {
            Kind::DeviceKeyAdded
        } else if row.attestation.is_some() && store::device_keys::vouch(&self.store, row).await.map_err(Fault::from)? {
            Kind::DeviceKeyAttested
        } else {
            return Ok(());
        };
        let detail = json!({
            "key": row.id,
            "name": row.name,
            "attestation": row.attestation,
            "protection": row.protection,
            "unlocked": row.unlocked,
        });
        let event = Event::new(kind).user(row.user_id).client(&row.client_id).detail(detail);
        Ok(self.audit(caller, event).await?)
    }

    /// The key of this id, of this person at this app; the error says no more.
    pub(crate) async fn device_key(&self, user: Id, client: &str, id: Id) -> Result<Held, OAuthError> {
        let row = store::device_keys::find(&self.store, user, id).await.map_err(Fault::from)?;
        let registered = self.client(client).await?;
        let counts = |row: &store::device_keys::DeviceKey| {
            row.client_id == client && registered.is_some_and(|registered| registered.was_there(row.created_at))
        };
        let row = row.filter(counts).ok_or_else(|| unproven("no key of this person at this app"))?;
        let jwk: Value = serde_json::from_str(&row.jwk_json).map_err(|error| Fault::corrupt("a device key", error))?;
        let key = DeviceKey::parse(&jwk).map_err(|error| Fault::corrupt("a device key", error))?;
        Ok(Held { key, unlocked: row.unlocked })
    }

    /// A proof by a device's key: what it is for and about, once.
    pub(crate) async fn device_proof(
        &self,
        key: &DeviceKey,
        proof: &str,
        (typ, claims): (&str, &[(&str, &str)]),
    ) -> Result<Proof, OAuthError> {
        let expected = Expected { typ, audience: self.issuer(), claims, now: self.now() };
        let proven = key.verify(proof, &expected).map_err(|error| unproven(&error.to_string()))?;
        match self.counts_once("device", &key.id().to_string(), &proven.jti, proven.until).await? {
            true => Ok(proven),
            false => Err(unproven("its jti was used before")),
        }
    }

    /// The keys that apps keep for a person, the oldest first.
    pub async fn kept_keys(&self, user: Id) -> Result<Vec<KeptKey>, Fault> {
        let mut kept = Vec::new();
        for row in store::device_keys::of_user(&self.store, user).await? {
            let registered = self.client(&row.client_id).await?;
            let name = registered.and_then(|registered| registered.client.shown.client_name.clone());
            let app = name.unwrap_or(row.client_id);
            let (attested, unlocked) = (row.attestation.is_some(), row.unlocked);
            let (id, name, created_at, used_at) = (row.id, row.name, row.created_at, row.used_at);
            kept.push(KeptKey { id, app, name, created_at, used_at, attested, unlocked });
        }
        Ok(kept)
    }

    /// Takes a key away; `false` where the person has none of this id.
    pub async fn forget_device_key(&self, user: Id, id: Id, caller: &Caller) -> Result<bool, Fault> {
        let gone = store::device_keys::delete(&self.store, user, id).await?;
        if gone {
            self.audit(caller, Event::new(Kind::DeviceKeyRemoved).user(user).detail(json!({ "key": id }))).await?;
        }
        Ok(gone)
    }

    /// Takes a key away at the wish of the app that keeps it, in whose access token its person stands: one that it has
    /// replaced, or whose device it has left. `false` where this person has none of this id at this app.
    pub async fn discard_device_key(
        &self,
        presented: &Presented<'_>,
        id: &str,
        caller: &Caller,
    ) -> Result<bool, OAuthError> {
        let access = self.accept(presented, scope::OPENID).await?;
        let (user, client) = owner(&access)?;
        let Ok(id) = id.parse::<Id>() else { return Ok(false) };
        let row = store::device_keys::find(&self.store, user, id).await.map_err(Fault::from)?;
        let registered = self.client(&client).await?;
        let own = |row: &store::device_keys::DeviceKey| {
            row.client_id == client && registered.is_some_and(|registered| registered.was_there(row.created_at))
        };
        if !row.is_some_and(|row| own(&row)) {
            return Ok(false);
        }
        let gone = store::device_keys::delete(&self.store, user, id).await.map_err(Fault::from)?;
        if gone {
            let event = Event::new(Kind::DeviceKeyRemoved).user(user).client(&client);
            self.audit(caller, event.detail(json!({ "key": id }))).await?;
        }
        Ok(gone)
    }
}

/// The person and the app of an access token.
pub(crate) fn owner(access: &Access) -> Result<(Id, String), OAuthError> {
    let user = access.grant.as_ref().map(|grant| grant.user_id);
    let user = user.ok_or_else(|| OAuthError::new(ErrorCode::InvalidToken, "the access token is nobody's"))?;
    Ok((user, text(&access.claims, "client_id").to_owned()))
}

/// One public text for all causes.
pub(crate) fn unproven(why: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, "the proof does not count").with_detail(why.to_owned())
}

const REGISTRATION: &str = "vestibule-device-key+jwt";
/// How old the sign-in may be that a new device key rests on.
pub const FRESH: std::time::Duration = std::time::Duration::from_secs(5 * 60);
const MOST: usize = 20;
/// A chain of certificates among it.
const MOST_BYTES: usize = 32 * 1024;
const LONGEST_NAME: usize = 64;
