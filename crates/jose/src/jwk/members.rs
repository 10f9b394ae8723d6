//! From the members of a JWK to checked numbers, and back.

use serde_json::Value;
use zeroize::Zeroizing;

use super::material::{Curve, MlDsa, PrivateMaterial, PublicMaterial, RsaPrivate};
use super::{KeyError, complete, excerpt};
use crate::alg::JwsAlgorithm;
use crate::base64url;
use crate::json::Object;
use crate::json::plain::Named;

/// What the key is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Sign,
    Verify,
}

impl Operation {
    /// The name in `key_ops` (RFC 7517 §4.3).
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
        }
    }
}

/// The members that every key type shares.
pub(crate) struct Common {
    pub(crate) kid: Option<String>,
    pub(crate) alg: Option<JwsAlgorithm>,
}

/// `use` and `key_ops` must allow the operation; `alg` must be one that signs.
pub(crate) fn common(jwk: &Object, operation: Operation) -> Result<Common, KeyError> {
    if let Some(purpose) = optional_text(jwk, "use")?
        && purpose != "sig"
    {
        return Err(KeyError::Usage { member: "use", operation: operation.as_str() });
    }
    if let Some(names) = key_ops(jwk)?
        && !names.contains(&operation.as_str())
    {
        return Err(KeyError::Usage { member: "key_ops", operation: operation.as_str() });
    }
    let kid = optional_text(jwk, "kid")?.map(str::to_owned);
    let alg = match optional_text(jwk, "alg")? {
        Some(name) => Some(name.parse().map_err(|_| KeyError::UnknownAlgorithm(excerpt(name)))?),
        None => None,
    };
    Ok(Common { kid, alg })
}

/// The operations that the key names, if it does: an array of distinct strings (RFC 7517 §4.3).
pub(super) fn key_ops(jwk: &Object) -> Result<Option<Vec<&str>>, KeyError> {
    const WRONG: KeyError = KeyError::Member { member: "key_ops", expected: "an array of distinct strings" };
    let Some(operations) = jwk.get("key_ops") else { return Ok(None) };
    let mut names = Vec::new();
    for name in operations.as_array().ok_or(WRONG)? {
        match name.as_str() {
            Some(name) if names.len() < KEY_OPS && !names.contains(&name) => names.push(name),
            _ => return Err(WRONG),
        }
    }
    Ok(Some(names))
}

/// The public numbers of an RSA, EC or OKP key.
pub(crate) fn public(jwk: &Object) -> Result<PublicMaterial, KeyError> {
    match kty(jwk)? {
        "RSA" => PublicMaterial::rsa(bytes(jwk, "n")?, bytes(jwk, "e")?),
        "EC" => {
            let name = text(jwk, "crv")?;
            let curve = Curve::named(name).ok_or_else(|| KeyError::UnknownCurve(excerpt(name)))?;
            let mut point = vec![4];
            point.extend(exact(jwk, "x", curve.field_len())?);
            point.extend(exact(jwk, "y", curve.field_len())?);
            Ok(PublicMaterial::Ec { curve, point })
        }
        "OKP" => match text(jwk, "crv")? {
            "Ed25519" => Ok(PublicMaterial::Ed25519 { x: array(jwk, "x")? }),
            "X25519" => Ok(PublicMaterial::X25519 { x: array(jwk, "x")? }),
            "Ed448" => Ok(PublicMaterial::Ed448 { x: array(jwk, "x")? }),
            "X448" => Ok(PublicMaterial::X448 { x: array(jwk, "x")? }),
            name => Err(KeyError::UnknownCurve(excerpt(name))),
        },
        "AKP" => ml_dsa(jwk),
        name => Err(KeyError::UnknownKty(excerpt(name))),
    }
}

/// The same of what is plain: an EC or X25519 key that has what it needs and nothing else. Where there is none, it is
/// for [`public`] to say why.
pub(super) fn plain_public(members: &str) -> Option<PublicMaterial> {
    let (mut kty, mut crv, mut x, mut y) = (None, None, None, None);
    for (name, value) in Named::of(members) {
        let place = match name {
            "kty" => &mut kty,
            "crv" => &mut crv,
            "x" => &mut x,
            "y" => &mut y,
            _ => return None,
        };
        *place = Some(value);
    }
    match (kty?, crv?, x?, y) {
        ("EC", name, x, Some(y)) => {
            let curve = Curve::named(name)?;
            let len = curve.field_len();
            if base64url::decoded_len(x.len()) != len || base64url::decoded_len(y.len()) != len {
                return None;
            }
            let mut point = vec![4; 1 + 2 * len];
            let (own_x, own_y) = point[1..].split_at_mut(len);
            base64url::decode_slice(x.as_bytes(), own_x).ok()?;
            base64url::decode_slice(y.as_bytes(), own_y).ok()?;
            Some(PublicMaterial::Ec { curve, point })
        }
        ("OKP", "X25519", x, None) if base64url::decoded_len(x.len()) == 32 => {
            let mut own = [0; 32];
            base64url::decode_slice(x.as_bytes(), &mut own).ok()?;
            Some(PublicMaterial::X25519 { x: own })
        }
        _ => None,
    }
}

/// RFC 9964 §2: `alg` names the parameter set and must be there.
fn ml_dsa(jwk: &Object) -> Result<PublicMaterial, KeyError> {
    let name = text(jwk, "alg")?;
    let set = MlDsa::ALL.iter().copied().find(|set| set.alg().as_str() == name);
    let set = set.ok_or_else(|| KeyError::UnknownAlgorithm(excerpt(name)))?;
    let public = bytes(jwk, "pub")?;
    if public.len() != set.public_len() {
        return Err(KeyError::Member { member: "pub", expected: "exactly as long as its algorithm's public keys" });
    }
    Ok(PublicMaterial::MlDsa { set, public })
}

/// The private numbers, with the public ones that a JWK always has.
pub(crate) fn private(jwk: &Object) -> Result<PrivateMaterial, KeyError> {
    match public(jwk)? {
        PublicMaterial::Rsa { n, e } => Ok(PrivateMaterial::Rsa(rsa_private(jwk, n, e)?)),
        PublicMaterial::Ec { curve, point } => {
            let d = Zeroizing::new(exact(jwk, "d", curve.field_len())?);
            Ok(PrivateMaterial::Ec { curve, d, public: Some(point) })
        }
        PublicMaterial::Ed25519 { x } => {
            Ok(PrivateMaterial::Ed25519 { seed: Zeroizing::new(array(jwk, "d")?), public: Some(x) })
        }
        PublicMaterial::X25519 { x } => {
            Ok(PrivateMaterial::X25519 { d: Zeroizing::new(array(jwk, "d")?), public: Some(x) })
        }
        PublicMaterial::Ed448 { x } => {
            Ok(PrivateMaterial::Ed448 { seed: Zeroizing::new(array(jwk, "d")?), public: Some(x) })
        }
        PublicMaterial::X448 { x } => {
            Ok(PrivateMaterial::X448 { d: Zeroizing::new(array(jwk, "d")?), public: Some(x) })
        }
        PublicMaterial::MlDsa { set, public } => {
            Ok(PrivateMaterial::MlDsa { set, seed: Zeroizing::new(array(jwk, "priv")?), public: Some(public) })
        }
    }
}

/// RFC 7518 §6.3.2: all of the numbers; or the exponents alone, of which the primes are found; or the primes without the
/// numbers that follow from them. Keys with more than two primes (`oth`) are not in use.
fn rsa_private(jwk: &Object, n: Vec<u8>, e: Vec<u8>) -> Result<RsaPrivate, KeyError> {
    if jwk.contains_key("oth") {
        return Err(KeyError::Member { member: "oth", expected: "absent: only keys with two primes are read" });
    }
    let secret = |name| bytes(jwk, name).map(Zeroizing::new);
    let present = |names: &[&str]| names.iter().any(|name| jwk.contains_key(*name));
    match (present(&["p", "q"]), present(&["dp", "dq", "qi"])) {
        (false, false) => complete::from_exponents(n, e, secret("d")?),
        (true, false) => complete::from_primes(n, e, secret("d")?, secret("p")?, secret("q")?),
        _ => Ok(RsaPrivate {
            n,
            e,
            d: secret("d")?,
            p: secret("p")?,
            q: secret("q")?,
            dp: secret("dp")?,
            dq: secret("dq")?,
            qi: secret("qi")?,
        }),
    }
}

/// The value of an `oct` key.
pub(crate) fn secret(jwk: &Object) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    bytes(jwk, "k").map(Zeroizing::new)
}

/// The first private member, if there is one.
pub(crate) fn private_member(jwk: &Object) -> Option<&'static str> {
    ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"].into_iter().find(|name| jwk.contains_key(*name))
}

/// The members of a public key, in the order in which RFC 7638 §3.2 hashes them.
pub(crate) fn of_public(key: &PublicMaterial) -> Vec<(&'static str, String)> {
    match key {
        PublicMaterial::Rsa { n, e } => {
            vec![("e", base64url::encode(e)), ("kty", "RSA".into()), ("n", base64url::encode(n))]
        }
        PublicMaterial::Ec { curve, point } => {
            let (x, y) = PublicMaterial::coordinates(*curve, point);
            vec![
                ("crv", curve.as_str().into()),
                ("kty", "EC".into()),
                ("x", base64url::encode(x)),
                ("y", base64url::encode(y)),
            ]
        }
        PublicMaterial::Ed25519 { x } => {
            vec![("crv", "Ed25519".into()), ("kty", "OKP".into()), ("x", base64url::encode(x))]
        }
        PublicMaterial::X25519 { x } => {
            vec![("crv", "X25519".into()), ("kty", "OKP".into()), ("x", base64url::encode(x))]
        }
        PublicMaterial::Ed448 { x } => {
            vec![("crv", "Ed448".into()), ("kty", "OKP".into()), ("x", base64url::encode(x))]
        }
        PublicMaterial::X448 { x } => {
            vec![("crv", "X448".into()), ("kty", "OKP".into()), ("x", base64url::encode(x))]
        }
        // RFC 9964 §6: `alg` belongs to the thumbprint.
        PublicMaterial::MlDsa { set, public } => {
            vec![("alg", set.alg().as_str().into()), ("kty", "AKP".into()), ("pub", base64url::encode(public))]
        }
    }
}

/// The key type in JSON.
pub(super) const fn kty_of(key: &PublicMaterial) -> &'static str {
    match key {
        PublicMaterial::Rsa { .. } => "RSA",
        PublicMaterial::Ec { .. } => "EC",
        PublicMaterial::Ed25519 { .. }
        | PublicMaterial::X25519 { .. }
        | PublicMaterial::Ed448 { .. }
        | PublicMaterial::X448 { .. } => "OKP",
        PublicMaterial::MlDsa { .. } => "AKP",
    }
}

/// The private members alone.
pub(crate) fn of_private(key: &PrivateMaterial) -> Vec<(&'static str, Zeroizing<String>)> {
    let text = |bytes: &[u8]| Zeroizing::new(base64url::encode(bytes));
    match key {
        PrivateMaterial::Rsa(rsa) => vec![
            ("d", text(&rsa.d)),
            ("p", text(&rsa.p)),
            ("q", text(&rsa.q)),
            ("dp", text(&rsa.dp)),
            ("dq", text(&rsa.dq)),
            ("qi", text(&rsa.qi)),
        ],
        PrivateMaterial::Ec { d, .. } => vec![("d", text(d))],
        PrivateMaterial::Ed25519 { seed, .. } => vec![("d", text(seed.as_slice()))],
        PrivateMaterial::X25519 { d, .. } => vec![("d", text(d.as_slice()))],
        PrivateMaterial::Ed448 { seed, .. } => vec![("d", text(seed.as_slice()))],
        PrivateMaterial::X448 { d, .. } => vec![("d", text(d.as_slice()))],
        PrivateMaterial::MlDsa { seed, .. } => vec![("priv", text(seed.as_slice()))],
    }
}

/// The key type, first of all: of one that is not known, nothing else can be judged.
pub(crate) fn kty(jwk: &Object) -> Result<&str, KeyError> {
    match text(jwk, "kty")? {
        known @ ("RSA" | "EC" | "OKP" | "oct" | "AKP") => Ok(known),
        name => Err(KeyError::UnknownKty(excerpt(name))),
    }
}

fn text<'a>(jwk: &'a Object, member: &'static str) -> Result<&'a str, KeyError> {
    optional_text(jwk, member)?.ok_or(KeyError::Missing(member))
}

pub(super) fn optional_text<'a>(jwk: &'a Object, member: &'static str) -> Result<Option<&'a str>, KeyError> {
    match jwk.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(KeyError::Member { member, expected: "a string" }),
    }
}

fn bytes(jwk: &Object, member: &'static str) -> Result<Vec<u8>, KeyError> {
    base64url::decode(text(jwk, member)?).map_err(|_| KeyError::Member { member, expected: "canonical base64url" })
}

/// RFC 7518 §6.2.1.2: the length of a coordinate is that of the field, leading zeros included.
fn exact(jwk: &Object, member: &'static str, len: usize) -> Result<Vec<u8>, KeyError> {
    let bytes = bytes(jwk, member)?;
    if bytes.len() == len {
        return Ok(bytes);
    }
    Err(KeyError::Member { member, expected: "exactly as long as the curve's field" })
}

fn array<const N: usize>(jwk: &Object, member: &'static str) -> Result<[u8; N], KeyError> {
    let bytes = Zeroizing::new(bytes(jwk, member)?);
    bytes.as_slice().try_into().map_err(|_| KeyError::Member { member, expected: const { length_words(N) } })
}

/// Operations that one key may name; eight are registered (RFC 7517 §8.3.2).
const KEY_OPS: usize = 32;

const fn length_words(len: usize) -> &'static str {
    match len {
        32 => "exactly 32 bytes",
        56 => "exactly 56 bytes",
        57 => "exactly 57 bytes",
        _ => "of its length",
    }
}
