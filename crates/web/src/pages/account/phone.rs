//! `/account/phone`: a phone number that apps may ask for. Nobody proves it, and it signs nobody in.

use axum::extract::State;
use axum::response::Response;
use idp::Fault;
use idp::people::{ChangeOwnError, OwnChange};
use oidc::profile::Field;

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views::{self, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// `GET /account/phone`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    Ok(page(&app, &visit, &present, None))
}

/// `POST /account/phone`: field `phone_number`, or `action=remove`.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if visit.cross_site {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    let typed = form.get(Field::PhoneNumber.claim()).trim();
    match try_change(&app, &visit, &form, &present).await {
        Ok(None) => Ok(answer::see_other(&done::address(&app, &visit, &Bound::of(&app, &visit), Done::PhoneSaved))),
        Ok(Some(problem)) => Ok(page(&app, &visit, &present, Some((typed, problem)))),
        Err(fault) => Err(error::usual_page(&app, &visit, &fault.into())),
    }
}

async fn try_change(app: &App, visit: &Visit, form: &Form, present: &Present) -> Result<Option<Problem>, Fault> {
    if form.own_sender(app, visit, PURPOSE).is_none() {
        return Ok(Some(Problem::Stale));
    }
    let number = match form.get("action") {
        "remove" => "",
        _ => form.get(Field::PhoneNumber.claim()),
    };
    if number.trim().is_empty() && form.get("action") != "remove" {
        return Ok(Some(Problem::Missing));
    }
    let change = OwnChange { claims: vec![(Field::PhoneNumber, number)], ..OwnChange::default() };
    match app.context().change_own(present.person.id, &change, &visit.caller).await {
        Ok(()) => Ok(None),
        Err(ChangeOwnError::Unfit { .. }) => Ok(Some(Problem::Unfit(Field::PhoneNumber))),
        Err(ChangeOwnError::Fault(fault)) => Err(fault),
    }
}

fn page(app: &App, visit: &Visit, present: &Present, wrong: Option<(&str, Problem)>) -> Response {
    let known = Field::PhoneNumber.shown(&present.person.profile);
    let problem = wrong.map(|(_, problem)| problem);
    let bound = Bound::of(app, visit);
    let html = views::Phone {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/account/phone", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        number: wrong.map_or(&known, |(typed, _)| typed),
        known: !known.is_empty(),
        problem,
        back: &query::address("/account", visit, &[]),
    }
    .render();
    bound.with_cookie(answer::page(app, password_problem::status(problem), html, &[]))
}

const PURPOSE: &str = "account-phone";
