//! The content under its key: AES-GCM (RFC 7518 §5.3), and AES-CBC with HMAC (RFC 7518 §5.2).

use zeroize::Zeroizing;

use crate::alg::{ContentEncryption, Hash};
use crate::provider::{Provider, ProviderError};

/// The ciphertext and the tag.
pub(super) fn seal(
    provider: &dyn Provider,
    enc: ContentEncryption,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), ProviderError> {
    let Some(hash) = mac_hash(enc) else {
        let mut in_out = plaintext.to_vec();
        let tag = provider.seal_gcm(key, fixed(iv)?, aad, &mut in_out)?;
        return Ok((in_out, tag.to_vec()));
    };
    let (mac_key, cipher_key) = halves(enc, key)?;
    let ciphertext = provider.encrypt_cbc(cipher_key, fixed(iv)?, plaintext)?;
    let tag = mac(provider, hash, mac_key, [aad, iv, &ciphertext], enc);
    Ok((ciphertext, tag))
}

/// The plaintext. The MAC is checked first and in constant time; the padding is looked at only once the MAC has proven
/// that it is the sender's (RFC 7518 §5.2.2.2).
pub(super) fn open(
    provider: &dyn Provider,
    enc: ContentEncryption,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    (ciphertext, tag): (&[u8], &[u8]),
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let Some(hash) = mac_hash(enc) else {
        return provider.open_gcm(key, fixed(iv)?, aad, ciphertext, fixed(tag)?);
    };
    let (mac_key, cipher_key) = halves(enc, key)?;
    let expected = mac(provider, hash, mac_key, [aad, iv, ciphertext], enc);
    if !provider.constant_time_eq(&expected, tag) {
        return Err(ProviderError::Failed);
    }
    provider.decrypt_cbc(cipher_key, fixed(iv)?, ciphertext)
}

/// RFC 7518 §5.2.2.1, steps 4 and 5: the left half of the MAC over AAD, IV, ciphertext and the AAD's length in bits.
fn mac(
    provider: &dyn Provider,
    hash: Hash,
    key: &[u8],
    [aad, iv, ciphertext]: [&[u8]; 3],
    enc: ContentEncryption,
) -> Vec<u8> {
    let aad_bits = (aad.len() as u64).wrapping_mul(8).to_be_bytes();
    let mut mac = provider.mac(hash, key);
    for piece in [aad, iv, ciphertext, &aad_bits] {
        mac.update(piece);
    }
    let mut tag = mac.finish();
    tag.truncate(enc.tag_len());
    tag
}

/// The MAC's half first (RFC 7518 §5.2.2.1, step 1).
fn halves(enc: ContentEncryption, key: &[u8]) -> Result<(&[u8], &[u8]), ProviderError> {
    if key.len() == enc.key_len() { Ok(key.split_at(key.len() / 2)) } else { Err(ProviderError::KeyRejected) }
}

const fn mac_hash(enc: ContentEncryption) -> Option<Hash> {
    match enc {
        ContentEncryption::A128CbcHs256 => Some(Hash::Sha256),
        ContentEncryption::A192CbcHs384 => Some(Hash::Sha384),
        ContentEncryption::A256CbcHs512 => Some(Hash::Sha512),
        _ => None,
    }
}

fn fixed<const N: usize>(bytes: &[u8]) -> Result<&[u8; N], ProviderError> {
    bytes.try_into().map_err(|_| ProviderError::Failed)
}

#[cfg(all(test, feature = "aws-lc"))]
mod tests {
    use super::*;
    use crate::provider::aws_lc;

    /// RFC 7518 appendix B.1 to B.3. The AAD there is no header, so that no token can show it.
    #[test]
    fn rfc_7518_appendix_b() {
        const PLAINTEXT: &[u8] =
            b"A cipher system must not be required to be secret, and it must be able to fall into \
            the hands of the enemy without inconvenience";
        const AAD: &[u8] = b"The second principle of Auguste Kerckhoffs";
        let iv = bytes("1af38c2dc2b96ffdd86694092341bc04");
        for (enc, first, last, tag) in [
            (
                ContentEncryption::A128CbcHs256,
                "c80edfa32ddf39d5ef00c0b468834279",
                "4b8851ffb598f7f80074b9473c82e2db",
                "652c3fa36b0a7c5b3219fab3a30bc1c4",
            ),
            (
                ContentEncryption::A192CbcHs384,
                "ea65da6b59e61edb419be62d19712ae5",
                "f280adc91ac0c4e79c7b11efc60054e3",
                "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7",
            ),
            (
                ContentEncryption::A256CbcHs512,
                "4affaaadb78c31c5da4b1b590d10ffbd",
                "be2638d09dd7a4930930806d0703b1f6",
                "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5",
            ),
        ] {
            let key: Vec<u8> = (0..).take(enc.key_len()).collect();
            let (ciphertext, made) = seal(aws_lc(), enc, &key, &iv, AAD, PLAINTEXT).expect("sealed");
            assert_eq!((&ciphertext[..16], &ciphertext[128..]), (&*bytes(first), &*bytes(last)), "{enc}");
            assert_eq!(made, bytes(tag), "{enc}");
            let opened = open(aws_lc(), enc, &key, &iv, AAD, (&ciphertext, &made)).expect("opened");
            assert_eq!(opened.as_slice(), PLAINTEXT);
            assert!(open(aws_lc(), enc, &key, &iv, &AAD[1..], (&ciphertext, &made)).is_err(), "another AAD");
            assert!(open(aws_lc(), enc, &key[1..], &iv, AAD, (&ciphertext, &made)).is_err(), "a short key");
        }
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
    }
}
