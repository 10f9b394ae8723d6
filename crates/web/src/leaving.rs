//! The page of somebody whose account waits for its end: they come back, and see nothing else until they do.

use axum::response::Response;
use http::StatusCode;
use oidc::Time;

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
    let form = views::Form { to: &address(visit), csrf: &bound.token(app, PURPOSE), flow: None };
    // The address is that of the page it stands for, which may take a GET or not.
    let page = visit.passing_page(app);
    let html = views::Leaving { page, form, account: person::account(&present.person), at: at.seconds() }.render();
    bound.with_cookie(answer::page(app, StatusCode::OK, html, &[]))
}

/// What its form is for.
pub(crate) const PURPOSE: &str = "account-leaving";
