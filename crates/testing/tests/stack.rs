//! Every phase of a rule at the greatest depth that a rule may have, on a
//! small stack: nothing that a host's thread could not bear.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::diagnostic::{Code, Colour, Form, Source};
use target_rules::rule::TreeStyle;
use target_rules::{
    Ast, Evaluation, Layout, Limits, Rule, Schema, Scratch, Transaction, Truth, Zone, check_forms, render,
};

/// Debug builds keep everything on the stack that release builds keep in registers.
const STACK: usize = if cfg!(debug_assertions) { 512 * 1024 } else { 256 * 1024 };

/// Runs on a thread of the small stack. An overflow aborts the whole test run.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

fn hardest() -> Limits {
    let mut limits = Limits::default();
    limits.depth = Limits::HARDEST_DEPTH;
    limits.open = Limits::HARDEST_OPEN;
    limits
}

const DOCUMENT: &str = r#"{"currentTxn":{"value":2,"date":"2026-03-07","notes":"x",
    "lineItems":[{"qty":1,"rate":2,"discount":0,"attributes":{"brand":"Puma"}}]},
    "currentCustomer":{"isLoyal":true}}"#;

/// Every phase, from a text on: parse, check, print, convert, read the tree,
/// compare, clone, debug-print, evaluate, drop.
fn every_phase(text: &str, limits: &Limits, styles: &[TreeStyle]) {
    let schema = Schema::standard();
    let ast = Ast::from_text(text, limits).unwrap();
    assert!(ast == ast.clone());
    assert!(!format!("{ast:?}").is_empty());
    let rule = ast.check(&schema, limits).into_rule().unwrap();
    drop(ast);
    assert!(!format!("{rule:?}").is_empty());
    let written = rule.to_text();
    same(&rule, &Ast::from_text(&written, limits).unwrap(), limits);
    for style in styles {
        let tree = rule.to_tree(*style, limits.rule_tree).unwrap();
        let ast = Ast::from_tree(&tree, limits).unwrap();
        assert!(ast == ast.clone());
        assert!(!format!("{ast:?}").is_empty());
        same(&rule, &ast, limits);
        check_forms(Some(&written), Some(&tree), &schema, limits).unwrap();
    }
    let layout = Layout::of([&rule]);
    let there = layout.read(DOCUMENT, limits).unwrap();
    assert_ne!(rule.decide(&there, &Zone::UTC).result, Truth::Unknown);
    explained(&rule, &there);
    every_engine(&rule, &there);
    // Of an empty document every reason is gathered, down to the deepest.
    let nothing = layout.read("{}", limits).unwrap();
    let decision = rule.decide(&nothing, &Zone::UTC);
    assert_eq!(decision.result, Truth::Unknown);
    assert!(!format!("{decision:?}").is_empty());
    explained(&rule, &nothing);
    every_engine(&rule, &nothing);
}

fn every_engine(rule: &Rule, transaction: &Transaction) {
    let expected = rule.decide(transaction, &Zone::UTC).result;
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    let program = transaction.layout().compile(rule).unwrap();
    assert_eq!(program.decide(&mut Evaluation::new(transaction, &zone, &mut scratch)), expected);
    let condition = rule.condition();
    assert!(condition.root().clone() == *condition.root() && !format!("{condition:?}").is_empty());
}

fn explained(rule: &Rule, transaction: &Transaction) {
    let explanation = rule.explain(transaction, &Zone::UTC);
    assert!(explanation == explanation.clone());
    assert!(!format!("{explanation:?}").is_empty());
    assert!(!serde_json::to_string(&explanation).unwrap().is_empty());
    assert!(!explanation.to_text(Colour::On).is_empty());
    assert!(!explanation.to_html().is_empty());
}

fn same(rule: &Rule, ast: &Ast, limits: &Limits) {
    let other = ast.check(&Schema::standard(), limits).into_rule().unwrap();
    assert!(*rule == other);
    assert_eq!(rule.to_text(), other.to_text());
}

const STYLES: [TreeStyle; 3] = [TreeStyle::Compact, TreeStyle::Spaced, TreeStyle::Pretty];

/// A shape of nesting: what stands before and after the inner part, again and
/// again, and what makes a rule of the whole.
struct Shape {
    name: &'static str,
    before: &'static str,
    inner: &'static str,
    after: &'static str,
    /// Levels of the inner part.
    inner_depth: usize,
    /// What makes a boolean of a number.
    root: &'static str,
    /// Levels that this adds.
    root_depth: usize,
}

const LOYAL: &str = "currentCustomer.isLoyal";

const SHAPES: [Shape; 7] = [
    Shape::of_booleans("alternating chains", ["true&&(currentCustomer.isLoyal||", LOYAL, ")"]),
    Shape::of_booleans("negations", ["!", LOYAL, ""]),
    Shape::of_booleans("negated chains", ["!(true&&", LOYAL, ")"]),
    Shape::of_numbers("signs", ["-", "currentTxn.value", ""]),
    Shape::of_numbers("arithmetic to the right", ["1-(", "currentTxn.value", ")"]),
    Shape::of_numbers("arithmetic to the left", ["(", "currentTxn.value", "-1)*1"]),
    Shape {
        inner_depth: 2,
        ..Shape::of_booleans("equality", ["true==(", "currentTxn.notes.contains(\"x\")", ")"])
    },
];

impl Shape {
    const fn of_booleans(name: &'static str, [before, inner, after]: [&'static str; 3]) -> Shape {
        Shape { name, before, inner, after, inner_depth: 1, root: "", root_depth: 0 }
    }

    const fn of_numbers(name: &'static str, parts: [&'static str; 3]) -> Shape {
        Shape { root: "<1000000000", root_depth: 1, ..Shape::of_booleans(name, parts) }
    }

    /// The text of a rule of the depth, or the next lower one that the shape reaches.
    fn text(&self, depth: usize) -> String {
        let each = if self.before.contains("&&") || self.after.contains('*') { 2 } else { 1 };
        let levels = (depth - self.inner_depth - self.root_depth) / each;
        let Shape { before, inner, after, root, .. } = self;
        format!("{}{inner}{}{root}", before.repeat(levels), after.repeat(levels))
    }
}

#[test]
fn every_phase_runs_at_the_greatest_depth() {
    for shape in &SHAPES {
        on_a_small_stack(|| every_phase(&shape.text(Limits::HARDEST_DEPTH), &hardest(), &STYLES));
    }
}

/// The shapes above do reach the depth that they are tried at.
#[test]
fn one_level_more_is_refused() {
    for shape in &SHAPES {
        on_a_small_stack(|| {
            let text = shape.text(Limits::HARDEST_DEPTH + 2);
            // No setting exceeds the hardest depth.
            let mut limits = hardest();
            limits.depth = usize::MAX;
            limits.open = usize::MAX;
            let refused = Ast::from_text(&text, &limits).unwrap_err();
            let fault = refused.iter().next().unwrap();
            assert_eq!(fault.code.name(), "limit", "{}", shape.name);
            let source = Source::new(Form::Dsl, text);
            assert!(!render(fault, &source, "rule", Colour::Off).is_empty());
        });
    }
}

/// As many brackets as may be open at once; none of them is a level of the tree.
#[test]
fn every_phase_runs_with_the_most_brackets_open() {
    let open = Limits::HARDEST_OPEN;
    for inner in ["currentCustomer.isLoyal", "currentTxn.value>1&&currentCustomer.isLoyal"] {
        on_a_small_stack(move || {
            let text = format!("{}{inner}{}", "(".repeat(open), ")".repeat(open));
            every_phase(&text, &Limits::default(), &STYLES);
        });
    }
    // Brackets within brackets at the greatest depth, and both limits reached.
    on_a_small_stack(move || {
        let levels = Limits::HARDEST_DEPTH - 2;
        let spare = open - levels;
        let text = format!("{}currentTxn.value{}<5000", "1-(".repeat(levels), ")".repeat(levels));
        let text = format!("{}{text}{}", "(".repeat(spare), ")".repeat(spare));
        every_phase(&text, &hardest(), &STYLES);
    });
}

/// Calls within the arguments of calls: refused, but judged to the innermost.
#[test]
fn arguments_within_arguments_are_judged_to_the_innermost() {
    on_a_small_stack(|| {
        for asked in
            ["currentTxn.notes.contains(", "currentTxn.date.dateDiff(", "-(1+currentTxn.value.isNull("]
        {
            let levels = (Limits::HARDEST_DEPTH - 2) / asked.matches(['(', '-']).count();
            let closed = asked.matches('(').count() * levels;
            let text = format!("{}currentTxn.nothing{}", asked.repeat(levels), ")".repeat(closed));
            let ast = Ast::from_text(&text, &hardest()).unwrap();
            let mut limits = hardest();
            limits.errors = usize::MAX;
            let checked = ast.check(&Schema::standard(), &limits);
            assert!(checked.rule().is_none());
            assert!(!format!("{:?}", checked.diagnostics()).is_empty());
        }
    });
}

/// As deep as groups of a tree may nest, and deeper: the reader does not recurse.
#[test]
fn trees_of_any_depth_are_read_or_refused() {
    let group = r#"{"arity":"group","operands":["#;
    let leaf = r#"{"arity":"literal","value":"true","type":"boolean:primitive"}"#;
    let tree = move |levels: usize| format!("{}{leaf}{}", group.repeat(levels), "]}".repeat(levels));
    on_a_small_stack(move || {
        let limits = Limits::default();
        let ast = Ast::from_tree(&tree(Limits::HARDEST_OPEN), &limits).unwrap();
        assert!(ast.check(&Schema::standard(), &limits).rule().is_some());
        for levels in [Limits::HARDEST_OPEN + 1, 5_000, 100_000] {
            assert!(Ast::from_tree(&tree(levels), &limits).is_err());
            // The same without its end, and objects that are no nodes.
            assert!(Ast::from_tree(&group.repeat(levels), &limits).is_err());
            assert!(Ast::from_tree(&r#"{"operands":[{"value":"#.repeat(levels), &limits).is_err());
        }
    });
}

/// Text that opens far more than may be open is refused before anything recurses.
#[test]
fn texts_that_open_too_much_are_refused() {
    for opener in ["(", "!", "-", "!(", "a(", "a.b(", "-(", "(((!!!", "\"\"(", "x(y,("] {
        on_a_small_stack(move || {
            let limits = Limits::default();
            for times in [101, 1_000, 50_000] {
                assert!(Ast::from_text(&opener.repeat(times), &limits).is_err(), "{opener} {times}");
                let closed = format!("{}true{}", opener.repeat(times), ")".repeat(times));
                assert!(Ast::from_text(&closed, &limits).is_err(), "{opener} {times}");
            }
        });
    }
}

/// A document that nests far deeper than it may is refused, read or skipped.
#[test]
fn documents_of_any_depth_are_refused() {
    on_a_small_stack(|| {
        let limits = Limits::default();
        let rule = Ast::from_text("currentTxn.value>1", &limits).unwrap();
        let rule = rule.check(&Schema::standard(), &limits).into_rule().unwrap();
        let layout = Layout::of([&rule]);
        for opener in ["[", "{\"a\":", "{\"currentTxn\":", "[{\"a\":["] {
            for times in [33, 1_000, 100_000] {
                assert!(layout.read(&opener.repeat(times), &limits).is_err());
                assert!(layout.read(&format!("{{\"currentTxn\":{}", opener.repeat(times)), &limits).is_err());
                assert!(layout.read(&format!("{{\"other\":{}", opener.repeat(times)), &limits).is_err());
            }
        }
    });
}

/// Regular expressions nest too: what is compiled, and what is refused.
#[test]
fn patterns_of_any_depth_are_compiled_or_refused() {
    on_a_small_stack(|| {
        let mut limits = hardest();
        limits.regex = 10_000;
        limits.regex_compiled = 16 * 1024 * 1024;
        for (opener, closer) in [("(", ")"), ("(?:", ")*"), ("[", "]"), ("(?i:", "){2}"), ("[^a&&", "]")] {
            for times in [1, 10, 20, 40, 59, 60, 61, 120, 1_000] {
                let pattern = format!("{}a{}", opener.repeat(times), closer.repeat(times));
                let text = format!("currentTxn.notes.matches(\"{pattern}\")");
                let Ok(ast) = Ast::from_text(&text, &limits) else { continue };
                let checked = ast.check(&Schema::standard(), &limits);
                assert!(checked.rule().is_some() || checked.diagnostics().has_errors());
                if let Some(rule) = checked.rule() {
                    let layout = Layout::of([rule]);
                    let transaction = layout.read(DOCUMENT, &limits).unwrap();
                    assert_ne!(rule.decide(&transaction, &Zone::UTC).result, Truth::Unknown);
                }
            }
        }
    });
}

/// Every phase of a chain of 10 000 operands, at the default limits. A tree of
/// it nests as deep as it is long; pretty, it would be larger than a tree may be.
fn every_phase_of_a_chain(text: &str) {
    let limits = Limits::default();
    every_phase(text, &limits, &[TreeStyle::Compact, TreeStyle::Spaced]);
    let rule = Ast::from_text(text, &limits).unwrap();
    let rule = rule.check(&Schema::standard(), &limits).into_rule().unwrap();
    let refused = rule.to_tree(TreeStyle::Pretty, limits.rule_tree).unwrap_err();
    assert!(refused.to_string().contains("--style compact"), "{refused}");
}

/// Terms of 50 bytes.
#[test]
fn a_chain_of_ten_thousand_terms_passes_every_phase() {
    for operator in ["&&", "||"] {
        on_a_small_stack(move || {
            let terms: Vec<String> = (0..10_000)
                .map(|term| match operator {
                    "&&" => format!("currentCustomer.initialLifetimePurchase!={term:06}"),
                    _ => format!("currentCustomer.initialLifetimePurchase=={term:06}"),
                })
                .collect();
            assert!(terms.iter().all(|term| term.len() <= 50));
            // One decided term decides the chain, wherever it stands.
            let mut text = terms.join(operator);
            text.push_str(operator);
            text.push_str(if operator == "&&" { "currentTxn.value==1" } else { "currentTxn.value==2" });
            every_phase_of_a_chain(&text);
        });
    }
}

/// A chain of arithmetic is one node, too.
#[test]
fn arithmetic_of_ten_thousand_operands_passes_every_phase() {
    for operators in [["+", "-"], ["*", "/"], ["*", "%"]] {
        on_a_small_stack(move || {
            let mut text = String::from("currentTxn.value");
            for operator in operators.iter().cycle().take(9_998) {
                text.push_str(operator);
                text.push_str("currentTxn.value");
            }
            text.push_str(operators[0]);
            text.push_str("1<5");
            every_phase_of_a_chain(&text);
        });
    }
}

/// The parser stops before the stack ends. That is a limit of the thread, and
/// no fault of the text.
#[test]
fn a_thread_with_too_little_stack_is_named_as_the_fault() {
    let text = format!("{}currentTxn.value > 5{}", "(".repeat(90), ")".repeat(90));
    let read = move || Ast::from_text(&text, &Limits::default()).map(drop);
    let thread = std::thread::Builder::new().stack_size(96 * 1024).spawn(read).unwrap();
    let refused = thread.join().unwrap().unwrap_err();
    let codes: Vec<Code> = refused.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [Code::Limit], "{refused}");
}
