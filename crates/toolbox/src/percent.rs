//! Percent-encoding in queries (RFC 3986 §2.1, and `application/x-www-form-urlencoded`).

/// Decodes; what is no escape stays as it is, and bytes that are not UTF-8 become marks.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = || {
            let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
            Some((digit(at + 1)? << 4 | digit(at + 2)?) as u8)
        };
        match bytes[at] {
            b'%' => match escaped() {
                Some(byte) => {
                    out.push(byte);
                    at += 2;
                }
                None => out.push(b'%'),
            },
            byte => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Encodes all but unreserved characters (RFC 3986 §2.3).
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The pairs of a query; `+` is a blank in values and names.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_written() {
        assert_eq!(decode("a%20b%C3%A9%zz%4"), "a bé%zz%4");
        assert_eq!(encode("a b/é~"), "a%20b%2F%C3%A9~");
        assert_eq!(
            pairs("a=1+2&b&=c&&d=%26"),
            [("a", "1 2"), ("b", ""), ("", "c"), ("d", "&")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }
}
