//! `/account`: who I am and what I can change.

#![allow(clippy::result_large_err, reason = "an answer that ends a request early is made once")]

pub(crate) mod apps;
pub(crate) mod codes;
pub(crate) mod data;
pub(crate) mod delete;
pub(crate) mod email;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod phone;
pub(crate) mod picture;
pub(crate) mod profile;
pub(crate) mod sessions;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::logout::Told;

use crate::app::App;
use crate::done::Done;
use crate::form::{self, Bound, Form};
use crate::look_of::LookOf;
use crate::person::{self, Present};
use crate::views;
use crate::visit::Visit;
use crate::{answer, error, query, signed_out};

/// `GET /account`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

async fn page(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let mut people = Vec::new();
    for session in &present.browser.sessions {
        people
            .extend(app.context().user(session.user_id).await?.map(|person| (session, session.id.to_string(), person)));
    }
    let listed = people.iter().map(|(session, id, person)| views::Session {
        id,
        account: person::account(person),
        since: session.authenticated_at.seconds(),
        current: session.id == present.session.id,
    });
    let bound = Bound::of(app, visit);
    let told = query::value(visit, "done");
    let done = Done::told(app, &bound, &told);
    let html = views::AccountHome {
        page: visit.page(app),
        sign_out: views::Form {
            to: &query::address("/account/signout", visit, &[]),
            csrf: &bound.own_token(app, SIGN_OUT),
            flow: None,
        },
        account: person::account(&present.person),
        portrait: app.context().picture_path(&present.person),
        picture: &query::address("/account/picture", visit, &[]),
        profile: &query::address("/account/profile", visit, &[]),
        email: &query::address("/account/email", visit, &[]),
        phone: &query::address("/account/phone", visit, &[]),
        data: &query::address("/account/data", visit, &[]),
        delete: &query::address("/account/delete", visit, &[]),
        change_password: &query::address("/account/password", visit, &[]),
        passkeys: &query::address("/account/passkeys", visit, &[]),
        codes: &query::address("/account/codes", visit, &[]),
        where_signed_in: &query::address("/account/sessions", visit, &[]),
        apps: &query::address("/account/apps", visit, &[]),
        details: &app.context().passkey_details(&present.person),
        sessions: &listed.collect::<Vec<_>>(),
        notice: done.map(Done::notice),
    }
    .render();
    let page = bound.with_cookie(answer::page(app, StatusCode::OK, html, &[]));
    // What was chosen elsewhere arrives here with the next page.
    Ok(person::with_look(app, visit, LookOf::person(&present.person), page))
}

/// `POST /account/signout`: ends all sessions in this browser.
pub(crate) async fn sign_out(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if form.own_sender(&app, &visit, SIGN_OUT).is_none() {
        return form::stale(&app, &visit);
    }
    match end_all(&app, &visit).await {
        Ok(told) => answer::with_cookie(signed_out::response(&app, &visit, &told, None), &app.session_cookie().clear()),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

async fn end_all(app: &App, visit: &Visit) -> Result<Told, Fault> {
    let Some(browser) = app.context().browser(visit.session.as_deref()).await? else {
        return Ok(Told::default());
    };
    let sessions: Vec<_> = browser.all().map(|session| session.id).collect();
    app.context().sign_out(&browser, &sessions, &visit.caller).await
}

const SIGN_OUT: &str = "account-signout";
