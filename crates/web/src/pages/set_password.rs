//! `/set-password`: where a one-time link lands.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::passwords::PasswordError;
use idp::people::{LinkError, Person};

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound, Form};
use crate::views::{self, Notice, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, person, query};

/// `GET /set-password?token=…`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let token = query::value(&visit, "token");
    match app.context().link_user(&token).await {
        Ok(Some(person)) => page(&app, &visit, &token, &person, None).await,
        Ok(None) => gone(&app, &visit),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `POST /set-password`: fields `token` and `password`.
pub(crate) async fn set(State(app): State<App>, visit: Visit, form: Form) -> Response {
    if visit.cross_site {
        return form::stale(&app, &visit);
    }
    let token = form.get("token");
    let person = match app.context().link_user(token).await {
        Ok(Some(person)) => person,
        Ok(None) => return gone(&app, &visit),
        Err(fault) => return error::usual_page(&app, &visit, &fault.into()),
    };
    let again = async |problem| page(&app, &visit, token, &person, Some(problem)).await;
    if form.sender(&app, &visit, PURPOSE).is_none() {
        return again(Problem::Stale).await;
    }
    let password = form.get("password");
    if password.is_empty() {
        return again(Problem::Missing).await;
    }
    match app.context().set_password_by_link(token, password, &visit.caller).await {
        Ok(person) => landed(&app, &visit, &person).await,
        Err(LinkError::Password(refused)) => again(password_problem::of(refused)).await,
        Err(LinkError::Gone) => gone(&app, &visit),
        Err(LinkError::Fault(Fault::Password(PasswordError::Busy))) => again(Problem::Busy).await,
        Err(LinkError::Fault(fault)) => error::usual_page(&app, &visit, &fault.into()),
    }
}

async fn landed(app: &App, visit: &Visit, person: &Person) -> Response {
    let to = done::address(app, visit, &Bound::of(app, visit), Done::PasswordSet);
    match person::sign_in(app, visit, person.id, &to).await {
        Ok(response) => response,
        Err(fault) => error::usual_page(app, visit, &fault.into()),
    }
}

async fn page(app: &App, visit: &Visit, token: &str, person: &Person, problem: Option<Problem>) -> Response {
    let password_min = match app.context().password_min_of(person.id).await {
        Ok(min) => min,
        Err(fault) => return error::usual_page(app, visit, &fault.into()),
    };
    let bound = Bound::of(app, visit);
    let html = views::SetPassword {
        // A token that opened a link needs no escaping.
        page: views::Page { here: Some(&format!("token={token}")), ..visit.page(app) },
        form: views::Form {
            to: &query::address("/set-password", visit, &[]),
            csrf: &bound.token(app, PURPOSE),
            flow: None,
        },
        token,
        account: person::account(person),
        password_min,
        problem,
    }
    .render();
    bound.with_cookie(answer::page(app, password_problem::status(problem), html, &[]))
}

fn gone(app: &App, visit: &Visit) -> Response {
    let html = views::Message { page: visit.passing_page(app), notice: Notice::LinkGone, link: None }.render();
    answer::page(app, StatusCode::GONE, html, &[])
}

const PURPOSE: &str = "set-password";
