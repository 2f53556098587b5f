//! The commands on rules: `check`, `fmt`, `convert` and `eval`; and `schema`,
//! the names that rules may use.

use target_rules::diagnostic::{Artifact, Code, Form, SarifLog, Source, visible};
use target_rules::{Ast, Checked, Diagnostics, Layout, Rule, Schema, Transaction, Truth};

use super::check_lines::{self, Report};
use super::choice::{FormChoice, Format, StyleChoice};
use super::form::FileForm;
use super::input::{self, Decoded};
use super::invocation::Invocation;
use super::notes::Notes;
use super::outcome::{Failure, Outcome, there_is_no};
use super::screen;
use super::usage::{Typed, names_a_file};

/// The text of a RULE argument.
pub(crate) fn rule_text(invocation: &Invocation, argument: &str) -> Result<Decoded, Failure> {
    if argument == "-" {
        // Which form it is, and so which limit holds, is known once it is read.
        let most = invocation.limits.rule_text.max(invocation.limits.rule_tree);
        return input::read("-", Form::Dsl, most);
    }
    Ok(Ok(Source::new(Form::Dsl, argument)))
}

/// A rule that was parsed and checked, or why it could not be parsed, and its
/// text.
type Read = (Source, Result<Checked, Diagnostics>);

/// Parses and checks a rule, in whichever form it is.
pub(crate) fn parse(invocation: &Invocation, text: &str) -> Result<Read, Failure> {
    let (source, checked) = checked(invocation, text);
    let refused = checked.as_ref().map_or(true, |checked| checked.rule().is_none());
    if refused
        && names_a_file(text)
        && let Some(message) = Typed::here().file_as_a_word()
    {
        return Err(Failure::Usage(message));
    }
    Ok((source, checked))
}

/// The same of a text that is no argument of the command.
pub(crate) fn checked(invocation: &Invocation, text: &str) -> Read {
    let is_tree = text.trim_start().starts_with('{');
    let form = if is_tree { Form::Tree } else { Form::Dsl };
    let ast = if is_tree {
        Ast::from_tree(text, &invocation.limits)
    } else {
        Ast::from_text(text, &invocation.limits)
    };
    (Source::new(form, text), ast.map(|ast| ast.check(&invocation.schema, &invocation.limits)))
}

/// Reads and checks a RULE argument.
fn read_rule(invocation: &Invocation, argument: &str) -> Result<Read, Failure> {
    match rule_text(invocation, argument)? {
        Ok(source) => parse(invocation, source.text()),
        Err((source, faults)) => Ok((source, Err(faults))),
    }
}

/// The rule of a RULE argument and what it was read from; its diagnostics are
/// shown.
pub(crate) fn rule_of(invocation: &Invocation, argument: &str) -> Result<(Rule, Source), Failure> {
    let (source, checked) = read_rule(invocation, argument)?;
    let (rule, diagnostics) = match checked {
        Ok(checked) => (checked.rule().cloned(), checked.diagnostics().clone()),
        Err(diagnostics) => (None, diagnostics),
    };
    invocation.show_in_passing(&diagnostics, std::slice::from_ref(&source), "rule");
    if invocation.refuses(&diagnostics) {
        return Err(Failure::Faults);
    }
    rule.map(|rule| (rule, source)).ok_or(Failure::Faults)
}

pub(crate) fn check(invocation: &Invocation, rule: Option<String>, ndjson: Option<String>) -> Outcome {
    match (rule, ndjson) {
        (_, Some(path)) => check_lines::check(invocation, &path),
        (Some(argument), None) => check_one(invocation, &argument),
        (None, None) => Err(Failure::Usage("a rule or --ndjson FILE is needed".to_owned())),
    }
}

fn check_one(invocation: &Invocation, argument: &str) -> Outcome {
    report(invocation, read_rule(invocation, argument)?, true)
}

/// Tells what is wrong with a rule; by a word that nothing is, where that is
/// wanted.
pub(crate) fn report(invocation: &Invocation, (source, checked): Read, words: bool) -> Outcome {
    let diagnostics = match checked {
        Ok(checked) => checked.diagnostics().clone(),
        Err(diagnostics) => diagnostics,
    };
    let refused = invocation.refuses(&diagnostics);
    let mut out = screen::results();
    match invocation.format {
        Format::Json => out.json(&Report::of(&check_lines::no_id(), &diagnostics))?,
        Format::Sarif => {
            let mut log = SarifLog::new();
            for diagnostic in &diagnostics {
                log.add(&Artifact::new("rule", &source), diagnostic, |span| span, None);
            }
            out.json(&log)?;
        }
        Format::Human | Format::Html | Format::Junit => {
            invocation.show(&diagnostics, &[source], "rule");
            if words && !refused {
                writeln!(out, "ok")?;
            }
        }
    }
    out.flush()?;
    if refused { Err(Failure::Faults) } else { Ok(()) }
}

/// Prints a text that must be exact.
fn put(text: &str) -> Outcome {
    let mut out = screen::results();
    out.exact(text)?;
    Ok(out.flush()?)
}

/// Prints the page of a code.
pub(crate) fn explain(code: Code) -> Outcome {
    put(code.page())
}

pub(crate) fn fmt(invocation: &Invocation, argument: &str) -> Outcome {
    let (rule, _) = rule_of(invocation, argument)?;
    put(&format!("{}\n", rule.to_text()))
}

pub(crate) fn convert(
    invocation: &Invocation,
    to: FormChoice,
    style: StyleChoice,
    argument: &str,
) -> Outcome {
    let (rule, _) = rule_of(invocation, argument)?;
    let form = match to {
        FormChoice::Dsl => rule.to_text(),
        FormChoice::Tree => match rule.to_tree(style.into(), invocation.limits.rule_tree) {
            Ok(tree) => tree,
            Err(error) => {
                let _ = writeln!(screen::messages(), "error[limit]: {error}");
                return Err(Failure::Faults);
            }
        },
    };
    put(&format!("{form}\n"))
}

/// A rule and what it was read from, a document and the transaction that was
/// read of it.
pub(crate) struct Decided {
    pub(crate) rule: Rule,
    source: Source,
    pub(crate) document: Source,
    /// The line of its file that the document begins in, from 1.
    pub(crate) line: usize,
    pub(crate) transaction: Transaction,
}

/// A rule, and a transaction that was read for it; what is wrong with either is
/// shown. `line` gives the document.
pub(crate) fn rule_and_transaction(
    invocation: &Invocation,
    argument: &str,
    txn: &str,
    line: impl FnOnce() -> Result<input::Line, Failure>,
) -> Result<Decided, Failure> {
    if argument == "-" && txn == "-" {
        return Err(Failure::Usage("only one of RULE and --txn can be standard input".to_owned()));
    }
    let (rule, source) = rule_of(invocation, argument)?;
    let line = line()?;
    let read = line.text(invocation.limits.transaction).and_then(|document| {
        match Layout::of([&rule]).read(document.text(), &invocation.limits) {
            Ok(transaction) => Ok((document, transaction)),
            Err(diagnostics) => Err((document, diagnostics)),
        }
    });
    match read {
        Ok((document, transaction)) => {
            Ok(Decided { rule, source, document, line: line.number.in_memory(), transaction })
        }
        Err((document, diagnostics)) => {
            let err = &mut screen::messages();
            let line = (&document, line.number.in_memory());
            invocation.show_line(err, &diagnostics, line, input::name(txn));
            Err(Failure::Faults)
        }
    }
}

pub(crate) fn eval(invocation: &Invocation, argument: &str, txn: &str) -> Outcome {
    let most = invocation.limits.transaction;
    let line = || input::Line::of_transaction(txn, most, FileForm::One(None), &invocation.shape);
    let decided = rule_and_transaction(invocation, argument, txn, line)?;
    let Decided { rule, source, document, transaction, .. } = &decided;
    let decision = rule.decide(transaction, &invocation.zone);
    let mut out = screen::results();
    if invocation.format == Format::Json {
        out.json(&decision)?;
        return Ok(out.flush()?);
    }
    writeln!(out, "{}", decision.result)?;
    if let Some(list) = rule.unrolled_list().filter(|_| decision.result == Truth::True) {
        let items: Vec<String> = decision.items.iter().map(ToString::to_string).collect();
        writeln!(out, "  {}: {}", list.entries(), items.join(", "))?;
    }
    for name in &decision.absent {
        writeln!(out, "  absent: {}", visible(name))?;
    }
    for fault in &decision.faults {
        let code = fault.code.name();
        match source.form() {
            Form::Tree => {
                let place = source.place(fault.span);
                let pointer = place.pointer.filter(|pointer| !pointer.is_empty());
                let pointer = pointer.as_deref().unwrap_or("the whole tree");
                writeln!(out, "  fault: {code} at {}", visible(pointer))?;
            }
            _ => writeln!(out, "  fault: {code} in {}", visible(source.slice(fault.span)))?,
        }
    }
    let notes = Notes::of(invocation, rule, (document.text(), transaction), &decision);
    for why in &notes.why {
        writeln!(out, "  note: {}", visible(why))?;
    }
    out.flush()?;
    notes.warn(invocation, input::name(txn), decided.line)
}

pub(crate) fn schema(invocation: &Invocation, profile: Option<&str>) -> Outcome {
    let only = profile.map(|name| {
        invocation.schema.only(name).ok_or_else(|| {
            let names: Vec<&str> = invocation.schema.profiles().map(|profile| profile.name()).collect();
            Failure::Usage(there_is_no("profile", name, &names))
        })
    });
    let only = only.transpose()?;
    let schema: &Schema = only.as_ref().unwrap_or(&invocation.schema);
    let mut out = screen::results();
    if invocation.format == Format::Json {
        out.json(schema)?;
    } else {
        write!(out, "{schema}")?;
    }
    out.flush()?;
    Ok(())
}

/// Prints what a schema file may hold, as a JSON Schema.
pub(crate) fn schema_file_format() -> Outcome {
    put(Schema::FORMAT)
}
