//! Where a browser goes from a flow, as an answer.

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use idp::clients::RegisteredClient;
use idp::flows::Onward;
use oidc::OAuthError;

use super::render;
use crate::app::App;
use crate::form::Bound;
use crate::views::{ErrorKind, ErrorPage, Link};
use crate::visit::Visit;
use crate::{answer, client, error, query};

/// The answer that takes the browser on.
pub(crate) fn onward(app: &App, mut visit: Visit, onward: Onward) -> Response {
    match onward {
        Onward::Page(due) => {
            if let Some(asks) = &due.asks {
                visit.speak(&asks.request.ui_locales);
            }
            let bound = Bound::of(app, &visit);
            bound.with_cookie(render::first(app, &visit, &bound.binding, &due))
        }
        Onward::Flow(flow) => answer::see_other(&query::flow_address(flow, &visit)),
        Onward::Client(answer) => client::response(app, &visit, &answer),
        Onward::Account(_) => answer::see_other("/account"),
        Onward::Gone(client) => gone(app, &visit, client),
    }
}

/// The page for a flow that is over, unknown or another browser's: it leads back to the app, where one is known.
pub(super) fn gone(app: &App, visit: &Visit, client: Option<Arc<RegisteredClient>>) -> Response {
    let error = OAuthError::invalid_request("this sign-in is over, or began in another browser");
    error::note(&visit.trace, &error);
    let client = client.as_deref().map(|registered| &registered.client);
    let back = client.and_then(|client| {
        let address = client.shown.client_uri.as_deref().filter(|address| client::is_web(address))?;
        Some(Link { address, name: client.shown.client_name.as_deref().unwrap_or(&client.id) })
    });
    let html = ErrorPage {
        page: visit.passing_page(app),
        kind: ErrorKind::FlowGone,
        code: error.code.as_str(),
        trace: &visit.trace,
        detail: Some(&error.description),
        back,
    }
    .render();
    answer::page(app, StatusCode::BAD_REQUEST, html, &[])
}
