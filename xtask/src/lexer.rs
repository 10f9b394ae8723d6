//! Cuts Rust text into code, string literals and comments, line by line, so that a rule about code is not fooled by
//! a comment and a rule about text is not fooled by code. It knows just enough of Rust's lexical grammar for that.

/// One Rust file, cut apart.
#[derive(Debug, Default)]
pub(crate) struct Rust {
    /// The text with comments and the insides of literals blanked; lines stay where they were.
    pub(crate) code: String,
    /// Every string literal with the line it begins on.
    pub(crate) strings: Vec<(usize, String)>,
    /// Every line of every comment.
    pub(crate) comments: Vec<(usize, String)>,
    /// For each line (from 1), whether it stands in a `#[cfg(test)]` module or item.
    test_lines: Vec<bool>,
}

impl Rust {
    /// Cuts `text` apart.
    pub(crate) fn cut(text: &str) -> Rust {
        let mut cutter = Cutter { rest: text, line: 1, rust: Rust::default() };
        while cutter.step() {}
        let mut rust = cutter.rust;
        rust.test_lines = test_lines(&rust.code);
        rust
    }

    /// Whether `line` is part of a unit test.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.test_lines.get(line).copied().unwrap_or(false)
    }

    /// The lines of code with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

struct Cutter<'a> {
    rest: &'a str,
    line: usize,
    rust: Rust,
}

impl Cutter<'_> {
    /// Takes one token or one character; false at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        let after_word = self.rust.code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.comment(end);
        } else if self.rest.starts_with("/*") {
            let end = block_comment_end(self.rest);
            self.comment(end);
        } else if let Some((open, hashes)) = raw_string(self.rest).filter(|_| !after_word) {
            let close = format!("\"{}", "#".repeat(hashes));
            let inside = self.rest[open..].find(&close).unwrap_or(self.rest.len() - open);
            self.string(open, inside, close.len());
        } else if first == '"' {
            let inside = string_end(&self.rest[1..]);
            self.string(1, inside, 1);
        } else if first == '\'' {
            let length = char_literal(self.rest).unwrap_or(1);
            self.blank(length, first);
        } else {
            self.take(first.len_utf8());
        }
        true
    }

    fn comment(&mut self, end: usize) {
        for (index, line) in self.rest[..end].lines().enumerate() {
            self.rust.comments.push((self.line + index, line.to_owned()));
        }
        self.blank(end, ' ');
    }

    fn string(&mut self, open: usize, inside: usize, close: usize) {
        self.rust.strings.push((self.line, self.rest[open..open + inside].to_owned()));
        self.rust.code.push('"');
        self.blank(open + inside, ' ');
        self.blank(close.min(self.rest.len()), '"');
    }

    /// Takes `length` bytes and keeps only their line ends, after `mark`.
    fn blank(&mut self, length: usize, mark: char) {
        self.rust.code.push(mark);
        let (taken, rest) = self.rest.split_at(length);
        for _ in taken.matches('\n') {
            self.rust.code.push('\n');
            self.line += 1;
        }
        self.rest = rest;
    }

    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.line += usize::from(taken == "\n");
        self.rust.code.push_str(taken);
        self.rest = rest;
    }
}

/// The length of `r#"`, `br"` and the like, with the number of hashes.
fn raw_string(text: &str) -> Option<(usize, usize)> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| text.starts_with(prefix))?;
    let after = &text[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some((prefix.len() + hashes + 1, hashes))
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len().saturating_sub(1)
}

/// The length of a character literal; `None` where the quote begins a lifetime.
fn char_literal(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    let (_, first) = characters.next()?;
    if first == '\\' {
        characters.next();
        return characters.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    characters.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

fn block_comment_end(text: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Marks what stands between the braces that follow a `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<bool> {
    let mut marked = vec![false; code.lines().count() + 2];
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let (mut depth, mut end) = (0usize, code.len());
        for (at, character) in code[start..].char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if (character == '}' || character == ';') && depth == 0 {
                end = start + at;
                break;
            }
        }
        let first = code[..start].matches('\n').count() + 1;
        let last = code[..end].matches('\n').count() + 1;
        marked[first..=last].fill(true);
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::Rust;

    #[test]
    fn comments_and_strings_leave_the_code() {
        let rust =
            Rust::cut("let a = \"x // y\"; // z \"q\"\nlet b = r#\"SELECT \"1\"\"#; /* a\n/* b */ c */ let d = '\"';");
        assert_eq!(rust.strings, [(1, "x // y".to_owned()), (2, "SELECT \"1\"".to_owned())]);
        let comments: Vec<_> = rust.comments.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(comments, [(1, "// z \"q\""), (2, "/* a"), (3, "/* b */ c */")]);
        assert!(!rust.code.contains("SELECT") && !rust.code.contains('z') && rust.code.contains("let d"));
        assert_eq!(rust.code.lines().count(), 3);
    }

    #[test]
    fn a_lifetime_is_no_character() {
        let rust = Rust::cut("fn f<'a>(x: &'a str) -> char { '\\'' }\nlet after = \"kept\";");
        assert_eq!(rust.strings, [(2, "kept".to_owned())]);
    }

    #[test]
    fn unit_tests_are_known_by_their_lines() {
        let rust = Rust::cut("fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n");
        let marked: Vec<usize> = (1..=6).filter(|line| rust.is_test(*line)).collect();
        assert_eq!(marked, [2, 3, 4, 5]);
    }
}
