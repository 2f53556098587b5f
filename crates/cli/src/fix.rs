//! `check --fix`: what can be repaired safely in a rule, or in the rules of a file.

use std::path::Path;
use std::time::Duration;

use similar::TextDiff;
use target_rules::Limits;
use target_rules::check;
use target_rules::diagnostic::{Colour, Fixed, Shown, Style, visible};
use target_rules::json::PathSegment;

use super::check_lines;
use super::choice::Format;
use super::count::{Count, plural};
use super::input::{self, Lines};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::replace::replace;
use super::screen::Results;
use super::{rules, screen, targets};

/// What is repaired.
pub(crate) enum Repaired {
    Rule(String),
    Targets(String),
    Lines(String),
}

impl Repaired {
    /// The one of them that was given.
    pub(crate) fn of(rule: Option<String>, ndjson: Option<String>, targets: Option<String>) -> Repaired {
        match (targets, ndjson) {
            (Some(path), _) => Repaired::Targets(path),
            (None, Some(path)) => Repaired::Lines(path),
            // INVARIANT: the parser sees to it that one of the three is there.
            (None, None) => Repaired::Rule(rule.unwrap_or_default()),
        }
    }

    /// The file that holds it.
    fn path(&self) -> Option<&str> {
        match self {
            Repaired::Rule(_) => None,
            Repaired::Targets(path) | Repaired::Lines(path) => Some(path),
        }
    }
}

/// What is done with a rule or file that was repaired.
#[derive(Clone, Copy)]
pub(crate) struct FixOutput {
    /// The difference is printed in place of the whole.
    pub(crate) diff: bool,
    /// The file is written.
    pub(crate) in_place: bool,
}

impl FixOutput {
    /// Whether standard output is left to what a check says.
    pub(crate) fn leaves_the_output(self) -> bool {
        self.in_place && !self.diff
    }
}

/// Refuses what cannot be put out as it is asked for. `files` are the options of the
/// command that name a file to be repaired.
pub(crate) fn refuse(invocation: &Invocation, path: Option<&str>, output: FixOutput, files: &str) -> Outcome {
    let in_json = matches!(invocation.format, Format::Json | Format::Sarif);
    if in_json && !output.leaves_the_output() {
        return Err(Failure::Usage(
            "`--fix` prints what it repaired; `--format` goes with it where the file is written: `--in-place`, \
             without `--diff`"
                .to_owned(),
        ));
    }
    match path {
        Some("-") if output.in_place => {
            Err(Failure::Usage("standard input cannot be written: leave `--in-place` out".to_owned()))
        }
        None if output.in_place => {
            Err(Failure::Usage(format!("`--in-place` writes a file: it goes with {files}")))
        }
        _ => Ok(()),
    }
}

pub(crate) fn fix(invocation: &Invocation, repaired: &Repaired, output: FixOutput) -> Outcome {
    refuse(invocation, repaired.path(), output, "`--targets FILE` or `--ndjson FILE`")?;
    match repaired {
        Repaired::Rule(argument) => fix_rule(invocation, argument, output),
        Repaired::Targets(path) => fix_targets(invocation, path, output),
        Repaired::Lines(path) => fix_lines(invocation, path, output),
    }
}

fn fix_rule(invocation: &Invocation, argument: &str, output: FixOutput) -> Outcome {
    let rule = match rules::rule_text(invocation, argument)? {
        Ok(rule) => rule,
        Err((source, faults)) => return rules::report(invocation, (source, Err(faults)), false),
    };
    let fixed = check::fix(rule.text(), &invocation.schema, &invocation.limits);
    let left = rules::parse(invocation, &fixed.text)?;
    put(invocation, "rule", &ended_line(rule.text()), &FixedFile::of_rule(&fixed), output)?;
    rules::report(invocation, left, false)
}

/// A rule in an argument ends without a line feed, as no line of a file does.
pub(crate) fn ended_line(rule: &str) -> String {
    if rule.ends_with('\n') { rule.to_owned() } else { format!("{rule}\n") }
}

fn fix_targets(invocation: &Invocation, path: &str, output: FixOutput) -> Outcome {
    let payload = match targets::payload(invocation, path)? {
        Ok(payload) => payload,
        refused => return targets::report(invocation, refused, path, true),
    };
    let fixed = FixedFile::from(payload.fixed(&invocation.schema, &invocation.limits));
    put(invocation, path, payload.text(), &fixed, output)?;
    let fixed = targets::payload_of(invocation, &fixed.text);
    targets::report(invocation, fixed, path, output.leaves_the_output())
}

fn fix_lines(invocation: &Invocation, path: &str, output: FixOutput) -> Outcome {
    // As a whole it has no limit of its own, but for how far places are counted.
    let text = match input::all_lines(path, Limits::HARDEST_TEXT)? {
        Ok(text) => text,
        Err((source, diagnostics)) => {
            invocation.show(&diagnostics, &[source], input::name(path));
            return Err(Failure::Faults);
        }
    };
    let mut fixed = FixedFile::default();
    let [dsl, tree] = ["dsl", "tree"].map(|key| [PathSegment::Key(key.to_owned())]);
    for line in text.text().split_inclusive('\n') {
        let (mark, line) = input::split_mark(line);
        fixed.text.push_str(mark);
        if line.len() > invocation.limits.payload || !check_lines::is_readable(line) {
            fixed.text.push_str(line);
            continue;
        }
        let of_line = check::fix_in_document(line, &dsl, &tree, &invocation.schema, &invocation.limits);
        fixed.text.push_str(&of_line.text);
        fixed.applied.add(of_line.applied);
    }
    put(invocation, path, text.text(), &fixed, output)?;
    let lines = Lines::of(path, fixed.text.into_bytes(), invocation.limits.payload)?;
    check_lines::report(invocation, lines, path, output.leaves_the_output())
}

/// A file with what was repaired in it.
#[derive(Default)]
pub(crate) struct FixedFile {
    text: String,
    applied: Count,
}

impl FixedFile {
    /// A rule of an argument, as it is printed.
    pub(crate) fn of_rule(fixed: &Fixed) -> FixedFile {
        FixedFile { text: ended_line(&fixed.text), applied: Count::from(fixed.applied) }
    }
}

impl From<Fixed> for FixedFile {
    fn from(fixed: Fixed) -> FixedFile {
        FixedFile { text: fixed.text, applied: Count::from(fixed.applied) }
    }
}

/// Puts out what was repaired, as it was asked for.
pub(crate) fn put(
    invocation: &Invocation,
    path: &str,
    before: &str,
    after: &FixedFile,
    output: FixOutput,
) -> Outcome {
    if output.in_place && !after.applied.is_zero() {
        replace(Path::new(path), after.text.as_bytes())
            .map_err(|error| Failure::Usage(format!("{path}: the file cannot be written: {error}")))?;
    }
    let mut out = screen::results();
    if output.diff {
        let difference = difference(input::name(path), before, &after.text);
        put_difference(&mut out, &difference, invocation.colour_of_results)?;
    } else if !output.in_place {
        out.exact(&after.text)?;
    }
    out.flush()?;
    if !invocation.quiet && invocation.format != Format::Json {
        let made = match plural(after.applied, "repair") {
            _ if after.applied.is_zero() => "nothing that can be repaired safely".to_owned(),
            repairs if output.in_place => format!("{repairs} made in {path}"),
            repairs => repairs,
        };
        // Nobody reads standard error any more: there is nothing left to say.
        let _ = writeln!(screen::messages(), "note: {}", visible(&made));
    }
    Ok(())
}

/// How long lines are compared before the difference is made coarser.
const PATIENCE: Duration = Duration::from_secs(10);

/// The difference as `patch` takes it.
fn difference(name: &str, before: &str, after: &str) -> String {
    let name = visible(name);
    let difference = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    difference.unified_diff().header(&name, &name).to_string()
}

/// Prints a difference: in the colours that everybody gives it, or to the byte.
fn put_difference(out: &mut Results, difference: &str, colour: Colour) -> std::io::Result<()> {
    if colour == Colour::Off {
        return out.exact(difference);
    }
    let mut shown = Shown::default();
    for line in difference.split_inclusive('\n') {
        let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
        match text.as_bytes() {
            [b'-', ..] => shown.paint(colour, Style::Red, text),
            [b'+', ..] => shown.paint(colour, Style::Green, text),
            [b'@', ..] => shown.paint(colour, Style::Cyan, text),
            _ => shown.push(&Shown::line(text)),
        }
        shown.push(&Shown::lines(end));
    }
    out.show(&shown)
}
