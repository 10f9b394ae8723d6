//! Password hashes: whether a password is the one, and whether the hash is strong enough.

mod bcrypt;
mod judge;
mod parse;

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::definition::{Action, Field, Kind, Prints, Tool, Work};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Level, Note, Output, Verdict};
use crate::run::Env;
use parse::{Hashed, Scheme};

pub(crate) const TOOL: Tool = Tool {
    name: "password-hash",
    title: "Password hash",
    summary: "Judges a password hash (Argon2, bcrypt, scrypt, PBKDF2), and verifies a password against it",
    actions: &[Action {
        name: "",
        title: "Judge and verify",
        summary: "Judges a password hash (Argon2, bcrypt, scrypt, PBKDF2), and verifies a password against it",
        example: "vestibule password-hash '$2b$12$…' --password-file password.txt",
        fields: &[
            Field::new("hash", Kind::Lines, "Hash", "The hash as it is stored")
                .argument()
                .or_stdin()
                .example("$argon2id$v=19$m=65536,t=3,p=4$…")
                .private(),
            Field::new(
                "password",
                Kind::Bytes { file: "password-file" },
                "Password",
                "The password that may be the one",
            )
            .secret(),
        ],
        prints: Prints::Report,
        work: Work::Once(run),
    }],
};

fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let text = input.required("hash")?;
    let hashed = parse::parse(text.trim())?;
    let mut output = Output::default().line("scheme", "scheme", hashed.name());
    output = output.line("settings", "settings", hashed.settings());
    output = output
        .line("salt", "salt_bytes", format!("{} bytes", hashed.salt.len()))
        .member("salt_bytes", hashed.salt.len());
    output.notes = judge::judge(&hashed);
    let strong = output.notes.iter().all(|note| note.level == Level::Info);
    output = output.line("strong enough", "strong", if strong { "yes" } else { "no" }).member("strong", strong);
    let Some(password) = input.bytes("password")? else {
        output.verdict = if strong { Verdict::Yes } else { Verdict::No };
        return Ok(output);
    };
    let computed = compute(env, &hashed, &password)?;
    let same = env.provider.constant_time_eq(&computed, &hashed.hash);
    output = output.line("password", "password", if same { "matches" } else { "does not match" });
    output.verdict = if same { Verdict::Yes } else { Verdict::No };
    if !same {
        let trimmed = password.trim_ascii();
        let slip = trimmed.len() != password.len()
            && compute(env, &hashed, trimmed).is_ok_and(|other| env.provider.constant_time_eq(&other, &hashed.hash));
        output.notes.push(match slip {
            true => {
                Note::new(Level::Fault, "password-blanks", "it would match without the blanks or line end around it")
            }
            false => Note::new(Level::Fault, "password-mismatch", "the password is another"),
        });
    }
    if matches!(hashed.scheme, Scheme::Bcrypt { .. }) && password.len() > 72 {
        let text = "bcrypt reads 72 bytes; what stands behind them does not count";
        output.notes.push(Note::new(Level::Warning, "bcrypt-72", text));
    }
    Ok(output)
}

/// The hash of this password with the same salt and settings, which `parse` has bounded.
fn compute(env: &Env<'_>, hashed: &Hashed, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, ToolError> {
    let mut out = Zeroizing::new(vec![0; hashed.hash.len()]);
    let failed = |what: &dyn std::fmt::Display| {
        ToolError::of("hash", format!("the hash cannot be computed: {what}"), "give it as it is stored")
    };
    match hashed.scheme {
        Scheme::Argon2 { algorithm, version, memory, passes, lanes } => {
            let params = Params::new(memory, passes, lanes, Some(hashed.hash.len())).map_err(|error| failed(&error))?;
            let algorithm = match algorithm {
                parse::Argon2Kind::D => Algorithm::Argon2d,
                parse::Argon2Kind::I => Algorithm::Argon2i,
                parse::Argon2Kind::Id => Algorithm::Argon2id,
            };
            let version = if version == 0x10 { Version::V0x10 } else { Version::V0x13 };
            let argon2 = Argon2::new(algorithm, version, params);
            argon2.hash_password_into(password, &hashed.salt, &mut out).map_err(|error| failed(&error))?;
        }
        Scheme::Bcrypt { cost } => {
            let salt =
                <&[u8; 16]>::try_from(hashed.salt.as_slice()).map_err(|_| failed(&"a salt of 16 bytes is needed"))?;
            out.copy_from_slice(&bcrypt::hash(cost, salt, password)[..hashed.hash.len()]);
        }
        Scheme::Scrypt { log_n, r, p } => {
            let params = scrypt::Params::new(log_n, r, p).map_err(|error| failed(&error))?;
            scrypt::scrypt(password, &hashed.salt, &params, &mut out).map_err(|error| failed(&error))?;
        }
        Scheme::Pbkdf2 { hash, rounds } => {
            let done = env.provider.pbkdf2(hash, password, &hashed.salt, rounds, &mut out);
            done.map_err(ToolError::provider)?;
        }
    }
    Ok(out)
}
