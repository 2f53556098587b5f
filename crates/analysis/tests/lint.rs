//! Findings of single rules, and that rules without fault have none.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::{Ast, Layout, Limits, Rule, Schema, Truth, Zone};
use target_rules_analysis::{FindingKind as Kind, Options, Overlap, diff, lint, lint_written, overlap};

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

fn found(text: &str) -> Vec<(Kind, String)> {
    let findings = lint(&checked(text), &Options::default());
    findings.into_iter().map(|finding| (finding.kind, finding.clause)).collect()
}

/// Each rule with what is found, in order.
const FAULTS: &[(&str, &[(Kind, &str)])] = &[
    (
        "currentTxn.value > 500 && currentTxn.value < 500",
        &[
            (Kind::NeverTrue, "currentTxn.value>500&&currentTxn.value<500"),
            (Kind::Contradiction, "currentTxn.value>500, currentTxn.value<500"),
        ],
    ),
    (
        "currentTxn.date.day() == 8",
        &[
            (Kind::NeverTrue, "currentTxn.date.day()==8"),
            (Kind::ImpossibleComparison, "currentTxn.date.day()==8"),
        ],
    ),
    (
        "currentTxn.date.month() == 2 && currentTxn.date.dayOfMonth() == 30",
        &[
            (Kind::NeverTrue, "currentTxn.date.month()==2&&currentTxn.date.dayOfMonth()==30"),
            (Kind::Contradiction, "currentTxn.date.month()==2, currentTxn.date.dayOfMonth()==30"),
        ],
    ),
    (
        r#"currentTxn.basketCount("brand", "Puma") >= 2 && currentTxn.basketExcludes("brand", "Puma")"#,
        &[
            (
                Kind::NeverTrue,
                r#"currentTxn.basketCount("brand","Puma")>=2&&currentTxn.basketExcludes("brand","Puma")"#,
            ),
            (
                Kind::Contradiction,
                r#"currentTxn.basketCount("brand","Puma")>=2, currentTxn.basketExcludes("brand","Puma")"#,
            ),
        ],
    ),
    (
        r#"currentTxn.value > 500 && (currentTxn.value > 300 || currentCustomer.slabName == "Gold")"#,
        &[(Kind::Implied, r#"currentTxn.value>300, currentCustomer.slabName=="Gold""#)],
    ),
    // One of the two may go, not both.
    (
        "(currentCustomer.isLoyal && currentTxn.value > 5 || currentTxn.value > 6) && currentTxn.value > 5",
        &[(Kind::Implied, "currentTxn.value>5")],
    ),
    (
        r#"currentCustomer.slabName.contains("Go") || currentCustomer.slabName == "Gold""#,
        &[(Kind::NoEffect, r#"currentCustomer.slabName=="Gold""#)],
    ),
    // Case counts: `Gold` does not contain it anyway.
    (
        r#"currentCustomer.slabName.contains("gold") && currentCustomer.slabName != "Gold""#,
        &[(Kind::Implied, r#"currentCustomer.slabName!="Gold""#)],
    ),
    (
        "currentTxn.date.isWeekend() && currentTxn.date.day() != 4",
        &[(Kind::Implied, "currentTxn.date.day()!=4")],
    ),
    (
        "currentTxn.value.isNull() || currentTxn.value.isNotNull()",
        &[(Kind::AlwaysTrue, "currentTxn.value.isNull()||currentTxn.value.isNotNull()")],
    ),
    // The second of two equal clauses, and neither of them twice.
    (
        "currentTxn.value > 5 && currentCustomer.isLoyal && currentTxn.value > 5.0 && currentCustomer.isLoyal",
        &[(Kind::Duplicate, "currentCustomer.isLoyal"), (Kind::Duplicate, "currentTxn.value>5.0")],
    ),
    // Bounds of one value are looked at one by one.
    (
        "currentTxn.value > 100 && currentCustomer.isLoyal && currentTxn.value > 500",
        &[(Kind::Implied, "currentTxn.value>100")],
    ),
    // An alternative that is never true, for a reason of its own.
    (
        "currentCustomer.isLoyal || (currentTxn.value > 500 && currentTxn.value < 100)",
        &[(Kind::Contradiction, "currentTxn.value>500, currentTxn.value<100")],
    ),
    (
        "currentCustomer.isLoyal || currentTxn.date.month() == 13",
        &[(Kind::ImpossibleComparison, "currentTxn.date.month()==13")],
    ),
    // A minimum that always holds, and patterns that match everything.
    (
        r#"currentTxn.basketCount("brand", "Puma") >= 0 && currentCustomer.isLoyal"#,
        &[(Kind::ImpossibleComparison, r#"currentTxn.basketCount("brand","Puma")>=0"#)],
    ),
    (
        r#"currentCustomer.slabName.contains("") && currentCustomer.isLoyal"#,
        &[(Kind::ImpossibleComparison, r#"currentCustomer.slabName.contains("")"#)],
    ),
    (
        r#"currentCustomer.slabName.matches("(?s).*") && currentCustomer.isLoyal"#,
        &[(Kind::ImpossibleComparison, r#"currentCustomer.slabName.matches("(?s).*")"#)],
    ),
    // What one text matches, and no other.
    (
        r#"currentCustomer.slabName.matches("^G(o)ld$") && currentCustomer.isLoyal"#,
        &[(Kind::PlainPattern, r#"currentCustomer.slabName.matches("^G(o)ld$")"#)],
    ),
    (
        "currentTxn.value < 500 || currentTxn.value > 500",
        &[(Kind::MissedEdge, "currentTxn.value<500, currentTxn.value>500")],
    ),
    (
        "currentCustomer.isLoyal && (currentTxn.value > 100 && currentTxn.value < 200
            || currentTxn.value > 200 && currentTxn.value < 300)",
        &[(Kind::MissedEdge, "currentTxn.value<200, currentTxn.value>200")],
    ),
];

#[test]
fn faults_are_found() {
    for (text, expected) in FAULTS {
        let expected: Vec<(Kind, String)> =
            expected.iter().map(|(kind, clause)| (*kind, (*clause).to_owned())).collect();
        assert_eq!(found(text), expected, "{text}");
    }
}

/// Rules in which every part matters, though it may not look so.
const SOUND: &[&str] = &[
    "true",
    "currentTxn.value > 500",
    // Between two neighbours of nine digits there are numbers of a document.
    "currentTxn.value > 0.000000001 && currentTxn.value < 0.000000002",
    // The largest number of a rule is not the largest one.
    "currentTxn.value > 999999999999999999.999999999",
    // Rounding: the sum of both is the larger one.
    "currentTxn.discount > 0 && currentTxn.value + currentTxn.discount <= currentTxn.value",
    // There is no result of a division by zero, and none that is too large.
    "currentTxn.value / currentTxn.discount > 2 || currentTxn.value / currentTxn.discount <= 2
        || currentTxn.value.isNull() || currentTxn.discount.isNull()",
    "currentTxn.value + currentTxn.discount > 2 || currentTxn.value + currentTxn.discount <= 2
        || currentTxn.value.isNull() || currentTxn.discount.isNull()",
    // A text that is empty is there.
    "currentCustomer.slabName.isNotNull() && currentCustomer.slabName.isEmpty()",
    // It makes false what would be unknown.
    r#"currentCustomer.slabName.isNotNull() && currentCustomer.slabName.contains("old")"#,
    // Unknown is not true: an absent value is excluded by what seems to say nothing.
    "currentTxn.value > 5 || currentTxn.value <= 5",
    // The edge is left out on purpose, or another alternative takes it.
    "currentTxn.value != 5",
    "currentTxn.value < 5 || currentTxn.value > 5 || currentTxn.value == 5",
    "currentTxn.value < 5 || currentTxn.value > 5 || currentCustomer.isLoyal && currentTxn.value <= 5",
    "currentTxn.value < 5 || currentTxn.discount > 5",
    // What takes the edge is not found by comparing with it, and is not proved.
    "currentTxn.value < 5 || currentTxn.value > 5 || currentTxn.value * currentTxn.value == 25",
    "currentTxn.value < 5 || currentTxn.value > 6",
    // More than one text matches.
    r#"currentCustomer.slabName.matches("Gold")"#,
    r#"currentCustomer.slabName.matches("^Gold|Silver$")"#,
    r#"currentCustomer.slabName.matches("^(?i)gold$")"#,
    r#"currentCustomer.slabName != "Gold" || currentCustomer.slabName == "Gold""#,
    r#"currentCustomer.slabName.contains("old") && currentCustomer.slabName != "Gold""#,
    "currentTxn.date.isWeekend() && currentTxn.date.day() != 7",
    "currentTxn.date.month() == 2 && currentTxn.date.dayOfMonth() == 29",
    // A return has negative items.
    r#"currentTxn.basketIncludes("brand", "Puma") && currentTxn.basketSum("brand", "Puma") <= 0"#,
    // One item each.
    r#"currentTxn.basketIncludes("brand", "Puma") && currentTxn.basketIncludes("brand", "Nike")"#,
    // It asks that there is an item.
    "currentTxn.value > 5 && (currentLineItem.qty > 1 || true)",
    r#"currentLineItem.doesItemMatch("brand", "Puma") && currentTxn.basketCount("brand", "Puma") > 1"#,
    // Items of a return are not those of the transaction.
    r#"currentLineItem.doesItemMatch("brand", "Puma") && returnBill.basketExcludes("brand", "Puma")"#,
    r#"currentLineItem.doesItemMatch("brand", "Puma") && returnBill.basketIncludes("brand", "Puma")"#,
];

/// What is said of a clause that has no effect is proved of it, too: what decides may
/// stand elsewhere in the rule.
#[test]
fn why_a_clause_has_no_effect_is_proved() {
    let why = |text: &str| {
        let [finding] = lint(&checked(text), &Options::default()).try_into().unwrap();
        (finding.kind, finding.why)
    };
    let elsewhere = "without it the rule is true for the same transactions";
    // `!isLoyal` may be true where the clause beside it is not.
    let text = "currentCustomer.isLoyal && (currentTxn.value > 5 || !currentCustomer.isLoyal)";
    assert_eq!(why(text), (Kind::NoEffect, elsewhere.to_owned()));
    // `isLoyal` may be false where the clause beside it is true.
    let text = "currentCustomer.isLoyal && (currentTxn.value > 5 || currentTxn.discount > 5 && currentCustomer.isLoyal)";
    assert_eq!(why(text), (Kind::NoEffect, elsewhere.to_owned()));
    // Two clauses decide together.
    let text = "currentTxn.value > 5 && currentTxn.discount > currentTxn.value && currentTxn.discount > 5";
    assert_eq!(why(text), (Kind::Implied, format!("{elsewhere}: what stands beside it implies it")));
}

/// A clause is not named again for what is within it, nor an innocent one beside
/// what is never true by itself.
#[test]
fn each_part_is_named_once() {
    let gold = r#"currentCustomer.slabName.matches("^G(o)ld$")"#;
    let text = format!("currentTxn.value > 5 || currentTxn.value > 9 && {gold}");
    let kinds: Vec<Kind> = found(&text).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Kind::NoEffect]);
    let text = "currentTxn.value > 5 || currentTxn.discount < 5 && currentTxn.value > 9
        || currentTxn.value > 9 && (currentTxn.discount < 5 || currentTxn.discount > 5)";
    let kinds: Vec<Kind> = found(text).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Kind::NoEffect, Kind::NoEffect]);
    let text =
        "(currentTxn.value > 5 && currentTxn.value < 3 || currentTxn.value > 9 && currentTxn.value < 7)
        && currentCustomer.isLoyal";
    let named: Vec<(Kind, String)> = found(text).into_iter().skip(1).collect();
    let expected = ["currentTxn.value>5, currentTxn.value<3", "currentTxn.value>9, currentTxn.value<7"];
    assert_eq!(named, expected.map(|clause| (Kind::Contradiction, clause.to_owned())));
}

#[test]
fn what_is_sound_has_no_finding() {
    for text in SOUND {
        assert_eq!(found(text), [], "{text}");
    }
}

/// Samoa had no 30 December 2011, which the analysis might ask for all such days.
#[test]
fn days_that_a_zone_skipped_stand_for_no_others() {
    let text = "currentTxn.date.isBefore(2012,6,1) && currentTxn.date.month() == 12
        && currentTxn.date.dayOfMonth() == 30 && currentTxn.date.daysDiffFromString(\"2000-03-10\") == 71";
    let rule = checked(text);
    let zone = Zone::named("Pacific/Apia").unwrap();
    let document = r#"{"currentTxn": {"date": "2007-12-30T12:00:00"}}"#;
    let transaction = Layout::of([&rule]).read(document, &Limits::default()).unwrap();
    assert_eq!(rule.decide(&transaction, &zone).result, Truth::True);
    let options = Options { zone, ..Options::default() };
    let findings = lint(&rule, &options);
    assert!(findings.iter().all(|finding| finding.kind != Kind::NeverTrue), "{findings:?}");
}

/// West of UTC the last hours of 9999 are no instants.
#[test]
fn a_date_that_is_none_in_the_zone_is_never_decided() {
    let rule = checked("currentTxn.date.isBefore(9999,12,31,23,59,59)");
    let kinds = |options: &Options| lint(&rule, options).iter().map(|found| found.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&Options::default()), []);
    let zone = Zone::named("-05:00").unwrap();
    assert_eq!(kinds(&Options { zone, ..Options::default() }), [Kind::NeverDecided]);
}

#[test]
fn a_missed_edge_is_shown_by_a_transaction() {
    let text = "currentTxn.value < 500 || currentCustomer.isLoyal || currentTxn.value > 500";
    let rule = checked(text);
    let [finding] = lint(&rule, &Options::default()).try_into().unwrap();
    let document = finding.witness.unwrap();
    assert!(document.contains(r#""currentTxn":{"value":500}"#), "{document}");
    let transaction = Layout::of([&rule]).read(&document, &Limits::default()).unwrap();
    assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::False);
}

/// What the schema says of digits is told of equalities alone, and only where a
/// schema is at hand: documents may carry other values, so nothing is edited.
#[test]
fn equalities_beyond_the_digits_of_the_schema_are_told() {
    let of = |text: &str| {
        let found = lint_written(&checked(text), text, &Schema::standard(), &Options::default());
        assert!(found.iter().all(|found| found.diagnostic.suggestions.is_empty()));
        found.into_iter().map(|found| found.why).collect::<Vec<_>>()
    };
    let equal = "by the schema `currentTxn.value` has 2 digits after the point, and 499.999 has more: \
        only a document that doesn't keep to the schema has this value";
    assert_eq!(of("currentTxn.value == 499.999 || currentTxn.value == 5"), [equal]);
    let other = equal;
    assert_eq!(of("currentTxn.value != 499.999"), [other]);
    for sound in [
        "currentTxn.value == 499.990",
        "currentTxn.value > 499.999",
        "currentTxn.extField_km.isNotNull()",
        "currentEvent.zq > 1.2345",
    ] {
        assert_eq!(of(sound), [""; 0], "{sound}");
    }
    assert_eq!(found("currentTxn.value == 499.999"), []);
}

/// Of a unit that counts, a number is whole; of others nothing is known.
#[test]
fn digits_of_units_that_are_not_known_are_not_told() {
    let limits = Limits::default();
    let told = |unit: &str| {
        let file = format!(
            r#"{{"profiles": {{"currentTxn": {{"attributes": {{"extField_a": {{"type": "number", "unit": "{unit}"}}}}}}}}}}"#
        );
        let schema = Schema::standard().with(&file, &limits).unwrap();
        let text = "currentTxn.extField_a == 4.5";
        let rule = Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
        lint_written(&rule, text, &schema, &Options::default()).len()
    };
    assert_eq!(["pieces", "visits", "days"].map(told), [1; 3]);
    assert_eq!(["stars", "kg", "points"].map(told), [0; 3]);
}

/// Closed ranges beside each other that leave out a number which the schema's digits
/// allow: one number alone, or all between two ends that follow each other as they
/// are written.
#[test]
fn closed_ranges_that_miss_a_number_of_the_schema_are_told() {
    let of = |text: &str| {
        let rule = checked(text);
        let found = lint_written(&rule, text, &Schema::standard(), &Options::default());
        let of_edges = found.into_iter().filter(|found| found.diagnostic.code == Kind::MissedEdge.code());
        let told = of_edges.map(|found| {
            let document = found.witness.unwrap();
            let transaction = Layout::of([&rule]).read(&document, &Limits::default()).unwrap();
            assert!(!rule.decide(&transaction, &Zone::UTC).result.is_true(), "{text}\n{document}");
            document
        });
        told.collect::<Vec<_>>()
    };
    let shown = |value: &str| vec![format!(r#"{{"currentTxn":{{"value":{value}}}}}"#)];
    assert_eq!(of("currentTxn.value <= 100 || currentTxn.value >= 100.02"), shown("100.01"));
    assert_eq!(of("currentTxn.value < 100.01 || currentTxn.value >= 100.02"), shown("100.01"));
    assert_eq!(of("currentTxn.value <= 100 || currentTxn.value > 100.01"), shown("100.01"));
    assert_eq!(of("currentTxn.value <= 500 || currentTxn.value >= 501"), shown("500.01"));
    assert_eq!(of("currentTxn.totalQty <= 5 || currentTxn.totalQty >= 7").len(), 1);
    let tiers = "currentTxn.value >= 100 && currentTxn.value <= 199
        || currentTxn.value >= 200 && currentTxn.value <= 299 && currentTxn.value != 250";
    assert_eq!(of(tiers), shown("199.01"));
    for sound in [
        "currentTxn.value <= 100 || currentTxn.value >= 100.01",
        // As it seems, it is meant.
        "currentTxn.value <= 100 || currentTxn.value >= 500",
        "currentTxn.value <= 100 || currentTxn.value > 101",
        "currentTxn.value < 100 || currentTxn.value > 101",
        "currentTxn.totalQty <= 5 || currentTxn.totalQty >= 6",
        "currentTxn.value <= 100 || currentTxn.value >= 100.02 || currentTxn.value == 100.01",
        "currentTxn.value <= 100 || currentTxn.discount >= 100.02",
        "currentTxn.value <= 100 || currentTxn.value >= 100.02 || currentTxn.value * 100 == 10001",
        "currentTxn.extField_km <= 100 || currentTxn.extField_km >= 101",
        "currentTxn.points <= 100 || currentTxn.points >= 100.02",
    ] {
        assert_eq!(of(sound), [""; 0], "{sound}");
    }
}

/// Documents that show something are the same in every run.
#[test]
fn documents_do_not_vary_from_run_to_run() {
    let text =
        "(currentTxn.date.month() > 3 || currentTxn.date.dayOfMonth() > 12 || currentTxn.date.day() > 2)
        && (currentTxn.date.month() < 9 || currentTxn.date.dayOfMonth() < 20 || currentTxn.date.day() < 5)";
    let (old, new) = (checked(text), checked("currentTxn.date.isWeekend()"));
    let shown = || diff(&old, &new, &Options::default()).witnesses;
    let first = shown();
    assert!(first.len() == 2 && (0..40).all(|_| shown() == first), "{first:?}");
}

/// What arithmetic takes is part of what a question may take: a circle of twelve orders is
/// 77 rows until it closes, each of ten steps.
#[test]
fn arithmetic_is_charged_to_the_question() {
    let number = |at: usize| format!("currentTxn.extField_f{}", at % 12);
    let circle: Vec<String> = (0..12).map(|at| format!("{} > {}", number(at), number(at + 1))).collect();
    let fields = (0..12).map(|at| format!(r#""extField_f{at}": {{"type": "number"}}"#));
    let fields = fields.collect::<Vec<_>>().join(", ");
    let file = format!(r#"{{"profiles": {{"currentTxn": {{"attributes": {{{fields}}}}}}}}}"#);
    let limits = Limits::default();
    let schema = Schema::standard().with(&file, &limits).unwrap();
    let rule =
        |text: &str| Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
    let (circle, any) = (rule(&circle.join(" && ")), rule("true"));
    let of = |work| overlap(&circle, &any, &Options { work, ..Options::default() });
    let least = (1..).map(|tens| tens * 10).find(|work| of(*work) == Overlap::Impossible).unwrap();
    assert!((770..2_000).contains(&least), "{least}");
    assert_eq!(of(100), Overlap::Unknown("more than 100 steps".to_owned()));
}
