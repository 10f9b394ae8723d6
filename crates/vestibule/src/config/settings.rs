//! The checked values with their origins, whoever gave them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oidc::assurance::Contexts;
use oidc::site::{Host, Rule, Site};

use super::fault::{Fault, Origin};
use super::keys::{self, KEYS, Key};
use super::kind;

/// One value or none for each key of the table.
#[derive(Default)]
pub(crate) struct Settings {
    given: BTreeMap<&'static str, (String, Origin)>,
}

impl Settings {
    /// Takes a value, in place of an earlier one: callers come in the order file, environment, command line.
    pub(crate) fn set(&mut self, key: &'static Key, text: String, origin: Origin) -> Result<(), Fault> {
        if !key.kind.accepts(&text) {
            return Err(Fault::Value { origin, path: key.path, expected: key.kind.expected() });
        }
        self.given.insert(key.path, (text, origin));
        Ok(())
    }

    /// Takes what the command line says.
    pub(crate) fn set_all(&mut self, overrides: super::Overrides<'_>) -> Result<(), Fault> {
        for (path, option, text) in overrides {
            if let (Some(key), Some(text)) = (keys::find(path), text) {
                self.set(key, text.clone(), Origin::Option(option))?;
            }
        }
        Ok(())
    }

    /// The value of a key, or its default.
    pub(crate) fn get(&self, path: &'static str) -> Option<&str> {
        let given = self.given.get(path).map(|(text, _)| text.as_str());
        given.or_else(|| keys::find(path).and_then(|key| key.default))
    }

    /// Where the value comes from.
    pub(crate) fn origin(&self, path: &'static str) -> Origin {
        self.given.get(path).map_or(Origin::Default, |(_, origin)| origin.clone())
    }

    /// A path: a relative one in the file lies beside the file (DESIGN §6), any other where the program runs.
    pub(crate) fn path(&self, path: &'static str) -> Option<PathBuf> {
        let text = self.get(path)?;
        Some(match self.origin(path) {
            Origin::File(file, _) => file.parent().unwrap_or(Path::new("")).join(text),
            _ => PathBuf::from(text),
        })
    }

    /// The members of a list.
    pub(crate) fn list(&self, path: &'static str) -> impl Iterator<Item = &str> {
        kind::list(self.get(path).unwrap_or_default())
    }

    /// A time, in milliseconds.
    pub(crate) fn milliseconds(&self, path: &'static str) -> i64 {
        self.get(path).and_then(kind::milliseconds).expect("a key of kind Duration with a checked value")
    }

    /// What one value cannot show alone.
    pub(crate) fn check_together(&self) -> Result<(), Fault> {
        let refuse = |path, problem| Err(Fault::Together { origin: self.origin(path), path, problem });
        if self.milliseconds("session.idle_lifetime") > self.milliseconds("session.lifetime") {
            return refuse("session.idle_lifetime", "is longer than `session.lifetime`; shorten it");
        }
        if self.milliseconds("tokens.refresh_idle_lifetime") > self.milliseconds("tokens.refresh_lifetime") {
            return refuse("tokens.refresh_idle_lifetime", "is longer than `tokens.refresh_lifetime`; shorten it");
        }
        if self.milliseconds("keys.rotation_interval") <= self.milliseconds("keys.jwks_cache_lifetime") {
            return refuse("keys.rotation_interval", "is no longer than `keys.jwks_cache_lifetime`; lengthen it");
        }
        // RFC 9106 §3.1
        let number = |path| self.get(path).and_then(kind::number).unwrap_or_default();
        if number("passwords.memory_kib") < 8 * number("passwords.lanes") {
            return refuse("passwords.memory_kib", "is less than 8 for each of `passwords.lanes`; give more");
        }
        match (self.get("tls.cert"), self.get("tls.key")) {
            (Some(_), None) => return refuse("tls.cert", "stands without `tls.key`; give both"),
            (None, Some(_)) => return refuse("tls.key", "stands without `tls.cert`; give both"),
            _ => {}
        }
        if self.get("mail.transport") == Some("smtp") && self.get("mail.smtp_url").is_none() {
            return refuse("mail.transport", "is \"smtp\" without `mail.smtp_url`; say where mail is delivered");
        }
        if self.get("passkeys.attestation") == Some("listed") {
            if self.list("passkeys.models").next().is_none() {
                return refuse("passkeys.attestation", "is \"listed\" without `passkeys.models`; list the models");
            }
            if self.get("passkeys.trust_anchors").is_none() {
                let problem = "is \"listed\" without `passkeys.trust_anchors`; give the makers' certificates";
                return refuse("passkeys.attestation", problem);
            }
        }
        let roots = ["device_keys.android_roots", "device_keys.apple_roots"];
        if self.get("device_keys.attestation") != Some("none") && roots.iter().all(|path| self.get(path).is_none()) {
            let problem = "stands without `device_keys.android_roots` and `device_keys.apple_roots`; give one of them";
            return refuse("device_keys.attestation", problem);
        }
        self.check_sites()
    }

    /// Plain websites share a cookie that the provider sets, so that all of them are below one domain.
    fn check_sites(&self) -> Result<(), Fault> {
        let refuse = |path, problem| Err(Fault::Together { origin: self.origin(path), path, problem });
        let sites = Site::read_all(self.list("session.sites")).unwrap_or_default();
        let Some(domain) = self.get("session.site_domain").filter(|domain| !domain.is_empty()) else {
            return match sites.is_empty() {
                true => Ok(()),
                false => refuse("session.sites", "stands without `session.site_domain`; say which domain they share"),
            };
        };
        let own = self.get("public_url").and_then(|url| url.split_once("://"));
        let own = own.and_then(|(_, authority)| Host::parse(authority.trim_end_matches('/')));
        if !own.as_ref().is_some_and(|own| own.is_below(domain)) {
            return refuse(
                "session.site_domain",
                "does not hold `public_url`, which must be a name below it; name both",
            );
        }
        if sites.iter().any(|site| !site.host.is_below(domain) || Some(&site.host) == own.as_ref()) {
            return refuse(
                "session.sites",
                "names a host that is not below `session.site_domain`, or is the provider; leave it out",
            );
        }
        let contexts = self.get("assurance.contexts").and_then(|text| Contexts::parse(text).ok()).unwrap_or_default();
        let known = |rule: &Rule| rule.acr().is_none_or(|acr| contexts.level(acr).is_some());
        match sites.iter().flat_map(Site::rules).all(known) {
            true => Ok(()),
            false => refuse("session.sites", "asks for an `acr` that is no name of a level; see `assurance.contexts`"),
        }
    }

    /// Every key with its value as it may be shown: without passwords.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&'static Key, Option<String>, Origin)> {
        KEYS.iter().map(|key| {
            let text = self.get(key.path).map(|text| if key.kind.is_secret() { redact(text) } else { text.to_owned() });
            (key, text, self.origin(key.path))
        })
    }
}

/// Without user, password and parameters, any of which may be a secret; a text that is no URL is one that holds none.
fn redact(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (place, query) = rest.split_once('?').map_or((rest, ""), |(place, _)| (place, "?…"));
    match place.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}{query}"),
        None => format!("{scheme}://{place}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(redact("postgres://u:p@ss@host/name?password=x"), "postgres://…@host/name?…");
        assert_eq!(redact("sqlite:a.db"), "sqlite:a.db");
    }

    #[test]
    fn sites_share_a_domain_with_the_provider() {
        let check = |values: &[(&'static str, &str)]| {
            let mut settings = Settings::default();
            for (path, text) in values {
                settings.set(keys::find(path).expect(path), (*text).to_owned(), Origin::Default).expect(path);
            }
            settings.check_together().is_ok()
        };
        let (url, domain) = (("public_url", "https://id.example.com"), ("session.site_domain", ".example.com"));
        let sites = |text| ("session.sites", text);
        assert!(check(&[url, domain, sites("wiki.example.com,wiki.example.com/admin acr=phr")]));
        assert!(check(&[url, domain]));
        for wrong in [
            &[url, sites("wiki.example.com")][..],
            &[domain],
            &[("public_url", "https://id.example.org"), domain],
            &[url, domain, sites("wiki.example.org")],
            &[url, domain, sites("id.example.com")],
            &[url, domain, sites("wiki.example.com acr=gold")],
        ] {
            assert!(!check(wrong), "{wrong:?}");
        }
        for wrong in ["example.com", ".com", ".example.com:8080", "..example.com", ".exa mple.com"] {
            assert!(!keys::find("session.site_domain").expect("a key").kind.accepts(wrong), "{wrong}");
        }
    }

    /// DESIGN §6.
    #[test]
    fn a_relative_path_in_the_file_lies_beside_it() {
        let key = keys::find("data_dir").expect("in the table");
        let mut settings = Settings::default();
        assert_eq!(settings.path("data_dir"), Some("vestibule-data".into()));
        settings.set(key, "a".into(), Origin::File("/etc/vestibule.toml".into(), 1)).expect("a path");
        assert_eq!(settings.path("data_dir"), Some("/etc/a".into()));
        settings.set(key, "/b".into(), Origin::File("/etc/vestibule.toml".into(), 1)).expect("a path");
        assert_eq!(settings.path("data_dir"), Some("/b".into()));
        settings.set(key, "c".into(), Origin::Option("--data-dir")).expect("a path");
        assert_eq!(settings.path("data_dir"), Some("c".into()));
    }

    #[test]
    fn every_default_is_a_value_of_its_kind() {
        for key in KEYS {
            assert!(key.default.is_none_or(|text| key.kind.accepts(text)), "{}", key.path);
        }
        assert!(Settings::default().check_together().is_ok());
    }
}
