//! `/account/delete`: the end of an account, which waits, and coming back before it.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::people::LeaveError;
use oidc::{Id, Time};

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::visit::Visit;
use crate::{answer, error, leaving, query, views};

/// `GET /account/delete`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/delete`: `action=delete`; `action=undo`, with the `flow` in which somebody came back.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    let failed = |fault: Fault| error::usual_page(&app, &visit, &fault.into());
    if form.get("action") == "undo" {
        let bound = Bound::of(&app, &visit);
        let session = form.get("session").parse().ok().filter(|session| {
            !visit.cross_site && app.context().csrf_holds(&bound.binding, &leaving::purpose(*session), form.get("csrf"))
        });
        let Some(session) = session else { return Err(form::stale(&app, &visit)) };
        return undo(&app, &visit, &form, session).await.map_err(failed);
    }
    if form.own_sender(&app, &visit, PURPOSE).is_none() {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    match app.context().leave(&present.session, (visit.locale.tag(), &visit.caller)).await {
        Ok(at) => Ok(left(&app, &visit, at)),
        // Another tab was faster: this one shows what it did.
        Err(LeaveError::Already) => Ok(answer::see_other(&query::address("/account", &visit, &[]))),
        Err(LeaveError::Stale) => page(&app, &visit, &present).await.map_err(failed),
        Err(LeaveError::Fault(fault)) => Err(failed(fault)),
    }
}

/// Whoever the page was about, by their session in this browser: somebody else may have signed in since.
async fn undo(app: &App, visit: &Visit, form: &Form, session: Id) -> Result<Response, Fault> {
    let browser = app.context().browser(visit.session.as_deref()).await?;
    let of = browser.iter().flat_map(|browser| &browser.sessions).find(|known| known.id == session);
    let Some(user) = of.map(|session| session.user_id) else {
        return Ok(answer::see_other(&query::address("/signin", visit, &[])));
    };
    let back = app.context().come_back(user, &visit.caller).await?;
    Ok(match (form.get("flow").parse(), back) {
        (Ok(flow), _) => answer::see_other(&query::flow_address(flow, visit)),
        (_, true) => answer::see_other(&done::address(app, visit, &Bound::of(app, visit), Done::CameBack)),
        (_, false) => answer::see_other(&query::address("/account", visit, &[])),
    })
}

async fn page(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let context = app.context();
    let bound = Bound::of(app, visit);
    let (to, csrf) = (leaving::address(visit), bound.own_token(app, PURPOSE));
    let fresh = context.may_change_factors(&present.session).await?;
    let html = views::Delete {
        page: visit.page(app),
        form: fresh.then_some(views::Form { to: &to, csrf: &csrf, flow: None }),
        again: &query::address("/signin", visit, &[("prompt", "login")]),
        account: person::account(&present.person),
        at: context.now().plus(context.settings().accounts.delete_after).seconds(),
        data: &query::address("/account/data", visit, &[]),
        back: &query::address("/account", visit, &[]),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

fn left(app: &App, visit: &Visit, at: Time) -> Response {
    let sign_in = query::address("/signin", visit, &[]);
    let html = views::Left { page: visit.passing_page(app), at: at.seconds(), sign_in: &sign_in }.render();
    answer::page(app, StatusCode::OK, html, &[])
}

const PURPOSE: &str = "account-delete";
