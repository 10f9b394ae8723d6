//! `user`: what it prints, what it refuses.

use serde_json::{Value, json};

use crate::person::{End, Person};
use crate::program::{Server, command, done, done_with, fed, fresh, refused};

const ADA: &[&str] = &["user", "add", "ada@example.com", "--name", "Ada Lovelace", "--username", "ada"];

#[test]
fn without_a_password_a_one_time_link_sets_it() {
    let directory = fresh("user-link");
    let text = done(&directory, ADA);
    let lines: Vec<_> = text.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("id: "), "{text}");
    let token = lines[1].strip_prefix("link: http://127.0.0.1:8080/set-password?token=").expect("a link");
    assert!(token.starts_with("vst_ln_"), "{token}");

    let mut elsewhere = command(&directory);
    elsewhere.env("VESTIBULE_PUBLIC_URL", "https://id.example.com/").args(["user", "set-password", "ada", "--json"]);
    let again: Value = serde_json::from_slice(&fed(&mut elsewhere, "").stdout).expect("JSON");
    let link = again["link"].as_str().expect("a link");
    assert!(link.starts_with("https://id.example.com/set-password?token=vst_ln_") && !link.contains(token), "{link}");
}

#[test]
fn a_password_comes_over_standard_input_alone() {
    let directory = fresh("user-password");
    let password = "correct horse battery";
    let text = done_with(&directory, &[ADA, &["--password-stdin"]].concat(), &format!("{password}\r\nmore"));
    assert!(text.starts_with("id: ") && text.lines().count() == 1, "{text}");
    let export = done(&directory, &["user", "export", "ada"]);
    let document: Value = serde_json::from_str(&export).expect("JSON");
    assert_eq!(document["credentials"][0]["kind"], "password");
    for secret in ["argon2", password] {
        assert!(!export.contains(secret), "{export}");
    }
    let set = ["user", "set-password", "ADA@example.com", "--password-stdin"];
    assert_eq!(done_with(&directory, &set, "another one of mine\n").lines().count(), 1);
    for (input, said) in [("", "there is no password on standard input"), ("short\n", "at least 8 characters")] {
        let output = fed(command(&directory).args(set), input);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), text.lines().count()), (Some(2), 1), "{text}");
        assert!(text.contains(said) && text.contains("; "), "{text}");
    }
    // There is no option that takes it as an argument.
    refused(command(&directory).args(set).args(["--password", "x"]));
}

#[test]
fn a_person_is_shown_listed_disabled_and_deleted() {
    let directory = fresh("user-life");
    let added: Value =
        serde_json::from_str(&done(&directory, &[ADA, &["--verified", "--admin", "--json"]].concat())).expect("JSON");
    done(&directory, &["user", "add", "bob@example.com"]);
    let id = added["id"].as_str().expect("an id");
    for name in [id, "ada@example.com", "ADA@EXAMPLE.COM", "Ada"] {
        let shown: Value = serde_json::from_str(&done(&directory, &["user", "show", name, "--json"])).expect("JSON");
        for (member, value) in [
            ("id", json!(id)),
            ("email", json!("ada@example.com")),
            ("email_verified", json!(true)),
            ("username", json!("ada")),
            ("name", json!("Ada Lovelace")),
            ("is_admin", json!(true)),
            ("disabled", json!(false)),
        ] {
            assert_eq!(shown[member], value, "{name} {member}");
        }
    }
    assert!(done(&directory, &["user", "show", "ada"]).contains("\nstate: administrator\n"));
    assert!(done(&directory, &["user", "disable", "ada"]).contains("\nstate: disabled\n"));
    let list: Value = serde_json::from_str(&done(&directory, &["user", "list", "--json"])).expect("JSON");
    let states: Vec<_> = list.as_array().expect("a list").iter().map(|one| (&one["email"], &one["disabled"])).collect();
    assert_eq!(states, [(&json!("ada@example.com"), &json!(true)), (&json!("bob@example.com"), &json!(false))]);
    assert!(done(&directory, &["user", "enable", "ada"]).contains("\nstate: administrator\n"));
    assert_eq!(done(&directory, &["user", "delete", "ada"]), format!("deleted: {id}\n"));
    let table = done(&directory, &["user", "list"]);
    assert!(table.starts_with("ID ") && table.contains("bob@example.com") && !table.contains("ada"), "{table}");
}

#[test]
fn what_is_no_person_is_refused_in_one_line() {
    let directory = fresh("user-refused");
    done(&directory, ADA);
    for (arguments, said) in [
        (&["add", "ADA@example.com"][..], "already"),
        (&["add", "eve@example.com", "--username", "ada"], "already"),
        (&["add", "eve"], "no e-mail address"),
        (&["add", "eve@example.com", "--username", "a b"], "username"),
        (&["add", "eve@example.com", "--name", "a\nb"], "full name"),
        (&["show", "eve"], "there is no person called eve"),
        (&["disable", "eve"], "there is no person"),
        (&["enable", "eve"], "there is no person"),
        (&["delete", "eve"], "there is no person"),
        (&["export", "eve"], "there is no person"),
        (&["set-password", "eve"], "there is no person"),
    ] {
        let message = refused(command(&directory).arg("user").args(arguments));
        assert!(message.contains(said) && message.contains("; "), "{arguments:?}: {message}");
    }
}

#[test]
fn the_link_sets_a_password_once_and_lands_on_the_account() {
    let directory = fresh("user-link-use");
    let server = Server::start(&directory);
    let added: Value = serde_json::from_str(&done(&directory, &[ADA, &["--json"]].concat())).expect("JSON");
    let link = added["link"].as_str().expect("a link");
    let (_, path) = link.split_once(":8080").expect("the address of the configuration");
    let mut ada = Person::new(&server.address, "ada", "correct horse battery");
    let Some(End::Page(page)) = ada.visit(path) else { panic!("no page") };
    assert_eq!((page.answer.status, page.step.as_str()), (200, "set-password"), "{}", page.answer.body);
    let Some(End::Page(account)) = ada.submit(&page, &[("password", "correct horse battery")]) else {
        panic!("no page")
    };
    assert!(account.answer.status == 200 && account.answer.body.contains("Ada Lovelace"), "{}", account.answer.body);
    let mut again = Person::new(&server.address, "ada", "");
    let Some(End::Page(used)) = again.visit(path) else { panic!("no page") };
    assert_ne!(used.step, "set-password", "a used link shows no form");
}

/// Where accounts are by invitation, its link opens the form, and nothing else does.
#[test]
fn an_invitation_opens_the_door_once() {
    let directory = fresh("user-invite");
    std::fs::write(directory.join("vestibule.toml"), "[signup]\nmode = \"invite\"\nverify = \"never\"\n")
        .expect("a configuration");
    let server = Server::start(&directory);
    let link = done(&directory, &["user", "invite", "grace@example.com"]);
    let target = link.trim().strip_prefix("link: http://127.0.0.1:8080").expect("a link");
    let sign_up = || {
        let mut grace = Person::new(&server.address, "grace@example.com", "quite another horse");
        let fields = [("email", "grace@example.com"), ("name", "Grace"), ("password", "quite another horse")];
        match grace.visit(target).expect("the server runs") {
            End::Page(page) if page.step == "signup" => {
                grace.submit(&page, &[&fields[..], &[("action", "signup")]].concat())
            }
            _ => None,
        }
    };
    assert!(matches!(sign_up(), Some(End::Page(page)) if page.answer.status == 200), "the invitation works");
    assert!(sign_up().is_none(), "and once only");
    let mut eve = Person::new(&server.address, "eve@example.com", "x");
    assert!(matches!(eve.visit("/signup"), Some(End::Page(page)) if page.step != "signup"), "nobody else gets in");
    assert!(done(&directory, &["user", "show", "grace@example.com"]).contains("Grace"));
    let taken = refused(command(&directory).args(["user", "invite", "no address"]));
    assert!(taken.contains("e-mail"), "{taken}");
}
