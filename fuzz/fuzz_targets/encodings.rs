//! Strict JSON and base64url, each beside another implementation: what we read, they read alike.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fuzz::{LIMITS, secret};
use jose::jwt::{self, HeaderExtras};
use jose::{base64url, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let decoded = base64url::decode(data);
    assert_eq!(decoded.as_ref().ok(), URL_SAFE_NO_PAD.decode(data).as_ref().ok());
    if let Ok(bytes) = decoded {
        assert_eq!(base64url::encode(&bytes).as_bytes(), data, "one text for the same bytes");
    }
    let mut encoded = String::new();
    base64url::encode_to(data, &mut encoded);
    assert_eq!(encoded.len(), base64url::encoded_len(data.len()));
    assert_eq!(base64url::decode(&encoded).as_deref(), Ok(data));

    if let Ok(value) = json::parse(data, LIMITS.json_bytes, LIMITS.json_depth) {
        let theirs: json::Value = serde_json::from_slice(data).expect("what we read is JSON");
        assert_eq!(value, theirs);
        let again = value.to_string();
        let again = json::parse(again.as_bytes(), again.len(), LIMITS.json_depth).expect("what was written");
        assert_eq!(again, value);
    }
    if let Ok(object) = json::parse_object(data, &LIMITS) {
        written_alike(&object);
    }
    let (half, shallow) = (data.len() / 2, usize::from(data.first().copied().unwrap_or_default()) % 4);
    assert!(data.is_empty() || json::parse(data, half, LIMITS.json_depth).is_err(), "too long");
    if let Ok(value) = json::parse(data, data.len(), shallow) {
        assert!(depth(&value) <= shallow && !json::kind(&value).is_empty());
    }
});

/// What stands in a token that we write, others read alike; nor are its bytes others than they would write.
fn written_alike(object: &json::Object) {
    let token = jwt::sign(secret(), &HeaderExtras::typ("t"), object).expect("signed");
    for part in token.split('.') {
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("what was written is base64url");
        assert_eq!(URL_SAFE_NO_PAD.encode(&bytes), part);
    }
    let claims = token.split('.').nth(1).expect("claims");
    let claims: json::Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).expect("base64url")).expect("JSON");
    assert_eq!(claims.as_object(), Some(object));
}

fn depth(value: &json::Value) -> usize {
    match value {
        json::Value::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or_default(),
        json::Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}
