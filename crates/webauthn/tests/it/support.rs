//! The test vectors of Web Authentication Level 3 §16, and an authenticator of ours for what they lack.

use std::sync::LazyLock;

use jose::provider::{Provider, aws_lc};
use serde_json::Value;
use vestibule_webauthn::{Assertion, Credential, Expected, Refusal, Registration, UserVerification, register};

pub(crate) const RP_ID: &str = "example.org";
pub(crate) const ORIGINS: &[&str] = &["https://example.org"];
pub(crate) const ALGORITHMS: &[i64] = &[-7, -8, -35, -36, -257];

pub(crate) fn provider() -> &'static dyn Provider {
    aws_lc()
}

/// §16; one object for each of its examples but those of TPM and Android (not verified here) and Ed448 (not known here).
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) format: String,
    pub(crate) challenge: Vec<u8>,
    pub(crate) aaguid: Vec<u8>,
    pub(crate) id: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    pub(crate) object: Vec<u8>,
    pub(crate) get_challenge: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) get_client_data: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Vector {
    pub(crate) fn all() -> &'static [Vector] {
        static ALL: LazyLock<Vec<Vector>> = LazyLock::new(|| {
            let file: Value = serde_json::from_str(include_str!("vectors.json")).expect("JSON");
            file["vectors"].as_array().expect("vectors").iter().map(Vector::read).collect()
        });
        &ALL
    }

    pub(crate) fn named(name: &str) -> &'static Vector {
        Self::all().iter().find(|vector| vector.name == name).expect("a vector of this name")
    }

    fn read(value: &Value) -> Vector {
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        let bytes = |value: &Value| hex(value.as_str().expect("hex"));
        let assertion = &value["assertion"];
        Vector {
            name: text(&value["name"]),
            format: text(&value["attestation"]),
            challenge: bytes(&value["challenge"]),
            aaguid: bytes(&value["aaguid"]),
            id: bytes(&value["credentialId"]),
            client_data: bytes(&value["clientDataJSON"]),
            object: bytes(&value["attestationObject"]),
            get_challenge: bytes(&assertion["challenge"]),
            data: bytes(&assertion["authenticatorData"]),
            get_client_data: bytes(&assertion["clientDataJSON"]),
            signature: bytes(&assertion["signature"]),
        }
    }

    /// Two of them were made in a frame of another origin.
    pub(crate) fn framed(&self) -> bool {
        self.name.contains("crossOrigin") || self.name.contains("topOrigin")
    }

    pub(crate) fn register(&self) -> Result<Credential, Refusal> {
        self.register_with(&self.object, &self.client_data)
    }

    pub(crate) fn register_with(&self, object: &[u8], client_data: &[u8]) -> Result<Credential, Refusal> {
        let registration = Registration { client_data, attestation_object: object };
        register(provider(), &registration, ALGORITHMS, &expected(&self.challenge))
    }

    pub(crate) fn assertion(&self) -> Assertion<'_> {
        Assertion {
            client_data: &self.get_client_data,
            authenticator_data: &self.data,
            signature: &self.signature,
            user_handle: None,
        }
    }
}

pub(crate) fn expected(challenge: &[u8]) -> Expected<'_> {
    Expected { challenge, rp_id: RP_ID, origins: ORIGINS, verification: UserVerification::Preferred }
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(digit).collect()
}

/// The bytes with one run replaced by another of any length.
pub(crate) fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old).expect("it stands there");
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}
