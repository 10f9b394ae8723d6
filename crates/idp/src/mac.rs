//! Secrets that are not stored, because a MAC of ours proves them: refresh tokens and CSRF tokens (HMAC-SHA-256).

mod codes;
mod nonces;

use std::fmt;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use oidc::Id;
use oidc::secret::{Secret, SecretKind};
use zeroize::Zeroizing;

pub use codes::{HandoffNumbers, MailCodes, UserCodes};
pub use nonces::DpopNonces;

/// Makes and checks secrets that carry a counter, `id ‖ counter ‖ MAC`: refresh tokens and device secrets.
pub struct CountedSecrets {
    kind: SecretKind,
    key: Key,
}

/// What a genuine one says. Whether its row lives and the counter is current, the row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its row.
    pub id: Id,
    /// How often the row had been used when the secret was made.
    pub counter: i64,
}

impl CountedSecrets {
    /// Of this kind, under a key of their own.
    pub fn new(kind: SecretKind, key: &[u8; 32]) -> Self {
        Self { kind, key: Key::new(HMAC_SHA256, key) }
    }

    /// The secret's text; the same one has the same text always.
    pub fn encode(&self, secret: Counted) -> Zeroizing<String> {
        let mut proof = secret.counter.to_be_bytes().to_vec();
        proof.extend_from_slice(sign(&self.key, &covered(secret)).as_ref());
        Secret::new(self.kind, secret.id, proof).to_text()
    }

    /// The secret, if it is one of ours; its MAC is compared in constant time.
    pub fn verify(&self, text: &str) -> Option<Counted> {
        let secret = Secret::parse(self.kind, text)?;
        let (counter, tag) = secret.proof().split_first_chunk()?;
        let counted = Counted { id: secret.id(), counter: i64::from_be_bytes(*counter) };
        verify(&self.key, &covered(counted), tag).ok()?;
        Some(counted)
    }
}

impl fmt::Debug for CountedSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CountedSecrets([redacted])")
    }
}

/// Both parts have a fixed length, so that no two secrets are covered by the same bytes.
fn covered(secret: Counted) -> [u8; 24] {
    let mut bytes = [0; 24];
    bytes[..16].copy_from_slice(secret.id.as_bytes());
    bytes[16..].copy_from_slice(&secret.counter.to_be_bytes());
    bytes
}

/// Makes and checks the tokens that bind a form to the browser it was shown to.
pub struct CsrfTokens(Key);

impl CsrfTokens {
    /// Under a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// The token of the form `purpose` in the browser whose binding cookie hashes to `browser`.
    pub fn token(&self, browser: &[u8; 32], purpose: &str) -> String {
        jose::base64url::encode(sign(&self.0, &form(browser, purpose)))
    }

    /// Whether `token` is that form's; takes constant time.
    pub fn verify(&self, browser: &[u8; 32], purpose: &str, token: &str) -> bool {
        jose::base64url::decode(token).is_ok_and(|tag| verify(&self.0, &form(browser, purpose), &tag).is_ok())
    }
}

impl fmt::Debug for CsrfTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfTokens([redacted])")
    }
}

/// Makes the keys of token buckets: from a key nobody reads whose it is.
pub struct BucketKeys(Key);

impl BucketKeys {
    /// Under a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// The key of what is counted under `class`, whatever and however long it is.
    pub fn key(&self, class: &str, of: &[u8]) -> String {
        let tag = sign(&self.0, &[class.as_bytes(), &[0], of].concat());
        jose::base64url::encode(&tag.as_ref()[..16])
    }
}

impl fmt::Debug for BucketKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BucketKeys([redacted])")
    }
}

/// Makes and checks the cookies of plain websites: `browser ‖ child session ‖ MAC`.
pub struct SiteSecrets(Key);

impl SiteSecrets {
    /// Under a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// The secret of a child session; the same one always.
    pub fn secret(&self, browser: Id, child: Id) -> Secret {
        let mut proof = child.as_bytes().to_vec();
        proof.extend_from_slice(sign(&self.0, &both(browser, child)).as_ref());
        Secret::new(SecretKind::Site, browser, proof)
    }

    /// Browser and child, if the cookie is one of ours; its MAC is compared in constant time. Whether the child lives,
    /// its row says.
    pub fn verify(&self, text: &str) -> Option<(Id, Id)> {
        let secret = Secret::parse(SecretKind::Site, text)?;
        let (child, tag) = secret.proof().split_first_chunk()?;
        let (browser, child) = (secret.id(), Id::from_bytes(*child));
        verify(&self.0, &both(browser, child), tag).ok()?;
        Some((browser, child))
    }
}

impl fmt::Debug for SiteSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteSecrets([redacted])")
    }
}

/// Both have a fixed length, so that no two secrets are covered by the same bytes.
fn both(browser: Id, child: Id) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(browser.as_bytes());
    bytes[16..].copy_from_slice(child.as_bytes());
    bytes
}

fn form(browser: &[u8; 32], purpose: &str) -> Vec<u8> {
    [browser.as_slice(), purpose.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use oidc::user_code::UserCode;

    use super::*;

    const TOKEN: Counted = Counted { id: Id::from_bytes([3; 16]), counter: 5 };

    const KEY: [u8; 32] = [7; 32];
    const OTHER: [u8; 32] = [8; 32];

    #[test]
    fn a_refresh_token_says_its_family_and_counter() {
        let tokens = CountedSecrets::new(SecretKind::RefreshToken, &KEY);
        let text = tokens.encode(TOKEN);
        assert!(text.starts_with("vst_rt_"), "{}", *text);
        assert_eq!(tokens.verify(&text), Some(TOKEN));
        assert_eq!(tokens.encode(TOKEN), text);
    }

    #[test]
    fn a_forged_refresh_token_is_none() {
        let tokens = CountedSecrets::new(SecretKind::RefreshToken, &KEY);
        let genuine = Secret::parse(SecretKind::RefreshToken, &tokens.encode(TOKEN)).unwrap();
        let forge = |family: Id, proof: &[u8]| {
            tokens.verify(&Secret::new(SecretKind::RefreshToken, family, proof.to_vec()).to_text())
        };
        assert_eq!(forge(TOKEN.id, genuine.proof()), Some(TOKEN));
        assert_eq!(forge(Id::from_bytes([4; 16]), genuine.proof()), None);
        for at in 0..genuine.proof().len() {
            let mut proof = genuine.proof().to_vec();
            proof[at] ^= 1;
            assert_eq!(forge(TOKEN.id, &proof), None, "byte {at}");
            assert_eq!(forge(TOKEN.id, &genuine.proof()[..at]), None, "cut at {at}");
        }
        assert_eq!(CountedSecrets::new(SecretKind::RefreshToken, &OTHER).verify(&tokens.encode(TOKEN)), None);
    }

    #[test]
    fn a_buckets_key_follows_from_class_and_name_alone() {
        let keys = BucketKeys::new(&KEY);
        let key = keys.key("account", b"email:ada@example.com");
        assert_eq!(keys.key("account", b"email:ada@example.com"), key);
        assert_ne!(keys.key("address", b"email:ada@example.com"), key);
        assert_ne!(BucketKeys::new(&OTHER).key("account", b"email:ada@example.com"), key);
        assert_eq!((key.len(), keys.key("a", &[7; 9000]).len()), (22, 22));
    }

    #[test]
    fn a_mails_code_follows_from_its_link() {
        let codes = MailCodes::new(&KEY);
        let all: std::collections::BTreeSet<String> =
            (0..200).map(|byte| codes.code(Id::from_bytes([byte; 16])).to_string()).collect();
        assert!(all.len() > 195 && all.iter().all(|code| code.len() == 6), "{all:?}");
        assert_eq!(codes.code(TOKEN.id), codes.code(TOKEN.id));
        assert_ne!(codes.code(TOKEN.id), MailCodes::new(&OTHER).code(TOKEN.id));
    }

    #[test]
    fn a_user_codes_mac_follows_from_its_letters_alone() {
        let (codes, code) = (UserCodes::new(&KEY), |typed| UserCode::parse(typed).unwrap());
        let mac = codes.mac(&code("WDJB-MJHT"));
        assert_eq!(codes.mac(&code("wdjb mjht")), mac);
        assert_ne!(codes.mac(&code("WDJB-MJHV")), mac);
        assert_ne!(UserCodes::new(&OTHER).mac(&code("WDJB-MJHT")), mac);
        assert!(mac.len() == 43 && !mac.contains("WDJB"), "{mac}");
    }

    #[test]
    fn a_forged_cookie_of_the_sites_is_none() {
        let secrets = SiteSecrets::new(&KEY);
        let (browser, child) = (Id::from_bytes([1; 16]), Id::from_bytes([2; 16]));
        let genuine = secrets.secret(browser, child);
        assert_eq!(secrets.verify(&genuine.to_text()), Some((browser, child)));
        let forge = |browser: Id, proof: &[u8]| {
            secrets.verify(&Secret::new(SecretKind::Site, browser, proof.to_vec()).to_text())
        };
        assert_eq!(forge(child, genuine.proof()), None);
        for at in 0..genuine.proof().len() {
            let mut proof = genuine.proof().to_vec();
            proof[at] ^= 1;
            assert_eq!(forge(browser, &proof), None, "byte {at}");
            assert_eq!(forge(browser, &genuine.proof()[..at]), None, "cut at {at}");
        }
        assert_eq!(SiteSecrets::new(&OTHER).verify(&genuine.to_text()), None);
        let of_another_kind = Secret::new(SecretKind::Browser, browser, genuine.proof().to_vec());
        assert_eq!(secrets.verify(&of_another_kind.to_text()), None);
    }

    #[test]
    fn a_hand_offs_number_follows_from_its_link() {
        let numbers = HandoffNumbers::new(&KEY);
        let all: std::collections::BTreeSet<String> =
            (0..=255).map(|byte| numbers.number(Id::from_bytes([byte; 16])).to_string()).collect();
        assert!(all.len() > 60 && all.iter().all(|number| number.len() == 2), "{all:?}");
        let number = numbers.number(TOKEN.id);
        assert!(numbers.is(TOKEN.id, &number) && !numbers.is(TOKEN.id, "") && !numbers.is(TOKEN.id, "00"));
    }

    #[test]
    fn a_csrf_token_is_bound_to_its_browser_and_form() {
        let tokens = CsrfTokens::new(&KEY);
        let token = tokens.token(&[1; 32], "signin");
        assert!(tokens.verify(&[1; 32], "signin", &token));
        assert!(!tokens.verify(&[2; 32], "signin", &token));
        assert!(!tokens.verify(&[1; 32], "signup", &token));
        assert!(!tokens.verify(&[1; 32], "signin", ""));
        assert!(!tokens.verify(&[1; 32], "signin", &token[..token.len() - 4]));
        assert!(!CsrfTokens::new(&OTHER).verify(&[1; 32], "signin", &token));
    }
}
