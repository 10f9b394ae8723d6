//! Why an answer is refused.

/// Why an answer is refused. It names the step of §7.1 or §7.2 for the log; a person is told no more than that it
/// did not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than anything that is read here.
    #[error("{what} has {found} bytes, more than {limit}")]
    TooLong {
        /// The part.
        what: &'static str,
        /// How long it is.
        found: usize,
        /// How long it may be.
        limit: usize,
    },
    /// The client data is no JSON object, or a member is missing or of another type (§5.8.1).
    #[error("clientDataJSON: {0}")]
    ClientData(String),
    /// `type` is that of the other ceremony.
    #[error("the client data is for {found:?}, not {expected:?}")]
    Type {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// Another challenge was answered.
    #[error("another challenge was answered")]
    Challenge,
    /// A page that may not ask has asked.
    #[error("the page at {0:?} may not ask")]
    Origin(String),
    /// The page stood in a frame of another origin (`crossOrigin`, `topOrigin`).
    #[error("the page was framed by another origin")]
    Framed,
    /// The authenticator data are not as §6.1 has them.
    #[error("the authenticator data {0}")]
    AuthenticatorData(&'static str),
    /// The authenticator answered for another relying party.
    #[error("the authenticator answered for another relying party")]
    RelyingParty,
    /// Nobody was there.
    #[error("nobody was there (UP)")]
    NotPresent,
    /// The person was not verified.
    #[error("the person was not verified (UV)")]
    NotVerified,
    /// Backup flags that contradict each other or the registration.
    #[error("the backup flags {0}")]
    Backup(&'static str),
    /// CBOR that is not as CTAP2 wants it.
    #[error("CBOR: {0}")]
    Cbor(&'static str),
    /// The credential's key cannot be read, or is weak.
    #[error("the public key {0}")]
    Key(String),
    /// The key is for an algorithm that was not asked for.
    #[error("the key's algorithm ({0}) was not asked for")]
    Algorithm(i64),
    /// The attestation is not what it should be (§8).
    #[error("the attestation {0}")]
    Attestation(&'static str),
    /// Nobody who is trusted vouches for the authenticator's model.
    #[error("the attestation {0}")]
    Untrusted(&'static str),
    /// The signature is not the credential's.
    #[error("the signature is not by this credential")]
    Signature,
    /// Somebody else's credential.
    #[error("the credential is another person's")]
    User,
    /// The counter did not go up: perhaps there are two of this authenticator (§6.1.1).
    #[error("the counter went from {stored} to {found}: the authenticator may have been copied")]
    Cloned {
        /// What was known.
        stored: u32,
        /// What came.
        found: u32,
    },
}
