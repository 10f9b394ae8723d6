//! Proof of possession: whoever sends a request holds a key (RFC 9449).

use std::time::Duration;

use jose::dpop::{Expected, Nonces, Proof, ProofError, verify};
use jose::provider::aws_lc;
use oidc::{ErrorCode, OAuthError, Time};
use serde_json::Value;
use store::assertions::Once;

use crate::access::{Access, text};
use crate::caller::Caller;
use crate::mac::DpopNonces;
use crate::settings::DpopNonce;
use crate::{Context, Fault};

/// A request that a client sends by itself, without HTTP.
#[derive(Clone, Copy, Debug)]
pub struct ClientRequest<'a> {
    /// Where it comes from.
    pub caller: &'a Caller,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The `DPoP` header (RFC 9449 §4.1).
    pub proof: Option<&'a str>,
    /// The body, in `application/x-www-form-urlencoded`.
    pub form: &'a [u8],
}

/// An access token as it is presented to an endpoint of ours.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// The token.
    pub token: &'a str,
    /// In which scheme of the `Authorization` header.
    pub scheme: Scheme,
    /// The `DPoP` header.
    pub proof: Option<&'a str>,
    /// The request's method.
    pub method: &'a str,
    /// The path of the endpoint, below the issuer.
    pub path: &'a str,
}

/// How an access token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 6750 §2.1: whoever has it may use it.
    Bearer,
    /// RFC 9449 §7.1: with a proof of the key it is bound to.
    Dpop,
}

impl Context {
    /// The thumbprint of the key whose possession a request to `path` proves; `None` where it brings no proof. A proof
    /// counts once, on all nodes (RFC 9449 §11.1).
    pub(crate) async fn held_key(
        &self,
        proof: Option<&str>,
        (method, path): (&str, &str),
        token: Option<&str>,
    ) -> Result<Option<String>, OAuthError> {
        let Some(proof) = proof else { return Ok(None) };
        let (proven, until) = self.check_proof(proof, method, &self.address(path), token)?;
        match self.counts_once("dpop", proven.thumbprint(), proven.jti(), until).await? {
            true => Ok(Some(proven.thumbprint().to_owned())),
            false => Err(invalid("its jti was used before")),
        }
    }

    /// Takes the `jti` of a proof by this key; `false` where it was seen before, on whatever node.
    pub(crate) async fn counts_once(&self, sort: &str, key: &str, jti: &str, until: Time) -> Result<bool, Fault> {
        self.used_now(&once(sort, key, jti, until)).await
    }

    /// Takes it; `false` where it was used before.
    pub(crate) async fn used_now(&self, once: &Once) -> Result<bool, Fault> {
        Ok(store::assertions::claim(&self.store, &once.id, once.expires_at).await?)
    }

    /// The proof, and until when it could come again.
    fn check_proof(
        &self,
        proof: &str,
        method: &str,
        uri: &str,
        token: Option<&str>,
    ) -> Result<(Proof, Time), OAuthError> {
        let now = self.now();
        let is_ours = |nonce: &str| self.dpop_nonces.is_ours(nonce, now);
        let expected = Expected::new(now.seconds(), method, uri).nonces(match self.settings.tokens.dpop_nonce {
            DpopNonce::Accepted => Nonces::Accepted(&is_ours),
            DpopNonce::Required => Nonces::Required(&is_ours),
        });
        let expected = token.map_or(expected, |token| expected.access_token(token));
        let proven = verify(aws_lc(), proof, &expected).map_err(|error| refused(&error))?;
        // A nonce lets a proof in for as long as the nonce itself counts.
        let by_clock = Duration::from_secs(expected.remember_for().unsigned_abs());
        Ok((proven, now.plus(by_clock.max(DpopNonces::LIFETIME) + Duration::from_secs(1))))
    }

    /// The nonce that the next proof should carry (RFC 9449 §8.2).
    pub fn dpop_nonce(&self) -> String {
        self.dpop_nonces.current(self.now())
    }

    /// The access token, if it counts at an endpoint of ours that needs `scope`. One that is bound to a key comes with a
    /// proof of it, and in no other way (RFC 9449 §7.2).
    pub(crate) async fn accept(&self, presented: &Presented<'_>, scope: &str) -> Result<Access, OAuthError> {
        let access = self.holds(presented).await?;
        if !access.scopes().contains(scope) {
            let words = format!("the access token lacks the scope {scope}");
            return Err(OAuthError::new(ErrorCode::InsufficientScope, words));
        }
        // RFC 9068 §4: a token for another resource alone is not for us.
        match access.is_for(&self.issuer) {
            true => Ok(access),
            false => Err(not_good("its audience is another")),
        }
    }

    /// The access token, if it counts and is presented as it must be.
    async fn holds(&self, presented: &Presented<'_>) -> Result<Access, OAuthError> {
        let access = self.access(presented.token).await?;
        let access = access.ok_or_else(|| not_good("not ours, expired, or ended"))?;
        match (presented.scheme, bound_key(&access)) {
            (Scheme::Bearer, None) => Ok(access),
            (Scheme::Bearer, Some(_)) => Err(not_good("it is bound to a key, and comes without a proof of it")),
            (Scheme::Dpop, None) => Err(not_good("it is bound to no key")),
            (Scheme::Dpop, Some(bound)) => {
                let request = (presented.method, presented.path);
                let held = self.held_key(presented.proof, request, Some(presented.token)).await?;
                match held.as_deref() == Some(bound) {
                    true => Ok(access),
                    false if held.is_none() => Err(invalid("the DPoP header is missing")),
                    false => Err(invalid("the key is another than the token's")),
                }
            }
        }
    }
}

/// What a proof by this key is kept as, until it can come no more.
pub(crate) fn once(sort: &str, key: &str, jti: &str, until: Time) -> Once {
    // No client's name begins with NUL: assertions of clients are kept in the same place.
    let digest = jose::sha256(format!("\0{sort}\0{key}\0{jti}").as_bytes());
    Once { id: jose::base64url::encode(digest), expires_at: until }
}

/// The thumbprint of the key that a token is bound to (RFC 9449 §6.1).
pub(crate) fn bound_key(access: &Access) -> Option<&str> {
    let confirmation = access.claims.get("cnf").and_then(Value::as_object)?;
    Some(text(confirmation, "jkt"))
}

fn refused(error: &ProofError) -> OAuthError {
    match error.asks_for_nonce() {
        true => {
            OAuthError::new(ErrorCode::UseDpopNonce, "the DPoP proof must carry the nonce of the DPoP-Nonce header")
                .with_detail(error.to_string())
        }
        false => invalid(&error.to_string()),
    }
}

/// RFC 6750 §3.1, with the one public text that all its causes share.
pub(crate) fn not_good(why: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, "the access token is not good here").with_detail(why)
}

fn invalid(why: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidDpopProof, format!("the DPoP proof does not count: {why}"))
}
