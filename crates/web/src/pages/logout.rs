//! `/oauth2/logout`: an app asks to sign somebody out (RP-Initiated Logout 1.0).
//!
//! What an ID token of this browser's own session proves ends at once; anything else is asked of the person.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use idp::Logout;
use idp::browsers::Browser;
use idp::logout::Told;
use oidc::OAuthError;
use oidc::logout::Decision;
use oidc::redirect_uri::RedirectUri;
use oidc::request::Params;

use crate::app::App;
use crate::form::{Bound, Form, stale};
use crate::views::{self, Link, SignOut};
use crate::visit::Visit;
use crate::{answer, client, error, person, signed_out};

/// GET: reads the request and acts where it is proven.
pub(crate) async fn ask(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    answered(&app, &visit, begin(&app, &visit, &query).await)
}

/// POST: cookies do not come with a cross-site one, so the browser comes again by GET (RFC 9700 §4.12).
pub(crate) async fn post(body: Bytes) -> Response {
    let pairs = url::form_urlencoded::parse(&body);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    answer::see_other(&format!("/oauth2/logout?{query}"))
}

/// The person's answer on the page.
pub(crate) async fn confirm(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery, form: Form) -> Response {
    if form.sender(&app, &visit, PURPOSE).is_none() {
        return stale(&app, &visit);
    }
    let outcome = answered_by_person(&app, &visit, &query.unwrap_or_default(), form.get("action")).await;
    answered(&app, &visit, outcome)
}

async fn begin(app: &App, visit: &Visit, query: &str) -> Result<Response, OAuthError> {
    let (browser, logout) = read(app, visit, query).await?;
    match (&logout.decision, &browser) {
        (Decision::End(session), Some(browser)) => {
            let told = app.context().sign_out(browser, &[*session], &visit.caller).await?;
            Ok(gone(app, visit, &logout, &told))
        }
        (Decision::Ask(_), Some(browser)) => page(app, visit, browser, &logout, query).await,
        _ => Ok(gone(app, visit, &logout, &Told::default())),
    }
}

async fn answered_by_person(app: &App, visit: &Visit, query: &str, action: &str) -> Result<Response, OAuthError> {
    if action != "signout" {
        return Ok(answer::see_other("/account"));
    }
    let (browser, logout) = read(app, visit, query).await?;
    let told = match browser {
        Some(browser) => {
            let all: Vec<_> = browser.all().map(|session| session.id).collect();
            app.context().sign_out(&browser, &all, &visit.caller).await?
        }
        None => Told::default(),
    };
    Ok(gone(app, visit, &logout, &told))
}

async fn read(app: &App, visit: &Visit, query: &str) -> Result<(Option<Browser>, Logout), OAuthError> {
    let params = Params::parse(query.as_bytes()).map_err(|unsound| unsound.error)?;
    let browser = app.context().browser(visit.session.as_deref()).await?;
    let logout = app.context().logout(&params, browser.as_ref()).await?;
    Ok((browser, logout))
}

async fn page(
    app: &App,
    visit: &Visit,
    browser: &Browser,
    logout: &Logout,
    query: &str,
) -> Result<Response, OAuthError> {
    let mut people = Vec::new();
    for session in browser.all() {
        people.extend(app.context().user(session.user_id).await?);
    }
    if people.is_empty() {
        return Ok(gone(app, visit, logout, &Told::default()));
    }
    let bound = Bound::of(app, visit);
    let name = client_name(logout);
    let html = SignOut {
        page: visit.page(app),
        form: views::Form {
            to: &format!("/oauth2/logout/confirm?{query}"),
            csrf: &bound.token(app, PURPOSE),
            flow: None,
        },
        app: name.map(|name| views::App { name, logo: None }),
        accounts: &people.iter().map(person::account).collect::<Vec<_>>(),
    }
    .render();
    let address = logout.redirect.as_deref().and_then(|address| RedirectUri::parse(address).ok());
    let targets = address.as_ref().map(client::targets).unwrap_or_default();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &targets)))
}

/// Signed out, or nobody was in: back to the app, or to a page that says so.
fn gone(app: &App, visit: &Visit, logout: &Logout, told: &Told) -> Response {
    let address = logout.redirect.as_deref();
    let back = address.map(|address| Link { address, name: client_name(logout).unwrap_or_default() });
    signed_out::response(app, visit, told, back)
}

fn client_name(logout: &Logout) -> Option<&str> {
    let client = &logout.client.as_ref()?.client;
    Some(client.shown.client_name.as_deref().unwrap_or(&client.id))
}

fn answered(app: &App, visit: &Visit, outcome: Result<Response, OAuthError>) -> Response {
    outcome.unwrap_or_else(|error| error::usual_page(app, visit, &error))
}

const PURPOSE: &str = "signout";
