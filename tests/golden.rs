//! Golden files: what the author of a faulty rule, tree or transaction is shown.
//!
//! A case is one file in `tests/golden/{rule,tree,forms,transaction}`: a
//! header, the input, a line `=====`, and what is shown. A new case is a new
//! file that ends with its input; `UPDATE_GOLDEN=1 cargo test --test all golden::`
//! writes the rest. In `forms` the input is a text, a line `-----` and a tree.
//!
//! Lines of the header, each optional:
//!
//! * `# limit NAME=VALUE` changes a limit;
//! * `# rule TEXT` is a rule that reads the transaction;
//! * `# schema JSON` is what a schema file adds to the standard names;
//! * `# escaped` says that `\u{41}` in the input stands for the character, so
//!   that what cannot be seen can.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use super::suggestions;
use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{Colour, Form, Source};
use target_rules::{Ast, Diagnostics, Layout, Limits, Rule, Schema, render};

const SEPARATOR: &str = "\n=====\n";

struct Case {
    limits: Limits,
    rules: Vec<String>,
    schema: Option<String>,
    input: String,
}

fn read_case(file: &Path, text: &str) -> Case {
    let mut case = Case { limits: Limits::default(), rules: Vec::new(), schema: None, input: String::new() };
    let mut rest = text;
    let mut escaped = false;
    while let Some((line, after)) = rest.split_once('\n').filter(|(line, _)| line.starts_with("# ")) {
        rest = after;
        match line.trim_start_matches("# ").split_once(' ') {
            Some(("limit", setting)) => set(&mut case.limits, setting),
            Some(("rule", rule)) => case.rules.push(rule.to_owned()),
            Some(("schema", schema)) => case.schema = Some(schema.to_owned()),
            None if line == "# escaped" => escaped = true,
            _ => panic!("{}: unknown header `{line}`", file.display()),
        }
    }
    case.input = if escaped { unescaped(rest) } else { rest.to_owned() };
    case
}

fn set(limits: &mut Limits, setting: &str) {
    let (name, value) = setting.split_once('=').unwrap();
    // The cases name the fields, settings have hyphens.
    limits.set(&name.replace('_', "-"), value.parse().unwrap()).unwrap();
}

/// The text with each `\u{...}` as the character that it stands for.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, after) = part.split_once('}').unwrap();
        out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        out.push_str(after);
    }
    out
}

/// What is shown of a case: each diagnostic, then what became of the input.
fn shown(kind: &str, case: &Case) -> String {
    let Case { limits, input, .. } = case;
    let schema = case.schema.as_ref().map(|added| Schema::standard().with(added, limits).unwrap());
    let schema = schema.unwrap_or_else(|| Schema::standard().clone());
    let (text, tree) = input.split_once("\n-----\n").unwrap_or((input, input));
    let result = match kind {
        "rule" => checked(Ast::from_text(input, limits), &schema, limits),
        "tree" => checked(Ast::from_tree(input, limits), &schema, limits),
        "forms" => {
            let (rule, diagnostics) = check_forms_whole(Some(text), Some(tree), &schema, limits);
            Ok((diagnostics, became(rule.as_ref())))
        }
        _ => read_transaction(case),
    };
    let (diagnostics, verdict) = result.unwrap_or_else(|refused| (refused, became(None)));
    let sources = [(Form::Dsl, text), (Form::Tree, tree), (Form::Payload, input)];
    let sources = sources.map(|(form, text)| Source::new(form, text));
    let mut out = String::new();
    for diagnostic in &diagnostics {
        let source = sources.iter().find(|source| source.form() == diagnostic.form).unwrap();
        out.push_str(&render(diagnostic, source, kind, Colour::Off));
        out.push('\n');
    }
    if diagnostics.left_out() > 0 {
        out.push_str(&format!("and {} more\n", diagnostics.left_out()));
    }
    out.push_str(&verdict);
    out.push('\n');
    out
}

type Became = Result<(Diagnostics, String), Diagnostics>;

fn became(rule: Option<&Rule>) -> String {
    rule.map_or("refused".to_owned(), |rule| format!("accepted as {}", rule.to_text()))
}

fn checked(ast: Result<Ast, Diagnostics>, schema: &Schema, limits: &Limits) -> Became {
    let checked = ast?.check(schema, limits);
    Ok((checked.diagnostics().clone(), became(checked.rule())))
}

fn read_transaction(case: &Case) -> Became {
    let rules = case.rules.iter().map(|text| {
        let limits = Limits::default();
        let ast = Ast::from_text(text, &limits).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        ast.check(&Schema::standard(), &limits)
            .into_rule()
            .unwrap_or_else(|refused| panic!("{text}: {refused}"))
    });
    let rules: Vec<_> = rules.collect();
    assert!(!rules.is_empty(), "a transaction is read for rules: add a line `# rule TEXT`");
    Layout::of(&rules).read(&case.input, &case.limits)?;
    Ok((Diagnostics::default(), "read".to_owned()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn authors_are_shown_what_the_golden_files_hold() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for kind in ["rule", "tree", "forms", "transaction"] {
        for file in files(&root.join(kind)) {
            assert!(file.extension().is_some_and(|extension| extension == "txt"), "{}", file.display());
            let text = std::fs::read_to_string(&file).unwrap();
            let (written, expected) = match text.split_once(SEPARATOR) {
                Some((written, expected)) => (written, Some(expected)),
                None => (text.strip_suffix('\n').unwrap_or(&text), None),
            };
            let shown = shown(kind, &read_case(&file, written));
            cases += 1;
            if expected == Some(shown.as_str()) {
                continue;
            }
            if update {
                std::fs::write(&file, format!("{written}{SEPARATOR}{shown}")).unwrap();
            } else {
                let expected = expected.unwrap_or("nothing yet\n");
                wrong.push(format!("{}\nexpected:\n{expected}\nshown:\n{shown}", file.display()));
            }
        }
    }
    assert!(cases >= 400, "only {cases} cases are found");
    assert!(
        wrong.is_empty(),
        "{}\n{} of {cases} cases differ; where the new text is better: UPDATE_GOLDEN=1 cargo test --test all golden::",
        wrong.join("\n"),
        wrong.len()
    );
}

/// The inputs of one kind, each with its file.
fn inputs(kind: &str) -> Vec<(PathBuf, Case)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).unwrap();
        let written = text.split_once(SEPARATOR).map_or(text.as_str(), |(written, _)| written);
        let case = read_case(&file, written);
        (file, case)
    };
    files(&root.join(kind)).into_iter().map(read).collect()
}

#[test]
fn what_is_suggested_mends_the_inputs() {
    let mut tried = suggestions::Tried::new();
    let mut broken = Vec::new();
    for (kind, form) in [("rule", Form::Dsl), ("tree", Form::Tree)] {
        for (file, case) in inputs(kind) {
            let of = suggestions::broken_promises(form, &case.input, &case.limits, &mut tried);
            broken.extend(of.into_iter().map(|promise| format!("{}: {promise}", file.display())));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let [safe, guessed] = tried.values().fold([0, 0], |[a, b], [c, d]| [a + c, b + d]);
    assert!(safe >= 100 && guessed >= 70 && tried.len() >= 20, "{safe} {guessed}: {tried:?}");
}
