//! Where the command line reads from.

use std::io::{BufRead, BufReader, Read};

use super::Failure;

/// The whole of a file, or of standard input for `-`, as text.
pub(crate) fn read(path: &str) -> Result<String, Failure> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text).map_err(|error| failed(path, &error))?;
    Ok(text)
}

/// A file, or standard input for `-`, to read line by line.
pub(crate) fn open(path: &str) -> Result<Box<dyn BufRead>, Failure> {
    if path == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let file = std::fs::File::open(path).map_err(|error| failed(path, &error))?;
    Ok(Box::new(BufReader::new(file)))
}

/// A RULE argument: itself, or standard input for `-`.
pub(crate) fn rule(argument: &str) -> Result<String, Failure> {
    if argument == "-" { read("-") } else { Ok(argument.to_owned()) }
}

pub(crate) fn failed(path: &str, error: &std::io::Error) -> Failure {
    let name = if path == "-" { "standard input" } else { path };
    Failure::Usage(format!("{name}: {error}"))
}
