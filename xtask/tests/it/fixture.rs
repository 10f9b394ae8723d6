//! A house of empty crates on disk, with the arrows of the real one, and ways to break it.

use std::path::PathBuf;
use std::process::Command;

/// A workspace of its own, removed at the end.
pub(crate) struct Fixture {
    root: PathBuf,
}

/// What tidy said.
pub(crate) struct Verdict {
    pub(crate) passed: bool,
    pub(crate) text: String,
}

impl Verdict {
    /// The names of the rules that were reported, each once.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let mut rules: Vec<&str> =
            self.text.lines().filter_map(|line| Some(line.strip_prefix("tidy [")?.split_once(']')?.0)).collect();
        rules.dedup();
        rules
    }
}

impl Fixture {
    /// A house in which every rule holds.
    pub(crate) fn healthy(name: &str) -> Fixture {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("tidy-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        let fixture = Fixture { root };
        fixture
            .write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\nexclude = [\"others\"]\n");
        fixture.write("deny.toml", DENY);
        for (name, uses) in CRATES {
            let package = package(name);
            let mut manifest = manifest(&package, "0.1.0", "MIT OR Apache-2.0");
            for used in *uses {
                manifest.push_str(&format!(
                    "{used} = {{ package = \"{0}\", path = \"../{used}\" }}\n",
                    self::package(used)
                ));
            }
            fixture.write(&format!("crates/{name}/Cargo.toml"), &manifest);
            fixture.write(&format!("crates/{name}/src/lib.rs"), MODULE_COMMENT);
        }
        fixture
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.root.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder for the fixture");
        std::fs::write(file, text).expect("a file of the fixture");
    }

    /// Adds to a file.
    pub(crate) fn append(&self, path: &str, text: &str) {
        let before = std::fs::read_to_string(self.root.join(path)).expect("a file of the fixture");
        self.write(path, &(before + text));
    }

    /// Puts a crate of others beside the workspace.
    pub(crate) fn other(&self, folder: &str, name: &str, version: &str, licence: &str) {
        self.write(&format!("others/{folder}/Cargo.toml"), &manifest(name, version, licence));
        self.write(&format!("others/{folder}/src/lib.rs"), "");
    }

    /// Lets a crate of ours use one of others.
    pub(crate) fn uses(&self, user: &str, folder: &str, name: &str) {
        let line = format!("{folder} = {{ package = \"{name}\", path = \"../../others/{folder}\" }}\n");
        self.append(&format!("crates/{user}/Cargo.toml"), &line);
    }

    /// Runs `cargo xtask tidy` on it.
    pub(crate) fn tidy(&self) -> Verdict {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["tidy", "--root"]).arg(&self.root).env("CARGO_NET_OFFLINE", "true");
        let output = command.output().expect("xtask starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        Verdict { passed: output.status.success(), text }
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

fn package(name: &str) -> String {
    if name == "vestibule" { name.to_owned() } else { format!("vestibule-{name}") }
}

fn manifest(name: &str, version: &str, licence: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\nlicense = \"{licence}\"\n\n[dependencies]\n"
    )
}

const MODULE_COMMENT: &str = "//! What it owns.\n//! What it uses.\n//! What it must never do.\n";

const CRATES: &[(&str, &[&str])] = &[
    ("jose", &[]),
    ("oidc", &["jose"]),
    ("store", &["oidc"]),
    ("idp", &["store", "oidc", "jose"]),
    ("web", &["idp", "oidc", "jose"]),
    ("vestibule", &["web", "idp", "store", "oidc", "jose"]),
    ("samples", &[]),
];

const DENY: &str = "\
# - axum: a reason
# - twin: a reason
# - openssl: a reason
# - rsa: a reason
# - wrapper: a reason
# - helper: a reason

[licenses]
allow = [\"MIT\", \"Apache-2.0\"]

[bans]
deny = [
    { crate = \"openssl\", reason = \"a reason\" },
    { crate = \"rsa\", wrappers = [\"wrapper\"], reason = \"a reason\" },
]
";
