//! The settings of an issuer, typed and complete: the composition root fills them, nothing here reads a file.

mod attestation;
mod throttle;

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use oidc::assurance::Contexts;
use oidc::details::DetailTypes;
use oidc::hub::ContinuePage;
use oidc::site::Site;

pub use attestation::{Attestation, KeyAttestation, PasskeySettings};
pub use throttle::ThrottleSettings;

/// What an administrator may choose. The defaults are those of the documented configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What apps may ask for beside scopes (RFC 9396).
    pub detail_types: DetailTypes,
    /// Lifetimes of codes and tokens.
    pub tokens: TokenSettings,
    /// The single-sign-on session.
    pub session: SessionSettings,
    /// Who may make an account.
    pub signup: SignupMode,
    /// What becomes of accounts.
    pub accounts: AccountSettings,
    /// How they prove their address.
    pub signup_verify: AddressProof,
    /// Whether people may sign in by a code or link that is mailed to them.
    pub mail_sign_in: MailSignIn,
    /// What a password hash costs.
    pub passwords: PasswordSettings,
    /// Signing keys.
    pub keys: KeySettings,
    /// The audit trail.
    pub audit: AuditSettings,
    /// Limits on tries.
    pub throttle: ThrottleSettings,
    /// The names of the levels of assurance (`acr`).
    pub contexts: Contexts,
    /// Passkeys.
    pub passkeys: PasskeySettings,
    /// What is asked of the keys that apps keep in phones.
    pub device_key_attestation: KeyAttestation,
}

/// Lifetimes of codes and tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSettings {
    /// Of an access token.
    pub access_token_lifetime: Duration,
    /// Of an ID token.
    pub id_token_lifetime: Duration,
    /// Of an authorization code; RFC 6749 §4.1.2 recommends ten minutes at most.
    pub code_lifetime: Duration,
    /// How long the codes of a device without a keyboard count (RFC 8628 §3.2).
    pub device_code_lifetime: Duration,
    /// How long a refresh token may lie unused.
    pub refresh_idle_lifetime: Duration,
    /// How long a family of refresh tokens lives, however often it is used.
    pub refresh_lifetime: Duration,
    /// How long the refresh token before the current one gets its successor again.
    pub refresh_repeat_window: Duration,
    /// What is asked of DPoP proofs.
    pub dpop_nonce: DpopNonce,
}

/// Whether DPoP proofs must carry a nonce of ours (RFC 9449 §8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DpopNonce {
    /// One that carries none counts while it is a minute old at most; whose clock is wrong is given a nonce.
    #[default]
    Accepted,
    /// They must.
    Required,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            access_token_lifetime: Duration::from_secs(5 * 60),
            id_token_lifetime: Duration::from_secs(5 * 60),
            code_lifetime: Duration::from_secs(60),
            device_code_lifetime: Duration::from_secs(10 * 60),
            refresh_idle_lifetime: 30 * DAY,
            refresh_lifetime: 365 * DAY,
            refresh_repeat_window: Duration::from_secs(10),
            dpop_nonce: DpopNonce::default(),
        }
    }
}

/// The single-sign-on session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSettings {
    /// How long a session lives, however often it is used.
    pub lifetime: Duration,
    /// How long it may lie unused.
    pub idle_lifetime: Duration,
    /// The domain whose plain websites sign in through `/forward-auth`, with its leading dot.
    pub site_domain: Option<String>,
    /// Those of them that the configuration names.
    pub sites: Vec<Site>,
    /// When «Continue as …» is asked.
    pub continue_page: ContinuePage,
    /// For how long no second factor is asked on a device that its person wants remembered.
    pub remember_device: Duration,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            lifetime: 30 * DAY,
            idle_lifetime: 7 * DAY,
            site_domain: None,
            sites: Vec::new(),
            continue_page: ContinuePage::default(),
            remember_device: 30 * DAY,
        }
    }
}

/// What becomes of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    /// How long an account that its person deleted waits for them to come back.
    pub delete_after: Duration,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self { delete_after: 14 * DAY }
    }
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignupMode {
    /// Everybody.
    #[default]
    Open,
    /// Whoever has an invitation.
    Invite,
    /// Nobody.
    Closed,
}

/// How the address of a new account is proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressProof {
    /// By a mail, without which there is no account.
    #[default]
    ByMail,
    /// Not at all: the account is there at once.
    Never,
}

/// Whether people may sign in by a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailSignIn {
    /// Whoever has proven their address may.
    #[default]
    Offered,
    /// Nobody may.
    Off,
}

/// What a password hash costs (Argon2id, RFC 9106), how many are computed at once, and how long a password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordSettings {
    /// `m`, in KiB.
    pub memory_kib: NonZeroU32,
    /// `t`.
    pub passes: NonZeroU32,
    /// `p`.
    pub lanes: NonZeroU32,
    /// How many are computed at once: the pool takes this many times `memory_kib`.
    pub threads: NonZeroUsize,
    /// How many may wait; more are refused at once.
    pub queue: NonZeroUsize,
    /// The fewest characters where the password is the only factor.
    pub min_length: NonZeroU32,
    /// The fewest where a second factor is asked for beside it, and of one that an administrator sets.
    pub min_length_with_factor: NonZeroU32,
    /// Where to ask whether a password was stolen elsewhere; nobody is asked where it is absent.
    pub breached_url: Option<String>,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        Self {
            memory_kib: const { NonZeroU32::new(19 * 1024).expect("not zero") },
            passes: const { NonZeroU32::new(2).expect("not zero") },
            lanes: NonZeroU32::MIN,
            threads: const { NonZeroUsize::new(2).expect("not zero") },
            queue: const { NonZeroUsize::new(128).expect("not zero") },
            min_length: const { NonZeroU32::new(15).expect("not zero") },
            min_length_with_factor: const { NonZeroU32::new(8).expect("not zero") },
            breached_url: None,
        }
    }
}

/// Signing keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySettings {
    /// How long a key signs before the next takes over.
    pub rotation_interval: Duration,
    /// How long others may cache the key set: a key is published this long before it signs.
    pub jwks_cache_lifetime: Duration,
}

impl Default for KeySettings {
    fn default() -> Self {
        Self { rotation_interval: 30 * DAY, jwks_cache_lifetime: Duration::from_secs(5 * 60) }
    }
}

/// The audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSettings {
    /// How long an event is kept.
    pub retention: Duration,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self { retention: 400 * DAY }
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use oidc::throttle::Limit;

    use super::*;

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let settings = Settings::default();
        assert_eq!(settings.tokens.access_token_lifetime.as_secs(), 300);
        assert_eq!(settings.tokens.id_token_lifetime.as_secs(), 300);
        assert_eq!(settings.tokens.code_lifetime.as_secs(), 60);
        assert_eq!(settings.tokens.device_code_lifetime.as_secs(), 600);
        assert_eq!(settings.tokens.refresh_idle_lifetime.as_secs(), 2_592_000);
        assert_eq!(settings.tokens.refresh_lifetime.as_secs(), 31_536_000);
        assert_eq!(settings.session.lifetime.as_secs(), 2_592_000);
        assert_eq!(settings.session.idle_lifetime.as_secs(), 604_800);
        assert_eq!(settings.session.continue_page, ContinuePage::FirstTime);
        assert_eq!((settings.signup, settings.signup_verify), (SignupMode::Open, AddressProof::ByMail));
        let cost = &settings.passwords;
        assert_eq!((cost.memory_kib.get(), cost.passes.get(), cost.lanes.get()), (19_456, 2, 1));
        assert_eq!((cost.min_length.get(), cost.min_length_with_factor.get()), (15, 8), "NIST SP 800-63B-4 §3.1.1.2");
        assert_eq!(settings.accounts.delete_after.as_secs(), 1_209_600);
        assert_eq!(settings.keys.rotation_interval.as_secs(), 2_592_000);
        assert_eq!(settings.keys.jwks_cache_lifetime.as_secs(), 300);
        let rules = settings.throttle.rules();
        let shown =
            |limits: &[Limit]| limits.iter().map(|limit| (limit.burst, limit.refill.as_secs())).collect::<Vec<_>>();
        assert_eq!(shown(&rules.device), [(10, 60), (50, 900)]);
        assert_eq!((shown(&rules.address), shown(&rules.network)), (vec![(20, 600)], vec![(100, 120)]));
        assert_eq!(shown(&rules.account), [(5, 60), (10, 900), (20, 7200)]);
        assert_eq!(shown(&rules.everybody), [(20, 18), (20, 6)]);
    }
}
