//! What may be a password (NIST SP 800-63B-4 §3.1.1.2): long enough, not one that is tried first,
//! not the person's own names. Any character will do, and no rule asks for certain ones.

use std::num::NonZeroU32;

use oidc::Id;

use super::{Person, common};
use crate::passwords::{MAX_CHARS, normalised};
use crate::settings::PasswordSettings;
use crate::{Context, Fault};

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
    /// Known to have been stolen elsewhere.
    #[error("this password was stolen elsewhere")]
    Breached,
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

/// Who chose it, and what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// The person, for whom it is the only factor: all rules hold.
    Alone,
    /// A person who is asked for a second factor beside it: the shorter one will do.
    WithFactor,
    /// An administrator, who may have reasons: only the length counts, and the shorter one will do.
    Administrator,
}

impl Context {
    /// The fewest characters of a password that somebody chooses. They count as people count them; each code point is one.
    pub fn password_min(&self) -> usize {
        usize::try_from(self.settings.passwords.min_length.get()).unwrap_or(MAX_CHARS)
    }

    /// The same for somebody who has an account: fewer will do where a second factor is asked for beside it.
    pub async fn password_min_of(&self, user: Id) -> Result<usize, Fault> {
        let chosen = self.chosen_by(user).await?;
        Ok(usize::try_from(fewest(chosen, &self.settings.passwords).get()).unwrap_or(MAX_CHARS))
    }

    /// How this person chooses: what they have beside the password decides.
    pub(super) async fn chosen_by(&self, user: Id) -> Result<Chosen, Fault> {
        // `Factors::asks_second`, without a look at all that they have.
        Ok(match self.totp_since(user).await? {
            Some(_) => Chosen::WithFactor,
            None => Chosen::Alone,
        })
    }

    /// Whether `password` will do for this person. Others are asked last, and only of what would do without them.
    pub(super) async fn check_new_password(
        &self,
        password: &str,
        person: &Person,
        chosen: Chosen,
    ) -> Result<(), PasswordRefused> {
        check(password, person, chosen, &self.settings.passwords)?;
        if chosen != Chosen::Administrator && self.is_breached(password).await {
            return Err(PasswordRefused::Breached);
        }
        Ok(())
    }

    /// Whether this password is too short to stand alone.
    pub(super) fn needs_factor(&self, password: &str) -> bool {
        normalised(password).chars().take(MAX_CHARS).count() < self.password_min()
    }
}

fn fewest(chosen: Chosen, settings: &PasswordSettings) -> NonZeroU32 {
    match chosen {
        Chosen::Alone => settings.min_length,
        Chosen::WithFactor | Chosen::Administrator => settings.min_length.min(settings.min_length_with_factor),
    }
}

fn check(password: &str, person: &Person, chosen: Chosen, settings: &PasswordSettings) -> Result<(), PasswordRefused> {
    let password = normalised(password);
    let min = usize::try_from(fewest(chosen, settings).get()).unwrap_or(MAX_CHARS);
    match password.chars().take(MAX_CHARS + 1).count() {
        length if length < min => return Err(PasswordRefused::TooShort { min }),
        length if length > MAX_CHARS => return Err(PasswordRefused::TooLong),
        _ => {}
    }
    if chosen == Chosen::Administrator {
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
