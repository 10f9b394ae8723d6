//! What everybody may read: the key set and the metadata.

use anyhow::{Result, ensure};

use super::CONNECTIONS;
use crate::bench::Bench;
use crate::http::get;
use crate::load::Fixed;
use crate::report::Row;

pub(super) fn jwks(bench: &mut Bench<'_>) -> Result<()> {
    read(bench, "jwks", "/.well-known/jwks.json")
}

pub(super) fn discovery(bench: &mut Bench<'_>) -> Result<()> {
    read(bench, "discovery", "/.well-known/openid-configuration")
}

fn read(bench: &mut Bench<'_>, case: &'static str, path: &str) -> Result<()> {
    let request = get(bench.server.address, path);
    let (status, body) = bench.ask(&request)?;
    ensure!(status == 200, "{path}: {status}");
    let scripts = (0..CONNECTIONS).map(|_| Fixed { request: request.clone(), status: 200 }).collect();
    let paired = bench.paired(body.len(), scripts)?;
    let limit = paired.bare.cost();
    let note = format!("bare handler of {} bytes: {limit:.1} µs", body.len());
    bench.rows.push(Row::ratio(case, &paired.ours, limit, BAR, note));
    Ok(())
}

const BAR: f64 = 1.5;
