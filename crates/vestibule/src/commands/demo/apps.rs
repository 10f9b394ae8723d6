//! Photos and Drive: registered here, running as a program of their own.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context as _, bail};
use idp::Context;
use idp::clients::admin::{Refused, Written};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::Demo;

/// Both apps, running.
pub(super) struct Apps {
    /// Where Photos is found.
    pub(super) photos: String,
    /// Where Drive is found.
    pub(super) drive: String,
    /// Their program.
    pub(super) running: Running,
}

/// The program of the apps. It ends when it is dropped, and however this process ends.
pub(super) struct Running {
    child: Child,
    /// Nothing is written to it; its end is theirs.
    stdin: Option<ChildStdin>,
    ended: Option<oneshot::Receiver<()>>,
}

impl Apps {
    /// Registers both with new secrets, starts them, and registers where they are.
    pub(super) async fn start(context: &Context, demo: &Demo) -> anyhow::Result<Self> {
        let photos_secret = registered(context, PHOTOS, &address("photos", demo.photos_listen.port())).await?;
        let drive_secret = registered(context, DRIVE, &address("drive", demo.drive_listen.port())).await?;
        let mut command = Command::new(program()?);
        command.env_clear();
        command.env("VESTIBULE_SAMPLES_PHOTOS_SECRET", photos_secret.as_str());
        command.env("VESTIBULE_SAMPLES_DRIVE_SECRET", drive_secret.as_str());
        command.args(["--until-stdin-closes", "--issuer", context.issuer()]);
        for (name, client, listen) in [("photos", PHOTOS, demo.photos_listen), ("drive", DRIVE, demo.drive_listen)] {
            command.args([format!("--{name}-listen"), listen.to_string()]);
            command.args([format!("--{name}-url"), address(name, listen.port())]);
            command.args([format!("--{name}-client-id"), client.id.to_owned()]);
        }
        let (running, said) = Running::start(command)?;
        let Ok([photos, drive]) = said.await else {
            bail!(
                "the sample apps did not start; see what they said above, or choose --photos-listen and --drive-listen"
            )
        };
        // Port 0 is known only now.
        for (client, address) in [(PHOTOS, &photos), (DRIVE, &drive)] {
            context.update_client(client.id, client.members(address)).await?;
        }
        Ok(Self { photos, drive, running })
    }
}

impl Running {
    /// Starts it; the receiver gets the two addresses that it says, or nothing where it ends before.
    fn start(mut command: Command) -> anyhow::Result<(Self, oneshot::Receiver<[String; 2]>)> {
        let program = PathBuf::from(command.get_program());
        // A group of their own: Ctrl-C is ours, and the end of standard input theirs, after us.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| {
            format!("cannot start {}; build it with `cargo build -p vestibule-samples`", program.display())
        })?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().context("standard output was piped")?);
        let (say, said) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        // A thread of its own, since reading a pipe cannot be given up. It ends with the program.
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
            let mut next = || lines.by_ref().find_map(|line| Some(line.split_once(" listening on ")?.1.to_owned()));
            if let (Some(photos), Some(drive)) = (next(), next()) {
                drop(say.send([photos, drive]));
            }
            lines.for_each(drop);
            drop(end);
        });
        Ok((Self { child, stdin, ended: Some(ended) }, said))
    }

    /// Ready when the program has ended. While this is held, the program runs.
    pub(super) async fn ended(mut self) {
        if let Some(ended) = self.ended.take() {
            // Nothing is ever sent: the other side goes away.
            drop(ended.await);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stdin.take());
        drop(self.child.wait());
    }
}

/// What is registered of an app.
#[derive(Clone, Copy)]
struct App {
    id: &'static str,
    name: &'static str,
}

impl App {
    fn members(self, address: &str) -> Map<String, Value> {
        let members = json!({
            "client_id": self.id,
            "client_name": self.name,
            "client_uri": address,
            "redirect_uris": [format!("{address}/callback")],
            "post_logout_redirect_uris": [format!("{address}/signed-out")],
            "vestibule_type": "web",
            "vestibule_trusted": true,
        });
        members.as_object().cloned().unwrap_or_default()
    }
}

/// Registers an app, or again what is registered of it; answers a new secret.
async fn registered(context: &Context, app: App, address: &str) -> anyhow::Result<Zeroizing<String>> {
    let metadata = serde_json::from_value(Value::Object(app.members(address)))?;
    let Written { secret, .. } = match context.add_client(metadata).await {
        Err(Refused::Taken) => context.rotate_client_secret(app.id).await?,
        written => written?,
    };
    secret.context("a web app has a secret")
}

/// A name of its own, because cookies on localhost are shared between ports.
fn address(name: &str, port: u16) -> String {
    format!("http://{name}.localhost:{port}")
}

/// Beside this program.
fn program() -> anyhow::Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("vestibule-samples");
    if !beside.is_file() {
        bail!("{} is missing; build it with `cargo build -p vestibule-samples`", beside.display());
    }
    Ok(beside)
}

const PHOTOS: App = App { id: "photos", name: "Photos" };
const DRIVE: App = App { id: "drive", name: "Drive" };
