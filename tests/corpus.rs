//! Rules and pairs of forms found in public documentation, where they are:
//! their folder is named by `TARGET_RULES_SHARED`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::PathBuf;

use serde_json::Value;
use target_rules::diagnostic::Code;
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Limits, Schema};

fn shared(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("TARGET_RULES_SHARED") else {
        eprintln!("skipped: TARGET_RULES_SHARED names no folder with {name}");
        return None;
    };
    Some(std::fs::read_to_string(PathBuf::from(folder).join(name)).unwrap())
}

fn rows(name: &str) -> Vec<Value> {
    let lines = shared(name).unwrap_or_default();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Valid rules check, invalid ones never do; an unsure one that does not check
/// is no boolean, or its error says how it is spelled or written.
#[test]
fn documented_rules_are_accepted_and_refused_as_they_should() {
    let limits = Limits::default();
    let schema = Schema::standard();
    for row in rows("corpus/expressions.jsonl") {
        let text = row["dsl"].as_str().unwrap();
        let checked = Ast::from_text(text, &limits).map(|ast| ast.check(&schema, &limits));
        let diagnostics = match &checked {
            Ok(checked) => checked.diagnostics().clone(),
            Err(diagnostics) => diagnostics.clone(),
        };
        let ok = !diagnostics.has_errors();
        let has = |code| diagnostics.iter().any(|diagnostic| diagnostic.code == code);
        // Nobody documents a rule that never changes.
        assert!(!has(Code::ImpossibleComparison), "{} {text}: {diagnostics}", row["id"]);
        match row["verdict"].as_str().unwrap() {
            "valid" => assert!(ok, "{} {text}: {diagnostics}", row["id"]),
            "invalid" => assert!(!ok, "{} {text} is accepted", row["id"]),
            _ if row["why"].as_str().unwrap().contains("the root is not boolean") => {
                assert!(has(Code::RootNotBoolean), "{} {text}: {diagnostics}", row["id"]);
            }
            _ if ok => assert!(has(Code::NameSpelling), "{} {text}: {diagnostics}", row["id"]),
            _ => {
                let helps = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
                let helps: Vec<&str> = helps.map(|diagnostic| diagnostic.help.as_deref().unwrap()).collect();
                assert!(helps.iter().all(|help| help.contains('`')), "{} {text}: {helps:?}", row["id"]);
            }
        }
    }
}

/// Both forms come out byte for byte in their style.
#[test]
fn pairs_of_forms_come_out_to_the_byte() {
    let limits = Limits::default();
    let schema = Schema::standard();
    for row in rows("corpus/pairs.jsonl") {
        let id = row["id"].as_str().unwrap();
        let style = match row["style"].as_str().unwrap() {
            "pretty" => TreeStyle::Pretty,
            "compact" => TreeStyle::Compact,
            "spaced" => TreeStyle::Spaced,
            _ => {
                let refused = Ast::from_tree(row["expressionJson"].as_str().unwrap(), &limits).unwrap_err();
                assert_eq!(refused.iter().next().unwrap().code, Code::NotAnExpression, "{id}");
                continue;
            }
        };
        let text = match &row["expression"] {
            Value::Bool(value) => value.to_string(),
            other => other.as_str().unwrap().to_owned(),
        };
        let tree = row["expressionJson"].as_str().unwrap();
        let from_text = Ast::from_text(&text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
        let from_tree = Ast::from_tree(tree, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
        assert_eq!(from_text, from_tree, "{id}");
        assert_eq!(from_tree.to_text(), text, "{id}");
        let written = from_text.to_tree(style, limits.rule_tree).unwrap();
        // p12 has its keys in another order: it is read, and written as p06.
        if id != "p12" {
            assert_eq!(written, tree, "{id}");
        }
    }
}
