//! `/signup`: accounts of one's own, where no address is proven (`confirm.rs` has the others).

use idp::settings::{AddressProof, SignupMode};
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::lobby::{ADA, Lobby, ask, assert_code};

async fn sign_up(browser: &mut Browser, page: &Page, email: &str, name: &str, password: &str) -> Page {
    browser.press(page, "signup", "signup", &[("email", email), ("name", name), ("password", password)]).await
}

/// CONTRACT §4: the fields, and where it ends.
#[both_databases]
async fn an_account_is_made_and_signed_in(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let home = browser.open("/").await;
    assert!(home.says("href=\"/signup\"") && home.says("href=\"/signin\""));
    let page = browser.open("/signup").await;
    let page = sign_up(&mut browser, &page, "New@Example.com", "New Person", PASSWORD).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/account"), "{}", page.text);
    assert!(page.says("New Person") && page.says("Your account is ready."), "{}", page.text);
    assert!(browser.open("/").await.says("New Person"));
    // The account opens the apps, and its password signs in elsewhere.
    assert_eq!(browser.open(&ask("photos", &[])).await.step(), "continue");
    let mut elsewhere = lobby.browser();
    let page = elsewhere.open(&ask("photos", &[])).await;
    assert_code(&elsewhere.sign_in(&page, "new@example.com").await);
}

/// Whoever signs up on the way to an app goes on there.
#[both_databases]
async fn on_the_way_to_an_app_it_leads_on(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let signin = browser.open(&ask("photos", &[("prompt", "login")])).await;
    let flow = signin.param("flow").unwrap();
    assert!(signin.says(&format!("href=\"/signup?flow={flow}\"")), "{}", signin.text);
    let page = browser.open(&format!("/signup?flow={flow}")).await;
    assert!(page.says("Photos") && page.says(&format!("href=\"/signin?flow={flow}\"")), "{}", page.text);
    // Chromium holds form-action against the redirect that ends the road too.
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://photos.example"), "{policy}");
    let again = sign_up(&mut browser, &page, "", "New", "short").await;
    assert!(again.says("Photos"));
    assert_code(&sign_up(&mut browser, &again, "new@example.com", "New", PASSWORD).await);

    // Another browser's flow is none: the account is made, and that is all.
    let theirs = lobby.browser().open(&ask("photos", &[])).await;
    let mut browser = lobby.browser();
    browser.open("/").await;
    let page = browser.open(&format!("/signup?flow={}", theirs.param("flow").unwrap())).await;
    assert!(!page.says("Photos"), "{}", page.text);
    let page = sign_up(&mut browser, &page, "other@example.com", "Other", PASSWORD).await;
    assert_eq!(page.url.path(), "/account");
}

#[both_databases]
async fn what_is_wrong_stands_at_its_field_and_the_rest_is_kept(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let mut page = browser.open("/signup").await;
    for (email, name, password, field) in [
        ("", "Eve", PASSWORD, "email"),
        ("eve", "Eve", PASSWORD, "email"),
        ("ADA@example.com", "Eve", PASSWORD, "email"),
        ("eve@example.com", "  ", PASSWORD, "name"),
        ("eve@example.com", &"e".repeat(300), PASSWORD, "name"),
        ("eve@example.com", "Eve", "", "password"),
        ("eve@example.com", "Eve", "Ev3ryth", "password"),
        ("eve@example.com", "Eve", "password1", "password"),
        ("eve@example.com", "Eve", "eve@example.com", "password"),
    ] {
        page = sign_up(&mut browser, &page, email, name, password).await;
        assert_eq!((page.status.as_u16(), page.step()), (422, "signup"), "{email} {name} {password}");
        for other in ["email", "name", "password"] {
            let told = page.says(&format!("id=\"{other}-problem\""));
            assert_eq!(told, other == field, "{other}: {email} {name} {password}");
        }
        assert!(page.says(&format!("value=\"{email}\"")) || email.is_empty(), "{email}");
        assert!(page.says(&format!("value=\"{name}\"")), "{name}");
        assert!(password.len() < 8 || password == email || !page.says(password), "{password}");
    }
    assert!(lobby.node.find_user("eve@example.com").await.unwrap().is_none());
    let page = sign_up(&mut browser, &page, "eve@example.com", "Eve", PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.text);
}

/// DESIGN §6: token, and `Sec-Fetch-Site` where the browser sends it.
#[both_databases]
async fn a_form_that_was_not_shown_here_makes_nothing(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    let fields = |csrf| [("csrf", csrf), ("email", "eve@example.com"), ("name", "Eve"), ("password", PASSWORD)];
    let foreign = lobby.browser().open("/signup").await.form("signup").hidden[0].1.clone();
    for csrf in ["", "x", &foreign] {
        let page = browser.press(&page, "signup", "signup", &fields(csrf)).await;
        assert_eq!((page.status.as_u16(), page.step()), (403, "signup"), "{csrf}");
        assert!(page.says("value=\"eve@example.com\""));
    }
    let own = page.form("signup").hidden[0].1.clone();
    let mut cross = browser.clone();
    cross.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let refused = cross.press(&page, "signup", "signup", &fields(&own)).await;
    assert_eq!((refused.status.as_u16(), refused.error()), (403, Some("invalid_request")));
    assert!(lobby.node.find_user("eve@example.com").await.unwrap().is_none());
    // The form that was shown again works at once.
    let stale = browser.press(&page, "signup", "signup", &fields("x")).await;
    let page = sign_up(&mut browser, &stale, "eve@example.com", "Eve", PASSWORD).await;
    assert_eq!(page.url.path(), "/account");
}

#[both_databases]
async fn of_two_with_one_address_at_once_one_wins(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let lobby = Lobby::open(house).await;
    for n in 0..4 {
        let email = format!("new{n}@example.com");
        let one = async || {
            let mut browser = lobby.browser();
            let page = browser.open("/signup").await;
            sign_up(&mut browser, &page, &email, "New", PASSWORD).await.url.path().to_owned()
        };
        let (left, right) = tokio::join!(one(), one());
        let mut paths = [left, right];
        paths.sort();
        assert_eq!(paths, ["/account", "/signup"]);
    }
}

#[both_databases]
async fn nobody_where_it_is_closed(mut house: House) {
    house.settings.signup = SignupMode::Closed;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    assert!(!browser.open("/").await.says("/signup"));
    let page = browser.open("/signup").await;
    assert_eq!((page.status.as_u16(), page.step()), (403, "message"));
    let page = browser.post("/signup", &[("email", "eve@example.com"), ("name", "Eve"), ("password", PASSWORD)]).await;
    assert_eq!((page.status.as_u16(), page.step()), (403, "message"));
    assert!(lobby.node.find_user("eve@example.com").await.unwrap().is_none());
}

#[both_databases]
async fn an_invitation_is_good_for_one_account(mut house: House) {
    house.settings.signup = SignupMode::Invite;
    house.settings.signup_verify = AddressProof::Never;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    assert_eq!(browser.open("/signup").await.status.as_u16(), 403);
    assert_eq!(browser.open("/signup?invitation=vst_ln_x").await.status.as_u16(), 410);
    let token = lobby.node.invite("new@example.com").await.unwrap();
    let address = format!("/signup?invitation={}", *token);
    let page = browser.open(&address).await;
    assert!(page.says("value=\"new@example.com\""), "{}", page.text);
    let page = sign_up(&mut browser, &page, ADA, "New", PASSWORD).await;
    assert_eq!(page.status.as_u16(), 422, "a taken address does not use it up");
    let page = sign_up(&mut browser, &page, "new@example.com", "New", PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.text);
    assert_eq!(lobby.browser().open(&address).await.status.as_u16(), 410);
}
