//! Encrypted tokens.

use super::{Explain, Explanation, list, token};
use crate::jwe::{DecryptError, JweError};
use crate::jwk::excerpt;

impl Explain for JweError {
    fn explain(&self) -> Explanation {
        match self {
            Self::TooLong { part, found, limit } => token::too_long(part, *found, *limit),
            Self::Signed => Explanation::new("token", "an encrypted token (five parts)", "a signed one (JWS)")
                .because("The sender signs its tokens and does not encrypt them.")
                .so("Verify it instead; its content can be read without a key.")
                .after("RFC 7516 §9"),
            Self::Parts(found) => token::parts("five", *found).after("RFC 7516 §7.1"),
            Self::Base64url(part) => token::spelling(part).after("RFC 7516 §5.2"),
            Self::Json { part, error } => token::json(part, error).after("RFC 7516 §5.2"),
            Self::Length { part, found, needed } => {
                token::malformed(format_args!("{needed} bytes of {part}"), format_args!("{found} bytes"))
                    .after("RFC 7518 §5")
            }
            other => Explanation::new("token", "a JWE as RFC 7516 has it", other)
                .because("The sender writes the token against the rules.")
                .so("The sender must correct it.")
                .after("RFC 7516 §5.2"),
        }
    }
}

impl Explain for DecryptError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Token(error) => error.explain(),
            Self::Algorithm { allowed, found } => {
                Explanation::new("alg", list(allowed), format_args!("{:?}", excerpt(found)))
                    .because("The sender encrypts the key in another way than is expected, or somebody tries another one.")
                    .so("Allow it if you mean to; never allow what a token asks for.")
                    .after("RFC 8725 §3.1")
            }
            Self::Encryption { allowed, found } => {
                Explanation::new("enc", list(allowed), format_args!("{:?}", excerpt(found)))
                    .because("The sender encrypts the content in another way than is expected.")
                    .so("Allow it if you mean to.")
                    .after("RFC 8725 §3.1")
            }
            Self::Compression(found) => {
                Explanation::new("zip", "no compression", format_args!("{:?}", excerpt(found)))
                    .because("What is compressed can swell, and tells about its content by its length.")
                    .so("Accept DEF with a bound, or ask the sender to leave zip out.")
                    .after("RFC 8725 §3.6")
            }
            Self::Rounds { found, limit } => Explanation::new("p2c", format_args!("at most {limit} rounds"), found)
                .because("Many rounds of PBKDF2 cost the reader time; some ask for them to that end.")
                .so("Raise the limit if you trust the sender.")
                .after("RFC 7518 §8.5"),
            Self::NoKey { alg, kid } => {
                token::no_key(alg, kid.as_ref())
                    .because("The token is for another recipient, or for a key that was exchanged.")
                    .so("Look for the private key whose public half the sender has.")
                    .after("RFC 7516 §4.1.6")
            }
            Self::Decryption => Explanation::new("decryption", "a token that opens", "one that does not")
                .because("The key is another, or the token was changed. Which of both, nobody is told: an attacker would learn from it.")
                .so("See that the sender used the public half of this very key, or the same secret; compare kid and thumbprint.")
                .after("RFC 7516 §11.5"),
            Self::Inflate { limit } => {
                Explanation::new("zip", format_args!("at most {limit} bytes of raw DEFLATE"), "more, or another format")
                    .because("The content swells beyond what is accepted, or was compressed with a zlib or gzip header.")
                    .so("Raise the limit if you trust the sender; the format is that of RFC 1951.")
                    .after("RFC 7516 §4.1.3")
            }
            Self::Json(error) => Explanation::new("claims", "a strict JSON object", error)
                .because("What was encrypted is no set of claims; perhaps it is a signed token.")
                .so("See the header's cty: JWT means that another token is inside.")
                .after("RFC 7519 §7.2"),
        }
    }
}
