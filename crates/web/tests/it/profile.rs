//! `/account/profile`: what people say of themselves, and how pages look and speak for them.

use serde_json::json;
use testkit::{Browser, House, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby, ask};

async fn save(browser: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let page = browser.open("/account/profile").await;
    browser.press(&page, "profile", "save", fields).await
}

fn attribute(page: &Page, text: &str) -> bool {
    page.text.split('>').nth(1).unwrap().contains(text)
}

/// Core §5.1, §5.4: what was typed is what apps get, each under its scope.
#[both_databases]
async fn apps_are_told_what_people_say_of_themselves(house: House) {
    let lobby = Lobby::open(house).await;
    let all = "openid profile email phone address";
    let api = Api::register(&lobby, "bank", json!({ "scope": all })).await;
    let token = async |scope: &str| api.redeem(&api.code(&lobby, scope).await).await.text("access_token");
    let (wide, narrow) = (token(all).await, token("openid email").await);
    let mut browser = lobby.adas_browser().await;
    let home = browser.open("/account").await;
    assert!(home.says("href=\"/account/profile\""));
    let done = save(
        &mut browser,
        &[
            ("name", "Ada King"),
            ("given_name", " Ada "),
            ("family_name", "King"),
            ("nickname", ""),
            ("birthdate", "1990-12-10"),
            ("website", "https://example.com/~ada"),
            ("zoneinfo", "Europe/London"),
            ("address", "12 St James's Square\r\nLondon\r\n"),
        ],
    )
    .await;
    assert_eq!((done.status.as_u16(), done.url.path()), (200, "/account"), "{}", done.text);
    assert!(done.says("Your profile has been saved.") && done.says("Ada King"), "{}", done.text);
    let told = api.get("/oauth2/userinfo", &wide).await.json;
    let claims = json!({
        "name": "Ada King",
        "given_name": "Ada",
        "family_name": "King",
        "birthdate": "1990-12-10",
        "website": "https://example.com/~ada",
        "zoneinfo": "Europe/London",
        "address": { "formatted": "12 St James's Square\nLondon" },
    });
    for (name, value) in claims.as_object().unwrap() {
        assert_eq!(&told[name], value, "{name}");
    }
    for absent in ["nickname", "locale", "phone_number", "phone_number_verified", "theme"] {
        assert!(told.get(absent).is_none(), "{absent}");
    }
    let told = api.get("/oauth2/userinfo", &narrow).await.json;
    assert!(told.get("birthdate").is_none() && told.get("address").is_none(), "{told}");
    assert!(lobby.trail(ADA).await.contains(&"profile.changed".to_owned()));
    // The page shows what is known; a form without fields changes nothing.
    let page = browser.open("/account/profile").await;
    assert!(page.says("value=\"1990-12-10\"") && page.says("12 St James&#39;s Square\nLondon"), "{}", page.text);
    let before = lobby.node.find_user(ADA).await.unwrap();
    save(&mut browser, &[]).await;
    assert_eq!(lobby.node.find_user(ADA).await.unwrap(), before);
    save(&mut browser, &[("birthdate", ""), ("address", " ")]).await;
    let told = api.get("/oauth2/userinfo", &wide).await.json;
    assert!(told.get("birthdate").is_none() && told.get("address").is_none(), "{told}");
    assert_eq!(told["website"], "https://example.com/~ada");
}

/// Each is said at its field, nothing of the rest is saved, and what was typed is still there.
#[both_databases]
async fn what_will_not_do_is_said_at_its_field(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let before = lobby.node.find_user(ADA).await.unwrap();
    let long = "x".repeat(600);
    for (field, typed) in [
        ("name", long.as_str()),
        ("given_name", &long),
        ("family_name", "a\u{202e}b"),
        ("birthdate", "2999-01-01"),
        ("website", "javascript:alert(1)"),
        ("zoneinfo", "../../etc/passwd"),
        ("address", "1\n2\n3\n4\n5\n6\n7\n8\n9"),
        ("locale", "<b>"),
    ] {
        let page = save(&mut browser, &[("nickname", "Countess"), (field, typed)]).await;
        assert_eq!((page.status.as_u16(), page.step()), (422, "profile"), "{field}");
        assert!(field == "locale" || page.says(&format!("id=\"{field}-problem\"")), "{field}: {}", page.text);
        assert!(page.says("value=\"Countess\"") && !page.says("<b>"), "{field}");
        assert_eq!(lobby.node.find_user(ADA).await.unwrap(), before, "{field}");
    }
    assert!(!lobby.trail(ADA).await.contains(&"profile.changed".to_owned()));
}

#[both_databases]
async fn a_form_from_elsewhere_changes_no_profile(house: House) {
    let lobby = Lobby::open(house).await;
    assert_eq!(lobby.browser().open("/account/profile").await.step(), "signin");
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/profile").await;
    let other = browser.open("/account").await.form("signout").hidden[0].1.clone();
    for csrf in ["", &other] {
        let page = browser.press(&page, "profile", "save", &[("csrf", csrf), ("name", "Eve")]).await;
        assert_eq!((page.status.as_u16(), page.step()), (403, "profile"));
    }
    browser.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(browser.press(&page, "profile", "save", &[("name", "Eve")]).await.status.as_u16(), 403);
    assert_eq!(lobby.node.find_user(ADA).await.unwrap().unwrap().name.as_deref(), Some("Ada Lovelace"));
}

/// Language and theme go with the person: to this page and the next, to other browsers by signing in, and not to others.
#[both_databases]
async fn pages_look_and_speak_as_their_person_wants(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let mut elsewhere = lobby.adas_browser().await;
    let page = browser.open("/account/profile?ui_locales=ar").await;
    assert!(attribute(&page, "lang=\"ar\"") && !attribute(&page, "data-theme"), "{}", page.text);
    let done = browser.press(&page, "profile", "save", &[("locale", "de"), ("theme", "dark")]).await;
    assert!(attribute(&done, "lang=\"de\" dir=\"ltr\" data-theme=\"dark\""), "{}", done.text);
    assert!(done.says("content=\"dark\"") && done.says("Ihr Profil wurde gespeichert."), "{}", done.text);
    // An app's wish, or the browser's, is less than the person's; the address of a page is more.
    let page = browser.open(&ask("photos", &[("prompt", "login"), ("ui_locales", "ar")])).await;
    assert!(attribute(&page, "lang=\"de\"") && attribute(&page, "data-theme=\"dark\""), "{}", page.text);
    let page = browser.open("/account?ui_locales=en").await;
    assert!(attribute(&page, "lang=\"en\"") && attribute(&page, "data-theme=\"dark\""), "{}", page.text);
    // Where they are signed in already, the account page brings it.
    assert!(attribute(&elsewhere.open("/account").await, "lang=\"en\""));
    assert!(attribute(&elsewhere.open("/account").await, "lang=\"de\""));
    let mut phone = lobby.adas_browser().await;
    assert!(attribute(&phone.open("/account").await, "lang=\"de\" dir=\"ltr\" data-theme=\"dark\""));
    // Somebody else who signs in there finds their own.
    let page = phone.open("/signin?prompt=login").await;
    let page = phone.sign_in(&page, GRACE).await;
    assert!(page.says("Grace Hopper") && attribute(&page, "lang=\"en\"") && !attribute(&page, "data-theme"));
    // Back to what the browser says.
    let done = save(&mut browser, &[("locale", ""), ("theme", "")]).await;
    assert!(attribute(&done, "lang=\"en\"") && !attribute(&done, "data-theme"), "{}", done.text);
    assert!(!browser.cookies.contains_key("__Host-vestibule-look"));
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    assert!(ada.profile.is_empty(), "{:?}", ada.profile);
}
