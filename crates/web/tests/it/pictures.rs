//! `/account/picture` and `/pictures/ID`.

use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::BodyExt as _;
use serde_json::json;
use testkit::{Browser, House, ISSUER};
use testkit_macros::both_databases;
use tower::ServiceExt as _;

use crate::api::Api;
use crate::lobby::{ADA, Lobby};

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), name.as_slice(), data, b"\0\0\0\0"].concat()
}

/// A PNG of this width that tells where it was taken.
fn png(width: u32, data: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &30_u32.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"eXIf", b"SECRET place"), chunk(b"IDAT", data), chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

/// Any request with the browser's cookies.
async fn send(
    lobby: &Lobby,
    browser: &Browser,
    request: axum::http::request::Builder,
    body: Vec<u8>,
) -> Response<Vec<u8>> {
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = request.header(header::COOKIE, cookies.join("; ")).body(Body::from(body)).unwrap();
    let (parts, body) = House::router(&lobby.node).oneshot(request).await.unwrap().into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes().to_vec())
}

/// Sends the form of the picture's page as a browser does.
async fn upload(lobby: &Lobby, browser: &Browser, csrf: &str, action: &str, file: &[u8]) -> Response<Vec<u8>> {
    let field = |name: &str, value: &str| {
        format!("--b0\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
    };
    let head = "--b0\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"me.svg\"\r\n\
        Content-Type: image/svg+xml\r\n\r\n";
    let body = [&field("csrf", csrf)[..], &field("action", action), head.as_bytes(), file, b"\r\n--b0--\r\n"].concat();
    let request = Request::post("/account/picture").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b0");
    send(lobby, browser, request, body).await
}

async fn token(browser: &mut Browser) -> String {
    browser.open("/account/picture").await.form("picture").hidden[0].1.clone()
}

#[both_databases]
async fn a_picture_is_cleaned_served_and_told(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let access = api.redeem(&api.code(&lobby, "openid profile").await).await.text("access_token");
    let told = async || api.get("/oauth2/userinfo", &access).await.json["picture"].as_str().map(str::to_owned);
    let mut browser = lobby.adas_browser().await;
    assert!(browser.open("/account").await.says("href=\"/account/picture\""));
    let csrf = token(&mut browser).await;
    let saved = upload(&lobby, &browser, &csrf, "save", &png(40, b"dots\0\xff")).await;
    assert_eq!(saved.status().as_u16(), 303, "{}", String::from_utf8_lossy(saved.body()));
    let first = told().await.expect("a picture");
    let path = first.strip_prefix(ISSUER).unwrap().to_owned();
    let home = browser.open("/account").await;
    assert!(home.says(&format!("<img src=\"{path}\" alt=\"\"")), "{}", home.text);
    // Anybody who has the address, as what it is, and without the place.
    let served = send(&lobby, &lobby.browser(), Request::get(&path), Vec::new()).await;
    let text = |name: &str| served.headers()[name].to_str().unwrap();
    assert_eq!(
        (served.status().as_u16(), text("content-type"), text("x-content-type-options")),
        (200, "image/png", "nosniff")
    );
    assert_eq!(text("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!((text("cache-control"), text("cross-origin-resource-policy")), ("public, max-age=3600", "cross-origin"));
    assert!(!served.headers().contains_key("set-cookie"));
    let holds = |words: &[u8]| served.body().windows(words.len()).any(|window| window == words);
    assert!(holds(b"dots\0\xff") && !holds(b"SECRET"));
    // Another one stands at another address, and the one before is gone.
    upload(&lobby, &browser, &csrf, "save", &png(41, b"more")).await;
    let second = told().await.expect("a picture");
    assert_ne!(first, second);
    assert_eq!(send(&lobby, &browser, Request::get(&path), Vec::new()).await.status().as_u16(), 404);
    let path = second.strip_prefix(ISSUER).unwrap().to_owned();
    assert_eq!(send(&lobby, &browser, Request::get(&path), Vec::new()).await.status().as_u16(), 200);
    let removed = upload(&lobby, &browser, &csrf, "remove", b"").await;
    assert_eq!((removed.status().as_u16(), told().await), (303, None));
    assert_eq!(send(&lobby, &browser, Request::get(&path), Vec::new()).await.status().as_u16(), 404);
    for nonsense in ["/pictures/x", "/pictures/", "/pictures/0123456789abcdef0123456789abcdef"] {
        assert_eq!(
            send(&lobby, &browser, Request::get(nonsense), Vec::new()).await.status().as_u16(),
            404,
            "{nonsense}"
        );
    }
}

#[both_databases]
async fn what_is_no_picture_is_not_kept(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let csrf = token(&mut browser).await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let large = png(40, &vec![0; 100 * 1024]);
    for (file, words) in [
        (&b""[..], "Please fill this in"),
        (svg, "This is no PNG"),
        (b"<html>", "This is no PNG"),
        (&png(40, b"dots")[..50], "This is no PNG"),
        (&png(2049, b"dots"), "too wide"),
        (&large, "too large"),
    ] {
        let page = upload(&lobby, &browser, &csrf, "save", file).await;
        let text = String::from_utf8_lossy(page.body());
        assert_eq!(page.status().as_u16(), 422, "{words}");
        assert!(text.contains("id=\"picture-problem\"") && text.contains(words), "{words}: {text}");
    }
    let beyond = upload(&lobby, &browser, &csrf, "save", &vec![0; 129 * 1024]).await;
    assert_eq!(beyond.status().as_u16(), 413);
    for csrf in ["", "x"] {
        assert_eq!(upload(&lobby, &browser, csrf, "save", &png(40, b"dots")).await.status().as_u16(), 403);
    }
    // Another browser's token, and nobody at all.
    let mut other = lobby.browser();
    other.open("/signin").await;
    assert_eq!(upload(&lobby, &other, &csrf, "save", &png(40, b"dots")).await.status().as_u16(), 403);
    let plain = Request::post("/account/picture").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b0");
    let page = send(&lobby, &browser, plain, b"--b0\r\nnonsense".to_vec()).await;
    assert_eq!(page.status().as_u16(), 400);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    assert!(ada.profile.get("picture").is_none());
}

/// A picture that an operator named stays where it is until its person takes another, or it away.
#[both_databases]
async fn a_picture_elsewhere_is_told_and_not_shown_here(house: House) {
    let lobby = Lobby::open(house).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let profile = json!({ "picture": "https://cdn.example/ada.png" }).as_object().cloned();
    let change = idp::people::Change { profile, ..idp::people::Change::default() };
    lobby.node.update_user(ada.id, change).await.unwrap();
    let mut browser = lobby.adas_browser().await;
    // The pages load nothing from elsewhere.
    assert!(!browser.open("/account").await.says("cdn.example"));
    let page = browser.open("/account/picture").await;
    assert!(!page.says("cdn.example") && page.says("data-step=\"picture-remove\""), "{}", page.text);
    let csrf = token(&mut browser).await;
    upload(&lobby, &browser, &csrf, "remove", b"").await;
    assert!(lobby.node.find_user(ADA).await.unwrap().unwrap().profile.is_empty());
}
