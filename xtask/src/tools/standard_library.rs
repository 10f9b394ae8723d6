//! Where the standard library for the browser's target comes from: the toolchain has it, rustup brings it, or Debian's
//! own compiler builds it from source.

use super::TARGET;
use crate::command::{Run, which};
use crate::test::debian;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Who compiles the module.
#[derive(Debug)]
pub(crate) enum Route {
    /// The active toolchain, which has the target's standard library.
    Toolchain,
    /// Debian's compiler, which builds that library first.
    Debian(Debian),
}

/// Debian's packages for the web.
#[derive(Debug)]
pub(crate) struct Debian {
    pub(crate) cargo: PathBuf,
    rustc: PathBuf,
    linker: PathBuf,
}

impl Route {
    /// A short name, for a folder: what one compiler has built the other cannot use.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Route::Toolchain => "toolchain",
            Route::Debian(_) => "debian",
        }
    }

    /// What cargo must be told besides.
    pub(crate) fn arguments(&self) -> &'static [&'static str] {
        match self {
            Route::Toolchain => &[],
            Route::Debian(_) => &["-Z", "build-std=std,panic_abort"],
        }
    }
}

impl Debian {
    /// The compiler, permission for `-Z`, and the linker.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        vec![
            ("RUSTC".to_owned(), shown(&self.rustc)),
            ("RUSTC_BOOTSTRAP".to_owned(), "1".to_owned()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER".to_owned(), shown(&self.linker)),
        ]
    }

    fn find() -> Option<Debian> {
        // Debian keeps a compiler that is newer than its own release apart from it.
        let program =
            |name: &str| [format!("{name}-web"), name.to_owned()].into_iter().find_map(|n| owned_by_debian(&n));
        let linker = which(&["wasm-ld-19", "wasm-ld"])?;
        Path::new(SOURCE).exists().then_some(())?;
        Some(Debian { cargo: program("cargo")?, rustc: program("rustc")?, linker })
    }
}

/// Finds the first route that leads to the module, and makes one where there is none.
/// `VESTIBULE_TOOLS_ROUTE` (`toolchain`, `rustup`, `debian`) insists on one.
pub(crate) fn find(root: &Path) -> Result<Route> {
    let wanted = std::env::var("VESTIBULE_TOOLS_ROUTE").unwrap_or_default();
    let may = |route: &str| wanted.is_empty() || wanted == route;
    if may("toolchain") && toolchain_has_it(root) {
        return Ok(Route::Toolchain);
    }
    if may("rustup") && which(&["rustup"]).is_some() {
        println!("tools: the toolchain has no standard library for {TARGET}; asking rustup for it");
        let added = Run::new(root, "rustup", &["target", "add", TARGET]).loudly();
        if added.is_ok() && toolchain_has_it(root) {
            return Ok(Route::Toolchain);
        }
    }
    if may("debian") {
        if Debian::find().is_none() && which(&["apt-get"]).is_some() && debian::is_root() {
            println!("tools: rustup cannot bring it; taking Debian's compiler");
            debian::apt_get(PACKAGES)?;
        }
        if let Some(debian) = Debian::find() {
            return Ok(Route::Debian(debian));
        }
    }
    bail!(
        "there is no standard library for {TARGET}; run `rustup target add {TARGET}`, or on Debian, as root, \
         `apt-get install {}`",
        PACKAGES.join(" ")
    )
}

/// Whether the compiler that cargo uses has the library.
fn toolchain_has_it(root: &Path) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = Run::new(root, rustc, &["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(folder) = folder else { return false };
    let files = std::fs::read_dir(folder.trim()).into_iter().flatten().flatten();
    files.map(|file| file.file_name()).any(|name| name.to_string_lossy().starts_with("libstd-"))
}

/// Debian's program of this name; a rustup of one's own stands before it on `PATH`.
fn owned_by_debian(name: &str) -> Option<PathBuf> {
    let path = Path::new("/usr/bin").join(name);
    path.is_file().then_some(path)
}

const PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
const SOURCE: &str = "/usr/src";
