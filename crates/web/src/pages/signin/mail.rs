//! A sign-in by mail: asking for one, and where its link lands.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::flows::{Due, MailLink, Onward, Page, Recorded};

use super::{Means, Sent, render};
use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::leave::leave;
use crate::views::{self, Notice, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// Somebody wants a code: by the name on the sign-in page, or once more.
pub(super) async fn asked(
    app: &App,
    visit: &Visit,
    form: &Form,
    sent: &Sent<'_>,
    step: &str,
) -> Result<Response, Response> {
    let fault = |fault: Fault| error::usual_page(app, visit, &fault.into());
    let name = (step == "signin").then(|| form.get("username").trim());
    if name == Some("") {
        return again(app, visit, sent, "", Problem::NameFirst).await.map_err(fault);
    }
    match app.context().ask_mail(sent.step(form), name, visit.locale.tag()).await.map_err(fault)? {
        Ok(Recorded::GoOn(onward)) => Ok(leave(app, visit, onward)),
        Ok(Recorded::Foreign) => Err(form::stale(app, visit)),
        Err(throttled) => {
            let problem = Problem::TooManyAttempts { seconds: throttled.seconds() };
            again(app, visit, sent, name.unwrap_or_default(), problem).await.map_err(fault)
        }
    }
}

async fn again(app: &App, visit: &Visit, sent: &Sent<'_>, username: &str, problem: Problem) -> Result<Response, Fault> {
    let mut due = match app.context().go_on(sent.flow, sent.visitor()).await? {
        Onward::Page(due) => due,
        onward => return Ok(leave(app, visit, onward)),
    };
    if problem == Problem::NameFirst {
        due.page = Page::SignIn;
    }
    let attempt = render::Attempt { username, means: Means::Mail, problem };
    let page = render::again(app, visit, &sent.binding, &due, attempt, password_problem::status(Some(problem))).await?;
    Ok(password_problem::waiting(page, Some(problem)))
}

/// `GET /signin/email-link`: looking at it changes nothing, so that no scanner of mails signs anybody in.
pub(crate) async fn link(State(app): State<App>, visit: Visit) -> Response {
    let bound = Bound::of(&app, &visit);
    let token = query::value(&visit, "token");
    match app.context().mail_link(&token, visit.visitor(&bound.binding)).await {
        Ok(MailLink::Here(due)) => bound.with_cookie(here(&app, visit, &bound, *due, &token)),
        Ok(MailLink::Elsewhere(code)) => {
            let html = views::MailedCode { page: visit.passing_page(&app), code: &code }.render();
            answer::page(&app, StatusCode::OK, html, &[])
        }
        Ok(MailLink::Gone) => {
            let link = views::Link { address: &query::address("/signin", &visit, &[]), name: app.brand().name() };
            let page = visit.passing_page(&app);
            let html = views::Message { page, notice: Notice::LinkGone, link: Some(link) }.render();
            answer::page(&app, StatusCode::GONE, html, &[])
        }
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

fn here(app: &App, mut visit: Visit, bound: &Bound, due: Due, token: &str) -> Response {
    if let Some(asks) = &due.asks {
        visit.speak(&asks.request.ui_locales);
    }
    render::mail_link(app, &visit, &bound.binding, &due, token)
}
