//! As much of a URL as the checks need: scheme, authority, and what follows.

/// Scheme and authority; `None` for what is no absolute URL with a host.
pub(super) fn origin(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if authority.is_empty() || !plain || url.contains(char::is_whitespace) {
        return None;
    }
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let default = if scheme == "https" { ":443" } else { ":80" };
    Some((scheme, authority.strip_suffix(default).unwrap_or(&authority).to_owned()))
}

/// Whether it is https, or http on this machine, where people try things out.
pub(super) fn is_safe(url: &str) -> bool {
    match origin(url) {
        Some((scheme, _)) if scheme == "https" => true,
        Some((scheme, authority)) if scheme == "http" => {
            let host = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                Some((address, _)) => address,
                None => authority.split(':').next().unwrap_or_default(),
            };
            host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "::1"
        }
        _ => false,
    }
}
