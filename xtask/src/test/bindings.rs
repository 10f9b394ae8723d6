//! `vestibule-native` for other languages (`crates/native/bindings`, a workspace of its own): what is generated is current, and
//! it runs where a compiler is at hand.

use super::{Tools, kotlin};
use crate::command::{Run, which};
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where everything lies.
struct Bindings {
    folder: PathBuf,
    target: PathBuf,
}

/// `cargo xtask bindings`: writes what is generated into the work tree.
pub(crate) fn main(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("bindings takes no arguments");
    }
    let bindings = Bindings::of(&Project::find()?);
    bindings.build()?;
    bindings.generate(&bindings.folder.join("generated"), COMMITTED)
}

/// The stage's part.
pub(crate) fn run(project: &Project) -> Result<()> {
    let bindings = Bindings::of(project);
    bindings.build()?;
    bindings.cargo(&["test", "--lib", "--test", "it"])?;
    bindings.is_current()?;
    bindings.swift_read(project)?;
    let mut apps = BTreeMap::from([("python", bindings.python(project)?)]);
    match kotlin::find(project) {
        Some(compiler) => drop(apps.insert("kotlin", bindings.kotlin(project, &compiler)?)),
        None => println!("bindings: no Kotlin compiler is at hand (Java, its JNA and npm's kotlin-compiler)"),
    }
    match which(&["swiftc"]) {
        Some(swiftc) => bindings.swift(project, &swiftc)?,
        None => println!("bindings: no Swift compiler is at hand"),
    }
    let tools = Tools::find(project)?;
    let arguments = ["--test", "--test-reporter=spec", "--test-timeout=120000"];
    let run = Run::new(&project.root.join("tests/bindings"), &tools.node, &arguments);
    let run = run.envs(&tools.environment(project)).env("PYTHONPATH", bindings.target.join("generated/python"));
    run.env("VESTIBULE_BINDINGS", serde_json::to_string(&apps)?).loudly()
}

impl Bindings {
    fn of(project: &Project) -> Bindings {
        Bindings { folder: project.root.join("crates/native/bindings"), target: project.target.join("bindings") }
    }

    /// The library, and the program that reads from it what there is to generate.
    fn build(&self) -> Result<()> {
        self.cargo(&["build"])
    }

    fn cargo(&self, command: &[&str]) -> Result<()> {
        let target = self.target.display().to_string();
        let rest = ["--locked", "--features", "generate", "--target-dir", &target];
        Run::cargo(&self.folder, &[command, &rest].concat()).loudly()
    }

    fn generate(&self, into: &Path, languages: &[&str]) -> Result<()> {
        let (library, into) = (self.library().display().to_string(), into.display().to_string());
        let arguments = [&[library.as_str(), into.as_str()], languages].concat();
        let generator = format!("generate{}", std::env::consts::EXE_SUFFIX);
        Run::new(&self.folder, self.target.join("debug").join(generator), &arguments).loudly()
    }

    /// What is committed is what the library says today.
    fn is_current(&self) -> Result<()> {
        let fresh = self.target.join("generated");
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh)?;
        }
        self.generate(&fresh, &[COMMITTED, &["python"]].concat())?;
        for language in COMMITTED {
            let committed = files(&self.folder.join("generated").join(language))?;
            if committed != files(&fresh.join(language))? {
                bail!("the {language} in crates/native/bindings/generated is not current; run `cargo xtask bindings`");
            }
        }
        Ok(())
    }

    /// The command that starts an app in Python; the library lies beside the generated code, where that looks for it.
    fn python(&self, project: &Project) -> Result<Vec<String>> {
        let library = self.library();
        let name = library.file_name().context("the library has a name")?;
        std::fs::copy(&library, self.target.join("generated/python").join(name))?;
        let python = Tools::find(project)?.python;
        Ok(vec![shown(&python), shown(&project.root.join("tests/bindings/app.py"))])
    }

    /// The same in Kotlin, compiled.
    fn kotlin(&self, project: &Project, compiler: &kotlin::Kotlin) -> Result<Vec<String>> {
        let generated = self.folder.join("generated/kotlin");
        let [app, owner] = ["App.kt", "Owner.kt"].map(|name| project.root.join("tests/bindings").join(name));
        let classes = compiler.compile(&self.target.join("kotlin"), &[&generated, &app, &owner])?;
        let library = format!("-Djna.library.path={}", shown(&self.target.join("debug")));
        let arguments = ["-cp", &classes, &library, "AppKt"];
        Ok([shown(&compiler.java)].into_iter().chain(arguments.map(str::to_owned)).collect())
    }

    /// Whether what is generated, the app and what the book shows is Swift at all, and whether these two use what is generated as
    /// it is: a grammar is at hand where no compiler is.
    fn swift_read(&self, project: &Project) -> Result<()> {
        let book = project.root.join("docs/book");
        let pages = files(&book)?.into_keys().filter(|page| page.extension().is_some_and(|name| name == "md"));
        let texts = [shown(&self.folder.join(SWIFT)), shown(&project.root.join(SWIFT_APP))];
        let texts: Vec<String> = texts.into_iter().chain(pages.map(|page| shown(&book.join(page)))).collect();
        let tools = Tools::find(project)?;
        for script in ["tests/bindings/swift_syntax.py", "tests/bindings/swift_names.py"] {
            let arguments: Vec<&str> = [script].into_iter().chain(texts.iter().map(String::as_str)).collect();
            Run::new(&project.root, &tools.python, &arguments).envs(&tools.environment(project)).loudly()?;
        }
        Ok(())
    }

    /// Swift is looked at by its compiler; what it runs on differs too much to be run here. The app needs Apple's frameworks.
    fn swift(&self, project: &Project, swiftc: &Path) -> Result<()> {
        let folder = self.folder.join("generated/swift");
        let map = format!("-fmodule-map-file={}", shown(&folder.join("VestibuleFFI.modulemap")));
        let app = cfg!(target_os = "macos").then(|| shown(&project.root.join(SWIFT_APP)));
        let arguments = ["-typecheck", "-parse-as-library", "-I", ".", "-Xcc", &map, "Vestibule.swift"];
        let arguments: Vec<&str> = arguments.into_iter().chain(app.as_deref()).collect();
        Run::new(&folder, swiftc, &arguments).loudly()
    }

    fn library(&self) -> PathBuf {
        let (before, after) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        self.target.join("debug").join(format!("{before}vestibule_native_bindings{after}"))
    }
}

/// The texts below a folder, by their names.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false => {
                    let name = entry.path().strip_prefix(folder)?.to_owned();
                    found.insert(name, std::fs::read_to_string(entry.path())?);
                }
            }
        }
    }
    Ok(found)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

const COMMITTED: &[&str] = &["kotlin", "swift"];
const SWIFT: &str = "generated/swift/Vestibule.swift";
const SWIFT_APP: &str = "tests/bindings/App.swift";
