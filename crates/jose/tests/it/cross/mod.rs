//! The two providers against each other: what one makes the other takes, and what is malformed both refuse. They share no
//! code, so that a mistake of one shows here. Inputs are random from a fixed seed.

mod agreements;
mod drbg;
mod encryption;
mod keys;
mod numbers;
mod primitives;
mod signatures;

use std::sync::LazyLock;

use vestibule_jose::provider::{
    PrivateMaterial, Provider, PublicMaterial, RsaPrivate, RustCrypto, SeededRandom, aws_lc,
};
use vestibule_jose::{JwsAlgorithm, SigningKey, base64url};
use zeroize::Zeroizing;

use crate::support::{pure, rs256};

/// Both providers by name.
fn both() -> [(&'static str, &'static dyn Provider); 2] {
    static PURE: LazyLock<RustCrypto> = LazyLock::new(pure);
    [("RustCrypto", &*PURE), ("aws-lc", aws_lc())]
}

/// Each provider as the one that makes, with each as the one that takes.
fn pairs() -> impl Iterator<Item = (String, &'static dyn Provider, &'static dyn Provider)> {
    let pair = |(a, one)| both().map(|(b, other)| (format!("{a} to {b}"), one, other));
    both().into_iter().flat_map(pair)
}

/// What both say, which must be the same.
#[track_caller]
fn alike<T: PartialEq + std::fmt::Debug>(name: &str, ask: impl Fn(&dyn Provider) -> T) -> T {
    let [a, b] = both().map(|(_, provider)| ask(provider));
    assert_eq!(a, b, "{name}: RustCrypto on the left, aws-lc on the right");
    a
}

/// Random bytes that are the same at each run.
struct Bytes(SeededRandom);

impl Bytes {
    fn new(test: &str) -> Self {
        let seed = test.bytes().cycle().take(SeededRandom::SEED_LEN).collect::<Vec<_>>();
        Self(SeededRandom::new(&seed).expect("long enough"))
    }

    fn take(&self, len: usize) -> Vec<u8> {
        let mut out = vec![0; len];
        self.0.fill(&mut out).expect("bytes");
        out
    }

    fn array<const N: usize>(&self) -> [u8; N] {
        self.take(N).try_into().expect("as many")
    }
}

/// The RSA key of RFC 7515 A.2 as numbers.
fn rsa() -> RsaPrivate {
    rsa_of(&rs256())
}

/// An RSA key with a modulus of 2049 bits, whose PSS encoding is one byte shorter than its signature (RFC 8017 §8.1.1).
fn rsa_2049() -> RsaPrivate {
    let pem = include_str!("../pem/rsa_2049_pkcs8.pem");
    let key = SigningKey::from_pem(aws_lc(), pem, Some(JwsAlgorithm::RS256), &crate::support::LIMITS);
    rsa_of(&key.expect("a key"))
}

fn rsa_of(key: &SigningKey) -> RsaPrivate {
    let jwk: serde_json::Value = serde_json::from_str(&key.private_jwk()).expect("JSON");
    let number = |name: &str| base64url::decode(jwk[name].as_str().expect("a member")).expect("base64url");
    let secret = |name| Zeroizing::new(number(name));
    RsaPrivate {
        n: number("n"),
        e: number("e"),
        d: secret("d"),
        p: secret("p"),
        q: secret("q"),
        dp: secret("dp"),
        dq: secret("dq"),
        qi: secret("qi"),
    }
}

/// A private key for each algorithm that has one, public half left out where it can be derived.
fn private(alg: JwsAlgorithm, bytes: &Bytes) -> PrivateMaterial {
    use vestibule_jose::provider::{Curve, MlDsa};
    if let Some(curve) = Curve::ALL.iter().copied().find(|curve| curve.alg() == alg) {
        let mut d = Zeroizing::new(bytes.take(curve.field_len()));
        // Below the order of every curve here, P-521 included, whose highest byte holds one bit.
        d[0] = 0;
        return PrivateMaterial::Ec { curve, d, public: None };
    }
    if let Some(set) = MlDsa::ALL.iter().copied().find(|set| set.alg() == alg) {
        return PrivateMaterial::MlDsa { set, seed: Zeroizing::new(bytes.array()), public: None };
    }
    match alg.kty() {
        "OKP" => PrivateMaterial::Ed25519 { seed: Zeroizing::new(bytes.array()), public: None },
        "RSA" => PrivateMaterial::Rsa(rsa()),
        _ => panic!("{alg} has no key pair"),
    }
}

/// The algorithms with key pairs.
fn asymmetric() -> impl Iterator<Item = JwsAlgorithm> {
    JwsAlgorithm::ALL.iter().copied().filter(|alg| !alg.is_symmetric())
}

/// The public half, as the provider derives it.
fn public(provider: &dyn Provider, alg: JwsAlgorithm, key: &PrivateMaterial) -> PublicMaterial {
    provider.private_key(alg, key).expect("a private key").public
}
