//! `/account/passkeys`: a person's passkeys, making one and removing one.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::factors::passkey::{AddPasskeyError, Making};
use serde_json::json;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views::{self, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// `GET /account/passkeys`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present, None).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/passkeys`: `credential` and `name` with `action=passkey`, or `id` with `action=remove`.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    let Some(binding) = form.own_sender(&app, &visit, PURPOSE) else { return Err(form::stale(&app, &visit)) };
    let present = person::required(&app, &visit).await?;
    try_change(&app, &visit, &form, (&present, &binding))
        .await
        .map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

async fn try_change(
    app: &App,
    visit: &Visit,
    form: &Form,
    (present, binding): (&Present, &idp::bindings::Binding),
) -> Result<Response, Fault> {
    let done = || Ok(answer::see_other(&query::address("/account/passkeys", visit, &[])));
    if form.get("action") == "remove" {
        if let Ok(id) = form.get("id").parse() {
            app.context().remove_passkey(&present.session, id, &visit.caller).await?;
        }
        return done();
    }
    let sent = (form.get("credential"), form.get("name"), Making::Asked);
    match app.context().add_passkey(&present.person, &present.session, binding, sent, &visit.caller).await {
        Ok(_) => done(),
        Err(AddPasskeyError::Fault(fault)) => Err(fault),
        Err(AddPasskeyError::Stale) => page(app, visit, present, None).await,
        Err(refused) => {
            tracing::info!(%refused, "a passkey was not added");
            page(app, visit, present, Some(password_problem::of_passkey(&refused))).await
        }
    }
}

async fn page(app: &App, visit: &Visit, present: &Present, problem: Option<Problem>) -> Result<Response, Fault> {
    let bound = Bound::of(app, visit);
    let (context, person) = (app.context(), &present.person);
    let known = context.passkeys(person.id).await?;
    let ids: Vec<String> = known.iter().map(|passkey| passkey.id.to_string()).collect();
    let listed: Vec<_> = known
        .iter()
        .zip(&ids)
        .map(|(passkey, id)| views::Passkey {
            id,
            name: &passkey.name,
            model: passkey.model,
            synced: passkey.synced,
            made: passkey.created_at.seconds(),
            used: passkey.used_at.map(|used| used.seconds()),
        })
        .collect();
    let to = query::address("/account/passkeys", visit, &[]);
    let token = bound.own_token(app, PURPOSE);
    let form = views::Form { to: &to, csrf: &token, flow: None };
    let options = context.passkey_creation((person, &known), &present.session, &bound.binding, app.brand().name());
    let asked = views::PasskeyAsked { to: &to, options: &options };
    let accepted: Vec<&str> = known.iter().map(|passkey| passkey.credential_id.as_str()).collect();
    let accepted = json!({
        "rpId": context.rp_id(),
        "userId": context.user_handle(person.id),
        "allAcceptedCredentialIds": accepted,
    });
    let html = views::Passkeys {
        page: visit.page(app),
        passkeys: &listed,
        remove: form,
        make: context.may_change_factors(&present.session).await?.then_some((form, asked)),
        again: &query::address("/signin", visit, &[("prompt", "login")]),
        accepted: &accepted.to_string(),
        problem,
        back: &query::address("/account", visit, &[]),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

const PURPOSE: &str = "account-passkeys";
