//! Whether whoever has the page open is at the app: by the number that it shows, or by the key that it keeps in the device.
//!
//! With a key the page sends a challenge through the link that the app claims, and the app sends its proof back through a
//! browser. The challenge is made for the browser that asks, and for no other: whoever lures the app into signing the
//! challenge of a browser elsewhere has the proof land in a browser where it counts for nothing.

use oidc::handoff::with_query;
use oidc::{ErrorCode, Id, OAuthError};
use store::links::Link;

use super::{Kept, Shown};
use crate::bindings::Binding;
use crate::{Context, Fault};

/// What the browser says.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// The number that the app shows.
    Number(&'a str),
    /// What the app has signed, in the browser that asked for it.
    Proof(&'a str, &'a Binding),
}

/// An answer that counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    /// Whether its person had to unlock the key for it. Who can read a number from the app has unlocked nothing for it.
    pub(super) unlocked: bool,
}

impl Context {
    /// The app's own link with the question for it: which hand-off, and what to sign. `None` where a number is asked for.
    pub fn question_of_handoff(&self, shown: &Shown, binding: &Binding) -> Option<String> {
        let at = shown.answers_at.as_ref()?;
        let (handoff, challenge) = (shown.id.to_string(), self.csrf_token(binding, &challenge(shown.id)));
        let pairs = [("iss", self.issuer()), ("handoff", &handoff), ("challenge", &challenge)];
        Some(with_query(at, pairs.into_iter()))
    }

    /// The key of this id, by which the app `from` can answer for this person.
    pub(super) async fn answering_key(&self, user: Id, from: &str, id: &str) -> Result<Id, OAuthError> {
        let registered = self.enabled_client(from).await?;
        if registered.is_none_or(|registered| registered.client.handoff_uri.is_none()) {
            return Err(OAuthError::new(ErrorCode::AccessDenied, "this app has no vestibule_handoff_uri to answer at"));
        }
        let none = || OAuthError::invalid_request("device_key is no key of this person at this app");
        let id: Id = id.parse().map_err(|_| none())?;
        self.device_key(user, from, id).await.map(|_| id).map_err(|error| match error.code {
            ErrorCode::InvalidGrant => none(),
            _ => error,
        })
    }

    /// What the answer shows; `None` where it does not count.
    pub(super) async fn weigh_answer(
        &self,
        link: &Link,
        kept: &Kept,
        user: Id,
        answer: Answer<'_>,
    ) -> Result<Option<Answered>, Fault> {
        match (kept.device_key, answer) {
            (None, Answer::Number(number)) => {
                Ok(self.handoff_numbers.is(link.id, number).then_some(Answered { unlocked: false }))
            }
            (Some(key), Answer::Proof(proof, binding)) => {
                let (handoff, challenge) = (link.id.to_string(), self.csrf_token(binding, &challenge(link.id)));
                let claims = [("handoff", handoff.as_str()), ("challenge", challenge.as_str())];
                // Taken away meanwhile, it proves nothing.
                let Ok(held) = self.device_key(user, &kept.from, key).await else { return Ok(None) };
                if self.device_proof(&held.key, proof, (TYP, &claims)).await.is_err() {
                    return Ok(None);
                }
                store::device_keys::touch(&self.store, user, key, self.now()).await?;
                Ok(Some(Answered { unlocked: held.unlocked }))
            }
            _ => Ok(None),
        }
    }
}

#[cfg(feature = "test-support")]
impl Context {
    /// The number that an app would show for this hand-off, for tests.
    pub fn number_of_handoff(&self, id: Id) -> String {
        self.handoff_numbers.number(id).to_string()
    }
}

fn challenge(id: Id) -> String {
    format!("handoff challenge {id}")
}

/// The proof's type.
const TYP: &str = "vestibule-handoff+jwt";
