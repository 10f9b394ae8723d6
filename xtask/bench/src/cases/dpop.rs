//! What a DPoP proof (RFC 9449) adds to a token request, beside one raw verification of ES256.
//!
//! The request is the one of `client_credentials`; the two take turns. Each proof is signed by the generator when it is sent, since
//! each counts once: that takes the generator's time and not the server's.

use std::rc::Rc;

use anyhow::{Result, ensure};
use serde_json::json;

use super::{CONNECTIONS, client_credentials};
use crate::bench::Bench;
use crate::http::Answer;
use crate::load::{self, Fixed, Measure, Script};
use crate::prover::{Prover, now};
use crate::report::{Bar, Row};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let (right, _) = client_credentials::requests(bench);
    let address = bench.server.address;
    let (key, uri) = (Rc::new(Prover::new("dpop+jwt")?), format!("http://{address}/oauth2/token"));
    let proving = |connection| Proving {
        key: Rc::clone(&key),
        uri: uri.clone(),
        plain: right.clone(),
        connection,
        count: 0,
        request: Vec::new(),
    };
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

/// One connection, each of whose requests has a proof of its own.
struct Proving {
    key: Rc<Prover>,
    uri: String,
    plain: Vec<u8>,
    connection: usize,
    count: u64,
    request: Vec<u8>,
}

impl Script for Proving {
    fn request(&mut self) -> &[u8] {
        self.count += 1;
        let jti = format!("{}-{}-{}", std::process::id(), self.connection, self.count);
        let claims = json!({ "jti": jti, "htm": "POST", "htu": self.uri, "iat": now() });
        let proof = self.key.prove(&claims).unwrap_or_default();
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
