//! An SD-JWT as a flattened JWS object (RFC 9901 §8).

use super::{IssueError, SdJwt, SdJwtError};
use crate::json::{Object, Value};
use crate::jws::{SignError, object};
use crate::limits::Limits;

impl SdJwt {
    /// Reads a flattened object with `disclosures` and perhaps `kb_jwt` in its unprotected header. What else stands in
    /// that header is not protected and passed over, so `alg` must stand in the protected one.
    pub fn parse_flattened(text: &str, limits: &Limits) -> Result<Self, SdJwtError> {
        let mut members = object("SD-JWT", text.as_bytes(), limits.token_bytes, limits)?;
        let mut header = match members.remove("header") {
            None => Object::new(),
            Some(Value::Object(header)) => header,
            Some(_) => return Err(SdJwtError::Format("has a header that is not an object")),
        };
        let disclosures = match header.remove("disclosures") {
            None => Vec::new(),
            Some(Value::Array(each)) => each,
            Some(_) => return Err(SdJwtError::Format("has disclosures that are not an array of strings")),
        };
        if disclosures.len() > limits.disclosures {
            return Err(SdJwtError::TooMany { found: disclosures.len(), limit: limits.disclosures });
        }
        let each = disclosures.iter().map(Value::as_str).collect::<Option<Vec<_>>>();
        let each = each.ok_or(SdJwtError::Format("has disclosures that are not an array of strings"))?;
        let proof = match header.remove("kb_jwt") {
            None => None,
            Some(Value::String(proof)) => Some(proof),
            Some(_) => return Err(SdJwtError::Format("has a kb_jwt that is not a string")),
        };
        let mut part = |name| match members.remove(name) {
            Some(Value::String(text)) if !text.contains('.') => Ok(text),
            _ => Err(SdJwtError::Format("lacks protected, payload or signature as a string")),
        };
        let jwt = [part("protected")?, part("payload")?, part("signature")?].join(".");
        if members.contains_key("signatures") || members.contains_key("ciphertext") {
            return Err(SdJwtError::Format("is no flattened JWS"));
        }
        Ok(Self { jwt, disclosures: Self::read_disclosures(each.into_iter(), limits)?, proof })
    }

    /// Writes the flattened object.
    pub fn to_flattened(&self) -> Result<String, IssueError> {
        let parts: Vec<&str> = self.jwt.split('.').collect();
        let [protected, payload, signature] = parts.as_slice() else {
            return Err(SignError::Form("the issuer-signed JWT has not three parts").into());
        };
        let disclosures: Vec<&str> = self.disclosures.iter().map(super::Disclosure::as_str).collect();
        let mut header = Object::from_iter([("disclosures".to_owned(), Value::from(disclosures))]);
        if let Some(proof) = &self.proof {
            header.insert("kb_jwt".into(), proof.as_str().into());
        }
        let members = Object::from_iter([
            ("header".to_owned(), Value::Object(header)),
            ("protected".to_owned(), (*protected).into()),
            ("payload".to_owned(), (*payload).into()),
            ("signature".to_owned(), (*signature).into()),
        ]);
        Ok(serde_json::to_string(&members).map_err(SignError::from)?)
    }
}
