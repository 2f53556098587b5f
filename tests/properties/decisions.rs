//! What a decision is: true, false, or unknown and why.

use proptest::prelude::*;
use target_rules::interpret::FaultCode;
use target_rules::{Ast, Decision, Layout, Limits, Rule, Truth};

use target_rules_testing::generate::expression::Receiver;
use target_rules_testing::generate::needs::Needs;
use target_rules_testing::generate::{
    self, Case, Document, Expression, Kind, catalog::catalog, checked, tries,
};

fn decide(rule: &Rule, document: &Document, zone: &str) -> Decision {
    rule.decide(&generate::read(&[rule], document), &generate::zone(zone))
}

/// The canonical texts of all parts of a rule.
fn parts(rule: &Expression) -> Vec<(String, &Expression)> {
    let mut parts = Vec::new();
    rule.visit(&mut |part| parts.push((part.text(), part)));
    parts
}

proptest! {
    #![proptest_config(tries(150))]

    /// A rule that checks, over a transaction that reads, is decided, or
    /// unknown with a reason that is a part of the rule and of the known kinds.
    #[test]
    fn unknown_has_a_reason_and_decided_has_none(case in generate::cases()) {
        let Case { rule, transaction, zone } = case;
        let text = rule.text();
        let decision = decide(&checked(&text), &transaction, zone);
        let reasons = decision.absent.len() + decision.faults.len();
        prop_assert_eq!(decision.result == Truth::Unknown, reasons > 0, "{:?}", decision);
        let unrolls = checked(&text).unrolls();
        prop_assert_eq!(!decision.items.is_empty(), unrolls && decision.result == Truth::True);
        let parts = parts(&rule);
        for absent in &decision.absent {
            let part = parts.iter().find(|(text, _)| text == absent);
            prop_assert!(part.is_some(), "`{}` is no part of the rule", absent);
            let leaf = match part.unwrap().1 {
                Expression::Attribute { .. } => true,
                Expression::Call { receiver, .. } => matches!(receiver, Receiver::Profile(_)),
                _ => false,
            };
            prop_assert!(leaf, "`{}` is no leaf", absent);
        }
        for fault in &decision.faults {
            let place = text.get(fault.span.range());
            prop_assert!(place.is_some());
            let part = parts.iter().find(|(text, _)| Some(text.as_str()) == place);
            prop_assert!(part.is_some(), "`{:?}` is no part of the rule", place);
            prop_assert!(raises(part.unwrap().1, fault.code), "{:?} of {:?}", fault.code, place);
        }
    }

    /// The span of a fault is that of its node, without brackets around it,
    /// however untidy the text is.
    #[test]
    fn the_spans_of_faults_are_those_of_their_nodes(
        case in generate::cases(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let Case { rule, transaction, zone } = case;
        let untidy = rule.untidy(&choices);
        let tidy = decide(&checked(&rule.text()), &transaction, zone);
        let decision = decide(&checked(&untidy), &transaction, zone);
        prop_assert_eq!(&decision.absent, &tidy.absent);
        let text = rule.text();
        // Both are expressions, and but for white space and brackets the same.
        let canonical = |part: &str| {
            let bare: String = part.chars().filter(|character| !" \t\r\n\u{a0}()".contains(*character)).collect();
            Ast::from_text(part, &Limits::default()).map(|_| bare)
        };
        prop_assert_eq!(decision.faults.len(), tidy.faults.len());
        for (fault, of_tidy) in decision.faults.iter().zip(&tidy.faults) {
            prop_assert_eq!(fault.code, of_tidy.code);
            let (part, tidy_part) = (
                &untidy[fault.span.range()],
                &text[of_tidy.span.range()],
            );
            prop_assert_eq!(part.trim_start(), part, "white space before a node of {:?}", untidy);
            prop_assert_eq!(canonical(part), canonical(tidy_part));
        }
    }

    /// What a layout reads for other rules too changes no decision, and the
    /// order of the rules does not either.
    #[test]
    fn other_rules_change_nothing(case in generate::sets(5)) {
        let rules: Vec<Rule> = case.rules.iter().map(|rule| checked(&rule.text())).collect();
        let zone = generate::zone(case.zone);
        let all: Vec<&Rule> = rules.iter().collect();
        let turned: Vec<&Rule> = rules.iter().rev().collect();
        let (of_all, of_turned) = (generate::read(&all, &case.transaction), generate::read(&turned, &case.transaction));
        for rule in &rules {
            let alone = decide(rule, &case.transaction, case.zone);
            prop_assert_eq!(&rule.decide(&of_all, &zone), &alone);
            prop_assert_eq!(&rule.decide(&of_turned, &zone), &alone);
        }
    }

    /// Filling in an attribute that is neither computed nor inside an item
    /// flips no decided result of a rule without null tests.
    #[test]
    fn more_data_never_flips_a_decision(
        case in generate::cases().prop_filter("null tests", |case| !case.rule.has_null_test()),
        taken in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
    ) {
        let Case { rule, transaction, zone } = case;
        let fields = stated_fields(&rule, &transaction);
        prop_assume!(!fields.is_empty());
        let mut less = transaction.clone();
        for index in taken {
            less.set(&fields[index.index(fields.len())], Document::Null);
        }
        let rule = checked(&rule.text());
        let (before, after) = (decide(&rule, &less, zone), decide(&rule, &transaction, zone));
        prop_assert!(
            before.result == Truth::Unknown || before.result == after.result,
            "{} became {} with {}\n  after {}", before.result, after.result, transaction, less
        );
    }

    /// The order of keys and fields that no rule reads change nothing.
    #[test]
    fn key_order_and_unknown_fields_change_nothing(
        case in generate::cases(),
        choices in prop::collection::vec(any::<u8>(), 1..30),
    ) {
        let Case { rule, transaction, zone } = case;
        let rule = checked(&rule.text());
        let shuffled = transaction.clone().shuffled(&choices);
        prop_assert_eq!(decide(&rule, &shuffled, zone), decide(&rule, &transaction, zone), "{}", shuffled);
    }

    /// A value that is `null` is as one that is not there.
    #[test]
    fn null_is_absent(case in generate::cases()) {
        let Case { rule, transaction, zone } = case;
        let without = transaction.clone().map(&mut |value| match value {
            Document::Object(entries) => {
                Document::Object(entries.into_iter().filter(|(_, value)| *value != Document::Null).collect())
            }
            other => other,
        });
        let rule = checked(&rule.text());
        prop_assert_eq!(decide(&rule, &without, zone), decide(&rule, &transaction, zone), "{}", without);
    }

    /// 1.0 and 1.00 are one number, wherever a number stands: in the rule, in
    /// the document, in quotes.
    #[test]
    fn scale_is_never_seen(case in generate::cases()) {
        let Case { rule, transaction, zone } = case;
        let scaled_rule = rule.clone().map(&mut scaled_literal);
        let before = checked(&rule.text());
        let after = checked(&scaled_rule.text());
        prop_assume!(!takes_a_number_for_text(&rule));
        let scaled = transaction.clone().map(&mut |value| match value {
            Document::Number(digits) => Document::Number(scaled(&digits)),
            Document::QuotedNumber(digits) => Document::QuotedNumber(scaled(&digits)),
            other => other,
        });
        let expected = decide(&before, &transaction, zone);
        let of_document = decide(&before, &scaled, zone);
        prop_assert_eq!(&of_document, &expected, "{}", scaled);
        let of_both = decide(&after, &scaled, zone);
        // The leaves are named with the digits of the rule.
        let named = |decision: &Decision| (decision.result, decision.items.clone(), decision.absent.len());
        prop_assert_eq!(named(&of_both), named(&expected), "{:?} {}", scaled_rule, scaled);
    }

    /// A key that stands twice where a rule reads is refused.
    #[test]
    fn duplicates_are_refused(case in generate::cases(), at in any::<prop::sample::Index>()) {
        let Case { rule, transaction, .. } = case;
        let places = read_places(&rule, &transaction);
        prop_assume!(!places.is_empty());
        let place: Vec<&str> = places[at.index(places.len())].iter().map(String::as_str).collect();
        let twice = transaction.with_duplicate(&place).unwrap();
        let rule = checked(&rule.text());
        let refused = Layout::of([&rule]).read(&twice.to_string(), &Limits::default());
        prop_assert!(refused.is_err(), "{:?} twice is read: {}", place, twice);
        let refused = refused.unwrap_err();
        prop_assert!(refused.iter().any(|found| found.code.name() == "duplicate-key"), "{}", refused);
        let text = twice.to_string();
        let found = refused.iter().next().unwrap();
        let key: Option<String> = serde_json::from_str(&text[found.span.range()]).ok();
        prop_assert_eq!(key.as_deref(), place.last().copied());
    }
}

/// White space is beside a node, not in it.
#[test]
fn the_span_of_a_fault_has_no_white_space_beside_it() {
    let document = Document::Object(vec![(
        "currentTxn".to_owned(),
        Document::Object(vec![
            ("value".to_owned(), Document::Number("1".to_owned())),
            ("discount".to_owned(), Document::Number("0".to_owned())),
            ("date".to_owned(), Document::Text("never".to_owned())),
        ]),
    )]);
    for (text, place) in [
        (" currentTxn.value / currentTxn.discount > 1", "currentTxn.value / currentTxn.discount"),
        ("( currentTxn.value / currentTxn.discount )>1", "currentTxn.value / currentTxn.discount"),
        ("currentTxn.date .isWeekend() ", "currentTxn.date"),
        ("currentTxn.date\n.dateDiff( currentTxn.date )>1", "currentTxn.date"),
    ] {
        let decision = decide(&checked(text), &document, "UTC");
        let span = decision.faults.first().unwrap().span;
        assert_eq!(&text[span.range()], place);
    }
}

/// A constant that is no instant in the zone of the evaluation.
#[test]
fn a_constant_without_an_instant_is_a_reason() {
    let date = Document::Object(vec![("date".to_owned(), Document::Text("2024-01-01".to_owned()))]);
    let document = Document::Object(vec![("currentTxn".to_owned(), date)]);
    for (text, zone) in [
        ("currentTxn.date.dateDiff(\"0001-01-01\")>1", "Asia/Kolkata"),
        ("currentTxn.date.isAfter(9999,12,31,23,59,59)", "America/Sao_Paulo"),
        ("currentTxn.date.daysDiffFromString(\"0001-01-01\")>1", "Asia/Kolkata"),
    ] {
        let decision = decide(&checked(text), &document, zone);
        let reasons = decision.absent.len() + decision.faults.len();
        assert_eq!(decision.result == Truth::Unknown, reasons > 0, "{text}: {decision:?}");
    }
}

/// A list of the arguments that hold has arguments in it; `null` is none.
#[test]
fn null_in_a_list_of_arguments_holds_for_none() {
    let document = r#"{"currentCustomer":{"customerStatus":[null]}}"#;
    let rule = checked(r#"currentCustomer.customerStatus("")"#);
    let read = Layout::of([&rule]).read(document, &Limits::default());
    // Whether it is refused or passed over, the empty argument does not hold.
    let decided = read.map(|transaction| rule.decide(&transaction, &generate::zone("UTC")).result);
    assert!(decided != Ok(Truth::True));
}

/// Only the innermost level of answers may be a list; elsewhere it is a value
/// of the wrong type, and no silent absence.
#[test]
fn a_list_is_no_outer_level_of_answers() {
    let document = r#"{"currentEvent":{"previousCustomFieldValue":["a"]}}"#;
    let rule = checked(r#"currentEvent.previousCustomFieldValue("a","b")"#);
    assert!(Layout::of([&rule]).read(document, &Limits::default()).is_err());
}

/// Whether a part of a rule may have a fault of this kind.
fn raises(part: &Expression, code: FaultCode) -> bool {
    let computed = |part: &Expression| match part {
        Expression::Attribute { profile, name, .. } => {
            catalog().profiles[profile].attributes.get(name).is_some_and(|found| found.computed.is_some())
        }
        _ => false,
    };
    let aggregate = matches!(part, Expression::Call { receiver: Receiver::Profile(_), .. });
    match code {
        FaultCode::DivisionByZero => matches!(part, Expression::Binary("/" | "%", ..)) || computed(part),
        FaultCode::NumberOverflow => {
            matches!(part, Expression::Binary("+" | "-" | "*" | "/", ..)) || aggregate || computed(part)
        }
        FaultCode::InvalidDate => {
            matches!(part, Expression::Attribute { kind: Kind::Date | Kind::Text, .. })
        }
        _ => false,
    }
}

/// Attributes of a rule that a document states, neither computed nor inside
/// an item.
fn stated_fields(rule: &Expression, document: &Document) -> Vec<Vec<String>> {
    let computed = |path: &[String]| {
        catalog().profiles[&path[0]].attributes.get(&path[1]).is_some_and(|found| found.computed.is_some())
    };
    let fields = Needs::of(std::slice::from_ref(rule)).fields;
    let there =
        |path: &Vec<String>| document.at(&path.iter().map(String::as_str).collect::<Vec<_>>()).is_some();
    fields.into_keys().filter(|path| !computed(path) && there(path)).collect()
}

/// Keys of a document that a rule reads: single values, the objects that they
/// stand in, and lists.
fn read_places(rule: &Expression, document: &Document) -> Vec<Vec<String>> {
    let needs = Needs::of(std::slice::from_ref(rule));
    let paths = needs.fields.into_keys().chain(needs.entries).chain(needs.lists.into_keys());
    let mut places: Vec<Vec<String>> = paths
        .flat_map(|path| (1..=path.len()).map(move |length| path[..length].to_vec()))
        .filter(|path| document.at(&path.iter().map(String::as_str).collect::<Vec<_>>()).is_some())
        .collect();
    places.sort();
    places.dedup();
    places
}

/// Whether a field without a type may be taken for a text though the document
/// has a number for it.
fn takes_a_number_for_text(rule: &Expression) -> bool {
    rule.any(|part| {
        matches!(part, Expression::Attribute { name, kind: Kind::Number, .. } if name.contains("custom_number"))
    })
}

/// The same number with one more fraction digit, where a literal may have it.
fn scaled_literal(part: Expression) -> Expression {
    match part {
        Expression::Number(digits) => Expression::Number(longer_literal(&digits)),
        // Numbers in quotes: edges, and what the `...If` methods compare with.
        Expression::Call { receiver, method, mut arguments, kind } => {
            if method.ends_with("If") || method == "interval" {
                let Some(Expression::Text(text)) = arguments.pop() else {
                    panic!("{method} takes a text last")
                };
                let numbers: Vec<String> = text.split(',').map(|edge| longer_literal(edge.trim())).collect();
                arguments.push(Expression::Text(numbers.join(",")));
            }
            Expression::Call { receiver, method, arguments, kind }
        }
        other => other,
    }
}

fn longer_literal(digits: &str) -> String {
    match digits.split_once('.') {
        Some((_, fraction)) if fraction.len() >= 9 => digits.to_owned(),
        Some(_) => format!("{digits}0"),
        None => format!("{digits}.00"),
    }
}

/// The same number of a document with more digits.
fn scaled(digits: &str) -> String {
    let (mantissa, exponent) = digits.split_at(digits.find(['e', 'E']).unwrap_or(digits.len()));
    match mantissa.contains('.') {
        true => format!("{mantissa}000{exponent}"),
        false => format!("{mantissa}.0{exponent}"),
    }
}
