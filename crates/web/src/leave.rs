//! Where a browser goes from a flow when it is not shown a page there.

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use idp::bindings::Binding;
use idp::clients::RegisteredClient;
use idp::flows::{DeviceOutcome, Onward};
use oidc::OAuthError;

use crate::app::App;
use crate::views::{ErrorKind, ErrorPage, Link};
use crate::visit::Visit;
use crate::{answer, client, error, query};

/// The answer to a form, or to whoever has no page of the flow before them: a page that is due is at its own address, so
/// that reloading it sends nothing again.
pub(crate) fn leave(app: &App, visit: &Visit, onward: Onward) -> Response {
    match onward {
        Onward::Page(due) => answer::see_other(&query::flow_address(due.flow, visit)),
        Onward::Flow(flow) => answer::see_other(&query::flow_address(flow, visit)),
        Onward::Client(answer) => client::response(app, visit, &answer),
        Onward::Account(_) => answer::see_other("/account"),
        Onward::Device(outcome) => answered(app, visit, outcome),
        Onward::Site(address, cookie) => {
            let age = app.context().settings().session.lifetime.as_secs();
            let response = answer::see_other(&address.to_url(app.scheme()));
            answer::with_cookie(response, &app.site_cookie().set(cookie.text(), age))
        }
        Onward::Gone(client) => gone(app, visit, client),
    }
}

/// The page that says what a device was answered: with a token, so that a link of somebody else's cannot say it.
fn answered(app: &App, visit: &Visit, outcome: DeviceOutcome) -> Response {
    let binding = visit.binding.as_deref().and_then(Binding::parse);
    let told = binding.map(|binding| app.context().csrf_token(&binding, device_told(outcome))).unwrap_or_default();
    answer::see_other(&query::address("/device", visit, &[("done", &told)]))
}

/// What the token of that page is for.
pub(crate) fn device_told(outcome: DeviceOutcome) -> &'static str {
    match outcome {
        DeviceOutcome::Allowed => "done device-allowed",
        DeviceOutcome::Denied => "done device-denied",
    }
}

/// The page for a flow that is over, unknown or another browser's: it leads back to the app, where one is known.
pub(crate) fn gone(app: &App, visit: &Visit, client: Option<Arc<RegisteredClient>>) -> Response {
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
