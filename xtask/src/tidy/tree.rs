//! The texts of a work tree, read once; Rust files are cut into code, literals and comments at the same time.

use crate::lexer::Rust;
use anyhow::{Context as _, Result};
use std::path::Path;

/// All texts below a folder, sorted by path.
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
}

/// One text.
pub(crate) struct File {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
    /// Cut apart, where it is Rust.
    pub(crate) rust: Option<Rust>,
}

impl Tree {
    /// Reads everything below `root` except what is built, fetched or not text.
    pub(crate) fn read(root: &Path) -> Result<Tree> {
        let mut files = Vec::new();
        walk(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Tree { files })
    }

    /// The Rust files with their parts.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&File, &Rust)> {
        self.files.iter().filter_map(|file| Some((file, file.rust.as_ref()?)))
    }

    /// The file at `path`.
    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The line of the first line of `path` that `wanted` accepts, or 1.
    pub(crate) fn line_where(&self, path: &str, wanted: impl Fn(&str) -> bool) -> usize {
        self.get(path).and_then(|file| file.text.lines().position(wanted)).map_or(1, |index| index + 1)
    }
}

impl File {
    /// The package the file belongs to, as the table writes it.
    pub(crate) fn package(&self) -> Option<&str> {
        match self.path.split('/').collect::<Vec<_>>().as_slice() {
            ["crates", "testkit", "macros", _, ..] => Some("testkit-macros"),
            ["crates", "toolbox", "wasm", _, ..] => Some("tools-wasm"),
            ["crates", "toolbox", "unpack", _, ..] => Some("tools-unpack"),
            // The generator is a developer's command.
            ["crates", "native", "bindings", "src", "bin", _] => Some("xtask"),
            ["crates", name, _, ..] => Some(name),
            ["xtask", "bench" | "bench-jose", _, ..] => Some("bench"),
            ["xtask", "bench-parts", _, ..] => Some("bench-parts"),
            ["xtask", _, ..] => Some("xtask"),
            _ => None,
        }
    }

    /// Whether the whole file is test code, or code that only tests switch on.
    pub(crate) fn is_test(&self) -> bool {
        ["/tests/", "/tests.rs", "/benches/", "/test_support/", "/test_support.rs"]
            .iter()
            .any(|part| if part.ends_with(".rs") { self.path.ends_with(part) } else { self.path.contains(part) })
    }
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) && !entry.path().join("CACHEDIR.TAG").exists() {
            walk(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let rust = path.ends_with(".rs").then(|| Rust::cut(&text));
            files.push(File { path, text, rust });
        }
    }
    Ok(())
}

/// Folders that hold what was fetched, built or left by a run (those of cargo carry a tag of their own).
const SKIPPED: &[&str] =
    &[".git", "target", "node_modules", ".venv", "__pycache__", "vestibule-demo", "vestibule-data"];
