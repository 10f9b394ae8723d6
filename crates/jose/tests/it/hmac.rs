//! HMAC as the RFCs have it: RFC 2202 for SHA-1, RFC 4231 for the others, whole and in pieces.

use serde_json::Value;
use vestibule_jose::alg::Hash;

use crate::support::provider;

/// RFC 2202 §3.
#[test]
fn rfc_2202() {
    assert_eq!(run("RFC 2202 §3", &[("sha1", Hash::Sha1)]), 7);
}

/// RFC 4231 §4.2 to §4.8; of §4.6 the RFC shows the first 128 bits.
#[test]
fn rfc_4231() {
    assert_eq!(run("RFC 4231 §4", &[("sha256", Hash::Sha256), ("sha384", Hash::Sha384), ("sha512", Hash::Sha512)]), 21);
}

/// Holds the examples, which the test of the tools in a browser reads too, and gives how many there were.
fn run(rfc: &str, hashes: &[(&str, Hash)]) -> usize {
    let all: Value = serde_json::from_str(include_str!("hmac.json")).expect("JSON");
    let cases = all[rfc].as_array().expect("an array");
    let mut seen = 0;
    for (number, case) in cases.iter().enumerate() {
        let text = |name: &str| case[name].as_str().expect("text");
        for (name, hash) in hashes {
            let tag = text(name);
            assert!((rfc, number) == ("RFC 4231 §4", 4) || tag.len() == 2 * hash.len());
            holds(*hash, &unhex(text("key")), &unhex(text("message")), tag);
            seen += 1;
        }
    }
    seen
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("two digits");
    (0..text.len()).step_by(2).map(digits).collect()
}

/// The one call, the running one and the handle give the same; the handle knows it from any other.
fn holds(hash: Hash, key: &[u8], message: &[u8], tag: &str) {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let made = provider().hmac(hash, key, message);
    assert!(hex(&made).starts_with(tag) && made.len() == hash.len(), "{hash:?} {tag}");
    let mut running = provider().mac(hash, key);
    for piece in message.chunks(7) {
        running.update(piece);
    }
    assert_eq!(running.finish(), made);
    let handle = provider().mac_key(hash, key);
    let mut signed = vec![0; hash.len()];
    handle.sign(message, &mut signed).expect("signed");
    assert_eq!(signed, made);
    assert!(handle.verify(message, &made));
    assert!(!handle.verify(message, &made[1..]) && !handle.verify(&message[1..], &made));
    signed[hash.len() - 1] ^= 1;
    assert!(!handle.verify(message, &signed));
}
