//! `/oauth2/authorize` and the way to the code.

use testkit::{House, ISSUER};
use testkit_macros::both_databases;

use crate::lobby::{ADA, Lobby, ask, assert_code};

/// RFC 6749 §4.1.2, RFC 9207 §2: the whole road once, and the second app without a page.
#[both_databases]
async fn one_sign_in_opens_both_apps(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "signin"), "{}", page.text);
    assert!(page.says("Photos"));
    let page = browser.sign_in(&page, ADA).await;
    let code = assert_code(&page);
    assert!(code.starts_with("vst_ac_"), "{code}");
    assert!(page.url.as_str().starts_with("https://photos.example/cb?code="), "{}", page.url);
    assert_eq!(page.param("state").as_deref(), Some("s t&1"));
    assert_eq!(page.param("iss").as_deref(), Some(ISSUER));

    // First time at Drive: one tap. Then none.
    let page = browser.open(&ask("drive", &[])).await;
    assert_eq!(page.step(), "continue", "{}", page.text);
    assert!(page.says("Ada Lovelace") && page.says("Drive"));
    assert_code(&browser.press(&page, "continue", "continue", &[]).await);
    assert_code(&browser.open(&ask("drive", &[])).await);
    assert_code(&browser.open(&ask("drive", &[("prompt", "none")])).await);
}
