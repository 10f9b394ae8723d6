//! The product under measurement: the release binary in a directory of its own, set up through its command line.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::process::Process;

/// The binary and where its data lies.
pub(crate) struct Provider {
    program: PathBuf,
    pub(crate) directory: PathBuf,
}

/// A registered client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Provider {
    /// The binary that `VESTIBULE_BIN` names, in `directory`, which is made anew.
    pub(crate) fn new(directory: PathBuf) -> Result<Self> {
        Self::configured(directory, "")
    }

    /// The same with a configuration of its own.
    pub(crate) fn configured(directory: PathBuf, configuration: &str) -> Result<Self> {
        let program = std::env::var_os("VESTIBULE_BIN").context("VESTIBULE_BIN does not name the release binary")?;
        if directory.exists() {
            // Nobody's files but ours are removed.
            if !directory.join(CONFIGURATION).exists() {
                bail!("{} is there and not from an earlier bench; name another with --dir", directory.display());
            }
            fs::remove_dir_all(&directory)?;
        }
        fs::create_dir_all(&directory)?;
        let made = "# Made by `cargo xtask bench`, which removes this directory.\n";
        fs::write(directory.join(CONFIGURATION), format!("{made}{configuration}"))?;
        Ok(Self { program: PathBuf::from(program).canonicalize()?, directory })
    }

    /// Starts it as an administrator would, with the log in a file.
    pub(crate) fn serve(&self) -> Result<Process> {
        let log = File::options().create(true).append(true).open(self.directory.join("serve.log"))?;
        Process::start(self.command().args(["serve", "--listen", "127.0.0.1:0"]).stderr(log))
    }

    /// A client that acts for itself.
    pub(crate) fn add_service(&self) -> Result<Client> {
        self.add_client(&["client", "add", "Nightly jobs", "--type", "service", "--scope", "read write", "--json"])
    }

    /// One that must prove a key (RFC 9449 §5.2).
    pub(crate) fn add_bound_service(&self) -> Result<Client> {
        let mut arguments = vec!["client", "add", "Bound jobs", "--type", "service", "--scope", "read write"];
        arguments.extend(["--metadata", r#"{"dpop_bound_access_tokens": true}"#, "--json"]);
        self.add_client(&arguments)
    }

    /// An app that people sign in to, with ES256 ID tokens.
    pub(crate) fn add_app(&self) -> Result<Client> {
        let metadata = r#"{"id_token_signed_response_alg": "ES256"}"#;
        let mut arguments = vec!["client", "add", "Photos", "--type", "web", "--redirect-uri", REDIRECT_URI];
        arguments.extend(["--grant", "authorization_code", "--grant", "refresh_token", "--scope", "openid profile"]);
        arguments.extend(["--trusted", "--metadata", metadata, "--json"]);
        self.add_client(&arguments)
    }

    /// A native app of a group.
    pub(crate) fn add_app_of(&self, id: &str, group: &str) -> Result<()> {
        let mut arguments = vec!["client", "add", id, "--client-id", id, "--type", "native", "--app-group", group];
        arguments.extend(["--redirect-uri", REDIRECT_URI, "--scope", "openid device_sso", "--trusted"]);
        // Beside a signature of RSA, which takes four times a verification, none would be seen.
        arguments.extend(["--metadata", r#"{"id_token_signed_response_alg": "ES256"}"#]);
        self.run(&arguments, "")?;
        Ok(())
    }

    /// Says whether a group's device secrets come with a proof. They are not changed at each use.
    pub(crate) fn set_app_group(&self, group: &str, proof: bool) -> Result<()> {
        let proof = if proof { "on" } else { "off" };
        self.run(&["app-group", "set", group, "--rotation", "off", "--device-proof", proof], "")?;
        Ok(())
    }

    /// Somebody who can sign in with [`PASSWORD`].
    pub(crate) fn add_person(&self, email: &str) -> Result<()> {
        self.run(&["user", "add", email, "--name", "Ada Lovelace", "--verified", "--password-stdin"], PASSWORD)?;
        Ok(())
    }

    /// Somebody who could sign in with [`PASSWORD`] if they had proven their address.
    pub(crate) fn add_unverified(&self, email: &str) -> Result<()> {
        self.run(&["user", "add", email, "--name", "Ada Lovelace", "--password-stdin"], PASSWORD)?;
        Ok(())
    }

    /// Somebody without a password, as whoever has passkeys alone.
    pub(crate) fn add_without_password(&self, email: &str) -> Result<()> {
        self.run(&["user", "add", email, "--name", "Ada Lovelace", "--verified"], "")?;
        Ok(())
    }

    /// A plain website for whoever signs in.
    pub(crate) fn add_site(&self, host: &str) -> Result<()> {
        self.run(&["site", "add", host], "")?;
        Ok(())
    }

    /// Nobody signs in as them any more.
    pub(crate) fn disable(&self, email: &str) -> Result<()> {
        self.run(&["user", "disable", email], "")?;
        Ok(())
    }

    fn add_client(&self, arguments: &[&str]) -> Result<Client> {
        let answer: Value = serde_json::from_str(&self.run(arguments, "")?)?;
        let text =
            |name: &str| answer[name].as_str().map(str::to_owned).with_context(|| format!("no {name}: {answer}"));
        Ok(Client { id: text("client_id")?, secret: text("client_secret")? })
    }

    fn run(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The program, without a variable of whoever runs the bench.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.directory).env_clear();
        command
    }
}

impl Client {
    /// Its `Authorization` line (RFC 6749 §2.3.1). Ids and secrets of ours have nothing to escape.
    pub(crate) fn basic(&self) -> String {
        basic(&self.id, &self.secret)
    }

    /// The same with a secret that is well-formed and wrong.
    pub(crate) fn wrong(&self, other: &Client) -> String {
        basic(&self.id, &other.secret)
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Authorization: Basic {}\r\n", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory() -> Result<PathBuf> {
    // The bench itself lies in PROFILE of the target directory.
    let program = std::env::current_exe()?;
    program.ancestors().nth(2).map(Path::to_owned).context("the bench lies outside a target directory")
}

pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// Nobody listens there; the bench reads the code from the redirect.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";
const CONFIGURATION: &str = "vestibule.toml";
