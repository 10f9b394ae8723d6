//! The colours of the stylesheet and of brands, computed (WCAG 2.2 §1.4.3 and
//! §1.4.11).

use super::*;

/// Text and the grounds that it stands on.
const TEXTS: [(&str, &[&str]); 7] = [
    ("ink", &["paper", "raised", "tint"]),
    ("soft", &["paper", "raised", "tint"]),
    ("accent", &["paper", "raised", "tint"]),
    ("danger", &["paper", "raised"]),
    ("warn", &["paper", "raised"]),
    ("on-fill", &["fill", "fill-hover"]),
    ("paper", &["ink"]),
];

#[test]
fn every_text_of_the_palette_can_be_read() {
    for (theme, palette) in [("light", LIGHT), ("dark", DARK)] {
        for (text, grounds) in TEXTS {
            for ground in grounds {
                let ratio = property(palette, text).contrast(property(palette, ground));
                assert!(ratio >= 4.5, "{theme}: {text} on {ground} is {ratio:.2}");
            }
        }
        for ground in ["paper", "raised"] {
            let ratio = property(palette, "edge").contrast(property(palette, ground));
            assert!(ratio >= 3.0, "{theme}: a field's edge on {ground} is {ratio:.2}");
        }
    }
}

/// Whoever chose the dark look has the colours that browsers ask for by night, all of them.
#[test]
fn the_dark_look_is_one_whoever_chose_it() {
    let tokens = |palette: &str| -> Vec<String> {
        let block = block(palette).lines().map(str::trim).filter(|line| line.contains("--"));
        block.map(str::to_owned).collect()
    };
    assert!(tokens(DARK).len() > 10);
    assert_eq!(tokens(DARK), tokens(CHOSEN));
    let rules = rules(Colour::new(0x8a, 0x3a, 0x78));
    let (by_night, chosen) = rules.split_once(":root:not([data-theme=light])").unwrap().1.split_once(":root[").unwrap();
    let of = |text: &str| text.split_once('{').unwrap().1.split_once('}').unwrap().0.to_owned();
    assert_eq!(of(by_night), of(chosen));
}

#[test]
fn a_brand_is_measured_against_the_grounds_of_the_stylesheet() {
    for (palette, grounds) in [(LIGHT, LIGHT_GROUNDS), (DARK, DARK_GROUNDS)] {
        let sheet = ["paper", "raised", "tint"].map(|name| property(palette, name));
        assert_eq!(sheet, grounds);
    }
}

#[test]
fn every_accent_can_be_read() {
    for step in 0..=2048_u32 {
        let [_, red, green, blue] = ((step * 8191) % 0x0100_0000).to_be_bytes();
        let accent = Colour::new(red, green, blue);
        let rules = rules(accent);
        let (light, dark) = rules.split_once("@media").unwrap();
        for (theme, grounds) in [(light, LIGHT_GROUNDS), (dark, DARK_GROUNDS)] {
            let theme = |name: &str| value(theme, name);
            for ground in grounds {
                assert!(theme("accent").contrast(ground) >= 4.5, "{accent} as text");
            }
            for ground in ["fill", "fill-hover"] {
                assert!(theme("on-fill").contrast(theme(ground)) >= 4.5, "on {accent}");
            }
        }
    }
}

#[test]
fn a_brand_stylesheet_is_found_at_its_own_address_alone() {
    let brand = Brand::new("Lantern").accent(Colour::new(0x8a, 0x3a, 0x78));
    let address = brand.stylesheet().unwrap();
    let asset = assets::find(address).unwrap();
    assert_eq!(asset.content_type(), "text/css; charset=utf-8");
    assert!(std::str::from_utf8(asset.bytes()).unwrap().contains("--fill:#8a3a78"));
    for bad in [
        address.replace("8a3a78", "8a3a79"),
        address.replace("8a3a78", "8A3A78"),
        address.replace(".css", ""),
        "/assets/brand.8a3a7".to_owned(),
        "/assets/brand.ééé.0.css".to_owned(),
    ] {
        assert!(assets::find(&bad).is_none(), "{bad}");
    }
    assert_eq!(Brand::default().stylesheet(), None);
}

const LIGHT: &str = "  :root {";
const DARK: &str = "    :root:not([data-theme=\"light\"]) {";
const CHOSEN: &str = "  :root[data-theme=\"dark\"] {";

fn property(palette: &str, name: &str) -> Colour {
    value(block(palette), name)
}

fn block(palette: &str) -> &'static str {
    let sheet = include_str!("../../assets/style.css");
    sheet.split_once(&format!("\n{palette}\n")).unwrap().1.split_once('}').unwrap().0
}

fn value(block: &str, name: &str) -> Colour {
    let rest = block.split_once(&format!("--{name}:")).unwrap().1;
    rest.trim_start()[..7].parse().unwrap()
}

/// Mails have no stylesheet: their button has the colour of the pages' by day.
#[test]
fn the_button_of_a_mail_is_that_of_the_pages() {
    assert_eq!(Brand::default().fill(), property(LIGHT, "fill"));
    let plum = Colour::new(0x8a, 0x3a, 0x78);
    assert_eq!((Brand::default().accent(plum).fill(), Brand::default().accent(plum).on_fill()), (plum, Colour::WHITE));
}
