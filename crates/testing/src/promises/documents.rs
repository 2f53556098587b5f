//! Promises of documents with targets, and of ledgers.

use std::sync::LazyLock;

use loyalty_targets::{EnrolledTargets, Enrolments, Ledger, Payload, TargetDocument};
use target_rules::diagnostic::{Form, Source};
use target_rules::{Limits, Schema, Truth, Zone};

use super::forms::survives_every_form;
use super::inputs::{must, text_of};
use super::refusals::is_a_refusal;

/// A payload is read or refused for a reason, and so is each of its targets.
pub fn payload_in(data: &[u8]) {
    let payload = text_of(data);
    let limits = Limits::default();
    let schema = Schema::standard();
    let source = Source::new(Form::Payload, payload);
    let answer = match EnrolledTargets::read(payload, &limits) {
        Ok(answer) => answer,
        Err(refused) => return is_a_refusal(&refused, &[source]),
    };
    let document: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    for (position, target) in answer.data.iter().flatten().enumerate() {
        // Pointers of what is found in a target count from the target.
        let own = document.pointer(&format!("/data/{position}")).map(ToString::to_string);
        match target.check(&schema, &limits) {
            Ok(checked) => survives_every_form(checked.rule()),
            Err(refused) => {
                let text = target.expression.as_ref().map_or("", |expression| expression.text());
                let tree = target.expression_json.as_deref().unwrap_or("");
                let kinds = target.filters.iter().flatten().map(|filter| filter.entity_type.text());
                let mut sources =
                    vec![Source::new(Form::Tree, tree), Source::new(Form::Payload, own.unwrap_or_default())];
                sources.extend(kinds.chain([text]).map(|text| Source::new(Form::Dsl, text)));
                is_a_refusal(&refused, &sources);
            }
        }
    }
}

/// A document of targets is read and written back without loss, or refused for
/// a reason; and each of its targets is checked with places inside it.
pub fn document_in(data: &[u8]) {
    let text = text_of(data);
    let limits = Limits::default();
    let source = Source::new(Form::Payload, text);
    match TargetDocument::read(text, &limits) {
        Ok(document) => {
            let written = must(serde_json::to_string(&document), "a document is written as JSON");
            let again = must(TargetDocument::read(&written, &limits), "what was written is read");
            assert_eq!(again, document, "a document changes on its way through its text");
        }
        Err(refused) => is_a_refusal(&refused, std::slice::from_ref(&source)),
    }
    let group = Payload::read_group(text, &limits);
    // With targets both are the same, and a group may be read without any.
    assert!(group.is_ok() || Payload::read(text, &limits).is_err(), "a payload that holds no group");
    match Payload::read(text, &limits).or(group) {
        Ok(payload) => {
            for report in payload.targets().map(|target| target.check(&Schema::standard(), &limits)) {
                // A group that lists no targets and is only warned of is no target.
                let group = report.ok && report.id.is_none() && report.target.is_none();
                assert!(group || report.ok == report.target.is_some(), "a target is refused for no reason");
                for found in &report.diagnostics {
                    let span = found.file.span;
                    assert!(text.get(span.range()).is_some(), "a place outside the document");
                }
            }
        }
        Err(refused) => is_a_refusal(&refused, &[source]),
    }
}

/// Activities, one a line, are booked in any order with the same state; the
/// state is written and read without loss; and any text is taken up as a state
/// or refused for a reason.
pub fn progress_in(data: &[u8]) {
    let input = text_of(data);
    let limits = Limits::default();
    let mut forth = LEDGER.clone();
    let mut batch = Vec::new();
    for line in input.lines() {
        match forth.read(line, &limits) {
            Ok(activity) => {
                for standing in forth.standings(&activity) {
                    assert!(standing.reason.is_none() || standing.result == Truth::False, "{standing:?}");
                    let explained = forth.explain_target(standing.target_id, line, true, &limits);
                    let explained = must(explained, "what was read is explained");
                    let counts = explained.map(|explained| explained.counts);
                    assert_eq!(counts, Some(standing.result), "an explanation is of another mind");
                }
                batch.extend(forth.weigh(&activity));
            }
            Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, line)]),
        }
    }
    let mut back = forth.clone();
    back.book(batch.iter().rev().cloned());
    forth.book(batch.clone());
    assert_eq!(back.state(), forth.state(), "the order of a batch changes what is booked");
    must(back.resume(&forth.state(), &limits), "a state is read");
    assert_eq!(back.state(), forth.state(), "a state changes on its way through its text");
    // Once more: all of it is known, and so are the cycles that it is from.
    forth.book(batch);
    forth.progress().for_each(|line| assert_eq!(line.reached, line.achieved >= line.defined.into()));
    match back.resume(input, &limits) {
        Ok(_) => {
            let state = back.state();
            must(forth.resume(&state, &limits), "a state is read");
            assert_eq!(forth.state(), state, "a state changes on its way through its text");
        }
        Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, input)]),
    }
}

/// A ledger with windows of every kind.
static LEDGER: LazyLock<Ledger> = LazyLock::new(|| {
    let limits = Limits::default();
    let targets = r#""targets": [
        {"id": ID1, "expression": "true", "targetType": "SALES", "targetEntity": "TRANSACTION", "defaultValues": [{"defaultValue": 5}]},
        {"id": ID2, "expression": "currentLineItem.qty>1", "targetType": "QUANTITY", "targetEntity": "LINEITEM", "defaultValues": [{"defaultValue": 5}]},
        {"id": ID3, "expression": "true", "targetType": "EXTENDED_FIELD", "targetEntity": "TRANSACTION", "defaultValues": [{"defaultValue": 5}],
         "extendedFieldInfo": {"name": "f", "aggregateFunction": "SUM", "aggregateWindow": {"windowType": "MAX", "windowTimeUnit": "DAY"}}}]"#;
    let group = |id: &str, more: &str| format!(r#"{{"id": {id}, {more}, {}}}"#, targets.replace("ID", id));
    let payload = format!(
        r#"{{"data": [{}, {}, {}]}}"#,
        group("1", r#""periods": [{"id": 7, "startDate": "2026-01-01", "endDate": "2026-01-31"}]"#),
        group("2", r#""targetEvaluationType": "CYCLIC_WINDOW", "frequencyType": "DAILY", "offsetDays": 1"#),
        group("3", r#""targetEvaluationType": "PERIOD_AGNOSTIC_WINDOW", "offsetDays": 1"#),
    );
    let payload = must(Payload::read(payload, &limits), "a payload");
    let reports = payload.targets().map(|target| target.check(&Schema::standard(), &limits));
    let targets: Vec<_> =
        reports.map(|report| must(report.target.ok_or("it is refused"), "a target")).collect();
    let enrolments: Vec<String> =
        targets.iter().map(|target| format!(r#"{{"userId": 1, "targetId": {}}}"#, target.id())).collect();
    let enrolments = format!("[{}]", enrolments.join(","));
    let enrolments = must(Enrolments::read(&enrolments, &targets, &limits), "enrolments");
    must(Ledger::new(targets, enrolments, Zone::UTC), "a ledger")
});
