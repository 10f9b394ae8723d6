//! What the authenticator says (§6.1).

use jose::provider::Provider;

use crate::cbor;
use crate::cose::CoseKey;
use crate::error::Refusal;
use crate::{Expected, UserVerification};

/// What the authenticator saw and what it is (§6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// As they were stored.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// To be stored.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Somebody was there (UP).
    pub fn user_present(self) -> bool {
        self.0 & 0x01 != 0
    }

    /// It was the owner, by PIN or body (UV).
    pub fn user_verified(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// The credential may be copied to other devices (BE); a passkey that is synchronised.
    pub fn backup_eligible(self) -> bool {
        self.0 & 0x08 != 0
    }

    /// It has been (BS).
    pub fn backed_up(self) -> bool {
        self.0 & 0x10 != 0
    }

    fn attested(self) -> bool {
        self.0 & 0x40 != 0
    }

    fn extended(self) -> bool {
        self.0 & 0x80 != 0
    }
}

/// The authenticator data, taken apart.
#[derive(Debug)]
pub(crate) struct AuthenticatorData<'a> {
    pub(crate) rp_id_hash: &'a [u8],
    pub(crate) flags: Flags,
    pub(crate) counter: u32,
    pub(crate) attested: Option<Attested<'a>>,
}

/// The new credential (§6.5.1).
#[derive(Debug)]
pub(crate) struct Attested<'a> {
    pub(crate) aaguid: [u8; 16],
    pub(crate) id: &'a [u8],
    pub(crate) key: CoseKey,
}

impl<'a> AuthenticatorData<'a> {
    pub(crate) fn parse(provider: &dyn Provider, bytes: &'a [u8]) -> Result<Self, Refusal> {
        match Self::first(provider, bytes)? {
            (data, []) => Ok(data),
            _ => Err(Refusal::AuthenticatorData("are followed by something else")),
        }
    }

    /// Reads the data that stand first, and gives what follows them.
    pub(crate) fn first(provider: &dyn Provider, bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Refusal> {
        let (rp_id_hash, rest) = bytes.split_at_checked(32).ok_or(TRUNCATED)?;
        let (fixed, mut rest) = rest.split_first_chunk::<5>().ok_or(TRUNCATED)?;
        let flags = Flags(fixed[0]);
        let counter = u32::from_be_bytes([fixed[1], fixed[2], fixed[3], fixed[4]]);
        let mut attested = None;
        if flags.attested() {
            let (credential, after) = Attested::parse(provider, rest)?;
            (attested, rest) = (Some(credential), after);
        }
        if flags.extended() {
            rest = cbor::map(rest)?.1;
        }
        Ok((Self { rp_id_hash, flags, counter, attested }, rest))
    }

    /// The steps that both ceremonies share (§7.1 steps 14 to 18, §7.2 steps 16 to 19).
    pub(crate) fn check(&self, provider: &dyn Provider, expected: &Expected<'_>) -> Result<(), Refusal> {
        if self.rp_id_hash != provider.sha256(expected.rp_id.as_bytes()) {
            return Err(Refusal::RelyingParty);
        }
        if expected.verification != UserVerification::Unasked && !self.flags.user_present() {
            return Err(Refusal::NotPresent);
        }
        if expected.verification == UserVerification::Required && !self.flags.user_verified() {
            return Err(Refusal::NotVerified);
        }
        if self.flags.backed_up() && !self.flags.backup_eligible() {
            return Err(Refusal::Backup("say that a credential was copied that cannot be (§6.1.3)"));
        }
        Ok(())
    }
}

impl<'a> Attested<'a> {
    fn parse(provider: &dyn Provider, bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Refusal> {
        let (aaguid, rest) = bytes.split_first_chunk::<16>().ok_or(TRUNCATED)?;
        let (len, rest) = rest.split_first_chunk::<2>().ok_or(TRUNCATED)?;
        let len = usize::from(u16::from_be_bytes(*len));
        // §7.1 step 25.
        if len == 0 || len > CREDENTIAL_ID {
            return Err(Refusal::AuthenticatorData("have a credential id that is empty or above 1023 bytes"));
        }
        let (id, rest) = rest.split_at_checked(len).ok_or(TRUNCATED)?;
        let (key, rest) = CoseKey::first(provider, rest)?;
        Ok((Self { aaguid: *aaguid, id, key }, rest))
    }
}

const TRUNCATED: Refusal = Refusal::AuthenticatorData("end too early");

/// §4, Credential ID.
pub(crate) const CREDENTIAL_ID: usize = 1023;
