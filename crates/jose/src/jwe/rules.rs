//! What a reader of JWEs accepts.

use super::{DecryptError, Header};
use crate::Limits;
use crate::alg::{ContentEncryption, KeyManagement};
use crate::jwk::excerpt;

/// Which JWEs may be opened. The header's word never widens this.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::Rules;
///
/// let rules = Rules::new(&[KeyManagement::RsaOaep256], &[ContentEncryption::A256Gcm]).accept_compression();
/// # let _ = rules;
/// ```
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    algorithms: &'a [KeyManagement],
    encryptions: &'a [ContentEncryption],
    rsa1_5: Acceptance,
    passwords: Acceptance,
    pub(super) compression: Acceptance,
    pub(super) understood: &'a [&'a str],
    pub(super) limits: Limits,
}

/// Whether something that is off by itself has been switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acceptance {
    Refused,
    Accepted,
}

impl<'a> Rules<'a> {
    /// Rules for these algorithms and no others. RSA1_5 and PBES2 must be accepted besides being named here.
    pub fn new(algorithms: &'a [KeyManagement], encryptions: &'a [ContentEncryption]) -> Self {
        Self {
            algorithms,
            encryptions,
            rsa1_5: Acceptance::Refused,
            passwords: Acceptance::Refused,
            compression: Acceptance::Refused,
            understood: &[],
            limits: Limits::DEFAULT,
        }
    }

    /// RSA1_5 too. Its padding has been broken again and again (Bleichenbacher 1998, ROBOT 2017); here a random key
    /// takes the place of one that does not come out right (RFC 7516 §11.5). Only for tokens that cannot be had in
    /// another way.
    ///
    /// ```
    /// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
    /// use vestibule_jose::jwe::Rules;
    ///
    /// let rules = Rules::new(&[KeyManagement::Rsa15], ContentEncryption::ALL).accept_rsa1_5().understand(&["exp"]);
    /// # let _ = rules;
    /// ```
    pub fn accept_rsa1_5(mut self) -> Self {
        self.rsa1_5 = Acceptance::Accepted;
        self
    }

    /// PBES2 too, where the writer says how much work the reader does, up to [`Limits::p2c`].
    pub fn accept_passwords(mut self) -> Self {
        self.passwords = Acceptance::Accepted;
        self
    }

    /// Compressed content too, up to [`Limits::inflated_bytes`].
    pub fn accept_compression(mut self) -> Self {
        self.compression = Acceptance::Accepted;
        self
    }

    /// Header members beyond the registered ones that the caller understands and handles, so that `crit` may name them.
    pub fn understand(mut self, names: &'a [&'a str]) -> Self {
        self.understood = names;
        self
    }

    /// Other bounds than the usual.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The header's word counts only where the caller allows it (RFC 8725 §3.1).
    pub(super) fn algorithm(&self, header: &Header) -> Result<KeyManagement, DecryptError> {
        let refused = |alg: KeyManagement| {
            (alg == KeyManagement::Rsa15 && self.rsa1_5 == Acceptance::Refused)
                || (alg.is_password_based() && self.passwords == Acceptance::Refused)
        };
        header.alg().filter(|alg| self.algorithms.contains(alg) && !refused(*alg)).ok_or_else(|| {
            let allowed = self.algorithms.iter().copied().filter(|alg| !refused(*alg)).collect();
            DecryptError::Algorithm { allowed, found: excerpt(header.alg_name()) }
        })
    }

    pub(super) fn encryption(&self, header: &Header) -> Result<ContentEncryption, DecryptError> {
        header.enc().filter(|enc| self.encryptions.contains(enc)).ok_or_else(|| DecryptError::Encryption {
            allowed: self.encryptions.to_vec(),
            found: excerpt(header.enc_name()),
        })
    }
}
