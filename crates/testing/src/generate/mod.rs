//! Generators of rules and of the transactions that match them, for every
//! property and for every engine that must decide as the interpreter does.
//!
//! A test writes properties over [`cases`] (one rule and a transaction) or over
//! [`sets`] (many rules and a transaction). The generators read the standard
//! schema through the public interface, so a name that is added to the schema
//! is generated from then on.
//!
//! | file | what it has |
//! |---|---|
//! | `catalog.rs` | the standard schema: profiles, attributes, methods and their parameters |
//! | `expression.rs` | [`Expression`], a rule as the generators know it |
//! | `text.rs` | an expression as canonical text, and as untidy text that means the same |
//! | `rule.rs` | strategies of well-typed expressions, over the whole schema |
//! | `values.rs` | the pools of constants and of document values |
//! | `document.rs` | [`Document`], JSON with its digits and the order of its keys |
//! | `needs.rs` | what expressions read of a document, and near which constants |
//! | `transaction.rs` | strategies of documents with values for that |
//! | `mutation.rs` | rules with a fault, and text that is no rule any more |
pub mod catalog;
pub mod document;
pub mod expression;
pub mod mutation;
pub mod needs;
pub mod rule;
pub mod text;
pub mod transaction;
pub mod values;

use proptest::prelude::*;
use target_rules::{Ast, Layout, Limits, Rule, Schema, Transaction, Zone};

pub use document::Document;
pub use expression::{Expression, Kind};

/// The zones that cases are decided in: no offset, a half hour, midnight that
/// does not exist, a day that does not exist, a half hour of summer time, fixed
/// offsets.
pub const ZONES: &[&str] = &[
    "UTC",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Europe/London",
    "-02:30",
    "+18:00",
];

/// A rule, a transaction with values for what it reads, and a zone.
#[derive(Debug, Clone)]
pub struct Case {
    /// The rule.
    pub rule: Expression,
    /// The transaction document.
    pub transaction: Document,
    /// The name of the zone.
    pub zone: &'static str,
}

/// Several rules over one transaction, as a rule set has them. Their constants
/// lie near each other, and some rules share parts.
#[derive(Debug, Clone)]
pub struct SetCase {
    /// The rules.
    pub rules: Vec<Expression>,
    /// A document with values for what all of them read.
    pub transaction: Document,
    /// The name of the zone.
    pub zone: &'static str,
}

/// Any well-typed rule with a transaction that matches it.
pub fn cases() -> impl Strategy<Value = Case> {
    (rule::rules(), zones()).prop_flat_map(|(rule, zone)| {
        transaction::transactions(std::slice::from_ref(&rule)).prop_map(move |transaction| Case {
            rule: rule.clone(),
            transaction,
            zone,
        })
    })
}

/// One to `most` well-typed rules with a transaction that matches them.
pub fn sets(most: usize) -> impl Strategy<Value = SetCase> {
    (prop::collection::vec(rule::rules(), 1..=most), zones()).prop_flat_map(|(rules, zone)| {
        transaction::transactions(&rules).prop_map(move |transaction| SetCase {
            rules: rules.clone(),
            transaction,
            zone,
        })
    })
}

/// One of [`ZONES`].
pub fn zones() -> impl Strategy<Value = &'static str> {
    prop::sample::select(ZONES)
}

/// The checked rule of a text that must be one.
pub fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits)
        .and_then(|ast| ast.check(&Schema::standard(), &limits).into_rule())
        .unwrap_or_else(|refused| panic!("a well-typed rule is refused: {refused}\n  {text}"))
}

/// A document read for rules, which must read.
pub fn read(rules: &[&Rule], document: &Document) -> Transaction {
    let text = document.to_string();
    Layout::of(rules.iter().copied())
        .read(&text, &Limits::default())
        .unwrap_or_else(|refused| panic!("a document that fits the rules is refused: {refused}\n  {text}"))
}

/// The zone of a name of [`ZONES`].
pub fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap_or_else(|unknown| panic!("{unknown}"))
}

/// How many cases a property tries: `PROPTEST_CASES`, or a few for everyday.
pub fn tries(everyday: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(everyday);
    ProptestConfig {
        cases,
        // A case that a property has nothing to say of is drawn again.
        max_local_rejects: 65_536_u32.saturating_add(cases.saturating_mul(4)),
        max_global_rejects: 1_024_u32.saturating_add(cases.saturating_mul(4)),
        // What is found is kept as a test that says what is wrong, not as a seed.
        failure_persistence: None,
        max_shrink_iters: 4_000,
        // In milliseconds: a set of a thousand rules would be made smaller for hours.
        max_shrink_time: 60_000,
        ..ProptestConfig::default()
    }
}
