//! One-time links.

use std::time::Duration;

use idp::caller::Caller;
use idp::people::{Access, LinkError, PasswordRefused};
use oidc::secret::{Secret, SecretKind};
use testkit_macros::both_databases;

use super::{OTHER, RIGHT, ada, new_user, race, signed_in};
use crate::house::House;

#[both_databases]
async fn a_link_sets_a_password_once(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    let token = node.password_link(ada.id).await.unwrap();
    assert!(token.starts_with("vst_ln_"), "{}", *token);
    signed_in(&node, ada.id).await;
    assert_eq!(node.link_user(&token).await.unwrap().as_ref(), Some(&ada));
    for (password, why) in
        [("short", PasswordRefused::TooShort { min: 15 }), ("Password1234567", PasswordRefused::Common)]
    {
        let refused = node.set_password_by_link(&token, password, &Caller::operator()).await;
        assert!(matches!(refused, Err(LinkError::Password(said)) if said == why), "{refused:?}");
    }
    assert_eq!(node.list_sessions(ada.id).await.unwrap().len(), 1);
    assert_eq!(node.set_password_by_link(&token, OTHER, &Caller::operator()).await.unwrap(), ada);
    assert!(node.list_sessions(ada.id).await.unwrap().is_empty(), "whoever was in is out");
    assert!(node.check_password("ada@example.com", OTHER).await.unwrap().is_some());
    let again = node.set_password_by_link(&token, RIGHT, &Caller::operator()).await;
    assert!(matches!(again, Err(LinkError::Gone)), "{again:?}");
    assert_eq!(node.link_user(&token).await.unwrap(), None);
    assert!(node.check_password("ada@example.com", OTHER).await.unwrap().is_some());
}

#[both_databases]
async fn of_two_at_once_with_one_link_one_wins(house: House) {
    let (one, two) = (house.node().await, house.node().await);
    let ada = ada(&one).await;
    for n in 0..6 {
        let token = one.password_link(ada.id).await.unwrap();
        let both = race([&one, &two], |node, which| {
            let token = token.clone();
            async move {
                node.set_password_by_link(&token, &format!("try number {n} by hand {which}"), &Caller::operator()).await
            }
        });
        let both = both.await;
        assert_eq!(both.iter().filter(|set| set.is_ok()).count(), 1, "{both:?}");
        let won = both.iter().position(Result::is_ok).unwrap();
        assert!(
            one.check_password("ada@example.com", &format!("try number {n} by hand {won}")).await.unwrap().is_some()
        );
    }
}

#[both_databases]
async fn a_link_ends_by_time_by_a_newer_password_and_with_its_person(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    let works = async |token: &str| node.link_user(token).await.unwrap().is_some();
    let old = node.password_link(ada.id).await.unwrap();
    house.clock.advance(Duration::from_secs(1));
    node.set_password(ada.id, OTHER).await.unwrap();
    assert!(!works(&old).await, "the mail of yesterday opens nothing");

    let token = node.password_link(ada.id).await.unwrap();
    house.clock.advance(Duration::from_secs(7 * 24 * 3600 - 1));
    assert!(works(&token).await);
    house.clock.advance(Duration::from_secs(1));
    assert!(!works(&token).await);
    let late = node.set_password_by_link(&token, RIGHT, &Caller::operator()).await;
    assert!(matches!(late, Err(LinkError::Gone)), "{late:?}");

    let token = node.password_link(ada.id).await.unwrap();
    node.set_user_disabled(ada.id, Access::Disabled).await.unwrap();
    assert!(!works(&token).await);
    node.set_user_disabled(ada.id, Access::Enabled).await.unwrap();
    assert!(works(&token).await);
    node.delete_user(ada.id).await.unwrap();
    assert!(!works(&token).await);
}

#[both_databases]
async fn a_link_opens_only_what_it_was_made_for(house: House) {
    let node = house.node().await;
    let ada = node.add_user(new_user("ada@example.com", None)).await.unwrap();
    let (password, invitation) =
        (node.password_link(ada.id).await.unwrap(), node.invite("b@example.com").await.unwrap());
    assert_eq!(node.link_user(&invitation).await.unwrap(), None);
    assert_eq!(node.invitation(&password).await.unwrap(), None);
    assert_eq!(node.invitation(&invitation).await.unwrap().unwrap().email, "b@example.com");
    // The id is no secret; the proof is.
    let id = Secret::parse(SecretKind::Link, &password).unwrap().id();
    let guessed = Secret::new(SecretKind::Link, id, vec![0; 32]).to_text();
    for token in ["", "vst_ln_x", &*guessed] {
        assert_eq!(node.link_user(token).await.unwrap(), None, "{token}");
    }
    assert!(node.link_user(&password).await.unwrap().is_some());
}
