//! Which pages of other origins may read which answers (Fetch §3.2); never with cookies.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};

use crate::app::App;

/// Whose pages may read an endpoint's answers, besides our own (CONTRACT §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Nobody else's.
    Ourselves,
    /// Everybody's: what is public anyway.
    Everybody,
    /// Those at the origins of registered redirect URIs: what apps in the browser call themselves.
    Apps,
}

/// A request with regard to that.
#[derive(Debug)]
pub(crate) struct Asked {
    readers: Readers,
    /// The origin of the page that asks.
    origin: Option<HeaderValue>,
    preflight: bool,
}

impl Readers {
    pub(crate) fn asked(self, request: &Request) -> Asked {
        let headers = request.headers();
        let origin = if self == Self::Apps { headers.get(header::ORIGIN).cloned() } else { None };
        let asks_before = headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        let preflight = self != Self::Ourselves && request.method() == Method::OPTIONS && asks_before;
        Asked { readers: self, origin, preflight }
    }
}

impl Asked {
    /// The answer to a preflight (Fetch §3.2.2), which asks nobody else.
    pub(crate) fn preflight(&self) -> Option<Response> {
        self.preflight.then(preflight)
    }

    /// Says on the answer who may read it.
    pub(crate) async fn allow(self, app: &App, response: &mut Response) {
        match self.readers {
            Readers::Ourselves => {}
            Readers::Everybody => {
                response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            }
            Readers::Apps => self.allow_apps(app, response).await,
        }
    }

    async fn allow_apps(self, app: &App, response: &mut Response) {
        let allowed = match self.origin.as_ref().and_then(|origin| origin.to_str().ok()) {
            Some(origin) => app.context().is_app_origin(origin).await.unwrap_or_default(),
            None => false,
        };
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = self.origin.filter(|_| allowed) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            let exposed = HeaderValue::from_static("DPoP-Nonce, WWW-Authenticate, Vestibule-Trace");
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        } else {
            for name in [header::ACCESS_CONTROL_ALLOW_METHODS, header::ACCESS_CONTROL_ALLOW_HEADERS] {
                headers.remove(name);
            }
        }
    }
}

fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, Content-Type, DPoP"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}
