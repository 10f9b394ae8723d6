//! `otpauth` URIs, as authenticator apps read them.

use jose::alg::Hash;
use zeroize::Zeroizing;

use crate::encoding::{base32, unbase32};
use crate::need::ToolError;
use crate::percent;

/// A secret and how codes are made of it.
pub(super) struct Parameters {
    pub(super) secret: Zeroizing<Vec<u8>>,
    pub(super) hash: Hash,
    pub(super) digits: u32,
    pub(super) period: u64,
    pub(super) counter: Option<u64>,
    pub(super) issuer: Option<String>,
    pub(super) account: Option<String>,
}

/// The hash of this name.
pub(super) fn hash(name: &str) -> Option<Hash> {
    let name = name.to_ascii_lowercase().replace('-', "");
    [Hash::Sha1, Hash::Sha256, Hash::Sha512].into_iter().find(|hash| hash.as_str() == name)
}

/// Reads a URI.
pub(super) fn parse(text: &str) -> Result<Parameters, ToolError> {
    let wrong = |what: &str| ToolError::of("uri", what, "give otpauth://totp/LABEL?secret=BASE32");
    let rest = text.trim().strip_prefix("otpauth://").ok_or_else(|| wrong("the URI does not begin with otpauth://"))?;
    let (kind, rest) = rest.split_once('/').ok_or_else(|| wrong("the URI has no label"))?;
    let (label, query) = rest.split_once('?').ok_or_else(|| wrong("the URI has no secret"))?;
    let pairs: Vec<(String, String)> = percent::pairs(query);
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let number = |name: &str, usual: u64, range: std::ops::RangeInclusive<u64>| match value(name) {
        None => Ok(usual),
        Some(text) => {
            text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| wrong(&format!("{name} is none")))
        }
    };
    let secret = value("secret").ok_or_else(|| wrong("the URI has no secret"))?;
    let secret = unbase32(secret).ok().filter(|secret| !secret.is_empty());
    let label = percent::decode(label);
    let (prefix, account) =
        label.split_once(':').map_or((None, label.as_str()), |(issuer, account)| (Some(issuer), account));
    Ok(Parameters {
        secret: Zeroizing::new(secret.ok_or_else(|| wrong("the secret is not base32"))?),
        hash: hash(value("algorithm").unwrap_or("sha1")).ok_or_else(|| wrong("the algorithm is not known here"))?,
        digits: number("digits", 6, 6..=10)? as u32,
        period: number("period", 30, 1..=3600)?,
        counter: match kind {
            "totp" => None,
            "hotp" => Some(number("counter", 0, 0..=u64::MAX)?),
            _ => return Err(wrong("the URI is neither totp nor hotp")),
        },
        issuer: value("issuer").or(prefix).map(str::to_owned),
        account: Some(account.trim_start().to_owned()),
    })
}

/// Writes a URI; what is usual is left out, since some apps read no more.
pub(super) fn write(parameters: &Parameters) -> String {
    let account = percent::encode(parameters.account.as_deref().unwrap_or("account"));
    let issuer = parameters.issuer.as_deref().map(percent::encode);
    let label = issuer.as_ref().map_or_else(|| account.clone(), |issuer| format!("{issuer}:{account}"));
    let kind = if parameters.counter.is_some() { "hotp" } else { "totp" };
    let mut uri = format!("otpauth://{kind}/{label}?secret={}", base32(&parameters.secret));
    if let Some(issuer) = issuer {
        uri.push_str(&format!("&issuer={issuer}"));
    }
    if parameters.hash != Hash::Sha1 {
        uri.push_str(&format!("&algorithm={}", parameters.hash.as_str().to_uppercase()));
    }
    if parameters.digits != 6 {
        uri.push_str(&format!("&digits={}", parameters.digits));
    }
    match parameters.counter {
        Some(counter) => uri.push_str(&format!("&counter={counter}")),
        None if parameters.period != 30 => uri.push_str(&format!("&period={}", parameters.period)),
        None => {}
    }
    uri
}
