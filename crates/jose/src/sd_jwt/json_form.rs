//! An SD-JWT as a flattened or general JWS object (RFC 9901 §8).

use super::{Disclosure, IssueError, SdJwt, SdJwtError};
use crate::json::{Object, Value};
use crate::jws::{SignError, TokenError, bounded, object};
use crate::limits::Limits;

impl SdJwt {
    /// Reads any of the three forms: a text that begins with a brace is JSON, and general where it has `signatures`; any
    /// other is compact.
    pub fn read(text: &str, limits: &Limits) -> Result<Self, SdJwtError> {
        bounded("SD-JWT", text.len(), limits.token_bytes)?;
        if !text.trim_ascii_start().starts_with('{') {
            return Self::parse(text, limits);
        }
        let members = message(text, limits)?;
        if members.contains_key("signatures") { general(members, limits) } else { flattened(members, limits) }
    }

    /// Reads a flattened object with `disclosures` and perhaps `kb_jwt` in its unprotected header (§8.2). What else
    /// stands in that header is not protected and passed over, so `alg` must stand in the protected one.
    pub fn parse_flattened(text: &str, limits: &Limits) -> Result<Self, SdJwtError> {
        flattened(message(text, limits)?, limits)
    }

    /// Reads a general object, with one signature or more over the same payload (§8.3). `disclosures` and `kb_jwt` stand
    /// in the first unprotected header; in another they are refused. For the rest, see [`SdJwt::parse_flattened`].
    pub fn parse_general(text: &str, limits: &Limits) -> Result<Self, SdJwtError> {
        general(message(text, limits)?, limits)
    }

    /// Writes the flattened object, with the first signature.
    pub fn to_flattened(&self) -> Result<String, IssueError> {
        let (mut members, payload) = signed(&self.jwt, Some(self.unprotected()))?;
        members.insert("payload".into(), payload.into());
        Ok(serde_json::to_string(&members).map_err(SignError::from)?)
    }

    /// Writes the general object, with all signatures.
    pub fn to_general(&self) -> Result<String, IssueError> {
        let (first, payload) = signed(&self.jwt, Some(self.unprotected()))?;
        let mut signatures = vec![Value::Object(first)];
        for other in &self.others {
            signatures.push(signed(other, None)?.0.into());
        }
        let members =
            Object::from_iter([("payload".to_owned(), payload.into()), ("signatures".to_owned(), signatures.into())]);
        Ok(serde_json::to_string(&members).map_err(SignError::from)?)
    }

    /// §8.1.
    fn unprotected(&self) -> Object {
        let disclosures: Vec<&str> = self.disclosures.iter().map(Disclosure::as_str).collect();
        let mut header = Object::from_iter([("disclosures".to_owned(), Value::from(disclosures))]);
        if let Some(proof) = &self.proof {
            header.insert("kb_jwt".into(), proof.as_str().into());
        }
        header
    }
}

/// The members of one signature, and the payload that it is over.
fn signed(jwt: &str, unprotected: Option<Object>) -> Result<(Object, &str), IssueError> {
    let parts: Vec<&str> = jwt.split('.').collect();
    let [protected, payload, signature] = parts.as_slice() else {
        return Err(SignError::Form("the issuer-signed JWT has not three parts").into());
    };
    let mut members = Object::from_iter([
        ("protected".to_owned(), (*protected).into()),
        ("signature".to_owned(), (*signature).into()),
    ]);
    if let Some(header) = unprotected {
        members.insert("header".into(), header.into());
    }
    Ok((members, payload))
}

fn message(text: &str, limits: &Limits) -> Result<Object, SdJwtError> {
    let members = object("SD-JWT", text.as_bytes(), limits.token_bytes, limits)?;
    if members.contains_key("ciphertext") {
        return Err(SdJwtError::Format("is no JWS"));
    }
    Ok(members)
}

fn flattened(mut members: Object, limits: &Limits) -> Result<SdJwt, SdJwtError> {
    if members.contains_key("signatures") {
        return Err(SdJwtError::Format("is no flattened JWS"));
    }
    let header = unprotected(&mut members)?;
    let payload = part(&mut members, "payload")?;
    let jwt = compact(&mut members, &payload)?;
    with_first(header, jwt, Vec::new(), limits)
}

fn general(mut members: Object, limits: &Limits) -> Result<SdJwt, SdJwtError> {
    const WRONG: SdJwtError = SdJwtError::Format("is no general JWS");
    if ["signature", "protected", "header"].iter().any(|name| members.contains_key(*name)) {
        return Err(WRONG);
    }
    let payload = part(&mut members, "payload")?;
    let Some(Value::Array(signatures)) = members.remove("signatures") else { return Err(WRONG) };
    if signatures.len() > limits.signatures {
        return Err(TokenError::Signatures { found: signatures.len(), limit: limits.signatures }.into());
    }
    let each = signatures.into_iter().map(|one| match one {
        Value::Object(mut one) => Ok((unprotected(&mut one)?, compact(&mut one, &payload)?)),
        _ => Err(WRONG),
    });
    let mut each = each.collect::<Result<Vec<_>, _>>()?.into_iter();
    let (header, jwt) = each.next().ok_or(WRONG)?;
    let others = each.map(|(header, jwt)| match header.contains_key("disclosures") || header.contains_key("kb_jwt") {
        true => Err(SdJwtError::Format("has disclosures or a kb_jwt elsewhere than in its first header")),
        false => Ok(jwt),
    });
    with_first(header, jwt, others.collect::<Result<_, _>>()?, limits)
}

/// What the first unprotected header carries, beside what was signed.
fn with_first(mut header: Object, jwt: String, others: Vec<String>, limits: &Limits) -> Result<SdJwt, SdJwtError> {
    const NO_STRINGS: SdJwtError = SdJwtError::Format("has disclosures that are not an array of strings");
    let disclosures = match header.remove("disclosures") {
        None => Vec::new(),
        Some(Value::Array(each)) => each,
        Some(_) => return Err(NO_STRINGS),
    };
    if disclosures.len() > limits.disclosures {
        return Err(SdJwtError::TooMany { found: disclosures.len(), limit: limits.disclosures });
    }
    let each = disclosures.iter().map(Value::as_str).collect::<Option<Vec<_>>>().ok_or(NO_STRINGS)?;
    let proof = match header.remove("kb_jwt") {
        None => None,
        Some(Value::String(proof)) => Some(proof),
        Some(_) => return Err(SdJwtError::Format("has a kb_jwt that is not a string")),
    };
    Ok(SdJwt { jwt, others, disclosures: SdJwt::read_disclosures(each.into_iter(), limits)?, proof })
}

fn unprotected(members: &mut Object) -> Result<Object, SdJwtError> {
    match members.remove("header") {
        None => Ok(Object::new()),
        // RFC 7515 §4 and §4.1.11: these must be protected, or stand there already.
        Some(Value::Object(header)) if ["alg", "crit", "b64"].iter().any(|name| header.contains_key(*name)) => {
            Err(SdJwtError::Format("has alg, crit or b64 in a header that is not protected"))
        }
        // RFC 7515 §7.2.1: one that is empty is left out.
        Some(Value::Object(header)) if !header.is_empty() => Ok(header),
        Some(_) => Err(SdJwtError::Format("has a header that is not an object with members")),
    }
}

fn compact(members: &mut Object, payload: &str) -> Result<String, SdJwtError> {
    Ok([&part(members, "protected")?, payload, &part(members, "signature")?].join("."))
}

fn part(members: &mut Object, name: &str) -> Result<String, SdJwtError> {
    match members.remove(name) {
        Some(Value::String(text)) if !text.contains('.') => Ok(text),
        _ => Err(SdJwtError::Format("lacks protected, payload or signature as a string")),
    }
}
