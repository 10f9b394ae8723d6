//! A key set, the way it came, and the tokens that name its keys.

use serde_json::Value;

use super::codes::*;
use super::key::{Place, at};
use super::{Finding, member, urls};
use crate::json::{self, Object};
use crate::jwk::{Jwk, ThumbprintHash, excerpt};
use crate::provider::Provider;
use crate::{Limits, base64url};

/// What is known beside the set itself.
///
/// ```
/// use vestibule_jose::lint::{SetFacts, key_set};
/// use vestibule_jose::provider::aws_lc;
///
/// let token = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImdvbmUifQ.e30.AA";
/// let facts = SetFacts { tokens: &[token], ..SetFacts::default() };
/// let found = key_set(aws_lc(), br#"{"keys": []}"#, &facts);
/// assert!(found.iter().any(|finding| finding.message.contains("gone")));
/// ```
#[derive(Clone, Debug, Default)]
pub struct SetFacts<'a> {
    /// How it was fetched.
    pub fetched: Option<Fetched<'a>>,
    /// Tokens that are in use, to see which keys still are. Only their headers are looked at.
    pub tokens: &'a [&'a str],
    /// Bounds on what is read.
    pub limits: Limits,
}

/// An answer over HTTP.
///
/// ```
/// use vestibule_jose::lint::{Fetched, SetFacts, key_set};
/// use vestibule_jose::provider::aws_lc;
///
/// let fetched = Fetched { url: "http://id.example.com/jwks", cache_control: None, expires: None, content_type: None };
/// let facts = SetFacts { fetched: Some(fetched), ..SetFacts::default() };
/// let found = key_set(aws_lc(), br#"{"keys": []}"#, &facts);
/// assert!(found.iter().any(|finding| finding.code == "jwks.url.plain-http"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Fetched<'a> {
    /// Where it came from.
    pub url: &'a str,
    /// `Cache-Control`, as it stands.
    pub cache_control: Option<&'a str>,
    /// `Expires`, as it stands.
    pub expires: Option<&'a str>,
    /// `Content-Type`, as it stands.
    pub content_type: Option<&'a str>,
}

/// Looks at a published key set.
///
/// ```
/// use vestibule_jose::lint::{SetFacts, key_set};
/// use vestibule_jose::provider::aws_lc;
///
/// let found = key_set(aws_lc(), b"[]", &SetFacts::default());
/// assert_eq!(found[0].code, "jwks.invalid");
/// ```
pub fn key_set(provider: &dyn Provider, text: &[u8], facts: &SetFacts<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    if let Some(fetched) = &facts.fetched {
        answer(fetched, &mut out);
    }
    let limits = &facts.limits;
    let set = match json::parse(text, limits.set_bytes, limits.json_depth) {
        Ok(Value::Object(set)) => set,
        Ok(other) => {
            out.push(SET_INVALID.with("", format_args!("an object is expected, found {}", json::kind(&other))));
            return out;
        }
        Err(error) => {
            out.push(SET_INVALID.with("", error));
            return out;
        }
    };
    let Some(elements) = set.get("keys").and_then(Value::as_array) else {
        out.push(SET_INVALID.with("", "it has no array \"keys\""));
        return out;
    };
    if elements.is_empty() {
        out.push(SET_EMPTY.at("/keys"));
    }
    if elements.len() > limits.set_keys {
        out.push(
            SET_INVALID.with("/keys", format_args!("{} keys, of which {} are read", elements.len(), limits.set_keys)),
        );
        return out;
    }
    let mut keys = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let pointer = format!("/keys/{index}");
        match element.as_object() {
            Some(jwk) => {
                let (findings, key) = at(provider, jwk, Place::Public, &pointer);
                out.extend(findings);
                keys.push(Seen::new(provider, pointer, jwk, key.as_ref()));
            }
            None => out.push(SET_INVALID.with(pointer, "a key is an object")),
        }
    }
    names(&keys, &mut out);
    in_use(&keys, facts, &mut out);
    out
}

/// What is compared between the keys of a set.
struct Seen<'a> {
    pointer: String,
    kid: Option<&'a str>,
    thumbprint: Option<String>,
}

impl<'a> Seen<'a> {
    fn new(provider: &dyn Provider, pointer: String, jwk: &'a Object, key: Option<&Jwk>) -> Self {
        let thumbprint = key.and_then(|key| key.thumbprint(provider, ThumbprintHash::Sha256));
        Self { pointer, kid: jwk.get("kid").and_then(Value::as_str), thumbprint }
    }
}

fn names(keys: &[Seen<'_>], out: &mut Vec<Finding>) {
    for (index, key) in keys.iter().enumerate() {
        let before = &keys[..index];
        match key.kid {
            None => out.push(SET_KID_MISSING.at(key.pointer.clone())),
            Some(kid) => {
                if let Some(other) = before.iter().find(|other| other.kid == Some(kid)) {
                    out.push(SET_KID_DOUBLE.with(member(&key.pointer, "kid"), format_args!("as {}", other.pointer)));
                }
            }
        }
        if key.thumbprint.is_some()
            && let Some(other) = before.iter().find(|other| other.thumbprint == key.thumbprint)
        {
            out.push(SET_KEY_DOUBLE.with(key.pointer.clone(), format_args!("as {}", other.pointer)));
        }
    }
}

fn in_use(keys: &[Seen<'_>], facts: &SetFacts<'_>, out: &mut Vec<Finding>) {
    let kids: Vec<String> = facts.tokens.iter().filter_map(|token| kid(token, &facts.limits)).collect();
    if kids.is_empty() {
        return;
    }
    for key in keys {
        if key.kid.is_some_and(|kid| !kids.iter().any(|named| named == kid)) {
            out.push(SET_KEY_UNUSED.at(key.pointer.clone()));
        }
    }
    let mut absent: Vec<&String> =
        kids.iter().filter(|named| !keys.iter().any(|key| key.kid == Some(named.as_str()))).collect();
    absent.sort_unstable();
    absent.dedup();
    out.extend(absent.into_iter().map(|kid| SET_KEY_ABSENT.with("/keys", format_args!("{:?}", excerpt(kid)))));
}

/// The `kid` in the header of a compact token.
fn kid(token: &str, limits: &Limits) -> Option<String> {
    let (header, _) = token.trim().split_once('.')?;
    if header.len() > base64url::encoded_len(limits.header_bytes) {
        return None;
    }
    let header = json::parse_object(&base64url::decode(header).ok()?, limits).ok()?;
    header.get("kid").and_then(Value::as_str).map(str::to_owned)
}

fn answer(fetched: &Fetched<'_>, out: &mut Vec<Finding>) {
    if !urls::is_safe(fetched.url) {
        out.push(SET_PLAIN_HTTP.with("", excerpt(fetched.url)));
    }
    match (fetched.cache_control.and_then(max_age), fetched.expires) {
        (None, None) => out.push(SET_CACHE_MISSING.at("")),
        (Some(seconds), _) if seconds < 60 => out.push(SET_CACHE_SHORT.with("", format_args!("{seconds} s"))),
        (Some(seconds), _) if seconds > 86_400 => out.push(SET_CACHE_LONG.with("", format_args!("{seconds} s"))),
        _ => {}
    }
    let kind = fetched.content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !["application/jwk-set+json", "application/json"].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        out.push(SET_CONTENT_TYPE.with("", format_args!("{:?}", excerpt(kind))));
    }
}

/// RFC 9111 §5.2.2: `no-store` and `no-cache` are ages too, namely none.
fn max_age(cache_control: &str) -> Option<u64> {
    let mut directives = cache_control.split(',').map(|directive| directive.trim().to_ascii_lowercase());
    directives.find_map(|directive| match directive.as_str() {
        "no-store" | "no-cache" => Some(0),
        other => other.strip_prefix("max-age=")?.trim_matches('"').parse().ok(),
    })
}
