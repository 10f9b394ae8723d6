//! What a caller demands of a JWS.

use super::Form;
use crate::alg::JwsAlgorithm;
use crate::limits::Limits;

/// What a message must show.
///
/// ```
/// # use vestibule_jose as jose;
/// use jose::{JwsAlgorithm, jws::{Form, Rules}};
/// let rules = Rules::new(&[JwsAlgorithm::ES256, JwsAlgorithm::EdDSA])
///     .form(Form::General)
///     .understands("https://example.com/expires")
///     .all_signatures();
/// ```
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    pub(super) algorithms: &'a [JwsAlgorithm],
    pub(super) typ: Typ<'a>,
    pub(super) form: Option<Form>,
    pub(super) understood: Vec<&'a str>,
    pub(super) quorum: Quorum,
    pub(super) detached: Option<&'a [u8]>,
    pub(super) limits: Limits,
}

/// What the header's `typ` must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Typ<'a> {
    Any,
    Exactly(&'a str),
    ExactlyOrAbsent(&'a str),
}

/// How many signatures must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quorum {
    One,
    All,
}

impl<'a> Rules<'a> {
    /// Rules for these algorithms and no others. One signature must hold; every form is read; of extensions, `b64`
    /// alone is understood.
    pub fn new(algorithms: &'a [JwsAlgorithm]) -> Self {
        Self {
            algorithms,
            typ: Typ::Any,
            form: None,
            understood: vec!["b64"],
            quorum: Quorum::One,
            detached: None,
            limits: Limits::DEFAULT,
        }
    }

    /// Whether each signature must hold.
    pub(super) fn wants_all(&self) -> bool {
        self.quorum == Quorum::All
    }

    /// The header's `typ` must be this (RFC 8725 §3.11).
    ///
    /// ```
    /// use vestibule_jose::jws::{Form, Rules};
    /// use vestibule_jose::{JwsAlgorithm, Limits};
    ///
    /// let rules = Rules::new(&[JwsAlgorithm::ES256]).typ("example+jws").form(Form::General).all_signatures();
    /// let rules = rules.understands("exp").limits(Limits { signatures: 2, ..Limits::DEFAULT });
    /// # let _ = rules;
    /// let lenient = Rules::new(&[JwsAlgorithm::ES256]).typ_or_absent("JOSE");
    /// # let _ = lenient;
    /// ```
    pub fn typ(mut self, typ: &'a str) -> Self {
        self.typ = Typ::Exactly(typ);
        self
    }

    /// The header's `typ` must be this where it stands.
    pub fn typ_or_absent(mut self, typ: &'a str) -> Self {
        self.typ = Typ::ExactlyOrAbsent(typ);
        self
    }

    /// Only this form is read.
    pub fn form(mut self, form: Form) -> Self {
        self.form = Some(form);
        self
    }

    /// The caller reads this extension and obeys it, so that `crit` may name it (RFC 7515 §4.1.11).
    pub fn understands(mut self, extension: &'a str) -> Self {
        self.understood.push(extension);
        self
    }

    /// Every signature must hold, instead of one.
    pub fn all_signatures(mut self) -> Self {
        self.quorum = Quorum::All;
        self
    }

    /// The payload, which came by itself (RFC 7515 appendix F); the text must then have none.
    pub fn detached(mut self, payload: &'a [u8]) -> Self {
        self.detached = Some(payload);
        self
    }

    /// Other bounds than the usual.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
