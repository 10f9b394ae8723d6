//! Whether somebody is still signed in, asked in a frame (OpenID Connect Session Management 1.0).

use testkit::{Browser, House, ISSUER, Page};
use testkit_macros::both_databases;
use url::Url;

use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code, go};

const STATE: &str = "__Host-vestibule-state";

/// What the script in the frame computes (§3.2), and what it answers.
fn answer(browser: &Browser, app: &str, session_state: &str) -> &'static str {
    let (hash, salt) = session_state.split_once('.').unwrap();
    let Some(state) = browser.cookies.get(STATE) else { return "error" };
    let covered = format!("{app} https://{app}.example {state} {salt}");
    match jose::base64url::encode(jose::sha256(covered.as_bytes())) == hash {
        true => "unchanged",
        false => "changed",
    }
}

fn session_state(page: &Page) -> String {
    assert_code(page);
    page.param("session_state").unwrap()
}

/// §2, §3.2: the app is given the state of the browser that has just signed in; it changes when somebody signs out or
/// another one signs in, and not before.
#[both_databases]
async fn an_app_sees_when_the_person_is_another(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!(browser.cookies.get(STATE), None, "nobody is in");
    let photos = session_state(&browser.sign_in(&page, ADA).await);
    let drive = session_state(&go(&mut browser, &ask("drive", &[])).await);
    for (app, state) in [("photos", &photos), ("drive", &drive)] {
        assert_eq!(answer(&browser, app, state), "unchanged", "{app}");
        assert_eq!(answer(&browser, if app == "drive" { "photos" } else { "drive" }, state), "changed", "another's");
    }
    let again = session_state(&go(&mut browser, &ask("photos", &[])).await);
    assert_ne!(again.split_once('.').unwrap().1, photos.split_once('.').unwrap().1, "a salt of its own");
    assert_eq!(answer(&browser, "photos", &photos), "unchanged");
    assert!(!browser.cookies[STATE].is_empty() && browser.cookies[STATE] != browser.cookies["__Host-vestibule"]);

    // Somebody else signs in beside her; then one of the two signs out, then the other.
    let page = browser.open(&ask("drive", &[("prompt", "login")])).await;
    let graces = session_state(&browser.sign_in(&page, GRACE).await);
    assert_eq!((answer(&browser, "photos", &photos), answer(&browser, "drive", &graces)), ("changed", "unchanged"));
    let page = browser.open("/account").await;
    browser.press(&page, "signout", "signout", &[]).await;
    assert_eq!(answer(&browser, "drive", &graces), "changed");
    let page = browser.open(&ask("drive", &[("prompt", "none")])).await;
    assert_eq!((page.param("error").as_deref(), page.param("session_state")), (Some("login_required"), None));
    // A session that was ended elsewhere is noticed as soon as the browser is here again.
    let page = browser.open(&ask("photos", &[])).await;
    let photos = session_state(&browser.sign_in(&page, ADA).await);
    let known = lobby.node.browser(Some(&browser.cookies["__Host-vestibule"])).await.unwrap().unwrap();
    let page = browser.open(&ask("drive", &[("prompt", "login")])).await;
    let drive = session_state(&browser.sign_in(&page, GRACE).await);
    let operator = idp::caller::Caller::operator();
    lobby.node.end_session(known.id, known.sessions[0].id, &operator).await.unwrap();
    assert_eq!(answer(&browser, "drive", &drive), "unchanged");
    session_state(&go(&mut browser, &ask("drive", &[])).await);
    assert_eq!((answer(&browser, "drive", &drive), answer(&browser, "photos", &photos)), ("changed", "changed"));
}

/// Without `openid` there is no session to look after.
#[both_databases]
async fn only_openid_requests_have_a_state(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("photos", &[("scope", "profile")])).await;
    assert_code(&page);
    assert_eq!(page.param("session_state"), None);
}

/// The one page that others may frame; and the one cookie that scripts may read.
#[both_databases]
async fn the_frame_may_be_framed_and_no_other_page(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let address: String = lobby.node.metadata(&[])["check_session_iframe"].as_str().unwrap().to_owned();
    assert_eq!(address, format!("{ISSUER}/oauth2/check-session"));
    let page = browser.open(&address).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert_eq!(policy, "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'");
    assert!(!page.headers.contains_key("x-frame-options"));
    assert!(page.says(&format!("data-cookie=\"{STATE}\"")) && page.says("/assets/check-session."), "{}", page.text);
    for other in ["/", "/signin", "/oauth2/logout", "/account"] {
        let page = browser.open(other).await;
        assert!(
            page.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"),
            "{other}"
        );
        assert_eq!(page.headers["x-frame-options"], "DENY", "{other}");
    }
    let browser = lobby.adas_browser().await;
    let url = Url::parse(&format!("{ISSUER}{}", ask("photos", &[]))).unwrap();
    let mut fresh = browser.clone();
    fresh.cookies.remove(STATE);
    let answer = fresh.send("GET", &url, None).await;
    let line = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(line.starts_with(&format!("{STATE}={}", browser.cookies[STATE])), "{line}");
    assert!(line.ends_with("; Path=/; SameSite=None; Secure; Max-Age=34560000"), "{line}");
}
