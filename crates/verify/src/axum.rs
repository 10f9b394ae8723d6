//! What a token says, as an extractor of axum.

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use crate::Access;

/// A handler asked for an [`Access`], but no [`crate::tower::Guard`] stands in front of it: a mistake in the API's routes.
///
/// ```
/// use axum::response::IntoResponse as _;
///
/// assert_eq!(vestibule_verify::axum::NoGuard.into_response().status(), 500);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no guard stands in front of this route")]
pub struct NoGuard;

impl IntoResponse for NoGuard {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Access {
    type Rejection = NoGuard;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NoGuard> {
        parts.extensions.get::<Self>().cloned().ok_or(NoGuard)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Access {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
