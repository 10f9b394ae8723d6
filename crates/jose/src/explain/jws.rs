//! Signed messages.

use super::{Explain, Explanation, list, named, token};
use crate::jwk::excerpt;
use crate::jws::{TokenError, VerifyError};

impl Explain for TokenError {
    fn explain(&self) -> Explanation {
        match self {
            Self::TooLong { part, found, limit } => token::too_long(part, *found, *limit),
            Self::Encrypted => Explanation::new("token", "a signed token (three parts)", "an encrypted one (JWE)")
                .because("The sender encrypts its tokens.")
                .so("Decrypt it first; what is inside may be signed.")
                .after("RFC 7516 §9"),
            Self::Parts(found) => token::parts("three", *found).after("RFC 7515 §7.1"),
            Self::Base64url(part) => token::spelling(part).after("RFC 7515 §2"),
            Self::Json { part, error } => token::json(part, error).after("RFC 7515 §5.2"),
            Self::Serialization(found) => token::malformed("a flattened or general JWS", found).after("RFC 7515 §7.2"),
            Self::Signatures { found, limit } => {
                Explanation::new("token", format_args!("at most {limit} signatures"), found)
                    .because("Many signatures cost the reader much work; some send them for that.")
                    .so("Raise the limit if you trust the sender.")
            }
            Self::Twice(name) => Explanation::new(excerpt(name), "one place in the headers", "two places")
                .because("A member that is protected and unprotected at once can be read in two ways.")
                .so("The sender must put it into the protected header alone.")
                .after("RFC 7515 §4"),
            Self::NoAlgorithm => Explanation::new("alg", "an algorithm in the header", "none")
                .because("The header is not that of a JWS.")
                .so("See whether the first part is really a header.")
                .after("RFC 7515 §4.1.1"),
            Self::Member { member, expected } => Explanation::new(*member, expected, "something else")
                .because("The sender writes the header member in a wrong type.")
                .so("The sender must correct it.")
                .after("RFC 7515 §4.1"),
            Self::Critical(found) => {
                Explanation::new("crit", "distinct names that stand in the protected header", found)
                    .because("The sender writes crit against the rules.")
                    .so("The sender must correct it.")
                    .after("RFC 7515 §4.1.11")
            }
            Self::NotUnderstood(name) => Explanation::new("crit", "extensions that are understood here", excerpt(name))
                .because("The token demands an extension; who does not know it must refuse the token.")
                .so("Say that you understand it, if you do, or ask for tokens without it.")
                .after("RFC 7515 §4.1.11"),
            Self::Unencoded(found) => Explanation::new("b64", "a payload as RFC 7797 has it", found)
                .because("The payload is not encoded, and the form or its characters do not allow that.")
                .so("Detach the payload, or encode it.")
                .after("RFC 7797 §5"),
            Self::B64 => Explanation::new("b64", "no b64 in a JWT", "b64")
                .because("Unencoded payloads are for other messages than JWTs.")
                .so("The sender must leave b64 out.")
                .after("RFC 7797 §7"),
        }
    }
}

impl Explain for VerifyError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Token(error) => error.explain(),
            Self::Form { expected, found } => Explanation::new("form", expected, found)
                .because("The message came in another serialization than is read here.")
                .so("Read that form, or ask the sender for the other.")
                .after("RFC 7515 §3"),
            Self::Algorithm { allowed, found } => algorithm(&list(allowed), found),
            Self::Typ { expected, found } => {
                let found = found.as_deref().map_or_else(|| "no typ".into(), |found| format!("{:?}", excerpt(found)));
                Explanation::new("typ", format_args!("{expected:?}"), found)
                    .because("It is another sort of token: an ID token is no access token, and the other way round.")
                    .so("Send the token that this place asks for, or expect this type if it is the right one.")
                    .after("RFC 8725 §3.11")
            }
            Self::NoKey { alg, kid } => {
                token::no_key(alg, kid.as_ref())
                    .because("The issuer has a new key that the key set at hand does not have yet, or the token is another issuer's.")
                    .so("Fetch the issuer's key set again; then compare the token's iss with the issuer you trust.")
                    .after("RFC 7515 §4.1.4")
            }
            Self::Ambiguous { alg, kid } => Explanation::new(
                "key",
                format_args!("one key for {alg} with {}", named(kid.as_ref())),
                "different keys of that name",
            )
            .because("A key was exchanged and the new one kept the name, or two sets were put together.")
            .so("The issuer must give each key a name of its own, such as its thumbprint.")
            .after("RFC 7517 §4.5"),
            Self::Signature { alg, kid, tried } => Explanation::new(
                "signature",
                format_args!("a signature of {alg} under one of {tried} keys, {}", named(kid.as_ref())),
                "one that does not match",
            )
            .because(if alg.is_symmetric() {
                "The secret is another, or is read in another way (text, hex, base64), or the token was changed."
            } else {
                "The token was changed, or another key signed it (another environment, an exchanged key with the same kid)."
            })
            .so("Compare issuer, kid and secret or key with the sender's; do not use what the token says.")
            .after("RFC 7515 §5.2"),
            Self::Signatures(errors) => match errors.as_slice() {
                [(_, only)] => only.explain(),
                errors => {
                    let found: Vec<String> = errors.iter().map(|(index, error)| format!("{index}: {error}")).collect();
                    Explanation::new("signature", "signatures that hold, as many as are asked for", found.join("; "))
                        .because("None of the keys at hand made the signatures, or one of them is wrong.")
                        .so("See each signature's reason.")
                        .after("RFC 7515 §5.2")
                }
            },
            Self::Payload(found) => Explanation::new("payload", "the payload in one place", found)
                .because("The payload is detached: it is sent beside the signature.")
                .so("Give the payload's exact bytes, or leave them out where the message has them.")
                .after("RFC 7515 appendix F"),
        }
    }
}

fn algorithm(allowed: &str, found: &str) -> Explanation {
    let explanation = Explanation::new("alg", allowed, format_args!("{:?}", excerpt(found))).after("RFC 8725 §3.1");
    if found.eq_ignore_ascii_case("none") {
        return explanation
            .because("The token is not signed: anybody can write it. No reader may accept that.")
            .so("Refuse it. If it came from your own system, let that sign its tokens.");
    }
    explanation
        .because("The issuer signs with another algorithm than is expected, or somebody tries another one.")
        .so("Allow the algorithm if the issuer's metadata name it; never allow what a token asks for.")
}
