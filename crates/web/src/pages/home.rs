//! `/`: what this is, and the way in.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::settings::SignupMode;

use crate::app::App;
use crate::visit::Visit;
use crate::{answer, error, person, query, views};

/// `GET /`.
pub(crate) async fn home(State(app): State<App>, visit: Visit) -> Response {
    let present = match person::present(app.context(), &visit).await {
        Ok(present) => present,
        Err(fault) => return error::usual_page(&app, &visit, &fault.into()),
    };
    let open = app.context().settings().signup == SignupMode::Open;
    let html = views::Home {
        page: visit.page(&app),
        account: present.as_ref().map(|present| person::account(&present.person)),
        sign_in: &query::address("/signin", &visit, &[]),
        sign_up: open.then_some(query::address("/signup", &visit, &[])).as_deref(),
        account_home: &query::address("/account", &visit, &[]),
    }
    .render();
    answer::page(&app, StatusCode::OK, html, &[])
}
