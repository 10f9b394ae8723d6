//! OpenID Connect Native SSO 1.0 §4: an app of the same developer joins the session, without a browser.

use jose::provider::aws_lc;
use oidc::hub::Facts;
use oidc::request::going_on::{address, going_on};
use oidc::request::{Params, pushed_request, resources};
use oidc::token::device_proof::hash;
use oidc::token::exchange::ACCESS_TOKEN;
use oidc::token::grant::Grant;
use oidc::token::refresh::{Family as Counter, Rotation, Verdict, decide};
use oidc::{ErrorCode, Id, OAuthError, Scopes, Time, scope};
use serde_json::json;
use store::containers::{Admitted, Container, Use};

use super::super::{Call, new_family, rests};
use super::required;
use crate::Fault;
use crate::access::{ends, text};
use crate::audit::{Event, Kind};
use crate::browsers::{joined, session_of};
use crate::clients::RegisteredClient;
use crate::containers::{Proven, Proving, seen};
use crate::flows::Silent;
use crate::mac::Counted;
use crate::throttle::Kept;
use crate::tokens::{Exchanged, Granted, Who};

/// The request's own facts, after the checks that need no session.
struct Asked<'a> {
    secret: &'a str,
    counted: Counted,
    container: Container,
    registered: &'a RegisteredClient,
}

pub(super) async fn exchange(call: Call<'_>) -> Result<Granted, OAuthError> {
    let registered = call.context.client(&call.client.id).await?;
    let registered = registered.ok_or_else(|| OAuthError::invalid_client("the client is gone"))?;
    let asked = asked(call, &registered).await?;
    let proven = prove(call, asked.secret)?;
    let admitted = admit_in_turn(call, asked, proven.as_ref()).await;
    // What was let in has used the proof up; what was refused does so here.
    if let (Err(_), Some(proven)) = (&admitted, &proven) {
        call.context.used_now(&proven.once).await?;
    }
    admitted
}

/// A use that loses its conditional write is decided again with what is then known.
async fn admit_in_turn<'a>(
    call: Call<'a>,
    mut asked: Asked<'a>,
    proven: Option<&Proven>,
) -> Result<Granted, OAuthError> {
    for _ in 0..TRIES {
        if let Some(granted) = admit(call, &asked, proven).await? {
            return Ok(granted);
        }
        asked = self::asked(call, asked.registered).await?;
    }
    Err(OAuthError::invalid_grant("the container changed again and again"))
}

/// §4.1 and §4.3: the parameters, the ID token, the device secret, and that they belong together.
async fn asked<'a>(call: Call<'a>, registered: &'a RegisteredClient) -> Result<Asked<'a>, OAuthError> {
    let Call { context, client, .. } = call;
    let audience = call.params.audience();
    if audience != [context.issuer()] {
        return Err(OAuthError::invalid_request("audience must be the issuer"));
    }
    if call.params.get("requested_token_type").is_some_and(|sort| sort != ACCESS_TOKEN) {
        return Err(OAuthError::invalid_request("requested_token_type is not supported"));
    }
    if !DEVICE_SECRETS.contains(&required(call, "actor_token_type")?) {
        return Err(OAuthError::invalid_request("actor_token_type must be a device secret's"));
    }
    let (id_token, secret) = (required(call, "subject_token")?, required(call, "actor_token")?);
    let claims = context.genuine_id_token(id_token).ok_or_else(|| OAuthError::invalid_grant("no ID token of ours"))?;
    let unknown = || OAuthError::invalid_grant("no device secret of ours, or one that has ended");
    let (container, counted) = context.container(secret).await?.ok_or_else(unknown)?;
    let first = context.client(text(&claims, "aud")).await?;
    // A developer's apps share; nobody else's device secret opens anything.
    let of_group = |name: Option<&String>| name == Some(&container.app_group);
    if !of_group(client.app_group.as_ref()) || !first.is_some_and(|app| of_group(app.client.app_group.as_ref())) {
        return Err(OAuthError::invalid_grant("the device secret is another app group's"));
    }
    // §4.3: the two belong together, and to the session that the ID token names.
    if text(&claims, "ds_hash") != hash(aws_lc(), secret) {
        return Err(OAuthError::invalid_grant("the ID token is not about this device secret"));
    }
    if text(&claims, "sid").parse() != Ok(container.session_id) {
        return Err(OAuthError::invalid_grant("the ID token is of another session than the device secret"));
    }
    Ok(Asked { secret, counted, container, registered })
}

/// What the rules say, and then the write.
async fn admit(call: Call<'_>, asked: &Asked<'_>, proven: Option<&Proven>) -> Result<Option<Granted>, OAuthError> {
    let Call { context, client, now, .. } = call;
    let key = proven.map(|proven| proven.key.as_str());
    let container = &asked.container;
    // RFC 8693 §2.1: what the tokens are for is said as at authorize (RFC 8707 §2); the audience stays the issuer (§4.2).
    let resource = resources(call.params)?;
    let policy = context.app_group(&container.app_group).await?;
    if (policy.device_proof || container.key_thumbprint.is_some()) && key != container.key_thumbprint.as_deref() {
        return Err(OAuthError::invalid_grant("the container's key was not proven"));
    }
    if policy.device_proof && key.is_none() {
        return Err(OAuthError::invalid_grant("the container began without a key, and its group asks for one by now"));
    }
    // §4.3: the session that the ID token names must still run; its own expiry does not count. One that hangs on another
    // is for one client alone.
    let row = context.living_session(container.browser_id, container.session_id, now).await?;
    let row = row.filter(|row| row.parent.is_none());
    let session = session_of(row.ok_or_else(|| OAuthError::invalid_grant("the session is over"))?)?;
    let rotates = match decide(&counter(container), asked.counted.counter, &ANY, now) {
        Verdict::Rotate => policy.rotation,
        // Another of the apps was faster, or an answer was lost: the former secret gets the one that there is by now.
        Verdict::SameSuccessor => false,
        Verdict::Ended => return Err(OAuthError::invalid_grant("the container has ended")),
        Verdict::Reuse => {
            // Who merely sends a request again that they have read ends nothing.
            if let Some(proven) = proven
                && !context.used_now(&proven.once).await?
            {
                return Err(seen());
            }
            let reason = "a device secret came back that had been replaced";
            context.end_container(container, reason, call.caller).await?;
            return Err(OAuthError::invalid_grant(reason));
        }
    };
    let silent = silent(call, asked, &session).await?;
    let grant = Grant { resource, ..grant(container, silent) };
    let flow = context.randomness.new_id();
    let family = new_family(call, flow, &grant, rests(client, &grant.scopes))?;
    let joined = joined(&client.id, (container.browser_id, &session), now);
    let detail = json!({ "group": container.app_group, "scopes": grant.scopes });
    let event = Event::new(Kind::AppAdmitted).user(container.user_id).session(container.session_id);
    let event = context.audit_row(call.caller, event.client(&client.id).detail(detail));
    let by = Use {
        id: container.id,
        counter: container.counter,
        rotates,
        now,
        family: &family,
        joined: &joined,
        event: &event,
        proof: proven.map(|proven| &proven.once),
    };
    match store::containers::admit(&context.store, &by).await.map_err(Fault::from)? {
        Admitted::In => {}
        Admitted::Changed => return Ok(None),
        Admitted::Seen => return Err(seen()),
    }
    let counter = container.counter + i64::from(rotates);
    let until = ends(&family, session.expires_at);
    Ok(Some(granted(call, (flow, until), grant, Counted { id: container.id, counter })))
}

/// A device proof counts once, however often the use is decided.
fn prove(call: Call<'_>, secret: &str) -> Result<Option<Proven>, OAuthError> {
    let proving = Proving {
        proof: call.params.get("device_proof"),
        client_id: &call.client.id,
        beside: secret,
        dpop_key: call.key,
    };
    call.context.container_proof(&proving)
}

/// §4.3: the scopes that are asked for, or all that the app may have; where a page would be due, the error says so.
async fn silent(call: Call<'_>, asked: &Asked<'_>, session: &oidc::session::Session) -> Result<Silent, OAuthError> {
    let wanted = match call.params.get("scope") {
        Some(text) => {
            Scopes::parse(text).map_err(|error| OAuthError::new(ErrorCode::InvalidScope, error.to_string()))?
        }
        // What outlives the session is asked for by name.
        None => call.client.scopes.without(&Scopes::default().and(scope::OFFLINE_ACCESS)),
    };
    let facts = Facts::default().chose(session.id);
    match call.context.silently(asked.registered, session, &wanted, facts).await {
        Ok(silent) if silent.scopes.contains(scope::OPENID) => Ok(silent),
        // §4.4: the new device secret is told by an ID token alone.
        Ok(_) => Err(OAuthError::new(ErrorCode::InvalidScope, "scope must have openid")),
        Err(error) if error.code == ErrorCode::ServerError => Err(error),
        Err(error) => {
            let words =
                "the person must be asked in the browser: open authorization_uri, or send an authorization request";
            let goes_on_at = goes_on_at(call, &wanted).await?;
            let required = OAuthError::new(ErrorCode::InteractionRequired, words).with_detail(error.to_string());
            Err(OAuthError { goes_on_at, ..required })
        }
    }
}

/// Where the app's person is asked in the browser: an ordinary authorization request of this app for these scopes. RFC 9126
/// §6: for an app that always pushes its requests it is pushed here, where the exchange carries what that takes.
async fn goes_on_at(call: Call<'_>, wanted: &Scopes) -> Result<Option<String>, OAuthError> {
    let Call { context, client, params, caller, .. } = call;
    let endpoint = context.address("/oauth2/authorize");
    let Some(members) = going_on(params, client, wanted)? else { return Ok(None) };
    let asked = address(&endpoint, &members);
    if !client.shown.require_pushed_authorization_requests {
        return Ok(Some(asked));
    }
    let form = asked.split_once('?').map_or("", |(_, query)| query);
    let form = Params::parse(form.as_bytes()).map_err(|unsound| unsound.error)?;
    let Ok(mut request) = pushed_request(&form, client, &context.settings.detail_types) else { return Ok(None) };
    // RFC 9449 §10: the code is for whoever holds the key that the exchange proved.
    request.dpop_jkt = call.bound_to();
    context.count_kept(Kept::Pushed, client, caller).await?;
    let pushed = context.keep_pushed(&request).await?;
    let members = [("client_id", client.id.clone()), ("request_uri", pushed.request_uri)];
    Ok(Some(address(&endpoint, &members)))
}

fn grant(container: &Container, silent: Silent) -> Grant {
    Grant {
        user_id: container.user_id,
        browser_id: container.browser_id,
        session_id: container.session_id,
        authenticated_at: silent.assured.at,
        amr: silent.assured.amr,
        acr: Some(silent.assured.acr),
        scopes: silent.scopes,
        role: silent.role,
        authorization_details: Vec::new(),
        device: None,
        resource: Vec::new(),
        claims: oidc::claims::ClaimsRequest::default(),
        nonce: None,
        host: None,
        redirect_uri: String::new(),
        dpop_jkt: None,
        code_challenge: None,
    }
}

/// §4.4: tokens of the app's own, and the device secret with an ID token that is about it.
fn granted(call: Call<'_>, (flow, until): (Id, Time), grant: Grant, device: Counted) -> Granted {
    let refreshable = call.client.may_use(oidc::client::GrantType::RefreshToken);
    Granted {
        scopes: grant.scopes.clone(),
        resource: grant.resource.clone(),
        refresh: refreshable.then_some(Counted { id: flow, counter: 0 }),
        key: call.bound_to(),
        details: Vec::new(),
        until: Some(until),
        exchanged: Some(Exchanged::default()),
        device: Some(device),
        who: Who::Person { flow, nonce: None, grant: Box::new(grant) },
    }
}

fn counter(container: &Container) -> Counter {
    Counter {
        counter: container.counter,
        rotated: container.rotated_at.map(|at| Rotation { at, request: ANY }),
        idle_expires_at: container.expires_at,
        expires_at: container.expires_at,
        revoked: container.ended_at.is_some(),
    }
}

/// Whatever is asked for: several apps may come with one secret at once.
const ANY: [u8; 32] = [0; 32];
/// §4.1, and the name that the drafts before the fifth gave it.
const DEVICE_SECRETS: &[&str] =
    &["urn:openid:params:token-type:device-secret", "urn:x-oath:params:oauth:token-type:device-secret"];
const TRIES: usize = 3;
