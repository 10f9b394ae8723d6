//! Whether two addresses are the same but for query and fragment (RFC 9449 §4.3), by syntax and by what the scheme says
//! (RFC 3986 §6.2.2, §6.2.3).

/// Whether `claimed` is the address of this request.
pub(super) fn is_same(claimed: &str, requested: &str) -> bool {
    match (normal(claimed), normal(requested)) {
        (Some(claimed), Some(requested)) => claimed == requested,
        _ => false,
    }
}

/// Scheme, authority and path, each in its one way of writing; `None` where it is no address of a server.
fn normal(uri: &str) -> Option<(String, String, String)> {
    let (scheme, rest) = uri.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if authority.is_empty() || authority.contains('@') {
        return None;
    }
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
    let authority = authority.strip_suffix(':').unwrap_or(authority).to_owned();
    Some((scheme, authority, dotless(&decoded(path)?)))
}

/// What needs no escape is written without, the others with capitals (RFC 3986 §6.2.2.1, §6.2.2.2).
fn decoded(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    let mut rest = path.chars();
    while let Some(sign) = rest.next() {
        if sign != '%' {
            out.push(sign);
            continue;
        }
        let (high, low) = (rest.next()?.to_digit(16)?, rest.next()?.to_digit(16)?);
        let byte = char::from_u32(high << 4 | low)?;
        match byte {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | '~' => out.push(byte),
            _ => out.push_str(&format!("%{:02X}", u32::from(byte))),
        }
    }
    Some(out)
}

/// RFC 3986 §5.2.4; an empty path is the root (§6.2.3).
fn dotless(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449 §4.3, check 9; RFC 3986 §6.2.2 and §6.2.3.
    #[test]
    fn the_same_address_in_other_letters() {
        const URI: &str = "https://id.example.com/oauth2/token";
        for same in [
            "HTTPS://ID.Example.COM/oauth2/token",
            "https://id.example.com:443/oauth2/token",
            "https://id.example.com:/oauth2/token",
            "https://id.example.com/oauth2/./token",
            "https://id.example.com/x/../oauth2/token",
            "https://id.example.com/oauth2/%74oken",
            "https://id.example.com/oauth2/token?a=b#c",
        ] {
            assert!(is_same(same, URI), "{same}");
        }
        for other in [
            "http://id.example.com/oauth2/token",
            "https://id.example.com:8443/oauth2/token",
            "https://id.example.org/oauth2/token",
            "https://id.example.com/oauth2/token/",
            "https://id.example.com/oauth2//token",
            "https://id.example.com/OAUTH2/token",
            "https://id.example.com/oauth2%2Ftoken",
            "https://id.example.com@evil.example/oauth2/token",
            "https://evil.example/?https://id.example.com/oauth2/token",
            "https:id.example.com/oauth2/token",
            "/oauth2/token",
            "https://id.example.com/oauth2/%7",
            "",
        ] {
            assert!(!is_same(other, URI), "{other}");
        }
        assert!(is_same("http://localhost:80", "http://localhost/"));
        assert!(is_same("https://api.example/a/b/..", "https://api.example/a/"));
        assert!(is_same("https://api.example/%c3%bc", "https://api.example/%C3%BC"));
    }
}
