//! A second opinion on syntax: the library's reader and a parser that was
//! written from the law alone accept the same texts and find the same
//! structure in them.
//!
//! Structure is compared through the doors that hosts have: what the second
//! parser found is written as an expression tree, which another reader of the
//! library takes, and as text with brackets round everything; both must give
//! the syntax tree that the library found in the text itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use proptest::prelude::*;
use target_rules::{Ast, Limits};
use target_rules_testing::generate::{mutation, rule, tries};
use target_rules_testing::second_parser as parser;

/// Both opinions on a text; whether it is accepted.
fn both(text: &str) -> bool {
    let limits = Limits::default();
    let first = Ast::from_text(text, &limits);
    let second = parser::parse(text);
    // The second parser has no limits.
    if let Err(refused) = &first
        && refused.iter().all(|found| found.code.name() == "limit")
    {
        return false;
    }
    let Some(second) = second else {
        assert!(first.is_err(), "accepted, against the second opinion: {text:?}");
        return false;
    };
    let first =
        first.unwrap_or_else(|refused| panic!("refused, against the second opinion: {text:?}: {refused}"));
    let bracketed = second.bracketed();
    match Ast::from_text(&bracketed, &limits) {
        Ok(ast) => assert!(ast == first, "another structure: {text:?} is {bracketed}"),
        Err(refused) => assert!(only_limits(&refused), "{text:?} as {bracketed}: {refused}"),
    }
    if let Some(tree) = second.tree() {
        match Ast::from_tree(&tree.to_string(), &limits) {
            Ok(ast) => assert!(ast == first, "another structure: {text:?} is {tree}"),
            Err(refused) => assert!(only_limits(&refused), "{text:?} as {tree}: {refused}"),
        }
    }
    true
}

fn only_limits(refused: &target_rules::Diagnostics) -> bool {
    refused.iter().all(|found| found.code.name() == "limit")
}

proptest! {
    #![proptest_config(tries(250))]

    #[test]
    fn on_rules(rule in rule::rules(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        prop_assert!(both(&rule.text()));
        prop_assert!(both(&rule.untidy(&choices)));
    }

    #[test]
    fn on_rules_with_faults_of_their_types(rule in mutation::ill_typed()) {
        prop_assert!(both(&rule.text()));
    }

    #[test]
    fn on_mutated_text(text in mutation::mutated_text()) {
        both(&text);
    }

    #[test]
    fn on_token_salad(text in mutation::token_salad()) {
        both(&text);
    }

    #[test]
    fn on_any_text(text in "[a-c0-2.()!=<>&|\"\\\\ ,-]{0,16}") {
        both(&text);
    }
}

/// Precedence and grouping of every pair of operators, with and without the
/// prefixes.
#[test]
fn on_every_pair_of_operators() {
    let operators = ["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"];
    for first in operators {
        for second in operators {
            for prefix in ["", "!", "-", "--", "!-", "- "] {
                for operand in ["b", "5"] {
                    assert!(both(&format!("a{first}{prefix}{operand}{second}c")));
                    assert!(both(&format!("{prefix}{operand}{first}b{second}c")));
                    assert!(both(&format!("a{first}({prefix}b{second}{operand})")));
                }
            }
        }
    }
}

/// Texts at the edges of the law, and what is said of each.
#[test]
fn on_the_edges_of_the_law() {
    let accepted = [
        "true",
        " a ",
        "\u{a0}a\u{a0}",
        "a . b ( )",
        "- 5",
        "-5",
        "--5",
        "5--5",
        "5 - - 5",
        "1.5",
        "007",
        "(((a)))",
        "true.true",
        "a.true()",
        "\"\\s\"",
        "\"\\\"\"",
        "\"\\\\\"",
        "\"a\nb\"",
        "a.b(1,-2,\"x\",c.d)",
        "!!a",
        "!a==b",
        "f(1)",
        "1.a",
        "(1).a",
        "\"\".a()",
        "a<b<c",
    ];
    for text in accepted {
        assert!(both(text), "{text}");
    }
    let refused = [
        "",
        " ",
        "a b",
        "a=b",
        "a&b",
        "a|b",
        "a===b",
        "a<>b",
        "a=!b",
        "1e5",
        ".5",
        "5.",
        "1.5.6",
        "a.",
        "a..b",
        "a.1",
        "(a",
        "a)",
        "()",
        "f(,)",
        "f(a,)",
        "f(a:b)",
        "\"a",
        "\"a\\\"",
        "'a'",
        "\u{201c}a\u{201d}",
        "\"\"a\"\"",
        "1a",
        "a and b",
        "and(a)",
        "not(a)",
        "a\u{2003}b",
        "a;",
        "[a]",
        "é",
        "a!b",
        "&lt;",
        "a==",
        "==a",
        "*a",
        "+5",
    ];
    for text in refused {
        assert!(!both(text), "{text}");
    }
}

/// The texts that fuzzing starts from and that once broke something.
#[test]
fn on_the_texts_of_the_fuzz_targets() {
    let mut tried = 0;
    for folder in ["seeds/text_in", "regressions/text_in"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
        let Ok(files) = std::fs::read_dir(folder) else { continue };
        for file in files {
            if let Ok(text) = String::from_utf8(std::fs::read(file.unwrap().path()).unwrap()) {
                both(&text);
                tried += 1;
            }
        }
    }
    assert!(tried > 5);
}

/// The comparison can fail: what is grouped otherwise is another syntax tree.
#[test]
fn grouping_makes_a_difference() {
    let limits = Limits::default();
    let read = |text: &str| Ast::from_text(text, &limits).unwrap();
    assert!(read("a-b-c") != read("a-(b-c)"));
    assert!(read("a&&b&&c") == read("a&&(b&&c)"));
    assert_eq!(parser::parse("a-b-c").unwrap().bracketed(), "((a - b) - c)");
    assert_eq!(parser::parse("!a.b||c&&d").unwrap().bracketed(), "((!(a . b)) || (c && d))");
}
