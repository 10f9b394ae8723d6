//! `/oauth2/check-session`: the page that apps show in a frame nobody sees, to ask it whether the person is still signed in
//! (OpenID Connect Session Management 1.0 §3.1); and the cookie that its script reads. The only page of ours that may be
//! framed: it shows nothing, has no form, and its script answers with one of three words.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

use crate::answer;
use crate::app::App;
use crate::look::assets;

/// `GET /oauth2/check-session`.
pub(crate) async fn frame(State(app): State<App>) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\" data-cookie=\"{}\">\n<head><meta charset=\"utf-8\"><title>Session</title>\n\
         <script type=\"module\" src=\"{}\"></script></head>\n</html>\n",
        app.state_cookie().name,
        assets::url("check-session.js")
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let mut response = (headers, html).into_response();
    // Apps that isolate themselves show only frames that allow it.
    response.headers_mut().insert("cross-origin-resource-policy", http::HeaderValue::from_static("cross-origin"));
    response
}

/// The cookie with the browser's state: a script of ours reads it, in frames on other sites too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateCookie {
    /// Its name.
    pub(crate) name: &'static str,
}

impl StateCookie {
    /// `secure` says whether the issuer's URL is https.
    pub(crate) fn new(secure: bool) -> Self {
        Self { name: if secure { "__Host-vestibule-state" } else { "vestibule-state" } }
    }

    /// The answer with the state, unless the browser has it already. `Secure` on http://localhost too: without it no
    /// browser takes `SameSite=None`, and for that address those that can use the cookie take `Secure`.
    pub(crate) fn keep(self, response: Response, state: Option<&str>, known: Option<&str>) -> Response {
        match state {
            Some(state) if known != Some(state) => {
                let line = format!("{}={state}; Path=/; SameSite=None; Secure; Max-Age={LIFETIME}", self.name);
                let mut lines = response.headers().get_all(header::SET_COOKIE).iter();
                match lines.any(|set| set == line.as_str()) {
                    true => response,
                    false => answer::with_cookie(response, &line),
                }
            }
            _ => response,
        }
    }

    /// Its value, where it stands once.
    pub(crate) fn find(self, headers: &HeaderMap) -> Option<&str> {
        crate::app::cookie(headers, self.name)
    }
}

/// Longer than any session: a state that is gone would be no answer.
const LIFETIME: u64 = 400 * 24 * 60 * 60;
