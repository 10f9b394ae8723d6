//! A token taken apart leniently, to show it: what is wrong with it is a note, and never an end.

use jose::alg::{JwsAlgorithm, KeyManagement};
use jose::base64url;
use jose::json::{self, Object, Value};

use crate::encoding::Encoding;
use crate::need::ToolError;
use crate::output::{Block, Level, Note};

/// What a text is, by its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Jws,
    Jwe,
}

/// A token in pieces. Nothing of it is verified.
pub(super) struct Pieces {
    pub(super) sort: Sort,
    pub(super) form: &'static str,
    /// The protected header, and for JSON the unprotected members too.
    pub(super) header: Object,
    /// The header as it is written, where it is one text.
    pub(super) header_text: Option<String>,
    /// Of a JWS.
    pub(super) payload: Vec<u8>,
    /// Of a JWS, as it is written.
    pub(super) signature: String,
    pub(super) notes: Vec<Note>,
}

/// The token without what people copy along with it.
pub(super) fn cleaned(text: &str) -> (String, Vec<Note>) {
    let mut notes = Vec::new();
    let mut text = text.trim();
    for prefix in ["Authorization:", "Bearer ", "bearer ", "DPoP "] {
        if let Some(rest) = text.strip_prefix(prefix) {
            text = rest.trim_start();
        }
    }
    text = text.trim_matches(['"', '\'']);
    if text.starts_with('{') {
        return (text.to_owned(), notes);
    }
    if is_unencoded(text) {
        return (text.to_owned(), notes);
    }
    let joined: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    if joined.len() != text.len() {
        notes.push(Note::new(
            Level::Warning,
            "token-blanks",
            "the token had blanks or line ends in it, which were left out",
        ));
    }
    (joined, notes)
}

/// Whether the payload stands in the token as it is (RFC 7797 §3), blanks and all.
fn is_unencoded(text: &str) -> bool {
    let header = text.split('.').next().and_then(|part| base64url::decode(part).ok());
    let header = header.and_then(|bytes| json::parse_object(&bytes, &jose::Limits::DEFAULT).ok());
    header.is_some_and(|header| header.get("b64") == Some(&Value::Bool(false)))
}

/// Takes a text apart. Only what has neither the parts nor the members of a token is refused.
pub(super) fn take_apart(text: &str) -> Result<Pieces, ToolError> {
    if text.len() > jose::Limits::DEFAULT.token_bytes * 16 {
        return Err(ToolError::of(
            "token",
            format!("{} bytes are too long for a token", text.len()),
            "give a shorter one",
        ));
    }
    if text.starts_with('{') {
        return from_json(text);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let sort = compact_sort(parts.len())?;
    let mut notes = Vec::new();
    let bytes = decoded("header", parts[0], &mut notes);
    let header = object("header", &bytes, &mut notes);
    let header_text = String::from_utf8(bytes).ok().filter(|_| !header.is_empty());
    let (payload, signature) = match sort {
        Sort::Jws if header.get("b64") == Some(&Value::Bool(false)) => (parts[1].as_bytes().to_vec(), parts[2]),
        Sort::Jws => (decoded("payload", parts[1], &mut notes), parts[2]),
        Sort::Jwe => (Vec::new(), ""),
    };
    if sort == Sort::Jws {
        decoded("signature", signature, &mut notes);
    }
    let signature = signature.to_owned();
    let mut pieces = Pieces { sort, form: "compact", header, header_text, payload, signature, notes };
    pieces.judge_header();
    Ok(pieces)
}

/// What a text in the compact form is, by its parts.
pub(super) fn compact_sort(parts: usize) -> Result<Sort, ToolError> {
    match parts {
        3 => Ok(Sort::Jws),
        5 => Ok(Sort::Jwe),
        count => {
            let what = format!("the token has {count} parts, and a JWS has 3, a JWE 5");
            Err(ToolError::of("token", what, "give the whole token, or - for standard input"))
        }
    }
}

impl Pieces {
    /// The payload as claims, where it is a JSON object.
    pub(super) fn claims(&self) -> Option<Object> {
        match serde_json::from_slice(&self.payload) {
            Ok(Value::Object(claims)) => Some(claims),
            _ => None,
        }
    }

    /// The header to read.
    pub(super) fn header_block(&self, name: String) -> Block {
        match &self.header_text {
            Some(text) => Block::json_as_written(name, text),
            None => Block::json(name, &Value::Object(self.header.clone())),
        }
    }

    fn judge_header(&mut self) {
        let alg = self.header.get("alg").and_then(Value::as_str);
        let note = match (alg, self.sort) {
            (None, _) => {
                Some(Note::new(Level::Fault, "header-no-alg", "the header has no alg").clause("RFC 7515 §4.1.1"))
            }
            (Some(alg), _) if alg.eq_ignore_ascii_case("none") => Some(
                Note::new(
                    Level::Fault,
                    "header-alg-none",
                    "the token is not signed (alg none): anybody can have made it",
                )
                .clause("RFC 8725 §3.2"),
            ),
            (Some(alg), Sort::Jws) if alg.parse::<JwsAlgorithm>().is_err() => Some(Note::new(
                Level::Warning,
                "header-alg-unknown",
                format!("the algorithm {alg:?} is not known here"),
            )),
            (Some(alg), Sort::Jwe) if alg.parse::<KeyManagement>().is_err() => Some(Note::new(
                Level::Warning,
                "header-alg-unknown",
                format!("the algorithm {alg:?} is not known here"),
            )),
            _ => None,
        };
        self.notes.extend(note);
        for member in ["jwk", "jku", "x5u", "x5c"].into_iter().filter(|member| self.header.contains_key(*member)) {
            let text = format!("the header brings its own key ({member}), which proves nothing and is not used");
            self.notes.push(Note::new(Level::Info, "header-own-key", text).clause("RFC 8725 §3.10"));
        }
    }
}

/// The flattened and the general form; of several signatures or recipients the first is shown.
fn from_json(text: &str) -> Result<Pieces, ToolError> {
    let members = super::keys::object("token", text)?;
    let mut notes = Vec::new();
    let encrypted = members.contains_key("ciphertext");
    let (list, form) = match members.get(if encrypted { "recipients" } else { "signatures" }) {
        Some(Value::Array(items)) => (items.iter().filter_map(Value::as_object).cloned().collect(), "general"),
        _ => (vec![members.clone()], "flattened"),
    };
    let Some(first) = list.first() else {
        return Err(ToolError::of("token", "the token has no signature and no recipient", "give the whole token"));
    };
    if !encrypted && !first.contains_key("signature") {
        let what = "the JSON is no token: it has neither signature nor ciphertext";
        return Err(ToolError::of("token", what, "give a token; for a key see jwk"));
    }
    if list.len() > 1 {
        let text =
            format!("of {} {} the first is shown", list.len(), if encrypted { "recipients" } else { "signatures" });
        notes.push(Note::new(Level::Info, "token-several", text));
    }
    let mut header = Object::new();
    for source in [members.get("protected"), first.get("protected")].into_iter().flatten().filter_map(Value::as_str) {
        let bytes = decoded("header", source, &mut notes);
        header.extend(object("header", &bytes, &mut notes));
    }
    for source in [members.get("unprotected"), members.get("header"), first.get("header")] {
        if let Some(Value::Object(members)) = source {
            header.extend(members.clone());
        }
    }
    let plain = header.get("b64") == Some(&Value::Bool(false));
    let payload = match members.get("payload").and_then(Value::as_str) {
        Some(text) if plain => text.as_bytes().to_vec(),
        Some(text) => decoded("payload", text, &mut notes),
        None => Vec::new(),
    };
    let signature = first.get("signature").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sort = if encrypted { Sort::Jwe } else { Sort::Jws };
    let mut pieces = Pieces { sort, form, header, header_text: None, payload, signature, notes };
    pieces.judge_header();
    Ok(pieces)
}

fn decoded(part: &str, text: &str, notes: &mut Vec<Note>) -> Vec<u8> {
    if let Ok(bytes) = base64url::decode(text) {
        return bytes;
    }
    let (level, words, bytes) = match Encoding::Base64url.decode(text) {
        Ok(bytes) => {
            (Level::Warning, "is base64, and not in its one canonical spelling (base64url without padding)", bytes)
        }
        Err(_) => (Level::Fault, "is not base64url", Vec::new()),
    };
    notes.push(Note::new(level, "token-base64url", format!("the {part} {words}")).clause("RFC 7515 §2"));
    bytes
}

fn object(part: &str, bytes: &[u8], notes: &mut Vec<Note>) -> Object {
    let strict = match json::parse_object(bytes, &jose::Limits::DEFAULT) {
        Ok(object) => return object,
        Err(error) => error,
    };
    notes.push(
        Note::new(Level::Fault, "token-json", format!("the {part} is no strict JSON object: {strict}"))
            .clause("RFC 7515 §4"),
    );
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => object,
        _ => Object::new(),
    }
}

/// For what holds whole files: as much as a host reads (64 MiB), in base64.
pub(super) const LONG: jose::Limits =
    jose::Limits { token_bytes: 96 << 20, inflated_bytes: 64 << 20, ..jose::Limits::DEFAULT };
