//! An OpenID provider's metadata (OpenID Connect Discovery §3, RFC 8414).

use serde_json::Value;

use super::codes::*;
use super::{Finding, member, urls};
use crate::Limits;
use crate::json::{self, Object};
use crate::jwk::excerpt;

/// Looks at a discovery document. `url` is where it was fetched from, if it was.
///
/// ```
/// use vestibule_jose::{Limits, lint};
///
/// let found = lint::discovery(br#"{"issuer": "http://id.example.com"}"#, None, &Limits::DEFAULT);
/// assert!(found.iter().any(|finding| finding.code.starts_with("discovery.")));
/// ```
pub fn discovery(text: &[u8], url: Option<&str>, limits: &Limits) -> Vec<Finding> {
    let mut out = Vec::new();
    match json::parse_object(text, limits) {
        Err(error) => out.push(DISCOVERY_INVALID.with("", error)),
        Ok(document) => {
            required(&document, &mut out);
            issuer(&document, url, &mut out);
            endpoints(&document, &mut out);
            algorithms(&document, &mut out);
            grants(&document, &mut out);
        }
    }
    out
}

fn required(document: &Object, out: &mut Vec<Finding>) {
    // Who has the implicit flow alone needs no token endpoint.
    let implicit = list(document, "grant_types_supported").is_some_and(|grants| grants == ["implicit"]);
    for name in TEXTS.iter().chain(LISTS).filter(|name| **name != "token_endpoint" || !implicit) {
        if !document.contains_key(*name) {
            out.push(DISCOVERY_MISSING.with("", name));
        }
    }
    for (name, value) in document {
        let is_url = name == "issuer" || name.ends_with("_endpoint") || name.ends_with("_uri");
        let is_list = name.ends_with("_supported") && !value.is_boolean();
        let strings = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
        if (is_url && !value.is_string()) || (is_list && LISTS.contains(&name.as_str()) && !strings(value)) {
            out.push(DISCOVERY_TYPE.with(member("", name), json::kind(value)));
        }
    }
}

fn issuer(document: &Object, url: Option<&str>, out: &mut Vec<Finding>) {
    let Some(issuer) = document.get("issuer").and_then(Value::as_str) else { return };
    if !urls::is_safe(issuer) || issuer.contains(['?', '#']) {
        out.push(DISCOVERY_ISSUER_FORM.with("/issuer", excerpt(issuer)));
    }
    let Some(url) = url else { return };
    // OpenID Connect Discovery §4 puts the path behind the issuer, RFC 8414 §3 between its host and its path.
    let behind = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let between = urls::origin(issuer).map(|(scheme, authority)| {
        let path = issuer.splitn(4, '/').nth(3).unwrap_or_default().trim_end_matches('/');
        let slash = if path.is_empty() { "" } else { "/" };
        ["openid-configuration", "oauth-authorization-server"]
            .map(|name| format!("{scheme}://{authority}/.well-known/{name}{slash}{path}"))
    });
    if url != behind && !between.is_some_and(|forms| forms.iter().any(|form| form == url)) {
        out.push(DISCOVERY_ISSUER_MISMATCH.with("/issuer", format_args!("asked at {}", excerpt(url))));
    }
}

fn endpoints(document: &Object, out: &mut Vec<Finding>) {
    let home = document.get("issuer").and_then(Value::as_str).and_then(urls::origin);
    for (name, value) in document.iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri") {
        let Some(url) = value.as_str() else { continue };
        if !urls::is_safe(url) {
            out.push(DISCOVERY_PLAIN_HTTP.with(member("", name), excerpt(url)));
        } else if urls::origin(url) != home {
            out.push(DISCOVERY_ORIGIN.with(member("", name), excerpt(url)));
        }
    }
}

fn algorithms(document: &Object, out: &mut Vec<Finding>) {
    for (name, value) in document.iter().filter(|(name, _)| name.ends_with("_alg_values_supported")) {
        let has = |wanted: fn(&str) -> bool| {
            value.as_array().is_some_and(|list| list.iter().filter_map(Value::as_str).any(wanted))
        };
        // OpenID Connect Core §6.1 lets requests come unsigned: they carry no identity.
        if has(|alg| alg.eq_ignore_ascii_case("none")) && !name.starts_with("request_object") {
            out.push(DISCOVERY_NONE.at(member("", name)));
        }
        if name == "id_token_signing_alg_values_supported" {
            if has(|alg| alg.starts_with("HS")) {
                out.push(DISCOVERY_HS.at(member("", name)));
            }
            if !has(|alg| alg == "RS256") {
                out.push(DISCOVERY_RS256.at(member("", name)));
            }
        }
    }
}

fn grants(document: &Object, out: &mut Vec<Finding>) {
    let methods = list(document, "code_challenge_methods_supported").unwrap_or_default();
    if !methods.contains(&"S256") {
        out.push(DISCOVERY_PKCE.at("/code_challenge_methods_supported"));
    }
    if methods.contains(&"plain") {
        out.push(DISCOVERY_PKCE_PLAIN.at("/code_challenge_methods_supported"));
    }
    let types = list(document, "response_types_supported").unwrap_or_default();
    if let Some(found) = types.iter().find(|types| types.split(' ').any(|one| one == "token")) {
        out.push(DISCOVERY_IMPLICIT.with("/response_types_supported", format_args!("{:?}", excerpt(found))));
    }
    if list(document, "grant_types_supported").is_some_and(|grants| grants.contains(&"password")) {
        out.push(DISCOVERY_PASSWORD.at("/grant_types_supported"));
    }
    if list(document, "scopes_supported").is_some_and(|scopes| !scopes.contains(&"openid")) {
        out.push(DISCOVERY_OPENID.at("/scopes_supported"));
    }
    let named = document.get("authorization_response_iss_parameter_supported");
    if named.and_then(Value::as_bool) != Some(true) {
        out.push(DISCOVERY_ISS.at(""));
    }
}

fn list<'a>(document: &'a Object, name: &str) -> Option<Vec<&'a str>> {
    Some(document.get(name)?.as_array()?.iter().filter_map(Value::as_str).collect())
}

/// OpenID Connect Discovery §3: required.
const TEXTS: &[&str] = &["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"];
const LISTS: &[&str] =
    &["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"];
