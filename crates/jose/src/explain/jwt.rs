//! Claims.

use super::{COPY_AGAIN, CUT, Explain, Explanation};
use crate::jwk::excerpt;
use crate::jwt::{NestedError, VerifyError};

impl Explain for VerifyError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Jws(error) => error.explain(),
            Self::Missing(claim) => Explanation::new(excerpt(claim), "the claim", "none")
                .because("The issuer does not put it into this sort of token, or a scope for it was not granted.")
                .so("Ask the issuer for it, or do not require it.")
                .after("RFC 7519 §4"),
            Self::ClaimType { claim, expected, found } => Explanation::new(excerpt(claim), expected, found)
                .because("The issuer writes the claim in a wrong type.")
                .so("The issuer must correct it.")
                .after("RFC 7519 §4.1"),
            Self::Claim { claim, expected, found } => {
                let (cause, remedy, clause) = claim_words(claim);
                Explanation::new(excerpt(claim), format_args!("{expected:?}"), format_args!("{found:?}"))
                    .because(cause)
                    .so(remedy)
                    .after(clause)
            }
            Self::Expired { exp, now, leeway } => {
                Explanation::new("exp", format_args!("a time after {now}, {leeway} s leeway"), exp)
                    .because(if now_is_far(*exp, *now) {
                        "The token is old, or a clock is wrong by far."
                    } else {
                        "The token has just expired, or the clocks differ."
                    })
                    .so("Get a new token (by the refresh token, if there is one); set the clocks by NTP.")
                    .after("RFC 7519 §4.1.4")
            }
            Self::NotYetValid { nbf, now, leeway } => {
                Explanation::new("nbf", format_args!("a time up to {now}, {leeway} s leeway"), nbf)
                    .because("The clocks differ, or the token is for later.")
                    .so("Set the clocks by NTP, or allow some seconds of leeway.")
                    .after("RFC 7519 §4.1.5")
            }
            Self::LivesTooLong { exp, now, limit } => {
                Explanation::new("exp", format_args!("at most {limit} s after {now}"), exp)
                    .because("The sender made the token for longer than is accepted here, or counts milliseconds.")
                    .so("Make it for a shorter time.")
                    .after("RFC 7519 §4.1.4")
            }
            Self::Age { iat, now, max_age, leeway } => {
                let expected = format!("within {max_age} s before {now}, {leeway} s leeway");
                Explanation::new("iat", expected, iat)
                    .because("The token is old, was made in the future, or a clock is wrong.")
                    .so("Get a new token; set the clocks by NTP.")
                    .after("RFC 7519 §4.1.6")
            }
            Self::Shape(found) => Explanation::new("claims", "claims that fit the reader's type", found)
                .because("A claim is missing or has another type than the program expects.")
                .so("Compare the claims with what the program reads.")
                .after("RFC 7519 §4"),
        }
    }
}

impl Explain for NestedError {
    fn explain(&self) -> Explanation {
        match self {
            Self::NotEncrypted => Explanation::new("token", "an encrypted token (five parts)", "a signed one (JWS)")
                .because("The sender does not encrypt, or somebody left the outer layer out.")
                .so("Ask the sender for tokens that are signed, then encrypted.")
                .after("RFC 7519 §11.2"),
            Self::Encryption(error) => error.explain(),
            Self::ContentType(found) => {
                let found = found.as_deref().map_or_else(|| "no cty".into(), |found| format!("{:?}", excerpt(found)));
                Explanation::new("cty", "\"JWT\"", found)
                    .because("The layer does not say that a token is in it; perhaps claims were encrypted without a signature.")
                    .so("The sender must sign first, then encrypt and say cty JWT.")
                    .after("RFC 7519 §5.2")
            }
            Self::NotText => {
                Explanation::new("token", "a token under the encryption", "no text").because(CUT).so(COPY_AGAIN)
            }
            Self::TooDeep(limit) => {
                Explanation::new("token", format_args!("at most {limit} layers of encryption"), "more")
                    .because("Layers in layers cost the reader work; some send them for that.")
                    .so("The sender must sign once and encrypt once.")
                    .after("RFC 7519 §7.2")
            }
            Self::Signed(error) => error.explain(),
        }
    }
}

fn claim_words(claim: &str) -> (&'static str, &'static str, &'static str) {
    match claim {
        "iss" => (
            "The token is another issuer's, or the issuer is written differently (a slash at the end, http for https).",
            "Compare both letter by letter with the issuer's metadata.",
            "RFC 7519 §4.1.1",
        ),
        "aud" => (
            "The token is for another service.",
            "Ask the issuer for a token for this one (resource or audience), or set the audience expected.",
            "RFC 7519 §4.1.3",
        ),
        "nonce" => (
            "The token belongs to another sign-in than the one under way: an old tab, or a replay.",
            "Begin the sign-in again.",
            "OpenID Connect Core §3.1.3.7",
        ),
        _ => ("The token says something else than is expected.", "Compare both values.", "RFC 7519 §4"),
    }
}

/// More than a day.
fn now_is_far(exp: f64, now: i64) -> bool {
    (now as f64 - exp).abs() > 86_400.0
}
