//! A Kotlin compiler, where Java is at hand: the system's, or the one that npm brings, with the coroutines that generated code
//! needs. JNA, by which it calls the library, is Debian's.

use crate::command::{Run, which};
use crate::project::Project;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// Java, the compiler's folder and JNA.
pub(crate) struct Kotlin {
    /// The virtual machine.
    pub(crate) java: PathBuf,
    home: PathBuf,
    jna: PathBuf,
}

/// Brings the compiler where Java is; elsewhere there is nothing to bring it for.
pub(crate) fn install(project: &Project) -> Result<()> {
    if which(&["java"]).is_none() || home(project).is_dir() {
        return Ok(());
    }
    let folder = folder(project);
    std::fs::create_dir_all(&folder)?;
    println!("setup: taking {PACKAGE} from npm");
    let npm = which(&["npm"]).context("npm is missing")?;
    let prefix = folder.to_string_lossy();
    let arguments = ["install", "--prefix", &prefix, "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE];
    Run::new(&project.root, npm, &arguments).loudly()
}

/// All that it takes, if it is there.
pub(crate) fn find(project: &Project) -> Option<Kotlin> {
    let java = which(&["java"])?;
    let (home, jna) = (home(project), PathBuf::from(JNA));
    (home.is_dir() && jna.is_file()).then_some(Kotlin { java, home, jna })
}

/// Whether JNA is there, or there is no Java that would need it.
pub(crate) fn has_jna() -> bool {
    which(&["java"]).is_none() || Path::new(JNA).is_file()
}

impl Kotlin {
    /// Compiles sources into a folder; answered is the class path to run them by.
    pub(crate) fn compile(&self, into: &Path, sources: &[&Path]) -> Result<String> {
        let library = |name: &str| self.home.join("lib").join(name).display().to_string();
        let needed = [self.jna.display().to_string(), library("kotlinx-coroutines-core-jvm.jar")].join(":");
        let compiler = library("kotlin-compiler.jar");
        let main = ["-Xmx1g", "-cp", &compiler, "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"];
        let shown = into.display().to_string();
        let rest = ["-no-reflect", "-nowarn", "-cp", &needed, "-d", &shown];
        let sources: Vec<String> = sources.iter().map(|source| source.display().to_string()).collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        Run::new(into.parent().unwrap_or(into), &self.java, &[&main[..], &rest, &sources].concat()).loudly()?;
        Ok([shown.clone(), needed, library("kotlin-stdlib.jar")].join(":"))
    }
}

fn home(project: &Project) -> PathBuf {
    folder(project).join("node_modules/kotlin-compiler")
}

fn folder(project: &Project) -> PathBuf {
    project.tools().join("kotlin")
}

const PACKAGE: &str = "kotlin-compiler@2.4.20";
const JNA: &str = "/usr/share/java/jna.jar";
