//! `session`: what it prints, what it refuses.

use crate::program::{command, done, fresh, refused};

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
