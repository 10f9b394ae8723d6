//! `init` and `migrate`.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::program::{Server, command, done, fresh, refused};

#[test]
fn what_init_writes_serve_runs_with() {
    let directory = fresh("init");
    let text =
        done(&directory, &["init", "house", "--public-url", "https://id.example.com", "--admin", "ada@example.com"]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..2], ["configuration: house/vestibule.toml", "administrator: ada@example.com"]);
    assert!(lines[2].starts_with("link: https://id.example.com/set-password?token=vst_ln_"), "{text}");
    assert_eq!(lines[3], "next: vestibule serve --config house/vestibule.toml");
    for file in ["vestibule.toml", "vestibule-data/master.key", "vestibule-data/vestibule.db"] {
        let mode = std::fs::metadata(directory.join("house").join(file)).expect(file).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let show = ["-c", "house/vestibule.toml", "user", "show", "ada@example.com"];
    assert!(done(&directory, &show).contains("state: administrator"));
    let check = ["-c", "house/vestibule.toml", "config", "check"];
    assert_eq!(done(&directory, &check), "the configuration is good\n");
    let mut serve = command(&directory);
    serve.args(["-c", "house/vestibule.toml"]);
    assert!(Server::start_with(serve).get("/readyz").starts_with("HTTP/1.1 200 "));
}

#[test]
fn init_overwrites_nothing() {
    let directory = fresh("init-twice");
    let first: Value = serde_json::from_str(&done(&directory, &["init", "--json"])).expect("JSON");
    assert_eq!((&first["config"], &first["administrator"]), (&"./vestibule.toml".into(), &"admin@localhost".into()));
    std::fs::write(directory.join("vestibule.toml"), "# mine\n").expect("written");
    let message = refused(command(&directory).arg("init"));
    assert!(message.contains("./vestibule.toml is there already; remove it"), "{message}");
    assert_eq!(std::fs::read_to_string(directory.join("vestibule.toml")).expect("there"), "# mine\n");
}

#[test]
fn a_wrong_option_leaves_nothing_behind() {
    let directory = fresh("init-wrong");
    for (arguments, said) in [
        (["--public-url", "http://id.example.com"], "--public-url: `public_url` cannot have this value"),
        (["--listen", "nowhere"], "--listen: `listen` cannot have this value"),
        (["--database", "mysql:x"], "--database: `database.url` cannot have this value"),
        (["--admin", "ada"], "this is no e-mail address; write it like"),
    ] {
        let message = refused(command(&directory).args(["init", "house"]).args(arguments));
        assert!(message.starts_with(said), "{message}");
        assert!(!directory.join("house/vestibule.toml").exists(), "{arguments:?}");
    }
}

#[test]
fn the_statements_for_citus_are_printed_without_a_database() {
    let directory = fresh("distribute");
    let text = done(&directory, &["migrate", "--distribute"]);
    assert!(text.contains("create_reference_table('clients');\n"), "{text}");
    assert!(text.contains("create_distributed_table('families', 'id'"), "{text}");
    assert!(!directory.join("vestibule-data").exists());
    assert_eq!(done(&directory, &["migrate"]), "the schema is up to date\n");
}
