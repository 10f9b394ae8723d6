//! Whether a maker vouches for an authenticator's model (§7.1 steps 23 and 24, RFC 5280 §6.1), for those who let only
//! certain models in.
//!
//! A model's number (AAGUID) is what the authenticator says of itself. It is believed where the maker's certificate names
//! the same number (§8.2.1) and leads to an anchor that the caller trusts.

use jose::Limits;
use jose::provider::Provider;
use jose::x509::Certificate;

use crate::attestation::{Attestation, certified_model};
use crate::error::Refusal;
use crate::registration::Credential;

/// Accepts a credential whose authenticator is certified, for the model that it says it is, under one of `anchors`.
/// `now` is in seconds since 1970.
pub fn vouched(
    provider: &dyn Provider,
    credential: &Credential,
    anchors: &[Certificate],
    now: i64,
) -> Result<(), Refusal> {
    let Attestation::Certified(chain) = &credential.attestation else {
        return Err(Refusal::Untrusted("has no maker's certificate"));
    };
    let chain = read(chain)?;
    let leaf = chain.first().ok_or(Refusal::Untrusted("has no maker's certificate"))?;
    if certified_model(leaf) != Some(&credential.aaguid) {
        return Err(Refusal::Untrusted("is not certified for the model that it says it is (§8.2.1)"));
    }
    leads_to(provider, &chain, anchors, now)
}

/// A chain in DER, the certificate that it is about first.
pub(crate) fn read(chain: &[Vec<u8>]) -> Result<Vec<Certificate>, Refusal> {
    if chain.len() > LONGEST {
        return Err(Refusal::Untrusted("has too long a chain of certificates"));
    }
    let read = |der: &Vec<u8>| Certificate::from_der(der, &Limits::DEFAULT);
    chain.iter().map(read).collect::<Result<_, _>>().map_err(|_| Refusal::Untrusted("cannot be read"))
}

/// From the authenticator's certificate upward, each signed by the next, to one that an anchor has signed or is.
pub(crate) fn leads_to(
    provider: &dyn Provider,
    chain: &[Certificate],
    anchors: &[Certificate],
    now: i64,
) -> Result<(), Refusal> {
    for (depth, certificate) in chain.iter().enumerate() {
        usable(certificate, now)?;
        if depth > 0 && !may_sign(certificate, depth - 1) {
            return Err(Refusal::Untrusted("is by a certificate that may not sign others"));
        }
        if anchors.iter().any(|anchor| anchor.der() == certificate.der()) {
            return Ok(());
        }
        let signs = |anchor: &&Certificate| {
            may_sign(anchor, depth) && usable(anchor, now).is_ok() && certificate.is_signed_by(provider, anchor)
        };
        if anchors.iter().any(|anchor| signs(&anchor)) {
            return Ok(());
        }
        if !chain.get(depth + 1).is_some_and(|issuer| certificate.is_signed_by(provider, issuer)) {
            return Err(Refusal::Untrusted("does not lead to a maker that is trusted"));
        }
    }
    Err(Refusal::Untrusted("does not lead to a maker that is trusted"))
}

/// In its time, and with nothing in it that must be understood and is not (RFC 5280 §4.2).
fn usable(certificate: &Certificate, now: i64) -> Result<(), Refusal> {
    if now < certificate.not_before() || now > certificate.not_after() {
        return Err(Refusal::Untrusted("is by a certificate out of its time"));
    }
    let unknown = |name: &str| !["basicConstraints", "keyUsage", "extKeyUsage", "subjectAltName"].contains(&name);
    if certificate.extensions().iter().any(|extension| extension.critical && unknown(&extension.name)) {
        return Err(Refusal::Untrusted("is by a certificate with a critical extension that is not known here"));
    }
    Ok(())
}

/// Whether it may sign others, with so many authorities below it (RFC 5280 §4.2.1.3, §4.2.1.9).
fn may_sign(certificate: &Certificate, below: usize) -> bool {
    let Some(constraints) = certificate.basic_constraints() else { return false };
    let long_enough = constraints.path_len.is_none_or(|len| usize::try_from(len).is_ok_and(|len| len >= below));
    let signs = certificate.key_usage().is_none_or(|usage| usage.contains(&"keyCertSign"));
    constraints.ca && long_enough && signs
}

/// Certificates from the authenticator's up.
const LONGEST: usize = 6;
