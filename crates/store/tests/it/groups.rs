//! Groups, invitations, and apps that end.

use store::consents::{self, Consent};
use store::groups::{self, Group};
use store::test_support::TestDb;
use store::{Page, clients, families, invitations, users};
use testkit_macros::every_layout;

use crate::fixtures::{add_family, at, family, id, race, user};

fn group(name: &str, created: i64) -> Group {
    Group { name: name.into(), policy_json: None, created_at: at(created) }
}

#[every_layout]
async fn groups_are_added_listed_and_deleted(db: TestDb) {
    for (name, created) in [("staff", 2), ("board", 1), ("guides", 2)] {
        assert!(groups::insert(&db, &group(name, created)).await.unwrap());
    }
    assert!(!groups::insert(&db, &group("staff", 9)).await.unwrap());
    assert_eq!(groups::find(&db, "staff").await.unwrap(), Some(group("staff", 2)));
    assert_eq!(groups::find(&db, "Staff").await.unwrap(), None);
    let first = groups::list(&db, Page { after: None, limit: 2 }).await.unwrap();
    assert_eq!(first, [group("board", 1), group("guides", 2)]);
    let rest = groups::list(&db, Page { after: Some((at(2), "guides")), limit: 2 }).await.unwrap();
    assert_eq!(rest, [group("staff", 2)]);
    groups::add_member(&db, id(1), "staff", at(5)).await.unwrap();
    assert!(groups::delete(&db, "staff").await.unwrap());
    assert!(!groups::delete(&db, "staff").await.unwrap());
    assert!(groups::of_user(&db, id(1)).await.unwrap().is_empty());
}

#[every_layout]
async fn members_come_and_go(db: TestDb) {
    assert!(groups::add_member(&db, id(2), "staff", at(1)).await.unwrap());
    assert!(groups::add_member(&db, id(1), "staff", at(2)).await.unwrap());
    assert!(groups::add_member(&db, id(1), "board", at(1)).await.unwrap());
    assert!(!groups::add_member(&db, id(1), "board", at(3)).await.unwrap());
    assert_eq!(groups::of_user(&db, id(1)).await.unwrap(), ["board", "staff"]);
    assert_eq!(groups::members(&db, "staff").await.unwrap(), [id(2), id(1)]);
    assert!(groups::remove_member(&db, id(1), "staff").await.unwrap());
    assert!(!groups::remove_member(&db, id(1), "staff").await.unwrap());
    assert_eq!(groups::members(&db, "staff").await.unwrap(), [id(2)]);
    let won = race(&db, |db, _| async move { groups::add_member(&db, id(9), "staff", at(1)).await.unwrap() });
    assert_eq!(won.await, 1);
}

#[every_layout]
async fn invitations_and_roles(db: TestDb) {
    let insert = async |n, client, role, now| invitations::insert(&db, id(n), client, role, at(now)).await.unwrap();
    assert!(insert(1, "photos", "", 1).await && insert(1, "photos", "customer", 2).await);
    assert!(!insert(1, "photos", "customer", 3).await);
    assert!(insert(2, "photos", "supplier", 3).await && insert(2, "drive", "", 1).await);
    let of = async |n, client| invitations::of(&db, id(n), client).await.unwrap();
    assert_eq!((of(1, "photos").await, of(1, "drive").await), (vec![String::new(), "customer".into()], vec![]));
    let mine = invitations::of_user(&db, id(1)).await.unwrap();
    assert!(mine.iter().any(|(client, role, _)| client == "photos" && role == "customer"), "{mine:?}");
    assert!(invitations::of_user(&db, id(99)).await.unwrap().is_empty());
    let all = invitations::of_client(&db, "photos").await.unwrap();
    assert_eq!(all, [(id(1), String::new()), (id(1), "customer".into()), (id(2), "supplier".into())]);
    assert!(invitations::delete(&db, id(1), "photos", "customer").await.unwrap());
    assert!(!invitations::delete(&db, id(1), "photos", "customer").await.unwrap());
    assert_eq!(of(1, "photos").await, [""]);
    insert(1, "photos", "supplier", 4).await;
    assert_eq!(invitations::delete_all(&db, id(1), "photos").await.unwrap(), 2);
    assert_eq!(invitations::delete_of_client(&db, "photos").await.unwrap(), 1);
    assert_eq!(of(2, "drive").await, [""]);
}

#[every_layout]
async fn a_deleted_user_is_in_no_group(db: TestDb) {
    users::insert(&db, &user(1), &[], &[]).await.unwrap();
    groups::add_member(&db, id(1), "staff", at(1)).await.unwrap();
    invitations::insert(&db, id(1), "photos", "", at(1)).await.unwrap();
    assert!(users::delete(&db, id(1)).await.unwrap());
    assert!(groups::members(&db, "staff").await.unwrap().is_empty());
    assert!(invitations::of_client(&db, "photos").await.unwrap().is_empty());
}

#[every_layout]
async fn what_people_granted_an_app_is_forgotten_in_batches(db: TestDb) {
    let consent = |n, client: &str| Consent {
        user_id: id(n),
        client_id: client.into(),
        scopes: "openid".into(),
        detail_json: "{}".into(),
        granted_at: at(1),
        updated_at: at(1),
        version: 1,
    };
    for n in 1..=3 {
        consents::put(&db, &consent(n, "photos")).await.unwrap();
        add_family(&db, &family(n)).await;
    }
    consents::put(&db, &consent(1, "drive")).await.unwrap();
    let mut removed = Vec::new();
    while removed.last() != Some(&0) {
        removed.push(clients::forget_grants(&db, "photos", 2).await.unwrap());
    }
    assert_eq!(removed, [4, 2, 0]);
    assert_eq!(consents::list(&db, id(1)).await.unwrap(), [consent(1, "drive")]);
    assert_eq!(families::find(&db, id(1)).await.unwrap(), None);
}

#[every_layout]
async fn a_group_may_ask_something_of_its_members(db: TestDb) {
    for (name, at_second) in [("staff", 1), ("board", 2)] {
        assert!(groups::insert(&db, &group(name, at_second)).await.unwrap());
    }
    assert!(groups::with_policies(&db).await.unwrap().is_empty());
    assert!(groups::set_policy(&db, "board", Some("{}")).await.unwrap());
    assert!(!groups::set_policy(&db, "nobody", Some("{}")).await.unwrap());
    let asking = Group { policy_json: Some("{}".into()), ..group("board", 2) };
    assert_eq!(groups::with_policies(&db).await.unwrap(), std::slice::from_ref(&asking));
    assert_eq!(groups::find(&db, "board").await.unwrap(), Some(asking));
    assert!(groups::set_policy(&db, "board", None).await.unwrap());
    assert!(groups::with_policies(&db).await.unwrap().is_empty());
}
