//! `/recover`: a new password by way of a mail.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::passwords::PasswordError;
use idp::people::{LinkError, Person, Sessions};
use idp::throttle::Endpoint;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::views::{self, MailPurpose, Notice, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, person, query};

/// `GET /recover`: whose password it is; with the token of a mail, what it is to be.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let token = query::value(&visit, "token");
    if token.is_empty() {
        return ask_page(&app, &visit, "", None);
    }
    match app.context().recovering(&token).await {
        Ok(Some(person)) => set_page(&app, &visit, Typed { token: &token, others: true }, &person, None).await,
        Ok(None) => gone(&app, &visit),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `POST /recover`: field `email`. Whatever stands in it, a mail is queued and the same page shown.
pub(crate) async fn ask(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if visit.cross_site {
        return form::stale(&app, &visit);
    }
    let email = form.get("email").trim();
    if form.sender(&app, &visit, ASK).is_none() {
        return ask_page(&app, &visit, email, Some(Problem::Stale));
    }
    if email.is_empty() {
        return ask_page(&app, &visit, email, Some(Problem::Missing));
    }
    match app.context().count(Endpoint::Recover, &visit.caller).await {
        Ok(Ok(())) => {}
        Ok(Err(throttled)) => {
            let problem = Problem::TooManyAttempts { seconds: throttled.seconds() };
            return ask_page(&app, &visit, email, Some(problem));
        }
        Err(fault) => return error::usual_page(&app, &visit, &fault.into()),
    }
    match app.context().ask_recovery(email, visit.locale.tag(), &visit.caller).await {
        Ok(()) => sent(&app, &visit, email),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `POST /recover/password`: fields `token`, `password` and `others`.
pub(crate) async fn set(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if visit.cross_site {
        return form::stale(&app, &visit);
    }
    let typed = Typed { token: form.get("token"), others: form.get("others") == "end" };
    let person = match app.context().recovering(typed.token).await {
        Ok(Some(person)) => person,
        Ok(None) => return gone(&app, &visit),
        Err(fault) => return error::usual_page(&app, &visit, &fault.into()),
    };
    let again = async |problem| set_page(&app, &visit, typed, &person, Some(problem)).await;
    if form.sender(&app, &visit, SET).is_none() {
        return again(Problem::Stale).await;
    }
    let password = form.get("password");
    if password.is_empty() {
        return again(Problem::Missing).await;
    }
    let sessions = if typed.others { Sessions::End } else { Sessions::Keep };
    match app.context().recover(typed.token, password, sessions, (visit.locale.tag(), &visit.caller)).await {
        Ok(_) => done(&app, &visit),
        Err(LinkError::Password(refused)) => again(password_problem::of(refused)).await,
        Err(LinkError::Gone) => gone(&app, &visit),
        Err(LinkError::Fault(Fault::Password(PasswordError::Busy))) => again(Problem::Busy).await,
        Err(LinkError::Fault(fault)) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// What came with the form, without the password.
#[derive(Clone, Copy)]
struct Typed<'a> {
    token: &'a str,
    others: bool,
}

fn ask_page(app: &App, visit: &Visit, email: &str, problem: Option<Problem>) -> Response {
    let bound = Bound::of(app, visit);
    let html = views::Recover {
        page: visit.page(app),
        form: views::Form { to: &query::address("/recover", visit, &[]), csrf: &bound.token(app, ASK), flow: None },
        email,
        problem,
        sign_in: &query::address("/signin", visit, &[]),
    }
    .render();
    let page = answer::page(app, password_problem::status(problem), html, &[]);
    bound.with_cookie(password_problem::waiting(page, problem))
}

fn sent(app: &App, visit: &Visit, email: &str) -> Response {
    let html = views::MailSent {
        page: visit.passing_page(app),
        email,
        purpose: MailPurpose::Recovery,
        again: &query::address("/recover", visit, &[]),
    }
    .render();
    answer::page(app, StatusCode::OK, html, &[])
}

async fn set_page(app: &App, visit: &Visit, typed: Typed<'_>, person: &Person, problem: Option<Problem>) -> Response {
    let password_min = match app.context().recovery_min(person).await {
        Ok(min) => min,
        Err(fault) => return error::usual_page(app, visit, &fault.into()),
    };
    let bound = Bound::of(app, visit);
    let html = views::NewPassword {
        // A token that opened a link needs no escaping.
        page: views::Page { here: Some(&format!("token={}", typed.token)), ..visit.page(app) },
        form: views::Form {
            to: &query::address("/recover/password", visit, &[]),
            csrf: &bound.token(app, SET),
            flow: None,
        },
        token: typed.token,
        account: person::account(person),
        password_min,
        others: typed.others,
        problem,
    }
    .render();
    bound.with_cookie(answer::page(app, password_problem::status(problem), html, &[]))
}

/// Nobody is signed in by it: the mail has proven the mailbox, and there may be more to prove.
fn done(app: &App, visit: &Visit) -> Response {
    let link = views::Link { address: &query::address("/signin", visit, &[]), name: app.brand().name() };
    let html = views::Message { page: visit.passing_page(app), notice: Notice::PasswordSet, link: Some(link) }.render();
    answer::page(app, StatusCode::OK, html, &[])
}

fn gone(app: &App, visit: &Visit) -> Response {
    let html = views::Message { page: visit.passing_page(app), notice: Notice::LinkGone, link: None }.render();
    answer::page(app, StatusCode::GONE, html, &[])
}

const ASK: &str = "recover";
const SET: &str = "new-password";
