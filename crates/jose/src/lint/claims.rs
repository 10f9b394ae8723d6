//! What a payload says.

use serde_json::Value;

use super::codes::*;
use super::{Finding, member};
use crate::Limits;
use crate::json::{self, Object};

pub(super) fn look(payload: &[u8], now: Option<i64>, limits: &Limits, out: &mut Vec<Finding>) {
    let claims = match json::parse_object(payload, limits) {
        Ok(claims) => claims,
        Err(error) => {
            out.push(CLAIMS_NOT_OBJECT.with(CLAIMS, error));
            return;
        }
    };
    types(&claims, out);
    for (name, code) in [("iss", ISS_MISSING), ("aud", AUD_MISSING), ("exp", EXP_MISSING)] {
        if !claims.contains_key(name) {
            out.push(code.at(CLAIMS));
        }
    }
    times(&claims, now, out);
    for name in claims.keys().filter(|name| is_secret(name)) {
        out.push(CLAIM_SECRET.at(member(CLAIMS, name)));
    }
}

fn types(claims: &Object, out: &mut Vec<Finding>) {
    let wrong = |name: &str, right: fn(&Value) -> bool| claims.get(name).filter(|value| !right(value)).is_some();
    let texts =
        |value: &Value| value.is_string() || value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
    let mut found = Vec::new();
    found.extend(["iss", "sub", "jti"].into_iter().filter(|name| wrong(name, Value::is_string)));
    found.extend(["exp", "nbf", "iat"].into_iter().filter(|name| wrong(name, Value::is_number)));
    found.extend(["aud"].into_iter().filter(|name| wrong(name, texts)));
    out.extend(found.into_iter().map(|name| CLAIM_TYPE.with(member(CLAIMS, name), name)));
}

fn times(claims: &Object, now: Option<i64>, out: &mut Vec<Finding>) {
    let date = |name: &str| claims.get(name).and_then(Value::as_f64);
    let at = |name: &str| member(CLAIMS, name);
    for name in ["exp", "nbf", "iat", "auth_time"] {
        if date(name).is_some_and(|date| date > MILLISECONDS) {
            out.push(DATE_MILLISECONDS.at(at(name)));
            return;
        }
    }
    let (exp, nbf, iat) = (date("exp"), date("nbf"), date("iat"));
    if let (Some(exp), Some(nbf)) = (exp, nbf)
        && exp <= nbf
    {
        out.push(NBF_AFTER_EXP.at(at("nbf")));
    }
    let now = now.map(|now| now as f64);
    if let (Some(exp), Some(begin)) = (exp, iat.or(nbf).or(now))
        && exp - begin > DAY
    {
        out.push(EXP_LONG.with(at("exp"), format_args!("{} days", ((exp - begin) / DAY).round())));
    }
    let Some(now) = now else { return };
    if let Some(exp) = exp.filter(|exp| *exp <= now) {
        out.push(EXP_PASSED.with(at("exp"), format_args!("{} s ago", now - exp)));
    }
    if let Some(nbf) = nbf.filter(|nbf| *nbf > now) {
        out.push(NBF_COMING.with(at("nbf"), format_args!("in {} s", nbf - now)));
    }
    if let Some(iat) = iat.filter(|iat| *iat > now + SKEW) {
        out.push(IAT_COMING.with(at("iat"), format_args!("in {} s", iat - now)));
    }
}

/// By the whole words of its name.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    ["password", "passwd", "pwd", "secret", "clientsecret", "apikey", "privatekey", "creditcard", "cardnumber", "cvv"]
        .contains(&name.as_str())
}

const CLAIMS: &str = "/claims";
const DAY: f64 = 86_400.0;
/// Clocks differ by so many seconds without being wrong.
const SKEW: f64 = 60.0;
/// As seconds this is in the year 5138, as milliseconds in 1973.
const MILLISECONDS: f64 = 100_000_000_000.0;
