//! The code that a device without a keyboard shows.

use askama::Template;

use super::{Form, Page, Problem, places_its_problem, renders};

/// `/device`, the step `device`: the field `user_code`, `action=next` (CONTRACT §4).
#[derive(Clone, Debug, Template)]
#[template(path = "device.html")]
pub struct EnterUserCode<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// What stands in the field: from the address of a picture, or what was typed.
    pub code: &'a str,
    /// What was wrong.
    pub problem: Option<Problem>,
}

renders!(EnterUserCode);
places_its_problem!(EnterUserCode);
