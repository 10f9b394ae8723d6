//! Which authenticators make passkeys, and whose word is asked about the keys that apps keep in phones.

/// Passkeys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasskeySettings {
    /// The relying party's id that passkeys are bound to; the issuer's host where it is absent.
    pub rp_id: Option<String>,
    /// The origins of others that may use passkeys of this host (Web Authentication Level 3 §5.11).
    pub related_origins: Vec<String>,
    /// Which authenticators may make one.
    pub attestation: Attestation,
}

/// Which authenticators may make a passkey. Those that have made one already keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Attestation {
    /// Any: they are not asked what they are.
    #[default]
    None,
    /// Those of these models, whose makers vouch for them.
    Listed {
        /// The models' numbers (AAGUID).
        models: Vec<[u8; 16]>,
        /// The makers' certificates, in DER.
        anchors: Vec<Vec<u8>>,
    },
}

/// Whether a key that an app keeps in a phone is vouched for by the phone's maker. Those that are registered already stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyAttestation {
    /// Nobody looks.
    #[default]
    None,
    /// What comes must hold.
    Asked {
        /// Whether something must come.
        required: bool,
        /// The roots of Android Key Attestation, in DER.
        android: Vec<Vec<u8>>,
        /// The numbers of certificates below them that count no more at the start, without zeros in front.
        android_revoked: Vec<Vec<u8>>,
        /// Those of Apple App Attest.
        apple: Vec<Vec<u8>>,
        /// Whether an app of Apple's that is under development will do.
        apple_development: bool,
    },
}
