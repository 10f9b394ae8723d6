//! What claims mean, and when.

use jose::json::{Object, Value};

use crate::output::{Block, Level, Note};
use crate::time;
use crate::written::in_order;

/// Every claim in the order in which `text` has it, with what it means; times as dates, with where they lie.
pub(in crate::tools) fn explained(text: &str, claims: &Object, now: i64) -> Option<Block> {
    let rows: Vec<Vec<String>> = in_order(text, claims)
        .into_iter()
        .map(|(name, value)| match (TIMES.iter().find(|time| time.0 == name), value.as_f64()) {
            (Some(time), Some(seconds)) => {
                let moment = seconds as i64;
                let words = if moment > now { time.2 } else { time.3 };
                vec![name.to_owned(), time::format(moment), format!("{words} {}", time::relative(moment, now))]
            }
            _ => vec![name.to_owned(), shown(value), meaning(name).to_owned()],
        })
        .collect();
    let heads = ["claim", "value", "meaning"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Block::Table { name: "claims explained".into(), heads, rows })
}

/// A value in one line: text without its quotation marks.
pub(super) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The times as machines take them: `{"exp": {"date": …, "from_now": seconds}}`.
pub(in crate::tools) fn times_json(claims: &Object, now: i64) -> Object {
    let known = TIMES.iter().filter_map(|(name, ..)| {
        let moment = claims.get(*name)?.as_f64()? as i64;
        let from_now = moment.saturating_sub(now);
        Some(((*name).to_owned(), serde_json::json!({"date": time::format(moment), "from_now": from_now})))
    });
    known.collect()
}

/// What should be known about the claims, whoever made them.
pub(super) fn remarks(claims: &Object, now: i64) -> Vec<Note> {
    let mut notes = Vec::new();
    let moment = |name: &str| claims.get(name).and_then(Value::as_f64);
    for name in TIMES.iter().map(|time| time.0) {
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

fn meaning(name: &str) -> &'static str {
    MEANINGS.iter().find(|(known, _)| *known == name).map_or("of the issuer's own making", |(_, meaning)| meaning)
}

/// Name, what it is, and how it is said of what is to come and of what is past.
const TIMES: &[(&str, &str, &str, &str)] = &[
    ("iat", "issued", "issued", "issued"),
    ("nbf", "not good before", "good only", "good since"),
    ("exp", "expires", "expires", "expired"),
    ("auth_time", "signed in", "signed in", "signed in"),
    ("updated_at", "profile changed", "profile changed", "profile changed"),
];

const MEANINGS: &[(&str, &str)] = &[
    ("iss", "issuer: who made the token"),
    ("sub", "subject: whom it is about"),
    ("aud", "audience: for whom it is"),
    ("azp", "authorized party: the client that it was issued to"),
    ("client_id", "client: who asked for the token"),
    ("jti", "the token's own id"),
    ("scope", "what it allows"),
    ("scp", "what it allows"),
    ("nonce", "ties an ID token to its request"),
    ("acr", "how strongly the person was authenticated"),
    ("amr", "by which means the person was authenticated"),
    ("sid", "the session"),
    ("at_hash", "ties an ID token to an access token"),
    ("c_hash", "ties an ID token to a code"),
    ("cnf", "the key that the sender must prove"),
    ("act", "who acts for the subject"),
    ("may_act", "who may act for the subject"),
    ("roles", "the subject's roles"),
    ("groups", "the subject's groups"),
    ("entitlements", "what the subject is entitled to"),
    ("events", "what happened, as a logout token says it"),
    ("htm", "the request's method, of a DPoP proof"),
    ("htu", "the request's address, of a DPoP proof"),
    ("ath", "ties a DPoP proof to an access token"),
    ("name", "the full name"),
    ("given_name", "the given name"),
    ("family_name", "the family name"),
    ("preferred_username", "the name to sign in with"),
    ("email", "the e-mail address"),
    ("email_verified", "whether the address was proved"),
    ("picture", "a picture's address"),
    ("locale", "the language"),
    ("vct", "the credential's type"),
    ("_sd", "hashes of what may be disclosed"),
    ("_sd_alg", "the hash of the disclosures"),
];

/// The year 5138 in seconds, and 1973 in milliseconds.
const MILLISECONDS_FROM: f64 = 1e11;
