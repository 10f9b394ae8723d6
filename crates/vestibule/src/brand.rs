//! An organisation's name, colour and logo, as the configuration has them.

use std::path::Path;

use anyhow::{Context as _, bail};
use web::look::brand::{Logo, LogoType};
use web::look::{Brand, Colour};

use crate::config::Settings;

/// What `[brand]` says; the logo is read once, here.
pub(crate) fn of(settings: &Settings) -> anyhow::Result<Brand> {
    let brand = Brand::new(settings.get("brand.name").unwrap_or_default());
    let accent = settings.get("brand.accent").and_then(|text| text.parse::<Colour>().ok());
    let brand = match accent {
        Some(accent) => brand.accent(accent),
        None => brand,
    };
    Ok(match settings.path("brand.logo") {
        Some(path) => brand.logo(logo(&path)?),
        None => brand,
    })
}

fn logo(path: &Path) -> anyhow::Result<Logo> {
    let shown = path.display();
    let kind = LogoType::of_file(path).with_context(|| format!("brand.logo: {shown} is no picture; give another"))?;
    let bytes = std::fs::read(path).with_context(|| format!("brand.logo: cannot read {shown}; give a file"))?;
    if bytes.is_empty() || bytes.len() > LARGEST {
        bail!("brand.logo: {shown} has {} bytes; give a picture of 100 KiB at most", bytes.len());
    }
    Ok(Logo { kind, bytes })
}

/// Every page loads it.
const LARGEST: usize = 100 * 1024;
