//! What a form of ours sends, and whether it is the form that this browser was shown.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use idp::bindings::Binding;
use oidc::OAuthError;

use crate::answer;
use crate::app::App;
use crate::error;
use crate::views::ErrorKind;
use crate::visit::Visit;

/// The fields of a form as the browser sent them.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The value of a field; empty where it is not there, or there twice.
    pub(crate) fn get(&self, name: &str) -> &str {
        let mut values = self.all(name);
        values.next().filter(|_| values.next().is_none()).unwrap_or_default()
    }

    /// The values of a field that may be there more than once.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the field is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The browser that sent the form `purpose` after it was shown it; `None` where the form came from elsewhere, or
    /// the browser has lost its cookie (DESIGN §6: token, and `Sec-Fetch-Site` where the browser sends it).
    pub(crate) fn sender(&self, app: &App, visit: &Visit, purpose: &str) -> Option<Binding> {
        let binding = visit.binding.as_deref().and_then(Binding::parse)?;
        let holds = !visit.cross_site && app.context().csrf_holds(&binding, purpose, self.get("csrf"));
        holds.then_some(binding)
    }

    /// The same for a form of the account: it is about whoever was signed in when it was shown.
    pub(crate) fn own_sender(&self, app: &App, visit: &Visit, purpose: &str) -> Option<Binding> {
        self.sender(app, visit, &of_session(visit.session.as_deref(), purpose))
    }

    fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let form = Self::of(url::form_urlencoded::parse(body).into_owned().collect());
        form.filter(|_| is_form(headers))
    }

    /// Of these fields, within the limits of all forms.
    pub(crate) fn of(fields: Vec<(String, String)>) -> Option<Self> {
        let sound = |text: &String| text.len() <= LONGEST && !text.contains(char::REPLACEMENT_CHARACTER);
        let fits = fields.len() <= MOST && fields.iter().all(|(name, value)| sound(name) && sound(value));
        fits.then_some(Self(fields))
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl FromRequest<App> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let words = "the form is malformed, or a field of it is longer than 8 KiB";
        received(request, app, Self::parse, words).await
    }
}

/// The body of a request as `parse` has it; where it has nothing, a page says `words`.
pub(crate) async fn received<T>(
    request: Request,
    app: &App,
    parse: impl FnOnce(&HeaderMap, &[u8]) -> Option<T>,
    words: &'static str,
) -> Result<T, Response> {
    let (mut parts, body) = request.into_parts();
    let Ok(visit) = <Visit as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await;
    let headers = parts.headers.clone();
    let body = Bytes::from_request(Request::from_parts(parts, body), app).await;
    let body = body.map_err(IntoResponse::into_response)?;
    parse(&headers, &body)
        .ok_or_else(|| error::page(app, &visit, ErrorKind::BadRequest, &OAuthError::invalid_request(words)))
}

/// Whether a request says that its body is a form (RFC 6749 appendix B).
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The error page for a form that was not shown to this browser, or long ago.
pub(crate) fn stale(app: &App, visit: &Visit) -> Response {
    let error = OAuthError::invalid_request("the form was not shown to this browser, or its cookie is gone");
    error::page(app, visit, ErrorKind::StaleForm, &error)
}

/// The browser that a page with a form is shown to.
pub(crate) struct Bound {
    /// What its tokens are made for.
    pub(crate) binding: Binding,
    set: Option<String>,
    session: Option<String>,
}

impl Bound {
    /// The browser of this visit; one that has no binding yet gets one with the answer.
    pub(crate) fn of(app: &App, visit: &Visit) -> Self {
        if let Some(binding) = visit.binding.as_deref().and_then(Binding::parse) {
            return Self { binding, set: None, session: visit.session.clone() };
        }
        let (binding, cookie) = app.context().new_binding();
        Self { binding, set: Some(app.flow_cookie().set(&cookie, None)), session: visit.session.clone() }
    }

    /// The token of the form `purpose`.
    pub(crate) fn token(&self, app: &App, purpose: &str) -> String {
        app.context().csrf_token(&self.binding, purpose)
    }

    /// The same for a form of the account: see [`Form::own_sender`].
    pub(crate) fn own_token(&self, app: &App, purpose: &str) -> String {
        self.token(app, &of_session(self.session.as_deref(), purpose))
    }

    /// The answer that shows the page, with the cookie where it is new.
    pub(crate) fn with_cookie(&self, response: Response) -> Response {
        match &self.set {
            Some(cookie) => answer::with_cookie(response, cookie),
            None => response,
        }
    }
}

/// The purpose of a form that was shown while the browser had this session cookie: each sign-in replaces it, so that what
/// was shown to one person is never sent as another.
fn of_session(cookie: Option<&str>, purpose: &str) -> String {
    match cookie {
        Some(cookie) => format!("{purpose} {}", jose::base64url::encode(jose::sha256(cookie.as_bytes()))),
        None => purpose.to_owned(),
    }
}

const LONGEST: usize = 8 * 1024;
const MOST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: &'static str, body: &str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        Form::parse(&headers, body.as_bytes())
    }

    const KIND: &str = "application/x-www-form-urlencoded";

    #[test]
    fn a_field_that_stands_twice_counts_only_where_it_may() {
        let form = form("application/x-www-form-urlencoded; charset=utf-8", "a=1&scope=x&scope=y+z&a=2&b=%C3%BC");
        let form = form.expect("a form");
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), ("", "\u{fc}", ""));
        assert_eq!(form.all("scope").collect::<Vec<_>>(), ["x", "y z"]);
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for (kind, body) in [("text/plain", "a=1"), ("application/json", "{}"), (KIND, "a=%ff")] {
            assert!(form(kind, body).is_none(), "{kind} {body}");
        }
        assert!(form(KIND, &format!("a={}", "x".repeat(LONGEST))).is_some());
        assert!(form(KIND, &format!("a={}", "x".repeat(LONGEST + 1))).is_none());
        assert!(form(KIND, &"a=1&".repeat(MOST + 1)).is_none());
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", form(KIND, "password=hidden"));
        assert!(shown.contains("password") && !shown.contains("hidden"), "{shown}");
    }
}
