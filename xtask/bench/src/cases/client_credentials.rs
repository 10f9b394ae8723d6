//! A client's own token (RFC 6749 §4.4): its secret is checked and an ES256 JWT signed, each time.

use anyhow::{Result, ensure};

use super::CONNECTIONS;
use crate::bench::Bench;
use crate::http::{form, post};
use crate::report::Row;
use crate::tokens::{Asking, Payloads};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let (right, wrong) = requests(bench);
    let (status, body) = bench.ask(&right)?;
    ensure!(status == 200, "{status}: {}", String::from_utf8_lossy(&body));
    let asking = || Asking::new(right.clone(), wrong.clone()).looking(Payloads::keep);
    let paired = bench.paired(body.len(), (0..CONNECTIONS).map(|_| asking()).collect())?;
    let refused: u64 = paired.scripts.iter().map(|script| script.refused).sum();
    ensure!(refused > 0, "no wrong secret was tried");
    let tokens = Payloads::distinct(paired.scripts.into_iter().map(|script| script.payloads))?;
    let (bare, sign) = (paired.bare.cost(), bench.limits.sign);
    let note = format!(
        "bare handler {bare:.1} + signature {sign:.1} µs; {tokens} tokens, each its own jti; {refused} wrong secrets refused"
    );
    bench.rows.push(Row::ratio("client_credentials", &paired.ours, bare + sign, BAR, note));
    Ok(())
}

/// A request for a token, and the same with another client's secret.
pub(super) fn requests(bench: &Bench<'_>) -> (Vec<u8>, Vec<u8>) {
    let request = |headers: &str| with(bench, headers);
    (request(&bench.service.basic()), request(&bench.service.wrong(&bench.app)))
}

/// The request with these header lines.
pub(super) fn with(bench: &Bench<'_>, headers: &str) -> Vec<u8> {
    let form = form(&[("grant_type", "client_credentials"), ("scope", "read")]);
    post(bench.server.address, "/oauth2/token", headers, &form)
}

const BAR: f64 = 2.5;
