//! Taking back what was not synced: the shim in `unsynced.c` notes what writes replace, this applies the notes.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The shim over one directory.
pub(super) struct Unsynced {
    library: PathBuf,
    under: PathBuf,
    logs: PathBuf,
}

impl Unsynced {
    /// Compiles the shim; its notes lie beside `directory`.
    pub(super) fn under(directory: &Path) -> Self {
        let logs = directory.with_extension("notes");
        let _ = std::fs::remove_dir_all(&logs);
        std::fs::create_dir_all(&logs).expect("a directory");
        let library = logs.with_extension("so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faults/unsynced.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).args(["-ldl", "-lpthread"]);
        assert!(compiler.status().expect("a C compiler").success(), "the shim does not compile");
        Self { library, under: directory.canonicalize().expect("it is there"), logs }
    }

    /// Loads the shim into a program that is yet to start.
    pub(super) fn prepare(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("UNSYNCED_UNDER", &self.under).env("UNSYNCED_LOGS", &self.logs);
    }

    /// Takes back every write since its file was last synced; answers how many.
    pub(super) fn take_back(&self) -> usize {
        let mut taken = 0;
        for entry in std::fs::read_dir(&self.logs).expect("the notes") {
            let log = entry.expect("an entry").path();
            let name = log.file_name().and_then(|name| name.to_str()).expect("a name");
            let file = PathBuf::from(name.replace('%', "/"));
            let notes = parse(&std::fs::read(&log).expect("notes"));
            taken += notes.len();
            if let Ok(file) = OpenOptions::new().write(true).open(&file) {
                notes.iter().rev().for_each(|note| note.undo(&file));
            }
            std::fs::remove_file(&log).expect("it is ours");
        }
        taken
    }
}

/// What one write replaced.
struct Note {
    offset: u64,
    size: u64,
    old: Vec<u8>,
}

impl Note {
    fn undo(&self, file: &File) {
        file.write_all_at(&self.old, self.offset).expect("the old bytes");
        file.set_len(self.size).expect("the old size");
    }
}

/// A note that the kill cut off was written before its write began, and counts for nothing.
fn parse(mut bytes: &[u8]) -> Vec<Note> {
    let mut notes = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<24>() {
        let number = |at: usize| u64::from_ne_bytes(head[at..at + 8].try_into().expect("eight bytes"));
        let Some((old, rest)) = usize::try_from(number(8)).ok().and_then(|length| rest.split_at_checked(length)) else {
            break;
        };
        notes.push(Note { offset: number(0), size: number(16), old: old.to_vec() });
        bytes = rest;
    }
    notes
}
