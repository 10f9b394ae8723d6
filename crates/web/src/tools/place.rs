//! Where the pages stand: at `/tools/` of a provider, or in a folder of files, where every address is relative.

use crate::app::App;
use crate::look::{Locale, assets};
use crate::visit::Visit;

/// Addresses, as a page at this place writes them.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    spot: Spot,
    module: Option<String>,
}

#[derive(Clone, Debug)]
enum Spot {
    /// At `/tools/`; the languages that the page's own address wishes go on to the next.
    Served { ui_locales: Option<String> },
    /// In a folder, in that of its language.
    Folder { locale: Locale },
}

impl Place {
    /// At `/tools/`.
    pub(super) fn served(app: &App, visit: &Visit) -> Self {
        let wished = visit.ui_locales.as_deref().and_then(Locale::from_tag);
        let ui_locales = wished.map(|locale| locale.tag().to_owned());
        Self { spot: Spot::Served { ui_locales }, module: app.module().map(|module| module.name()) }
    }

    /// In a folder: the default language at its top, each other in a folder below.
    pub(super) fn folder(locale: Locale, module: String) -> Self {
        Self { spot: Spot::Folder { locale }, module: Some(module) }
    }

    /// The page of a tool; of the list where there is no name.
    pub(crate) fn page(&self, name: &str) -> String {
        match &self.spot {
            Spot::Served { ui_locales } => {
                let query = ui_locales.as_ref().map(|tag| format!("?ui_locales={tag}")).unwrap_or_default();
                format!("/tools/{name}{query}")
            }
            Spot::Folder { .. } => file(name),
        }
    }

    /// The same page in another language.
    pub(crate) fn in_language(&self, name: &str, locale: Locale) -> String {
        match self.spot {
            Spot::Served { .. } => format!("?ui_locales={}", locale.tag()),
            Spot::Folder { .. } => format!("{}{}", self.up(), path(name, locale)),
        }
    }

    /// One of the files that pages load.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::below(&format!("{}assets/", self.root()), name)
    }

    /// The script that carries the module, where it was built in.
    pub(crate) fn module(&self) -> Option<String> {
        let name = self.module.as_ref()?;
        Some(format!("{}assets/{name}", self.root()))
    }

    /// What lies beside the pages: the worker, the manifest.
    pub(crate) fn beside(&self, name: &str) -> String {
        format!("{}{name}", self.root())
    }

    /// The pages that the worker answers for.
    pub(crate) fn scope(&self) -> &'static str {
        match self.spot {
            Spot::Served { .. } => "/tools/",
            Spot::Folder { .. } => self.up_or_here(),
        }
    }

    /// The policy that a page says itself, where no server says it.
    pub(crate) fn policy(&self) -> Option<&'static str> {
        match self.spot {
            Spot::Served { .. } => None,
            Spot::Folder { .. } => super::POLICY.rsplit_once("; frame-ancestors").map(|(policy, _)| policy),
        }
    }

    fn root(&self) -> &'static str {
        match self.spot {
            Spot::Served { .. } => "/tools/",
            Spot::Folder { .. } => self.up(),
        }
    }

    fn up(&self) -> &'static str {
        match self.spot {
            Spot::Folder { locale } if locale != Locale::default() => "../",
            _ => "",
        }
    }

    fn up_or_here(&self) -> &'static str {
        if self.up().is_empty() { "./" } else { "../" }
    }
}

/// Where a page lies in the folder.
pub(super) fn path(name: &str, locale: Locale) -> String {
    let folder = if locale == Locale::default() { String::new() } else { format!("{}/", locale.tag()) };
    format!("{folder}{}", file(name))
}

fn file(name: &str) -> String {
    if name.is_empty() { "index.html".to_owned() } else { format!("{name}.html") }
}
