//! `demo`: provider, apps and people, twice over the same data.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::http;
use crate::program::{command, fresh};

#[test]
fn a_second_start_on_the_same_data_shows_the_same_person() {
    samples();
    let directory = fresh("demo");
    let mut passwords = Vec::new();
    for _ in 0..2 {
        let mut demo = Demo::start(&directory);
        let (issuer, photos) = (demo.text("issuer"), demo.text("photos"));
        assert!(
            issuer.starts_with("http://localhost:") && photos.starts_with("http://photos.localhost:"),
            "{issuer} {photos}"
        );
        assert!(demo.text("drive").starts_with("http://drive.localhost:"));
        assert!(demo.text("administrator").starts_with(&format!("{issuer}/set-password?token=vst_ln_")));
        assert_eq!(demo.text("username"), "ada@example.com");
        passwords.push(demo.text("password"));

        let ready = http::get(&local(&issuer), "/readyz", "").expect("an answer");
        assert_eq!(ready.status, 200);
        let start = http::get(&local(&photos), "/", "").expect("an answer");
        assert_eq!(start.status, 200);
        let registered = |client: &str| {
            let mut show = command(&directory);
            let output = show.env("VESTIBULE_DATA_DIR", "d").args(["client", "show", client, "--json"]).output();
            serde_json::from_slice::<Value>(&output.expect("it runs").stdout).expect("JSON")
        };
        for name in ["photos", "drive"] {
            let (client, at) = (registered(name), demo.text(name));
            assert_eq!(client["redirect_uris"], serde_json::json!([format!("{at}/callback")]));
            assert_eq!(client["post_logout_redirect_uris"], serde_json::json!([format!("{at}/signed-out")]));
            assert_eq!(client["vestibule_trusted"], true);
        }
        assert_eq!(demo.terminate(), Some(0));
        assert!(http::get(&local(&photos), "/", "").is_none(), "the apps end with the demo");
    }
    assert_eq!(passwords[0], passwords[1]);
    for file in ["demo-password", "master.key", "vestibule.db"] {
        let mode = std::fs::metadata(directory.join("d").join(file)).expect(file).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn the_apps_end_with_a_demo_that_was_killed() {
    samples();
    let demo = Demo::start(&fresh("demo-killed"));
    let photos = local(&demo.text("photos"));
    assert!(http::get(&photos, "/", "").is_some());
    drop(demo);
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        http::get(&photos, "/", "").is_none()
    });
    assert!(gone, "Photos still answers");
}

struct Demo {
    child: Child,
    said: Value,
}

impl Demo {
    fn start(directory: &Path) -> Self {
        let mut child = command(directory)
            .args(["demo", "--dir", "d", "--json", "--listen", "127.0.0.1:0"])
            .args(["--photos-listen", "127.0.0.1:0", "--drive-listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        Self { child, said: serde_json::from_str(&line).expect("one line of JSON") }
    }

    fn text(&self, member: &str) -> String {
        self.said[member].as_str().expect(member).to_owned()
    }

    fn terminate(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address behind a name that only browsers resolve.
fn local(url: &str) -> String {
    format!("127.0.0.1:{}", url.rsplit(':').next().expect("a port"))
}

/// The program of the apps lies beside ours where the whole workspace was built; where only this package was, it is
/// built now.
fn samples() {
    let ours = Path::new(env!("CARGO_BIN_EXE_vestibule"));
    if ours.with_file_name("vestibule-samples").is_file() {
        return;
    }
    let target = ours.parent().and_then(Path::parent).expect("the target directory");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "vestibule-samples", "--target-dir"])
        .arg(target)
        .status();
    assert!(built.expect("cargo runs").success());
}
