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
        // Which key and content encryption, and a plaintext: what is encrypted here opens here.
        b'e' => {
            let [which, kid, plaintext] = lines(rest);
            let which = usize::from(which.first().copied().unwrap_or_default());
            round_trip(which, text(kid).unwrap_or_default(), plaintext);
        }
        _ => {}
    }
});

fn round_trip(which: usize, kid: &str, plaintext: &[u8]) {
    let key = &DECRYPTING[which % DECRYPTING.len()];
    let Some(theirs) = key.encryption_key() else { return };
    for enc in ContentEncryption::ALL.iter().filter(|enc| theirs.allows_content(**enc)) {
        let mut options = jwe::Options::default().p2c(1000).apu(b"u").apv(plaintext.get(..4).unwrap_or_default());
        if which & 0x40 != 0 {
            options = options.deflate();
        }
        options = options.member("x", kid.into());
        let Ok(token) = jwe::encrypt(provider(), &theirs, *enc, &options, plaintext) else { continue };
        let rules = RULES.clone().limits(LIMITS);
        let opened = jwe::decrypt(provider(), &token, &**DECRYPTING, &rules);
        // PBES2 by default goes round more often than these limits allow.
        if let Ok(opened) = opened {
            assert_eq!(opened.plaintext(), plaintext);
        }
    }
}

fn open(token: &str) {
    let rules = RULES.clone().limits(LIMITS);
    if let Ok(message) = jwe::inspect(token, &LIMITS) {
        assert!(message.recipients().len() <= LIMITS.recipients);
        let _ = (message.form(), message.aad(), message.iv(), message.ciphertext(), message.tag());
    }
    for opened in [
        jwe::decrypt(provider(), token, &**DECRYPTING, &rules),
        jwe::decrypt_json(provider(), token, &**DECRYPTING, &rules),
    ] {
        match opened {
            Ok(opened) => {
                assert!(opened.plaintext().len() <= LIMITS.inflated_bytes && opened.recipient() < LIMITS.recipients);
                let header = opened.header();
                assert!(header.is_protected("enc") || token.starts_with(['{', ' ', '\n', '\t', '\r']));
                let _ = (opened.aad(), header.typ(), format!("{opened:?}"));
                assert_eq!(opened.claims(&LIMITS).is_ok(), opened.json::<Object>(&LIMITS).is_ok());
                drop(opened.into_plaintext());
            }
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

static RULES: LazyLock<jwe::Rules<'static>> = LazyLock::new(|| {
    jwe::Rules::new(KeyManagement::ALL, ContentEncryption::ALL)
        .accept_rsa1_5()
        .accept_passwords()
        .accept_compression()
        .understand(&["https://extension.example"])
});

const SHARED: [u8; 16] = [7; 16];

static DECRYPTING: LazyLock<Vec<DecryptionKey>> = LazyLock::new(|| {
    let shared = DecryptionKey::from_secret(&SHARED, None, None).expect("a secret");
    let long = DecryptionKey::from_secret(&[8; 64], None, None).expect("a secret");
    let password = DecryptionKey::from_password(b"a password", None).expect("a password");
    let mut keys = vec![shared, long, password];
    for alg in [KeyManagement::EcdhEs, KeyManagement::EcdhEsA128Kw, KeyManagement::RsaOaep256, KeyManagement::A128GcmKw]
    {
        keys.push(DecryptionKey::generate(provider(), alg).expect("a key"));
    }
    // One that is also for the algorithm which has to be allowed expressly, in the form that seeds can bring tokens for.
    let der = keys[5].to_pkcs8_der().expect("RSA");
    keys.push(DecryptionKey::from_pkcs8_der(provider(), &der, Some(KeyManagement::Rsa15)).expect("a key"));
    keys
});
