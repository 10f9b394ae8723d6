//! What lets the tools go on without a network: the service worker's text and the manifest.

use serde_json::json;

use super::Place;
use super::place;
use crate::app::App;
use crate::look::{Brand, Locale, assets};
use crate::views::tools::Bench;

/// The files that the worker keeps, as it asks for them.
pub(super) fn served(app: &App) -> Vec<String> {
    let pages = page_names().map(|name| format!("/tools/{name}"));
    let module = app.module().map(|module| format!("/tools/assets/{}", module.name()));
    let brand = app.brand().stylesheet().map(|address| format!("/tools{address}"));
    let loaded = LOADED.iter().map(|name| assets::below("/tools/assets/", name));
    pages.chain(["/tools/manifest.webmanifest".to_owned()]).chain(loaded).chain(module).chain(brand).collect()
}

/// The same in a folder, relative to it.
pub(super) fn in_folder(module: &str) -> Vec<String> {
    let pages = Locale::ALL.into_iter().flat_map(|locale| page_names().map(move |name| place::path(name, locale)));
    let loaded = LOADED.iter().map(|name| assets::below("assets/", name));
    let module = format!("assets/{module}");
    pages.chain(["./".to_owned(), "manifest.webmanifest".to_owned(), module]).chain(loaded).collect()
}

/// The worker: its files, a version that changes with them, and the script.
pub(super) fn worker(files: &[String]) -> String {
    let version = assets::name("tools", "cache", json!([files, env!("CARGO_PKG_VERSION")]).to_string().as_bytes());
    format!("const VERSION = {};\nconst FILES = {};\n{}", json!(version), json!(files), WORKER)
}

/// The manifest of an app to install.
pub(super) fn manifest(brand: &Brand, icon: &str) -> String {
    let name = Locale::default().plain("tools-app", "brand", brand.name());
    json!({
        "name": name,
        "short_name": Locale::default().say("tools-title"),
        "id": "./",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": "#faf7f1",
        "theme_color": "#1b6a60",
        "icons": [{ "src": icon, "type": "image/svg+xml", "sizes": "any", "purpose": "any" }],
    })
    .to_string()
}

/// The list, which has no name, and the tools.
pub(super) fn page_names() -> impl Iterator<Item = &'static str> {
    std::iter::once("").chain(Bench::names())
}

/// What the pages load, the module and a brand's sheet apart.
pub(super) const LOADED: &[&str] = &[
    "style.css",
    "tools.css",
    "favicon.svg",
    "bridge.js",
    "show.js",
    "ink.js",
    "form.js",
    "page.js",
    "token.js",
    "rsa.js",
    "picture.js",
    "totp.js",
];
const WORKER: &str = include_str!("../../assets/tools/worker.js");

impl Place {
    /// Whether a page of this place has the tools in it.
    pub(crate) fn is_ready(&self) -> bool {
        self.module().is_some()
    }
}
