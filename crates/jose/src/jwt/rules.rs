//! What a caller demands of a token.

use crate::alg::JwsAlgorithm;
use crate::few::Few;
use crate::jws::Typ;
use crate::limits::Limits;

/// What a token must show. Naming an issuer, an audience, a value or an age makes its claim
/// required. `exp` and `nbf` are checked whenever they are there.
///
/// ```
/// use jose::{JwsAlgorithm, jwt::Rules};
/// # use vestibule_jose as jose;
/// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256])
///     .issuer("https://id.example.com")
///     .audience("https://api.example.com")
///     .typ("at+jwt")
///     .require_exp();
/// ```
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    pub(super) now: i64,
    pub(super) algorithms: &'a [JwsAlgorithm],
    pub(super) issuer: Option<&'a str>,
    pub(super) audiences: Few<&'a str>,
    pub(super) typ: Typ<'a>,
    pub(super) equal: Few<(&'a str, &'a str)>,
    pub(super) required: Few<&'a str>,
    pub(super) expiry: Expiry,
    pub(super) leeway: i64,
    pub(super) max_age: Option<i64>,
    pub(super) max_lifetime: Option<i64>,
    pub(super) limits: Limits,
}

/// Whether `exp` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    Checked,
    Ignored,
}

impl<'a> Rules<'a> {
    /// Rules at this time, in seconds since 1970, for these algorithms and no others.
    #[inline]
    pub fn new(now: i64, algorithms: &'a [JwsAlgorithm]) -> Self {
        Self {
            now,
            algorithms,
            issuer: None,
            audiences: Few::None,
            typ: Typ::Any,
            equal: Few::None,
            required: Few::None,
            expiry: Expiry::Checked,
            leeway: 0,
            max_age: None,
            max_lifetime: None,
            limits: Limits::DEFAULT,
        }
    }

    /// `iss` must be this (RFC 7519 §4.1.1).
    #[inline]
    pub fn issuer(mut self, issuer: &'a str) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// `aud` must hold this, or another that is named by a further call (RFC 7519 §4.1.3).
    #[inline]
    pub fn audience(mut self, audience: &'a str) -> Self {
        self.audiences.push(audience);
        self
    }

    /// `sub` must be this.
    #[inline]
    pub fn subject(self, subject: &'a str) -> Self {
        self.claim("sub", subject)
    }

    /// A claim must be this string.
    ///
    /// ```
    /// use vestibule_jose::jwt::Rules;
    /// use vestibule_jose::{JwsAlgorithm, Limits};
    ///
    /// // An ID token, as somebody takes it who asked for it with this nonce.
    /// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256])
    ///     .issuer("https://id.example.com")
    ///     .audience("shop")
    ///     .subject("ada")
    ///     .claim("nonce", "n-1")
    ///     .typ_or_absent("JWT")
    ///     .require("auth_time")
    ///     .require_exp()
    ///     .require_iat()
    ///     .require_jti()
    ///     .require_sub()
    ///     .leeway(5)
    ///     .max_age(600)
    ///     .max_lifetime(3600)
    ///     .limits(Limits::DEFAULT);
    /// # let _ = rules;
    /// // One that comes back as a hint may have expired.
    /// let hint = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256]).issuer("https://id.example.com").typ("JWT").accept_expired();
    /// # let _ = hint;
    /// ```
    #[inline]
    pub fn claim(mut self, claim: &'a str, value: &'a str) -> Self {
        self.equal.push((claim, value));
        self
    }

    /// The header's `typ` must be this (RFC 8725 §3.11).
    #[inline]
    pub fn typ(mut self, typ: &'a str) -> Self {
        self.typ = Typ::Exactly(typ);
        self
    }

    /// The header's `typ` must be this where it stands.
    #[inline]
    pub fn typ_or_absent(mut self, typ: &'a str) -> Self {
        self.typ = Typ::ExactlyOrAbsent(typ);
        self
    }

    /// A claim must be there.
    #[inline]
    pub fn require(mut self, claim: &'a str) -> Self {
        self.required.push(claim);
        self
    }

    /// `exp` must be there.
    #[inline]
    pub fn require_exp(self) -> Self {
        self.require("exp")
    }

    /// `iat` must be there.
    #[inline]
    pub fn require_iat(self) -> Self {
        self.require("iat")
    }

    /// `jti` must be there.
    #[inline]
    pub fn require_jti(self) -> Self {
        self.require("jti")
    }

    /// `sub` must be there.
    #[inline]
    pub fn require_sub(self) -> Self {
        self.require("sub")
    }

    /// An expired token is believed too, such as an ID token that comes back as a hint
    /// (RP-Initiated Logout 1.0 §2).
    #[inline]
    pub fn accept_expired(mut self) -> Self {
        self.expiry = Expiry::Ignored;
        self
    }

    /// Seconds by which clocks may differ; 0 unless said.
    #[inline]
    pub fn leeway(mut self, seconds: u32) -> Self {
        self.leeway = seconds.into();
        self
    }

    /// `iat` must be there and lie within the last so many seconds.
    #[inline]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.max_age = Some(seconds.into());
        self
    }

    /// `exp` must be there and at most so many seconds away.
    #[inline]
    pub fn max_lifetime(mut self, seconds: u32) -> Self {
        self.max_lifetime = Some(seconds.into());
        self
    }

    /// Other bounds than the usual.
    #[inline]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The bounds.
    pub(crate) fn limits_in_force(&self) -> &Limits {
        &self.limits
    }

    /// Rules with the same time, leeway and bounds, and nothing else, for a token that comes along.
    pub(crate) fn for_proof<'b>(&self, algorithms: &'b [JwsAlgorithm]) -> Rules<'b> {
        Rules { leeway: self.leeway, ..Rules::new(self.now, algorithms).limits(self.limits) }
    }
}
