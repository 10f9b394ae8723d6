//! How well-known senders sign their webhook requests.

use jose::alg::Hash;
use zeroize::Zeroizing;

use super::claim::Claim;
use super::verify::{Check, written_as};
use crate::definition::Choice;
use crate::encoding::Encoding;
use crate::input::{Input, excerpt};
use crate::need::{Halt, ToolError};
use crate::output::{Level, Note};
use crate::run::Env;
use crate::time;

pub(super) const CHOICES: &[Choice] = &[
    Choice::new("github", "GitHub"),
    Choice::new("stripe", "Stripe"),
    Choice::new("slack", "Slack"),
    Choice::new("shopify", "Shopify"),
    Choice::new("standard-webhooks", "Standard Webhooks (and Svix)"),
];

/// A webhook's timestamp, and when it is looked at.
pub(super) struct Stamp {
    pub(super) moment: i64,
    pub(super) now: i64,
    tolerance: i64,
}

/// What to check for a request of this sender.
pub(super) fn check(preset: &str, env: &Env<'_>, input: &Input) -> Result<Check, Halt> {
    let request = Request {
        headers: headers(input)?,
        key: input.required_bytes("key")?,
        key_written: written_as(input, "key"),
        now: input.moment("at").unwrap_or(env.now),
        tolerance: input.span("tolerance").unwrap_or(TOLERANCE),
    };
    let check = match preset {
        "github" => request.github(),
        "stripe" => request.stripe(),
        "slack" => request.slack(),
        "shopify" => request.shopify(),
        _ => request.standard_webhooks(),
    };
    Ok(check?)
}

struct Request {
    headers: Vec<(String, String)>,
    key: Zeroizing<Vec<u8>>,
    key_written: Option<Zeroizing<String>>,
    now: i64,
    tolerance: i64,
}

impl Request {
    /// `X-Hub-Signature-256: sha256=HEX` over the body; the older header has SHA-1.
    fn github(self) -> Result<Check, ToolError> {
        let (hash, value) = match self.header(&["x-hub-signature-256"]) {
            Ok(value) => (Hash::Sha256, value),
            Err(missing) => (Hash::Sha1, self.header(&["x-hub-signature"]).map_err(|_| missing)?),
        };
        let claims = vec![claim(value)?];
        Ok(self.check(hash, Vec::new(), claims, None))
    }

    /// `Stripe-Signature: t=SECONDS,v1=HEX,…` over `t.body`. The whole `whsec_…` text is the key.
    fn stripe(self) -> Result<Check, ToolError> {
        let value = self.header(&["stripe-signature"])?;
        let pairs: Vec<_> = value.split(',').filter_map(|pair| pair.trim().split_once('=')).collect();
        let moment = pairs.iter().find(|(name, _)| *name == "t").map(|(_, value)| *value);
        let moment = moment.ok_or_else(|| unreadable("Stripe-Signature has no t=", "t=SECONDS,v1=HEX"))?;
        let stamp = self.stamp(moment)?;
        let versions = pairs.iter().filter(|(name, _)| *name == "v1");
        let claims = versions.map(|(_, value)| claim(value)).collect::<Result<Vec<_>, _>>()?;
        if claims.is_empty() {
            return Err(unreadable("Stripe-Signature has no v1=", "t=SECONDS,v1=HEX"));
        }
        let prefix = format!("{moment}.").into_bytes();
        Ok(self.check(Hash::Sha256, prefix, claims, Some(stamp)))
    }

    /// `X-Slack-Signature: v0=HEX` over `v0:TIMESTAMP:body`.
    fn slack(self) -> Result<Check, ToolError> {
        let value = self.header(&["x-slack-signature"])?;
        let moment = self.header(&["x-slack-request-timestamp"])?;
        let stamp = self.stamp(moment)?;
        let bare = value
            .strip_prefix("v0=")
            .ok_or_else(|| unreadable("X-Slack-Signature does not begin with v0=", "v0=HEX"))?;
        let claims = vec![claim(bare)?];
        let prefix = format!("v0:{moment}:").into_bytes();
        Ok(self.check(Hash::Sha256, prefix, claims, Some(stamp)))
    }

    /// `X-Shopify-Hmac-Sha256: BASE64` over the body.
    fn shopify(self) -> Result<Check, ToolError> {
        let claims = vec![claim(self.header(&["x-shopify-hmac-sha256"])?)?];
        Ok(self.check(Hash::Sha256, Vec::new(), claims, None))
    }

    /// `webhook-signature: v1,BASE64 v1,BASE64 …` over `id.timestamp.body`; the key is base64 behind `whsec_`.
    fn standard_webhooks(mut self) -> Result<Check, ToolError> {
        let id = self.header(&["webhook-id", "svix-id"])?;
        let moment = self.header(&["webhook-timestamp", "svix-timestamp"])?;
        let signatures = self.header(&["webhook-signature", "svix-signature"])?;
        let stamp = self.stamp(moment)?;
        let (mut claims, mut others) = (Vec::new(), 0);
        for entry in signatures.split_whitespace() {
            match entry.split_once(',') {
                Some(("v1", base64)) => {
                    let bytes = Encoding::Base64.decode(base64);
                    let bytes = bytes.map_err(|_| unreadable("a v1 signature is not base64", "v1,BASE64"))?;
                    claims.push(Claim::of(entry, bytes, "base64"));
                }
                _ => others += 1,
            }
        }
        if claims.is_empty() {
            let what = "webhook-signature has no v1 signature, which is the one by HMAC";
            return Err(unreadable(what, "v1,BASE64; v1a is made with a key pair"));
        }
        let prefix = format!("{id}.{moment}.").into_bytes();
        let mut notes = Vec::new();
        if others > 0 {
            let text = format!("{others} signatures of another version were passed over");
            notes.push(Note::new(Level::Info, "webhook-other-versions", text));
        }
        match decoded_key(&self.key) {
            Some(key) => {
                self.key_written = String::from_utf8(self.key.to_vec()).ok().map(Zeroizing::new);
                self.key = key;
            }
            None => notes.push(
                Note::new(Level::Warning, "webhook-key", "the key is not whsec_ and base64; it was taken as it stands")
                    .cause("give the whole secret as the sender shows it"),
            ),
        }
        let mut check = self.check(Hash::Sha256, prefix, claims, Some(stamp));
        check.notes = notes;
        Ok(check)
    }

    fn check(self, hash: Hash, prefix: Vec<u8>, claims: Vec<Claim>, stamp: Option<Stamp>) -> Check {
        Check { hash, key: self.key, key_written: self.key_written, prefix, claims, stamp, notes: Vec::new() }
    }

    /// The header by one of these names, which stands once.
    fn header(&self, names: &[&str]) -> Result<&str, ToolError> {
        let mut found = self.headers.iter().filter(|(name, _)| names.contains(&name.as_str()));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value),
            (None, _) => {
                Err(unreadable(&format!("the header {} is missing", names[0]), &format!("--header '{}: …'", names[0])))
            }
            (Some(_), Some(_)) => Err(unreadable(&format!("the header {} stands twice", names[0]), "it once")),
        }
    }

    fn stamp(&self, text: &str) -> Result<Stamp, ToolError> {
        let moment = text.trim().parse().map_err(|_| {
            unreadable(&format!("the timestamp {:?} is no number", excerpt(text)), "seconds since 1970")
        })?;
        Ok(Stamp { moment, now: self.now, tolerance: self.tolerance })
    }
}

impl Stamp {
    /// Whether it lies close enough; if not, a note says so.
    pub(super) fn judge(&self, notes: &mut Vec<Note>) -> bool {
        let apart = self.now.saturating_sub(self.moment).saturating_abs();
        if apart <= self.tolerance {
            return true;
        }
        let text = match self.moment < self.now {
            true => "the timestamp is too old: the request may be a replay",
            false => "the timestamp lies in the future",
        };
        notes.push(
            Note::new(Level::Fault, "webhook-timestamp", text)
                .between(
                    format!("within {} of {}", time::span(self.tolerance), time::format(self.now)),
                    format!("{} ({})", time::format(self.moment), time::relative(self.moment, self.now)),
                )
                .cause("a clock that is wrong, or a request that was kept; --at checks it at its own time"),
        );
        false
    }
}

/// Names in lower case (RFC 9110 §5.1). A form gives one text of several lines.
fn headers(input: &Input) -> Result<Vec<(String, String)>, ToolError> {
    let lines = input.all("header").flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty());
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').ok_or_else(|| {
            ToolError::of("header", format!("{:?} is no header", excerpt(line)), "write it as 'Name: value'")
        })?;
        Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    lines.map(pair).collect()
}

fn claim(text: &str) -> Result<Claim, ToolError> {
    Claim::read(text).ok_or_else(|| {
        unreadable(&format!("the signature {:?} is neither hex nor base64", excerpt(text)), "the header as it was sent")
    })
}

fn decoded_key(key: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = std::str::from_utf8(key).ok()?.trim();
    let decoded = Encoding::Base64.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
    (!decoded.is_empty()).then(|| Zeroizing::new(decoded))
}

fn unreadable(what: &str, expected: &str) -> ToolError {
    ToolError::of("header", what, format!("give {expected}"))
}

const TOLERANCE: i64 = 300;
