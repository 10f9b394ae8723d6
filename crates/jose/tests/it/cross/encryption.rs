//! RSA encryption: what one encrypts the other decrypts.

use vestibule_jose::alg::KeyManagement;
use vestibule_jose::provider::{PrivateMaterial, PublicMaterial, RsaPrivate};

use super::numbers::{difference, product, sum};
use super::{Bytes, alike, pairs, rsa, rsa_2049};

/// Hash lengths of OAEP.
const OAEP: &[(KeyManagement, usize)] = &[
    (KeyManagement::RsaOaep, 20),
    (KeyManagement::RsaOaep256, 32),
    (KeyManagement::RsaOaep384, 48),
    (KeyManagement::RsaOaep512, 64),
];

fn halves(key: RsaPrivate) -> (PublicMaterial, PrivateMaterial) {
    (PublicMaterial::Rsa { n: key.n.clone(), e: key.e.clone() }, PrivateMaterial::Rsa(key))
}

/// RFC 8017 §7.1: as many bytes as the modulus less two hashes and two more.
#[test]
fn what_one_encrypts_the_other_decrypts() {
    let bytes = Bytes::new("oaep");
    for key in [rsa(), rsa_2049()] {
        let size = key.n.len();
        let (public, private) = halves(key);
        for (alg, hash) in OAEP.iter().copied() {
            let most = size - 2 * hash - 2;
            for (name, sender, receiver) in pairs() {
                let encrypt = sender.encrypt_key(alg, &public).expect("a key");
                let decrypt = receiver.decrypt_key(alg, &private).expect("a key");
                for len in [0, 1, 32, 64, most] {
                    let secret = bytes.take(len);
                    let ciphertext = encrypt.encrypt(&secret).expect("encrypted");
                    assert_eq!(ciphertext.len(), size);
                    assert_eq!(*decrypt.decrypt(&ciphertext).expect("decrypted"), secret, "{alg} {name}");
                }
                assert!(encrypt.encrypt(&bytes.take(most + 1)).is_err(), "{alg} {name}");
            }
        }
    }
}

#[test]
fn both_refuse_what_is_no_ciphertext() {
    let bytes = Bytes::new("no ciphertext");
    let (public, private) = halves(rsa());
    let PublicMaterial::Rsa { n, .. } = &public else { panic!("an RSA key") };
    for (alg, _) in OAEP.iter().copied() {
        for (name, sender, _) in pairs() {
            let good = sender.encrypt_key(alg, &public).expect("a key").encrypt(b"secret").expect("encrypted");
            let mut changed = good.clone();
            changed[100] ^= 1;
            for (what, ciphertext) in [
                ("nothing", vec![]),
                ("a byte short", good[1..].to_vec()),
                ("a zero in front", [&[0], &good[..]].concat()),
                ("zeros", vec![0; good.len()]),
                ("n", n.clone()),
                ("all ones", vec![0xff; good.len()]),
                ("changed", changed),
                ("random", [&[0], &bytes.take(good.len() - 1)[..]].concat()),
            ] {
                let opened = alike(what, |p| p.decrypt_key(alg, &private).expect("a key").decrypt(&ciphertext));
                assert!(opened.is_err(), "{name} {what}");
            }
            // Another hash is another padding.
            for (other, _) in OAEP.iter().copied().filter(|(other, _)| *other != alg) {
                assert!(alike("hash", |p| p.decrypt_key(other, &private).expect("a key").decrypt(&good)).is_err());
            }
        }
    }
    for alg in KeyManagement::ALL.iter().copied() {
        let oaep = OAEP.iter().any(|(known, _)| *known == alg);
        assert_eq!(alike("encrypts", |p| p.encrypt_key(alg, &public).is_ok()), oaep, "{alg}");
        assert_eq!(alike("decrypts", |p| p.decrypt_key(alg, &private).is_ok()), oaep || alg == KeyManagement::Rsa15);
        let ed25519 = PublicMaterial::Ed25519 { x: [9; 32] };
        assert!(!alike("another type", |p| p.encrypt_key(alg, &ed25519).is_ok()));
    }
    let mut broken = rsa();
    broken.dq[100] ^= 1;
    let broken = PrivateMaterial::Rsa(broken);
    assert!(!alike("halves", |p| p.decrypt_key(KeyManagement::RsaOaep, &broken).is_ok()));
}

/// RFC 8017 §7.2.2. Of a wrong padding aws-lc says that it is wrong and RustCrypto gives a secret that the key and the
/// ciphertext determine (implicit rejection); the caller treats both alike (RFC 7516 §11.5).
#[test]
fn rsa1_5_is_read() {
    // Neither provider writes it, so the padded number is raised here.
    let (_, private) = halves(rsa());
    let PrivateMaterial::Rsa(key) = &private else { panic!("an RSA key") };
    let padded = [&[0, 2][..], &[7; 256 - 3 - 6], &[0], b"secret"].concat();
    let ciphertext = power_65537(&padded, &key.n);
    let opened = alike("right", |p| p.decrypt_key(KeyManagement::Rsa15, &private).expect("a key").decrypt(&ciphertext));
    assert_eq!(**opened.as_ref().expect("decrypted"), *b"secret");

    let unpadded = [&[0, 1][..], &[7; 256 - 3 - 6], &[0], b"secret"].concat();
    let ciphertext = power_65537(&unpadded, &key.n);
    for (_, provider, _) in pairs() {
        let key = provider.decrypt_key(KeyManagement::Rsa15, &private).expect("a key");
        let opened = [(); 2].map(|()| key.decrypt(&ciphertext));
        assert!(
            opened[0].as_ref().is_err()
                || opened[0] == opened[1] && opened[0].as_ref() != Ok(&b"secret".to_vec().into())
        );
    }
}

/// `base` to the power of 65537 modulo `n`, by squaring and schoolbook division.
fn power_65537(base: &[u8], n: &[u8]) -> Vec<u8> {
    let mut power = base.to_vec();
    for _ in 0..16 {
        power = rest(&product(&power, &power), n);
    }
    rest(&product(&power, base), n)
}

/// `number` modulo `n`, bit by bit, as long as `n`.
fn rest(number: &[u8], n: &[u8]) -> Vec<u8> {
    let mut rest = vec![0; n.len() + 1];
    let n = [&[0], n].concat();
    for bit in (0..number.len() * 8).map(|at| number[at / 8] >> (7 - at % 8) & 1) {
        rest = sum(&rest, &rest)[1..].to_vec();
        *rest.last_mut().expect("bytes") |= bit;
        if rest >= n {
            rest = difference(&rest, &n);
        }
    }
    rest[1..].to_vec()
}
