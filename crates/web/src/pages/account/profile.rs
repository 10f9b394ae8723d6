//! `/account/profile`: what people say of themselves, and how pages look and speak for them.

use axum::extract::State;
use axum::response::Response;
use idp::Fault;
use idp::people::{ChangeOwnError, OwnChange};
use oidc::profile::{Field, Theme};

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound, Form};
use crate::look::Locale;
use crate::look_of::LookOf;
use crate::person::{self, Present};
use crate::views::{self, Entry, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// What is wrong, and where.
#[derive(Default)]
struct Problems {
    form: Option<Problem>,
    name: bool,
    claims: Vec<Field>,
}

/// `GET /account/profile`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    Ok(page(&app, &visit, &present, None, &Problems::default()))
}

/// `POST /account/profile`: the claims by their names, `name` and `theme`. A field that is not there changes nothing.
pub(crate) async fn change(State(app): State<App>, mut visit: Visit, form: Form) -> Result<Response, Response> {
    if visit.cross_site {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    let problems = match try_change(&app, &visit, &form, &present).await {
        Ok(problems) => problems,
        Err(fault) => return Err(error::usual_page(&app, &visit, &fault.into())),
    };
    if let Some(problems) = problems {
        return Ok(page(&app, &visit, &present, Some(&form), &problems));
    }
    let person = app.context().user(present.person.id).await;
    let person = person.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))?.unwrap_or(present.person);
    // The language that an address wished for before gives way to the one chosen now.
    visit.ui_locales = None;
    let to = done::address(&app, &visit, &Bound::of(&app, &visit), Done::ProfileSaved);
    Ok(person::with_look(&app, &visit, LookOf::person(&person), answer::see_other(&to)))
}

async fn try_change(app: &App, visit: &Visit, form: &Form, present: &Present) -> Result<Option<Problems>, Fault> {
    if form.own_sender(app, visit, PURPOSE).is_none() {
        return Ok(Some(Problems { form: Some(Problem::Stale), ..Problems::default() }));
    }
    let is_there = |name: &str| form.has(name).then(|| form.get(name));
    let change = OwnChange {
        name: is_there("name"),
        claims: FIELDS.into_iter().filter_map(|field| Some((field, is_there(field.claim())?))).collect(),
        theme: is_there("theme").map(Theme::of_name),
    };
    match app.context().change_own(present.person.id, &change, &visit.caller).await {
        Ok(()) => Ok(None),
        Err(ChangeOwnError::Unfit { name, claims }) => Ok(Some(Problems { form: None, name, claims })),
        Err(ChangeOwnError::Fault(fault)) => Err(fault),
    }
}

/// `typed` is the form that was sent; what is known already stands where there is none.
fn page(app: &App, visit: &Visit, present: &Present, typed: Option<&Form>, problems: &Problems) -> Response {
    let person = &present.person;
    let value = |name: &str, known: String| match typed.filter(|form| form.has(name)) {
        Some(form) => form.get(name).to_owned(),
        None => known,
    };
    let name = value("name", person.name.clone().unwrap_or_default());
    let values = FIELDS.map(|field| value(field.claim(), field.shown(&person.profile)));
    let entry = |field: Field| Entry {
        value: FIELDS.iter().position(|one| *one == field).map_or("", |at| &values[at]),
        problem: problems.claims.contains(&field).then_some(Problem::Unfit(field)),
    };
    let bound = Bound::of(app, visit);
    let html = views::Profile {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/account/profile", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        problem: problems.form,
        name: Entry { value: &name, problem: problems.name.then_some(Problem::NameInvalid) },
        given_name: entry(Field::GivenName),
        family_name: entry(Field::FamilyName),
        nickname: entry(Field::Nickname),
        birthdate: entry(Field::Birthdate),
        website: entry(Field::Website),
        zoneinfo: entry(Field::Zoneinfo),
        address: entry(Field::Address),
        languages: &languages(entry(Field::Locale).value),
        theme: Theme::of_name(&value("theme", person.theme.name().to_owned())).name(),
        back: &query::address("/account", visit, &[]),
    }
    .render();
    let first = problems.form.or_else(|| problems.name.then_some(Problem::NameInvalid));
    let first = first.or_else(|| problems.claims.first().map(|field| Problem::Unfit(*field)));
    bound.with_cookie(answer::page(app, password_problem::status(first), html, &[]))
}

/// Ours, and the one that was chosen elsewhere.
fn languages(chosen: &str) -> Vec<views::Choice<'_>> {
    let ours = Locale::ALL.map(|locale| views::Choice {
        value: locale.tag(),
        name: locale.own_name(),
        chosen: chosen == locale.tag(),
    });
    let other = !chosen.is_empty() && ours.iter().all(|choice| !choice.chosen);
    let other = other.then_some(views::Choice { value: chosen, name: chosen, chosen: true });
    ours.into_iter().chain(other).collect()
}

const FIELDS: [Field; 8] = [
    Field::GivenName,
    Field::FamilyName,
    Field::Nickname,
    Field::Birthdate,
    Field::Website,
    Field::Zoneinfo,
    Field::Address,
    Field::Locale,
];
const PURPOSE: &str = "account-profile";
