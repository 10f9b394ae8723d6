//! `/recover`: a new password by way of a mail.

use std::time::Duration;

use idp::mail::Mail;
use idp::people::{Access, Change, NewUser};
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby};

const NEW: &str = "another horse entirely, and a cart";

async fn ask(browser: &mut Browser, email: &str) -> Page {
    let page = browser.open("/recover").await;
    let page = browser.press(&page, "recover", "recover", &[("email", email)]).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "mail-sent"), "{}", page.text);
    page
}

/// The address of the only mail's link.
async fn link(lobby: &Lobby) -> String {
    let letters = lobby.mails().await;
    match letters.as_slice() {
        [letter] => match &letter.mail {
            Mail::ResetPassword { token } => format!("/recover?token={token}"),
            other => panic!("{other:?}"),
        },
        others => panic!("{others:?}"),
    }
}

async fn set(browser: &mut Browser, page: &Page, password: &str, others: bool) -> Page {
    let fields = [("password", password), ("others", "end")];
    browser.press(page, "new-password", "set", &fields[..if others { 2 } else { 1 }]).await
}

async fn has_password(lobby: &Lobby, password: &str) -> bool {
    lobby.node.check_password(ADA, password).await.unwrap().is_some()
}

#[both_databases]
async fn a_forgotten_password_is_set_by_mail_and_nobody_signed_in(house: House) {
    let lobby = Lobby::open(house).await;
    let mut elsewhere = lobby.verified(ADA).await;
    let mut browser = lobby.browser();
    let sent = ask(&mut browser, "ADA@example.com").await;
    assert!(sent.says("ADA@example.com"));
    let address = link(&lobby).await;
    // Looking at it, as mail scanners do, changes nothing.
    for _ in 0..2 {
        assert_eq!(lobby.browser().open(&address).await.step(), "new-password");
    }
    assert!(has_password(&lobby, PASSWORD).await);
    // On another device than the one that asked, too.
    let mut phone = lobby.browser();
    let page = phone.open(&address).await;
    assert!(page.says("Ada Lovelace"), "{}", page.text);
    for password in ["", "short", "Qwertyuiop", "ada@example.com ada@example.com"] {
        let again = set(&mut phone, &page, password, true).await;
        assert_eq!((again.status.as_u16(), again.step()), (422, "new-password"), "{password}");
    }
    let done = set(&mut phone, &page, NEW, true).await;
    assert_eq!((done.status.as_u16(), done.step()), (200, "message"), "{}", done.text);
    assert!(done.says("Your password has been saved.") && done.says("href=\"/signin\""), "{}", done.text);
    assert!(has_password(&lobby, NEW).await && !has_password(&lobby, PASSWORD).await);
    assert!(!phone.cookies.contains_key("__Host-vestibule"), "a mailbox is not a sign-in");
    assert_eq!(elsewhere.open("/account").await.step(), "signin", "the other sessions have ended");
    let letters = lobby.mails().await;
    assert!(letters.len() == 1 && letters[0].mail == Mail::PasswordChanged && letters[0].to == ADA, "{letters:?}");
    // Once.
    for page in [phone.open(&address).await, set(&mut phone, &page, PASSWORD, true).await] {
        assert_eq!((page.status.as_u16(), page.step()), (410, "message"));
    }
}

/// Whatever is typed, a mailbox gets five mails and then one in twelve minutes; who asks sees no difference.
#[both_databases]
async fn no_mailbox_is_flooded(house: House) {
    let lobby = Lobby::open(house).await;
    let (known, unknown) = ([ADA, " Ada@Example.com"], ["nobody@example.com", " Nobody@example.com "]);
    for round in 0..8 {
        let mut browser = lobby.browser();
        ask(&mut browser, known[round % 2]).await;
        ask(&mut browser, unknown[round % 2]).await;
        let page = browser.open("/signup").await;
        let fields = [("email", "new@example.com"), ("name", "New Person"), ("password", NEW)];
        let page = browser.press(&page, "signup", "signup", &fields).await;
        assert_eq!((page.status.as_u16(), page.step()), (200, "mail-sent"), "{}", page.text);
    }
    let to = |letters: &[idp::mail::Letter], who: &str| letters.iter().filter(|letter| letter.to == who).count();
    let letters = lobby.mails().await;
    assert_eq!((to(&letters, ADA), to(&letters, "new@example.com"), letters.len()), (5, 5, 10));
    assert_eq!(lobby.node.tally().throttled(), 9, "known and unknown alike");
    ask(&mut lobby.browser(), "nobody-else@example.com").await;
    assert_eq!(lobby.node.tally().throttled(), 9, "each for itself");
    // The sign-up form shares the mailbox's limit.
    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    let fields = [("email", ADA), ("name", "Somebody Else"), ("password", NEW)];
    assert_eq!(browser.press(&page, "signup", "signup", &fields).await.step(), "mail-sent");
    assert!(lobby.mails().await.is_empty());
    lobby.house.clock.advance(Duration::from_secs(12 * 60));
    for _ in 0..2 {
        ask(&mut lobby.browser(), ADA).await;
    }
    assert_eq!(to(&lobby.mails().await, ADA), 1);
    // Others are not kept waiting by that.
    ask(&mut lobby.browser(), GRACE).await;
    assert_eq!(to(&lobby.mails().await, GRACE), 1);
}

#[both_databases]
async fn the_other_sessions_stay_where_the_person_says_so(house: House) {
    let lobby = Lobby::open(house).await;
    let mut elsewhere = lobby.verified(ADA).await;
    let mut browser = lobby.browser();
    ask(&mut browser, ADA).await;
    let page = browser.open(&link(&lobby).await).await;
    assert!(page.says("value=\"end\" checked"), "{}", page.text);
    set(&mut browser, &page, NEW, false).await;
    assert!(has_password(&lobby, NEW).await);
    assert!(elsewhere.open("/account").await.says("Ada Lovelace"));
}

/// 15 minutes; not after another password was set, not for another address, not for whoever is disabled.
#[both_databases]
async fn a_link_works_for_what_it_was_sent_for_alone(house: House) {
    let lobby = Lobby::open(house).await;
    lobby.verified(ADA).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let mut browser = lobby.browser();
    let gone = async |address: &str| lobby.browser().open(address).await.status.as_u16() == 410;

    ask(&mut browser, ADA).await;
    let late = link(&lobby).await;
    lobby.house.clock.advance(Duration::from_secs(15 * 60 - 1));
    assert!(!gone(&late).await);
    lobby.house.clock.advance(Duration::from_secs(1));
    assert!(gone(&late).await);

    ask(&mut browser, ADA).await;
    let older = link(&lobby).await;
    lobby.house.clock.advance(Duration::from_secs(1));
    lobby.node.set_password(ada, NEW).await.unwrap();
    assert!(gone(&older).await);

    lobby.house.clock.advance(Duration::from_secs(1));
    ask(&mut browser, ADA).await;
    let moved = link(&lobby).await;
    let page = browser.open(&moved).await;
    let away = Change { email: Some("lovelace@example.com".to_owned()), ..Change::default() };
    lobby.node.update_user(ada, away).await.unwrap();
    assert!(gone(&moved).await);
    assert_eq!(set(&mut browser, &page, NEW, true).await.status.as_u16(), 410);
    let back = Change { email: Some(ADA.to_owned()), ..Change::default() };
    lobby.node.update_user(ada, back).await.unwrap();
    assert!(!gone(&moved).await);
    lobby.node.set_user_disabled(ada, Access::Disabled).await.unwrap();
    assert!(gone(&moved).await);
    for nonsense in ["/recover?token=x", "/recover?token=vst_ln_x"] {
        assert!(gone(nonsense).await);
    }
}

#[both_databases]
async fn of_two_at_once_with_one_link_one_wins(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    for n in 0..4 {
        lobby.house.clock.advance(Duration::from_secs(1));
        ask(&mut browser, ADA).await;
        let address = link(&lobby).await;
        // Both have the page before either answers it.
        let (mut one, mut other) = (lobby.browser(), lobby.browser());
        let (first, second) = (one.open(&address).await, other.open(&address).await);
        let set = async |browser: &mut Browser, page: &Page, password: String| {
            set(browser, page, &password, true).await.status.as_u16()
        };
        let (left, right) = tokio::join!(
            set(&mut one, &first, format!("left horse battery {n}")),
            set(&mut other, &second, format!("right horse battery {n}"))
        );
        let mut both = [left, right];
        both.sort_unstable();
        assert_eq!(both, [200, 410]);
        lobby.mails().await;
    }
}

/// A mail proves a mailbox: whoever has a passkey keeps it, and it stays what it was.
#[both_databases]
async fn a_passkey_outlives_a_new_password(house: House) {
    let lobby = Lobby::open(house).await;
    lobby.verified(ADA).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.house.put_credential(ada, "passkey").await;
    let mut browser = lobby.browser();
    ask(&mut browser, ADA).await;
    let page = browser.open(&link(&lobby).await).await;
    set(&mut browser, &page, NEW, true).await;
    assert_eq!(lobby.house.credentials_of(ada, "passkey").await, 1);
    assert!(has_password(&lobby, NEW).await);
}

/// Where nobody had proven the address, all that was set up may be somebody else's, who waited for its owner.
#[both_databases]
async fn what_stood_before_the_address_was_proven_ends(house: House) {
    let lobby = Lobby::open(house).await;
    let mut squatter = lobby.adas_browser().await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    assert!(!ada.email_verified);
    lobby.house.put_credential(ada.id, "passkey").await;
    let mut owner = lobby.browser();
    ask(&mut owner, ADA).await;
    let page = owner.open(&link(&lobby).await).await;
    // Whatever the box says.
    set(&mut owner, &page, NEW, false).await;
    assert_eq!(squatter.open("/account").await.step(), "signin");
    assert_eq!(lobby.house.credentials_of(ada.id, "passkey").await, 0);
    assert!(has_password(&lobby, NEW).await && !has_password(&lobby, PASSWORD).await);
    assert!(lobby.node.find_user(ADA).await.unwrap().unwrap().email_verified);
}

#[both_databases]
async fn a_form_that_was_not_shown_here_asks_and_sets_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/recover").await;
    let foreign = lobby.browser().open("/recover").await.form("recover").hidden[0].1.clone();
    for csrf in ["", "x", &foreign] {
        let page = browser.press(&page, "recover", "recover", &[("csrf", csrf), ("email", ADA)]).await;
        assert_eq!((page.status.as_u16(), page.step()), (403, "recover"), "{csrf}");
    }
    let mut cross = browser.clone();
    cross.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(cross.press(&page, "recover", "recover", &[("email", ADA)]).await.status.as_u16(), 403);
    assert_eq!(lobby.node.mails_waiting().await.unwrap(), 0);
    assert_eq!(browser.press(&page, "recover", "recover", &[("email", "")]).await.status.as_u16(), 422);

    ask(&mut browser, ADA).await;
    let address = link(&lobby).await;
    let page = browser.open(&address).await;
    let fields = [("csrf", "x"), ("password", NEW)];
    assert_eq!(browser.press(&page, "new-password", "set", &fields).await.status.as_u16(), 403);
    let mut cross = browser.clone();
    cross.headers.insert("origin", "https://evil.example".parse().unwrap());
    assert_eq!(set(&mut cross, &page, NEW, true).await.status.as_u16(), 403);
    assert!(has_password(&lobby, PASSWORD).await);
    assert_eq!(browser.open(&address).await.step(), "new-password");
}

/// The five kinds of accounts that a form must not tell apart, by their addresses.
async fn kinds(lobby: &Lobby) -> [&'static str; 6] {
    let add = async |email: &str, email_verified, password: Option<&str>| {
        let password = password.map(|password| password.to_owned().into());
        let new = NewUser { email: email.to_owned(), email_verified, password, ..NewUser::default() };
        lobby.node.add_user(new).await.unwrap().id
    };
    add("known-one@example.com", true, Some(PASSWORD)).await;
    let disabled = add("disabled0@example.com", true, Some(PASSWORD)).await;
    lobby.node.set_user_disabled(disabled, Access::Disabled).await.unwrap();
    let passkey = add("passkey00@example.com", true, None).await;
    lobby.house.put_credential(passkey, "passkey").await;
    add("unproven0@example.com", false, Some(PASSWORD)).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    let fields = [("email", "pending00@example.com"), ("name", "Pending"), ("password", PASSWORD)];
    browser.press(&page, "signup", "signup", &fields).await;
    lobby.mails().await;
    let unknown = "unknown00@example.com";
    [
        "known-one@example.com",
        "disabled0@example.com",
        "passkey00@example.com",
        "unproven0@example.com",
        "pending00@example.com",
        unknown,
    ]
}

/// One answer and what it cost: status, headers, body, runs of Argon2, statements, queued mails.
type Seen = (u16, Vec<(String, String)>, String, u64, u64, u64);

async fn seen(lobby: &Lobby, email: &str, answer: impl Future<Output = Page>) -> Seen {
    let node = &lobby.node;
    let waiting = node.mails_waiting().await.unwrap();
    let (runs, statements) = (node.password_runs(), node.statements());
    let page = answer.await;
    let (runs, statements) = (node.password_runs() - runs, node.statements() - statements);
    let queued = node.mails_waiting().await.unwrap() - waiting;
    let headers = page.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (page.status.as_u16(), headers.collect(), page.text.replace(email, "EMAIL"), runs, statements, queued)
}

/// Neither by text, nor by status, nor by work: known, disabled, passkey-only, unverified, waiting and unknown are one.
#[both_databases]
async fn no_form_tells_whether_there_is_an_account(house: House) {
    let lobby = Lobby::open(house).await;
    let kinds = kinds(&lobby).await;
    let mut browser = lobby.browser();
    let (signin, signup, recover) =
        (browser.open("/signin").await, browser.open("/signup").await, browser.open("/recover").await);
    for (page, step, action, work) in [
        (&signin, "signin", "signin", (1, 0)),
        (&signup, "signup", "signup", (1, 1)),
        (&recover, "recover", "recover", (0, 1)),
        (&signin, "signin", "email-code", (0, 1)),
    ] {
        let mut all = Vec::new();
        for email in kinds {
            let fields = match step {
                "signin" => vec![("username", email), ("password", "not this one, certainly")],
                "signup" => vec![("email", email), ("name", "Somebody"), ("password", "not this one, certainly")],
                _ => vec![("email", email)],
            };
            all.push(seen(&lobby, email, browser.press(page, step, action, &fields)).await);
        }
        for (one, email) in all.iter().zip(kinds) {
            assert_eq!(one, &all[0], "{step}: {email}");
        }
        assert_eq!((all[0].3, all[0].5), work, "{action}: runs of Argon2 and mails");
        assert!(all[0].4 > 0);
    }
    // And the code of a mail that came, or did not.
    let mut all = Vec::new();
    for email in kinds {
        let mut browser = lobby.browser();
        let page = browser.open("/signin").await;
        let page = browser.press(&page, "signin", "email-code", &[("username", email)]).await;
        let (_, headers, text, runs, statements, mails) =
            seen(&lobby, email, browser.press(&page, "email-code", "verify", &[("code", "x")])).await;
        let hidden = page.form("email-code").hidden;
        let text = hidden.iter().fold(text, |text, (_, value)| text.replace(value, "HIDDEN"));
        all.push((headers, text, runs, statements, mails));
    }
    for (one, email) in all.iter().zip(kinds) {
        assert_eq!(one, &all[0], "a wrong code: {email}");
    }
    // What the mails say is for who has the mailbox.
    let letters = lobby.mails().await;
    let mut said: Vec<String> = letters.iter().map(|letter| format!("{} {:?}", letter.to, letter.mail)).collect();
    said.sort();
    assert_eq!(
        said,
        [
            "disabled0@example.com account-exists",
            "known-one@example.com account-exists",
            "known-one@example.com reset-password",
            "known-one@example.com sign-in",
            "known-one@example.com sign-in",
            "passkey00@example.com account-exists",
            "passkey00@example.com reset-password",
            "passkey00@example.com sign-in",
            "passkey00@example.com sign-in",
            "pending00@example.com confirm-account",
            "unknown00@example.com confirm-account",
            "unproven0@example.com account-exists",
            "unproven0@example.com reset-password",
        ]
    );
    assert!(!said.iter().any(|line| line.contains(GRACE)));
}
