//! The paths that Rust code names: `use` trees written out in full, and paths in expressions and types.

/// A path with the line it stands on, its segments in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Where the path ends.
    pub(crate) line: usize,
    /// `std::time::Instant` is `["std", "time", "Instant"]`.
    pub(crate) segments: Vec<String>,
}

impl Named {
    /// Whether `wanted` stands in the path, segment by segment.
    pub(crate) fn contains(&self, wanted: &str) -> bool {
        let wanted: Vec<&str> = wanted.split("::").collect();
        self.segments.windows(wanted.len()).any(|window| window == wanted)
    }
}

/// All paths that `code` (without comments and literals) names.
pub(crate) fn named(code: &str) -> Vec<Named> {
    let mut reader = Reader { tokens: tokens(code), at: 0, found: Vec::new() };
    while let Some((_, token)) = reader.peek() {
        if token == "use" {
            reader.at += 1;
            reader.tree(&[]);
        } else if is_word(&token) || token == "::" {
            reader.plain();
        } else {
            reader.at += 1;
        }
    }
    reader.found
}

struct Reader {
    tokens: Vec<(usize, String)>,
    at: usize,
    found: Vec<Named>,
}

impl Reader {
    fn peek(&self) -> Option<(usize, String)> {
        self.tokens.get(self.at).cloned()
    }

    /// A path in an expression or a type.
    fn plain(&mut self) {
        let mut segments = Vec::new();
        let mut line = 0;
        while let Some((at, token)) = self.peek() {
            let follows = segments.is_empty() || self.tokens[self.at - 1].1 == "::";
            if token == "::" || (is_word(&token) && follows) {
                if token != "::" {
                    segments.push(token);
                }
                line = at;
                self.at += 1;
            } else {
                break;
            }
        }
        self.found.push(Named { line, segments });
    }

    /// One `use` tree, with what stands before its braces.
    fn tree(&mut self, before: &[String]) {
        let mut segments = before.to_vec();
        let mut line = 0;
        while let Some((at, token)) = self.peek() {
            match token.as_str() {
                "::" => {}
                "{" => {
                    self.at += 1;
                    self.branches(&segments);
                    return;
                }
                "as" => self.at += 1,
                _ if is_word(&token) || token == "*" => {
                    segments.push(token);
                    line = at;
                }
                _ => break,
            }
            self.at += 1;
        }
        if segments.len() > before.len() {
            self.found.push(Named { line, segments });
        }
    }

    fn branches(&mut self, before: &[String]) {
        while let Some((_, token)) = self.peek() {
            match token.as_str() {
                "}" => {
                    self.at += 1;
                    return;
                }
                "," => self.at += 1,
                ";" => return,
                _ => {
                    let start = self.at;
                    self.tree(before);
                    // Anything that is no use tree (a macro's placeholder) must not hold the reader up.
                    self.at = self.at.max(start + 1);
                }
            }
        }
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        line += usize::from(token == "\n");
        if !first.is_whitespace() {
            found.push((line, token.to_owned()));
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::named;

    fn paths(code: &str) -> Vec<String> {
        named(code).into_iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn use_trees_are_written_out() {
        let code = "use std::{fs, time::{Duration, SystemTime as S}};\npub use super::code::*;";
        let expected = ["std::fs", "std::time::Duration", "std::time::SystemTime", "pub", "super::code::*"];
        assert_eq!(paths(code), expected);
    }

    #[test]
    fn paths_in_code_are_found_with_their_line() {
        let found = named("let x =\n  std::time::Instant::now();");
        let path = found.iter().find(|path| path.contains("Instant")).expect("a path");
        assert_eq!(path.line, 2);
        assert!(path.contains("time::Instant") && !path.contains("std::Instant"));
    }
}
