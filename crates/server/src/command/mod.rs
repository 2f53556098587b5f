//! What the binary does: one of its commands, and how it ends.

mod import;
mod user;

use std::env;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::config::{Arguments, Command, Serve};
use crate::observe::start_logging;
use crate::screen::{complain, tell};
use crate::service::back_up;
use crate::serving;

/// How many threads may wait at most: for the store, for argon2, for what only
/// computes. Each has memory of its own.
const BLOCKING_THREADS: usize = 32;

/// What is told where nothing is said.
const NOTHING_SAID: &str = "\
it is not said where targets and customers are kept

  to look at it, with sample data:   target-rules-server --demo
  in a folder, with a user for it:   target-rules-server user add --data FOLDER NAME --organisation NAME --role admin
                                     target-rules-server --data FOLDER
  in PostgreSQL:                     target-rules-server --database URL --credentials FILE

`target-rules-server --help` lists all settings.";

/// Runs the command line; exit status 0 where all went well, 2 where not.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Who types the name alone wants to know what it is.
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument && env::args_os().len() == 1 => {
            complain(NOTHING_SAID);
            return ExitCode::from(2);
        }
        Err(error) => error.exit(),
    };
    let done = match arguments.command {
        None => serve(arguments.serve),
        Some(Command::Serve(settings)) => serve(*settings),
        Some(Command::User(command)) => user::run(command),
        Some(Command::Import(import)) => import::run(&import),
        Some(Command::Backup(backup)) => back_up(&backup.data, &backup.to).and_then(|()| {
            tell(format_args!("copied to {}", backup.to.display())).map_err(|error| error.to_string())
        }),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            complain(&why);
            ExitCode::from(2)
        }
    }
}

fn serve(settings: Serve) -> Result<(), String> {
    start_logging(&settings.log)?;
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.enable_all().max_blocking_threads(BLOCKING_THREADS).build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let served = runtime.block_on(serving::serve(settings));
    // What was cut off is not waited for.
    runtime.shutdown_background();
    served.map_err(|error| error.to_string())
}
