//! What the command says of itself: help, the limits, completions and manual pages.

use clap::CommandFactory;
use clap_complete::Shell;
use target_rules::Limits;

use super::arguments::Arguments;
use super::outcome::{Failure, Outcome, there_is_no};
use super::screen;

/// Prints what programs read too.
fn put(text: &str) -> Outcome {
    let mut out = screen::results();
    out.exact(text)?;
    Ok(out.flush()?)
}

/// Prints the script that completes the arguments in a shell.
pub(crate) fn completions(shell: Shell) -> Outcome {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    // Made in memory: clap's own writer panics where nobody reads any more.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    put(&String::from_utf8_lossy(&script))
}

/// Prints the manual page of the command, or of one of its commands.
pub(crate) fn page(name: Option<&str>) -> Outcome {
    let mut page = Vec::new();
    clap_mangen::Man::new(command(name, &[])?).render(&mut page)?;
    put(&String::from_utf8_lossy(&page))
}

/// What `help` tells of beside the commands.
const LIMITS: &str = "limits";

/// Prints the help of the command, of one of its commands, or the limits.
pub(crate) fn help(topic: Option<&str>) -> Outcome {
    let text = match topic {
        Some(LIMITS) => limits(&Limits::default()),
        topic => command(topic, &[LIMITS])?.render_long_help().to_string(),
    };
    put(&text)
}

/// The command, or one of its commands. `others` is what could be asked for
/// beside these.
fn command(name: Option<&str>, others: &[&str]) -> Result<clap::Command, Failure> {
    let mut command = Arguments::command();
    command.build();
    let Some(name) = name else { return Ok(command) };
    command.find_subcommand(name).cloned().ok_or_else(|| {
        let commands = command.get_subcommands().map(clap::Command::get_name);
        let names: Vec<&str> = commands.chain(others.iter().copied()).collect();
        Failure::Usage(there_is_no("command", name, &names))
    })
}

/// Every limit with its default, as a table.
fn limits(defaults: &Limits) -> String {
    let names = Limits::ALL.iter().map(|limit| limit.name.len());
    let width = names.max().unwrap_or_default();
    let mut text =
        "How large an input may be. `--limit NAME=VALUE` sets a limit, such as `--limit depth=40`;\n\
                    it may be given several times. What is larger is refused with the code `limit`.\n\n"
            .to_owned();
    for limit in Limits::ALL {
        let hardest = limit.hardest.map(|hardest| format!(", never above {hardest}")).unwrap_or_default();
        let default = limit.of(defaults);
        text.push_str(&format!("  {:width$}  {}\n", limit.name, limit.meaning()));
        text.push_str(&format!("  {:width$}  Default {default}{hardest}.\n", ""));
    }
    text
}
