//! `site`, and `/forward-auth` of the program itself.

use serde_json::{Value, json};

use crate::program::{Server, command, done, fresh, refused};

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn configured(name: &str, more: &str) -> std::path::PathBuf {
    let directory = fresh(name);
    let session = format!("[session]\nsite_domain = \".example.com\"\n{more}");
    let text = format!("public_url = \"https://id.example.com\"\ntrusted_proxies = [\"127.0.0.1\"]\n{session}");
    std::fs::write(directory.join("vestibule.toml"), text).expect("written");
    directory
}

#[test]
fn sites_are_registered_shown_and_deleted() {
    let directory = configured("site-commands", "sites = [\"fixed.example.com\"]\n");
    done(&directory, &["group", "add", "staff"]);
    let added = done(
        &directory,
        &["site", "add", "wiki.example.com", "Blog.example.com", "--rule", "/admin groups=staff acr=phr"],
    );
    assert_eq!(added, "registered: wiki.example.com\nregistered: blog.example.com\n");
    done(&directory, &["site", "add", "blog.example.com", "--public", "--rule", "/drafts groups=staff"]);
    let listed = json_of(&done(&directory, &["site", "list", "--json"]));
    let shown: Vec<_> = listed.as_array().expect("a list").iter().map(|site| (&site["host"], &site["rules"])).collect();
    assert_eq!(
        shown,
        [
            (&json!("blog.example.com"), &json!(["/ public", "/drafts groups=staff"])),
            (&json!("fixed.example.com"), &json!(["/"])),
            (&json!("wiki.example.com"), &json!(["/", "/admin groups=staff acr=phr"])),
        ]
    );
    assert!(listed[1]["created_at"].is_null() && listed[0]["created_at"].is_i64(), "{listed}");
    assert_eq!(
        done(&directory, &["site", "show", "blog.example.com"]),
        "blog.example.com\n/ public\n/drafts groups=staff\n"
    );
    assert!(done(&directory, &["site", "list"]).contains("in the configuration"));
    assert_eq!(done(&directory, &["site", "delete", "blog.example.com"]), "deleted: blog.example.com\n");
    let trail = done(&directory, &["audit", "list"]);
    assert!(trail.contains("site.set") && trail.contains("site.deleted"), "{trail}");
    for (arguments, words) in [
        (&["site", "delete", "blog.example.com"][..], "there is no site blog.example.com"),
        (&["site", "show", "blog.example.com"], "there is no site blog.example.com"),
        (&["site", "delete", "fixed.example.com"], "stands in session.sites"),
        (&["site", "add", "fixed.example.com"], "stands in session.sites"),
        (&["site", "add", "wiki.example.org"], "choose another host"),
        (&["site", "add", "id.example.com"], "the provider itself"),
        (&["site", "add", "https://wiki.example.com"], "without https://"),
        (&["site", "add", "a.example.com", "--group", "board"], "there is no group called board"),
        (&["site", "add", "a.example.com", "--acr", "gold"], "there is no level called gold"),
        (&["site", "add", "a.example.com", "--rule", "admin"], "a path begins with a slash"),
        (&["site", "add", "a.example.com", "--max-age", "5"], "max-age is a number"),
    ] {
        let line = refused(command(&directory).args(arguments));
        assert!(line.contains(words), "{arguments:?}: {line}");
    }
    let bare = fresh("site-without-domain");
    let line = refused(command(&bare).args(["site", "add", "wiki.example.com"]));
    assert!(line.contains("session.site_domain is not set"), "{line}");
}

/// The statuses that a proxy gets, which says these headers.
fn asked(server: &Server, headers: &str) -> u16 {
    let head = "GET /forward-auth HTTP/1.1\r\nHost: id.example.com\r\nConnection: close\r\n";
    let text = server.ask(&format!("{head}{headers}\r\n"));
    text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{text}"))
}

/// A command takes effect beside the server within a second; whom the server does not trust says nothing.
#[test]
fn a_server_takes_a_site_up_and_believes_trusted_proxies_alone() {
    let directory = configured("site-server", "");
    let server = Server::start(&directory);
    let url = "X-Original-URL: https://wiki.example.com/\r\n";
    assert_eq!(asked(&server, url), 403, "it is registered nowhere");
    done(&directory, &["site", "add", "wiki.example.com", "--rule", "/public public"]);
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(asked(&server, url), 401);
    assert_eq!(asked(&server, "X-Original-URL: https://wiki.example.com/public\r\n"), 200);
    let parts = "X-Forwarded-Host: wiki.example.com\r\nX-Forwarded-Uri: /\r\nAccept: text/html\r\n";
    assert_eq!(asked(&server, parts), 303);
    assert_eq!(asked(&server, &format!("{url}{parts}")), 403, "one of the two came from outside");
    assert_eq!(asked(&server, &format!("{url}{url}")), 403, "one of the two came from outside");
    drop(server);
    let text = std::fs::read_to_string(directory.join("vestibule.toml")).expect("read");
    std::fs::write(directory.join("vestibule.toml"), text.replace("127.0.0.1", "192.0.2.1")).expect("written");
    let server = Server::start(&directory);
    assert_eq!(asked(&server, "X-Original-URL: https://wiki.example.com/public\r\n"), 403, "nobody trusted said so");
}

/// nginx understands 2xx, 401 and 403, and makes a 500 of whatever else its question brings. What it lets in by default (a head
/// of 32 KiB, whose target it repeats) is answered by the rules, and so is a length of a body that does not come. Beyond that the
/// connection itself says no, before it is known what was asked.
#[test]
fn a_question_of_nginx_is_answered_however_large() {
    let directory = configured("site-large", "sites = [\"wiki.example.com\", \"wiki.example.com/public public\"]\n");
    let server = Server::start(&directory);
    let about =
        |path: &str, more: &str| asked(&server, &format!("X-Original-URL: https://wiki.example.com{path}\r\n{more}"));
    let cookies = |length: usize| format!("Cookie: {}\r\n", format!("a{}=b; ", "x".repeat(4090)).repeat(length / 4096));
    for (path, status) in [("/public", 200), ("/page", 401), ("/public/..%2fpage", 401), ("nowhere", 403)] {
        assert_eq!(about(path, ""), status, "{path}");
        for length in [28 * 1024, 32 * 1024, 40 * 1024, 56 * 1024] {
            assert_eq!(about(path, &cookies(length)), status, "{path}, {length} bytes of cookies");
        }
        let target = |length| format!("{path}?{}", "q".repeat(length));
        assert_eq!(about(&target(4000), &cookies(24 * 1024)), status, "{path}, a long target");
        assert_eq!(about(&target(8000), &cookies(24 * 1024)), 403, "{path}, a longer target is nobody's");
        assert_eq!(about(path, "Content-Length: 10000000\r\n"), status, "{path}, a body that does not come");
        assert_eq!(about(path, &"X-More: y\r\n".repeat(90)), status, "{path}, many fields");
    }
    // What docs/book/sites.md says of the rest: fields beyond a hundred, heads beyond 64 KiB, and what is no HTTP.
    assert_eq!(about("/public", &"X-More: y\r\n".repeat(101)), 431);
    assert_eq!(about("/public", &cookies(128 * 1024)), 431);
    for line in ["X-More: \u{1}\r\n", "Cookie: a=\u{7f}\r\n"] {
        assert_eq!(about("/public", line), 400, "{line:?}");
    }
}
