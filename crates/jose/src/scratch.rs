//! Bytes that are needed for a moment.

/// On the stack where they are few, else allocated. Not for secrets: nothing is wiped.
pub(crate) struct Scratch {
    short: [u8; SHORT],
    long: Vec<u8>,
}

impl Scratch {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { short: [0; SHORT], long: Vec::new() }
    }

    /// So many bytes, of any content.
    #[inline]
    pub(crate) fn take(&mut self, len: usize) -> &mut [u8] {
        match self.short.get_mut(..len) {
            Some(short) => short,
            None => {
                self.long.resize(len, 0);
                self.long.as_mut_slice()
            }
        }
    }
}

/// A signature of RSA with 4096 bits, and most claims.
const SHORT: usize = 512;
