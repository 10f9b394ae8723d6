//! bcrypt (Provos and Mazières, 1999) on the Blowfish cipher.

use blowfish::Blowfish;
use zeroize::Zeroizing;

/// The 24 bytes, of which 23 are stored. The password is read to its 72nd byte, with a zero behind it where there is room.
pub(super) fn hash(cost: u32, salt: &[u8; 16], password: &[u8]) -> [u8; 24] {
    let mut key = Zeroizing::new(password[..password.len().min(72)].to_vec());
    if key.len() < 72 {
        key.push(0);
    }
    let mut state: Blowfish = Blowfish::bc_init_state();
    state.salted_expand_key(salt, &key);
    for _ in 0..1u64 << cost {
        state.bc_expand_key(&key);
        state.bc_expand_key(salt);
    }
    let mut words = TEXT;
    for pair in words.chunks_exact_mut(2) {
        for _ in 0..64 {
            [pair[0], pair[1]] = state.bc_encrypt([pair[0], pair[1]]);
        }
    }
    let mut out = [0; 24];
    for (bytes, word) in out.chunks_exact_mut(4).zip(words) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    out
}

/// «OrpheanBeholderScryDoubt»
const TEXT: [u32; 6] = [0x4f72_7068, 0x6561_6e42, 0x6568_6f6c, 0x6465_7253, 0x6372_7944, 0x6f75_6274];
