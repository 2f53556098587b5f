//! The pools that constants of rules and values of documents are taken from.
//! They are small, so that a rule and a document often meet, and hold what
//! lies at the edges.

use proptest::prelude::*;
use proptest::sample::select;

/// Attributes of line items. No two are equal without regard to case, for a
/// document with both would be refused.
pub const ITEM_ATTRIBUTES: &[&str] =
    &["brand", "category", "color", "SKU_Code", "sku NUMBER", "product name", "Short Description", "größe"];

/// Names of custom fields and segments.
pub const FIELD_NAMES: &[&str] = &["bank", "gender", "Behavioral Segment", "tier level", ""];

/// Arguments of methods that the document answers.
pub const ANSWER_NAMES: &[&str] = &["Diwali 2026", "target-1", "7", "weekly", "x.y"];

/// Texts that constants and values share.
pub const TEXTS: &[&str] = &[
    "Puma",
    "puma",
    "Gold",
    "SBI",
    "sneakers/low",
    "221900",
    "7",
    "true",
    "",
    " ",
    "x",
    "Yes",
    "LOYALTY",
    "say \"hi\"",
    "a\\b",
    "end\\",
    "\\\\",
    "größe",
    "😀",
    "e\u{301}",
    "two\nlines",
    "2024-02-29",
    "2024-07-29T12:20:20.000+0000",
    "9999-12-31T23:59:59Z",
];

/// Patterns that compile.
pub const PATTERNS: &[&str] = &[
    "Puma", "^[A-Z]+$", "\\d{2,3}", "(?i)puma", "a\\\\b", "x|y", "\"", "[^\\s]", "", "^$", "low$", ".",
    "LOYALTY",
];

/// Dates as documents and rules write them.
pub const DATES: &[&str] = &[
    "2024-02-29",
    "2024-07-29",
    "2025-12-31",
    "2026-01-01",
    "2024-07-29T12:20:20.000+0000",
    "2024-07-29T12:20:20",
    "2024-07-28T23:59:59.999Z",
    "2018-11-04T00:00:00",
    "2011-12-30T09:00",
    "1900-01-01",
    "2100-02-28T23:30:00-0930",
    "2024-07-29 12:20:20",
    "2011-12-30 09:00+05:30",
    "9999-12-31T23:59:59Z",
];

/// Dates of documents at the ends of what instants there are: without an
/// offset they are none in some zones.
pub const LAST_DATES: &[&str] = &[
    "0001-01-01",
    "0001-01-01T00:00:00Z",
    "9999-12-31",
    "9999-12-30T22:00:00.001Z",
    "9999-12-31 05:00:00Z",
    "9999-12-31T23:59:59.999Z",
];

/// Strings that are no dates.
pub const NO_DATES: &[&str] = &["never", "", "2023-02-29", "2024-13-01", "29-07-2024", "2024-07-29T25:00:00"];

/// The last billionths that 64 bits hold, and their neighbours: sets of rules hold
/// numbers so, and tell others apart.
const LAST_KEYS: &[&str] = &[
    "9223372036.854775806",
    "9223372036.854775807",
    "9223372036.854775808",
    "-9223372036.854775807",
    "-9223372036.854775808",
    "-9223372036.854775809",
];

/// A literal of a rule: at most 18 integer and 9 fraction digits.
pub fn number_literal() -> BoxedStrategy<String> {
    prop_oneof![
        6 => (0..200_u32).prop_map(|number| number.to_string()),
        2 => (0..5_000_u32, 0..100_u32).prop_map(|(whole, cents)| format!("{whole}.{cents:02}")),
        1 => (1..300_u32).prop_map(|number| format!("-{number}")),
        1 => select(&["07", "0.000", "1.50", "-0", "-0.5", "007.10", "0.000000001"][..]).prop_map(str::to_owned),
        1 => select(&["999999999999999999.999999999", "-999999999999999999", "123456789012345678"][..])
            .prop_map(str::to_owned),
        1 => select(LAST_KEYS).prop_map(str::to_owned),
        1 => ("[0-9]{1,18}", "[0-9]{1,9}").prop_map(|(whole, fraction)| format!("{whole}.{fraction}")),
    ]
    .boxed()
}

/// A text literal: mostly of the pool.
pub fn text_literal() -> BoxedStrategy<String> {
    prop_oneof![
        12 => select(TEXTS).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[\\\\\" a]{0,6}",
    ]
    .boxed()
}

/// A pattern literal.
pub fn pattern() -> BoxedStrategy<String> {
    select(PATTERNS).prop_map(str::to_owned).boxed()
}

/// Ascending edges, with spaces now and then.
pub fn edges() -> BoxedStrategy<String> {
    (prop::collection::btree_set(-50..400_i32, 1..5), any::<bool>())
        .prop_map(|(edges, spaces)| {
            let edges: Vec<String> = edges.into_iter().map(|edge| edge.to_string()).collect();
            edges.join(if spaces { " , " } else { "," })
        })
        .boxed()
}

/// A number as a document writes it, near one of the constants or of the pool.
pub fn number_near(constants: &[String]) -> BoxedStrategy<String> {
    let pool = prop_oneof![
        4 => (0..300_u32).prop_map(|number| number.to_string()),
        2 => (0..10_000_u32, 0..100_u32).prop_map(|(whole, cents)| format!("{whole}.{cents:02}")),
        1 => select(WIDE).prop_map(str::to_owned),
        1 => ("[1-9][0-9]{0,13}", "[0-9]{1,14}").prop_map(|(whole, fraction)| format!("-{whole}.{fraction}")),
    ];
    if constants.is_empty() {
        return pool.boxed();
    }
    let near = (select(constants.to_vec()), select(&["", "0", "+1", "-1", "+0.01", "-0.000001"][..]))
        .prop_map(|(constant, change)| changed(&constant, change));
    prop_oneof![1 => pool, 2 => near].boxed()
}

/// Numbers at the edges of what documents may hold.
const WIDE: &[&str] = &[
    "0",
    "-0.0",
    "1e3",
    "1E-2",
    "12.50e1",
    "9999999999999999999999999999",
    "-9999999999999999999999999999",
    "0.0000000000000000000000000001",
    "1.234567890123456789012345678",
    "79228162514264.33759354395033",
    "18446744073709551.615",
    "0.001",
];

/// A literal as a JSON number, a little changed.
fn changed(literal: &str, change: &str) -> String {
    let number = plain(literal);
    let by = match change {
        "" => return number,
        "0" if number.contains('.') => return format!("{number}0"),
        "0" => return format!("{number}.0"),
        by => target_rules::Number::from_json(by.trim_start_matches('+')).unwrap(),
    };
    let sum = target_rules::Number::from_json(&number).unwrap().plus(by).unwrap();
    sum.to_string()
}

/// A literal without its leading zeros, as JSON has it.
pub fn plain(literal: &str) -> String {
    let (sign, digits) = match literal.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", literal),
    };
    let digits = digits.trim_start_matches('0');
    let zero = if digits.is_empty() || digits.starts_with('.') { "0" } else { "" };
    format!("{sign}{zero}{digits}")
}

/// The key under which a document answers for a number: its value, without
/// leading zeros, trailing fraction zeros or a bare point.
pub fn answer_key(literal: &str) -> String {
    let number = plain(literal);
    let number = match number.split_once('.') {
        Some(_) => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => number,
    };
    if number == "-0" { "0".to_owned() } else { number }
}
