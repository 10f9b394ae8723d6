//! JSON Web Encryption (RFC 7516, RFC 7518 §4 and §5).
//!
//! Encrypting: [`Encrypter`] for one key again and again, [`encrypt`] for once, [`JsonEncrypter`] for the JSON forms and
//! for several recipients. Reading: [`decrypt`] for the compact form, [`decrypt_json`] for the others, both under
//! [`Rules`] that name the algorithms which the caller allows; [`inspect`] takes any form apart without a key. Nothing
//! says why a token did not open ([`DecryptError::Decryption`]); everything that is seen before a key is used is exact.
//!
//! ```
//! use vestibule_jose::alg::{ContentEncryption, KeyManagement};
//! use vestibule_jose::jwe::{self, Options, Rules};
//! use vestibule_jose::jwk::DecryptionKey;
//! use vestibule_jose::provider;
//!
//! let provider = provider::aws_lc();
//! let key = DecryptionKey::generate(provider, KeyManagement::EcdhEsA256Kw)?;
//! let theirs = key.encryption_key().expect("what encrypts for it");
//! let token = jwe::encrypt(provider, &theirs, ContentEncryption::A256Gcm, &Options::default(), b"a secret")?;
//!
//! let rules = Rules::new(&[KeyManagement::EcdhEsA256Kw], &[ContentEncryption::A256Gcm]);
//! let opened = jwe::decrypt(provider, &token, &key, &rules)?;
//! assert_eq!(opened.plaintext(), b"a secret");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod content;
mod decrypt;
mod derive;
mod encrypt;
mod error;
mod header;
mod json_form;
mod message;
mod options;
mod params;
mod rules;
mod set;
mod unwrap;
mod wrap;
mod zip;

pub use decrypt::{Decrypted, DecryptionKeys, decrypt, decrypt_json};
pub use encrypt::{Encrypter, encrypt};
pub use error::{DecryptError, EncryptError, JweError};
pub use header::Header;
pub use json_form::{JsonEncrypter, Placement};
pub use message::{Form, Message, Recipient, inspect};
pub use options::Options;
pub use rules::Rules;
pub use set::EncryptionKeySet;
