//! The door of rules as SQL.

use std::hint::black_box;

use target_rules_sql::{Dialect, Options, to_sql};

use super::door::{Budget, Door, Shape};
use super::parts::{all, any, checked, joined};

pub(super) static DOORS: &[&Door] = &[&SQL];

static SQL: Door = Door {
    name: "a rule as SQL",
    calls: &["to_sql"],
    size: "the text",
    // A part that is written often is written up to the bound on the condition.
    budget: Budget::a_byte(400).beside(8 * 1024 * 1024),
    prepare: |input| {
        let rule = checked(&input.text);
        Box::new(move || {
            for dialect in Dialect::ALL {
                drop(black_box(to_sql(&rule, &Options::new(dialect))));
            }
        })
    },
};

pub(super) static SHAPES: &[Shape] = &[
    Shape::one(&SQL, "numbers compared", 16_000, |n| any(n, |at| format!("currentTxn.value=={at}.5"))),
    Shape::one(&SQL, "fields, each once", 10_000, |n| all(n, |at| format!("currentEvent.zq{at}>1"))),
    Shape::one(&SQL, "texts that are written as bytes", 9_000, |n| {
        any(n, |at| format!("currentTxn.notes==\"it's {at} $\""))
    }),
    Shape::one(&SQL, "parts of dates", 7_000, |n| {
        any(n, |at| format!("currentTxn.date.dayOfMonth()=={}", at % 31 + 1))
    }),
    Shape::one(&SQL, "custom fields", 7_000, |n| {
        any(n, |at| format!("currentTxn.customFieldValueIncludes(\"k{at}\",\"x\")"))
    }),
    Shape::one(&SQL, "sums over the basket", 7_000, |n| {
        any(n, |at| format!("currentTxn.basketQty(\"brand\",\"Puma\")>{at}"))
    }),
    Shape::one(&SQL, "a sum that is too long", 20_000, |n| {
        format!("{}>5", joined(n, "+", |_| "currentTxn.value".to_owned()))
    }),
    Shape::one(&SQL, "edges of an interval", 30_000, |n| {
        let edges = joined(n, ",", |at| at.to_string());
        format!("currentTxn.value.interval(\"{edges}\")==3")
    }),
];
