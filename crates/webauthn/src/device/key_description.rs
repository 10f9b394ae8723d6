//! Android's extension about a key (`KeyDescription`; Android, «Key and ID attestation», schema of versions 1 to 400).

use crate::der::{ENUMERATED, INTEGER, OCTET_STRING, Reader};

/// What the device's key management says of a key.
pub(super) struct KeyDescription<'a> {
    /// Who says it: 0 software, 1 the trusted environment, 2 StrongBox.
    pub(super) attestation_level: u32,
    /// Who keeps the key, by the same numbers.
    pub(super) key_level: u32,
    pub(super) challenge: &'a [u8],
    /// What the system, Android, sees to.
    pub(super) software: List<'a>,
    /// What the hardware sees to.
    pub(super) hardware: List<'a>,
}

/// `AuthorizationList`: each member under its number.
pub(super) struct List<'a>(Vec<(u32, &'a [u8])>);

/// `RootOfTrust`: what was started.
pub(super) struct RootOfTrust {
    pub(super) locked: bool,
    /// 0 is `Verified`.
    pub(super) boot_state: u32,
}

/// `AttestationApplicationId`: the packages that share the caller's user id, and the certificates that signed them.
pub(super) struct ApplicationId<'a> {
    pub(super) packages: Vec<&'a [u8]>,
    pub(super) digests: Vec<&'a [u8]>,
}

// The numbers of `AuthorizationList`.
pub(super) const PURPOSE: u32 = 1;
pub(super) const NO_AUTH_REQUIRED: u32 = 503;
pub(super) const USER_AUTH_TYPE: u32 = 504;
pub(super) const AUTH_TIMEOUT: u32 = 505;
pub(super) const ALL_APPLICATIONS: u32 = 600;
pub(super) const ORIGIN: u32 = 702;
const ROOT_OF_TRUST: u32 = 704;
const APPLICATION_ID: u32 = 709;

impl<'a> KeyDescription<'a> {
    pub(super) fn read(value: &'a [u8]) -> Option<Self> {
        let mut outer = Reader::new(value);
        let mut inner = outer.sequence()?;
        inner.number(INTEGER)?; // attestationVersion: all of them begin alike
        let attestation_level = inner.number(ENUMERATED)?;
        inner.number(INTEGER)?; // keymasterVersion, later keyMintVersion
        let key_level = inner.number(ENUMERATED)?;
        let challenge = inner.read(OCTET_STRING)?;
        inner.read(OCTET_STRING)?; // uniqueId
        let (software, hardware) = (List::read(inner.sequence()?)?, List::read(inner.sequence()?)?);
        let read = Self { attestation_level, key_level, challenge, software, hardware };
        inner.end(())?;
        outer.end(read)
    }
}

impl<'a> List<'a> {
    fn read(mut list: Reader<'a>) -> Option<Self> {
        let mut members: Vec<(u32, &[u8])> = Vec::new();
        while !list.is_empty() {
            let (tag, contents) = list.any()?;
            let number = tag.number()?;
            if members.len() == MOST || members.iter().any(|(known, _)| *known == number) {
                return None;
            }
            members.push((number, contents));
        }
        Some(Self(members))
    }

    fn get(&self, number: u32) -> Option<Reader<'a>> {
        self.0.iter().find(|(known, _)| *known == number).map(|(_, contents)| Reader::new(contents))
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.get(number).is_some()
    }

    pub(super) fn number(&self, number: u32) -> Option<u32> {
        let mut inner = self.get(number)?;
        let read = inner.number(INTEGER)?;
        inner.end(read)
    }

    /// A set of numbers; empty where it is absent or something else.
    pub(super) fn numbers(&self, number: u32) -> Vec<u32> {
        let set = self.get(number).and_then(|mut inner| {
            let set = inner.set()?;
            inner.end(set)
        });
        let Some(mut set) = set else { return Vec::new() };
        let mut out = Vec::new();
        while !set.is_empty() {
            let Some(number) = set.number(INTEGER) else { return Vec::new() };
            out.push(number);
        }
        out
    }

    pub(super) fn root_of_trust(&self) -> Option<RootOfTrust> {
        let mut inner = self.get(ROOT_OF_TRUST)?;
        let mut root = inner.sequence()?;
        root.read(OCTET_STRING)?; // verifiedBootKey
        let (locked, boot_state) = (root.truth()?, root.number(ENUMERATED)?);
        if !root.is_empty() {
            root.read(OCTET_STRING)?; // verifiedBootHash, since version 3
        }
        root.end(())?;
        inner.end(RootOfTrust { locked, boot_state })
    }

    pub(super) fn application_id(&self) -> Option<ApplicationId<'a>> {
        let mut inner = self.get(APPLICATION_ID)?;
        let mut wrapped = Reader::new(inner.read(OCTET_STRING)?);
        inner.end(())?;
        let mut id = wrapped.sequence()?;
        let (mut infos, mut prints) = (id.set()?, id.set()?);
        id.end(())?;
        wrapped.end(())?;
        let (mut packages, mut digests) = (Vec::new(), Vec::new());
        while !infos.is_empty() {
            let mut info = infos.sequence()?;
            packages.push(info.read(OCTET_STRING)?);
            info.any()?; // version
            info.end(())?;
        }
        while !prints.is_empty() {
            digests.push(prints.read(OCTET_STRING)?);
        }
        Some(ApplicationId { packages, digests })
    }
}

/// Members of a list.
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_description_is_none() {
        let lists = [0x30, 0, 0x30, 0];
        let with = |rest: &[u8]| {
            let body = [&[2, 1, 4, 10, 1, 1, 2, 1, 4, 10, 1, 2, 4, 1, 7, 4, 0], rest].concat();
            [&[0x30, u8::try_from(body.len()).expect("short")], &body[..]].concat()
        };
        let good = with(&lists);
        let read = KeyDescription::read(&good).expect("a description");
        assert_eq!((read.attestation_level, read.key_level, read.challenge), (1, 2, &[7][..]));
        assert!(read.hardware.root_of_trust().is_none() && read.software.application_id().is_none());
        assert!(read.hardware.numbers(PURPOSE).is_empty() && read.hardware.number(ORIGIN).is_none());
        for len in 0..good.len() {
            assert!(KeyDescription::read(&good[..len]).is_none(), "{len}");
        }
        for wrong in [
            &[0x30, 0, 0x30, 0, 5, 0][..],         // more inside
            &[0x30, 0, 0x30, 4, 0xa1, 0, 0xa1, 0], // a member twice
            &[0x30, 0, 0x30, 2, 5, 0],             // no member
        ] {
            assert!(KeyDescription::read(&with(wrong)).is_none(), "{wrong:02x?}");
        }
        assert!(KeyDescription::read(&[&good[..], &[0]].concat()).is_none(), "more behind");
    }
}
