//! Promises of mappings, and of documents that are read by one.

use std::sync::LazyLock;

use target_rules::diagnostic::{Code, Form, Source};
use target_rules::{Ast, Layout, Limits, Rule, Schema, Transaction, Zone};
use target_rules_mapping::{Mapped, MappedReader, Mapping, ReadyMade, Rewritten, infer};

use super::inputs::{must, text_of};
use super::refusals::is_a_refusal;

/// What is asked of documents: something of every kind that a mapping has a place
/// for.
const RULES: [&str; 10] = [
    "currentTxn.value > 500 && currentTxn.discount == 0",
    "currentTxn.date.isWeekend()",
    r#"currentTxn.customFieldValueIncludes("a", "b")"#,
    r#"currentTxn.extField_a == "b""#,
    r#"currentCustomer.slabName == "Gold""#,
    r#"currentTxn.basketQty("brand", "Puma") >= 2"#,
    r#"currentTxn.basketIncludes("a", "b")"#,
    r#"currentLineItem.qty > 1 && currentLineItem.extField_a == "b""#,
    r#"tenderProfile.code == "CARD""#,
    "returnBill.date.isWeekend()",
];

static RULES_CHECKED: LazyLock<Vec<Rule>> =
    LazyLock::new(|| RULES.iter().map(|rule| checked(rule)).collect());

/// A mapping is read or refused for a reason. What it writes of itself is the same
/// mapping; and whatever text it is, a draft that is made of it is a mapping.
pub fn mapping_in(data: &[u8]) {
    let file = text_of(data);
    let (schema, limits) = (Schema::standard(), Limits::default());
    match Mapping::read(file, &schema, &limits) {
        Ok(mapping) => {
            let written = serde_json::to_string(&mapping).unwrap_or_default();
            match Mapping::read(written.as_str(), &schema, &limits) {
                Ok(again) => assert!(again == mapping, "what is written is another mapping: {file}"),
                Err(refused) => panic!("what is written is refused: {refused}: {file}"),
            }
            let layout = Layout::of(RULES_CHECKED.iter());
            let reader = MappedReader::new(&mapping, &layout);
            alike(&mapping, &reader, "{}");
            alike(&mapping, &reader, r#"{"a": "b", "c": {"d": [1, {"e": null}]}, "total": "1.234,50"}"#);
        }
        Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, file)]),
    }
    match infer(file, &schema, &limits) {
        Ok(draft) => {
            let written = serde_json::to_string(&draft.mapping).unwrap_or_default();
            if let Err(refused) = Mapping::read(written.as_str(), &schema, &limits) {
                panic!("a draft is refused: {refused}: {written}: {file}");
            }
        }
        Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, file)]),
    }
}

/// A document is read by each of the ready-made mappings, or refused for a reason;
/// what is read is what its standard document says.
pub fn mapped_in(data: &[u8]) {
    static READERS: LazyLock<Vec<(Mapping, MappedReader)>> = LazyLock::new(|| {
        let layout = Layout::of(RULES_CHECKED.iter());
        let made = ReadyMade::ALL.iter().filter_map(|ready| Mapping::ready_made(ready.name));
        made.map(|mapping| (mapping.clone(), MappedReader::new(&mapping, &layout))).collect()
    });
    for (mapping, reader) in READERS.iter() {
        alike(mapping, reader, text_of(data));
    }
}

fn alike(mapping: &Mapping, reader: &MappedReader, document: &str) {
    let limits = Limits::default();
    let mut read = reader.layout().blank();
    let done = reader.read_into(document, &limits, &mut read);
    // Once more with what was learned of it.
    let again = reader.read_into(document, &limits, &mut read);
    assert!(done == again, "a second time it is {again:?}, not {done:?}: {document}");
    let standard = match (done, mapping.rewrite(document, &limits)) {
        (Ok(Mapped::Skipped), Ok(Rewritten::Skipped)) => return,
        (Ok(Mapped::Bill), Ok(Rewritten::Bill(standard))) => standard,
        (Ok(Mapped::Return(kept)), Ok(Rewritten::Return(standard))) if kept == standard => standard,
        // Which values a layout reads decides which faults are met.
        (_, Err(refused)) => return is_a_refusal(&refused, &[Source::new(Form::Payload, document)]),
        (Err(_), Ok(_)) => return,
        (done, rewritten) => panic!("it is {done:?}, and written {rewritten:?}: {document}"),
    };
    match reader.layout().read(standard.as_str(), &limits) {
        Ok(plain) => assert!(decided(&plain) == decided(&read), "{standard} decides otherwise: {document}"),
        // It nests a little deeper, and may be longer.
        Err(refused) if refused.iter().all(|fault| fault.code == Code::Limit) => {}
        Err(refused) => panic!("{standard} is refused: {refused}: {document}"),
    }
}

fn checked(rule: &str) -> Rule {
    let limits = Limits::default();
    let ast = must(Ast::from_text(rule, &limits), rule);
    must(ast.check(&Schema::standard(), &limits).into_rule(), rule)
}

fn decided(transaction: &Transaction) -> Vec<String> {
    RULES_CHECKED.iter().map(|rule| format!("{:?}", rule.decide(transaction, &Zone::UTC))).collect()
}
