//! A date that is compared with a day or a time as text: what is suggested
//! instead decides as the comparison says, at every edge.

use proptest::prelude::*;
use target_rules::diagnostic::Suggestion;
use target_rules::value::{DateText, LocalTime};
use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};

use target_rules_testing::generate::{checked, tries, zones};

/// The rule that the suggestion for a comparison makes.
fn mended(text: &str) -> String {
    let limits = Limits::default();
    let checked = Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits);
    let found: Vec<_> = checked.diagnostics().iter().filter(|found| found.is_error()).collect();
    let [fault] = found.as_slice() else { panic!("{text}: {found:?}") };
    let [suggestion] = fault.suggestions.as_slice() else { panic!("{text}: {fault:?}") };
    Suggestion::apply_all(text, [suggestion])
}

fn compares(operator: &str, order: std::cmp::Ordering) -> bool {
    match operator {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "==" => order.is_eq(),
        _ => order.is_ne(),
    }
}

/// Whether the mended rule decides of a moment what the comparison says.
fn decides(rule: &str, date: &str, zone: &Zone) -> Truth {
    let rule = checked(rule);
    let document = format!("{{\"currentTxn\":{{\"date\":\"{date}\"}}}}");
    let transaction = Layout::of([&rule]).read(document.as_str(), &Limits::default()).unwrap();
    rule.decide(&transaction, zone).result
}

const OPERATORS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];

/// Moments at the edges of a day, with how they stand to it.
fn edges() -> Vec<(&'static str, std::cmp::Ordering)> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    vec![
        ("2025-10-19T23:59:59.999", Less),
        ("2025-10-20", Equal),
        ("2025-10-20T00:00:00", Equal),
        ("2025-10-20T12:00:00", Equal),
        ("2025-10-20T23:59:59.999", Equal),
        ("2025-10-21T00:00:00", Greater),
        ("2025-10-21T09:00:00", Greater),
    ]
}

#[test]
fn a_day_has_its_edges() {
    for operator in OPERATORS {
        for zone in ["UTC", "Asia/Kolkata", "America/New_York"] {
            let zone = Zone::named(zone).unwrap();
            for (date, order) in edges() {
                let rule = mended(&format!("currentTxn.date{operator}\"2025-10-20\""));
                let expected = Truth::from(compares(operator, order));
                assert_eq!(decides(&rule, date, &zone), expected, "{rule} of {date}");
                // The same with its sides exchanged.
                let turned = match operator {
                    "<" => ">",
                    "<=" => ">=",
                    ">" => "<",
                    ">=" => "<=",
                    same => same,
                };
                let rule = mended(&format!("\"2025-10-20\"{turned}currentTxn.date"));
                assert_eq!(decides(&rule, date, &zone), expected, "{rule} of {date}");
            }
        }
    }
}

/// `9999-12-31` means never, and no day is after it.
#[test]
fn the_last_day_has_its_edges() {
    use std::cmp::Ordering::{Equal, Less};
    let dates = [
        ("9999-12-30T23:59:59.999", Less),
        ("9999-12-31", Equal),
        ("9999-12-31T00:00:00", Equal),
        ("9999-12-31T12:30:00", Equal),
        ("9999-12-31T23:59:59", Equal),
        ("9999-12-31T23:59:59Z", Equal),
    ];
    for operator in OPERATORS {
        for (date, order) in dates {
            let rule = mended(&format!("currentTxn.date {operator} \"9999-12-31\""));
            let expected = Truth::from(compares(operator, order));
            assert_eq!(decides(&rule, date, &Zone::UTC), expected, "{rule} of {date}");
        }
    }
}

proptest! {
    #![proptest_config(tries(80))]

    /// Any day, any time of it, any zone, also where clocks are changed.
    #[test]
    fn comparisons_with_a_day_are_by_the_local_date(
        day in -700_000_i64..2_900_000,
        milliseconds in prop_oneof![Just(0_i64), Just(86_399_999), 0..86_400_000_i64],
        apart in -1..=1_i64,
        operator in prop::sample::select(&OPERATORS),
        zone in zones(),
    ) {
        let zone = Zone::named(zone).unwrap();
        let local = LocalTime::from_milliseconds((day + apart) * 86_400_000 + milliseconds).unwrap();
        // What the zone shows of it: clocks may have been changed.
        let Some(instant) = DateText::Local(local).resolve(&zone) else { return Ok(()) };
        let shown = zone.local(instant);
        let (year, month, number) = LocalTime::from_milliseconds(day * 86_400_000).unwrap().date();
        let rule = mended(&format!("currentTxn.date{operator}\"{year:04}-{month:02}-{number:02}\""));
        let expected = Truth::from(compares(operator, shown.epoch_day().cmp(&day)));
        prop_assert_eq!(decides(&rule, &instant.to_string(), &zone), expected, "{} of {}", rule, instant);
    }

    /// A time to the second is kept.
    #[test]
    fn comparisons_with_a_time_are_by_the_instant(
        second in 0..86_400_i64,
        apart in -1..=1_i64,
        operator in prop::sample::select(&OPERATORS),
    ) {
        let at = |second: i64| LocalTime::from_milliseconds((20_000 * 86_400 + second) * 1000).unwrap();
        let text = at(second).to_string();
        let rule = mended(&format!("currentTxn.date{operator}\"{text}\""));
        let expected = Truth::from(compares(operator, (second + apart).cmp(&second)));
        let date = at(second + apart).to_string();
        prop_assert_eq!(decides(&rule, &date, &Zone::UTC), expected, "{} of {}", rule, date);
    }
}
