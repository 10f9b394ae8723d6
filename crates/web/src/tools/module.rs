//! The WebAssembly module as it is delivered.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};

use super::kept;
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

    /// Compressed where the browser takes that (RFC 9110 §12.5.3).
    pub(super) fn answer(&self, asking: &HeaderMap) -> Response {
        let takes_gzip = asking
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(is_gzip);
        let bytes = if takes_gzip { self.packed } else { self.script };
        let mut response = kept("text/javascript; charset=utf-8", bytes.to_vec()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if takes_gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

/// `gzip`, unless its weight is nothing.
fn is_gzip(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    let gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "x-gzip");
    let weight = parts.next().and_then(|weight| weight.strip_prefix("q=")?.parse::<f32>().ok());
    gzip && weight != Some(0.0)
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Module({} bytes)", self.script.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9110_12_4_2_a_weight_of_nothing_is_a_no() {
        for (coding, takes) in
            [("gzip", true), (" GZIP ; q=0.5", true), ("gzip;q=0", false), ("gzip; q=0.000", false), ("br", false)]
        {
            assert_eq!(is_gzip(coding), takes, "{coding}");
        }
    }
}
