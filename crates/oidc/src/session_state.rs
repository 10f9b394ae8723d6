//! `session_state`: lets an app's page ask ours in a frame whether the person is still signed in, without a request
//! (OpenID Connect Session Management 1.0 §3.2). Our page computes the same from the browser's state in a cookie.

/// The value for an app: `origin` is that of its redirect URI, `browser_state` that of the browser, `salt` drawn for this
/// answer so that two apps cannot tell by it that they have the same browser before them.
pub fn session_state(client_id: &str, origin: &str, browser_state: &str, salt: &str) -> String {
    let hash = jose::sha256(format!("{client_id} {origin} {browser_state} {salt}").as_bytes());
    format!("{}.{salt}", jose::base64url::encode(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// §3.2; the hash by `printf 'c https://app.example s 1' | openssl dgst -sha256`.
    #[test]
    fn the_hash_is_over_four_parts() {
        let state = session_state("c", "https://app.example", "s", "1");
        assert_eq!(state, "MQtEee2PGAW3gtTJmDhc3MufM4l6KPF9XDDt3RP2hls.1");
        for other in [
            session_state("d", "https://app.example", "s", "1"),
            session_state("c", "https://app.example:8443", "s", "1"),
            session_state("c", "https://app.example", "t", "1"),
            session_state("c", "https://app.example", "s", "2"),
        ] {
            assert_ne!(other, state);
        }
    }
}
