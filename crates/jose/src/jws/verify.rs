//! Verifying: form, payload, then each signature's header, key and bytes.

use super::read::{Message, Signed, read, signing_input};
use super::rules::Typ;
use super::{Form, Header, Rules, VerifyError, possible_length, same_typ, understood};
use crate::alg::JwsAlgorithm;
use crate::jwk::{VerifyingKey, excerpt};
use crate::jwks::{Keys, ambiguous, candidates};

/// A message of which a signature has been checked, or all. There is no other way to make one.
///
/// ```
/// use vestibule_jose::jws::{self, Draft, Form, Headers, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let message = Draft::new(b"text").sign(&key, &Headers::default())?.compact()?;
/// let verified = jws::verify(&message, &key.verifying_key(), &Rules::new(&[JwsAlgorithm::ES256]))?;
/// assert_eq!((verified.form(), verified.header().alg_name()), (Form::Compact, "ES256"));
/// assert_eq!((verified.payload(), verified.signatures().len()), (&b"text"[..], 1));
/// assert_eq!(verified.into_payload(), b"text");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verified {
    form: Form,
    payload: Vec<u8>,
    signatures: Vec<VerifiedSignature>,
}

/// A signature that holds.
///
/// ```
/// use vestibule_jose::jws::{self, Draft, Headers, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let [one, other] = [SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?, SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?];
/// let message = Draft::new(b"text").sign(&one, &Headers::default())?.sign(&other, &Headers::default())?.general()?;
/// let verified = jws::verify(&message, &other.verifying_key(), &Rules::new(&[JwsAlgorithm::ES256]))?;
/// let signature = &verified.signatures()[0];
/// assert_eq!((signature.index(), signature.key().kid()), (1, other.kid()));
/// assert_eq!(signature.header().kid(), other.kid());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    index: usize,
    header: Header,
    key: VerifyingKey,
}

impl Verified {
    /// What was signed.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What was signed, taken out.
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// How the message is written.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The signatures that hold, at least one: the first that does, or all where [`Rules::all_signatures`] asked.
    pub fn signatures(&self) -> &[VerifiedSignature] {
        &self.signatures
    }

    /// The header of the first signature that holds.
    pub fn header(&self) -> &Header {
        self.signatures[0].header()
    }
}

impl VerifiedSignature {
    pub(super) fn new(index: usize, header: Header, key: VerifyingKey) -> Self {
        Self { index, header, key }
    }

    /// Its place in the message, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its headers. Of [`Header::unprotected`] nothing is proven.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The key under which it holds.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

/// Verifies a message of any form with these keys under these rules (RFC 7515 §5.2). All signatures together cost no
/// more verifications than [`crate::Limits::attempts`].
///
/// ```
/// use vestibule_jose::jws::{self, Draft, Headers, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::Ed25519)?;
/// let message = Draft::new(b"text").detached().sign(&key, &Headers::default())?.compact()?;
/// let rules = Rules::new(&[JwsAlgorithm::Ed25519]);
/// assert!(jws::verify(&message, &key.verifying_key(), &rules.clone().detached(b"text")).is_ok());
/// assert!(jws::verify(&message, &key.verifying_key(), &rules.detached(b"other")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(text: &str, keys: &(impl Keys + ?Sized), rules: &Rules<'_>) -> Result<Verified, VerifyError> {
    let mut message = read(text, &rules.limits)?;
    form(&message, rules)?;
    let payload = payload(&mut message, rules)?;
    let all = rules.wants_all();
    let (mut signatures, mut errors) = (Vec::new(), Vec::new());
    let mut attempts = rules.limits.attempts;
    for (index, signed) in message.signatures.into_iter().enumerate() {
        let input = signing_input(&signed.protected, message.encoding, &payload);
        match one(&signed, &input, keys.keys(), rules, &mut attempts) {
            Ok(key) => {
                let key = key.clone();
                signatures.push(VerifiedSignature::new(index, signed.header, key));
                if !all {
                    break;
                }
            }
            Err(error) => errors.push((index, error)),
        }
    }
    Ok(Verified { form: message.form, payload, signatures: concluded(signatures, errors, all)? })
}

/// What the signatures come to: one that holds, or all of them.
pub(super) fn concluded(
    held: Vec<VerifiedSignature>,
    errors: Vec<(usize, VerifyError)>,
    all: bool,
) -> Result<Vec<VerifiedSignature>, VerifyError> {
    if !held.is_empty() && (!all || errors.is_empty()) {
        return Ok(held);
    }
    Err(match <[_; 1]>::try_from(errors) {
        Ok([(_, error)]) if held.is_empty() => error,
        Ok(one) => VerifyError::Signatures(one.into()),
        Err(several) => VerifyError::Signatures(several),
    })
}

/// The message, which must have no payload inside.
pub(super) fn without_payload(mut message: Message, rules: &Rules<'_>) -> Result<Message, VerifyError> {
    form(&message, rules)?;
    payload(&mut message, &rules.clone().detached(b""))?;
    Ok(message)
}

fn form(message: &Message, rules: &Rules<'_>) -> Result<(), VerifyError> {
    match rules.form.filter(|form| *form != message.form) {
        Some(expected) => Err(VerifyError::Form { expected, found: message.form }),
        None => Ok(()),
    }
}

/// The payload inside, or the one that came by itself; never a choice between two.
fn payload(message: &mut Message, rules: &Rules<'_>) -> Result<Vec<u8>, VerifyError> {
    match (message.payload.take(), rules.detached) {
        (Some(inside), None) => Ok(inside),
        (None, Some(detached)) => Ok(detached.to_vec()),
        (Some(inside), Some(detached)) if inside.is_empty() && message.form == Form::Compact => Ok(detached.to_vec()),
        (Some(_), Some(_)) => Err(VerifyError::Payload("expected apart from the message, found inside")),
        (None, None) => Err(VerifyError::Payload("expected inside of the message, found none")),
    }
}

fn one<'a>(
    signed: &'a Signed,
    input: &[u8],
    keys: &'a [VerifyingKey],
    rules: &Rules<'_>,
    attempts: &mut usize,
) -> Result<&'a VerifyingKey, VerifyError> {
    let alg = checked(&signed.header, rules)?;
    signature(&signed.header, alg, input, &signed.bytes, keys, attempts)
}

/// What the header must say before any key is asked.
pub(super) fn checked(header: &Header, rules: &Rules<'_>) -> Result<JwsAlgorithm, VerifyError> {
    understood(header, &rules.understood)?;
    let alg = algorithm(header, rules.algorithms)?;
    typ(header, rules.typ)?;
    Ok(alg)
}

/// The header's word counts only where the caller allows it (RFC 8725 §3.1).
pub(crate) fn algorithm(header: &Header, allowed: &[JwsAlgorithm]) -> Result<JwsAlgorithm, VerifyError> {
    header
        .alg()
        .filter(|alg| allowed.contains(alg))
        .ok_or_else(|| VerifyError::Algorithm { allowed: allowed.to_vec(), found: excerpt(header.alg_name()) })
}

pub(crate) fn typ(header: &Header, expected: Typ<'_>) -> Result<(), VerifyError> {
    let (expected, right) = match (expected, header.typ()) {
        (Typ::Any, _) | (Typ::ExactlyOrAbsent(_), None) => return Ok(()),
        (Typ::Exactly(expected), None) => (expected, false),
        (Typ::Exactly(expected) | Typ::ExactlyOrAbsent(expected), Some(found)) => (expected, same_typ(expected, found)),
    };
    if right {
        return Ok(());
    }
    Err(VerifyError::Typ { expected: expected.to_owned(), found: header.typ().map(excerpt) })
}

/// Tries the keys that may have made the signature, as long as there are attempts left, and gives the one that did.
pub(crate) fn signature<'a>(
    header: &'a Header,
    alg: JwsAlgorithm,
    input: &[u8],
    signature: &[u8],
    keys: &'a [VerifyingKey],
    attempts: &mut usize,
) -> Result<&'a VerifyingKey, VerifyError> {
    let possible = possible_length(alg, signature.len());
    let mut tried = 0;
    for key in serving(header, alg, keys)?.take(*attempts) {
        tried += 1;
        *attempts -= 1;
        if possible && key.verify(alg, input, signature) {
            return Ok(key);
        }
    }
    Err(Tried { keys: tried, left: *attempts }.refusal(alg, header.kid()))
}

/// The keys that may have made a signature with this header, unless its name is that of several.
pub(super) fn serving<'a>(
    header: &'a Header,
    alg: JwsAlgorithm,
    keys: &'a [VerifyingKey],
) -> Result<impl Iterator<Item = &'a VerifyingKey> + 'a, VerifyError> {
    let kid = header.kid();
    match ambiguous(keys, kid, alg) {
        true => Err(VerifyError::Ambiguous { alg, kid: kid.map(excerpt) }),
        false => Ok(candidates(keys, kid, alg)),
    }
}

/// How many keys were tried in vain, and how many more could have been.
pub(super) struct Tried {
    pub(super) keys: usize,
    pub(super) left: usize,
}

impl Tried {
    pub(super) fn refusal(&self, alg: JwsAlgorithm, kid: Option<&str>) -> VerifyError {
        let kid = kid.map(excerpt);
        // Without an attempt left nothing can be said of the keys.
        match self.keys == 0 && self.left > 0 {
            true => VerifyError::NoKey { alg, kid },
            false => VerifyError::Signature { alg, kid, tried: self.keys },
        }
    }
}
