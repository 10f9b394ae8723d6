//! The pages of the token tools: forms made from their definitions, which a script on the page fills with life.
//!
//! What a definition says is English and marked so; every other text is the catalogue's.

mod bench;
mod field;
mod frame;
mod list;
mod tool;

pub(crate) use bench::Bench;
pub(crate) use list::List;
pub(crate) use tool::Tool;

use field::FieldView;
use frame::Frame;

/// What all pages load, in this order.
pub(crate) const SCRIPTS: &[&str] = &["bridge.js", "show.js", "ink.js", "form.js", "page.js"];
