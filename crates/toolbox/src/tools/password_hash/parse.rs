//! Password hashes as they are stored: PHC strings, bcrypt's crypt strings, passlib's and Django's.

use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;
use jose::alg::Hash;

use crate::encoding::Encoding;
use crate::need::ToolError;

/// A hash taken apart, its cost within bounds.
pub(super) struct Hashed {
    pub(super) scheme: Scheme,
    pub(super) salt: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

/// How it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Memory in KiB.
    Argon2 {
        algorithm: Argon2Kind,
        version: u32,
        memory: u32,
        passes: u32,
        lanes: u32,
    },
    Bcrypt {
        cost: u32,
    },
    Scrypt {
        log_n: u8,
        r: u32,
        p: u32,
    },
    Pbkdf2 {
        hash: Hash,
        rounds: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argon2Kind {
    D,
    I,
    Id,
}

impl Hashed {
    pub(super) fn name(&self) -> String {
        match self.scheme {
            Scheme::Argon2 { algorithm: Argon2Kind::D, .. } => "Argon2d".into(),
            Scheme::Argon2 { algorithm: Argon2Kind::I, .. } => "Argon2i".into(),
            Scheme::Argon2 { algorithm: Argon2Kind::Id, .. } => "Argon2id".into(),
            Scheme::Bcrypt { .. } => "bcrypt".into(),
            Scheme::Scrypt { .. } => "scrypt".into(),
            Scheme::Pbkdf2 { hash, .. } => format!("PBKDF2-{}", hash.as_str()),
        }
    }

    pub(super) fn settings(&self) -> String {
        match self.scheme {
            Scheme::Argon2 { memory, passes, lanes, .. } => {
                format!("{memory} KiB of memory, {passes} passes, {lanes} lanes")
            }
            Scheme::Bcrypt { cost } => format!("cost {cost}"),
            Scheme::Scrypt { log_n, r, p } => format!("N = 2^{log_n}, r = {r}, p = {p}"),
            Scheme::Pbkdf2 { rounds, .. } => format!("{rounds} rounds"),
        }
    }
}

/// Reads a stored hash.
pub(super) fn parse(text: &str) -> Result<Hashed, ToolError> {
    let parts: Vec<&str> = text.split('$').collect();
    let read = match parts.as_slice() {
        ["", kind @ ("argon2d" | "argon2i" | "argon2id"), rest @ ..] => argon2(kind, rest),
        ["", "2a" | "2b" | "2x" | "2y" | "2", cost, rest] => bcrypt(cost, rest),
        ["", "scrypt", settings, salt, hash] => scrypt(settings, salt, hash),
        ["", kind, settings, salt, hash] if kind.starts_with("pbkdf2") => {
            pbkdf2(kind.trim_start_matches("pbkdf2").trim_start_matches('-'), settings, salt, hash)
        }
        [kind, rounds, salt, hash] if kind.starts_with("pbkdf2_") => django(kind, rounds, salt, hash),
        _ => None,
    };
    let hashed = read.ok_or_else(|| {
        ToolError::of(
            "hash",
            "this is no password hash that is known here",
            "give Argon2, bcrypt, scrypt or PBKDF2 as it is stored",
        )
    })?;
    match too_costly(&hashed) {
        true => Err(ToolError::of(
            "hash",
            format!("{} would take too long ({})", hashed.name(), hashed.settings()),
            "check it where it is used",
        )),
        false => Ok(hashed),
    }
}

fn argon2(kind: &str, rest: &[&str]) -> Option<Hashed> {
    let (version, rest) = match rest {
        [version, rest @ ..] if version.starts_with("v=") => (version[2..].parse().ok()?, rest),
        rest => (0x10, rest),
    };
    let [settings, salt, hash] = rest else { return None };
    let setting = |name: &str| number(settings, name);
    let algorithm = match kind {
        "argon2d" => Argon2Kind::D,
        "argon2i" => Argon2Kind::I,
        _ => Argon2Kind::Id,
    };
    let scheme =
        Scheme::Argon2 { algorithm, version, memory: setting("m")?, passes: setting("t")?, lanes: setting("p")? };
    hashed(scheme, salt, hash).filter(|_| matches!(version, 0x10 | 0x13))
}

fn bcrypt(cost: &str, rest: &str) -> Option<Hashed> {
    let engine = GeneralPurpose::new(&BCRYPT, NO_PAD.with_decode_allow_trailing_bits(true));
    let (salt, hash) = rest.split_at_checked(22)?;
    let (salt, hash) = (engine.decode(salt).ok()?, engine.decode(hash).ok()?);
    let scheme = Scheme::Bcrypt { cost: cost.parse().ok().filter(|cost| (4..=31).contains(cost))? };
    (salt.len() == 16 && hash.len() == 23).then_some(Hashed { scheme, salt, hash })
}

fn scrypt(settings: &str, salt: &str, hash: &str) -> Option<Hashed> {
    let log_n = u8::try_from(number(settings, "ln")?).ok()?;
    hashed(Scheme::Scrypt { log_n, r: number(settings, "r")?, p: number(settings, "p")? }, salt, hash)
}

/// The PHC form has `i=ROUNDS`, passlib the number alone; without a name the hash is SHA-1.
fn pbkdf2(name: &str, settings: &str, salt: &str, hash: &str) -> Option<Hashed> {
    let rounds = number(settings, "i").or_else(|| settings.parse().ok())?;
    hashed(Scheme::Pbkdf2 { hash: hash_named(if name.is_empty() { "sha1" } else { name })?, rounds }, salt, hash)
}

/// Django's salt is text as it stands.
fn django(kind: &str, rounds: &str, salt: &str, hash: &str) -> Option<Hashed> {
    let scheme = Scheme::Pbkdf2 { hash: hash_named(kind.strip_prefix("pbkdf2_")?)?, rounds: rounds.parse().ok()? };
    let hash = Encoding::Base64.decode(hash).ok().filter(|hash| !hash.is_empty())?;
    Some(Hashed { scheme, salt: salt.as_bytes().to_vec(), hash })
}

fn hash_named(name: &str) -> Option<Hash> {
    Hash::ALL.iter().copied().find(|hash| hash.as_str() == name)
}

fn hashed(scheme: Scheme, salt: &str, hash: &str) -> Option<Hashed> {
    // passlib writes a dot where base64 has a plus.
    let decode = |text: &str| Encoding::Base64.decode(&text.replace('.', "+")).ok();
    let (salt, hash) = (decode(salt)?, decode(hash)?);
    (4..=128).contains(&hash.len()).then_some(Hashed { scheme, salt, hash })
}

fn number(settings: &str, name: &str) -> Option<u32> {
    let pairs = settings.split(',').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(known, _)| *known == name)?.1.parse().ok()
}

/// About a minute and a gibibyte: a hash that somebody made up must not hold the tool up.
fn too_costly(hashed: &Hashed) -> bool {
    match hashed.scheme {
        Scheme::Argon2 { memory, passes, lanes, .. } => {
            memory > 1 << 20 || u64::from(memory) * u64::from(passes) > 16 << 20 || lanes > 64
        }
        Scheme::Bcrypt { cost } => cost > 18,
        Scheme::Scrypt { log_n, r, p } => {
            log_n > 23 || u64::from(r) << log_n > 8 << 20 || (u64::from(r) * u64::from(p)) << log_n > 64 << 20
        }
        Scheme::Pbkdf2 { rounds, .. } => rounds == 0 || rounds > 50_000_000,
    }
}
