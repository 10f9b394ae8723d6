//! What a browser is asked, as JSON (Web Authentication Level 3 §5.1.8, §5.1.9).

use jose::base64url;
use oidc::Id;
use serde_json::json;

use super::Passkey;
use crate::people::Person;

/// `conveyance` is what is asked of the authenticator about itself (§5.4.7).
pub(super) fn creation(
    person: &Person,
    challenge: &str,
    (rp_id, here): (&str, &str),
    known: &[Passkey],
    conveyance: &str,
) -> String {
    let (address, name) = names(person);
    let algorithms: Vec<_> = ALGORITHMS.iter().map(|alg| json!({"type": "public-key", "alg": alg})).collect();
    let known: Vec<_> = known.iter().map(|key| json!({"type": "public-key", "id": key.credential_id})).collect();
    json!({
        "rp": {"id": rp_id, "name": here},
        "user": {"id": user_handle(person.id), "name": address, "displayName": name},
        "challenge": challenge,
        "pubKeyCredParams": algorithms,
        "timeout": TIMEOUT,
        "excludeCredentials": known,
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required"
        },
        "attestation": conveyance,
    })
    .to_string()
}

/// `allowed` are the passkeys that will do; where none is named, whichever the authenticator knows.
pub(super) fn request(challenge: &str, rp_id: &str, allowed: &[Passkey]) -> String {
    let allowed: Vec<_> = allowed.iter().map(|key| json!({"type": "public-key", "id": key.credential_id})).collect();
    json!({
        "challenge": challenge,
        "rpId": rp_id,
        "timeout": TIMEOUT,
        "userVerification": "required",
        "allowCredentials": allowed,
    })
    .to_string()
}

/// What a password manager shows of a passkey of this person, as it is now (`PublicKeyCredential.signalCurrentUserDetails`,
/// §5.1.10).
pub(super) fn details(person: &Person, rp_id: &str) -> String {
    let (address, name) = names(person);
    json!({"rpId": rp_id, "userId": user_handle(person.id), "name": address, "displayName": name}).to_string()
}

/// The address, and what the person is called.
fn names(person: &Person) -> (&str, &str) {
    let address = person.email.as_deref().or(person.username.as_deref()).unwrap_or_default();
    (address, person.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(address))
}

pub(super) fn user_handle(user: Id) -> String {
    base64url::encode(user.as_bytes())
}

/// ES256, Ed25519 and RS256, the best first (IANA's COSE Algorithms).
pub(super) const ALGORITHMS: &[i64] = &[-7, -8, -257];

/// Milliseconds that a person has (§15.1).
const TIMEOUT: u32 = 300_000;
