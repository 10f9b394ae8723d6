//! An organisation's name, colour and logo on its pages (DESIGN §4).

use std::sync::Arc;

use testkit::{Browser, House};
use testkit_macros::both_databases;
use vestibule_web::look::Brand;
use vestibule_web::look::brand::{Logo, LogoType};
use vestibule_web::{App, router};

/// Everything comes from here: the policy lets pages load nothing from elsewhere.
#[both_databases]
async fn pages_carry_the_organisations_name_colour_and_logo(house: House) {
    let node = house.node().await;
    let logo = Logo { kind: LogoType::Svg, bytes: b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec() };
    let brand = Brand::new("Museum <of> Rivers").accent("#8a3a78".parse().unwrap()).logo(logo);
    let mut browser = Browser::new(router(App::new(Arc::clone(&node), brand, None, || "trace".to_owned())));
    let page = browser.open("/signin").await;
    assert!(page.says("Museum &#60;of&#62; Rivers") && !page.says("Vestibule"), "{}", page.text);
    let address = |begin: &str| {
        let (_, rest) = page.text.split_once(begin).unwrap_or_else(|| panic!("no {begin} in {}", page.text));
        format!("{begin}{}", rest.split('"').next().unwrap())
    };
    for (begin, kind, holds) in
        [("/assets/logo.", "image/svg+xml", "<svg"), ("/assets/brand.8a3a78.", "text/css; charset=utf-8", "#8a3a78")]
    {
        let asset = browser.open(&address(begin)).await;
        assert_eq!((asset.status.as_u16(), &asset.headers["content-type"]), (200, &kind.parse().unwrap()));
        assert!(asset.says(holds), "{}", asset.text);
        // An SVG is a document where it is opened by itself: nothing runs in it.
        assert!(asset.headers["content-security-policy"].to_str().unwrap().ends_with("; sandbox"));
    }
    // Another node's logo, or another version of it, is not found here.
    assert_eq!(browser.open("/assets/logo.0000000000000000.svg").await.status.as_u16(), 404);
}
