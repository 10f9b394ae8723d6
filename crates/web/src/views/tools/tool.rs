//! `/tools/NAME`: the forms of one page.

use askama::Template;

use super::field::Shape;
use super::{Bench, Frame, SCRIPTS};
use crate::tools::Place;
use crate::views::{Page, renders};

/// The page of a tool.
#[derive(Clone, Debug, Template)]
#[template(path = "tools/tool.html")]
pub(crate) struct Tool<'a> {
    frame: Frame<'a>,
    bench: Bench,
}

impl<'a> Tool<'a> {
    /// The page of this name, if there is one.
    pub(crate) fn named(name: &str, page: Page<'a>, place: &'a Place) -> Option<Self> {
        let bench = Bench::named(name)?;
        Some(Self { frame: Frame::new(page, place, bench.name), bench })
    }

    /// What all pages load, and before the last of them, which wakes the page, what only this one does.
    fn scripts(&self) -> Vec<&'static str> {
        let own = OWN.iter().filter(|(name, _)| *name == self.bench.name).map(|(_, script)| *script);
        let (last, first) = SCRIPTS.split_last().expect("there are some");
        first.iter().copied().chain(own).chain([*last]).collect()
    }

    fn has_tabs(&self) -> bool {
        self.bench.panels.len() > 1
    }
}

renders!(Tool);

/// Scripts of single pages.
const OWN: &[(&str, &str)] =
    &[("token", "token.js"), ("jwk", "rsa.js"), ("totp", "picture.js"), ("totp", "totp.js"), ("qr", "picture.js")];
