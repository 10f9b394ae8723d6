//! `/account/apps`: what a person has allowed apps, the receipt for each, and taking it back.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use idp::Fault;
use idp::people::OfflineGrant;

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

/// `POST /account/apps`: `action=withdraw` with the client's `id`, `action=end-device` with the device's,
/// `action=end-key` with the key's.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if form.own_sender(&app, &visit, PURPOSE).is_none() {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    let (context, user, id) = (app.context(), present.person.id, form.get("id"));
    let changed = match (form.get("action"), id.parse()) {
        ("withdraw", _) => context.withdraw(user, id, &visit.caller).await,
        ("end-key", Ok(key)) => context.forget_device_key(user, key, &visit.caller).await,
        ("end-device", Ok(device)) => context.end_offline_grant(user, device, &visit.caller).await,
        _ => Ok(false),
    };
    changed.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))?;
    Ok(answer::see_other(&query::address("/account/apps", &visit, &[])))
}

/// `GET /account/apps/receipt?client=ID`: a signed receipt, to be kept.
pub(crate) async fn receipt(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    let client = query::value(&visit, "client");
    match app.context().consent_receipt(present.person.id, &client).await {
        Ok(Some(receipt)) => Ok(kept("consent-receipt.jwt", receipt)),
        Ok(None) => Ok(answer::see_other(&query::address("/account/apps", &visit, &[]))),
        Err(fault) => Err(error::usual_page(&app, &visit, &fault.into())),
    }
}

/// `GET /account/apps/evidence?id=…`: the signed record of what was confirmed, to be kept.
pub(crate) async fn evidence(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    let found = match query::value(&visit, "id").parse() {
        Ok(id) => app.context().confirmation_record(present.person.id, id).await,
        Err(_) => Ok(None),
    };
    match found {
        Ok(Some(record)) => Ok(kept("authorization-evidence.jwt", record)),
        Ok(None) => Ok(answer::see_other(&query::address("/account/apps", &visit, &[]))),
        Err(fault) => Err(error::usual_page(&app, &visit, &fault.into())),
    }
}

/// A signed record, as a file.
fn kept(name: &str, record: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/jwt".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, record).into_response()
}

async fn page(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let allowed = app.context().allowed_apps(present.person.id).await?;
    let allowed: Vec<_> = allowed
        .iter()
        .map(|one| {
            let receipt = query::address("/account/apps/receipt", visit, &[("client", &one.client_id)]);
            let devices: Vec<_> = one.devices.iter().map(|grant| (grant, grant.id.to_string())).collect();
            (one, one.scopes.iter().collect::<Vec<_>>(), receipt, devices)
        })
        .collect();
    let allowed: Vec<_> = allowed
        .iter()
        .map(|(one, scopes, receipt, devices)| (one, scopes, receipt, devices.iter().map(shown).collect::<Vec<_>>()))
        .collect();
    let apps = allowed.iter().map(|(one, scopes, receipt, devices)| views::AllowedApp {
        id: &one.client_id,
        name: &one.name,
        owner: one.owner.as_deref(),
        scopes,
        answered: one.updated_at.seconds(),
        version: one.version,
        receipt,
        devices,
    });
    let confirmed = app.context().confirmed(present.person.id).await?;
    let confirmed: Vec<_> = confirmed
        .iter()
        .map(|one| (one, query::address("/account/apps/evidence", visit, &[("id", &one.id.to_string())])))
        .collect();
    let confirmed = confirmed.iter().map(|(one, record)| views::Confirmed {
        app: &one.app,
        words: &one.words,
        at: one.at.seconds(),
        record,
    });
    let keys = app.context().kept_keys(present.person.id).await?;
    let keys: Vec<_> = keys.iter().map(|key| (key, key.id.to_string())).collect();
    let keys = keys.iter().map(|(key, id)| views::KeptKey {
        id,
        app: &key.app,
        name: &key.name,
        since: key.created_at.seconds(),
        used: key.used_at.map(|used| used.seconds()),
        attested: key.attested,
        unlocked: key.unlocked,
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
        keys: &keys.collect::<Vec<_>>(),
        confirmed: &confirmed.collect::<Vec<_>>(),
        back: &query::address("/account", visit, &[]),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

fn shown<'a>((grant, id): &'a (&OfflineGrant, String)) -> views::SignedInDevice<'a> {
    let (device, place) = grant.device.as_ref().map(|(device, place)| (*device, place.as_deref())).unwrap_or_default();
    views::SignedInDevice {
        id,
        device: views::Device { browser: device.browser, system: device.system },
        place,
        since: grant.created_at.seconds(),
        used: grant.used_at.map(|used| used.seconds()),
    }
}

const PURPOSE: &str = "account-apps";
