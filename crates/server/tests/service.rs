//! What the server serves, over real sockets: targets, enrolments, transactions.
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

/// A target as somebody wrote it: with spaces, an order and digits of its own.
const TARGET: &str = "{ \"id\": 50,\n  \"name\" : \"Shoes\", \"stars\": 5.00, \"targetType\":\"SALES\",\
    \"targetEntity\":\"TRANSACTION\", \"active\": true, \"expression\":\"currentTxn.value>500\",\
    \"expressionJson\":\"{\\\"arity\\\":\\\"binary_operation\\\",\\\"value\\\":\\\">\\\",\\\"type\\\":\\\"boolean:primitive\\\",\\\"operands\\\":[{\\\"arity\\\":\\\"object_dereference\\\",\\\"type\\\":\\\"real:object:primitive\\\",\\\"operands\\\":[{\\\"arity\\\":\\\"name\\\",\\\"value\\\":\\\"currentTxn\\\",\\\"type\\\":\\\"tx:object:primitive\\\"},{\\\"arity\\\":\\\"name\\\",\\\"value\\\":\\\"value\\\",\\\"type\\\":\\\"real:object:primitive\\\"}]},{\\\"arity\\\":\\\"literal\\\",\\\"value\\\":\\\"500\\\",\\\"type\\\":\\\"number:primitive\\\"}]}\",\
    \"enrolmentMethod\": \"IMPORT\", \"targetGroupId\": 7 , \"defaultValues\":[{\"periodId\":3,\"defaultValue\":5000}] }";

fn group_with(targets: &str) -> String {
    format!(
        "{{\"id\":7,\"name\":\"Spring\",\"periods\":[\
         {{\"id\":3,\"startDate\":\"2026-01-01\",\"endDate\":\"2026-03-31\"}},\
         {{\"id\":4,\"startDate\":\"2026-04-01\",\"endDate\":\"2026-06-30\"}}],\"targets\":[{targets}]}}"
    )
}

/// 2026-02-01, and 2026-05-01.
const FEBRUARY: &str = "1769904000000";
const MAY: &str = "1777593600000";

fn with_target() -> Server {
    let server = Server::start(&[]);
    let made = server.ask(&server.admin, "POST", "/v3/targetGroups", &group_with(TARGET));
    assert_eq!(made.status, 201, "{}", made.text);
    server
}

fn enrol(server: &Server, user: i64, body: &str) -> Answer {
    server.ask(&server.writer, "POST", &format!("/v3/users/{user}/enrolments"), body)
}

fn enrolled(server: &Server, query: &str) -> Answer {
    server.ask(&server.reader, "GET", &format!("/v3/users/19721/enrolledTargets?{query}"), "")
}

#[test]
fn an_enrolled_target_comes_byte_for_byte() {
    let server = with_target();
    let none = r#"{"data":[],"errors":null,"warnings":null}"#;
    assert_eq!(enrolled(&server, "").text, none);
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50, "periodId": 3}"#).status, 201);
    let whole = format!("{{\"data\":[{TARGET}],\"errors\":null,\"warnings\":null}}");
    let tracking = format!("trackingDate={FEBRUARY}");
    assert_eq!(enrolled(&server, &tracking).text, whole);
    assert_eq!(enrolled(&server, &format!("{tracking}&targetRuleIds=7,50&unknown=x")).text, whole);
    assert_eq!(enrolled(&server, &format!("{tracking}&enrollmentType=IMPORT")).text, whole);
    for other in ["targetRuleIds=51", "enrollmentType=TRANSACTION", "includeOnlyUserCreated=true"] {
        assert_eq!(enrolled(&server, &format!("{tracking}&{other}")).text, none, "{other}");
    }
    assert_eq!(enrolled(&server, &format!("trackingDate={MAY}")).text, none);
}

#[test]
fn faults_of_the_request_have_the_codes_of_the_platform() {
    let server = with_target();
    let invalid = r#"{"data":null,"errors":[{"code":310011,"message":"Invalid userId"}],"warnings":null}"#;
    for user in ["x", "0", "-5", "1.5", "99999999999999999999", "%FF"] {
        let answer = server.ask(&server.reader, "GET", &format!("/v3/users/{user}/enrolledTargets"), "");
        assert_eq!((answer.status, answer.text.as_str()), (400, invalid), "{user}");
    }
    let wrong = enrolled(&server, "enrollmentType=import");
    let message = r#"{"data":null,"errors":[{"code":310130,"message":"Invalid enrollment type as input"}],"warnings":null}"#;
    assert_eq!((wrong.status, wrong.text.as_str()), (400, message));
    for (query, field) in [
        ("targetRuleIds=1,x", "targetRuleIds"),
        ("trackingDate=tomorrow", "trackingDate"),
        ("trackingDate=999999999999999999", "trackingDate"),
        ("includeOnlyUserCreated=perhaps", "includeOnlyUserCreated"),
    ] {
        let answer = enrolled(&server, query);
        assert_eq!((answer.status, answer.codes()), (400, vec![300_004]), "{query}");
        assert!(answer.text.contains(field), "{}", answer.text);
    }
    assert_eq!(enrolled(&server, "trackingDate=x&enrollmentType=x").codes(), [300_004, 310_130]);
}

#[test]
fn a_target_that_is_switched_off_is_not_told() {
    let server = with_target();
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50}"#).status, 201);
    let tracking = format!("trackingDate={FEBRUARY}");
    assert_eq!(enrolled(&server, &tracking).data().as_array().unwrap().len(), 1);
    let path = "/v3/targets/50";
    let off = TARGET.replace("\"active\": true", "\"active\": false");
    let put = |if_match: Option<&str>, body: &str| {
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(if_match.map(|version| ("If-Match", version)));
        let admin = server.as_user(&server.admin);
        server.send("PUT", path, Some(&admin), &headers, body.as_bytes())
    };
    assert_eq!(put(None, &off).status, 428);
    assert_eq!(put(Some("\"999\""), &off).status, 412);
    let read = server.ask(&server.reader, "GET", path, "");
    let version = read.header("etag").unwrap().to_owned();
    let done = put(Some(&version), &off);
    assert_eq!(done.status, 200, "{}", done.text);
    assert_ne!(done.header("etag").unwrap(), version);
    assert_eq!(put(Some(&version), &off).status, 412);
    assert_eq!(enrolled(&server, &tracking).data(), json!([]));
    // What was booked stays true: a target can't come to count something else.
    let other = put(Some("*"), &off.replace("SALES", "COUNT"));
    assert_eq!(other.codes(), [300_004]);
}

#[test]
fn enrolments_are_refused_by_their_codes() {
    let server = with_target();
    let other = r#"{"id": 8, "name": "Other", "periods": [{"id": 9, "startDate": "2026-01-01", "endDate": "2026-12-31"}],
        "targets": [{"id": 60, "expression": "true", "targetType": "COUNT", "targetEntity": "TRANSACTION"}]}"#;
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", other).status, 201);
    for (body, code) in [
        (r#"{"targetId": 77}"#, 310_018),
        (r#"{"targetId": 50, "targetGroupId": 99}"#, 310_017),
        (r#"{"targetId": 50, "targetGroupId": 8}"#, 310_079),
        (r#"{"targetId": 50, "periodId": 55}"#, 310_019),
        (r#"{"targetId": 50, "periodId": 9}"#, 310_118),
        (r#"{"targetId": 50, "enrolmentMethod": "TRANSACTION"}"#, 310_130),
        (r#"{"targetId": "x"}"#, 300_004),
        (r#"{"targetId": 50, "value": "much"}"#, 300_004),
        (r#"{"targetId": 50, "since": "2026-01-01"}"#, 300_004),
        ("[", 300_004),
    ] {
        let answer = enrol(&server, 19721, body);
        assert_eq!((answer.status, answer.codes()), (400, vec![code]), "{body}: {}", answer.text);
    }
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50, "periodId": 3}"#).status, 201);
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50, "periodId": 3}"#).codes(), [310_119]);
    let path = "/v3/users/19721/enrolments/50";
    let kept = server.ask(&server.writer, "DELETE", path, "").data();
    assert!(kept[0]["withdrawnOn"].is_i64(), "{kept}");
    assert_eq!(server.ask(&server.writer, "DELETE", path, "").codes(), [310_149]);
    assert_eq!(enrolled(&server, "").data(), json!([]));
}

#[test]
fn many_are_enrolled_and_each_fault_has_its_line() {
    let server = with_target();
    let writer = server.as_user(&server.writer);
    let send = |kind: &str, body: &str| {
        let headers = [("Content-Type", kind)];
        server.send("POST", "/v3/enrolments", Some(&writer), &headers, body.as_bytes())
    };
    let lines = "{\"userId\": 1, \"targetId\": 50}\n\n{\"userId\": 2, \"targetId\": 51}\nnothing\n{\"userId\": 3, \"targetId\": 50, \"value\": 9.5}\n";
    let told = send("application/x-ndjson", lines).data();
    assert_eq!(told["enrolled"], 2);
    let refused: Vec<(i64, i64)> = told["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["line"].as_i64().unwrap(), one["error"]["code"].as_i64().unwrap()))
        .collect();
    assert_eq!(refused, [(3, 310_018), (4, 300_004)]);
    let csv = "userId,targetId,periodId,value\n4,50,3,\n5,50,,700.25\n1,50,,\n0,50,,\n";
    let told = send("text/csv; charset=utf-8", csv).data();
    assert_eq!(told["enrolled"], 2, "{told}");
    assert_eq!(told["refused"][0]["error"]["code"], 310_119);
    assert_eq!(told["refused"][1]["error"]["code"], 310_011);
    assert_eq!(send("text/csv", "userId,goal\n1,2\n").status, 400);
    assert_eq!(send("text/plain", "x").status, 415);
    let page =
        |query: &str| server.ask(&server.reader, "GET", &format!("/v3/targets/50/users?{query}"), "").data();
    assert_eq!(page("limit=2"), json!({"userIds": [1, 3], "next": 3}));
    assert_eq!(page("limit=3&after=3"), json!({"userIds": [4, 5], "next": null}));
    assert_eq!(server.ask(&server.reader, "GET", "/v3/targets/51/users", "").codes(), [310_018]);
}

fn bill(number: &str, value: &str) -> String {
    format!(
        "{{\"currentCustomer\": {{\"id\": 19721}}, \"currentTxn\": {{\"number\": \"{number}\", \
         \"date\": \"2026-02-07\", \"value\": {value}}}}}"
    )
}

#[test]
fn transactions_are_booked_once_and_taken_back() {
    let server = with_target();
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50, "periodId": 3}"#).status, 201);
    let post = |path: &str, body: &str| server.ask(&server.writer, "POST", path, body);
    let dry = server.ask(&server.reader, "POST", "/v3/transactions?dryRun=true", &bill("n-1", "730.50"));
    assert_eq!(dry.data()["progress"][0]["achieved"], json!(730.5));
    let told = post("/v3/transactions", &bill("n-1", "730.50")).data();
    assert_eq!(told["standings"][0]["result"], "true", "{told}");
    assert_eq!(told["progress"][0]["achieved"], json!(730.5), "the dry run was booked");
    let again = post("/v3/transactions", &bill("n-1", "730.50")).data();
    assert_eq!(again["progress"][0]["achieved"], json!(730.5));
    assert_eq!(again["notCounted"][0]["reason"]["why"], "counted-before", "{again}");
    let small = post("/v3/transactions", &bill("n-2", "12")).data();
    assert_eq!(small["standings"][0]["reason"]["why"], "rule", "{small}");
    let returned = r#"{"currentCustomer": {"id": 19721}, "currentTxn": {"number": "r-1", "date": "2026-02-08"},
        "returnBill": {"number": "n-1", "value": 30.50}}"#;
    let batch = format!("{}\nnothing\n{}\n", bill("n-3", "600"), returned.replace('\n', " "));
    let writer = server.as_user(&server.writer);
    let headers = [("Content-Type", "application/x-ndjson")];
    let path = "/v3/transactions/batch?progress=true&decisions=true";
    let told = server.send("POST", path, Some(&writer), &headers, batch.as_bytes()).data();
    assert_eq!((&told["booked"], &told["refused"][0]["line"]), (&json!(2), &json!(2)), "{told}");
    assert_eq!(told["progress"][0]["achieved"], json!(1300));
    assert_eq!(told["decisions"][0]["number"], "n-3");
    let progress = server.ask(&server.reader, "GET", "/v3/users/19721/progress", "").data();
    assert_eq!(progress["progress"][0]["achieved"], json!(1300));
    let why = post("/v3/users/19721/targets/50/why", &bill("n-9", "12"));
    assert_eq!(why.data()["counts"], "false", "{}", why.text);
    let refused = post("/v3/transactions", r#"{"currentTxn": {"value": 5}}"#);
    assert_eq!((refused.status, refused.codes()), (400, vec![300_004]));
    assert!(refused.text.contains("currentCustomer.id"), "{}", refused.text);
}

#[test]
fn a_bill_enrols_where_the_target_says_so() {
    let server = Server::start(&[]);
    let group = group_with(&TARGET.replace("\"IMPORT\"", "\"TRANSACTION\""));
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", &group).status, 201);
    let tracking = format!("trackingDate={FEBRUARY}");
    assert_eq!(enrolled(&server, &tracking).data(), json!([]));
    let small = server.ask(&server.writer, "POST", "/v3/transactions", &bill("n-1", "12"));
    assert_eq!(small.data()["standings"], json!([]));
    assert_eq!(enrolled(&server, &tracking).data(), json!([]), "a bill that does not count enrols nobody");
    let told = server.ask(&server.writer, "POST", "/v3/transactions", &bill("n-2", "600")).data();
    assert_eq!(told["standings"][0]["result"], "true", "{told}");
    assert_eq!(told["progress"][0]["achieved"], json!(600));
    assert_eq!(enrolled(&server, &format!("{tracking}&enrollmentType=TRANSACTION")).data()[0]["id"], 50);
    let kept = server.ask(&server.reader, "GET", "/v3/users/19721/enrolments", "").data();
    assert_eq!(kept[0]["method"], "TRANSACTION");
}

#[test]
fn customers_are_exported_and_erased() {
    let server = with_target();
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50, "periodId": 3}"#).status, 201);
    let kept = server.ask(&server.admin, "GET", "/v3/users/19721/export", "").data();
    assert_eq!(kept["enrolments"]["enrolments"][0]["targetId"], 50);
    let all = || server.ask(&server.reader, "GET", "/v3/users", "").data();
    assert_eq!(all(), json!({"userIds": [19721], "next": null}));
    assert_eq!(server.ask(&server.writer, "DELETE", "/v3/users/19721", "").status, 403);
    assert_eq!(server.ask(&server.admin, "DELETE", "/v3/users/19721", "").data(), true);
    assert_eq!(server.ask(&server.admin, "DELETE", "/v3/users/19721", "").data(), false);
    assert_eq!(all(), json!({"userIds": [], "next": null}));
}

#[test]
fn targets_that_a_customer_made_are_exported_and_erased_with_her() {
    let server = with_target();
    let make = |name: &str| {
        let period = 900 + name.len();
        let group = format!(
            r#"{{"name": "{name}", "periods": [
                {{"id": {period}, "startDate": "2026-01-01", "endDate": "2026-12-31"}}],
                "targets": [{{"name": "{name}", "targetType": "COUNT", "targetEntity": "TRANSACTION",
                "expression": "true", "defaultValues": [{{"targetPeriodId": {period}, "defaultValue": 5}}]}}]}}"#
        );
        let made = server.ask(&server.writer, "POST", "/v3/users/19721/targets", &group);
        assert_eq!(made.status, 201, "{}", made.text);
        made.data()["id"].as_i64().unwrap()
    };
    let (own, shared) = (make("own"), make("shared"));
    assert_eq!(enrol(&server, 19722, &format!(r#"{{"targetId": {shared}, "value": 3}}"#)).status, 201);
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50, "periodId": 3}"#).status, 201);
    let kept = server.ask(&server.admin, "GET", "/v3/users/19721/export", "").data();
    let names: Vec<&str> =
        kept["ownTargets"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["own", "own"], "the target and its group");
    assert_eq!(server.ask(&server.admin, "DELETE", "/v3/users/19721", "").data(), true);
    let there = |id: i64| server.ask(&server.reader, "GET", &format!("/v3/targets/{id}"), "").status == 200;
    assert_eq!((there(own), there(shared), there(50)), (false, true, true));
    let groups = server.ask(&server.reader, "GET", "/v3/targetGroups", "").data();
    assert!(groups.as_array().unwrap().iter().all(|group| group["name"] != "own"), "{groups}");
}

#[test]
fn nothing_of_an_organisation_is_shown_to_others() {
    let server = with_target();
    assert_eq!(enrol(&server, 19721, r#"{"targetId": 50, "periodId": 3}"#).status, 201);
    let stranger = |method: &str, path: &str| server.ask(&server.stranger, method, path, "");
    let path = format!("/v3/users/19721/enrolledTargets?trackingDate={FEBRUARY}");
    assert_eq!(stranger("GET", &path).data(), json!([]));
    assert_eq!(stranger("GET", "/v3/targets/50").codes(), [310_018]);
    assert_eq!(stranger("GET", "/v3/targetGroups/7").codes(), [310_017]);
    assert_eq!(stranger("GET", "/v3/targets").data(), json!([]));
    assert_eq!(stranger("GET", "/v3/users").data(), json!({"userIds": [], "next": null}));
    assert_eq!(stranger("DELETE", "/v3/users/19721").data(), false);
    assert_eq!(enrolled(&server, &format!("trackingDate={FEBRUARY}")).data().as_array().unwrap().len(), 1);
}

#[test]
fn who_may_only_read_changes_nothing() {
    let server = with_target();
    for (user, method, path) in [
        (&server.reader, "POST", "/v3/users/19721/enrolments"),
        (&server.reader, "POST", "/v3/enrolments"),
        (&server.reader, "POST", "/v3/transactions"),
        (&server.reader, "POST", "/v3/transactions/batch"),
        (&server.reader, "DELETE", "/v3/users/19721/enrolments/50"),
        (&server.writer, "POST", "/v3/targets"),
        (&server.writer, "POST", "/v3/targetGroups"),
        (&server.writer, "GET", "/v3/users/19721/export"),
    ] {
        let answer = server.ask(user, method, path, r#"{"targetId": 50}"#);
        assert_eq!((answer.status, answer.codes()), (403, vec![300_004]), "{method} {path}");
    }
}

#[test]
fn groups_and_targets_are_held_to_what_is_there() {
    let server = with_target();
    let admin = |method: &str, path: &str, body: &str| server.ask(&server.admin, method, path, body);
    for (path, body, code) in [
        ("/v3/targetGroups", group_with("").replace(":7,", ":8,"), 310_069),
        ("/v3/targetGroups", "{}".to_owned(), 300_004),
        ("/v3/targets", TARGET.to_owned(), 300_004),
        ("/v3/targets", "{\"targetGroupId\": 99, \"expression\": \"true\"}".to_owned(), 310_017),
        ("/v3/targets", format!("{{\"name\": \"{}\", \"expression\": \"true\"}}", "x".repeat(201)), 310_008),
        (
            "/v3/targets",
            r#"{"expression": "true", "targetType": "QUANTITY", "targetEntity": "EVENT"}"#.to_owned(),
            310_033,
        ),
    ] {
        let answer = admin("POST", path, &body);
        assert_eq!((answer.status, answer.codes()), (400, vec![code]), "{body}: {}", answer.text);
    }
    let wrong = admin("POST", "/v3/targets", r#"{"expression": "currentTxn.valu>5"}"#);
    let found: Value = serde_json::from_str(&wrong.text).unwrap();
    let found = &found["errors"][0]["diagnostics"][0];
    assert_eq!((&found["code"], &found["help"]), (&json!("unknown-name"), &json!("did you mean `value`?")));
    assert_eq!(found["file"]["pointer"], "/expression");
    // One form is written from the other; an id is given.
    let made = admin(
        "POST",
        "/v3/targets",
        r#"{"targetGroupId": 7, "expression": "currentTxn.value > 5",  "targetType": "COUNT", "targetEntity": "TRANSACTION"}"#,
    ).data();
    assert!(made["id"].as_i64().unwrap() > 50);
    let tree = made["expressionJson"].as_str().unwrap();
    let back = json!({"expressionJson": tree, "targetType": "COUNT", "targetEntity": "TRANSACTION"});
    assert_eq!(admin("POST", "/v3/targets", &back.to_string()).data()["expression"], "currentTxn.value>5");
    let group = server.ask(&server.reader, "GET", "/v3/targetGroups/7", "").data();
    assert_eq!(group["targets"].as_array().unwrap().len(), 2);
}

/// The words that a change warns of, with what is meant.
fn warned(answer: &Answer) -> Vec<(String, String)> {
    assert!((200..300).contains(&answer.status), "{} {}", answer.status, answer.text);
    let value: Value = serde_json::from_str(&answer.text).unwrap();
    let warnings = value["warnings"].as_array().cloned().unwrap_or_default();
    let told = |one: &Value| {
        let found = &one["diagnostics"][0];
        let meant = &found["suggestions"][0]["with"];
        (found["file"]["pointer"].as_str().unwrap().to_owned(), meant.as_str().unwrap().to_owned())
    };
    warnings.iter().map(told).collect()
}

#[test]
fn a_word_that_is_in_no_list_is_kept_and_told_with_what_is_meant() {
    let server = Server::start(&[]);
    let post = |path: &str, body: &str| server.ask(&server.admin, "POST", path, body);
    // Whether or not the group has targets yet.
    let group = r#"{"id": 8, "name": "Weekly", "targetEvaluationType": "CYCLIC_WINDOWS", "frequencyType": "WEEKLY",
        "trackingType": "DEFAUL", "periods": [{"id": 3, "periodStatus": "RUNING"}]"#;
    let expected = [
        ("/targetEvaluationType", r#""CYCLIC_WINDOW""#),
        ("/trackingType", r#""DEFAULT""#),
        ("/periods/0/periodStatus", r#""RUNNING""#),
    ]
    .map(|(pointer, help)| (pointer.to_owned(), help.to_owned()));
    let alone = post("/v3/targetGroups", &format!("{group}}}"));
    assert_eq!(warned(&alone), expected, "{}", alone.text);
    assert!(alone.text.contains("CYCLIC_WINDOWS"), "{}", alone.text);
    let target = r#"{"targetType": "SALE", "targetEntity": "TRANSACTION", "expression": "true"}"#;
    let whole = group.replace(": 8", ": 9").replace(": 3,", ": 4,").replace("Weekly", "Also weekly");
    let whole = post("/v3/targetGroups", &format!("{whole}, \"targets\": [{target}]}}"));
    let mut with_target = expected.to_vec();
    with_target.push(("/targets/0/targetType".to_owned(), r#""SALES""#.to_owned()));
    assert_eq!(warned(&whole), with_target, "{}", whole.text);
    let alone = post("/v3/targets", target);
    assert_eq!(warned(&alone), [("/targetType".to_owned(), r#""SALES""#.to_owned())]);
    // What is wrong with a group is no better before it has targets.
    let overlapping = r#"{"name": "Twice", "periods": [
        {"startDate": "2026-01-01", "endDate": "2026-03-31"}, {"startDate": "2026-03-31", "endDate": "2026-04-30"}]}"#;
    let refused = post("/v3/targetGroups", overlapping);
    assert_eq!((refused.status, refused.codes()), (400, vec![300_004]), "{}", refused.text);
}

#[test]
fn what_a_batch_tells_is_bounded_and_says_how_much_is_left_out() {
    let server = Server::start(&[]);
    let targets: Vec<String> = (1..=60)
        .map(|id| {
            format!(
                r#"{{"id": {id}, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true",
                     "defaultValues": [{{"defaultValue": 5000}}]}}"#
            )
        })
        .collect();
    let group = format!(r#"{{"id": 7, "name": "Many", "targets": [{}]}}"#, targets.join(","));
    let made = server.ask(&server.admin, "POST", "/v3/targetGroups", &group);
    assert_eq!(made.status, 201, "{}", made.text);
    for target in 1..=60 {
        assert_eq!(enrol(&server, 19721, &format!(r#"{{"targetId": {target}}}"#)).status, 201);
    }
    // None of them has a value.
    let bills: Vec<Value> = (0..400)
        .map(|nth| {
            let txn = json!({"number": format!("n-{nth}"), "date": "2026-02-01"});
            json!({"currentCustomer": {"id": 19721}, "currentTxn": txn})
        })
        .collect();
    let bills = serde_json::to_string(&bills).unwrap();
    let dry = |query: &str| {
        let path = format!("/v3/transactions/batch?dryRun=true{query}");
        server.ask(&server.reader, "POST", &path, &bills)
    };
    let told = dry("").data();
    let (told, left_out) =
        (told["notCounted"].as_array().unwrap().len(), told["notCountedLeftOut"].as_u64().unwrap());
    assert!(told > 1_000 && left_out > 1_000, "{told} and {left_out}");
    assert_eq!(u64::try_from(told).unwrap() + left_out, 400 * 60);
    let refused = dry("&progress=true");
    assert_eq!((refused.status, refused.codes()), (400, vec![300_004]), "{}", refused.text);
}

#[test]
fn a_customer_makes_a_target_of_her_own() {
    let server = with_target();
    let body = r#"{"name": "Run more", "targets": [{"name": "5 visits", "expression": "true",
        "targetType": "VISIT", "targetEntity": "TRANSACTION", "defaultValues": [{"periodId": 3, "defaultValue": 5}]}],
        "periods": [{"id": 3000, "startDate": "2026-01-01", "endDate": "2026-12-31"}]}"#;
    let body = body.replace("\"periodId\": 3,", "\"periodId\": 3000,");
    let made = server.ask(&server.writer, "POST", "/v3/users/19721/targets", &body);
    assert_eq!(made.status, 201, "{}", made.text);
    let told = enrolled(&server, &format!("trackingDate={FEBRUARY}&includeOnlyUserCreated=true")).data();
    assert_eq!(told[0]["name"], "5 visits");
}

/// Each compiles all targets by itself: who came late was refused for having lost too
/// often.
#[test]
fn changes_that_come_at_once_are_all_made() {
    const AT_ONCE: i64 = 32;
    let server = Server::start(&[]);
    let create = &|id: i64| {
        let target = format!(
            r#"{{"id": {id}, "targetType": "COUNT", "targetEntity": "TRANSACTION", "expression": "true"}}"#
        );
        server.ask(&server.admin, "POST", "/v3/targets", &target)
    };
    std::thread::scope(|scope| {
        let asked: Vec<_> = (1..=AT_ONCE).map(|id| scope.spawn(move || create(id))).collect();
        for made in asked {
            let made = made.join().unwrap();
            assert_eq!(made.status, 201, "{}", made.text);
        }
    });
    let all = server.ask(&server.reader, "GET", "/v3/targets", "").data();
    assert_eq!(all.as_array().unwrap().len(), 32);
}

/// Both are one change: who can't be enrolled leaves nothing behind.
#[test]
fn a_target_of_her_own_is_made_with_her_or_not_at_all() {
    let server = with_target();
    let all = || server.ask(&server.reader, "GET", "/v3/targetGroups", "").data();
    let before = all();
    let body = r#"{"name": "Run more", "targets": [{"name": "5 visits", "expression": "true", "active": false,
        "targetType": "VISIT", "targetEntity": "TRANSACTION", "defaultValues": [{"periodId": 3000, "defaultValue": 5}]}],
        "periods": [{"id": 3000, "startDate": "2026-01-01", "endDate": "2026-12-31"}]}"#;
    let refused = server.ask(&server.writer, "POST", "/v3/users/19721/targets", body);
    assert_eq!(refused.codes(), [310_018]);
    assert!(
        refused.text.contains("nothing is created") && refused.text.contains("switched off"),
        "{}",
        refused.text
    );
    // And where her group is switched off, not the target.
    let group = body.replace("\"active\": false,", "").replacen('{', "{\"active\": false, ", 1);
    let refused = server.ask(&server.writer, "POST", "/v3/users/19721/targets", &group);
    assert_eq!(refused.codes(), [310_017], "{}", refused.text);
    assert_eq!(all(), before);
    // The same mended: its name is not taken.
    let mended = body.replace("\"active\": false", "\"active\": true");
    let made = server.ask(&server.writer, "POST", "/v3/users/19721/targets", &mended);
    assert_eq!(made.status, 201, "{}", made.text);
}

#[test]
fn a_page_is_bounded_by_how_large_it_is() {
    const LARGEST: usize = 1 << 20;
    let server = Server::start(&[]);
    let text = "x".repeat(300_000);
    for id in 1..=12 {
        let target = format!(
            r#"{{"id": {id}, "description": "{text}", "targetType": "COUNT", "targetEntity": "TRANSACTION",
                "expression": "true"}}"#
        );
        let made = server.ask(&server.admin, "POST", "/v3/targets", &target);
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let (mut after, mut found) = (0, Vec::new());
    while found.len() < 12 {
        let page = server.ask(&server.reader, "GET", &format!("/v3/targets?limit=12&after={after}"), "");
        assert!(page.text.len() < LARGEST + 1000, "{} bytes", page.text.len());
        let value: Value = serde_json::from_str(&page.text).unwrap();
        let ids: Vec<i64> =
            value["data"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
        after = *ids.last().expect("a page is not empty before the end");
        found.extend(ids);
        // Whoever doesn't count is told where to go on.
        let warning = value["warnings"][0]["message"].as_str().unwrap_or_default();
        assert_eq!(warning.contains(&format!("`after={after}`")), found.len() < 12, "{warning}");
    }
    assert_eq!(found, (1..=12).collect::<Vec<i64>>());
}

#[test]
fn a_rule_is_written_in_its_other_form_or_refused_honestly() {
    let server = Server::start(&[]);
    let ask = |body: &str| server.ask(&server.reader, "POST", "/v3/expressions", body).data();
    let good = ask(r#"{"expression": "currentTxn.value > 500", "style": "compact"}"#);
    assert_eq!((&good["isError"], &good["expression"]), (&json!(false), &json!("currentTxn.value>500")));
    let tree = json!({"expressionJson": good["expressionJSON"]}).to_string();
    assert_eq!(ask(&tree)["expression"], "currentTxn.value>500");
    let bad = ask(r#"{"expression": "currentEven.target DSC FVILName==looooo"}"#);
    assert_eq!((&bad["isError"], &bad["expressionJSON"]), (&json!(true), &Value::Null));
    assert!(!bad["diagnostics"].as_array().unwrap().is_empty());
    assert_eq!(server.ask(&server.reader, "POST", "/v3/expressions", "{}").codes(), [300_004]);
}

#[test]
fn large_and_malformed_bodies_are_refused_and_nothing_is_written() {
    let server = Server::start(&["--max-body", "1000", "--max-batch-body", "2000", "--max-batch", "3"]);
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(2000));
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", &large).status, 413);
    assert_eq!(
        server.ask(&server.writer, "POST", "/v3/enrolments", &format!("[{}]", " ".repeat(3000))).status,
        413
    );
    let four = format!("[{}]", ["{\"userId\":1,\"targetId\":1}"; 4].join(","));
    assert_eq!(server.ask(&server.writer, "POST", "/v3/enrolments", &four).codes(), [300_004]);
    for body in ["", "{", "nothing", "[]", "{\"name\": 5}", "\u{0}"] {
        let answer = server.ask(&server.admin, "POST", "/v3/targetGroups", body);
        assert_eq!((answer.status, answer.codes()), (400, vec![300_004]), "{body}");
    }
    assert_eq!(server.ask(&server.reader, "GET", "/v3/targetGroups", "").data(), json!([]));
}

#[test]
fn the_description_and_its_page_are_served() {
    let server = Server::start(&[]);
    let description: Value = serde_json::from_str(&server.get("/openapi.json").text).unwrap();
    assert_eq!(description["openapi"], "3.1.0");
    assert!(description["paths"]["/v3/users/{userId}/enrolledTargets"]["get"].is_object());
    let page = server.get("/docs/");
    assert_eq!(page.status, 200);
    let starts = server.get("/docs/start.js");
    assert!(starts.text.contains("/openapi.json") && starts.text.contains("validatorUrl: \"none\""));
    assert_eq!(server.get("/docs").header("location"), Some("/docs/"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'self'"));
    for name in ["swagger-ui-bundle.js", "swagger-ui.css", "page.css", "favicon-32x32.png"] {
        assert!(page.text.contains(name), "{name}");
    }
    assert_eq!((server.get("/docs/swagger-ui.css").status, server.get("/docs/page.css").status), (200, 200));
    assert_eq!(server.get("/docs/nothing").status, 404);
    assert!(!page.text.contains("https://"), "the page fetches something");
}
