//! A mailer for tests: it keeps what it is given.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use super::{Letter, Mailer, SendError};

/// Where a test finds the letters.
#[derive(Debug, Default)]
pub struct Letterbox {
    letters: Mutex<Vec<Letter>>,
    refusal: Mutex<Option<SendError>>,
}

impl Letterbox {
    /// Takes out what has come.
    pub fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What it answers from now on in place of taking a letter; `None`: it takes them.
    pub fn refuse(&self, with: Option<SendError>) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = with;
    }

    fn put(&self, letter: &Letter) -> Result<(), SendError> {
        if let Some(refusal) = self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(refusal);
        }
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
        Ok(())
    }
}

impl Mailer for Letterbox {
    fn send<'a>(&'a self, letter: &'a Letter) -> Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>> {
        Box::pin(ready(self.put(letter)))
    }
}
