//! A program that answers one line for one line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

pub(super) struct Peer {
    pub(super) name: &'static str,
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// jose 6 by Filip Skokan.
    pub(super) fn panva() -> Self {
        Self::start("panva/jose", Path::new("node"), "oracle.mjs")
    }

    /// joserfc 1 by Hsiaoming Yang, of Authlib.
    #[expect(clippy::disallowed_methods, reason = "where the environment with the packages is, the caller knows")]
    pub(super) fn joserfc() -> Self {
        let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        Self::start("joserfc", Path::new(&python), "oracle.py")
    }

    pub(super) fn all() -> [Self; 2] {
        [Self::panva(), Self::joserfc()]
    }

    fn start(name: &'static str, program: &Path, script: &str) -> Self {
        let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "tests", "clients"].iter().collect();
        let mut command = Command::new(program);
        command.arg(script).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        let requests = child.stdin.take();
        Self { name, child, requests, answers }
    }

    /// What it makes of the request, or why it refuses.
    pub(super) fn ask(&mut self, request: &Value) -> Result<Value, String> {
        let requests = self.requests.as_mut().expect("until it is dropped");
        let sent = writeln!(requests, "{request}").and_then(|()| requests.flush());
        let mut line = String::new();
        let read = sent.and_then(|()| self.answers.read_line(&mut line));
        assert!(read.is_ok_and(|bytes| bytes > 0), "{} is gone; its packages are there?", self.name);
        let mut answer: Value = serde_json::from_str(&line).expect("an answer in JSON");
        match answer.get("error") {
            Some(error) => Err(error.as_str().expect("text").to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }

    /// Node has ML-DSA since 24.7; joserfc has not.
    pub(super) fn knows_ml_dsa(&mut self) -> bool {
        if self.name != "panva/jose" {
            return false;
        }
        let version = self.must(&serde_json::json!({"op": "version"}));
        let mut numbers = version.as_str().expect("text").split('.').map(|number| number.parse().unwrap_or(0));
        (numbers.next(), numbers.next()) >= (Some(24), Some(7))
    }

    /// What it must be able to do.
    pub(super) fn must(&mut self, request: &Value) -> Value {
        let answer = self.ask(request);
        answer.unwrap_or_else(|error| panic!("{} refuses {request}: {error}", self.name))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
