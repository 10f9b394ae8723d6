//! A proof that brings its own key (RFC 9449 §4.3), beside the raw verification of its signature; and of that, what reading
//! the key takes.

use std::hint::black_box;

use anyhow::{Context as _, Result};
use jose::dpop::{self, Draft, Expected};
use jose::provider::aws_lc;
use jose::{JwsAlgorithm, VerifyingKey};

use super::signature::parts;
use crate::claims::now;
use crate::keys::Signing;
use crate::measure::{Side, here};
use crate::raw;

/// The whole proof.
pub(super) fn verify() -> Result<Vec<Box<dyn Side>>> {
    let Made { key, text, now } = Made::new()?;
    let (input, signature) = parts(&text)?;
    let raw = raw::verifier(JwsAlgorithm::ES256, &key, input, signature)?;
    let jose = here("jose", move || {
        let expected = Expected::new(black_box(now), "POST", URI);
        black_box(dpop::verify(aws_lc(), black_box(&text), &expected)?);
        Ok(())
    });
    Ok(vec![raw, jose])
}

/// Its key alone: the point is looked at, and the thumbprint taken.
pub(super) fn key() -> Result<Vec<Box<dyn Side>>> {
    let Made { key, text, .. } = Made::new()?;
    let (input, signature) = parts(&text)?;
    let raw = raw::verifier(JwsAlgorithm::ES256, &key, input, signature)?;
    let jwk = key.key.public_jwk().context("a key pair")?;
    let jose = here("jose", move || {
        let key = VerifyingKey::from_jwk_object(aws_lc(), black_box(&jwk))?;
        black_box(key.thumbprint());
        Ok(())
    });
    Ok(vec![raw, jose])
}

struct Made {
    key: Signing,
    text: String,
    now: i64,
}

impl Made {
    fn new() -> Result<Self> {
        let (key, now) = (Signing::new(JwsAlgorithm::ES256)?, now()? as i64);
        let text = Draft::new("POST", URI, now, "one").sign(&key.key)?;
        Ok(Self { key, text, now })
    }
}

const URI: &str = "https://id.example.com/oauth2/token";
