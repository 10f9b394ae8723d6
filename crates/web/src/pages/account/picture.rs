//! `/account/picture`: the picture that apps may show.

use axum::extract::State;
use axum::response::Response;
use idp::Fault;
use idp::people::SetPictureError;
use oidc::picture;

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound};
use crate::person::{self, Present};
use crate::upload::Upload;
use crate::views::{self, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// `GET /account/picture`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    Ok(page(&app, &visit, &present, None))
}

/// `POST /account/picture`: the file `picture`, or `action=remove`.
pub(crate) async fn change(State(app): State<App>, visit: Visit, upload: Upload) -> Result<Response, Response> {
    if upload.form.own_sender(&app, &visit, PURPOSE).is_none() {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    match try_change(&app, &visit, &upload, &present).await {
        Ok(None) => Ok(answer::see_other(&done::address(&app, &visit, &Bound::of(&app, &visit), Done::PictureSaved))),
        Ok(Some(problem)) => Ok(page(&app, &visit, &present, Some(problem))),
        Err(fault) => Err(error::usual_page(&app, &visit, &fault.into())),
    }
}

async fn try_change(app: &App, visit: &Visit, upload: &Upload, present: &Present) -> Result<Option<Problem>, Fault> {
    let (context, user) = (app.context(), present.person.id);
    if upload.form.get("action") == "remove" {
        context.remove_picture(user, &visit.caller).await?;
        return Ok(None);
    }
    if upload.file.is_empty() {
        return Ok(Some(Problem::Missing));
    }
    match context.set_picture(user, &upload.file, &visit.caller).await {
        Ok(()) => Ok(None),
        Err(SetPictureError::Unfit(unfit)) => Ok(Some(Problem::Picture(unfit))),
        Err(SetPictureError::Fault(fault)) => Err(fault),
    }
}

fn page(app: &App, visit: &Visit, present: &Present, problem: Option<Problem>) -> Response {
    let bound = Bound::of(app, visit);
    let html = views::Picture {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/account/picture", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        account: person::account(&present.person),
        picture: app.context().picture_path(&present.person),
        known: present.person.profile.contains_key(picture::CLAIM),
        problem,
        back: &query::address("/account", visit, &[]),
    }
    .render();
    bound.with_cookie(answer::page(app, password_problem::status(problem), html, &[]))
}

const PURPOSE: &str = "account-picture";
