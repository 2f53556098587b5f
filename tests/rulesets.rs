//! A rule set decides as its rules do one by one, reasons included: after any
//! change, on one thread and on several.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers are drawn, and shares are printed"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use target_rules::ruleset::{RuleSetError, Verdict};
use target_rules::{
    Ast, Decision, Evaluation, Layout, Limits, Rule, RuleSet, Schema, Scratch, Transaction, Truth, Zone,
};
use target_rules_testing::{engines, generate};

/// What a set says of a transaction: items by true rule, reasons by unknown one.
type Answer = (BTreeMap<usize, Vec<usize>>, BTreeMap<usize, Decision>);

fn one_by_one(rules: &BTreeMap<usize, Rule>, transaction: &Transaction, zone: &Zone) -> Answer {
    let mut answer = Answer::default();
    for (id, rule) in rules {
        let decision = rule.decide(transaction, zone);
        assert_eq!(rule.truth(transaction, zone), decision.result, "{}", rule.to_text());
        match decision.result {
            Truth::True => drop(answer.0.insert(*id, decision.items)),
            Truth::Unknown => drop(answer.1.insert(*id, decision)),
            Truth::False => {}
        }
    }
    answer
}

/// Every way in which the set dissents from its rules.
fn dissent(
    set: &RuleSet<usize>,
    rules: &BTreeMap<usize, Rule>,
    transaction: &Transaction,
    zone: &Zone,
) -> Vec<String> {
    let expected = one_by_one(rules, transaction, zone);
    let mut found = Vec::new();
    let mut scratch = Scratch::default();
    // Twice: what one evaluation keeps must not reach the next.
    for _ in 0..2 {
        let mut evaluation = Evaluation::new(transaction, zone, &mut scratch);
        let mut matching = BTreeMap::new();
        let decided = set.decide(&mut evaluation, |id, items| {
            assert!(matching.insert(*id, items.to_vec()).is_none(), "{id} is told twice");
        });
        decided.unwrap();
        let mut undecided = BTreeMap::new();
        let told = set.undecided(&mut evaluation, |one| {
            let reasons = (one.absent.to_vec(), one.faults.to_vec());
            assert!(undecided.insert(*one.id, reasons).is_none(), "{} is told twice", one.id);
        });
        told.unwrap();
        let (mut all, mut order, mut unknown) = (BTreeMap::new(), Vec::new(), Vec::new());
        let told = set.verdicts(&mut evaluation, |id, verdict| {
            order.push(*id);
            match verdict {
                Verdict::True { items } => drop(all.insert(*id, items.to_vec())),
                Verdict::Unknown => unknown.push(*id),
            }
        });
        told.unwrap();
        assert!(all == matching && unknown.iter().collect::<BTreeSet<_>>() == undecided.keys().collect());
        assert_eq!(set.decide_and_count(&mut evaluation, |_, _| {}).unwrap(), unknown.len());
        assert_eq!(order.len(), all.len() + unknown.len());
        assert_eq!(told_by_words(set, &mut evaluation), (all.keys().copied().collect(), unknown));
        for id in rules.keys() {
            let of = |what: &str, text: String| format!("{what} of {}: {text}", rules[id].to_text());
            if matching.get(id) != expected.0.get(id) {
                found.push(of("truth", format!("{:?} for {:?}", matching.get(id), expected.0.get(id))));
            }
            let reasons = undecided.get(id).map(|(absent, faults)| (absent, faults));
            let mut asked = None;
            let known = set.why(&mut evaluation, id, |one| {
                asked = Some((one.absent.to_vec(), one.faults.to_vec()));
            });
            known.unwrap();
            assert_eq!(asked.as_ref(), undecided.get(id), "why {id} is unknown depends on who asks");
            let wanted = expected.1.get(id).map(|decision| (&decision.absent, &decision.faults));
            if reasons != wanted {
                found.push(of("reasons", format!("{reasons:?} for {wanted:?}")));
            }
        }
    }
    found
}

/// Which rules are true and which unknown, as told by the words of bits: no rule twice.
fn told_by_words(set: &RuleSet<usize>, evaluation: &mut Evaluation<'_>) -> (BTreeSet<usize>, Vec<usize>) {
    let (mut all, mut unknown) = (BTreeSet::new(), Vec::new());
    let told = set.words(evaluation, |ids, truths, unknowns| {
        assert!((1..=64).contains(&ids.len()) && truths & unknowns == 0);
        assert_eq!(
            (truths | unknowns).checked_shr(u32::try_from(ids.len()).unwrap()).unwrap_or(0),
            0,
            "no rule has this bit"
        );
        for (bit, id) in ids.iter().enumerate() {
            if truths >> bit & 1 == 1 {
                assert!(all.insert(*id), "{id} is told twice");
            }
            if unknowns >> bit & 1 == 1 {
                unknown.push(*id);
            }
        }
    });
    told.unwrap();
    (all, unknown)
}

/// The rule of a text; none where its parts do not go together, as line items
/// and tenders do not.
fn if_right(text: &str) -> Option<Rule> {
    let limits = Limits::default();
    let ast = Ast::from_text(text, &limits).ok()?;
    ast.check(&Schema::standard(), &limits).into_rule().ok()
}

/// From one rule to a thousand, more often few: sizes whose logarithms are alike.
fn sizes() -> impl Strategy<Value = usize> {
    (0.0..=1.0_f64).prop_map(|share| 1_000_f64.powf(share).round() as usize)
}

proptest! {
    #![proptest_config(generate::tries(40))]

    #[test]
    fn a_set_decides_as_its_rules_do(
        case in sizes().prop_flat_map(generate::sets),
        column in prop::sample::select(engines::set_columns()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8), 0..12),
    ) {
        let zone = generate::zone(case.zone);
        let document = case.transaction.to_string();
        let texts: Vec<String> = case.rules.iter().map(|rule| rule.text()).collect();
        // Each rule is also a part of others, so that what one keeps another asks.
        let others = texts.iter().zip(texts.iter().cycle().skip(1)).enumerate();
        let others = others.filter_map(|(index, (one, other))| match index % 4 {
            0 => if_right(&format!("!({one})")),
            1 => if_right(&format!("({one})&&({other})")),
            2 => if_right(&format!("!({one})||({other})")),
            _ => None,
        });
        let all: Vec<Rule> = texts.iter().map(|text| generate::checked(text)).chain(others).collect();
        let mut rules: BTreeMap<usize, Rule> = all.iter().cloned().enumerate().collect();
        let mut set = RuleSet::with_switches(Layout::of([]), rules.clone(), column.1).unwrap();
        let read = |set: &RuleSet<usize>| set.layout().read(&document, &Limits::default());
        let Ok(transaction) = read(&set) else { return Ok(()) };
        let found = dissent(&set, &rules, &transaction, &zone);
        prop_assert!(found.is_empty(), "{}: {}", column.0, found.join("\n"));

        let before = set.clone();
        for (index, change) in changes {
            let (id, rule) = (index.index(all.len()), &all[index.index(all.len())]);
            let other = &all[(id + 1) % all.len()];
            set = match (change, rules.contains_key(&id)) {
                (0, true) => { rules.remove(&id); set.without(&id).unwrap() }
                (_, true) => { rules.insert(id, other.clone()); set.replacing(id, other).unwrap() }
                (_, false) => { rules.insert(id, rule.clone()); set.with(id, rule).unwrap() }
            };
        }
        let transaction_now = read(&set).unwrap();
        let found = dissent(&set, &rules, &transaction_now, &zone);
        prop_assert!(found.is_empty(), "after changes: {}", found.join("\n"));
        let compacted = set.compacted();
        prop_assert_eq!(compacted.len(), rules.len());
        let found = dissent(&compacted, &rules, &transaction_now, &zone);
        prop_assert!(found.is_empty(), "after changes, compacted: {}", found.join("\n"));
        if let Some(id) = rules.keys().next() {
            prop_assert_eq!(compacted.without(id).unwrap().len(), rules.len() - 1);
        }

        // The old set is as it was, on any number of threads.
        let rules: BTreeMap<usize, Rule> = all.into_iter().enumerate().collect();
        let found: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..3).map(|_| scope.spawn(|| dissent(&before, &rules, &transaction, &zone))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        prop_assert!(found.is_empty(), "before changes: {}", found.join("\n"));
    }
}

/// Rules as marketing people write them: thresholds, tiers and stores.
fn of_marketing(index: usize) -> String {
    let stores: Vec<String> = (0..6)
        .map(|store| format!("currentCustomer.slabNumber=={}", (index * 7 + store * 13) % 50))
        .collect();
    // More distinct numbers than a subject of a block has rows.
    let points: Vec<String> = (0..20)
        .map(|point| format!("currentCustomer.currentPoints=={}", (index * 31 + point * 977) % 20_000))
        .collect();
    match index % 16 {
        0 => format!("currentTxn.value>={}.5&&({})", index % 90, stores.join("||")),
        1 => format!("currentTxn.value>{}&&currentCustomer.slabName==\"T{}\"", index % 90, index % 4),
        2 => format!("currentTxn.value<{}||currentCustomer.numberOfVisits>{}", index % 60, index % 30),
        3 => format!("!(currentTxn.value<={})&&currentTxn.discount!={}", index % 70, index % 3),
        4 => format!("currentCustomer.isLoyal&&currentTxn.value>{}&&({})", index % 20, stores.join("||")),
        5 => format!(
            "currentCustomer.slabName!=\"T{}\"&&currentCustomer.numberOfVisits>={}",
            index % 4,
            index % 9
        ),
        6 => points.join("||"),
        7 => format!(
            "(currentTxn.date.isHourBetween({},{})&&(currentTxn.date.isWeekend()||currentTxn.notes.contains(\"N{}\")))\
             ||(currentTxn.notes.isNull()&&currentTxn.value*2>{})",
            index % 24,
            (index + 5) % 24,
            index % 3,
            index % 50
        ),
        _ => of_texts(index),
    }
}

/// Rules about texts, baskets, line items and dates, and chains in chains.
fn of_texts(index: usize) -> String {
    match index % 16 {
        8 => format!(
            "currentTxn.notes.contains(\"N{}\")&&!currentTxn.notes.contains(\"{}\")&&currentTxn.notes.contains(\"\")",
            index % 7,
            index % 5
        ),
        9 => format!(
            "currentTxn.notes.matches(\"^N[0-{}]$\")||(currentTxn.notes.contains(\"{}\")&&currentTxn.value>{})",
            index % 9,
            index % 10,
            index % 70
        ),
        10 => format!(
            "currentTxn.customFieldValueIncludes(\"bank\",\"B{}\")||!(currentTxn.customFieldValueIncludes(\"bank\",\"B{}\")||currentTxn.value<{})",
            index % 6,
            index % 4,
            index % 50
        ),
        11 => format!(
            "currentTxn.value*{}>currentTxn.discount*3+{}||currentTxn.value.interval(\"10,20,{}\")=={}",
            index % 5 + 1,
            index % 80,
            index % 30 + 21,
            index % 5
        ),
        12 => format!(
            "currentLineItem.qty>={}&&(currentLineItem.doesItemMatch(\"brand\",\"B{}\")||currentTxn.value>{})",
            index % 4,
            index % 5,
            index % 90
        ),
        13 => format!(
            "(currentTxn.value>{}&&(currentTxn.discount<{}||currentCustomer.numberOfVisits=={}))||(currentCustomer.isLoyal&&currentTxn.value<{}&&(currentTxn.notes.isNull()||currentTxn.discount>=1))",
            index % 60,
            index % 4,
            index % 9,
            index % 50
        ),
        14 => format!(
            "currentTxn.date.isAfter(2026,1,{})||currentTxn.date.dateDiff(\"2026-02-{:02}\")>{}",
            index % 28 + 1,
            index % 28 + 1,
            index % 60
        ),
        _ => format!(
            "currentTxn.grossAmount>{}&&currentTxn.basketQty(\"brand\",\"B{}\")>0",
            index % 40,
            index % 5
        ),
    }
}

/// Thresholds, tiers and stores, as marketing people write them, in more than
/// one block; values at, beside and between the constants, and of more digits
/// than a word has.
#[test]
fn blocks_of_many_rules_decide_as_their_rules_do() {
    let rules: BTreeMap<usize, Rule> =
        (0..2_300).map(|index| (index, generate::checked(&of_marketing(index)))).collect();
    for (column, switches) in engines::set_columns() {
        let set = RuleSet::with_switches(Layout::of([]), rules.clone(), switches).unwrap();
        assert_decides(column, &set, &rules);
    }
}

fn assert_decides(column: &str, set: &RuleSet<usize>, rules: &BTreeMap<usize, Rule>) {
    for document in [
        r#"{}"#,
        r#"{"currentTxn": {"value": 45.5, "discount": 1, "notes": "N1", "date": "2026-01-03T05:00:00Z", "lineItems": [{"brand": "B2", "qty": 2, "rate": 10}, {"qty": 3}, {"brand": "B1"}], "customFields": {"bank": ["B2", "B5"]}},
            "currentCustomer": {"slabName": "T2", "slabNumber": 14, "numberOfVisits": 7, "isLoyal": true, "currentPoints": 977}}"#,
        r#"{"currentTxn": {"value": 45.50000000000000001, "discount": 2}, "currentCustomer": {"slabName": "T9", "currentPoints": 62}}"#,
        r#"{"currentTxn": {"value": 99999999999}, "currentCustomer": {"slabNumber": 0.1234567890123, "isLoyal": true}}"#,
        r#"{"currentTxn": {"value": 20, "lineItems": []}, "currentCustomer": {"slabNumber": 20, "numberOfVisits": 0}}"#,
    ] {
        let transaction = set.layout().read(document, &Limits::default()).unwrap();
        let found = dissent(set, rules, &transaction, &Zone::UTC);
        assert!(found.is_empty(), "{column}: {document}: {}", found.join("\n"));
    }
}

/// Rules about a profile, by themselves, beside others and in chains, and rules that
/// ask whether it is there.
fn about_a_group(index: usize) -> String {
    match index % 8 {
        0 => format!("currentUserGroup.memberCount>{index}"),
        1 => format!("currentUserGroup.slabNumber=={index}||currentTxn.value>{index}"),
        2 => format!("currentUserGroup.name==\"G{index}\"&&currentTxn.value>{index}"),
        3 => format!(
            "currentTxn.value<{index}||(currentUserGroup.name.contains(\"{index}\")&&currentTxn.discount<{index})"
        ),
        4 => format!("currentUserGroup.createdDate.isAfter(2026,1,{})", index % 28 + 1),
        5 => format!("currentUserGroup.name.isNull()||currentUserGroup.memberCount<{index}"),
        6 => format!("!(currentUserGroup.memberCount*2>{index})"),
        _ => format!("currentLineItem.qty>1&&currentUserGroup.slabNumber<{index}"),
    }
}

/// A transaction lacks the profile, has something of it that is asked or not, or had it.
#[test]
fn what_the_want_of_a_whole_profile_leaves_unknown_is_what_its_attributes_do() {
    let rules: BTreeMap<usize, Rule> =
        (0..200).map(|index| (index, generate::checked(&about_a_group(index)))).collect();
    let bill = r#""currentTxn": {"value": 45, "discount": 1, "lineItems": [{"qty": 2}, {"qty": 1}]}"#;
    let groups = [
        r#"null"#,
        r#"{}"#,
        r#"{"unread": 1}"#,
        r#"{"memberCount": 7}"#,
        r#"{"name": "G42", "createdDate": "2026-01-09"}"#,
    ];
    let mut documents = vec!["{}".to_owned(), format!("{{{bill}}}")];
    documents.extend(groups.map(|group| format!("{{{bill}, \"currentUserGroup\": {group}}}")));
    for (column, switches) in engines::set_columns() {
        let set = RuleSet::with_switches(Layout::of([]), rules.clone(), switches).unwrap();
        for document in &documents {
            let mut transaction = set.layout().read(document, &Limits::default()).unwrap();
            let found = dissent(&set, &rules, &transaction, &Zone::UTC);
            assert!(found.is_empty(), "{column}: {document}: {}", found.join("\n"));
            // A host fills in and takes out again.
            let members = set.layout().slot("currentUserGroup.memberCount").unwrap();
            transaction.set_number(members, 9).unwrap();
            let found = dissent(&set, &rules, &transaction, &Zone::UTC);
            assert!(found.is_empty(), "{column}: {document}, filled in: {}", found.join("\n"));
            for _ in 0..500 {
                transaction.clear_value(members).unwrap();
                transaction.set_number(members, 9).unwrap();
            }
            transaction.clear_value(members).unwrap();
            let found = dissent(&set, &rules, &transaction, &Zone::UTC);
            assert!(found.is_empty(), "{column}: {document}, taken out: {}", found.join("\n"));
        }
    }
}

#[test]
fn a_change_leaves_the_set_in_use_as_it_is() {
    let rule = generate::checked("currentTxn.value>5");
    let other = generate::checked("currentTxn.discount>5");
    let set = RuleSet::new([("a", rule.clone())]).unwrap();
    let larger = set.with("b", &other).unwrap();
    assert_eq!((set.len(), larger.len()), (1, 2));
    assert_eq!(set.with("a", &other).unwrap_err(), RuleSetError::DuplicateId("a"));
    assert_eq!(set.without(&"b").unwrap_err(), RuleSetError::UnknownId("b"));
    assert_eq!(
        RuleSet::new([("a", rule), ("a", other.clone())]).unwrap_err(),
        RuleSetError::DuplicateId("a")
    );
    // A rule that reads more has another layout, and transactions must be read for it.
    let transaction = set.layout().read(r#"{"currentTxn": {"value": 6}}"#, &Limits::default()).unwrap();
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    assert_eq!(larger.decide(&mut evaluation, |_, _| {}).unwrap_err(), RuleSetError::OtherLayout);
    let references = other.references();
    assert_eq!(larger.naming(&references[0]), [&"b"]);
    assert!(larger.without(&"b").unwrap().naming(&references[0]).is_empty());
}

/// A constant that the layout was not made for has no symbol there; the text
/// is compared itself.
#[test]
fn a_program_for_a_layout_of_other_constants_decides_the_same() {
    let layout = Layout::of([&generate::checked("currentTxn.notes==\"a\"")]);
    let rule = generate::checked("currentTxn.notes==\"b\"");
    let program = layout.compile(&rule).unwrap();
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    for (notes, expected) in [("a", Truth::False), ("b", Truth::True), ("c", Truth::False)] {
        let document = format!(r#"{{"currentTxn": {{"notes": "{notes}"}}}}"#);
        let transaction = layout.read(&document, &Limits::default()).unwrap();
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        assert_eq!(program.decide(&mut evaluation), expected, "{notes}");
    }
}

#[test]
fn a_set_can_be_shared() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<RuleSet<u64>>();
    shared::<target_rules::Program>();
    shared::<Layout>();
}

/// Sums with decimal factors, at, beside and far from where they are equal, and
/// numbers of more digits than are compared as one sum; one that is absent beside
/// one whose multiple is too large.
#[test]
fn sums_with_decimal_factors_are_exact() {
    let factors = ["0.5", "1.25", "-0.125", "999.999", "0.001", "3", "0.0001", "2.50", "0"];
    let mut texts = Vec::new();
    for (index, factor) in factors.into_iter().enumerate() {
        let other = factors[(index + 4) % factors.len()];
        for operator in ["==", ">", "<="] {
            texts.push(format!("currentTxn.value{operator}currentTxn.discount*{factor}+0.37"));
            texts.push(format!(
                "{factor}*currentTxn.value-{other}*currentTxn.discount{operator}currentTxn.value"
            ));
            texts.push(format!("currentTxn.value*{factor}{operator}(currentTxn.discount+1.5)*{other}*10"));
            texts.push(format!("(currentTxn.value*{factor}+0.1)/7{operator}currentTxn.discount*{other}/3"));
            texts.push(format!("currentTxn.value*{factor}{operator}(currentTxn.discount*7-2)/6"));
        }
    }
    let rules: BTreeMap<usize, Rule> = texts.iter().map(|text| generate::checked(text)).enumerate().collect();
    let set = RuleSet::new(rules.clone()).unwrap();
    let programs: Vec<_> = rules.values().map(|rule| set.layout().compile(rule).unwrap()).collect();
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    let discounts = ["0", "1", "-7.3", "0.000000001", "9223372036.854775807", "12345678901234.5", "null"];
    let mut values: Vec<String> =
        ["0", "-1.75", "9223372036", "0.37", "1.0000000001"].map(str::to_owned).into();
    values.extend(
        ["0.87", "0.869999999", "0.870000001", "1.62", "9223372035.85", "1000.369"].map(str::to_owned),
    );
    values.extend(["-0.5425", "-8.755", "37.5", "0.001000001", "9e27"].map(str::to_owned));
    for value in &values {
        for discount in discounts {
            let document = format!(r#"{{"currentTxn": {{"value": {value}, "discount": {discount}}}}}"#);
            let transaction = set.layout().read(&document, &Limits::default()).unwrap();
            let found = dissent(&set, &rules, &transaction, &zone);
            assert!(found.is_empty(), "{document}: {}", found.join("\n"));
            for (rule, program) in rules.values().zip(&programs) {
                let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
                let expected = rule.decide(&transaction, &zone).result;
                assert_eq!(program.decide(&mut evaluation), expected, "{} for {document}", rule.to_text());
            }
        }
    }
}

/// Constants at the last billionths that 64 bits hold, where a set keeps numbers
/// of more digits apart from the others.
#[test]
fn numbers_beyond_the_last_keys_are_told_from_them() {
    let last = ["9223372036.854775806", "9223372036.854775807", "9223372036.854775808"];
    let constants: Vec<String> =
        last.iter().flat_map(|constant| [(*constant).to_owned(), format!("-{constant}")]).collect();
    let mut texts = Vec::new();
    for constant in &constants {
        for operator in ["==", "!=", "<", "<=", ">", ">="] {
            texts.push(format!("currentTxn.value{operator}{constant}"));
            texts.push(format!("currentTxn.value+currentTxn.discount{operator}{constant}"));
            texts.push(format!("currentLineItem.qty{operator}{constant}"));
        }
        if !constant.starts_with('-') {
            texts.push(format!(r#"currentTxn.value.interval("0,{constant}")==2"#));
        }
    }
    let rules: BTreeMap<usize, Rule> = texts.iter().map(|text| generate::checked(text)).enumerate().collect();
    let set = RuleSet::new(rules.clone()).unwrap();
    let beyond = ["1e20", "-1e20", "9223372036.8547758075", "-9223372036.8547758085", "0.0000000001"];
    for value in constants.iter().map(String::as_str).chain(beyond) {
        for discount in ["0", "0.000000001", "-0.000000001"] {
            let document = format!(
                r#"{{"currentTxn": {{"value": {value}, "discount": {discount}, "lineItems": [{{"qty": {value}}}]}}}}"#
            );
            let transaction = set.layout().read(&document, &Limits::default()).unwrap();
            let found = dissent(&set, &rules, &transaction, &Zone::UTC);
            assert!(found.is_empty(), "{document}: {}", found.join("\n"));
        }
    }
}
