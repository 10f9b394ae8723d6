//! `/signin`: the pages of a sign-in, and the facts that their forms post (CONTRACT §4).

#![allow(clippy::result_large_err, reason = "an answer that ends a request early is made once")]

mod mail;
mod new_passkey;
mod onward;
mod proof;
mod render;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use idp::flows::{Fact, First, Onward, Recorded, StepForm, Visitor};
use oidc::{Id, OAuthError, Scopes};

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::leave::{gone, leave};
use crate::look::Locale;
use crate::views::ErrorKind;
use crate::visit::Visit;
use crate::{answer, error, query};
pub(crate) use mail::link as mail_link;
pub(crate) use onward::onward;
use proof::Means;

/// `GET /signin`: the page that is due in the flow; without a flow a new one to the account page begins.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let bound = Bound::of(&app, &visit);
    let visitor = visit.visitor(&bound.binding);
    let onward = match (flow(&query::value(&visit, "flow")), query::value(&visit, "prompt").as_str()) {
        (Named::Flow(flow), _) => app.context().go_on(flow, visitor).await,
        (Named::Nonsense, _) => Ok(Onward::Gone(None)),
        (Named::Nothing, "login") => app.context().begin_account_flow(First::SignIn, visitor).await,
        (Named::Nothing, "select_account") => app.context().begin_account_flow(First::Choose, visitor).await,
        (Named::Nothing, _) => app.context().begin_account_flow(First::Page, visitor).await,
    };
    match onward {
        Ok(onward) => bound.with_cookie(self::onward(&app, visit, onward).await),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `GET /signin/STEP`: somebody reloads what a form had shown; its page is at the flow's own address.
pub(crate) async fn back(RawQuery(query): RawQuery) -> Response {
    answer::see_other(&query.map_or_else(|| "/signin".to_owned(), |query| format!("/signin?{query}")))
}

/// `POST /signin/STEP`.
pub(crate) async fn step(
    State(app): State<App>,
    Path(step): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Response> {
    let sent = Sent::from(&app, &visit, &form)?;
    if let ("signin" | "email-code", "email-code" | "again") = (step.as_str(), form.get("action")) {
        return mail::asked(&app, &visit, &form, &sent, &step).await;
    }
    if step == "new-passkey" {
        return new_passkey::answered(&app, &visit, &form, &sent).await;
    }
    if form.get("action") != "other"
        && let Some(means) = Means::of(&step)
    {
        return proof::given(&app, &visit, &form, &sent, means).await;
    }
    let Some(fact) = fact(&step, &form, &visit) else {
        let error = OAuthError::invalid_request("the form has no such step or button");
        return Err(error::page(&app, &visit, ErrorKind::BadRequest, &error));
    };
    match app.context().record_fact(sent.step(&form), fact).await {
        Ok(Recorded::GoOn(onward)) => Ok(leave(&app, &visit, onward)),
        Ok(Recorded::Foreign) => Err(form::stale(&app, &visit)),
        Err(fault) => Err(error::usual_page(&app, &visit, &fault.into())),
    }
}

/// A form of a step with the browser that sent it.
struct Sent<'a> {
    flow: Id,
    binding: idp::bindings::Binding,
    visit: &'a Visit,
}

impl<'a> Sent<'a> {
    fn from(app: &App, visit: &'a Visit, form: &Form) -> Result<Self, Response> {
        let binding = visit.binding.as_deref().and_then(idp::bindings::Binding::parse);
        let Some(binding) = binding.filter(|_| !visit.cross_site) else {
            return Err(form::stale(app, visit));
        };
        match flow(form.get("flow")) {
            Named::Flow(flow) => Ok(Self { flow, binding, visit }),
            Named::Nothing | Named::Nonsense => Err(gone(app, visit, None)),
        }
    }

    fn visitor(&self) -> Visitor<'_> {
        self.visit.visitor(&self.binding)
    }

    fn step<'b>(&'b self, form: &'b Form) -> StepForm<'b> {
        StepForm { flow: self.flow, csrf: form.get("csrf"), visitor: self.visitor() }
    }
}

/// What a step's form says.
fn fact(step: &str, form: &Form, visit: &Visit) -> Option<Fact> {
    Some(match (step, form.get("action")) {
        ("account" | "prove", "other") => Fact::Other,
        ("email-code", "other") => Fact::AnotherWay,
        ("prove", "skip") => Fact::Skip,
        ("account", "choose") => Fact::Choose(form.get("session").parse().ok()?),
        ("continue", "continue") => Fact::Continue,
        ("role", "choose") => Fact::Role(form.get("role").to_owned()),
        ("continue" | "not-admitted" | "role" | "set-up", "switch") => Fact::Switch,
        ("consent", "allow") => {
            let scopes: Vec<&str> = form.all("scope").collect();
            // The page says in which language it was read: an app may have wished one.
            let language = Locale::from_tag(form.get("language")).unwrap_or(visit.locale);
            Fact::Allow(Scopes::parse(&scopes.join(" ")).ok()?, language.tag().to_owned())
        }
        ("consent", "deny") | ("not-admitted" | "set-up", "back") => Fact::Deny,
        _ => return None,
    })
}

/// The flow that an address or a form names.
enum Named {
    Flow(Id),
    Nothing,
    Nonsense,
}

fn flow(text: &str) -> Named {
    match (text, text.parse()) {
        ("", _) => Named::Nothing,
        (_, Ok(flow)) => Named::Flow(flow),
        (_, Err(_)) => Named::Nonsense,
    }
}
