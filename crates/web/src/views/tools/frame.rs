//! What all pages of the tools share.

use crate::look::Locale;
use crate::tools::Place;
use crate::views::Page;
use crate::views::parts::Language;

/// The frame of one page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    page: Page<'a>,
    place: &'a Place,
    /// The tool's name; of the list there is none.
    name: &'a str,
}

impl<'a> Frame<'a> {
    pub(super) fn new(page: Page<'a>, place: &'a Place, name: &'a str) -> Self {
        Self { page, place, name }
    }

    pub(super) fn locale(&self) -> Locale {
        self.page.locale
    }

    pub(super) fn say(&self, key: &str) -> String {
        self.page.say(key)
    }

    pub(super) fn brand_name(&self) -> String {
        self.page.brand_name()
    }

    /// A logo may lie anywhere on the origin, where the worker may not fetch it: it is shown by a provider alone.
    pub(super) fn logo(&self) -> Option<&'a str> {
        self.page.logo()
    }

    pub(super) fn brand_stylesheet(&self) -> Option<String> {
        let address = self.page.brand_stylesheet()?;
        Some(self.place.beside(address.trim_start_matches('/')))
    }

    pub(super) fn asset(&self, name: &str) -> String {
        self.place.asset(name)
    }

    pub(super) fn module(&self) -> Option<String> {
        self.place.module()
    }

    pub(super) fn ready(&self) -> bool {
        self.place.is_ready()
    }

    pub(super) fn beside(&self, name: &str) -> String {
        self.place.beside(name)
    }

    pub(super) fn scope(&self) -> &'static str {
        self.place.scope()
    }

    pub(super) fn policy(&self) -> Option<&'static str> {
        self.place.policy()
    }

    pub(super) fn all_tools(&self) -> String {
        self.place.page("")
    }

    pub(super) fn address(&self, name: &str) -> String {
        self.place.page(name)
    }

    /// The texts that scripts show, as `data-` attributes.
    pub(super) fn texts(&self) -> Vec<(&'static str, String)> {
        TEXTS.iter().map(|key| (attribute(key), self.say(key))).collect()
    }

    pub(super) fn languages(&self) -> Vec<Language> {
        Locale::ALL
            .into_iter()
            .map(|locale| Language {
                tag: locale.tag(),
                dir: locale.dir(),
                name: locale.own_name(),
                address: self.place.in_language(self.name, locale),
                current: locale == self.locale(),
            })
            .collect()
    }
}

/// A key without the name of its group.
fn attribute(key: &'static str) -> &'static str {
    key.split_once('-').map_or(key, |(_, rest)| rest)
}

/// What scripts say; as an attribute it has its key without `tools-`.
const TEXTS: &[&str] = &[
    "tools-broken",
    "tools-cause",
    "tools-clean",
    "tools-closed",
    "tools-copied",
    "tools-copy",
    "tools-download",
    "tools-edit",
    "tools-encrypt",
    "tools-everybody",
    "tools-expected",
    "tools-fault",
    "tools-findings",
    "tools-found",
    "tools-go-on",
    "tools-hide",
    "tools-info",
    "tools-invalid",
    "tools-keep",
    "tools-layer",
    "tools-made-by",
    "tools-no",
    "tools-no-fetch",
    "tools-no-picture",
    "tools-opened",
    "tools-picture",
    "tools-read",
    "tools-shared",
    "tools-show",
    "tools-shut",
    "tools-this-is",
    "tools-too-old",
    "tools-unclean",
    "tools-unverified",
    "tools-use-key",
    "tools-valid",
    "tools-warning",
    "tools-working",
    "tools-yes",
];
