//! Who sits at this browser, and how pages name people.

#![allow(clippy::result_large_err, reason = "an answer that ends a request early is made once")]

use axum::response::Response;
use idp::browsers::{Browser, SignedIn};
use idp::devices::{self, Remember};
use idp::people::Person;
use idp::{Context, Fault};
use oidc::Id;
use oidc::assurance::Method;
use oidc::session::Session;

use crate::app::App;
use crate::look_of::LookOf;
use crate::views;
use crate::visit::Visit;
use crate::{answer, error, leaving, query};

/// A person who is signed in in this browser.
pub(crate) struct Present {
    /// The browser, with all sessions in it.
    pub(crate) browser: Browser,
    /// The session: of several, the one signed in last.
    pub(crate) session: Session,
    /// Whose it is.
    pub(crate) person: Person,
}

/// Who is signed in, if anybody who may be.
pub(crate) async fn present(context: &Context, visit: &Visit) -> Result<Option<Present>, Fault> {
    let Some(browser) = context.browser(visit.session.as_deref()).await? else {
        return Ok(None);
    };
    let mut sessions = browser.sessions.clone();
    sessions.sort_by_key(|session| std::cmp::Reverse(session.authenticated_at));
    for session in sessions {
        if let Some(person) = context.user(session.user_id).await?.filter(|person| !person.disabled) {
            context.touch_session(&browser, session.id).await?;
            return Ok(Some(Present { browser, session, person }));
        }
    }
    Ok(None)
}

/// Who is signed in, for a page of the account; whoever is not signs in first, and whose account waits for its end sees
/// that alone.
pub(crate) async fn required(app: &App, visit: &Visit) -> Result<Present, Response> {
    match present(app.context(), visit).await {
        Ok(Some(present)) => match present.person.delete_at {
            Some(at) => Err(leaving::page(app, visit, &present, at)),
            None => Ok(present),
        },
        Ok(None) => Err(answer::see_other(&query::address("/signin", visit, &[]))),
        Err(fault) => Err(error::usual_page(app, visit, &fault.into())),
    }
}

/// Signs somebody in who has just proven a password, and sends the browser on. Who has a second factor signs in by it
/// first: neither a new password nor a link in a mail takes its place.
pub(crate) async fn sign_in(app: &App, visit: &Visit, user: Id, to: &str) -> Result<Response, Fault> {
    let context = app.context();
    if !context.may_enter(user, &[Method::Password]).await? {
        return Ok(answer::see_other(&query::address("/signin", visit, &[])));
    }
    refresh(app, visit, user, to).await
}

/// The same for somebody who is signed in here already.
pub(crate) async fn refresh(app: &App, visit: &Visit, user: Id, to: &str) -> Result<Response, Fault> {
    let context = app.context();
    let existing = context.browser(visit.session.as_deref()).await?;
    let begun = match context.begin_session(existing.as_ref(), user, &[Method::Password], &visit.caller).await? {
        Some(begun) => Some(begun),
        // A sign-in in another tab at the same moment replaced the cookie: this answer makes another browser of it.
        None => context.begin_session(None, user, &[Method::Password], &visit.caller).await?,
    };
    let on = answer::see_other(to);
    Ok(match begun {
        Some(begun) => with_session(app, visit, &begun, Remember::Unchanged, on).await,
        None => on,
    })
}

/// The answer to a browser in which a session has begun; its person is known there from now on.
pub(crate) async fn with_session(
    app: &App,
    visit: &Visit,
    begun: &SignedIn,
    remember: Remember,
    answer: Response,
) -> Response {
    let context = app.context();
    let age = context.settings().session.lifetime.as_secs();
    let answer = answer::with_cookie(answer, &app.session_cookie().set(begun.cookie.text(), Some(age)));
    let answer = app.state_cookie().keep(answer, Some(&begun.state), None);
    let answer = match context.user(begun.user).await {
        Ok(person) => with_look(app, visit, person.map(|person| LookOf::person(&person)).unwrap_or_default(), answer),
        Err(error) => {
            tracing::warn!(%error, "nobody knows how pages are to look");
            answer
        }
    };
    let is_new = context.is_new_device(begun.user, visit.device.as_deref()).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the devices of somebody cannot be read");
        false
    });
    if is_new && let Err(error) = context.tell_of_new_device(begun, &visit.caller, visit.locale.tag()).await {
        tracing::warn!(%error, "nobody is told of a new device");
    }
    let noted = context.note_device(begun.user, visit.device.as_deref(), &visit.caller, remember).await;
    match noted {
        Ok(Some(cookie)) => {
            let age = devices::LIFETIME.as_secs();
            answer::with_cookie(answer, &app.device_cookie().set(cookie.text(), Some(age)))
        }
        Ok(None) => answer,
        // Signed in they are.
        Err(error) => {
            tracing::warn!(%error, "a device was not noted");
            answer
        }
    }
}

/// The answer to a browser whose pages are to look so from now on.
pub(crate) fn with_look(app: &App, visit: &Visit, look: LookOf, answer: Response) -> Response {
    match look.written() {
        _ if look == visit.look => answer,
        Some(value) => answer::with_cookie(answer, &app.look_cookie().set(&value, Some(devices::LIFETIME.as_secs()))),
        None => answer::with_cookie(answer, &app.look_cookie().clear()),
    }
}

/// How pages name a person.
pub(crate) fn account(person: &Person) -> views::Account<'_> {
    views::Account {
        name: person.name.as_deref().unwrap_or_default(),
        email: person.email.as_deref().or(person.username.as_deref()).unwrap_or_default(),
    }
}
