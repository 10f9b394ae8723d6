//! `/account/data`: all that is kept about a person, as a file.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use idp::Fault;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views;
use crate::visit::Visit;
use crate::{answer, error, query};

/// `GET /account/data`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/data`: `action=download`. Who has found a session open gets no file: a fresh sign-in does.
pub(crate) async fn download(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if form.own_sender(&app, &visit, PURPOSE).is_none() {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    file(&app, &visit, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

async fn file(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let context = app.context();
    if !context.may_change_factors(&present.session).await? {
        return page(app, visit, present).await;
    }
    let Some(document) = context.download(present.person.id, &visit.caller).await? else {
        return Ok(answer::see_other(&query::address("/account", visit, &[])));
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, format!("{document:#}\n")).into_response())
}

async fn page(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let bound = Bound::of(app, visit);
    let (to, csrf) = (query::address("/account/data", visit, &[]), bound.own_token(app, PURPOSE));
    let fresh = app.context().may_change_factors(&present.session).await?;
    let html = views::Data {
        page: visit.page(app),
        form: fresh.then_some(views::Form { to: &to, csrf: &csrf, flow: None }),
        again: &query::address("/signin", visit, &[("prompt", "login")]),
        back: &query::address("/account", visit, &[]),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

const PURPOSE: &str = "account-data";
