//! `/not-me`: where the mail of a sign-in from a new device leads. The link asks; its button acts.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::people::{Disowned, LinkError};
use oidc::agent;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::views::{self, Device, Notice};
use crate::visit::Visit;
use crate::{answer, error, query};

/// `GET /not-me?token=…`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let token = query::value(&visit, "token");
    match app.context().disowned(&token).await {
        Ok(Some(sign_in)) => page(&app, &visit, &token, &sign_in),
        Ok(None) => message(&app, &visit, Notice::LinkGone, StatusCode::GONE),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `POST /not-me`: field `token`.
pub(crate) async fn disown(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if form.sender(&app, &visit, PURPOSE).is_none() {
        return form::stale(&app, &visit);
    }
    match app.context().disown(form.get("token"), &visit.caller).await {
        Ok(Some(link)) => answer::see_other(&query::address("/set-password", &visit, &[("token", &link)])),
        Ok(None) => message(&app, &visit, Notice::Disowned, StatusCode::OK),
        Err(LinkError::Fault(fault)) => error::usual_page(&app, &visit, &fault.into()),
        Err(_) => message(&app, &visit, Notice::LinkGone, StatusCode::GONE),
    }
}

fn page(app: &App, visit: &Visit, token: &str, sign_in: &Disowned) -> Response {
    let bound = Bound::of(app, visit);
    let device = agent::device(&sign_in.agent);
    let html = views::NotMe {
        // A token that opened a link needs no escaping.
        page: views::Page { here: Some(&format!("token={token}")), ..visit.page(app) },
        form: views::Form { to: &query::address("/not-me", visit, &[]), csrf: &bound.token(app, PURPOSE), flow: None },
        token,
        device: Device { browser: device.browser, system: device.system },
        place: sign_in.address.as_deref().and_then(agent::place).as_deref(),
        at: sign_in.at.seconds(),
        restores: sign_in.restores.as_deref(),
    }
    .render();
    bound.with_cookie(answer::page(app, StatusCode::OK, html, &[]))
}

fn message(app: &App, visit: &Visit, notice: Notice, status: StatusCode) -> Response {
    let html = views::Message { page: visit.passing_page(app), notice, link: None }.render();
    answer::page(app, status, html, &[])
}

const PURPOSE: &str = "not-me";
