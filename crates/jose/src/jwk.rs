//! JSON Web Keys for verifying: parsed once, bound to one algorithm (RFC 7517, RFC 7518 §6,
//! RFC 8037 §2).

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::signature::{self as sig, ParsedPublicKey, RsaParameters, VerificationAlgorithm};
use aws_lc_rs::{hmac, rsa::PublicKeyComponents};
use serde_json::{Map, Value};

use crate::{JwsAlgorithm, base64url, sha256};

/// Why a JWK cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// A required member is absent, of another JSON type or not canonical base64url.
    #[error("the JWK's member {0} is absent or malformed")]
    Member(&'static str),
    /// `kty`, `crv`, `use`, `key_ops` or `alg` does not allow this algorithm.
    #[error("the JWK's {0} does not allow this algorithm")]
    NotForThis(&'static str),
    /// The key is too short, off its curve or has an unusable exponent.
    #[error("the JWK's key is weak or invalid")]
    Rejected,
}

/// The signature does not belong to the input and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not valid")]
pub struct BadSignature;

/// A key that verifies with one algorithm.
pub struct VerifyingKey {
    alg: JwsAlgorithm,
    kid: Option<String>,
    material: Material,
}

enum Material {
    Public(ParsedPublicKey),
    Secret(Box<hmac::Key>),
}

impl VerifyingKey {
    /// Reads a JWK for `alg`, which the caller has chosen; whatever the JWK says of its use must
    /// agree (RFC 7517 §4).
    pub fn from_jwk(jwk: &Map<String, Value>, alg: JwsAlgorithm) -> Result<Self, JwkError> {
        check_use(jwk, alg)?;
        let kid = optional(jwk, "kid")?.map(str::to_owned);
        let (kty, crv) = key_type(alg);
        if required(jwk, "kty")? != kty {
            return Err(JwkError::NotForThis("kty"));
        }
        if let Some(crv) = crv
            && required(jwk, "crv")? != crv
        {
            return Err(JwkError::NotForThis("crv"));
        }
        let material = match kty {
            "RSA" => Material::Public(rsa_key(jwk, alg)?),
            "EC" => Material::Public(ec_key(jwk, alg)?),
            "OKP" => Material::Public(ed_or_ec(&sig::ED25519, &octets(jwk, "x")?)?),
            _ => Material::Secret(Box::new(hmac_key(&octets(jwk, "k")?, alg)?)),
        };
        Ok(Self { alg, kid, material })
    }

    /// The one algorithm of this key.
    pub fn alg(&self) -> JwsAlgorithm {
        self.alg
    }

    /// The `kid` the JWK named.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Verifies `signature` over `input`; ECDSA signatures are r‖s (RFC 7518 §3.4).
    pub fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        match &self.material {
            Material::Public(key) => key.verify_sig(input, signature),
            Material::Secret(key) => hmac::verify(key, input, signature),
        }
        .map_err(|_| BadSignature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("alg", &self.alg).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The RFC 7638 thumbprint with SHA-256, as base64url. Symmetric keys have none here: it would be
/// a test for guesses of the secret (RFC 7638 §7).
pub fn thumbprint(jwk: &Map<String, Value>) -> Result<String, JwkError> {
    let names: &[&'static str] = match required(jwk, "kty")? {
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        "RSA" => &["e", "kty", "n"],
        _ => return Err(JwkError::NotForThis("kty")),
    };
    let mut members = BTreeMap::new();
    for name in names {
        members.insert(*name, Value::from(required(jwk, name)?));
    }
    let text = serde_json::to_vec(&members).map_err(|_| JwkError::Rejected)?;
    Ok(base64url::encode(sha256(&text)))
}

fn check_use(jwk: &Map<String, Value>, alg: JwsAlgorithm) -> Result<(), JwkError> {
    if optional(jwk, "use")?.is_some_and(|value| value != "sig") {
        return Err(JwkError::NotForThis("use"));
    }
    if optional(jwk, "alg")?.is_some_and(|value| value != alg.as_str()) {
        return Err(JwkError::NotForThis("alg"));
    }
    match jwk.get("key_ops") {
        None => Ok(()),
        Some(Value::Array(ops)) if ops.iter().any(|op| op == "verify") => Ok(()),
        Some(Value::Array(_)) => Err(JwkError::NotForThis("key_ops")),
        Some(_) => Err(JwkError::Member("key_ops")),
    }
}

fn key_type(alg: JwsAlgorithm) -> (&'static str, Option<&'static str>) {
    use JwsAlgorithm as A;
    match alg {
        A::HS256 | A::HS384 | A::HS512 => ("oct", None),
        A::RS256 | A::RS384 | A::RS512 | A::PS256 | A::PS384 | A::PS512 => ("RSA", None),
        A::ES256 => ("EC", Some("P-256")),
        A::ES384 => ("EC", Some("P-384")),
        A::ES512 => ("EC", Some("P-521")),
        A::EdDSA => ("OKP", Some("Ed25519")),
    }
}

/// RFC 7518 §3.3: 2048 bits or more; §2: no leading zero octets; an even exponent or 1 is no key.
fn rsa_key(jwk: &Map<String, Value>, alg: JwsAlgorithm) -> Result<ParsedPublicKey, JwkError> {
    let parameters: &'static RsaParameters = match alg {
        JwsAlgorithm::RS256 => &sig::RSA_PKCS1_2048_8192_SHA256,
        JwsAlgorithm::RS384 => &sig::RSA_PKCS1_2048_8192_SHA384,
        JwsAlgorithm::RS512 => &sig::RSA_PKCS1_2048_8192_SHA512,
        JwsAlgorithm::PS256 => &sig::RSA_PSS_2048_8192_SHA256,
        JwsAlgorithm::PS384 => &sig::RSA_PSS_2048_8192_SHA384,
        JwsAlgorithm::PS512 => &sig::RSA_PSS_2048_8192_SHA512,
        _ => return Err(JwkError::NotForThis("kty")),
    };
    let (n, e) = (octets(jwk, "n")?, octets(jwk, "e")?);
    let bits = n.len() * 8 - n[0].leading_zeros() as usize;
    let odd = e.last().is_some_and(|last| last & 1 == 1);
    if n[0] == 0 || e[0] == 0 || !odd || e == [1] || !(2048..=8192).contains(&bits) {
        return Err(JwkError::Rejected);
    }
    PublicKeyComponents { n, e }.to_parsed_public_key(parameters).map_err(|_| JwkError::Rejected)
}

/// RFC 7518 §6.2.1: each coordinate in the full width of its field.
fn ec_key(jwk: &Map<String, Value>, alg: JwsAlgorithm) -> Result<ParsedPublicKey, JwkError> {
    let (width, algorithm): (usize, &'static dyn VerificationAlgorithm) = match alg {
        JwsAlgorithm::ES256 => (32, &sig::ECDSA_P256_SHA256_FIXED),
        JwsAlgorithm::ES384 => (48, &sig::ECDSA_P384_SHA384_FIXED),
        JwsAlgorithm::ES512 => (66, &sig::ECDSA_P521_SHA512_FIXED),
        _ => return Err(JwkError::NotForThis("kty")),
    };
    let (x, y) = (octets(jwk, "x")?, octets(jwk, "y")?);
    if x.len() != width || y.len() != width {
        return Err(JwkError::Rejected);
    }
    ed_or_ec(algorithm, &[&[4], x.as_slice(), &y].concat())
}

/// RFC 7518 §3.2: a key as long as the hash or longer.
fn hmac_key(secret: &[u8], alg: JwsAlgorithm) -> Result<hmac::Key, JwkError> {
    let algorithm = match alg {
        JwsAlgorithm::HS256 => hmac::HMAC_SHA256,
        JwsAlgorithm::HS384 => hmac::HMAC_SHA384,
        JwsAlgorithm::HS512 => hmac::HMAC_SHA512,
        _ => return Err(JwkError::NotForThis("kty")),
    };
    if secret.len() < algorithm.tag_len() {
        return Err(JwkError::Rejected);
    }
    Ok(hmac::Key::new(algorithm, secret))
}

fn octets(jwk: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, JwkError> {
    match base64url::decode(required(jwk, name)?) {
        Ok(octets) if !octets.is_empty() => Ok(octets),
        _ => Err(JwkError::Member(name)),
    }
}

fn required<'a>(jwk: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, JwkError> {
    optional(jwk, name)?.ok_or(JwkError::Member(name))
}

fn optional<'a>(jwk: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, JwkError> {
    jwk.get(name).map(|value| value.as_str().ok_or(JwkError::Member(name))).transpose()
}

fn ed_or_ec(algorithm: &'static dyn VerificationAlgorithm, point: &[u8]) -> Result<ParsedPublicKey, JwkError> {
    sig::UnparsedPublicKey::new(algorithm, point).parse().map_err(|_| JwkError::Rejected)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    fn ec() -> Value {
        json!({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
               "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
    }

    fn okp() -> Value {
        json!({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    fn read(jwk: &Value, alg: JwsAlgorithm) -> Result<VerifyingKey, JwkError> {
        VerifyingKey::from_jwk(jwk.as_object().unwrap(), alg)
    }

    fn with(mut jwk: Value, name: &str, value: Value) -> Value {
        jwk[name] = value;
        jwk
    }

    /// RFC 7515 A.3 and RFC 8037 A.4; one changed bit, another input and zeros fail.
    #[test]
    fn the_standards_signatures_verify() {
        for (jwk, alg, input, signature) in [
            (
                ec(),
                JwsAlgorithm::ES256,
                "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            ),
            (
                okp(),
                JwsAlgorithm::EdDSA,
                "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            ),
        ] {
            let key = read(&jwk, alg).unwrap();
            let mut signature = base64url::decode(signature).unwrap();
            assert_eq!(key.verify(input.as_bytes(), &signature), Ok(()), "{alg}");
            assert_eq!(key.verify(b"other", &signature), Err(BadSignature));
            assert_eq!(key.verify(input.as_bytes(), &[0; 64]), Err(BadSignature));
            signature[0] ^= 1;
            assert_eq!(key.verify(input.as_bytes(), &signature), Err(BadSignature));
        }
    }

    /// RFC 7638 §3.1 and RFC 8037 A.3.
    #[test]
    fn thumbprints_are_the_standards() {
        let rsa = json!({"kty":"RSA","n":N,"e":"AQAB","alg":"RS256","kid":"2011-04-29"});
        for (jwk, expected) in [
            (rsa, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
            (okp(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        ] {
            assert_eq!(thumbprint(jwk.as_object().unwrap()).unwrap(), expected);
        }
    }

    #[test]
    fn what_a_jwk_says_of_its_use_is_enforced() {
        use JwsAlgorithm::{ES256, ES384, HS256};
        for (jwk, alg, expected) in [
            (with(ec(), "use", json!("enc")), ES256, JwkError::NotForThis("use")),
            (with(ec(), "alg", json!("ES384")), ES256, JwkError::NotForThis("alg")),
            (with(ec(), "key_ops", json!(["sign"])), ES256, JwkError::NotForThis("key_ops")),
            (with(ec(), "key_ops", json!("verify")), ES256, JwkError::Member("key_ops")),
            (ec(), ES384, JwkError::NotForThis("crv")),
            (ec(), HS256, JwkError::NotForThis("kty")),
            (with(ec(), "y", json!("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1")), ES256, JwkError::Member("y")),
            (with(ec(), "y", ec()["x"].clone()), ES256, JwkError::Rejected),
        ] {
            assert_eq!(read(&jwk, alg).unwrap_err(), expected, "{jwk}");
        }
        let fine = with(with(ec(), "use", json!("sig")), "key_ops", json!(["verify"]));
        assert!(read(&fine, ES256).is_ok());
    }

    /// RFC 7518 §3.2 and §3.3.
    #[test]
    fn weak_keys_are_refused() {
        let rsa = json!({"kty":"RSA","n":N,"e":"AQAB"});
        assert!(read(&rsa, JwsAlgorithm::PS256).is_ok());
        for (name, value) in [("e", "AQ"), ("e", "AQAA"), ("e", "AAEAAQ"), ("n", &N[..340])] {
            let jwk = with(rsa.clone(), name, json!(value));
            assert_eq!(read(&jwk, JwsAlgorithm::RS256).unwrap_err(), JwkError::Rejected, "{value}");
        }
        let oct = |len| json!({"kty":"oct","k":base64url::encode(vec![7; len])});
        assert!(read(&oct(32), JwsAlgorithm::HS256).is_ok());
        assert_eq!(read(&oct(31), JwsAlgorithm::HS256).unwrap_err(), JwkError::Rejected);
    }
}
