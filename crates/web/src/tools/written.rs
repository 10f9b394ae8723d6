//! The same pages as files, for any web server, or for none.

use std::borrow::Cow;

use oidc::profile::Theme;

use super::{Module, Place, offline, place};
use crate::look::{Brand, Locale, assets};
use crate::views::{Page, tools as views};

/// One file of the folder.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it lies, relative to the folder, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Cow<'static, [u8]>,
}

/// All pages in all languages, and what they load.
pub fn files(brand: &Brand, module: Module) -> Vec<File> {
    let name = module.name();
    let mut files = vec![
        text("worker.js", offline::worker(&offline::in_folder(&name))),
        text("manifest.webmanifest", offline::manifest(brand, &assets::below("assets/", "favicon.svg"))),
        File { path: format!("assets/{name}"), bytes: Cow::Borrowed(module.script) },
    ];
    for loaded in offline::LOADED {
        let asset = assets::find(assets::url(loaded)).expect("the pages load only what is embedded");
        files.push(File { path: assets::below("assets/", loaded), bytes: asset.into_bytes() });
    }
    for locale in Locale::ALL {
        let at = Place::folder(locale, name.clone());
        let page = Page { locale, brand, theme: Theme::default(), here: None };
        files.push(text(&place::path("", locale), views::List::of(page, &at).render()));
        for name in views::Bench::names() {
            let view = views::Tool::named(name, page, &at).expect("the page has a name");
            files.push(text(&place::path(name, locale), view.render()));
        }
    }
    files
}

fn text(path: &str, text: String) -> File {
    File { path: path.to_owned(), bytes: Cow::Owned(text.into_bytes()) }
}
