//! `/account/apps`: what a person has allowed apps, the receipt for each, and taking it back.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use idp::Fault;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views;
use crate::visit::Visit;
use crate::{answer, error, query};

/// `GET /account/apps`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/apps`: `action=withdraw` with the client's `id`.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if form.own_sender(&app, &visit, PURPOSE).is_none() {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    if form.get("action") == "withdraw" {
        let withdrawn = app.context().withdraw(present.person.id, form.get("id"), &visit.caller).await;
        withdrawn.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))?;
    }
    Ok(answer::see_other(&query::address("/account/apps", &visit, &[])))
}

/// `GET /account/apps/receipt?client=ID`: a signed receipt, to be kept.
pub(crate) async fn receipt(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    let client = query::value(&visit, "client");
    match app.context().consent_receipt(present.person.id, &client).await {
        Ok(Some(receipt)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/jwt"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"consent-receipt.jwt\""),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            Ok((headers, receipt).into_response())
        }
        Ok(None) => Ok(answer::see_other(&query::address("/account/apps", &visit, &[]))),
        Err(fault) => Err(error::usual_page(&app, &visit, &fault.into())),
    }
}

async fn page(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let allowed = app.context().allowed_apps(present.person.id).await?;
    let allowed: Vec<_> = allowed
        .iter()
        .map(|one| {
            let receipt = query::address("/account/apps/receipt", visit, &[("client", &one.client_id)]);
            (one, one.scopes.iter().collect::<Vec<_>>(), receipt)
        })
        .collect();
    let apps = allowed.iter().map(|(one, scopes, receipt)| views::AllowedApp {
        id: &one.client_id,
        name: &one.name,
        owner: one.owner.as_deref(),
        scopes,
        answered: one.updated_at.seconds(),
        version: one.version,
        receipt,
    });
    let bound = Bound::of(app, visit);
    let html = views::Apps {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/account/apps", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        apps: &apps.collect::<Vec<_>>(),
        back: &query::address("/account", visit, &[]),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

const PURPOSE: &str = "account-apps";
