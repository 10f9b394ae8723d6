//! `password-hash`, by the hashes that others made.

use toolbox::Verdict;
use vestibule_toolbox as toolbox;

use crate::support::{codes, done, member, refused};

/// The reference implementation of Argon2 (its test.c), crypt_blowfish (its wrapper.c), RFC 7914 §11 and §12, RFC 6070.
const KNOWN: &[(&str, &str, &str)] = &[
    ("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "Argon2id"),
    ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "bcrypt"),
    ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "bcrypt"),
    ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", "bcrypt"),
    (
        "password",
        "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA",
        "scrypt",
    ),
    ("password", "$pbkdf2$i=4096,l=20$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE", "PBKDF2-sha1"),
    ("password", "pbkdf2_sha1$4096$salt$SwB5AbdlSJq+rUnZJvch0GWkKcE=", "PBKDF2-sha1"),
    ("password", "$pbkdf2$4096$c2FsdA$SwB5AbdlSJq.rUnZJvch0GWkKcE", "PBKDF2-sha1"),
];

#[test]
fn the_password_is_the_one_and_another_is_not() {
    for (password, hash, scheme) in KNOWN {
        let verify = |password: &str| done("password-hash", &[("hash", hash), ("password", password)]);
        let output = verify(password);
        assert_eq!((output.verdict, member(&output, "scheme").as_str()), (Verdict::Yes, *scheme), "{hash}");
        let other = verify(&format!("{password}x"));
        assert_eq!((other.verdict, member(&other, "password").as_str()), (Verdict::No, "does not match"), "{hash}");
    }
    let (password, hash, _) = KNOWN[1];
    let line = done("password-hash", &[("hash", hash), ("password", &format!("{password}\n"))]);
    assert!(codes(&line).contains(&"password-blanks"), "{:?}", codes(&line));
}

#[test]
fn what_is_weak_is_said() {
    for (hash, expected) in [
        ("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", &[][..]),
        (
            "$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            &["argon2-cost"],
        ),
        (
            "$argon2i$m=65536,t=3,p=1$c29t$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            &["argon2-kind", "argon2-version", "salt-short"],
        ),
        ("$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", &[]),
        ("$2b$09$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", &["bcrypt-cost"]),
        ("$scrypt$ln=17,r=8,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", &[]),
        ("$scrypt$ln=14,r=8,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", &["scrypt-cost"]),
        ("pbkdf2_sha256$600000$somesaltsomesalt$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=", &[]),
        ("pbkdf2_sha256$260000$somesaltsomesalt$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=", &["pbkdf2-rounds"]),
    ] {
        let output = done("password-hash", &[("hash", hash)]);
        assert_eq!(codes(&output), expected, "{hash}");
        assert_eq!(output.verdict, if expected.is_empty() { Verdict::Yes } else { Verdict::No }, "{hash}");
    }
}

/// A hash that somebody made up must not hold the tool up, nor end it.
#[test]
fn what_costs_too_much_or_is_no_hash_is_refused() {
    for hash in [
        "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=1048576,t=4000000000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$scrypt$ln=63,r=8,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$scrypt$ln=10,r=4294967295,p=4294967295$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "pbkdf2_sha256$4000000000$salt$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=",
    ] {
        assert!(
            refused("password-hash", &[("hash", hash), ("password", "x")]).contains("would take too long"),
            "{hash}"
        );
    }
    for hash in [
        "",
        "x",
        "$2b$",
        "$2b$12$short",
        "$2b$12$éééééééééééééééééééééééééé",
        "$argon2id$v=19$m=1$a$b",
        "$scrypt$x$y$z",
        "pbkdf2_md5$1$a$aaaa",
        "$$$$",
    ] {
        assert!(refused("password-hash", &[("hash", hash), ("password", "x")]).contains("hash"), "{hash}");
    }
    // Settings that the scheme itself refuses.
    let odd = "$argon2id$v=19$m=1,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assert!(refused("password-hash", &[("hash", odd), ("password", "x")]).contains("cannot be computed"));
}
