//! The master key, which encrypts private keys at rest: 32 bytes, written as base64url.

#![allow(clippy::disallowed_methods, reason = "the composition root draws the key from the system's randomness")]

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// The key itself. It has no `Debug` and no `Display`.
pub(crate) struct MasterKey(Zeroizing<[u8; LENGTH]>);

impl MasterKey {
    /// For whoever seals and opens keys.
    #[allow(dead_code, reason = "the first key to seal comes with the signing keys")]
    pub(crate) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

/// There is no usable master key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MasterKeyError {
    #[error("VESTIBULE_MASTER_KEY is not 32 bytes in base64url; correct or unset it")]
    Variable,
    #[error("{0} does not hold 32 bytes in base64url; restore the right file from a backup")]
    Damaged(String),
    #[error("{path} can be read by others (mode {mode:03o}); run chmod 600 {path}")]
    Open { path: String, mode: u32 },
    #[error("{path} cannot be used ({error}); set master_key_file to a file this user can write")]
    File { path: String, error: std::io::Error },
    #[error("the system gives no random numbers; check that getrandom is allowed here")]
    NoRandomness,
}

/// The key from `given` (`VESTIBULE_MASTER_KEY`), else from the file, which is made where it is missing.
pub(crate) fn load(given: Option<String>, path: &Path) -> Result<MasterKey, MasterKeyError> {
    if let Some(text) = given.map(Zeroizing::new) {
        return parse(&text).ok_or(MasterKeyError::Variable);
    }
    match read(path)? {
        Some(key) => Ok(key),
        None => {
            create(path)?;
            // Read again: another process that began at the same moment may have made it.
            read(path)?.ok_or_else(|| MasterKeyError::Damaged(path.display().to_string()))
        }
    }
}

fn read(path: &Path) -> Result<Option<MasterKey>, MasterKeyError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file_error(path, error)),
    };
    let mode = std::fs::metadata(path).map_err(|error| file_error(path, error))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(MasterKeyError::Open { path: path.display().to_string(), mode });
    }
    parse(&text).map(Some).ok_or_else(|| MasterKeyError::Damaged(path.display().to_string()))
}

/// Writes a new key beside `path` and links it there: nobody ever sees half a key, and an existing one stays.
fn create(path: &Path) -> Result<(), MasterKeyError> {
    let mut key = Zeroizing::new([0; LENGTH]);
    aws_lc_rs::rand::fill(key.as_mut()).map_err(|_| MasterKeyError::NoRandomness)?;
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(key.as_ref()));
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        writeln!(file, "{}", *text)?;
        file.sync_all()?;
        match std::fs::hard_link(&draft, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        // The name must be as durable as what will be sealed under the key.
        path.parent().map_or(Ok(()), |parent| std::fs::File::open(parent)?.sync_all())
    };
    let result = written().map_err(|error| file_error(path, error));
    drop(std::fs::remove_file(&draft));
    result
}

fn parse(text: &str) -> Option<MasterKey> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).ok()?);
    Some(MasterKey(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
}

fn file_error(path: &Path, error: std::io::Error) -> MasterKeyError {
    MasterKeyError::File { path: path.display().to_string(), error }
}

const LENGTH: usize = 32;
