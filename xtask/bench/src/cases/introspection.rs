//! Introspection (RFC 7662) of a token that is active.

use anyhow::{Context as _, Result, ensure};

use super::{CONNECTIONS, client_credentials};
use crate::bench::Bench;
use crate::http::{Answer, form, post};
use crate::report::Row;
use crate::tokens::{Asking, Payloads};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let (status, body) = bench.ask(&client_credentials::requests(bench).0)?;
    ensure!(status == 200, "no token: {status}");
    let token: serde_json::Value = serde_json::from_slice(&body)?;
    let form = form(&[("token", token["access_token"].as_str().context("no access token")?)]);
    let request = |headers: &str| post(bench.server.address, "/oauth2/introspect", headers, &form);
    let (right, wrong) = (request(&bench.service.basic()), request(&bench.service.wrong(&bench.app)));
    let bytes = bench.ask(&right)?.1.len();
    let asking = || Asking::new(right.clone(), wrong.clone()).looking(is_active);
    let paired = bench.paired(bytes, (0..CONNECTIONS).map(|_| asking()).collect())?;
    let refused: u64 = paired.scripts.iter().map(|script| script.refused).sum();
    let (bare, verify) = (paired.bare.cost(), bench.limits.verify);
    let note = format!("bare handler {bare:.1} + verification {verify:.1} µs; {refused} wrong secrets refused");
    bench.rows.push(Row::rate("introspection", &paired.ours, bare + verify, BAR, note));
    Ok(())
}

fn is_active(_: &mut Payloads, answer: &Answer<'_>) -> Result<()> {
    let active = answer.body.windows(ACTIVE.len()).any(|bytes| bytes == ACTIVE);
    ensure!(active, "not active: {}", String::from_utf8_lossy(answer.body));
    Ok(())
}

const ACTIVE: &[u8] = b"\"active\":true";
const BAR: f64 = 10_000.0;
