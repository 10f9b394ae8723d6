//! What can be wrong with what somebody typed, in words that say what to do.

use oidc::picture;
use oidc::profile::Field;

use crate::look::Locale;

/// A fault to show at a field or above a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The field is empty.
    Missing,
    /// Nobody is named to whom a code could be sent.
    NameFirst,
    /// Username and password do not go together; which was wrong is not said.
    WrongCredentials,
    /// The current password is not the right one.
    WrongPassword,
    /// Too many attempts; some time must pass.
    TooManyAttempts {
        /// How much, in seconds.
        seconds: u64,
    },
    /// Too much to do just now; the same again in a moment will work.
    Busy,
    /// The form lay open for too long, or was sent from elsewhere.
    Stale,
    /// Not an e-mail address.
    EmailInvalid,
    /// There is an account with this e-mail address already.
    EmailTaken,
    /// The new address is the one there is.
    EmailUnchanged,
    /// The name is too long, or holds characters that names do not have.
    NameInvalid,
    /// The password is shorter than `min` characters.
    PasswordTooShort {
        /// The least number of characters.
        min: usize,
    },
    /// The password is longer than `max` characters.
    PasswordTooLong {
        /// The greatest number of characters.
        max: usize,
    },
    /// The password is one of those that are tried first.
    PasswordCommon,
    /// The password holds the e-mail address or the name.
    PasswordPersonal,
    /// The password is known to have been stolen elsewhere.
    PasswordBreached,
    /// The password is too short to stand without the factor that was to be removed.
    PasswordLeans {
        /// The least number of characters of one that stands alone.
        min: usize,
    },
    /// The new password is the current one.
    PasswordUnchanged,
    /// A passkey that is not known here, or not of this person.
    Passkey,
    /// A passkey could not be made.
    NewPasskey,
    /// A passkey of a model that is not let in.
    PasskeyModel,
    /// Not the code of the authenticator app now, or used already.
    WrongCode,
    /// Not the code of the mail, or it is too old.
    WrongMailCode,
    /// None of the recovery codes that are left.
    WrongRecoveryCode,
    /// No device waits with this code.
    WrongUserCode,
    /// The picture will not do.
    Picture(picture::Unfit),
    /// What was typed is none of what this part of a profile may hold.
    Unfit(Field),
}

impl Problem {
    /// The sentence to show.
    pub fn say(self, locale: Locale) -> String {
        match self {
            Self::PasswordTooShort { min } => locale.count("problem-password-short", "min", min),
            Self::PasswordTooLong { max } => locale.count("problem-password-long", "max", max),
            Self::PasswordLeans { min } => locale.count("problem-password-leans", "min", min),
            Self::PasswordBreached => locale.say("problem-password-breached"),
            Self::Missing => locale.say("problem-missing"),
            Self::NameFirst => locale.say("problem-name-first"),
            Self::WrongCredentials => locale.say("problem-credentials"),
            Self::WrongPassword => locale.say("problem-password-wrong"),
            Self::TooManyAttempts { seconds } => too_many(locale, seconds),
            Self::Busy => locale.say("problem-busy"),
            Self::Stale => locale.say("problem-stale"),
            Self::EmailInvalid => locale.say("problem-email"),
            Self::EmailUnchanged => locale.say("problem-email-unchanged"),
            Self::EmailTaken => locale.say("problem-email-taken"),
            Self::NameInvalid => locale.say("problem-name"),
            Self::PasswordCommon => locale.say("problem-password-common"),
            Self::PasswordPersonal => locale.say("problem-password-personal"),
            Self::Passkey => locale.say("problem-passkey"),
            Self::NewPasskey => locale.say("problem-passkey-new"),
            Self::PasskeyModel => locale.say("problem-passkey-model"),
            Self::WrongCode => locale.say("problem-code"),
            Self::WrongMailCode => locale.say("problem-mail-code"),
            Self::WrongUserCode => locale.say("problem-user-code"),
            Self::WrongRecoveryCode => locale.say("problem-recovery-code"),
            Self::Unfit(field) => unfit(locale, field),
            Self::Picture(picture::Unfit::TooLarge) => locale.say("problem-picture-large"),
            Self::Picture(picture::Unfit::Dimensions) => locale.say("problem-picture-wide"),
            Self::Picture(picture::Unfit::Unknown) => locale.say("problem-picture"),
            Self::PasswordUnchanged => locale.say("problem-password-unchanged"),
        }
    }

    /// Whether it concerns the form as a whole and not what stands in a field.
    pub(super) fn is_general(self) -> bool {
        matches!(
            self,
            Self::NameFirst
                | Self::TooManyAttempts { .. }
                | Self::Busy
                | Self::Stale
                | Self::Passkey
                | Self::NewPasskey
                | Self::PasskeyModel
        )
    }
}

fn unfit(locale: Locale, field: Field) -> String {
    match field {
        Field::GivenName | Field::FamilyName | Field::Nickname => locale.say("problem-name"),
        Field::Birthdate => locale.say("problem-birthdate"),
        Field::Website => locale.say("problem-website"),
        Field::Zoneinfo => locale.say("problem-zoneinfo"),
        Field::Locale => locale.say("problem-language"),
        Field::Address => locale.say("problem-address"),
        Field::PhoneNumber => locale.say("problem-phone"),
    }
}

/// In minutes, or in hours where that is long.
fn too_many(locale: Locale, seconds: u64) -> String {
    let minutes = usize::try_from(seconds.div_ceil(60)).unwrap_or(usize::MAX);
    match minutes {
        ..=90 => locale.count("problem-attempts", "minutes", minutes),
        _ => locale.count("problem-attempts-long", "hours", minutes.div_ceil(60)),
    }
}
