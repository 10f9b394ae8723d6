//! `group`, and who an app is for.

use serde_json::{Value, json};

use crate::program::{command, done, fresh, refused};

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn people_come_into_groups_and_out_again() {
    let directory = fresh("group-members");
    done(&directory, &["user", "add", "ada@example.com"]);
    assert_eq!(done(&directory, &["group", "add", "staff"]), "added: staff\n");
    assert_eq!(done(&directory, &["group", "add-member", "staff", "ada@example.com"]), "added\n");
    assert_eq!(done(&directory, &["group", "add-member", "staff", "ada@example.com"]), "was a member already\n");
    let members = json_of(&done(&directory, &["group", "list", "staff", "--json"]));
    assert_eq!(members[0]["email"], "ada@example.com");
    assert!(done(&directory, &["group", "list", "staff"]).contains("ada@example.com"));
    assert_eq!(json_of(&done(&directory, &["group", "list", "--json"]))[0]["name"], "staff");
    let asked = done(&directory, &["group", "policy", "staff", "--level", "multi-factor", "--max-age", "900"]);
    assert_eq!(asked, "staff: multi-factor, not older than 900 s\n");
    let policy = json!({ "level": "multi-factor", "max_age": 900 });
    assert_eq!(json_of(&done(&directory, &["group", "list", "--json"]))[0]["policy"], policy);
    assert_eq!(done(&directory, &["group", "policy", "staff"]), "staff: nothing\n");
    let trail = json_of(&done(&directory, &["audit", "list", "ada@example.com", "--json"]));
    assert_eq!(
        (trail[0]["kind"].as_str(), trail[0]["detail"]["group"].as_str()),
        (Some("group.member-added"), Some("staff"))
    );
    assert!(done(&directory, &["audit", "list"]).contains("group.member-added"));
    assert_eq!(done(&directory, &["user", "reset-factors", "ada@example.com"]), "removed: 0\n");
    assert_eq!(done(&directory, &["group", "remove-member", "staff", "ada@example.com"]), "removed\n");
    assert_eq!(done(&directory, &["group", "remove-member", "staff", "ada@example.com"]), "was no member\n");
    assert_eq!(done(&directory, &["group", "delete", "staff"]), "deleted: staff\n");
    for (arguments, words) in [
        (&["group", "delete", "staff"][..], "there is no group called staff"),
        (&["group", "list", "staff"], "there is no group called staff"),
        (&["group", "policy", "staff", "--level", "multi-factor"], "there is no group called staff"),
        (&["group", "policy", "staff", "--level", "single-factor"], "write multi-factor"),
        (&["group", "add", "two words"], "choose another"),
        (&["group", "add-member", "staff", "nobody"], "there is no person called nobody"),
    ] {
        let line = refused(command(&directory).args(arguments));
        assert!(line.contains(words), "{line}");
    }
}

#[test]
fn an_app_is_for_groups_for_the_invited_and_until_its_end() {
    let directory = fresh("group-app");
    done(&directory, &["user", "add", "ada@example.com"]);
    let app = ["client", "add", "Photos", "--client-id", "photos", "--redirect-uri", "https://photos.example/cb"];
    let line = refused(command(&directory).args(app).args(["--group", "staff"]));
    assert!(line.contains("there is no group called staff"), "{line}");
    done(&directory, &["group", "add", "staff"]);
    let more = ["--group", "staff", "--invited-only", "--expires", "2027-01-31T18:00:00Z", "--json"];
    let added = json_of(&done(&directory, &[&app[..], &more].concat()));
    assert_eq!(added["vestibule_groups"], json!(["staff"]));
    assert_eq!(
        (&added["vestibule_invited_only"], &added["vestibule_expires_at"]),
        (&json!(true), &json!(1_801_418_400))
    );
    let line = refused(command(&directory).args(["client", "update", "photos", "--expires", "soon"]));
    assert!(line.contains("--expires is no time"), "{line}");

    let role = ["--role", "customer", "--role", "supplier"];
    assert_eq!(
        done(&directory, &[&["client", "invite", "photos", "ada@example.com"], &role[..]].concat()),
        "invited\n"
    );
    let invited = json_of(&done(&directory, &["client", "invited", "photos", "--json"]));
    assert_eq!(
        (&invited[0]["email"], &invited[0]["roles"]),
        (&json!("ada@example.com"), &json!(["customer", "supplier"]))
    );
    done(&directory, &["client", "uninvite", "photos", "ada@example.com", "--role", "supplier"]);
    assert!(done(&directory, &["client", "invited", "photos"]).contains("customer\n"));
    assert_eq!(done(&directory, &["client", "uninvite", "photos", "ada@example.com"]), "taken away\n");
    assert_eq!(done(&directory, &["client", "uninvite", "photos", "ada@example.com"]), "was not there\n");
    let line = refused(command(&directory).args(["client", "invite", "nothing", "ada@example.com"]));
    assert!(line.contains("there is no client with this client_id"), "{line}");
}
