//! The lower of the two `s` that an ECDSA signature on secp256k1 can have. RFC 8812 asks for neither, but the verifiers
//! that come from Bitcoin, where the curve lives, take only this one.

/// Puts `n - s` in the place of `s` where that is less, in a signature `r ‖ s`. Both are public.
pub(super) fn lower_s(signature: &mut [u8]) {
    let s = &mut signature[32..];
    let mut mirrored = ORDER;
    let mut borrow = 0;
    for (digit, s) in mirrored.iter_mut().zip(&*s).rev() {
        let rest = i16::from(*digit) - i16::from(*s) - borrow;
        borrow = i16::from(rest < 0);
        *digit = rest.rem_euclid(256) as u8;
    }
    if mirrored.as_slice() < &*s {
        s.copy_from_slice(&mirrored);
    }
}

/// SEC 2 §2.4.1.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc,
    0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];
