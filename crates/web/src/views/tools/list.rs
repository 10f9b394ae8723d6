//! `/tools`: all of them.

use askama::Template;

use super::{Bench, Frame, SCRIPTS};
use crate::tools::Place;
use crate::views::{Page, renders};

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "tools/list.html")]
pub(crate) struct List<'a> {
    frame: Frame<'a>,
    first: Vec<Bench>,
    second: Vec<Bench>,
}

impl<'a> List<'a> {
    pub(crate) fn of(page: Page<'a>, place: &'a Place) -> Self {
        let (first, second) = Bench::all();
        Self { frame: Frame::new(page, place, ""), first, second }
    }

    /// With the module or without, the pages are kept for when there is no network.
    fn scripts(&self) -> &'static [&'static str] {
        SCRIPTS
    }
}

renders!(List);
