//! A key as JSON, its members always in the same order.

use zeroize::Zeroizing;

use super::key::{Jwk, KeyMaterial};
use super::material::PublicMaterial;
use super::members;
use crate::base64url;
use crate::json::{Object, Value};

/// How JSON is laid out.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, Layout};
/// use vestibule_jose::provider::aws_lc;
///
/// let key = Jwk::new(aws_lc(), KeyMaterial::Secret(vec![0; 3].into()))?;
/// assert_eq!(*key.to_json(Layout::Compact), r#"{"kty":"oct","k":"AAAA"}"#);
/// assert_eq!(key.to_json(Layout::Lines).lines().count(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Without any blanks.
    #[default]
    Compact,
    /// One member in a line, indented by two blanks, for people.
    Lines,
}

/// A member: its name, and its value as JSON.
type Member = (String, Zeroizing<String>);

impl Jwk {
    /// The key as JSON with all its members, the private ones too: `kty`, `kid`, `use`, `key_ops`, `alg`, the numbers,
    /// then what else came with it.
    pub fn to_json(&self, layout: Layout) -> Zeroizing<String> {
        object(&self.members(), layout, 0)
    }

    /// The public view as an object, for those who go on with JSON; `None` for a secret.
    pub fn public_object(&self) -> Option<Object> {
        let members = self.public()?.members();
        // What was written a moment ago is JSON.
        Some(members.into_iter().filter_map(|(name, value)| Some((name, serde_json::from_str(&value).ok()?))).collect())
    }

    fn members(&self) -> Vec<Member> {
        let mut out = vec![text("kty", self.kty())];
        out.extend(self.kid().map(|kid| text("kid", kid)));
        out.extend(self.usage().map(|usage| text("use", usage.as_str())));
        out.extend(self.key_ops().map(|operations| plain("key_ops", &Value::from(operations))));
        out.extend(self.alg().map(|alg| text("alg", alg.as_str())));
        let numbers = self.public_material().map(members::of_public).unwrap_or_default();
        // `n` before `e`, as the RFCs have it; the others stand in the order of their names there too.
        let reversed = matches!(self.public_material(), Some(PublicMaterial::Rsa { .. }));
        let mut numbers: Vec<_> = numbers.into_iter().filter(|(name, _)| *name != "kty" && *name != "alg").collect();
        if reversed {
            numbers.reverse();
        }
        out.extend(numbers.iter().map(|(name, value)| text(name, value)));
        match self.material() {
            KeyMaterial::Public(_) => {}
            KeyMaterial::Private(private) => {
                out.extend(members::of_private(private).iter().map(|(name, value)| text(name, value)));
            }
            KeyMaterial::Secret(secret) => out.push(text("k", &Zeroizing::new(base64url::encode(secret)))),
        }
        out.extend(self.certificates.members().iter().map(|(name, value)| plain(name, value)));
        out.extend(self.others().iter().map(|(name, value)| plain(name, value)));
        out
    }
}

/// A key set (RFC 7517 §5) of these keys, the private members too where a key has them.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, Layout, NewKey, set_to_json};
/// use vestibule_jose::{JwkSet, Limits, provider::aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Ed25519)?.public().expect("a key pair");
/// let text = set_to_json(&[key], Layout::Compact);
/// assert_eq!(JwkSet::parse(aws_lc(), text.as_bytes(), &Limits::DEFAULT)?.keys().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn set_to_json(keys: &[Jwk], layout: Layout) -> Zeroizing<String> {
    let (open, between, close) = match layout {
        _ if keys.is_empty() => ("{\"keys\":[", "", "]}"),
        Layout::Compact => ("{\"keys\":[", ",", "]}"),
        Layout::Lines => ("{\n  \"keys\": [\n    ", ",\n    ", "\n  ]\n}"),
    };
    let keys: Vec<_> = keys.iter().map(|key| object(&key.members(), layout, 4)).collect();
    let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    joined(open, &keys, between, close)
}

fn object(members: &[Member], layout: Layout, indent: usize) -> Zeroizing<String> {
    let blanks = " ".repeat(indent);
    let (open, between, close, colon) = match layout {
        Layout::Compact => ("{".to_owned(), ",".to_owned(), "}".to_owned(), ":"),
        Layout::Lines => (format!("{{\n{blanks}  "), format!(",\n{blanks}  "), format!("\n{blanks}}}"), ": "),
    };
    let name = |name: &str| Value::from(name).to_string();
    let pairs: Vec<_> = members.iter().map(|(own, value)| joined("", &[&name(own), value], colon, "")).collect();
    let pairs: Vec<&str> = pairs.iter().map(|pair| pair.as_str()).collect();
    joined(&open, &pairs, &between, &close)
}

/// The capacity is exact, so that nothing secret is left behind by a growing text.
fn joined(open: &str, parts: &[&str], between: &str, close: &str) -> Zeroizing<String> {
    let inside: usize = parts.iter().map(|part| part.len() + between.len()).sum();
    let mut out = Zeroizing::new(String::with_capacity(open.len() + inside + close.len()));
    out.push_str(open);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        out.push_str(part);
    }
    out.push_str(close);
    out
}

fn text(name: &str, value: &str) -> Member {
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_ .+".contains(&byte));
    // What needs no escaping, every secret among it, is copied once.
    let json = if plain { joined("\"", &[value], "", "\"") } else { Zeroizing::new(Value::from(value).to_string()) };
    (name.to_owned(), json)
}

fn plain(name: &str, value: &Value) -> Member {
    (name.to_owned(), Zeroizing::new(value.to_string()))
}
