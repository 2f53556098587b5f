//! `synthesise`: the smallest rule that tells documents apart.

use target_rules::diagnostic::{Form, Source};
use target_rules_analysis::{Synthesis, SynthesisError, SynthesisOptions, synthesise as found};

use super::choice::Format;
use super::count::plural;
use super::form::FileForm;
use super::input::{self, Line, Lines};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen;

/// A document and where it stands.
struct Example {
    path: String,
    /// The line that it begins in, from 1.
    line: usize,
    text: String,
}

pub(crate) fn synthesise(
    invocation: &Invocation,
    counting: &[String],
    others: &[String],
    nodes: usize,
) -> Outcome {
    if counting.iter().chain(others).filter(|path| *path == "-").count() > 1 {
        return Err(Failure::Usage("only one PATH can be standard input".to_owned()));
    }
    let options = SynthesisOptions {
        zone: invocation.zone.clone(),
        limits: invocation.limits.clone(),
        nodes,
        ..SynthesisOptions::default()
    };
    let (counting, others) = (read(invocation, counting, &options)?, read(invocation, others, &options)?);
    match found(&texts(&counting), &texts(&others), &invocation.schema, &options) {
        Ok(synthesis) => tell(invocation, &synthesis),
        Err(SynthesisError::Document(at, diagnostics)) => {
            if let Some(example) = counting.iter().chain(&others).nth(at) {
                let source = Source::new(Form::Payload, example.text.as_str());
                let place = (&source, example.line);
                invocation.show_line(
                    &mut screen::messages(),
                    &diagnostics,
                    place,
                    input::name(&example.path),
                );
            }
            Err(Failure::Faults)
        }
        Err(error) => Err(Failure::Usage(error.to_string())),
    }
}

fn texts(examples: &[Example]) -> Vec<&str> {
    examples.iter().map(|example| example.text.as_str()).collect()
}

/// The documents of files; no more than may be used, and one.
fn read(
    invocation: &Invocation,
    paths: &[String],
    options: &SynthesisOptions,
) -> Result<Vec<Example>, Failure> {
    let most = invocation.limits.transaction;
    let mut examples = Vec::new();
    for path in paths {
        if path.ends_with(".ndjson") {
            for line in Lines::of_transactions(path, most, None, &invocation.shape)? {
                examples.push(example(invocation, path, &line?)?);
                if examples.len() > options.examples {
                    return Ok(examples);
                }
            }
        } else {
            let line = Line::of_transaction(path, most, FileForm::One(None), &invocation.shape)?;
            examples.push(example(invocation, path, &line)?);
        }
    }
    Ok(examples)
}

fn example(invocation: &Invocation, path: &str, line: &Line) -> Result<Example, Failure> {
    let number = line.number.in_memory();
    match line.text(invocation.limits.transaction) {
        Ok(source) => Ok(Example { path: path.to_owned(), line: number, text: source.text().to_owned() }),
        Err((source, diagnostics)) => {
            let place = (&source, number);
            invocation.show_line(&mut screen::messages(), &diagnostics, place, input::name(path));
            Err(Failure::Faults)
        }
    }
}

fn tell(invocation: &Invocation, synthesis: &Synthesis) -> Outcome {
    let mut out = screen::results();
    if invocation.format == Format::Json {
        out.json(synthesis)?;
        return Ok(out.flush()?);
    }
    let nodes = |count: usize| plural(count, "node");
    match &synthesis.best {
        Some(best) => {
            out.exact(&format!("{}\n", best.rule.to_text()))?;
            write!(out, "  {}", nodes(best.nodes))?;
            if best.nodes.saturating_sub(1) <= synthesis.complete {
                writeln!(out, "; no smaller rule of the forms that are tried does it")?;
            } else {
                writeln!(out, "; smaller rules were looked at up to {}", nodes(synthesis.complete))?;
            }
        }
        None => writeln!(
            out,
            "no rule of up to {} tells them apart, of the forms that are tried",
            nodes(synthesis.complete)
        )?,
    }
    if let Some(second) = &synthesis.second {
        writeln!(out, "or, of {}:", nodes(second.nodes))?;
        out.exact(&format!("{}\n", second.rule.to_text()))?;
    }
    if let Some(limit) = synthesis.limit {
        writeln!(out, "  note: the limit `{limit}` ended the search")?;
    }
    Ok(out.flush()?)
}
