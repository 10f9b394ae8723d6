//! Token buckets, shared by all nodes.

use std::time::Duration;

use store::test_support::TestDb;
use store::throttles::{self, Take};
use testkit_macros::every_layout;

use crate::fixtures::{at, race};

fn bucket(name: &str, tier: &str, burst: u32) -> Take {
    let refill = Duration::from_millis(10);
    Take { bucket: name.into(), tier: tier.into(), refill, room: refill * burst }
}

#[every_layout]
async fn a_bucket_empties_and_fills(db: TestDb) {
    let take = async |now| throttles::take(&db, &[bucket("ada", "0", 2)], at(now)).await.unwrap();
    assert_eq!([take(100).await, take(100).await, take(100).await], [true, true, false]);
    assert_eq!(throttles::levels(&db, "ada").await.unwrap(), [("0".to_owned(), at(120))]);
    assert!(!take(109).await);
    assert_eq!([take(110).await, take(110).await], [true, false]);
    // Long unused it is full, and no fuller.
    assert_eq!([take(900).await, take(900).await, take(900).await], [true, true, false]);
    throttles::give_back(&db, &[bucket("ada", "0", 2), bucket("nobody", "0", 2)]).await.unwrap();
    assert_eq!([take(900).await, take(900).await], [true, false]);
    assert!(throttles::levels(&db, "nobody").await.unwrap().is_empty());
    assert!(!throttles::take(&db, &[bucket("grace", "0", 0)], at(1)).await.unwrap(), "one that holds nothing");
}

#[every_layout]
async fn all_or_nothing_is_taken(db: TestDb) {
    let both = [bucket("home", "0", 5), bucket("ada", "0", 5), bucket("ada", "1", 1)];
    assert!(throttles::take(&db, &both, at(100)).await.unwrap());
    let before = throttles::levels(&db, "ada").await.unwrap();
    assert_eq!(before.len(), 2);
    assert!(!throttles::take(&db, &both, at(100)).await.unwrap());
    assert_eq!(throttles::levels(&db, "ada").await.unwrap(), before);
    assert_eq!(throttles::levels(&db, "home").await.unwrap(), [("0".to_owned(), at(110))]);
}

/// The limit holds however many ask at once.
#[every_layout]
async fn of_64_at_once_as_many_get_through_as_the_bucket_holds(db: TestDb) {
    let won = race(&db, |db, _| async move { throttles::take(&db, &[bucket("ada", "0", 5)], at(100)).await.unwrap() });
    assert_eq!(won.await, 5);
}
