//! `/handoff`: where a native app's one-time address lands, and `/api/handoff/v1/links`, where it gets one.

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use idp::handoff::{Answer, Shown, Taken, Wanted};
use oidc::redirect_uri::RedirectUri;
use oidc::request::Params;
use oidc::{OAuthError, scope};

use crate::app::App;
use crate::form::{Bound, Form, stale};
use crate::presented::{Token, refused, required, with_nonce};
use crate::views::{self, HandoffBy, Notice};
use crate::visit::{Trace, Visit};
use crate::{answer, error, person, query};

/// `POST /api/handoff/v1/links`: `client_id` and perhaps `target_link_uri` and `device_key`, as a form, with the app's
/// access token.
pub(crate) async fn push(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let token = required(&trace, Token::of(&method, &headers, &body))?;
    let response = match pushed(&app, &visit, &token, &body).await {
        Ok(json) => answer::json(StatusCode::CREATED, json),
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    Ok(with_nonce(&app, &headers, response))
}

async fn pushed(app: &App, visit: &Visit, token: &Token, body: &[u8]) -> Result<String, OAuthError> {
    let params = Params::parse(body).map_err(|unsound| unsound.error)?;
    let client_id = params.get("client_id").ok_or_else(|| OAuthError::invalid_request("client_id is missing"))?;
    let [target_link_uri, device_key] = ["target_link_uri", "device_key"].map(|name| params.get(name));
    let wanted = Wanted { client_id, target_link_uri, device_key };
    let pushed = app.context().push_handoff(&token.at(PUSH), wanted, &visit.caller).await?;
    serde_json::to_string(&pushed).map_err(|_| OAuthError::invalid_request("the answer cannot be written"))
}

/// `GET /handoff?token=…`: looking at it uses nothing up, so that nobody who fetches it beforehand does. With `proof`, what
/// the app has signed, the page sends itself.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let token = query::value(&visit, "token");
    match app.context().handoff(&token).await {
        Ok(Some(shown)) => page(&app, &visit, &token, &shown),
        Ok(None) => gone(&app, &visit),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `POST /handoff`: the field `token`, and `number`; or `proof`; or `action=ask`, which sends the browser to the app.
pub(crate) async fn take(State(app): State<App>, visit: Visit, form: Form) -> Response {
    let token = form.get("token");
    let shown = match app.context().handoff(token).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return gone(&app, &visit),
        Err(fault) => return error::usual_page(&app, &visit, &fault.into()),
    };
    let Some(binding) = form.sender(&app, &visit, &purpose(&shown)) else { return stale(&app, &visit) };
    if form.get("action") == "ask"
        && let Some(to) = app.context().question_of_handoff(&shown, &binding)
    {
        return answer::see_other(&to);
    }
    let said = match form.get("proof") {
        "" => Answer::Number(form.get("number").trim()),
        proof => Answer::Proof(proof, &binding),
    };
    taken(&app, &visit, token, said).await.unwrap_or_else(|error| error::usual_page(&app, &visit, &error))
}

async fn taken(app: &App, visit: &Visit, token: &str, said: Answer<'_>) -> Result<Response, OAuthError> {
    let browser = app.context().browser(visit.session.as_deref()).await?;
    Ok(match app.context().take_handoff(token, said, browser.as_ref(), &visit.caller).await? {
        Taken::In { to, cookie: None } => answer::see_other(&to),
        Taken::In { to, cookie: Some((cookie, state)) } => {
            let age = app.context().settings().session.lifetime.as_secs();
            let response =
                answer::with_cookie(answer::see_other(&to), &app.session_cookie().set(cookie.text(), Some(age)));
            app.state_cookie().keep(response, Some(&state), None)
        }
        Taken::Wrong => {
            let notice = match said {
                Answer::Number(_) => Notice::HandoffWrong,
                Answer::Proof(..) => Notice::HandoffUnproven,
            };
            message(app, visit, StatusCode::FORBIDDEN, notice)
        }
        Taken::Gone => gone(app, visit),
    })
}

fn page(app: &App, visit: &Visit, token: &str, shown: &Shown) -> Response {
    let bound = Bound::of(app, visit);
    let proof = query::value(visit, "proof");
    let way = match (&shown.answers_at, proof.as_str()) {
        (None, _) => HandoffBy::Number,
        (Some(_), "") => HandoffBy::App,
        (Some(_), proof) => HandoffBy::Proof(proof),
    };
    // The browser goes on to the client, or to the app that is asked.
    let app_origin = shown.answers_at.as_ref().map(RedirectUri::origin);
    let origins: Vec<String> = [Some(shown.origin.clone()), app_origin].into_iter().flatten().collect();
    let html = views::Handoff {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/handoff", visit, &[]),
            csrf: &bound.token(app, &purpose(shown)),
            flow: None,
        },
        app: views::App { name: &shown.to, logo: None },
        from: &shown.from,
        account: person::account(&shown.person),
        token,
        by: way,
    }
    .render();
    bound.with_cookie(answer::page(app, StatusCode::OK, html, &origins))
}

fn purpose(shown: &Shown) -> String {
    format!("handoff {}", shown.id)
}

fn gone(app: &App, visit: &Visit) -> Response {
    message(app, visit, StatusCode::GONE, Notice::HandoffGone)
}

fn message(app: &App, visit: &Visit, status: StatusCode, notice: Notice) -> Response {
    let html = views::Message { page: visit.passing_page(app), notice, link: None }.render();
    answer::page(app, status, html, &[])
}

/// As the proof of a key names it (RFC 9449 §4.2 `htu`).
const PUSH: &str = "/api/handoff/v1/links";
