//! The token tools' pages, as a browser asks for them. What they compute is tried in a real one (tests/browser).

use std::io::Read as _;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use testkit::House;
use testkit_macros::both_databases;
use tower::ServiceExt as _;
use vestibule_web::look::Brand;
use vestibule_web::tools::Module;
use vestibule_web::{App, Router};

const MODULE: Module = Module { script: b"vestibuleModule=\"AAAA\"", packed: b"\x1f\x8bpacked" };

/// A provider with the tools in it, or without.
async fn router(house: &House, module: Option<Module>) -> Router {
    vestibule_web::router(App::new(house.node().await, Brand::default(), module, || "trace-of-a-test".to_owned()))
}

async fn get(router: &Router, path: &str, accept_encoding: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path).header("accept-encoding", accept_encoding).body(Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

async fn page(router: &Router, path: &str) -> String {
    let (status, headers, body) = get(router, path, "").await;
    assert_eq!(status, StatusCode::OK, "{path}");
    assert!(!headers.contains_key("set-cookie"), "{path} sets no cookie");
    let policy = headers["content-security-policy"].to_str().unwrap();
    for part in
        ["default-src 'none'", "connect-src 'none'", "form-action 'none'", "script-src 'self' 'wasm-unsafe-eval'"]
    {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    String::from_utf8(body).unwrap()
}

/// The values of an attribute.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
}

#[both_databases]
async fn every_tool_has_a_page_whose_files_are_there(house: House) {
    let router = router(&house, Some(MODULE)).await;
    let list = page(&router, "/tools/").await;
    let links: Vec<&str> = values(&list, "href").into_iter().filter(|link| link.starts_with("/tools/")).collect();
    for tool in ["hmac", "pkce", "secret"] {
        assert!(links.contains(&format!("/tools/{tool}").as_str()), "{links:?}");
    }
    for link in links.iter().filter(|link| !link.contains('.')) {
        let html = page(&router, link).await;
        for address in values(&html, "src").into_iter().chain(values(&html, "href")).filter(|a| a.starts_with('/')) {
            assert_eq!(get(&router, address, "").await.0, StatusCode::OK, "{address} on {link}");
            assert!(address.starts_with("/tools/"), "{address} is out of the worker's reach");
        }
    }
    for nothing in ["/tools/none", "/tools/assets/none.js", "/tools/hmac/"] {
        assert_eq!(get(&router, nothing, "").await.0, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[both_databases]
async fn a_build_without_the_module_says_how_to_add_it(house: House) {
    let without = router(&house, None).await;
    for path in ["/tools/", "/tools/hmac"] {
        let html = page(&without, path).await;
        assert!(html.contains("data-missing") && html.contains("cargo xtask"), "{path}");
        assert!(!html.contains("<form") && !html.contains("/module."), "{path}");
    }
    let with = page(&router(&house, Some(MODULE)).await, "/tools/hmac").await;
    assert!(!with.contains("data-missing") && with.contains("<form") && with.contains("/module."));
}

#[both_databases]
async fn the_module_comes_packed_to_whom_that_is_welcome(house: House) {
    let router = router(&house, Some(MODULE)).await;
    let html = page(&router, "/tools/hmac").await;
    let address = values(&html, "src").into_iter().find(|address| address.contains("/module.")).unwrap();
    let (_, headers, body) = get(&router, address, "br, gzip").await;
    assert_eq!((headers["content-encoding"].as_bytes(), body.as_slice()), (&b"gzip"[..], MODULE.packed));
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    let (_, headers, body) = get(&router, address, "gzip;q=0").await;
    assert_eq!((headers.get("content-encoding"), body.as_slice()), (None, MODULE.script));
    assert_eq!(headers["vary"], "Accept-Encoding");

    // And so do the pages, which know nobody, and what else they load.
    let (_, headers, packed) = get(&router, "/tools/hmac", "gzip").await;
    assert_eq!(headers["content-encoding"], "gzip");
    assert!(headers.get_all("vary").iter().any(|vary| vary == "Accept-Encoding"));
    assert!(packed.len() < html.len() / 2);
    assert_eq!(unpacked(&packed), html.as_bytes());
    let address = values(&html, "src").into_iter().find(|address| address.contains("/bridge.")).unwrap();
    let (_, headers, plain) = get(&router, address, "").await;
    assert_eq!((headers.get("content-encoding"), &headers["vary"]), (None, &"Accept-Encoding".parse().unwrap()));
    let (_, headers, packed) = get(&router, address, "gzip").await;
    assert_eq!(headers["content-encoding"], "gzip");
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/javascript"));
    assert!(packed.len() < plain.len() / 2);
    assert_eq!(unpacked(&packed), plain);
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut read = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut read).unwrap();
    read
}

#[both_databases]
async fn the_worker_keeps_what_is_there_and_may_reach_nothing_else(house: House) {
    let router = router(&house, Some(MODULE)).await;
    let (_, headers, body) = get(&router, "/tools/worker.js", "").await;
    // Without a header that allows it more, a worker answers for the folder that it lies in.
    assert!(!headers.contains_key("service-worker-allowed"));
    let policy = format!("default-src 'none'; connect-src {}/tools/", house.node().await.issuer());
    assert_eq!(headers["content-security-policy"], policy);
    let text = String::from_utf8(body).unwrap();
    let list = text.split_once("const FILES = ").unwrap().1.split_once(";\n").unwrap().0;
    let files: Vec<String> = serde_json::from_str(list).unwrap();
    assert!(files.iter().any(|file| file.contains("/module.")) && files.contains(&"/tools/hmac".to_owned()));
    for file in files {
        assert!(file.starts_with("/tools/"), "{file}");
        assert_eq!(get(&router, &file, "").await.0, StatusCode::OK, "{file}");
    }
    let (_, _, manifest) = get(&router, "/tools/manifest.webmanifest", "").await;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(get(&router, manifest["icons"][0]["src"].as_str().unwrap(), "").await.0, StatusCode::OK);
}

#[both_databases]
async fn the_language_that_an_address_wishes_goes_on(house: House) {
    let router = router(&house, Some(MODULE)).await;
    let html = page(&router, "/tools/?ui_locales=ar").await;
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(html.contains("href=\"/tools/hmac?ui_locales=ar\""));
    let hostile = page(&router, "/tools/?ui_locales=%22%3E%3Cscript%3E").await;
    assert!(!hostile.contains("<script>"));
}

#[both_databases]
async fn the_address_without_the_slash_leads_in_with_what_it_asks(house: House) {
    let router = router(&house, Some(MODULE)).await;
    for (asked, to) in [("/tools", "/tools/"), ("/tools?ui_locales=ar", "/tools/?ui_locales=ar")] {
        let (status, headers, _) = get(&router, asked, "").await;
        assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::PERMANENT_REDIRECT, to));
    }
}

/// As files, every address is relative, and each leads to a file of the folder.
#[test]
fn the_folder_is_whole() {
    let files = vestibule_web::tools::files(&Brand::default(), MODULE);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for file in files.iter().filter(|file| file.path.ends_with(".html")) {
        let html = std::str::from_utf8(&file.bytes).unwrap();
        assert!(html.contains("http-equiv=\"Content-Security-Policy\"") && html.contains("connect-src &#39;none&#39;"));
        let base = url::Url::parse("file:///folder/").unwrap().join(&file.path).unwrap();
        for address in values(html, "href").into_iter().chain(values(html, "src")).filter(|a| !a.starts_with('#')) {
            let to = base.join(address).unwrap();
            let path = to.path().strip_prefix("/folder/").unwrap_or_else(|| panic!("{address} leaves the folder"));
            assert!(paths.contains(&path), "{address} in {}", file.path);
        }
    }
    assert!(paths.contains(&"index.html") && paths.contains(&"ar/hmac.html"));
}
