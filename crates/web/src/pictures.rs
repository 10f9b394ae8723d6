//! `/pictures/ID`: people's pictures, for the pages of apps.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, header};
use oidc::Id;

use crate::app::App;
use crate::visit::Visit;
use crate::{error, lost};

/// `GET /pictures/{id}`: of the type that its bytes have. Where it is opened by itself it is a document in which nothing
/// runs; pages of any origin may show it.
pub(crate) async fn picture(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let found = match id.parse::<Id>() {
        Ok(id) => app.context().picture(id).await,
        Err(_) => Ok(None),
    };
    match found {
        Ok(Some(picture)) => {
            let headers = [
                (header::CONTENT_TYPE, picture.kind.media_type()),
                // Whoever takes a picture away is gone from caches within the hour.
                (header::CACHE_CONTROL, "public, max-age=3600"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
                (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
            ];
            (headers, picture.bytes).into_response()
        }
        Ok(None) => lost::not_found(State(app), visit, headers).await,
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
