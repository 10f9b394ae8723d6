//! `/account/email`: another e-mail address, which counts once the button of a mail to it was pressed.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::browsers::Browser;
use idp::people::{LinkError, NewEmail, NewEmailError};
use idp::throttle::Endpoint;

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views::{self, MailPurpose, Notice, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// `GET /account/email`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present, "", None).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/email`: field `email`. Whoever has the address already, the answer is the same.
pub(crate) async fn ask(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if visit.cross_site {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    try_ask(&app, &visit, &form, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `GET /account/email/confirm`: where the mail to the new address leads.
pub(crate) async fn show_confirm(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let token = query::value(&visit, "token");
    confirm_page(&app, &visit, &token, None).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/email/confirm`: the field `token`.
pub(crate) async fn confirm(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if visit.cross_site {
        return Err(form::stale(&app, &visit));
    }
    try_confirm(&app, &visit, &form).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

async fn try_ask(app: &App, visit: &Visit, form: &Form, present: &Present) -> Result<Response, Fault> {
    let email = form.get("email").trim();
    if form.own_sender(app, visit, PURPOSE).is_none() {
        return page(app, visit, present, email, Some(Problem::Stale)).await;
    }
    if let Err(throttled) = app.context().count(Endpoint::Recover, &visit.caller).await? {
        let problem = Problem::TooManyAttempts { seconds: throttled.seconds() };
        return page(app, visit, present, email, Some(problem)).await;
    }
    let asked = app.context().ask_new_email(&present.session, email, (visit.locale.tag(), &visit.caller)).await;
    match asked {
        Ok(()) => Ok(sent(app, visit, email)),
        Err(NewEmailError::Stale) => page(app, visit, present, email, None).await,
        Err(NewEmailError::Invalid) => page(app, visit, present, email, Some(Problem::EmailInvalid)).await,
        Err(NewEmailError::Unchanged) => page(app, visit, present, email, Some(Problem::EmailUnchanged)).await,
        Err(NewEmailError::Fault(fault)) => Err(fault),
    }
}

async fn try_confirm(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault> {
    let token = form.get("token");
    if form.own_sender(app, visit, CONFIRM).is_none() {
        return confirm_page(app, visit, token, Some(Problem::Stale)).await;
    }
    let Some(browser) = browser(app, visit).await? else { return confirm_page(app, visit, token, None).await };
    match app.context().confirm_new_email(token, &browser, (visit.locale.tag(), &visit.caller)).await {
        Ok(()) => Ok(answer::see_other(&done::address(app, visit, &Bound::of(app, visit), Done::EmailChanged))),
        Err(LinkError::Fault(fault)) => Err(fault),
        Err(_) => Ok(message(app, visit, Notice::LinkGone, StatusCode::GONE)),
    }
}

async fn page(
    app: &App,
    visit: &Visit,
    present: &Present,
    typed: &str,
    problem: Option<Problem>,
) -> Result<Response, Fault> {
    let bound = Bound::of(app, visit);
    let (to, csrf) = (query::address("/account/email", visit, &[]), bound.own_token(app, PURPOSE));
    let fresh = app.context().may_change_factors(&present.session).await?;
    let html = views::Email {
        page: visit.page(app),
        form: fresh.then_some(views::Form { to: &to, csrf: &csrf, flow: None }),
        again: &query::address("/signin", visit, &[("prompt", "login")]),
        current: present.person.email.as_deref(),
        verified: present.person.email_verified,
        typed,
        problem,
        back: &query::address("/account", visit, &[]),
    }
    .render();
    let page = answer::page(app, password_problem::status(problem), html, &[]);
    Ok(bound.with_cookie(password_problem::waiting(page, problem)))
}

fn sent(app: &App, visit: &Visit, email: &str) -> Response {
    let html = views::MailSent {
        page: visit.passing_page(app),
        email,
        purpose: MailPurpose::NewAddress,
        again: &query::address("/account/email", visit, &[]),
    }
    .render();
    answer::page(app, StatusCode::OK, html, &[])
}

async fn confirm_page(app: &App, visit: &Visit, token: &str, problem: Option<Problem>) -> Result<Response, Fault> {
    let browser = browser(app, visit).await?;
    let (person, email) = match app.context().new_email(token, browser.as_ref()).await? {
        NewEmail::Here { person, email } => (person, email),
        NewEmail::Elsewhere => return Ok(message(app, visit, Notice::SignInFirst, StatusCode::OK)),
        NewEmail::Gone => return Ok(message(app, visit, Notice::LinkGone, StatusCode::GONE)),
    };
    let bound = Bound::of(app, visit);
    let html = views::ConfirmEmail {
        // A token that opened a link needs no escaping.
        page: views::Page { here: Some(&format!("token={token}")), ..visit.page(app) },
        form: views::Form {
            to: &query::address("/account/email/confirm", visit, &[]),
            csrf: &bound.own_token(app, CONFIRM),
            flow: None,
        },
        token,
        account: person::account(&person),
        email: &email,
        problem,
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, password_problem::status(problem), html, &[])))
}

fn message(app: &App, visit: &Visit, notice: Notice, status: StatusCode) -> Response {
    let sign_in = query::address("/signin", visit, &[]);
    let link = (notice == Notice::SignInFirst).then(|| views::Link { address: &sign_in, name: app.brand().name() });
    let html = views::Message { page: visit.passing_page(app), notice, link }.render();
    answer::page(app, status, html, &[])
}

async fn browser(app: &App, visit: &Visit) -> Result<Option<Browser>, Fault> {
    app.context().browser(visit.session.as_deref()).await
}

const PURPOSE: &str = "account-email";
const CONFIRM: &str = "account-email-confirm";
