//! `hmac verify`.

use jose::alg::Hash;
use jose::provider::Absorb;
use zeroize::Zeroizing;

use super::claim::{Agreement, Claim};
use super::presets::{self, Stamp};
use super::slips::Mismatch;
use super::{hash, remarks, written};
use crate::input::{Given, Input};
use crate::need::{Halt, ToolError};
use crate::output::{Level, Note, Output, Verdict};
use crate::run::{Env, Stream};
use crate::time;

/// What is to be checked, whether a preset says it or the fields.
pub(super) struct Check {
    pub(super) hash: Hash,
    pub(super) key: Zeroizing<Vec<u8>>,
    /// The text that the key was decoded from.
    pub(super) key_written: Option<Zeroizing<String>>,
    /// What stands before the message.
    pub(super) prefix: Vec<u8>,
    pub(super) claims: Vec<Claim>,
    pub(super) stamp: Option<Stamp>,
    pub(super) notes: Vec<Note>,
}

struct Verify {
    check: Check,
    mac: Box<dyn Absorb>,
    /// The message, as long as it is short enough to be searched.
    kept: Option<Zeroizing<Vec<u8>>>,
    message_written: Option<Zeroizing<String>>,
}

pub(super) fn begin(env: &Env<'_>, input: &Input) -> Result<Box<dyn Stream>, Halt> {
    let check = match input.optional_choice("preset") {
        Some(preset) => presets::check(preset, env, input)?,
        None => plain(input)?,
    };
    let mut mac = env.provider.mac(check.hash, &check.key);
    mac.update(&check.prefix);
    let message_written = written_as(input, "message");
    Ok(Box::new(Verify { check, mac, kept: Some(Zeroizing::default()), message_written }))
}

/// The text that a field was decoded from.
pub(super) fn written_as(input: &Input, field: &str) -> Option<Zeroizing<String>> {
    match input.given(field) {
        Some(Given::Encoded(_, text)) => Some(text.clone()),
        _ => None,
    }
}

fn plain(input: &Input) -> Result<Check, Halt> {
    if input.all("header").next().is_some() {
        let advice = "say whose they are with --preset github, stripe, slack, shopify or standard-webhooks";
        return Err(ToolError::of("header", "headers mean nothing without a preset", advice).into());
    }
    let text = input.required("signature")?;
    let claim = Claim::read(&text).ok_or_else(|| {
        ToolError::of("signature", "the signature is neither hex nor base64", "give it as it was sent")
    })?;
    let mut hash = hash(input)?;
    let mut notes = Vec::new();
    // `sha1=…` says what it is; a hash that was chosen stays, and the search says that it is another.
    if let Some(named) = claim.named.filter(|named| *named != hash && input.given("alg").is_none()) {
        hash = named;
        notes.push(Note::new(Level::Info, "hmac-hash-named", format!("the signature names {}", named.as_str())));
    }
    let key = input.required_bytes("key")?;
    let key_written = written_as(input, "key");
    Ok(Check { hash, key, key_written, prefix: Vec::new(), claims: vec![claim], stamp: None, notes })
}

impl Stream for Verify {
    fn update(&mut self, piece: &[u8]) -> Result<(), ToolError> {
        self.mac.update(piece);
        if let Some(kept) = &mut self.kept {
            match kept.len() + piece.len() <= SEARCHED {
                true => kept.extend_from_slice(piece),
                false => self.kept = None,
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>, env: &Env<'_>) -> Result<Output, ToolError> {
        let Self { check, mac, kept, message_written } = *self;
        let tag = mac.finish();
        let eq = |a: &[u8], b: &[u8]| env.provider.constant_time_eq(a, b);
        let whole = check.claims.iter().find_map(|claim| match claim.agrees(&eq, &tag)? {
            Agreement::Whole(encoding) => Some(encoding),
            Agreement::Slip(..) => None,
        });
        let mut notes = check.notes;
        notes.extend(remarks(check.hash, &check.key));
        let in_time = check.stamp.as_ref().is_none_or(|stamp| stamp.judge(&mut notes));
        let verdict = if whole.is_some() && in_time { Verdict::Yes } else { Verdict::No };
        let mut output = Output::verdict(verdict).member("alg", check.hash.as_str());
        output = match whole {
            Some(encoding) => output.line("signature", "signature", "matches").member("encoding", encoding),
            None => output.line("signature", "signature", "does not match"),
        };
        if let Some(stamp) = &check.stamp {
            let moment = format!("{} ({})", time::format(stamp.moment), time::relative(stamp.moment, stamp.now));
            output = output.line("timestamp", "timestamp", moment);
        }
        if whole.is_none() {
            let slip = kept.as_ref().and_then(|message| {
                let mismatch = Mismatch {
                    hash: check.hash,
                    key: &check.key,
                    key_written: check.key_written.as_ref().map(|text| text.as_str()),
                    prefix: &check.prefix,
                    message,
                    message_written: message_written.as_ref().map(|text| text.as_str()),
                    claims: &check.claims,
                };
                mismatch.explain(env)
            });
            notes.push(mismatch_note(&check.claims, &tag));
            notes.push(match (&slip, kept) {
                (Some(slip), _) => {
                    let text = format!("it would match if {}", slip.words);
                    output = output.member("slip", slip.code.as_str());
                    Note::new(Level::Fault, "hmac-slip", text)
                }
                (None, Some(_)) => Note::new(Level::Info, "hmac-no-slip", "none of the usual slips explains it")
                    .cause("another key, or a message that was changed on its way"),
                (None, None) => Note::new(Level::Info, "hmac-too-long", "the message is too long to search for slips"),
            });
        }
        output.notes = notes;
        Ok(output)
    }
}

fn mismatch_note(claims: &[Claim], tag: &[u8]) -> Note {
    let found = claims.iter().map(|claim| claim.text.as_str()).collect::<Vec<_>>().join(" or ");
    let [(_, hex), (_, base64), _] = written(tag);
    let note = Note::new(Level::Fault, "hmac-mismatch", "the signature does not match").between(hex, found);
    match claims.first().map(Claim::len) {
        Some(len) if len != tag.len() => {
            note.cause(format!("it has {len} bytes, and a signature by this hash has {}", tag.len()))
        }
        _ => note.cause(format!("in base64 the expected one is {base64}")),
    }
}

/// The longest message that is kept for the search.
const SEARCHED: usize = 4 << 20;
