//! `user add`, `user list` and `user remove`: the file of credentials.

use std::io::BufRead;
use std::path::Path;

use target_rules_requests::{Credentials, StoredUser};

use crate::auth::{self, read_credentials, read_or_new, write_credentials};
use crate::config::{AddUser, UserCommand};
use crate::screen::tell;

/// How short a password may be that a person gives.
const SHORTEST_PASSWORD: usize = 12;

pub(super) fn run(command: UserCommand) -> Result<(), String> {
    match command {
        UserCommand::Add(user) => add(user),
        UserCommand::List(file) => {
            let credentials = existing(&file.path())?;
            for user in credentials.users() {
                say(format_args!("{} {} {}", user.name, user.organisation, user.role))?;
            }
            Ok(())
        }
        UserCommand::Remove { file, name } => {
            let mut credentials = existing(&file.path())?;
            if !credentials.remove(&name) {
                return Err(format!("there is no user `{name}`"));
            }
            write_credentials(&credentials, &file.path()).map_err(|error| error.to_string())?;
            say(format_args!("removed {name}; a running server takes the file anew at SIGHUP"))
        }
    }
}

/// The users of a file that is there.
fn existing(path: &Path) -> Result<Credentials, String> {
    if !path.exists() {
        return Err(format!("{}: there is no such file; `user add` makes it", path.display()));
    }
    read_credentials(path).map_err(|error| error.to_string())
}

fn add(user: AddUser) -> Result<(), String> {
    let path = user.file.path();
    let mut credentials = read_or_new(&path).map_err(|error| error.to_string())?;
    let (password, made) = match user.password_from_input {
        true => (given()?, false),
        false => (auth::generate().map_err(|error| error.to_string())?, true),
    };
    let stored = StoredUser {
        name: user.name.clone(),
        organisation: user.organisation,
        role: user.role,
        password: auth::hash(&password).map_err(|error| error.to_string())?,
    };
    let changed = credentials.set(stored).map_err(|error| error.to_string())?;
    // Whoever is refused leaves nothing behind.
    if let Some(folder) = &user.file.data {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    write_credentials(&credentials, &path).map_err(|error| error.to_string())?;
    let done = if changed { "changed" } else { "added" };
    say(format_args!("{done} {} in {}", user.name, path.display()))?;
    match made {
        true => say(format_args!("password: {password}")),
        false => Ok(()),
    }
}

/// The first line of standard input.
fn given() -> Result<String, String> {
    let mut line = String::new();
    let mut input = std::io::Read::take(std::io::stdin().lock(), 1024);
    input.read_line(&mut line).map_err(|error| error.to_string())?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    match password.chars().count() < SHORTEST_PASSWORD {
        true => Err(format!("a password has at least {SHORTEST_PASSWORD} characters")),
        false => Ok(password),
    }
}

fn say(text: std::fmt::Arguments<'_>) -> Result<(), String> {
    tell(text).map_err(|error| error.to_string())
}
