//! What a DPoP proof (RFC 9449) adds to a token request, beside one raw verification of ES256.
//!
//! The request is the one of `client_credentials`; the two take turns. Each proof is signed by the generator when it is sent, since
//! each counts once: that takes the generator's time and not the server's.

use std::rc::Rc;

use anyhow::{Context as _, Result, ensure};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::{CONNECTIONS, client_credentials};
use crate::bench::Bench;
use crate::http::Answer;
use crate::load::{self, Fixed, Measure, Script};
use crate::report::{Bar, Row};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let (right, _) = client_credentials::requests(bench);
    let address = bench.server.address;
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok().context("no key was made")?;
    let key = Rc::new(Prover::new(key, &format!("http://{address}/oauth2/token"))?);
    let proving =
        |connection| Proving { key: Rc::clone(&key), plain: right.clone(), connection, count: 0, request: Vec::new() };
    let mut once = proving(usize::MAX);
    let (status, body) = bench.ask(once.request())?;
    ensure!(status == 200, "{status}: {}", String::from_utf8_lossy(&body));
    let (status, _) = bench.ask(&once.request)?;
    ensure!(status == 400, "{status} to a proof that was seen");
    let mut scripts: Vec<Proving> = (0..CONNECTIONS).map(proving).collect();
    let (mut with, mut without) = (Measure::default(), Measure::default());
    for _ in 0..bench.options.rounds() {
        let plain = (0..CONNECTIONS).map(|_| Fixed { request: right.clone(), status: 200 }).collect();
        without = without.with(load::run(&bench.server, plain, bench.options.duration())?.0);
        let (measure, back) = load::run(&bench.server, scripts, bench.options.duration())?;
        (with, scripts) = (with.with(measure), back);
    }
    let (added, verify) = (with.cost() - without.cost(), bench.limits.verify);
    let note = format!(
        "{:.1} µs with a proof, {:.1} µs without; one verification {verify:.1} µs; {:.0} requests/s with",
        with.cost(),
        without.cost(),
        with.rate()
    );
    bench.rows.push(Row::new("dpop", "CPU added / verification", added / verify, Bar::at_most(BAR, "×"), note));
    Ok(())
}

/// Whoever holds the key.
struct Prover {
    key: EcdsaKeyPair,
    random: SystemRandom,
    header: String,
    uri: String,
}

impl Prover {
    fn new(key: EcdsaKeyPair, uri: &str) -> Result<Self> {
        let public = key.public_key().as_ref();
        let (x, y) = public.get(1..).context("a point")?.split_at(32);
        let (x, y) = (BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y));
        let jwk = serde_json::json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        let header = serde_json::json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }).to_string();
        Ok(Self {
            key,
            random: SystemRandom::new(),
            header: BASE64_URL_SAFE_NO_PAD.encode(header),
            uri: uri.to_owned(),
        })
    }

    fn prove(&self, jti: &str) -> Option<String> {
        #[allow(clippy::disallowed_methods, reason = "the server looks at its own clock")]
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
        let claims = serde_json::json!({ "jti": jti, "htm": "POST", "htu": self.uri, "iat": now }).to_string();
        let input = format!("{}.{}", self.header, BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = self.key.sign(&self.random, input.as_bytes()).ok()?;
        Some(format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// One connection, each of whose requests has a proof of its own.
struct Proving {
    key: Rc<Prover>,
    plain: Vec<u8>,
    connection: usize,
    count: u64,
    request: Vec<u8>,
}

impl Script for Proving {
    fn request(&mut self) -> &[u8] {
        self.count += 1;
        let jti = format!("{}-{}-{}", std::process::id(), self.connection, self.count);
        let proof = self.key.prove(&jti).unwrap_or_default();
        let line = self.plain.windows(2).position(|bytes| bytes == b"\r\n").map_or(0, |end| end + 2);
        self.request.clear();
        self.request.extend_from_slice(&self.plain[..line]);
        self.request.extend_from_slice(format!("DPoP: {proof}\r\n").as_bytes());
        self.request.extend_from_slice(&self.plain[line..]);
        &self.request
    }

    fn answered(&mut self, answer: Answer<'_>) -> Result<()> {
        answer.expect(200)
    }
}

const BAR: f64 = 2.0;
