//! One definition, many faces: help, completions and the manual name every command.

use crate::program::{command, done, fresh};

#[test]
fn every_command_has_help_with_an_example() {
    let directory = fresh("help");
    let mut seen = Vec::new();
    walk(&directory, &[], &mut seen);
    assert!(seen.iter().any(|path| path == "client rotate-secret"), "{seen:?}");
    let manual = done(&directory, &["man"]);
    let completions = done(&directory, &["completions", "bash"]);
    for path in seen {
        assert!(manual.contains(&path.replace('-', "\\-")), "the manual has no {path}");
        let last = path.rsplit(' ').next().unwrap_or_default();
        assert!(completions.contains(last), "bash does not know {path}");
    }
    assert!(manual.starts_with(".ie") || manual.contains(".TH vestibule 1"), "{}", &manual[..200]);
    for shell in ["zsh", "fish"] {
        assert!(done(&directory, &["completions", shell]).contains("rotate-secret"), "{shell}");
    }
}

/// All commands below `path`, each of which must say how it is used.
fn walk(directory: &std::path::Path, path: &[String], seen: &mut Vec<String>) {
    let output = command(directory).args(path).arg("--help").output().expect("the binary runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{path:?}");
    if !path.is_empty() {
        assert!(text.contains("Example: vestibule "), "{path:?} has no example\n{text}");
        seen.push(path.join(" "));
    }
    let Some((_, rest)) = text.split_once("Commands:\n") else { return };
    for line in rest.lines().take_while(|line| !line.is_empty()) {
        // A command's name is indented by two; what wraps is indented further.
        let Some(name) = line.strip_prefix("  ").filter(|line| !line.starts_with(' ')) else { continue };
        let name = name.split_whitespace().next().unwrap_or_default();
        if name != "help" {
            walk(directory, &[path, &[name.to_owned()]].concat(), seen);
        }
    }
}
