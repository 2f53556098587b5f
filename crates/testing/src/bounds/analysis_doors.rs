//! Doors of analysis, and their shapes: each question is bounded by the work that
//! it may take, and each clause or pair is one.

use std::hint::black_box;

use target_rules::{Rule, Schema};
use target_rules_analysis::{
    Options, Overlaps, SynthesisOptions, diff, diff_three_valued, lint_written, nearest, relations, residual,
    synthesise,
};

use super::door::{Budget, Door, Input, Shape, Task};
use super::parts::{all, any, checked, joined};

pub(super) static DOORS: &[&Door] = &[&DIFF, &LINT, &RELATIONS, &OVERLAPS, &NEAREST, &RESIDUAL, &SYNTHESISE];

static DIFF: Door = Door {
    name: "how two rules differ",
    calls: &["diff", "diff_three_valued"],
    size: "both texts",
    budget: Budget::a_byte(1_000).beside(1024 * 1024).until_a_limit(),
    prepare: |input| {
        let (old, new) = (checked(&input.text), checked(&input.beside));
        Box::new(move || {
            let options = Options::default();
            drop(black_box(diff(&old, &new, &options)));
            drop(black_box(diff_three_valued(&old, &new, &options)));
        })
    },
};

static LINT: Door = Door {
    name: "what in a rule says nothing",
    calls: &["lint", "lint_written"],
    size: "the text",
    budget: Budget::a_byte(1_000).beside(1024 * 1024).until_a_limit(),
    prepare: |input| {
        let rule = checked(&input.text);
        Box::new(move || {
            drop(black_box(lint_written(&rule, &input.text, &Schema::standard(), &Options::default())));
        })
    },
};

static RELATIONS: Door = Door {
    name: "which rules say what others say",
    calls: &["relations"],
    size: "the rules",
    budget: Budget::a_byte(1_000).beside(1024 * 1024).until_a_limit(),
    prepare: |input| {
        let rules = lines(&input);
        Box::new(move || {
            drop(black_box(relations(&rules.iter().collect::<Vec<_>>(), &Options::default())));
        })
    },
};

static OVERLAPS: Door = Door {
    name: "which rules are true together",
    calls: &["Overlaps::new", "Overlaps::of"],
    size: "the rules, all pairs of which are asked",
    budget: Budget::a_byte(1_000).beside(1024 * 1024).until_a_limit(),
    prepare: |input| -> Task {
        let rules = lines(&input);
        Box::new(move || {
            let options = Options::default();
            let overlaps = Overlaps::new(rules.iter().collect(), &options);
            for first in 0..rules.len() {
                for second in first + 1..rules.len() {
                    drop(black_box(overlaps.of(first, second)));
                }
            }
        })
    },
};

static NEAREST: Door = Door {
    name: "what makes a rule true",
    calls: &["nearest"],
    size: "the rule and the document",
    budget: Budget::a_byte(1_000).beside(1024 * 1024).until_a_limit(),
    prepare: |input| {
        let rule = checked(&input.text);
        Box::new(move || {
            drop(black_box(nearest(&rule, &input.beside, &Schema::standard(), &Options::default())));
        })
    },
};

static RESIDUAL: Door = Door {
    name: "what is left of a rule",
    calls: &["residual"],
    size: "the rule and the document",
    budget: Budget::a_byte(1_000).beside(1024 * 1024).until_a_limit(),
    prepare: |input| {
        let rule = checked(&input.text);
        Box::new(move || {
            drop(black_box(residual(&rule, &input.beside, &Schema::standard(), &Options::default())));
        })
    },
};

static SYNTHESISE: Door = Door {
    name: "which rule tells documents apart",
    calls: &["synthesise"],
    size: "the documents, half of which shall count",
    budget: Budget::a_byte(1_000).beside(1024 * 1024).until_a_limit(),
    prepare: |input| {
        Box::new(move || {
            let documents: Vec<&str> = input.text.lines().collect();
            let (counting, others) = documents.split_at(documents.len() / 2);
            drop(black_box(synthesise(counting, others, &Schema::standard(), &SynthesisOptions::default())));
        })
    },
};

fn lines(input: &Input) -> Vec<Rule> {
    input.text.lines().map(checked).collect()
}

fn fields(clauses: usize) -> String {
    all(clauses, |at| format!("currentEvent.zq{at}>1"))
}

fn rules(count: usize, rule: impl Fn(usize) -> String) -> String {
    joined(count, "\n", rule)
}

pub(super) static SHAPES: &[Shape] = &[
    Shape::two(&DIFF, "fields, each once", 4_000, |n| (fields(n), fields(n / 2))),
    Shape::two(&DIFF, "values of one field", 4_000, |n| {
        (any(n, |at| format!("currentTxn.value=={at}")), any(n, |at| format!("currentTxn.value=={}", at * 2)))
    }),
    Shape::two(&DIFF, "alternatives of two fields", 2_000, |n| {
        let pairs = |n| any(n, |at| format!("(currentEvent.zq{at}>1&&currentEvent.zr{at}>2)"));
        (pairs(n), pairs(n / 2))
    }),
    Shape::one(&LINT, "fields, each once", 4_000, fields),
    Shape::one(&LINT, "bounds of one field", 4_000, |n| all(n, |at| format!("currentTxn.value>{at}"))),
    Shape::one(&LINT, "one clause again and again", 4_000, |n| all(n, |_| "currentTxn.value>1".to_owned())),
    Shape::one(&RELATIONS, "each narrower than the one before", 10_000, |n| {
        rules(n, |at| format!("currentTxn.value>{at}"))
    }),
    Shape::one(&RELATIONS, "one rule again and again", 10_000, |n| {
        rules(n, |_| "currentTxn.value>1".to_owned())
    }),
    Shape::one(&OVERLAPS, "each by itself", 500, |n| rules(n, |at| format!("currentTxn.value=={at}"))),
    Shape::one(&OVERLAPS, "fields, each once", 500, |n| rules(n, |at| format!("currentEvent.zq{at}>1"))),
    Shape::two(&NEAREST, "numbers of which none is enough", 4_000, |n| {
        (
            format!("{}&&currentCustomer.slabName==\"x\"", any(n, |at| format!("currentTxn.value=={at}"))),
            BILL.to_owned(),
        )
    }),
    Shape::two(&NEAREST, "values, each of which must change", 4_000, |n| {
        (all(n, |at| format!("currentTxn.basketQty(\"a\",\"{at}\")>=1")), BILL.to_owned())
    }),
    Shape::two(&NEAREST, "minutes and days of a date", 1_000, |n| {
        let asked = |at: usize| {
            format!(
                "currentTxn.date.dateDiff(\"2024-01-01\")!={at}&&currentTxn.date.isHourBetween({},{})",
                at % 23,
                at % 23 + 1
            )
        };
        (all(n, asked), BILL.to_owned())
    }),
    Shape::two(&NEAREST, "a document of many items", 10_000, |n| {
        let items = joined(n, ",", |at| format!(r#"{{"qty":{at}}}"#));
        let rule = "currentTxn.value>5&&currentTxn.basketQty(\"a\",\"b\")>5&&currentCustomer.slabName==\"x\"";
        (rule.to_owned(), format!(r#"{{"currentTxn":{{"value":1,"lineItems":[{items}]}}}}"#))
    }),
    Shape::two(&RESIDUAL, "clauses, half of them known", 4_000, |n| {
        let clause = |at| format!("(currentTxn.value=={at}||currentEvent.zq{at}>1)");
        (all(n, clause), BILL.to_owned())
    }),
    Shape::two(&RESIDUAL, "containers", 1_000, |n| {
        let clause = |at| format!("currentCustomer.customFieldValueIncludes(\"f\",\"{at}\")");
        (any(n, clause), BILL.to_owned())
    }),
    Shape::one(&SYNTHESISE, "documents, each with a number", 100, |n| {
        joined(n, "\n", |at| format!(r#"{{"currentTxn":{{"value":{at},"discount":{}}}}}"#, at * 7 % 13))
    }),
    Shape::one(&SYNTHESISE, "items of many brands", 300, |n| {
        let items = joined(n, ",", |at| format!(r#"{{"qty":1,"attributes":{{"brand":"b{at}"}}}}"#));
        format!("{{}}\n{{\"currentTxn\":{{\"lineItems\":[{items}]}}}}")
    }),
];

const BILL: &str = r#"{"currentTxn":{"value":17,"date":"2024-07-31T12:20:20Z","lineItems":[{"qty":1}]}}"#;
