//! Codes for people, which follow from an id and are kept nowhere.

use std::fmt;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use oidc::Id;
use oidc::user_code::UserCode;
use zeroize::Zeroizing;

/// Makes the codes that mails carry.
pub struct MailCodes(Key);

impl MailCodes {
    /// Under a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// The six digits of the mail with this link: they are kept nowhere.
    pub fn code(&self, link: Id) -> Zeroizing<String> {
        let tag = sign(&self.0, link.as_bytes());
        let number = tag.as_ref().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        // 64 bits by a million: the first codes are likelier by 1 in 10^13.
        Zeroizing::new(format!("{:06}", number % 1_000_000))
    }
}

impl fmt::Debug for MailCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailCodes([redacted])")
    }
}

/// Makes the keys under which the codes stand that people type for a device.
pub struct UserCodes(Key);

impl UserCodes {
    /// Under a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// What is kept of a code: who reads the table cannot tell which codes there are.
    pub fn mac(&self, code: &UserCode) -> String {
        jose::base64url::encode(sign(&self.0, code.letters()))
    }
}

impl fmt::Debug for UserCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCodes([redacted])")
    }
}

/// Makes the numbers that apps show beside a hand-off.
pub struct HandoffNumbers(Key);

impl HandoffNumbers {
    /// Under a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// The two digits of the hand-off with this link: they are kept nowhere.
    pub fn number(&self, link: Id) -> Zeroizing<String> {
        let tag = sign(&self.0, link.as_bytes());
        let number = tag.as_ref().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Zeroizing::new(format!("{}", 10 + number % 90))
    }

    /// Whether `said` is that number; takes constant time.
    pub fn is(&self, link: Id, said: &str) -> bool {
        jose::constant_time_eq(self.number(link).as_bytes(), said.as_bytes())
    }
}

impl fmt::Debug for HandoffNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandoffNumbers([redacted])")
    }
}
