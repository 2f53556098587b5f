//! How pairs of rules differ, as a table: what is decided by automata, by linear
//! arithmetic, by the calendar, and what is not known.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::Verdict::{self, Different, Disjoint, Equivalent, Narrower, Unknown, Wider};
use target_rules_analysis::{Options, diff};

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// The old rule, the new one, the verdict, and whether it takes plain numbers for
/// granted.
type Row = (&'static str, &'static str, Verdict, bool);

const TEXTS: &[Row] = &[
    (
        r#"currentCustomer.firstname.matches("^A.*")"#,
        r#"currentCustomer.firstname.matches("^AB")"#,
        Narrower,
        false,
    ),
    (r#"currentCustomer.firstname.matches("^x$")"#, r#"currentCustomer.firstname == "x""#, Equivalent, false),
    (
        r#"currentCustomer.firstname.matches("^(a|b)$")"#,
        r#"currentCustomer.firstname == "a" || currentCustomer.firstname == "b""#,
        Equivalent,
        false,
    ),
    (
        r#"currentCustomer.firstname.matches("^[0-9]+$")"#,
        r#"currentCustomer.firstname.matches("^[a-z]+$")"#,
        Disjoint,
        false,
    ),
    (
        r#"currentCustomer.firstname.matches("(?i)puma")"#,
        r#"currentCustomer.firstname.contains("puma")"#,
        Narrower,
        false,
    ),
    (
        r#"currentCustomer.firstname.matches("ab|cd")"#,
        r#"currentCustomer.firstname.contains("ab") || currentCustomer.firstname.contains("cd")"#,
        Equivalent,
        false,
    ),
    (
        r#"currentCustomer.firstname.matches("^.{3}$")"#,
        r#"currentCustomer.firstname.matches("^\\d{3}$")"#,
        Narrower,
        false,
    ),
    (
        r#"currentCustomer.firstname.matches("\\d")"#,
        r#"currentCustomer.firstname.matches("[0-9]")"#,
        Equivalent,
        false,
    ),
    (
        r#"currentCustomer.firstname.matches("^.*$")"#,
        r#"currentCustomer.firstname.exists() || currentCustomer.firstname == """#,
        Wider,
        false,
    ),
    (
        r#"currentCustomer.firstname.matches("a") && currentCustomer.firstname.matches("^b+$")"#,
        "currentTxn.value > 5 && currentTxn.value < 5",
        Equivalent,
        false,
    ),
    (
        r#"currentTxn.basketIncludesRegex("brand", "^(Puma|Nike)$")"#,
        r#"currentTxn.basketIncludesRegex("brand", "^(Puma|Nike)$") && currentTxn.value > 5"#,
        Narrower,
        false,
    ),
    (
        r#"currentCustomer.isGroupMember.matches("Yes")"#,
        "currentCustomer.isGroupMember == Yes",
        Equivalent,
        false,
    ),
];

const NUMBERS: &[Row] = &[
    // Values as they are.
    (
        "currentTxn.value < currentTxn.discount && currentTxn.discount < currentTxn.points && currentTxn.points < currentTxn.value",
        "currentTxn.value > 5 && currentTxn.value < 5",
        Equivalent,
        false,
    ),
    (
        "currentTxn.value > currentTxn.discount && currentTxn.discount >= 100",
        "currentTxn.value > currentTxn.discount && currentTxn.discount >= 100 && currentTxn.value > 100",
        Equivalent,
        false,
    ),
    (
        "currentTxn.value >= currentTxn.discount && currentTxn.value <= currentTxn.discount",
        "currentTxn.value == currentTxn.discount",
        Equivalent,
        false,
    ),
    (
        "currentTxn.value != currentTxn.discount && currentTxn.value == 5",
        "currentTxn.value != currentTxn.discount && currentTxn.value == 5 && currentTxn.discount != 5",
        Equivalent,
        false,
    ),
    // What is rounded where numbers are large.
    (
        "currentTxn.discount > 0 && currentTxn.value + currentTxn.discount <= currentTxn.value",
        "currentTxn.discount < 0 && currentTxn.discount > 0",
        Equivalent,
        true,
    ),
    (
        "currentTxn.value + currentTxn.discount > 100 && currentTxn.value < 40",
        "currentTxn.value + currentTxn.discount > 100 && currentTxn.value < 40 && currentTxn.discount > 60",
        Equivalent,
        true,
    ),
    (
        "currentTxn.value - currentTxn.discount == 0 && currentTxn.discount == 5",
        "currentTxn.value == 5 && currentTxn.discount == 5",
        Equivalent,
        true,
    ),
    (
        "currentTxn.discount * 2 > currentTxn.value && currentTxn.discount < 10",
        "currentTxn.discount * 2 > currentTxn.value && currentTxn.discount < 10 && currentTxn.value < 20",
        Equivalent,
        true,
    ),
    // A third may be rounded.
    (
        "currentTxn.value / 3 > currentTxn.discount && currentTxn.discount > 5",
        "currentTxn.value / 3 > currentTxn.discount && currentTxn.discount > 5 && currentTxn.value > 15",
        Unknown,
        false,
    ),
];

const DATES: &[Row] = &[
    (
        "currentTxn.date < currentCustomer.joinDate && currentCustomer.joinDate.isBefore(2026, 1, 1)",
        "currentTxn.date < currentCustomer.joinDate && currentCustomer.joinDate.isBefore(2026, 1, 1) && currentTxn.date.isBefore(2026, 1, 1)",
        Equivalent,
        false,
    ),
    (
        "currentTxn.date > currentCustomer.joinDate",
        "currentTxn.date <= currentCustomer.joinDate",
        Disjoint,
        false,
    ),
    ("currentTxn.date.isAfter(2026, 1, 1)", "currentTxn.date.year() >= 2026", Wider, false),
    (
        "currentTxn.date > currentCustomer.joinDate",
        "currentTxn.date >= currentCustomer.joinDate",
        Wider,
        false,
    ),
    (
        "currentTxn.date > currentCustomer.joinDate",
        "currentCustomer.joinDate.isAfter(2026, 1, 1)",
        Different,
        false,
    ),
];

fn hold(rows: &[Row]) {
    let mut wrong = Vec::new();
    for (old, new, verdict, assumes) in rows {
        let difference = diff(&checked(old), &checked(new), &Options::default());
        let turned = diff(&checked(new), &checked(old), &Options::default());
        let expected = match verdict {
            Narrower => Wider,
            Wider => Narrower,
            same => *same,
        };
        if (difference.verdict, !difference.assumes.is_empty(), turned.verdict)
            != (*verdict, *assumes, expected)
        {
            wrong.push(format!("{old}\n{new}\n{difference:?}\nand turned {:?}", turned.verdict));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn patterns_are_compared_by_all_that_they_match() {
    hold(TEXTS);
}

#[test]
fn numbers_are_compared_exactly() {
    hold(NUMBERS);
}

#[test]
fn dates_are_compared_exactly() {
    hold(DATES);
}

#[test]
fn what_is_taken_for_granted_is_said() {
    let (old, new, ..) = NUMBERS[5];
    let difference = diff(&checked(old), &checked(new), &Options::default());
    let told = "numbers of the transaction have at most 18 digits before the point and 9 behind it";
    assert_eq!(difference.assumes, [told]);
}
