//! The thread that commits: the only one that waits for the disk.

use std::sync::{Arc, mpsc};

use tokio::sync::Mutex;

use super::checkpoint::Checkpointer;
use super::writer::Writer;
use crate::{Error, Result};

pub(super) fn start(writer: Arc<Mutex<Writer>>, checkpointer: Checkpointer) -> Result<mpsc::Sender<()>> {
    let (sender, opened) = mpsc::channel();
    std::thread::Builder::new()
        .name("vestibule-commit".into())
        .spawn(move || run(&writer, &opened, checkpointer))
        .map_err(|source| Error::file("commit thread".as_ref(), source))?;
    Ok(sender)
}

fn run(writer: &Arc<Mutex<Writer>>, opened: &mpsc::Receiver<()>, mut checkpointer: Checkpointer) {
    while opened.recv().is_ok() {
        // Queues behind everybody who is already waiting: they are the group.
        let mut turn = Arc::clone(writer).blocking_lock_owned();
        let done = turn.commit_group();
        if checkpointer.wants_quiet() {
            done.answer();
            checkpointer.finish(&turn.connection);
        } else {
            checkpointer.written(turn.connection.total_changes());
            drop(turn);
            done.answer();
        }
    }
}
