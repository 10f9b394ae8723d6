//! A sign-in from a new device is told by mail, and disowned by its link.

use std::time::Duration;

use idp::people::Change;
use testkit::{Browser, House};
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

/// A browser of Ada's, whoever sits there.
async fn sign_in(lobby: &Lobby, agent: &str) -> Browser {
    let mut browser = lobby.browser();
    browser.headers.insert("user-agent", agent.parse().unwrap());
    browser.address = Some("192.0.2.77".parse().unwrap());
    let page = browser.open(&ask("photos", &[])).await;
    assert_code(&browser.sign_in(&page, ADA).await);
    browser
}

async fn prove_address(lobby: &Lobby) {
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.node.update_user(ada, Change { email_verified: Some(true), ..Change::default() }).await.unwrap();
}

/// The tokens of the mails that tell of a new device.
async fn told(lobby: &Lobby) -> Vec<String> {
    lobby.node.send_due_mails().await.unwrap();
    let letters = lobby.house.mails.take();
    letters
        .into_iter()
        .filter_map(|letter| match letter.mail {
            idp::mail::Mail::NewDevice { token, place, .. } => {
                assert_eq!((letter.to.as_str(), place.as_deref()), (ADA, Some("192.0.2.x")));
                Some(token)
            }
            _ => None,
        })
        .collect()
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";

/// The first device is no news, nor is one that is known; an address that is not proven is told nothing.
#[both_databases]
async fn a_new_device_is_told_by_mail(house: House) {
    let lobby = Lobby::open(house).await;
    sign_in(&lobby, FIREFOX).await;
    sign_in(&lobby, CHROME).await;
    assert!(told(&lobby).await.is_empty(), "the address is not proven");
    prove_address(&lobby).await;
    let mut third = sign_in(&lobby, CHROME).await;
    assert_eq!(told(&lobby).await.len(), 1);
    let page = third.open(&ask("photos", &[("prompt", "login")])).await;
    assert_code(&third.sign_in(&page, ADA).await);
    assert!(told(&lobby).await.is_empty(), "known by now");
    let mut graces = lobby.browser();
    let page = graces.open("/account").await;
    graces.sign_in(&page, GRACE).await;
    assert!(told(&lobby).await.is_empty(), "her first");
}

/// The link asks, its button acts, once: every session ends, the password too, and another is asked for.
#[both_databases]
async fn this_was_not_me(house: House) {
    let lobby = Lobby::open(house).await;
    let mut own = sign_in(&lobby, FIREFOX).await;
    prove_address(&lobby).await;
    let mut thief = sign_in(&lobby, CHROME).await;
    let token = told(&lobby).await.pop().unwrap();
    let address = format!("/not-me?token={token}");
    let mut reader = lobby.browser();
    let asked = reader.open(&address).await;
    assert_eq!((asked.status.as_u16(), asked.step()), (200, "not-me"), "{}", asked.text);
    assert!(asked.says("Chrome on Windows") && asked.says("192.0.2.x"), "{}", asked.text);
    // A reader of mails that opens links does no harm; nor does a form from elsewhere.
    let forged = reader.press(&asked, "not-me", "disown", &[("csrf", "x")]).await;
    assert_eq!(forged.status.as_u16(), 403);
    assert!(thief.open("/account").await.says("Ada Lovelace"));
    assert_eq!(lobby.node.disowned_sign_ins(), 0);

    let next = reader.press(&asked, "not-me", "disown", &[]).await;
    assert_eq!((next.status.as_u16(), next.step()), (200, "set-password"), "{}", next.text);
    for browser in [&mut thief, &mut own] {
        assert_eq!(browser.open("/account").await.step(), "signin");
    }
    let page = thief.open("/account").await;
    assert_eq!(thief.sign_in(&page, ADA).await.step(), "signin", "the old password is worth nothing");
    assert_eq!(lobby.node.disowned_sign_ins(), 1);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let trail = lobby.node.audit_of(ada.id, 50).await.unwrap();
    assert_eq!(trail.iter().filter(|entry| entry.kind == "session.disowned").count(), 1);
    let done = reader.press(&next, "set-password", "set", &[("password", "a rather different one")]).await;
    assert_eq!(done.url.path(), "/account", "{}", done.text);
    for gone in [reader.open(&address).await, reader.press(&asked, "not-me", "disown", &[]).await] {
        assert_eq!(gone.status.as_u16(), 410);
    }
}

/// A link that is too old, of another purpose or none.
#[both_databases]
async fn what_is_no_link_disowns_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    sign_in(&lobby, FIREFOX).await;
    prove_address(&lobby).await;
    let mut second = sign_in(&lobby, CHROME).await;
    let token = told(&lobby).await.pop().unwrap();
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let other = lobby.node.password_link(ada.id).await.unwrap();
    for wrong in ["", "x", &other, &token[1..]] {
        assert_eq!(lobby.browser().open(&format!("/not-me?token={wrong}")).await.status.as_u16(), 410, "{wrong}");
    }
    let mut reader = lobby.browser();
    let page = reader.open(&format!("/set-password?token={token}")).await;
    assert_eq!(page.status.as_u16(), 410, "it sets no password");
    lobby.house.clock.advance(Duration::from_secs(7 * 24 * 3600));
    assert_eq!(reader.open(&format!("/not-me?token={token}")).await.status.as_u16(), 410);
    assert_eq!(second.open("/account").await.step(), "signin", "idle by now");
}
