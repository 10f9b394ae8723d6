//! The commands that build something and hand over to it.

use crate::command::Run;
use crate::project::Project;
use crate::test::{Postgres, Tools, node};
use anyhow::{Context as _, Result, bail};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Builds the release binaries and becomes `vestibule demo`.
pub(crate) fn demo(arguments: &[String]) -> Result<()> {
    let project = Project::find()?;
    project.build_release()?;
    let error = Command::new(project.release("vestibule")).arg("demo").args(arguments).exec();
    Err(error).context("cannot start vestibule")
}

/// Builds the release binary and measures it, or jose alone.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    let project = Project::find()?;
    if let Some((first, rest)) = arguments.split_first()
        && first == "jose"
    {
        return bench_jose(&project, rest);
    }
    project.build_release_and(&[PIECES])?;
    let mut run = vec!["run", "--release", "-p", "vestibule-bench", "--"];
    run.extend(arguments.iter().map(String::as_str));
    let bench = Run::cargo(&project.root, &run).env("VESTIBULE_BIN", project.release("vestibule"));
    bench.env("BENCH_PARTS", project.release(PIECES)).loudly()
}

/// Measures jose, beside whatever of the libraries it is compared with can be had here.
fn bench_jose(project: &Project, arguments: &[String]) -> Result<()> {
    let folder = project.root.join("xtask/bench-jose");
    let target = project.target.display().to_string();
    let mut run = vec!["run", "--release", "--target-dir", &target, "--"];
    run.extend(arguments.iter().map(String::as_str));
    let mut bench = Run::cargo(&folder, &run);
    if Run::new(&project.root, "pkg-config", &["--exists", "openssl"]).succeeds() {
        let josekit = ["build", "--release", "--target-dir", &target, "-p", JOSEKIT];
        Run::cargo(&folder, &josekit).loudly()?;
        bench = bench.env("BENCH_JOSEKIT", project.release(JOSEKIT));
    } else {
        println!("bench: OpenSSL's development files are missing (Debian: libssl-dev pkg-config); no josekit then");
    }
    // A part of the bench is not worth the build of the command, whose HMAC of a file is measured in the whole.
    if !arguments.iter().any(|argument| argument.starts_with("--only") || PARTS.contains(&argument.as_str())) {
        project.build_release()?;
        bench = bench.env("VESTIBULE_BIN", project.release("vestibule"));
    }
    match node_with_jose(project, &folder.join("node")) {
        Ok(node) => bench = bench.env("BENCH_NODE", node),
        Err(error) => println!("bench: {error:#}; no panva/jose then"),
    }
    bench.loudly()
}

/// A Node that is there already, with the packages of `folder` brought to it.
fn node_with_jose(project: &Project, folder: &Path) -> Result<PathBuf> {
    let node = node::find(project)?;
    node::packages(folder)?;
    Ok(node)
}

/// Builds the release binaries and takes the pictures: of every page, and those of the README.
pub(crate) fn screenshots(arguments: &[String]) -> Result<()> {
    let project = Project::find()?;
    let tools = Tools::install(&project)?;
    project.build_release()?;
    let script = [vec!["tests/browser/screenshots.mjs".to_owned()], arguments.to_vec()].concat();
    let run = Run::new(&project.root, &tools.node, &script).envs(&tools.environment(&project));
    run.env("VESTIBULE_PREVIEW", preview(&project)?).loudly()
}

/// Writes a sample of each page in each language, and answers the folder.
fn preview(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("preview");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("the folder of the last preview stays")?;
    }
    // As the tests build it: most of it is there.
    let run = Run::cargo(&project.root, &["run", "--example", "preview"]);
    let mut writer = run.into_command().stdin(Stdio::piped()).spawn().context("cannot start cargo")?;
    writeln!(writer.stdin.take().context("standard input was piped")?, "{}", folder.display())?;
    if !writer.wait()?.success() {
        bail!("the preview of the pages could not be written");
    }
    Ok(folder)
}

/// Runs one command beside a PostgreSQL that ends with it.
pub(crate) fn with_postgres(arguments: &[String]) -> Result<()> {
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let Some((program, rest)) = arguments.split_first() else {
        bail!("with-postgres takes a command, such as `cargo test -p vestibule-store`");
    };
    let postgres = Postgres::start()?;
    Run::new(&std::env::current_dir()?, program, rest).envs(&postgres.environment()).loudly()
}

const PIECES: &str = "vestibule-bench-parts";
const JOSEKIT: &str = "vestibule-bench-josekit";
const PARTS: &[&str] = &["repeat", "hmac", "help", "--help", "-h", "--quick"];
