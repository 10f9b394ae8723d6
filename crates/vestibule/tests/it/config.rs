//! CONTRACT §2: the configuration, and what is refused with file, line, key and the nearest right key.

use std::path::Path;

use crate::program::{Server, command, fresh, refused, run};

#[test]
fn what_is_wrong_is_said_with_file_line_and_key() {
    let directory = fresh("config-wrong");
    for (text, message) in [
        (
            "listen = \"127.0.0.1:0\"\npublik_url = \"x\"",
            "vestibule.toml:2: unknown key `publik_url`; did you mean `public_url`?",
        ),
        ("\n[database]\nuri = \"x\"", "vestibule.toml:3: unknown key `database.uri`; did you mean `database.url`?"),
        ("[databse]\nurl = \"x\"", "vestibule.toml:1: unknown key `databse`"),
        ("listen = 8080", "vestibule.toml:1: `listen` is a number; write an IP address"),
        ("tokens = 1", "vestibule.toml:1: `tokens` is a number; write a section [tokens]"),
        ("trusted_proxies = [1]", "vestibule.toml:1: `trusted_proxies` is a list of something else"),
        (
            "[tokens]\n\ncode_lifetime = \"1 week\"",
            "vestibule.toml:3: `tokens.code_lifetime` cannot have this value; write a time",
        ),
        (
            "public_url = \"http://id.example.com\"",
            "vestibule.toml:1: `public_url` cannot have this value; write an origin",
        ),
        ("[signup]\nmode = \"oepn\"", "vestibule.toml:2: `signup.mode` cannot have this value; write one of \"open\""),
        (
            "[session]\nlifetime = \"1d\"\nidle_lifetime = \"2d\"",
            "vestibule.toml:3: `session.idle_lifetime` is longer than",
        ),
        ("[keys]\nrotation_interval = \"5m\"", "vestibule.toml:2: `keys.rotation_interval` is no longer than"),
        ("[passwords]\nlanes = 64\nmemory_kib = 511", "vestibule.toml:3: `passwords.memory_kib` is less than 8 for"),
        ("[tls]\ncert = \"c.pem\"", "vestibule.toml:2: `tls.cert` stands without `tls.key`"),
        ("[mail]\ntransport = \"smtp\"", "vestibule.toml:2: `mail.transport` is \"smtp\" without"),
        (
            "[passkeys]\nattestation = \"listed\"",
            "vestibule.toml:2: `passkeys.attestation` is \"listed\" without `passkeys.models`",
        ),
        (
            "[passkeys]\nattestation = \"listed\"\nmodels = [\"2fc0579f-8113-47ea-b116-bb5a8db9202a\"]",
            "vestibule.toml:2: `passkeys.attestation` is \"listed\" without `passkeys.trust_anchors`",
        ),
        (
            "[passkeys]\nmodels = [\"YubiKey\"]",
            "vestibule.toml:2: `passkeys.models` cannot have this value; write a list of AAGUIDs",
        ),
        (
            "[device_keys]\nattestation = \"preferred\"",
            "vestibule.toml:2: `device_keys.attestation` stands without `device_keys.android_roots` and",
        ),
        (
            "[passwords]\nbreached_url = \"http://range.example\"",
            "vestibule.toml:2: `passwords.breached_url` cannot have this value",
        ),
        ("listen = \"a\"\nlisten = \"b\"", "vestibule.toml:2: "),
        ("[tls\n", "vestibule.toml:1: "),
    ] {
        write(&directory, text);
        let said = refused(command(&directory).args(["config", "check"]));
        assert!(said.starts_with(message), "{text}\n  said: {said}\n  not:  {message}");
        // And `serve` does not start with it.
        assert_eq!(refused(command(&directory).arg("serve")), said);
    }
}

#[test]
fn a_secret_is_neither_shown_nor_named_in_a_refusal() {
    let directory = fresh("config-secret");
    write(&directory, "[database]\nurl = \"postgres://ada:hunter2@db/name\"");
    for arguments in [&["config", "show"][..], &["config", "show", "--json"]] {
        let output = run(&directory, arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("postgres://…@db/name") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("vestibule.toml:2"), "{text}");
    }
    write(&directory, "[database]\nurl = \"mysql://ada:hunter2@db/name\"");
    assert!(!refused(command(&directory).args(["config", "check"])).contains("hunter2"));
}

#[test]
fn the_environment_comes_before_the_file_and_the_command_line_before_both() {
    let directory = fresh("config-order");
    write(&directory, "data_dir = \"of-file\"\n[log]\nlevel = \"warn\"");
    let mut serve = command(&directory);
    serve.env("VESTIBULE_DATA_DIR", "of-environment").env("VESTIBULE_LOG_LEVEL", "error");
    drop(Server::start_with(serve));
    assert!(directory.join("of-environment/vestibule.db").exists() && !directory.join("of-file").exists());

    let mut wrong = command(&directory);
    wrong.env("VESTIBULE_LOG_LEVEL", "loud").args(["config", "check"]);
    assert!(refused(&mut wrong).starts_with("VESTIBULE_LOG_LEVEL: `log.level` cannot have this value"));

    let mut both = command(&directory);
    both.env("VESTIBULE_LISTEN", "127.0.0.1:1").args(["serve", "--listen", "nowhere"]);
    assert!(refused(&mut both).starts_with("--listen: `listen` cannot"));
}

#[test]
fn the_file_is_the_options_then_the_variables_then_the_one_here() {
    let directory = fresh("config-file");
    write(&directory, "here = 1");
    std::fs::write(directory.join("option.toml"), "option = 1").expect("written");
    std::fs::write(directory.join("variable.toml"), "variable = 1").expect("written");
    let check = ["config", "check"];
    assert!(refused(command(&directory).args(check)).starts_with("vestibule.toml:1"));
    let variable = ("VESTIBULE_CONFIG", "variable.toml");
    assert!(refused(command(&directory).env(variable.0, variable.1).args(check)).starts_with("variable.toml:1"));
    let option = ["-c", "option.toml"];
    let said = refused(command(&directory).env(variable.0, variable.1).args(option).args(check));
    assert!(said.starts_with("option.toml:1"), "{said}");
    assert!(refused(command(&directory).args(["-c", "none.toml"]).args(check)).starts_with("none.toml cannot be read"));
}

#[test]
fn the_schema_lists_every_key_and_a_good_file_is_good() {
    let directory = fresh("config-good");
    let output = run(&directory, &["config", "schema"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("database.url = \"sqlite:vestibule.db\"") && text.contains("VESTIBULE_DATABASE_URL"),
        "{text}"
    );
    write(&directory, "trusted_proxies = [\"127.0.0.1/32\", \"::1\"]\n[session]\ncontinue_page = \"never\"");
    let output = run(&directory, &["config", "check"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"the configuration is good\n"[..]));
}

#[test]
fn the_book_has_every_key_as_the_table_has_it() {
    let page = include_str!("../../../../docs/book/configuration.md");
    let now =
        String::from_utf8(run(&fresh("config-manual"), &["config", "schema", "--markdown"]).stdout).expect("UTF-8");
    assert!(page.ends_with(&now), "write it anew, with `vestibule config schema --markdown`:\n{now}");
}

#[test]
fn numbers_stand_without_quotes_and_within_bounds() {
    let directory = fresh("config-numbers");
    for (value, said) in [
        ("\"4\"", "is a text; write a number from 1 to 1024"),
        ("0", "cannot have this value; write a number from 1 to 1024"),
        ("-1", "cannot have this value; write a number"),
        ("1025", "cannot have this value; write a number"),
        ("2.5", "is a number; write a number"),
    ] {
        write(&directory, &format!("[passwords]\nthreads = {value}"));
        let message = refused(command(&directory).args(["config", "check"]));
        assert!(message.starts_with(&format!("vestibule.toml:2: `passwords.threads` {said}")), "{message}");
    }
    write(&directory, "[passwords]\nthreads = 4");
    assert!(String::from_utf8_lossy(&run(&directory, &["config", "show"]).stdout).contains("passwords.threads = 4  #"));
}

/// What of a type's schema is not understood is said with its name and its place.
#[test]
fn a_keyword_of_a_schema_that_is_not_known_is_named() {
    let directory = fresh("config-details");
    let amount = r#"{"type": "string", "pattern": "^[0-9]+$"}"#;
    let schema = r#"{"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"type": "string"}, "amount": AMOUNT}}"#;
    let types = format!(r#"[{{"type": "payment", "words": {{"en": "pay"}}, "schema": {schema}}}]"#);
    std::fs::write(directory.join("types.json"), types.replace("AMOUNT", amount)).expect("written");
    write(&directory, "[details]\ntypes = \"types.json\"");
    let said = refused(command(&directory).arg("serve"));
    let told = "types.json: type payment: schema.amount: the keyword «pattern» is not known here for the type «string»";
    assert!(said.starts_with("details.types: ") && said.contains(told), "{said}");
}

fn write(directory: &Path, text: &str) {
    std::fs::write(directory.join("vestibule.toml"), text).expect("written");
}
