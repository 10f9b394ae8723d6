//! JWE in every form, taken apart and opened with keys of every sort; and what opens when it was rightly sealed.
#![no_main]

use std::sync::LazyLock;

use fuzz::{ALGORITHMS, LIMITS, NOW, compact, keys, letter, lines, provider, text};
use jose::alg::{ContentEncryption, KeyManagement};
use jose::explain::Explain as _;
use jose::json::Object;
use jose::{DecryptionKey, base64url, jwe, jwt};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|data: &[u8]| {
    let Some((letter, rest)) = letter(data) else { return };
    match letter {
        // Any text.
        b't' => {
            if let Some(text) = text(rest) {
                open(text);
            }
        }
        // Header, encrypted key, IV, tag, ciphertext.
        b'p' => {
            let [header, key, iv, tag, ciphertext] = lines(rest);
            open(&compact(&[header, key, iv, ciphertext, tag]));
        }
        // Header and plaintext (compressed, where the header says so), sealed for the key that both sides have.
        b's' => {
            let [header, plaintext] = lines(rest);
            let parts = seal(header, plaintext);
            open(&parts.join("."));
        }
        // Header, shared unprotected header, the recipient's header, additional data, plaintext: the JSON forms.
        b'g' => {
            let [count, protected, shared, own, aad, plaintext] = lines(rest);
            let object = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap_or_default();
            let [protected, key, iv, ciphertext, tag] = seal(protected, plaintext);
            let flattened = json!({
                "protected": protected, "unprotected": object(shared), "header": object(own), "encrypted_key": key,
                "aad": base64url::encode(aad), "iv": iv, "ciphertext": ciphertext, "tag": tag
            });
            open(&flattened.to_string());
            let recipient = json!({"header": object(own), "encrypted_key": key});
            let recipients = vec![recipient; count.first().map_or(0, |count| usize::from(*count % 20))];
            let general = json!({"protected": protected, "recipients": recipients, "iv": iv, "ciphertext": ciphertext, "tag": tag});
            open(&general.to_string());
        }
        _ => {}
    }
});

fn open(token: &str) {
    let rules = jwe::Rules::new(KeyManagement::ALL, ContentEncryption::ALL)
        .accept_rsa1_5()
        .accept_passwords()
        .accept_compression()
        .understand(&["https://extension.example"])
        .limits(LIMITS);
    if let Ok(message) = jwe::inspect(token, &LIMITS) {
        assert!(message.recipients().len() <= LIMITS.recipients);
    }
    for opened in [
        jwe::decrypt(provider(), token, &**DECRYPTING, &rules),
        jwe::decrypt_json(provider(), token, &**DECRYPTING, &rules),
    ] {
        match opened {
            Ok(opened) => assert!(opened.plaintext().len() <= LIMITS.inflated_bytes),
            Err(error) => drop(error.explain()),
        }
    }
    let outer = jwe::Rules::new(KeyManagement::ALL, ContentEncryption::ALL).limits(LIMITS);
    let inner = jwt::Rules::new(NOW, ALGORITHMS).limits(LIMITS);
    let _ = jwt::verify_nested::<Object>(provider(), token, &**DECRYPTING, &outer, keys(), &inner);
}

/// The parts of a JWE under `dir` and A128GCM, whatever its header says.
fn seal(header: &[u8], plaintext: &[u8]) -> [String; 5] {
    let header = base64url::encode(header);
    let mut ciphertext = plaintext.to_vec();
    let iv = [9; 12];
    let tag = provider().seal_gcm(&SHARED, &iv, header.as_bytes(), &mut ciphertext).expect("AES-GCM");
    [header, String::new(), base64url::encode(iv), base64url::encode(ciphertext), base64url::encode(tag)]
}

const SHARED: [u8; 16] = [7; 16];

static DECRYPTING: LazyLock<Vec<DecryptionKey>> = LazyLock::new(|| {
    let shared = DecryptionKey::from_secret(&SHARED, None, None).expect("a secret");
    let long = DecryptionKey::from_secret(&[8; 64], None, None).expect("a secret");
    let password = DecryptionKey::from_password(b"a password", None).expect("a password");
    let mut keys = vec![shared, long, password];
    for alg in [KeyManagement::EcdhEs, KeyManagement::EcdhEsA128Kw, KeyManagement::RsaOaep256] {
        keys.push(DecryptionKey::generate(provider(), alg).expect("a key"));
    }
    keys
});
