//! Requests that make no sense, and what is said of each: its code, what was
//! expected, and where it helps the repair. Nothing is answered in the words of a
//! program.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use harness::Server;
use serde_json::json;

/// A request of an admin, and what comes: the status, the code, and a part of the message.
type Nonsense = (&'static str, &'static str, &'static str, &'static [u8], (u16, u64, &'static str));

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

// One row a line, however long.
#[rustfmt::skip]
const ALL: &[Nonsense] = &[
    // Paths and methods.
    ("GET", "/v3/nothing", "", b"", (404, 300_004, "`/docs/` shows those there are")),
    ("GET", "/", "", b"", (404, 300_004, "there is nothing at this path")),
    ("FOO", "/v3/users", "", b"", (405, 300_004, "`Allow` lists those it has")),
    ("OPTIONS", "/v3/users", "", b"", (405, 300_004, "`Allow` lists those it has")),
    ("PATCH", "/v3/users/19721", "", b"", (405, 300_004, "`Allow` lists those it has")),
    ("GET", "/v3/users/abc/progress", "", b"", (400, 310_011, "Invalid userId")),
    ("GET", "/v3/users/-1/progress", "", b"", (400, 310_011, "Invalid userId")),
    ("GET", "/v3/users/99999999999999999999/progress", "", b"", (400, 310_011, "Invalid userId")),
    ("GET", "/v3/users/%ff/enrolledTargets", "", b"", (400, 310_011, "Invalid userId")),
    // Queries.
    ("GET", "/v3/users/7/enrolledTargets?targetRuleIds=1,x", "", b"", (400, 300_004, "and `x` is none")),
    ("GET", "/v3/users/7/enrolledTargets?trackingDate=2026", "", b"", (200, 0, "")),
    ("GET", "/v3/users/7/enrolledTargets?trackingDate=today", "", b"", (400, 300_004, "not `today`")),
    ("GET", "/v3/users/7/enrolledTargets?enrollmentType=x", "", b"", (400, 310_130, "Invalid enrollment type")),
    ("GET", "/v3/users/7/enrolledTargets?includeOnlyUserCreated=1", "", b"", (400, 300_004, "and not `1`")),
    ("GET", "/v3/users?limit=0", "", b"", (400, 300_004, "`limit` is 1 to 1000, and not `0`")),
    ("GET", "/v3/users?after=%1b%5b2J", "", b"", (400, 300_004, "not `\u{fffd}[2J`")),
    ("GET", "/v3/users?%%%", "", b"", (200, 0, "")),
    ("DELETE", "/v3/users/7/enrolments/1?withdrawnOn=soon", "", b"", (400, 300_004, "`2026-03-07T12:20:20Z`")),
    // Content types and encodings.
    ("POST", "/v3/expressions", "image/png", b"{}", (415, 300_004, "is `application/json` here, and not `image/png`")),
    ("POST", "/v3/expressions", CSV, b"{}", (415, 300_004, "and not `text/csv`")),
    ("POST", "/v3/enrolments", "image/png", b"[]", (415, 300_004, "`application/x-ndjson` or `text/csv`")),
    ("POST", "/v3/expressions", JSON, b"", (400, 300_004, "the body is empty; a JSON object is expected")),
    ("POST", "/v3/targets", JSON, b" \n", (400, 300_004, "the body is empty; a JSON object is expected")),
    ("POST", "/v3/transactions", JSON, b"\xff\xfe{", (400, 300_004, "this is not UTF-8 text")),
    ("POST", "/v3/expressions", JSON, b"[]", (400, 300_004, "expected an object at line 1 column 2")),
    ("POST", "/v3/expressions", JSON, b"{\"rule\": 1}", (400, 300_004, "expected one of `expression`")),
    ("POST", "/v3/targetGroups", JSON, b"[]", (400, 300_004, "the target group is no JSON object")),
    ("POST", "/v3/targets", JSON, b"{\"a\": 1, \"a\": 2}", (400, 300_004, "`a` stands there twice")),
    // Lists.
    ("POST", "/v3/transactions/batch", JSON, b"", (400, 300_004, "it is empty; a list is such as `[{...}, {...}]`")),
    ("POST", "/v3/transactions/batch", JSON, b"{}\n{}\n", (400, 300_004, "`Content-Type: application/x-ndjson`")),
    ("POST", "/v3/transactions/batch", JSON, b"[1,", (400, 300_004, "at line 1 column 3")),
    ("POST", "/v3/enrolments", CSV, b"", (400, 300_004, "the CSV is empty; its first line has names")),
    ("POST", "/v3/enrolments", CSV, b"user\n7\n", (400, 300_004, "a column `user`; its first line has names")),
    ("POST", "/v3/enrolments", CSV, b"userId\n\"7\n", (400, 300_004, "a quote in line 2 has no other")),
    // Enrolments.
    ("POST", "/v3/users/7/enrolments", JSON, b"[]", (400, 300_004, "it is such as `{\"userId\": 19721")),
    ("POST", "/v3/users/7/enrolments", JSON, b"{", (400, 300_004, "at line 1 column 1")),
    ("POST", "/v3/users/7/enrolments", JSON, b"{}", (400, 300_004, "`targetId` is missing")),
    ("POST", "/v3/users/7/enrolments", JSON, b"{\"target\": 1}", (400, 300_004, "expected one of `userId`, `targetId`")),
    ("POST", "/v3/users/7/enrolments", JSON, b"{\"targetId\": \"1\"}", (400, 300_004, "and not `\"1\"`")),
    ("POST", "/v3/users/7/enrolments", JSON, b"{\"targetId\": 1e99}", (400, 300_004, "and not `1e99`")),
    ("POST", "/v3/users/7/enrolments", JSON, b"{\"targetId\": 1, \"value\": []}", (400, 300_004, "`value` is a number")),
    ("POST", "/v3/users/7/enrolments", JSON, b"{\"targetId\": 1, \"userId\": 8}", (400, 300_004, "than in the path")),
];

/// What a program says, and people don't.
const NOT_SAID: [&str; 8] = ["Some(", "None", "struct ", "i64", "u64", "Error(", "::", "panicked"];

#[test]
fn nonsense_is_answered_in_words_that_help() {
    let server = Server::start(&[]);
    let admin = server.as_user(&server.admin);
    let mut wrong = Vec::new();
    for (method, path, content_type, body, (status, code, part)) in ALL {
        let headers = [("Content-Type", *content_type)];
        let headers = if content_type.is_empty() { &[][..] } else { &headers[..] };
        let answer = server.send(method, path, Some(&admin), headers, body);
        let json = answer.json();
        let fault = &json["errors"][0];
        let message = fault["message"].as_str().unwrap_or_default();
        let as_told = answer.status == *status && fault["code"].as_u64().unwrap_or_default() == *code;
        if !as_told || !message.contains(part) || NOT_SAID.iter().any(|said| message.contains(said)) {
            wrong.push(format!("{method} {path} {}: {} {}", body.escape_ascii(), answer.status, answer.text));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rows_that_make_no_sense_hide_no_others() {
    let server = Server::start(&[]);
    let writer = server.as_user(&server.writer);
    let lines = "\n{\"userId\": 7, \"targetId\": 5}\nnothing\n{\"userId\": \"x\", \"targetId\": 5}\n";
    let answer =
        server.send("POST", "/v3/enrolments", Some(&writer), &[("Content-Type", LINES)], lines.as_bytes());
    let told = answer.data();
    let refused = told["refused"].as_array().unwrap();
    let told: Vec<(u64, u64)> = refused
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["error"]["code"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [(2, 310_018), (3, 300_004), (4, 310_011)]);
}

#[test]
fn a_body_that_is_compressed_is_refused() {
    let server = Server::start(&[]);
    let admin = server.as_user(&server.admin);
    let headers = [("Content-Type", JSON), ("Content-Encoding", "gzip")];
    let answer = server.send("POST", "/v3/expressions", Some(&admin), &headers, b"\x1f\x8b");
    assert_eq!(answer.status, 415);
    assert!(answer.text.contains("a body is not compressed"), "{}", answer.text);
}

#[test]
fn a_version_is_said_as_it_was_told() {
    let server = Server::start(&[]);
    let admin = server.as_user(&server.admin);
    let put = |version: &str| {
        let headers = [("Content-Type", JSON), ("If-Match", version)];
        server.send("PUT", "/v3/targets/1", Some(&admin), &headers, b"{}")
    };
    assert!(
        put("3").text.contains("in quotes, such as `\\\"3\\\"`, or `*`, and not `3`"),
        "{}",
        put("3").text
    );
    // There is no such target, whatever its version.
    assert!(put("*").text.contains("310018"), "{}", put("*").text);
}

#[test]
fn what_is_wrong_with_a_target_without_an_id_has_its_place_in_the_body() {
    let server = Server::start(&[]);
    let body = "{\"name\": \"a\", \"expression\": \"true\",\n  \"targetEntity\": \"EVENT\", \"targetType\": \"SALES\"}";
    for id in ["", " \"id\": 9,"] {
        let body = body.replacen('{', &format!("{{{id}"), 1);
        let refused = server.ask(&server.admin, "POST", "/v3/targets", &body);
        assert_eq!(refused.codes(), [310_033], "{}", refused.text);
        let place = &refused.json()["errors"][0]["diagnostics"][0]["file"];
        let at = (&place["pointer"], &place["line"], &place["column"]);
        assert_eq!(at, (&json!("/targetType"), &json!(2), &json!(42)), "{}", refused.text);
    }
    // The same in a group, behind one that lacks an id as well.
    let good = r#"{"name": "b", "expression": "true", "targetType": "COUNT", "targetEntity": "TRANSACTION"}"#;
    let group = format!("{{\"name\": \"g\", \"targets\": [{good}, {good},\n{body},{body}]}}");
    let refused = server.ask(&server.admin, "POST", "/v3/targetGroups", &group);
    assert_eq!(refused.codes(), [310_033], "{}", refused.text);
    let found = refused.json()["errors"][0]["diagnostics"].take();
    let place = &found[0]["file"];
    let at = (&place["pointer"], &place["line"], &place["column"]);
    assert_eq!(at, (&json!("/targets/2/targetType"), &json!(3), &json!(42)), "{found}");
    assert_eq!(server.ask(&server.reader, "GET", "/v3/targetGroups", "").data(), json!([]));
}

#[test]
fn a_group_that_looks_like_a_target_is_told_what_is_wrong_with_a_group() {
    let server = Server::start(&[]);
    let refused = server.ask(&server.admin, "POST", "/v3/targetGroups", r#"{"id": -1, "name": "q"}"#);
    assert_eq!(refused.codes(), [300_004]);
    assert!(refused.text.contains("`id` is a whole number from 1"), "{}", refused.text);
    let made = server.ask(&server.admin, "POST", "/v3/targetGroups", r#"{"id": 1, "name": "q"}"#);
    assert_eq!(made.status, 201, "{}", made.text);
}
