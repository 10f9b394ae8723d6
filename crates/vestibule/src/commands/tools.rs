//! The toolbox's commands. Nothing is said here about any tool: the definitions say all.

mod given;
mod needs;
mod options;
mod print;

use anyhow::bail;
use clap::{ArgMatches, Command, FromArgMatches, Subcommand};
use idp::clock::Clock as _;
use toolbox::{Action, Env, Halt, Input, Started, TOOLS, find, start};

use self::needs::Hands;
use super::Verdict;
use crate::clock::SystemClock;

/// A tool's command with what was given to it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    action: &'static Action,
    matches: ArgMatches,
}

/// Does it: starts the action, and again with each thing that it asked for.
pub(crate) fn run(call: &Call) -> anyhow::Result<Verdict> {
    let given::Taken { mut input, message } = given::take(call.action, &call.matches)?;
    let now = SystemClock.now().seconds();
    let env = Env { provider: jose::provider::aws_lc(), now };
    let mut hands = Hands::default();
    for _ in 0..MOST_NEEDS {
        match start(&env, &input) {
            Ok(Started::Done(output)) => return print::say(call.action, &output, shape(&call.matches)),
            Ok(Started::Stream(mut stream)) => {
                hands.feed(message.as_deref().unwrap_or("-"), stream.as_mut())?;
                return print::say(call.action, &stream.finish(&env)?, shape(&call.matches));
            }
            Err(Halt::Need(need)) => {
                let fact = hands.meet(&need)?;
                Input::tell(&mut input, need, fact);
            }
            Err(Halt::Error(error)) => return Err(error.into()),
        }
    }
    bail!("the tool asks for more than {MOST_NEEDS} files or URLs; give it less")
}

fn shape(matches: &ArgMatches) -> print::Shape {
    if matches.get_flag(options::JSON) { print::Shape::Json } else { print::Shape::Text }
}

impl FromArgMatches for Call {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let unknown = || clap::Error::raw(clap::error::ErrorKind::InvalidSubcommand, "there is no such tool\n");
        let (tool, matches) = matches.subcommand().ok_or_else(unknown)?;
        let (name, matches) = match matches.subcommand() {
            Some((action, matches)) => (action, matches),
            None => ("", matches),
        };
        let action = find(tool, name).ok_or_else(unknown)?;
        Ok(Self { action, matches: matches.clone() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for Call {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(TOOLS.iter().map(|tool| options::of_tool(tool)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        TOOLS.iter().any(|tool| tool.name == name)
    }
}

const MOST_NEEDS: usize = 16;
