//! The table of bad inputs: each is answered with its exact error, and nothing has changed.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;
use tower::ServiceExt as _;

use crate::api::{Api, VERIFIER};
use crate::lobby::{ADA, Lobby, ask, assert_code};

/// Where an error shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// On a page of ours: never a redirect.
    Page,
    /// In JSON.
    Json,
    /// At the client's registered address.
    Redirect,
    /// In the status alone.
    Status,
}
use Shown::{Json, Page, Redirect, Status};

/// One row: what is sent, and what must come back.
struct Row {
    what: &'static str,
    request: Request<Body>,
    status: u16,
    error: &'static str,
    shown: Shown,
}

fn row(what: &'static str, request: Request<Body>, (status, error, shown): (u16, &'static str, Shown)) -> Row {
    Row { what, request, status, error, shown }
}

fn get(target: &str) -> Request<Body> {
    Request::get(target).body(Body::empty()).unwrap()
}

fn form(path: &str, body: impl Into<Body>) -> Request<Body> {
    let kind = "application/x-www-form-urlencoded";
    Request::post(path).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()
}

fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

#[both_databases]
async fn each_is_refused_exactly_and_changes_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = Api::register(&lobby, "bank", json!({})).await;
    let thief = Api::register(&lobby, "thief", json!({})).await;
    let expired = bank.code(&lobby, "openid").await;
    lobby.house.clock.advance(Duration::from_secs(61));
    let code = bank.code(&lobby, "openid").await;
    let tokens = bank.redeem(&bank.code(&lobby, "openid").await).await;
    let tables = [authorize_rows(), token_rows(&bank, &thief, &code, &expired), browser_rows(&lobby).await];
    let before = lobby.house.db.fingerprint().await;
    for row in tables.into_iter().flatten() {
        let what = row.what;
        let answer = House::router(&lobby.node).oneshot(row.request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let location = parts.headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        assert_eq!(parts.status.as_u16(), row.status, "{what}: {text}");
        match row.shown {
            Page => {
                assert_eq!(location, None, "{what}");
                assert!(text.contains(&format!("data-error=\"{}\"", row.error)), "{what}: {text}");
                assert!(text.contains("data-trace="), "{what}");
            }
            Json => {
                let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(answer["error"], row.error, "{what}: {text}");
                assert_eq!(parts.headers["cache-control"], "no-store", "{what}");
            }
            Redirect => {
                let location = location.unwrap();
                assert!(location.starts_with("https://photos.example/cb?"), "{what}: {location}");
                assert!(location.contains(&format!("error={}", row.error)), "{what}: {location}");
            }
            Status => assert_eq!(location, None, "{what}"),
        }
        assert!(parts.headers.contains_key("vestibule-trace"), "{what}");
        assert_eq!(lobby.house.db.fingerprint().await, before, "{what} changed something");
    }
    // What all of it was aimed at is whole.
    assert_eq!(bank.redeem(&code).await.status, 200);
    assert!(bank.is_active(&tokens.text("access_token")).await);
    assert_eq!(bank.refresh(&tokens.text("refresh_token")).await.status, 200);
}

/// RFC 6749 §3.1, §4.1.2.1.
fn authorize_rows() -> Vec<Row> {
    let changed = |changes: &[(&str, &str)]| get(&ask("photos", changes));
    let long_state = "s".repeat(8 * 1024 + 1);
    vec![
        row("unknown client", get(&ask("nobody", &[])), (400, "invalid_client", Page)),
        row("no client", changed(&[("client_id", "")]), (400, "invalid_request", Page)),
        row("client twice", get(&format!("{}&client_id=photos", ask("photos", &[]))), (400, "invalid_request", Page)),
        row("foreign address", changed(&[("redirect_uri", "https://evil.example/cb")]), (400, "invalid_request", Page)),
        row(
            "longer address",
            changed(&[("redirect_uri", "https://photos.example/cb/x")]),
            (400, "invalid_request", Page),
        ),
        row("no address", changed(&[("redirect_uri", "")]), (400, "invalid_request", Page)),
        row("no response_type", changed(&[("response_type", "")]), (303, "invalid_request", Redirect)),
        row("implicit flow", changed(&[("response_type", "token")]), (303, "unsupported_response_type", Redirect)),
        row("scope twice", get(&format!("{}&scope=email", ask("photos", &[]))), (303, "invalid_request", Redirect)),
        row("plain PKCE", changed(&[("code_challenge_method", "plain")]), (303, "invalid_request", Redirect)),
        row(
            "no PKCE",
            changed(&[("code_challenge", ""), ("code_challenge_method", "")]),
            (303, "invalid_request", Redirect),
        ),
        row("long state", changed(&[("state", &long_state)]), (303, "invalid_request", Redirect)),
        row(
            "invalid UTF-8",
            get(&format!("{}&login_hint=%ff", ask("photos", &[]))),
            (303, "invalid_request", Redirect),
        ),
        row("request object", changed(&[("request", "e30.e30.")]), (303, "request_not_supported", Redirect)),
        row("a state of 40 KB", changed(&[("state", &"s".repeat(40 * 1024))]), (431, "", Status)),
        row("a head of 40 KB", with(changed(&[]), "x-long", &"x".repeat(40 * 1024)), (431, "", Status)),
    ]
}

/// RFC 6749 §4.1.3, §5.2; RFC 7636 §4.6.
fn token_rows(bank: &Api, thief: &Api, code: &str, expired: &str) -> Vec<Row> {
    let of = |who: &Api, fields: &[(&str, &str)]| {
        let own = [("client_id", who.id.as_str()), ("client_secret", who.secret.as_str())];
        let pairs = own.iter().chain(fields);
        form("/oauth2/token", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    };
    let redirect = bank.redirect();
    let redeem = |who: &Api, code: &str, redirect: &str, verifier: &str| {
        let fields = [("code", code), ("redirect_uri", redirect), ("code_verifier", verifier)];
        of(who, &[&[("grant_type", "authorization_code")], &fields[..]].concat())
    };
    let own = "grant_type=client_credentials";
    let json_body = Request::post("/oauth2/token").header(header::CONTENT_TYPE, "application/json");
    vec![
        row("no grant_type", of(bank, &[]), (400, "invalid_request", Json)),
        row("grant_type twice", of(bank, &[("grant_type", "a"), ("grant_type", "a")]), (400, "invalid_request", Json)),
        row("unknown grant", of(bank, &[("grant_type", "password")]), (400, "unsupported_grant_type", Json)),
        row("no client", form("/oauth2/token", own), (401, "invalid_client", Json)),
        row(
            "wrong secret",
            form("/oauth2/token", format!("{own}&client_id=bank&client_secret=x")),
            (401, "invalid_client", Json),
        ),
        row("no code", of(bank, &[("grant_type", "authorization_code")]), (400, "invalid_request", Json)),
        row("wrong verifier", redeem(bank, code, &redirect, &"y".repeat(43)), (400, "invalid_grant", Json)),
        row("no verifier", redeem(bank, code, &redirect, ""), (400, "invalid_grant", Json)),
        row("wrong redirect URI", redeem(bank, code, "https://bank.example/", VERIFIER), (400, "invalid_grant", Json)),
        row("code of another client", redeem(thief, code, &redirect, VERIFIER), (400, "invalid_grant", Json)),
        row("expired code", redeem(bank, expired, &redirect, VERIFIER), (400, "invalid_grant", Json)),
        row("invented code", redeem(bank, "vst_ac_x.y", &redirect, VERIFIER), (400, "invalid_grant", Json)),
        row("invalid UTF-8", form("/oauth2/token", format!("{own}&client_id=%ff")), (400, "invalid_request", Json)),
        row("JSON for a form", json_body.body(Body::from("{}")).unwrap(), (400, "invalid_request", Json)),
        row("a body of 200 KB", form("/oauth2/token", "x".repeat(200 * 1024)), (413, "", Status)),
        row("GET at the token endpoint", get("/oauth2/token"), (405, "", Status)),
        row("a token in the query", get("/oauth2/userinfo?access_token=x"), (401, "", Status)),
    ]
}

/// Pages of others and links of others (DESIGN §6).
async fn browser_rows(lobby: &Lobby) -> Vec<Row> {
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let shown = page.form("signin");
    let fields = |csrf: Option<&str>| {
        let typed = [("username", ADA), ("password", testkit::PASSWORD), ("action", "signin")];
        let hidden = shown.hidden.iter().map(|(name, value)| match (name.as_str(), csrf) {
            ("csrf", Some(other)) => ("csrf", other),
            (name, _) => (name, value.as_str()),
        });
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(hidden.chain(typed)).finish()
    };
    let post = |csrf| with(form(&shown.action, fields(csrf)), "cookie", &cookies);
    let flow = page.url[url::Position::BeforePath..].to_owned();
    vec![
        row("foreign csrf", post(Some("AAAA")), (403, "invalid_request", Page)),
        row("cross-site POST", with(post(None), "sec-fetch-site", "cross-site"), (403, "invalid_request", Page)),
        row("same-site POST", with(post(None), "sec-fetch-site", "same-site"), (403, "invalid_request", Page)),
        row("another origin", with(post(None), "origin", "https://evil.example"), (403, "invalid_request", Page)),
        row("no cookie", form(&shown.action, fields(None)), (403, "invalid_request", Page)),
        row("somebody else's flow", get(&flow), (400, "invalid_request", Page)),
    ]
}

/// RFC 9112 §3.2, RFC 7239 §8.1: what a request says of itself decides nothing. The issuer alone names us.
#[both_databases]
async fn host_and_forwarded_headers_decide_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    let tricks = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-url", "/healthz"),
    ];
    for (name, value) in tricks {
        for target in ["/.well-known/openid-configuration", &ask("photos", &[]), "/signin", "/"] {
            let answer = House::router(&lobby.node).oneshot(with(get(target), name, value)).await.unwrap();
            let (parts, body) = answer.into_parts();
            let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
            let headers = format!("{:?}", parts.headers);
            assert!(!text.contains("evil") && !headers.contains("evil"), "{name} at {target}: {headers}\n{text}");
        }
    }
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    assert_code(&browser.sign_in(&page, ADA).await);
}
