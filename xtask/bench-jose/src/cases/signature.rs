//! JWTs: claims to a signed token, and back with header and claims checked.

use std::hint::black_box;

use anyhow::{Context as _, Result};
use jose::JwsAlgorithm;
use jose::jwt::{self, HeaderExtras, Rules, Signer};
use serde_json::json;

use super::Others;
use crate::claims::{AUDIENCE, Claims, ISSUER, TYP, now};
use crate::keys::Signing;
use crate::measure::{Side, here};
use crate::{jsonwebtoken, raw};

/// Claims to a token.
pub(super) fn sign(alg: JwsAlgorithm, others: &Others) -> Result<Vec<Box<dyn Side>>> {
    let Token { key, claims, signer, text } = Token::new(alg)?;
    let mut sides = vec![raw::signer(alg, &key, parts(&text)?.0)?];
    let own = claims.clone();
    sides.push(here("jose", move || {
        black_box(signer.sign(black_box(&own))?);
        Ok(())
    }));
    sides.extend(jsonwebtoken::signer(alg, &key, claims.clone())?);
    let case = json!({"kind": "sign", "alg": alg.as_str(), "jwk": key.private, "claims": claims, "typ": TYP});
    sides.extend(others.sides(&case));
    Ok(sides)
}

/// A token to claims.
pub(super) fn verify(alg: JwsAlgorithm, others: &Others) -> Result<Vec<Box<dyn Side>>> {
    let Token { key, text, claims, .. } = Token::new(alg)?;
    let (input, signature) = parts(&text)?;
    let mut sides = vec![raw::verifier(alg, &key, input, signature)?];
    let (public, token, now) = (key.key.verifying_key(), text.clone(), claims.iat as i64);
    sides.push(here("jose", move || {
        let algs = [alg];
        // The time is another in each call, so that the rules are part of the work.
        let rules = Rules::new(black_box(now), &algs).issuer(ISSUER).audience(AUDIENCE).typ(TYP).require_exp();
        black_box(jwt::verify::<Claims>(black_box(&token), &public, &rules)?);
        Ok(())
    }));
    sides.extend(jsonwebtoken::verifier(alg, &key, text.clone())?);
    let case = json!({
        "kind": "verify", "alg": alg.as_str(), "jwk": key.public, "token": text,
        "issuer": ISSUER, "audience": AUDIENCE, "typ": TYP,
    });
    sides.extend(others.sides(&case));
    Ok(sides)
}

struct Token {
    key: Signing,
    claims: Claims,
    signer: Signer,
    text: String,
}

impl Token {
    fn new(alg: JwsAlgorithm) -> Result<Self> {
        let key = Signing::new(alg)?;
        let claims = Claims::new(now()?);
        let signer = Signer::new(key.key.clone(), &HeaderExtras::typ(TYP))?;
        let text = signer.sign(&claims)?;
        Ok(Self { key, claims, signer, text })
    }
}

/// The signing input and the signature.
pub(super) fn parts(token: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let (input, signature) = token.rsplit_once('.').context("a token has dots")?;
    Ok((input.as_bytes().to_vec(), jose::base64url::decode(signature)?))
}
