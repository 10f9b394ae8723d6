//! JSON pointers (RFC 6901), which name claims at any depth.

use crate::json::Value;

/// The pointer with one more step.
pub(super) fn child(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The pointer to what the last step is taken in, and that step.
pub(super) fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    Some((parent, name.replace("~1", "/").replace("~0", "~")))
}

/// Steps.
pub(super) fn depth(pointer: &str) -> usize {
    pointer.matches('/').count()
}

/// Whether `inner` is `outer` or lies in it.
pub(super) fn lies_in(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What stands there.
pub(super) fn find<'a>(root: &'a mut Value, pointer: &str) -> Option<&'a mut Value> {
    root.pointer_mut(pointer)
}
