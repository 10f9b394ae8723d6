//! What gets nobody in: forged and borrowed cookies, spellings of paths, foreign addresses, links to the hop.

use super::*;

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
