//! Verifying: header, key, signature, claims, in this order.

use serde::de::DeserializeOwned;

use super::claims::check as check_claims;
use super::found::{PlainClaims, Registered};
use super::token::{Parts, split};
use super::{Header, Rules, VerifyError};
use crate::json::plain::{self, Members};
use crate::json::{Object, Value};
use crate::jwk::{KeyError, VerifyingKey};
use crate::jwks::Keys;
use crate::jws::{self, TokenError, object};
use crate::provider::Provider;
use crate::scratch::Scratch;

/// A token whose signature and claims have been checked. There is no other way to make one.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
/// use serde_json::json;
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let token = jwt::sign(&key, &HeaderExtras::default(), &json!({"sub": "ada", "exp": 1_700_000_300}))?;
///
/// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256]);
/// let verified: jwt::Verified = jwt::verify(&token, &key.verifying_key(), &rules)?;
/// assert_eq!((&verified.claims()["sub"], verified.header().alg_name()), (&"ada".into(), "ES256"));
/// assert_eq!(verified.into_claims().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Verified<T = Object> {
    header: Header,
    claims: T,
}

impl<T> Verified<T> {
    /// The claims.
    pub fn claims(&self) -> &T {
        &self.claims
    }

    /// The claims, taken out.
    pub fn into_claims(self) -> T {
        self.claims
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

/// Verifies a token with one of these keys under these rules (RFC 7519 §7.2, RFC 8725 §3), at the cost of at most
/// [`crate::Limits::attempts`] verifications.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Claims {
///     sub: String,
///     exp: i64,
/// }
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let token = jwt::sign(&key, &HeaderExtras::default(), &Claims { sub: "ada".into(), exp: 1_700_000_300 })?;
/// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256]).require_exp();
/// assert_eq!(jwt::verify::<Claims>(&token, &key.verifying_key(), &rules)?.claims().sub, "ada");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify<T: DeserializeOwned>(
    token: &str,
    keys: &(impl Keys + ?Sized),
    rules: &Rules<'_>,
) -> Result<Verified<T>, VerifyError> {
    let mut scratch = Scratch::new();
    let parts = split(token, keys.keys(), &rules.limits, &mut scratch)?;
    let mut attempts = rules.limits.attempts;
    let key = check_signature(&parts, parts.signature(&mut scratch)?, keys.keys(), rules, &mut attempts)?;
    key.usual_header().keep(parts.protected(), &parts.header);
    let payload = parts.payload(&rules.limits, &mut scratch)?;
    read(payload, rules).map(|claims| Verified { claims, header: parts.header })
}

/// Why a token is not believed that brings its own key.
///
/// ```
/// use vestibule_jose::jwt::{self, OwnKeyError, Rules};
/// use vestibule_jose::{JwsAlgorithm, json::Object, provider::aws_lc};
///
/// let rules = Rules::new(0, &[JwsAlgorithm::ES256]);
/// let error = jwt::verify_by_own_key::<Object>(aws_lc(), "eyJhbGciOiJFUzI1NiJ9.e30.AA", &rules).expect_err("no key");
/// assert_eq!(error, OwnKeyError::NoKey);
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OwnKeyError {
    /// It is no JWT of the right sort, its signature is wrong, or a claim is.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// Its header has no key.
    #[error("jwk: expected in the header, but missing")]
    NoKey,
    /// The key in its header is none, or is private.
    #[error("jwk: {0}")]
    Key(#[from] KeyError),
}

/// Verifies a token by the key that its own header brings (RFC 7515 §4.1.3). It proves that whoever made it holds that
/// key, and nothing else: what the key is worth, the caller must know from elsewhere.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::{Object, Value}, provider::aws_lc};
/// use serde_json::json;
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let members = Object::from_iter([("jwk".to_owned(), Value::Object(key.public_jwk().expect("a key pair")))]);
/// let token = jwt::sign(&key, &HeaderExtras { members, ..HeaderExtras::default() }, &json!({"jti": "1"}))?;
/// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256]).require_jti();
/// let (verified, own) = jwt::verify_by_own_key::<Object>(aws_lc(), &token, &rules)?;
/// assert_eq!((&verified.claims()["jti"], own.thumbprint()), (&"1".into(), key.verifying_key().thumbprint()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_by_own_key<T: DeserializeOwned>(
    provider: &dyn Provider,
    token: &str,
    rules: &Rules<'_>,
) -> Result<(Verified<T>, VerifyingKey), OwnKeyError> {
    let mut scratch = Scratch::new();
    let parts = split(token, &[], &rules.limits, &mut scratch).map_err(VerifyError::from)?;
    let signature = parts.signature(&mut scratch).map_err(VerifyError::from)?;
    let alg = jws::algorithm(&parts.header, rules.algorithms).map_err(VerifyError::from)?;
    jws::typ(&parts.header, rules.typ).map_err(VerifyError::from)?;
    let jwk = parts.header.members().get("jwk").and_then(Value::as_object).ok_or(OwnKeyError::NoKey)?;
    let key = VerifyingKey::from_jwk_object(provider, jwk)?;
    if !key.verify(alg, parts.signing_input(), signature) {
        let error = jws::VerifyError::Signature { alg, kid: None, tried: 1 };
        return Err(VerifyError::from(error).into());
    }
    let payload = parts.payload(&rules.limits, &mut scratch).map_err(VerifyError::from)?;
    let claims = read(payload, rules)?;
    Ok((Verified { claims, header: parts.header }, key))
}

/// The payload as claims under the rules. What is plain is read where it lies, which is several times as fast; what is
/// not, and what does not fit, is read with all that is needed to say why.
#[inline(always)]
fn read<T: DeserializeOwned>(payload: &[u8], rules: &Rules<'_>) -> Result<T, VerifyError> {
    let mut registered = Registered::default();
    if let Ok(members) = Members::new(payload, rules.limits.json_depth)
        && let Ok(claims) = plain::read(members, &mut |name, value| registered.see(name, value))
    {
        check_claims(&PlainClaims { registered, all: members.whole() }, rules)?;
        return Ok(claims);
    }
    let object = object("payload", payload, rules.limits.json_bytes, &rules.limits)?;
    check_claims(&object, rules)?;
    T::deserialize(Value::Object(object)).map_err(|error| VerifyError::Shape(error.to_string()))
}

/// Header, key and signature of the first of these tokens, which have one payload, that holds; of the claims only that
/// they are an object.
pub(crate) fn verify_signature<'a>(
    tokens: impl Iterator<Item = &'a str>,
    keys: &(impl Keys + ?Sized),
    rules: &Rules<'_>,
) -> Result<(Header, Object), VerifyError> {
    let mut scratch = Scratch::new();
    let each = tokens.map(|token| {
        let parts = split(token, keys.keys(), &rules.limits, &mut scratch)?;
        let signature = parts.signature(&mut scratch)?.to_vec();
        Ok::<_, TokenError>((parts, signature))
    });
    let each = each.collect::<Result<Vec<_>, _>>().map_err(jws::VerifyError::from)?;
    let (mut errors, mut attempts) = (Vec::new(), rules.limits.attempts);
    for (index, (parts, signature)) in each.into_iter().enumerate() {
        match check_signature(&parts, &signature, keys.keys(), rules, &mut attempts) {
            Ok(_) => {
                let payload = parts.payload(&rules.limits, &mut scratch)?;
                let claims = object("payload", payload, rules.limits.json_bytes, &rules.limits)?;
                return Ok((parts.header, claims));
            }
            Err(error) => errors.push((index, error)),
        }
    }
    let error = match <[_; 1]>::try_from(errors) {
        Ok([(_, error)]) => error,
        Err(several) => jws::VerifyError::Signatures(several),
    };
    Err(error.into())
}

fn check_signature<'a>(
    parts: &'a Parts<'_>,
    signature: &[u8],
    keys: &'a [VerifyingKey],
    rules: &Rules<'_>,
    attempts: &mut usize,
) -> Result<&'a VerifyingKey, jws::VerifyError> {
    let alg = jws::algorithm(&parts.header, rules.algorithms)?;
    jws::typ(&parts.header, rules.typ)?;
    jws::signature(&parts.header, alg, parts.signing_input(), signature, keys, attempts)
}
