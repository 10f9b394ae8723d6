//! The calls.

use std::hint::black_box;

use anyhow::{Result, ensure};
use jose::JwsAlgorithm;
use jose::alg::KeyManagement;
use josekit::jwe::{self, JweDecrypter, JweEncrypter, JweHeader};
use josekit::jwk::Jwk;
use josekit::jws::{self, JwsHeader, JwsSigner, JwsVerifier};
use josekit::jwt::{self, JwtPayload, JwtPayloadValidator};
use serde_json::Value;

use crate::claims::{AUDIENCE, Claims, ISSUER, TYP};
use crate::keys::{Decrypting, Signing};
use crate::measure::{Side, here};

/// The payload is put together before, which is to its favour.
pub(super) fn signer(alg: JwsAlgorithm, key: &Signing, claims: &Claims) -> Result<Option<Box<dyn Side>>> {
    let jwk = Jwk::from_bytes(&key.private)?;
    let signer: Box<dyn JwsSigner> = match alg {
        JwsAlgorithm::HS256 => Box::new(jws::HS256.signer_from_jwk(&jwk)?),
        JwsAlgorithm::RS256 => Box::new(jws::RS256.signer_from_jwk(&jwk)?),
        JwsAlgorithm::PS256 => Box::new(jws::PS256.signer_from_jwk(&jwk)?),
        JwsAlgorithm::ES256 => Box::new(jws::ES256.signer_from_jwk(&jwk)?),
        JwsAlgorithm::ES384 => Box::new(jws::ES384.signer_from_jwk(&jwk)?),
        JwsAlgorithm::EdDSA => Box::new(jws::EdDSA.signer_from_jwk(&jwk)?),
        _ => return Ok(None),
    };
    let mut header = JwsHeader::new();
    header.set_token_type(TYP);
    let Value::Object(members) = serde_json::to_value(claims)? else { return Ok(None) };
    let payload = JwtPayload::from_map(members)?;
    Ok(Some(here(NAME, move || {
        black_box(jwt::encode_with_signer(black_box(&payload), &header, signer.as_ref())?);
        Ok(())
    })))
}

pub(super) fn verifier(alg: JwsAlgorithm, key: &Signing, token: &str) -> Result<Option<Box<dyn Side>>> {
    let jwk = Jwk::from_bytes(&key.public)?;
    let verifier: Box<dyn JwsVerifier> = match alg {
        JwsAlgorithm::HS256 => Box::new(jws::HS256.verifier_from_jwk(&jwk)?),
        JwsAlgorithm::RS256 => Box::new(jws::RS256.verifier_from_jwk(&jwk)?),
        JwsAlgorithm::PS256 => Box::new(jws::PS256.verifier_from_jwk(&jwk)?),
        JwsAlgorithm::ES256 => Box::new(jws::ES256.verifier_from_jwk(&jwk)?),
        JwsAlgorithm::ES384 => Box::new(jws::ES384.verifier_from_jwk(&jwk)?),
        JwsAlgorithm::EdDSA => Box::new(jws::EdDSA.verifier_from_jwk(&jwk)?),
        _ => return Ok(None),
    };
    let mut rules = JwtPayloadValidator::new();
    rules.set_issuer(ISSUER);
    rules.set_audience(AUDIENCE);
    let token = token.to_owned();
    Ok(Some(here(NAME, move || {
        let (payload, header) = jwt::decode_with_verifier(black_box(&token), verifier.as_ref())?;
        rules.validate(&payload)?;
        ensure!(header.token_type() == Some(TYP), "another typ");
        black_box(payload);
        Ok(())
    })))
}

pub(super) fn encrypter(key: &Decrypting, plaintext: &[u8]) -> Result<Option<Box<dyn Side>>> {
    let jwk = Jwk::from_bytes(&key.public)?;
    let encrypter: Box<dyn JweEncrypter> = match key.alg {
        KeyManagement::RsaOaep256 => Box::new(jwe::RSA_OAEP_256.encrypter_from_jwk(&jwk)?),
        KeyManagement::EcdhEs => Box::new(jwe::ECDH_ES.encrypter_from_jwk(&jwk)?),
        KeyManagement::EcdhEsA256Kw => Box::new(jwe::ECDH_ES_A256KW.encrypter_from_jwk(&jwk)?),
        _ => return Ok(None),
    };
    let mut header = JweHeader::new();
    header.set_content_encryption("A256GCM");
    let plaintext = plaintext.to_vec();
    Ok(Some(here(NAME, move || {
        black_box(jwe::serialize_compact(black_box(&plaintext), &header, encrypter.as_ref())?);
        Ok(())
    })))
}

pub(super) fn decrypter(key: &Decrypting, token: &str) -> Result<Option<Box<dyn Side>>> {
    let jwk = Jwk::from_bytes(&key.private)?;
    let decrypter: Box<dyn JweDecrypter> = match key.alg {
        KeyManagement::RsaOaep256 => Box::new(jwe::RSA_OAEP_256.decrypter_from_jwk(&jwk)?),
        KeyManagement::EcdhEs => Box::new(jwe::ECDH_ES.decrypter_from_jwk(&jwk)?),
        KeyManagement::EcdhEsA256Kw => Box::new(jwe::ECDH_ES_A256KW.decrypter_from_jwk(&jwk)?),
        _ => return Ok(None),
    };
    let token = token.to_owned();
    Ok(Some(here(NAME, move || {
        black_box(jwe::deserialize_compact(black_box(&token), decrypter.as_ref())?);
        Ok(())
    })))
}

const NAME: &str = "josekit";
