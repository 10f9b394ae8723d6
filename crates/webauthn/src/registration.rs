//! A new credential is made (§7.1).

use jose::provider::Provider;

use crate::Expected;
use crate::attestation::{self, Attestation};
use crate::authenticator_data::{AuthenticatorData, Flags};
use crate::cbor::{self, Map, Value};
use crate::client_data::{self, Ceremony};
use crate::cose::CoseKey;
use crate::error::Refusal;

/// The answer of `navigator.credentials.create`, its parts decoded.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'a> {
    /// `response.clientDataJSON`.
    pub client_data: &'a [u8],
    /// `response.attestationObject`.
    pub attestation_object: &'a [u8],
}

/// A credential, as the relying party keeps it (§4, credential record).
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its id.
    pub id: Vec<u8>,
    /// Its public key.
    pub key: CoseKey,
    /// The counter of the last use; 0 of an authenticator that does not count.
    pub counter: u32,
    /// What the authenticator said of itself when it was made.
    pub flags: Flags,
    /// The authenticator's model; all zeros where it does not say.
    pub aaguid: [u8; 16],
    /// What is known of the authenticator's origin.
    pub attestation: Attestation,
}

/// Verifies that a new credential was made as it was asked for. `algorithms` are the numbers that were asked for
/// (`pubKeyCredParams`), such as -7 for ES256. That no other person has this credential's id, the caller's store sees to
/// (step 26).
pub fn register(
    provider: &dyn Provider,
    registration: &Registration<'_>,
    algorithms: &[i64],
    expected: &Expected<'_>,
) -> Result<Credential, Refusal> {
    let (format, statement, bytes) = opened(registration.attestation_object)?;
    client_data::check(provider, registration.client_data, Ceremony::Create, expected)?;
    let client_data_hash = provider.sha256(registration.client_data);
    let data = AuthenticatorData::parse(provider, bytes)?;
    data.check(provider, expected)?;
    let attested = data.attested.as_ref().ok_or(Refusal::AuthenticatorData("bring no credential"))?;
    // Step 20.
    if !algorithms.contains(&attested.key.algorithm()) {
        return Err(Refusal::Algorithm(attested.key.algorithm()));
    }
    // Steps 21 to 24.
    let signed = [bytes, &client_data_hash].concat();
    let attestation = attestation::verify(provider, format, &statement, attested, &signed, &data)?;
    Ok(Credential {
        id: attested.id.to_vec(),
        key: attested.key.clone(),
        counter: data.counter,
        flags: data.flags,
        aaguid: attested.aaguid,
        attestation,
    })
}

/// An attestation object's format, statement and authenticator data (§6.5.4; §7.1 step 13).
pub(crate) fn opened(object: &[u8]) -> Result<(&str, Map<'_>, &[u8]), Refusal> {
    bounded("attestationObject", object)?;
    let (mut object, rest) = cbor::map(object)?;
    if !rest.is_empty() {
        return Err(Refusal::Cbor("something follows the attestation object"));
    }
    match (object.take("fmt"), object.take("attStmt"), object.take("authData")) {
        (Some(Value::Text(format)), Some(Value::Map(statement)), Some(Value::Bytes(data))) => {
            Ok((format, statement, data))
        }
        _ => Err(Refusal::Cbor("the attestation object lacks fmt, attStmt or authData")),
    }
}

pub(crate) fn bounded(what: &'static str, bytes: &[u8]) -> Result<(), Refusal> {
    match bytes.len() {
        found if found > OBJECT => Err(Refusal::TooLong { what, found, limit: OBJECT }),
        _ => Ok(()),
    }
}

/// Bytes: a credential id, a key and a chain of certificates.
const OBJECT: usize = 32 * 1024;
