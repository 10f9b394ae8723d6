//! What is unwise about tokens, keys, key sets and metadata: all of it is a finding, whatever comes.
#![no_main]

use fuzz::{LIMITS, NOW, compact, letter, lines, provider, text};
use jose::lint::{self, Fetched, Finding, Place, SetFacts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((letter, rest)) = letter(data) else { return };
    let findings = match letter {
        b't' => lint::token(text(rest).unwrap_or_default(), Some(NOW), &LIMITS),
        b'p' => lint::token(&compact(&lines::<3>(rest)), Some(NOW), &LIMITS),
        b'e' => lint::token(&compact(&lines::<5>(rest)), None, &LIMITS),
        b'k' => {
            let Ok(jwk) = jose::json::parse_object(rest, &LIMITS) else { return };
            let mut all = lint::key(provider(), &jwk, Place::Public);
            all.extend(lint::key(provider(), &jwk, Place::Owner));
            all
        }
        b's' => {
            // How it was fetched, and a token that names its key; then the set.
            let [cache_control, expires, content_type, url, token, set] = lines(rest);
            let token = compact(&[token, b"{}", b""]);
            let facts = SetFacts {
                fetched: Some(Fetched {
                    url: text(url).unwrap_or_default(),
                    cache_control: text(cache_control),
                    expires: text(expires),
                    content_type: text(content_type),
                }),
                tokens: &[&token],
                limits: LIMITS,
            };
            lint::key_set(provider(), set, &facts)
        }
        b'd' => {
            let [url, document] = lines(rest);
            lint::discovery(document, text(url).filter(|url| !url.is_empty()), &LIMITS)
        }
        _ => return,
    };
    findings.iter().for_each(known);
});

/// A finding has a code of the list.
fn known(finding: &Finding) {
    assert!(lint::CODES.iter().any(|code| code.code == finding.code), "{finding:?}");
}
