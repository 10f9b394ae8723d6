//! Attacks on passwords, in the process and by a clock that is turned by hand. Their numbers stand in the book's page on
//! abuse.

use std::net::{IpAddr, Ipv4Addr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use idp::caller::Caller;
use idp::devices::Remember;
use idp::passwords::PasswordError;
use idp::people::{ChangePasswordError, NewUser, Tried};
use idp::throttle::Endpoint;
use idp::{Context, Fault};
use oidc::Id;
use testkit_macros::both_databases;
use tokio::task::JoinSet;

use crate::house::House;

async fn person(node: &Context, email: &str) -> Id {
    let password = Some(RIGHT.to_owned().into());
    node.add_user(NewUser { email: email.to_owned(), password, ..NewUser::default() }).await.unwrap().id
}

/// The n-th address of an attacker who has one in each of many networks.
fn attacker(n: usize) -> Caller {
    let [_, _, high, low] = u32::try_from(n).unwrap().to_be_bytes();
    Caller::new(Some(IpAddr::V4(Ipv4Addr::new(198, high, low, 7))), "Mozilla/5.0")
}

/// Somebody at an address of their own.
fn visitor(text: &str) -> Caller {
    Caller::new(Some(text.parse().unwrap()), "Mozilla/5.0")
}

async fn device(node: &Context, user: Id) -> String {
    let cookie = node.note_device(user, None, &visitor("192.0.2.1"), Remember::Unchanged).await.unwrap();
    cookie.unwrap().text().to_owned()
}

async fn guess(node: &Context, caller: &Caller, name: &str) -> Tried {
    node.try_password(caller, None, name, "not this one").await.unwrap()
}

fn was_looked_at(tried: &Tried) -> bool {
    match tried {
        Tried::Wrong => true,
        Tried::Throttled(throttled) => {
            assert!(throttled.seconds() > 0);
            false
        }
        Tried::Proven(_) => panic!("it was wrong"),
    }
}

async fn gets_in(node: &Context, caller: &Caller, device: Option<&str>, name: &str) -> bool {
    matches!(node.try_password(caller, device, name, RIGHT).await.unwrap(), Tried::Proven(_))
}

async fn events(node: &Context, kind: &str) -> Vec<idp::audit::Entry> {
    let mut all = node.audit_list(None, 200).await.unwrap();
    all.retain(|event| event.kind == kind);
    all
}

/// 10,000 wrong passwords for one account within a day, from one address and from a hundred: how many were looked at.
#[tokio::test]
async fn ten_thousand_wrong_passwords_for_one_account() {
    for (addresses, looked_at) in [(1, 31), (100, 31)] {
        let house = House::sqlite().await;
        let node = house.node().await;
        let ada = person(&node, ADA).await;
        let known = device(&node, ada).await;
        let before = node.password_runs();
        let mut through = 0;
        for n in 0..10_000 {
            house.clock.advance(Duration::from_millis(8640));
            through += u64::from(was_looked_at(&guess(&node, &attacker(n % addresses), ADA).await));
        }
        assert_eq!(through, looked_at, "from {addresses}");
        assert_eq!(node.password_runs() - before, through, "what is not let through costs no Argon2");
        assert_eq!((node.tally().failures(), node.tally().throttled()), (through, 10_000 - through));
        // The owner, at once; not by password from a device that nobody knows: by passkey there.
        assert!(gets_in(&node, &attacker(0), Some(&known), ADA).await);
        assert!(!gets_in(&node, &visitor("192.0.2.9"), None, ADA).await);
        house.clock.advance(Duration::from_secs(2 * 60 * 60));
        assert!(gets_in(&node, &visitor("192.0.2.9"), None, ADA).await, "once nobody guesses");
    }
}

/// The same with no time between them: the first five.
#[tokio::test]
async fn ten_thousand_wrong_passwords_at_once() {
    let house = House::sqlite().await;
    let node = house.node().await;
    person(&node, ADA).await;
    let mut through = 0;
    for n in 0..10_000 {
        through += usize::from(was_looked_at(&guess(&node, &attacker(n % 100), ADA).await));
    }
    assert_eq!(through, 5);
}

/// One password for each of 1,000 accounts, over and over, one try a second: how many were looked at in each hour. That is
/// less than one for each account and hour, from the first hour on.
#[tokio::test]
async fn spraying_a_thousand_accounts() {
    for (addresses, hours) in [(1, [25, 6]), (100, [616, 500]), (1000, [835, 309])] {
        let house = House::sqlite().await;
        let node = house.node().await;
        let grace = person(&node, "grace@example.com").await;
        person(&node, "heidi@example.com").await;
        let known = device(&node, grace).await;
        let mut through = [0; 2];
        for n in 0..2 * 3600 {
            house.clock.advance(Duration::from_secs(1));
            let name = format!("user{}@example.com", n % 1000);
            through[n / 3600] += usize::from(was_looked_at(&guess(&node, &attacker(n % addresses), &name).await));
        }
        assert_eq!(through, hours, "from {addresses}");
        assert!(through.iter().all(|hour| *hour < 1000), "{through:?}");
        // Whoever is not attacked signs in as ever, from anywhere.
        assert!(gets_in(&node, &visitor("192.0.2.1"), Some(&known), "grace@example.com").await);
        assert!(gets_in(&node, &visitor("192.0.2.2"), None, "heidi@example.com").await);
    }
}

/// What is not let through tells nobody whether there is such an account.
#[both_databases]
async fn a_name_that_nobody_has_is_limited_like_any_other(house: House) {
    let node = house.node().await;
    for (at, name) in ["nobody@example.com", "nobody", "not a name"].into_iter().enumerate() {
        let theirs = format!("p{at}@example.com");
        person(&node, &theirs).await;
        house.clock.advance(Duration::from_secs(24 * 60 * 60));
        for n in 0..60 {
            house.clock.advance(Duration::from_secs(47));
            let known = was_looked_at(&guess(&node, &attacker(n), &theirs).await);
            assert_eq!(was_looked_at(&guess(&node, &attacker(1000 + n), name).await), known, "{name} {n}");
        }
    }
    let failed = events(&node, "session.sign-in-failed").await;
    assert_eq!(failed.iter().filter(|event| event.user.is_some()).count(), failed.len() / 2);
    assert_eq!(failed.len() as u64, node.tally().failures());
    assert!(!failed.iter().any(|event| event.detail.to_string().contains("nobody")), "no name stands in the trail");
}

/// However it is written, one name has one bucket.
#[both_databases]
async fn a_name_is_one_however_it_is_written(house: House) {
    let node = house.node().await;
    for (n, name) in ["ada@example.com", "ADA@EXAMPLE.COM", " ada@example.com", "Ada@Example.com "].iter().enumerate() {
        assert!(was_looked_at(&guess(&node, &attacker(n), name).await), "{name}");
    }
    assert!(was_looked_at(&guess(&node, &attacker(4), ADA).await));
    assert!(!was_looked_at(&guess(&node, &attacker(5), ADA).await));
}

/// Somebody with an account of their own gains nothing by signing in to it between two guesses.
#[both_databases]
async fn a_success_makes_room_for_no_failure(house: House) {
    let node = house.node().await;
    person(&node, "eve@example.com").await;
    let eve = visitor("203.0.113.5");
    let mut through = 0;
    for n in 0..40 {
        gets_in(&node, &eve, None, "eve@example.com").await;
        through += usize::from(was_looked_at(&guess(&node, &eve, &format!("user{n}@example.com")).await));
        assert!(n > 20 || gets_in(&node, &visitor("203.0.113.99"), None, "eve@example.com").await, "{n}");
    }
    assert_eq!(through, 20);
    // An office behind one address signs in as often as it likes.
    for _ in 0..40 {
        assert!(gets_in(&node, &visitor("192.0.2.1"), None, "eve@example.com").await);
    }
}

/// Two nodes, one limit; however many ask at once.
#[both_databases]
async fn the_limit_holds_across_nodes(house: House) {
    let nodes = [house.node().await, house.node().await];
    person(&nodes[0], ADA).await;
    let tasks: Vec<_> = (0..64)
        .map(|n| {
            let node = Arc::clone(&nodes[n % 2]);
            tokio::spawn(async move { was_looked_at(&guess(&node, &attacker(n), ADA).await) })
        })
        .collect();
    let mut through = 0;
    for task in tasks {
        through += usize::from(task.await.unwrap());
    }
    assert_eq!(through, 5);
}

/// A stolen device cookie opens ten tries, not the door.
#[both_databases]
async fn a_known_device_has_a_small_bucket_of_its_own(house: House) {
    let node = house.node().await;
    let (ada, grace) = (person(&node, ADA).await, person(&node, "grace@example.com").await);
    let known = device(&node, ada).await;
    let at = attacker(0);
    let wrong =
        async |name: &str| was_looked_at(&node.try_password(&at, Some(&known), name, "not this one").await.unwrap());
    let mut through = 0;
    for _ in 0..30 {
        through += usize::from(wrong(ADA).await);
    }
    assert_eq!(through, 10);
    assert!(!gets_in(&node, &at, Some(&known), ADA).await);
    // Those were no tries of strangers.
    assert!(gets_in(&node, &at, None, ADA).await);
    // To another person the device is a stranger's.
    let mut through = 0;
    for _ in 0..30 {
        through += usize::from(wrong("grace@example.com").await);
    }
    assert_eq!(through, 5);
    assert!(!gets_in(&node, &visitor("192.0.2.3"), None, "grace@example.com").await);
    let hers = device(&node, grace).await;
    assert!(gets_in(&node, &at, Some(&hers), "grace@example.com").await);
    house.clock.advance(Duration::from_secs(60));
    assert!(gets_in(&node, &at, Some(&known), ADA).await);
}

/// What is tried at one device of a person, or by another at the same device, slows down nobody else.
#[both_databases]
async fn a_device_has_a_bucket_for_each_of_its_people_alone(house: House) {
    let node = house.node().await;
    let (ada, grace) = (person(&node, ADA).await, person(&node, "grace@example.com").await);
    let (phone, laptop) = (device(&node, ada).await, device(&node, ada).await);
    let shared = node.note_device(grace, Some(&phone), &visitor("192.0.2.1"), Remember::Unchanged).await.unwrap();
    assert_eq!(shared.unwrap().text(), phone);
    let at = attacker(0);
    for _ in 0..12 {
        node.try_password(&at, Some(&phone), ADA, "not this one").await.unwrap();
    }
    assert!(!gets_in(&node, &at, Some(&phone), ADA).await);
    assert!(gets_in(&node, &at, Some(&laptop), ADA).await, "her other device");
    assert!(gets_in(&node, &at, Some(&phone), "grace@example.com").await, "another at the same device");
}

/// A try that found the pool full was not looked at, and is given back.
#[both_databases]
async fn a_try_that_nobody_looked_at_costs_nothing(mut house: House) {
    let passwords = &mut house.settings.passwords;
    (passwords.threads, passwords.queue) = (NonZeroUsize::MIN, NonZeroUsize::MIN);
    passwords.memory_kib = NonZeroU32::new(32 * 1024).unwrap();
    let node = house.node().await;
    let ada = person(&node, ADA).await;
    let known = device(&node, ada).await;
    let mut tries = JoinSet::new();
    for _ in 0..8 {
        let (node, known) = (Arc::clone(&node), known.clone());
        tries.spawn(async move { node.try_password(&attacker(0), Some(&known), ADA, "not this one").await });
    }
    let (mut looked_at, mut busy) = (0, 0);
    while let Some(tried) = tries.join_next().await {
        match tried.unwrap() {
            Ok(tried) => looked_at += usize::from(was_looked_at(&tried)),
            Err(Fault::Password(PasswordError::Busy)) => busy += 1,
            Err(fault) => panic!("{fault}"),
        }
    }
    assert!(busy > 0, "{looked_at} were looked at");
    for _ in 0..12 {
        let tried = node.try_password(&attacker(0), Some(&known), ADA, "not this one").await.unwrap();
        looked_at += usize::from(was_looked_at(&tried));
    }
    assert_eq!(looked_at, 10);
}

/// Who has a network of addresses has five addresses' worth of tries, not as many as the network has lines.
#[both_databases]
async fn a_network_has_a_bucket_of_its_own(mut house: House) {
    house.settings.throttle.address.burst = 2;
    house.settings.throttle.spray.burst = 1000;
    let node = house.node().await;
    let mut through = 0;
    for n in 0..20 {
        let tried = guess(&node, &visitor(&format!("198.51.100.{n}")), &format!("person{n}@example.com")).await;
        through += usize::from(was_looked_at(&tried));
    }
    assert_eq!(through, 10);
    assert!(!was_looked_at(&guess(&node, &visitor("198.51.100.99"), "untouched@example.com").await));
    assert!(was_looked_at(&guess(&node, &visitor("198.51.101.99"), "untouched@example.com").await));
}

/// The trail says that tries are not let through, once in a while.
#[both_databases]
async fn the_trail_hears_of_an_attack_and_is_not_filled_by_it(house: House) {
    let node = house.node().await;
    for n in 0..50 {
        guess(&node, &attacker(n), ADA).await;
    }
    let told = events(&node, "session.throttled").await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0].detail["limit"], told[0].address.as_deref()), (&"account".into(), Some("198.0.5.7")));
    house.clock.advance(Duration::from_secs(16 * 60));
    for n in 0..50 {
        guess(&node, &attacker(n), ADA).await;
    }
    assert_eq!(events(&node, "session.throttled").await.len(), 2);
}

/// A session that somebody finds open is no way to the password.
#[both_databases]
async fn the_current_password_is_no_better_to_guess(house: House) {
    let node = house.node().await;
    let ada = person(&node, ADA).await;
    let change =
        async |current| node.change_password(ada, None, current, "battery staple of horses", &attacker(0)).await;
    for _ in 0..10 {
        assert!(matches!(change("not this one").await, Err(ChangePasswordError::WrongCurrent)));
    }
    let before = node.password_runs();
    assert!(matches!(change(RIGHT).await, Err(ChangePasswordError::Throttled(_))));
    assert_eq!(node.password_runs(), before);
    assert_eq!(events(&node, "session.sign-in-failed").await.len(), 10);
    house.clock.advance(Duration::from_secs(60));
    change(RIGHT).await.unwrap();
}

#[both_databases]
async fn an_endpoint_has_a_bucket_for_each_address(house: House) {
    let node = house.node().await;
    let (one, same, other) = (visitor("2001:db8::1"), visitor("2001:db8::2"), visitor("2001:db8:0:1::1"));
    for n in 0..30 {
        let caller = if n % 2 == 0 { &one } else { &same };
        assert_eq!(node.count(Endpoint::SignUp, caller).await.unwrap(), Ok(()));
    }
    let throttled = node.count(Endpoint::SignUp, &one).await.unwrap().unwrap_err();
    assert_eq!(throttled.seconds(), 60);
    assert_eq!(node.count(Endpoint::SignUp, &other).await.unwrap(), Ok(()));
    assert_eq!(node.count(Endpoint::Recover, &one).await.unwrap(), Ok(()));
    assert_eq!(node.count(Endpoint::SignUp, &Caller::operator()).await.unwrap(), Ok(()));
    house.clock.advance(Duration::from_secs(60));
    assert_eq!(node.count(Endpoint::SignUp, &one).await.unwrap(), Ok(()));
    assert_eq!(events(&node, "session.throttled").await.len(), 1);
}

const ADA: &str = "ada@example.com";
const RIGHT: &str = "correct horse";
