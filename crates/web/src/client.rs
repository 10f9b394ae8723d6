//! The answer to the client, in the mode that it asked for.

use axum::response::Response;
use http::StatusCode;
use idp::flows::Answer;
use oidc::client::Client;
use oidc::redirect_uri::RedirectUri;
use oidc::request::ResponseMode;
use url::Url;

use crate::app::App;
use crate::views::{self, FormPost};
use crate::visit::Visit;
use crate::{answer, error};

/// The response that takes `answer` to the client's redirect URI.
pub(crate) fn response(app: &App, visit: &Visit, answer: &Answer) -> Response {
    if let Some(error) = &answer.error {
        error::note(&visit.trace, error);
    }
    let to = &answer.reply.redirect_uri;
    let response = match answer.reply.mode {
        ResponseMode::Query => answer::see_other(&in_query(to, &encoded(&answer.fields))),
        ResponseMode::Fragment => answer::see_other(&format!("{to}#{}", encoded(&answer.fields))),
        ResponseMode::FormPost => form_post(app, visit, answer),
    };
    app.state_cookie().keep(response, answer.browser_state.as_deref(), visit.state.as_deref())
}

/// The address that takes `answer` to the client where no page can: in the query, unless it asked for the fragment.
pub(crate) fn address(answer: &Answer) -> String {
    let to = &answer.reply.redirect_uri;
    match answer.reply.mode {
        ResponseMode::Fragment => format!("{to}#{}", encoded(&answer.fields)),
        ResponseMode::Query | ResponseMode::FormPost => in_query(to, &encoded(&answer.fields)),
    }
}

/// OAuth 2.0 Form Post Response Mode §2.
fn form_post(app: &App, visit: &Visit, answer: &Answer) -> Response {
    let fields: Vec<_> = answer.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let html = FormPost {
        page: visit.passing_page(app),
        app: views::App { name: &answer.app, logo: None },
        to: answer.reply.redirect_uri.as_str(),
        fields: &fields,
    }
    .render();
    answer::page(app, StatusCode::OK, html, &targets(&answer.reply.redirect_uri))
}

/// RFC 6749 §4.1.2: the query that the redirect URI has stays as it is.
fn in_query(to: &RedirectUri, fields: &str) -> String {
    let join = match to.as_str().split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{to}{join}{fields}")
}

fn encoded(fields: &[(&'static str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Where the forms on the way to `to` may lead (CSP3 §6.4.2). Its grammar has no IPv6 address.
pub(crate) fn targets(to: &RedirectUri) -> Vec<String> {
    let origin = to.origin();
    vec![if origin.contains('[') { "http:".to_owned() } else { origin }]
}

/// How pages name the app.
pub(crate) fn app_of(client: &Client) -> views::App<'_> {
    views::App { name: client.shown.client_name.as_deref().unwrap_or(&client.id), logo: None }
}

/// Whether an address that a client registered may stand as a link on a page of ours: a script never does.
pub(crate) fn is_web(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> RedirectUri {
        RedirectUri::parse(text).unwrap()
    }

    /// RFC 6749 §3.1.2 and §4.1.2.
    #[test]
    fn a_query_stays_and_grows() {
        for (to, address) in [
            ("https://app.example/cb", "https://app.example/cb?code=c"),
            ("https://app.example/cb?", "https://app.example/cb?code=c"),
            ("https://app.example/cb?a=b%20c", "https://app.example/cb?a=b%20c&code=c"),
            ("com.example.app:/cb", "com.example.app:/cb?code=c"),
        ] {
            assert_eq!(in_query(&uri(to), "code=c"), address);
        }
    }

    #[test]
    fn where_forms_may_lead() {
        for (to, target) in [
            ("https://app.example:8443/cb", "https://app.example:8443"),
            ("com.example.app:/cb", "com.example.app:"),
            ("http://[::1]:4711/cb", "http:"),
        ] {
            assert_eq!(targets(&uri(to)), [target]);
        }
    }

    #[test]
    fn a_script_is_no_link() {
        assert!(is_web("https://app.example/"));
        for address in ["javascript:alert(1)", "data:text/html,x", "app.example", ""] {
            assert!(!is_web(address), "{address}");
        }
    }
}
