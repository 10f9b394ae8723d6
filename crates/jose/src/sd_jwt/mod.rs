//! Selective disclosure for JWTs (RFC 9901).
//!
//! An issuer hides claims behind digests ([`Issuance`]); the holder shows some of them ([`SdJwt::present`]) and proves to
//! be the holder ([`SdJwt::bind`]); a verifier checks all of it ([`verify`]). Beside the compact form there are the
//! flattened and the general one (§8), the latter with several signatures: [`SdJwt::read`] reads all three.
//!
//! ```
//! # use vestibule_jose as jose;
//! use jose::jwt::{HeaderExtras, Rules, Signer};
//! use jose::sd_jwt::{self, Issuance, KeyBinding, Proof, SdJwt};
//! use jose::{JwsAlgorithm, Limits, SigningKey, json::Object, provider::aws_lc};
//! use serde_json::{Value, json};
//!
//! let issuer = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
//! let holder = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
//! let Value::Object(claims) = json!({
//!     "iss": "https://issuer.example.com", "given_name": "Ada", "address": {"country": "DE", "locality": "Bonn"}
//! }) else { unreachable!() };
//!
//! let signer = Signer::new(issuer.clone(), &HeaderExtras::typ("example+sd-jwt"))?;
//! let issued = Issuance::new(claims)
//!     .hide("/given_name")
//!     .hide("/address")
//!     .hide("/address/locality")
//!     .holder(&holder.verifying_key())
//!     .issue(aws_lc(), &signer)?;
//!
//! let kept = SdJwt::parse(&issued.to_string(), &Limits::DEFAULT)?;
//! let shown = kept.present(aws_lc(), &["/address"], &Limits::DEFAULT)?;
//! let proof = Proof { nonce: "n-1", audience: "https://verifier.example.org", iat: 1_700_000_000 };
//! let presentation = shown.bind(aws_lc(), &holder, &proof)?;
//!
//! let rules = Rules::new(1_700_000_005, &[JwsAlgorithm::ES256]).issuer("https://issuer.example.com");
//! let binding = KeyBinding::new("n-1", "https://verifier.example.org", &[JwsAlgorithm::ES256]);
//! let verified: sd_jwt::Verified =
//!     sd_jwt::verify(aws_lc(), &presentation.to_string(), &issuer.verifying_key(), &rules, Some(&binding))?;
//! assert_eq!(verified.claims()["address"], json!({"country": "DE"}));
//! assert!(!verified.claims().contains_key("given_name"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod binding;
mod disclosure;
mod error;
mod issue;
mod json_form;
mod message;
mod pointer;
mod process;
mod verify;

pub use binding::{KeyBinding, Proof};
pub use disclosure::Disclosure;
pub use error::{IssueError, SdJwtError};
pub use issue::Issuance;
pub use message::{Place, SdJwt};
pub use verify::{Verified, verify};
