//! What a DPoP proof (RFC 9449) adds to a token request, beside one raw verification of ES256.
//!
//! The request is the one of `client_credentials`; the two take turns. Each proof is signed by the generator when it is sent, since
//! each counts once: that takes the generator's time and not the server's. What the proof adds is taken apart in the same run:
//! some of it by other requests in the same turns, the rest piece by piece beside the server.

use std::rc::Rc;

use anyhow::{Result, ensure};
use serde_json::json;

use super::{CONNECTIONS, client_credentials};
use crate::bench::Bench;
use crate::http::Answer;
use crate::load::{self, Fixed, Measure, Script};
use crate::prover::{Prover, now};
use crate::report::{Bar, Parts, Row};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let right = client_credentials::with(bench, &bench.service.basic());
    let bound = client_credentials::with(bench, &bench.provider.add_bound_service()?.basic());
    let address = bench.server.address;
    let key = Rc::new(Prover::new("dpop+jwt")?);
    let proving = |plain: &[u8], path: &str, status: u16, connection: usize| Proving {
        key: Rc::clone(&key),
        uri: format!("http://{address}{path}"),
        plain: plain.to_vec(),
        status,
        connection,
        count: 0,
        request: Vec::new(),
    };
    let mut once = proving(&right, TOKEN, 200, usize::MAX);
    let (status, body) = bench.ask(once.request())?;
    ensure!(status == 200, "{status}: {}", String::from_utf8_lossy(&body));
    let (status, _) = bench.ask(&once.request)?;
    ensure!(status == 400, "{status} to a proof that was seen");
    let longer = with_line(&right, "X-Proof", once.proof().unwrap_or_default().as_str());
    let series = |make: &dyn Fn(usize) -> Proving| (0..CONNECTIONS).map(make).collect::<Vec<_>>();
    let mut good = series(&|connection| proving(&right, TOKEN, 200, connection));
    // Another address, as long: it is held against the request when all else was looked at.
    let mut bad = series(&|connection| proving(&bound, ELSEWHERE, 400, CONNECTIONS + connection));
    let mut turns = Turns::default();
    for _ in 0..bench.options.rounds() {
        turns.without = fixed(bench, &right, 200, turns.without)?;
        turns.longer = fixed(bench, &longer, 200, turns.longer)?;
        (turns.with, good) = more(bench, good, turns.with)?;
        turns.none = fixed(bench, &bound, 400, turns.none)?;
        (turns.refused, bad) = more(bench, bad, turns.refused)?;
    }
    let Turns { without, longer, with, none, refused } = turns;
    let (added, verify) = (with.cost() - without.cost(), bench.limits.verify);
    let (length, checked) = (longer.cost() - without.cost(), refused.cost() - none.cost());
    let note = format!(
        "{:.1} µs with a proof, {:.1} µs without; one verification {verify:.1} µs; {:.0} requests/s with; a proof that is \
         looked at and refused takes {checked:.1} µs more than none, so that keeping the jti and the nonce of the answer are \
         {:.1} µs",
        with.cost(),
        without.cost(),
        with.rate(),
        added - checked,
    );
    bench.rows.push(Row::new("dpop", "CPU added / verification", added / verify, Bar::at_most(BAR, "×"), note));
    let pieces = bench.pieces()?;
    let (raw, key, thumbprint) = (pieces.get("raw")?, pieces.get("key")?, pieces.get("thumbprint")?);
    let insert = pieces.get("kept beside")?;
    let parts = vec![
        ("the raw verification", raw),
        ("the key in the header: its point checked, a handle made", key - thumbprint),
        ("its thumbprint, for `cnf`", thumbprint),
        ("header and claims: base64url, strict JSON, `htm`, `htu`, `iat` compared", pieces.get("dpop")? - raw - key),
        ("the hash under which the `jti` is kept", pieces.get("jti hash")?),
        ("its row: one insert into a table with two indexes", insert),
        ("its transaction: a share of the group's commit, handing over, waking", pieces.get("kept alone")? - insert),
        ("the nonce of the answer", pieces.get("nonce")?),
        ("the longer request: received and taken apart", length),
    ];
    bench.parts.push(Parts { case: "dpop", whole: added, verify, parts });
    Ok(())
}

/// What takes turns.
#[derive(Default)]
struct Turns {
    without: Measure,
    /// As long as with a proof, in a header that says nothing.
    longer: Measure,
    with: Measure,
    /// Refused, since no proof came.
    none: Measure,
    /// Refused, since the proof is about another address.
    refused: Measure,
}

fn fixed(bench: &Bench<'_>, request: &[u8], status: u16, before: Measure) -> Result<Measure> {
    let scripts = (0..CONNECTIONS).map(|_| Fixed { request: request.to_vec(), status }).collect();
    Ok(more(bench, scripts, before)?.0)
}

fn more<S: Script>(bench: &Bench<'_>, scripts: Vec<S>, before: Measure) -> Result<(Measure, Vec<S>)> {
    let (measure, scripts) = load::run(&bench.server, scripts, bench.options.duration())?;
    Ok((before.with(measure), scripts))
}

/// The request with one more header line.
fn with_line(request: &[u8], name: &str, value: &str) -> Vec<u8> {
    let line = request.windows(2).position(|bytes| bytes == b"\r\n").map_or(0, |end| end + 2);
    [&request[..line], format!("{name}: {value}\r\n").as_bytes(), &request[line..]].concat()
}

/// One connection, each of whose requests has a proof of its own.
struct Proving {
    key: Rc<Prover>,
    uri: String,
    plain: Vec<u8>,
    status: u16,
    connection: usize,
    count: u64,
    request: Vec<u8>,
}

impl Proving {
    fn proof(&mut self) -> Option<String> {
        self.count += 1;
        let jti = format!("{}-{}-{}", std::process::id(), self.connection, self.count);
        self.key.prove(&json!({ "jti": jti, "htm": "POST", "htu": self.uri, "iat": now() }))
    }
}

impl Script for Proving {
    fn request(&mut self) -> &[u8] {
        let proof = self.proof().unwrap_or_default();
        self.request = with_line(&self.plain, "DPoP", &proof);
        &self.request
    }

    fn answered(&mut self, answer: Answer<'_>) -> Result<()> {
        answer.expect(self.status)
    }
}

const TOKEN: &str = "/oauth2/token";
const ELSEWHERE: &str = "/oauth2/tokem";
const BAR: f64 = 2.0;
