//! The source that is made of one seed.

use vestibule_jose::provider::{Curve, KeySpec, Provider, ProviderError, SeededRandom, rustcrypto};

use super::numbers::hex;

/// NIST's test vector for HMAC_DRBG with SHA-256, no reseeding, no personalization (CAVP, HMAC_DRBG.rsp, count 0).
#[test]
fn it_is_hmac_drbg() {
    let seed = hex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488659ba96c601dc69fc902940805ec0ca8");
    let random = SeededRandom::new(&seed).expect("long enough");
    let mut out = [0; 128];
    random.fill(&mut out).expect("the first request, which the vector leaves out");
    random.fill(&mut out).expect("the second");
    let expected = "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89\
                    d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1\
                    07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668\
                    961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8";
    assert_eq!(out.to_vec(), hex(expected));
}

/// NIST SP 800-90A §8.6: a seed has its length, and all of it counts.
#[test]
fn a_seed_is_long_and_counts_wholly() {
    assert_eq!(SeededRandom::new(&[7; 47]).map(drop), Err(ProviderError::Failed));
    let first = |seed: &[u8]| {
        let mut out = [0; 40];
        SeededRandom::new(seed).expect("long enough").fill(&mut out).expect("bytes");
        out
    };
    let seed = [7; 64];
    assert_eq!(first(&seed), first(&seed));
    for place in [0, 31, 32, 47, 48, 63] {
        let mut other = seed;
        other[place] ^= 1;
        assert_ne!(first(&seed), first(&other), "byte {place}");
    }
}

/// Requests above 2¹⁹ bits are several (§10.1, table 2), and no byte of them stays as it was.
#[test]
fn long_requests_are_filled() {
    let random = SeededRandom::new(&[7; 48]).expect("long enough");
    let mut out = vec![0; (1 << 16) + 100];
    random.fill(&mut out).expect("bytes");
    assert!(out.chunks(25).all(|chunk| chunk.iter().any(|byte| *byte != 0)));
    assert_ne!(out[..100], out[1 << 16..]);
}

/// A source that fails is no silent zero: everything that needs randomness says so, and verifying goes on.
#[test]
fn a_source_that_fails_is_heard() {
    let dry = rustcrypto(Box::new(|_| Err(ProviderError::Failed)));
    assert_eq!(dry.fill_random(&mut [0; 4]), Err(ProviderError::Failed));
    for spec in [KeySpec::Ec(Curve::P256), KeySpec::Ed25519, KeySpec::X25519, KeySpec::Rsa(Default::default())] {
        assert_eq!(dry.generate(spec).map(drop), Err(ProviderError::Failed), "{spec:?}");
    }
    let bytes = super::Bytes::new("dry");
    for alg in super::asymmetric() {
        let key = dry.private_key(alg, &super::private(alg, &bytes)).expect("a key");
        let mut signature = vec![0; key.signer.signature_len()];
        let signed = key.signer.sign(b"message", &mut signature);
        // Ed25519 takes no randomness (RFC 8032 §5.1.6).
        assert_eq!(signed.is_ok(), alg.kty() == "OKP", "{alg}");
        dry.public_key(alg, &key.public).expect("verifies without");
    }
}
