//! What signed and encrypted tokens can lack alike.

use std::fmt;

use super::{COPY_AGAIN, CUT, Explanation, named};

/// The text is not what it should be.
pub(super) fn malformed(expected: impl fmt::Display, found: impl fmt::Display) -> Explanation {
    Explanation::new("token", expected, found).because(CUT).so(COPY_AGAIN)
}

pub(super) fn parts(needed: &str, found: usize) -> Explanation {
    malformed(format_args!("{needed} parts, with dots between"), format_args!("{found} parts"))
}

pub(super) fn spelling(part: &str) -> Explanation {
    malformed("base64url without padding", format_args!("another spelling in the {part}"))
}

pub(super) fn json(part: &str, error: impl fmt::Display) -> Explanation {
    malformed("a strict JSON object", format_args!("in the {part}: {error}"))
}

pub(super) fn too_long(part: &str, found: usize, limit: usize) -> Explanation {
    Explanation::new("token", format_args!("a {part} of at most {limit} bytes"), format_args!("{found} bytes"))
        .because("The token carries too much, or is no token.")
        .so("Put less into it, or raise the limit if you trust the sender.")
}

pub(super) fn no_key(alg: impl fmt::Display, kid: Option<&String>) -> Explanation {
    Explanation::new("key", format_args!("a key for {alg} with {}", named(kid)), "none such")
}
