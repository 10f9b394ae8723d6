//! An organisation's name, colour and logo on its pages.

use std::path::Path;

use super::assets::{self, Asset};
use super::colour::Colour;

/// Whose entrance hall this is.
#[derive(Clone, Debug)]
pub struct Brand {
    name: String,
    logo: Option<Asset>,
    accent: Option<Colour>,
    stylesheet: Option<String>,
}

impl Brand {
    /// A brand with its name as it is shown in the head of each page.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), logo: None, accent: None, stylesheet: None }
    }

    /// The same with an accent of its own in place of the verdigris.
    #[must_use]
    pub fn accent(self, accent: Colour) -> Self {
        Self { accent: Some(accent), stylesheet: Some(stylesheet(accent).path().to_owned()), ..self }
    }

    /// The same with a logo of its own in place of the arch. It is served here,
    /// since the pages load nothing from elsewhere.
    #[must_use]
    pub fn logo(self, logo: Logo) -> Self {
        Self { logo: Some(assets::made("logo", logo.kind.extension(), logo.bytes)), ..self }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn logo_address(&self) -> Option<&str> {
        self.logo.as_ref().map(Asset::path)
    }

    /// The logo, where it stands at this path.
    pub(crate) fn find(&self, path: &str) -> Option<Asset> {
        self.logo.clone().filter(|logo| logo.path() == path)
    }

    /// The colour of a button, where no stylesheet reaches.
    pub(crate) fn fill(&self) -> Colour {
        self.accent.unwrap_or(VERDIGRIS)
    }

    /// What stands on it.
    pub(crate) fn on_fill(&self) -> Colour {
        self.fill().foreground()
    }

    /// The address of the stylesheet with the accent, if there is one.
    pub(crate) fn stylesheet(&self) -> Option<&str> {
        self.stylesheet.as_deref()
    }
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Logo {
    /// What its bytes are.
    pub kind: LogoType,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The pictures that every browser shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoType {
    /// `image/svg+xml`
    Svg,
    /// `image/png`
    Png,
    /// `image/webp`
    Webp,
    /// `image/jpeg`
    Jpeg,
}

impl LogoType {
    /// The type of a file, by the end of its name.
    pub fn of_file(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "svg" => Self::Svg,
            "png" => Self::Png,
            "webp" => Self::Webp,
            "jpg" | "jpeg" => Self::Jpeg,
            _ => return None,
        })
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }
}

impl Default for Brand {
    fn default() -> Self {
        Self::new("Vestibule")
    }
}

/// The stylesheet at `/assets/brand.RRGGBB.HASH.css`. It is made from the
/// address alone, so that every node can serve every brand without a table.
pub(super) fn find(path: &str) -> Option<Asset> {
    let digits = path.strip_prefix("/assets/brand.")?.get(..6)?;
    let accent = format!("#{digits}").parse().ok()?;
    Some(stylesheet(accent)).filter(|asset| asset.path() == path)
}

fn stylesheet(accent: Colour) -> Asset {
    let text = rules(accent);
    let name = format!("brand.{}", &accent.to_string()[1..]);
    assets::made(&name, "css", text.into_bytes())
}

/// The properties of the accent in both themes. On the accent itself stands
/// black or white; where the accent is text it is moved just far enough from
/// the ground to be read (WCAG 2.2 §1.4.3: 4.5).
fn rules(accent: Colour) -> String {
    let on = accent.foreground();
    // Under the pointer the ground moves away from its text, never nearer.
    let hover = accent.mixed(opposite(on), 12);
    let light = accent.legible(&LIGHT_GROUNDS, Colour::BLACK, LEGIBLE);
    let dark = accent.legible(&DARK_GROUNDS, Colour::WHITE, LEGIBLE);
    let night = format!("--fill:{accent};--fill-hover:{hover};--on-fill:{on};--accent:{dark}");
    format!(
        "@layer brand{{\
         :root{{--fill:{accent};--fill-hover:{hover};--on-fill:{on};--accent:{light}}}\
         @media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{night}}}}}\
         :root[data-theme=dark]{{{night}}}}}\n"
    )
}

fn opposite(on: Colour) -> Colour {
    if on == Colour::WHITE { Colour::BLACK } else { Colour::WHITE }
}

/// `--fill` of the stylesheet, by day.
const VERDIGRIS: Colour = Colour::new(0x1b, 0x6a, 0x60);
/// A little above the 4.5 that WCAG asks for, so that rounding never matters.
const LEGIBLE: f64 = 4.6;
/// `--paper`, `--raised` and `--tint` of the stylesheet, by day and by night; a
/// test holds them against it.
const LIGHT_GROUNDS: [Colour; 3] =
    [Colour::new(0xfa, 0xf7, 0xf1), Colour::new(0xff, 0xfd, 0xf9), Colour::new(0xee, 0xec, 0xe3)];
const DARK_GROUNDS: [Colour; 3] =
    [Colour::new(0x11, 0x17, 0x1c), Colour::new(0x19, 0x20, 0x26), Colour::new(0x1f, 0x29, 0x2e)];

#[cfg(test)]
#[path = "palette_tests.rs"]
mod tests;
