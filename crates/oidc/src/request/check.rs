//! The order of checks, as a table: read it from top to bottom.
//!
//! A check takes the parameters and what earlier rows found out, and adds to the draft. From the
//! row `response_mode` on, errors go to the client by redirect; before it they stay on a page.

use super::Refusal;
use super::params::{Params, Unsound};
use super::rules;
use super::typed::{AuthorizationRequest, Prompt, Reply};
use crate::claims::ClaimsRequest;
use crate::client::Client;
use crate::details::{DetailTypes, Details};
use crate::error::OAuthError;
use crate::pkce::CodeChallenge;
use crate::scope::Scopes;

/// Where such a request comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// RFC 6749 §3.1
    Authorize,
    /// RFC 9126 §2
    Pushed,
    /// RFC 8628 §3.1
    Device,
    /// CIBA §7
    BackChannel,
}

/// At which endpoints a check runs.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    authorize: bool,
    pushed: bool,
    device: bool,
    back_channel: bool,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name, for the log and the explainer.
    pub name: &'static str,
    /// Where it runs.
    pub on: Columns,
    run: fn(&Input<'_>, &mut Draft) -> Result<(), OAuthError>,
}

/// The table.
#[rustfmt::skip]
pub const CHECKS: &[Check] = &[
    //                        authorize pushed device back-channel
    row("client",            [true,     true,  true,  true ], rules::client),
    row("redirect_uri",      [true,     true,  false, false], rules::redirect_uri),
    row("response_mode",     [true,     true,  false, false], rules::response_mode),
    row("parameters",        [true,     true,  true,  true ], rules::parameters),
    row("request_object",    [true,     true,  true,  true ], rules::request_object),
    row("pushed",            [true,     false, false, false], rules::pushed),
    row("registration",      [true,     true,  false, false], rules::registration),
    row("response_type",     [true,     true,  false, false], rules::response_type),
    row("grant",             [true,     true,  false, false], rules::grant),
    row("device_grant",      [false,    false, true,  false], rules::device_grant),
    row("scope",             [true,     true,  true,  true ], rules::scope),
    row("nonce",             [true,     true,  false, false], rules::nonce),
    row("pkce",              [true,     true,  false, false], rules::pkce),
    row("dpop_jkt",          [true,     true,  false, false], rules::dpop_jkt),
    row("prompt",            [true,     true,  false, false], rules::prompt),
    row("max_age",           [true,     true,  false, false], rules::max_age),
    row("claims",            [true,     true,  true,  true ], rules::claims),
    row("authorization_details", [true, true,  true,  true ], rules::authorization_details),
    row("resource",          [true,     true,  true,  true ], rules::resource),
    row("hints",             [true,     true,  false, true ], rules::hints),
];

/// What a check may look at.
pub(super) struct Input<'a> {
    pub(super) params: &'a Params,
    pub(super) fault: Option<&'a OAuthError>,
    pub(super) client: &'a Client,
    pub(super) types: &'a DetailTypes,
}

/// What the rows have found out so far.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub(super) client_id: String,
    pub(super) reply: Option<Reply>,
    pub(super) reply_is_known: bool,
    pub(super) scopes: Scopes,
    pub(super) code_challenge: Option<CodeChallenge>,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Prompt,
    pub(super) max_age: Option<u64>,
    pub(super) claims: ClaimsRequest,
    pub(super) resource: Vec<String>,
    pub(super) authorization_details: Details,
    pub(super) login_hint: Option<String>,
    pub(super) id_token_hint: Option<String>,
    pub(super) ui_locales: Vec<String>,
    pub(super) acr_values: Vec<String>,
    pub(super) dpop_jkt: Option<String>,
}

/// Runs the column of `endpoint`; the error's detail names the row.
pub(super) fn run(
    endpoint: Endpoint,
    params: &Result<Params, Unsound>,
    client: Option<&Client>,
    types: &DetailTypes,
) -> Result<Draft, Refusal> {
    let (params, fault) = match params {
        Ok(params) => (params, None),
        Err(unsound) => (&unsound.sound, Some(&unsound.error)),
    };
    // The one check without which no other can run.
    let Some(client) = client else {
        return Err(Refusal::Page(rules::unknown_client(params, fault)));
    };
    let input = Input { params, fault, client, types };
    let mut draft = Draft::default();
    for check in CHECKS.iter().filter(|check| check.on.has(endpoint)) {
        if let Err(error) = (check.run)(&input, &mut draft) {
            let error = error.with_detail(check.name);
            return Err(match draft.reply.filter(|_| draft.reply_is_known) {
                Some(reply) => Refusal::Redirect(reply, error),
                None => Refusal::Page(error),
            });
        }
    }
    Ok(draft)
}

impl Draft {
    /// The request of a device: the browser in which its person answers gets `reply`.
    pub(super) fn into_request_of_device(self, reply: Reply) -> Option<AuthorizationRequest> {
        Self { reply: Some(reply), ..self }.into_request()
    }

    /// The request, where the checks that make one have run.
    pub(super) fn into_request(self) -> Option<AuthorizationRequest> {
        Some(AuthorizationRequest {
            client_id: self.client_id,
            reply: self.reply?,
            scopes: self.scopes,
            code_challenge: self.code_challenge,
            nonce: self.nonce,
            prompt: self.prompt,
            max_age: self.max_age,
            claims: self.claims,
            resource: self.resource,
            authorization_details: self.authorization_details,
            login_hint: self.login_hint,
            id_token_hint: self.id_token_hint,
            ui_locales: self.ui_locales,
            acr_values: self.acr_values,
            dpop_jkt: self.dpop_jkt,
        })
    }
}

impl Columns {
    const fn has(self, endpoint: Endpoint) -> bool {
        match endpoint {
            Endpoint::Authorize => self.authorize,
            Endpoint::Pushed => self.pushed,
            Endpoint::Device => self.device,
            Endpoint::BackChannel => self.back_channel,
        }
    }
}

const fn row(
    name: &'static str,
    [authorize, pushed, device, back_channel]: [bool; 4],
    run: fn(&Input<'_>, &mut Draft) -> Result<(), OAuthError>,
) -> Check {
    Check { name, on: Columns { authorize, pushed, device, back_channel }, run }
}
