//! Damaged input of every sort: it may be refused or, rarely, read; it never stops the process, and never is a
//! damaged token believed.

use vestibule_jose::jwt::{self, Rules};
use vestibule_jose::{JwkSet, JwsAlgorithm, SigningKey, VerifyingKey};

use crate::support::{LIMITS, NOW, check, es256, provider, rs256, token};

const ROUNDS: u32 = 4000;

#[test]
fn damaged_tokens_are_not_believed() {
    let good = token(&serde_json::json!({"sub": "ada", "aud": ["a", "b"], "exp": NOW + 1}));
    let rules = Rules::new(NOW, JwsAlgorithm::ALL);
    check(&good, &rules).expect("the control");
    damaged(good.as_bytes(), |text| {
        assert!(text == good || check(text, &rules).is_err(), "{text}");
        let _ = jwt::inspect(text, &LIMITS);
    });
}

#[test]
fn damaged_keys_stop_nothing() {
    let set = JwkSet::from_keys([es256().verifying_key(), rs256().verifying_key()]).render().to_string();
    damaged(set.as_bytes(), |text| drop(JwkSet::parse(provider(), text.as_bytes(), &LIMITS)));
    damaged(es256().private_jwk().as_bytes(), |text| {
        let _ = SigningKey::from_jwk(provider(), text.as_bytes(), &LIMITS);
        let _ = VerifyingKey::from_jwk(provider(), text.as_bytes(), &LIMITS);
    });
    for pem in
        [include_str!("pem/ec_sec1.pem"), include_str!("pem/ed25519_pkcs8.pem"), include_str!("pem/rsa_spki.pem")]
    {
        damaged(pem.as_bytes(), |text| {
            let _ = SigningKey::from_pem(provider(), text, None, &LIMITS);
            let _ = VerifyingKey::from_pem(provider(), text, None, &LIMITS);
        });
    }
}

/// Changes, removes, repeats or cuts a few bytes, each time others, always the same ones in the same order.
fn damaged(good: &[u8], mut read: impl FnMut(&str)) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % (limit as u64)).expect("below")
    };
    for _ in 0..ROUNDS {
        let mut bytes = good.to_vec();
        for _ in 0..=below(3) {
            let place = below(bytes.len());
            match below(5) {
                0 => bytes[place] ^= 1 << below(7),
                1 => drop(bytes.remove(place)),
                2 => bytes.insert(place, b"\".=-_ {}[]:,\n\0A0"[below(16)]),
                3 => bytes.truncate(place.max(1)),
                _ => bytes.extend_from_within(place..),
            }
            if bytes.is_empty() {
                bytes.push(b'.');
            }
        }
        read(&String::from_utf8_lossy(&bytes));
    }
}
