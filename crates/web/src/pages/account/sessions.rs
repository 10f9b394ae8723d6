//! `/account/sessions`: where a person is signed in, in which apps, and ending it.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::people::ContainerThere;
use oidc::agent;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views;
use crate::visit::Visit;
use crate::{answer, error, query};

/// `GET /account/sessions`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/sessions`: `action=end`, `action=end-container`, `action=end-grant` and `action=forget` with `id`,
/// `action=end-app` with `id` and `app`, or `action=end-others`.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if form.own_sender(&app, &visit, PURPOSE).is_none() {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    match end(&app, &visit, &form, &present).await {
        Ok(()) => Ok(answer::see_other(&query::address("/account/sessions", &visit, &[]))),
        Err(fault) => Err(error::usual_page(&app, &visit, &fault.into())),
    }
}

/// What is gone already needs no word: the page that follows shows what is there.
async fn end(app: &App, visit: &Visit, form: &Form, present: &Present) -> Result<(), Fault> {
    let (context, user, caller) = (app.context(), present.person.id, &visit.caller);
    match (form.get("action"), form.get("id").parse()) {
        ("end", Ok(session)) => context.end_session_of(user, session, caller).await.map(drop),
        ("end-others", _) => context.end_other_sessions(user, present.session.id, caller).await.map(drop),
        ("end-container", Ok(container)) => context.end_container_of(user, container, caller).await.map(drop),
        ("end-app", Ok(container)) => {
            context.end_container_app(user, container, form.get("app"), caller).await.map(drop)
        }
        ("forget", Ok(device)) => context.forget_device(user, device).await.map(drop),
        ("end-grant", Ok(family)) => context.end_offline_grant(user, family, caller).await.map(drop),
        _ => Ok(()),
    }
}

async fn page(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let (context, user) = (app.context(), present.person.id);
    let (found, granted) = (context.whereabouts(user).await?, context.offline_grants(user).await?);
    let found: Vec<_> = found
        .iter()
        .map(|one| {
            let apps: Vec<_> = one.apps.iter().map(|app| (app.name.as_str(), app.used_at.seconds())).collect();
            let containers: Vec<_> =
                one.containers.iter().map(|there| (there, there.id.to_string(), apps_of(there))).collect();
            (one, one.running.session.id.to_string(), apps, containers)
        })
        .collect();
    let containers: Vec<Vec<_>> =
        found.iter().map(|(.., containers)| containers.iter().map(shared).collect()).collect();
    let sessions = found.iter().zip(&containers).map(|((one, id, apps, _), containers)| views::Whereabout {
        id,
        current: one.running.session.id == present.session.id,
        device: shown(one.device),
        place: one.place.as_deref(),
        since: one.running.created_at.seconds(),
        used: one.running.session.last_seen_at.seconds(),
        apps,
        containers,
    });
    let granted: Vec<_> =
        granted.iter().map(|one| (one, one.id.to_string(), one.scopes.iter().collect::<Vec<_>>())).collect();
    let grants = granted.iter().map(|(one, id, scopes)| views::OfflineGrant {
        id,
        app: &one.name,
        scopes,
        since: one.created_at.seconds(),
        used: one.used_at.map(|used| used.seconds()),
    });
    let known: Vec<_> = context.list_devices(user).await?;
    let known: Vec<_> =
        known.iter().map(|one| (one, one.id.to_string(), one.address.as_deref().and_then(agent::place))).collect();
    let devices = known.iter().map(|(one, id, place)| views::KnownDevice {
        id,
        device: shown(agent::device(&one.agent)),
        place: place.as_deref(),
        since: one.first_seen.seconds(),
        used: one.last_seen.seconds(),
        remembered_until: one
            .remembered_until
            .filter(|_| one.is_remembered(context.now()))
            .map(|until| until.seconds()),
    });
    let bound = Bound::of(app, visit);
    let html = views::Sessions {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/account/sessions", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        sessions: &sessions.collect::<Vec<_>>(),
        grants: &grants.collect::<Vec<_>>(),
        devices: &devices.collect::<Vec<_>>(),
        back: &query::address("/account", visit, &[]),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

/// The apps of a container, as the page shows them.
fn apps_of(container: &ContainerThere) -> Vec<views::ContainerApp<'_>> {
    let apps = container.apps.iter();
    apps.map(|app| views::ContainerApp { id: &app.client_id, name: &app.name, used: app.used_at.seconds() }).collect()
}

fn shared<'a>((there, id, apps): &'a (&ContainerThere, String, Vec<views::ContainerApp<'a>>)) -> views::Container<'a> {
    let (since, used) = (there.created_at.seconds(), there.used_at.seconds());
    views::Container { id, group: &there.app_group, since, used, apps }
}

fn shown(device: agent::Device) -> views::Device<'static> {
    views::Device { browser: device.browser, system: device.system }
}

const PURPOSE: &str = "account-sessions";
