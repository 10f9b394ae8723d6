//! Why a request was let in or not: one word each, for counters and logs.

/// Why a request was not let in.
///
/// ```
/// use vestibule_verify::Reason;
///
/// assert_eq!((Reason::UnknownKey.as_str(), Reason::UnknownKey.status()), ("unknown_key", 401));
/// assert_eq!(Reason::ALL.len(), 25);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No token came.
    NoToken,
    /// The request carries tokens or proofs in a way that is none (RFC 6750 §3.1 `invalid_request`).
    Request,
    /// What came is no token, or longer than one may be.
    Malformed,
    /// Its algorithm is not among those allowed.
    Algorithm,
    /// Its `typ` says that it is something else (RFC 9068 §4).
    Type,
    /// No key of its issuer has its `kid`: a rotation that this API has not seen, or a forgery.
    UnknownKey,
    /// Its signature is wrong.
    Signature,
    /// It is another issuer's.
    Issuer,
    /// It is for another API.
    Audience,
    /// It has expired.
    Expired,
    /// Its time is still to come.
    NotYetValid,
    /// A claim is missing or of a wrong form.
    Claims,
    /// Its issuer says that it is not, or no longer, active (RFC 7662 §2.2).
    Inactive,
    /// The issuer's keys or metadata are not at hand.
    KeysUnavailable,
    /// The issuer could not be asked about it.
    IntrospectionUnavailable,
    /// It is bound to a key or certificate in a way that is not understood here.
    Confirmation,
    /// It is bound to a key and came without, or the other way round (RFC 9449 §7.1, §7.2).
    Unbound,
    /// Its DPoP proof is missing or wrong.
    Proof,
    /// Its DPoP proof has come before.
    ProofReplayed,
    /// Its DPoP proof was made with another key.
    ProofKey,
    /// Its DPoP proof lacks a nonce that counts (RFC 9449 §9).
    Nonce,
    /// It is bound to another client certificate (RFC 8705 §3).
    Certificate,
    /// It does not have the scopes that are demanded.
    Scope,
    /// The person was not authenticated in a way that is demanded (RFC 9470 §3).
    Context,
    /// The person was authenticated too long ago (RFC 9470 §3).
    Age,
}

impl Reason {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::NoToken,
        Self::Request,
        Self::Malformed,
        Self::Algorithm,
        Self::Type,
        Self::UnknownKey,
        Self::Signature,
        Self::Issuer,
        Self::Audience,
        Self::Expired,
        Self::NotYetValid,
        Self::Claims,
        Self::Inactive,
        Self::KeysUnavailable,
        Self::IntrospectionUnavailable,
        Self::Confirmation,
        Self::Unbound,
        Self::Proof,
        Self::ProofReplayed,
        Self::ProofKey,
        Self::Nonce,
        Self::Certificate,
        Self::Scope,
        Self::Context,
        Self::Age,
    ];

    /// As the counters name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoToken => "no_token",
            Self::Request => "invalid_request",
            Self::Malformed => "malformed",
            Self::Algorithm => "algorithm",
            Self::Type => "type",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Claims => "claims",
            Self::Inactive => "inactive",
            Self::KeysUnavailable => "keys_unavailable",
            Self::IntrospectionUnavailable => "introspection_unavailable",
            Self::Confirmation => "confirmation",
            Self::Unbound => "unbound",
            Self::Proof => "proof",
            Self::ProofReplayed => "proof_replayed",
            Self::ProofKey => "proof_key",
            Self::Nonce => "nonce",
            Self::Certificate => "certificate",
            Self::Scope => "scope",
            Self::Context => "context",
            Self::Age => "age",
        }
    }

    /// The status of the answer (RFC 6750 §3.1, RFC 9470 §3).
    pub const fn status(self) -> u16 {
        match self {
            Self::Request => 400,
            Self::Scope => 403,
            Self::KeysUnavailable | Self::IntrospectionUnavailable => 503,
            _ => 401,
        }
    }

    /// The code of the challenge (RFC 6750 §3.1, RFC 9449 §7.1 and §9, RFC 9470 §3); none where nothing came, or where
    /// the fault is not the client's.
    pub(crate) const fn code(self) -> Option<&'static str> {
        match self {
            Self::NoToken | Self::KeysUnavailable | Self::IntrospectionUnavailable => None,
            Self::Request => Some("invalid_request"),
            Self::Scope => Some("insufficient_scope"),
            Self::Context | Self::Age => Some("insufficient_user_authentication"),
            Self::Proof | Self::ProofReplayed | Self::ProofKey => Some("invalid_dpop_proof"),
            Self::Nonce => Some("use_dpop_nonce"),
            _ => Some("invalid_token"),
        }
    }

    /// What the challenge says in words: nothing that a stranger wrote.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::NoToken => "",
            Self::Request => "one Authorization header with one token, and one DPoP header at most",
            Self::Malformed => "this is no token",
            Self::Algorithm => "its algorithm is not accepted here",
            Self::Type => "this is no access token",
            Self::UnknownKey => "no key of its issuer has its kid",
            Self::Signature => "its signature is wrong",
            Self::Issuer => "it is another issuer's",
            Self::Audience => "it is for another API",
            Self::Expired => "it has expired",
            Self::NotYetValid => "its time is still to come",
            Self::Claims => "a claim is missing or of a wrong form",
            Self::Inactive => "it is not active",
            Self::KeysUnavailable | Self::IntrospectionUnavailable => "it cannot be checked now",
            Self::Confirmation => "it is bound in a way that is not understood here",
            Self::Unbound => "it is bound to a key that must be proven, or must be bound to one",
            Self::Proof => "its DPoP proof is missing, or is for another request",
            Self::ProofReplayed => "its DPoP proof has come before",
            Self::ProofKey => "its DPoP proof was made with another key",
            Self::Nonce => "its DPoP proof must carry the nonce in this answer",
            Self::Certificate => "it is bound to another client certificate",
            Self::Scope => "it lacks a scope",
            Self::Context => "a stronger authentication is required",
            Self::Age => "a more recent authentication is required",
        }
    }
}
