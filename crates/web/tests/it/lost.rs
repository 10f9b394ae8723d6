//! Where nothing is: a page for people, words for programs, and the trace for both.

use testkit::House;
use testkit_macros::both_databases;

use crate::lobby::Lobby;

/// RFC 9110 §15.5.5, §15.5.6.
#[both_databases]
async fn people_get_a_page_and_programs_words(house: House) {
    let lobby = Lobby::open(house).await;
    for (method, address, status) in [
        ("GET", "/nothing?x=1", 404),
        ("GET", "/assets/nothing.css", 404),
        ("POST", "/nothing", 404),
        ("GET", "/oauth2/token", 405),
        ("GET", "/account/signout", 405),
        ("POST", "/.well-known/jwks.json", 405),
    ] {
        let mut browser = lobby.browser();
        let url = url::Url::parse(testkit::ISSUER).unwrap().join(address).unwrap();
        let words = browser.send(method, &url, None).await;
        assert_eq!(words.status().as_u16(), status, "{address}");
        assert_eq!(words.headers()["content-type"], "text/plain; charset=utf-8", "{address}");
        assert!(!words.body().is_empty() && !words.body().contains('<'), "{}", words.body());
        browser.headers.insert("accept", "text/html,application/xhtml+xml,*/*;q=0.8".parse().unwrap());
        let page = browser.send(method, &url, None).await;
        assert_eq!(page.status().as_u16(), status, "{address}");
        assert!(page.body().contains("There is nothing here"), "{address}: {}", page.body());
        assert!(page.body().contains("data-trace=\"trace-of-a-test\""), "{address}");
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
        for answer in [&words, &page] {
            assert_eq!(answer.headers()["vestibule-trace"], "trace-of-a-test");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            assert_eq!(answer.headers().contains_key("allow"), status == 405, "{address}");
        }
    }
}
