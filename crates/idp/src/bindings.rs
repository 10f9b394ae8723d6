//! What binds flows and forms to the browser that began them: one secret in a cookie, of which nothing but the hash
//! is kept, with each flow.

use oidc::secret::{Secret, SecretKind};
use zeroize::Zeroizing;

use crate::Context;

/// A browser as its binding cookie shows it, signed in or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    hash: [u8; 32],
}

impl Binding {
    /// Of the cookie's value; `None` where it is none of ours.
    pub fn parse(cookie: &str) -> Option<Self> {
        Secret::parse(SecretKind::FlowBinding, cookie).map(|secret| Self { hash: secret.hash() })
    }

    /// What a flow keeps of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Whether a flow that keeps `hash` began in this browser; takes the same time wherever they differ.
    pub(crate) fn matches(&self, hash: &[u8]) -> bool {
        jose::constant_time_eq(&self.hash, hash)
    }
}

impl Context {
    /// The binding of a browser that has none yet, and the value of its cookie.
    pub fn new_binding(&self) -> (Binding, Zeroizing<String>) {
        let secret = self.randomness.new_secret(SecretKind::FlowBinding);
        (Binding { hash: secret.hash() }, secret.to_text())
    }

    /// The token of the form `purpose` in this browser. A purpose names the step and what the form is about, so that
    /// a token from one page opens no other.
    pub fn csrf_token(&self, binding: &Binding, purpose: &str) -> String {
        self.csrf.token(&binding.hash, purpose)
    }

    /// Whether `token` is that form's in this browser; takes constant time.
    pub fn csrf_holds(&self, binding: &Binding, purpose: &str, token: &str) -> bool {
        self.csrf.verify(&binding.hash, purpose, token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Randomness as _, SystemRandomness};

    #[test]
    fn a_binding_is_what_its_cookie_says() {
        let secret = SystemRandomness.new_secret(SecretKind::FlowBinding);
        let binding = Binding::parse(&secret.to_text()).expect("ours");
        assert!(binding.matches(&secret.hash()));
        assert!(!binding.matches(&[0; 32]) && !binding.matches(&[]));
        // The cookie of the sessions is no binding, and neither is a slip.
        assert_eq!(Binding::parse(&SystemRandomness.new_secret(SecretKind::Browser).to_text()), None);
        assert_eq!(Binding::parse(&secret.to_text()[1..]), None);
    }
}
