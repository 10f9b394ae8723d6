//! Pieces that only compute, in one thread. They take turns, so that what others do on the machine touches all alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey, UnparsedPublicKey};
use idp::mac::DpopNonces;
use jose::dpop::{self, Draft, Expected, Nonces};
use jose::jwk::{Jwk, ThumbprintHash};
use jose::jwt::HeaderExtras;
use jose::provider::aws_lc;
use jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};
use oidc::Time;
use oidc::token::device_proof;
use serde_json::{Value, json};

use crate::clock::{each, median, of_thread};

type Piece = (&'static str, Box<dyn FnMut() -> Result<()>>);

/// Microseconds of each.
pub(crate) fn measure(rounds: usize, duration: Duration) -> Result<Vec<(&'static str, f64)>> {
    let mut pieces = pieces()?;
    let mut taken = vec![Vec::new(); pieces.len()];
    for _ in 0..rounds * SLICES {
        for ((_, piece), taken) in pieces.iter_mut().zip(&mut taken) {
            // What the piece before left in the caches is not this one's matter.
            piece()?;
            let (begun, before, mut times) = (Instant::now(), of_thread(), 0);
            while begun.elapsed() < duration / u32::try_from(SLICES)? / 8 {
                for _ in 0..BATCH {
                    piece()?;
                }
                times += BATCH;
            }
            taken.push(each(of_thread().saturating_sub(before), times));
        }
    }
    Ok(pieces.iter().zip(&mut taken).map(|((name, _), taken)| (*name, median(taken))).collect())
}

fn pieces() -> Result<Vec<Piece>> {
    let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
    let jwk = key.public_jwk().context("a key pair")?;
    let (public, as_key) = (jwk.clone(), Jwk::from_object(aws_lc(), &jwk)?);
    let proof = Draft::new("POST", URI, NOW, "7041-31-99999").sign(&key)?;
    let (input, signature, parsed) = raw(&proof, &jwk)?;
    let nonces = DpopNonces::new(&[7; 32]);
    let (seen, thumbprint) = (nonces, key.verifying_key().thumbprint().context("a key pair")?.to_owned());
    let made = DpopNonces::new(&[7; 32]);
    let device = device(&key, jwk)?;
    Ok(vec![
        piece("raw", move || parsed.verify_sig(black_box(&input), &signature).ok().context("not verified")),
        piece("key", move || {
            black_box(VerifyingKey::from_jwk_object(aws_lc(), black_box(&public))?);
            Ok(())
        }),
        piece("thumbprint", move || {
            black_box(as_key.thumbprint(aws_lc(), ThumbprintHash::Sha256));
            Ok(())
        }),
        piece("dpop", move || {
            let is_ours = |nonce: &str| seen.is_ours(nonce, Time::from_seconds(NOW));
            let expected = Expected::new(NOW, "POST", URI).nonces(Nonces::Accepted(&is_ours));
            black_box(dpop::verify(aws_lc(), black_box(&proof), &expected)?);
            Ok(())
        }),
        piece("device", move || {
            let expected = device_proof::Expected {
                now: NOW,
                issuer: ISSUER,
                client_id: "proving-notes",
                beside: SECRET,
                dpop_key: None,
            };
            black_box(device_proof::verify(aws_lc(), black_box(&device), &expected)?);
            Ok(())
        }),
        piece("secret hash", || {
            black_box(device_proof::hash(aws_lc(), black_box(SECRET)));
            Ok(())
        }),
        piece("jti hash", move || {
            let text = format!("\0dpop\0{thumbprint}\0{}", black_box("7041-31-99999"));
            black_box(base64url::encode(jose::sha256(text.as_bytes())));
            Ok(())
        }),
        piece("nonce", move || {
            black_box(made.current(black_box(Time::from_seconds(NOW))));
            Ok(())
        }),
    ])
}

fn piece(name: &'static str, work: impl FnMut() -> Result<()> + 'static) -> Piece {
    (name, Box::new(work))
}

/// What the library that the product verifies with takes, and nothing around it.
fn raw(proof: &str, jwk: &jose::json::Object) -> Result<(Vec<u8>, Vec<u8>, ParsedPublicKey)> {
    let (input, signature) = proof.rsplit_once('.').context("a signature")?;
    let number = |name: &str| base64url::decode(jwk.get(name).and_then(Value::as_str).unwrap_or_default());
    let point = [&[4][..], &number("x")?, &number("y")?].concat();
    let parsed = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).parse().ok().context("a point")?;
    Ok((input.as_bytes().to_vec(), base64url::decode(signature)?, parsed))
}

fn device(key: &SigningKey, jwk: jose::json::Object) -> Result<String> {
    let members = [("jwk".to_owned(), Value::Object(jwk))].into_iter().collect();
    let hash = device_proof::hash(aws_lc(), SECRET);
    let claims = json!({ "iss": "proving-notes", "aud": ISSUER, "iat": NOW, "jti": "31-99999", "hash": hash });
    Ok(jose::jwt::sign(key, &HeaderExtras { members, ..HeaderExtras::typ(device_proof::TYP) }, &claims)?)
}

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "http://127.0.0.1:41234";
const URI: &str = "http://127.0.0.1:41234/oauth2/token";
/// As long as a device secret is.
const SECRET: &str = "vst_ds_4f8Qm1kXwz0aYc9RtB2nLg7dEoHsVpJi.6uKxNqT3yMbZrWfCeU5PaSvD8jGhLk1oIw0tQn4XyRc_AbCdEf";
/// Turns of each piece in one round.
const SLICES: usize = 8;
/// Calls between two looks at the clock.
const BATCH: u64 = 16;
