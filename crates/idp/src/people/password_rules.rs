//! What may be a password (NIST SP 800-63B-4 §3.1.1.2): long enough, not one that is tried first,
//! not the person's own names. Any character will do, and no rule asks for certain ones.

use super::{Person, common};
use crate::Context;
use crate::passwords::{MAX_CHARS, normalised};
use crate::settings::PasswordSettings;

/// Why a password will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Too few characters.
    #[error("a password has at least {min} characters")]
    TooShort {
        /// The fewest that will do.
        min: usize,
    },
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
    /// An administrator, who may have reasons: only the length counts, and the shorter one will do.
    ByAdministrator,
}

impl Context {
    /// The fewest characters of a password that somebody chooses. They count as people count them; each code point is one.
    pub fn password_min(&self) -> usize {
        usize::try_from(self.settings.passwords.min_length.get()).unwrap_or(MAX_CHARS)
    }

    /// Whether `password` will do for this person.
    pub(super) fn check_new_password(
        &self,
        password: &str,
        person: &Person,
        chosen: Chosen,
    ) -> Result<(), PasswordRefused> {
        check(password, person, chosen, &self.settings.passwords)
    }
}

fn check(password: &str, person: &Person, chosen: Chosen, settings: &PasswordSettings) -> Result<(), PasswordRefused> {
    let password = normalised(password);
    let min = match chosen {
        Chosen::ByPerson => settings.min_length,
        Chosen::ByAdministrator => settings.min_length.min(settings.min_length_with_factor),
    };
    let min = usize::try_from(min.get()).unwrap_or(MAX_CHARS);
    match password.chars().take(MAX_CHARS + 1).count() {
        length if length < min => return Err(PasswordRefused::TooShort { min }),
        length if length > MAX_CHARS => return Err(PasswordRefused::TooLong),
        _ => {}
    }
    if chosen == Chosen::ByAdministrator {
        return Ok(());
    }
    if common::is_common(&password) {
        return Err(PasswordRefused::Common);
    }
    match rest(password.to_lowercase(), person).chars().count() {
        0..OTHERS => Err(PasswordRefused::Personal),
        _ => Ok(()),
    }
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

/// So many characters at least are none of the person's names.
const OTHERS: usize = 8;
