//! Writes every page in every language, with sample data, as files into the
//! folder named on standard input (no library of ours reads arguments):
//! `echo target/preview | cargo run --example preview`.

use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;

use vestibule_web::{look, views};

mod samples;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = io::read_to_string(io::stdin())?;
    let folder = Path::new(folder.trim());
    for name in look::assets::names() {
        write(folder, look::assets::url(name))?;
    }
    let verdigris = look::Brand::default();
    let arch = look::assets::find(look::assets::url("arch.svg")).ok_or("no arch")?;
    let logo = look::brand::Logo { kind: look::brand::LogoType::Svg, bytes: arch.bytes().to_vec() };
    let plum = look::Brand::new("Museum of Seven Rivers").accent("#8a3a78".parse()?).logo(logo);
    let page = samples::page(look::Locale::En, &plum);
    for address in samples::stylesheets(&samples::home(page)) {
        write(folder, &address)?;
    }
    for locale in look::Locale::ALL {
        for (brand, names, suffix) in [
            (&verdigris, samples::ORDINARY, ""),
            (&verdigris, samples::LONG, "-long"),
            (&plum, samples::ORDINARY, "-brand"),
        ] {
            for (page, html) in samples::all(locale, brand, &names) {
                let path = folder.join(format!("{page}{suffix}.{}.html", locale.tag()));
                fs::write(path, html)?;
            }
        }
    }
    Ok(())
}

fn write(folder: &Path, address: &str) -> Result<(), Box<dyn Error>> {
    let asset = look::assets::find(address).ok_or("no such file")?;
    let path = folder.join(address.trim_start_matches('/'));
    fs::create_dir_all(path.parent().ok_or("no folder")?)?;
    Ok(fs::write(path, asset.bytes())?)
}
