//! `tools`: the pages of the token tools as static files.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use web::look::Brand;
use web::tools::Module;

use super::{Verdict, say};

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct Tools {
    /// The folder, which is made where it is missing; files of the same names are replaced.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes the folder, which works from any web server and from a disk.
pub(crate) fn run(tools: &Tools) -> anyhow::Result<Verdict> {
    let module = MODULE.context("this build has no tools for the browser; build it with cargo xtask demo")?;
    let files = web::tools::files(&Brand::default(), module);
    for file in &files {
        let path = tools.out.join(&file.path);
        let folder = path.parent().unwrap_or(&tools.out);
        let advice = || format!("cannot write {}; choose another folder with --out", path.display());
        fs::create_dir_all(folder).with_context(advice)?;
        fs::write(&path, &file.bytes).with_context(advice)?;
    }
    say(&format!("{} files in {}; open index.html there", files.len(), tools.out.display()))?;
    Ok(Verdict::Done)
}

/// The tools in the browser, where they were built in.
pub(crate) const MODULE: Option<Module> = include!(concat!(env!("OUT_DIR"), "/module.rs"));
