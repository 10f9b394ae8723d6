//! From a failed check to what was expected, what was found, and the likely cause.

use jose::jwt::VerifyError;

use crate::output::Note;
use crate::time;
use crate::tools::explain::Failure;
use crate::tools::findings::explained;

/// The check that failed, and what may be the reason.
pub(in crate::tools) fn explain(error: &VerifyError, failure: &Failure<'_>) -> Vec<Note> {
    let note = explained(&format!("jwt-{}", error.check()), error);
    match error {
        VerifyError::Jws(error) => failure.explain(error),
        VerifyError::Claim { claim, expected, found } => {
            let cause = match claim.as_str() {
                "iss" if expected.trim_end_matches('/') == found.trim_end_matches('/') => {
                    "only a slash at the end differs; issuers are compared letter by letter"
                }
                "iss" => "a token of another issuer, or of another environment of the same",
                "aud" => "a token for another API; ask for this one (resource or audience)",
                _ => "a token that was made for something else",
            };
            vec![note.between(expected.clone(), found.clone()).cause(cause).clause("RFC 7519 §4.1")]
        }
        VerifyError::Expired { exp, now, leeway } => {
            let moment = *exp as i64;
            let expected = format!("after {}", time::format(now.saturating_sub(*leeway)));
            let found = format!("{} ({})", time::format(moment), time::relative(moment, *now));
            let cause = "a token that was kept too long, or a clock that is wrong; see --leeway and --at";
            vec![note.between(expected, found).cause(cause).clause("RFC 7519 §4.1.4")]
        }
        VerifyError::NotYetValid { nbf, now, .. } => {
            let moment = *nbf as i64;
            let found = format!("{} ({})", time::format(moment), time::relative(moment, *now));
            let note = note.between(format!("not after {}", time::format(*now)), found);
            vec![note.cause("a clock that is wrong; see --leeway and --at").clause("RFC 7519 §4.1.5")]
        }
        VerifyError::Missing(claim) => {
            vec![note.cause(format!("a token of another kind, or an issuer that does not set {claim}"))]
        }
        _ => vec![note],
    }
}
