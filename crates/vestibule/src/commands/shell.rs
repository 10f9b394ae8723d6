//! `completions` and `man`: other faces of the command line's one definition.

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::{Verdict, say_bytes};
use crate::cli::Cli;

/// Prints the completions for a shell.
pub(crate) fn completions(shell: Shell) -> anyhow::Result<Verdict> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut definition(), "vestibule", &mut out);
    say_bytes(&[&out])?;
    Ok(Verdict::Done)
}

/// Prints the manual: the page of the program, then one section per command.
pub(crate) fn man() -> anyhow::Result<Verdict> {
    let mut out = Vec::new();
    let definition = definition();
    clap_mangen::Man::new(definition.clone()).render(&mut out)?;
    for command in leaves(&definition, "vestibule") {
        let page = clap_mangen::Man::new(command);
        page.render_name_section(&mut out)?;
        page.render_synopsis_section(&mut out)?;
        page.render_options_section(&mut out)?;
        page.render_extra_section(&mut out)?;
    }
    say_bytes(&[&out])?;
    Ok(Verdict::Done)
}

fn definition() -> Command {
    let mut definition = Cli::command();
    definition.build();
    definition
}

/// The commands that do something, under their full names.
fn leaves(command: &Command, name: &str) -> Vec<Command> {
    let children = command.get_subcommands().filter(|child| child.get_name() != "help");
    children
        .flat_map(|child| {
            let name = format!("{name} {}", child.get_name());
            match child.has_subcommands() {
                true => leaves(child, &name),
                false => vec![child.clone().display_name(name)],
            }
        })
        .collect()
}
