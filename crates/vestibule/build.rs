//! Builds the tools in the browser in, where `VESTIBULE_TOOLS` names the folder into which `cargo xtask tools` packed them.
#![allow(clippy::disallowed_methods, reason = "a build script is told by the environment")]

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-env-changed={VARIABLE}");
    let module = env::var_os(VARIABLE).filter(|folder| !folder.is_empty()).map(|folder| {
        // A relative folder is meant from the workspace's root, where one builds.
        let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../..");
        let [script, packed] = ["module.js", "module.js.gz"].map(|name| root.join(&folder).join(name));
        for file in [&script, &packed] {
            assert!(file.is_file(), "{} is missing; {VARIABLE} is what `cargo xtask tools` says", file.display());
            println!("cargo:rerun-if-changed={}", file.display());
        }
        format!("Some(web::tools::Module {{ script: include_bytes!({script:?}), packed: include_bytes!({packed:?}) }})")
    });
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("module.rs");
    fs::write(out, module.unwrap_or_else(|| "None".to_owned())).expect("cargo's own folder can be written to");
}

const VARIABLE: &str = "VESTIBULE_TOOLS";
