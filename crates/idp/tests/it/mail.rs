//! The mail room.

use std::time::Duration;

use idp::mail::{Mail, SendError};
use testkit_macros::both_databases;

use crate::house::House;

fn mail() -> Mail {
    Mail::ResetPassword { token: "vst_ln_x".to_owned() }
}

const MINUTE: Duration = Duration::from_secs(60);

#[both_databases]
async fn a_mail_is_sent_once_and_by_one_node(house: House) {
    let (one, two) = (house.node().await, house.node().await);
    for n in 0..8 {
        one.queue_mail(&format!("ada{n}@example.com"), &mail(), "de").await.unwrap();
    }
    assert_eq!(two.mails_waiting().await.unwrap(), 8);
    let both = tokio::join!(one.send_due_mails(), two.send_due_mails());
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 8);
    let letters = house.mails.take();
    let mut to: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, (0..8).map(|n| format!("ada{n}@example.com")).collect::<Vec<_>>());
    assert!(letters.iter().all(|letter| letter.mail == mail() && letter.locale == "de"));
    assert_eq!((one.mails_waiting().await.unwrap(), two.send_due_mails().await.unwrap()), (0, 0));
}

#[both_databases]
async fn what_cannot_be_sent_is_tried_again_ever_more_rarely(house: House) {
    let node = house.node().await;
    house.mails.refuse(Some(SendError::Later("no route".to_owned())));
    node.queue_mail("ada@example.com", &mail(), "en").await.unwrap();
    assert_eq!(node.send_due_mails().await.unwrap(), 0);
    house.mails.refuse(None);
    // It is due again after a minute, and the second time after two.
    house.clock.advance(MINUTE - Duration::from_millis(1));
    assert_eq!(node.send_due_mails().await.unwrap(), 0);
    house.mails.refuse(Some(SendError::Later("no route".to_owned())));
    house.clock.advance(Duration::from_millis(1));
    assert_eq!(node.send_due_mails().await.unwrap(), 0);
    house.mails.refuse(None);
    house.clock.advance(MINUTE);
    assert_eq!(node.send_due_mails().await.unwrap(), 0);
    house.clock.advance(MINUTE);
    assert_eq!(node.send_due_mails().await.unwrap(), 1);
    assert_eq!(house.mails.take().len(), 1);
}

/// A server that is away is asked once a turn, and not by each mail that waits.
#[both_databases]
async fn the_others_wait_for_the_next_turn_after_one_that_could_not_be_sent(house: House) {
    let node = house.node().await;
    for n in 0..3 {
        node.queue_mail(&format!("ada{n}@example.com"), &mail(), "en").await.unwrap();
    }
    house.mails.refuse(Some(SendError::Later("no route".to_owned())));
    assert_eq!(node.send_due_mails().await.unwrap(), 0);
    // Two have not been tried: no minute passes before they are.
    house.mails.refuse(None);
    assert_eq!(node.send_due_mails().await.unwrap(), 2);
    house.clock.advance(MINUTE);
    assert_eq!(node.send_due_mails().await.unwrap(), 1);
}

#[both_databases]
async fn what_is_refused_or_needed_no_longer_is_not_tried_again(house: House) {
    let node = house.node().await;
    house.mails.refuse(Some(SendError::Refused("no such mailbox".to_owned())));
    node.queue_mail("ada@example.com", &mail(), "en").await.unwrap();
    node.send_due_mails().await.unwrap();
    assert_eq!(node.mails_waiting().await.unwrap(), 0);
    // A link of 15 minutes is of no use to anybody later.
    house.mails.refuse(None);
    node.queue_mail("ada@example.com", &mail(), "en").await.unwrap();
    house.clock.advance(15 * MINUTE);
    assert_eq!(node.send_due_mails().await.unwrap(), 0);
    assert_eq!(house.mails.take(), []);
}

/// It stands in a mail's place, and takes a mail's way but for its end.
#[both_databases]
async fn nothing_is_queued_like_a_mail_and_never_sent(house: House) {
    let node = house.node().await;
    node.queue_mail("nobody@example.com", &Mail::Nothing, "en").await.unwrap();
    assert_eq!(node.mails_waiting().await.unwrap(), 1);
    node.send_due_mails().await.unwrap();
    assert_eq!((node.mails_waiting().await.unwrap(), house.mails.take()), (0, vec![]));
}

/// A link is a secret: the database holds it sealed.
#[both_databases]
async fn the_queue_shows_no_link(house: House) {
    let node = house.node().await;
    node.queue_mail("ada@example.com", &mail(), "en").await.unwrap();
    let rows = store::mails::due(&house.db, node.now(), 10).await.unwrap();
    assert!(rows.len() == 1 && !rows[0].sealed.windows(6).any(|bytes| bytes == b"vst_ln"));
    assert_eq!(format!("{:?}", mail()), "reset-password");
}
