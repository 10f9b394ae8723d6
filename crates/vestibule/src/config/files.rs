//! The files that keys of the configuration name: read before anything is made or listened to.

use std::path::Path;

use anyhow::Context as _;
use idp::settings::{Attestation, KeyAttestation};
use jose::Limits;
use jose::x509::Certificate;
use oidc::details::DetailTypes;

use super::Settings;

impl Settings {
    /// The settings with what the files hold.
    pub(crate) fn with_files(&self) -> anyhow::Result<idp::settings::Settings> {
        let mut settings = self.typed();
        if let Attestation::Listed { anchors, .. } = &mut settings.passkeys.attestation {
            *anchors = certificates(self, "passkeys.trust_anchors")?;
        }
        if let KeyAttestation::Asked { android, android_revoked, apple, .. } = &mut settings.device_key_attestation {
            *android = certificates(self, "device_keys.android_roots")?;
            *android_revoked = revoked(self)?;
            *apple = certificates(self, "device_keys.apple_roots")?;
        }
        if let Some(path) = self.path("details.types") {
            settings.detail_types = detail_types(&path)?;
        }
        Ok(settings)
    }
}

/// What apps may ask for beside scopes (RFC 9396).
fn detail_types(path: &Path) -> anyhow::Result<DetailTypes> {
    let shown = path.display();
    let text = std::fs::read(path)
        .with_context(|| format!("details.types: cannot read {shown}; give a file with a list of types (JSON)"))?;
    DetailTypes::parse(&text).map_err(|error| anyhow::anyhow!("details.types: {shown}: {error}"))
}

/// The certificates of the file that a key of the configuration names, in DER; none where it names no file.
fn certificates(settings: &Settings, key: &'static str) -> anyhow::Result<Vec<Vec<u8>>> {
    let Some(path) = settings.path(key) else { return Ok(Vec::new()) };
    let shown = path.display();
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{key}: cannot read {shown}; give a file of certificates (PEM)"))?;
    let certificates = Certificate::from_pem(&text, &Limits::DEFAULT)
        .with_context(|| format!("{key}: {shown} holds something else; give certificates (PEM)"))?;
    Ok(certificates.iter().map(|certificate| certificate.der().to_vec()).collect())
}

/// The numbers of the certificates that Google's list names: `{"entries": {NUMBER: …}}`, each in hexadecimal.
fn revoked(settings: &Settings) -> anyhow::Result<Vec<Vec<u8>>> {
    let Some(path) = settings.path("device_keys.android_revoked") else { return Ok(Vec::new()) };
    let shown = path.display();
    let text = std::fs::read(&path)
        .with_context(|| format!("device_keys.android_revoked: cannot read {shown}; give Google's list (JSON)"))?;
    let list: Option<serde_json::Value> = serde_json::from_slice(&text).ok();
    let entries = list.as_ref().and_then(|list| list.get("entries")?.as_object());
    let numbers = entries.and_then(|entries| entries.keys().map(|number| bytes_of_hex(number)).collect());
    numbers
        .with_context(|| format!("device_keys.android_revoked: {shown} is no list of Google's (JSON with `entries`)"))
}

/// A number without zeros in front; of an odd number of digits, too.
fn bytes_of_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.trim_start_matches('0');
    let digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() };
    let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    digits.as_bytes().chunks(2).map(pair).collect()
}
