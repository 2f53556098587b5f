//! Each limit: N passes, N + 1 is the error `limit` with a place in the input.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use target_rules::check::check_forms_whole;
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Diagnostics, Layout, Limits, Rule, Schema, Transaction};

/// Default limits, one of them changed.
fn with(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

fn check(text: &str, limits: &Limits) -> Result<Rule, Diagnostics> {
    Ast::from_text(text, limits)?.check(&Schema::standard(), limits).into_rule()
}

fn check_tree(tree: &str, limits: &Limits) -> Result<Rule, Diagnostics> {
    Ast::from_tree(tree, limits)?.check(&Schema::standard(), limits).into_rule()
}

fn tree_of(text: &str) -> String {
    check(text, &Limits::default()).unwrap().to_tree(TreeStyle::Compact, usize::MAX).unwrap()
}

/// The one fault is the limit, in the input, told with the number. Returns
/// the text that it points at.
fn exceeded<T>(result: Result<T, Diagnostics>, input: &str, number: usize) -> &str {
    let Err(refused) = result else { panic!("more than {number} passes: {input:.200}") };
    let faults: Vec<_> = refused.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert_eq!(faults.len(), 1, "{refused}");
    assert_eq!(faults[0].code.name(), "limit", "{refused}");
    assert!(faults[0].message.contains(&number.to_string()), "the number is not told: {refused}");
    let place = input.get(faults[0].span.range());
    place.unwrap_or_else(|| panic!("{refused} is at {:?}", faults[0].span))
}

#[test]
fn defaults() {
    const KIB: usize = 1024;
    let limits = Limits::default();
    assert_eq!((limits.rule_text, limits.rule_tree), (512 * KIB, 8 * KIB * KIB));
    assert_eq!((limits.depth, Limits::HARDEST_DEPTH), (32, 60));
    assert_eq!((limits.open, Limits::HARDEST_OPEN), (100, 100));
    assert_eq!((limits.nodes, limits.errors), (50_000, 20));
    assert_eq!(limits.transaction, KIB * KIB);
    assert_eq!((limits.transaction_depth, limits.transaction_array), (32, 10_000));
    assert_eq!(limits.transaction_values, 1_000_000);
    assert_eq!((limits.payload, limits.schema), (64 * KIB * KIB, KIB * KIB));
    assert_eq!((limits.payload_depth, limits.periods_at_once), (100, 100));
    assert_eq!((limits.regex, limits.regex_compiled, limits.regex_count), (256, 256 * KIB, 8));
    assert_eq!((limits.regex_states, limits.regex_steps), (2_000, 600));
}

#[test]
fn text_of_a_rule() {
    let text = "currentTxn.value>500";
    let limits = |most| with(|limits| limits.rule_text = most);
    check(text, &limits(text.len())).unwrap();
    assert_eq!(exceeded(check(text, &limits(text.len() - 1)), text, text.len() - 1), "0");
    // What is too long is pointed at by whole characters.
    let text = "currentTxn.notes==\"\u{1f600}\"";
    assert_eq!(exceeded(check(text, &limits(20)), text, 20), "\u{1f600}\"");
}

#[test]
fn text_of_a_rule_at_the_default() {
    let limits = Limits::default();
    let text = |length: usize| format!("{}true", " ".repeat(length - 4));
    check(&text(limits.rule_text), &limits).unwrap();
    let longer = text(limits.rule_text + 1);
    assert_eq!(exceeded(check(&longer, &limits), &longer, limits.rule_text), "e");
}

#[test]
fn tree_of_a_rule() {
    let tree = tree_of("currentTxn.value>500");
    let limits = |most| with(|limits| limits.rule_tree = most);
    check_tree(&tree, &limits(tree.len())).unwrap();
    assert_eq!(exceeded(check_tree(&tree, &limits(tree.len() - 1)), &tree, tree.len() - 1), "}");
}

#[test]
fn a_tree_that_is_written() {
    let rule = check("currentTxn.value>500", &Limits::default()).unwrap();
    for style in [TreeStyle::Pretty, TreeStyle::Compact, TreeStyle::Spaced] {
        let tree = rule.to_tree(style, usize::MAX).unwrap();
        assert_eq!(rule.to_tree(style, tree.len()).unwrap(), tree);
        let refused = rule.to_tree(style, tree.len() - 1).unwrap_err().to_string();
        assert!(refused.contains(&(tree.len() - 1).to_string()), "{refused}");
        assert_eq!(refused.contains("--style compact"), style == TreeStyle::Pretty, "{refused}");
    }
}

/// Rules and how deep they are, by what the language counts.
const DEPTHS: [(&str, usize); 15] = [
    ("true", 1),
    ("currentCustomer.isLoyal", 1),
    ("currentTxn.value>500", 2),
    ("!currentCustomer.isLoyal", 2),
    ("currentTxn.notes.isNull()", 2),
    ("currentTxn.notes.contains(currentTxn.number)", 2),
    ("currentTxn.date.day()==1", 3),
    ("currentTxn.value+1>500", 3),
    ("currentTxn.value+1+2>500", 3),
    ("currentTxn.value+(1+2)>500", 4),
    ("currentTxn.value*2+1>500", 4),
    ("true&&true&&true&&true", 2),
    ("true&&(true&&(true&&true))", 2),
    ("true&&(true||(true&&true))", 4),
    ("((((((currentTxn.value))>((500))))))", 2),
];

#[test]
fn depth_of_the_tree() {
    for (text, depth) in DEPTHS {
        let tree = tree_of(text);
        let limits = |most| with(|limits| limits.depth = most);
        check(text, &limits(depth)).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        check_tree(&tree, &limits(depth)).unwrap_or_else(|refused| panic!("{tree}: {refused}"));
        exceeded(check(text, &limits(depth - 1)), text, depth - 1);
        exceeded(check_tree(&tree, &limits(depth - 1)), &tree, depth - 1);
    }
}

#[test]
fn depth_at_the_default() {
    let limits = Limits::default();
    let text = |depth: usize| format!("{}true", "!".repeat(depth - 1));
    check(&text(32), &limits).unwrap();
    exceeded(check(&text(33), &limits), &text(33), 32);
    check_tree(&tree_of(&text(32)), &limits).unwrap();
}

/// Brackets, groups, prefix operators and calls that are open at once.
#[test]
fn open_brackets_calls_and_prefix_operators() {
    let limits = |most| with(|limits| limits.open = most);
    let texts = [
        ("((true))", 2),
        ("(true)&&(true)&&((true))", 2),
        ("!(!true)", 3),
        ("!true&&!true", 1),
        ("-(currentTxn.value)<5", 2),
        ("-5<currentTxn.value", 0),
        ("currentTxn.notes.isNull()", 1),
        ("(currentTxn.notes.isNull())", 2),
        ("currentTxn.notes.contains(\"((((\")", 1),
    ];
    for (text, open) in texts {
        check(text, &limits(open)).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        if open > 0 {
            exceeded(check(text, &limits(open - 1)), text, open - 1);
        }
    }
    let leaf = r#"{"arity":"literal","value":"true","type":"boolean:primitive"}"#;
    let not = |inner: &str| format!(r#"{{"arity":"unary_operation","value":"!","operands":[{inner}]}}"#);
    let group = |inner: &str| format!(r#"{{"arity":"group","operands":[{inner}]}}"#);
    for tree in [group(&group(leaf)), not(&group(leaf)), group(&not(leaf)), not(&not(leaf))] {
        check_tree(&tree, &limits(2)).unwrap();
        exceeded(check_tree(&tree, &limits(1)), &tree, 1);
    }
}

/// Settings above the hard caps count as the caps.
#[test]
fn hard_caps_hold_whatever_is_set() {
    let limits = with(|limits| {
        limits.depth = usize::MAX;
        limits.open = usize::MAX;
    });
    // A sum that leans right is as deep as it is long.
    let sum =
        |depth: usize| format!("{}currentTxn.value{}>0", "1+(".repeat(depth - 2), ")".repeat(depth - 2));
    check(&sum(Limits::HARDEST_DEPTH), &limits).unwrap();
    let deeper = sum(Limits::HARDEST_DEPTH + 1);
    exceeded(check(&deeper, &limits), &deeper, Limits::HARDEST_DEPTH);
    let group = |count: usize| {
        let leaf = r#"{"arity":"literal","value":"true","type":"boolean:primitive"}"#;
        format!("{}{leaf}{}", r#"{"arity":"group","operands":["#.repeat(count), "]}".repeat(count))
    };
    check_tree(&group(Limits::HARDEST_OPEN), &limits).unwrap();
    let more = group(Limits::HARDEST_OPEN + 1);
    exceeded(check_tree(&more, &limits), &more, Limits::HARDEST_OPEN);
    let bracket = |count: usize| format!("{}true{}", "(".repeat(count), ")".repeat(count));
    let more = bracket(Limits::HARDEST_OPEN + 1);
    assert_eq!(exceeded(check(&more, &limits), &more, Limits::HARDEST_OPEN), "(");
}

#[test]
fn parts_of_the_tree() {
    parts(&[
        ("true", 1),
        ("currentTxn.value>500", 3),
        ("true&&true&&true", 4),
        ("currentTxn.notes.contains(\"x\")", 3),
        ("currentTxn.basketSum(\"brand\",\"Puma\")>2", 5),
        ("!currentCustomer.isLoyal", 2),
        ("currentCustomer.isGroupMember==Yes", 3),
    ]);
}

/// What is part of another node in the end is no node on the way to it.
#[test]
fn parts_that_are_joined_count_once() {
    parts(&[
        ("currentCustomer.isLoyal", 1),
        ("currentTxn.basketIncludes(\"brand\",\"Puma\")", 3),
        ("(true&&true)&&(true&&true)", 5),
    ]);
}

fn parts(rules: &[(&str, usize)]) {
    for &(text, nodes) in rules {
        let tree = tree_of(text);
        let limits = |most| with(|limits| limits.nodes = most);
        check(text, &limits(nodes)).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        check_tree(&tree, &limits(nodes)).unwrap_or_else(|refused| panic!("{tree}: {refused}"));
        exceeded(check(text, &limits(nodes - 1)), text, nodes - 1);
        exceeded(check_tree(&tree, &limits(nodes - 1)), &tree, nodes - 1);
    }
}

#[test]
fn errors_reported_for_one_rule() {
    for most in [1, 2, 20] {
        let limits = with(|limits| limits.errors = most);
        for count in [most, most + 1, 100] {
            let faults = vec!["currentTxn.valu>1"; count].join("&&");
            let refused = check(&faults, &limits).unwrap_err();
            assert_eq!(refused.iter().filter(|fault| fault.is_error()).count(), count.min(most));
            let slips = vec!["currentTxn.value=1"; count].join("&&");
            let refused = check(&slips, &limits).unwrap_err();
            assert_eq!(refused.iter().filter(|fault| fault.is_error()).count(), count.min(most));
        }
    }
}

/// The bound is on what is reported, not on what is found.
#[test]
fn no_errors_reported_is_not_accepted() {
    let none = with(|limits| limits.errors = 0);
    for text in ["currentTxn.valu>1", "currentTxn.value", "currentTxn.value=1"] {
        let (rule, _) = check_forms_whole(Some(text), None, &Schema::standard(), &none);
        assert!(rule.is_none(), "{text}");
    }
}

/// Warnings are bounded too, and what is left out is counted.
#[test]
fn warnings_reported_for_one_rule() {
    for count in [99, 100, 101, 4_000] {
        let text = vec!["!true"; count].join("&&");
        let tree = tree_of(&text);
        let limits = Limits::default();
        let schema = Schema::standard();
        for (dsl, tree) in [(Some(text.as_str()), None), (None, Some(tree.as_str()))] {
            let (rule, warnings) = check_forms_whole(dsl, tree, &schema, &limits);
            assert!(rule.is_some());
            assert_eq!(warnings.iter().count(), count.min(100));
            assert_eq!(warnings.left_out(), count.saturating_sub(100));
        }
    }
}

fn layout() -> Layout {
    let rules =
        ["currentTxn.value>1", "currentTxn.basketSize>1", "currentTxn.customFieldValueIncludes(\"a\",\"b\")"];
    let rules = rules.map(|text| check(text, &Limits::default()).unwrap());
    Layout::of(&rules)
}

fn read(document: &str, limits: &Limits) -> Result<Transaction, Diagnostics> {
    layout().read(document, limits)
}

#[test]
fn size_of_a_transaction() {
    let document = "{\"currentTxn\":{\"value\":5}}";
    let limits = |most| with(|limits| limits.transaction = most);
    read(document, &limits(document.len())).unwrap();
    assert_eq!(exceeded(read(document, &limits(document.len() - 1)), document, document.len() - 1), "}");
}

/// Depth counts objects and arrays, where they are read and where they are skipped.
#[test]
fn depth_of_a_transaction() {
    let documents = [
        ("{}", 1),
        (r#"{"currentTxn":{"value":5}}"#, 2),
        (r#"{"currentTxn":{"lineItems":[{"qty":1}]}}"#, 4),
        (r#"{"currentTxn":{"lineItems":[{"qty":1,"other":[{}]}]}}"#, 6),
        (r#"{"currentTxn":{"customFields":{"a":["b"]}}}"#, 4),
        (r#"{"other":[[[[[]]]]]}"#, 6),
        (r#"{"other":[{"x":[]},{}]}"#, 4),
        (r#"{"other":{"a":{},"b":{"c":[1,2]}},"more":[]}"#, 4),
    ];
    for (document, depth) in documents {
        let limits = |most| with(|limits| limits.transaction_depth = most);
        read(document, &limits(depth)).unwrap_or_else(|refused| panic!("{document}: {refused}"));
        let place = exceeded(read(document, &limits(depth - 1)), document, depth - 1);
        assert!(matches!(place, "{" | "["), "{document}: {place}");
    }
}

#[test]
fn entries_of_an_array_of_a_transaction() {
    let limits = |most| with(|limits| limits.transaction_array = most);
    let items = r#"{"currentTxn":{"lineItems":[{"qty":1},{"qty":2},{"qty":3}]}}"#;
    let values = r#"{"currentTxn":{"customFields":{"a":["b","c","d"]}}}"#;
    for document in [items, values] {
        read(document, &limits(3)).unwrap();
        exceeded(read(document, &limits(2)), document, 2);
    }
    // What is not read is not counted.
    read(r#"{"other":[1,2,3,4,5,6,7,8,9]}"#, &limits(2)).unwrap();
}

#[test]
fn size_of_a_regular_expression() {
    let limits = |most| with(|limits| limits.regex = most);
    let text = "currentTxn.notes.matches(\"a\u{e9}{3}\")";
    check(text, &limits(6)).unwrap();
    assert_eq!(exceeded(check(text, &limits(5)), text, 5), "\"a\u{e9}{3}\"");
    // The pattern counts, not what it takes to write it.
    let text = r#"currentTxn.notes.matches("\\\\\"")"#;
    check(text, &limits(3)).unwrap();
    exceeded(check(text, &limits(2)), text, 2);
}

#[test]
fn states_of_a_regular_expression() {
    let text = "currentTxn.notes.matches(\"^(ab|c){3,5}d+$\")";
    let limits = |most| with(|limits| limits.regex_states = most);
    check(text, &limits(16)).unwrap();
    exceeded(check(text, &limits(15)), text, 15);
    check("currentTxn.notes.matches(\"(a{50}){40}\")", &Limits::default()).unwrap();
    let text = "currentTxn.notes.matches(\"(a{50}){40}b\")";
    exceeded(check(text, &Limits::default()), text, 2_000);
}

#[test]
fn steps_of_a_regular_expression() {
    let text = "currentTxn.notes.matches(\"(ab?){30}c\")";
    let limits = |most| with(|limits| limits.regex_steps = most);
    let (mut fails, mut passes) = (1, 600);
    check(text, &limits(passes)).unwrap();
    while passes - fails > 1 {
        let middle = (passes + fails) / 2;
        if check(text, &limits(middle)).is_ok() { passes = middle } else { fails = middle }
    }
    exceeded(check(text, &limits(fails)), text, fails);
    // What people write takes a tenth of the default at most.
    let words = "FOOTWEAR|KIDS BOY|KIDS GIRL|KIDS INFANT|LADIES ETHNIC|LADIES WESTERN|MENS ETHNIC|MENS LOWER|MENS UPPER";
    for pattern in [words, "^[Pp]remium", "PET.*", "[A-Za-z]+", "Delay*", "...."] {
        check(&format!("currentTxn.notes.matches(\"{pattern}\")"), &limits(60)).unwrap();
    }
}

#[test]
fn compiled_size_of_a_regular_expression() {
    let text = "currentTxn.notes.matches(\"[a-z]{20}\")";
    let limits = |most| with(|limits| limits.regex_compiled = most);
    // How large a compiled pattern is belongs to the engine: the limit is
    // searched for, and must then be sharp.
    let (mut fails, mut passes) = (1, 256 * 1024);
    check(text, &limits(passes)).unwrap();
    while passes - fails > 1 {
        let middle = (passes + fails) / 2;
        match check(text, &limits(middle)) {
            Ok(_) => passes = middle,
            Err(_) => fails = middle,
        }
    }
    let refused = check(text, &limits(fails)).unwrap_err();
    let fault = refused.iter().next().unwrap();
    assert_eq!(fault.code.name(), "limit", "{refused}");
    assert!(text.get(fault.span.range()).unwrap().contains("[a-z]{20}"));
}

#[test]
fn regular_expressions_in_one_rule() {
    let text = |count: usize| vec!["currentTxn.notes.matches(\"a\")"; count].join("&&");
    let limits = |most| with(|limits| limits.regex_count = most);
    for count in [1, 2, 8] {
        check(&text(count), &limits(count)).unwrap();
        let more = text(count + 1);
        assert_eq!(exceeded(check(&more, &limits(count)), &more, count), "\"a\"");
        let tree = tree_of(&text(count));
        check_tree(&tree, &limits(count)).unwrap();
        if count > 1 {
            exceeded(check_tree(&tree, &limits(count - 1)), &tree, count - 1);
        }
    }
}

/// An unrolled rule asks of all items once, not once for each of them: else
/// this takes minutes.
#[test]
fn items_that_lack_a_figure_beside_many_that_do_not() {
    let limits = Limits::default();
    let sums: Vec<String> =
        (0..20).map(|number| format!("currentTxn.basketSum(\"brand\",\"a\")>{number}")).collect();
    let rule = check(&format!("currentLineItem.qty>1&&{}", sums.join("&&")), &limits).unwrap();
    let items = format!("{}{{\"attributes\":{{\"brand\":\"a\"}},\"qty\":1}}", "{\"qty\":2},".repeat(9_999));
    let document = format!("{{\"currentTxn\":{{\"lineItems\":[{items}]}}}}");
    let transaction = Layout::of([&rule]).read(document.as_str(), &limits).unwrap();
    let lacking = rule.lacking_items(&transaction, &target_rules::Zone::UTC);
    let places: Vec<usize> = lacking.iter().map(|one| one.position).collect();
    assert_eq!(places, [9_999]);
}

#[test]
fn items_that_are_told_of() {
    let limits = Limits::default();
    let text = "currentLineItem.qty>1&&currentTxn.basketSum(\"brand\",\"a\")>1";
    let rule = check(text, &limits).unwrap();
    let lacking = |count: usize| {
        let items = vec!["{\"attributes\":{\"brand\":\"a\"},\"qty\":1}"; count].join(",");
        let document = format!("{{\"currentTxn\":{{\"lineItems\":[{items}]}}}}");
        let transaction = Layout::of([&rule]).read(document.as_str(), &limits).unwrap();
        rule.lacking_items(&transaction, &target_rules::Zone::UTC).len()
    };
    assert_eq!([0, 1, 50, 51].map(lacking), [0, 1, 50, 50]);
}

/// Of each entry two values are read.
#[test]
fn values_of_the_entries_of_a_list() {
    let rule = check("currentTxn.basketQty(\"brand\",\"Puma\")>1", &Limits::default()).unwrap();
    let layout = Layout::of([&rule]);
    let item = r#"{"qty":1,"attributes":{"brand":"Puma"}}"#;
    let document =
        |items: usize| format!(r#"{{"currentTxn":{{"lineItems":[{}]}}}}"#, vec![item; items].join(","));
    let limits = |most| with(|limits| limits.transaction_values = most);
    layout.read(document(10).as_str(), &limits(20)).unwrap();
    let longer = document(11);
    let place = exceeded(layout.read(longer.as_str(), &limits(20)), &longer, 20);
    assert_eq!(place, "{");
}
