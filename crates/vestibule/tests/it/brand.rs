//! `[brand]`: the name, colour and logo that the pages carry (DESIGN §4).

use crate::program::{Server, command, fresh, refused};

#[test]
fn the_pages_are_the_organisations() {
    let directory = fresh("brand");
    std::fs::create_dir(directory.join("etc")).expect("a directory");
    let config = directory.join("etc/vestibule.toml");
    // A relative path lies beside the file.
    std::fs::write(directory.join("etc/logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").expect("written");
    std::fs::write(&config, "[brand]\nname = \"Rivers\"\naccent = \"#8a3a78\"\nlogo = \"logo.svg\"").expect("written");
    let mut prepared = command(&directory);
    prepared.env("VESTIBULE_CONFIG", &config);
    let server = Server::start_with(prepared);
    let page = server.get("/");
    assert!(page.contains("<bdi>Rivers</bdi>") && !page.contains("<bdi>Vestibule</bdi>"), "{page}");
    assert!(page.contains("/assets/brand.8a3a78."), "{page}");
    let (_, rest) = page.split_once("\"/assets/logo.").expect("a logo");
    let logo = server.get(&format!("/assets/logo.{}", rest.split('"').next().expect("its end")));
    assert!(
        logo.starts_with("HTTP/1.1 200 ")
            && logo.contains("image/svg+xml")
            && logo.ends_with("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "{logo}"
    );
}

#[test]
fn a_logo_that_will_not_do_is_refused_at_the_start() {
    let directory = fresh("brand-wrong");
    std::fs::write(directory.join("large.png"), vec![0; 100 * 1024 + 1]).expect("written");
    std::fs::write(directory.join("empty.png"), "").expect("written");
    for (logo, why) in [
        ("none.png", "brand.logo: cannot read none.png"),
        ("large.png", "brand.logo: large.png has 102401 bytes; give a picture of 100 KiB at most"),
        ("empty.png", "brand.logo: empty.png has 0 bytes"),
        ("logo.gif", "VESTIBULE_BRAND_LOGO: `brand.logo` cannot have this value; write an svg, png, webp or jpg"),
    ] {
        let said = refused(command(&directory).arg("serve").env("VESTIBULE_BRAND_LOGO", logo));
        assert!(said.starts_with(why), "{said}");
    }
    let said = refused(command(&directory).arg("serve").env("VESTIBULE_BRAND_ACCENT", "green"));
    assert!(said.contains("`brand.accent` cannot have this value; write a colour"), "{said}");
}
