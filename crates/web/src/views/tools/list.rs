//! `/tools`: all of them.

use askama::Template;
use toolbox::Tool;

use super::{Frame, SCRIPTS};
use crate::tools::Place;
use crate::views::{Page, renders};

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "tools/list.html")]
pub(crate) struct List<'a> {
    frame: Frame<'a>,
    tools: &'static [&'static Tool],
}

impl<'a> List<'a> {
    pub(crate) fn of(page: Page<'a>, place: &'a Place) -> Self {
        Self { frame: Frame::new(page, place, ""), tools: toolbox::TOOLS }
    }

    /// With the module or without, the pages are kept for when there is no network.
    fn scripts(&self) -> &'static [&'static str] {
        SCRIPTS
    }
}

renders!(List);
