//! Whether every answer under load was worth its time: tokens that differ, secrets that are checked.

use std::collections::HashSet;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::http::Answer;
use crate::load::Script;

/// The payloads of all access tokens of a run, looked at once it is over: decoding takes the time of the load.
#[derive(Default)]
pub(crate) struct Payloads(Vec<Box<[u8]>>);

impl Payloads {
    /// Keeps the payload of the access token in this answer.
    pub(crate) fn keep(&mut self, answer: &Answer<'_>) -> Result<()> {
        let token = member(answer.body, b"\"access_token\":\"").context("an answer without an access token")?;
        let payload = token.split(|byte| *byte == b'.').nth(1).context("an access token that is no JWT")?;
        self.0.push(payload.into());
        Ok(())
    }

    /// Counts the tokens; an error where two share a `jti` or one has none.
    pub(crate) fn distinct(all: impl IntoIterator<Item = Payloads>) -> Result<usize> {
        let mut seen = HashSet::new();
        for payload in all.into_iter().flat_map(|payloads| payloads.0) {
            let claims: serde_json::Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload)?)?;
            let jti = claims["jti"].as_str().context("a token without a jti")?;
            if !seen.insert(jti.to_owned()) {
                bail!("two tokens share the jti {jti}");
            }
        }
        Ok(seen.len())
    }
}

/// The text behind `before` up to the next quotation mark.
pub(crate) fn member<'a>(json: &'a [u8], before: &[u8]) -> Option<&'a [u8]> {
    let begin = json.windows(before.len()).position(|bytes| bytes == before)? + before.len();
    let rest = &json[begin..];
    rest.iter().position(|byte| *byte == b'"').map(|end| &rest[..end])
}

/// A client that asks for tokens; every so often with a wrong secret, which must be refused.
pub(crate) struct Asking {
    right: Vec<u8>,
    wrong: Vec<u8>,
    count: u64,
    pub(crate) refused: u64,
    look: fn(&mut Payloads, &Answer<'_>) -> Result<()>,
    pub(crate) payloads: Payloads,
}

impl Asking {
    /// With a request that must succeed and one that must be refused.
    pub(crate) fn new(right: Vec<u8>, wrong: Vec<u8>) -> Self {
        Self { right, wrong, count: 0, refused: 0, look: |_, _| Ok(()), payloads: Payloads::default() }
    }

    /// Also looks at the answers that succeed.
    pub(crate) fn looking(self, look: fn(&mut Payloads, &Answer<'_>) -> Result<()>) -> Self {
        Self { look, ..self }
    }

    fn is_wrong(&self) -> bool {
        self.count.is_multiple_of(EVERY)
    }
}

impl Script for Asking {
    fn request(&mut self) -> &[u8] {
        self.count += 1;
        if self.is_wrong() { &self.wrong } else { &self.right }
    }

    fn answered(&mut self, answer: Answer<'_>) -> Result<()> {
        if self.is_wrong() {
            self.refused += 1;
            return answer.expect(401);
        }
        answer.expect(200)?;
        (self.look)(&mut self.payloads, &answer)
    }
}

/// One request in so many carries a wrong secret: enough to see it, too few to be felt in the figures.
const EVERY: u64 = 500;
