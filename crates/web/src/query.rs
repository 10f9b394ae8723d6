//! What a page's address carries.

use oidc::request::Params;

use crate::visit::Visit;

/// The value of `name` in the query; empty where it is missing, repeated or malformed.
pub(crate) fn value(visit: &Visit, name: &str) -> String {
    let params = Params::parse(visit.here.as_bytes()).unwrap_or_else(|unsound| unsound.sound);
    params.get(name).unwrap_or_default().to_owned()
}
