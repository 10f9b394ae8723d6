//! Who is let in: what the site is told of them, and what a path may ask for.

use super::*;

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

/// nginx understands no status for a fault; no proxy takes one for a yes.
#[both_databases]
async fn nobody_is_let_in_while_the_store_is_away(house: House) {
    let lobby = open(house).await;
    let browser = visitor(&lobby, ADA).await;
    assert_eq!(visit(&lobby, &browser, WIKI).await.status, 200);
    let cookie = format!("{COOKIE}={}", browser.cookies[COOKIE]);
    lobby.house.clock.advance(Duration::from_secs(3600));
    lobby.node.close().await;
    let ask = async |proxy| asked(&lobby, proxy, &[("cookie", cookie.as_str())]).await.status;
    assert_eq!((ask(nginx(WIKI)).await, ask(traefik("wiki.example", "/page")).await), (403, 503));
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

/// RFC 9470 §3: so is how fresh it must be.
#[both_databases]
async fn a_path_may_ask_for_a_fresh_proof(house: House) {
    let lobby = open(house).await;
    register(&lobby, "bank.example", &["/pay max-age=60"]).await;
    let mut browser = lobby.browser();
    let page = browser.open("/forward-auth/signin?to=https://bank.example/pay").await;
    assert!(browser.sign_in(&page, ADA).await.left);
    assert_eq!(visit(&lobby, &browser, "https://bank.example/pay").await.status, 200);
    lobby.house.clock.advance(Duration::from_secs(61));
    assert_eq!(visit(&lobby, &browser, "https://bank.example/").await.status, 200);
    let told = visit(&lobby, &browser, "https://bank.example/pay").await;
    assert_eq!(told.status, 401);
    let challenge = "Vestibule-Site error=\"insufficient_user_authentication\", max_age=\"60\"";
    assert_eq!(told.get("www-authenticate"), challenge);
    let page = browser.open(told.get("location")).await;
    assert_eq!(page.step(), "signin", "{}", page.text);
    assert!(browser.sign_in(&page, ADA).await.left);
    assert_eq!(visit(&lobby, &browser, "https://bank.example/pay").await.status, 200);
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
