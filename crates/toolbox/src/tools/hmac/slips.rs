//! The search for the slip that explains a mismatch.
//!
//! Each way to go wrong once is tried, then two ways together, the likeliest first. How much is tried depends on the
//! message's length, so that a long message costs no more than a short one.

use jose::alg::Hash;
use zeroize::Zeroizing;

use super::claim::{Agreement, Claim};
use super::variants::{self, Variant};
use crate::run::Env;

/// What was given, and does not match.
pub(super) struct Mismatch<'a> {
    pub(super) hash: Hash,
    pub(super) key: &'a [u8],
    /// The text that the key was decoded from.
    pub(super) key_written: Option<&'a str>,
    /// What a preset puts before the message.
    pub(super) prefix: &'a [u8],
    pub(super) message: &'a [u8],
    pub(super) message_written: Option<&'a str>,
    pub(super) claims: &'a [Claim],
}

/// What would have matched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// Names that stay, joined by `+`.
    pub(super) code: String,
    /// What was done, in a sentence.
    pub(super) words: String,
}

impl Mismatch<'_> {
    /// The slip that explains it, if one does.
    pub(super) fn explain(&self, env: &Env<'_>) -> Option<Slip> {
        let search = Search {
            mismatch: self,
            env,
            keys: variants::of(self.key, self.key_written),
            messages: variants::of(self.message, self.message_written),
        };
        search.alone().or_else(|| search.plain()).or_else(|| search.together())
    }
}

struct Search<'a> {
    mismatch: &'a Mismatch<'a>,
    env: &'a Env<'a>,
    keys: Vec<Variant>,
    messages: Vec<Variant>,
}

impl Search<'_> {
    /// One slip.
    fn alone(&self) -> Option<Slip> {
        let given = self.mismatch;
        self.tried(given.hash, None, None)
            .or_else(|| self.messages.iter().find_map(|message| self.tried(given.hash, None, Some(message))))
            .or_else(|| self.keys.iter().find_map(|key| self.tried(given.hash, Some(key), None)))
            .or_else(|| self.others().find_map(|hash| self.tried(hash, None, None)))
            .or_else(|| self.without_prefix())
    }

    /// Two slips, or three where the message is short.
    fn together(&self) -> Option<Slip> {
        let given = self.mismatch;
        if given.message.len() > SHORT {
            return None;
        }
        let pairs = || self.keys.iter().flat_map(|key| self.messages.iter().map(move |message| (key, message)));
        pairs()
            .find_map(|(key, message)| self.tried(given.hash, Some(key), Some(message)))
            .or_else(|| {
                self.others().find_map(|hash| {
                    let by_message = self.messages.iter().find_map(|message| self.tried(hash, None, Some(message)));
                    by_message.or_else(|| self.keys.iter().find_map(|key| self.tried(hash, Some(key), None)))
                })
            })
            .or_else(|| {
                let very_short = given.message.len() <= VERY_SHORT;
                let mut others = self.others().filter(|_| very_short);
                others.find_map(|hash| pairs().find_map(|(key, message)| self.tried(hash, Some(key), Some(message))))
            })
    }

    fn tried(&self, hash: Hash, key: Option<&Variant>, message: Option<&Variant>) -> Option<Slip> {
        let given = self.mismatch;
        let mut mac = self.env.provider.mac(hash, key.map_or(given.key, |key| &key.bytes));
        mac.update(given.prefix);
        mac.update(message.map_or(given.message, |message| &message.bytes));
        let (code, words) = self.agreement(&mac.finish())?;
        let mut slips = Vec::new();
        if hash != given.hash {
            slips.push((format!("hash-{}", hash.as_str()), format!("it was made with {}", hash.as_str())));
        }
        slips.extend(key.map(|key| (format!("key-{}", key.code), format!("the key {}", key.words))));
        slips.extend(
            message.map(|message| (format!("message-{}", message.code), format!("the message {}", message.words))),
        );
        slips.extend((!code.is_empty()).then(|| (code.to_owned(), words.to_owned())));
        Some(joined(&slips))
    }

    /// A preset's timestamp was left out of what was signed.
    fn without_prefix(&self) -> Option<Slip> {
        let given = self.mismatch;
        if given.prefix.is_empty() {
            return None;
        }
        self.agreement(&self.env.provider.hmac(given.hash, given.key, given.message))?;
        Some(joined(&[("message-without-timestamp".into(), "only the body was signed, without the timestamp".into())]))
    }

    /// No HMAC at all, or one with key and message exchanged.
    fn plain(&self) -> Option<Slip> {
        let given = self.mismatch;
        let joined_bytes = |parts: &[&[u8]]| Zeroizing::new(parts.concat());
        let shapes: [(&str, &str, Zeroizing<Vec<u8>>); 3] = [
            (
                "plain-key-message",
                "it is a plain hash of key and message",
                joined_bytes(&[given.key, given.prefix, given.message]),
            ),
            (
                "plain-message-key",
                "it is a plain hash of message and key",
                joined_bytes(&[given.prefix, given.message, given.key]),
            ),
            (
                "plain-message",
                "it is a plain hash of the message, without any key",
                joined_bytes(&[given.prefix, given.message]),
            ),
        ];
        for hash in std::iter::once(given.hash).chain(self.others()) {
            for (code, words, bytes) in &shapes {
                let mut digest = self.env.provider.digest(hash);
                digest.update(bytes);
                if self.agreement(&digest.finish()).is_some() {
                    let words = format!("{words} ({}) instead of an HMAC", hash.as_str());
                    return Some(joined(&[((*code).to_owned(), words)]));
                }
            }
            if self.agreement(&self.env.provider.hmac(hash, given.message, given.key)).is_some() {
                return Some(joined(&[("exchanged".into(), "key and message were exchanged".into())]));
            }
        }
        None
    }

    /// The slip of writing, empty where there is none.
    fn agreement(&self, tag: &[u8]) -> Option<(&'static str, &'static str)> {
        let eq = |a: &[u8], b: &[u8]| self.env.provider.constant_time_eq(a, b);
        self.mismatch.claims.iter().find_map(|claim| match claim.agrees(&eq, tag)? {
            Agreement::Whole(_) => Some(("", "")),
            Agreement::Slip(code, words) => Some((code, words)),
        })
    }

    fn others(&self) -> impl Iterator<Item = Hash> {
        let own = self.mismatch.hash;
        [Hash::Sha256, Hash::Sha1, Hash::Sha512, Hash::Sha384].into_iter().filter(move |hash| *hash != own)
    }
}

fn joined(slips: &[(String, String)]) -> Slip {
    let codes: Vec<_> = slips.iter().map(|(code, _)| code.as_str()).collect();
    let words: Vec<_> = slips.iter().map(|(_, words)| words.as_str()).collect();
    Slip { code: codes.join("+"), words: words.join(", and ") }
}

/// Messages up to this length are searched for two slips at once.
const SHORT: usize = 64 << 10;
/// And up to this length for three.
const VERY_SHORT: usize = 4 << 10;
