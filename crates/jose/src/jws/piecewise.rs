//! Detached messages that come in pieces, so that a file of any length needs no memory (RFC 7515 appendix F, RFC 7797).

use super::critical::Encoding;
use super::read::{Signed, read, signing_input};
use super::verify::{Tried, VerifiedSignature, checked, concluded, serving, without_payload};
use super::{Draft, Form, Header, Headers, Prepared, Rules, SignError, VerifyError, possible_length};
use crate::alg::JwsAlgorithm;
use crate::base64url;
use crate::jwk::{SigningKey, VerifyingKey};
use crate::jwks::Keys;
use crate::provider::Absorb;

/// A detached message that is being signed.
///
/// ```
/// use vestibule_jose::jws::{self, Headers, Rules, Signing, Verifying};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let mut signing = Signing::begin(&key, &Headers::default(), false)?.expect("ES256 takes pieces");
/// signing.update(b"a long ");
/// signing.update(b"file");
/// let message = signing.finish()?.compact()?;
///
/// let rules = Rules::new(&[JwsAlgorithm::ES256]);
/// assert!(jws::verify(&message, &key.verifying_key(), &rules.clone().detached(b"a long file")).is_ok());
/// let mut verifying = Verifying::begin(&message, &key.verifying_key(), &rules)?.expect("pieces");
/// verifying.update(b"a long file");
/// assert_eq!(verifying.finish()?.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signing {
    key: SigningKey,
    draft: Draft<'static>,
    prepared: Prepared,
    absorb: Box<dyn Absorb>,
    pieces: Pieces,
}

impl Signing {
    /// Begins; `None` where the key's algorithm or its provider takes a message only whole (Ed25519 and ML-DSA do).
    pub fn begin(key: &SigningKey, headers: &Headers<'_>, unencoded: bool) -> Result<Option<Self>, SignError> {
        let draft = Draft::new(b"").detached();
        let (draft, encoding) =
            if unencoded { (draft.unencoded(), Encoding::Plain) } else { (draft, Encoding::Base64url) };
        let prepared = draft.prepare(key.alg(), key.kid(), headers)?;
        let Some(mut absorb) = key.begin() else { return Ok(None) };
        // Of nothing yet: the header and its dot.
        absorb.update(prepared.signing_input());
        Ok(Some(Self { key: key.clone(), draft, prepared, absorb, pieces: Pieces::new(encoding) }))
    }

    /// Takes in the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.pieces.update(piece, &mut |input| self.absorb.update(input));
    }

    /// Signs what was taken in.
    pub fn finish(mut self) -> Result<Detached, SignError> {
        self.pieces.finish(&mut |input| self.absorb.update(input));
        let signature = self.key.sign_absorbed(&self.absorb.finish())?;
        Ok(Detached(self.draft.attach(self.prepared, &signature)?))
    }
}

/// A signed message without its payload.
///
/// ```
/// use vestibule_jose::jws::{Headers, Signing};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::PS256)?;
/// let signing = Signing::begin(&key, &Headers::default(), true)?.expect("pieces");
/// let detached = signing.finish()?;
/// assert!(detached.compact()?.contains("..") && !detached.flattened()?.contains("payload"));
/// assert!(detached.general()?.starts_with("{\"signatures\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Detached(Draft<'static>);

impl Detached {
    /// As [`Draft::compact`].
    pub fn compact(&self) -> Result<String, SignError> {
        self.0.compact()
    }

    /// As [`Draft::flattened`].
    pub fn flattened(&self) -> Result<String, SignError> {
        self.0.flattened()
    }

    /// As [`Draft::general`].
    pub fn general(&self) -> Result<String, SignError> {
        self.0.general()
    }
}

/// A detached message that is being verified, by the rules of [`super::verify`]; see [`Signing`].
///
/// ```
/// use vestibule_jose::jws::{Draft, Headers, Rules, VerifyError, Verifying};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::RS256)?;
/// let message = Draft::new(b"text").detached().sign(&key, &Headers::default())?.compact()?;
/// let rules = Rules::new(&[JwsAlgorithm::RS256]);
/// let mut verifying = Verifying::begin(&message, &key.verifying_key(), &rules)?.expect("RS256 takes pieces");
/// verifying.update(b"another text");
/// assert!(matches!(verifying.finish(), Err(VerifyError::Signature { tried: 1, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Verifying {
    form: Form,
    all: bool,
    pieces: Pieces,
    signatures: Vec<Result<Pending, VerifyError>>,
}

/// A signature that waits for the message, and the keys that may have made it.
struct Pending {
    header: Header,
    alg: JwsAlgorithm,
    bytes: Vec<u8>,
    keys: Vec<(VerifyingKey, Box<dyn Absorb>)>,
    tried: Tried,
}

impl Verifying {
    /// Begins; `None` where an algorithm or its provider takes a message only whole, which [`super::verify`] then does.
    /// A payload that the rules bring along is left aside. The message costs a hash for each key that may have signed, of
    /// all signatures together no more than [`crate::Limits::attempts`].
    pub fn begin(text: &str, keys: &(impl Keys + ?Sized), rules: &Rules<'_>) -> Result<Option<Self>, VerifyError> {
        let message = without_payload(read(text, &rules.limits)?, rules)?;
        let mut attempts = rules.limits.attempts;
        let mut signatures = Vec::new();
        for signed in message.signatures {
            match Pending::begin(signed, message.encoding, keys.keys(), rules, &mut attempts) {
                Ok(None) => return Ok(None),
                Ok(Some(pending)) => signatures.push(Ok(pending)),
                Err(error) => signatures.push(Err(error)),
            }
        }
        let all = rules.wants_all();
        Ok(Some(Self { form: message.form, all, pieces: Pieces::new(message.encoding), signatures }))
    }

    /// How the message is written.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Takes in the next piece of the payload.
    pub fn update(&mut self, piece: &[u8]) {
        let keys = self.signatures.iter_mut().flatten().flat_map(|pending| &mut pending.keys);
        let mut keys: Vec<_> = keys.map(|(_, absorb)| absorb).collect();
        self.pieces.update(piece, &mut |input| keys.iter_mut().for_each(|absorb| absorb.update(input)));
    }

    /// The signatures that hold, at least one: the first that does, or all where [`Rules::all_signatures`] asked.
    pub fn finish(mut self) -> Result<Vec<VerifiedSignature>, VerifyError> {
        let keys = self.signatures.iter_mut().flatten().flat_map(|pending| &mut pending.keys);
        let mut keys: Vec<_> = keys.map(|(_, absorb)| absorb).collect();
        self.pieces.finish(&mut |input| keys.iter_mut().for_each(|absorb| absorb.update(input)));
        let (mut held, mut errors) = (Vec::new(), Vec::new());
        for (index, pending) in self.signatures.into_iter().enumerate() {
            match pending.and_then(|pending| pending.signature(index)) {
                Ok(signature) if self.all || held.is_empty() => held.push(signature),
                Ok(_) => {}
                Err(error) => errors.push((index, error)),
            }
        }
        concluded(held, errors, self.all)
    }
}

impl Pending {
    fn begin(
        signed: Signed,
        encoding: Encoding,
        keys: &[VerifyingKey],
        rules: &Rules<'_>,
        attempts: &mut usize,
    ) -> Result<Option<Self>, VerifyError> {
        let alg = checked(&signed.header, rules)?;
        let before = signing_input(&signed.protected, encoding, b"");
        let mut begun = Vec::new();
        for key in serving(&signed.header, alg, keys)?.take(*attempts) {
            let Some(mut absorb) = key.begin(alg) else { return Ok(None) };
            absorb.update(&before);
            begun.push((key.clone(), absorb));
        }
        *attempts -= begun.len();
        let tried = Tried { keys: begun.len(), left: *attempts };
        Ok(Some(Self { header: signed.header, alg, bytes: signed.bytes, keys: begun, tried }))
    }

    fn signature(self, index: usize) -> Result<VerifiedSignature, VerifyError> {
        let possible = possible_length(self.alg, self.bytes.len());
        for (key, absorb) in self.keys {
            if possible && key.verify_absorbed(self.alg, &absorb.finish(), &self.bytes) {
                return Ok(VerifiedSignature::new(index, self.header, key));
            }
        }
        Err(self.tried.refusal(self.alg, self.header.kid()))
    }
}

/// The payload as it stands in what is signed, piece by piece.
struct Pieces {
    encoding: Encoding,
    /// Fewer than three bytes, which do not make whole signs yet.
    rest: Vec<u8>,
    text: String,
}

impl Pieces {
    fn new(encoding: Encoding) -> Self {
        Self { encoding, rest: Vec::new(), text: String::new() }
    }

    fn update(&mut self, mut piece: &[u8], to: &mut dyn FnMut(&[u8])) {
        if self.encoding == Encoding::Plain {
            return to(piece);
        }
        if !self.rest.is_empty() {
            let (head, tail) = piece.split_at(piece.len().min(3 - self.rest.len()));
            self.rest.extend_from_slice(head);
            piece = tail;
            if self.rest.len() < 3 {
                return;
            }
            to(base64url::encode(&self.rest).as_bytes());
        }
        let (whole, rest) = piece.split_at(piece.len() / 3 * 3);
        self.rest = rest.to_vec();
        self.text.clear();
        base64url::encode_to(whole, &mut self.text);
        to(self.text.as_bytes());
    }

    fn finish(&mut self, to: &mut dyn FnMut(&[u8])) {
        to(base64url::encode(&self.rest).as_bytes());
    }
}
