//! `/account`: who I am and what I can change.

pub(crate) mod password;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views::{self, Notice};
use crate::visit::Visit;
use crate::{answer, error, query};

/// What was done just before, told once more on the account page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// By a one-time link.
    PasswordSet,
    /// By whoever knew the old one.
    PasswordChanged,
    /// A new account.
    AccountMade,
}

/// The address of the account page that tells of what was done: with a token, so that a link of somebody else's
/// cannot tell it.
pub(crate) fn address(app: &App, visit: &Visit, bound: &Bound, done: Done) -> String {
    query::address("/account", visit, &[("done", &bound.token(app, done.purpose()))])
}

/// `GET /account`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let page = match person::present(app.context(), &visit).await {
        Ok(Some(present)) => page(&app, &visit, &present).await,
        Ok(None) => return answer::see_other(&query::address("/signin", &visit, &[])),
        Err(fault) => Err(fault),
    };
    page.unwrap_or_else(|fault| error::usual_page(&app, &visit, &fault.into()))
}

async fn page(app: &App, visit: &Visit, present: &Present) -> Result<Response, Fault> {
    let mut people = Vec::new();
    for session in &present.browser.sessions {
        people
            .extend(app.context().user(session.user_id).await?.map(|person| (session, session.id.to_string(), person)));
    }
    let listed = people.iter().map(|(session, id, person)| views::Session {
        id,
        account: person::account(person),
        since: session.authenticated_at.seconds(),
        current: session.id == present.session.id,
    });
    let bound = Bound::of(app, visit);
    let told = query::value(visit, "done");
    let done = DONE.into_iter().find(|done| app.context().csrf_holds(&bound.binding, done.purpose(), &told));
    let html = views::AccountHome {
        page: visit.page(app),
        sign_out: views::Form {
            to: &query::address("/account/signout", visit, &[]),
            csrf: &bound.token(app, SIGN_OUT),
            flow: None,
        },
        account: person::account(&present.person),
        change_password: &query::address("/account/password", visit, &[]),
        sessions: &listed.collect::<Vec<_>>(),
        notice: done.map(Done::notice),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

/// `POST /account/signout`: ends all sessions in this browser.
pub(crate) async fn sign_out(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if form.sender(&app, &visit, SIGN_OUT).is_none() {
        return form::stale(&app, &visit);
    }
    if let Err(fault) = end_all(&app, &visit).await {
        return error::usual_page(&app, &visit, &fault.into());
    }
    let sign_in = query::address("/signin", &visit, &[]);
    let html = views::SignedOut { page: visit.passing_page(&app), back: None, sign_in: &sign_in }.render();
    answer::with_cookie(answer::page(&app, StatusCode::OK, html, &[]), &app.session_cookie().clear())
}

async fn end_all(app: &App, visit: &Visit) -> Result<(), Fault> {
    if let Some(browser) = app.context().browser(visit.session.as_deref()).await? {
        let sessions: Vec<_> = browser.sessions.iter().map(|session| session.id).collect();
        app.context().sign_out(&browser, &sessions).await?;
    }
    Ok(())
}

impl Done {
    fn purpose(self) -> &'static str {
        match self {
            Self::PasswordSet => "done password-set",
            Self::PasswordChanged => "done password-changed",
            Self::AccountMade => "done account-made",
        }
    }

    fn notice(self) -> Notice {
        match self {
            Self::PasswordSet => Notice::PasswordSet,
            Self::PasswordChanged => Notice::PasswordChanged,
            Self::AccountMade => Notice::AccountMade,
        }
    }
}

const DONE: [Done; 3] = [Done::PasswordSet, Done::PasswordChanged, Done::AccountMade];
const SIGN_OUT: &str = "account-signout";
