use std::num::{NonZeroU32, NonZeroUsize};

use super::*;
use crate::random::SystemRandomness;

const PASSWORD: &str = "correct horse";

fn settings() -> PasswordSettings {
    PasswordSettings {
        memory_kib: NonZeroU32::new(64).unwrap(),
        threads: NonZeroUsize::MIN,
        queue: NonZeroUsize::new(4).unwrap(),
        ..PasswordSettings::default()
    }
}

#[tokio::test]
async fn the_password_is_right_and_another_wrong() {
    let passwords = Passwords::start(&settings()).unwrap();
    let stored = passwords.hash(&SystemRandomness, PASSWORD).await.unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{stored}");
    assert_eq!(passwords.verify(PASSWORD, Some(&stored)).await, Ok(Verdict::Right));
    assert_eq!(passwords.verify("correct horsf", Some(&stored)).await, Ok(Verdict::Wrong));
    assert_ne!(passwords.hash(&SystemRandomness, PASSWORD).await.unwrap(), stored);
}

/// The reference implementation's known answer (`test.c` of the RFC 9106 authors): password, somesalt, t=2, m=2^16.
#[tokio::test]
async fn a_hash_of_the_reference_implementation_is_understood() {
    let stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let passwords = Passwords::start(&settings()).unwrap();
    assert_eq!(passwords.verify("password", Some(stored)).await, Ok(Verdict::RightButOutdated));
    assert_eq!(passwords.verify("passwore", Some(stored)).await, Ok(Verdict::Wrong));
}

#[tokio::test]
async fn other_parameters_ask_for_a_rehash() {
    let old = Passwords::start(&settings()).unwrap();
    let new = Passwords::start(&PasswordSettings { passes: NonZeroU32::new(3).unwrap(), ..settings() }).unwrap();
    let stored = old.hash(&SystemRandomness, PASSWORD).await.unwrap();
    assert_eq!(new.verify(PASSWORD, Some(&stored)).await, Ok(Verdict::RightButOutdated));
    assert_eq!(new.verify("correct horsf", Some(&stored)).await, Ok(Verdict::Wrong));
}

#[tokio::test]
async fn everybody_costs_one_run() {
    let passwords = Passwords::start(&settings()).unwrap();
    let stored = passwords.hash(&SystemRandomness, PASSWORD).await.unwrap();
    let endless = "x".repeat(5000);
    for (typed, stored, expected) in [
        (PASSWORD, Some(stored.as_str()), Verdict::Right),
        ("wrong", Some(&stored), Verdict::Wrong),
        (PASSWORD, None, Verdict::Wrong),
        (&endless, Some(&stored), Verdict::Wrong),
    ] {
        let before = passwords.runs();
        assert_eq!(passwords.verify(typed, stored).await, Ok(expected));
        assert_eq!(passwords.runs() - before, 1, "{expected:?}");
    }
}

/// Even whoever knows what is hashed for nobody is nobody.
#[tokio::test]
async fn nobody_has_no_password() {
    let passwords = Passwords::start(&settings()).unwrap();
    for typed in ["", PASSWORD, "nobody has this password"] {
        assert_eq!(passwords.verify(typed, None).await, Ok(Verdict::Wrong), "{typed}");
    }
}

#[tokio::test]
async fn a_new_password_has_8_to_256_characters() {
    let passwords = Passwords::start(&settings()).unwrap();
    for (password, expected) in [
        ("ü".repeat(7), Err(PasswordError::TooShort)),
        ("ü".repeat(8), Ok(())),
        ("😀".repeat(256), Ok(())),
        ("x".repeat(257), Err(PasswordError::TooLong)),
    ] {
        let hashed = passwords.hash(&SystemRandomness, &password).await;
        assert_eq!(hashed.as_ref().map(|_| ()).map_err(|error| *error), expected, "{password}");
        if let Ok(stored) = hashed {
            assert_eq!(passwords.verify(&password, Some(&stored)).await, Ok(Verdict::Right));
        }
    }
}

#[tokio::test]
async fn a_row_that_is_no_hash_is_an_error_of_its_own() {
    let passwords = Passwords::start(&settings()).unwrap();
    assert_eq!(passwords.verify(PASSWORD, Some("plain")).await, Err(PasswordError::Corrupt));
}

/// One thread and room for four: how many are refused is the scheduler's, but who is refused costs no run, and
/// afterwards all is well again.
#[tokio::test]
async fn a_storm_passes_and_who_is_refused_costs_nothing() {
    let costly = PasswordSettings { memory_kib: NonZeroU32::new(4096).unwrap(), ..settings() };
    let passwords = Passwords::start(&costly).unwrap();
    let passwords = std::sync::Arc::new(passwords);
    let storm: Vec<_> = (0..32)
        .map(|_| {
            let passwords = std::sync::Arc::clone(&passwords);
            tokio::spawn(async move { passwords.verify(PASSWORD, None).await })
        })
        .collect();
    let mut refused = 0;
    for one in storm {
        match one.await.unwrap() {
            Ok(verdict) => assert_eq!(verdict, Verdict::Wrong),
            Err(error) => {
                assert_eq!(error, PasswordError::Busy);
                refused += 1;
            }
        }
    }
    assert!(refused <= 28, "{refused} refused");
    assert_eq!(passwords.runs(), 32 - refused);
    assert_eq!(passwords.verify(PASSWORD, None).await, Ok(Verdict::Wrong));
}

/// RFC 8265 §4.2: the same letters, composed or not, and the same blank.
#[tokio::test]
async fn a_password_is_the_same_on_every_keyboard() {
    let passwords = Passwords::start(&settings()).unwrap();
    let stored = passwords.hash(&SystemRandomness, "z\u{e9}lie \u{c5}ngstr\u{f6}m").await.unwrap();
    for typed in ["ze\u{301}lie A\u{30a}ngstro\u{308}m", "z\u{e9}lie\u{a0}\u{212b}ngstr\u{f6}m"] {
        assert_eq!(passwords.verify(typed, Some(&stored)).await, Ok(Verdict::Right), "{typed}");
    }
    // Width and case are the person's own.
    for typed in ["Z\u{e9}lie \u{c5}ngstr\u{f6}m", "\u{ff5a}\u{e9}lie \u{c5}ngstr\u{f6}m"] {
        assert_eq!(passwords.verify(typed, Some(&stored)).await, Ok(Verdict::Wrong), "{typed}");
    }
}
