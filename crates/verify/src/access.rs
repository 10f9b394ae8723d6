//! What a good token says.

use serde_json::{Map, Value};

use crate::demands::Demands;
use crate::reason::Reason;

/// What a token says that was verified, and to what it is bound. There is no other way to have one. With the feature `axum`
/// it is an extractor of whatever stands behind a guard.
///
/// ```
/// use vestibule_verify::{Access, Binding};
///
/// fn said(access: &Access) -> String {
///     let scopes: Vec<&str> = access.scopes().collect();
///     assert_eq!(access.has_scope("drive.read"), scopes.contains(&"drive.read"));
///     let person = (access.subject(), access.context(), access.authenticated_at());
///     let token = (access.client_id(), access.expires_at(), access.binding() == Some(Binding::Key));
///     format!("{person:?} {token:?} {:?} {:?} of {}", access.actor(), access.claim("sid"), access.claims().len())
/// }
/// # let _ = said;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    claims: Map<String, Value>,
    binding: Option<Binding>,
}

/// To what a token is bound.
///
/// ```
/// use vestibule_verify::Binding;
///
/// assert_ne!(Binding::Key, Binding::Certificate);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A key, of which a proof came along (RFC 9449).
    Key,
    /// The client certificate of this connection (RFC 8705).
    Certificate,
}

impl Access {
    pub(crate) fn new(claims: Map<String, Value>, binding: Option<Binding>) -> Self {
        Self { claims, binding }
    }

    /// Whom it is about; none in some providers' tokens of machines.
    pub fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    /// The client it was issued to; of providers before RFC 9068 what `azp` says.
    pub fn client_id(&self) -> Option<&str> {
        self.text("client_id").or_else(|| self.text("azp"))
    }

    /// Its scopes: `scope` as RFC 9068 §2.2.3 has it, or a list there or in `scp`, as some providers write it.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let value = self.claims.get("scope").or_else(|| self.claims.get("scp"));
        let text = value.and_then(Value::as_str).into_iter().flat_map(|text| text.split(' ').filter(|s| !s.is_empty()));
        let list = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        text.chain(list)
    }

    /// Whether it has this scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|one| one == scope)
    }

    /// How its person was authenticated (`acr`, RFC 9068 §2.2.1).
    pub fn context(&self) -> Option<&str> {
        self.text("acr")
    }

    /// When its person was authenticated (`auth_time`), in seconds since 1970.
    pub fn authenticated_at(&self) -> Option<i64> {
        self.claims.get("auth_time")?.as_f64().map(|seconds| seconds as i64)
    }

    /// When it expires, in seconds since 1970.
    pub fn expires_at(&self) -> Option<i64> {
        self.claims.get("exp")?.as_f64().map(|seconds| seconds as i64)
    }

    /// Who acts for its subject (`act`, RFC 8693 §4.1).
    pub fn actor(&self) -> Option<&Value> {
        self.claims.get("act")
    }

    /// To what it is bound, as was proven.
    pub fn binding(&self) -> Option<Binding> {
        self.binding
    }

    /// Any claim.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// All claims.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// Whether it is enough for a resource. The person's authentication comes before the scopes: a client that steps up
    /// gets new scopes with it.
    pub(crate) fn meets(&self, demands: &Demands, now: i64, leeway: u32) -> Result<(), Reason> {
        if demands.bound && self.binding.is_none() {
            return Err(Reason::Unbound);
        }
        let context = |wanted: &String| self.context() == Some(wanted);
        if !demands.contexts.is_empty() && !demands.contexts.iter().any(context) {
            return Err(Reason::Context);
        }
        if let Some(max_age) = demands.max_age {
            let oldest = now - i64::from(max_age) - i64::from(leeway);
            if self.authenticated_at().is_none_or(|at| at < oldest) {
                return Err(Reason::Age);
            }
        }
        match demands.scopes.iter().all(|scope| self.has_scope(scope)) {
            true => Ok(()),
            false => Err(Reason::Scope),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn access(claims: Value) -> Access {
        Access::new(claims.as_object().cloned().expect("an object"), None)
    }

    #[test]
    fn scopes_are_read_in_each_form() {
        for claims in [
            json!({ "scope": "a b" }),
            json!({ "scope": ["a", "b"] }),
            json!({ "scp": ["a", "b"] }),
            json!({ "scp": "a  b" }),
        ] {
            assert_eq!(access(claims).scopes().collect::<Vec<_>>(), ["a", "b"]);
        }
        assert_eq!(access(json!({ "scope": "ab" })).scopes().filter(|scope| *scope == "a").count(), 0);
    }

    /// RFC 9470 §3 and §4; RFC 6750 §3.1.
    #[test]
    fn what_is_demanded() {
        let now = 10_000;
        let token = json!({ "scope": "a b", "acr": "high", "auth_time": 9_700 });
        for (demands, expected) in [
            (Demands::new(), Ok(())),
            (Demands::new().scope("a").scope("b"), Ok(())),
            (Demands::new().scope("a").scope("c"), Err(Reason::Scope)),
            (Demands::new().acr("high"), Ok(())),
            (Demands::new().acr("higher").acr("high"), Ok(())),
            (Demands::new().acr("higher"), Err(Reason::Context)),
            (Demands::new().acr("higher").scope("c"), Err(Reason::Context)),
            (Demands::new().max_age(300), Ok(())),
            (Demands::new().max_age(295), Ok(())),
            (Demands::new().max_age(294), Err(Reason::Age)),
            (Demands::new().bound(), Err(Reason::Unbound)),
        ] {
            assert_eq!(access(token.clone()).meets(&demands, now, 5), expected, "{demands:?}");
        }
        assert_eq!(access(json!({})).meets(&Demands::new().max_age(300), now, 5), Err(Reason::Age));
        assert_eq!(access(json!({})).meets(&Demands::new().acr("high"), now, 5), Err(Reason::Context));
    }
}
