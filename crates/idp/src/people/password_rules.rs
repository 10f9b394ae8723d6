//! What may be a password (NIST SP 800-63B §5.1.1.2): long enough, not one that is tried first, not the person's
//! own names. No rule asks for certain characters.

use super::Person;
use crate::passwords::{MAX_CHARS, MIN_CHARS};

/// Why a password will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Too few characters.
    #[error("a password has at least {MIN_CHARS} characters")]
    TooShort,
    /// Too many characters.
    #[error("a password has at most {MAX_CHARS} characters")]
    TooLong,
    /// One of those that are tried first.
    #[error("this password is one of the first that are tried")]
    Common,
    /// Too little is left of it without the person's names.
    #[error("this password is made of the person's own names")]
    Personal,
    /// The one they have.
    #[error("this is the password they have now")]
    Unchanged,
}

/// Who chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// The person: all rules hold.
    ByPerson,
    /// An administrator, who may have reasons: only the length counts.
    ByAdministrator,
}

/// Whether `password` will do for this person.
pub(super) fn check(password: &str, person: &Person, chosen: Chosen) -> Result<(), PasswordRefused> {
    match password.chars().take(MAX_CHARS + 1).count() {
        0..MIN_CHARS => return Err(PasswordRefused::TooShort),
        MIN_CHARS..=MAX_CHARS => {}
        _ => return Err(PasswordRefused::TooLong),
    }
    if chosen == Chosen::ByAdministrator {
        return Ok(());
    }
    let lower = password.to_lowercase();
    if is_common(&lower) {
        return Err(PasswordRefused::Common);
    }
    match rest(lower, person).chars().count() {
        0..MIN_CHARS => Err(PasswordRefused::Personal),
        _ => Ok(()),
    }
}

fn is_common(lower: &str) -> bool {
    let mut chars = lower.chars();
    let first = chars.next();
    let same = chars.clone().all(|c| Some(c) == first);
    // One keyboard walk, once or over and over: 12345678, abcdabcd.
    let walk = WALKS.iter().any(|walk| {
        let backward: String = walk.chars().rev().collect();
        walk.contains(lower) || backward.contains(lower)
    });
    let stem = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '!');
    same || walk || COMMON.contains(&stem) || COMMON.contains(&lower)
}

/// What is left of the password without the names of whose it is.
fn rest(lower: String, person: &Person) -> String {
    let email = person.email.as_deref().map(str::to_lowercase).unwrap_or_default();
    let name = person.name.as_deref().map(str::to_lowercase).unwrap_or_default();
    let mut own = vec![email.clone(), person.username.as_deref().map(str::to_lowercase).unwrap_or_default()];
    own.extend(email.split('@').next().map(str::to_owned));
    own.extend(name.split_whitespace().map(str::to_owned));
    own.retain(|text| text.chars().count() >= 3);
    own.sort_by_key(|text| std::cmp::Reverse(text.len()));
    own.iter().fold(lower, |rest, text| rest.replace(text.as_str(), ""))
}

const WALKS: &[&str] = &[
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
];

/// Before any digits at the end.
const COMMON: &[&str] = &[
    "admin",
    "administrator",
    "asdf",
    "asdfasdf",
    "baseball",
    "basketball",
    "changeme",
    "computer",
    "default",
    "football",
    "iloveyou",
    "internet",
    "letmein",
    "liverpool",
    "login",
    "master",
    "michelle",
    "monkey",
    "p@ssw0rd",
    "p@ssword",
    "pa$$w0rd",
    "pa$$word",
    "passw0rd",
    "password",
    "passwort",
    "princess",
    "qwer",
    "qwert",
    "qwerty",
    "qwertz",
    "samsung",
    "starwars",
    "sunshine",
    "superman",
    "test",
    "trustno1",
    "welcome",
    "whatever",
    "abc",
    "abcd",
    "a1b2c3d4",
    "abc123abc",
    "q1w2e3r4",
    "1234qwer",
    "12341234",
    "11223344",
    "87654321",
    "123123123",
    "147258369",
    "12344321",
    "11112222",
    "password1password",
];
