//! `client`: what it prints, what it refuses.

use std::path::Path;

use serde_json::{Value, json};

use crate::program::{command, done, fresh, refused};

const WEB: &[&str] = &["--type", "web", "--redirect-uri", "https://photos.example/cb"];

#[test]
fn an_added_client_is_told_its_id_and_once_its_secret() {
    let directory = fresh("client-add");
    let text = done(&directory, &[&["client", "add", "Photos", "--client-id", "photos"], WEB].concat());
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "client_id: photos"));
    let secret = lines[1].strip_prefix("client_secret: ").expect("a secret");
    assert!(secret.starts_with("vst_cs_"), "{secret}");

    let shown = done(&directory, &["client", "show", "photos", "--json"]);
    assert!(!shown.contains("secret\"") && !shown.contains(secret), "{shown}");
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown["client_name"], "Photos");
    assert_eq!(shown["redirect_uris"], json!(["https://photos.example/cb"]));
    assert!(
        done(&directory, &["client", "show", "photos"]).contains("\ngrant_types: authorization_code refresh_token\n")
    );
    let data = std::fs::read(directory.join("vestibule-data/vestibule.db")).expect("the database");
    assert!(!data.windows(secret.len()).any(|part| part == secret.as_bytes()), "the secret is stored in clear");
}

/// RFC 7591 §3.2.1
#[test]
fn json_speaks_the_names_of_rfc_7591() {
    let directory = fresh("client-json");
    let added =
        added(&directory, &[&["Photos", "--trusted", "--pkce", "required", "--scope", "openid email"], WEB].concat());
    assert_eq!(added["client_id"].as_str().map(str::len), Some(32), "{added}");
    assert!(
        added["client_secret"].is_string() && added["client_id_issued_at"].as_i64() > Some(1_700_000_000),
        "{added}"
    );
    for (name, value) in [
        ("client_secret_expires_at", json!(0)),
        ("client_name", json!("Photos")),
        ("scope", json!("email openid")),
        ("grant_types", json!(["authorization_code", "refresh_token"])),
        ("response_types", json!(["code"])),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("id_token_signed_response_alg", json!("RS256")),
        ("vestibule_trusted", json!(true)),
        ("vestibule_pkce", json!("required")),
    ] {
        assert_eq!(added[name], value, "{name}");
    }
    // Without a secret its members are absent.
    let public = self::added(&directory, &["App", "--type", "spa", "--redirect-uri", "https://app.example/cb"]);
    assert!(public.get("client_secret").is_none() && public.get("client_secret_expires_at").is_none(), "{public}");
}

#[test]
fn metadata_may_be_any_member_and_options_come_before_it() {
    let directory = fresh("client-metadata");
    let metadata =
        r#"{"client_name": "Other", "id_token_signed_response_alg": "ES256", "contacts": ["ada@example.com"]}"#;
    let added = added(&directory, &[&["Photos", "--metadata", metadata], WEB].concat());
    assert_eq!(added["client_name"], "Photos");
    assert_eq!(added["id_token_signed_response_alg"], "ES256");
    assert_eq!(added["contacts"], json!(["ada@example.com"]));
}

#[test]
fn a_client_is_updated_rotated_and_deleted() {
    let directory = fresh("client-life");
    let first = added(&directory, &[&["Photos", "--client-id", "photos", "--trusted"], WEB].concat());
    done(&directory, &["client", "add", "Job", "--type", "service", "--client-id", "job"]);

    let change = ["client", "update", "photos", "--redirect-uri", "https://photos.example/new", "--json"];
    let updated: Value = serde_json::from_str(&done(&directory, &change)).expect("JSON");
    assert_eq!(updated["redirect_uris"], json!(["https://photos.example/new"]));
    assert_eq!((&updated["vestibule_trusted"], updated.get("client_secret")), (&json!(true), None));
    let text = done(&directory, &["client", "update", "photos", "--trusted=false", "--name", "Pictures"]);
    assert_eq!(text, "client_id: photos\n");
    let shown = done(&directory, &["client", "show", "photos"]);
    assert!(shown.contains("client_name: Pictures\n") && !shown.contains("vestibule_trusted"), "{shown}");

    let rotated = done(&directory, &["client", "rotate-secret", "photos", "--json"]);
    let rotated: Value = serde_json::from_str(&rotated).expect("JSON");
    assert!(rotated["client_secret"].is_string() && rotated["client_secret"] != first["client_secret"]);

    let list: Value = serde_json::from_str(&done(&directory, &["client", "list", "--json"])).expect("JSON");
    let ids: Vec<_> = list.as_array().expect("a list").iter().map(|client| client["client_id"].clone()).collect();
    assert_eq!(ids, ["photos", "job"]);
    let table = done(&directory, &["client", "list"]);
    assert!(
        table.starts_with("CLIENT_ID  NAME      TYPE     TRUSTED  REDIRECT URIS\nphotos     Pictures  web      no "),
        "{table}"
    );

    assert_eq!(done(&directory, &["client", "delete", "photos"]), "deleted: photos\n");
    assert!(!done(&directory, &["client", "list"]).contains("photos"));
}

/// A mini program belongs to a host that there is, and that can hand it codes.
#[test]
fn a_host_is_an_app_that_exchanges() {
    let directory = fresh("client-host");
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    let super_app = ["--type", "native", "--grant", "authorization_code", "--grant", exchange];
    let super_app = [&super_app[..], &["--redirect-uri", "https://super.example/cb"]].concat();
    for id in ["super", "rival"] {
        done(&directory, &[&["client", "add", "Super", "--client-id", id], &super_app[..]].concat());
    }
    done(&directory, &[&["client", "add", "Photos", "--client-id", "photos"], WEB].concat());
    let program = |host| [&["client", "add", "Taxi", "--client-id", "taxi", "--host", host], WEB].concat();
    for (arguments, said) in [
        (program("supper"), "vestibule_host names supper, and there is no such client; see `vestibule client list`"),
        (
            program("photos"),
            "vestibule_host names photos, which is no host app; a host has the grants authorization_code",
        ),
        (program("taxi"), "vestibule_host names taxi, and there is no such client"),
    ] {
        let error = refused(command(&directory).args(&arguments));
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    assert!(!done(&directory, &["client", "list"]).contains("taxi"));
    done(&directory, &program("super"));
    for (arguments, said) in [
        (["client", "update", "taxi", "--host", "supper"], "vestibule_host names supper"),
        (["client", "update", "taxi", "--host", "photos"], "vestibule_host names photos"),
        (["client", "update", "photos", "--host", "taxi"], "vestibule_host names taxi, which is no host app"),
        (
            ["client", "update", "super", "--host", "super"],
            "a mini program (vestibule_host) redeems its codes by a server",
        ),
    ] {
        let error = refused(command(&directory).args(arguments));
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    let host = || done(&directory, &["client", "show", "taxi"]);
    assert!(host().contains("vestibule_host: super\n"), "{}", host());
    done(&directory, &["client", "update", "taxi", "--host", "rival"]);
    assert!(host().contains("vestibule_host: rival\n"), "{}", host());
    // Its host is gone: it can be blocked all the same.
    done(&directory, &["client", "delete", "rival"]);
    done(&directory, &["client", "update", "taxi", "--state", "blocked"]);
}

#[test]
fn what_makes_no_client_is_refused_and_nothing_is_written() {
    let directory = fresh("client-refused");
    done(&directory, &[&["client", "add", "Photos", "--client-id", "photos"], WEB].concat());
    let before = done(&directory, &["client", "list", "--json"]);
    for (arguments, said) in [
        (&["add", "A"][..], "needs at least one redirect URI"),
        (&["add", "A", "--redirect-uri", "http://app.example/cb"], "http://app.example/cb"),
        (&["add", "A", "--redirect-uri", "https://app.example/cb#x"], "https://app.example/cb#x"),
        (&["add", "A", "--type", "game"], "game"),
        (&["add", "A", "--grant", "password"], "password"),
        (&["add", "A", "--type", "service", "--auth", "none"], "client_credentials needs a client"),
        (&["add", "A", "--type", "service", "--auth", "private_key_jwt"], "needs jwks"),
        (&["add", "A", "--metadata", "{"], "--metadata is no JSON object"),
        (&["add", "A", "--metadata", "{\"redirect_uris\": 1}"], "wrong form"),
        (&["add", "A", "--type", "service", "--client-id", "photos"], "already"),
        (&["add", "A", "--type", "service", "--client-id", "a b"], "client_id must be"),
        (&["update", "photos", "--metadata", "{\"redirect_uris\": null}"], "needs at least one redirect URI"),
        (&["update", "photos", "--metadata", "{\"scope\": 1}"], "wrong form"),
        (&["update", "none", "--name", "x"], "see `vestibule client list`"),
        (&["show", "none"], "see `vestibule client list`"),
        (&["delete", "none"], "see `vestibule client list`"),
        (&["rotate-secret", "none"], "see `vestibule client list`"),
    ] {
        let message = refused(command(&directory).arg("client").args(arguments));
        assert!(message.contains(said) && message.contains(';'), "{arguments:?}: {message}");
    }
    assert_eq!(done(&directory, &["client", "list", "--json"]), before);
}

fn added(directory: &Path, arguments: &[&str]) -> Value {
    let text = done(directory, &[&["client", "add"], arguments, &["--json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}
