//! Checking, setting and changing a password.

use std::num::NonZeroU32;

use idp::caller::Caller;
use idp::people::{Access, ChangePasswordError, PasswordRefused, SetPasswordError};
use testkit_macros::both_databases;

use super::{OTHER, RIGHT, ada, family, is_revoked, new_user, race, signed_in};
use crate::house::House;

/// Whoever asks learns nothing from the answer, and nothing from what it cost: one run of Argon2 each.
#[both_databases]
async fn the_unknown_the_disabled_and_the_mistaken_cost_the_same(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    node.add_user(new_user("none@example.com", None)).await.unwrap();
    let off = node.add_user(new_user("off@example.com", Some(RIGHT))).await.unwrap();
    node.set_user_disabled(off.id, Access::Disabled).await.unwrap();
    let long = "x".repeat(5000);
    for (name, password, right) in [
        ("ada@example.com", RIGHT, true),
        ("ADA@EXAMPLE.COM", RIGHT, true),
        ("ada@example.com", OTHER, false),
        ("ada@example.com", "", false),
        ("ada@example.com", &long, false),
        ("nobody@example.com", RIGHT, false),
        ("nobody", RIGHT, false),
        ("not a name", RIGHT, false),
        ("", RIGHT, false),
        ("none@example.com", RIGHT, false),
        ("off@example.com", RIGHT, false),
    ] {
        let before = node.password_runs();
        let found = node.check_password(name, password).await.unwrap();
        assert_eq!(found.map(|proven| proven.person.id), right.then_some(ada.id), "{name} {password}");
        assert_eq!(node.password_runs() - before, 1, "{name} {password}");
    }
}

#[both_databases]
async fn a_right_password_is_hashed_again_where_the_settings_changed(mut house: House) {
    let old = house.node().await;
    let ada = ada(&old).await;
    house.settings.passwords.passes = NonZeroU32::new(2).unwrap();
    let new = house.node().await;
    let stored = async || store::credentials::of(&house.db, ada.id, "password").await.unwrap();
    let before = stored().await;
    assert!(before[0].data_json.contains("t=1"), "{}", before[0].data_json);
    assert!(new.check_password("ada@example.com", OTHER).await.unwrap().is_none());
    assert!(stored().await == before, "a wrong password changes nothing");
    assert!(new.check_password("ada@example.com", RIGHT).await.unwrap().is_some());
    let after = stored().await;
    assert!(after.len() == 1 && after[0].data_json.contains("t=2"), "{}", after[0].data_json);
    assert_eq!(after[0].created_at, before[0].created_at);
    assert!(new.check_password("ada@example.com", RIGHT).await.unwrap().is_some());
    assert!(stored().await == after, "it is up to date");
}

#[both_databases]
async fn changing_ends_the_other_sessions_and_keeps_this_one(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    let (here, there) = (signed_in(&node, ada.id).await, signed_in(&node, ada.id).await);
    let mine = family(&house.db, 1, ada.id, &here, false).await;
    let other = family(&house.db, 2, ada.id, &there, false).await;
    let offline = family(&house.db, 3, ada.id, &there, true).await;
    let change =
        async |current, new| node.change_password(ada.id, Some(here.session), current, new, &Caller::operator()).await;
    assert!(matches!(change(OTHER, "another one").await, Err(ChangePasswordError::WrongCurrent)));
    assert!(matches!(change(RIGHT, RIGHT).await, Err(ChangePasswordError::Password(PasswordRefused::Unchanged))));
    assert!(matches!(
        change(RIGHT, "short").await,
        Err(ChangePasswordError::Password(PasswordRefused::TooShort { .. }))
    ));
    assert_eq!(node.list_sessions(ada.id).await.unwrap().len(), 2);

    change(RIGHT, OTHER).await.unwrap();
    let left: Vec<_> = node.list_sessions(ada.id).await.unwrap().iter().map(|session| session.id).collect();
    assert_eq!(left, [here.session]);
    assert!(!is_revoked(&house.db, mine).await && is_revoked(&house.db, other).await);
    assert!(!is_revoked(&house.db, offline).await);
    assert!(node.check_password("ada@example.com", RIGHT).await.unwrap().is_none());
    assert!(node.check_password("ada@example.com", OTHER).await.unwrap().is_some());
}

#[both_databases]
async fn of_two_changes_at_once_one_wins(house: House) {
    let (one, two) = (house.node().await, house.node().await);
    let ada = ada(&one).await;
    let mut current = RIGHT.to_owned();
    for n in 0..6 {
        let news = [format!("first new one {n}"), format!("second new one {n}")];
        let both = race([&one, &two], |node, which| {
            let (user, current, new) = (ada.id, current.clone(), news[which].clone());
            async move { node.change_password(user, None, &current, &new, &Caller::operator()).await }
        });
        let both = both.await;
        assert_eq!(both.iter().filter(|changed| changed.is_ok()).count(), 1, "{both:?}");
        let won = both.iter().position(Result::is_ok).unwrap();
        assert!(one.check_password("ada@example.com", &news[won]).await.unwrap().is_some());
        assert!(one.check_password("ada@example.com", &news[1 - won]).await.unwrap().is_none());
        current = news[won].clone();
    }
}

/// However many set it at once, one password counts afterwards, and no other is left behind.
#[both_databases]
async fn a_person_has_one_password(house: House) {
    let (one, two) = (house.node().await, house.node().await);
    let ada = one.add_user(new_user("ada@example.com", None)).await.unwrap();
    for n in 0..6 {
        let user = ada.id;
        let both = race([&one, &two], |node, which| async move {
            node.set_password(user, &format!("password {n} of {which}")).await
        });
        let both = both.await;
        assert!(both.iter().all(Result::is_ok), "{both:?}");
        assert_eq!(store::credentials::of(&house.db, ada.id, "password").await.unwrap().len(), 1);
    }
    let nobody = one.set_password(oidc::Id::from_bytes([0; 16]), RIGHT).await;
    assert!(matches!(nobody, Err(SetPasswordError::Missing)), "{nobody:?}");
}

#[both_databases]
async fn setting_a_password_ends_all_sessions(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    signed_in(&node, ada.id).await;
    let short = node.set_password(ada.id, "short").await;
    assert!(matches!(short, Err(SetPasswordError::Password(PasswordRefused::TooShort { .. }))), "{short:?}");
    assert_eq!(node.list_sessions(ada.id).await.unwrap().len(), 1);
    node.set_password(ada.id, OTHER).await.unwrap();
    assert!(node.list_sessions(ada.id).await.unwrap().is_empty());
    assert!(node.check_password("ada@example.com", OTHER).await.unwrap().is_some());
}
