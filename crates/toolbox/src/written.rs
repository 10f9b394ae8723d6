//! JSON as its author wrote it: members in their own order, numbers in their own spelling. A parsed object sorts its
//! members, and people look for them where they put them.

use jose::json::{Object, Value};

/// The members of an object in the order in which `text`, from which it was read, has them.
pub(crate) fn in_order<'a>(text: &str, object: &'a Object) -> Vec<(&'a str, &'a Value)> {
    let mut members: Vec<(&str, &Value)> = Vec::new();
    for name in names(text) {
        let known = object.get_key_value(name.as_str()).map(|(name, value)| (name.as_str(), value));
        members.extend(known.filter(|(name, _)| members.iter().all(|(seen, _)| seen != name)));
    }
    members
}

/// JSON laid out in lines, two blanks for each level. What is no JSON comes back in pieces that are no JSON either.
pub(crate) fn laid_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut pieces = Pieces(text).peekable();
    while let Some(piece) = pieces.next() {
        let next = pieces.peek().copied();
        match piece {
            "{" | "[" => {
                out.push_str(piece);
                depth += 1;
                if !matches!(next, Some("}" | "]")) {
                    line(&mut out, depth);
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                if !out.ends_with(['{', '[']) {
                    line(&mut out, depth);
                }
                out.push_str(piece);
            }
            "," => {
                out.push(',');
                line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            // Escapes that need not be there hide what is written.
            string if string.starts_with('"') => match serde_json::from_str::<String>(string) {
                Ok(plain) => out.push_str(&Value::String(plain).to_string()),
                Err(_) => out.push_str(string),
            },
            other => out.push_str(other),
        }
    }
    out
}

/// The names of the outermost object's members.
fn names(text: &str) -> Vec<String> {
    let mut depth = 0usize;
    let mut last = "";
    let mut names = Vec::new();
    for piece in Pieces(text) {
        match piece {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            ":" if depth == 1 => names.extend(serde_json::from_str::<String>(last)),
            _ => {}
        }
        last = piece;
    }
    names
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(DEEPEST)));
}

/// The signs, strings and words of a JSON text, without the blanks between them.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start_matches([' ', '\t', '\r', '\n']);
        let first = text.chars().next()?;
        let end = match first {
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            '"' => string_end(text),
            _ => text.find(['{', '}', '[', ']', ',', ':', '"', ' ', '\t', '\r', '\n']).unwrap_or(text.len()),
        };
        let (piece, rest) = text.split_at(end);
        self.0 = rest;
        Some(piece)
    }
}

/// Behind the closing quotation mark, or the end where there is none.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Levels that are shown as such, so that the lines of a small text stay small.
const DEEPEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_and_the_spelling_stay() {
        let text = "{\"sub\":\"\\u0061da\",\"exp\":1.0e9,\"aud\":[\"b\",\"a\"],\"e\":{},\"f\":[ ] }";
        let expected = "{\n  \"sub\": \"ada\",\n  \"exp\": 1.0e9,\n  \"aud\": [\n    \"b\",\n    \"a\"\n  ],\n  \"e\": {},\n  \"f\": []\n}";
        assert_eq!(laid_out(text), expected);
    }

    #[test]
    fn signs_within_strings_are_none() {
        let text = r#"{"b":"{\"x\":1}, \\","a":{"c":2},"b":3}"#;
        assert_eq!(names(text), ["b", "a", "b"]);
        let Ok(Value::Object(object)) = serde_json::from_str(text) else { panic!() };
        let order: Vec<_> = in_order(text, &object).into_iter().map(|(name, _)| name).collect();
        assert_eq!(order, ["b", "a"]);
    }

    #[test]
    fn any_text_comes_to_its_end() {
        assert!(laid_out(&"[".repeat(10_000)).len() < 700_000);
        for text in ["", "\"", "\"\\", "}}]]", "{\"a", "[1,", "é{", "{\"é\":\u{1F511}"] {
            laid_out(text);
            names(text);
        }
    }
}
