//! What a header says.

use serde_json::Value;

use super::codes::*;
use super::{Finding, member};
use crate::alg::{ContentEncryption, JwsAlgorithm, KeyManagement};
use crate::json::Object;
use crate::jwk::excerpt;

/// Which sort of token it heads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Signed,
    Encrypted,
}

pub(super) fn look(header: &Object, sort: Sort, out: &mut Vec<Finding>) {
    algorithm(header, sort, out);
    kid(header, out);
    critical(header, out);
    for name in ["jwk", "jku", "x5u", "x5c"] {
        if header.contains_key(name) {
            out.push(HEADER_KEY.with(member(HEADER, name), name));
        }
    }
    if !header.contains_key("typ") {
        out.push(TYP_MISSING.at(HEADER));
    }
    if sort == Sort::Signed && header.contains_key("b64") {
        out.push(B64_JWT.at(member(HEADER, "b64")));
    }
    if header.contains_key("zip") {
        out.push(ZIP_USED.at(member(HEADER, "zip")));
    }
    match header.get("p2c").and_then(Value::as_f64) {
        Some(rounds) if rounds < 100_000.0 => out.push(P2C_LOW.with(member(HEADER, "p2c"), rounds)),
        Some(rounds) if rounds > 1_000_000.0 => out.push(P2C_HIGH.with(member(HEADER, "p2c"), rounds)),
        _ => {}
    }
}

fn algorithm(header: &Object, sort: Sort, out: &mut Vec<Finding>) {
    let pointer = member(HEADER, "alg");
    let Some(alg) = header.get("alg").and_then(Value::as_str) else {
        out.push(ALG_MISSING.at(pointer));
        return;
    };
    let known = match sort {
        Sort::Signed => alg.parse::<JwsAlgorithm>().is_ok(),
        Sort::Encrypted => alg.parse::<KeyManagement>().is_ok(),
    };
    match alg {
        _ if alg.eq_ignore_ascii_case("none") => out.push(ALG_NONE.at(pointer)),
        "EdDSA" => out.push(ALG_POLYMORPHIC.at(pointer)),
        "RSA1_5" => out.push(ALG_RSA1_5.at(pointer)),
        _ if !known => out.push(ALG_UNKNOWN.with(pointer, format_args!("{:?}", excerpt(alg)))),
        _ => {}
    }
    if sort == Sort::Encrypted {
        let enc = header.get("enc").and_then(Value::as_str).unwrap_or_default();
        if enc.parse::<ContentEncryption>().is_err() {
            out.push(ENC_UNKNOWN.with(member(HEADER, "enc"), format_args!("{:?}", excerpt(enc))));
        }
    }
}

/// A kid is a name; what looks like more has been used to make careless readers open files and ask databases.
fn kid(header: &Object, out: &mut Vec<Finding>) {
    let Some(kid) = header.get("kid").and_then(Value::as_str) else { return };
    if kid.len() > 256 {
        out.push(KID_LONG.with(member(HEADER, "kid"), format_args!("{} bytes", kid.len())));
    }
    let odd = kid.contains("..") || kid.contains("://") || kid.starts_with('/') || kid.contains('\'');
    if odd || kid.chars().any(char::is_control) || kid.contains(['\\', ';', '|', '`', '$', '"']) {
        out.push(KID_ODD.with(member(HEADER, "kid"), format_args!("{:?}", excerpt(kid))));
    }
}

fn critical(header: &Object, out: &mut Vec<Finding>) {
    let Some(value) = header.get("crit") else { return };
    let pointer = member(HEADER, "crit");
    let names: Option<Vec<&str>> = value.as_array().map(|names| names.iter().filter_map(Value::as_str).collect());
    let right = names.filter(|names| {
        let all = value.as_array().is_some_and(|list| list.len() == names.len() && !list.is_empty());
        let distinct = names.iter().enumerate().all(|(index, name)| !names[..index].contains(name));
        all && distinct && names.iter().all(|name| header.contains_key(*name) && !REGISTERED.contains(name))
    });
    match right {
        Some(names) => out.push(CRIT_USED.with(pointer, excerpt(&names.join(", ")))),
        None => out.push(CRIT_WRONG.at(pointer)),
    }
}

const HEADER: &str = "/header";
/// RFC 7515 §4.1 and RFC 7516 §4.1: what everybody knows is not critical.
const REGISTERED: &[&str] =
    &["alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];
