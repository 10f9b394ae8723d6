//! `/device`: where a person types the code that a device without a keyboard shows (RFC 8628 §3.3).

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use idp::device_requests::Typed;
use idp::flows::DeviceOutcome;

use crate::app::App;
use crate::form::{self, Bound, Form};
use crate::leave::{device_told, leave};
use crate::lost;
use crate::views::{self, Notice, Problem};
use crate::visit::Visit;
use crate::{answer, error, password_problem, query};

/// `GET /device`, perhaps with `user_code` from `verification_uri_complete`. That code is looked up by the form alone: a
/// person compares it with the device first, and a link tells nobody which codes there are.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let bound = Bound::of(&app, &visit);
    let done = query::value(&visit, "done");
    for (outcome, notice) in
        [(DeviceOutcome::Allowed, Notice::DeviceAllowed), (DeviceOutcome::Denied, Notice::DeviceDenied)]
    {
        if app.context().csrf_holds(&bound.binding, device_told(outcome), &done) {
            let html = views::Message { page: visit.page(&app), notice, link: None }.render();
            return answer::page(&app, StatusCode::OK, html, &[]);
        }
    }
    page(&app, &visit, &bound, &query::value(&visit, "user_code"), None)
}

/// `POST /device`: field `user_code`, `action=next`.
pub(crate) async fn enter(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Response> {
    let Some(binding) = form.sender(&app, &visit, PURPOSE) else {
        return Err(form::stale(&app, &visit));
    };
    let typed = form.get("user_code");
    let problem = match app.context().enter_user_code(typed, visit.visitor(&binding)).await {
        Ok(Typed::Opens(onward)) => return Ok(leave(&app, &visit, onward)),
        Ok(Typed::Unknown) => Problem::WrongUserCode,
        Ok(Typed::Throttled(throttled)) => Problem::TooManyAttempts { seconds: throttled.seconds() },
        Err(fault) => return Err(error::usual_page(&app, &visit, &fault.into())),
    };
    let response = page(&app, &visit, &Bound::of(&app, &visit), typed, Some(problem));
    Ok(password_problem::waiting(response, Some(problem)))
}

/// `GET /device/qr?user_code=…`: the address with that code as a picture, for a device to show. Anything that can be a code
/// is drawn.
pub(crate) async fn picture(State(app): State<App>, visit: Visit, headers: http::HeaderMap) -> Response {
    let address = app.context().user_code_address(&query::value(&visit, "user_code"));
    let Some(picture) = address.and_then(|address| toolbox::qr_svg(&address)) else {
        return lost::not_found(State(app), visit, headers).await;
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    (headers, picture).into_response()
}

fn page(app: &App, visit: &Visit, bound: &Bound, code: &str, problem: Option<Problem>) -> Response {
    let html = views::EnterUserCode {
        page: visit.page(app),
        form: views::Form { to: &query::address("/device", visit, &[]), csrf: &bound.token(app, PURPOSE), flow: None },
        code,
        problem,
    }
    .render();
    bound.with_cookie(answer::page(app, password_problem::status(problem), html, &[]))
}

const PURPOSE: &str = "device";
