//! How pairs of rules differ, as a table: what is decided by automata, by linear
//! arithmetic, by the calendar, and what is not known.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::{Ast, Limits, Rule, Schema, Zone};
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

/// What is computed with a date of the rule that is no instant in the zone has no
/// value, whatever the transaction has: zones east of UTC lack the first hours of the
/// year 1, those west of it the last ones of the year 9999.
#[test]
fn a_date_that_a_zone_lacks_gives_no_value() {
    let both = |first: &str, last: &str, date: &str| {
        let first = format!(r#"currentTxn.date.{first}("{date}")"#);
        format!("currentTxn.date.isValid() && currentTxn.value.isNotNull() && ({first}{last})")
            .replace("SAME", &first)
    };
    let computed = "+1 > 0 || SAME+1 <= 0";
    let compared = " <= currentTxn.value || SAME > currentTxn.value";
    let old = checked("currentTxn.date.isValid() && currentTxn.value.isNotNull()");
    for (zone, lacks, has) in
        [("+05:30", "0001-01-01", "9999-12-31T23:00"), ("-05:00", "9999-12-31T23:00", "0001-01-01")]
    {
        for (method, last) in [("dateDiff", computed), ("dateDiff", compared), ("minutesDiff", computed)] {
            let options = Options { zone: Zone::named(zone).unwrap(), ..Options::default() };
            let verdict = |date: &str| diff(&old, &checked(&both(method, last, date)), &options).verdict;
            assert_eq!((verdict(lacks), verdict(has)), (Narrower, Equivalent), "{zone} {method}{last}");
        }
    }
}

/// A field that no schema lists has the type that a rule gives it: rules of one text
/// need not be one rule.
#[test]
fn rules_that_read_another_type_are_not_the_same() {
    let limits = Limits::default();
    let file = r#"{"profiles": {"currentTxn": {"attributes": {"extField_a": {"type": "number"}}}}}"#;
    let numbers = Schema::standard().with(file, &limits).unwrap();
    let text = "currentTxn.extField_a == currentTxn.extField_b";
    let of_numbers = Ast::from_text(text, &limits).unwrap().check(&numbers, &limits).into_rule().unwrap();
    let of_texts = checked(text);
    assert_eq!(diff(&of_texts, &checked(text), &Options::default()).verdict, Equivalent);
    let difference = diff(&of_texts, &of_numbers, &Options::default());
    // That they differ is not proved: one document can't have both values at one place.
    assert_ne!(difference.verdict, Equivalent, "{difference:?}");
}

/// Days by minutes by kinds of days are more than can be gone through: that is noticed
/// on the way, and not when all are there.
#[test]
fn a_date_that_is_asked_too_much_is_not_gone_through() {
    let mut clauses = vec!["currentTxn.date.dayOfMonth() == 3".to_owned()];
    clauses.extend((0..150).map(|at| {
        let year = 1_000 + 20 * at;
        format!("currentTxn.date.isAfter({year}, {}, {})", 1 + at % 12, 1 + at % 28)
    }));
    clauses.extend((0..200).map(|at| {
        let (hour, minute) = (at / 20, at % 20 * 3);
        format!("currentTxn.date.isTimeBetween({hour}, {minute}, {}, {})", hour + 12, minute + 1)
    }));
    clauses.extend((1..13).map(|month| format!("currentTxn.date.month() != {month}")));
    clauses.push("currentTxn.date.isWeekend()".to_owned());
    let old = checked(&clauses.join(" || "));
    clauses.reverse();
    let difference = diff(&old, &checked(&clauses.join(" && ")), &Options::default());
    assert_eq!(difference.verdict, Unknown);
    assert_eq!(difference.why, ["a value is asked too many questions"]);
}

/// A rule and the same in another order need no search; what differs by a negation, a
/// clause, or `&&` for `||` is told apart.
#[test]
fn rules_of_one_meaning_in_another_order_are_the_same_at_once() {
    let clause = |at: usize| {
        let field = |of: usize, is: usize| format!("currentTxn.extField_f{} == \"{is}\"", (at * 7 + of) % 40);
        [field(0, 1), field(3, 2), format!("!({})", field(5, 3))]
    };
    let inner = |[one, two, three]: [String; 3]| format!("({one} && {two} || {three})");
    let turned = |[one, two, three]: [String; 3]| format!("({three} || {two} && {one})");
    let of = |clauses: Vec<String>| checked(&clauses.join(" && "));
    let old = of((0..25).map(clause).map(inner).collect());
    let options = Options { work: 10, ..Options::default() };
    let verdict = |new: &Rule| diff(&old, new, &options).verdict;
    assert_eq!(verdict(&of((0..25).rev().map(clause).map(turned).collect())), Equivalent);
    let others = [
        of((0..24).map(clause).map(inner).collect()),
        of((0..25).map(clause).map(|clause| inner(clause).replace('!', "")).collect()),
        of((0..25).map(clause).map(|clause| inner(clause).replace("||", "&&")).collect()),
    ];
    for other in &others {
        assert_ne!(verdict(other), Equivalent, "{}", other.to_text());
    }
}
