//! Android Key Attestation: the device's key management certifies a key of its own, and says in an extension whose it is
//! and how it is kept.

use jose::provider::{Curve, Provider, PublicMaterial};
use jose::x509::Certificate;

use super::key_description::{
    ALL_APPLICATIONS, AUTH_TIMEOUT, KeyDescription, NO_AUTH_REQUIRED, ORIGIN, PURPOSE, USER_AUTH_TYPE,
};
use super::{Guarantee, Protection};
use crate::error::Refusal;
use crate::trust;

/// What an attestation of Android's must be about.
#[derive(Clone, Copy, Debug)]
pub struct AndroidKey<'a> {
    /// The key on P-256, as `04 ‖ x ‖ y`.
    pub point: &'a [u8],
    /// The challenge that it was made with.
    pub challenge: &'a [u8],
    /// The apps whose it may be.
    pub apps: &'a [AndroidApp<'a>],
    /// The makers' roots.
    pub anchors: &'a [Certificate],
    /// The numbers of certificates that count no more, without zeros in front.
    pub revoked: &'a [Vec<u8>],
    /// Seconds since 1970.
    pub now: i64,
}

/// An installed app.
#[derive(Clone, Debug)]
pub struct AndroidApp<'a> {
    /// Its package.
    pub package: &'a str,
    /// SHA-256 of the certificates that may have signed it.
    pub digests: Vec<[u8; 32]>,
}

/// Verifies the certificates of a key, its own first, and what they say of it.
pub fn android_key(
    provider: &dyn Provider,
    chain: &[Vec<u8>],
    expected: &AndroidKey<'_>,
) -> Result<Guarantee, Refusal> {
    let chain = trust::read(chain)?;
    let (leaf, above) = chain.split_first().ok_or(Refusal::Untrusted("has no certificate"))?;
    trust::leads_to(provider, &chain, expected.anchors, expected.now)?;
    let number = |certificate: &Certificate| {
        let serial = certificate.serial();
        serial[serial.iter().position(|byte| *byte != 0).unwrap_or(serial.len())..].to_vec()
    };
    if chain.iter().any(|certificate| expected.revoked.contains(&number(certificate))) {
        return Err(Refusal::Untrusted("is by a certificate that was revoked"));
    }
    // Whoever made a key in a device can sign what they like with it, certificates among it: only the last word of the
    // device itself counts, so that nobody above the key may be a key of an app.
    if above.iter().any(|certificate| extension(certificate).is_some()) {
        return Err(Refusal::Untrusted("is by a key that a device made for an app"));
    }
    match leaf.public_key() {
        Ok(PublicMaterial::Ec { curve: Curve::P256, point }) if point == expected.point => {}
        _ => return Err(Refusal::Attestation("is for another key")),
    }
    let value = extension(leaf).ok_or(Refusal::Attestation("does not describe the key"))?;
    let said = KeyDescription::read(value).ok_or(Refusal::Attestation("describes the key in no way that is known"))?;
    if said.challenge != expected.challenge {
        return Err(Refusal::Challenge);
    }
    let protection = protection(&said)?;
    kept_as_it_should(&said)?;
    runs_as_it_should(&said)?;
    let id = said.software.application_id();
    let id = id.ok_or(Refusal::Attestation("does not say whose app it is"))?;
    let is_it = |app: &AndroidApp<'_>| {
        id.packages.contains(&app.package.as_bytes())
            && id.digests.iter().any(|digest| app.digests.iter().any(|known| known == digest))
    };
    if !expected.apps.iter().any(is_it) {
        return Err(Refusal::Attestation("is by another app"));
    }
    Ok(Guarantee { protection, unlocked_for_each_use: is_unlocked_for_each_use(&said) })
}

/// The lesser of who says it and who keeps it.
fn protection(said: &KeyDescription<'_>) -> Result<Protection, Refusal> {
    match (said.attestation_level, said.key_level) {
        (0, _) | (_, 0) => Err(Refusal::Attestation("is by software alone")),
        (2, 2) => Ok(Protection::StrongBox),
        (1 | 2, 1 | 2) => Ok(Protection::TrustedEnvironment),
        _ => Err(Refusal::Attestation("is at a level that is not known")),
    }
}

/// Made in the hardware, to sign, for one app.
fn kept_as_it_should(said: &KeyDescription<'_>) -> Result<(), Refusal> {
    let purposes = said.hardware.numbers(PURPOSE);
    if !purposes.contains(&SIGN) || purposes.iter().any(|purpose| ![SIGN, VERIFY].contains(purpose)) {
        return Err(Refusal::Attestation("is for a key that is not for signing alone"));
    }
    if said.hardware.number(ORIGIN) != Some(GENERATED) {
        return Err(Refusal::Attestation("is for a key that was not made in the device"));
    }
    if said.hardware.has(ALL_APPLICATIONS) || said.software.has(ALL_APPLICATIONS) {
        return Err(Refusal::Attestation("is for a key that any app may use"));
    }
    Ok(())
}

/// In a system that its maker signed, on a device that starts no other.
fn runs_as_it_should(said: &KeyDescription<'_>) -> Result<(), Refusal> {
    let root = said.hardware.root_of_trust();
    let root = root.ok_or(Refusal::Attestation("does not say what the device has started"))?;
    if root.boot_state != VERIFIED {
        return Err(Refusal::Attestation("is by a system that nobody vouches for"));
    }
    if root.locked { Ok(()) } else { Err(Refusal::Attestation("is by an unlocked device")) }
}

/// Whether the hardware asks for the person at each use: there is an authenticator that it takes, and no time for which
/// one unlocking lasts.
fn is_unlocked_for_each_use(said: &KeyDescription<'_>) -> bool {
    let anywhere = |number| said.hardware.has(number) || said.software.has(number);
    said.hardware.number(USER_AUTH_TYPE).is_some_and(|kinds| kinds != 0)
        && !anywhere(NO_AUTH_REQUIRED)
        && !anywhere(AUTH_TIMEOUT)
}

fn extension(certificate: &Certificate) -> Option<&[u8]> {
    let found = certificate.extensions().iter().find(|extension| extension.name == KEY_DESCRIPTION);
    found.map(|extension| extension.value.as_slice())
}

const KEY_DESCRIPTION: &str = "1.3.6.1.4.1.11129.2.1.17";
// `KeyPurpose`, `KeyOrigin` and `VerifiedBootState`.
const SIGN: u32 = 2;
const VERIFY: u32 = 3;
const GENERATED: u32 = 0;
const VERIFIED: u32 = 0;
