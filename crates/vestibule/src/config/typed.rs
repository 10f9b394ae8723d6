//! From texts to the typed settings of the use cases.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use idp::settings::{
    AccountSettings, AddressProof, Attestation, AuditSettings, DpopNonce, KeyAttestation, KeySettings, MailSignIn,
    PasskeySettings, PasswordSettings, SessionSettings, Settings as IdpSettings, SignupMode, ThrottleSettings,
    TokenSettings,
};
use oidc::assurance::Contexts;
use oidc::details::DetailTypes;
use oidc::hub::ContinuePage;
use oidc::site::Site;
use oidc::throttle::Limit;

use super::Settings;

impl Settings {
    /// What the use cases are told.
    pub(crate) fn typed(&self) -> IdpSettings {
        IdpSettings {
            // From a file: the house reads it.
            detail_types: DetailTypes::default(),
            tokens: self.tokens(),
            session: self.session(),
            signup: match self.get("signup.mode") {
                Some("closed") => SignupMode::Closed,
                Some("invite") => SignupMode::Invite,
                _ => SignupMode::Open,
            },
            signup_verify: match self.get("signup.verify") {
                Some("never") => AddressProof::Never,
                _ => AddressProof::ByMail,
            },
            accounts: AccountSettings { delete_after: self.duration("accounts.delete_after") },
            mail_sign_in: match self.get("signin.mail") {
                Some("off") => MailSignIn::Off,
                _ => MailSignIn::Offered,
            },
            passwords: self.passwords(),
            keys: KeySettings {
                rotation_interval: self.duration("keys.rotation_interval"),
                jwks_cache_lifetime: self.duration("keys.jwks_cache_lifetime"),
            },
            passkeys: self.passkeys(),
            device_key_attestation: self.device_key_attestation(),
            contexts: self.get("assurance.contexts").and_then(|text| Contexts::parse(text).ok()).unwrap_or_default(),
            audit: AuditSettings { retention: self.duration("audit.retention") },
            throttle: self.throttle(),
        }
    }

    fn tokens(&self) -> TokenSettings {
        TokenSettings {
            access_token_lifetime: self.duration("tokens.access_token_lifetime"),
            id_token_lifetime: self.duration("tokens.id_token_lifetime"),
            code_lifetime: self.duration("tokens.code_lifetime"),
            device_code_lifetime: self.duration("tokens.device_code_lifetime"),
            refresh_idle_lifetime: self.duration("tokens.refresh_idle_lifetime"),
            refresh_lifetime: self.duration("tokens.refresh_lifetime"),
            dpop_nonce: match self.get("tokens.dpop_nonce") {
                Some("required") => DpopNonce::Required,
                _ => DpopNonce::Accepted,
            },
            ..TokenSettings::default()
        }
    }

    fn session(&self) -> SessionSettings {
        SessionSettings {
            lifetime: self.duration("session.lifetime"),
            idle_lifetime: self.duration("session.idle_lifetime"),
            site_domain: self.get("session.site_domain").filter(|domain| !domain.is_empty()).map(str::to_owned),
            sites: Site::read_all(self.list("session.sites")).unwrap_or_default(),
            continue_page: match self.get("session.continue_page") {
                Some("always") => ContinuePage::Always,
                Some("never") => ContinuePage::Never,
                _ => ContinuePage::FirstTime,
            },
            remember_device: self.duration("session.remember_device"),
        }
    }

    fn passkeys(&self) -> PasskeySettings {
        let text = |path| self.get(path).unwrap_or_default();
        PasskeySettings {
            rp_id: Some(text("passkeys.rp_id").to_owned()).filter(|id| !id.is_empty()),
            related_origins: text("passkeys.related_origins").split_whitespace().map(str::to_owned).collect(),
            attestation: match self.get("passkeys.attestation") {
                // The certificates lie in a file: `house` reads it.
                Some("listed") => Attestation::Listed {
                    models: self.list("passkeys.models").filter_map(super::kind::model).collect(),
                    anchors: Vec::new(),
                },
                _ => Attestation::None,
            },
        }
    }

    fn device_key_attestation(&self) -> KeyAttestation {
        match self.get("device_keys.attestation") {
            // The roots lie in files: `house` reads them.
            Some(asked @ ("preferred" | "required")) => KeyAttestation::Asked {
                required: asked == "required",
                android: Vec::new(),
                android_revoked: Vec::new(),
                apple: Vec::new(),
                apple_development: self.get("device_keys.apple_development") == Some("on"),
            },
            _ => KeyAttestation::None,
        }
    }

    fn passwords(&self) -> PasswordSettings {
        let number = |path| self.number(path).expect("a key with a default in the table");
        let threads = self.number("passwords.threads").and_then(|number| NonZeroUsize::try_from(number).ok());
        PasswordSettings {
            memory_kib: number("passwords.memory_kib"),
            passes: number("passwords.passes"),
            lanes: number("passwords.lanes"),
            threads: threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN),
            queue: number("passwords.queue").try_into().unwrap_or(NonZeroUsize::MIN),
            min_length: number("passwords.min_length"),
            min_length_with_factor: number("passwords.min_length_with_factor"),
            breached_url: self.get("passwords.breached_url").map(str::to_owned),
        }
    }

    fn throttle(&self) -> ThrottleSettings {
        let limit = |tries, delay| {
            Limit::new(self.number(tries).expect("a key with a default in the table").get(), self.duration(delay))
        };
        ThrottleSettings {
            device: limit("throttle.device_tries", "throttle.device_delay"),
            account: limit("throttle.account_tries", "throttle.account_delay"),
            address: limit("throttle.address_tries", "throttle.address_delay"),
            spray: limit("throttle.spray_tries", "throttle.spray_delay"),
            requests: limit("throttle.request_tries", "throttle.request_delay"),
            mails: limit("throttle.mail_tries", "throttle.mail_delay"),
            public: limit("throttle.public_tries", "throttle.public_delay"),
            pushed: self.number("throttle.pushed_requests").expect("a key with a default in the table").get(),
        }
    }

    fn duration(&self, path: &'static str) -> Duration {
        Duration::from_millis(self.milliseconds(path).unsigned_abs())
    }

    fn number(&self, path: &'static str) -> Option<NonZeroU32> {
        NonZeroU32::new(super::kind::number(self.get(path)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Origin, keys};

    /// The table and the typed settings say the same where nobody says otherwise.
    #[test]
    fn the_defaults_are_the_same_on_both_sides() {
        let ours = Settings::default().typed();
        let theirs = IdpSettings::default();
        let threads = ours.passwords.threads;
        assert_eq!(ours, IdpSettings { passwords: PasswordSettings { threads, ..theirs.passwords.clone() }, ..theirs });
    }

    #[test]
    fn every_value_arrives() {
        let mut settings = Settings::default();
        for (path, text) in [
            ("tokens.access_token_lifetime", "1s"),
            ("tokens.id_token_lifetime", "2s"),
            ("tokens.code_lifetime", "3s"),
            ("tokens.refresh_idle_lifetime", "4s"),
            ("tokens.refresh_lifetime", "5s"),
            ("session.lifetime", "6s"),
            ("session.idle_lifetime", "7s"),
            ("session.site_domain", ".example.com"),
            ("session.sites", "wiki.example.com/admin groups=staff"),
            ("session.continue_page", "never"),
            ("signup.mode", "invite"),
            ("signup.verify", "never"),
            ("passwords.memory_kib", "8"),
            ("passwords.passes", "9"),
            ("passwords.lanes", "10"),
            ("passwords.threads", "11"),
            ("passwords.queue", "12"),
            ("passwords.min_length", "27"),
            ("passwords.min_length_with_factor", "28"),
            ("passwords.breached_url", "https://range.example/range"),
            ("keys.rotation_interval", "13s"),
            ("keys.jwks_cache_lifetime", "14s"),
            ("audit.retention", "15s"),
            ("session.remember_device", "16s"),
            ("throttle.device_delay", "17s"),
            ("throttle.account_delay", "18s"),
            ("throttle.address_delay", "19s"),
            ("throttle.spray_delay", "20s"),
            ("throttle.request_delay", "21s"),
            ("throttle.device_tries", "22"),
            ("throttle.account_tries", "23"),
            ("throttle.address_tries", "24"),
            ("throttle.spray_tries", "25"),
            ("throttle.request_tries", "26"),
            ("throttle.mail_tries", "29"),
            ("throttle.mail_delay", "30s"),
            ("throttle.public_tries", "32"),
            ("throttle.public_delay", "33s"),
            ("throttle.pushed_requests", "34"),
            ("accounts.delete_after", "31s"),
            ("assurance.contexts", "gold=hardware-protected"),
            ("signin.mail", "off"),
            ("passkeys.rp_id", "rp.example"),
            ("passkeys.related_origins", "https://related.example https://b"),
            ("passkeys.attestation", "listed"),
            ("passkeys.models", "0000000000000000000000000000004d"),
            ("device_keys.attestation", "required"),
            ("device_keys.apple_development", "on"),
        ] {
            let key = keys::find(path).expect(path);
            settings.set(key, text.to_owned(), Origin::Default).expect(path);
        }
        let shown = format!("{:?}", settings.typed());
        let numbers = (8..=12).chain(22..=29).chain([32, 34]).map(|number| number.to_string());
        for number in (1..=7).chain(13..=21).chain([30, 31, 33]).map(|number| format!("{number}s")).chain(numbers) {
            assert!(shown.contains(&format!(": {number}")), "{number}: {shown}");
        }
        let words = [
            "mail_sign_in: Off",
            "continue_page: Never",
            "Invite",
            "signup_verify: Never",
            "gold",
            "rp.example",
            "related.example",
        ];
        for word in words.into_iter().chain([
            ".example.com",
            "wiki.example.com",
            "staff",
            "range.example/range",
            "Listed",
            "0, 77]]",
            "required: true",
            "apple_development: true",
        ]) {
            assert!(shown.contains(word), "{word}: {shown}");
        }
    }
}
