//! The program under test, in a directory of its own and with an environment of ours alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

/// A running `serve`.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    directory: PathBuf,
}

impl Server {
    /// Starts in `directory`, where its data directory will lie.
    pub(crate) fn start(directory: &Path) -> Self {
        Self::start_with(command(directory))
    }

    /// Starts a command that was prepared further.
    pub(crate) fn start_with(mut command: Command) -> Self {
        let directory = command.get_current_dir().expect("a directory").to_owned();
        let log = std::fs::File::create(directory.join("log")).expect("a log");
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on ").and_then(|url| url.split_once("://"));
        let address = address.expect("the announcement").1.to_owned();
        Self { child, address, directory }
    }

    /// Sends `request` as it stands and reads to the end of the connection.
    pub(crate) fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        // The server may answer and close before it has read all of what is too large.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// `GET` with nothing else.
    pub(crate) fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    }

    /// What it wrote to the log until now.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).expect("the log")
    }

    /// A connection that says nothing yet.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).expect("a connection")
    }

    /// SIGTERM, and how the program ended.
    pub(crate) fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        self.child.wait().expect("it ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program in `directory`, without a variable of whoever runs the tests.
pub(crate) fn command(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    command.current_dir(directory).env_clear();
    command
}

/// Runs it to its end.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Output {
    command(directory).args(arguments).output().expect("the binary runs")
}

/// Runs what must be refused: status 2 and one line (CONTRACT §1), which is answered.
pub(crate) fn refused(command: &mut Command) -> String {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line or the end");
    if !line.is_empty() {
        // It would run for ever.
        let _ = child.kill();
    }
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(line, "", "it was not refused");
    let text = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    text.strip_prefix("vestibule: ").unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// An empty directory.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a directory");
    path
}

/// Runs what must succeed in silence on standard error, and answers what it printed.
pub(crate) fn done(directory: &Path, arguments: &[&str]) -> String {
    done_with(directory, arguments, "")
}

/// The same, with `input` on standard input.
pub(crate) fn done_with(directory: &Path, arguments: &[&str], input: &str) -> String {
    let output = fed(command(directory).args(arguments), input);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Runs it to its end with `input` on standard input.
pub(crate) fn fed(command: &mut Command, input: &str) -> Output {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the binary runs");
    // Whoever refuses early does not read.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}
