//! The calls.

use std::hint::black_box;

use anyhow::{Result, bail, ensure};
use josekit::jwe::{self, JweDecrypter, JweEncrypter, JweHeader};
use josekit::jwk::Jwk;
use josekit::jws::{self, JwsHeader, JwsSigner, JwsVerifier};
use josekit::jwt::{self, JwtPayload, JwtPayloadValidator};
use serde::Deserialize;
use serde_json::{Map, Value};

/// One call.
pub(crate) type Work = Box<dyn FnMut() -> Result<()>>;

/// What the bench asks for; what a case has no use for is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Case {
    kind: String,
    alg: String,
    jwk: String,
    claims: Map<String, Value>,
    token: String,
    issuer: String,
    audience: String,
    typ: String,
    plaintext: String,
}

impl Case {
    pub(crate) fn read(message: Value) -> Result<Self> {
        Ok(serde_json::from_value(message)?)
    }
}

/// Reads the key and puts together whatever need not be made anew each time.
pub(crate) fn prepare(case: &Case) -> Result<Work> {
    let jwk = Jwk::from_bytes(&case.jwk)?;
    match case.kind.as_str() {
        "sign" => sign(case, &jwk),
        "verify" => verify(case, &jwk),
        "encrypt" => encrypt(case, &jwk),
        "decrypt" => decrypt(case, &jwk),
        other => bail!("unknown kind {other}"),
    }
}

/// The payload is put together before, which is to its favour.
fn sign(case: &Case, jwk: &Jwk) -> Result<Work> {
    let signer: Box<dyn JwsSigner> = match case.alg.as_str() {
        "HS256" => Box::new(jws::HS256.signer_from_jwk(jwk)?),
        "RS256" => Box::new(jws::RS256.signer_from_jwk(jwk)?),
        "PS256" => Box::new(jws::PS256.signer_from_jwk(jwk)?),
        "ES256" => Box::new(jws::ES256.signer_from_jwk(jwk)?),
        "ES384" => Box::new(jws::ES384.signer_from_jwk(jwk)?),
        "EdDSA" => Box::new(jws::EdDSA.signer_from_jwk(jwk)?),
        other => bail!("unknown algorithm {other}"),
    };
    let mut header = JwsHeader::new();
    header.set_token_type(&case.typ);
    let payload = JwtPayload::from_map(case.claims.clone())?;
    Ok(Box::new(move || {
        black_box(jwt::encode_with_signer(black_box(&payload), &header, signer.as_ref())?);
        Ok(())
    }))
}

fn verify(case: &Case, jwk: &Jwk) -> Result<Work> {
    let verifier: Box<dyn JwsVerifier> = match case.alg.as_str() {
        "HS256" => Box::new(jws::HS256.verifier_from_jwk(jwk)?),
        "RS256" => Box::new(jws::RS256.verifier_from_jwk(jwk)?),
        "PS256" => Box::new(jws::PS256.verifier_from_jwk(jwk)?),
        "ES256" => Box::new(jws::ES256.verifier_from_jwk(jwk)?),
        "ES384" => Box::new(jws::ES384.verifier_from_jwk(jwk)?),
        "EdDSA" => Box::new(jws::EdDSA.verifier_from_jwk(jwk)?),
        other => bail!("unknown algorithm {other}"),
    };
    let mut rules = JwtPayloadValidator::new();
    rules.set_issuer(&case.issuer);
    rules.set_audience(&case.audience);
    let (token, typ) = (case.token.clone(), case.typ.clone());
    Ok(Box::new(move || {
        let (payload, header) = jwt::decode_with_verifier(black_box(&token), verifier.as_ref())?;
        rules.validate(&payload)?;
        ensure!(header.token_type() == Some(typ.as_str()), "another typ");
        black_box(payload);
        Ok(())
    }))
}

fn encrypt(case: &Case, jwk: &Jwk) -> Result<Work> {
    let encrypter: Box<dyn JweEncrypter> = match case.alg.as_str() {
        "RSA-OAEP-256" => Box::new(jwe::RSA_OAEP_256.encrypter_from_jwk(jwk)?),
        "ECDH-ES" => Box::new(jwe::ECDH_ES.encrypter_from_jwk(jwk)?),
        "ECDH-ES+A256KW" => Box::new(jwe::ECDH_ES_A256KW.encrypter_from_jwk(jwk)?),
        other => bail!("unknown algorithm {other}"),
    };
    let mut header = JweHeader::new();
    header.set_content_encryption("A256GCM");
    let plaintext = case.plaintext.clone();
    Ok(Box::new(move || {
        black_box(jwe::serialize_compact(black_box(plaintext.as_bytes()), &header, encrypter.as_ref())?);
        Ok(())
    }))
}

fn decrypt(case: &Case, jwk: &Jwk) -> Result<Work> {
    let decrypter: Box<dyn JweDecrypter> = match case.alg.as_str() {
        "RSA-OAEP-256" => Box::new(jwe::RSA_OAEP_256.decrypter_from_jwk(jwk)?),
        "ECDH-ES" => Box::new(jwe::ECDH_ES.decrypter_from_jwk(jwk)?),
        "ECDH-ES+A256KW" => Box::new(jwe::ECDH_ES_A256KW.decrypter_from_jwk(jwk)?),
        other => bail!("unknown algorithm {other}"),
    };
    let token = case.token.clone();
    Ok(Box::new(move || {
        black_box(jwe::deserialize_compact(black_box(&token), decrypter.as_ref())?);
        Ok(())
    }))
}
