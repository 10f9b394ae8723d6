//! What an authenticator proves of its origin (§8): none, its own signature, or a certificate of its maker.
//!
//! Statements of other formats are carried without being believed (§7.1 step 24 leaves that to the relying party): a
//! policy that lists models accepts [`Attestation::Certified`] alone, and only under anchors of its own: [`crate::vouched`].

use jose::provider::Provider;
use jose::x509::Certificate;
use jose::{Limits, VerifyingKey};

use crate::authenticator_data::{Attested, AuthenticatorData};
use crate::cbor::{Map, Value};
use crate::error::Refusal;
use crate::{cose, signature};

/// What is known of an authenticator's origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attestation {
    /// Nothing was asked or given (§8.7).
    None,
    /// The credential vouches for itself (§6.5.4, self attestation).
    Own,
    /// A key of the maker's vouches for it: the certificates in DER, the authenticator's first. Their chain is for the
    /// caller to judge.
    Certified(Vec<Vec<u8>>),
    /// It came in a format that is not verified here, and is not believed.
    Unverified(String),
}

pub(crate) fn verify(
    provider: &dyn Provider,
    format: &str,
    statement: &Map<'_>,
    attested: &Attested<'_>,
    signed: &[u8],
    data: &AuthenticatorData<'_>,
) -> Result<Attestation, Refusal> {
    match format {
        "none" if statement.is_empty() => Ok(Attestation::None),
        "none" => Err(Refusal::Attestation("is none and yet says something (§8.7)")),
        "packed" => packed(provider, statement, attested, signed),
        "fido-u2f" => u2f(provider, statement, attested, signed, data),
        _ if format.len() <= 32 => Ok(Attestation::Unverified(format.to_owned())),
        _ => Err(Refusal::Attestation("has a format with an impossible name (§8.1)")),
    }
}

/// §8.2.
fn packed(
    provider: &dyn Provider,
    statement: &Map<'_>,
    attested: &Attested<'_>,
    signed: &[u8],
) -> Result<Attestation, Refusal> {
    let (Some(Value::Int(number)), Some(Value::Bytes(bytes))) = (statement.text("alg"), statement.text("sig")) else {
        return Err(Refusal::Attestation("lacks alg or sig (§8.2)"));
    };
    let Some(chain) = statement.text("x5c") else {
        if *number != attested.key.algorithm() {
            return Err(Refusal::Attestation("names another algorithm than the credential's (§8.2)"));
        }
        let own = signature::verify(attested.key.verifying_key(), attested.key.alg(), signed, bytes);
        return if own { Ok(Attestation::Own) } else { Err(WRONG_SIGNATURE) };
    };
    let (chain, leaf) = certificates(chain)?;
    by_certificate(provider, &leaf, *number, signed, bytes)?;
    // §8.2.1.
    let names = ["C", "O", "CN"].iter().all(|kind| leaf.subject().get(kind).is_some());
    if leaf.version() != 3 || !names || leaf.subject().get("OU") != Some("Authenticator Attestation") {
        return Err(Refusal::Attestation("is certified to somebody who makes no authenticators (§8.2.1)"));
    }
    if leaf.basic_constraints().is_none_or(|constraints| constraints.ca) {
        return Err(Refusal::Attestation("is by a certificate that may sign others, or does not say (§8.2.1)"));
    }
    if leaf.extensions().iter().any(|extension| extension.name == AAGUID)
        && certified_model(&leaf) != Some(&attested.aaguid)
    {
        return Err(Refusal::Attestation("is certified for another model (§8.2.1)"));
    }
    Ok(Attestation::Certified(chain))
}

/// The model that a maker's certificate is for (§8.2.1); the extension must not be critical.
pub(crate) fn certified_model(certificate: &Certificate) -> Option<&[u8; 16]> {
    let model = certificate.extensions().iter().find(|extension| extension.name == AAGUID && !extension.critical)?;
    model.value.strip_prefix(&OCTETS_16)?.try_into().ok()
}

/// §8.6: keys from before FIDO2, all on P-256.
fn u2f(
    provider: &dyn Provider,
    statement: &Map<'_>,
    attested: &Attested<'_>,
    signed: &[u8],
    data: &AuthenticatorData<'_>,
) -> Result<Attestation, Refusal> {
    let (Some(chain), Some(Value::Bytes(bytes))) = (statement.text("x5c"), statement.text("sig")) else {
        return Err(Refusal::Attestation("lacks x5c or sig (§8.6)"));
    };
    let (chain, leaf) = certificates(chain)?;
    if chain.len() != 1 {
        return Err(Refusal::Attestation("has more than one certificate (§8.6)"));
    }
    let point = attested.key.p256_point().ok_or(Refusal::Attestation("is for a key that U2F cannot have (§8.6)"))?;
    let client_data_hash = &signed[signed.len() - 32..];
    let message = [&[0], data.rp_id_hash, client_data_hash, attested.id, point].concat();
    by_certificate(provider, &leaf, ES256, &message, bytes)?;
    Ok(Attestation::Certified(chain))
}

/// The chain of `x5c` in DER, and the first of it.
pub(crate) fn certificates(chain: &Value<'_>) -> Result<(Vec<Vec<u8>>, Certificate), Refusal> {
    let Value::Array(elements) = chain else { return Err(WRONG_CHAIN) };
    let each = elements.iter().map(|element| match element {
        Value::Bytes(bytes) => Ok(bytes.to_vec()),
        _ => Err(WRONG_CHAIN),
    });
    let chain = each.collect::<Result<Vec<_>, _>>()?;
    let first = chain.first().ok_or(WRONG_CHAIN)?;
    let leaf = Certificate::from_der(first, &Limits::DEFAULT).map_err(|_| WRONG_CHAIN)?;
    Ok((chain, leaf))
}

fn by_certificate(
    provider: &dyn Provider,
    certificate: &Certificate,
    number: i64,
    message: &[u8],
    bytes: &[u8],
) -> Result<(), Refusal> {
    let alg = cose::algorithm(number).ok_or(Refusal::Attestation("is signed with an algorithm not known here"))?;
    let key = certificate.public_key().and_then(|key| VerifyingKey::public(provider, key, Some(alg), None));
    let key = key.map_err(|_| Refusal::Attestation("is by a key that does not fit its algorithm"))?;
    if signature::verify(&key, alg, message, bytes) { Ok(()) } else { Err(WRONG_SIGNATURE) }
}

const WRONG_SIGNATURE: Refusal = Refusal::Attestation("is not signed by who it says");
const WRONG_CHAIN: Refusal = Refusal::Attestation("has no chain of certificates in x5c");

const ES256: i64 = -7;

/// `id-fido-gen-ce-aaguid` (§8.2.1): sixteen bytes as an OCTET STRING.
const AAGUID: &str = "1.3.6.1.4.1.45724.1.1.4";
const OCTETS_16: [u8; 2] = [0x04, 16];
