//! `/oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0): who is asked, what ends, and where the browser goes.

use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

/// §2, §6: what nobody has proven is asked, and everybody whom the answer is about is shown.
#[both_databases]
async fn an_unproven_wish_is_asked_of_the_person(house: House) {
    let lobby = Lobby::open(house).await;
    register(&lobby).await;
    for query in [vec![], vec![("client_id", "bank")], vec![("id_token_hint", "e30.e30.AA")]] {
        let mut browser = lobby.shared_browser().await;
        let page = browser.open(&logout(&query)).await;
        assert_eq!((page.status.as_u16(), page.step()), (200, "signout"), "{query:?}");
        assert!(page.says("Ada Lovelace") && page.says("Grace Hopper"), "both would end: {}", page.text);
        assert_eq!(page.says(" asks to sign you out"), query.contains(&("client_id", "bank")), "{}", page.text);
        // A form from elsewhere ends nothing, nor does the other button.
        let foreign = browser.press(&page, "signout", "signout", &[("csrf", "AAAA")]).await;
        assert_eq!((foreign.status.as_u16(), foreign.error()), (403, Some("invalid_request")));
        assert_eq!(browser.press(&page, "signout", "stay", &[]).await.url.path(), "/account");
        assert_eq!(browser.open("/account").await.text.matches("class=\"since\"").count(), 2);
        let out = browser.press(&page, "signout", "signout", &[]).await;
        assert_eq!((out.status.as_u16(), out.left), (200, false), "{}", out.text);
        assert_eq!(browser.open(&ask("photos", &[])).await.step(), "signin", "nobody is signed in any more");
    }
}

/// §2: an ID token of this browser's own session proves the wish, and ends that session alone.
#[both_databases]
async fn a_proven_wish_ends_the_session_that_it_names(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = register(&lobby).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("bank", &[("prompt", "login"), ("scope", "openid")])).await;
    let graces = bank.redeem(&assert_code(&browser.sign_in(&page, GRACE).await)).await.text("id_token");
    // In a browser where nobody fits, nothing ends.
    let mut adas = lobby.adas_browser().await;
    let page = adas.open(&logout(&[("id_token_hint", &graces)])).await;
    assert_eq!((page.status.as_u16(), page.left, page.error()), (200, false, None), "{}", page.text);
    assert_code(&adas.open(&ask("photos", &[])).await);
    let there = [("id_token_hint", graces.as_str()), ("post_logout_redirect_uri", OUT), ("state", "s t&1")];
    let page = browser.open(&logout(&there)).await;
    assert_eq!((page.left, page.url.as_str()), (true, "https://bank.example/out?a=b&state=s+t%261"));
    let left = browser.open("/account").await;
    assert!(left.says("Ada Lovelace") && !left.says("Grace Hopper"), "{}", left.text);
}

/// §2: a POST is as good as a GET; a cross-site one brings no cookie, so that the browser comes again by GET.
#[both_databases]
async fn a_post_comes_again_by_get(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = register(&lobby).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("bank", &[("scope", "openid")])).await;
    let token = bank.redeem(&assert_code(&browser.sign_in(&page, ADA).await)).await.text("id_token");
    let page = browser.post("/oauth2/logout", &[("id_token_hint", &token), ("post_logout_redirect_uri", OUT)]).await;
    assert_eq!((page.left, page.url.as_str()), (true, OUT));
    assert_eq!(browser.open(&ask("photos", &[])).await.step(), "signin");
}

/// §3: a browser goes to registered addresses alone, compared character by character; everything else is a page, and
/// nothing has ended.
#[both_databases]
async fn it_leads_to_registered_addresses_alone(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = register(&lobby).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("bank", &[("scope", "openid")])).await;
    let token = bank.redeem(&assert_code(&browser.sign_in(&page, ADA).await)).await.text("id_token");
    let hint = ("id_token_hint", token.as_str());
    for query in [
        vec![hint, ("post_logout_redirect_uri", "https://evil.example/")],
        vec![hint, ("post_logout_redirect_uri", "https://bank.example/out")],
        vec![hint, ("post_logout_redirect_uri", "https://bank.example/cb")],
        vec![hint, ("client_id", "photos"), ("post_logout_redirect_uri", OUT)],
        vec![hint, ("client_id", "photos")],
        vec![("post_logout_redirect_uri", OUT)],
        vec![("client_id", "photos"), ("post_logout_redirect_uri", OUT)],
        vec![("client_id", "nobody"), ("post_logout_redirect_uri", OUT)],
        vec![hint, ("state", "a"), ("state", "b")],
    ] {
        let page = browser.open(&logout(&query)).await;
        assert_eq!((page.status.as_u16(), page.left, page.error()), (400, false, Some("invalid_request")), "{query:?}");
        assert_code(&browser.open(&ask("bank", &[])).await);
    }
    // Without a hint the client's name is enough for its own address, once the person has said yes.
    let page = browser.open(&logout(&[("client_id", "bank"), ("post_logout_redirect_uri", OUT)])).await;
    assert_eq!(browser.press(&page, "signout", "signout", &[]).await.url.as_str(), OUT);
}

async fn register(lobby: &Lobby) -> Api {
    Api::register(lobby, "bank", json!({ "post_logout_redirect_uris": [OUT] })).await
}

fn logout(query: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("/oauth2/logout?{query}")
}

const OUT: &str = "https://bank.example/out?a=b";
