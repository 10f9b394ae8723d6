//! `passkeys.attestation`: which authenticators may make a passkey.

use idp::settings::Attestation;
use jose::Limits;
use jose::x509::Certificate;
use testkit::{House, Page};
use testkit_macros::both_databases;

use crate::authenticator::Authenticator;
use crate::lobby::{ADA, Lobby, ask, assert_code};
use crate::on_the_way::by_password;

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("../../../webauthn/tests/it/pki/", $name, ".pem"))
    };
}

/// The model that the certificates of the maker name.
const MODEL: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

/// A house that lets this model in, if the maker whose certificate is `root` vouches for it.
async fn guarded(mut house: House, model: [u8; 16]) -> Lobby {
    let root = Certificate::from_pem(pem!("root"), &Limits::DEFAULT).unwrap().remove(0);
    house.settings.passkeys.attestation = Attestation::Listed { models: vec![model], anchors: vec![root.der().into()] };
    Lobby::open(house).await
}

fn is_refused(page: &Page) {
    assert_eq!(page.url.path(), "/account/passkeys");
    assert!(page.says("certain security keys only") && page.says("You have no passkey yet."), "{}", page.text);
}

/// Web Authentication Level 3 §7.1 steps 23 and 24, §8.2.1.
#[both_databases]
async fn a_listed_model_is_let_in_where_its_maker_vouches_for_it(house: House) {
    let lobby = guarded(house, MODEL).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/passkeys").await;
    let (_, bare) = Authenticator::make(&page);
    for answer in [
        bare,
        // Somebody with the maker's name and another key; an authenticator of the maker's whose certificate names no model.
        Authenticator::make_attested(&page, MODEL, pem!("by-other")),
        Authenticator::make_attested(&page, MODEL, pem!("unnamed")),
        Authenticator::make_attested(&page, MODEL, pem!("old")),
    ] {
        is_refused(&browser.press(&page, "passkey", "passkey", &[("credential", &answer), ("name", "Key")]).await);
    }
    assert!(!lobby.trail(ADA).await.contains(&"factor.added".to_owned()));
    let answer = Authenticator::make_attested(&page, MODEL, pem!("direct"));
    let page = browser.press(&page, "passkey", "passkey", &[("credential", &answer), ("name", "My key")]).await;
    assert!(page.says("My key"), "{}", page.text);
}

/// A maker vouches for a model that is not listed, or for another than the one that is said.
#[both_databases]
async fn another_model_is_refused_in_words(house: House) {
    let mut listed = MODEL;
    listed[0] ^= 0xff;
    let lobby = guarded(house, listed).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/passkeys").await;
    let answer = Authenticator::make_attested(&page, MODEL, pem!("direct"));
    is_refused(&browser.press(&page, "passkey", "passkey", &[("credential", &answer), ("name", "Key")]).await);
    let claimed = Authenticator::make_attested(&page, listed, pem!("direct"));
    let page = browser.press(&page, "passkey", "passkey", &[("credential", &claimed), ("name", "Key")]).await;
    assert!(page.says("The passkey could not be made.") && page.says("You have no passkey yet."), "{}", page.text);
    let claimed = Authenticator::make_attested(&page, listed, pem!("unnamed"));
    is_refused(&browser.press(&page, "passkey", "passkey", &[("credential", &claimed), ("name", "Key")]).await);
}

/// On the way from a password, too; and no browser is asked to make one by itself, which would say nothing of its maker.
#[both_databases]
async fn the_offer_after_a_password_is_held_to_it(house: House) {
    let lobby = guarded(house, MODEL).await;
    let mut browser = lobby.browser();
    let page = by_password(&mut browser, &ask("photos", &[])).await;
    assert_eq!(page.step(), "new-passkey", "{}", page.text);
    assert!(!page.says("data-silently"), "{}", page.text);
    let (_, bare) = Authenticator::make(&page);
    let again = browser.press(&page, "new-passkey", "passkey", &[("credential", &bare)]).await;
    assert!(again.status.as_u16() == 422 && again.says("certain security keys only"), "{}", again.text);
    let answer = Authenticator::make_attested(&page, MODEL, pem!("direct"));
    assert_code(&browser.press(&again, "new-passkey", "passkey", &[("credential", &answer)]).await);
    assert!(lobby.trail(ADA).await.contains(&"factor.added".to_owned()));
}

/// Without a policy nobody is asked what they hold in their hand (§13.4.4).
#[both_databases]
async fn nobody_is_asked_where_it_does_not_matter(house: House) {
    let lobby = Lobby::open(house).await;
    let page = lobby.adas_browser().await.open("/account/passkeys").await;
    let asked = page.text.replace("&#34;", "\"").replace("&quot;", "\"");
    assert!(asked.contains("\"attestation\":\"none\""), "{asked}");
}
