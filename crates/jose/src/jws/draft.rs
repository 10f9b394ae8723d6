//! Signing any bytes, once or several times, and writing the result in one of the forms (RFC 7515 §5.1).

use super::critical::{Encoding, fits_compact};
use super::{Headers, SignError, possible_length};
use crate::alg::JwsAlgorithm;
use crate::base64url;
use crate::json::{Object, Value};
use crate::jwk::SigningKey;

/// Bytes that are being signed.
///
/// ```
/// # use vestibule_jose as jose;
/// use jose::jws::{Draft, Headers};
/// use jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::Ed25519)?;
/// let compact = Draft::new(b"hello").sign(&key, &Headers::default())?.compact()?;
/// assert_eq!(compact.split('.').count(), 3);
///
/// // The key lies elsewhere: what is to be signed goes there, the signature comes back.
/// let draft = Draft::new(b"a body of HTTP").unencoded().detached();
/// let prepared = draft.prepare(key.alg(), key.kid(), &Headers::default())?;
/// let signature = key.sign(prepared.signing_input())?;
/// let json = draft.attach(prepared, &signature)?.flattened()?;
/// assert!(!json.contains("payload"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    payload: &'a [u8],
    encoding: Encoding,
    place: Payload,
    signatures: Vec<Signature>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Payload {
    Inside,
    Detached,
}

#[derive(Clone, Debug)]
struct Signature {
    /// Encoded; empty where nothing is protected.
    protected: String,
    unprotected: Object,
    encoded: String,
}

/// One signature that lacks only its bytes.
///
/// ```
/// use vestibule_jose::jws::{Draft, Headers};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// // The key lies elsewhere, behind a service that signs bytes.
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let draft = Draft::new(b"text");
/// let prepared = draft.prepare(JwsAlgorithm::ES256, key.kid(), &Headers::default())?;
/// assert_eq!(prepared.alg(), JwsAlgorithm::ES256);
/// let signature = key.sign(prepared.signing_input())?;
/// assert_eq!(draft.attach(prepared, &signature)?.compact()?.split('.').count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prepared {
    alg: JwsAlgorithm,
    protected: String,
    unprotected: Object,
    signing_input: Vec<u8>,
}

impl Prepared {
    /// What is to be signed (RFC 7515 §5.1, step 5; RFC 7797 §3).
    pub fn signing_input(&self) -> &[u8] {
        &self.signing_input
    }

    /// The algorithm.
    pub fn alg(&self) -> JwsAlgorithm {
        self.alg
    }
}

impl<'a> Draft<'a> {
    /// Nothing is signed yet.
    pub fn new(payload: &'a [u8]) -> Self {
        Self { payload, encoding: Encoding::Base64url, place: Payload::Inside, signatures: Vec::new() }
    }

    /// The payload stands as it is, without base64url (RFC 7797). Said before the first signature.
    pub fn unencoded(mut self) -> Self {
        self.encoding = Encoding::Plain;
        self
    }

    /// The payload is left out of the text and travels by itself (RFC 7515 appendix F).
    pub fn detached(mut self) -> Self {
        self.place = Payload::Detached;
        self
    }

    /// Signs with the key's algorithm and name.
    pub fn sign(self, key: &SigningKey, headers: &Headers<'_>) -> Result<Self, SignError> {
        let prepared = self.prepare(key.alg(), key.kid(), headers)?;
        let signature = key.sign(prepared.signing_input())?;
        self.attach(prepared, &signature)
    }

    /// Writes the headers of one signature, which is made elsewhere.
    pub fn prepare(&self, alg: JwsAlgorithm, kid: Option<&str>, headers: &Headers<'_>) -> Result<Prepared, SignError> {
        let (protected, unprotected) = headers.written(alg, kid, self.encoding)?;
        let protected = match protected.is_empty() {
            true => String::new(),
            false => base64url::encode(serde_json::to_vec(&protected)?),
        };
        let signing_input = self.signing_input(&protected);
        Ok(Prepared { alg, protected, unprotected, signing_input })
    }

    /// Adds the signature that was made elsewhere. ECDSA signatures are raw `r ‖ s`; one of impossible length is
    /// refused, and so is one that was prepared for another draft.
    pub fn attach(mut self, prepared: Prepared, signature: &[u8]) -> Result<Self, SignError> {
        if !possible_length(prepared.alg, signature.len()) {
            return Err(SignError::SignatureLength { alg: prepared.alg, found: signature.len() });
        }
        if self.signing_input(&prepared.protected) != prepared.signing_input {
            return Err(SignError::Form("the signature was prepared for another payload or encoding"));
        }
        let Prepared { protected, unprotected, .. } = prepared;
        self.signatures.push(Signature { protected, unprotected, encoded: base64url::encode(signature) });
        Ok(self)
    }

    /// `header.payload.signature` (RFC 7515 §7.1), for one signature without unprotected members.
    pub fn compact(&self) -> Result<String, SignError> {
        let one = self.only()?;
        if !one.unprotected.is_empty() {
            return Err(SignError::Form("the compact form has no unprotected header (RFC 7515 §7.1)"));
        }
        let inside = self.place == Payload::Inside;
        if inside && self.encoding == Encoding::Plain && !fits_compact(self.payload) {
            return Err(SignError::Form(
                "the compact form carries an unencoded payload only of printable ASCII without a period (RFC 7797 §5.2)",
            ));
        }
        let payload = if inside { self.payload_text()? } else { String::new() };
        Ok([one.protected.as_str(), &payload, &one.encoded].join("."))
    }

    /// One signature as a JSON object (RFC 7515 §7.2.2).
    pub fn flattened(&self) -> Result<String, SignError> {
        let members = self.only()?.to_members();
        self.with_payload(members)
    }

    /// One signature or more as a JSON object (RFC 7515 §7.2.1).
    pub fn general(&self) -> Result<String, SignError> {
        if self.signatures.is_empty() {
            return Err(SignError::Form("nothing is signed yet"));
        }
        let signatures: Vec<Value> =
            self.signatures.iter().map(|signature| Value::Object(signature.to_members())).collect();
        self.with_payload(Object::from_iter([("signatures".into(), signatures.into())]))
    }

    fn with_payload(&self, mut members: Object) -> Result<String, SignError> {
        if self.place == Payload::Inside {
            members.insert("payload".into(), self.payload_text()?.into());
        }
        Ok(serde_json::to_string(&members)?)
    }

    fn only(&self) -> Result<&Signature, SignError> {
        match self.signatures.as_slice() {
            [one] => Ok(one),
            _ => Err(SignError::Form("this form carries exactly one signature")),
        }
    }

    /// The payload as the text carries it (RFC 7797 §5.3: a JSON string can be unencoded only where it is UTF-8).
    fn payload_text(&self) -> Result<String, SignError> {
        match self.encoding {
            Encoding::Base64url => Ok(base64url::encode(self.payload)),
            Encoding::Plain => match std::str::from_utf8(self.payload) {
                Ok(text) => Ok(text.to_owned()),
                Err(_) => Err(SignError::Form("an unencoded payload that is not UTF-8 can only be detached")),
            },
        }
    }

    fn signing_input(&self, protected: &str) -> Vec<u8> {
        super::read::signing_input(protected, self.encoding, self.payload)
    }
}

impl Signature {
    fn to_members(&self) -> Object {
        let mut members = Object::new();
        if !self.protected.is_empty() {
            members.insert("protected".into(), self.protected.as_str().into());
        }
        if !self.unprotected.is_empty() {
            members.insert("header".into(), self.unprotected.clone().into());
        }
        members.insert("signature".into(), self.encoded.as_str().into());
        members
    }
}
