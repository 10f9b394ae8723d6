//! What claims mean, and when.

use jose::json::{Object, Value};

use crate::output::{Block, Level, Note};
use crate::time;

/// The times as dates, with where they lie.
pub(in crate::tools) fn times(claims: &Object, now: i64) -> Option<Block> {
    let rows: Vec<Vec<String>> = TIMES
        .iter()
        .filter_map(|(name, meaning)| {
            let moment = claims.get(*name)?.as_f64()? as i64;
            Some(vec![(*name).into(), (*meaning).into(), time::format(moment), time::relative(moment, now)])
        })
        .collect();
    let heads = ["claim", "meaning", "date", "from now"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Block::Table { name: "times".into(), heads, rows })
}

/// The times as machines take them: `{"exp": {"date": …, "from_now": seconds}}`.
pub(in crate::tools) fn times_json(claims: &Object, now: i64) -> Object {
    let known = TIMES.iter().filter_map(|(name, _)| {
        let moment = claims.get(*name)?.as_f64()? as i64;
        let from_now = moment.saturating_sub(now);
        Some(((*name).to_owned(), serde_json::json!({"date": time::format(moment), "from_now": from_now})))
    });
    known.collect()
}

/// What the other registered claims mean.
pub(super) fn meanings(claims: &Object) -> Option<Block> {
    let rows: Vec<Vec<String>> = MEANINGS
        .iter()
        .filter_map(|(name, meaning)| {
            let value = claims.get(*name)?;
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some(vec![(*name).into(), (*meaning).into(), text])
        })
        .collect();
    let heads = ["claim", "meaning", "value"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Block::Table { name: "claims explained".into(), heads, rows })
}

/// What should be known about the claims, whoever made them.
pub(super) fn remarks(claims: &Object, now: i64) -> Vec<Note> {
    let mut notes = Vec::new();
    let moment = |name: &str| claims.get(name).and_then(Value::as_f64);
    for name in TIMES.iter().map(|(name, _)| *name) {
        match claims.get(name) {
            Some(Value::Number(number)) => {
                if let Some(seconds) = number.as_f64().filter(|seconds| *seconds > MILLISECONDS_FROM) {
                    let text = format!("{name} looks like milliseconds; a NumericDate is in seconds");
                    let note = Note::new(Level::Fault, "claim-milliseconds", text).clause("RFC 7519 §2");
                    notes.push(note.between(format!("{}", (seconds / 1000.0) as i64), number.to_string()));
                }
            }
            Some(other) => {
                let text = format!("{name} is {}, and must be a number", jose::json::kind(other));
                notes.push(Note::new(Level::Fault, "claim-type", text).clause("RFC 7519 §2"));
            }
            None => {}
        }
    }
    match moment("exp") {
        Some(exp) if exp <= now as f64 => {
            let text = format!("the token expired {}", time::relative(exp as i64, now));
            notes.push(Note::new(Level::Warning, "claim-expired", text).clause("RFC 7519 §4.1.4"));
        }
        Some(_) => {}
        None if !claims.contains_key("exp") => {
            notes.push(Note::new(Level::Info, "claim-no-exp", "the token never expires: it has no exp"));
        }
        None => {}
    }
    if let Some(nbf) = moment("nbf").filter(|nbf| *nbf > now as f64) {
        let text = format!("the token is not good yet: it begins {}", time::relative(nbf as i64, now));
        notes.push(Note::new(Level::Warning, "claim-not-yet", text).clause("RFC 7519 §4.1.5"));
    }
    notes
}

const TIMES: &[(&str, &str)] = &[
    ("iat", "issued"),
    ("nbf", "not good before"),
    ("exp", "expires"),
    ("auth_time", "signed in"),
    ("updated_at", "profile changed"),
];

const MEANINGS: &[(&str, &str)] = &[
    ("iss", "issuer: who made the token"),
    ("sub", "subject: whom it is about"),
    ("aud", "audience: for whom it is"),
    ("azp", "authorized party: the client that it was issued to"),
    ("client_id", "client: who asked for the token"),
    ("jti", "the token's own id"),
    ("scope", "what it allows"),
    ("nonce", "ties an ID token to its request"),
    ("acr", "how strongly the person was authenticated"),
    ("amr", "by which means the person was authenticated"),
    ("sid", "the session"),
    ("at_hash", "ties an ID token to an access token"),
    ("c_hash", "ties an ID token to a code"),
    ("cnf", "the key that the sender must prove"),
];

/// The year 5138 in seconds, and 1973 in milliseconds.
const MILLISECONDS_FROM: f64 = 1e11;
