//! `device_keys.android_revoked`: a running server takes up another list, and keeps the one that it has where a new one cannot be
//! read. That it counts then is shown where keys are registered (`web/tests/it/app2app/attested.rs`).

use std::path::Path;
use std::time::Duration;

use crate::program::{Server, fresh};

#[test]
fn a_running_server_takes_up_another_list() {
    let directory = fresh("revoked");
    let root = include_str!("../../../webauthn/tests/it/vectors/android-root.pem");
    std::fs::write(directory.join("roots.pem"), root).expect("written");
    let list = directory.join("revoked.json");
    std::fs::write(&list, entries(2)).expect("written");
    let settings =
        "[device_keys]\nattestation = \"required\"\nandroid_roots = \"roots.pem\"\napple_roots = \"roots.pem\"\n";
    let text = format!("{settings}android_revoked = \"revoked.json\"\n");
    std::fs::write(directory.join("vestibule.toml"), text).expect("written");
    let server = Server::start(&directory);
    server.says("is taken up certificates=2 before=2", 1);
    // What cannot be read is told of once, and changes nothing.
    let long = " ".repeat(8 * 1024 * 1024) + &entries(1);
    for (times, broken) in (1..).zip(["{\"entries\":", "", "{\"entries\": {\"x\": {}}}", &long]) {
        put(&list, broken);
        server.says(STAYS, times);
    }
    std::fs::remove_file(&list).expect("removed");
    server.says(STAYS, 5);
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(server.log().matches(STAYS).count(), 5, "once for each: {}", server.log());
    put(&list, &entries(3));
    server.says("is taken up certificates=3 before=2", 1);
    assert_eq!(server.log().matches("is taken up").count(), 2, "{}", server.log());
}

impl Server {
    /// Waits until the log has this so many times.
    fn says(&self, words: &str, times: usize) {
        for _ in 0..100 {
            if self.log().matches(words).count() >= times {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("not {times} times «{words}»:\n{}", self.log());
    }
}

/// As a whole: nobody sees half of it.
fn put(list: &Path, text: &str) {
    let next = list.with_extension("next");
    std::fs::write(&next, text).expect("written");
    std::fs::rename(&next, list).expect("renamed");
}

/// A list that names so many certificates.
fn entries(count: usize) -> String {
    let all: Vec<_> = (1..=count).map(|number| format!("\"{number:x}\": {{\"status\": \"REVOKED\"}}")).collect();
    format!("{{\"entries\": {{{}}}}}", all.join(", "))
}

const STAYS: &str = "the list of revoked Android certificates that was read last counts on";
