//! Passkeys: credentials of WebAuthn that find their person by themselves and verify them (Web Authentication Level 3).
//! They stand with the credentials of kind `passkey`.
//!
//! A challenge is no row: it is a MAC over the browser's binding and what it is for, the flow or the session. It is good
//! once because the flow is: what it proves is recorded under the flow's version, and a flow that has gone on asks
//! nobody to sign in.

mod document;
mod options;
mod sent;

use jose::provider::aws_lc;
use jose::x509::Certificate;
use jose::{Limits, base64url};
use oidc::assurance::Method;
use oidc::session::Session;
use oidc::{Id, Time};
use serde_json::json;
use store::credentials::{self, Credential};
use webauthn::{Assertion, Expected, Refusal, Registration, UserVerification};

use super::Proven;
use crate::audit::{Event, Kind};
use crate::bindings::Binding;
use crate::caller::Caller;
use crate::people::Person;
use crate::settings::Attestation;
use crate::{Context, Fault};
use document::{Document, hex};
use sent::Sent;

/// A passkey, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The id by which it is removed.
    pub id: Id,
    /// The name that its owner gave it; may be empty.
    pub name: String,
    /// The authenticator's model, where that is known.
    pub model: Option<&'static str>,
    /// Whether it is kept in an account with somebody, who copies it to other devices (backup eligibility).
    pub synced: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it was last used.
    pub used_at: Option<Time>,
    /// The credential's own id, as a browser writes it.
    pub credential_id: String,
}

impl Passkey {
    /// What it proves.
    fn method(&self) -> Method {
        if self.synced { Method::SyncedPasskey } else { Method::DevicePasskey }
    }
}

/// How a passkey is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Making {
    /// Its person is asked, and verified by the authenticator.
    Asked,
    /// The browser makes it by itself, right after a password (Web Authentication Level 3 §5.1.3). To sign in by it, its person
    /// is verified all the same.
    Silently,
}

/// Why a passkey was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddPasskeyError {
    /// The person's sign-in is too long ago.
    #[error("a fresh sign-in is needed")]
    Stale,
    /// The browser's answer will not do.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The authenticator's model is none of those that are let in, or nobody vouches for it.
    #[error("the model {} may not make a passkey: {why}", hex(model))]
    Model {
        /// What it says that it is (AAGUID).
        model: [u8; 16],
        /// What is missing.
        why: String,
    },
    /// Somebody has as many as one may have.
    #[error("a person may have {MOST} passkeys")]
    TooMany,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Context {
    /// What a browser is to be asked to make a passkey (`PublicKeyCredentialCreationOptionsJSON`, §5.1.8) beside those that
    /// are `known`. `here` is the name of this installation.
    pub fn passkey_creation(
        &self,
        (person, known): (&Person, &[Passkey]),
        session: &Session,
        binding: &Binding,
        here: &str,
    ) -> String {
        let challenge = self.csrf_token(binding, &creating(session.id));
        // Nobody is asked what they hold in their hand unless it matters (§13.4.4).
        let conveyance = match self.settings.passkeys.attestation {
            Attestation::None => "none",
            Attestation::Listed { .. } => "direct",
        };
        options::creation(person, &challenge, (self.rp_id(), here), known, conveyance)
    }

    /// Adds the passkey that the browser made (`RegistrationResponseJSON`).
    pub async fn add_passkey(
        &self,
        person: &Person,
        session: &Session,
        binding: &Binding,
        (answer, name, how): (&str, &str, Making),
        caller: &Caller,
    ) -> Result<Id, AddPasskeyError> {
        if !self.may_change_factors(session).await? {
            return Err(AddPasskeyError::Stale);
        }
        let sent = Sent::parse(answer)?;
        let (client_data, attestation_object) = (sent.bytes("clientDataJSON")?, sent.bytes("attestationObject")?);
        let registration = Registration { client_data: &client_data, attestation_object: &attestation_object };
        let challenge = self.challenge(binding, &creating(session.id));
        let origin = self.origin();
        let origins = [origin.as_str()];
        let mut expected = self.expected(&challenge, &origins);
        if how == Making::Silently {
            expected.verification = UserVerification::Unasked;
        }
        let made = webauthn::register(aws_lc(), &registration, options::ALGORITHMS, &expected)?;
        self.admit_model(&made)?;
        let rows = credentials::of(&self.store, person.id, KIND).await.map_err(Fault::from)?;
        if rows.len() >= MOST {
            return Err(AddPasskeyError::TooMany);
        }
        let row = Credential {
            user_id: person.id,
            id: document::row_id(&made.id),
            kind: KIND.to_owned(),
            data_json: Document::new(&made, &sent.transports(), &shortened(name)).to_json(),
            created_at: self.now(),
            used_at: None,
        };
        credentials::put(&self.store, &row).await.map_err(Fault::from)?;
        let event = Event::new(Kind::FactorAdded).user(person.id).session(session.id);
        self.audit(caller, event.detail(json!({ "factor": KIND, "id": row.id }))).await?;
        Ok(row.id)
    }

    /// §7.1 steps 23 and 24: where models are listed, the maker must vouch for one of them.
    fn admit_model(&self, made: &webauthn::Credential) -> Result<(), AddPasskeyError> {
        let Attestation::Listed { models, anchors } = &self.settings.passkeys.attestation else { return Ok(()) };
        let refused = |why: String| AddPasskeyError::Model { model: made.aaguid, why };
        if !models.contains(&made.aaguid) {
            return Err(refused("it is not listed".to_owned()));
        }
        let read = |der: &Vec<u8>| Certificate::from_der(der, &Limits::DEFAULT);
        let anchors: Vec<Certificate> = anchors.iter().filter_map(|der| read(der).ok()).collect();
        webauthn::vouched(aws_lc(), made, &anchors, self.now().seconds())
            .map_err(|refusal| refused(refusal.to_string()))
    }

    /// A person's passkeys, the oldest first.
    pub async fn passkeys(&self, user: Id) -> Result<Vec<Passkey>, Fault> {
        let rows = credentials::of(&self.store, user, KIND).await?;
        rows.into_iter().map(|row| Ok(Document::read(&row)?.shown(&row))).collect()
    }

    /// Removes a passkey; `false` where there was none, or that needs a fresh sign-in.
    pub async fn remove_passkey(&self, session: &Session, id: Id, caller: &Caller) -> Result<bool, Fault> {
        if !self.may_change_factors(session).await? {
            return Ok(false);
        }
        let user = session.user_id;
        let is_passkey = self.passkeys(user).await?.iter().any(|passkey| passkey.id == id);
        let removed = is_passkey && credentials::delete(&self.store, user, id).await?;
        if removed {
            let event = Event::new(Kind::FactorRemoved).user(user).detail(json!({ "factor": KIND, "id": id }));
            self.audit(caller, event).await?;
        }
        Ok(removed)
    }

    /// What a browser is to be asked to sign in by passkey in this flow (`PublicKeyCredentialRequestOptionsJSON`, §5.1.9):
    /// anybody's, since the authenticator says whose it is.
    pub fn passkey_request(&self, flow: Id, binding: &Binding) -> String {
        options::request(&self.csrf_token(binding, &asking(flow)), self.rp_id(), &[])
    }

    /// The same for a person who is known: one of their passkeys that proves one of these.
    pub async fn passkey_request_of(
        &self,
        user: Id,
        by: &[Method],
        flow: Id,
        binding: &Binding,
    ) -> Result<String, Fault> {
        let mut known = self.passkeys(user).await?;
        known.retain(|passkey| by.contains(&passkey.method()));
        Ok(options::request(&self.csrf_token(binding, &asking(flow)), self.rp_id(), &known))
    }

    /// The person whose passkey answered (`AuthenticationResponseJSON`), if it is one of ours and they may sign in;
    /// `whose` is the one asked for.
    pub async fn check_passkey(
        &self,
        flow: Id,
        binding: &Binding,
        answer: &str,
        whose: Option<Id>,
    ) -> Result<Option<Proven>, Fault> {
        match self.answered(flow, binding, answer, whose).await {
            Ok(proven) => Ok(proven),
            Err(Unproven::Fault(fault)) => Err(fault),
            Err(Unproven::Refused(refusal)) => {
                tracing::info!(%refusal, "a passkey was refused");
                Ok(None)
            }
        }
    }

    async fn answered(
        &self,
        flow: Id,
        binding: &Binding,
        answer: &str,
        whose: Option<Id>,
    ) -> Result<Option<Proven>, Unproven> {
        let sent = Sent::parse(answer)?;
        // §7.2 step 6: where the person is known, the authenticator need not say whose the passkey is; what it says must fit.
        let (id, user) = match whose {
            None => (sent.id()?, sent.user()?),
            Some(known) if sent.user().is_ok_and(|said| said != known) => return Err(Refusal::User.into()),
            Some(known) => (sent.id()?, known),
        };
        let (client_data, authenticator_data) = (sent.bytes("clientDataJSON")?, sent.bytes("authenticatorData")?);
        let signature = sent.bytes("signature")?;
        let person = self.user(user).await?.filter(|person| !person.disabled);
        let rows = credentials::of(&self.store, user, KIND).await.map_err(Fault::from)?;
        let row = rows.into_iter().find(|row| row.id == document::row_id(&id));
        let (Some(person), Some(row)) = (person, row) else { return Ok(None) };
        let known = Document::read(&row)?;
        let assertion = Assertion {
            client_data: &client_data,
            authenticator_data: &authenticator_data,
            signature: &signature,
            user_handle: Some(user.as_bytes()),
        };
        let challenge = self.challenge(binding, &asking(flow));
        let credential = known.credential(&row, aws_lc())?;
        let origin = self.origin();
        let origins = [origin.as_str()];
        let expected = self.expected(&challenge, &origins);
        let assured = webauthn::assert(aws_lc(), &assertion, &credential, user.as_bytes(), &expected)?;
        let used = known.used(&assured);
        // Of two answers with one counter, one is the copy's: who loses this has proven nothing.
        let changed = credentials::change(&self.store, &row, &used.to_json(), self.now()).await.map_err(Fault::from)?;
        Ok(changed.then(|| Proven { person, credential: Some(row.id), method: known.method() }))
    }

    fn expected<'a>(&'a self, challenge: &'a [u8], origins: &'a [&'a str]) -> Expected<'a> {
        Expected { challenge, rp_id: self.rp_id(), origins, verification: UserVerification::Required }
    }

    fn challenge(&self, binding: &Binding, purpose: &str) -> Vec<u8> {
        base64url::decode(self.csrf_token(binding, purpose)).unwrap_or_default()
    }

    /// The user handle by which an authenticator knows a person, as a browser writes it (§5.4.3).
    pub fn user_handle(&self, user: Id) -> String {
        options::user_handle(user)
    }

    /// What a browser is to tell the person's password manager of them.
    pub fn passkey_details(&self, person: &Person) -> String {
        options::details(person, self.rp_id())
    }

    /// The relying party's id (§4): the one set, or the issuer's host.
    pub fn rp_id(&self) -> &str {
        if let Some(rp_id) = &self.settings.passkeys.rp_id {
            return rp_id;
        }
        let host = self.issuer.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
        match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        }
    }

    /// The issuer's origin, as a browser writes it.
    fn origin(&self) -> String {
        self.issuer.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
    }
}

/// Why an answer proves nobody.
#[derive(Debug, thiserror::Error)]
enum Unproven {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What is to be seen of a name.
fn shortened(name: &str) -> String {
    name.trim().chars().filter(|letter| !letter.is_control()).take(NAME).collect()
}

fn creating(session: Id) -> String {
    format!("passkey create {session}")
}

fn asking(flow: Id) -> String {
    format!("passkey get {flow}")
}

/// What this passkey proves.
pub(super) fn method(row: &Credential) -> Result<Method, Fault> {
    Ok(Document::read(row)?.method())
}

pub(super) const KIND: &str = "passkey";

/// Passkeys of one person.
const MOST: usize = 32;

/// Letters of a name.
const NAME: usize = 64;
