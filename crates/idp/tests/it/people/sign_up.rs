//! Accounts of one's own, where no address is proven.

use idp::Context;
use idp::caller::Caller;
use idp::people::{AddUserError, Asking, NewAccount, PasswordRefused, Person, SignUpError, SignedUp};
use idp::settings::{AddressProof, SignupMode};
use testkit_macros::both_databases;

use super::{RIGHT, race};
use crate::house::House;

async fn sign_up(node: &Context, new: NewAccount, invitation: Option<&str>) -> Result<Person, SignUpError> {
    let (binding, _) = node.new_binding();
    match node
        .sign_up(new, Asking { invitation, binding: &binding, flow: None, locale: "en", caller: &Caller::default() })
        .await?
    {
        SignedUp::Made(person) => Ok(person),
        SignedUp::Asked => panic!("no mail is sent where no address is proven"),
    }
}

fn account(email: &str) -> NewAccount {
    NewAccount { email: email.to_owned(), name: "Ada Lovelace".to_owned(), password: RIGHT.to_owned().into() }
}

#[both_databases]
async fn everybody_where_it_is_open(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let node = house.node().await;
    let ada = sign_up(&node, account("ada@example.com"), None).await.unwrap();
    assert_eq!((ada.name.as_deref(), ada.email_verified, ada.is_admin), (Some("Ada Lovelace"), false, false));
    assert_eq!(node.check_password("ada@example.com", RIGHT).await.unwrap().map(|proven| proven.person), Some(ada));
    let before = node.password_runs();
    let taken = sign_up(&node, account("ADA@example.com"), None).await;
    assert!(matches!(taken, Err(SignUpError::Refused(AddUserError::NameTaken))), "{taken:?}");
    assert_eq!(node.password_runs() - before, 1, "a taken address costs what a free one does");
}

/// NIST SP 800-63B-4 §3.1.1.2.
#[both_databases]
async fn passwords_that_are_tried_first_or_made_of_names_are_refused(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let node = house.node().await;
    for (password, why) in [
        ("fourteen chars", PasswordRefused::TooShort { min: 15 }),
        ("Password123Password123", PasswordRefused::Common),
        ("qwertyuiopasdfgh", PasswordRefused::Common),
        ("8765432187654321", PasswordRefused::Common),
        ("zzzzzzzzzzzzzzzz", PasswordRefused::Common),
        ("Ada Lovelace Ada", PasswordRefused::Personal),
        ("AdaLovelace1815", PasswordRefused::Personal),
        ("ada.l@example.com", PasswordRefused::Personal),
    ] {
        let new = NewAccount { password: password.to_owned().into(), ..account("ada.l@example.com") };
        let refused = sign_up(&node, new, None).await;
        let said = matches!(&refused, Err(SignUpError::Refused(AddUserError::Password(said))) if *said == why);
        assert!(said, "{password}: {refused:?}");
    }
    let new = NewAccount { password: "lovelace engine notes".to_owned().into(), ..account("ada.l@example.com") };
    sign_up(&node, new, None).await.unwrap();
}

#[both_databases]
async fn of_two_with_one_address_at_once_one_wins(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let (one, two) = (house.node().await, house.node().await);
    for n in 0..6 {
        let both =
            race(
                [&one, &two],
                |node, _| async move { sign_up(&node, account(&format!("ada{n}@example.com")), None).await },
            );
        let both = both.await;
        assert_eq!(both.iter().filter(|made| made.is_ok()).count(), 1, "{both:?}");
    }
}

#[both_databases]
async fn nobody_where_it_is_closed(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    house.settings.signup = SignupMode::Closed;
    let node = house.node().await;
    let invitation = node.invite("ada@example.com").await.unwrap();
    for invitation in [None, Some(invitation.as_str())] {
        let refused = sign_up(&node, account("ada@example.com"), invitation).await;
        assert!(matches!(refused, Err(SignUpError::Closed)), "{refused:?}");
    }
    assert!(node.list_users(None, 10).await.unwrap().is_empty());
}

#[both_databases]
async fn an_invitation_makes_one_account(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    house.settings.signup = SignupMode::Invite;
    let (one, two) = (house.node().await, house.node().await);
    let refused = sign_up(&one, account("ada@example.com"), None).await;
    assert!(matches!(refused, Err(SignUpError::ByInvitation)), "{refused:?}");

    let token = one.invite("ada@example.com").await.unwrap();
    let weak = NewAccount { password: "password".to_owned().into(), ..account("ada@example.com") };
    assert!(matches!(sign_up(&one, weak, Some(&token)).await, Err(SignUpError::Refused(_))));
    sign_up(&one, account("ada@example.com"), Some(&token)).await.unwrap();
    let again = sign_up(&one, account("bob@example.com"), Some(&token)).await;
    assert!(matches!(again, Err(SignUpError::ByInvitation)), "{again:?}");

    let token = one.invite("bob@example.com").await.unwrap();
    let taken = sign_up(&one, account("ada@example.com"), Some(&token)).await;
    assert!(matches!(taken, Err(SignUpError::Refused(AddUserError::NameTaken))), "{taken:?}");
    let both = race([&one, &two], |node, which| {
        let token = token.clone();
        async move { sign_up(&node, account(&format!("bob{which}@example.com")), Some(&token)).await }
    });
    let both = both.await;
    assert_eq!(both.iter().filter(|made| made.is_ok()).count(), 1, "{both:?}");
    assert_eq!(one.list_users(None, 10).await.unwrap().len(), 2);
}
