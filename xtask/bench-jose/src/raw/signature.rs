//! Signatures and MACs, over the token's own signing input.

use std::hint::black_box;

use anyhow::{Context as _, Result, bail};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, PqdsaKeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use jose::JwsAlgorithm;
use jose::provider::PublicMaterial;

use crate::keys::Signing;
use crate::measure::{Side, here};

/// Signs `input`.
pub(crate) fn signer(alg: JwsAlgorithm, key: &Signing, input: Vec<u8>) -> Result<Box<dyn Side>> {
    let random = SystemRandom::new();
    Ok(match alg {
        JwsAlgorithm::HS256 => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &key.secret);
            here(NAME, move || {
                black_box(hmac::sign(&key, black_box(&input)));
                Ok(())
            })
        }
        JwsAlgorithm::RS256 | JwsAlgorithm::PS256 => {
            let padding: &dyn signature::RsaEncoding =
                if alg == JwsAlgorithm::RS256 { &signature::RSA_PKCS1_SHA256 } else { &signature::RSA_PSS_SHA256 };
            let pair = RsaKeyPair::from_pkcs8(&key.pkcs8)?;
            let mut out = vec![0; pair.public_modulus_len()];
            here(NAME, move || Ok(pair.sign(padding, &random, black_box(&input), &mut out)?))
        }
        JwsAlgorithm::ES256 | JwsAlgorithm::ES384 => {
            let algorithm = match alg {
                JwsAlgorithm::ES256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
                _ => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
            };
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, &key.pkcs8)?;
            here(NAME, move || {
                black_box(pair.sign(&random, black_box(&input))?);
                Ok(())
            })
        }
        JwsAlgorithm::EdDSA => {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&key.pkcs8)?;
            here(NAME, move || {
                black_box(pair.try_sign(black_box(&input))?);
                Ok(())
            })
        }
        JwsAlgorithm::MlDsa44 => {
            let jwk: serde_json::Value = serde_json::from_str(&key.private)?;
            let seed = jose::base64url::decode(jwk["priv"].as_str().context("an AKP key has priv")?)?;
            let pair = PqdsaKeyPair::from_seed(&signature::ML_DSA_44_SIGNING, &seed)?;
            let mut out = vec![0; pair.algorithm().signature_len()];
            here(NAME, move || {
                black_box(pair.sign(black_box(&input), &mut out)?);
                Ok(())
            })
        }
        other => bail!("no raw signature for {other}"),
    })
}

/// Verifies `signature` over `input`.
pub(crate) fn verifier(alg: JwsAlgorithm, key: &Signing, input: Vec<u8>, signed: Vec<u8>) -> Result<Box<dyn Side>> {
    if alg == JwsAlgorithm::HS256 {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key.secret);
        return Ok(here(NAME, move || Ok(hmac::verify(&key, black_box(&input), black_box(&signed))?)));
    }
    let key = parsed(alg, &key.material()?)?;
    Ok(here(NAME, move || Ok(key.verify_sig(black_box(&input), black_box(&signed))?)))
}

fn parsed(alg: JwsAlgorithm, key: &PublicMaterial) -> Result<ParsedPublicKey> {
    Ok(match (alg, key) {
        (JwsAlgorithm::RS256, PublicMaterial::Rsa { n, e }) => {
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&signature::RSA_PKCS1_2048_8192_SHA256)?
        }
        (JwsAlgorithm::PS256, PublicMaterial::Rsa { n, e }) => {
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&signature::RSA_PSS_2048_8192_SHA256)?
        }
        (JwsAlgorithm::ES256, PublicMaterial::Ec { point, .. }) => {
            ParsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)?
        }
        (JwsAlgorithm::ES384, PublicMaterial::Ec { point, .. }) => {
            ParsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point)?
        }
        (JwsAlgorithm::EdDSA, PublicMaterial::Ed25519 { x }) => ParsedPublicKey::new(&signature::ED25519, x)?,
        (JwsAlgorithm::MlDsa44, PublicMaterial::MlDsa { public, .. }) => {
            ParsedPublicKey::new(&signature::ML_DSA_44, public)?
        }
        (other, _) => bail!("no raw verification for {other}"),
    })
}

const NAME: &str = "raw";
