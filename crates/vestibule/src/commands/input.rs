//! Secrets that come over standard input, so that no list of processes shows them.

use std::io::{BufRead, Read};

use zeroize::Zeroizing;

/// The first line of standard input, without its end.
pub(crate) fn secret_line() -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(MOST));
    let read = std::io::stdin().lock().take(MOST as u64).read_line(&mut line);
    read.map_err(|_| anyhow::anyhow!("the password on standard input is no UTF-8 text; write it as one line"))?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    if line.is_empty() {
        anyhow::bail!("there is no password on standard input; write it as one line");
    }
    Ok(line)
}

/// More than the longest password takes, so that one that is too long is seen as such.
const MOST: usize = 4096;
