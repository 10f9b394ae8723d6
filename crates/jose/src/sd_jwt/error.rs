//! Why an SD-JWT was not made, not read or not believed.

use crate::jwk::KeyError;
use crate::jws::{SignError, TokenError};
use crate::jwt::VerifyError;
use crate::provider::ProviderError;

/// Why an SD-JWT was not made.
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Signer};
/// use vestibule_jose::sd_jwt::{Issuance, IssueError};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let nothing = Issuance::new(claims).hide("/phone").issue(aws_lc(), &signer);
/// assert!(matches!(nothing, Err(IssueError::Pointer(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// A pointer (RFC 6901) to nothing, to the whole, or to what was hidden before.
    #[error("{0:?} points to no claim that can be hidden")]
    Pointer(String),
    /// A claim on which the token's validity rests, which must stay visible (RFC 9901 §9.7).
    #[error("the claim {0:?} decides whether the token is valid, and must stay visible (RFC 9901 §9.7)")]
    Validity(String),
    /// A claim with a name that RFC 9901 §4.1 keeps for itself.
    #[error("a claim cannot be named {0:?} (RFC 9901 §4.1)")]
    Name(String),
    /// A hash that is not one of `_sd_alg`: SHA-1 is not collision-resistant (RFC 9901 §9.4).
    #[error("digests cannot be made with this hash")]
    Hash,
    /// The key proves nothing: a shared secret.
    #[error("the holder's key must be a public key")]
    Holder,
    /// The issuer-signed JWT, or the proof of the holder, was not signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// No randomness.
    #[error("no salt was made: {0}")]
    Provider(#[from] ProviderError),
    /// What is to be bound is not well formed.
    #[error(transparent)]
    Text(#[from] SdJwtError),
}

/// Why an SD-JWT is not believed: which check of RFC 9901 §7 failed.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::sd_jwt::{SdJwt, SdJwtError};
///
/// assert!(matches!(SdJwt::parse("a.b.c", &Limits::DEFAULT), Err(SdJwtError::Format(_))));
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SdJwtError {
    /// The text is not `JWT~disclosure~…~` (§4).
    #[error("the SD-JWT {0}")]
    Format(&'static str),
    /// More disclosures than allowed.
    #[error("{found} disclosures, of which {limit} are allowed")]
    TooMany {
        /// Disclosures found.
        found: usize,
        /// Disclosures allowed.
        limit: usize,
    },
    /// A disclosure that is not an array of salt, name and value, or of salt and value (§4.2).
    #[error("disclosure {index} {reason}")]
    Disclosure {
        /// Its place, from 0.
        index: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// The issuer-signed JWT is not right, or what it says once its disclosures are in place.
    #[error(transparent)]
    Jwt(#[from] VerifyError),
    /// `_sd_alg` names no hash that is known here (§4.1.1).
    #[error("_sd_alg: {0:?} is not known here")]
    Hash(String),
    /// `_sd` or `...` of a shape that carries no digest (§4.1, §4.2.4).
    #[error("digests: {0}")]
    Digests(&'static str),
    /// A digest stands twice (§7.1 step 4).
    #[error("digests: {0:?} stands twice")]
    Twice(String),
    /// Two disclosures are the same.
    #[error("disclosure {0} stands twice")]
    DisclosedTwice(usize),
    /// No digest asks for this disclosure (§7.1 step 5).
    #[error("disclosure {0} belongs to no digest")]
    Unreferenced(usize),
    /// A disclosed claim with a name that RFC 9901 keeps for itself (§7.1 step 3.3.2.2).
    #[error("disclosure {index} cannot be named {name:?}")]
    Name {
        /// Its place, from 0.
        index: usize,
        /// The name.
        name: String,
    },
    /// A disclosed claim that is there already (§7.1 step 3.3.2.3).
    #[error("disclosure {index} names {name:?}, which is there already")]
    Collision {
        /// Its place, from 0.
        index: usize,
        /// The name.
        name: String,
    },
    /// Disclosures within disclosures, deeper than JSON may nest.
    #[error("the disclosed claims nest too deep")]
    Depth,
    /// A pointer to no claim of this SD-JWT that can be disclosed.
    #[error("{0:?} points to no claim that can be disclosed")]
    Pointer(String),
    /// The holder must prove to be the holder, and did not (§7.3 step 2).
    #[error("key binding: expected, but missing")]
    Unbound,
    /// The SD-JWT names no key of its holder in `cnf` (§4.1.2).
    #[error("key binding: the claim cnf names no key in \"jwk\"")]
    NoHolder,
    /// The holder's key is none that can be used.
    #[error("key binding: the holder's key: {0}")]
    Holder(#[from] KeyError),
    /// The key binding JWT is not right (§7.3 step 5).
    #[error("key binding: {0}")]
    Binding(VerifyError),
}

impl From<TokenError> for SdJwtError {
    fn from(error: TokenError) -> Self {
        Self::Jwt(error.into())
    }
}
