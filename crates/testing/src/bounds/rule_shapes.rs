//! Shapes of rules that check: of their text, their tree, and what is made of
//! them.

use super::door::Shape;
use super::parts::{again, all, any, array, joined, tree};
use super::rule_doors::{
    CHECK_FORMS, CHECK_TEXT, CHECK_TREE, COMPILE, DECIDE, DESCRIBE, EXPLAIN, PATTERN, PATTERNS, PRINT,
    PRINT_PRETTY, REFERENCES,
};

pub(super) static SHAPES: &[Shape] = &[
    // Texts.
    Shape::one(&CHECK_TEXT, "numbers compared, `||`", 16_000, values),
    Shape::one(&CHECK_TEXT, "one term again and again", 16_000, |n| {
        all(n, |_| "currentTxn.value>1".to_owned())
    }),
    Shape::one(&CHECK_TEXT, "texts compared", 12_000, texts),
    Shape::one(&CHECK_TEXT, "ranges", 7_000, ranges),
    Shape::one(&CHECK_TEXT, "`&&` in `||` in `&&`", 3_300, nested),
    Shape::one(&CHECK_TEXT, "`&&` and `||` in turn, without brackets", 7_000, mixed),
    Shape::one(&CHECK_TEXT, "a sum", 20_000, sum),
    Shape::one(&CHECK_TEXT, "a product", 20_000, |n| {
        format!("{}>5", joined(n, "*", |_| "currentTxn.value".to_owned()))
    }),
    Shape::one(&CHECK_TEXT, "a long text", 500_000, |n| format!("currentTxn.notes==\"{}\"", again("a", n))),
    Shape::one(&CHECK_TEXT, "escapes in a text", 250_000, |n| {
        format!("currentTxn.notes==\"{}\"", again("\\\\", n))
    }),
    Shape::one(&CHECK_TEXT, "white space", 500_000, |n| format!("currentTxn.value{}>1", again(" ", n))),
    Shape::one(&CHECK_TEXT, "line feeds", 500_000, |n| format!("currentTxn.value{}>1", again("\n", n))),
    Shape::one(&CHECK_TEXT, "brackets in brackets", 2_500, |n| {
        any(n, |_| format!("{}currentTxn.value>1{}", again("(", 90), again(")", 90)))
    }),
    Shape::one(&CHECK_TEXT, "`!` in front of `!`", 1_750, |n| {
        any(n, |_| format!("{}(currentTxn.value>1)", again("!", 25)))
    }),
    Shape::one(&CHECK_TEXT, "fields of no schema, each once", 10_000, |n| {
        all(n, |at| format!("currentEvent.zq{at}>1"))
    }),
    Shape::one(&CHECK_TEXT, "fields of no schema, each beside the next", 7_000, unlisted),
    Shape::one(&CHECK_TEXT, "fields of no schema, all beside one", 7_000, |n| {
        format!("currentEvent.zq0>1&&{}", all(n, |at| format!("currentEvent.zq{at}==currentEvent.zqall")))
    }),
    Shape::one(&CHECK_TEXT, "names spelled otherwise", 16_000, |n| {
        any(n, |at| format!("CURRENTTXN.Value=={at}"))
    }),
    Shape::one(&CHECK_TEXT, "days that are none", 9_000, |n| {
        any(n, |at| format!("currentTxn.date.day()=={}", at + 8))
    }),
    Shape::one(&CHECK_TEXT, "dates", 7_000, dates),
    Shape::one(&CHECK_TEXT, "sums over the basket", 7_000, baskets),
    Shape::one(&CHECK_TEXT, "attributes of line items", 8_000, items),
    Shape::one(&CHECK_TEXT, "custom fields", 7_000, custom),
    Shape::one(&CHECK_TEXT, "edges of an interval", 70_000, |n| {
        format!("currentTxn.value.interval(\"{}\")==3", joined(n, ",", |at| at.to_string()))
    }),
    Shape::one(&CHECK_TEXT, "texts with a blank at the end", 12_000, |n| {
        any(n, |at| format!("currentTxn.notes==\"Gold{at} \""))
    }),
    Shape::one(&CHECK_TEXT, "patterns where none work", 9_000, |n| {
        any(n, |at| format!("currentTxn.basketIncludes(\"brand\",\"Pu{at}*\")"))
    }),
    Shape::one(&CHECK_TEXT, "item attributes that are nearly known", 9_000, |n| {
        any(n, |at| format!("currentTxn.basketSum(\"categroy\",\"S\")>{at}"))
    }),
    Shape::one(&CHECK_TEXT, "words of an enum", 10_000, |n| {
        any(n, |_| "currentCustomer.isGroupMember==Yes".to_owned())
    }),
    // Trees.
    Shape::one(&CHECK_TREE, "numbers compared, `||`", 10_000, |n| tree(&values(n))),
    Shape::one(&CHECK_TREE, "a sum", 10_000, |n| tree(&sum(n))),
    Shape::one(&CHECK_TREE, "`&&` in `||` in `&&`", 2_500, |n| tree(&nested(n))),
    Shape::one(&CHECK_TREE, "fields of no schema, each beside the next", 7_000, |n| tree(&unlisted(n))),
    Shape::one(&CHECK_TREE, "a long text", 8_000_000, |n| {
        tree("currentTxn.notes==\"here\"").replace("here", &again("a", n))
    }),
    Shape::one(&CHECK_TREE, "escapes in a text", 1_300_000, |n| {
        tree("currentTxn.notes==\"here\"").replace("here", &again("\\u0061", n))
    }),
    Shape::one(&CHECK_TREE, "white space", 8_000_000, |n| {
        format!("{}{}", again(" ", n), tree("currentTxn.value>1"))
    }),
    Shape::two(&CHECK_FORMS, "numbers compared, `||`", 10_000, |n| (values(n), tree(&values(n)))),
    Shape::two(&CHECK_FORMS, "fields of no schema, each beside the next", 6_000, |n| {
        (unlisted(n), tree(&unlisted(n)))
    }),
    // What is made of a rule.
    Shape::one(&PRINT, "numbers compared, `||`", 10_000, values),
    Shape::one(&PRINT, "a sum", 10_000, sum),
    Shape::one(&PRINT, "`&&` in `||` in `&&`", 3_300, nested),
    Shape::one(&PRINT, "texts compared", 10_000, texts),
    Shape::one(&PRINT_PRETTY, "numbers compared, `||`", 10_000, values),
    Shape::one(&PRINT_PRETTY, "a sum", 10_000, sum),
    Shape::one(&PRINT_PRETTY, "`&&` in `||` in `&&`", 3_300, nested),
    Shape::one(&DESCRIBE, "numbers compared, `||`", 16_000, values),
    Shape::one(&DESCRIBE, "numbers of many attributes", 16_000, many_attributes),
    Shape::one(&DESCRIBE, "texts compared", 12_000, texts),
    Shape::one(&DESCRIBE, "ranges", 7_000, ranges),
    Shape::one(&DESCRIBE, "`&&` in `||` in `&&`", 3_300, nested),
    Shape::one(&DESCRIBE, "a sum", 20_000, sum),
    Shape::one(&DESCRIBE, "dates", 7_000, dates),
    Shape::one(&DESCRIBE, "sums over the basket", 7_000, baskets),
    Shape::one(&DESCRIBE, "attributes of line items", 8_000, items),
    Shape::one(&DESCRIBE, "custom fields", 7_000, custom),
    Shape::one(&REFERENCES, "fields of no schema, each beside the next", 7_000, unlisted),
    Shape::one(&REFERENCES, "sums over the basket", 7_000, baskets),
    Shape::one(&REFERENCES, "custom fields", 7_000, custom),
    Shape::one(&COMPILE, "numbers compared, `||`", 16_000, values),
    Shape::one(&COMPILE, "ranges", 7_000, ranges),
    Shape::one(&COMPILE, "`&&` in `||` in `&&`", 3_300, nested),
    Shape::one(&COMPILE, "a sum", 20_000, sum),
    Shape::one(&COMPILE, "sums over the basket", 7_000, baskets),
    Shape::one(&COMPILE, "custom fields", 7_000, custom),
    Shape::two(&DECIDE, "one document, many terms", 16_000, |n| (DOCUMENT.to_owned(), values(n))),
    Shape::two(&DECIDE, "many items, one sum", 10_000, |n| {
        (bill(n), "currentTxn.basketSum(\"brand\",\"b1\")>1".to_owned())
    }),
    Shape::two(&DECIDE, "many items, unrolled", 10_000, |n| (bill(n), UNROLLED.to_owned())),
    Shape::two(&DECIDE, "many items, unrolled beside a sum", 10_000, |n| (bill(n), SUMS_UNROLLED.to_owned())),
    Shape::two(&DECIDE, "nothing there, many custom fields", 7_000, |n| ("{}".to_owned(), custom(n))),
    Shape::two(&DECIDE, "nothing there, many fields", 10_000, |n| {
        ("{}".to_owned(), all(n, |at| format!("currentEvent.zq{at}>1")))
    }),
    Shape::two(&EXPLAIN, "one document, many terms", 16_000, |n| (DOCUMENT.to_owned(), values(n))),
    Shape::two(&EXPLAIN, "one document, `&&` in `||` in `&&`", 3_300, |n| (DOCUMENT.to_owned(), nested(n))),
    Shape::two(&EXPLAIN, "nothing there, many fields", 10_000, |n| {
        ("{}".to_owned(), all(n, |at| format!("currentEvent.zq{at}>1")))
    }),
    Shape::two(&EXPLAIN, "nothing there, sums over the basket", 7_000, |n| ("{}".to_owned(), baskets(n))),
    Shape::two(&EXPLAIN, "many items, unrolled", 10_000, |n| (bill(n), UNROLLED.to_owned())),
    Shape::two(&EXPLAIN, "many items, unrolled beside a sum", 10_000, |n| {
        (bill(n), SUMS_UNROLLED.to_owned())
    }),
    Shape::two(&EXPLAIN, "a long text", 400_000, |n| {
        let text = again("a", n);
        (format!("{{\"currentTxn\":{{\"notes\":\"{text}\"}}}}"), format!("currentTxn.notes==\"{text}\""))
    }),
    Shape::two(&EXPLAIN, "a sum", 20_000, |n| (DOCUMENT.to_owned(), sum(n))),
    Shape::two(&PATTERN, "a word", 1_000_000, |n| (again("a", n), "ab".to_owned())),
    Shape::two(&PATTERN, "words in any case", 1_000_000, |n| {
        (again("aB", n / 2), "(?i)(gold|silver)+x".to_owned())
    }),
    Shape::one(&PATTERNS, "what people write", 20_000, |n| {
        joined(n, "\n", |at| format!("^Brand{at}.*[A-Z]+$"))
    }),
    Shape::one(&PATTERNS, "large tables", 3_200, |n| {
        let part = again(r"(^(ab?){30}|\b(ba?){30}$|\B)", 3);
        joined(n, "\n", |at| format!("(?m){part}Q{at}"))
    }),
    Shape::one(&PATTERNS, "large classes in any case", 2_000, |n| {
        let part = again(r"[\x{0}-\x{10FFFF}]", 10);
        joined(n, "\n", |at| format!("(?i){part}{at}"))
    }),
    Shape::one(&PATTERNS, "classes in classes in any case", 2_000, |n| {
        let part = again("[a[^b]]", 30);
        joined(n, "\n", |at| format!("(?i){part}{at}"))
    }),
    Shape::one(&PATTERNS, "named classes in any case", 2_000, |n| {
        let part = again(r"\PL\p{Lu}", 20);
        joined(n, "\n", |at| format!("(?i)[{part}]{at}"))
    }),
];

const DOCUMENT: &str = r#"{"currentTxn":{"number":"n-1","value":730.5,"discount":3,"date":"2026-03-07T12:20:20Z","notes":"gift"}}"#;

const UNROLLED: &str = "currentLineItem.qty>1&&currentLineItem.doesItemMatch(\"brand\",\"b1\")";
const SUMS_UNROLLED: &str = "currentLineItem.qty>1&&currentTxn.basketSum(\"brand\",\"b1\")>1";

/// A bill with so many items.
pub(super) fn bill(items: usize) -> String {
    let item =
        |at: usize| format!(r#"{{"qty":2,"rate":{at},"discount":0,"attributes":{{"brand":"b{}"}}}}"#, at % 7);
    format!(r#"{{"currentTxn":{{"number":"n-1","value":9,"lineItems":{}}}}}"#, array(items, item))
}

pub(super) fn values(terms: usize) -> String {
    any(terms, |at| format!("currentTxn.value=={at}"))
}

const NUMBERS: [&str; 5] = ["value", "discount", "points", "totalQty", "basketSize"];

fn many_attributes(terms: usize) -> String {
    all(terms, |at| format!("currentTxn.{}>{at}", NUMBERS[at % NUMBERS.len()]))
}

pub(super) fn texts(terms: usize) -> String {
    any(terms, |at| format!("currentTxn.notes.contains(\"gift {at}\")"))
}

fn ranges(terms: usize) -> String {
    any(terms, |at| format!("(currentTxn.value>{}&&currentTxn.value<{})", at * 10, at * 10 + 5))
}

fn nested(terms: usize) -> String {
    all(terms, |at| {
        format!(
            "(currentTxn.value>{at}||(currentTxn.discount=={at}&&(currentTxn.points>{at}||currentTxn.points<9)))"
        )
    })
}

fn mixed(pairs: usize) -> String {
    any(pairs, |at| format!("currentTxn.value>{at}&&currentTxn.points>{at}"))
}

fn sum(terms: usize) -> String {
    format!("{}>5", joined(terms, "+", |_| "currentTxn.value".to_owned()))
}

fn unlisted(terms: usize) -> String {
    let last = format!("&&currentEvent.zq{terms}>5");
    all(terms, |at| format!("currentEvent.zq{at}==currentEvent.zq{}", at + 1)) + &last
}

fn dates(terms: usize) -> String {
    any(terms, |at| format!("currentTxn.date.isAfter({},1,{})", 2_000 + at / 28 % 900, at % 28 + 1))
}

fn baskets(terms: usize) -> String {
    any(terms, |at| format!("currentTxn.basketSum(\"brand\",\"B{at}\")>{at}"))
}

fn items(terms: usize) -> String {
    any(terms, |at| format!("currentLineItem.doesItemMatch(\"brand\",\"B{at}\")"))
}

fn custom(terms: usize) -> String {
    any(terms, |at| format!("currentTxn.customFieldValueIncludes(\"f{at}\",\"v\")"))
}
