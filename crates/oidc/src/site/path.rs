//! How a path can be read.
//!
//! What one server takes for `/public/..%2fadmin` another takes for `/admin`. Here are all readings that a server behind
//! a proxy may come to; whoever decides asks about each.

/// The readings of a path: as it stands, decoded once and again until nothing is left to decode, and each with slashes
/// merged, dots resolved, backslashes as slashes and path parameters left out. `None` where no server should be given
/// it: control characters, overlong encodings, and what is still encoded after a few turns.
pub(super) fn readings(path: &str) -> Option<Vec<String>> {
    if path.bytes().all(is_plain) && !path.contains("//") && !path.contains("/.") {
        return Some(vec![path.to_owned()]);
    }
    let mut all = Vec::new();
    let mut text = path.as_bytes().to_vec();
    for _ in 0..TURNS {
        // RFC 3629 §3: C0 and C1 never stand in UTF-8; a lenient decoder takes `C0 AF` for a slash.
        if text.iter().any(|byte| byte.is_ascii_control() || matches!(byte, 0xc0 | 0xc1)) {
            return None;
        }
        add(&mut all, &text);
        let decoded = decoded(&text);
        if decoded == text {
            return Some(all);
        }
        text = decoded;
    }
    None
}

/// As it is, and resolved; with and without what follows a `;` in each part; and cut at what would begin a query.
fn add(all: &mut Vec<String>, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let cut = text.split(['?', '#']).next().unwrap_or_default();
    for reading in [&*text, cut] {
        for reading in [Some(reading), after_authority(reading)].into_iter().flatten() {
            let bare = without_parameters(reading);
            for reading in [
                reading.to_owned(),
                resolved(reading),
                resolved(&bare),
                resolved(&without_parameters(&reading.replace('\\', "/"))),
            ] {
                if !all.contains(&reading) {
                    all.push(reading);
                }
            }
        }
    }
}

/// What follows the first part where a path begins with two slashes: some take that part for a host (RFC 3986 §3.3).
fn after_authority(path: &str) -> Option<&str> {
    let slash = |letter: char| matches!(letter, '/' | '\\');
    let rest = path.strip_prefix(slash)?.strip_prefix(slash)?.trim_start_matches(slash);
    rest.find(slash).map(|at| &rest[at..])
}

/// Each part up to its first `;`.
fn without_parameters(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(|part| part.split(';').next().unwrap_or_default()).collect();
    parts.join("/")
}

/// RFC 3986 §5.2.4, with empty parts left out.
fn resolved(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let path = path.replace('\\', "/");
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

/// RFC 3986 §2.1; what is no encoding stands for itself.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        byte => (byte | 0x20) - b'a' + 10,
    }
}

/// What every server reads alike.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte)
}

/// How often a path may have been encoded.
const TURNS: usize = 5;
