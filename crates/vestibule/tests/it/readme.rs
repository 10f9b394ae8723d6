//! What the documents say can be done as it stands there.
//!
//! Every block marked `sh` of the README and of the book is run. All blocks of one page run in their order in one empty
//! directory, as somebody does who reads down the page. Three things differ from there: port 8080 is a free one,
//! `vestibule serve` goes on in the background to the page's end, and lines of cargo are looked up, not run. A block
//! marked `console` is shown and not run; one marked `toml` is a configuration that must be accepted.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program::{done, fresh};

#[test]
fn every_command_of_the_readme_and_the_book_works() {
    for page in pages() {
        let lines = blocks(&page.text, "sh").join("\n");
        let (cargo, commands): (Vec<_>, Vec<_>) = lines.lines().partition(|line| line.starts_with("cargo "));
        cargo.iter().for_each(|line| look_up(line));
        run(&page.name, &commands.join("\n"));
    }
}

#[test]
fn every_configuration_that_is_shown_is_accepted() {
    for page in pages() {
        for (number, text) in blocks(&page.text, "toml").iter().enumerate() {
            let directory = fresh(&format!("readme-toml-{}-{number}", page.name));
            std::fs::write(directory.join("vestibule.toml"), text).expect("written");
            assert_eq!(done(&directory, &["config", "check"]), "the configuration is good\n", "{}", page.name);
        }
    }
}

#[test]
fn links_lead_to_files_and_pictures_are_those_that_are_taken() {
    let script = std::fs::read_to_string(root().join("tests/browser/screenshots.mjs")).expect("the script");
    let taken = script.lines().find(|line| line.starts_with("const README")).expect("the list of pictures");
    for page in pages() {
        let folder = page.path.parent().expect("a folder");
        for target in page.text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let here = target.is_empty() || target.contains("://") || folder.join(target).exists();
            assert!(here, "{} links to {target}, which is not there", page.name);
        }
        for picture in page.text.split("docs/screenshots/").skip(1).filter_map(|rest| rest.split(".png").next()) {
            let name = picture.trim_end_matches("-dark");
            assert!(taken.contains(&format!("'{name}'")), "{} shows {picture}, which nobody takes", page.name);
        }
    }
}

/// Each way in of the decision page has a guide with a drawing and with code for iOS, Android and the web; the drawings are
/// readable by night, too.
#[test]
fn each_way_in_has_a_guide() {
    let read = |path: &str| std::fs::read_to_string(root().join("docs/book").join(path)).expect("a page");
    let ways = read("ways.md");
    let (_, table) = ways.split_once("## The ways, side by side").expect("the table of the ways");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| [")?.split_once("](")?.1.split_once(')'));
    let guides: Vec<_> = rows.map(|(guide, _)| guide).collect();
    assert_eq!(guides.len(), 7, "{guides:?}");
    for guide in guides {
        let text = read(guide);
        let drawing = text.split("](drawings/").nth(1).and_then(|rest| rest.split(')').next());
        let drawing = read(&format!("drawings/{}", drawing.unwrap_or_else(|| panic!("{guide} has no drawing"))));
        assert!(drawing.contains("<title") && drawing.contains("prefers-color-scheme:dark"), "{guide}");
        for language in ["swift", "kotlin", "js"] {
            // A web client has no part in a container, which the guide says.
            let without = guide == "shared-container.md" && text.contains("**The web** has no part in this");
            assert!(!blocks(&text, language).is_empty() || (language == "js" && without), "{guide} has no {language}");
        }
        assert!(ways.matches(guide).count() > 1, "the decision does not lead to {guide}");
    }
}

/// The map names files, and right behind a file the function in it: `file` `function`.
#[test]
fn the_map_names_what_is_there() {
    let map = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("the map").replace('\n', " ");
    let pieces: Vec<_> = map.split('`').collect();
    let mut functions = 0;
    for (at, file) in pieces.iter().enumerate().skip(1).step_by(2) {
        if !file.ends_with(".rs") || !file.contains('/') {
            continue;
        }
        let text = std::fs::read_to_string(root().join("crates").join(file));
        let text = text.or_else(|_| std::fs::read_to_string(root().join(file)));
        let text = text.unwrap_or_else(|_| panic!("there is no file {file}"));
        if let [" ", function] = pieces.get(at + 1..at + 3).unwrap_or_default() {
            // A generic one has its parameters before the parenthesis.
            let there = ["(", "<"].iter().any(|next| text.contains(&format!("fn {function}{next}")));
            assert!(there, "{file} has no function {function}");
            functions += 1;
        }
    }
    assert!(functions > 20, "{functions}");
}

#[test]
fn every_error_code_is_explained() {
    let codes = std::fs::read_to_string(root().join("crates/oidc/src/error.rs")).expect("the codes");
    let page = std::fs::read_to_string(root().join("docs/book/errors.md")).expect("the page");
    let codes =
        codes.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \"")?.1.split('"').next());
    let missing: Vec<_> = codes.filter(|code| !page.contains(&format!("`{code}`"))).collect();
    // RFC 7009 §2.2.1 has it; every type of token can be revoked here.
    assert_eq!(missing, ["unsupported_token_type"]);
}

/// A page with its name and text.
struct Page {
    name: String,
    path: PathBuf,
    text: String,
}

fn pages() -> Vec<Page> {
    let mut paths = vec![root().join("README.md")];
    let book = std::fs::read_dir(root().join("docs/book")).expect("the book");
    paths.extend(book.map(|entry| entry.expect("an entry").path()).filter(|path| path.extension().is_some()));
    paths.sort();
    let page = |path: PathBuf| {
        let name = path.strip_prefix(root()).expect("below the root").with_extension("");
        let name = name.display().to_string().replace('/', "-");
        let text = std::fs::read_to_string(&path).expect("a page");
        Page { name, path, text }
    };
    paths.into_iter().map(page).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The fenced blocks that are marked so, without a common indentation.
fn blocks(text: &str, mark: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else { continue };
        let indent = line.len() - line.trim_start().len();
        let inside = lines.by_ref().take_while(|line| line.trim_start() != "```");
        let block: Vec<_> = inside.map(|line| line.get(indent..).unwrap_or_default()).collect();
        if info == mark {
            found.push(block.join("\n"));
        }
    }
    found
}

/// A command of cargo: one of xtask's, or an installation of a package that is there.
fn look_up(line: &str) {
    let words: Vec<_> = line.split_whitespace().collect();
    match words.as_slice() {
        ["cargo", "xtask", name, ..] => {
            let help = std::fs::read_to_string(root().join("xtask/src/help.rs")).expect("the help");
            assert!(help.contains(&format!("    cargo xtask {name} ")), "`cargo xtask help` knows no {name}");
        }
        ["cargo", "install", .., "--path", path] => assert!(root().join(path).join("Cargo.toml").exists(), "{line}"),
        _ => panic!("nobody knows whether this works: {line}"),
    }
}

#[allow(clippy::disallowed_methods, reason = "the shell finds the machine's own tools where everybody does")]
fn run(name: &str, commands: &str) {
    let directory = fresh(&format!("readme-{name}"));
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port().to_string();
    let script = directory.with_extension("sh");
    std::fs::write(&script, format!("{PREAMBLE}{}\n", commands.replace("8080", &port))).expect("written");
    let ours = Path::new(env!("CARGO_BIN_EXE_vestibule")).parent().expect("a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    // What `vestibule` is given by the one who runs the tests, it is not given here either.
    shell.env_clear().env("PATH", format!("{ours}:{path}")).env("HOME", &directory);
    shell.env("VESTIBULE_LISTEN", format!("127.0.0.1:{port}"));
    let output = shell.arg("-e").arg(&script).current_dir(&directory).stdin(Stdio::null()).output().expect("sh runs");
    let [out, said] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{name}: {}\n{out}\n{said}", output.status);
}

/// `serve` in the background; a second one takes the place of the first. From `set -v` on, what is run is shown.
const PREAMBLE: &str = r#"
vestibule() {
    case " $* " in
    *" serve "*)
        stop
        command vestibule "$@" > ../serve.$$ 2> serve.log &
        server=$!
        until grep -qs '^listening on ' ../serve.$$; do
            kill -0 "$server" || { cat serve.log >&2; exit 1; }
            sleep 0.1
        done
        ;;
    *) command vestibule "$@" ;;
    esac
}
stop() {
    [ -z "$server" ] || { kill "$server"; wait "$server" || true; }
    server=
}
server=
trap 'stop; rm -f ../serve.$$' EXIT
set -v
"#;
