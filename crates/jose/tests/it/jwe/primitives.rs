//! What a provider does for encryption: the standards' vectors, and lengths and keys that it must refuse by itself.

use vestibule_jose::alg::{ContentEncryption, Hash, KeyManagement as K};
use vestibule_jose::jwe::{self, Options};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey};
use vestibule_jose::provider::{Curve, KeySpec, PrivateMaterial, Provider, PublicMaterial, aws_lc};
use zeroize::Zeroizing;

use super::support::{anything, keys};
use crate::support::{LIMITS, provider, pure};

/// RFC 3394 §4.1 to §4.3 and §4.6.
#[test]
fn keys_are_wrapped_as_rfc_3394_has_it() {
    let kek: Vec<u8> = (0..32).collect();
    let data = hex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
    for (kek_len, data_len, wrapped) in [
        (16, 16, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
        (24, 16, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"),
        (32, 16, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"),
        (32, 32, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"),
    ] {
        let (kek, data) = (&kek[..kek_len], &data[..data_len]);
        assert_eq!(provider().wrap_key(kek, data).expect("wrapped"), hex(wrapped));
        assert_eq!(provider().unwrap_key(kek, &hex(wrapped)).expect("unwrapped").as_slice(), data);
        let mut changed = hex(wrapped);
        changed[9] ^= 1;
        assert!(provider().unwrap_key(kek, &changed).is_err());
    }
    for kek_len in [16, 24, 32] {
        let kek = &kek[..kek_len];
        for length in [0, 1, 7, 8, 9, 15, 17, 23] {
            assert!(provider().wrap_key(kek, &vec![0; length]).is_err(), "{kek_len} {length}");
        }
        for length in [0, 1, 7, 8, 9, 15, 16, 17, 23, 25] {
            assert!(provider().unwrap_key(kek, &vec![0; length]).is_err(), "{kek_len} {length}");
        }
    }
    for kek_len in [0, 8, 15, 17, 31, 33] {
        assert!(provider().wrap_key(&vec![0; kek_len], &[0; 16]).is_err());
        assert!(provider().unwrap_key(&vec![0; kek_len], &[0; 24]).is_err());
    }
}

/// The lengths that AES has, and no others; nothing panics.
#[test]
fn ciphers_refuse_what_they_cannot_take() {
    for length in [0, 1, 15, 17, 31, 33, 64] {
        let key = vec![0; length];
        assert!(provider().seal_gcm(&key, &[0; 12], b"", &mut [0; 3]).is_err(), "{length}");
        assert!(provider().open_gcm(&key, &[0; 12], b"", &[0; 3], &[0; 16]).is_err(), "{length}");
        assert!(provider().encrypt_cbc(&key, &[0; 16], b"").is_err(), "{length}");
        assert!(provider().decrypt_cbc(&key, &[0; 16], &[0; 16]).is_err(), "{length}");
    }
    for key in [&[7; 16][..], &[7; 24], &[7; 32]] {
        for length in [0, 1, 15, 16, 17, 4096] {
            let text = vec![0x61; length];
            let mut in_out = text.clone();
            let tag = provider().seal_gcm(key, &[1; 12], b"aad", &mut in_out).expect("sealed");
            let opened = provider().open_gcm(key, &[1; 12], b"aad", &in_out, &tag).expect("opened");
            assert_eq!(opened.as_slice(), text);
            assert!(provider().open_gcm(key, &[1; 12], b"aae", &in_out, &tag).is_err());
            assert!(provider().open_gcm(key, &[2; 12], b"aad", &in_out, &tag).is_err());
            let ciphertext = provider().encrypt_cbc(key, &[1; 16], &text).expect("encrypted");
            assert_eq!(ciphertext.len(), (length / 16 + 1) * 16);
            assert_eq!(provider().decrypt_cbc(key, &[1; 16], &ciphertext).expect("decrypted").as_slice(), text);
        }
        for length in [0, 1, 15, 17] {
            assert!(provider().decrypt_cbc(key, &[1; 16], &vec![0; length]).is_err(), "{length}");
        }
    }
}

/// RFC 6070 §2 with SHA-1, and Python's hashlib on the inputs of RFC 7914 §11 for the others.
#[test]
fn pbkdf2_is_the_standards() {
    for (hash, password, rounds, expected) in [
        (Hash::Sha1, "password", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        (Hash::Sha1, "password", 4096, "4b007901b765489abead49d926f721d065a429c1"),
        (Hash::Sha256, "passwd", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645"),
        (Hash::Sha384, "passwd", 1, "cd3443723a41cf1460cca9efeede428a8898a82d2ad4d1fc5cca08ed3f4d3cb47a62a70b3cb9ce65"),
        (Hash::Sha512, "passwd", 1, "c74319d99499fc3e9013acff597c23c5baf0a0bec5634c46b8352b793e324723d55caa76b2b25c43"),
    ] {
        let mut out = vec![0; expected.len() / 2];
        provider().pbkdf2(hash, password.as_bytes(), b"salt", rounds, &mut out).expect("derived");
        assert_eq!(out, hex(expected), "{}", hash.as_str());
    }
    assert!(provider().pbkdf2(Hash::Sha256, b"p", b"salt", 0, &mut [0; 8]).is_err(), "no round is none");
}

/// RFC 7748 §6.1.
#[test]
fn x25519_agrees_as_rfc_7748_has_it() {
    let d = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a").try_into().expect("32 bytes");
    let alice = PrivateMaterial::X25519 { d: Zeroizing::new(d), public: None };
    let alice = provider().agreement_key(&alice).expect("a key");
    let x = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f").try_into().expect("32 bytes");
    let secret = alice.agree(&PublicMaterial::X25519 { x }).expect("agreed");
    assert_eq!(secret.as_slice(), hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
}

/// An agreement is one between keys of one kind, on their curve.
#[test]
fn agreements_refuse_foreign_keys() {
    let specs = [KeySpec::Ec(Curve::P256), KeySpec::Ec(Curve::P384), KeySpec::Ec(Curve::P521), KeySpec::X25519];
    let made = specs.map(|spec| DecryptionKey::generate_from(provider(), K::EcdhEs, spec).expect("a key"));
    let public = made.each_ref().map(|key| key.encryption_key().expect("public").material().expect("public").clone());
    for (index, own) in public.iter().enumerate() {
        let key = provider().ephemeral_key(own).expect("a key");
        for (other, peer) in public.iter().enumerate() {
            assert_eq!(key.agree(peer).is_ok(), index == other);
        }
        if let PublicMaterial::Ec { curve, point } = own {
            let field = curve.field_len();
            let mut compressed = point[..=field].to_vec();
            compressed[0] = 2 + (point[2 * field] & 1);
            let mut off = point.clone();
            off[field] ^= 1;
            for point in [compressed, off, vec![0], Vec::new(), vec![4; 2 * field]] {
                assert!(key.agree(&PublicMaterial::Ec { curve: *curve, point }).is_err(), "{curve:?}");
            }
        }
    }
    let secp256k1 = PublicMaterial::Ec { curve: Curve::Secp256k1, point: vec![4; 65] };
    assert!(provider().ephemeral_key(&secp256k1).is_err());
}

/// What one provider writes, the other reads, under every algorithm.
#[test]
fn the_two_providers_understand_each_other() {
    let pure = pure();
    for (writer, reader) in [(aws_lc(), &pure as &dyn Provider), (&pure, aws_lc())] {
        for alg in K::ALL.iter().filter(|alg| **alg != K::Rsa15 && !alg.is_password_based()) {
            for enc in [ContentEncryption::A256Gcm, ContentEncryption::A192CbcHs384] {
                for key in keys(*alg, enc) {
                    let text = key.private_jwk().expect("a JWK");
                    let ours = DecryptionKey::from_jwk(reader, text.as_bytes(), &LIMITS).expect("a key");
                    let theirs = match key.public_jwk() {
                        Some(jwk) => EncryptionKey::from_jwk_object(writer, &jwk).expect("a key"),
                        None => ours.encryption_key().expect("the other half"),
                    };
                    let theirs = theirs.with_alg(*alg).expect("its algorithm");
                    let token = jwe::encrypt(writer, &theirs, enc, &Options::default(), b"text").expect("a token");
                    let opened = jwe::decrypt(reader, &token, &ours, &anything()).expect("opened");
                    assert_eq!(opened.plaintext(), b"text", "{alg} {enc}");
                }
            }
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}
