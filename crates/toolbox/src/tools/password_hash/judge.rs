//! Whether a hash is strong enough, by OWASP's password storage cheat sheet.

use jose::alg::Hash;

use super::parse::{Argon2Kind, Hashed, Scheme};
use crate::output::{Level, Note};

/// What is too weak, and what it should be.
pub(super) fn judge(hashed: &Hashed) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut weak = |code: &str, text: &str, expected: String, found: String| {
        notes.push(Note::new(Level::Warning, code, text).between(expected, found));
    };
    match hashed.scheme {
        Scheme::Argon2 { algorithm, version, memory, passes, .. } => {
            if algorithm != Argon2Kind::Id {
                weak("argon2-kind", "Argon2id is the one for passwords", "Argon2id".into(), hashed.name());
            }
            if version == 0x10 {
                weak("argon2-version", "the first version of Argon2 has been replaced", "v=19".into(), "v=16".into());
            }
            let enough = ARGON2.iter().any(|(kibibytes, least)| memory >= *kibibytes && passes >= *least);
            if !enough {
                weak(
                    "argon2-cost",
                    "it is computed too fast",
                    "19456 KiB and 2 passes, or more memory and 1".into(),
                    hashed.settings(),
                );
            }
        }
        Scheme::Bcrypt { cost } => {
            if cost < 10 {
                weak("bcrypt-cost", "it is computed too fast", "cost 10 or more".into(), hashed.settings());
            }
        }
        Scheme::Scrypt { log_n, r, p } => {
            // N = 2^17 with p = 1, 2^16 with 2, and so on down to 2^13 with 10.
            let enough = r >= 8 && SCRYPT.iter().any(|(least, lanes)| log_n >= *least && p >= *lanes);
            if !enough {
                weak("scrypt-cost", "it is computed too fast", "N = 2^17, r = 8, p = 1".into(), hashed.settings());
            }
        }
        Scheme::Pbkdf2 { hash, rounds } => {
            let least = match hash {
                Hash::Sha1 => 1_300_000,
                Hash::Sha256 => 600_000,
                Hash::Sha384 | Hash::Sha512 => 210_000,
            };
            if rounds < least {
                weak("pbkdf2-rounds", "it is computed too fast", format!("{least} rounds or more"), hashed.settings());
            }
        }
    }
    if hashed.salt.len() < 8 {
        weak(
            "salt-short",
            "the salt is short: equal passwords may have equal hashes",
            "16 bytes".into(),
            format!("{} bytes", hashed.salt.len()),
        );
    }
    notes
}

/// KiB and passes that are equally strong.
const ARGON2: &[(u32, u32)] = &[(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];
const SCRYPT: &[(u8, u32)] = &[(17, 1), (16, 2), (15, 3), (14, 5), (13, 10)];
