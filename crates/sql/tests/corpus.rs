//! Rules of public documentation: how many have SQL.

use std::collections::BTreeMap;
use std::path::PathBuf;

use target_rules::{Ast, Limits, Schema};
use target_rules_sql::{Dialect, Options, to_sql};
use target_rules_testing::skipped;

#[test]
fn most_documented_rules_without_items_have_sql() {
    let Some(folder) = std::env::var_os("TARGET_RULES_SHARED") else {
        return skipped("documented rules in SQL: TARGET_RULES_SHARED names no folder");
    };
    let lines = std::fs::read_to_string(PathBuf::from(folder).join("corpus/expressions.jsonl")).unwrap();
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rules: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter_map(|row| {
            let text = row["dsl"].as_str().unwrap();
            Ast::from_text(text, &limits).ok()?.check(&schema, &limits).into_rule().ok()
        })
        .collect();
    assert!(rules.len() > 100);
    for dialect in Dialect::ALL {
        let mut why: BTreeMap<&str, usize> = BTreeMap::new();
        let mut accepted = 0;
        for rule in &rules {
            match to_sql(rule, &Options::new(dialect)) {
                Ok(_) => accepted += 1,
                Err(refusals) => *why.entry(refusals[0].reason.code()).or_default() += 1,
            }
        }
        println!("{dialect}: {accepted} of {} rules; refused first for {why:?}", rules.len());
        let items = why.get("sql-items").copied().unwrap_or(0);
        assert!(accepted * 10 >= (rules.len() - items) * 8, "{dialect}: {accepted}, {why:?}");
    }
}
