//! The commands on single rules.

use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::{Value, json};
use target_rules::{
    Ast, Checked, Code, Diagnostics, Form, Layout, Rule, Schema, Source, Truth, check_forms_whole,
};

use super::arguments::{FormChoice, Format, StyleChoice};
use super::{Failure, Outcome, Session, input};

/// Reads and checks a RULE argument, in whichever form it is.
fn check_rule(session: &Session, text: &str) -> (Source, Result<Checked, Diagnostics>) {
    let is_tree = text.trim_start().starts_with('{');
    let form = if is_tree { Form::Tree } else { Form::Dsl };
    let ast =
        if is_tree { Ast::from_tree(text, &session.limits) } else { Ast::from_text(text, &session.limits) };
    let checked = ast.map(|ast| ast.check(&Schema::standard(), &session.limits));
    (Source::new(form, text), checked)
}

/// The rule of a RULE argument; its diagnostics are shown.
fn rule_of(session: &Session, argument: &str) -> Result<Rule, Failure> {
    let text = input::rule(argument)?;
    let (source, checked) = check_rule(session, &text);
    let (rule, diagnostics) = match checked {
        Ok(checked) => (checked.rule().cloned(), checked.diagnostics().clone()),
        Err(diagnostics) => (None, diagnostics),
    };
    session.show(&diagnostics, &[source], "rule")?;
    if session.refuses(&diagnostics) {
        return Err(Failure::Faults);
    }
    rule.ok_or(Failure::Faults)
}

pub(crate) fn check(session: &Session, rule: Option<String>, ndjson: Option<String>) -> Outcome {
    match (rule, ndjson) {
        (_, Some(path)) => check_lines(session, &path),
        (Some(argument), None) => check_one(session, &argument),
        (None, None) => Err(Failure::Usage("a rule or --ndjson FILE is needed".to_owned())),
    }
}

fn check_one(session: &Session, argument: &str) -> Outcome {
    let text = input::rule(argument)?;
    let (source, checked) = check_rule(session, &text);
    let diagnostics = match checked {
        Ok(checked) => checked.diagnostics().clone(),
        Err(diagnostics) => diagnostics,
    };
    let mut out = std::io::stdout().lock();
    match session.format {
        Format::Json => writeln!(out, "{}", report(&Value::Null, &diagnostics))?,
        Format::Human => {
            session.show(&diagnostics, &[source], "rule")?;
            if !diagnostics.has_errors() {
                writeln!(out, "ok")?;
            }
        }
    }
    if session.refuses(&diagnostics) { Err(Failure::Faults) } else { Ok(()) }
}

/// One object of `check`.
fn report(id: &Value, diagnostics: &Diagnostics) -> Value {
    json!({"id": id, "ok": !diagnostics.has_errors(), "diagnostics": diagnostics})
}

/// A line of `check --ndjson`.
#[derive(Deserialize)]
#[serde(expecting = "an object with `id`, and `dsl` or `tree` or both")]
struct Line {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    dsl: Option<String>,
    #[serde(default)]
    tree: Option<String>,
}

fn check_lines(session: &Session, path: &str) -> Outcome {
    let schema = Schema::standard();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut refused = false;
    for (index, line) in input::open(path)?.lines().enumerate() {
        let line = line.map_err(|error| input::failed(path, &error))?;
        if line.trim().is_empty() {
            continue;
        }
        let number = index.saturating_add(1);
        let (id, diagnostics, sources) = match serde_json::from_str::<Line>(&line) {
            Ok(Line { id, dsl, tree }) => {
                let (_, diagnostics) =
                    check_forms_whole(dsl.as_deref(), tree.as_deref(), &schema, &session.limits);
                let texts = [(Form::Dsl, dsl), (Form::Tree, tree)];
                let sources =
                    texts.into_iter().filter_map(|(form, text)| Some(Source::new(form, text?))).collect();
                (id, diagnostics, sources)
            }
            Err(error) => (
                Value::Null,
                target_rules::unreadable_line(&line, &error),
                vec![Source::new(Form::Payload, line)],
            ),
        };
        refused |= session.refuses(&diagnostics);
        match session.format {
            Format::Json => writeln!(out, "{}", report(&id, &diagnostics))?,
            Format::Human => {
                let name = match &id {
                    Value::Null => format!("line {number}"),
                    Value::String(id) => id.clone(),
                    other => other.to_string(),
                };
                session.show(&diagnostics, &sources, &name)?;
                let word = if diagnostics.has_errors() { "refused" } else { "ok" };
                writeln!(out, "{name}: {word}")?;
            }
        }
    }
    out.flush()?;
    if refused { Err(Failure::Faults) } else { Ok(()) }
}

/// Prints the page of a code.
pub(crate) fn explain(code: Code) -> Outcome {
    write!(std::io::stdout(), "{}", code.page())?;
    Ok(())
}

pub(crate) fn fmt(session: &Session, argument: &str) -> Outcome {
    let rule = rule_of(session, argument)?;
    writeln!(std::io::stdout(), "{}", rule.to_text())?;
    Ok(())
}

pub(crate) fn convert(session: &Session, to: FormChoice, style: StyleChoice, argument: &str) -> Outcome {
    let rule = rule_of(session, argument)?;
    let form = match to {
        FormChoice::Dsl => rule.to_text(),
        FormChoice::Tree => match rule.to_tree(style.into(), session.limits.rule_tree) {
            Ok(tree) => tree,
            Err(error) => {
                writeln!(std::io::stderr(), "error[limit]: {error}")?;
                return Err(Failure::Faults);
            }
        },
    };
    writeln!(std::io::stdout(), "{form}")?;
    Ok(())
}

pub(crate) fn eval(session: &Session, argument: &str, txn: &str) -> Outcome {
    if argument == "-" && txn == "-" {
        return Err(Failure::Usage("only one of RULE and --txn can be standard input".to_owned()));
    }
    let rule = rule_of(session, argument)?;
    let document = input::read(txn)?;
    let transaction = match Layout::of([&rule]).read(&document, &session.limits) {
        Ok(transaction) => transaction,
        Err(diagnostics) => {
            session.show(&diagnostics, &[Source::new(Form::Payload, document)], txn)?;
            return Err(Failure::Faults);
        }
    };
    let decision = rule.decide(&transaction, &session.zone);
    let mut out = std::io::stdout().lock();
    if session.format == Format::Json {
        writeln!(out, "{}", json!(decision))?;
        return Ok(());
    }
    writeln!(out, "{}", decision.result)?;
    if rule.unrolls() && decision.result == Truth::True {
        let items: Vec<String> = decision.items.iter().map(ToString::to_string).collect();
        writeln!(out, "  line items: {}", items.join(", "))?;
    }
    for name in &decision.absent {
        writeln!(out, "  absent: {name}")?;
    }
    for fault in &decision.faults {
        writeln!(out, "  fault: {} at {}..{}", fault.code.name(), fault.span.start, fault.span.end)?;
    }
    Ok(())
}

pub(crate) fn schema(session: &Session, profile: Option<&str>) -> Outcome {
    let standard = Schema::standard();
    let schema = match profile {
        None => (*standard).clone(),
        Some(name) => standard.only(name).ok_or_else(|| {
            let names: Vec<&str> = standard.profiles().collect();
            Failure::Usage(format!("there is no profile `{name}`; the profiles are {}", names.join(", ")))
        })?,
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if session.format == Format::Json {
        writeln!(out, "{}", json!(schema))?;
    } else {
        let rows = schema.rows();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let (first, second) = (width(0), width(1));
        for [name, type_name, meaning] in &rows {
            writeln!(out, "{name:<first$}  {type_name:<second$}  {meaning}")?;
        }
    }
    out.flush()?;
    Ok(())
}
