//! Refreshing (RFC 6749 §6): each connection rotates a family of its own; the answer is durable, with an access token
//! and an ID token, both ES256.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, ensure};

use super::PERSON;
use crate::bench::Bench;
use crate::browser::Browser;
use crate::http::{Answer, form, post};
use crate::load::Script;
use crate::provider::Client;
use crate::report::Row;
use crate::tokens::{Payloads, member};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let scripts = runtime.block_on(families(bench.server.address, &bench.app))?;
    let oldest = scripts.first().context("no family")?.request.clone();
    let bytes = BODY;
    let paired = bench.paired(bytes, scripts)?;
    let rotations: u64 = paired.scripts.iter().map(|script| script.rotations).sum();
    let tokens = Payloads::distinct(paired.scripts.into_iter().map(|script| script.payloads))?;
    ensure!(tokens as u64 == rotations, "{rotations} rotations, {tokens} tokens");
    let (status, body) = bench.ask(&oldest)?;
    ensure!(status == 400, "a token replaced long ago: {status}, {}", String::from_utf8_lossy(&body));
    let limits = &bench.limits;
    let limit = paired.bare.cost() + 2.0 * limits.sign + limits.commit_in_group;
    let note = format!(
        "bare handler {:.1} + 2 signatures {:.1} + commit in a group {:.1} µs; {rotations} rotations",
        paired.bare.cost(),
        2.0 * limits.sign,
        limits.commit_in_group
    );
    bench.rows.push(Row::rate("refresh", &paired.ours, limit, BAR, note));
    Ok(())
}

/// Signs in once per connection.
async fn families(host: SocketAddr, client: &Client) -> Result<Vec<Refreshing>> {
    let mut browser = Browser::open(host).await?;
    let mut scripts = Vec::new();
    for _ in 0..CONNECTIONS {
        browser.forget();
        let code = browser.sign_in(client, PERSON).await?;
        let answer = browser.redeem(client, &code).await?;
        let token = answer["refresh_token"].as_str().with_context(|| format!("no refresh token: {answer}"))?;
        scripts.push(Refreshing::new(host, client, token));
    }
    Ok(scripts)
}

/// A client that refreshes with what the last answer gave it.
struct Refreshing {
    request: Vec<u8>,
    /// Length of the token, which ends the request.
    length: usize,
    rotations: u64,
    payloads: Payloads,
}

impl Refreshing {
    fn new(host: SocketAddr, client: &Client, token: &str) -> Self {
        let form = form(&[("grant_type", "refresh_token"), ("refresh_token", token)]);
        let request = post(host, "/oauth2/token", &client.basic(), &form);
        Self { request, length: token.len(), rotations: 0, payloads: Payloads::default() }
    }
}

impl Script for Refreshing {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answered(&mut self, answer: Answer<'_>) -> Result<()> {
        answer.expect(200)?;
        let next = member(answer.body, b"\"refresh_token\":\"").context("no refresh token")?;
        let at = self.request.len() - self.length;
        ensure!(next.len() == self.length, "a refresh token of another length");
        ensure!(next != &self.request[at..], "the same refresh token again");
        ensure!(member(answer.body, b"\"id_token\":\"").is_some(), "no ID token");
        self.request[at..].copy_from_slice(next);
        self.rotations += 1;
        self.payloads.keep(&answer)
    }
}

const CONNECTIONS: usize = 64;
const BAR: f64 = 5_000.0;
/// About what an answer with two tokens has.
const BODY: usize = 1_400;
