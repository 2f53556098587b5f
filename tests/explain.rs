//! Explanations: every node agrees with the law and with the decision, and the
//! pages are what `tests/explain` says.
//!
//! A sample is a file `tests/explain/NAME.json` with a rule, a zone and a
//! transaction; `NAME.html` beside it is its page, to be opened in a browser.
//! `UPDATE_EXPLAIN=1 cargo test --test all explain::` writes the pages.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use loyalty_targets::{CheckedTarget, EnrolledTargets};
use proptest::prelude::*;
use serde_json::{Value, json};
use target_rules::diagnostic::Colour;
use target_rules::interpret::{
    ExplainedKind, ExplainedNode, ExplainedState, ExplainedType, Fault, Requirement,
};
use target_rules::value::DateText;
use target_rules::{Ast, Explanation, Instant, Layout, Limits, Number, Rule, Schema, Truth, Zone};

fn rule(text: &str) -> Rule {
    let limits = Limits::default();
    let checked = Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits);
    checked.into_rule().unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
}

fn explained(rule: &Rule, document: &str, zone: &Zone) -> Explanation {
    let transaction = Layout::of([rule]).read(document, &Limits::default()).unwrap();
    let explanation = rule.explain(&transaction, zone);
    assert_eq!(explanation.decision, rule.decide(&transaction, zone));
    assert_eq!(explanation.rule, rule.to_text());
    agrees(&explanation, zone);
    explanation
}

/// An explanation is the decision, and follows from its leaves.
fn agrees(explanation: &Explanation, zone: &Zone) {
    let decision = &explanation.decision;
    let mut reasons = Reasons::default();
    let mut holding = Vec::new();
    let mut result = Truth::False;
    for tree in &explanation.trees {
        let truth = tree.root.truth().unwrap();
        follows(&tree.root, zone);
        reasons.gather(&tree.root);
        result = result.or(truth);
        if truth == Truth::True {
            holding.extend(tree.item);
        }
    }
    match &explanation.unrolled {
        None => assert_eq!((explanation.trees.len(), decision.result), (1, result)),
        Some(unrolled) => {
            let Some(count) = unrolled.count else {
                // Nothing is known of the items, so nothing is true of them.
                let result = if result == Truth::True { Truth::Unknown } else { result };
                assert_eq!((explanation.trees.len(), decision.result), (1, result));
                return;
            };
            assert_eq!(unrolled.holding + unrolled.failing + unrolled.unknown, count);
            assert_eq!(unrolled.holding, decision.items.len());
            if explanation.trees.len() < count {
                return;
            }
            assert_eq!(result, decision.result);
            holding.sort_unstable();
            assert_eq!(holding, decision.items);
        }
    }
    if decision.result == Truth::Unknown {
        assert!(reasons.absent.iter().eq(&decision.absent), "{reasons:?} {decision:?}");
        let faults: BTreeSet<_> = decision.faults.iter().map(place).collect();
        assert_eq!(reasons.faults, faults);
    }
}

type FaultPlace = (usize, usize, &'static str);

fn place(fault: &Fault) -> FaultPlace {
    (fault.span.start().get(), fault.span.end().get(), fault.code.name())
}

/// Why a tree is unknown, by the words of the law: into every unknown operand
/// of every unknown node.
#[derive(Debug, Default)]
struct Reasons {
    absent: BTreeSet<String>,
    faults: BTreeSet<FaultPlace>,
}

impl Reasons {
    fn gather(&mut self, node: &ExplainedNode) {
        self.faults
            .extend(node.fault.map(|code| (node.span.start().get(), node.span.end().get(), code.name())));
        match node.state {
            ExplainedState::Absent => {
                self.absent.insert(node.text.clone());
            }
            ExplainedState::Unknown => node.children.iter().for_each(|child| self.gather(child)),
            _ => {}
        }
    }
}

/// The numbers of nodes; `None` where one is a result of more digits than can
/// be read.
fn numbers_of<const COUNT: usize>(nodes: &[ExplainedNode]) -> Option<[Number; COUNT]> {
    let read = |node: &ExplainedNode| {
        let digits = node.value.as_ref().unwrap();
        Number::from_json(digits).or_else(|_| Number::from_literal(digits)).ok()
    };
    Some(nodes.iter().map(read).collect::<Option<Vec<Number>>>()?.try_into().unwrap())
}

/// A node follows from those below it.
fn follows(node: &ExplainedNode, zone: &Zone) {
    let known = node.children.iter().all(|child| child.state == ExplainedState::Known);
    let truths = node.children.iter().map(|child| child.truth());
    match node.kind {
        ExplainedKind::All => {
            let truth = truths.fold(Truth::True, |all, truth| all.and(truth.unwrap()));
            assert_eq!(node.truth(), Some(truth), "{}", node.text);
        }
        ExplainedKind::Any => {
            let truth = truths.fold(Truth::False, |any, truth| any.or(truth.unwrap()));
            assert_eq!(node.truth(), Some(truth), "{}", node.text);
        }
        ExplainedKind::Not => assert_eq!(node.truth(), node.children[0].truth().map(|truth| !truth)),
        ExplainedKind::Comparison if known => compares(node, zone),
        ExplainedKind::Arithmetic | ExplainedKind::Negation if known => computes(node),
        ExplainedKind::Comparison | ExplainedKind::Arithmetic | ExplainedKind::Negation => {
            assert_eq!(node.state, ExplainedState::Unknown, "{}", node.text);
        }
        ExplainedKind::Literal => assert_eq!(node.state, ExplainedState::Known),
        ExplainedKind::Attribute => assert_ne!(node.state, ExplainedState::Unknown),
        ExplainedKind::Call => {
            let blameless = known && node.children.iter().all(|child| child.fault.is_none());
            assert!(node.state != ExplainedState::Unknown || !blameless, "{}", node.text);
        }
        other => panic!("the law has no {other:?}"),
    }
    assert_eq!(node.value.is_some(), node.state == ExplainedState::Known);
    assert_eq!(node.operator.is_some(), {
        use ExplainedKind::{Attribute, Call, Literal};
        !matches!(node.kind, Literal | Attribute | Call)
    });
    let chain = matches!(node.kind, ExplainedKind::All | ExplainedKind::Any);
    for child in &node.children {
        assert_eq!(child.decisive, !chain || child.truth() == node.truth(), "{}", child.text);
        assert!(
            node.span.start() <= child.span.start() && child.span.end() <= node.span.end(),
            "{}",
            child.text
        );
        follows(child, zone);
    }
}

fn compares(node: &ExplainedNode, zone: &Zone) {
    let [left, right] = node.children.as_slice() else { panic!("two sides: {}", node.text) };
    let order = match left.of {
        ExplainedType::Number => match numbers_of(&node.children) {
            Some([left, right]) => left.cmp(&right),
            None => return,
        },
        ExplainedType::Date => {
            let instant =
                |side: &ExplainedNode| DateText::parse(side.value.as_ref().unwrap()).resolve(zone).unwrap();
            instant(left).cmp(&instant(right))
        }
        _ => left.value.cmp(&right.value),
    };
    let holds = match node.operator.unwrap() {
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        ">=" => order != Ordering::Less,
        other => panic!("`{other}` compares nothing"),
    };
    assert_eq!(node.truth(), Some(holds.into()), "{}", node.text);
    assert_eq!(node.distance.is_some(), !holds && left.of == ExplainedType::Number, "{}", node.text);
    let Some(distance) = &node.distance else { return };
    let [left, right] = numbers_of(&node.children).unwrap();
    let (low, high) = (left.min(right), left.max(right));
    assert_eq!((distance.value.min(distance.bound), distance.value.max(distance.bound)), (low, high));
    let missed = match distance.must {
        Requirement::Exceed => distance.value <= distance.bound,
        Requirement::Reach => distance.value < distance.bound,
        Requirement::StayBelow => distance.value >= distance.bound,
        Requirement::NotExceed => distance.value > distance.bound,
        Requirement::Equal => distance.value != distance.bound,
        _ => distance.value == distance.bound,
    };
    assert!(missed, "{}: {distance}", node.text);
    if let Some(by) = distance.by {
        assert_eq!(low.plus(by), Ok(high), "{}: {distance}", node.text);
    }
}

fn computes(node: &ExplainedNode) {
    let result = match (node.operator.unwrap(), node.children.len()) {
        ("-", 1) => numbers_of(&node.children).map(|[operand]| Ok(operand.negate())),
        ("+", 2) => numbers_of(&node.children).map(|[left, right]| left.plus(right)),
        ("-", 2) => numbers_of(&node.children).map(|[left, right]| left.minus(right)),
        ("*", 2) => numbers_of(&node.children).map(|[left, right]| left.times(right)),
        ("/", 2) => numbers_of(&node.children).map(|[left, right]| left.divided_by(right)),
        ("%", 2) => numbers_of(&node.children).map(|[left, right]| left.remainder(right)),
        (other, _) => panic!("`{other}` computes nothing"),
    };
    let Some(result) = result else { return };
    match result {
        Ok(result) => assert_eq!(node.value, Some(result.to_string()), "{}", node.text),
        Err(_) => assert_eq!(node.state, ExplainedState::Fault, "{}", node.text),
    }
    assert_eq!(result.is_err(), node.fault.is_some());
}

#[test]
fn every_sample_target_is_explained_as_it_is_decided() {
    let limits = Limits::default();
    let answer = EnrolledTargets::read(include_str!("samples/targets.json"), &limits).unwrap();
    let schema = Schema::standard();
    let targets: Vec<CheckedTarget> =
        answer.data.unwrap().iter().map(|target| target.check(&schema, &limits).unwrap()).collect();
    let mut results = BTreeSet::new();
    for line in include_str!("samples/transactions.ndjson").lines() {
        for target in &targets {
            for zone in [Zone::UTC, Zone::named("Asia/Kolkata").unwrap()] {
                results.insert(explained(target.rule(), line, &zone).decision.result);
            }
        }
    }
    assert_eq!(results.len(), 3);
}

/// A document where some of what the generated rules name is there, some is
/// absent and some is at fault.
const DOCUMENT: &str = r#"{"currentTxn": {"value": 730.5, "discount": 0, "date": "2026-03-07T20:20:20.000+0000",
    "notes": "2026-02-30", "number": "num-1",
    "lineItems": [{"qty": 2, "rate": 300, "discount": 0, "attributes": {"brand": "Puma"}},
                  {"qty": 1, "rate": 9999999999999999999999999999, "discount": -9, "attributes": {"brand": "Asics"}},
                  {"rate": 1, "attributes": {"brand": "Puma"}}]},
    "currentCustomer": {"slabName": "Gold", "isLoyal": true, "joinDate": "yesterday", "isGroupMember": "Yes"}}"#;

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

fn numbers() -> impl Strategy<Value = String> {
    let leaf = one_of(&[
        "currentTxn.value",
        "currentTxn.discount",
        "currentTxn.basketSize",
        "currentTxn.grossAmount",
        "currentTxn.basketSum(\"brand\",\"Puma\")",
        "currentTxn.basketQty(\"brand\",\"Asics\")",
        "currentTxn.date.day()",
        "currentTxn.date.daysDiffFromString(currentTxn.notes)",
        "currentCustomer.joinDate.month()",
        "currentCustomer.currentPoints",
        "currentLineItem.qty",
        "currentLineItem.value",
        "0",
        "730.50",
        "999999999999999999.999999999",
        "-1",
    ]);
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), one_of(&["+", "-", "*", "/", "%"]), inner.clone())
                .prop_map(|(left, operator, right)| format!("({left}{operator}{right})")),
            inner.prop_map(|operand| format!("-({operand})")),
        ]
    })
}

fn rules() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        one_of(&[
            "true",
            "false",
            "currentCustomer.isLoyal",
            "currentCustomer.isTest",
            "currentCustomer.isTest.isNull()",
            "currentCustomer.joinDate.isValid()",
            "currentCustomer.joinDate.isNull()",
            "currentCustomer.slabName==\"Gold\"",
            "\"Silver\"==currentCustomer.slabName",
            "currentCustomer.isGroupMember!=Yes",
            "currentTxn.notes.contains(currentCustomer.slabName)",
            "currentTxn.date.isWeekend()",
            "currentTxn.date<currentCustomer.joinDate",
            "currentTxn.date>=currentTxn.date",
            "currentLineItem.doesItemMatch(\"brand\",\"Puma\")",
            "currentTxn.basketIncludes(\"brand\",\"Puma\")",
        ]),
        (numbers(), one_of(&["<", "<=", ">", ">=", "==", "!="]), numbers())
            .prop_map(|(left, operator, right)| format!("{left}{operator}{right}")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let chain = prop::collection::vec(inner.clone(), 2..5);
        prop_oneof![
            chain.clone().prop_map(|terms| format!("({})", terms.join("&&"))),
            chain.prop_map(|terms| format!("({})", terms.join("||"))),
            inner.clone().prop_map(|operand| format!("!({operand})")),
            (inner.clone(), inner).prop_map(|(left, right)| format!("(({left})==({right}))")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_node_of_a_generated_rule_follows_from_those_below(text in rules()) {
        let rule = rule(&text);
        for document in [DOCUMENT, "{}", r#"{"currentTxn": {"lineItems": []}}"#] {
            let explanation = explained(&rule, document, &Zone::UTC);
            well_formed(&explanation.to_html());
            prop_assert!(explanation.to_text(Colour::Off).lines().count() < 1_000);
        }
    }

    /// A date is written so that it is read again, in every zone.
    #[test]
    fn a_written_date_reads_as_itself(
        milliseconds in prop_oneof![
            -62_135_596_800_000_i64..=253_402_300_799_999,
            Just(-62_135_596_800_000), Just(253_402_300_799_999),
        ],
        name in prop::sample::select(vec!["UTC", "Asia/Kolkata", "America/St_Johns", "Europe/Amsterdam"]),
    ) {
        let zone = Zone::named(name).unwrap();
        let instant = Instant::from_milliseconds(milliseconds).unwrap();
        prop_assert_eq!(DateText::parse(&zone.written(instant)), DateText::Instant(instant));
    }
}

#[test]
fn a_false_comparison_says_how_far_off_it_is() {
    for (text, value, told) in [
        ("currentTxn.value>500", "455", "short by 45, must exceed 500"),
        ("currentTxn.value>500", "500", "exactly 500, must exceed it"),
        (
            "currentTxn.value>=500",
            "499.999999999999999999999999",
            "short by 0.000000000000000000000001, must reach 500",
        ),
        ("currentTxn.value<500", "512.5", "over by 12.5, must stay below 500"),
        ("currentTxn.value<500", "500.0", "exactly 500, must stay below it"),
        ("currentTxn.value<=-5", "3", "over by 8, must not exceed -5"),
        ("currentTxn.value==500", "512.5", "off by 12.5, must be 500"),
        ("currentTxn.value==500", "-500", "off by 1000, must be 500"),
        ("currentTxn.value!=500", "500", "exactly 500, must be another number"),
        ("500<currentTxn.value", "455", "short by 45, must exceed 500"),
        ("500<=currentTxn.value", "455", "short by 45, must reach 500"),
        ("-500>currentTxn.value", "455", "over by 955, must stay below -500"),
        ("500>=currentTxn.value", "501", "over by 1, must not exceed 500"),
        ("currentTxn.value>currentTxn.value+1", "1", "short by 1, must exceed 2"),
        // 9.99 x 10^27 and its opposite are further apart than any number.
        (
            "currentTxn.value==-currentTxn.value",
            "9990000000000000000000000000",
            "off by a number too long to write, must be -9990000000000000000000000000",
        ),
        (
            "currentTxn.value<0.000000001",
            "5000000000000000000000000000",
            "over by a number too long to write, must stay below 0.000000001",
        ),
    ] {
        let document = format!(r#"{{"currentTxn": {{"value": {value}}}}}"#);
        let explanation = explained(&rule(text), &document, &Zone::UTC);
        let distance = explanation.trees[0].root.distance.as_ref().map(ToString::to_string);
        assert_eq!(distance.as_deref(), Some(told), "{text} at {value}");
        assert!(explanation.to_text(Colour::Off).contains(told));
        assert!(explanation.to_html().contains(told));
    }
}

#[test]
fn json_has_the_documented_keys() {
    let rule = rule("currentLineItem.qty>1&&currentTxn.date.daysDiffFromString(currentTxn.notes)==0");
    let document =
        r#"{"currentTxn": {"date": "2026-03-07T20:20:20Z", "notes": "soon", "lineItems": [{"qty": 2}, {}]}}"#;
    let explanation = serde_json::to_value(explained(&rule, document, &Zone::UTC)).unwrap();
    assert_eq!(
        explanation["unrolled"],
        json!({"list": "lineItems", "count": 2, "true": 0, "false": 0, "unknown": 2})
    );
    assert_eq!((&explanation["result"], &explanation["zone"]), (&json!("unknown"), &json!("UTC")));
    assert_eq!(explanation["absent"], json!(["currentLineItem.qty"]));
    let tree = &explanation["trees"][1];
    assert_eq!(tree["item"], 1);
    let comparison = json!({
        "kind": "comparison", "operator": ">", "text": "currentLineItem.qty>1", "span": {"start": 0, "end": 21},
        "type": "boolean", "state": "unknown", "decisive": true, "children": [
            {"kind": "attribute", "text": "currentLineItem.qty", "span": {"start": 0, "end": 19},
             "type": "number", "state": "absent", "decisive": true},
            {"kind": "literal", "text": "1", "span": {"start": 20, "end": 21},
             "type": "number", "state": "known", "value": "1", "decisive": true}]});
    assert_eq!(tree["root"]["children"][0], comparison);
    let call = &tree["root"]["children"][1]["children"][0];
    assert_eq!((&call["kind"], &call["state"]), (&json!("call"), &json!("unknown")));
    assert_eq!(call["children"][0]["value"], "2026-03-07T20:20:20Z");
    // The string is there; that it is no date is its fault, not the call's.
    let notes = json!({
        "kind": "attribute", "text": "currentTxn.notes", "span": {"start": 58, "end": 74}, "type": "string",
        "state": "known", "value": "soon", "fault": "invalid-date", "decisive": true});
    assert_eq!(call["children"][1], notes);
}

/// What decides stands first, and no more trees are given than can be read.
#[test]
fn of_many_line_items_those_that_decide_are_shown() {
    let items: Vec<Value> = (0..10_000)
        .map(|at| match at {
            7_000 | 8_000 => json!({"qty": 5}),
            9_000 => json!({}),
            _ => json!({"qty": 1}),
        })
        .collect();
    let document = json!({"currentTxn": {"lineItems": items}}).to_string();
    let explanation = explained(&rule("currentLineItem.qty>2"), &document, &Zone::UTC);
    let shown: Vec<_> = explanation.trees.iter().map(|tree| tree.item.unwrap()).collect();
    assert_eq!(shown.len(), Explanation::MOST_TREES);
    assert_eq!(shown[..4], [7_000, 8_000, 0, 1]);
    let words = "Of 10000 line items: 2 true, 9997 false, 1 unknown. 20 of them are shown";
    assert!(explanation.to_text(Colour::Off).contains(words) && explanation.to_html().contains(words));
    // A rule of many nodes has one tree only.
    let large = vec!["currentLineItem.qty==1"; 10_000].join("&&");
    let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 2}]}}"#;
    let explanation = explained(&rule(&large), document, &Zone::UTC);
    assert_eq!(explanation.trees.len(), 1);
    assert_eq!(explanation.trees[0].item, Some(0));
}

/// A chain of 10 000 terms makes a page that a browser opens at once, with the
/// one term that decides.
#[test]
fn long_chains_are_folded_and_what_decides_is_shown() {
    let mut terms: Vec<String> = (0..10_000).map(|term| format!("currentTxn.value=={term}")).collect();
    terms[5_000] = "currentCustomer.isLoyal".to_owned();
    let rule = rule(&terms.join("||"));
    for (loyal, folded) in [("true", "4998 more: all false"), ("false", "9992 more: all false")] {
        let document =
            format!(r#"{{"currentTxn": {{"value": 0.5}}, "currentCustomer": {{"isLoyal": {loyal}}}}}"#);
        let explanation = explained(&rule, &document, &Zone::UTC);
        assert_eq!(explanation.trees[0].root.children.len(), 10_000);
        let (text, page) = (explanation.to_text(Colour::Off), explanation.to_html());
        assert!(text.lines().count() < 30 && page.len() < 30_000, "{} {}", text.lines().count(), page.len());
        assert!(text.contains(folded) && page.contains(folded), "{text}");
        let decides = "✓ true: currentCustomer.isLoyal";
        assert_eq!(text.contains(decides), loyal == "true");
        well_formed(&page);
    }
}

/// Chains within chains fold too, and long values are cut: neither a page nor
/// the data grows with what is repeated.
#[test]
fn pages_and_data_are_bounded() {
    let leaf = "currentTxn.notes!=\"\"";
    let mut text = leaf.to_owned();
    for operator in ["&&", "||", "&&", "||"] {
        text = format!("({})", vec![text; 9].join(operator));
    }
    let rule = rule(&text);
    let notes = "<&\"'>".repeat(150_000);
    let document = json!({"currentTxn": {"notes": notes}}).to_string();
    let explanation = explained(&rule, &document, &Zone::UTC);
    let page = explanation.to_html();
    assert!(page.len() < 6_000_000, "{}", page.len());
    assert!(page.matches("<li>").count() < 2_500, "{}", page.matches("<li>").count());
    assert!(explanation.to_text(Colour::Off).lines().count() < 1_000);
    assert!(serde_json::to_string(&explanation).unwrap().len() < 20_000_000);
    well_formed(&page);
}

/// Elements open and close in order, and nothing comes from elsewhere or runs.
fn well_formed(page: &str) {
    let body = page.strip_prefix("<!DOCTYPE html>\n").unwrap();
    let mut open: Vec<&str> = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap();
        let name = tag.split([' ', '\n']).next().unwrap();
        assert!(!tag.contains(" on") && !tag.contains("src=") && !tag.contains("href="), "{tag}");
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if ["meta", "wbr"].contains(&name) => {}
            None => open.push(name),
        }
        let known = [
            "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "div", "section",
        ];
        let within = ["span", "ul", "li", "code", "bdi", "strong", "wbr"];
        let name = name.trim_start_matches('/');
        assert!(known.contains(&name) || within.contains(&name), "<{name}>");
    }
    assert_eq!(open, Vec::<&str>::new());
    for foreign in ["url(", "@import", "http:", "https:"] {
        let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        assert!(!style.contains(foreign));
    }
}

#[test]
fn every_sample_has_its_page() {
    let update = std::env::var_os("UPDATE_EXPLAIN").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let samples: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    assert!(samples.len() >= 2);
    for sample in samples {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&sample).unwrap()).unwrap();
        let zone = Zone::named(case["zone"].as_str().unwrap()).unwrap();
        let explanation =
            explained(&rule(case["rule"].as_str().unwrap()), &case["transaction"].to_string(), &zone);
        let page = explanation.to_html();
        well_formed(&page);
        let golden = sample.with_extension("html");
        if update {
            std::fs::write(&golden, page).unwrap();
        } else {
            assert!(
                std::fs::read_to_string(&golden).is_ok_and(|kept| kept == page),
                "{} differs",
                golden.display()
            );
        }
    }
}

/// Text stands out from its ground by 4.5 to 1 at least, in light and in dark.
#[test]
fn colours_can_be_told_apart() {
    let style = include_str!("../src/explain/page.css");
    let (light, dark) = style.split_once("prefers-color-scheme: dark").unwrap();
    for theme in [light, dark] {
        let luminance = |name: &str| {
            let (_, after) = theme.split_once(&format!("--{name}: #")).unwrap();
            let channel = |at: usize| {
                let value =
                    f64::from(u8::from_str_radix(after.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
        };
        for (text, ground) in [
            ("ink", "paper"),
            ("ink", "panel"),
            ("ink", "value-paper"),
            ("quiet", "paper"),
            ("ink", "true-paper"),
            ("ink", "false-paper"),
            ("ink", "unknown-paper"),
            ("true", "true-paper"),
            ("false", "false-paper"),
            ("unknown", "unknown-paper"),
            ("true", "value-paper"),
            ("false", "value-paper"),
            ("unknown", "value-paper"),
            ("true", "paper"),
            ("false", "paper"),
            ("unknown", "paper"),
        ] {
            let (one, other) = (luminance(text) + 0.05, luminance(ground) + 0.05);
            let contrast = one.max(other) / one.min(other);
            assert!(contrast >= 4.5, "{text} on {ground}: {contrast}");
        }
    }
}
