//! `/oauth2/authorize`: where apps send people (RFC 6749 §3.1, Core §3.1.2.1).

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use idp::flows::Onward;
use oidc::request::Params;
use oidc::{ErrorCode, OAuthError};

use crate::app::App;
use crate::error;
use crate::form::{Bound, is_form};
use crate::pages::signin;
use crate::views::ErrorKind;
use crate::visit::Visit;

/// `GET`.
pub(crate) async fn get(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let bound = Bound::of(&app, &visit);
    let visitor = visit.visitor(&bound.binding);
    match app.context().begin_flow(&params, visitor).await {
        Ok(onward) => bound.with_cookie(begun(&app, visit, onward).await),
        Err(error) => refused(&app, &visit, &error),
    }
}

/// `POST`, from any site (DESIGN §6). The browser's cookies did not come with it where that was another one, so that
/// the request is kept and a GET goes on with it.
pub(crate) async fn post(State(app): State<App>, visit: Visit, headers: HeaderMap, body: Bytes) -> Response {
    let kept = match is_form(&headers) {
        true => app.context().post_flow(&Params::parse(&body)).await,
        false => Err(OAuthError::invalid_request("the request must be a form (Core section 13.2)")),
    };
    match kept {
        Ok(onward) => begun(&app, visit, onward).await,
        Err(error) => refused(&app, &visit, &error),
    }
}

/// What is shown here and not sent to the app.
fn refused(app: &App, visit: &Visit, error: &OAuthError) -> Response {
    match error.code {
        ErrorCode::AccessDenied => error::page(app, visit, ErrorKind::AppEnded, error),
        _ => error::usual_page(app, visit, error),
    }
}

/// The wish for a language stands in this very address. The flow keeps it, so that the pages' addresses need not.
async fn begun(app: &App, mut visit: Visit, onward: Onward) -> Response {
    visit.ui_locales = None;
    signin::onward(app, visit, onward).await
}
