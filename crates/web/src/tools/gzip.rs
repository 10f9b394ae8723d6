//! Files under gzip, for browsers that take it (RFC 9110 §8.4.1.3, §12.5.3). Only for what holds no secret: how well a
//! text is compressed tells of what is in it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, header};

use super::kept;
use super::offline::LOADED;
use crate::look::assets;

/// A file whose name changes with its content, compressed where the browser takes that.
pub(super) fn answer(
    asking: &HeaderMap,
    content_type: &'static str,
    plain: Cow<'static, [u8]>,
    packed: &'static [u8],
) -> Response {
    let takes_gzip = takes_gzip(asking);
    let bytes = if takes_gzip { packed.to_vec() } else { plain.into_owned() };
    let mut response = kept(content_type, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if takes_gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// A page, packed, where the browser takes that. The pages of the tools know nobody.
pub(super) fn page(asking: &HeaderMap, html: &str) -> Option<Vec<u8>> {
    if takes_gzip(asking) { pack(html.as_bytes(), Compression::fast()) } else { None }
}

/// The embedded file at this path (`/assets/…`), packed, if the tools load it.
pub(super) fn packed(path: &str) -> Option<&'static [u8]> {
    PACKED.get(path).map(Vec::as_slice)
}

fn pack(bytes: &[u8], level: Compression) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok()
}

fn takes_gzip(asking: &HeaderMap) -> bool {
    asking
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(is_gzip)
}

/// `gzip`, unless its weight is nothing.
fn is_gzip(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    let gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "x-gzip");
    let weight = parts.next().and_then(|weight| weight.strip_prefix("q=")?.parse::<f32>().ok());
    gzip && weight != Some(0.0)
}

static PACKED: LazyLock<HashMap<&'static str, Vec<u8>>> = LazyLock::new(|| {
    let each = LOADED.iter().filter_map(|name| {
        let path = assets::url(name);
        Some((path, pack(assets::find(path)?.bytes(), Compression::best())?))
    });
    each.collect()
});

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
