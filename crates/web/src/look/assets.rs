//! The files that pages load, each at an address that holds its hash, so that
//! it can be cached for ever.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{brand, words};

/// A file with its address.
#[derive(Clone, Debug)]
pub struct Asset {
    path: String,
    content_type: &'static str,
    bytes: Cow<'static, [u8]>,
}

impl Asset {
    /// The address, `/assets/NAME.HASH.EXTENSION`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of `Content-Type`.
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// What the file holds.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the file holds, without a copy where it is embedded.
    pub fn into_bytes(self) -> Cow<'static, [u8]> {
        self.bytes
    }
}

/// The file at this path (`/assets/…`), a brand's stylesheet included; serve it
/// with `Cache-Control: public, max-age=31536000, immutable`.
pub fn find(path: &str) -> Option<Asset> {
    ASSETS.iter().map(|(_, asset)| asset).find(|asset| asset.path == path).cloned().or_else(|| brand::find(path))
}

/// The address of the embedded file of this name (`style.css`).
///
/// The names are those of [`names`]; of any other the address leads nowhere.
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|(known, _)| *known == name).map_or("/assets/", |(_, asset)| asset.path.as_str())
}

/// The address of the embedded file of this name below another folder than `/assets/`.
pub(crate) fn below(folder: &str, name: &str) -> String {
    format!("{folder}{}", url(name).trim_start_matches("/assets/"))
}

/// The name, `STEM.HASH.EXTENSION`, of a file with this content.
pub(crate) fn name(stem: &str, extension: &str, bytes: &[u8]) -> String {
    format!("{stem}.{}.{extension}", hash(bytes))
}

/// The names of the embedded files.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|(name, _)| *name)
}

/// A file that was made here, at its hashed address.
pub(super) fn made(stem: &str, extension: &str, bytes: impl Into<Cow<'static, [u8]>>) -> Asset {
    let bytes = bytes.into();
    Asset { path: format!("/assets/{}", name(stem, extension, &bytes)), content_type: content_type(extension), bytes }
}

static ASSETS: LazyLock<Vec<(&'static str, Asset)>> = LazyLock::new(|| {
    EMBEDDED
        .iter()
        .map(|&(name, bytes)| {
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            (name, made(stem, extension, bytes))
        })
        .chain([("words.js", made("words", "js", words::module()))])
        .collect()
});

/// The first 16 hexadecimal digits of the SHA-256.
fn hash(bytes: &[u8]) -> String {
    jose::sha256(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" => "image/jpeg",
        _ => "application/octet-stream",
    }
}

const EMBEDDED: [(&str, &[u8]); 20] = [
    ("style.css", include_bytes!("../../assets/style.css")),
    ("form-post.js", include_bytes!("../../assets/form-post.js")),
    ("copy.js", include_bytes!("../../assets/copy.js")),
    ("picture-of.js", include_bytes!("../../assets/picture-of.js")),
    ("passkey.js", include_bytes!("../../assets/passkey.js")),
    ("strength.js", include_bytes!("../../assets/strength.js")),
    ("signed-out.js", include_bytes!("../../assets/signed-out.js")),
    ("check-session.js", include_bytes!("../../assets/check-session.js")),
    ("favicon.svg", include_bytes!("../../assets/favicon.svg")),
    ("tools.css", include_bytes!("../../assets/tools/tools.css")),
    ("bridge.js", include_bytes!("../../assets/tools/bridge.js")),
    ("show.js", include_bytes!("../../assets/tools/show.js")),
    ("ink.js", include_bytes!("../../assets/tools/ink.js")),
    ("token.js", include_bytes!("../../assets/tools/token.js")),
    ("rsa.js", include_bytes!("../../assets/tools/rsa.js")),
    ("totp.js", include_bytes!("../../assets/tools/totp.js")),
    ("picture.js", include_bytes!("../../assets/tools/picture.js")),
    ("form.js", include_bytes!("../../assets/tools/form.js")),
    ("page.js", include_bytes!("../../assets/tools/page.js")),
    ("arch.svg", include_bytes!("../../assets/arch.svg")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_at_its_hashed_address() {
        for name in names() {
            let asset = find(url(name)).unwrap();
            let (stem, extension) = name.rsplit_once('.').unwrap();
            let expected = format!("/assets/{stem}.{}.{extension}", hash(asset.bytes()));
            assert_eq!(asset.path(), expected);
            assert_ne!(asset.content_type(), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn nothing_is_found_elsewhere() {
        for path in ["/assets/style.css", "/assets/", "/assets/style.0000000000000000.css", ""] {
            assert!(find(path).is_none(), "{path}");
        }
    }
}
