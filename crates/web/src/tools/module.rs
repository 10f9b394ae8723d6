//! The WebAssembly module as it is delivered.

use std::borrow::Cow;
use std::fmt;

use axum::response::Response;
use http::HeaderMap;

use super::gzip;
use crate::look::assets;

/// The script that carries the module, as `cargo xtask tools` packs it.
#[derive(Clone, Copy)]
pub struct Module {
    /// The script.
    pub script: &'static [u8],
    /// The same under gzip.
    pub packed: &'static [u8],
}

impl Module {
    /// The name of its file, which changes with its content.
    pub(crate) fn name(&self) -> String {
        // The packed form is the smaller one to hash, and as much of a name.
        assets::name("module", "js", self.packed)
    }

    pub(super) fn answer(&self, asking: &HeaderMap) -> Response {
        gzip::answer(asking, "text/javascript; charset=utf-8", Cow::Borrowed(self.script), self.packed)
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Module({} bytes)", self.script.len())
    }
}
