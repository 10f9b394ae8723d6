//! `/oauth2/authorize` and the way to the code.

use testkit::{House, ISSUER};
use testkit_macros::both_databases;

use crate::lobby::{ADA, Lobby, ask, assert_code, assert_refused, request};

/// RFC 6749 §4.1.2, RFC 9207 §2: the whole road once, and the second app without a page.
#[both_databases]
async fn one_sign_in_opens_both_apps(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "signin"), "{}", page.text);
    assert!(page.says("Photos"));
    let page = browser.sign_in(&page, ADA).await;
    let code = assert_code(&page);
    assert!(code.starts_with("vst_ac_"), "{code}");
    assert!(page.url.as_str().starts_with("https://photos.example/cb?code="), "{}", page.url);
    assert_eq!(page.param("state").as_deref(), Some("s t&1"));
    assert_eq!(page.param("iss").as_deref(), Some(ISSUER));

    // First time at Drive: one tap. Then none.
    let page = browser.open(&ask("drive", &[])).await;
    assert_eq!(page.step(), "continue", "{}", page.text);
    assert!(page.says("Ada Lovelace") && page.says("Drive"));
    assert_code(&browser.press(&page, "continue", "continue", &[]).await);
    assert_code(&browser.open(&ask("drive", &[])).await);
    assert_code(&browser.open(&ask("drive", &[("prompt", "none")])).await);
}

/// RFC 6749 §4.1.2.1: nobody has proven the address, so that nothing leaves by redirect.
#[both_databases]
async fn what_must_not_go_back_stays_on_a_page(house: House) {
    let lobby = Lobby::open(house).await;
    lobby.house.disable_client("drive").await;
    for (address, error) in [
        (ask("photos", &[("redirect_uri", "https://photos.example/cb/")]), "invalid_request"),
        (ask("photos", &[("redirect_uri", "https://evil.example/")]), "invalid_request"),
        (ask("photos", &[("redirect_uri", "")]), "invalid_request"),
        (ask("photos", &[("client_id", "")]), "invalid_request"),
        (format!("{}&client_id=photos", ask("photos", &[])), "invalid_request"),
        (ask("nobody", &[]), "invalid_client"),
        // Whether it is unknown or disabled is nobody's business.
        (ask("drive", &[]), "invalid_client"),
        ("/oauth2/authorize".to_owned(), "invalid_request"),
    ] {
        let page = lobby.browser().open(&address).await;
        assert!(!page.left, "{address}");
        assert_eq!((page.status.as_u16(), page.error()), (400, Some(error)), "{address}");
        assert!(page.says("data-trace=\"trace-of-a-test\""), "{address}");
    }
}

/// RFC 6749 §4.1.2.1, Core §3.1.2.6, RFC 9207 §2: the others reach the app, with its state and our name.
#[both_databases]
async fn errors_reach_the_app_with_state_and_issuer(house: House) {
    let lobby = Lobby::open(house).await;
    for (changes, error) in [
        (&[("response_type", "token")][..], "unsupported_response_type"),
        (&[("response_type", "")], "invalid_request"),
        (&[("scope", "a\u{e9}")], "invalid_scope"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "none")], "login_required"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("request", "e30.")], "request_not_supported"),
        (&[("request_uri", "https://photos.example/r")], "request_uri_not_supported"),
        (&[("registration", "{}")], "registration_not_supported"),
        (&[("resource", "no-uri")], "invalid_target"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("nonce", &"n".repeat(9000))], "invalid_request"),
    ] {
        let page = lobby.browser().open(&ask("photos", changes)).await;
        assert_refused(&page, error);
        assert_eq!(page.param("state").as_deref(), Some("s t&1"), "{changes:?}");
        assert_eq!(page.param("iss").as_deref(), Some(ISSUER), "{changes:?}");
    }
    // A state that is not sound does not come back.
    let page = lobby.browser().open(&ask("photos", &[("state", &"s".repeat(9000))])).await;
    assert_refused(&page, "invalid_request");
    assert_eq!(page.param("state"), None);
}

/// OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2.
#[both_databases]
async fn the_answer_comes_in_the_mode_asked_for(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("photos", &[("response_mode", "fragment")])).await;
    assert!(page.left && page.url.query().is_none(), "{}", page.url);
    let fragment = page.url.fragment().unwrap();
    assert!(fragment.starts_with("code=vst_ac_") && fragment.contains("&state=s+t%261&iss="), "{fragment}");

    let page = browser.open(&ask("photos", &[("response_mode", "form_post")])).await;
    let form = page.form("form_post");
    assert_eq!(form.action, "https://photos.example/cb");
    let names: Vec<&str> = form.hidden.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["code", "state", "iss", "session_state"]);
    assert_eq!(form.hidden[1].1, "s t&1");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://photos.example"), "{policy}");

    let refused = [("response_mode", "form_post"), ("prompt", "none"), ("max_age", "0")];
    let page = browser.open(&ask("photos", &refused)).await;
    let names: Vec<_> = page.form("form_post").hidden.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["error", "error_description", "state", "iss"]);
}

/// Core §3.1.2.1: GET and POST. A cross-site POST brings no cookie, and the session counts all the same.
#[both_databases]
async fn a_request_may_be_posted_from_another_site(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let cookies = std::mem::take(&mut browser.cookies);
    let url = url::Url::parse(ISSUER).unwrap().join("/oauth2/authorize").unwrap();
    let fields = request("photos", &[]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let kept = browser.send("POST", &url, Some(&fields)).await;
    let next = kept.headers()["location"].to_str().unwrap().to_owned();
    assert!(next.starts_with("/signin?flow="), "{next}");
    // It must not replace the cookie of the flows in other tabs.
    assert!(browser.cookies.is_empty());

    browser.cookies = cookies;
    assert_code(&browser.open(&next).await);
    // Whoever comes later with the same address comes to nothing.
    for mut other in [browser, lobby.browser()] {
        let page = other.open(&next).await;
        assert_eq!((page.status.as_u16(), page.error()), (400, Some("invalid_request")));
    }
}

/// The same for somebody who is not signed in, with the checks before anything is kept.
#[both_databases]
async fn a_posted_request_is_checked_and_leads_to_a_page(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let post = |app: &str, changes: &[(&str, &str)]| request(app, changes);
    let fields = post("photos", &[]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.post("/oauth2/authorize", &fields).await;
    assert_eq!(page.step(), "signin");
    assert_code(&browser.sign_in(&page, ADA).await);

    let fields = post("photos", &[("redirect_uri", "https://evil.example/")]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.post("/oauth2/authorize", &fields).await;
    assert_eq!((page.status.as_u16(), page.error()), (400, Some("invalid_request")));
    let twice: Vec<_> = request("photos", &[]);
    let twice: Vec<_> = twice.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.post("/oauth2/authorize", &[&twice[..], &[("nonce", "m")]].concat()).await;
    assert_refused(&page, "invalid_request");
}

/// Core §3.1.2.1 `ui_locales` and `login_hint`.
#[both_databases]
async fn the_pages_speak_the_language_asked_for(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[("ui_locales", "fr de"), ("login_hint", ADA)])).await;
    assert!(page.says("<html lang=\"de\"") && page.says(&format!("value=\"{ADA}\"")), "{}", page.text);
    // The switch on the page goes before, and stays through the forms.
    let page = browser.open(&format!("{}&ui_locales=ar", page.url)).await;
    assert!(page.says("<html lang=\"ar\" dir=\"rtl\""));
    let page = browser.press(&page, "signin", "signin", &[("username", ADA), ("password", "wrong")]).await;
    assert!(page.says("<html lang=\"ar\""), "{}", page.text);
    let page = browser.open(&ask("photos", &[])).await;
    assert!(page.says("<html lang=\"en\""));
}
