//! The header that a key's tokens have: mostly one and the same, so that it is read once.

use std::sync::OnceLock;

use super::Header;
use crate::limits::Limits;

/// The first header that stood in a token which this key verified, and how it was written. Nobody without the key can
/// put one here.
#[derive(Default)]
pub(crate) struct Usual(OnceLock<(Box<str>, Header)>);

impl Usual {
    /// The header that is written so, where it is the usual one.
    #[inline]
    pub(crate) fn header(&self, protected: &str, limits: &Limits) -> Option<Header> {
        let (written, header) = self.0.get()?;
        (**written == *protected && header.is_within(limits)).then(|| header.clone())
    }

    /// Keeps the header, if it is the first, and plain, and no longer than most are.
    #[inline]
    pub(crate) fn keep(&self, protected: &str, header: &Header) {
        if self.0.get().is_none() && !header.has_more() && protected.len() <= LONGEST {
            let _ = self.0.set((protected.into(), header.clone()));
        }
    }
}

/// Of the header as it is written.
const LONGEST: usize = 512;
