//! `/account/password`: changing the password.

use axum::extract::State;
use axum::response::Response;
use idp::Fault;
use idp::mail::Mail;
use idp::passwords::PasswordError;
use idp::people::ChangePasswordError;

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views::{self, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// What was wrong, and where.
#[derive(Clone, Copy, Default)]
struct Problems {
    form: Option<Problem>,
    current: Option<Problem>,
    password: Option<Problem>,
}

/// `GET /account/password`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present, Problems::default()).await
}

/// What a person sees of a fault of ours.
fn ours(app: &App, visit: &Visit, fault: Fault) -> Response {
    error::usual_page(app, visit, &fault.into())
}

/// `POST /account/password`: fields `current` and `password`.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if visit.cross_site {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    match try_change(&app, &visit, &form, &present).await {
        Ok(problems) if problems.first().is_some() => page(&app, &visit, &present, problems).await,
        Ok(_) => Ok(changed(&app, &visit, &present).await),
        Err(fault) => Err(ours(&app, &visit, fault)),
    }
}

/// Changes the password, or says what is wrong.
async fn try_change(app: &App, visit: &Visit, form: &Form, present: &Present) -> Result<Problems, Fault> {
    let none = Problems::default();
    if form.own_sender(app, visit, PURPOSE).is_none() {
        return Ok(Problems { form: Some(Problem::Stale), ..none });
    }
    let (current, new) = (form.get("current"), form.get("password"));
    let missing = |text: &str| text.is_empty().then_some(Problem::Missing);
    let empty = Problems { current: missing(current), password: missing(new), ..none };
    if empty.first().is_some() {
        return Ok(empty);
    }
    let (user, keep) = (present.person.id, Some(present.session.id));
    match app.context().change_password(user, keep, current, new, &visit.caller).await {
        Ok(()) => Ok(none),
        Err(ChangePasswordError::WrongCurrent) => Ok(Problems { current: Some(Problem::WrongPassword), ..none }),
        Err(ChangePasswordError::Password(refused)) => {
            Ok(Problems { password: Some(password_problem::of(refused)), ..none })
        }
        Err(ChangePasswordError::Throttled(throttled)) => {
            Ok(Problems { form: Some(Problem::TooManyAttempts { seconds: throttled.seconds() }), ..none })
        }
        Err(ChangePasswordError::Fault(Fault::Password(PasswordError::Busy))) => {
            Ok(Problems { form: Some(Problem::Busy), ..none })
        }
        Err(ChangePasswordError::Fault(fault)) => Err(fault),
    }
}

/// The cookie is replaced too: a copy of the old one opens nothing.
async fn changed(app: &App, visit: &Visit, present: &Present) -> Response {
    if let Some(email) = &present.person.email
        && let Err(fault) = app.context().queue_mail(email, &Mail::PasswordChanged, visit.locale.tag()).await
    {
        return error::usual_page(app, visit, &fault.into());
    }
    let to = done::address(app, visit, &Bound::of(app, visit), Done::PasswordChanged);
    match person::refresh(app, visit, present.person.id, &to).await {
        Ok(response) => response,
        Err(fault) => error::usual_page(app, visit, &fault.into()),
    }
}

async fn page(app: &App, visit: &Visit, present: &Present, problems: Problems) -> Result<Response, Response> {
    let min = app.context().password_min_of(present.person.id).await;
    let password_min = min.map_err(|fault| ours(app, visit, fault))?;
    let bound = Bound::of(app, visit);
    let html = views::ChangePassword {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/account/password", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        account: person::account(&present.person),
        password_min,
        problem: problems.form,
        current_problem: problems.current,
        password_problem: problems.password,
        back: &query::address("/account", visit, &[]),
    }
    .render();
    let problem = problems.first();
    let page = answer::page(app, password_problem::status(problem), html, &[]);
    Ok(bound.with_cookie(password_problem::waiting(page, problem)))
}

impl Problems {
    fn first(self) -> Option<Problem> {
        self.form.or(self.current).or(self.password)
    }
}

const PURPOSE: &str = "account-password";
