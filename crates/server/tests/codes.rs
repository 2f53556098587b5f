//! Each code that the law of targets lists, with requests that come to it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::collections::BTreeSet;
use std::path::Path;

use harness::Server;

/// Two groups, each with a period and a target of its own.
const SHOES: &str = r#"{"id": 7, "name": "Shoes",
    "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}],
    "targets": [{"id": 50, "name": "Bills", "targetType": "SALES", "targetEntity": "TRANSACTION",
        "expression": "true", "defaultValues": [{"defaultValue": 5}]}]}"#;
const HATS: &str = r#"{"id": 8, "name": "Hats",
    "periods": [{"id": 9, "startDate": "2026-04-01", "endDate": "2026-06-30"}],
    "targets": [{"id": 60, "name": "Bills", "targetType": "SALES", "targetEntity": "TRANSACTION",
        "expression": "true", "defaultValues": [{"defaultValue": 5}]}]}"#;

/// A group that is switched off, with its target.
const OFF: &str = r#"{"id": 9, "name": "Off", "active": false,
    "periods": [{"id": 12, "startDate": "2026-01-01", "endDate": "2026-03-31"}],
    "targets": [{"id": 70, "name": "Bills", "targetType": "SALES", "targetEntity": "TRANSACTION",
        "expression": "true", "defaultValues": [{"defaultValue": 5}]}]}"#;

/// The codes that the law lists. Where the law itself is there, this is held to it.
const LISTED: [u64; 16] = [
    300_004, 310_008, 310_011, 310_017, 310_018, 310_019, 310_033, 310_069, 310_079, 310_092, 310_094,
    310_118, 310_119, 310_130, 310_132, 310_149,
];

/// A request of an admin, and the code that comes: method, path, body.
const REQUESTS: &[(u64, &str, &str, &str)] = &[
    (300_004, "GET", "/v3/users/7/enrolledTargets?trackingDate=x", ""),
    (310_011, "GET", "/v3/users/x/enrolledTargets", ""),
    (310_130, "GET", "/v3/users/7/enrolledTargets?enrollmentType=x", ""),
    (310_017, "POST", "/v3/targets", r#"{"targetGroupId": 99, "name": "a", "expression": "true"}"#),
    (310_017, "GET", "/v3/targetGroups/99", ""),
    // Inactive, and not missing.
    (310_017, "POST", "/v3/users/7/enrolments", r#"{"targetId": 70}"#),
    (310_017, "POST", "/v3/users/7/enrolments", r#"{"targetId": 70, "targetGroupId": 9, "periodId": 12}"#),
    (310_018, "POST", "/v3/users/7/enrolments", r#"{"targetId": 99}"#),
    (310_019, "POST", "/v3/users/7/enrolments", r#"{"targetId": 50, "periodId": 99}"#),
    (310_118, "POST", "/v3/users/7/enrolments", r#"{"targetId": 50, "periodId": 9}"#),
    (310_079, "POST", "/v3/users/7/enrolments", r#"{"targetId": 50, "targetGroupId": 8}"#),
    (310_119, "POST", "/v3/users/8/enrolments", r#"{"targetId": 50}"#),
    (310_149, "DELETE", "/v3/users/7/enrolments/50", ""),
    (
        310_033,
        "POST",
        "/v3/targets",
        r#"{"name": "a", "expression": "true", "targetType": "SALES", "targetEntity": "EVENT"}"#,
    ),
    (310_069, "POST", "/v3/targetGroups", r#"{"name": "Shoes", "targets": []}"#),
    (
        310_094,
        "POST",
        "/v3/targets",
        r#"{"name": "a", "expression": "true", "targetType": "EXTENDED_FIELD", "targetEntity": "TRANSACTION"}"#,
    ),
    (
        310_092,
        "POST",
        "/v3/targets",
        r#"{"name": "a", "expression": "true", "targetType": "EXTENDED_FIELD", "targetEntity": "TRANSACTION",
            "extendedFieldInfo": {"name": 7}}"#,
    ),
    (
        310_132,
        "POST",
        "/v3/targetGroups",
        r#"{"name": "a", "targetEvaluationType": "CYCLIC_WINDOW", "recurringCycles": 13, "targets": [{"name": "a", "expression": "true",
            "targetType": "SALES", "targetEntity": "TRANSACTION"}]}"#,
    ),
];

#[test]
fn each_code_of_the_law_is_what_some_request_comes_to() {
    let server = Server::start(&[]);
    for group in [SHOES, HATS, OFF] {
        let made = server.ask(&server.admin, "POST", "/v3/targetGroups", group);
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let enrolled = server.ask(&server.admin, "POST", "/v3/users/8/enrolments", r#"{"targetId": 50}"#);
    assert_eq!(enrolled.status, 201, "{}", enrolled.text);
    let mut wrong = Vec::new();
    let mut came = BTreeSet::new();
    let long = format!(r#"{{"name": "{}", "expression": "true"}}"#, "x".repeat(201));
    for (expected, method, path, body) in REQUESTS.iter().chain(&[(310_008, "POST", "/v3/targets", &*long)]) {
        let answer = server.ask(&server.admin, method, path, body);
        if (answer.status, answer.json()["errors"][0]["code"].as_u64()) != (400, Some(*expected)) {
            wrong.push(format!("not {expected}: {method} {path} {body}: {} {}", answer.status, answer.text));
        }
        came.insert(*expected);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(came, BTreeSet::from(LISTED));
    let law = std::env::var_os("TARGET_RULES_SHARED").map(|shared| Path::new(&shared).join("targets.md"));
    let Some(law) = law else {
        return target_rules_testing::skipped(
            "codes were not held to the law of targets: TARGET_RULES_SHARED names no folder that has it",
        );
    };
    let law = std::fs::read_to_string(&law).unwrap_or_else(|error| panic!("{}: {error}", law.display()));
    let (_, table) = law.split_once("## Codes").unwrap();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
    let listed: BTreeSet<u64> =
        cells.flat_map(|cell| cell.split('/')).filter_map(|code| code.trim().parse().ok()).collect();
    assert_eq!(came, listed);
}
