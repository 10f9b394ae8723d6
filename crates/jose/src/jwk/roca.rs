//! The mark that Infineon's faulty library left on its RSA keys (CVE-2017-15361, «ROCA»).

/// Whether the modulus carries the mark: modulo each of the small primes it is a power of 65537. Of sound keys, one in
/// some two hundred million does so by chance.
pub(super) fn is_marked(n: &[u8]) -> bool {
    PRIMES.iter().all(|prime| {
        let residue = n.iter().fold(0, |rest, byte| (rest << 8 | u32::from(*byte)) % prime);
        is_power_of_65537(residue, *prime)
    })
}

/// Whether `residue` is in the group that 65537 generates modulo `prime`.
fn is_power_of_65537(residue: u32, prime: u32) -> bool {
    let generator = 65537 % prime;
    let mut power = 1;
    for _ in 0..prime {
        if power == residue {
            return true;
        }
        power = power * generator % prime;
    }
    false
}

/// The odd primes whose product the library built its primes on, up to 167.
const PRIMES: &[u32] = &[
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
