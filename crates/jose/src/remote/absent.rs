//! Names that were looked for in vain.

use std::collections::VecDeque;

/// The newest of them, and until when each counts.
#[derive(Debug, Default)]
pub(super) struct Absent(VecDeque<(String, i64)>);

impl Absent {
    pub(super) fn holds(&self, now: i64, name: &str) -> bool {
        self.0.iter().any(|(absent, until)| now < *until && absent == short(name))
    }

    pub(super) fn put(&mut self, now: i64, name: &str, until: i64) {
        self.0.retain(|(absent, until)| now < *until && absent != short(name));
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back((short(name).to_owned(), until));
    }
}

/// Names come from strangers: of a long one its beginning stands for it.
fn short(name: &str) -> &str {
    let end = (0..=LONGEST.min(name.len())).rev().find(|at| name.is_char_boundary(*at));
    &name[..end.unwrap_or_default()]
}

/// Strangers can think of any number; the cool-down holds where this does not.
const MOST: usize = 64;
const LONGEST: usize = 128;
