//! Doors of mappings, and shapes of mappings and of documents that they read.

use std::hint::black_box;

use target_rules::diagnostic::{Form, Source};
use target_rules::{Layout, Limits, Schema};
use target_rules_mapping::{MappedReader, Mapping, infer};

use super::door::{Budget, Door, Shape};
use super::parts::{array, checked, joined, members};
use super::rule_doors::shown;

pub(super) static DOORS: &[&Door] = &[&FILE, &READ, &REWRITE, &INFER];

static FILE: Door = Door {
    name: "a mapping",
    calls: &["Mapping::read"],
    size: "the file",
    budget: Budget::a_byte(250).beside(512 * 1024),
    prepare: |input| {
        Box::new(move || match Mapping::read(input.text.as_str(), &Schema::standard(), &Limits::default()) {
            Ok(mapping) => drop(black_box(MappedReader::new(&mapping, &Layout::of([])))),
            Err(refused) => shown(&refused, &Source::new(Form::Payload, input.text)),
        })
    },
};

static READ: Door = Door {
    name: "a document read by a mapping",
    calls: &["MappedReader::read_into"],
    size: "the document",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let reader = MappedReader::new(&mapping(), &layout());
        Box::new(move || {
            let mut transaction = reader.layout().blank();
            for _ in 0..2 {
                let read = reader.read_into(input.text.as_str(), &Limits::default(), &mut transaction);
                drop(black_box(read.unwrap_or_else(|refused| panic!("{refused}"))));
            }
        })
    },
};

static REWRITE: Door = Door {
    name: "a document written as a standard one",
    calls: &["Mapping::rewrite"],
    size: "the document",
    budget: Budget::a_byte(400),
    prepare: |input| {
        let mapping = mapping();
        Box::new(move || {
            let written = mapping.rewrite(input.text.as_str(), &Limits::default());
            drop(black_box(written.unwrap_or_else(|refused| panic!("{refused}"))));
        })
    },
};

static INFER: Door = Door {
    name: "a mapping drafted",
    calls: &["infer"],
    size: "the sample",
    budget: Budget::a_byte(400).beside(16 * 1024 * 1024),
    prepare: |input| {
        Box::new(move || {
            let draft = infer(input.text.as_str(), &Schema::standard(), &Limits::default());
            drop(black_box(draft.unwrap_or_else(|refused| panic!("{refused}"))));
        })
    },
};

fn mapping() -> Mapping {
    let file = r#"{"document": {"currentTxn": {
        "value": {"at": "/total", "decimal": ","},
        "customFields": {"*": {"at": "/notes", "name": "k", "value": "v"}},
        "extendedFields": {"*": "/more"},
        "lineItems": {"at": "/lines", "qty": "/n", "attributes": {"*": "/facts"}}}}}"#;
    let read = Mapping::read(file, &Schema::standard(), &Limits::default());
    read.unwrap_or_else(|refused| panic!("{refused}"))
}

fn layout() -> Layout {
    let rules = [
        "currentTxn.value > 500",
        r#"currentTxn.customFieldValueIncludes("k7", "x")"#,
        r#"currentTxn.extField_k7 == "x""#,
        r#"currentTxn.basketQty("brand", "Puma") > 1"#,
    ];
    Layout::of(&rules.map(checked))
}

pub(super) static SHAPES: &[Shape] = &[
    Shape::one(&FILE, "many fields", 30_000, |n| fields(n, |at| format!("/a/k{at}"))),
    Shape::one(&FILE, "places that lie within each other", 15_000, |n| {
        fields(n, |at| format!("/a{}", "/b".repeat(at % 40)))
    }),
    Shape::one(&FILE, "names that are none", 30_000, |n| {
        format!(r#"{{"document":{{"currentTxn":{{{}}}}}}}"#, members(n, |at| format!("\"zq{at}\":\"/a\"")))
    }),
    Shape::one(&FILE, "a table of values", 50_000, |n| {
        let values = members(n, |at| format!("\"k{at}\":\"v{at}\""));
        format!(r#"{{"document":{{"currentTxn":{{"notes":{{"at":"/a","values":{{{values}}}}}}}}}}}"#)
    }),
    Shape::one(&READ, "items", 9_000, items),
    Shape::one(&READ, "pairs", 9_000, pairs),
    Shape::one(&READ, "keys that no place has", 50_000, keys),
    Shape::one(&REWRITE, "items", 9_000, items),
    Shape::one(&REWRITE, "pairs", 9_000, pairs),
    Shape::one(&REWRITE, "keys of an object of extended fields", 50_000, |n| {
        format!(r#"{{"more":{}}}"#, keys(n))
    }),
    Shape::one(&INFER, "documents, one a line", 40_000, |n| {
        joined(n, "\n", |at| format!(r#"{{"id":{at},"total":"1,5"}}"#))
    }),
    Shape::one(&INFER, "places", 40_000, keys),
    Shape::one(&INFER, "rows", 40_000, |n| {
        format!("id;total\n{}", joined(n, "\n", |at| format!("{at};1,5")))
    }),
];

fn fields(count: usize, place: impl Fn(usize) -> String) -> String {
    let fields = members(count, |at| format!("\"k{at}\":\"{}\"", place(at)));
    format!(r#"{{"document":{{"currentTxn":{{"extendedFields":{{{fields}}}}}}}}}"#)
}

fn items(count: usize) -> String {
    format!(
        r#"{{"lines":{}}}"#,
        array(count, |at| format!(r#"{{"n":{at},"facts":{{"Brand":"Puma","k{at}":"x"}}}}"#))
    )
}

fn pairs(count: usize) -> String {
    format!(r#"{{"notes":{}}}"#, array(count, |at| format!(r#"{{"v":"x{at}","k":"k{at}"}}"#)))
}

fn keys(count: usize) -> String {
    format!("{{{}}}", members(count, |at| format!("\"k{at}\":{at}")))
}
