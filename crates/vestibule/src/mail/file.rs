//! A folder in place of a mail server: one `.eml` per mail, which any mail program opens.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use idp::mail::{Letter, SendError};

use crate::house::make_private_directory;

/// The folder; made with the first mail.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Writes a mail, whose name begins with its time, so that the newest stands last.
    pub(super) async fn put(&self, letter: &Letter, bytes: Vec<u8>) -> Result<(), SendError> {
        let (folder, name) = (self.0.clone(), format!("{:013}-{}", letter.at.millis(), letter.id));
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await;
        let written = written.map_err(|error| SendError::Later(error.to_string()))?;
        written.map_err(|error| SendError::Later(format!("{}: {error:#}", self.0.display())))
    }
}

/// Under another name first: who reads the folder never sees half a mail.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    make_private_directory(folder)?;
    let unfinished = folder.join(format!("{name}.part"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(std::fs::rename(unfinished, folder.join(format!("{name}.eml")))?)
}
