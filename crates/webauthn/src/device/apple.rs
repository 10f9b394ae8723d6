//! Apple App Attest: Apple certifies a key of an app's, made in the Secure Enclave, and with it a hash that the app gave
//! (Apple, «Validating apps that connect to your server», steps 1 to 9).

use jose::provider::{Curve, Provider, PublicMaterial};
use jose::x509::Certificate;

use super::{Guarantee, Protection};
use crate::attestation::certificates;
use crate::authenticator_data::AuthenticatorData;
use crate::der::{OCTET_STRING, Reader, Tag};
use crate::error::Refusal;
use crate::registration::opened;
use crate::{cbor, trust};

/// What an attestation of Apple's must be about.
#[derive(Clone, Copy, Debug)]
pub struct AppAttest<'a> {
    /// The hash that the app had to give.
    pub client_data_hash: &'a [u8],
    /// The apps whose it may be: team and bundle, such as `ABCDE12345.com.example.app`.
    pub apps: &'a [String],
    /// Whether an app under development will do.
    pub development: bool,
    /// Apple's roots.
    pub anchors: &'a [Certificate],
    /// Seconds since 1970.
    pub now: i64,
}

/// Verifies an attestation object.
///
/// The key that it is about signs App Attest's own assertions and nothing else, so that it is no key of a JWT's. What the
/// app vouches for, such as another key, stands in the hash: a genuine app on a genuine device has given it. How that
/// other key is kept, Apple does not say.
pub fn app_attest(provider: &dyn Provider, object: &[u8], expected: &AppAttest<'_>) -> Result<Guarantee, Refusal> {
    let (format, statement, bytes) = opened(object)?;
    let Some(chain) = statement.text("x5c").filter(|_| format == "apple-appattest") else {
        return Err(Refusal::Attestation("is none of App Attest's"));
    };
    // Step 1.
    let (chain, leaf) = certificates(chain)?;
    trust::leads_to(provider, &trust::read(&chain)?, expected.anchors, expected.now)?;
    // Steps 2 to 4.
    let nonce = provider.sha256(&[bytes, expected.client_data_hash].concat());
    if said_nonce(&leaf) != Some(&nonce[..]) {
        return Err(Refusal::Challenge);
    }
    let data = read(provider, bytes)?;
    let attested = data.attested.as_ref().ok_or(Refusal::AuthenticatorData("bring no credential"))?;
    // Step 5.
    let point = match leaf.public_key() {
        Ok(PublicMaterial::Ec { curve: Curve::P256, point }) if attested.key.p256_point() == Some(&point) => point,
        _ => return Err(Refusal::Attestation("is for another key")),
    };
    let key_id = provider.sha256(&point);
    // Step 6.
    if !expected.apps.iter().any(|app| data.rp_id_hash == provider.sha256(app.as_bytes())) {
        return Err(Refusal::Attestation("is by another app"));
    }
    // Step 7.
    if data.counter != 0 {
        return Err(Refusal::Attestation("is for a key that was used before"));
    }
    // Step 8.
    if attested.aaguid != PRODUCTION && !(expected.development && attested.aaguid == DEVELOPMENT) {
        return Err(Refusal::Attestation("is by an app under development, or by nothing that is known"));
    }
    // Step 9.
    if attested.id != key_id {
        return Err(Refusal::Attestation("is for a key of another name"));
    }
    Ok(Guarantee { protection: Protection::App, unlocked_for_each_use: false })
}

/// The authenticator data; since 2025 a map of Apple's follows them, with no flag that says so.
fn read<'a>(provider: &dyn Provider, bytes: &'a [u8]) -> Result<AuthenticatorData<'a>, Refusal> {
    let (data, rest) = AuthenticatorData::first(provider, bytes)?;
    match rest {
        [] => Ok(data),
        rest if cbor::map(rest)?.1.is_empty() => Ok(data),
        _ => Err(Refusal::AuthenticatorData("are followed by something else")),
    }
}

/// `SEQUENCE { [1] EXPLICIT OCTET STRING }`.
fn said_nonce(leaf: &Certificate) -> Option<&[u8]> {
    let found = leaf.extensions().iter().find(|extension| extension.name == NONCE)?;
    let mut outer = Reader::new(&found.value);
    let mut sequence = outer.sequence()?;
    let mut inner = Reader::new(sequence.read(Tag::explicit(1))?);
    let nonce = inner.read(OCTET_STRING)?;
    inner.end(())?;
    sequence.end(())?;
    outer.end(nonce)
}

const NONCE: &str = "1.2.840.113635.100.8.2";
const PRODUCTION: [u8; 16] = *b"appattest\0\0\0\0\0\0\0";
const DEVELOPMENT: [u8; 16] = *b"appattestdevelop";
