//! Key sets.

use super::{Explain, Explanation};
use crate::jwks::SetError;

impl Explain for SetError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Json(error) => error.explain(),
            Self::NoKeys => Explanation::new("keys", "an array of keys", "none")
                .because("It is a single key, or another document, such as an error page.")
                .so("Look at what the address really answers.")
                .after("RFC 7517 §5.1"),
            Self::NotAnObject(index) => Explanation::new("keys", "objects", format_args!("something else at {index}"))
                .because("The set was put together by hand.")
                .so("Each element must be a key.")
                .after("RFC 7517 §5.1"),
            Self::TooMany { found, limit } => Explanation::new("keys", format_args!("at most {limit} keys"), found)
                .because("Old keys are never taken out.")
                .so("Take out the keys that no living token names.")
                .after("RFC 7517 §5"),
        }
    }
}
