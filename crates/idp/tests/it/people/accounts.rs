//! Adding, finding, changing, disabling, deleting, exporting.

use idp::caller::Caller;
use idp::people::{Access, AddUserError, Change, NewUser, UpdateUserError};
use oidc::assurance::Method;
use serde_json::json;
use testkit_macros::both_databases;

use super::{OTHER, RIGHT, ada, family, is_revoked, new_user, race, signed_in};
use crate::house::{House, START};

#[both_databases]
async fn found_by_id_and_by_each_name_however_it_is_written(house: House) {
    let node = house.node().await;
    let new = NewUser {
        username: Some("Lovelace".to_owned()),
        name: Some(" Ada ".to_owned()),
        ..new_user("Ada@Example.com", None)
    };
    let ada = node.add_user(new).await.unwrap();
    assert_eq!((ada.email.as_deref(), ada.name.as_deref()), (Some("Ada@Example.com"), Some("Ada")));
    assert_eq!((ada.created_at, ada.is_admin, ada.email_verified), (START, false, false));
    for text in [&*ada.id.to_string(), "ada@example.com", " ADA@EXAMPLE.COM ", "lovelace", "LOVELACE"] {
        assert_eq!(node.find_user(text).await.unwrap().as_ref(), Some(&ada), "{text}");
    }
    for text in ["", "ada", "email:ada@example.com", "00000000000000000000000000000000", "ada@example.co"] {
        assert_eq!(node.find_user(text).await.unwrap(), None, "{text}");
    }
}

#[both_databases]
async fn what_will_not_do_is_named_and_nothing_is_added(house: House) {
    let node = house.node().await;
    ada(&node).await;
    let named = |username: &str, name: &str| NewUser {
        username: Some(username.to_owned()),
        name: Some(name.to_owned()),
        ..new_user("bob@example.com", None)
    };
    let refused = [
        (new_user("bob", None), "e-mail"),
        (new_user("ADA@example.com", None), "already"),
        (named("a@b", ""), "username"),
        (named("bob", "Bo\nb"), "full name"),
        (named("bob", &"b".repeat(257)), "full name"),
        (new_user("bob@example.com", Some("1234567")), "at least"),
        (new_user("bob@example.com", Some(&"x".repeat(257))), "at most"),
    ];
    for (new, words) in refused {
        let said = node.add_user(new).await.map_or_else(|error| error.to_string(), |_| String::new());
        assert!(said.contains(words), "{words}: {said}");
    }
    let all = node.list_users(None, 10).await.unwrap();
    assert_eq!(all.iter().map(|person| person.email.as_deref().unwrap()).collect::<Vec<_>>(), ["Ada@Example.com"]);
}

#[both_databases]
async fn of_two_with_one_address_at_once_one_wins(house: House) {
    let (one, two) = (house.node().await, house.node().await);
    for n in 0..8 {
        let both =
            race(
                [&one, &two],
                |node, _| async move { node.add_user(new_user(&format!("ada{n}@example.com"), None)).await },
            );
        let both = both.await;
        assert_eq!(both.iter().filter(|added| added.is_ok()).count(), 1, "{both:?}");
        assert!(both.iter().any(|added| matches!(added, Err(AddUserError::NameTaken))), "{both:?}");
    }
    assert_eq!(one.list_users(None, 100).await.unwrap().len(), 8);
}

#[both_databases]
async fn a_list_goes_on_where_it_ended(house: House) {
    let node = house.node().await;
    for n in 0..5 {
        node.add_user(new_user(&format!("u{n}@example.com"), None)).await.unwrap();
    }
    let all = node.list_users(None, 100).await.unwrap();
    let first = node.list_users(None, 2).await.unwrap();
    let rest = node.list_users(Some(first[1].id), 100).await.unwrap();
    assert_eq!([first, rest].concat(), all);
    assert_eq!(all.len(), 5);
    assert!(node.list_users(Some(oidc::Id::from_bytes([0; 16])), 100).await.unwrap().is_empty());
}

#[both_databases]
async fn another_address_is_not_proven_and_frees_the_old_one(house: House) {
    let node = house.node().await;
    let ada = node.add_user(NewUser { email_verified: true, ..new_user("ada@example.com", None) }).await.unwrap();
    let bob = node.add_user(new_user("bob@example.com", None)).await.unwrap();
    let to = |email: &str| Change { email: Some(email.to_owned()), ..Change::default() };
    assert!(node.update_user(ada.id, to("ada@example.com")).await.unwrap().email_verified);
    let taken = node.update_user(ada.id, to("bob@example.com")).await;
    assert!(matches!(taken, Err(UpdateUserError::Name(AddUserError::NameTaken))), "{taken:?}");
    assert!(!node.update_user(ada.id, to("ada@example.org")).await.unwrap().email_verified);
    assert_eq!(node.find_user("ada@example.com").await.unwrap(), None);
    node.update_user(bob.id, to("ada@example.com")).await.unwrap();
    assert!(node.delete_user(bob.id).await.unwrap() && !node.delete_user(bob.id).await.unwrap());
    assert!(matches!(node.update_user(bob.id, to("x@y")).await, Err(UpdateUserError::Missing)));
}

#[both_databases]
async fn disabling_ends_all_that_a_person_has_running(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    let (here, there) = (signed_in(&node, ada.id).await, signed_in(&node, ada.id).await);
    let bound = family(&house.db, 1, ada.id, &here, false).await;
    let offline = family(&house.db, 2, ada.id, &there, true).await;
    assert_eq!(node.list_sessions(ada.id).await.unwrap().len(), 2);

    let disabled = node.set_user_disabled(ada.id, Access::Disabled).await.unwrap().unwrap();
    assert_eq!((disabled.disabled, disabled.disabled_at), (true, Some(START)));
    assert!(node.list_sessions(ada.id).await.unwrap().is_empty());
    assert!(is_revoked(&house.db, bound).await && is_revoked(&house.db, offline).await);
    assert!(node.check_password("ada@example.com", RIGHT).await.unwrap().is_none());

    assert!(!node.set_user_disabled(ada.id, Access::Enabled).await.unwrap().unwrap().disabled);
    assert!(node.check_password("ada@example.com", RIGHT).await.unwrap().is_some());
    assert!(is_revoked(&house.db, bound).await);
    assert!(node.set_user_disabled(oidc::Id::from_bytes([0; 16]), Access::Disabled).await.unwrap().is_none());
}

#[both_databases]
async fn a_session_ends_with_what_hangs_on_it_and_no_other(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    let bob = node.add_user(new_user("bob@example.com", None)).await.unwrap();
    let (here, there) = (signed_in(&node, ada.id).await, signed_in(&node, ada.id).await);
    let (mine, other) =
        (family(&house.db, 1, ada.id, &here, false).await, family(&house.db, 2, ada.id, &there, false).await);
    let offline = family(&house.db, 3, ada.id, &here, true).await;
    assert!(!node.revoke_session(bob.id, here.session).await.unwrap());
    assert!(node.revoke_session(ada.id, here.session).await.unwrap());
    assert!(!node.revoke_session(ada.id, here.session).await.unwrap());
    assert!(is_revoked(&house.db, mine).await && !is_revoked(&house.db, other).await);
    assert!(!is_revoked(&house.db, offline).await);
    assert_eq!(node.revoke_sessions_of(ada.id).await.unwrap(), 1);
    assert!(is_revoked(&house.db, other).await);
}

#[both_databases]
async fn an_export_holds_everything_but_secrets(house: House) {
    let node = house.node().await;
    let profile = json!({ "locale": "en" }).as_object().cloned().unwrap();
    let ada = node.add_user(NewUser { profile, ..new_user("ada@example.com", Some(OTHER)) }).await.unwrap();
    signed_in(&node, ada.id).await;
    let export = node.export_user(ada.id).await.unwrap().unwrap();
    assert_eq!((&export["email"], &export["profile"]["locale"]), (&json!("ada@example.com"), &json!("en")));
    assert_eq!(export["credentials"][0]["kind"], "password");
    assert_eq!(export["sessions"][0]["authenticated_at"], START.seconds());
    assert!(!export.to_string().contains("argon2"), "{export}");
    assert_eq!(node.export_user(oidc::Id::from_bytes([0; 16])).await.unwrap(), None);
}

/// One browser holds sixteen accounts; of more, the oldest are signed out.
#[both_databases]
async fn a_browser_holds_so_many_sessions(house: House) {
    let node = house.node().await;
    let mut cookie: Option<String> = None;
    let mut first = None;
    for number in 0..18 {
        let person = node.add_user(new_user(&format!("p{number}@example.com"), None)).await.unwrap();
        let browser = node.browser(cookie.as_deref()).await.unwrap();
        let begun = node
            .begin_session(browser.as_ref(), person.id, &[Method::Password], &Caller::operator())
            .await
            .unwrap()
            .unwrap();
        first.get_or_insert(begun.session);
        cookie = Some(begun.cookie.text().to_owned());
        house.clock.advance(std::time::Duration::from_secs(1));
    }
    let browser = node.browser(cookie.as_deref()).await.unwrap().unwrap();
    assert_eq!(browser.sessions.len(), 16);
    assert!(browser.session(first.unwrap()).is_none());
}
