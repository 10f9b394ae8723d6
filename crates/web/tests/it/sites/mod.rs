//! `/forward-auth`: plain websites behind a proxy, and those who try to get past it.

mod admitted;
mod attempts;

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use idp::caller::Caller;
use idp::people::Change;
use jose::jwt::{Rules, verify};
use oidc::site::{Host, Site};
use serde_json::Value;
use testkit::{Browser, House, ISSUER, START};
use testkit_macros::both_databases;
use tower::ServiceExt as _;
use vestibule_web::front::Forwarded;

use crate::lobby::{ADA, GRACE, Lobby};
use crate::second_factor::App;

const COOKIE: &str = "__Secure-vestibule-site";

const WIKI: &str = "https://wiki.example/page?x=1&y=2";

/// The lobby with two sites.
async fn open(mut house: House) -> Lobby {
    house.settings.session.site_domain = Some(".example".to_owned());
    let lobby = Lobby::open(house).await;
    lobby.node.add_group("staff").await.unwrap();
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.node.add_member("staff", ada, &Caller::operator()).await.unwrap();
    register(
        &lobby,
        "wiki.example",
        &["/public public", "/admin groups=staff", "/vault acr=urn:vestibule:acr:multi-factor"],
    )
    .await;
    register(&lobby, "blog.example", &[]).await;
    lobby
}

async fn register(lobby: &Lobby, host: &str, rules: &[&str]) {
    let rules = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    let site = Site::new(Host::parse(host).unwrap(), rules).unwrap();
    lobby.node.put_site(&site, &Caller::operator()).await.unwrap();
}

/// An answer to a proxy.
struct Told {
    status: u16,
    headers: HeaderMap,
}

impl Told {
    fn get(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| std::str::from_utf8(value.as_bytes()).unwrap()).unwrap_or("absent")
    }
}

/// A proxy's question with what the browser had sent.
async fn asked(lobby: &Lobby, forwarded: Option<Forwarded>, headers: &[(&str, &str)]) -> Told {
    let mut request = Request::get("/forward-auth").body(Body::empty()).unwrap();
    for (name, value) in headers {
        request.headers_mut().append(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    }
    if let Some(forwarded) = forwarded {
        request.extensions_mut().insert(forwarded);
    }
    let (parts, body) = House::router(&lobby.node).oneshot(request).await.unwrap().into_parts();
    body.collect().await.unwrap();
    Told { status: parts.status.as_u16(), headers: parts.headers }
}

fn nginx(url: &str) -> Option<Forwarded> {
    Some(Forwarded { original_url: Some(url.to_owned()), ..Forwarded::default() })
}

fn traefik(host: &str, uri: &str) -> Option<Forwarded> {
    Some(Forwarded { host: Some(host.to_owned()), uri: Some(uri.to_owned()), ..Forwarded::default() })
}

/// The same as a browser that has these cookies asks nginx.
async fn visit(lobby: &Lobby, browser: &Browser, url: &str) -> Told {
    let cookie = browser.cookies.get(COOKIE).map(|value| format!("theme=dark; {COOKIE}={value}; lang=en"));
    let headers: Vec<_> = cookie.iter().map(|cookie| ("cookie", cookie.as_str())).collect();
    asked(lobby, nginx(url), &headers).await
}

/// A browser that has come to the wiki as somebody.
async fn visitor(lobby: &Lobby, email: &str) -> Browser {
    let mut browser = lobby.browser();
    let told = visit(lobby, &browser, WIKI).await;
    assert_eq!(told.status, 401);
    let page = browser.open(told.get("location")).await;
    assert!(page.step() == "signin" && page.says("wiki.example"), "{}", page.text);
    let page = browser.sign_in(&page, email).await;
    assert!(page.left, "at {}: {}", page.url, page.text);
    assert_eq!(page.url.as_str(), WIKI);
    browser
}

async fn pause(lobby: &Lobby) {
    lobby.house.clock.advance(Duration::from_millis(500));
}

/// RFC 7515 §5.2, with the keys that are published.
fn verified(lobby: &Lobby, token: &str) -> Value {
    let keys = lobby.node.published_keys();
    let keys = jose::JwkSet::parse(jose::provider::aws_lc(), &keys.json, &jose::Limits::DEFAULT).unwrap();
    let algorithms = [jose::JwsAlgorithm::ES256];
    let now = lobby.house.clock_now().seconds();
    let rules = Rules::new(now, &algorithms).issuer(ISSUER).typ("site-assertion+jwt").require_exp();
    verify::<serde_json::Map<String, Value>>(token, keys.keys(), &rules).unwrap().into_claims().into()
}

/// An address that nobody has proven is no name of anybody.
async fn grace_login(lobby: &Lobby) -> String {
    lobby.node.find_user(GRACE).await.unwrap().unwrap().id.to_string()
}

#[both_databases]
async fn signing_out_ends_the_child_too(house: House) {
    let lobby = open(house).await;
    let mut browser = visitor(&lobby, ADA).await;
    let stolen = browser.clone();
    let page = browser.open("/forward-auth/signout?to=https://wiki.example/bye").await;
    assert!(page.step() == "signout" && page.says("wiki.example"), "{}", page.text);
    assert_eq!(visit(&lobby, &browser, WIKI).await.status, 200, "a link alone signs nobody out");
    let page = browser.press(&page, "signout", "signout", &[]).await;
    assert_eq!((page.left, page.url.as_str()), (true, "https://wiki.example/bye"));
    assert!(!browser.cookies.contains_key(COOKIE));
    assert_eq!(visit(&lobby, &stolen, WIKI).await.status, 401, "at once");
    // So does the end of the session anywhere else.
    let mut browser = visitor(&lobby, ADA).await;
    let page = browser.open("/oauth2/logout").await;
    browser.press(&page, "signout", "signout", &[]).await;
    assert_eq!(visit(&lobby, &browser, WIKI).await.status, 401);
}

/// What another node, a command or an administrator changes holds within a second.
#[both_databases]
async fn changes_hold_within_a_second(house: House) {
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    let other = lobby.house.node().await;
    let admin = "https://wiki.example/admin";
    assert_eq!(visit(&lobby, &browser, admin).await.status, 200);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    other.remove_member("staff", ada, &Caller::operator()).await.unwrap();
    pause(&lobby).await;
    assert_eq!(visit(&lobby, &browser, admin).await.status, 403);
    // The rules of sites come by their version, which each node watches.
    let host = Host::parse("blog.example").unwrap();
    assert!(other.delete_site(&host, &Caller::operator()).await.unwrap());
    let rules = vec!["/ public".parse().unwrap()];
    let site = Site::new(Host::parse("wiki.example").unwrap(), rules).unwrap();
    other.put_site(&site, &Caller::operator()).await.unwrap();
    tokio::time::timeout(Duration::from_millis(900), lobby.node.run_jobs()).await.unwrap_err();
    assert_eq!(visit(&lobby, &browser, "https://blog.example/").await.status, 403);
    assert_eq!(visit(&lobby, &lobby.browser(), admin).await.status, 200);
    register(&lobby, "wiki.example", &[]).await;
    other.set_user_disabled(ada, idp::people::Access::Disabled).await.unwrap();
    pause(&lobby).await;
    assert_eq!(visit(&lobby, &browser, WIKI).await.status, 401);
}

/// A session that is over by time is over for sites, too; one that is used there is used.
#[both_databases]
async fn a_session_lives_by_its_visits(mut house: House) {
    house.settings.session.idle_lifetime = Duration::from_secs(3600);
    house.settings.session.lifetime = Duration::from_secs(4 * 3600);
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    for _ in 0..7 {
        lobby.house.clock.advance(Duration::from_secs(1800));
        assert_eq!(visit(&lobby, &browser, WIKI).await.status, 200);
    }
    lobby.house.clock.advance(Duration::from_secs(1800));
    assert_eq!(visit(&lobby, &browser, WIKI).await.status, 401, "its time is over");
    let browser = visitor(&lobby, ADA).await;
    lobby.house.clock.advance(Duration::from_secs(3600));
    assert_eq!(visit(&lobby, &browser, WIKI).await.status, 401, "it lay unused");
}

/// What is registered must be below the domain, and name what there is.
#[both_databases]
async fn what_cannot_be_a_site_is_refused(house: House) {
    let lobby = open(house).await;
    for (host, rule, words) in [
        ("wiki.other", "/", "not below session.site_domain"),
        ("id.example", "/", "the provider itself"),
        ("a.example", "/ groups=board", "no group called board"),
        ("a.example", "/ acr=gold", "no level called gold"),
    ] {
        let site = Site::new(Host::parse(host).unwrap(), vec![rule.parse().unwrap()]).unwrap();
        let refused = lobby.node.put_site(&site, &Caller::operator()).await.unwrap_err();
        assert!(refused.to_string().contains(words), "{refused}");
    }
}
