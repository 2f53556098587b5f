//! What customers see where the periods of a group change: enrolments, enrolled targets
//! and progress say the same.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use harness::{Answer, Server};
use serde_json::{Value, json};

/// 2026-02-15, and 2026-05-15.
const FEBRUARY: &str = "1771113600000";
const MAY: &str = "1778803200000";

const HALF: &str = r#"{"id": 5, "startDate": "2026-01-01", "endDate": "2026-06-30"}"#;
const FIRST: &str = r#"{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}"#;
const SECOND: &str = r#"{"id": 4, "startDate": "2026-04-01", "endDate": "2026-06-30"}"#;
const LAST: &str = r#"{"id": 6, "startDate": "2026-07-01", "endDate": "2026-12-31"}"#;

/// A group with these periods: a target that bills enrol in, and one by list.
fn group(periods: &[&str]) -> String {
    let target = |id: i64, method: &str| {
        format!(
            r#"{{"id": {id}, "name": "Target {id}", "targetType": "SALES", "targetEntity": "TRANSACTION",
                "expression": "currentTxn.value>10", "enrolmentMethod": "{method}",
                "defaultValues": [{{"defaultValue": 100}}]}}"#
        )
    };
    format!(
        r#"{{"id": 7, "name": "Spring", "periods": [{}], "targets": [{}, {}]}}"#,
        periods.join(","),
        target(50, "TRANSACTION"),
        target(51, "IMPORT")
    )
}

fn with_periods(periods: &[&str]) -> Server {
    let server = Server::start(&[]);
    let made = server.ask(&server.admin, "POST", "/v3/targetGroups", &group(periods));
    assert_eq!(made.status, 201, "{}", made.text);
    server
}

fn try_put(server: &Server, periods: &[&str]) -> Answer {
    let admin = server.as_user(&server.admin);
    let headers = [("Content-Type", "application/json"), ("If-Match", "*")];
    server.send("PUT", "/v3/targetGroups/7", Some(&admin), &headers, group(periods).as_bytes())
}

fn put(server: &Server, periods: &[&str]) -> Value {
    try_put(server, periods).data()
}

fn book(server: &Server, number: &str, date: &str) {
    let bill = json!({"currentCustomer": {"id": 1},
        "currentTxn": {"number": number, "date": date, "value": 40}});
    let told = server.ask(&server.writer, "POST", "/v3/transactions", &bill.to_string());
    assert_eq!(told.status, 200, "{}", told.text);
}

fn enrol(server: &Server, body: &str) {
    let done = server.ask(&server.writer, "POST", "/v3/users/1/enrolments", body);
    assert_eq!(done.status, 201, "{}", done.text);
}

/// The ids of the targets that the platform's clients see at an instant.
fn enrolled_targets(server: &Server, at: &str) -> Vec<i64> {
    let path = format!("/v3/users/1/enrolledTargets?trackingDate={at}");
    let told = server.ask(&server.reader, "GET", &path, "").data();
    told.as_array().unwrap().iter().map(|target| target["id"].as_i64().unwrap()).collect()
}

/// Target and period of each enrolment.
fn enrolments(server: &Server) -> Vec<(i64, Option<i64>)> {
    let told = server.ask(&server.reader, "GET", "/v3/users/1/enrolments", "").data();
    let pair = |one: &Value| (one["targetId"].as_i64().unwrap(), one["periodId"].as_i64());
    told.as_array().unwrap().iter().map(pair).collect()
}

/// Target, period and what is achieved.
fn progress(server: &Server) -> Vec<(i64, Option<i64>, Value)> {
    let told = server.ask(&server.reader, "GET", "/v3/users/1/progress", "").data();
    let line =
        |one: &Value| (one["targetId"].as_i64().unwrap(), one["periodId"].as_i64(), one["achieved"].clone());
    told["progress"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn whom_a_bill_has_enrolled_is_enrolled_in_the_period_of_its_day() {
    // Also where the group had no periods when the bill came.
    for before in [&[HALF][..], &[]] {
        let server = with_periods(before);
        book(&server, "n-1", "2026-02-07");
        put(&server, &[FIRST, SECOND]);
        assert_eq!(enrolled_targets(&server, FEBRUARY), [50], "{before:?}");
        assert_eq!(enrolled_targets(&server, MAY), [0; 0], "{before:?}");
        assert_eq!(enrolments(&server), [(50, Some(3))], "{before:?}");
        assert_eq!(progress(&server), [(50, Some(3), json!(40))], "{before:?}");
        // Her next bill writes what was told already.
        book(&server, "n-2", "2026-02-08");
        assert_eq!(enrolled_targets(&server, FEBRUARY), [50]);
        assert_eq!(enrolments(&server), [(50, Some(3))]);
    }
}

#[test]
fn whose_bill_falls_in_no_period_is_enrolled_in_none_until_there_is_one() {
    let server = with_periods(&[]);
    book(&server, "n-1", "2026-02-07");
    put(&server, &[SECOND]);
    assert_eq!(enrolled_targets(&server, FEBRUARY), [0; 0]);
    assert_eq!(enrolled_targets(&server, MAY), [0; 0]);
    put(&server, &[FIRST, SECOND]);
    assert_eq!(enrolled_targets(&server, FEBRUARY), [50]);
}

#[test]
fn a_period_that_somebody_has_withdrawn_from_stays() {
    let server = with_periods(&[HALF]);
    book(&server, "n-1", "2026-02-07");
    let path = "/v3/users/1/enrolments/50?periodId=5&withdrawnOn=2026-02-08";
    assert_eq!(server.ask(&server.writer, "DELETE", path, "").status, 200);
    let refused = try_put(&server, &[FIRST, SECOND]);
    assert_eq!((refused.status, refused.codes()), (400, vec![300_004]));
    for part in ["period 5", "1 customer is", "target 50", "`\"active\": false`"] {
        let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(progress(&server), [(50, Some(5), json!(40))], "nothing of it was done");
    // As the message says: with other days she has withdrawn all the same.
    let off = r#"{"id": 5, "startDate": "2026-01-01", "endDate": "2026-06-30", "active": false}"#;
    put(&server, &[off, LAST]);
    assert_eq!(progress(&server), [(50, Some(5), json!(40))]);
    put(&server, &[&FIRST.replace("\"id\": 3", "\"id\": 5"), SECOND]);
    book(&server, "n-2", "2026-02-09");
    assert_eq!(progress(&server), [(50, Some(5), json!(40))]);
    assert_eq!(enrolled_targets(&server, FEBRUARY), [0; 0]);
}

#[test]
fn who_has_withdrawn_from_all_periods_takes_no_period_with_her() {
    let server = with_periods(&[HALF]);
    book(&server, "n-1", "2026-02-07");
    let path = "/v3/users/1/enrolments/50?withdrawnOn=2026-02-08";
    assert_eq!(server.ask(&server.writer, "DELETE", path, "").status, 200);
    put(&server, &[FIRST, SECOND]);
    assert_eq!(progress(&server), [(50, Some(3), json!(40))]);
    for date in ["2026-02-09", "2026-05-09"] {
        book(&server, date, date);
    }
    assert_eq!(progress(&server), [(50, Some(3), json!(40))], "she has withdrawn still");
    assert_eq!(enrolled_targets(&server, FEBRUARY), [0; 0]);
}

#[test]
fn a_period_by_whose_id_somebody_is_enrolled_stays() {
    let server = with_periods(&[HALF]);
    enrol(&server, r#"{"targetId": 51, "periodId": 5}"#);
    book(&server, "n-1", "2026-02-07");
    for periods in [&[FIRST, SECOND][..], &[]] {
        let refused = try_put(&server, periods);
        assert_eq!((refused.status, refused.codes()), (400, vec![300_004]), "{}", refused.text);
        assert!(refused.text.contains("target 51"), "{}", refused.text);
    }
    // Others come beside it, and it goes once she does.
    put(&server, &[HALF, LAST]);
    assert!(progress(&server).contains(&(51, Some(5), json!(40))));
    assert_eq!(server.ask(&server.admin, "DELETE", "/v3/users/1", "").data(), true);
    put(&server, &[FIRST, SECOND]);
}

#[test]
fn a_period_that_states_no_id_keeps_the_one_that_it_has() {
    let without_ids = [
        r#"{"startDate": "2026-01-01", "endDate": "2026-03-31"}"#,
        r#"{"startDate": "2026-04-01", "endDate": "2026-06-30"}"#,
    ];
    let server = with_periods(&without_ids);
    let ids = |group: &Value| -> Vec<i64> {
        group["periods"].as_array().unwrap().iter().map(|period| period["id"].as_i64().unwrap()).collect()
    };
    let made = ids(&server.ask(&server.reader, "GET", "/v3/targetGroups/7", "").data());
    enrol(&server, &format!(r#"{{"targetId": 51, "periodId": {}}}"#, made[0]));
    book(&server, "n-1", "2026-02-07");
    let before = (progress(&server), enrolments(&server));
    assert_eq!(ids(&put(&server, &without_ids)), made);
    // The same days in another form, and more on both sides.
    let days = [
        r#"{"startDate": "2025-10-01", "endDate": "2025-12-31"}"#,
        r#"{"startDate": 1767225600000, "endDate": "2026-03-31T10:00:00Z"}"#,
        without_ids[1],
        r#"{"startDate": "2026-07-01", "endDate": "2026-09-30"}"#,
    ];
    let now = ids(&put(&server, &days));
    assert_eq!(now[1..3], made);
    assert!(!made.contains(&now[0]) && !made.contains(&now[3]), "{now:?}");
    assert_eq!((progress(&server), enrolments(&server)), before);
    // An id that is stated is nobody else's.
    let stated = format!(r#"{{"id": {}, "startDate": "2026-01-01", "endDate": "2026-03-31"}}"#, made[0]);
    let other = stated.replace("2026-01-01", "2025-01-01").replace("2026-03-31", "2025-12-31");
    let now = ids(&put(&server, &[&other, without_ids[0], without_ids[1]]));
    assert!(now[0] == made[0] && now[1] != made[0] && now[2] == made[1], "{now:?}");
}

#[test]
fn enrolments_come_in_pages_and_a_target_is_not_divided() {
    let server = Server::start(&[]);
    let target = |id: i64| {
        json!({"id": id, "name": format!("t-{id}"), "targetType": "COUNT", "targetEntity": "TRANSACTION",
            "expression": "true", "defaultValues": [{"defaultValue": 5}]})
    };
    let period = |id: i64, month: i64| json!({"id": id, "startDate": format!("2026-0{month}-01"), "endDate": format!("2026-0{month}-20")});
    let group = json!({"id": 7, "name": "Many", "periods": [period(3, 1), period(4, 2)],
        "targets": (50..53).map(target).collect::<Vec<_>>()});
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", &group.to_string()).status, 201);
    for id in 50..53 {
        for period in [3, 4] {
            let body = format!(r#"{{"targetId": {id}, "periodId": {period}}}"#);
            let path = "/v3/users/19721/enrolments";
            assert_eq!(server.ask(&server.writer, "POST", path, &body).status, 201);
        }
    }
    let page = |query: &str| -> Vec<(i64, i64)> {
        let path = format!("/v3/users/19721/enrolments{query}");
        let found = server.ask(&server.reader, "GET", &path, "").data();
        let number = |one: &Value, key: &str| one[key].as_i64().unwrap();
        found
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (number(one, "targetId"), number(one, "periodId")))
            .collect()
    };
    assert_eq!(page("?limit=2"), [(50, 3), (50, 4), (51, 3), (51, 4)]);
    assert_eq!(page("?limit=2&after=51"), [(52, 3), (52, 4)]);
    assert_eq!((page("?after=52").len(), page("").len()), (0, 6));
    assert_eq!(
        server.ask(&server.reader, "GET", "/v3/users/19721/enrolments?limit=0", "").codes(),
        [300_004]
    );
    // What is left of her in this target, and of no other.
    let left = server.ask(&server.writer, "DELETE", "/v3/users/19721/enrolments/51?periodId=3", "").data();
    assert_eq!((&left[0]["targetId"], left.as_array().unwrap().len()), (&json!(51), 2));
}
