//! Whom a client knows by which `sub` (OpenID Connect Core §8): the person's id, or one of its sector's own.
//!
//! A pairwise subject is the id under a block cipher whose key is the sector's: the same for all clients of a sector,
//! unlike all others, and taken back by us without a table (§8.1, the third method).

use aws_lc_rs::cipher::{AES_256, DecryptingKey, DecryptionContext, EncryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use oidc::Id;
use oidc::client::Client;

use crate::Context;

/// Makes the keys of sectors.
pub(crate) struct Sectors(Key);

impl Sectors {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    fn key(&self, sector: &str) -> UnboundCipherKey {
        let key = sign(&self.0, sector.as_bytes());
        UnboundCipherKey::new(&AES_256, key.as_ref()).expect("HMAC-SHA-256 gives the 32 bytes of an AES-256 key")
    }

    /// What the clients of `sector` call this person. One block is a permutation of all ids, so that ECB, which is no
    /// way to hide messages, hides all there is.
    pub(crate) fn subject(&self, sector: &str, user: Id) -> Id {
        let mut block = *user.as_bytes();
        let key = EncryptingKey::ecb(self.key(sector)).expect("AES-256 knows the mode");
        key.encrypt(&mut block).expect("one whole block");
        Id::from_bytes(block)
    }

    /// Whom the clients of `sector` call so.
    pub(crate) fn user(&self, sector: &str, subject: Id) -> Id {
        let mut block = *subject.as_bytes();
        let key = DecryptingKey::ecb(self.key(sector)).expect("AES-256 knows the mode");
        key.decrypt(&mut block, DecryptionContext::None).expect("one whole block");
        Id::from_bytes(block)
    }
}

impl Context {
    /// The `sub` of this person for this client.
    pub(crate) fn subject(&self, client: &Client, user: Id) -> Id {
        client.sector.as_deref().map_or(user, |sector| self.sectors.subject(sector, user))
    }

    /// The person whom this client calls so; nobody has that id where it calls nobody so.
    pub(crate) fn person(&self, client: &Client, subject: Id) -> Id {
        client.sector.as_deref().map_or(subject, |sector| self.sectors.user(sector, subject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OpenID Connect Core §8.1: another for each sector, the same within one, and not to be undone by others.
    #[test]
    fn a_subject_is_its_sectors() {
        let (sectors, other) = (Sectors::new(&[1; 32]), Sectors::new(&[2; 32]));
        let user = Id::from_bytes([7; 16]);
        let one = sectors.subject("a.example", user);
        assert_eq!(one, sectors.subject("a.example", user));
        assert_eq!(sectors.user("a.example", one), user);
        assert_ne!(one, user);
        assert_ne!(one, sectors.subject("b.example", user));
        assert_ne!(one, other.subject("a.example", user));
        assert_ne!(sectors.user("b.example", one), user);
    }
}
