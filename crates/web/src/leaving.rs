//! The page of somebody whose account waits for its end: they come back, and see nothing else until they do.

use axum::response::Response;
use http::StatusCode;
use oidc::{Id, Time};

use crate::app::App;
use crate::form::Bound;
use crate::person::{self, Present};
use crate::views;
use crate::visit::Visit;
use crate::{answer, query};

/// Where its form goes.
pub(crate) fn address(visit: &Visit) -> String {
    query::address("/account/delete", visit, &[])
}

/// In the place of a page of the account.
pub(crate) fn page(app: &App, visit: &Visit, present: &Present, at: Time) -> Response {
    let bound = Bound::of(app, visit);
    let session = present.session.id;
    let csrf = app.context().csrf_token(&bound.binding, &purpose(session));
    let form = views::Form { to: &address(visit), csrf: &csrf, flow: None };
    let session = session.to_string();
    // The address is that of the page it stands for, which may take a GET or not.
    let page = visit.passing_page(app);
    let html =
        views::Leaving { page, form, account: person::account(&present.person), session: &session, at: at.seconds() };
    let html = html.render();
    bound.with_cookie(answer::page(app, StatusCode::OK, html, &[]))
}

/// What its form is for: the end of this session's account, whoever else signs in meanwhile.
pub(crate) fn purpose(session: Id) -> String {
    format!("account-leaving {session}")
}
