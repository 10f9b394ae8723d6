//! ES256 with the library that the product signs with, and nothing around it.

use std::time::Duration;

use anyhow::{Context as _, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};

use super::processor_time;

/// Microseconds of one signature and of one verification, over as many bytes as a token's signing input has.
pub(super) fn measure(duration: Duration) -> Result<(f64, f64)> {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok().context("no key was made")?;
    let random = SystemRandom::new();
    let message = [b'x'; INPUT];
    let sign = || key.sign(&random, &message).ok().context("it was not signed");
    let signing = processor_time(duration, || sign().map(drop))?;
    let signature = sign()?;
    // Parsed before, as the product does.
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref().to_vec());
    let public = public.parse().ok().context("the public key")?;
    let verify = || public.verify_sig(&message, signature.as_ref()).ok().context("it was not verified");
    Ok((signing, processor_time(duration, verify)?))
}

const INPUT: usize = 400;
