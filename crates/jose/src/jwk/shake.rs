//! SHAKE256 (FIPS 202 §6.2), which Ed448 hashes its seeds with (RFC 8032 §5.2) and the library does not offer.

use zeroize::Zeroizing;

/// Fills `out` with the first bytes of SHAKE256 of a message and an output that each fit one block.
pub(super) fn shake256(message: &[u8; 57], out: &mut [u8]) {
    let mut block = Zeroizing::new([0; RATE]);
    block[..message.len()].copy_from_slice(message);
    // The suffix 1111 and the padding 10*1 (§6.2, §5.1).
    block[message.len()] = 0x1f;
    block[RATE - 1] |= 0x80;
    let mut state = Zeroizing::new([0; 25]);
    for (lane, bytes) in state.iter_mut().zip(block.as_chunks::<8>().0) {
        *lane = u64::from_le_bytes(*bytes);
    }
    permute(&mut state);
    for (place, byte) in out.iter_mut().zip(state.iter().take(RATE / 8).flat_map(|lane| lane.to_le_bytes())) {
        *place = byte;
    }
}

/// KECCAK-f[1600] (§3.3): lane (x, y) stands at x + 5y.
fn permute(state: &mut [u64; 25]) {
    let mut register: u8 = 1;
    for _ in 0..24 {
        // θ
        let columns: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]));
        for (index, lane) in state.iter_mut().enumerate() {
            *lane ^= columns[(index + 4) % 5] ^ columns[(index + 1) % 5].rotate_left(1);
        }
        // ρ and π: along the way of (x, y) to (y, 2x + 3y), turned by the triangular numbers.
        let (mut x, mut y, mut moved) = (1, 0, state[1]);
        for step in 0..24 {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            let turned = moved.rotate_left((step + 1) * (step + 2) / 2 % 64);
            moved = std::mem::replace(&mut state[x + 5 * y], turned);
        }
        // χ
        for row in state.as_chunks_mut::<5>().0 {
            let before = *row;
            for (x, lane) in row.iter_mut().enumerate() {
                *lane = before[x] ^ (!before[(x + 1) % 5] & before[(x + 2) % 5]);
            }
        }
        // ι: the bits of a shift register (§3.2.5) at the places 2^j - 1.
        for j in 0..7 {
            state[0] ^= u64::from(register & 1) << ((1u32 << j) - 1);
            let carry = register & 0x80;
            register = register << 1 ^ if carry != 0 { 0x71 } else { 0 };
        }
    }
}

/// Bytes of a block: 1600 - 2 · 256 bits.
const RATE: usize = 136;
