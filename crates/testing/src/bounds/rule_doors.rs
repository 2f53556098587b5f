//! Doors of one rule: its two forms, and what is made of it.

use std::hint::black_box;

use target_rules::check::{check_forms, fix};
use target_rules::diagnostic::{Artifact, Colour, Form, SarifLog, Source};
use target_rules::rule::TreeStyle;
use target_rules::value::Pattern;
use target_rules::{Ast, Diagnostics, Layout, Limits, Schema, Zone, render};

use super::door::{Budget, Door, Input, Task};
use super::parts::{checked, quoted, read};

pub(super) static DOORS: &[&Door] = &[
    &CHECK_TEXT,
    &CHECK_TREE,
    &CHECK_FORMS,
    &CHECK_NAMES,
    &REFUSE_TEXT,
    &REFUSE_TREE,
    &FIX,
    &PRINT,
    &PRINT_PRETTY,
    &DESCRIBE,
    &REFERENCES,
    &COMPILE,
    &DECIDE,
    &EXPLAIN,
    &PATTERN,
    &PATTERNS,
    &SCHEMA,
];

pub(super) static CHECK_TEXT: Door = Door {
    name: "check of a text",
    calls: &["Ast::from_text", "Ast::check"],
    size: "the text",
    budget: Budget::a_byte(320),
    prepare: |input| Box::new(move || drop(black_box(checked(&input.text)))),
};

pub(super) static CHECK_TREE: Door = Door {
    name: "check of a tree",
    calls: &["Ast::from_tree", "Ast::check"],
    size: "the tree",
    budget: Budget::a_byte(64),
    prepare: |input| {
        Box::new(move || {
            let rule = read(Form::Tree, &input.text);
            drop(black_box(rule.unwrap_or_else(|refused| panic!("{refused}"))));
        })
    },
};

pub(super) static CHECK_FORMS: Door = Door {
    name: "check of both forms",
    calls: &["check_forms"],
    size: "the text and the tree",
    budget: Budget::a_byte(320),
    prepare: |input| {
        Box::new(move || {
            let (schema, limits) = (Schema::standard(), Limits::default());
            let rule = check_forms(Some(&input.text), Some(&input.beside), &schema, &limits);
            drop(black_box(rule.unwrap_or_else(|refused| panic!("{refused}"))));
        })
    },
};

pub(super) static CHECK_NAMES: Door = Door {
    name: "check against a schema file",
    calls: &["Ast::check"],
    size: "the text and the schema file",
    budget: Budget::a_byte(320),
    prepare: |input| {
        let limits = Limits::default();
        let ast = Ast::from_text(input.text.as_str(), &limits).unwrap_or_else(|refused| panic!("{refused}"));
        let schema = Schema::standard().with(input.beside.as_str(), &limits);
        let schema = schema.unwrap_or_else(|refused| panic!("{refused}"));
        Box::new(move || drop(black_box(ast.check(&schema, &limits))))
    },
};

pub(super) static REFUSE_TEXT: Door = Door {
    name: "diagnostics of a text",
    calls: &["Ast::from_text", "Ast::check", "render", "SarifLog::add"],
    size: "the text",
    budget: Budget::a_byte(320),
    prepare: |input| refusal(Form::Dsl, input),
};

pub(super) static REFUSE_TREE: Door = Door {
    name: "diagnostics of a tree",
    calls: &["Ast::from_tree", "Ast::check", "render", "SarifLog::add"],
    size: "the tree",
    budget: Budget::a_byte(320),
    prepare: |input| refusal(Form::Tree, input),
};

pub(super) static FIX: Door = Door {
    name: "repairs of a rule",
    calls: &["check::fix"],
    size: "the rule",
    budget: Budget::a_byte(320),
    prepare: |input| {
        Box::new(move || drop(black_box(fix(&input.text, &Schema::standard(), &Limits::default()))))
    },
};

pub(super) static PRINT: Door = Door {
    name: "a rule as text and tree",
    calls: &["Rule::to_text", "Rule::to_tree"],
    size: "the text",
    // A tree that nests deep is written up to the limit on trees, whatever the text.
    budget: Budget::a_byte(100).beside(32 * 1024 * 1024),
    prepare: |input| {
        let (rule, limits) = (checked(&input.text), Limits::default());
        Box::new(move || {
            black_box(rule.to_text());
            for style in [TreeStyle::Compact, TreeStyle::Spaced] {
                drop(black_box(rule.to_tree(style, limits.rule_tree)));
            }
        })
    },
};

pub(super) static PRINT_PRETTY: Door = Door {
    name: "a rule as a tree with indentation",
    calls: &["Rule::to_tree"],
    size: "the text",
    // A chain nests as deep as it is long, and each line is indented as deep.
    budget: Budget::a_byte(100).beside(32 * 1024 * 1024).until_a_limit(),
    prepare: |input| {
        let (rule, limits) = (checked(&input.text), Limits::default());
        Box::new(move || drop(black_box(rule.to_tree(TreeStyle::Pretty, limits.rule_tree))))
    },
};

pub(super) static DESCRIBE: Door = Door {
    name: "a rule in plain English",
    calls: &["Rule::describe"],
    size: "the text",
    budget: Budget::a_byte(320),
    prepare: |input| {
        let rule = checked(&input.text);
        Box::new(move || {
            black_box(rule.describe().as_str().len());
        })
    },
};

pub(super) static REFERENCES: Door = Door {
    name: "what a rule reads",
    calls: &["Rule::references", "Rule::named_references"],
    size: "the text",
    budget: Budget::a_byte(320),
    prepare: |input| {
        let rule = checked(&input.text);
        Box::new(move || {
            black_box(rule.references());
            black_box(rule.named_references(&Schema::standard()));
        })
    },
};

pub(super) static COMPILE: Door = Door {
    name: "a rule compiled",
    calls: &["Rule::condition", "Layout::of", "Layout::compile"],
    size: "the text",
    budget: Budget::a_byte(320),
    prepare: |input| {
        let rule = checked(&input.text);
        Box::new(move || {
            let layout = Layout::of([&rule]);
            drop(black_box(layout.compile(&rule).unwrap_or_else(|refused| panic!("{refused}"))));
        })
    },
};

pub(super) static DECIDE: Door = Door {
    name: "one rule decided",
    calls: &["Rule::decide", "Rule::lacking_items", "Rule::lacking_lists"],
    size: "the text and the document",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let (rule, limits) = (checked(&input.beside), Limits::default());
        let read = Layout::of([&rule]).read(input.text.as_str(), &limits);
        let transaction = read.unwrap_or_else(|refused| panic!("{refused}"));
        Box::new(move || {
            black_box(rule.decide(&transaction, &Zone::UTC));
            black_box(rule.lacking_items(&transaction, &Zone::UTC));
            black_box(rule.lacking_lists(&transaction, &Zone::UTC));
        })
    },
};

pub(super) static EXPLAIN: Door = Door {
    name: "an explanation",
    calls: &["Rule::explain", "Explanation::to_text", "Explanation::to_html"],
    size: "the text and the document",
    budget: Budget::a_byte(320),
    prepare: |input| {
        let (rule, limits) = (checked(&input.beside), Limits::default());
        let read = Layout::of([&rule]).read(input.text.as_str(), &limits);
        let transaction = read.unwrap_or_else(|refused| panic!("{refused}"));
        Box::new(move || {
            let explanation = rule.explain(&transaction, &Zone::UTC);
            black_box(explanation.to_text(Colour::Off).len() + explanation.to_html().len());
            black_box(explanation.missing());
            drop(black_box(serde_json::to_string(&explanation)));
        })
    },
};

pub(super) static SCHEMA: Door = Door {
    name: "a schema file",
    calls: &["Schema::with"],
    size: "the file",
    budget: Budget::a_byte(24).beside(512 * 1024),
    prepare: |input| {
        Box::new(move || {
            // Where it is refused, its faults are what is measured.
            match Schema::standard().with(input.text.as_str(), &Limits::default()) {
                Ok(schema) => drop(black_box(serde_json::to_string(&schema))),
                Err(refused) => shown(&refused, &Source::new(Form::Payload, input.text)),
            }
        })
    },
};

pub(super) static PATTERN: Door = Door {
    name: "a regular expression",
    calls: &["Pattern::is_match", "Rule::decide"],
    size: "the text that it is asked of",
    budget: Budget::a_byte(1).beside(2 * 1024 * 1024),
    prepare: |input| {
        let rule = checked(&format!("currentTxn.notes.matches({})", quoted(&input.beside)));
        let document = format!("{{\"currentTxn\":{{\"notes\":{}}}}}", quoted(&input.text));
        let read = Layout::of([&rule]).read(document.as_str(), &Limits::default());
        let transaction = read.unwrap_or_else(|refused| panic!("{refused}"));
        Box::new(move || drop(black_box(rule.decide(&transaction, &Zone::UTC))))
    },
};

pub(super) static PATTERNS: Door = Door {
    name: "regular expressions together",
    calls: &["Pattern::compile"],
    size: "all of them",
    // What all of them hold, and what the thread keeps that asks them.
    budget: Budget::a_byte(64).beside(100 * 1024 * 1024),
    prepare: |input| {
        Box::new(move || {
            let compile = |text| Pattern::compile(text, false, Pattern::COMPILED_SIZE, Pattern::STATES);
            let patterns = input.text.lines().map(compile);
            let patterns: Vec<_> =
                patterns.map(|pattern| pattern.unwrap_or_else(|refused| panic!("{refused}"))).collect();
            for pattern in &patterns {
                black_box(pattern.is_match("abbaab Brand12"));
            }
        })
    },
};

/// A rule that is refused, or warned of, with all that is said of it.
fn refusal(form: Form, input: Input) -> Task {
    Box::new(move || {
        let limits = Limits::default();
        let ast = match form {
            Form::Tree => Ast::from_tree(input.text.as_str(), &limits),
            _ => Ast::from_text(input.text.as_str(), &limits),
        };
        let found = match ast {
            Ok(ast) => ast.check(&Schema::standard(), &limits).diagnostics().clone(),
            Err(refused) => refused,
        };
        assert!(!found.is_empty(), "nothing is found in {}", &input.text[..input.text.len().min(200)]);
        shown(&found, &Source::new(form, input.text));
    })
}

/// What people and programs are shown of diagnostics.
pub(super) fn shown(found: &Diagnostics, source: &Source) {
    let (artifact, mut log) = (Artifact::new("rule", source), SarifLog::new());
    for diagnostic in found {
        black_box(render(diagnostic, source, "rule", Colour::On).len());
        log.add(&artifact, diagnostic, |span| span, None);
    }
    drop(black_box(serde_json::to_string(&log)));
    drop(black_box(serde_json::to_string(found)));
}
