//! Users, names, credentials, consents.

use store::consents::{self, Consent};
use store::credentials::{self, Credential};
use store::test_support::TestDb;
use store::users::{self, OwnChange, Updated};
use store::{Page, sessions};
use testkit_macros::every_layout;

use crate::fixtures::{add_family, at, browser, event, family, id, race, session, user};

fn password(user: u8, n: u8) -> Credential {
    Credential {
        user_id: id(user),
        id: id(n),
        kind: "password".into(),
        data_json: format!("{{\"hash\":{n}}}"),
        created_at: at(i64::from(n)),
        used_at: None,
    }
}

fn consent(client: &str, scopes: &str, time: i64) -> Consent {
    Consent {
        user_id: id(1),
        client_id: client.into(),
        scopes: scopes.into(),
        detail_json: "{}".into(),
        granted_at: at(time),
        updated_at: at(time),
        version: 1,
    }
}

#[every_layout]
async fn a_user_lives(db: TestDb) {
    let mut ada = user(1);
    assert!(users::insert(&db, &ada, &["email:ada", "username:ada"], &[password(1, 7)]).await.unwrap());
    assert_eq!(users::find(&db, id(1)).await.unwrap().as_ref(), Some(&ada));
    assert_eq!(users::find(&db, id(2)).await.unwrap(), None);
    for name in ["email:ada", "username:ada"] {
        assert_eq!(users::find_by_name(&db, name).await.unwrap().as_ref(), Some(&ada));
    }
    assert_eq!(users::find_by_name(&db, "email:Ada").await.unwrap(), None);
    assert_eq!(credentials::of(&db, id(1), "password").await.unwrap(), [password(1, 7)]);

    (ada.email, ada.username, ada.is_admin) = (None, Some("lovelace".into()), true);
    (ada.name, ada.profile_json) = (None, r#"{"locale":"en"}"#.into());
    (ada.email_verified, ada.updated_at) = (false, at(9));
    assert_eq!(users::update(&db, &ada, &["username:lovelace"]).await.unwrap(), Updated::Done);
    assert_eq!(users::find_by_name(&db, "username:lovelace").await.unwrap().as_ref(), Some(&ada));
    assert_eq!(users::find_by_name(&db, "email:ada").await.unwrap(), None);
    assert_eq!(users::update(&db, &user(3), &[]).await.unwrap(), Updated::Missing);

    assert!(users::set_disabled(&db, id(1), Some(at(11)), at(11)).await.unwrap());
    assert!(!users::set_disabled(&db, id(3), Some(at(11)), at(11)).await.unwrap());
    let disabled = users::find(&db, id(1)).await.unwrap().unwrap();
    assert_eq!((disabled.disabled_at, disabled.updated_at), (Some(at(11)), at(11)));
    assert!(users::set_disabled(&db, id(1), None, at(12)).await.unwrap());
    assert_eq!(users::ended_at(&db, id(1)).await.unwrap(), None);
    for (noted, newest) in [(20, 20), (30, 30), (25, 30)] {
        users::note_end(&db, id(1), at(noted)).await.unwrap();
        assert_eq!(users::ended_at(&db, id(1)).await.unwrap(), Some(at(newest)));
    }
    users::note_end(&db, id(3), at(40)).await.unwrap();
    assert_eq!(users::ended_at(&db, id(3)).await.unwrap(), None, "nobody");
    assert_eq!(users::find(&db, id(1)).await.unwrap().unwrap().disabled_at, None);
}

#[every_layout]
async fn people_change_what_they_have_seen(db: TestDb) {
    let ada = user(1);
    assert!(users::insert(&db, &ada, &["email:ada"], &[]).await.unwrap());
    let change = OwnChange { name: Some("Ada Lovelace"), profile_json: r#"{"locale":"de"}"#, theme: "dark" };
    assert!(users::change_own(&db, &ada, change, &event(9, 1)).await.unwrap());
    let now = users::find(&db, id(1)).await.unwrap().unwrap();
    let changed = (now.name.as_deref(), now.profile_json.as_str(), now.theme.as_str(), now.updated_at);
    assert_eq!(changed, (change.name, change.profile_json, "dark", event(9, 1).at));
    assert_eq!((now.email.clone(), now.email_verified), (ada.email.clone(), ada.email_verified));
    // Whoever looked before that changes nothing, and leaves no event.
    let late = OwnChange { name: None, profile_json: "{}", theme: "" };
    assert!(!users::change_own(&db, &ada, late, &event(10, 1)).await.unwrap());
    assert!(!users::change_own(&db, &user(2), late, &event(11, 2)).await.unwrap(), "nobody");
    assert_eq!(users::find(&db, id(1)).await.unwrap().as_ref(), Some(&now));
    assert_eq!(store::audit::newest_of_user(&db, id(1), 9).await.unwrap().len(), 1);
    // What an administrator changes leaves the theme alone.
    assert_eq!(users::update(&db, &now, &["email:ada"]).await.unwrap(), Updated::Done);
    assert_eq!(users::find(&db, id(1)).await.unwrap().unwrap().theme, "dark");
}

#[every_layout]
async fn one_of_64_changes_at_once_wins(db: TestDb) {
    let ada = user(1);
    assert!(users::insert(&db, &ada, &[], &[]).await.unwrap());
    let won = race(&db, |db, n| async move {
        let profile = format!("{{\"nickname\":\"{n}\"}}");
        let change = OwnChange { name: None, profile_json: &profile, theme: "" };
        users::change_own(&db, &user(1), change, &event(n, 1)).await.unwrap()
    });
    assert_eq!(won.await, 1);
    assert_eq!(store::audit::newest_of_user(&db, id(1), 99).await.unwrap().len(), 1);
}

#[every_layout]
async fn a_taken_name_adds_nothing(db: TestDb) {
    users::insert(&db, &user(1), &["email:ada"], &[]).await.unwrap();
    let names = ["a:free", "email:ada"];
    assert!(!users::insert(&db, &user(2), &names, &[password(2, 7)]).await.unwrap());
    assert_eq!(users::find(&db, id(2)).await.unwrap(), None);
    assert!(credentials::of(&db, id(2), "password").await.unwrap().is_empty());
    assert_eq!(users::find_by_name(&db, "a:free").await.unwrap(), None);

    users::insert(&db, &user(2), &["email:bob"], &[]).await.unwrap();
    let mut bob = user(2);
    bob.name = Some("Bob".into());
    assert_eq!(users::update(&db, &bob, &names).await.unwrap(), Updated::NameTaken);
    assert_eq!(users::find_by_name(&db, "email:bob").await.unwrap(), Some(user(2)));
}

#[every_layout]
async fn one_of_64_sign_ups_with_one_address_wins(db: TestDb) {
    let won = race(&db, |db, n| async move {
        let own = format!("username:u{n}");
        let names = if n % 2 == 0 { ["email:ada", &own] } else { [own.as_str(), "email:ada"] };
        users::insert(&db, &user(n), &names, &[password(n, n)]).await.unwrap()
    });
    assert_eq!(won.await, 1);
    let page = Page { after: None, limit: 100 };
    assert_eq!(users::list(&db, page).await.unwrap().len(), 1);
}

#[every_layout]
async fn users_are_listed_in_pages(db: TestDb) {
    for n in [3, 1, 2] {
        users::insert(&db, &user(n), &[], &[]).await.unwrap();
    }
    let first = users::list(&db, Page { after: None, limit: 2 }).await.unwrap();
    assert_eq!(first, [user(1), user(2)]);
    let last = id(2).to_string();
    let rest = users::list(&db, Page { after: Some((at(2), &last)), limit: 2 }).await.unwrap();
    assert_eq!(rest, [user(3)]);
}

#[every_layout]
async fn a_deleted_user_leaves_nothing(db: TestDb) {
    users::insert(&db, &user(1), &["email:ada"], &[password(1, 7)]).await.unwrap();
    consents::put(&db, &consent("photos", "openid", 1)).await.unwrap();
    sessions::sign_in(&db, &browser(2), None, &session(2, 3, 1)).await.unwrap();
    add_family(&db, &family(4)).await;
    assert!(users::delete(&db, id(1)).await.unwrap());
    assert!(!users::delete(&db, id(1)).await.unwrap());
    assert_eq!(users::find_by_name(&db, "email:ada").await.unwrap(), None);
    assert!(credentials::of(&db, id(1), "password").await.unwrap().is_empty());
    assert!(consents::list(&db, id(1)).await.unwrap().is_empty());
    assert_eq!(sessions::find(&db, id(2), id(3)).await.unwrap(), None);
    assert!(sessions::of_user(&db, id(1)).await.unwrap().is_empty());
    assert_eq!(store::families::find(&db, id(4)).await.unwrap(), None);
    assert!(users::insert(&db, &user(5), &["email:ada"], &[]).await.unwrap());
}

#[every_layout]
async fn credentials_are_put_replaced_changed_and_deleted(db: TestDb) {
    for n in [1, 2] {
        assert!(users::insert(&db, &user(n), &[], &[]).await.unwrap());
    }
    let mut one = password(1, 1);
    credentials::put(&db, &one).await.unwrap();
    one.data_json = "{}".into();
    credentials::put(&db, &one).await.unwrap();
    assert_eq!(credentials::of(&db, id(1), "password").await.unwrap(), std::slice::from_ref(&one));
    let before = one.clone();
    assert!(credentials::change(&db, &before, "{\"n\":1}", at(100)).await.unwrap());
    (one.data_json, one.used_at) = ("{\"n\":1}".into(), Some(at(100)));
    assert!(!credentials::change(&db, &before, "{\"n\":2}", at(101)).await.unwrap(), "somebody was faster");
    assert_eq!(credentials::of(&db, id(1), "password").await.unwrap(), [one]);
    assert!(credentials::of(&db, id(1), "totp").await.unwrap().is_empty());
    assert!(credentials::of(&db, id(2), "password").await.unwrap().is_empty());

    assert!(credentials::stands(&db, id(1), id(1)).await.unwrap());
    assert!(credentials::replace(&db, id(1), id(1), &password(1, 2)).await.unwrap());
    assert!(!credentials::stands(&db, id(1), id(1)).await.unwrap(), "replaced");
    assert!(credentials::stands(&db, id(1), id(2)).await.unwrap());
    assert!(!credentials::stands(&db, id(2), id(2)).await.unwrap(), "another's");
    users::set_disabled(&db, id(1), Some(at(5)), at(5)).await.unwrap();
    assert!(!credentials::stands(&db, id(1), id(2)).await.unwrap(), "disabled");
    users::set_disabled(&db, id(1), None, at(6)).await.unwrap();
    assert!(!credentials::replace(&db, id(1), id(1), &password(1, 3)).await.unwrap());
    assert_eq!(credentials::of(&db, id(1), "password").await.unwrap(), [password(1, 2)]);
    assert!(!credentials::delete(&db, id(2), id(2)).await.unwrap());
    assert!(credentials::delete(&db, id(1), id(2)).await.unwrap());
    assert!(credentials::of(&db, id(1), "password").await.unwrap().is_empty());
}

#[every_layout]
async fn one_of_64_password_changes_wins(db: TestDb) {
    credentials::put(&db, &password(1, 200)).await.unwrap();
    let won =
        race(&db, |db, n| async move { credentials::replace(&db, id(1), id(200), &password(1, n)).await.unwrap() });
    assert_eq!(won.await, 1);
    assert_eq!(credentials::of(&db, id(1), "password").await.unwrap().len(), 1);
}

#[every_layout]
async fn consents_are_remembered_and_withdrawn(db: TestDb) {
    consents::put(&db, &consent("photos", "openid", 1)).await.unwrap();
    consents::put(&db, &consent("drive", "openid", 2)).await.unwrap();
    consents::put(&db, &consent("photos", "openid email", 3)).await.unwrap();
    let widened = Consent { granted_at: at(1), version: 2, ..consent("photos", "openid email", 3) };
    assert_eq!(consents::find(&db, id(1), "photos").await.unwrap().as_ref(), Some(&widened));
    assert_eq!(consents::find(&db, id(2), "photos").await.unwrap(), None);
    assert_eq!(consents::list(&db, id(1)).await.unwrap(), [widened, consent("drive", "openid", 2)]);
    assert!(consents::delete(&db, id(1), "photos").await.unwrap());
    assert!(!consents::delete(&db, id(1), "photos").await.unwrap());
    assert_eq!(consents::find(&db, id(1), "photos").await.unwrap(), None);
}
