//! The commands about mappings: `mapping check`, `mapping infer` and `mapping show`.

use target_rules::diagnostic::{Form, Shown, visible};

use target_rules_mapping::{Mapping, ReadyMade, infer};

use super::arguments::MappingCommand;
use super::input;
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen::{self, Tell};

pub(crate) fn run(invocation: &Invocation, command: &MappingCommand) -> Outcome {
    match command {
        MappingCommand::Check { file } => check(invocation, file),
        MappingCommand::Infer { file } => draft(invocation, file),
        MappingCommand::Show { name } => show(name),
        MappingCommand::Format => write(Mapping::FORMAT),
    }
}

/// The mapping that an option names: one that is ready made, or a file.
pub(crate) fn named(invocation: &Invocation, name: &str) -> Result<Mapping, Failure> {
    if let Some(mapping) = Mapping::ready_made(name) {
        return Ok(mapping);
    }
    if let Some(close) = ReadyMade::closest(name).filter(|_| !std::path::Path::new(name).exists()) {
        let name = visible(name);
        return Err(Failure::Usage(format!("there is no mapping `{name}`; did you mean `{close}`?")));
    }
    read(invocation, name)
}

fn read(invocation: &Invocation, path: &str) -> Result<Mapping, Failure> {
    let limits = &invocation.limits;
    let read = input::read(path, Form::Payload, limits.mapping)?.and_then(|source| {
        Mapping::read(source.text(), &invocation.schema, limits).map_err(|faults| (source, faults))
    });
    read.map_err(|(source, faults)| {
        invocation.show(&faults, &[source], input::name(path));
        Failure::Faults
    })
}

fn check(invocation: &Invocation, path: &str) -> Outcome {
    read(invocation, path)?;
    write("ok\n")
}

fn write(text: &str) -> Outcome {
    let mut out = screen::results();
    out.exact(text)?;
    Ok(out.flush()?)
}

/// Drafts a mapping; what was guessed is told on standard error too.
fn draft(invocation: &Invocation, path: &str) -> Outcome {
    let limits = &invocation.limits;
    let drafted = input::all_lines(path, limits.payload)?.and_then(|source| {
        infer(source.text(), &invocation.schema, limits).map_err(|faults| (source, faults))
    });
    let draft = match drafted {
        Ok(draft) => draft,
        Err((source, faults)) => {
            invocation.show(&faults, &[source], input::name(path));
            return Err(Failure::Faults);
        }
    };
    if !invocation.quiet {
        let mut err = screen::messages();
        for note in &draft.mapping.notes {
            err.tell(&Shown::lines(&format!("note: {note}\n")));
        }
    }
    let written = serde_json::to_string_pretty(&draft.mapping).unwrap_or_default();
    write(&format!("{written}\n"))
}

fn show(name: &str) -> Outcome {
    let Some(ready) = ReadyMade::named(name) else {
        let known: Vec<&str> = ReadyMade::ALL.iter().map(|ready| ready.name).collect();
        let name = visible(name);
        return Err(Failure::Usage(format!(
            "no mapping is ready made as `{name}`; there are {}",
            known.join(", ")
        )));
    };
    write(ready.file)
}
