//! Where a browser goes from a flow, as an answer.

use axum::response::Response;
use idp::flows::Onward;

use super::render;
use crate::app::App;
use crate::form::Bound;
use crate::leave::leave;
use crate::visit::Visit;

/// The answer that takes the browser on: the page that is due, where one is.
pub(crate) fn onward(app: &App, mut visit: Visit, onward: Onward) -> Response {
    match onward {
        Onward::Page(due) => {
            if let Some(asks) = &due.asks {
                visit.speak(&asks.request.ui_locales);
            }
            let bound = Bound::of(app, &visit);
            bound.with_cookie(render::first(app, &visit, &bound.binding, &due))
        }
        elsewhere => leave(app, &visit, elsewhere),
    }
}
