//! Plain websites behind a proxy: which are registered, how somebody comes in, and who is let through
//! (`oidc::site` decides).
//!
//! The cookie that the sites of a domain share proves a child session and nothing else: no page and no endpoint but the
//! proxy's takes it, and what is known of the account's own cookie follows from it as little as the other way round.

mod admitting;
mod assertion;
mod entering;
mod registry;

pub(crate) use admitting::Visitors;
pub use admitting::{Admission, Visitor};
pub(crate) use assertion::ASSERTION_LIFETIME;
pub(crate) use registry::Cache;
pub use registry::{SiteError, SiteShown};
