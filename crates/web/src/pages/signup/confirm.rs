//! `/signup/confirm`: where the mail of a sign-up leads. The account is made when the button is pressed, so that a mail
//! scanner that follows links makes none.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::bindings::Binding;
use idp::passwords::PasswordError;
use idp::people::{Confirmed, LinkError, Pending};

use super::{landed, open_flow};
use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::views::{self, Notice, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query, waiting};

/// `GET /signup/confirm`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let token = query::value(&visit, "token");
    match pending(&app, &visit, &token).await {
        Ok(Some(pending)) => page(&app, &visit, &token, &pending, None).await,
        Ok(None) => gone(&app, &visit),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `POST /signup/confirm`: the field `token`, and `password` in another browser than the one that signed up.
pub(crate) async fn confirm(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if visit.cross_site {
        return form::stale(&app, &visit);
    }
    let token = form.get("token");
    let pending = match pending(&app, &visit, token).await {
        Ok(Some(pending)) => pending,
        Ok(None) => return gone(&app, &visit),
        Err(fault) => return error::usual_page(&app, &visit, &fault.into()),
    };
    let password = form.get("password");
    let Some(binding) = form.sender(&app, &visit, PURPOSE) else {
        return page(&app, &visit, token, &pending, Some(Problem::Stale)).await;
    };
    if !pending.here && password.is_empty() {
        return page(&app, &visit, token, &pending, Some(Problem::Missing)).await;
    }
    let problem = match app.context().confirm_account(token, &binding, password, &visit.caller).await {
        Ok(confirmed) => return made(&app, &visit, &confirmed).await,
        Err(LinkError::Gone) => return gone(&app, &visit),
        Err(LinkError::Password(refused)) => password_problem::of(refused),
        Err(LinkError::Fault(Fault::Password(PasswordError::Busy))) => Problem::Busy,
        Err(LinkError::Fault(fault)) => return error::usual_page(&app, &visit, &fault.into()),
    };
    page(&app, &visit, token, &pending, Some(problem)).await
}

async fn pending(app: &App, visit: &Visit, token: &str) -> Result<Option<Pending>, Fault> {
    let binding = visit.binding.as_deref().and_then(Binding::parse);
    app.context().pending_account(token, binding.as_ref()).await
}

/// Signed in, and on the way to the app where that is still open here; or told to sign in, where the password was typed
/// long ago.
async fn made(app: &App, visit: &Visit, confirmed: &Confirmed) -> Response {
    if confirmed.proven {
        let flow = confirmed.flow.map(|flow| flow.to_string()).unwrap_or_default();
        return match open_flow(app, visit, &flow).await {
            Ok((flow, _)) => landed(app, visit, flow, &confirmed.person).await,
            Err(fault) => error::usual_page(app, visit, &fault.into()),
        };
    }
    let link = views::Link { address: &query::address("/signin", visit, &[]), name: app.brand().name() };
    let html = views::Message { page: visit.passing_page(app), notice: Notice::AccountMade, link: Some(link) }.render();
    answer::page(app, StatusCode::OK, html, &[])
}

async fn page(app: &App, visit: &Visit, token: &str, pending: &Pending, problem: Option<Problem>) -> Response {
    let bound = Bound::of(app, visit);
    let flow = pending.flow.map(|flow| flow.to_string()).unwrap_or_default();
    // Where the flow cannot be read, the page stands without it.
    let (asks, site) = open_flow(app, visit, &flow).await.map(|(_, waiting)| waiting).unwrap_or_default();
    let html = views::Confirm {
        // A token that opened a link needs no escaping.
        page: views::Page { here: Some(&format!("token={token}")), ..visit.page(app) },
        form: views::Form {
            to: &query::address("/signup/confirm", visit, &[]),
            csrf: &bound.token(app, PURPOSE),
            flow: None,
        },
        app: waiting::name(asks.as_ref(), site.as_deref()),
        token,
        account: views::Account { name: &pending.name, email: &pending.email },
        password_min: (!pending.here).then_some(app.context().password_min()),
        problem,
    }
    .render();
    // Chromium holds form-action against the redirect that ends the road too.
    let targets = waiting::targets(app, asks.as_ref(), site.as_deref());
    bound.with_cookie(answer::page(app, password_problem::status(problem), html, &targets))
}

fn gone(app: &App, visit: &Visit) -> Response {
    let html = views::Message { page: visit.passing_page(app), notice: Notice::LinkGone, link: None }.render();
    answer::page(app, StatusCode::GONE, html, &[])
}

const PURPOSE: &str = "confirm";
