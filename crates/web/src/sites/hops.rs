//! `/forward-auth/signin` and `/forward-auth/signout`: the hops of plain websites on the provider's own host.
//!
//! The address of a site is believed only where the site is registered: nobody is led anywhere else.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::logout::Told;
use oidc::OAuthError;
use oidc::site::Address;

use crate::app::App;
use crate::form::{Bound, Form, stale};
use crate::pages::signin;
use crate::views::{self, ErrorKind, Link, SignOut};
use crate::visit::Visit;
use crate::{answer, error, person, query, signed_out};

/// `GET /forward-auth/signin?to=ADDRESS`: to a page of a site, with the sites' cookie.
pub(crate) async fn sign_in(State(app): State<App>, visit: Visit) -> Response {
    let Some(address) = Address::of_url(&query::value(&visit, "to")) else { return unknown(&app, &visit) };
    let bound = Bound::of(&app, &visit);
    match app.context().begin_site_flow(address, visit.visitor(&bound.binding)).await {
        Ok(Some(onward)) => bound.with_cookie(signin::onward(&app, visit, onward).await),
        Ok(None) => unknown(&app, &visit),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `GET /forward-auth/signout?to=ADDRESS`: asks whether to sign out. A link alone signs nobody out.
pub(crate) async fn ask_sign_out(State(app): State<App>, visit: Visit) -> Response {
    sign_out_page(&app, &visit).await.unwrap_or_else(|error| error::usual_page(&app, &visit, &error))
}

/// `POST /forward-auth/signout?to=ADDRESS`: the person's answer.
pub(crate) async fn sign_out(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if form.sender(&app, &visit, PURPOSE).is_none() {
        return stale(&app, &visit);
    }
    if form.get("action") != "signout" {
        return answer::see_other("/account");
    }
    signed_out(&app, &visit).await.unwrap_or_else(|error| error::usual_page(&app, &visit, &error))
}

async fn sign_out_page(app: &App, visit: &Visit) -> Result<Response, OAuthError> {
    let back = back(app, visit).await?;
    let browser = app.context().browser(visit.session.as_deref()).await?;
    let mut people = Vec::new();
    for session in browser.iter().flat_map(|browser| browser.all()) {
        people.extend(app.context().user(session.user_id).await?);
    }
    if people.is_empty() {
        return Ok(gone(app, visit, back.as_ref(), &Told::default()));
    }
    let bound = Bound::of(app, visit);
    let html = SignOut {
        page: visit.page(app),
        form: views::Form {
            to: &format!("/forward-auth/signout?{}", visit.here),
            csrf: &bound.token(app, PURPOSE),
            flow: None,
        },
        app: back.as_ref().map(|address| views::App { name: address.host.as_str(), logo: None }),
        accounts: &people.iter().map(person::account).collect::<Vec<_>>(),
    }
    .render();
    let targets: Vec<String> = back.iter().map(|address| format!("{}://{}", app.scheme(), address.host)).collect();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &targets)))
}

async fn signed_out(app: &App, visit: &Visit) -> Result<Response, OAuthError> {
    let back = back(app, visit).await?;
    let told = match app.context().browser(visit.session.as_deref()).await? {
        Some(browser) => {
            let all: Vec<_> = browser.all().map(|session| session.id).collect();
            app.context().sign_out(&browser, &all, &visit.caller).await?
        }
        None => Told::default(),
    };
    Ok(gone(app, visit, back.as_ref(), &told))
}

/// The page to go back to, where it is a registered site's.
async fn back(app: &App, visit: &Visit) -> Result<Option<Address>, OAuthError> {
    let Some(address) = Address::of_url(&query::value(visit, "to")) else { return Ok(None) };
    let known = app.context().site(&address.host).await?.is_some();
    Ok(Some(address).filter(|_| known))
}

fn gone(app: &App, visit: &Visit, back: Option<&Address>, told: &Told) -> Response {
    let address = back.map(|address| address.to_url(app.scheme()));
    let name = back.map(|address| address.host.as_str()).unwrap_or_default();
    let link = address.as_deref().map(|address| Link { address, name });
    let response = signed_out::response(app, visit, told, link);
    answer::with_cookie(response, &app.site_cookie().clear())
}

fn unknown(app: &App, visit: &Visit) -> Response {
    let error = OAuthError::invalid_request("the address is no registered site's, so that nobody is led there");
    error::page(app, visit, ErrorKind::BadRequest, &error)
}

const PURPOSE: &str = "site-signout";
