//! Where a browser goes from a flow, as an answer.

use axum::response::Response;
use idp::flows::Onward;

use super::render;
use crate::app::App;
use crate::error;
use crate::form::Bound;
use crate::leave::leave;
use crate::visit::Visit;

/// The answer that takes the browser on: the page that is due, where one is.
pub(crate) async fn onward(app: &App, mut visit: Visit, onward: Onward) -> Response {
    match onward {
        Onward::Page(due) => {
            if let Some(asks) = &due.asks {
                visit.speak(&asks.request.ui_locales);
            }
            let bound = Bound::of(app, &visit);
            match render::first(app, &visit, &bound.binding, &due).await {
                Ok(page) => bound.with_cookie(page),
                Err(fault) => error::usual_page(app, &visit, &fault.into()),
            }
        }
        elsewhere => leave(app, &visit, elsewhere),
    }
}
