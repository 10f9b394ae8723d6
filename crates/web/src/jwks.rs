//! The published keys (RFC 7517 §5).

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::app::App;

/// `application/json`, since clients in the field refuse `application/jwk-set+json` (RFC 7517 §8.5.2) or do not ask
/// for it.
pub(crate) async fn keys(State(app): State<App>, headers: HeaderMap) -> Response {
    let published = app.context().published_keys();
    let unchanged = known(&headers, &published.etag);
    // The bytes are shared, not copied.
    let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(published.json.clone()) });
    // RFC 9110 §15.4.5: 304 carries what a 200 would have said about keeping it.
    let kept = format!("public, max-age={}", published.max_age.as_secs());
    let fields = [(header::ETAG, published.etag.as_str()), (header::CACHE_CONTROL, kept.as_str())];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}

/// RFC 9110 §13.1.2: the weak comparison, over all lines and entries of the field.
fn known(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_set_is_recognised() {
        for (lines, found) in [
            (&["\"a\""][..], true),
            (&["W/\"a\""], true),
            (&["\"b\", \"a\""], true),
            (&["\"b\"", "\"a\""], true),
            (&["*"], true),
            (&["\"b\""], false),
            (&["a"], false),
            (&["w/\"a\""], false),
            (&[], false),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::IF_NONE_MATCH, line.parse().unwrap());
            }
            assert_eq!(known(&headers, "\"a\""), found, "{lines:?}");
        }
    }
}
