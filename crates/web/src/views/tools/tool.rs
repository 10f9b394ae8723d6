//! `/tools/NAME`: one tool, with a form for each of its actions.

use askama::Template;
use toolbox::{Action, Tool as Definition};

use super::field::Shape;
use super::{FieldView, Frame, SCRIPTS};
use crate::tools::Place;
use crate::views::{Page, renders};

/// The page of a tool.
#[derive(Clone, Debug, Template)]
#[template(path = "tools/tool.html")]
pub(crate) struct Tool<'a> {
    frame: Frame<'a>,
    tool: &'static Definition,
}

impl<'a> Tool<'a> {
    pub(crate) fn of(tool: &'static Definition, page: Page<'a>, place: &'a Place) -> Self {
        Self { frame: Frame::new(page, place, tool.name), tool }
    }

    /// The tool of this name, if there is one.
    pub(crate) fn named(name: &str, page: Page<'a>, place: &'a Place) -> Option<Self> {
        let tool = toolbox::TOOLS.iter().find(|tool| tool.name == name)?;
        Some(Self::of(tool, page, place))
    }

    /// What all pages load, and before the last of them, which wakes the page, what only this one does.
    fn scripts(&self) -> Vec<&'static str> {
        let own = OWN.iter().find(|(name, _)| *name == self.tool.name).map(|(_, script)| *script);
        let (last, first) = SCRIPTS.split_last().expect("there are some");
        first.iter().copied().chain(own).chain([*last]).collect()
    }

    fn has_tabs(&self) -> bool {
        self.tool.actions.len() > 1
    }

    /// What stands open.
    fn fields(&self, action: &'static Action) -> Vec<FieldView<'a>> {
        self.all(action).filter(|field| !field.is_rarely_needed()).collect()
    }

    /// What is folded away.
    fn more(&self, action: &'static Action) -> Vec<FieldView<'a>> {
        self.all(action).filter(FieldView::is_rarely_needed).collect()
    }

    fn all(&self, action: &'static Action) -> impl Iterator<Item = FieldView<'a>> {
        let frame = self.frame;
        action.fields.iter().map(move |field| FieldView::new(frame, action, field))
    }

    /// Whether a result may be made anew at each keystroke; the others wait for their button.
    fn is_live(&self, action: &Action) -> bool {
        !SLOW.contains(&(self.tool.name, action.name))
    }
}

renders!(Tool);

/// What takes a while, or makes something that must not change under one's hands.
const SLOW: &[(&str, &str)] = &[("jwk", "generate"), ("password", ""), ("password", "hash"), ("password", "verify")];
/// Scripts of one tool.
const OWN: &[(&str, &str)] = &[];
