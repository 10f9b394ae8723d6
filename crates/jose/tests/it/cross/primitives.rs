//! Hashes, MACs, PBKDF2 and AES.

use vestibule_jose::alg::Hash;
use vestibule_jose::provider::{Absorb, ProviderError};

use super::{Bytes, alike};

/// Around the block of each hash (64 bytes or 128) and its padding.
const LENGTHS: &[usize] = &[0, 1, 31, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000];

#[test]
fn hashes_and_macs_are_the_same_at_once_and_in_pieces() {
    let bytes = Bytes::new("hashes");
    for len in LENGTHS.iter().copied() {
        let (message, key) = (bytes.take(len), bytes.take(len));
        alike("sha256", |p| p.sha256(&message));
        alike("sha384", |p| p.sha384(&message));
        alike("sha512", |p| p.sha512(&message));
        for hash in Hash::ALL.iter().copied() {
            let digest = alike("digest", |p| in_pieces(p.digest(hash), &message));
            assert_eq!(digest.len(), hash.len());
            let mac = alike("hmac", |p| p.hmac(hash, &key, &message));
            assert_eq!(alike("mac", |p| in_pieces(p.mac(hash, &key), &message)), mac);
            assert_eq!(
                alike("mac_key", |p| {
                    let key = p.mac_key(hash, &key);
                    let mut out = vec![0; key.signature_len()];
                    key.sign(&message, &mut out).expect("signed");
                    let short = &out[..out.len() - 1];
                    let long = [&out[..], &[0]].concat();
                    assert!(key.verify(&message, &out) && !key.verify(&message, short) && !key.verify(&message, &long));
                    assert!(!key.verify(&message, &[]) && !key.verify(&[&message, &b"x"[..]].concat(), &out));
                    out
                }),
                mac
            );
        }
    }
}

fn in_pieces(mut absorb: Box<dyn Absorb>, message: &[u8]) -> Vec<u8> {
    message.chunks(17).for_each(|piece| absorb.update(piece));
    absorb.finish()
}

#[test]
fn equality_is_the_same() {
    for (a, b) in [(&b""[..], &b""[..]), (b"a", b""), (b"a", b"a"), (b"ab", b"ac"), (b"ab", b"abc")] {
        assert_eq!(alike("equality", |p| p.constant_time_eq(a, b)), a == b);
    }
}

/// RFC 8018 §5.2; no iteration is refused, and no byte asked for is none given.
#[test]
fn pbkdf2_is_the_same() {
    let bytes = Bytes::new("pbkdf2");
    for hash in Hash::ALL.iter().copied() {
        for (password, salt, iterations, len) in
            [(0, 8, 1, 16), (1, 0, 2, 1), (20, 20, 3, 64), (200, 40, 5, 200), (8, 8, 1, 0)]
        {
            let (password, salt) = (bytes.take(password), bytes.take(salt));
            let derived = alike("pbkdf2", |p| {
                let mut out = vec![0; len];
                p.pbkdf2(hash, &password, &salt, iterations, &mut out).map(|()| out)
            });
            assert_eq!(derived.expect("derived").len(), len);
        }
        let none = alike("no iteration", |p| p.pbkdf2(hash, b"password", b"salt", 0, &mut [0; 16]));
        assert_eq!(none, Err(ProviderError::Failed));
    }
}

/// NIST SP 800-38D.
#[test]
fn what_one_seals_the_other_opens() {
    let bytes = Bytes::new("gcm");
    for (key, len, aad) in [(16, 0, 0), (16, 1, 7), (24, 15, 20), (24, 16, 0), (32, 17, 100), (32, 1000, 16)] {
        let (key, iv) = (bytes.take(key), bytes.array());
        let (plaintext, aad) = (bytes.take(len), bytes.take(aad));
        let sealed = alike("seal", |p| {
            let mut in_out = plaintext.clone();
            p.seal_gcm(&key, &iv, &aad, &mut in_out).map(|tag| (in_out, tag))
        });
        let (ciphertext, tag) = sealed.expect("sealed");
        let opened = alike("open", |p| p.open_gcm(&key, &iv, &aad, &ciphertext, &tag));
        assert_eq!(*opened.expect("opened"), plaintext);
        let refused = |name, key: &[u8], iv: &[u8; 12], aad: &[u8], ciphertext: &[u8], tag: &[u8; 16]| {
            assert!(alike(name, |p| p.open_gcm(key, iv, aad, ciphertext, tag)).is_err(), "{name}");
        };
        let (mut other_iv, mut other_tag, mut other_key) = (iv, tag, key.clone());
        other_iv[0] ^= 1;
        other_tag[15] ^= 1;
        other_key[0] ^= 1;
        refused("another nonce", &key, &other_iv, &aad, &ciphertext, &tag);
        refused("another tag", &key, &iv, &aad, &ciphertext, &other_tag);
        refused("another key", &other_key, &iv, &aad, &ciphertext, &tag);
        refused("another aad", &key, &iv, &[&aad[..], &[0]].concat(), &ciphertext, &tag);
        refused("more ciphertext", &key, &iv, &aad, &[&ciphertext[..], &[0]].concat(), &tag);
    }
    for len in [0, 15, 17, 23, 31, 33, 64] {
        let sealed = alike("a key of the wrong length", |p| p.seal_gcm(&vec![7; len], &[0; 12], &[], &mut [1; 4]));
        assert_eq!(sealed, Err(ProviderError::KeyRejected), "{len}");
        let opened =
            alike("a key of the wrong length", |p| p.open_gcm(&vec![7; len], &[0; 12], &[], &[1; 4], &[0; 16]));
        assert_eq!(opened.map(drop), Err(ProviderError::KeyRejected), "{len}");
    }
}

/// RFC 7518 §5.2.2.1, RFC 5652 §6.3.
#[test]
fn cbc_pads_and_unpads_the_same() {
    let bytes = Bytes::new("cbc");
    for key in [16, 24, 32] {
        let (key, iv) = (bytes.take(key), bytes.array());
        for len in [0, 1, 15, 16, 17, 31, 32, 1000] {
            let plaintext = bytes.take(len);
            let ciphertext = alike("encrypt", |p| p.encrypt_cbc(&key, &iv, &plaintext)).expect("encrypted");
            assert_eq!(ciphertext.len(), (len / 16 + 1) * 16);
            let back = alike("decrypt", |p| p.decrypt_cbc(&key, &iv, &ciphertext)).expect("decrypted");
            assert_eq!(*back, plaintext);
            for wrong in [&ciphertext[..ciphertext.len() - 1], &ciphertext[1..], &[]] {
                assert!(alike("no whole blocks", |p| p.decrypt_cbc(&key, &iv, wrong)).is_err());
            }
        }
        // One block whose padding is chosen through the initialization vector.
        let block = alike("encrypt", |p| p.encrypt_cbc(&key, &iv, &[])).expect("encrypted");
        for last in 0..=255_u8 {
            for before in [16, last] {
                let mut iv = iv;
                iv[15] ^= 16 ^ last;
                iv[14] ^= 16 ^ before;
                let unpadded = alike("padding", |p| p.decrypt_cbc(&key, &iv, &block)).map(|plain| plain.len());
                let right = last == 1 || last == 16 && before == 16 || last == 2 && before == 2;
                assert_eq!(unpadded.is_ok(), right, "{before} {last}");
            }
        }
    }
    for len in [0, 15, 17, 33] {
        assert_eq!(alike("key", |p| p.encrypt_cbc(&vec![7; len], &[0; 16], b"x")), Err(ProviderError::KeyRejected));
        assert!(alike("key", |p| p.decrypt_cbc(&vec![7; len], &[0; 16], &[0; 16])).is_err());
    }
}

/// RFC 3394 §2.2: two blocks of 8 bytes or more, and whole ones.
#[test]
fn what_one_wraps_the_other_unwraps() {
    let bytes = Bytes::new("wrap");
    for key in [16, 24, 32].map(|len| bytes.take(len)) {
        for len in [16, 24, 32, 40, 48, 64, 512] {
            let content_key = bytes.take(len);
            let wrapped = alike("wrap", |p| p.wrap_key(&key, &content_key)).expect("wrapped");
            assert_eq!(wrapped.len(), len + 8);
            assert_eq!(*alike("unwrap", |p| p.unwrap_key(&key, &wrapped)).expect("unwrapped"), content_key);
            for place in [0, 8, len] {
                let mut changed = wrapped.clone();
                changed[place] ^= 1;
                assert!(alike("changed", |p| p.unwrap_key(&key, &changed)).is_err(), "{place}");
            }
            assert!(alike("short", |p| p.unwrap_key(&key, &wrapped[..len])).is_err());
        }
        for len in [0, 1, 7, 8, 9, 15, 17, 23] {
            assert!(alike("wrap", |p| p.wrap_key(&key, &vec![7; len])).is_err(), "{} {len}", key.len());
            assert!(alike("unwrap", |p| p.unwrap_key(&key, &vec![7; len])).is_err(), "{} {len}", key.len());
        }
    }
    for len in [0, 8, 15, 17, 33] {
        assert!(alike("key", |p| p.wrap_key(&vec![7; len], &[1; 16])).is_err());
        assert!(alike("key", |p| p.unwrap_key(&vec![7; len], &[1; 24])).is_err());
    }
}
