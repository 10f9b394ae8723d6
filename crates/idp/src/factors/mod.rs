//! Factors: what people prove themselves with. A factor never imports a factor; what they have in common stands here.
//! (The password is older than this room and stands with `people`.)

pub mod passkey;

use oidc::Id;

use crate::people::Person;
use crate::{Context, Fault};

/// A person who has proven themselves a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Whose.
    pub person: Person,
    /// What proved it.
    pub(crate) credential: Id,
    /// How: RFC 8176's names.
    pub(crate) amr: Vec<&'static str>,
}

impl Context {
    /// Whether what was proven still stands, and the person may still sign in. Asked once more after a session has begun:
    /// whoever changes a password or disables somebody writes that first and then ends the sessions there are, so that of
    /// the two at once one always sees the other. Removing a passkey ends no session; one that is gone begins none.
    pub(crate) async fn still_stands(&self, proven: &Proven) -> Result<bool, Fault> {
        Ok(store::credentials::stands(&self.store, proven.person.id, proven.credential).await?)
    }
}
