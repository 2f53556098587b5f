//! What the command says of itself: completions and manual pages.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::outcome::{Failure, Outcome};

/// Prints the script that completes the arguments in a shell.
pub(crate) fn completions(shell: Shell) -> Outcome {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    // Made in memory: clap's own writer panics where nobody reads any more.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(())
}

/// Prints the manual page of the command, or of one of its commands.
pub(crate) fn page(name: Option<&str>) -> Outcome {
    let mut command = Arguments::command();
    command.build();
    let told = match name {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| {
            let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
            Failure::Usage(format!("there is no command `{name}`; the commands are {}", names.join(", ")))
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(told).render(&mut page)?;
    std::io::stdout().write_all(&page)?;
    Ok(())
}
