//! The document of a passkey's credential.

use jose::base64url;
use jose::provider::Provider;
use oidc::Id;
use oidc::assurance::Method;
use serde::{Deserialize, Serialize};
use store::credentials::Credential as Row;
use webauthn::{Assured, Attestation, CoseKey, Credential, Flags};

use super::Passkey;
use crate::Fault;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Document {
    /// In base64url, as is the key (COSE).
    credential_id: String,
    public_key: String,
    counter: u32,
    /// The authenticator's flags when it was made.
    flags: u8,
    /// The authenticator's model, in hex.
    aaguid: String,
    transports: Vec<String>,
    name: String,
}

impl Document {
    pub(super) fn new(made: &Credential, transports: &[String], name: &str) -> Self {
        Self {
            credential_id: base64url::encode(&made.id),
            public_key: base64url::encode(made.key.as_bytes()),
            counter: made.counter,
            flags: made.flags.bits(),
            aaguid: hex(&made.aaguid),
            transports: transports.to_vec(),
            name: name.to_owned(),
        }
    }

    pub(super) fn read(row: &Row) -> Result<Self, Fault> {
        serde_json::from_str(&row.data_json).map_err(|error| corrupt(row, error))
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// What an answer is held against.
    pub(super) fn credential(&self, row: &Row, provider: &dyn Provider) -> Result<Credential, Fault> {
        let bytes = |text: &str| base64url::decode(text).map_err(|error| corrupt(row, error));
        let key = CoseKey::parse(provider, &bytes(&self.public_key)?).map_err(|error| corrupt(row, error))?;
        Ok(Credential {
            id: bytes(&self.credential_id)?,
            key,
            counter: self.counter,
            flags: Flags::from_bits(self.flags),
            aaguid: [0; 16],
            attestation: Attestation::None,
        })
    }

    /// The same after it was used.
    pub(super) fn used(&self, assured: &Assured) -> Self {
        Self { counter: assured.counter, ..self.clone() }
    }

    pub(super) fn synced(&self) -> bool {
        Flags::from_bits(self.flags).backup_eligible()
    }

    pub(super) fn method(&self) -> Method {
        if self.synced() { Method::SyncedPasskey } else { Method::DevicePasskey }
    }

    pub(super) fn shown(&self, row: &Row) -> Passkey {
        Passkey {
            id: row.id,
            name: self.name.clone(),
            model: u128::from_str_radix(&self.aaguid, 16).ok().and_then(|id| webauthn::model(&id.to_be_bytes())),
            synced: self.synced(),
            created_at: row.created_at,
            used_at: row.used_at,
            credential_id: self.credential_id.clone(),
        }
    }
}

/// The row's id follows from the credential's, so that one credential is one row.
pub(super) fn row_id(credential: &[u8]) -> Id {
    let mut id = [0; 16];
    id.copy_from_slice(&jose::sha256(credential)[..16]);
    Id::from_bytes(id)
}

fn corrupt(row: &Row, error: impl std::fmt::Display) -> Fault {
    Fault::corrupt(&format!("passkey {} of user {}", row.id, row.user_id), error)
}

/// As models are written.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
