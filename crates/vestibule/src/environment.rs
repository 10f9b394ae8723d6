//! The environment, read here only.

#![allow(clippy::disallowed_methods, reason = "the composition root reads the environment")]

/// A variable's text; one that is empty counts as unset, as does one that is not UTF-8.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}
