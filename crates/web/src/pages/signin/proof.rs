//! The forms by which people prove who they are.

use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::devices::Remember;
use idp::factors::mail::Brought;
use idp::flows::{Awaited, Due, Entered, Offer, Onward, Page, Waiting};
use idp::passwords::PasswordError;
use idp::people::Tried;
use oidc::assurance::Method;
use oidc::hub::Mailed;
use oidc::{Id, OAuthError};

use super::{Sent, render};
use crate::app::App;
use crate::form::{self, Form};
use crate::leave::leave;
use crate::views::{ErrorKind, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, person, query};

/// By what somebody proves who they are, as the form's address says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    Password,
    Passkey,
    Mail,
    Totp,
    RecoveryCode,
}

impl Means {
    /// The means of this step.
    pub(super) fn of(step: &str) -> Option<Self> {
        match step {
            "signin" => Some(Self::Password),
            "passkey" => Some(Self::Passkey),
            "email-code" => Some(Self::Mail),
            "totp" => Some(Self::Totp),
            "recovery-code" => Some(Self::RecoveryCode),
            _ => None,
        }
    }

    /// By what a method is proven beside the first factor.
    pub(super) fn by(method: Method) -> Option<Self> {
        match method {
            Method::SyncedPasskey | Method::DevicePasskey => Some(Self::Passkey),
            Method::Totp => Some(Self::Totp),
            Method::RecoveryCode => Some(Self::RecoveryCode),
            Method::Password | Method::Mail => None,
        }
    }

    /// The step's name (CONTRACT §4).
    pub(super) fn step(self) -> &'static str {
        match self {
            Self::Password => "signin",
            Self::Passkey => "passkey",
            Self::Mail => "email-code",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery-code",
        }
    }

    fn is_code(self) -> bool {
        matches!(self, Self::Mail | Self::Totp | Self::RecoveryCode)
    }

    /// Whether a device may be remembered by it, so that the next time it is not asked for.
    fn is_second(self) -> bool {
        matches!(self, Self::Totp | Self::RecoveryCode)
    }

    fn problem(self) -> Problem {
        match self {
            Self::Password => Problem::WrongCredentials,
            Self::Passkey => Problem::Passkey,
            Self::Mail => Problem::WrongMailCode,
            Self::Totp => Problem::WrongCode,
            Self::RecoveryCode => Problem::WrongRecoveryCode,
        }
    }
}

/// What a form is about.
enum About {
    /// Whoever signs in, for who waits.
    Anybody(Box<Waiting>),
    /// Whoever asked for this mail.
    Mailed(Mailed),
    /// This person.
    Person(Id),
}

/// A form with a proof came.
pub(super) async fn given(
    app: &App,
    visit: &Visit,
    form: &Form,
    sent: &Sent<'_>,
    means: Means,
) -> Result<Response, Response> {
    let fault = |fault: Fault| error::usual_page(app, visit, &fault.into());
    // The page that says that the flow is gone is the flow's.
    let on = || answer::see_other(&query::flow_address(sent.flow, visit));
    let about = match app.context().awaited(sent.step(form)).await.map_err(fault)? {
        Awaited::Nothing => return Ok(on()),
        Awaited::Foreign => return Err(form::stale(app, visit)),
        Awaited::Anybody(waiting) if matches!(means, Means::Password | Means::Passkey) => About::Anybody(waiting),
        Awaited::Mailed(mailed) if means == Means::Mail => About::Mailed(mailed),
        Awaited::Person(user, by) if by.iter().any(|method| Means::by(*method) == Some(means)) => About::Person(user),
        Awaited::Anybody(_) | Awaited::Mailed(_) | Awaited::Person(..) => {
            let error = OAuthError::invalid_request("the form has no such step or button");
            return Err(error::page(app, visit, ErrorKind::BadRequest, &error));
        }
    };
    let problem = match checked(app, visit, form, sent, means, &about).await {
        Ok(Tried::Proven(proven)) => {
            match app.context().prove(sent.flow, sent.visitor(), &proven, offer(visit, form)).await.map_err(fault)? {
                Some(Entered { signed_in: Some(begun), onward }) => {
                    let remember = match form.get("remember") {
                        "on" if means.is_second() => Remember::Yes,
                        _ => Remember::Unchanged,
                    };
                    return Ok(person::with_session(app, visit, &begun, remember, leave(app, visit, onward)).await);
                }
                Some(Entered { signed_in: None, onward }) => return Ok(leave(app, visit, onward)),
                // Another tab was faster, and may have ended the flow.
                None if app.context().flow_asks(sent.flow, sent.visitor()).await.map_err(fault)?.is_none() => {
                    return Ok(on());
                }
                None => Problem::Stale,
            }
        }
        Ok(Tried::Wrong) => means.problem(),
        Ok(Tried::Throttled(throttled)) => Problem::TooManyAttempts { seconds: throttled.seconds() },
        Err(Fault::Password(PasswordError::Busy)) => Problem::Busy,
        Err(error) => return Err(fault(error)),
    };
    again(app, visit, form, sent, (means, about), problem).await.map_err(fault)
}

/// Whether a passkey may be offered: by what the script of the page says that the browser can, unless its person has
/// answered the offer there not long ago.
fn offer(visit: &Visit, form: &Form) -> Offer {
    match form.get("can") == "create-passkey" && !visit.declined_passkey {
        true => Offer::Passkey,
        false => Offer::Nothing,
    }
}

async fn checked(
    app: &App,
    visit: &Visit,
    form: &Form,
    sent: &Sent<'_>,
    means: Means,
    about: &About,
) -> Result<Tried, Fault> {
    let context = app.context();
    let (credential, code, token) = (form.get("credential"), form.get("code"), form.get("token"));
    let proven = match (means, about) {
        (Means::Password, About::Anybody(_)) => {
            let device = visit.device.as_deref();
            return context.try_password(&visit.caller, device, form.get("username"), form.get("password")).await;
        }
        (Means::Passkey, About::Anybody(_)) => context.check_passkey(sent.flow, &sent.binding, credential, None).await,
        (Means::Passkey, About::Person(user)) => {
            context.check_passkey(sent.flow, &sent.binding, credential, Some(*user)).await
        }
        (Means::Mail, About::Mailed(mailed)) => {
            let brought = if token.is_empty() { Brought::Code(code) } else { Brought::Token(token) };
            return context.check_mail_code(mailed, brought, &visit.caller).await;
        }
        (Means::Totp, About::Person(user)) => context.check_totp(*user, code, &visit.caller).await,
        (Means::RecoveryCode, About::Person(user)) => context.check_recovery_code(*user, code, &visit.caller).await,
        // A password says whose it is; a code does not.
        _ => Ok(None),
    };
    proven.map(Tried::from)
}

/// The same page once more, with what was wrong.
async fn again(
    app: &App,
    visit: &Visit,
    form: &Form,
    sent: &Sent<'_>,
    (means, about): (Means, About),
    problem: Problem,
) -> Result<Response, Fault> {
    let status = match problem {
        Problem::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Problem::Stale => StatusCode::CONFLICT,
        Problem::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::OK,
    };
    let due = match about {
        About::Anybody(waiting) => {
            let (asks, site) = *waiting;
            Due { flow: sent.flow, asks, site, page: Page::SignIn }
        }
        About::Person(_) | About::Mailed(_) => {
            if means.is_code() && !matches!(problem, Problem::TooManyAttempts { .. }) {
                app.context().note_wrong_code(sent.flow, sent.visitor()).await?;
            }
            match app.context().go_on(sent.flow, sent.visitor()).await? {
                Onward::Page(due) if matches!(due.page, Page::Prove { .. } | Page::EnterCode { .. }) => *due,
                // After a few wrong codes all begins anew.
                onward => {
                    drop(onward);
                    return Ok(answer::see_other(&query::flow_address(sent.flow, visit)));
                }
            }
        }
    };
    let attempt = render::Attempt { username: form.get("username"), means, problem };
    let page = render::again(app, visit, &sent.binding, &due, attempt, status).await?;
    Ok(password_problem::waiting(page, Some(problem)))
}
