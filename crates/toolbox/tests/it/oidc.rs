//! `oidc request` and `oidc redirect`.

use toolbox::Verdict;
use vestibule_toolbox as toolbox;

use crate::support::{codes, done, member, refused};

const REQUEST: &[(&str, &str)] = &[
    ("endpoint", "https://id.example.com/oauth2/authorize"),
    ("client-id", "shop & co"),
    ("redirect-uri", "https://shop.example.com/callback?x=1"),
];

#[test]
fn a_request_is_whole_and_its_challenge_the_verifiers() {
    let output =
        done("oidc request", &[REQUEST, &[("scope", "openid email"), ("parameter", "ui_locales=de")]].concat());
    let url = member(&output, "url");
    assert!(
        url.starts_with("https://id.example.com/oauth2/authorize?response_type=code&client_id=shop%20%26%20co&"),
        "{url}"
    );
    for piece in
        ["redirect_uri=https%3A%2F%2Fshop.example.com%2Fcallback%3Fx%3D1", "scope=openid%20email", "ui_locales=de"]
    {
        assert!(url.contains(piece), "{piece}: {url}");
    }
    let pkce = done("pkce", &[("verifier", &member(&output, "code_verifier"))]);
    assert!(
        url.contains(&format!("code_challenge={}&code_challenge_method=S256", member(&pkce, "code_challenge"))),
        "{url}"
    );
    assert!(url.contains(&format!("state={}&nonce={}", member(&output, "state"), member(&output, "nonce"))), "{url}");
    assert_eq!(codes(&done("oidc request", &[REQUEST, &[("scope", "email")]].concat())), ["oidc-no-openid"]);
    assert!(
        refused("oidc request", &[REQUEST, &[("parameter", "scope=x")]].concat())
            .contains("scope stands there already")
    );
    assert!(refused("oidc request", &[REQUEST, &[("parameter", "x")]].concat()).contains("is no parameter"));
}

#[test]
fn a_redirect_is_read() {
    let read = |url: &str, more: &[(&str, &str)]| done("oidc redirect", &[&[("url", url)], more].concat());
    let good = read(
        "https://shop.example.com/callback?code=abc&state=s&iss=https%3A%2F%2Fid.example.com",
        &[("state", "s"), ("iss", "https://id.example.com")],
    );
    assert_eq!((good.verdict, codes(&good)), (Verdict::Yes, vec![]));
    assert_eq!(good.result["parameters"]["iss"], "https://id.example.com");
    for (url, more, expected) in [
        ("https://a/?code=c&state=s", &[("state", "t")][..], &["redirect-state"][..]),
        ("https://a/?code=c", &[("iss", "https://id.example.com")], &["redirect-iss"]),
        ("https://a/?error=login_required&error_description=no+session", &[], &["redirect-error"]),
        ("https://a/?state=s", &[], &["redirect-nothing"]),
        ("https://a/?code=c&code=d", &[], &["redirect-double"]),
        ("https://a/#access_token=x&id_token=y", &[], &["redirect-implicit"]),
        ("code=c&state=s", &[("state", "s")], &[]),
    ] {
        assert_eq!(codes(&read(url, more)), expected, "{url}");
    }
    let error = read("https://a/?error=login_required&error_description=no+session", &[]);
    assert!(error.notes[0].text.contains("nobody is signed in"), "{:?}", error.notes);
    assert_eq!(error.notes[0].cause.as_deref(), Some("no session"));
    assert!(refused("oidc redirect", &[("url", "https://shop.example.com/callback")]).contains("no parameters"));
}
