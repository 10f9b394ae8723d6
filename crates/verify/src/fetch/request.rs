//! What is asked for, and what came.

use std::time::Duration;

use http::HeaderMap;

/// A request, with bounds on its answer.
///
/// ```
/// use std::time::Duration;
/// use vestibule_verify::fetch::Request;
///
/// let request = Request::get("https://id.example.com/jwks").header("accept", "application/json").at_most(64 * 1024);
/// let form = Request::post_form("https://id.example.com/introspect", "token=x").within(Duration::from_secs(2));
/// assert_eq!((request.url(), form.form()), ("https://id.example.com/jwks", Some("token=x")));
/// let json = Request::post_json("https://id.example.com/keys", "{}");
/// assert_eq!((request.method(), json.method(), json.body()), ("GET", "POST", Some(("application/json", "{}"))));
/// assert_eq!(Request::delete("https://id.example.com/keys/1").method(), "DELETE");
/// assert_eq!(request.headers().next(), Some(("accept", "application/json")));
/// ```
#[derive(Clone)]
pub struct Request {
    pub(super) url: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) method: &'static str,
    /// What a POST sends, with its content type.
    pub(super) body: Option<(&'static str, String)>,
    pub(super) most_bytes: usize,
    pub(super) within: Duration,
}

impl Request {
    /// A document: 512 KiB at most, within 10 seconds, unless said otherwise.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            headers: Vec::new(),
            method: "GET",
            body: None,
            most_bytes: 512 * 1024,
            within: Duration::from_secs(10),
        }
    }

    /// A form that is sent there.
    pub fn post_form(url: impl Into<String>, form: impl Into<String>) -> Self {
        Self { method: "POST", body: Some((FORM, form.into())), ..Self::get(url) }
    }

    /// JSON that is sent there.
    pub fn post_json(url: impl Into<String>, json: impl Into<String>) -> Self {
        Self { method: "POST", body: Some(("application/json", json.into())), ..Self::get(url) }
    }

    /// What is there is to be there no more.
    pub fn delete(url: impl Into<String>) -> Self {
        Self { method: "DELETE", ..Self::get(url) }
    }

    /// Says more: a name in lower case and its value.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A longer answer is refused; with 0 its body is not read at all.
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// How long all of it may take, from the name to the answer's last byte.
    pub fn within(mut self, limit: Duration) -> Self {
        self.within = limit;
        self
    }

    /// The method.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// What is sent, with its content type; none where nothing is.
    pub fn body(&self) -> Option<(&'static str, &str)> {
        self.body.as_ref().map(|(kind, body)| (*kind, body.as_str()))
    }

    /// The form that is sent, if one is.
    pub fn form(&self) -> Option<&str> {
        self.body().filter(|(kind, _)| *kind == FORM).map(|(_, form)| form)
    }

    /// What it says beside the usual.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Where it goes.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Neither headers nor body, which may hold secrets.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("url", &self.url).finish_non_exhaustive()
    }
}

/// An answer, whatever its status: a redirect is one like any other.
///
/// ```
/// use vestibule_verify::fetch::Answer;
///
/// let answer = Answer { status: 200, headers: http::HeaderMap::new(), body: b"{}".to_vec() };
/// assert_eq!((answer.header("etag"), answer.all("cache-control").len()), (None, 0));
/// ```
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All values of a header that are text.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
