//! SD-JWT.

use super::{COPY_AGAIN, CUT, Explain, Explanation};
use crate::jwk::excerpt;
use crate::sd_jwt::SdJwtError;

impl Explain for SdJwtError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Jwt(error) => error.explain(),
            Self::Format(found) => {
                Explanation::new("token", "JWT~disclosure~…~", found).because(CUT).so(COPY_AGAIN).after("RFC 9901 §4")
            }
            Self::TooMany { found, limit } => Explanation::new("disclosures", format_args!("at most {limit}"), found)
                .because("Many disclosures cost the reader work; some send them for that.")
                .so("Raise the limit if you trust the sender."),
            Self::Unbound | Self::NoHolder => Explanation::new("key binding", "a proof by the holder's key", self)
                .because("Whoever presents the token did not prove to be the one it was issued to.")
                .so("Ask the holder's wallet for a presentation with key binding, with your nonce and audience.")
                .after("RFC 9901 §7.3"),
            Self::Holder(error) => Explanation { check: "key binding".into(), ..error.explain() },
            // The causes of the error itself are those of an issuer's token.
            Self::Binding(error) => Explanation { check: "key binding".into(), ..error.explain() }
                .because("The proof was made for another verifier or request, too long ago, or with another key than the holder's.")
                .so("Ask the holder for a presentation with your own nonce and audience."),
            Self::Pointer(pointer) => {
                Explanation::new("disclosures", "a claim that can be disclosed", format_args!("{:?}", excerpt(pointer)))
                    .because("The issuer did not make this claim one that can be hidden.")
                    .so("See which claims the token can disclose.")
                    .after("RFC 9901 §4.2")
            }
            Self::Hash(name) => {
                Explanation::new("_sd_alg", "a hash that is known here", format_args!("{:?}", excerpt(name)))
                    .because("The issuer hashes with something rare, or misspells it.")
                    .so("Ask the issuer for sha-256.")
                    .after("RFC 9901 §4.1.1")
            }
            other => Explanation::new("disclosures", "disclosures that fit the issuer's digests", other)
                .because("A disclosure was changed, doubled or put to another token, or the issuer made it wrongly.")
                .so("Present the token again with the disclosures that came with it.")
                .after("RFC 9901 §7.1"),
        }
    }
}
