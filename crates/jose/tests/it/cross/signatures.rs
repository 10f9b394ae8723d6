//! Signatures: each provider believes the other's, and both refuse the same.

use vestibule_jose::JwsAlgorithm;
use vestibule_jose::alg::Hash;
use vestibule_jose::provider::{Curve, PrivateMaterial, Provider, ProviderError, PublicMaterial};

use super::numbers::{ORDER_25519, add, difference, order, sum, trimmed};
use super::{Bytes, alike, asymmetric, pairs, private, public, rsa, rsa_2049};

#[test]
fn each_believes_the_others_signatures() {
    let bytes = Bytes::new("signatures");
    let keys = asymmetric().map(|alg| (alg, private(alg, &bytes)));
    let odd = [JwsAlgorithm::RS256, JwsAlgorithm::PS256, JwsAlgorithm::PS512];
    for (alg, key) in keys.chain(odd.map(|alg| (alg, PrivateMaterial::Rsa(rsa_2049())))) {
        let own = alike("the public half", |p| public(p, alg, &key));
        for (name, signer, verifier) in pairs() {
            for len in [0, 1, 200] {
                let message = bytes.take(len);
                let signature = sign(signer, alg, &key, &message);
                assert!(verifies(verifier, alg, &own, &message, &signature), "{alg} {name}");
                assert!(!verifies(verifier, alg, &own, &[&message[..], b"x"].concat(), &signature), "{alg} {name}");
            }
        }
    }
}

/// A place of the wrong length is a mistake in the caller's code; it gets an error and no panic.
#[test]
fn a_signature_goes_where_it_fits() {
    let bytes = Bytes::new("place");
    for alg in asymmetric() {
        let key = private(alg, &bytes);
        for change in [-1, 1] {
            let signed = alike(alg.as_str(), |p| {
                let signer = p.private_key(alg, &key).expect("a private key").signer;
                let len = signer.signature_len().checked_add_signed(change).expect("some length");
                signer.sign(b"message", &mut vec![0; len])
            });
            assert_eq!(signed, Err(ProviderError::Failed), "{alg} {change}");
        }
    }
    for len in [31, 33] {
        let signed = alike("HMAC", |p| p.mac_key(Hash::Sha256, &[7; 32]).sign(b"message", &mut vec![0; len]));
        assert_eq!(signed, Err(ProviderError::Failed), "{len}");
    }
}

/// What is drawn for a signature is drawn anew for the next: ECDSA, PSS and ML-DSA; the others have one signature each.
#[test]
fn signatures_are_fresh_where_they_can_be() {
    let bytes = Bytes::new("fresh");
    for alg in asymmetric() {
        let key = private(alg, &bytes);
        let fresh = matches!(alg.kty(), "EC" | "AKP") || alg.as_str().starts_with("PS");
        let same = alike(alg.as_str(), |p| sign(p, alg, &key, b"message") == sign(p, alg, &key, b"message"));
        assert_eq!(same, !fresh, "{alg}");
        if !fresh {
            alike(alg.as_str(), |p| sign(p, alg, &key, b"message"));
        }
    }
}

/// Damage of every sort at every sort of place, for every algorithm.
#[test]
fn both_refuse_damaged_signatures() {
    let bytes = Bytes::new("damage");
    for alg in asymmetric() {
        let key = private(alg, &bytes);
        let own = alike("the public half", |p| public(p, alg, &key));
        let good = sign(vestibule_jose::provider::aws_lc(), alg, &key, b"message");
        let len = good.len();
        let mut table = vec![
            vec![],
            vec![0; len],
            vec![0xff; len],
            good[1..].to_vec(),
            good[..len - 1].to_vec(),
            [&good[..], &[0]].concat(),
            [&[0], &good[..]].concat(),
            [&good[len / 2..], &good[..len / 2]].concat(),
            bytes.take(len),
        ];
        for place in (0..len).step_by(len / 60 + 1).chain([len - 1]) {
            let mut changed = good.clone();
            changed[place] ^= 1 << (place % 8);
            table.push(changed);
        }
        for signature in table {
            let believed = alike(alg.as_str(), |p| verifies(p, alg, &own, b"message", &signature));
            assert!(!believed, "{alg} {signature:02x?}");
        }
        // Another algorithm with the same key or the same length of signature.
        for other in asymmetric().filter(|other| *other != alg) {
            let handle = alike("another algorithm", |p| match p.public_key(other, &own) {
                Ok(handle) => Some(handle.verify(b"message", &good)),
                Err(_) => None,
            });
            let same_key = other.kty() == alg.kty() && matches!(alg.kty(), "RSA" | "OKP");
            assert_eq!(handle.is_some(), same_key, "{other} with a key for {alg}");
            assert_eq!(handle == Some(true), alg.kty() == "OKP" && other.kty() == "OKP");
        }
    }
}

/// FIPS 186-5 §6.4.2: `r` and `s` lie between 1 and the order, and `n - s` is as good as `s` (no low `s` is asked for).
#[test]
fn ecdsa_numbers_keep_their_bounds() {
    let bytes = Bytes::new("ecdsa");
    for curve in Curve::ALL.iter().copied() {
        let (alg, n) = (curve.alg(), order(curve));
        let key = private(alg, &bytes);
        let own = alike("the public half", |p| public(p, alg, &key));
        let good = sign(vestibule_jose::provider::aws_lc(), alg, &key, b"message");
        let (r, s) = good.split_at(curve.field_len());
        let zero = vec![0; r.len()];
        let mirrored = difference(&n, s);
        // Fits into the field where the number is small, as P-521's are with 7 bits to spare.
        let beyond = |number: &[u8]| Some(sum(number, &n)).filter(|sum| sum[0] == 0).map(|sum| sum[1..].to_vec());
        let mut table = vec![
            ("as made", good.clone(), true),
            ("n - s", [r, &mirrored].concat(), true),
            ("n - r", [&difference(&n, r), s].concat(), false),
            ("r is 0", [&zero, s].concat(), false),
            ("s is 0", [r, &zero].concat(), false),
            ("r is n", [&n, s].concat(), false),
            ("s is n", [r, &n].concat(), false),
        ];
        if let Some(r) = beyond(r) {
            table.push(("r + n", [&r, s].concat(), false));
        }
        if let Some(s) = beyond(s) {
            table.push(("s + n", [r, &s].concat(), false));
        }
        assert!(curve != Curve::P521 || table.len() == 9);
        for (name, signature, good) in table {
            let believed = alike(name, |p| verifies(p, alg, &own, b"message", &signature));
            assert_eq!(believed, good, "{alg} {name}");
        }
    }
}

/// Verifiers of secp256k1 that come from Bitcoin take only the lower `s`, so both write it.
#[test]
fn es256k_is_written_with_the_lower_s() {
    let key = private(JwsAlgorithm::ES256K, &Bytes::new("low"));
    let n = order(Curve::Secp256k1);
    for (name, signer, _) in pairs() {
        for count in 0..12_u8 {
            let signature = sign(signer, JwsAlgorithm::ES256K, &key, &[count]);
            let s = &signature[32..];
            assert!(s <= &difference(&n, s)[..], "{name}: {s:02x?}");
        }
    }
}

/// RFC 8032 §5.1.7: `S` is below the order, `R` and the key are reduced; the equation holds without the cofactor.
#[test]
fn ed25519_numbers_keep_their_bounds() {
    let alg = JwsAlgorithm::Ed25519;
    let key = private(alg, &Bytes::new("ed25519"));
    let own = alike("the public half", |p| public(p, alg, &key));
    let good = sign(vestibule_jose::provider::aws_lc(), alg, &key, b"message");
    let (r, s) = good.split_at(32);
    let more = add(s.try_into().expect("32"), &ORDER_25519).expect("below 2²⁵⁵");
    assert!(alike("as made", |p| verifies(p, alg, &own, b"message", &good)));
    for (name, signature) in [
        ("S + L", [r, &more].concat()),
        ("the highest bit of S", [r, &s[..31], &[s[31] | 0x80]].concat()),
        ("R mirrored", [&r[..31], &[r[31] ^ 0x80], s].concat()),
        ("R is neutral", [&[1], &[0; 31][..], s].concat()),
        ("R is p + 1", [&[0xee], &[0xff; 30][..], &[0x7f], s].concat()),
        ("S is 0", [r, &[0; 32]].concat()),
    ] {
        assert!(!alike(name, |p| verifies(p, alg, &own, b"message", &signature)), "{name}");
    }
}

/// RFC 8017 §8.1.2 and §8.2.2: as long as the modulus, and below it.
#[test]
fn rsa_signatures_are_numbers_below_the_modulus() {
    for key in [rsa(), rsa_2049()] {
        let n = key.n.clone();
        let material = PrivateMaterial::Rsa(key);
        let own = PublicMaterial::Rsa { n: n.clone(), e: vec![1, 0, 1] };
        for alg in [JwsAlgorithm::RS256, JwsAlgorithm::PS256] {
            let mut one = vec![0; n.len()];
            one[n.len() - 1] = 1;
            let mut table =
                vec![("0", vec![0; n.len()]), ("1", one.clone()), ("n", n.clone()), ("n - 1", difference(&n, &one))];
            // A signature so small that the modulus can be added to it.
            let small = (0..=255_u8).find_map(|count| {
                let signature = sign(vestibule_jose::provider::aws_lc(), alg, &material, &[count]);
                let sum = trimmed(&sum(&signature, &n));
                (sum.len() == n.len()).then_some((count, sum))
            });
            let Some((count, beyond)) = small else { panic!("no small signature among 256") };
            table.push(("with n added", beyond));
            for (name, signature) in table {
                assert!(!alike(name, |p| verifies(p, alg, &own, &[count], &signature)), "{alg} {name}");
            }
        }
    }
}

fn sign(provider: &dyn Provider, alg: JwsAlgorithm, key: &PrivateMaterial, message: &[u8]) -> Vec<u8> {
    let signer = provider.private_key(alg, key).expect("a private key").signer;
    let mut signature = vec![0; signer.signature_len()];
    signer.sign(message, &mut signature).expect("signed");
    signature
}

fn verifies(
    provider: &dyn Provider,
    alg: JwsAlgorithm,
    key: &PublicMaterial,
    message: &[u8],
    signature: &[u8],
) -> bool {
    provider.public_key(alg, key).expect("a public key").verify(message, signature)
}
