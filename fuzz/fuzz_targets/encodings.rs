//! Strict JSON and base64url, each beside another implementation: what we read, they read alike.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fuzz::LIMITS;
use jose::{base64url, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let decoded = base64url::decode(data);
    assert_eq!(decoded.as_ref().ok(), URL_SAFE_NO_PAD.decode(data).as_ref().ok());
    if let Ok(bytes) = decoded {
        assert_eq!(base64url::encode(&bytes).as_bytes(), data, "one text for the same bytes");
    }
    assert_eq!(base64url::decode(base64url::encode(data)).as_deref(), Ok(data));

    if let Ok(value) = json::parse(data, LIMITS.json_bytes, LIMITS.json_depth) {
        let theirs: json::Value = serde_json::from_slice(data).expect("what we read is JSON");
        assert_eq!(value, theirs);
        let again = value.to_string();
        assert_eq!(json::parse(again.as_bytes(), again.len(), LIMITS.json_depth).ok(), Some(value));
    }
    let _ = json::parse_object(data, &LIMITS);
});
