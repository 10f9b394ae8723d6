//! The answer to a request that is not let in.

use crate::demands::Demands;
use crate::presented::Scheme;
use crate::reason::Reason;

/// A request that is not let in: the status, the challenges, and why.
///
/// ```
/// use vestibule_verify::{Demands, Presented, Reason, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::builder("https://id.example.com").audience("https://api.example.com").build()?;
/// let denied = verifier.verify(&Presented::new("GET", "/"), &Demands::new()).await.expect_err("no token");
/// assert_eq!((denied.status(), denied.reason()), (401, Reason::NoToken));
/// assert_eq!(denied.challenges()[0], "Bearer");
/// assert!(denied.nonce().is_none() && denied.to_string().starts_with("no_token"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    reason: Reason,
    detail: String,
    challenges: Vec<String>,
    nonce: Option<String>,
}

/// For the log: the reason and what was found, never the token.
impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.detail.is_empty() {
            true => f.write_str(self.reason.as_str()),
            false => write!(f, "{}: {}", self.reason.as_str(), self.detail),
        }
    }
}

impl std::error::Error for Denied {}

impl Denied {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), challenges: Vec::new(), nonce: None }
    }

    /// Why.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.reason.status()
    }

    /// The values of its `WWW-Authenticate` headers.
    pub fn challenges(&self) -> &[String] {
        &self.challenges
    }

    /// The value of its `DPoP-Nonce` header (RFC 9449 §9).
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// Writes the challenges (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3). Where a token came in one way, the challenge is for
    /// that way; where it must come with a proof, for that.
    pub(crate) fn challenged(mut self, scheme: Option<Scheme>, takes_proofs: bool, demands: &Demands) -> Self {
        if self.status() == 503 {
            return self;
        }
        let proofs_wanted = matches!(
            self.reason,
            Reason::Unbound | Reason::Proof | Reason::ProofKey | Reason::ProofReplayed | Reason::Nonce
        );
        let schemes: &[Scheme] = match scheme {
            _ if takes_proofs && proofs_wanted => &[Scheme::Dpop],
            Some(Scheme::Dpop) if takes_proofs => &[Scheme::Dpop],
            None if takes_proofs => &[Scheme::Bearer, Scheme::Dpop],
            _ => &[Scheme::Bearer],
        };
        let parameters = self.parameters(demands);
        let challenge = |scheme: &Scheme| {
            let (name, algs) = match scheme {
                Scheme::Bearer => ("Bearer", None),
                Scheme::Dpop => ("DPoP", Some(("algs", algorithms()))),
            };
            let said: Vec<_> =
                parameters.iter().cloned().chain(algs).map(|(name, value)| format!("{name}=\"{value}\"")).collect();
            format!("{name} {}", said.join(", ")).trim_end().to_owned()
        };
        self.challenges = schemes.iter().map(challenge).collect();
        self
    }

    pub(crate) fn with_nonce(mut self, nonce: Option<String>) -> Self {
        self.nonce = nonce;
        self
    }

    fn parameters(&self, demands: &Demands) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        if let Some(code) = self.reason.code() {
            parameters.push(("error", code.to_owned()));
            parameters.push(("error_description", self.reason.words().to_owned()));
        }
        match self.reason {
            Reason::Scope => parameters.push(("scope", demands.scopes.join(" "))),
            // RFC 9470 §3: all that is demanded is said at once, so that one step up is enough.
            Reason::Context | Reason::Age => {
                if !demands.contexts.is_empty() {
                    parameters.push(("acr_values", demands.contexts.join(" ")));
                }
                parameters.extend(demands.max_age.map(|seconds| ("max_age", seconds.to_string())));
            }
            _ => {}
        }
        parameters
    }
}

fn algorithms() -> String {
    jose::dpop::ALGORITHMS.iter().map(|alg| alg.to_string()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenges(reason: Reason, scheme: Option<Scheme>, takes_proofs: bool, demands: &Demands) -> Vec<String> {
        Denied::new(reason, "").challenged(scheme, takes_proofs, demands).challenges
    }

    #[test]
    fn challenges_are_those_of_the_rfcs() {
        let (bearer, dpop, none) = (Some(Scheme::Bearer), Some(Scheme::Dpop), Demands::new());
        let step_up = Demands::new().scope("pay").acr("a").acr("b").max_age(60);
        // RFC 6750 §3: without a token no error is named.
        assert_eq!(challenges(Reason::NoToken, None, false, &none), ["Bearer"]);
        let both = challenges(Reason::NoToken, None, true, &none);
        assert!(both[0] == "Bearer" && both[1].starts_with("DPoP algs=\"ES256 "), "{both:?}");
        assert_eq!(
            challenges(Reason::Expired, bearer, true, &none),
            ["Bearer error=\"invalid_token\", error_description=\"it has expired\""]
        );
        let scope = challenges(Reason::Scope, bearer, false, &step_up);
        assert!(scope[0].starts_with("Bearer error=\"insufficient_scope\"") && scope[0].ends_with("scope=\"pay\""));
        // RFC 9470 §3, figure 2.
        for reason in [Reason::Context, Reason::Age] {
            let said = challenges(reason, bearer, false, &step_up);
            assert!(said[0].starts_with("Bearer error=\"insufficient_user_authentication\""), "{said:?}");
            assert!(said[0].ends_with("acr_values=\"a b\", max_age=\"60\""), "{said:?}");
        }
        // RFC 9449 §7.1 and §9.
        for (reason, code) in [
            (Reason::Proof, "invalid_dpop_proof"),
            (Reason::Nonce, "use_dpop_nonce"),
            (Reason::Unbound, "invalid_token"),
            (Reason::Expired, "invalid_token"),
        ] {
            let said = challenges(reason, dpop, true, &none);
            assert!(said.len() == 1 && said[0].starts_with(&format!("DPoP error=\"{code}\"")), "{said:?}");
        }
        assert!(challenges(Reason::Unbound, bearer, true, &none)[0].starts_with("DPoP "));
        assert_eq!(challenges(Reason::KeysUnavailable, bearer, true, &none), Vec::<String>::new());
    }
}
