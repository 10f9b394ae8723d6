//! Randomness: the context carries its source, so that a test can seed it.

use oidc::Id;
use oidc::secret::{Secret, SecretKind};

/// A source of unpredictable bytes.
pub trait Randomness: Send + Sync {
    /// Fills `out`.
    fn fill(&self, out: &mut [u8]);

    /// A new id.
    fn new_id(&self) -> Id {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Id::from_bytes(bytes)
    }

    /// A new secret of 256 bits with a new id.
    fn new_secret(&self, kind: SecretKind) -> Secret {
        self.new_secret_for(kind, self.new_id())
    }

    /// A new secret of 256 bits for the row `id`.
    fn new_secret_for(&self, kind: SecretKind, id: Id) -> Secret {
        let mut proof = vec![0; 32];
        self.fill(&mut proof);
        Secret::new(kind, id, proof)
    }
}

/// The random generator of aws-lc, which the operating system seeds.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[allow(clippy::disallowed_methods, reason = "this is the source that the context hands out")]
    fn fill(&self, out: &mut [u8]) {
        aws_lc_rs::rand::fill(out).expect("aws-lc aborts rather than run without a seeded generator");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_comes_twice() {
        assert_ne!(SystemRandomness.new_id(), SystemRandomness.new_id());
        let (one, other) =
            (SystemRandomness.new_secret(SecretKind::Code), SystemRandomness.new_secret(SecretKind::Code));
        assert_ne!(one.id(), other.id());
        assert_ne!(one.proof(), other.proof());
    }

    #[test]
    fn a_secret_is_256_bits_and_names_its_row() {
        let id = SystemRandomness.new_id();
        let secret = SystemRandomness.new_secret_for(SecretKind::Link, id);
        assert_eq!((secret.id(), secret.proof().len()), (id, 32));
        assert_ne!(secret.proof(), [0; 32]);
    }
}
