//! `cargo xtask tools`: the token tools for the browser. Builds the WebAssembly module, packs it for the pages, and with
//! `--out DIR` writes the pages as static files.

mod pack;
mod standard_library;

use crate::command::Run;
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use standard_library::Route;
use std::path::{Path, PathBuf};

/// Builds the module; with `--out DIR` also the folder.
pub(crate) fn main(arguments: &[String]) -> Result<()> {
    let project = Project::find()?;
    let out = match arguments {
        [] => None,
        [flag, folder] if flag == "--out" => Some(folder.as_str()),
        [both] if both.starts_with("--out=") => both.strip_prefix("--out="),
        _ => bail!("tools takes no arguments except --out DIR"),
    };
    let Some(out) = out.filter(|out| !out.is_empty()) else {
        let module = build(&project)?;
        println!("a build with {VARIABLE}={} has them in its pages", module.display());
        return Ok(());
    };
    project.build_release()?;
    write(&project, &std::env::current_dir()?.join(out))
}

/// Writes the folder of the release binary's tools.
pub(crate) fn write(project: &Project, folder: &Path) -> Result<()> {
    let arguments = ["tools".as_ref(), "--out".as_ref(), folder.as_os_str()];
    Run::new(&project.root, project.release("vestibule"), &arguments).loudly()
}

/// Builds the module and gives the folder in which it lies, packed, for `VESTIBULE_TOOLS`.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    let route = standard_library::find(&project.root)?;
    let target = project.tools().join("web").join(route.name());
    let module = compile(project, &route, &target, "tools-wasm")?;
    let unpacker = compile(project, &route, &target, "tools-unpack")?;
    let folder = project.tools().join("web/packed");
    let sizes = pack::pack(&module, &unpacker, &folder)?;
    println!("tools: {sizes}");
    Ok(folder)
}

/// Builds one of the modules. Only what is nothing but a `cdylib` is optimised as a whole, by half a tenth smaller.
fn compile(project: &Project, route: &Route, target: &Path, name: &str) -> Result<PathBuf> {
    let package = format!("vestibule-{name}");
    let manifest = project.root.join("Cargo.toml");
    let mut arguments = vec!["rustc", "--package", &package, "--lib", "--crate-type", "cdylib"];
    arguments.extend(["--profile", "tools", "--target", TARGET, "--manifest-path", text(&manifest)?]);
    arguments.extend(["--target-dir", text(target)?]);
    arguments.extend(route.arguments());
    let run = match route {
        Route::Toolchain => Run::cargo(&project.root, &arguments),
        Route::Debian(debian) => Run::new(&project.root, &debian.cargo, &arguments).envs(&debian.environment()),
    };
    run.env("CARGO_ENCODED_RUSTFLAGS", without_paths(project)).loudly()?;
    Ok(target.join(TARGET).join("tools").join(format!("{}.wasm", package.replace('-', "_"))))
}

/// Where the sources lie on this machine is nobody's business, and its length would be that of every module.
fn without_paths(project: &Project) -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let registries = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
    let registries = registries.into_iter().flatten().flatten().map(|entry| (entry.path(), "r"));
    let remapped = [(project.root.clone(), ".")].into_iter().chain(registries);
    let flags = remapped.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    // The separator of cargo's own encoding.
    flags.collect::<Vec<_>>().join("\u{1f}")
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{} is no text, which cargo's arguments must be", path.display()))
}

/// Tells the build of `vestibule` where the packed module lies.
pub(crate) const VARIABLE: &str = "VESTIBULE_TOOLS";
/// The target without an operating system.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
