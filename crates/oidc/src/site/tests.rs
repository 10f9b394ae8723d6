use super::*;
use crate::assurance::Method;

const NOW: Time = Time::from_seconds(10_000);

fn host(text: &str) -> Option<String> {
    Host::parse(text).map(String::from)
}

fn site(rules: &[&str]) -> Site {
    let rules = rules.iter().map(|rule| rule.parse().expect(rule)).collect();
    Site::new(Host::parse("wiki.example.com").expect("a host"), rules).expect("a site")
}

fn held(site: &Site, target: &str) -> Option<Vec<String>> {
    let mut paths: Vec<String> = site.rules_for(target)?.iter().map(|rule| rule.path().to_owned()).collect();
    paths.sort();
    Some(paths)
}

#[test]
fn hosts() {
    for (text, expected) in [
        ("wiki.example.com", "wiki.example.com"),
        ("Wiki.Example.COM", "wiki.example.com"),
        ("wiki.example.com:443", "wiki.example.com"),
        ("wiki.example.com:8443", "wiki.example.com:8443"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ] {
        assert_eq!(host(text).as_deref(), Some(expected), "{text}");
    }
    for wrong in [
        "",
        ".",
        "wiki.example.com.",
        "wiki..example.com",
        "-a.example",
        "127.0.0.1",
        "[::1]",
        "a b.example",
        "a_b.example",
        "wiki.example.com:",
        "wiki.example.com:0",
        "wiki.example.com:080",
        "wiki.example.com:70000",
        "a.example:1:2",
        "wiki.example.com@evil.example",
        "wiki.example.com/",
        "wiki.example.com\\",
        "b\u{fc}cher.example",
        "a.example,b.example",
    ] {
        assert_eq!(host(wrong), None, "{wrong}");
    }
}

#[test]
fn what_a_cookie_for_a_domain_reaches() {
    for (name, domain, reached) in [
        ("wiki.example.com", ".example.com", true),
        ("wiki.example.com:8443", ".example.com", true),
        ("example.com", ".example.com", true),
        ("wikiexample.com", ".example.com", false),
        ("example.com.evil.example", ".example.com", false),
    ] {
        assert_eq!(Host::parse(name).expect("a host").is_below(domain), reached, "{name}");
    }
}

/// Whatever is read here, a browser reads alike: the host cannot be left by what follows.
#[test]
fn addresses() {
    for (text, url) in [
        ("https://wiki.example.com", "https://wiki.example.com/"),
        ("https://wiki.example.com?a=b", "https://wiki.example.com/?a=b"),
        ("http://WIKI.example.com/x?y=https://evil.example/", "https://wiki.example.com/x?y=https://evil.example/"),
        ("https://wiki.example.com//evil.example/", "https://wiki.example.com//evil.example/"),
        ("https://wiki.example.com/\\evil.example", "https://wiki.example.com/\\evil.example"),
    ] {
        assert_eq!(Address::of_url(text).expect(text).to_url("https"), url);
    }
    for wrong in [
        "",
        "//wiki.example.com/",
        "wiki.example.com/",
        "javascript:alert(1)",
        "ftp://wiki.example.com/",
        "https:/wiki.example.com",
        "https://wiki.example.com@evil.example/",
        "https://wiki.example.com\\@evil.example/",
        "https://wiki.example.com:x@evil.example/",
        "https://wiki.example.com#@evil.example/",
        "https://wiki.example.com/a b",
        "https://wiki.example.com/\u{fc}",
        "https://wiki.example.com/\n",
        "https:///wiki.example.com/",
        "HTTPS://wiki.example.com/",
        " https://wiki.example.com/",
        "https://wiki.example.com%2f@evil.example/",
    ] {
        assert_eq!(Address::of_url(wrong), None, "{wrong}");
    }
    assert!(Address::of_parts("wiki.example.com", &format!("/{}", "a".repeat(4096))).is_none());
    assert!(Address::of_parts("wiki.example.com", "https://evil.example/").is_none(), "the absolute form is no path");
}

#[test]
fn rules_have_a_text() {
    for text in ["/", "/admin public", "/admin groups=staff+board:eu acr=phr max-age=900", "/a/b-c.d acr=urn:x:y"] {
        assert_eq!(text.parse::<Rule>().expect(text).to_string(), text);
    }
    assert_eq!("/admin/".parse::<Rule>().expect("a rule").path(), "/admin");
    for (wrong, error) in [
        ("", RuleError::Path),
        ("admin", RuleError::Path),
        ("/a//b", RuleError::Path),
        ("/a/../b", RuleError::Path),
        ("/a%2fb", RuleError::Path),
        ("/a private", RuleError::Word),
        ("/a public groups=staff", RuleError::Word),
        ("/a groups=", RuleError::Word),
        ("/a groups=staff+", RuleError::Word),
        ("/a acr=", RuleError::Word),
        ("/a acr=x acr=y", RuleError::Word),
        ("/a max-age=59", RuleError::MaxAge),
        ("/a max-age=soon", RuleError::MaxAge),
        ("/a public acr=phr", RuleError::Public),
    ] {
        assert_eq!(wrong.parse::<Rule>(), Err(error), "{wrong}");
    }
    let twice = vec!["/a public".parse().expect("a rule"), "/a/".parse().expect("a rule")];
    assert_eq!(Site::new(Host::parse("a.example").expect("a host"), twice), Err(RuleError::Twice));
}

#[test]
fn sites_are_read_from_texts() {
    let texts = [
        "wiki.example.com",
        "blog.example.com public",
        "wiki.example.com/admin groups=staff",
        "blog.example.com/x acr=phr",
    ];
    let sites = Site::read_all(texts.into_iter()).expect("sites");
    let shown: Vec<String> = sites
        .iter()
        .map(|site| format!("{}:{}", site.host, site.rules().iter().map(Rule::to_string).collect::<Vec<_>>().join(",")))
        .collect();
    assert_eq!(shown, ["blog.example.com:/ public,/x acr=phr", "wiki.example.com:/,/admin groups=staff"]);
    for wrong in
        [&["wiki.example.com", "wiki.example.com/ public"][..], &["https://wiki.example.com"], &["wiki.example.com x"]]
    {
        assert_eq!(Site::read_all(wrong.iter().copied()), None, "{wrong:?}");
    }
}

#[test]
fn the_longest_rule_holds() {
    let site = site(&["/admin groups=staff", "/admin/help public", "/public public"]);
    for (target, paths) in [
        ("/", &["/"][..]),
        ("/?x=/admin", &["/"]),
        ("/administrator", &["/"]),
        ("/admin", &["/admin"]),
        ("/admin/", &["/admin"]),
        ("/admin?x", &["/admin"]),
        ("/admin/users/7", &["/admin"]),
        ("/admin/help/a", &["/admin/help"]),
        ("/public/a.css", &["/public"]),
    ] {
        assert_eq!(held(&site, target).expect(target), paths, "{target}");
    }
}

/// A path that another server could read as `/admin` is held to the rule of `/admin`, whatever else it looks like.
#[test]
fn no_spelling_of_a_path_opens_more() {
    let site = site(&["/ public", "/admin groups=staff", "/public public"]);
    for target in [
        "//admin",
        "/./admin",
        "/x/../admin",
        "/public/../admin",
        "/public/..%2fadmin",
        "/public/%2e%2e/admin",
        "/public/%2E%2E%2Fadmin",
        "/public%2f..%2fadmin",
        "/public/..%5cadmin",
        "/public/..\\admin",
        "/%61dmin",
        "/%2561dmin",
        "/public/%252e%252e/admin",
        "/ADMIN",
        "/Admin/x",
        "/admin;x=1",
        "/admin;/x",
        "/public;/../admin",
        "/public/..;/admin",
        "/admin%3fx",
        "/admin%23",
        "/public/.//..//admin",
        "//public/..//admin/",
        "//x/admin",
        "/\\\\x/admin",
        "///x/admin",
        "/\\x/admin",
        "/%2fx/admin",
        "/public/..;\\admin",
        "/\\admin",
        "/%2fadmin",
        "/admin%2fusers",
        "/public/%25%32%65%25%32%65/admin",
    ] {
        let paths = held(&site, target).unwrap_or_else(|| panic!("{target}"));
        assert!(paths.contains(&"/admin".to_owned()), "{target}: {paths:?}");
    }
    for refused in ["/admin%00", "/%0d%0aadmin", "/public/%c0%ae%c0%ae/admin", "/%25252525252561dmin"] {
        assert_eq!(held(&site, refused), None, "{refused}");
    }
    // What only looks like a trick is no more than it says.
    for (target, paths) in [("/a%20b", &["/"][..]), ("/public/a%2fb", &["/public"]), ("/a..b/c", &["/"])] {
        assert_eq!(held(&site, target).expect(target), paths, "{target}");
    }
}

#[test]
fn who_may_see_what() {
    let site = site(&[
        "/ public",
        "/wiki",
        "/staff groups=staff+board",
        "/vault acr=phr",
        "/fresh max-age=900",
        "/gold acr=silver",
    ]);
    let staff = Standing { groups: vec!["board".into()], ..Standing::default() };
    let nobody = Standing::default();
    let password = [Proof { method: Method::Password, at: Time::from_seconds(9_000) }];
    let passkey = [Proof { method: Method::SyncedPasskey, at: Time::from_seconds(9_200) }];
    let more = Policy { level: Some(crate::assurance::Level::MultiFactor), max_age: None };
    let visitor = |standing, proofs| Some(Visitor { standing, proofs, policy: Policy::default() });
    let step_up = |acr: Option<&str>, max_age| Verdict::StepUp { acr: acr.map(str::to_owned), max_age };
    for (target, visitor, verdict) in [
        ("/", None, Verdict::Public),
        ("/wiki", None, Verdict::SignIn),
        ("/wiki", visitor(&nobody, &password), Verdict::Enter),
        ("/staff", None, Verdict::SignIn),
        ("/staff", visitor(&nobody, &password), Verdict::Forbidden),
        ("/staff", visitor(&staff, &password), Verdict::Enter),
        ("/vault", visitor(&nobody, &password), step_up(Some("phr"), None)),
        ("/vault", visitor(&nobody, &passkey), Verdict::Enter),
        ("/fresh", visitor(&nobody, &password), step_up(None, Some(900))),
        ("/fresh", visitor(&nobody, &passkey), Verdict::Enter),
        // A name of no level opens nothing.
        ("/gold", visitor(&nobody, &passkey), Verdict::Forbidden),
        ("/wiki", visitor(&nobody, &[]), step_up(None, None)),
        ("/wiki", Some(Visitor { standing: &nobody, proofs: &password, policy: more }), step_up(None, None)),
        ("//staff", visitor(&nobody, &passkey), Verdict::Forbidden),
        ("/wiki/../vault", visitor(&nobody, &password), step_up(Some("phr"), None)),
    ] {
        let rules = site.rules_for(target).expect(target);
        assert_eq!(decide(&rules, visitor, &Contexts::default(), NOW), verdict, "{target}");
    }
}
