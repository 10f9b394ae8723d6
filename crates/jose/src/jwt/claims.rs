//! The registered claims and what the rules demand of them (RFC 7519 §4.1).

use super::found::{Claim, Claims};
use super::rules::Expiry;
use super::{Rules, VerifyError};
use crate::jwk::excerpt;

/// Types first, so that a claim of the wrong type is refused also where no rule asks for it.
pub(crate) fn check(claims: &impl Claims, rules: &Rules<'_>) -> Result<(), VerifyError> {
    text(claims, "iss")?;
    text(claims, "sub")?;
    text(claims, "jti")?;
    let times = Times { exp: date(claims, "exp")?, nbf: date(claims, "nbf")?, iat: date(claims, "iat")? };
    audience(claims, rules)?;
    if let Some(issuer) = rules.issuer {
        equal(claims, "iss", issuer)?;
    }
    for (claim, value) in rules.equal.iter() {
        equal(claims, claim, value)?;
    }
    if let Some(claim) = rules.required.iter().find(|claim| claims.claim(claim).is_none()) {
        return Err(missing(claim));
    }
    times.check(rules)
}

/// Seconds since 1970, whole or not; every whole one in range is exact in a double.
struct Times {
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
}

impl Times {
    fn check(&self, rules: &Rules<'_>) -> Result<(), VerifyError> {
        let (now, leeway) = (rules.now, rules.leeway);
        let at = now as f64;
        let slack = leeway as f64;
        // The current time must be before the one in `exp` (§4.1.4) and not before `nbf` (§4.1.5).
        if let Some(exp) = self.exp.filter(|exp| rules.expiry == Expiry::Checked && at >= exp + slack) {
            return Err(VerifyError::Expired { exp, now, leeway });
        }
        if let Some(nbf) = self.nbf.filter(|nbf| at + slack < *nbf) {
            return Err(VerifyError::NotYetValid { nbf, now, leeway });
        }
        if let Some(limit) = rules.max_lifetime {
            let exp = self.exp.ok_or_else(|| missing("exp"))?;
            if exp > at + limit as f64 + slack {
                return Err(VerifyError::LivesTooLong { exp, now, limit });
            }
        }
        if let Some(max_age) = rules.max_age {
            let iat = self.iat.ok_or_else(|| missing("iat"))?;
            if iat > at + slack || iat < at - max_age as f64 - slack {
                return Err(VerifyError::Age { iat, now, max_age, leeway });
            }
        }
        Ok(())
    }
}

fn audience(claims: &impl Claims, rules: &Rules<'_>) -> Result<(), VerifyError> {
    let Some(aud) = claims.claim("aud") else {
        return if rules.audiences.is_empty() { Ok(()) } else { Err(missing("aud")) };
    };
    let wanted = |one: &str| rules.audiences.contains(&one);
    let found = match aud.text() {
        Some(one) if rules.audiences.is_empty() || wanted(one) => return Ok(()),
        Some(one) => one.to_owned(),
        None => {
            let many = aud.texts().ok_or_else(|| wrong_type("aud", "a string or an array of strings", aud))?;
            if rules.audiences.is_empty() || many.iter().any(|one| wanted(one)) {
                return Ok(());
            }
            many.join(", ")
        }
    };
    let expected = rules.audiences.join(" or ");
    Err(VerifyError::Claim { claim: "aud".into(), expected, found: excerpt(&found) })
}

#[inline]
fn equal(claims: &impl Claims, claim: &str, expected: &str) -> Result<(), VerifyError> {
    let found = text(claims, claim)?.ok_or_else(|| missing(claim))?;
    if found == expected {
        return Ok(());
    }
    Err(VerifyError::Claim { claim: claim.into(), expected: expected.into(), found: excerpt(found) })
}

#[inline(always)]
fn text<'a>(claims: &'a impl Claims, claim: &str) -> Result<Option<&'a str>, VerifyError> {
    let Some(value) = claims.claim(claim) else { return Ok(None) };
    value.text().map(Some).ok_or_else(|| wrong_type(claim, "a string", value))
}

/// A NumericDate (§2) between the years 1 and 9999.
#[inline(always)]
fn date(claims: &impl Claims, claim: &str) -> Result<Option<f64>, VerifyError> {
    let Some(value) = claims.claim(claim) else { return Ok(None) };
    match value.number().filter(|seconds| (YEAR_1..=YEAR_9999).contains(seconds)) {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(wrong_type(claim, "a number of seconds between the years 1 and 9999", value)),
    }
}

fn wrong_type(claim: &str, expected: &'static str, found: Claim<'_>) -> VerifyError {
    VerifyError::ClaimType { claim: claim.into(), expected, found: found.kind() }
}

fn missing(claim: &str) -> VerifyError {
    VerifyError::Missing(claim.to_owned())
}

const YEAR_1: f64 = -62_135_596_800.0;
const YEAR_9999: f64 = 253_402_300_799.0;
