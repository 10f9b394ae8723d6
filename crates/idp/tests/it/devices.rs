//! Known devices.

use std::time::Duration;

use idp::Context;
use idp::caller::Caller;
use idp::devices::{LIFETIME, Remember};
use idp::people::NewUser;
use oidc::Id;
use oidc::secret::{Secret, SecretKind};
use testkit_macros::both_databases;

use crate::house::{House, START};

async fn person(node: &Context, email: &str) -> Id {
    let password = Some("correct horse battery".to_owned().into());
    node.add_user(NewUser { email: email.to_owned(), password, ..NewUser::default() }).await.unwrap().id
}

fn caller() -> Caller {
    Caller::new(Some("192.0.2.7".parse().unwrap()), "Firefox")
}

async fn noted(node: &Context, user: Id, cookie: Option<&str>) -> Option<String> {
    let cookie = node.note_device(user, cookie, &caller(), Remember::Unchanged).await.unwrap();
    cookie.map(|cookie| cookie.text().to_owned())
}

#[both_databases]
async fn one_cookie_knows_several_people_and_nobody_else(house: House) {
    let node = house.node().await;
    let (ada, grace, eve) = (
        person(&node, "ada@example.com").await,
        person(&node, "grace@example.com").await,
        person(&node, "e@e.e").await,
    );
    let cookie = noted(&node, ada, None).await.unwrap();
    assert!(cookie.starts_with("vst_dv_"), "{cookie}");
    house.clock.advance(Duration::from_secs(60));
    assert_eq!(noted(&node, grace, Some(&cookie)).await.as_ref(), Some(&cookie));
    assert_eq!(noted(&node, ada, Some(&cookie)).await, None, "the browser has it");

    let known = async |user, cookie| node.known_device(user, cookie).await.unwrap();
    let (hers, other) = (known(ada, Some(&*cookie)).await.unwrap(), known(grace, Some(&*cookie)).await.unwrap());
    assert_eq!(hers.id, other.id);
    assert_eq!((hers.first_seen, hers.last_seen), (START, START.plus(Duration::from_secs(60))));
    assert_eq!((&*hers.agent, hers.address.as_deref(), hers.remembered_until), ("Firefox", Some("192.0.2.7"), None));
    assert_eq!(known(eve, Some(&*cookie)).await, None);
    assert_eq!(known(ada, None).await, None);
    // Whoever knows the id of the cookie, or that of the row, knows no device.
    let secret = Secret::parse(SecretKind::Device, &cookie).unwrap();
    for (id, proof) in [(secret.id(), vec![7; 32]), (hers.id, secret.proof().to_vec()), (secret.id(), vec![])] {
        let forged = Secret::new(SecretKind::Device, id, proof).to_text();
        assert_eq!(node.known_device(ada, Some(&*forged)).await.unwrap(), None);
    }
    let weak = Secret::new(SecretKind::Device, secret.id(), vec![1; 4]).to_text();
    assert_ne!(noted(&node, ada, Some(&weak)).await.unwrap(), *weak, "a cookie of ours is drawn by us");

    // One forgets it, the other does not.
    assert!(!node.forget_device(eve, hers.id).await.unwrap());
    assert!(node.forget_device(ada, hers.id).await.unwrap());
    assert!(!node.forget_device(ada, hers.id).await.unwrap());
    assert_eq!(known(ada, Some(&*cookie)).await, None);
    assert!(known(grace, Some(&*cookie)).await.is_some());
}

/// Whoever knows the id of a cookie, which stands in its text before the proof, takes no device over by signing in with
/// a proof of their own.
#[both_databases]
async fn nobody_takes_a_device_over_by_its_id(house: House) {
    let node = house.node().await;
    let ada = person(&node, "ada@example.com").await;
    let cookie = noted(&node, ada, None).await.unwrap();
    let secret = Secret::parse(SecretKind::Device, &cookie).unwrap();
    let forged = Secret::new(SecretKind::Device, secret.id(), vec![7; 32]).to_text();
    noted(&node, ada, Some(&forged)).await;
    assert!(node.known_device(ada, Some(&*cookie)).await.unwrap().is_some());
    assert_eq!(node.list_devices(ada).await.unwrap().len(), 2);
}

/// A device is no password, no passkey and nothing else to sign in with.
#[both_databases]
async fn forgetting_a_device_removes_no_credential(house: House) {
    let node = house.node().await;
    let ada = person(&node, "ada@example.com").await;
    let password = store::credentials::of(&house.db, ada, "password").await.unwrap().remove(0);
    assert!(!node.forget_device(ada, password.id).await.unwrap());
    noted(&node, ada, None).await.unwrap();
    assert!(node.passkeys(ada).await.unwrap().is_empty());
    assert!(node.check_password("ada@example.com", "correct horse battery").await.unwrap().is_some());
    let export = node.export_user(ada).await.unwrap().unwrap();
    assert_eq!(export["devices"][0]["agent"], "Firefox");
    assert!(!export.to_string().contains("hash"), "{export}");
}

#[both_databases]
async fn a_person_has_so_many_devices_and_they_are_forgotten_unused(house: House) {
    let node = house.node().await;
    let ada = person(&node, "ada@example.com").await;
    let mut cookies = Vec::new();
    for _ in 0..20 {
        cookies.push(noted(&node, ada, None).await.unwrap());
        house.clock.advance(Duration::from_secs(1));
    }
    // The first is in use: the second is the one that goes.
    noted(&node, ada, Some(&cookies[0])).await;
    noted(&node, ada, None).await.unwrap();
    assert_eq!(node.list_devices(ada).await.unwrap().len(), 20);
    let known = async |at: usize| node.known_device(ada, Some(&cookies[at])).await.unwrap().is_some();
    assert!(known(0).await && !known(1).await && known(2).await);

    // In use it is sent again now and then; unused it is known for as long as the browser keeps it.
    house.clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
    assert_eq!(noted(&node, ada, Some(&cookies[0])).await.as_ref(), Some(&cookies[0]));
    house.clock.advance(LIFETIME - Duration::from_secs(1));
    assert!(known(0).await && !known(2).await);
    assert_eq!(node.list_devices(ada).await.unwrap().len(), 1);
    house.clock.advance(Duration::from_secs(1));
    assert!(!known(0).await);
}

#[both_databases]
async fn remembered_until_the_time_is_over_or_the_password_another(house: House) {
    let node = house.node().await;
    let ada = person(&node, "ada@example.com").await;
    let remember = async |cookie: Option<&str>, remember| {
        node.note_device(ada, cookie, &caller(), remember).await.unwrap().map(|cookie| cookie.text().to_owned())
    };
    let cookie = remember(None, Remember::Yes).await.unwrap();
    remember(Some(&cookie), Remember::Unchanged).await;
    let device = async || node.known_device(ada, Some(&cookie)).await.unwrap().unwrap();
    let until = START.plus(node.settings().session.remember_device);
    assert_eq!(device().await.remembered_until, Some(until));
    assert!(device().await.is_remembered(START) && !device().await.is_remembered(until));

    node.change_password(ada, None, "correct horse battery", "battery staple of horses", &caller()).await.unwrap();
    assert_eq!(device().await.remembered_until, None, "changed; it is still known");
    remember(Some(&cookie), Remember::Yes).await;
    node.set_password(ada, "correct horse battery").await.unwrap();
    assert_eq!(device().await.remembered_until, None, "set");
    remember(Some(&cookie), Remember::Yes).await;
    let link = node.password_link(ada).await.unwrap();
    node.set_password_by_link(&link, "battery staple of horses", &Caller::operator()).await.unwrap();
    assert_eq!(device().await.remembered_until, None, "set by a link");
    // The trail of times is the sign-ins', not the changes'.
    assert_eq!(device().await.last_seen, START);
}
