//! The file of the master key: made where it is missing, and nobody's but ours.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use idp::random::SystemRandomness;
use idp::seal::MasterKey;
use zeroize::Zeroizing;

use crate::environment;

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
}

/// The key from `VESTIBULE_MASTER_KEY`, else from the file, which is made where it is missing.
pub(crate) fn load(path: &Path) -> Result<MasterKey, MasterKeyError> {
    if let Some(key) = find(path)? {
        return Ok(key);
    }
    create(path)?;
    // Read again: another process that began at the same moment may have made it.
    read(path)?.ok_or_else(|| MasterKeyError::Damaged(path.display().to_string()))
}

/// The same, but nothing is made.
pub(crate) fn find(path: &Path) -> Result<Option<MasterKey>, MasterKeyError> {
    match environment::variable(VARIABLE).map(Zeroizing::new) {
        Some(text) => MasterKey::parse(&text).map(Some).map_err(|_| MasterKeyError::Variable),
        None => read(path),
    }
}

/// The key in the file, where there is a file.
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
    MasterKey::parse(&text).map(Some).map_err(|_| MasterKeyError::Damaged(path.display().to_string()))
}

/// Writes a new key beside `path` and links it there: nobody ever sees half a key, and an existing one stays.
fn create(path: &Path) -> Result<(), MasterKeyError> {
    let text = MasterKey::generate(&SystemRandomness).to_text();
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
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

fn file_error(path: &Path, error: std::io::Error) -> MasterKeyError {
    MasterKeyError::File { path: path.display().to_string(), error }
}

const VARIABLE: &str = "VESTIBULE_MASTER_KEY";
