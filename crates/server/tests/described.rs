//! Answers are as the description of the service says: every key is one that it
//! names, with a value of its type, and none is missing that must be there.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::collections::BTreeSet;

use harness::Server;
use serde_json::{Value, json};

/// Holds values to schemas, and remembers which named ones were met.
struct Description {
    document: Value,
    met: BTreeSet<String>,
}

impl Description {
    /// What is wrong with a value, with its place.
    fn faults(&mut self, schema: &Value, value: &Value, place: &str) -> Vec<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            self.met.insert(name.to_owned());
            let named = self.document["components"]["schemas"][name].clone();
            return self.faults(&named, value, place);
        }
        if let Some(any) = schema["oneOf"].as_array() {
            let each: Vec<_> = any.iter().map(|one| self.faults(one, value, place)).collect();
            return if each.iter().any(Vec::is_empty) { Vec::new() } else { each.concat() };
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
            // Any JSON.
            _ => return Vec::new(),
        };
        let found = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let is_number = found == "integer" && types.contains(&"number");
        if !types.contains(&found) && !is_number {
            return vec![format!("{place}: {found} is none of {types:?}")];
        }
        match value {
            Value::Array(entries) => {
                let held = entries.iter().enumerate();
                held.flat_map(|(at, one)| self.faults(&schema["items"], one, &format!("{place}/{at}")))
                    .collect()
            }
            Value::Object(members) if schema["properties"].is_object() => {
                let needed = schema["required"].as_array().cloned().unwrap_or_default();
                let missing =
                    needed.iter().filter_map(Value::as_str).filter(|key| !members.contains_key(*key));
                let mut faults: Vec<String> = missing.map(|key| format!("{place}: no `{key}`")).collect();
                for (key, one) in members {
                    let place = format!("{place}/{key}");
                    match schema["properties"].get(key).cloned() {
                        Some(schema) => faults.extend(self.faults(&schema, one, &place)),
                        None => faults.push(format!("{place}: the description has no such key")),
                    }
                }
                faults
            }
            Value::String(text) => match schema["enum"].as_array() {
                Some(known) if !known.iter().any(|one| one == text) => vec![format!("{place}: `{text}`")],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

const GROUP: &str = r#"{"id": 7, "name": "Spring", "targetEvaluationType": "FIXED_CALENDAR_WINDOW", "trackingType": "UNIFIED",
    "unifiedTargetExpression": {"ruleExpression": "(50 | 51)", "aggregation": "SUM", "thresholdValue": 7.5},
    "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-12-31"}],
    "targets": [{"id": 50, "name": "Shoes", "targetType": "SALES", "targetEntity": "TRANSACTION",
        "expression": "currentTxn.value/currentTxn.discount>50", "defaultValues": [{"periodId": 3, "defaultValue": 5}]},
        {"id": 51, "targetType": "COUNT", "targetEntity": "TRANSACTION", "expression": "currentTxn.value>50",
        "defaultValues": [{"periodId": 3, "defaultValue": 5}]}]}"#;

fn bill(number: &str, more: &str) -> String {
    format!(
        "{{\"currentCustomer\": {{\"id\": 1}}, \"currentTxn\": {{\"number\": \"{number}\", \
         \"date\": \"2026-02-07\", {more}}}}}"
    )
}

#[test]
fn answers_are_as_they_are_described() {
    let server = Server::start(&[]);
    let document: Value = serde_json::from_str(&server.get("/openapi.json").text).unwrap();
    let mut description = Description { document, met: BTreeSet::new() };
    let good = bill("n-1", "\"value\": 100.5, \"discount\": 1");
    let (fault, absent) = (bill("n-2", "\"value\": 7, \"discount\": 0"), bill("n-3", "\"discount\": 0"));
    let returned = r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "r-1", "date": "2026-02-08"},
        "returnBill": {"number": "n-9", "value": 3}}"#;
    let batch = format!("[{good}, {fault}, {absent}, {returned}, {{}}]");
    let enrolment = r#"{"targetId": 50, "periodId": 3, "value": 7.5, "enrolledOn": "2026-01-01"}"#;
    for (method, path, filled, body, status) in [
        ("post", "/v3/targetGroups", "/v3/targetGroups", GROUP, "201"),
        ("post", "/v3/users/{userId}/enrolments", "/v3/users/1/enrolments", enrolment, "201"),
        ("post", "/v3/users/{userId}/enrolments", "/v3/users/1/enrolments", r#"{"targetId": 51}"#, "201"),
        ("post", "/v3/users/{userId}/enrolments", "/v3/users/1/enrolments", "{", "400"),
        ("get", "/v3/users/{userId}/enrolments", "/v3/users/1/enrolments", "", "200"),
        ("post", "/v3/enrolments", "/v3/enrolments", r#"[{"userId": 2, "targetId": 51}, {}]"#, "200"),
        ("post", "/v3/transactions", "/v3/transactions?dryRun=true", &fault, "200"),
        ("post", "/v3/transactions", "/v3/transactions?dryRun=true", &absent, "200"),
        ("post", "/v3/transactions", "/v3/transactions", r#"{"currentTxn": {"valu": []}}"#, "400"),
        (
            "post",
            "/v3/transactions/batch",
            "/v3/transactions/batch?decisions=true&progress=true",
            &batch,
            "200",
        ),
        ("post", "/v3/transactions", "/v3/transactions", &good, "200"),
        ("get", "/v3/users/{userId}/progress", "/v3/users/1/progress", "", "200"),
        ("post", "/v3/users/{userId}/targets/{targetId}/why", "/v3/users/1/targets/51/why", &fault, "200"),
        ("post", "/v3/users/{userId}/targets/{targetId}/why", "/v3/users/1/targets/51/why", "", "400"),
        ("post", "/v3/targets", "/v3/targets", r#"{"expression": "currentTxn.valu>5"}"#, "400"),
        ("post", "/v3/expressions", "/v3/expressions", r#"{"expression": "currentTxn.valu>5"}"#, "200"),
        ("get", "/v3/users/{userId}/export", "/v3/users/1/export", "", "200"),
        ("delete", "/v3/users/{userId}/enrolments/{targetId}", "/v3/users/1/enrolments/50", "", "200"),
        ("get", "/v3/users", "/v3/users", "", "200"),
        ("get", "/v3/targets", "/v3/targets", "", "200"),
    ] {
        let answer = server.ask(&server.admin, &method.to_uppercase(), filled, body);
        assert_eq!(answer.status.to_string(), status, "{method} {filled}: {}", answer.text);
        let responses = description.document["paths"][path][method]["responses"].clone();
        let schema = &responses[status]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {path} describes no answer {status}: {responses}");
        let value: Value = serde_json::from_str(&answer.text).unwrap();
        let faults = description.faults(schema, &value, "");
        assert_eq!(faults, Vec::<String>::new(), "{method} {filled}: {}", answer.text);
    }
    for name in [
        "Progress",
        "UnifiedProgress",
        "Standing",
        "NotCounted",
        "Reason",
        "RuleFault",
        "Envelope_Enrolment",
        "Envelope_Why",
        "Diagnostic",
    ] {
        assert!(description.met.contains(name), "no answer has a {name}: {:?}", description.met);
    }
    assert_ne!(
        description.faults(&json!({"$ref": "#/components/schemas/Span"}), &json!({"start": 1}), ""),
        [""; 0]
    );
}
