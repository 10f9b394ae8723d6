//! What a page's address carries, and addresses of pages.

use oidc::Id;
use oidc::request::Params;

use crate::visit::Visit;

/// The value of `name` in the query; empty where it is missing, repeated or malformed.
pub(crate) fn value(visit: &Visit, name: &str) -> String {
    let params = Params::parse(visit.here.as_bytes()).unwrap_or_else(|unsound| unsound.sound);
    params.get(name).unwrap_or_default().to_owned()
}

/// The address of a page of ours with these parameters, in the language that the address before wished for.
pub(crate) fn address(path: &str, visit: &Visit, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    query.extend_pairs(visit.ui_locales.as_ref().map(|wished| ("ui_locales", wished)));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The address of a flow's page.
pub(crate) fn flow_address(flow: Id, visit: &Visit) -> String {
    address("/signin", visit, &[("flow", &flow.to_string())])
}
