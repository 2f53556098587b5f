//! Shapes of rules that are refused or warned of, one slip again and again: what
//! is said of it, and the repairs that are proposed and tried.

use super::door::Shape;
use super::parts::{again, all, any, array, joined, members, tree};
use super::rule_doors::{FIX, REFUSE_TEXT, REFUSE_TREE};

pub(super) static TEXTS: &[Shape] = &[
    Shape::one(&REFUSE_TEXT, "attributes that are nearly known", 14_000, nearly_known),
    Shape::one(&REFUSE_TEXT, "attributes that are near none", 14_000, |n| {
        all(n, |at| format!("currentTxn.zqxw{at}>1"))
    }),
    Shape::one(&REFUSE_TEXT, "profiles that are nearly known", 14_000, |n| {
        all(n, |at| format!("curentTxn.value>{at}"))
    }),
    Shape::one(&REFUSE_TEXT, "methods that are nearly known", 10_000, |n| {
        all(n, |at| format!("currentTxn.baskteSum(\"brand\",\"{at}\")>1"))
    }),
    Shape::one(&REFUSE_TEXT, "one long name", 500_000, |n| format!("currentTxn.{}>1", again("v", n))),
    Shape::one(&REFUSE_TEXT, "one long profile", 500_000, |n| format!("{}.value>1", again("c", n))),
    Shape::one(&REFUSE_TEXT, "one long method", 500_000, |n| format!("currentTxn.{}()", again("b", n))),
    Shape::one(&REFUSE_TEXT, "numbers as texts", 14_000, |n| {
        all(n, |at| format!("currentTxn.value==\"{at}\""))
    }),
    Shape::one(&REFUSE_TEXT, "texts as numbers", 14_000, |n| all(n, |at| format!("currentTxn.notes=={at}"))),
    Shape::one(&REFUSE_TEXT, "days as texts", 10_000, days),
    Shape::one(&REFUSE_TEXT, "null", 14_000, |n| all(n, |_| "currentTxn.date==null".to_owned())),
    Shape::one(&REFUSE_TEXT, "single equals", 16_000, single_equals),
    Shape::one(&REFUSE_TEXT, "`and`", 16_000, |n| joined(n, " and ", |at| format!("currentTxn.value>{at}"))),
    Shape::one(&REFUSE_TEXT, "`or not`", 16_000, |n| {
        joined(n, " or not ", |at| format!("currentTxn.value>{at}"))
    }),
    Shape::one(&REFUSE_TEXT, "single `&`", 16_000, |n| joined(n, "&", |at| format!("currentTxn.value>{at}"))),
    Shape::one(&REFUSE_TEXT, "damage of HTML", 16_000, |n| {
        joined(n, " &amp;&amp; ", |at| format!("currentTxn.value&gt;{at}"))
    }),
    Shape::one(&REFUSE_TEXT, "`<>`", 16_000, |n| all(n, |at| format!("currentTxn.value<>{at}"))),
    Shape::one(&REFUSE_TEXT, "curly quotes", 14_000, |n| {
        all(n, |_| "currentTxn.notes==\u{201c}gift\u{201d}".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "doubled quotes", 14_000, |n| {
        all(n, |_| "currentTxn.notes==\"\"gift\"\"".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "escaped quotes", 14_000, |n| {
        all(n, |_| "currentTxn.notes==\\\"gift\\\"".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "digits of another script", 14_000, |n| {
        all(n, |_| "currentTxn.value>\u{661}\u{662}".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "percent", 14_000, |n| all(n, |at| format!("currentTxn.value>{at}%"))),
    Shape::one(&REFUSE_TEXT, "percent in a sum", 120_000, |n| {
        format!("currentTxn.value>{}1", again("5%+", n))
    }),
    Shape::one(&REFUSE_TEXT, "grouped digits", 14_000, |n| {
        all(n, |_| "currentTxn.value>1 000 000".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "amounts with a currency", 14_000, |n| {
        all(n, |_| "currentTxn.value>500 INR".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "lists with `in`", 50_000, |n| {
        format!("currentTxn.notes in ({})", joined(n, ",", |at| format!("\"{at}\"")))
    }),
    Shape::one(&REFUSE_TEXT, "lists with `==`", 50_000, |n| {
        format!("currentTxn.notes==({})", joined(n, ",", |at| format!("\"{at}\"")))
    }),
    Shape::one(&REFUSE_TEXT, "many `in`", 10_000, |n| all(n, |at| format!("currentTxn.value in (1,2,{at})"))),
    Shape::one(&REFUSE_TEXT, "functions of other systems", 14_000, |n| {
        all(n, |_| "round(currentTxn.value)>1".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "methods of other systems", 10_000, |n| {
        all(n, |at| format!("currentTxn.notes.startsWith(\"{at}\")"))
    }),
    Shape::one(&REFUSE_TEXT, "commands of SQL", 8_000, |n| {
        all(n, |at| format!("currentTxn.value BETWEEN {at} AND 5"))
    }),
    Shape::one(&REFUSE_TEXT, "values outside an enum", 10_000, |n| {
        all(n, |at| format!("currentCustomer.isGroupMember==\"Yes{at}\""))
    }),
    Shape::one(&REFUSE_TEXT, "arguments of the wrong type", 10_000, |n| {
        all(n, |at| format!("currentTxn.basketSum(\"brand\",{at})>1"))
    }),
    Shape::one(&REFUSE_TEXT, "a call with many arguments", 100_000, |n| {
        format!("currentTxn.basketSum({})>1", joined(n, ",", |_| "\"a\"".to_owned()))
    }),
    Shape::one(&REFUSE_TEXT, "comparisons that chain", 40_000, |n| {
        format!("1{}", again("<currentTxn.value", n / 2))
    }),
    Shape::one(&REFUSE_TEXT, "patterns that are none", 10_000, |n| {
        all(n, |_| "currentTxn.notes.matches(\"(a\")".to_owned())
    }),
    Shape::one(&REFUSE_TEXT, "open brackets", 500_000, |n| again("(", n)),
    Shape::one(&REFUSE_TEXT, "closing brackets", 500_000, |n| format!("currentTxn.value>1{}", again(")", n))),
    Shape::one(&REFUSE_TEXT, "square brackets", 500_000, |n| again("[", n)),
    Shape::one(&REFUSE_TEXT, "templates", 50_000, |n| again("[Value]", n)),
    Shape::one(&REFUSE_TEXT, "tags", 100_000, |n| again("<p>", n)),
    Shape::one(&REFUSE_TEXT, "tags of no page", 100_000, |n| {
        format!("currentTxn.value>1&&{}", again("<zq>", n))
    }),
    Shape::one(&REFUSE_TEXT, "tags that end behind the rule", 100_000, |n| again("</zq>", n)),
    Shape::one(&REFUSE_TEXT, "tags that stay open", 100_000, |n| again("<zq ", n)),
    Shape::one(&REFUSE_TEXT, "data of XML that stays open", 50_000, |n| {
        format!("currentTxn.value>1&&{}", again("<![CDATA[", n))
    }),
    Shape::one(&REFUSE_TEXT, "lists that stay open", 20_000, |n| again("currentTxn.value in (", n)),
    Shape::one(&REFUSE_TEXT, "calls that stay open", 20_000, |n| again("round(", n)),
    Shape::one(&REFUSE_TEXT, "doubled quotes in a row", 120_000, |n| again("\"\"a ", n)),
    Shape::one(&REFUSE_TEXT, "slashes", 250_000, |n| again("/ ", n)),
    Shape::one(&REFUSE_TEXT, "comments", 100_000, |n| again("/**/ ", n)),
    Shape::one(&REFUSE_TEXT, "colons", 250_000, |n| again("a:", n)),
    Shape::one(&REFUSE_TEXT, "fences", 100_000, |n| again("```", n)),
    Shape::one(&REFUSE_TEXT, "signs of less", 500_000, |n| again("<", n)),
    Shape::one(&REFUSE_TEXT, "quotes", 500_000, |n| again("\"", n)),
    Shape::one(&REFUSE_TEXT, "single quotes", 500_000, |n| again("'", n)),
    Shape::one(&REFUSE_TEXT, "quotes that stay open", 500_000, |n| format!("\"{}", again("a", n))),
    Shape::one(&REFUSE_TEXT, "backslashes", 500_000, |n| again("\\", n)),
    Shape::one(&REFUSE_TEXT, "equals signs", 500_000, |n| again("=", n)),
    Shape::one(&REFUSE_TEXT, "ampersands", 500_000, |n| again("&", n)),
    Shape::one(&REFUSE_TEXT, "exclamation marks", 500_000, |n| again("!", n)),
    Shape::one(&REFUSE_TEXT, "minus signs", 500_000, |n| again("-", n)),
    Shape::one(&REFUSE_TEXT, "dots", 500_000, |n| again(".", n)),
    Shape::one(&REFUSE_TEXT, "commas", 500_000, |n| again(",", n)),
    Shape::one(&REFUSE_TEXT, "digits", 500_000, |n| again("9", n)),
    Shape::one(&REFUSE_TEXT, "words", 250_000, |n| again("a ", n)),
    Shape::one(&REFUSE_TEXT, "marks on a letter", 250_000, |n| {
        format!("currentTxn.notes==\"a{}\"", again("\u{301}", n))
    }),
    Shape::one(&REFUSE_TEXT, "letters that only look like others", 120_000, |n| {
        format!("currentTxn.notes==\"{}\"", again("\u{430}b ", n))
    }),
    Shape::one(&REFUSE_TEXT, "signs that cannot be seen", 160_000, |n| {
        format!("currentTxn.notes==\"{}\"", again("a\u{200d}", n))
    }),
    Shape::one(&REFUSE_TEXT, "signs outside of texts", 160_000, |n| {
        format!("currentTxn.value>1{}", again("\u{200b}", n))
    }),
    Shape::one(&FIX, "single equals", 10_000, single_equals),
    Shape::one(&FIX, "`and`", 10_000, |n| joined(n, " and ", |at| format!("currentTxn.value>{at}"))),
    Shape::one(&FIX, "names spelled otherwise", 10_000, |n| any(n, |at| format!("CURRENTTXN.Value=={at}"))),
    Shape::one(&FIX, "attributes that are nearly known", 10_000, nearly_known),
    Shape::one(&FIX, "days as texts", 8_000, days),
    Shape::one(&FIX, "percent in a sum", 120_000, |n| format!("currentTxn.value>{}1", again("5%+", n))),
    Shape::one(&FIX, "dummy arguments", 10_000, |n| any(n, |_| "currentTxn.date.isWeekend(true)".to_owned())),
];

fn nearly_known(terms: usize) -> String {
    all(terms, |at| format!("currentCustomer.emai==\"{at}\""))
}

fn days(terms: usize) -> String {
    all(terms, |_| "currentTxn.date>=\"2025-10-20\"".to_owned())
}

fn single_equals(terms: usize) -> String {
    all(terms, |at| format!("currentTxn.value={at}"))
}

pub(super) static TREES: &[Shape] = &[
    Shape::one(&REFUSE_TREE, "open brackets", 8_000_000, |n| again("[", n)),
    Shape::one(&REFUSE_TREE, "objects in objects", 600_000, |n| again("{\"operands\":[", n)),
    Shape::one(&REFUSE_TREE, "unknown keys", 500_000, |n| {
        format!("{{\"arity\":\"literal\",{}}}", members(n, |at| format!("\"k{at}\":1")))
    }),
    Shape::one(&REFUSE_TREE, "one key again and again", 400_000, |n| {
        format!("{{\"arity\":\"literal\",{}}}", members(n, |_| "\"value\":\"1\"".to_owned()))
    }),
    Shape::one(&REFUSE_TREE, "a group of many", 150_000, |n| {
        format!("{{\"arity\":\"group\",\"operands\":{}}}", array(n, |_| LITERAL.to_owned()))
    }),
    Shape::one(&REFUSE_TREE, "a call with many arguments", 40_000, |n| {
        let call = tree("currentTxn.basketIncludes(\"brand\",\"a\")");
        let call = call.strip_suffix("]}").unwrap_or_default();
        format!("{call}{}]}}", again(&format!(",{LITERAL}"), n))
    }),
    Shape::one(&REFUSE_TREE, "other types", 10_000, |n| {
        let rule = any(n, |at| format!("currentTxn.value=={at}"));
        tree(&rule).replace("number:primitive", "string:object:primitive")
    }),
    Shape::one(&REFUSE_TREE, "types that are none", 10_000, |n| {
        let rule = any(n, |at| format!("currentTxn.value=={at}"));
        tree(&rule).replace("number:primitive", "numbr")
    }),
    Shape::one(&REFUSE_TREE, "attributes that are nearly known", 10_000, |n| {
        tree(&any(n, |at| format!("currentTxn.value=={at}")))
            .replace("\"value\":\"value\"", "\"value\":\"valu\"")
    }),
    Shape::one(&FIX, "a tree with names spelled otherwise", 8_000, |n| {
        tree(&any(n, |at| format!("currentTxn.value=={at}")))
            .replace("\"value\":\"value\"", "\"value\":\"Value\"")
    }),
];

const LITERAL: &str = r#"{"arity":"literal","value":"a","type":"string:object:primitive"}"#;
