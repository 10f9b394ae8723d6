//! jsonwebtoken, on the same aws-lc-rs.

use std::hint::black_box;

use anyhow::{Context as _, Result, ensure};
use jose::JwsAlgorithm;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};

use crate::claims::{AUDIENCE, Claims, ISSUER, TYP};
use crate::keys::Signing;
use crate::measure::{Side, here};

/// Signs claims; nothing where it does not know the algorithm.
pub(crate) fn signer(alg: JwsAlgorithm, key: &Signing, claims: Claims) -> Result<Option<Box<dyn Side>>> {
    let Some(algorithm) = algorithm(alg) else { return Ok(None) };
    let pem = key.private_pem();
    let encoding = match algorithm {
        Algorithm::HS256 => EncodingKey::from_secret(&key.secret),
        Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(pem.as_bytes())?,
        Algorithm::EdDSA => EncodingKey::from_ed_pem(pem.as_bytes())?,
        _ => EncodingKey::from_rsa_pem(pem.as_bytes())?,
    };
    let mut header = Header::new(algorithm);
    header.typ = Some(TYP.into());
    header.kid = key.key.kid().map(str::to_owned);
    Ok(Some(here(NAME, move || {
        black_box(encode(&header, black_box(&claims), &encoding)?);
        Ok(())
    })))
}

/// Verifies a token and its claims.
pub(crate) fn verifier(alg: JwsAlgorithm, key: &Signing, token: String) -> Result<Option<Box<dyn Side>>> {
    let Some(algorithm) = algorithm(alg) else { return Ok(None) };
    let decoding = match algorithm {
        Algorithm::HS256 => DecodingKey::from_secret(&key.secret),
        Algorithm::ES256 | Algorithm::ES384 => DecodingKey::from_ec_components(&key.member("x")?, &key.member("y")?)?,
        Algorithm::EdDSA => DecodingKey::from_ed_components(&key.member("x")?)?,
        _ => DecodingKey::from_rsa_components(&key.member("n")?, &key.member("e")?)?,
    };
    let mut rules = Validation::new(algorithm);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[AUDIENCE]);
    rules.leeway = 0;
    Ok(Some(here(NAME, move || {
        let data = decode::<Claims>(black_box(&token), &decoding, &rules)?;
        ensure!(data.header.typ.as_deref() == Some(TYP), "another typ");
        black_box(data.claims);
        Ok(())
    })))
}

fn algorithm(alg: JwsAlgorithm) -> Option<Algorithm> {
    alg.as_str().parse().context("unknown").ok()
}

const NAME: &str = "jsonwebtoken";
