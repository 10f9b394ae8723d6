//! Configuration: `vestibule.toml`, then the environment, then the command line; the later wins.

mod fault;
mod file;
mod files;
mod keys;
mod kind;
mod settings;
mod show;
mod template;
mod typed;

use std::path::{Path, PathBuf};

pub(crate) use fault::{Fault, Origin};
pub(crate) use settings::Settings;
pub(crate) use show::{View, run};
pub(crate) use template::commented;

use crate::environment;

/// What the command line says in place of the file.
pub(crate) type Overrides<'a> = &'a [(&'static str, &'static str, Option<String>)];

/// Reads everything that was given. `overrides` are (key, option, value).
pub(crate) fn load(file: Option<&Path>, overrides: Overrides<'_>) -> Result<Settings, Fault> {
    let mut settings = Settings::default();
    if let Some(path) = which_file(file) {
        let text = std::fs::read_to_string(&path).map_err(|error| Fault::Unreadable { path: path.clone(), error })?;
        file::read(&text, &path, &mut settings)?;
    }
    for key in keys::KEYS {
        let variable = key.variable();
        if let Some(text) = environment::variable(&variable) {
            settings.set(key, text, Origin::Environment(variable))?;
        }
    }
    settings.set_all(overrides)?;
    settings.check_together()?;
    Ok(settings)
}

/// The defaults and the command line alone, whatever file or environment there is.
pub(crate) fn without_file(overrides: Overrides<'_>) -> Result<Settings, Fault> {
    let mut settings = Settings::default();
    settings.set_all(overrides)?;
    settings.check_together()?;
    Ok(settings)
}

/// CONTRACT §1: the option, else `VESTIBULE_CONFIG`, else `./vestibule.toml` where there is one.
fn which_file(option: Option<&Path>) -> Option<PathBuf> {
    let named = option.map(Path::to_owned).or_else(|| environment::variable("VESTIBULE_CONFIG").map(PathBuf::from));
    named.or_else(|| Some(PathBuf::from("vestibule.toml")).filter(|path| path.exists()))
}
