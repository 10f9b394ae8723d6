//! What was proven, and what it amounts to: methods (RFC 8176), levels, and the names that the levels have (`acr`).

mod contexts;

use serde::{Deserialize, Serialize};

use crate::Time;
pub use contexts::{Contexts, ContextsError};

/// How a person proved themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A password.
    Password,
    /// A code or link that was sent by mail.
    Mail,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// One of the codes that were written down.
    RecoveryCode,
    /// A passkey that may be copied between devices, with user verification.
    SyncedPasskey,
    /// A passkey that stays in its device, with user verification.
    DevicePasskey,
}

impl Method {
    /// All of them, the weakest first.
    pub const ALL: &[Self] =
        &[Self::Password, Self::Mail, Self::Totp, Self::RecoveryCode, Self::SyncedPasskey, Self::DevicePasskey];

    /// Whether it can begin a sign-in. A mail does where a password does, since it can set one: the two together are one
    /// factor.
    pub fn is_first(self) -> bool {
        matches!(self, Self::Password | Self::Mail) || self.is_passkey()
    }

    /// Whether it is a factor beside the first. A passkey is both: the device is held, and its owner was verified.
    pub fn is_second(self) -> bool {
        matches!(self, Self::Totp | Self::RecoveryCode) || self.is_passkey()
    }

    /// Whether it is a passkey.
    pub fn is_passkey(self) -> bool {
        matches!(self, Self::SyncedPasskey | Self::DevicePasskey)
    }

    /// The names that RFC 8176 §2 has for it.
    pub fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Password => &["pwd"],
            Self::Mail | Self::Totp | Self::RecoveryCode => &["otp"],
            Self::SyncedPasskey => &["swk", "user"],
            Self::DevicePasskey => &["hwk", "user"],
        }
    }
}

/// What was proven, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// How.
    pub method: Method,
    /// When.
    pub at: Time,
}

/// What proofs amount to: each level holds all that those below it ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// One factor.
    SingleFactor,
    /// Two different factors.
    MultiFactor,
    /// A key that answers to the origin that asks and to nobody else (OpenID EAP ACR Values §2 `phr`).
    PhishingResistant,
    /// The same, and the key stays in its device (`phrh`).
    HardwareProtected,
}

impl Level {
    /// All of them, the least first.
    pub const ALL: [Self; 4] =
        [Self::SingleFactor, Self::MultiFactor, Self::PhishingResistant, Self::HardwareProtected];

    /// Its name in settings and registrations.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleFactor => "single-factor",
            Self::MultiFactor => "multi-factor",
            Self::PhishingResistant => "phishing-resistant",
            Self::HardwareProtected => "hardware-protected",
        }
    }

    /// The level of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// A level that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Which.
    pub level: Level,
    /// When the oldest of the proofs it rests on was given.
    pub at: Time,
    /// The methods it rests on.
    pub methods: Vec<Method>,
}

impl Reached {
    /// RFC 8176's names for it, `mfa` among them where it is more than one factor.
    pub fn amr(&self) -> Vec<String> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.methods.iter().flat_map(|method| method.amr()) {
            if !names.contains(name) {
                names.push(name);
            }
        }
        if self.level >= Level::MultiFactor {
            names.push("mfa");
        }
        names.into_iter().map(str::to_owned).collect()
    }
}

/// The names (RFC 8176 §2) with those of a key in hardware, `hwk`, that its person had to unlock, `user`. By what they did
/// so, nobody says, so that it is none of `fpt`, `face` and `pin`; and it was no sign-in, so that no level rises.
pub fn with_unlocking(mut amr: Vec<String>) -> Vec<String> {
    for name in Method::DevicePasskey.amr() {
        if !amr.iter().any(|known| known == name) {
            amr.push((*name).to_owned());
        }
    }
    amr
}

/// The highest level that these proofs reach.
pub fn reached(proofs: &[Proof]) -> Option<Reached> {
    let newest = |fits: fn(Method) -> bool| {
        proofs.iter().filter(|proof| fits(proof.method)).max_by_key(|proof| proof.at).copied()
    };
    let by = |level, proofs: &[Proof]| Reached {
        level,
        at: proofs.iter().map(|proof| proof.at).min().unwrap_or(Time::from_millis(0)),
        methods: proofs.iter().map(|proof| proof.method).collect(),
    };
    if let Some(proof) = newest(|method| method == Method::DevicePasskey) {
        return Some(by(Level::HardwareProtected, &[proof]));
    }
    if let Some(proof) = newest(Method::is_passkey) {
        return Some(by(Level::PhishingResistant, &[proof]));
    }
    match (newest(Method::is_first), newest(Method::is_second)) {
        (Some(first), Some(second)) => Some(by(Level::MultiFactor, &[first, second])),
        (Some(one), None) | (None, Some(one)) => Some(by(Level::SingleFactor, &[one])),
        (None, None) => None,
    }
}

/// `proofs` with `new` in them: of each method the newest.
#[must_use]
pub fn merged(proofs: &[Proof], new: &[Proof]) -> Vec<Proof> {
    let mut all: Vec<Proof> = Vec::new();
    for proof in proofs.iter().chain(new) {
        match all.iter_mut().find(|known| known.method == proof.method) {
            Some(known) => known.at = known.at.max(proof.at),
            None => all.push(*proof),
        }
    }
    all
}

/// What a person could prove themselves with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors(pub Vec<Method>);

impl Factors {
    /// Whether they have this one.
    pub fn has(&self, method: Method) -> bool {
        self.0.contains(&method)
    }

    /// The highest level that all of them together reach.
    pub fn highest(&self) -> Option<Level> {
        let proofs = self.0.iter().map(|method| Proof { method: *method, at: Time::from_millis(0) });
        reached(&proofs.collect::<Vec<_>>()).map(|reached| reached.level)
    }

    /// Whether an authenticator app is set up: who has one is asked for its code after the password.
    pub fn asks_second(&self) -> bool {
        self.has(Method::Totp)
    }

    /// What brings somebody who has given `proofs` to `level`, one at a time: the methods of the next page. Empty where
    /// they have none that does.
    pub fn towards(&self, level: Level, proofs: &[Proof]) -> Vec<Method> {
        let has = |fits: fn(Method) -> bool| self.0.iter().copied().filter(|method| fits(*method)).collect::<Vec<_>>();
        match level {
            Level::HardwareProtected => has(|method| method == Method::DevicePasskey),
            Level::PhishingResistant => has(Method::is_passkey),
            Level::MultiFactor if proofs.iter().any(|proof| proof.method.is_first()) => has(Method::is_second),
            // A second factor is asked for after the first, so that nobody learns from a page what somebody has.
            Level::MultiFactor if self.0.iter().any(|method| method.is_second()) => has(Method::is_first),
            Level::MultiFactor => Vec::new(),
            Level::SingleFactor => has(Method::is_first),
        }
    }
}

/// What is asked of everybody who comes this way, whatever the request says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The least level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// How old the proofs may be, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
}

impl Policy {
    /// What asks all that both ask.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let max_age = match (self.max_age, other.max_age) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Self { level: self.level.max(other.level), max_age }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(method: Method, at: i64) -> Proof {
        Proof { method, at: Time::from_seconds(at) }
    }

    #[test]
    fn what_proofs_amount_to() {
        use Level::{HardwareProtected, MultiFactor, PhishingResistant, SingleFactor};
        use Method::{DevicePasskey, Mail, Password, RecoveryCode, SyncedPasskey, Totp};
        for (proofs, level, at, amr) in [
            (vec![proof(Password, 1)], SingleFactor, 1, "pwd"),
            // Whoever reads the mails can set a password: one factor.
            (vec![proof(Password, 1), proof(Mail, 5)], SingleFactor, 5, "otp"),
            (vec![proof(Totp, 2)], SingleFactor, 2, "otp"),
            (vec![proof(Password, 1), proof(Totp, 5)], MultiFactor, 1, "pwd otp mfa"),
            (vec![proof(Mail, 7), proof(Totp, 5)], MultiFactor, 5, "otp mfa"),
            (vec![proof(Password, 3), proof(RecoveryCode, 2), proof(Totp, 1)], MultiFactor, 2, "pwd otp mfa"),
            (vec![proof(Password, 9), proof(SyncedPasskey, 4)], PhishingResistant, 4, "swk user mfa"),
            (vec![proof(DevicePasskey, 3), proof(SyncedPasskey, 4)], HardwareProtected, 3, "hwk user mfa"),
        ] {
            let reached = reached(&proofs).expect("a level");
            assert_eq!((reached.level, reached.at), (level, Time::from_seconds(at)), "{proofs:?}");
            assert_eq!(reached.amr().join(" "), amr, "{proofs:?}");
        }
        assert_eq!(reached(&[]), None);
    }

    #[test]
    fn an_unlocked_key_adds_what_is_true_and_no_level() {
        let named = |names: &str| names.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(with_unlocking(named("pwd")), named("pwd hwk user"));
        assert_eq!(with_unlocking(named("swk user mfa")), named("swk user mfa hwk"));
        assert_eq!(with_unlocking(named("hwk user mfa")), named("hwk user mfa"));
    }

    #[test]
    fn of_each_method_the_newest_counts() {
        let all = merged(&[proof(Method::Password, 5), proof(Method::Totp, 1)], &[proof(Method::Password, 3)]);
        assert_eq!(all, [proof(Method::Password, 5), proof(Method::Totp, 1)]);
    }

    #[test]
    fn what_leads_to_a_level() {
        use Method::{DevicePasskey, Password, RecoveryCode, SyncedPasskey, Totp};
        let all = Factors(vec![Password, Totp, RecoveryCode, SyncedPasskey, DevicePasskey]);
        let first = [proof(Password, 1)];
        assert_eq!(all.towards(Level::SingleFactor, &[]), [Password, SyncedPasskey, DevicePasskey]);
        assert_eq!(all.towards(Level::MultiFactor, &[]), [Password, SyncedPasskey, DevicePasskey]);
        assert_eq!(all.towards(Level::MultiFactor, &first), [Totp, RecoveryCode, SyncedPasskey, DevicePasskey]);
        assert_eq!(all.towards(Level::PhishingResistant, &first), [SyncedPasskey, DevicePasskey]);
        assert_eq!(all.towards(Level::HardwareProtected, &first), [DevicePasskey]);
        let few = Factors(vec![Password]);
        for level in [Level::MultiFactor, Level::PhishingResistant, Level::HardwareProtected] {
            assert!(few.towards(level, &first).is_empty(), "{level:?}");
            assert!(few.towards(level, &[]).is_empty(), "{level:?}");
        }
    }

    #[test]
    fn a_levels_name_is_that_of_registrations() {
        for level in Level::ALL {
            assert_eq!(serde_json::to_value(level).expect("a text"), level.as_str());
            assert_eq!(Level::of_name(level.as_str()), Some(level));
        }
        assert_eq!(Level::of_name("golden"), None);
    }

    #[test]
    fn policies_add_up() {
        let one = Policy { level: Some(Level::MultiFactor), max_age: None };
        let other = Policy { level: Some(Level::SingleFactor), max_age: Some(900) };
        assert_eq!(one.and(other), Policy { level: Some(Level::MultiFactor), max_age: Some(900) });
        assert_eq!(Policy { max_age: Some(60), ..one }.and(other).max_age, Some(60));
    }
}
