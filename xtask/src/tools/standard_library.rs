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

    /// What of it lies below `root`, which is the machine's own.
    fn find(root: &Path) -> Option<Debian> {
        let bin = root.join("usr/bin");
        let first = |names: &[String]| names.iter().map(|name| bin.join(name)).find(|path| path.is_file());
        // Debian keeps a compiler that is newer than its own release apart from it.
        let program = |name: &str| first(&[format!("{name}-web"), name.to_owned()]);
        let linker = first(&["wasm-ld-19".to_owned(), "wasm-ld".to_owned()])?;
        let sources = std::fs::read_dir(root.join("usr/src")).ok()?;
        sources.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("rustc-")).then_some(())?;
        Some(Debian { cargo: program("cargo")?, rustc: program("rustc")?, linker })
    }
}

/// What a machine has and lets be done.
trait Machine {
    /// Whether the active toolchain has the library.
    fn toolchain_has_it(&self) -> bool;
    /// Asks rustup for it; false where there is no rustup, or it has none.
    fn rustup_brings_it(&self) -> bool;
    /// Debian's compiler, where it is installed.
    fn debian(&self) -> Option<Debian>;
    /// Installs Debian's compiler; false where that cannot be.
    fn install_debian(&self) -> Result<bool>;
}

/// Finds the first route that leads to the module, and makes one where there is none.
/// `VESTIBULE_TOOLS_ROUTE` (`toolchain`, `rustup`, `debian`) insists on one.
pub(crate) fn find(root: &Path) -> Result<Route> {
    let wanted = std::env::var("VESTIBULE_TOOLS_ROUTE").unwrap_or_default();
    choose(&ThisMachine { root }, &wanted)
}

fn choose(machine: &impl Machine, wanted: &str) -> Result<Route> {
    let may = |route: &str| wanted.is_empty() || wanted == route;
    if may("toolchain") && machine.toolchain_has_it() {
        return Ok(Route::Toolchain);
    }
    if may("rustup") && machine.rustup_brings_it() && machine.toolchain_has_it() {
        return Ok(Route::Toolchain);
    }
    if may("debian") {
        let there = match machine.debian() {
            Some(debian) => Some(debian),
            None if machine.install_debian()? => machine.debian(),
            None => None,
        };
        if let Some(debian) = there {
            return Ok(Route::Debian(debian));
        }
    }
    bail!(
        "there is no standard library for {TARGET}; run `rustup target add {TARGET}`, or on Debian, as root, \
         `apt-get install {}`",
        PACKAGES.join(" ")
    )
}

struct ThisMachine<'a> {
    root: &'a Path,
}

impl Machine for ThisMachine<'_> {
    fn toolchain_has_it(&self) -> bool {
        toolchain_has_it(self.root)
    }

    fn rustup_brings_it(&self) -> bool {
        which(&["rustup"]).is_some() && {
            println!("tools: the toolchain has no standard library for {TARGET}; asking rustup for it");
            Run::new(self.root, "rustup", &["target", "add", TARGET]).loudly().is_ok()
        }
    }

    fn debian(&self) -> Option<Debian> {
        Debian::find(Path::new("/"))
    }

    fn install_debian(&self) -> Result<bool> {
        if which(&["apt-get"]).is_none() || !debian::is_root() {
            return Ok(false);
        }
        println!("tools: rustup cannot bring it; taking Debian's compiler");
        debian::apt_get(PACKAGES).map(|()| true)
    }
}

/// Whether the compiler that cargo uses has the library.
fn toolchain_has_it(root: &Path) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = Run::new(root, rustc, &["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(folder) = folder else { return false };
    let files = std::fs::read_dir(folder.trim()).into_iter().flatten().flatten();
    files.map(|file| file.file_name()).any(|name| name.to_string_lossy().starts_with("libstd-"))
}

const PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

#[cfg(test)]
mod tests {
    use super::{Debian, Machine, PACKAGES, Route, choose};
    use anyhow::Result;
    use std::cell::RefCell;
    use std::path::{Path, PathBuf};

    /// A machine that has what is named, and remembers what it was asked to do.
    #[derive(Default)]
    struct Imagined {
        toolchain: bool,
        rustup: bool,
        debian: bool,
        installs: bool,
        done: RefCell<Vec<&'static str>>,
    }

    impl Machine for Imagined {
        fn toolchain_has_it(&self) -> bool {
            self.toolchain || (self.rustup && self.done.borrow().contains(&"rustup"))
        }

        fn rustup_brings_it(&self) -> bool {
            self.done.borrow_mut().push("rustup");
            self.rustup
        }

        fn debian(&self) -> Option<Debian> {
            let there = self.debian || (self.installs && self.done.borrow().contains(&"apt"));
            let path = || PathBuf::from("x");
            there.then(|| Debian { cargo: path(), rustc: path(), linker: path() })
        }

        fn install_debian(&self) -> Result<bool> {
            self.done.borrow_mut().push("apt");
            Ok(self.installs)
        }
    }

    fn way(machine: &Imagined, wanted: &str) -> (&'static str, Vec<&'static str>) {
        let route = choose(machine, wanted).map_or("none", |route| route.name());
        (route, machine.done.take())
    }

    #[test]
    fn the_first_way_that_leads_there_is_taken() {
        let all = Imagined { toolchain: true, rustup: true, debian: true, ..Imagined::default() };
        assert_eq!(way(&all, ""), ("toolchain", vec![]));
        assert_eq!(way(&all, "rustup"), ("toolchain", vec!["rustup"]));
        assert_eq!(way(&all, "debian"), ("debian", vec![]));
        let rustup = Imagined { rustup: true, debian: true, ..Imagined::default() };
        assert_eq!(way(&rustup, ""), ("toolchain", vec!["rustup"]));
        assert_eq!(way(&rustup, "toolchain"), ("none", vec![]));
        let debian = Imagined { debian: true, ..Imagined::default() };
        assert_eq!(way(&debian, ""), ("debian", vec!["rustup"]));
        let fresh = Imagined { installs: true, ..Imagined::default() };
        assert_eq!(way(&fresh, ""), ("debian", vec!["rustup", "apt"]));
        assert_eq!(way(&Imagined::default(), ""), ("none", vec!["rustup", "apt"]));
        let message = choose(&Imagined::default(), "").expect_err("no way").to_string();
        assert!(PACKAGES.iter().all(|package| message.contains(package)) && message.contains("rustup target add"));
    }

    /// A source of another thing in `/usr/src`, such as the kernel's headers, is not the compiler's.
    #[test]
    fn debians_compiler_is_whole_or_not_there() {
        let root = std::env::temp_dir().join(format!("xtask-debian-{}", std::process::id()));
        let put = |path: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
            std::fs::write(path, "").expect("a file");
        };
        for file in
            ["usr/bin/cargo", "usr/bin/rustc", "usr/bin/rustc-web", "usr/bin/cargo-web", "usr/src/linux-headers/x"]
        {
            put(file);
        }
        assert!(Debian::find(&root).is_none(), "no linker");
        put("usr/bin/wasm-ld-19");
        assert!(Debian::find(&root).is_none(), "no source");
        put("usr/src/rustc-1.96.0/x.py");
        let found = Debian::find(&root).expect("whole");
        assert_eq!((found.cargo, found.rustc), (root.join("usr/bin/cargo-web"), root.join("usr/bin/rustc-web")));
        let environment = Debian::find(&root).expect("whole").environment();
        assert!(environment.iter().any(|(name, value)| name == "RUSTC" && value.ends_with("rustc-web")));
        assert_eq!(Route::Debian(Debian::find(&root).expect("whole")).arguments(), ["-Z", "build-std=std,panic_abort"]);
        std::fs::remove_dir_all(&root).expect("removed");
    }
}
