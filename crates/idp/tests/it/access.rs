//! Groups, invitations, and apps that end.

use std::time::Duration;

use idp::Context;
use idp::caller::Caller;
use idp::groups::GroupError;
use idp::people::NewUser;
use oidc::Id;
use serde_json::json;
use store::consents::{self, Consent};
use testkit_macros::both_databases;

use crate::house::{House, START};

async fn ada(node: &Context) -> Id {
    node.add_user(NewUser { email: "ada@example.com".to_owned(), ..NewUser::default() }).await.unwrap().id
}

async fn add_client(node: &Context, id: &str, end: Option<i64>) {
    let metadata = json!({
        "client_id": id, "redirect_uris": ["https://app.example/cb"], "vestibule_expires_at": end,
    });
    node.add_client(serde_json::from_value(metadata).unwrap()).await.unwrap();
}

fn consent(user_id: Id, client: &str) -> Consent {
    Consent {
        user_id,
        client_id: client.to_owned(),
        scopes: "openid".to_owned(),
        detail_json: "{}".to_owned(),
        granted_at: START,
        updated_at: START,
        version: 1,
    }
}

/// What people granted an app goes after its end, once; no other app's does.
#[both_databases]
async fn what_an_ended_app_held_is_removed(house: House) {
    let node = house.node().await;
    let ada = ada(&node).await;
    for (id, end) in [("campaign", Some(START.seconds() + 10)), ("photos", None)] {
        add_client(&node, id, end).await;
        consents::put(&house.db, &consent(ada, id)).await.unwrap();
    }
    let run = async || tokio::time::timeout(Duration::from_millis(1500), node.run_jobs()).await.unwrap_err();
    let left = async || {
        let all = consents::list(&house.db, ada).await.unwrap();
        all.into_iter().map(|consent| consent.client_id).collect::<Vec<_>>()
    };
    run().await;
    assert_eq!(left().await, ["campaign", "photos"], "it has not ended");
    house.clock.advance(Duration::from_secs(10));
    run().await;
    assert_eq!(left().await, ["photos"]);
    run().await;
    let mut events = node.audit_list(None, 50).await.unwrap();
    events.retain(|event| event.kind == "app.ended");
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].client.as_deref(), &events[0].detail["removed"]), (Some("campaign"), &json!(1)));
}

#[both_databases]
async fn groups_and_invitations_are_changed_and_the_trail_says_so(house: House) {
    let node = house.node().await;
    let (ada, operator) = (ada(&node).await, Caller::operator());
    add_client(&node, "photos", None).await;
    node.add_group("staff").await.unwrap();
    assert!(matches!(node.add_group("staff").await, Err(GroupError::Taken)));
    assert!(matches!(node.add_group("a b").await, Err(GroupError::NameInvalid)));
    assert!(matches!(node.add_member("board", ada, &operator).await, Err(GroupError::NoGroup(_))));
    assert!(node.add_member("staff", ada, &operator).await.unwrap());
    assert!(!node.add_member("staff", ada, &operator).await.unwrap());
    assert_eq!(node.groups_of(ada).await.unwrap(), ["staff"]);
    assert_eq!(node.members("staff").await.unwrap(), [ada]);
    node.add_group("guides").await.unwrap();
    house.clock.advance(Duration::from_secs(1));
    assert!(node.add_member("guides", ada, &operator).await.unwrap());
    assert_eq!(node.groups_of(ada).await.unwrap(), ["guides", "staff"], "in the order of their names");
    assert!(node.remove_member("staff", ada, &operator).await.unwrap());
    node.delete_group("staff").await.unwrap();
    assert!(matches!(node.delete_group("staff").await, Err(GroupError::NoGroup(_))));

    let roles = ["supplier".to_owned(), "customer".to_owned()];
    assert!(matches!(node.invite_to("nothing", ada, &[], &operator).await, Err(GroupError::NoClient)));
    assert!(matches!(node.invite_to("photos", ada, &["a b".into()], &operator).await, Err(GroupError::NameInvalid)));
    assert!(node.invite_to("photos", ada, &roles, &operator).await.unwrap());
    assert!(!node.invite_to("photos", ada, &roles, &operator).await.unwrap());
    assert_eq!(node.invited_to("photos").await.unwrap().len(), 1);
    assert!(node.uninvite("photos", ada, &roles[..1], &operator).await.unwrap());
    assert_eq!(node.roles_of(ada, "photos").await.unwrap(), ["customer"]);
    // Without a role named, the invitation goes with all that are left.
    assert!(node.uninvite("photos", ada, &[], &operator).await.unwrap());
    assert!(
        node.invited_to("photos").await.unwrap().is_empty() && node.roles_of(ada, "photos").await.unwrap().is_empty()
    );
    assert!(node.invite_to("photos", ada, &roles, &operator).await.unwrap());
    assert_eq!(node.roles_of(ada, "photos").await.unwrap(), ["customer", "supplier"]);
    // Whoever registers its id anew has invited nobody.
    assert!(node.delete_client("photos").await.unwrap());
    assert!(node.invited_to("photos").await.unwrap().is_empty());
    assert!(!node.uninvite("photos", ada, &[], &operator).await.unwrap());

    let kinds: Vec<_> = node.audit_list(None, 50).await.unwrap().into_iter().map(|event| event.kind).collect();
    for (kind, times) in
        [("app.invited", 2), ("app.uninvited", 2), ("group.member-added", 2), ("group.member-removed", 1)]
    {
        assert_eq!(kinds.iter().filter(|known| *known == kind).count(), times, "{kind}: {kinds:?}");
    }
}
