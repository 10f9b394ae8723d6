//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::PathBuf;

use super::keys::KEYS;

/// Where a value was given.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// In the file, on this line.
    File(PathBuf, usize),
    /// In this environment variable.
    Environment(String),
    /// On the command line, by this option.
    Option(&'static str),
    /// Nowhere.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File(path, line) => write!(f, "{}:{line}", path.display()),
            Origin::Environment(variable) => f.write_str(variable),
            Origin::Option(option) => f.write_str(option),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A configuration that is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("{} cannot be read ({error}); give another file with --config, or make one with `vestibule init`", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{origin}: {message}; correct the TOML")]
    Syntax { origin: Origin, message: String },
    #[error("{origin}: unknown key `{path}`; {}", advice(path))]
    Unknown { origin: Origin, path: String },
    #[error("{origin}: `{path}` is {found}; write {expected}")]
    Type { origin: Origin, path: String, found: &'static str, expected: String },
    #[error("{origin}: `{path}` cannot have this value; write {expected}")]
    Value { origin: Origin, path: &'static str, expected: String },
    #[error("{origin}: `{path}` {problem}")]
    Together { origin: Origin, path: &'static str, problem: &'static str },
}

/// The nearest right key, by its whole path or, in another section, by its last part.
fn advice(wrong: &str) -> String {
    let last = |path: &str| path.rsplit('.').next().map(str::to_owned).unwrap_or_default();
    let distance = |path: &str| distance(wrong, path).min(distance(&last(wrong), &last(path)) + 1);
    match KEYS.iter().map(|key| (distance(key.path), key.path)).min() {
        Some((distance, path)) if distance <= wrong.chars().count() / 2 => format!("did you mean `{path}`?"),
        _ => "see `vestibule config schema`".into(),
    }
}

/// Levenshtein's.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(advice("publik_url"), "did you mean `public_url`?");
        assert_eq!(advice("database.uri"), "did you mean `database.url`?");
        assert_eq!(advice("session.code_lifetime"), "did you mean `tokens.code_lifetime`?");
        assert_eq!(advice("xyzzy"), "see `vestibule config schema`");
    }
}
