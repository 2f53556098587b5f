//! Documents of targets are read and written back without loss.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use loyalty_targets::{
    EnrolledTargets, EvaluationType, PeriodStatus, Target, TargetDocument, TargetEntity, TargetEntry,
    TargetType, TrackingType, Word,
};
use target_rules::value::DateText;
use target_rules::{Limits, Number};
use target_rules_testing::json::canonical;

fn written_back(text: &str) -> String {
    let document = TargetDocument::read(text, &Limits::default())
        .unwrap_or_else(|refused| panic!("{refused}: {}", &text[..text.len().min(300)]));
    serde_json::to_string(&document).unwrap()
}

/// A group with everything that a platform may write, and more.
const WHOLE: &str = r#"{"data": {"id": 7, "name": "Spring \u00e9", "active": true, "preferredTillId": -1,
  "attribution": {"createdOn": "2026-02-03T09:15:00.000+0000", "lastUpdatedOn": null,
                  "createdBy": {"id": 4, "type": "ROBOT", "stars": 5.00}},
  "fromDate": "2026-01-01", "toDate": 1774915200000, "createdOn": 1711967626000,
  "periods": [{"id": 1, "startDate": "2026-01-01", "endDate": "2026-01-31", "periodStatus": "PAUSED",
               "refCode": "P1", "targetGroupId": 7, "active": true, "colour": {"a": [1.10, 1e2]}}],
  "streaks": [{"id": 9, "name": "one", "targetCountOfSequence": 1, "note": null}],
  "targetEvaluationType": "FIXED_CALENDAR_WINDOW", "frequencyType": "CUSTOM", "trackingType": "STREAK",
  "unifiedTargetExpression": {"aggregation": null, "thresholdValue": 40000.000, "ruleExpression": "(1 & 2)"},
  "targets": [{"id": 1, "targetType": "SOMETHING_NEW", "targetEntity": "REWARDS", "expression": true,
               "filters": [{"entityType": "TILL", "entityIds": [1, 2], "exclude": true}],
               "defaultValues": [{"id": 3, "periodId": 1, "defaultValue": 1.0}],
               "targetPeriodDefaultValuesMap": {"1": {"defaultValue": "12345678901234567890.10"}},
               "targetMilestoneTriggers": [{"at": 0.50}], "description": null,
               "extendedFieldInfo": {"name": "points", "aggregateFunction": "AVG", "aggregateWindow": null}}],
  "leaderboardEnabled": false, "brandNew": [{"deep": {"er": 1.000}}, null]},
 "errors": null, "warnings": [{"code": 1.0}], "trace": "x"}"#;

#[test]
fn a_group_is_written_back_without_loss() {
    assert_eq!(canonical(&written_back(WHOLE)), canonical(WHOLE));
}

#[test]
fn its_parts_are_what_they_say() {
    let document = TargetDocument::read(WHOLE, &Limits::default()).unwrap();
    let [TargetEntry::Group(group)] = document.entries() else { panic!("one group") };
    assert_eq!(group.tracking_type.as_ref().unwrap().known(), Some(TrackingType::Streaks));
    assert_eq!(
        group.target_evaluation_type.as_ref().unwrap().known(),
        Some(EvaluationType::FixedCalendarWindow)
    );
    assert_eq!(group.periods.as_ref().unwrap()[0].period_status.as_ref().unwrap().known(), None);
    let DateText::Instant(to) = group.to_date.as_ref().unwrap().date() else { panic!("an instant") };
    assert_eq!(to.milliseconds(), 1_774_915_200_000);
    assert_eq!(group.from_date.as_ref().unwrap().date(), DateText::parse("2026-01-01"));
    let unified = group.unified_target_expression.as_ref().unwrap();
    assert_eq!(unified.threshold_value.as_ref().unwrap().value(), Ok(Number::from_integer(40_000)));
    assert_eq!(unified.aggregation, None);
    let target = &group.targets.as_ref().unwrap()[0];
    assert_eq!(target.target_entity.as_ref().unwrap().known(), Some(TargetEntity::Points));
    assert_eq!(target.target_type.as_ref().unwrap().text(), "SOMETHING_NEW");
    let map = target.target_period_default_values_map.as_ref().unwrap();
    let value = map["1"].default_value.as_ref().unwrap();
    assert_eq!(value.value(), Number::from_json("12345678901234567890.1"));
    assert_eq!(group.other.get("brandNew"), Some(r#"[{"deep": {"er": 1.000}}, null]"#));
    assert_eq!(group.other.keys().collect::<Vec<_>>(), ["brandNew"]);
}

#[test]
fn documents_without_targets_and_bare_ones_are_written_back_too() {
    for text in [
        r#"{"data":null,"errors":[{"code":310011,"message":"Invalid userId","status":400.0}],"warnings":null}"#,
        r#"{"data":[{"id":1,"expression":"true"},7,{"promotionStatus":"x","n":1.0},null]}"#,
        r#"[{"id":1,"expression":"true"}]"#,
        r#"{"id":1,"expression":"true","x":-0.0}"#,
        r#"{"targets":[]}"#,
        r#"{"result":{"expression":"true"},"status":200.0}"#,
        "[]",
        "1.50",
    ] {
        assert_eq!(canonical(&written_back(text)), canonical(text));
    }
}

#[test]
fn what_is_changed_is_written_in_place_of_the_null() {
    let mut target: Target = serde_json::from_str(r#"{"id": 1, "targetType": null, "name": null}"#).unwrap();
    target.target_type = Some(Word::from(TargetType::Sales));
    assert_eq!(serde_json::to_string(&target).unwrap(), r#"{"id":1,"targetType":"SALES","name":null}"#);
    assert_eq!(Word::from(PeriodStatus::NotStarted).text(), "NOT_STARTED");
}

#[test]
fn another_shape_is_refused_with_its_path() {
    for (text, says) in [
        (
            r#"{"data": [{"id": 1, "filters": [{"entityIds": []}]}]}"#,
            "`data[0].filters[0]`: the field `entityType` is missing",
        ),
        (r#"{"data": {"targets": [{"id": "x"}]}}"#, "`data.targets[0].id`: a whole number belongs here"),
        (
            r#"{"data": {"targets": [], "periods": [{"id": 1, "startDate": {}}]}}"#,
            "`data.periods[0].startDate`: a date belongs here, not an object",
        ),
        (
            r#"{"id": 1, "defaultValues": [{"defaultValue": "one"}]}"#,
            "`defaultValues[0].defaultValue`: a number belongs here, not the text \"one\"",
        ),
        (r#"{"id": 1, "expression": "true", "x": 1, "x": 2}"#, "duplicate field `x`"),
    ] {
        let refused = TargetDocument::read(text, &Limits::default()).unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
    }
}

/// Every fault of a shape: what is said and what is marked of the document.
#[test]
fn faults_of_a_shape_are_marked_where_they_are() {
    for (data, marked, says) in [
        (
            r#"{"data": [{"id": 1.50}]}"#,
            "1.50",
            "`data[0].id`: a whole number belongs here, not the number `1.50`",
        ),
        (
            r#"{"data": [{"id": -0}]}"#,
            "-0",
            "`data[0].id`: a whole number belongs here, not the number `-0`: write `0`",
        ),
        (
            r#"{"data": [{"id": 1e0}]}"#,
            "1e0",
            "`data[0].id`: a whole number belongs here, not the number `1e0`: write `1`",
        ),
        (r#"{"data": [{"id": null}]}"#, "null", "`data[0].id`: a whole number belongs here, not null"),
        (r#"{"data": [{}]}"#, "{", "`data[0]`: the field `id` is missing"),
        (r#"{"data": [7]}"#, "7", "`data[0]`: a target, an object belongs here, not the number `7`"),
        (r#"{"data": {}}"#, "{", "`data`: a list belongs here, not an object"),
        (
            "[]",
            "[",
            "the payload: the answer to a request for enrolled targets, an object belongs here, not a list",
        ),
        (
            r#"{"data": [{"id": 1, "active": "yes"}]}"#,
            r#""yes""#,
            "`data[0].active`: a boolean belongs here, not the text \"yes\"",
        ),
        (
            r#"{"data": [{"id": 1, "name": true}]}"#,
            "true",
            "`data[0].name`: a string belongs here, not the constant `true`",
        ),
        (
            r#"{"data": [{"id": 1, "expression": 5}]}"#,
            "5",
            "`data[0].expression`: the text of a rule, or a boolean belongs here",
        ),
        (r#"{"data": [{"id": 1, "x": 1, "\u0078": 2}]}"#, r#""\u0078""#, "`data[0]`: duplicate field `x`"),
        (r#"{"data": [{"id": 1, "name": "\ud83d"}]}"#, r#""\ud83d""#, "half a character"),
        (
            r#"{"data": [{"id": 1, "targetPeriodDefaultValuesMap": {"7": {"periodId": "a"}}}]}"#,
            r#""a""#,
            "`data[0].targetPeriodDefaultValuesMap.7.periodId`: a whole number belongs here, not the text \"a\"",
        ),
        (
            r#"{"data": [{"id": 1, "filters": [{"entityType": "STORE", "entityIds": [1, "two"]}]}]}"#,
            r#""two""#,
            "`data[0].filters[0].entityIds[1]`: a whole",
        ),
    ] {
        let refused = EnrolledTargets::read(data, &Limits::default()).unwrap_err();
        let fault = refused.iter().next().unwrap();
        assert!(fault.message.contains(says), "{}", fault.message);
        // Of an object or a list the bracket is marked.
        let place = &data[fault.span.range()];
        assert_eq!(place, marked, "{data}");
    }
}

#[test]
fn an_answer_with_enrolled_targets_is_written_back_without_loss() {
    let text = r#"{"data":[{"id":1,"stars":5.00}],"warnings":null,"trace":{"n":1.0}}"#;
    let answer = EnrolledTargets::read(text, &Limits::default()).unwrap();
    assert_eq!(canonical(&serde_json::to_string(&answer).unwrap()), canonical(text));
    assert_eq!(answer.other.get("trace"), Some(r#"{"n":1.0}"#));
}

/// Nesting in parts that are kept as they are costs no stack, however deep the
/// limit lets it go.
#[test]
fn deep_parts_are_kept() {
    let run = || {
        let deep =
            format!(r#"{{"id":1,"expression":"true","x":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
        let mut limits = Limits::default();
        limits.payload_depth = usize::MAX;
        let document = TargetDocument::read(&deep, &limits).unwrap();
        assert_eq!(serde_json::to_string(&document).unwrap(), deep);
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn every_sample_and_payload_is_written_back_without_loss() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples")];
    match std::env::var_os("TARGET_RULES_SHARED") {
        Some(shared) => folders.push(PathBuf::from(shared).join("payloads")),
        None => eprintln!("skipped: TARGET_RULES_SHARED names no folder with payloads"),
    }
    let mut met = 0;
    for folder in folders {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(canonical(&written_back(&text)), canonical(&text), "{}", path.display());
            // None of the real documents says anything that the model has no field for.
            let document = TargetDocument::read(&text, &Limits::default()).unwrap();
            for entry in document.entries() {
                let unlisted: Vec<&str> = match entry {
                    TargetEntry::Target(target) => target.other.keys().collect(),
                    TargetEntry::Group(group) => group.other.keys().collect(),
                    TargetEntry::Other(_) => Vec::new(),
                };
                assert_eq!(unlisted, [""; 0], "{}", path.display());
            }
            if path.file_name().unwrap().to_str().unwrap().starts_with("enrolled-targets") {
                let answer = EnrolledTargets::read(&text, &Limits::default()).unwrap();
                assert_eq!(canonical(&serde_json::to_string(&answer).unwrap()), canonical(&text));
            }
            met += 1;
        }
    }
    assert!(met >= 1);
}
