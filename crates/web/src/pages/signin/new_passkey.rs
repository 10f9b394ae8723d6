//! The step `new-passkey`: a passkey for whoever has just signed in without one.

use std::time::Duration;

use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::factors::passkey::{AddPasskeyError, Making};
use idp::flows::{Fact, Onward, Page, Recorded};

use super::{Means, Sent, render};
use crate::app::App;
use crate::form::{self, Form};
use crate::leave::leave;
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// `credential` with `action=passkey`, or `action=skip`.
pub(super) async fn answered(app: &App, visit: &Visit, form: &Form, sent: &Sent<'_>) -> Result<Response, Response> {
    try_it(app, visit, form, sent).await.unwrap_or_else(|fault| Err(error::usual_page(app, visit, &fault.into())))
}

async fn try_it(app: &App, visit: &Visit, form: &Form, sent: &Sent<'_>) -> Result<Result<Response, Response>, Fault> {
    let due = match app.context().go_on(sent.flow, sent.visitor()).await? {
        Onward::Page(due) => due,
        onward => return Ok(Ok(leave(app, visit, onward))),
    };
    let Page::OfferPasskey { person, session } = &due.page else {
        return Ok(Ok(answer::see_other(&query::flow_address(sent.flow, visit))));
    };
    if !app.context().csrf_holds(&sent.binding, &due.purpose(), form.get("csrf")) {
        return Ok(Err(form::stale(app, visit)));
    }
    let skips = form.get("action") == "skip";
    if !skips {
        let how = if form.get("silently") == "on" { Making::Silently } else { Making::Asked };
        let made = (form.get("credential"), "", how);
        match app.context().add_passkey(person, session, &sent.binding, made, &visit.caller).await {
            // Who has waited for too long goes on without.
            Ok(_) | Err(AddPasskeyError::Stale) => {}
            Err(AddPasskeyError::Fault(fault)) => return Err(fault),
            Err(refused) => {
                tracing::info!(%refused, "a passkey was not added");
                let attempt = render::Attempt {
                    username: "",
                    means: Means::Passkey,
                    problem: password_problem::of_passkey(&refused),
                };
                let page = render::again(app, visit, &sent.binding, &due, attempt, StatusCode::UNPROCESSABLE_ENTITY);
                return Ok(Ok(page.await?));
            }
        }
    }
    let response = match app.context().record_fact(sent.step(form), Fact::Offered).await? {
        Recorded::GoOn(onward) => leave(app, visit, onward),
        Recorded::Foreign => return Ok(Err(form::stale(app, visit))),
    };
    Ok(Ok(match skips {
        true => answer::with_cookie(response, &app.declined_cookie().set("1", Some(DECLINED.as_secs()))),
        false => response,
    }))
}

/// For how long nobody is asked again in this browser.
const DECLINED: Duration = Duration::from_secs(90 * 24 * 60 * 60);
