//! `session`: what it prints, what it refuses.

use serde_json::Value;

use crate::person::Person;
use crate::program::{Server, command, done, done_with, fresh, refused};

#[test]
fn without_sessions_the_lists_are_empty() {
    let directory = fresh("session-none");
    done(&directory, &["user", "add", "ada@example.com"]);
    assert_eq!(done(&directory, &["session", "list", "--json"]), "[]\n");
    assert_eq!(done(&directory, &["session", "list", "ada@example.com"]).lines().count(), 1);
    assert_eq!(done(&directory, &["session", "revoke", "--user", "ada@example.com"]), "revoked: 0\n");
}

#[test]
fn what_is_no_session_is_refused_in_one_line() {
    let directory = fresh("session-refused");
    let id = "0f0102030405060708090a0b0c0d0eff";
    for (arguments, said) in [
        (&["list", "eve"][..], "there is no person called eve"),
        (&["revoke"], "vestibule --help"),
        (&["revoke", "x"], "vestibule --help"),
        (&["revoke", id], "see `vestibule session list`"),
        (&["revoke", "--user", "eve"], "there is no person"),
    ] {
        let message = refused(command(&directory).arg("session").args(arguments));
        assert!(message.contains(said) && message.contains("; "), "{arguments:?}: {message}");
    }
}

#[test]
fn a_session_is_listed_and_its_end_is_felt_by_a_running_server() {
    let directory = fresh("session-life");
    let server = Server::start(&directory);
    let password = "correct horse battery";
    done_with(&directory, &["user", "add", "ada@example.com", "--password-stdin"], password);
    let (id, uri) = ("photos", "https://photos.example/cb");
    done(&directory, &["client", "add", "Photos", "--client-id", id, "--redirect-uri", uri, "--trusted"]);
    let ask =
        format!("/oauth2/authorize?client_id={id}&redirect_uri={uri}&response_type=code&scope=openid&nonce=n&state=s");
    let silently = format!("{ask}&prompt=none");
    let mut ada = Person::new(&server.address, "ada@example.com", password);
    let one = |directory| {
        let sessions: Vec<Value> =
            serde_json::from_str(&done(directory, &["session", "list", "--json"])).expect("JSON");
        let [session] = sessions.as_slice() else { panic!("{sessions:?}") };
        session["id"].as_str().expect("an id").to_owned()
    };
    for by_user in [false, true] {
        assert!(ada.walk(&ask).is_some_and(|end| end.starts_with(&format!("{uri}?code="))));
        let session = one(&directory);
        let table = done(&directory, &["session", "list", "ada@example.com"]);
        assert!(table.contains(&session) && table.contains("ada@example.com  pwd "), "{table}");
        let (what, said) = match by_user {
            true => (["--user", "ada@example.com"].as_slice(), "revoked: 1\n".to_owned()),
            false => (&[session.as_str()][..], format!("revoked: {session}\n")),
        };
        assert_eq!(done(&directory, &[&["session", "revoke"], what].concat()), said);
        assert_eq!(done(&directory, &["session", "list", "--json"]), "[]\n");
        let end = ada.walk(&silently).expect("an answer");
        assert!(end.contains("error=login_required"), "{end}");
    }
}
