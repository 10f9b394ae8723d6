//! The shape of `crit`, which signed and encrypted tokens share (RFC 7515 §4.1.11, RFC 7516 §4.1.13). Whether the names
//! are understood is another question.

use crate::json::{Object, Value};

/// What is wrong with a `crit`; each form says it in its own words.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// No array, or an empty one.
    NoNames,
    /// Something else than names among them.
    NotAName,
    /// A name twice.
    Twice,
    /// A name that the specification itself defines.
    Registered,
    /// A name that is not in the header.
    Absent,
}

/// The names in `crit`: not none, none twice, none that is `registered`, each one among `members`.
pub(crate) fn names<'a>(crit: &'a Value, members: &Object, registered: &[&str]) -> Result<Vec<&'a str>, Fault> {
    let listed = crit.as_array().filter(|names| !names.is_empty()).ok_or(Fault::NoNames)?;
    let mut names = Vec::with_capacity(listed.len());
    for name in listed {
        let name = name.as_str().ok_or(Fault::NotAName)?;
        if names.contains(&name) {
            return Err(Fault::Twice);
        }
        if registered.contains(&name) {
            return Err(Fault::Registered);
        }
        if !members.contains_key(name) {
            return Err(Fault::Absent);
        }
        names.push(name);
    }
    Ok(names)
}
