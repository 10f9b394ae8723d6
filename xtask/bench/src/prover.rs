//! Whoever holds a key on P-256 and proves it by JWTs that carry it.

use anyhow::{Context as _, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The key, and the header of its proofs.
pub(crate) struct Prover {
    key: EcdsaKeyPair,
    random: SystemRandom,
    header: String,
}

impl Prover {
    /// With a new key.
    pub(crate) fn new(typ: &str) -> Result<Self> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok().context("no key was made")?;
        let public = key.public_key().as_ref();
        let (x, y) = public.get(1..).context("a point")?.split_at(32);
        let (x, y) = (BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y));
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        let header = json!({ "typ": typ, "alg": "ES256", "jwk": jwk }).to_string();
        Ok(Self { key, random: SystemRandom::new(), header: BASE64_URL_SAFE_NO_PAD.encode(header) })
    }

    /// A proof that says this.
    pub(crate) fn prove(&self, claims: &Value) -> Option<String> {
        let input = format!("{}.{}", self.header, BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.key.sign(&self.random, input.as_bytes()).ok()?;
        Some(format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "the server looks at its own clock")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}
