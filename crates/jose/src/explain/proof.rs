//! Tokens that bring their own key, and proofs of possession.

use super::{Explain, Explanation};
use crate::dpop::ProofError;
use crate::jwk::KeyError;
use crate::jwt::OwnKeyError;

impl Explain for OwnKeyError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Token(error) => error.explain(),
            Self::NoKey => no_key().after("RFC 7515 §4.1.3"),
            Self::Key(error) => own_key(error),
        }
    }
}

impl Explain for ProofError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Token(error) => error.explain(),
            Self::NoKey => no_key().after("RFC 9449 §4.2"),
            Self::Key(error) => own_key(error),
            Self::Claim(name) => {
                let (cause, remedy) = claim_words(name);
                Explanation::new(*name, "what this request has", "something else")
                    .because(cause)
                    .so(remedy)
                    .after("RFC 9449 §4.3")
            }
            Self::Nonce => {
                Explanation::new("nonce", "a nonce that this server gave out a short while ago", "none, or another")
                    .because("The server wants to see that the proof is new, or the nonce at hand is too old.")
                    .so("Take the DPoP-Nonce header of this answer and make a new proof with it.")
                    .after("RFC 9449 §8")
            }
            Self::Stale => Explanation::new("iat", "a time close to this server's", "one that is too far away")
                .because("The proof was kept and used later, or a clock is wrong.")
                .so("Make a proof for each request; set the clocks by NTP.")
                .after("RFC 9449 §11.1"),
        }
    }
}

fn no_key() -> Explanation {
    Explanation::new("jwk", "a public key in the header", "none")
        .because("It is another sort of token, or its key was meant to be known already.")
        .so("Put the public half of the signing key into the header as jwk.")
}

fn own_key(error: &KeyError) -> Explanation {
    Explanation { check: "jwk".into(), ..error.explain() }
}

fn claim_words(name: &str) -> (&'static str, &'static str) {
    match name {
        "htm" => ("The proof was made for another method.", "Make it for this request's method, in capitals."),
        "htu" => (
            "The proof was made for another address, or a proxy changes host or path.",
            "Make it for the address as the server is known outside, without query and fragment.",
        ),
        "ath" => (
            "The proof goes with another access token.",
            "Make ath of the very token that is sent: base64url of its SHA-256.",
        ),
        _ => ("The proof says something else than the request.", "Make a new proof for this request."),
    }
}
