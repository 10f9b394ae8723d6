//! Mini programs: the host app exchanges its own token for a code of the program in its web view.
//!
//! Which program asks is the host's knowledge. The same hub decides as in the browser; what it would show a consent page
//! for, the host shows, and sends the answer with the next request.

use oidc::claims::ClaimRequest;
use oidc::client::Client;
use oidc::consent::Consent;
use oidc::hub::{Choice, Facts};
use oidc::pkce::CodeChallenge;
use oidc::request::{AuthorizationRequest, Prompt};
use oidc::{ErrorCode, OAuthError, Scopes, Time, scope};
use serde_json::{Value, json};

use super::unattended::silent_request;
use super::{Onward, app_name};
use crate::access::{Access, text};
use crate::caller::Caller;
use crate::clients::RegisteredClient;
use crate::possession::{Presented, bound_key};
use crate::{Context, Fault};

/// What a program asks its host for.
pub(crate) struct ProgramAsks {
    pub(crate) scopes: Scopes,
    pub(crate) challenge: CodeChallenge,
    pub(crate) nonce: Option<String>,
    /// What the program's API has demanded of the sign-in (RFC 9470 §3).
    pub(crate) step_up: StepUp,
    /// What the person has said to the host's sheet.
    pub(crate) said: Said,
}

/// What a person has said to a sheet.
pub(crate) enum Said {
    /// They were not asked.
    Nothing,
    /// Yes, to these.
    Yes(Scopes),
    /// No.
    No,
}

/// A program's code, and what it grants.
pub(crate) struct ProgramCode {
    pub(crate) text: String,
    pub(crate) scopes: Scopes,
    pub(crate) expires_at: Time,
}

/// A demand of an API on how its person was authenticated, and when.
#[derive(Default)]
pub(crate) struct StepUp {
    /// `acr_values`: one of them must be reached.
    pub(crate) acr_values: Vec<String>,
    /// `max_age`, in seconds.
    pub(crate) max_age: Option<u64>,
}

/// What a host is told of a program before it shows the sheet.
#[derive(Debug)]
pub struct ProgramShown {
    /// `client_id`, name, owner, site and terms.
    pub client: Value,
    /// What it asks for.
    pub scopes: Vec<ScopeShown>,
}

/// A scope that a program asks for.
#[derive(Debug)]
pub struct ScopeShown {
    /// Its name.
    pub name: String,
    /// Whether it is given without asking.
    pub silent: bool,
    /// Whether its person has left it out before: it is not asked for again, unless the host asks.
    pub declined: bool,
}

impl Context {
    /// A code for a program. A person's «no» is the error, and stands in the trail.
    pub(crate) async fn program_code(
        &self,
        host: &Access,
        program: &RegisteredClient,
        asks: ProgramAsks,
        caller: &Caller,
    ) -> Result<ProgramCode, OAuthError> {
        let grant =
            host.grant.as_ref().ok_or_else(|| OAuthError::invalid_request("subject_token speaks for no person"))?;
        if self.session_ends(grant, self.now()).await?.is_none() {
            return Err(OAuthError::invalid_request("the host's session is over"));
        }
        let session = grant.session_id;
        let host = Some(text(&host.claims, "client_id").to_owned());
        let facts = Facts { choice: Choice::Session(session), continued: true, host, ..Facts::default() };
        let (facts, none) = match &asks.said {
            Said::Yes(allowed) => (facts.consented(session, asks.scopes.intersection(allowed)), false),
            Said::No => (facts.denied(), false),
            Said::Nothing => (facts, true),
        };
        let denied = facts.denied;
        let request = request(&program.client, asks, none)?;
        let mut concluded = self.conclude(request, facts, grant.browser_id, caller).await?;
        if denied {
            concluded.end.event = self.consent_denied(&concluded.open, (grant.user_id, session));
            self.write(&concluded).await?;
        }
        let Some(code) = &concluded.end.code else { return Err(refusal(concluded.end.onward)) };
        let expires_at = code.expires_at;
        let granted: oidc::token::grant::Grant =
            serde_json::from_str(&code.grant_json).map_err(|error| Fault::corrupt("a grant", error))?;
        self.write(&concluded).await?;
        let Onward::Client(answer) = concluded.end.onward else { return Err(refusal(concluded.end.onward)) };
        let text = answer.fields.into_iter().find_map(|(name, value)| (name == "code").then_some(value));
        Ok(ProgramCode { text: text.unwrap_or_default(), scopes: granted.scopes, expires_at })
    }

    /// The program of this id, for its host: one that people may open.
    pub(crate) async fn program(
        &self,
        host: &Access,
        id: &str,
    ) -> Result<std::sync::Arc<RegisteredClient>, OAuthError> {
        let denied = || OAuthError::new(ErrorCode::InvalidTarget, "no mini program of this host that may be opened");
        let registered = self.enabled_client(id).await?.ok_or_else(denied)?;
        let client = &registered.client;
        let person = host.grant.as_ref().ok_or_else(denied)?.user_id;
        if client.shown.vestibule_host.as_deref() != Some(text(&host.claims, "client_id")) {
            return Err(denied());
        }
        match self.may_use(client, person).await?.is_ok() {
            true => Ok(registered),
            false => Err(denied()),
        }
    }

    /// What the host shows on its sheet. The host's token comes with its key.
    pub async fn show_program(
        &self,
        presented: &Presented<'_>,
        id: &str,
        scopes: &str,
    ) -> Result<ProgramShown, OAuthError> {
        let host = self.accept(presented, scope::OPENID).await?;
        if bound_key(&host).is_none() {
            return Err(OAuthError::new(ErrorCode::InvalidDpopProof, "the host's token must be bound to its key"));
        }
        let registered = self.program(&host, id).await?;
        let client = &registered.client;
        let asked =
            Scopes::parse(scopes).map_err(|error| OAuthError::new(ErrorCode::InvalidScope, error.to_string()))?;
        let asked = client.allowed(&asked);
        let consent: Option<Consent> = match &host.grant {
            Some(grant) => self.consent(grant.user_id, &registered).await?,
            None => None,
        };
        let within = |name: &str, of: fn(&Consent) -> &Scopes| {
            !client.trusted && consent.as_ref().is_some_and(|consent| of(consent).contains(name))
        };
        let shown_of = |name: &str| ScopeShown {
            name: name.to_owned(),
            silent: client.trusted || within(name, |consent| &consent.scopes),
            declined: within(name, |consent| &consent.declined),
        };
        let shown = &client.shown;
        let words = json!({
            "client_id": client.id, "name": app_name(client), "owner": client.owner, "uri": shown.client_uri,
            "logo_uri": shown.logo_uri, "policy_uri": shown.policy_uri, "tos_uri": shown.tos_uri,
        });
        Ok(ProgramShown { client: words, scopes: asked.iter().map(shown_of).collect() })
    }
}

/// The request as the program would have sent it to the browser.
fn request(client: &Client, asks: ProgramAsks, none: bool) -> Result<AuthorizationRequest, OAuthError> {
    // What a program holds ends with its host's session.
    let scopes = client.allowed(&asks.scopes).without(&Scopes::default().and(scope::OFFLINE_ACCESS));
    let mut silent = silent_request(client, scopes)?;
    let StepUp { acr_values, max_age } = asks.step_up;
    if !acr_values.is_empty() {
        // Core §5.5.1.1: a condition, and no wish. What the API has refused once it would refuse again.
        let values = Some(acr_values.into_iter().map(Value::from).collect());
        let acr = ClaimRequest { essential: true, value: None, values };
        silent.claims.id_token.insert("acr".to_owned(), Some(acr));
    }
    silent.max_age = [silent.max_age, max_age].into_iter().flatten().min();
    let prompt = Prompt { none, ..silent.prompt };
    Ok(AuthorizationRequest { code_challenge: Some(asks.challenge), nonce: asks.nonce, prompt, ..silent })
}

/// What the hub answers in place of a code.
fn refusal(onward: Onward) -> OAuthError {
    match onward {
        Onward::Client(answer) => answer.error.unwrap_or_else(|| OAuthError::invalid_request("nothing was granted")),
        _ => OAuthError::invalid_request("nothing was granted"),
    }
}
