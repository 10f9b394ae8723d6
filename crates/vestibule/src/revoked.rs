//! Google's list of certificates that count no more (`device_keys.android_revoked`): read at the start, and anew whenever its file is
//! another. What cannot be read changes nothing: the list that was read last counts on.

use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use idp::Context;
use tokio::time::{MissedTickBehavior, interval};

/// The numbers of the certificates that the list names: `{"entries": {NUMBER: …}}`, each in hexadecimal.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let shown = path.display();
    let text = text(path)
        .with_context(|| format!("device_keys.android_revoked: cannot read {shown}; give Google's list (JSON)"))?;
    let list: Option<serde_json::Value> = serde_json::from_slice(&text).ok();
    let entries = list.as_ref().and_then(|list| list.get("entries")?.as_object());
    let numbers = entries.and_then(|entries| entries.keys().map(|number| bytes_of_hex(number)).collect());
    numbers
        .with_context(|| format!("device_keys.android_revoked: {shown} is no list of Google's (JSON with `entries`)"))
}

/// Has a running server take up each list that comes to stand at `path`, until it is dropped.
pub(crate) async fn watch(path: PathBuf, context: Arc<Context>) {
    let mut seen = None;
    let mut turns = interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        // Before it is read: what is written meanwhile is read at the next turn.
        let look = Look::at(&path);
        if seen.replace(look) == Some(look) {
            continue;
        }
        let file = path.clone();
        match tokio::task::spawn_blocking(move || read(&file)).await {
            Ok(Ok(numbers)) => {
                let certificates = numbers.len();
                let before = context.take_up_revoked(numbers);
                tracing::info!(certificates, before, "a list of revoked Android certificates is taken up");
            }
            // Once for each such file.
            Ok(Err(error)) => {
                let error = format!("{error:#}");
                tracing::warn!(error, "the list of revoked Android certificates that was read last counts on");
            }
            Err(error) => tracing::warn!(%error, "the list of revoked Android certificates was not read"),
        }
    }
}

/// By what a file is known to be another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look(Option<(u64, u64, i64, i64)>);

impl Look {
    fn at(path: &Path) -> Self {
        let found = std::fs::metadata(path).ok();
        Self(found.map(|file| (file.ino(), file.len(), file.ctime(), file.ctime_nsec())))
    }
}

fn text(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    std::fs::File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut text)?;
    match text.len() as u64 > MOST_BYTES {
        true => bail!("it has more than {MOST_BYTES} bytes"),
        false => Ok(text),
    }
}

/// A number without zeros in front; of an odd number of digits, too.
fn bytes_of_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.trim_start_matches('0');
    let digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() };
    let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    digits.as_bytes().chunks(2).map(pair).collect()
}

/// How often the file is looked at.
const TURN: Duration = Duration::from_millis(500);
/// Many times what Google publishes.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
