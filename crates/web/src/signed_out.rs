//! What follows a sign-out: back to the app that asked, or a page that says so. The page also opens the apps' own pages in
//! frames (Front-Channel Logout 1.0 §3), and names the apps that could not be told.

use axum::response::Response;
use http::StatusCode;
use idp::logout::Told;
use oidc::redirect_uri::RedirectUri;

use crate::answer::{self, Allowed};
use crate::app::App;
use crate::client;
use crate::query;
use crate::views::{Link, SignedOut};
use crate::visit::Visit;

/// The answer to a sign-out; `back` leads to the app that asked for it. Where there is nothing to do and nothing to
/// say, the browser goes there without a page.
pub(crate) fn response(app: &App, visit: &Visit, told: &Told, back: Option<Link<'_>>) -> Response {
    if let Some(back) = back
        && told.is_quiet()
    {
        return with_state(app, visit, told, answer::see_other(back.address));
    }
    let html = SignedOut {
        page: visit.passing_page(app),
        back,
        sign_in: &query::address("/signin", visit, &[]),
        frames: &told.frames,
        untold: &told.untold,
    }
    .render();
    let mut origins: Vec<String> = told.frames.iter().flat_map(|frame| origin(frame)).collect();
    origins.sort();
    origins.dedup();
    let page = answer::page_that_may(app, StatusCode::OK, html, Allowed { frames: &origins, ..Allowed::default() });
    with_state(app, visit, told, page)
}

fn with_state(app: &App, visit: &Visit, told: &Told, response: Response) -> Response {
    app.state_cookie().keep(response, told.state.as_deref(), visit.state.as_deref())
}

fn origin(frame: &str) -> Vec<String> {
    RedirectUri::parse(frame).map(|uri| client::targets(&uri)).unwrap_or_default()
}
