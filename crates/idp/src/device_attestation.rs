//! What a phone's system says of a key that an app registers: whether it is asked for, and whether it holds.

use std::sync::{Arc, PoisonError, RwLock};

use jose::provider::aws_lc;
use jose::x509::Certificate;
use jose::{Limits, base64url};
use oidc::client::ClientMetadata;
use oidc::device_key::{DeviceKey, Of};
use oidc::{ErrorCode, OAuthError};
use serde::Deserialize;
use webauthn::{AndroidApp, AndroidKey, AppAttest, Guarantee, Refusal};

use crate::Context;
use crate::settings::KeyAttestation;

/// The numbers of Android's certificates that count no more, without zeros in front. A running server takes up another list.
pub(crate) struct Revoked(RwLock<Arc<Vec<Vec<u8>>>>);

impl Revoked {
    /// Those that were there at the start.
    pub(crate) fn at_start(attestation: &KeyAttestation) -> Self {
        let numbers = match attestation {
            KeyAttestation::Asked { android_revoked, .. } => android_revoked.clone(),
            KeyAttestation::None => Vec::new(),
        };
        Self(RwLock::new(Arc::new(numbers)))
    }

    fn now(&self) -> Arc<Vec<Vec<u8>>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What an app sends of it, all in base64url.
#[derive(Deserialize)]
#[serde(tag = "format", deny_unknown_fields)]
pub(crate) enum Sent {
    /// Android Key Attestation: the certificates in DER, the key's own first.
    #[serde(rename = "android-key")]
    Android { chain: Vec<String> },
    /// Apple App Attest: the attestation object.
    #[serde(rename = "apple-appattest")]
    Apple { object: String },
}

/// The registration that an attestation must be about.
pub(crate) struct About<'a> {
    pub(crate) key: &'a DeviceKey,
    pub(crate) app: &'a ClientMetadata,
    /// The nonce of the key's proof.
    pub(crate) nonce: &'a str,
    /// The hash of the access token.
    pub(crate) ath: &'a str,
}

impl Sent {
    /// The format's name.
    pub(crate) fn format(&self) -> &'static str {
        match self {
            Self::Android { .. } => "android-key",
            Self::Apple { .. } => "apple-appattest",
        }
    }
}

impl Context {
    /// Another list of Android's certificates that count no more, for what is registered from now on; answers how many
    /// stood on the one before.
    pub fn take_up_revoked(&self, numbers: Vec<Vec<u8>>) -> usize {
        let mut kept = self.android_revoked.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *kept, Arc::new(numbers)).len()
    }

    /// What is sure of a key. What is sent must hold, where attestations are looked at; one that is merely preferred may be
    /// absent.
    pub(crate) fn attested(&self, sent: Option<&Sent>, about: &About<'_>) -> Result<Option<Guarantee>, OAuthError> {
        let KeyAttestation::Asked { required, android, apple, apple_development, .. } =
            &self.settings.device_key_attestation
        else {
            return Ok(None);
        };
        let anchors = |ders: &[Vec<u8>]| -> Vec<Certificate> {
            ders.iter().filter_map(|der| Certificate::from_der(der, &Limits::DEFAULT).ok()).collect()
        };
        let now = self.now().seconds();
        let held = match sent {
            None if *required => {
                return Err(OAuthError::invalid_request("a device key needs an attestation here"));
            }
            None => return Ok(None),
            Some(Sent::Android { chain }) => {
                let chain = chain.iter().map(decoded).collect::<Result<Vec<_>, _>>()?;
                let apps = about.app.vestibule_android_apps.iter();
                let apps: Vec<_> =
                    apps.map(|app| AndroidApp { package: &app.package_name, digests: app.digests() }).collect();
                // The key is made with the challenge and is the one that is attested.
                let challenge = &about.key.attested_about(about.nonce, about.ath, Of::Registration);
                let (point, anchors) = (about.key.point(), &anchors(android));
                let revoked = &self.android_revoked.now();
                let expected = AndroidKey { point, challenge, apps: &apps, anchors, revoked, now };
                webauthn::android_key(aws_lc(), &chain, &expected)
            }
            Some(Sent::Apple { object }) => {
                let client_data_hash = &about.key.attested_about(about.nonce, about.ath, Of::Key);
                let (apps, anchors) = (&about.app.vestibule_apple_apps[..], &anchors(apple));
                let expected = AppAttest { client_data_hash, apps, development: *apple_development, anchors, now };
                webauthn::app_attest(aws_lc(), &decoded(object)?, &expected)
            }
        };
        held.map(Some).map_err(|refusal| refused(&refusal))
    }
}

fn decoded(text: &String) -> Result<Vec<u8>, OAuthError> {
    base64url::decode(text).map_err(|_| OAuthError::invalid_request("an attestation is written in base64url"))
}

/// One public text for all causes; the log has the cause.
fn refused(refusal: &Refusal) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, "the attestation does not count").with_detail(refusal.to_string())
}
