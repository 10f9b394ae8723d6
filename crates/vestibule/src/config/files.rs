//! The files that keys of the configuration name: read before anything is made or listened to.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use idp::settings::{Attestation, KeyAttestation};
use jose::Limits;
use jose::x509::Certificate;
use oidc::details::DetailTypes;

use super::Settings;
use crate::revoked;

impl Settings {
    /// Where Google's list of revoked certificates lies, where somebody looks at it.
    pub(crate) fn revoked_list(&self) -> Option<PathBuf> {
        match self.typed().device_key_attestation {
            KeyAttestation::Asked { .. } => self.path(REVOKED),
            KeyAttestation::None => None,
        }
    }

    /// The settings with what the files hold.
    pub(crate) fn with_files(&self) -> anyhow::Result<idp::settings::Settings> {
        let mut settings = self.typed();
        if let Attestation::Listed { anchors, .. } = &mut settings.passkeys.attestation {
            *anchors = certificates(self, "passkeys.trust_anchors")?;
        }
        if let KeyAttestation::Asked { android, android_revoked, apple, .. } = &mut settings.device_key_attestation {
            *android = certificates(self, "device_keys.android_roots")?;
            if let Some(path) = self.path(REVOKED) {
                *android_revoked = revoked::read(&path)?;
            }
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

/// The key that names Google's list.
const REVOKED: &str = "device_keys.android_revoked";
