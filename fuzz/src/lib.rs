//! What the targets share: keys, bounds, and how an input is cut into parts.
//!
//! An input begins with one letter that says what the rest is: `t` is a text taken as it stands; the others are parts, a
//! line each, that the target encodes, so that the fuzzer changes what stands inside base64url and not its letters.

use std::sync::LazyLock;

use jose::provider::{self, Provider};
use jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, base64url};

/// The moment at which everything happens.
pub const NOW: i64 = 1_700_000_000;

/// The bounds by default, but for costs that would make a run slow and find nothing.
pub const LIMITS: Limits = Limits { p2c: 2000, ..Limits::DEFAULT };

/// The algorithms that are allowed.
pub const ALGORITHMS: &[JwsAlgorithm] = JwsAlgorithm::ALL;

/// The provider of the server.
pub fn provider() -> &'static dyn Provider {
    provider::aws_lc()
}

/// A secret that no seed was made with: only what a target signs itself is valid under it.
pub fn secret() -> &'static SigningKey {
    static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
        SigningKey::from_secret(
            provider(),
            b"the fuzzer does not know this key, and cannot find it",
            JwsAlgorithm::HS256,
        )
        .expect("a key")
    });
    &KEY
}

/// What verifies for [`secret`], twice, and an ECDSA key of nobody.
pub fn keys() -> &'static [VerifyingKey] {
    static KEYS: LazyLock<Vec<VerifyingKey>> = LazyLock::new(|| {
        let other = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key");
        vec![other.verifying_key(), secret().verifying_key(), secret().verifying_key()]
    });
    &KEYS
}

/// The letter and the rest; none where there is no letter.
pub fn letter(data: &[u8]) -> Option<(u8, &[u8])> {
    data.split_first().map(|(letter, rest)| (*letter, rest))
}

/// The lines, `N` of them; those that are missing are empty, and the last holds what is left.
pub fn lines<const N: usize>(data: &[u8]) -> [&[u8]; N] {
    let mut rest = data.splitn(N, |byte| *byte == b'\n');
    std::array::from_fn(|_| rest.next().unwrap_or_default())
}

/// The text, if it is one.
pub fn text(data: &[u8]) -> Option<&str> {
    str::from_utf8(data).ok()
}

/// The parts in base64url with a point between, as all compact forms are.
pub fn compact(parts: &[&[u8]]) -> String {
    parts.iter().map(base64url::encode).collect::<Vec<_>>().join(".")
}

/// Signs these parts with [`secret`], whatever they say.
pub fn seal(header: &[u8], payload: &[u8]) -> String {
    let input = compact(&[header, payload]);
    let signature = secret().sign(input.as_bytes()).expect("HMAC");
    format!("{input}.{}", base64url::encode(signature))
}
