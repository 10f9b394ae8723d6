//! `/account/codes` and the steps `totp` and `recovery-code`.

use std::time::Duration;

use idp::clock::Clock as _;
use jose::alg::Hash;
use jose::otp::hotp;
use jose::provider::aws_lc;
use testkit::{Browser, House, Page};
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

/// An authenticator app.
pub(crate) struct App(Vec<u8>);

impl App {
    /// Sets one up in Ada's browser.
    pub(crate) async fn set_up(lobby: &Lobby, browser: &mut Browser) -> Self {
        let page = browser.open("/account/codes").await;
        let (_, secret) = page.text.split_once("<code class=\"secret\" dir=\"ltr\">").expect("a secret");
        let app = Self(toolbox::encoding::unbase32(secret.split('<').next().unwrap()).unwrap());
        let page = browser.press(&page, "totp", "verify", &[("code", &app.code(lobby))]).await;
        assert!(page.says("Set up since"), "{}", page.text);
        // Its step is used.
        lobby.house.clock.advance(Duration::from_secs(30));
        app
    }

    /// What it shows now.
    pub(crate) fn code(&self, lobby: &Lobby) -> String {
        self.code_of(lobby, 0)
    }

    fn code_of(&self, lobby: &Lobby, steps: i64) -> String {
        let step = lobby.house.clock.now().seconds() / 30 + steps;
        hotp(aws_lc(), Hash::Sha1, &self.0, step as u64, 6).to_string()
    }

    fn wrong(&self, lobby: &Lobby) -> String {
        let right: Vec<String> = (-1..=1).map(|steps| self.code_of(lobby, steps)).collect();
        (0..).map(|code| format!("{code:06}")).find(|code| !right.contains(code)).unwrap()
    }
}

/// A browser in which Ada has given her password, and the page that follows.
async fn half_way(lobby: &Lobby) -> (Browser, Page) {
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let page = browser.sign_in(&page, ADA).await;
    (browser, page)
}

#[both_databases]
async fn a_code_is_asked_after_the_password(house: House) {
    let lobby = Lobby::open(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let (mut browser, page) = half_way(&lobby).await;
    assert_eq!(page.step(), "totp", "{}", page.text);
    assert!(page.says("Ada Lovelace"), "{}", page.text);
    // The password alone has opened nothing.
    assert!(!browser.cookies.contains_key("__Host-vestibule"), "a session began half-way");
    assert_eq!(browser.clone().open("/account").await.step(), "signin");
    let wrong = browser.press(&page, "totp", "verify", &[("code", &app.wrong(&lobby))]).await;
    assert!(wrong.step() == "totp" && wrong.says("That is not the code of this moment"), "{}", wrong.text);
    let spaced = app.code(&lobby);
    let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
    assert_code(&browser.press(&wrong, "totp", "verify", &[("code", &spaced)]).await);
    assert!(browser.open("/account").await.says("<h1><bdi>Ada Lovelace"));
    // Who has none is asked for none.
    let mut graces = lobby.browser();
    let page = graces.open(&ask("drive", &[])).await;
    assert_ne!(graces.sign_in(&page, GRACE).await.step(), "totp");
}

/// RFC 6238 §5.2.
#[both_databases]
async fn a_code_is_good_once(house: House) {
    let lobby = Lobby::open(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let code = app.code(&lobby);
    let (mut one, page) = half_way(&lobby).await;
    assert_code(&one.press(&page, "totp", "verify", &[("code", &code)]).await);
    let (mut other, page) = half_way(&lobby).await;
    let again = other.press(&page, "totp", "verify", &[("code", &code)]).await;
    assert!(!again.left && again.says("That is not the code of this moment"), "{}", again.text);
    // Of many at once, one is let in.
    lobby.house.clock.advance(Duration::from_secs(60));
    let code = app.code(&lobby);
    let mut tries = Vec::new();
    for _ in 0..6 {
        let (mut browser, page) = half_way(&lobby).await;
        let code = code.clone();
        let tried = async move { browser.press(&page, "totp", "verify", &[("code", &code)]).await.left };
        tries.push(tokio::spawn(tried));
    }
    let mut entered = 0;
    for tried in tries {
        entered += usize::from(tried.await.unwrap());
    }
    assert_eq!(entered, 1);
}

#[both_databases]
async fn guessing_ends_soon(house: House) {
    let lobby = Lobby::open(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let wrong = app.wrong(&lobby);
    let mut tries = 0;
    for _ in 0..2 {
        let (mut browser, mut page) = half_way(&lobby).await;
        while page.step() == "totp" {
            page = browser.press(&page, "totp", "verify", &[("code", &wrong)]).await;
            tries += 1;
        }
        assert_eq!(page.step(), "signin", "after five, the password is asked for again");
    }
    assert_eq!(tries, 10);
    // An hour's tries are used up: not even the right one is looked at.
    let (mut browser, page) = half_way(&lobby).await;
    let page = browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    assert_eq!(page.step(), "totp", "{}", page.text);
    lobby.house.clock.advance(Duration::from_secs(60 * 60));
    let (mut browser, page) = half_way(&lobby).await;
    assert_code(&browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await);
}

/// The trail says who tried which code from where; a right one leaves no trace of failure.
#[both_databases]
async fn wrong_codes_are_counted_and_in_the_trail(house: House) {
    let lobby = Lobby::open(house).await;
    let mut adas = lobby.adas_browser().await;
    let app = App::set_up(&lobby, &mut adas).await;
    let page = adas.open("/account/codes").await;
    let codes = codes_of(&adas.press(&page, "recovery-codes", "renew", &[]).await);
    let failures = lobby.node.tally().failures();
    let (mut browser, page) = half_way(&lobby).await;
    browser.address = Some("192.0.2.77".parse().unwrap());
    lobby.house.clock.advance(Duration::from_secs(1));
    browser.press(&page, "totp", "verify", &[("code", &app.wrong(&lobby))]).await;
    lobby.house.clock.advance(Duration::from_secs(1));
    let other = browser.open(&format!("/signin?flow={}&by=recovery-code", page.param("flow").unwrap())).await;
    let other = browser.press(&other, "recovery-code", "verify", &[("code", "aaaa-bbbb-cccc-dddd")]).await;
    assert_eq!(lobby.node.tally().failures(), failures + 2);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let trail = lobby.node.audit_of(ada.id, 2).await.unwrap();
    for (entry, factor) in trail.iter().zip(["recovery", "totp"]) {
        assert_eq!((entry.kind.as_str(), entry.detail["factor"].as_str()), ("session.sign-in-failed", Some(factor)));
        assert_eq!((entry.address.as_deref(), &entry.detail["amr"]), (Some("192.0.2.77"), &serde_json::json!(["otp"])));
    }
    assert!(
        !trail.iter().any(|entry| entry.detail.to_string().contains("aaaa")),
        "what was typed is nobody's business"
    );
    assert_code(&browser.press(&other, "recovery-code", "verify", &[("code", &codes[0])]).await);
    assert_eq!(lobby.node.tally().failures(), failures + 2);
}

#[both_databases]
async fn whoever_is_half_way_can_be_somebody_else(house: House) {
    let lobby = Lobby::open(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let (mut browser, page) = half_way(&lobby).await;
    let anew = browser.press(&page, "prove", "other", &[]).await;
    assert_eq!(anew.step(), "signin");
    let again = browser.sign_in(&anew, ADA).await;
    assert_eq!(again.step(), "totp");
    assert_code(&browser.press(&again, "totp", "verify", &[("code", &app.code(&lobby))]).await);
    let (mut browser, page) = half_way(&lobby).await;
    let anew = browser.press(&page, "prove", "other", &[]).await;
    assert_code(&browser.sign_in(&anew, GRACE).await);
    // A form of another step, and one of another browser.
    let (mut browser, page) = half_way(&lobby).await;
    let form = page.form("totp");
    let csrf = form.hidden.iter().find(|(name, _)| name == "csrf").unwrap().1.clone();
    let flow = page.param("flow").unwrap();
    let sent = [("csrf", csrf.as_str()), ("flow", &flow), ("username", ADA), ("password", testkit::PASSWORD)];
    assert_eq!(browser.post("/signin/signin", &sent).await.status.as_u16(), 400);
    let mut elsewhere = lobby.browser();
    elsewhere.open(&ask("photos", &[])).await;
    let stolen = elsewhere.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    assert!(!stolen.left, "{}", stolen.url);
}

fn codes_of(page: &Page) -> Vec<String> {
    let codes = page.text.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    codes.collect()
}

#[both_databases]
async fn a_recovery_code_lets_in_once(house: House) {
    let lobby = Lobby::open(house).await;
    let mut adas = lobby.adas_browser().await;
    App::set_up(&lobby, &mut adas).await;
    // The app was shown a moment ago, as was the password: the codes can be made at once.
    let mut fresh = adas;
    let page = fresh.open("/account/codes").await;
    let shown = fresh.press(&page, "recovery-codes", "renew", &[]).await;
    let codes = codes_of(&shown);
    assert_eq!(codes.len(), 10, "{}", shown.text);
    assert!(codes.iter().all(|code| code.len() == 19 && codes.iter().filter(|other| *other == code).count() == 1));
    let saved = fresh.press(&shown, "recovery-download", "download", &[]).await;
    assert_eq!(saved.text.lines().collect::<Vec<_>>(), codes);
    assert!(saved.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));

    for (number, code) in codes.iter().enumerate().take(8) {
        let (mut browser, page) = half_way(&lobby).await;
        let page = browser.open(&format!("{}&by=recovery-code", page.url.as_str().replace("&by=totp", ""))).await;
        assert_eq!(page.step(), "recovery-code", "{}", page.text);
        let code = if number == 0 { code.to_uppercase().replace('-', " ") } else { code.clone() };
        assert_code(&browser.press(&page, "recovery-code", "verify", &[("code", &code)]).await);
    }
    let (mut browser, page) = half_way(&lobby).await;
    let page = browser.open(&format!("{}&by=recovery-code", page.url)).await;
    let used = browser.press(&page, "recovery-code", "verify", &[("code", &codes[0])]).await;
    assert!(!used.left && used.says("That is none of your codes"), "{}", used.text);
    let page = fresh.open("/account/codes").await;
    assert!(page.says("class=\"problem\">2 codes are left."), "{}", page.text);
    // New ones take the place of the old.
    let renewed = codes_of(&fresh.press(&page, "recovery-codes", "renew", &[]).await);
    let old = browser.press(&used, "recovery-code", "verify", &[("code", &codes[9])]).await;
    assert!(!old.left, "an old code: {}", old.url);
    assert_code(&browser.press(&old, "recovery-code", "verify", &[("code", &renewed[9])]).await);
}

#[both_databases]
async fn changing_codes_needs_a_fresh_and_full_sign_in(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/codes").await;
    let offered = page.form("totp").hidden.iter().find(|(name, _)| name == "offer").unwrap().1.clone();
    // The offer of one session is none of another, nor is one of our own making.
    let mut elsewhere = lobby.adas_browser().await;
    let other = elsewhere.open("/account/codes").await;
    for foreign in [offered.as_str(), "AAAA", ""] {
        let page = elsewhere.press(&other, "totp", "verify", &[("offer", foreign), ("code", "123456")]).await;
        assert!(page.says("Set up the app"), "{}", page.text);
    }
    let wrong = browser.press(&page, "totp", "verify", &[("code", "12")]).await;
    assert!(wrong.says("That is not the code of this moment"), "{}", wrong.text);
    let again = wrong.form("totp").hidden.iter().find(|(name, _)| name == "offer").unwrap().1.clone();
    assert_eq!(again, offered, "the same secret is offered after a wrong code");
    let app = App::set_up(&lobby, &mut browser).await;
    // Somebody who knows the password, and no more, at a browser where both were given long ago.
    let while_fresh = browser.open("/account/codes").await;
    lobby.house.clock.advance(Duration::from_secs(16 * 60));
    let page = browser.press(&while_fresh, "totp-remove", "remove", &[]).await;
    assert!(page.says("Set up since"), "what was shown while it was fresh removes nothing later:\n{}", page.text);
    let page = browser.open("/account/password").await;
    let new = "four other words here";
    browser.press(&page, "password", "", &[("current", testkit::PASSWORD), ("password", new)]).await;
    let page = browser.open("/account/codes").await;
    assert!(page.says("show first that it is you") && !page.says("value=\"remove\""), "{}", page.text);
    let csrf = offered_csrf(&wrong);
    let page = browser.post("/account/codes", &[("csrf", &csrf), ("action", "remove")]).await;
    assert_eq!(page.status.as_u16(), 403);
    assert!(browser.open("/account/codes").await.says("Set up since"), "a password alone must not remove it");
    let page = browser.open("/signin?prompt=login").await;
    assert_eq!(page.step(), "signin");
    let page = browser.press(&page, "signin", "signin", &[("username", ADA), ("password", new)]).await;
    browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    let page = browser.open("/account/codes").await;
    let page = browser.press(&page, "totp-remove", "remove", &[]).await;
    assert!(page.says("Set up the app"), "{}", page.text);
    let kinds = lobby.trail(ADA).await;
    for kind in ["factor.removed", "factor.added", "password.changed"] {
        assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kinds:?}");
    }
}

fn offered_csrf(page: &Page) -> String {
    page.form("totp").hidden.iter().find(|(name, _)| name == "csrf").unwrap().1.clone()
}

/// A remembered device is not asked for a code at a sign-in; it is wherever more is asked for.
#[both_databases]
async fn a_remembered_device_is_not_asked_again(house: House) {
    let lobby = Lobby::open(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let (mut browser, page) = half_way(&lobby).await;
    let fields = [("code", app.code(&lobby)), ("remember", "on".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_code(&browser.press(&page, "totp", "verify", &fields).await);
    browser.cookies.remove("__Host-vestibule");
    let page = browser.open(&ask("photos", &[])).await;
    assert_code(&browser.sign_in(&page, ADA).await);
    // To change what they sign in with, and where an app asks for two factors, it is.
    let page = browser.open("/signin?prompt=login").await;
    assert_eq!(browser.clone().sign_in(&page, ADA).await.step(), "totp");
    let page = browser.open(&ask("drive", &[("acr_values", "urn:vestibule:acr:multi-factor")])).await;
    assert_eq!(page.step(), "totp", "{}", page.text);
    assert!(!page.says("name=\"remember\""), "{}", page.text);
    // A new password ends it.
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    lobby.node.set_password(ada.id, testkit::PASSWORD).await.unwrap();
    browser.cookies.remove("__Host-vestibule");
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!(browser.sign_in(&page, ADA).await.step(), "totp");
}

/// An operator lets in who has lost everything but the password; nothing else takes a factor away.
#[both_databases]
async fn an_operator_takes_factors_away(house: House) {
    let lobby = Lobby::open(house).await;
    let mut adas = lobby.adas_browser().await;
    App::set_up(&lobby, &mut adas).await;
    let page = adas.open("/account/codes").await;
    adas.press(&page, "recovery-codes", "renew", &[]).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    assert_eq!(lobby.node.remove_factors(ada.id).await.unwrap(), 2);
    assert_eq!(adas.open("/account").await.step(), "signin", "the sessions have ended");
    let (_, page) = half_way(&lobby).await;
    assert_code(&page);
    assert_eq!(lobby.trail(ADA).await.iter().filter(|kind| *kind == "factor.removed").count(), 2);
}
