//! `/account/codes`: an authenticator app and recovery codes.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use idp::Fault;
use idp::factors::totp::{Offer, RemoveError, SetUpError};
use oidc::assurance::Method;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::person::{self, Present};
use crate::views::{self, Problem};
use crate::visit::Visit;
use crate::{answer, error, query};

/// `GET /account/codes`.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let present = person::required(&app, &visit).await?;
    page(&app, &visit, &present, None).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

/// `POST /account/codes`: `offer` and `code` with `action=verify`, `action=remove`, `action=renew`, `codes` with
/// `action=download`.
pub(crate) async fn change(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    if form.own_sender(&app, &visit, PURPOSE).is_none() {
        return Err(form::stale(&app, &visit));
    }
    let present = person::required(&app, &visit).await?;
    try_change(&app, &visit, &form, &present).await.map_err(|fault| error::usual_page(&app, &visit, &fault.into()))
}

async fn try_change(app: &App, visit: &Visit, form: &Form, present: &Present) -> Result<Response, Fault> {
    let (context, session) = (app.context(), &present.session);
    let done = || Ok(answer::see_other(&query::address("/account/codes", visit, &[])));
    let outcome = match form.get("action") {
        "verify" => {
            let sent = (form.get("offer"), form.get("code"));
            let outcome = context.set_up_totp(session, sent, &visit.caller).await;
            if outcome.is_ok() {
                context.strengthen(&present.browser, session, Method::Totp).await?;
            }
            outcome
        }
        "remove" => {
            return match context.remove_totp(session, &visit.caller).await {
                Ok(_) | Err(RemoveError::Stale) => done(),
                Err(RemoveError::PasswordLeans) => page(app, visit, present, Some(Wrong::PasswordLeans)).await,
                Err(RemoveError::Fault(fault)) => Err(fault),
            };
        }
        "renew" => {
            return match context.new_recovery_codes(session, &visit.caller).await? {
                Some(codes) => Ok(codes_page(app, visit, &codes)),
                None => done(),
            };
        }
        "download" => return Ok(download(form.get("codes"))),
        _ => return done(),
    };
    match outcome {
        Ok(()) | Err(SetUpError::Stale | SetUpError::Foreign) => done(),
        Err(SetUpError::WrongCode) => page(app, visit, present, Some(Wrong::Code(form.get("offer")))).await,
        Err(SetUpError::Fault(fault)) => Err(fault),
    }
}

/// What was wrong.
#[derive(Clone, Copy)]
enum Wrong<'a> {
    /// The code of this offer.
    Code(&'a str),
    /// The password, which is too short to stand without the app.
    PasswordLeans,
}

async fn page(app: &App, visit: &Visit, present: &Present, wrong: Option<Wrong<'_>>) -> Result<Response, Fault> {
    let bound = Bound::of(app, visit);
    let (context, person, session) = (app.context(), &present.person, &present.session);
    let fresh = context.may_change_factors(session).await?;
    let since = context.totp_since(person.id).await?;
    let here = app.brand().name();
    let again = match wrong {
        Some(Wrong::Code(sealed)) => context.totp_offer_again(person, session, here, sealed),
        _ => None,
    };
    let offer = (fresh && since.is_none()).then(|| again.unwrap_or_else(|| context.totp_offer(person, session, here)));
    let (picture, secret) = offer.as_ref().map(drawn).unwrap_or_default();
    let html = views::Codes {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/account/codes", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        fresh,
        again: &query::address("/signin", visit, &[("prompt", "login")]),
        app_since: since.map(|since| since.seconds()),
        offer: offer.as_ref().map(|offer| views::TotpOffer {
            picture: &picture,
            secret: &secret,
            sealed: &offer.sealed,
        }),
        recovery: context.recovery_codes(person.id).await?.map(|left| (left.count, left.made.seconds())),
        problem: wrong.map(|wrong| match wrong {
            Wrong::Code(_) => Problem::WrongCode,
            Wrong::PasswordLeans => Problem::PasswordLeans { min: context.password_min() },
        }),
        password: &query::address("/account/password", visit, &[]),
        back: &query::address("/account", visit, &[]),
    }
    .render();
    Ok(bound.with_cookie(answer::page(app, StatusCode::OK, html, &[])))
}

/// The picture of an offer, and its secret in groups of four.
fn drawn(offer: &Offer) -> (String, String) {
    let groups: Vec<&str> =
        (0..offer.secret.len()).step_by(4).map(|at| &offer.secret[at..(at + 4).min(offer.secret.len())]).collect();
    (toolbox::qr_svg(&offer.uri).unwrap_or_default(), groups.join(" "))
}

/// The codes, on a page that is shown once.
fn codes_page(app: &App, visit: &Visit, codes: &[impl AsRef<str>]) -> Response {
    let bound = Bound::of(app, visit);
    let codes: Vec<&str> = codes.iter().map(AsRef::as_ref).collect();
    let html = views::RecoveryCodes {
        page: visit.passing_page(app),
        form: views::Form {
            to: &query::address("/account/codes", visit, &[]),
            csrf: &bound.own_token(app, PURPOSE),
            flow: None,
        },
        codes: &codes,
        back: &query::address("/account/codes", visit, &[]),
    }
    .render();
    bound.with_cookie(answer::page(app, StatusCode::OK, html, &[]))
}

/// The codes as a file: what the page showed, sent back by it, since nothing here knows them any more.
fn download(codes: &str) -> Response {
    let lines: String = codes
        .split_ascii_whitespace()
        .take(32)
        .map(|code| code.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(32))
        .map(|code| format!("{}\r\n", code.collect::<String>()))
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, lines).into_response()
}

const PURPOSE: &str = "account-codes";
