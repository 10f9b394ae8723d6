//! A known credential is used (§7.2).

use jose::provider::Provider;

use crate::authenticator_data::{AuthenticatorData, Flags};
use crate::client_data::{self, Ceremony};
use crate::error::Refusal;
use crate::registration::{Credential, bounded};
use crate::{Expected, signature};

/// The answer of `navigator.credentials.get`, its parts decoded.
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    /// `response.clientDataJSON`.
    pub client_data: &'a [u8],
    /// `response.authenticatorData`.
    pub authenticator_data: &'a [u8],
    /// `response.signature`.
    pub signature: &'a [u8],
    /// `response.userHandle`, where the authenticator keeps one: it does for what it found by itself.
    pub user_handle: Option<&'a [u8]>,
}

/// What an assertion proves, to be stored with the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assured {
    /// What the authenticator saw.
    pub flags: Flags,
    /// The new counter.
    pub counter: u32,
}

/// Verifies that the credential's authenticator answered. `user` is the user handle of the person whose credential it is.
pub fn assert(
    provider: &dyn Provider,
    assertion: &Assertion<'_>,
    credential: &Credential,
    user: &[u8],
    expected: &Expected<'_>,
) -> Result<Assured, Refusal> {
    bounded("authenticatorData", assertion.authenticator_data)?;
    // Step 6: whose credential it is, the caller found by its id; the authenticator must agree.
    if assertion.user_handle.is_some_and(|handle| handle != user) {
        return Err(Refusal::User);
    }
    client_data::check(provider, assertion.client_data, Ceremony::Get, expected)?;
    let data = AuthenticatorData::parse(provider, assertion.authenticator_data)?;
    data.check(provider, expected)?;
    // Step 19: whether it may be copied is decided once, when it is made.
    if data.flags.backup_eligible() != credential.flags.backup_eligible() {
        return Err(Refusal::Backup("do not say what they said at the registration (§6.1.3)"));
    }
    // Steps 20 and 21.
    let message = [assertion.authenticator_data, &provider.sha256(assertion.client_data)].concat();
    let key = &credential.key;
    if !signature::verify(key.verifying_key(), key.alg(), &message, assertion.signature) {
        return Err(Refusal::Signature);
    }
    // Step 22.
    let (stored, found) = (credential.counter, data.counter);
    if (stored, found) != (0, 0) && found <= stored {
        return Err(Refusal::Cloned { stored, found });
    }
    Ok(Assured { flags: data.flags, counter: found })
}
