//! `app-group`: what is asked of the native apps of one developer that share a session on a device.

use std::path::Path;

use clap::Subcommand;
use idp::caller::Caller;
use oidc::token::device_proof::GroupPolicy;
use serde_json::{Value, json};

use super::table::{lines, plain};
use super::{Verdict, say, say_json, with_context};

/// What to do with app groups. A group is there as soon as a client names it (`client add --app-group`), and is asked for
/// everything until `set` says otherwise.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sets what is asked of a group's apps beside what Native SSO 1.0 says.
    #[command(after_help = "Example: vestibule app-group set acme --rotation on --device-proof on")]
    Set {
        /// Its name.
        name: String,
        /// Whether each use gives a new device secret.
        #[arg(long, value_name = "on|off", value_parser = SWITCH, default_value = "on")]
        rotation: String,
        /// Whether the device secret counts with a proof of the container's key alone.
        #[arg(long, value_name = "on|off", value_parser = SWITCH, default_value = "on")]
        device_proof: String,
    },
    /// Lists the groups of which something was set.
    #[command(after_help = "Example: vestibule app-group list --json")]
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    match command {
        Command::Set { name, rotation, device_proof } => {
            let policy = GroupPolicy { rotation: rotation == ON, device_proof: device_proof == ON };
            with_context(file, async |context| Ok(context.set_app_group(&name, policy, &Caller::operator()).await?))?;
            say(&format!("{}: {}", plain(&name), words(policy)))?;
        }
        Command::List { json } => {
            let groups = with_context(file, async |context| Ok(context.list_app_groups().await?))?;
            if json {
                let described = groups.iter().map(|(name, policy)| json!({ "name": name, "policy": policy }));
                say_json(&described.collect::<Vec<Value>>())?;
            } else {
                let rows: Vec<_> = groups.iter().map(|(name, policy)| [plain(name), words(*policy)]).collect();
                say(&lines(["NAME", "ASKS FOR"], &rows))?;
            }
        }
    }
    Ok(Verdict::Done)
}

fn words(policy: GroupPolicy) -> String {
    let switch = |on| if on { ON } else { "off" };
    format!("rotation {}, device proof {}", switch(policy.rotation), switch(policy.device_proof))
}

const ON: &str = "on";
const SWITCH: [&str; 2] = [ON, "off"];
