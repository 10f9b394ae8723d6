//! The rule of authorization codes (RFC 6749 §4.1.3, RFC 7636 §4.6).
//!
//! Client, redirect URI and verifier are looked at before the use: a replay by somebody who does
//! not know them changes nothing, so that nobody can revoke another's tokens with a stolen code.

use crate::Time;
use crate::error::OAuthError;
use crate::pkce::CodeChallenge;

/// What is known of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Whom it was given to.
    pub client_id: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What its request was bound to.
    pub challenge: Option<CodeChallenge>,
    /// The thumbprint of the key that must be proven (RFC 9449 §10).
    pub dpop_jkt: Option<String>,
    /// When it ends.
    pub expires_at: Time,
    /// Whether it was redeemed.
    pub used: bool,
}

/// What the token request says.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// The authenticated client.
    pub client_id: &'a str,
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// `code_verifier`.
    pub verifier: Option<&'a str>,
    /// The thumbprint of the key that the request proves.
    pub key: Option<&'a str>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Claim the code by a conditional write; a lost claim is a replay.
    Redeem,
    /// The code's own client comes again: revoke what it was given (RFC 6749 §4.1.2, RFC 9700 §2.1.1).
    Replay,
    /// Refuse; nothing is written.
    Refuse(OAuthError),
}

/// Decides about a code whose secret was right.
pub fn redeem(code: &Code, presented: &Presented<'_>, now: Time) -> Verdict {
    if let Some(cause) = mismatch(code, presented) {
        return Verdict::Refuse(OAuthError::invalid_grant(cause));
    }
    if code.used {
        return Verdict::Replay;
    }
    match now < code.expires_at {
        true => Verdict::Redeem,
        false => Verdict::Refuse(OAuthError::invalid_grant("the code has expired")),
    }
}

fn mismatch(code: &Code, presented: &Presented<'_>) -> Option<&'static str> {
    if presented.client_id != code.client_id {
        return Some("the code is another client's");
    }
    if code.dpop_jkt.is_some() && code.dpop_jkt.as_deref() != presented.key {
        return Some("the code's key was not proven");
    }
    match (presented.redirect_uri, &code.challenge) {
        (Some(uri), _) if uri != code.redirect_uri => return Some("redirect_uri differs from the request's"),
        // OAuth 2.1 leaves the parameter out, since the challenge does its work.
        (None, None) => return Some("redirect_uri is missing"),
        _ => {}
    }
    match (&code.challenge, presented.verifier) {
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => None,
        (Some(_), Some(_)) => Some("code_verifier does not meet the challenge"),
        (Some(_), None) => Some("code_verifier is missing"),
        // RFC 9700 §4.8.2: somebody took the challenge out of the request.
        (None, Some(_)) => Some("code_verifier without a code_challenge"),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "https://app.example/cb";
    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[derive(Debug, PartialEq)]
    enum Short {
        Redeem,
        Replay,
        Refuse,
    }

    /// RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9700 §4.8.2: fresh, and the same again once it was used.
    #[test]
    fn verdicts() {
        use Short::{Redeem, Refuse, Replay};
        let wrong = "x".repeat(43);
        let (bound, free) = (true, false);
        for (bound, client_id, redirect_uri, verifier, fresh, used) in [
            (bound, "c", Some(URI), Some(VERIFIER), Redeem, Replay),
            (bound, "c", None, Some(VERIFIER), Redeem, Replay),
            (bound, "other", Some(URI), Some(VERIFIER), Refuse, Refuse),
            (bound, "c", Some("https://app.example/"), Some(VERIFIER), Refuse, Refuse),
            (bound, "c", Some(URI), Some(&*wrong), Refuse, Refuse),
            (bound, "c", Some(URI), None, Refuse, Refuse),
            (free, "c", Some(URI), None, Redeem, Replay),
            (free, "c", None, None, Refuse, Refuse),
            (free, "c", Some(URI), Some(VERIFIER), Refuse, Refuse),
        ] {
            for (was_used, expected) in [(false, fresh), (true, used)] {
                let code = Code {
                    client_id: "c".to_owned(),
                    redirect_uri: URI.to_owned(),
                    challenge: bound.then(|| CodeChallenge::parse(CHALLENGE, Some("S256")).expect("a challenge")),
                    dpop_jkt: None,
                    expires_at: Time::from_seconds(60),
                    used: was_used,
                };
                let presented = Presented { client_id, redirect_uri, verifier, key: Some("any") };
                let verdict = match redeem(&code, &presented, Time::from_seconds(59)) {
                    Verdict::Redeem => Redeem,
                    Verdict::Replay => Replay,
                    Verdict::Refuse(_) => Refuse,
                };
                assert_eq!(verdict, expected, "{presented:?} bound {bound} used {was_used}");
                let late = redeem(&code, &presented, Time::from_seconds(60));
                assert_ne!(late, Verdict::Redeem, "expired: {presented:?}");
            }
        }
    }

    /// RFC 9449 §10: a code that was asked for with a key is redeemed by that key alone, and by no other it is a replay.
    #[test]
    fn a_bound_code_needs_its_key() {
        for (bound, key, good) in [
            (None, None, true),
            (None, Some("k"), true),
            (Some("k"), Some("k"), true),
            (Some("k"), Some("other"), false),
            (Some("k"), None, false),
        ] {
            for used in [false, true] {
                let code = Code {
                    client_id: "c".to_owned(),
                    redirect_uri: URI.to_owned(),
                    challenge: None,
                    dpop_jkt: bound.map(str::to_owned),
                    expires_at: Time::from_seconds(60),
                    used,
                };
                let presented = Presented { client_id: "c", redirect_uri: Some(URI), verifier: None, key };
                let verdict = redeem(&code, &presented, Time::from_seconds(1));
                assert_eq!(!matches!(verdict, Verdict::Refuse(_)), good, "{bound:?} {key:?} used {used}");
            }
        }
    }
}
