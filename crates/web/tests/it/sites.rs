//! `/forward-auth`: plain websites behind a proxy, and those who try to get past it.

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

#[both_databases]
async fn a_site_is_told_who_comes(house: House) {
    let lobby = open(house).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let change = Change { email_verified: Some(true), name: Some("Ada L\u{f6}velace".into()), ..Change::default() };
    lobby.node.update_user(ada, change).await.unwrap();
    let browser = visitor(&lobby, ADA).await;
    let told = visit(&lobby, &browser, WIKI).await;
    assert_eq!(told.status, 200);
    assert_eq!((told.get("remote-user"), told.get("remote-email")), (ADA, ADA));
    assert_eq!((told.get("remote-groups"), told.get("remote-name")), ("staff", "Ada L\u{f6}velace"));
    assert_eq!(told.get("cookie"), "theme=dark; lang=en", "the site behind never sees the cookie");
    let claims = verified(&lobby, told.get("remote-assertion"));
    let start = START.seconds();
    assert_eq!(
        (&claims["iss"], &claims["aud"], &claims["sub"]),
        (&ISSUER.into(), &"wiki.example".into(), &ada.to_string().into())
    );
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(start), Some(start + 60)));
    assert_eq!((&claims["acr"], &claims["email"]), (&"urn:vestibule:acr:single-factor".into(), &ADA.into()));
    let sessions = lobby.node.list_sessions(ada).await.unwrap();
    assert_ne!(claims["sid"], sessions[0].session.id.to_string(), "the child has an id of its own");
    // Another site is another audience; the same cookie opens it.
    let other = visit(&lobby, &browser, "https://blog.example/").await;
    assert_eq!(verified(&lobby, other.get("remote-assertion"))["aud"], "blog.example");
    assert_eq!(lobby.trail(ADA).await.iter().filter(|kind| *kind == "site.entered").count(), 1);
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

/// It is signed again before half of its minute is over.
#[both_databases]
async fn an_assertion_is_handed_out_for_half_a_minute(house: House) {
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    let assertion = async || visit(&lobby, &browser, WIKI).await.get("remote-assertion").to_owned();
    let first = assertion().await;
    for _ in 0..29 {
        lobby.house.clock.advance(Duration::from_secs(1));
        assert_eq!(assertion().await, first);
    }
    lobby.house.clock.advance(Duration::from_secs(1));
    let second = assertion().await;
    assert_ne!(second, first);
    // What it says changes with the person, at once.
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.node.remove_member("staff", ada, &Caller::operator()).await.unwrap();
    pause(&lobby).await;
    assert_eq!(verified(&lobby, &assertion().await)["groups"].as_array().map(Vec::len), Some(0));
}

#[both_databases]
async fn the_cookie_is_the_domains_and_out_of_reach(house: House) {
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    let mut again = browser.clone();
    let url = url::Url::parse(&format!("{ISSUER}/forward-auth/signin?to=https://wiki.example/")).unwrap();
    let answer = again.send("GET", &url, None).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "who is signed in goes on at once");
    let lines = answer.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let line = lines.into_iter().find(|line| line.starts_with(COOKIE)).unwrap();
    assert!(line.starts_with(&format!("{COOKIE}=vst_st_")), "{line}");
    let attributes = "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=2592000; Domain=example";
    assert!(line.ends_with(attributes), "{line}");
    assert_eq!(again.cookies[COOKIE], browser.cookies[COOKIE], "one child for one session");
}

/// Neither cookie is worth anything in the other's place.
#[both_databases]
async fn the_two_cookies_do_not_stand_for_each_other(house: House) {
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    let site = browser.cookies[COOKIE].clone();
    let session = browser.cookies["__Host-vestibule"].clone();
    let told = asked(&lobby, nginx(WIKI), &[("cookie", &format!("{COOKIE}={session}"))]).await;
    assert_eq!(told.status, 401);
    let told = asked(&lobby, nginx(WIKI), &[("cookie", &format!("__Host-vestibule={session}"))]).await;
    assert_eq!(told.status, 401);
    for name in ["__Host-vestibule", COOKIE] {
        let mut thief = lobby.browser();
        thief.cookies.insert(name.to_owned(), site.clone());
        assert_eq!(thief.open("/account").await.step(), "signin", "{name}");
    }
    // One that stands twice was planted: it counts for nothing, and neither of the two reaches the site.
    let twice = format!("{COOKIE}={site}; a=b; {COOKIE}=planted");
    assert_eq!(asked(&lobby, nginx(WIKI), &[("cookie", &twice)]).await.status, 401);
    let told = asked(&lobby, nginx("https://wiki.example/public"), &[("cookie", &twice)]).await;
    assert_eq!((told.status, told.get("cookie")), (200, "a=b"));
}

#[both_databases]
async fn a_forged_cookie_is_nobody(house: House) {
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    let genuine = browser.cookies[COOKIE].clone();
    for forged in [
        "",
        "x",
        &genuine[..genuine.len() - 1],
        &genuine.replace("vst_st_", "vst_bs_"),
        // Another browser's id before this one's proof.
        &format!("vst_st_AAAAAAAAAAAAAAAAAAAAAA.{}", genuine.split_once('.').unwrap().1),
    ] {
        let told = asked(&lobby, nginx(WIKI), &[("cookie", &format!("{COOKIE}={forged}"))]).await;
        assert_eq!(told.status, 401, "{forged}");
    }
}

/// What a request is about only a trusted proxy says (`vestibule/src/proxies.rs`); here is what the rest is worth.
#[both_databases]
async fn what_nobody_trusted_said_is_nothing(house: House) {
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    let cookie = format!("{COOKIE}={}", browser.cookies[COOKIE]);
    let both = Forwarded {
        host: Some("wiki.example".into()),
        uri: Some("/public".into()),
        original_url: Some("https://wiki.example/admin".into()),
    };
    let half = Forwarded { host: Some("wiki.example".into()), ..Forwarded::default() };
    for (why, forwarded) in [
        ("no proxy said anything", None),
        ("nothing was said", Some(Forwarded::default())),
        ("one of the two came from outside", Some(both)),
        ("half of it", Some(half)),
        ("a host that is no site", nginx("https://evil.example/")),
        ("two hosts", traefik("wiki.example, evil.example", "/")),
        ("a host with a user", traefik("wiki.example@evil.example", "/")),
        ("a target in absolute form", traefik("wiki.example", "https://wiki.example/public")),
        ("a final dot", traefik("wiki.example.", "/")),
        ("another port", traefik("wiki.example:8443", "/")),
        ("a line break", traefik("wiki.example", "/public%0d%0ax")),
    ] {
        let headers = [("cookie", cookie.as_str()), ("x-forwarded-host", "wiki.example"), ("x-original-url", WIKI)];
        assert_eq!(asked(&lobby, forwarded, &headers).await.status, 403, "{why}");
    }
}

/// Whoever may not see `/admin` does not see it by another spelling.
#[both_databases]
async fn no_spelling_of_a_path_gets_past(house: House) {
    let lobby = open(house).await;
    let (ada, grace) = (visitor(&lobby, ADA).await, visitor(&lobby, GRACE).await);
    for path in
        ["/admin", "/admin/users?x", "//admin", "/public/../admin", "/public/%2e%2e/admin", "/public/..%2fadmin"]
    {
        let url = format!("https://wiki.example{path}");
        assert_eq!(visit(&lobby, &grace, &url).await.status, 403, "{path}");
        assert_eq!(visit(&lobby, &lobby.browser(), &url).await.status, 401, "{path}");
        assert_eq!(visit(&lobby, &ada, &url).await.status, 200, "{path}");
    }
    let public = visit(&lobby, &lobby.browser(), "https://wiki.example/public/a.css").await;
    assert_eq!((public.status, public.get("remote-user"), public.get("remote-assertion")), (200, "", ""));
    assert_eq!(
        visit(&lobby, &grace, "https://wiki.example/public").await.get("remote-user"),
        grace_login(&lobby).await
    );
}

/// An address that nobody has proven is no name of anybody.
async fn grace_login(lobby: &Lobby) -> String {
    lobby.node.find_user(GRACE).await.unwrap().unwrap().id.to_string()
}

/// Whoever is not let in learns it on a page of the provider, and can come as somebody else.
#[both_databases]
async fn who_may_not_can_come_as_somebody_else(house: House) {
    let lobby = open(house).await;
    let mut browser = visitor(&lobby, GRACE).await;
    let page = browser.open("/forward-auth/signin?to=https://wiki.example/admin").await;
    assert!(page.step() == "not-admitted" && page.says("wiki.example"), "{}", page.text);
    let back = browser.press(&page, "not-admitted", "back", &[]).await;
    assert_eq!(back.url.path(), "/account");
    let page = browser.open("/forward-auth/signin?to=https://wiki.example/admin").await;
    let page = browser.press(&page, "not-admitted", "switch", &[]).await;
    let page = browser.press(&page, "account-other", "other", &[]).await;
    let before = browser.cookies[COOKIE].clone();
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!((page.left, page.url.as_str()), (true, "https://wiki.example/admin"));
    assert_eq!(visit(&lobby, &browser, "https://wiki.example/admin").await.status, 200);
    // The cookie of the session before opens nothing any more.
    let told = asked(&lobby, nginx(WIKI), &[("cookie", &format!("{COOKIE}={before}"))]).await;
    assert_eq!(told.status, 401);
}

/// Nobody is led to an address that is no registered site's.
#[both_databases]
async fn a_foreign_return_target_leads_nowhere(house: House) {
    let lobby = open(house).await;
    for to in [
        "https://evil.example/",
        "https://wiki.example.evil.example/",
        "https://wiki.example@evil.example/",
        "https://wiki.example\\@evil.example/",
        "https://evil.example\\.wiki.example/",
        "//wiki.example/",
        "/account",
        "javascript:alert(1)//wiki.example",
        "https://wiki.example#@evil.example/",
        "https://id.example/",
        "https://wiki.example:8443/",
        "https://wiki.example/public%0aevil",
        "",
    ] {
        for browser in [lobby.browser(), lobby.adas_browser().await] {
            let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
            let page = browser.clone().open(&format!("/forward-auth/signin?to={to}")).await;
            assert_eq!((page.left, page.status.as_u16(), page.step()), (false, 400, "error"), "{to}");
            let page = browser.clone().open(&format!("/forward-auth/signout?to={to}")).await;
            let back = page.left && page.url.host_str() == Some("wiki.example");
            assert!(back || !page.left && !page.says("href=\"https://evil"), "{to}: {}", page.text);
            if page.step() == "signout" {
                let policy = page.headers["content-security-policy"].to_str().unwrap();
                assert!(!policy.contains("evil"), "{policy}");
                let page = browser.clone().press(&page, "signout", "signout", &[]).await;
                let back = page.left && page.url.host_str() == Some("wiki.example");
                assert!(back || !page.left && !page.says("href=\"https://evil"), "{to}: {}", page.text);
            }
        }
    }
    // One that says where it goes by the wrong scheme goes by the right one.
    let page = lobby.adas_browser().await.open("/forward-auth/signin?to=http://wiki.example//evil.example/").await;
    assert_eq!((page.left, page.url.as_str()), (true, "https://wiki.example//evil.example/"));
}

/// The hop is bound to the browser that began it, so that a link to it signs nobody in.
#[both_databases]
async fn the_hop_is_the_browsers_own(house: House) {
    let lobby = open(house).await;
    let mut attacker = lobby.browser();
    let page = attacker.open("/forward-auth/signin?to=https://wiki.example/").await;
    let mut victim = lobby.browser();
    assert_eq!(victim.open(page.url.as_str()).await.step(), "error");
    assert!(!victim.cookies.contains_key(COOKIE));
}

/// Traefik and Caddy take the answer to the browser; what is no navigation is told so and not led away.
#[both_databases]
async fn a_redirect_is_for_pages_alone(house: House) {
    let lobby = open(house).await;
    let ask = async |headers: &[(&str, &str)]| asked(&lobby, traefik("wiki.example", "/a?b=c&d"), headers).await;
    for headers in [&[("sec-fetch-mode", "navigate")][..], &[("accept", "text/html,*/*")]] {
        let told = ask(headers).await;
        assert_eq!(told.status, 303, "{headers:?}");
        let to = "https://id.example/forward-auth/signin?to=https%3A%2F%2Fwiki.example%2Fa%3Fb%3Dc%26d";
        assert_eq!(told.get("location"), to);
    }
    for headers in [&[("sec-fetch-mode", "cors"), ("accept", "text/html")][..], &[("accept", "application/json")], &[]]
    {
        let told = ask(headers).await;
        assert_eq!((told.status, told.get("www-authenticate")), (401, "Vestibule-Site"), "{headers:?}");
    }
    // nginx is never given anything but 2xx, 401 and 403.
    let told = asked(&lobby, nginx(WIKI), &[("sec-fetch-mode", "navigate")]).await;
    assert_eq!(told.status, 401);
}

/// RFC 9470 §3: what is missing is asked for, and no more.
#[both_databases]
async fn a_path_may_ask_for_more(house: House) {
    let lobby = open(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let mut browser = lobby.browser();
    let page = browser.open("/forward-auth/signin?to=https://wiki.example/").await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.step(), "totp");
    let remember = [("code", app.code(&lobby)), ("remember", "on".to_owned())];
    let remember: Vec<_> = remember.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.press(&page, "totp", "verify", &remember).await;
    lobby.house.clock.advance(Duration::from_secs(60));
    // On the remembered device the password alone lets in: to the vault it does not.
    for name in ["__Host-vestibule", COOKIE] {
        browser.cookies.remove(name);
    }
    let page = browser.open("/forward-auth/signin?to=https://wiki.example/").await;
    let page = browser.sign_in(&page, ADA).await;
    assert!(page.left, "{}", page.text);
    assert_eq!(visit(&lobby, &browser, WIKI).await.status, 200);
    let told = visit(&lobby, &browser, "https://wiki.example/vault").await;
    assert_eq!(told.status, 401);
    let challenge =
        "Vestibule-Site error=\"insufficient_user_authentication\", acr_values=\"urn:vestibule:acr:multi-factor\"";
    assert_eq!(told.get("www-authenticate"), challenge);
    let page = browser.open(told.get("location")).await;
    assert!(page.step() == "totp" && !page.says("value=\"skip\""), "{}", page.text);
    let page = browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    assert_eq!((page.left, page.url.as_str()), (true, "https://wiki.example/vault"));
    let told = visit(&lobby, &browser, "https://wiki.example/vault").await;
    assert_eq!(told.status, 200);
    assert_eq!(verified(&lobby, told.get("remote-assertion"))["acr"], "urn:vestibule:acr:multi-factor");
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

/// The name of a header that stands on each yes, so that a proxy that copies it replaces what came from outside.
#[both_databases]
async fn every_yes_has_every_header(house: House) {
    let lobby = open(house).await;
    let forged = [("remote-user", "root"), ("remote_user", "root"), ("remote-groups", "staff")];
    let told = asked(&lobby, nginx("https://wiki.example/public"), &forged).await;
    for name in
        ["remote-user", "remote-email", "remote-groups", "remote-name", "remote-assertion", header::COOKIE.as_str()]
    {
        assert_eq!(told.get(name), "", "{name}");
    }
}
