//! What users may not do: with what belongs to other organisations, and beyond
//! their role; and what logs tell of anybody.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::process::Command;

use harness::Server;
use serde_json::{Value, json};

const GROUP: &str = r#"{"id": 7, "name": "Our secret spring",
    "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2099-12-31"}],
    "targets": [{"id": 50, "name": "Our secret shoes", "targetType": "SALES", "targetEntity": "TRANSACTION",
        "expression": "currentTxn.value>500", "defaultValues": [{"periodId": 3, "defaultValue": 5000}]}]}"#;

const BILL: &str = r#"{"currentCustomer": {"id": 19721},
    "currentTxn": {"number": "n-1", "date": "2026-02-07", "value": 730.50}}"#;

/// A server whose organisation `shop` has a target and a customer with a bill.
fn with_customer() -> Server {
    let server = Server::start(&[]);
    let enrol = r#"{"targetId": 50, "periodId": 3, "enrolledOn": "2026-01-01"}"#;
    for (user, path, body) in [
        (&server.admin, "/v3/targetGroups", GROUP),
        (&server.writer, "/v3/users/19721/enrolments", enrol),
        (&server.writer, "/v3/transactions", BILL),
    ] {
        let done = server.ask(user, "POST", path, body);
        assert!((200..300).contains(&done.status), "{path}: {}", done.text);
    }
    server
}

/// All that `shop` has.
fn all_of_shop(server: &Server) -> Vec<String> {
    ["/v3/targetGroups", "/v3/targets", "/v3/users", "/v3/users/19721/export", "/v3/users/19721/progress"]
        .iter()
        .map(|path| server.ask(&server.admin, "GET", path, "").text)
        .collect()
}

#[test]
fn every_path_says_nothing_of_others_and_changes_nothing_of_theirs() {
    let server = with_customer();
    let before = all_of_shop(&server);
    let description: Value = serde_json::from_str(&server.get("/openapi.json").text).unwrap();
    let mut left: Vec<(String, String)> = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        left.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    // By the admin of another organisation: the status, and what `data` or the code is.
    let bill = json!({"number": "n-1", "userId": 19721});
    let enrolled = json!({"enrolled": 0});
    let table: [(&str, &str, &str, u16, Value); 23] = [
        ("GET", "/v3/users/{userId}/enrolledTargets", "", 200, json!([])),
        ("GET", "/v3/users/{userId}/enrolments", "", 200, json!([])),
        ("POST", "/v3/users/{userId}/enrolments", r#"{"targetId": 50}"#, 400, json!(310_018)),
        ("DELETE", "/v3/users/{userId}/enrolments/{targetId}", "", 400, json!(310_149)),
        ("POST", "/v3/enrolments", r#"[{"userId": 19721, "targetId": 50}]"#, 200, enrolled),
        ("GET", "/v3/users", "", 200, json!({"userIds": [], "next": null})),
        ("GET", "/v3/targets/{targetId}/users", "", 400, json!(310_018)),
        ("GET", "/v3/users/{userId}/export", "", 200, json!({"enrolments": null, "booked": null})),
        ("DELETE", "/v3/users/{userId}", "", 200, json!(false)),
        ("GET", "/v3/targetGroups", "", 200, json!([])),
        ("GET", "/v3/targetGroups/{groupId}", "", 400, json!(310_017)),
        ("PUT", "/v3/targetGroups/{groupId}", r#"{"name": "Mine"}"#, 400, json!(310_017)),
        ("GET", "/v3/targets", "", 200, json!([])),
        ("GET", "/v3/targets/{targetId}", "", 400, json!(310_018)),
        ("PUT", "/v3/targets/{targetId}", r#"{"expression": "true"}"#, 400, json!(310_018)),
        ("POST", "/v3/users/{userId}/targets/{targetId}/why", BILL, 400, json!(310_018)),
        ("POST", "/v3/transactions", BILL, 200, bill),
        ("POST", "/v3/transactions/batch", &format!("[{BILL}]"), 200, json!({"booked": 1})),
        ("GET", "/v3/users/{userId}/progress", "", 200, json!({"progress": [], "unified": []})),
        ("POST", "/v3/expressions", r#"{"expression": "true"}"#, 200, json!({"isError": false})),
        // Their own of the same ids, which are nobody else's business.
        ("POST", "/v3/targets", r#"{"targetGroupId": 7, "expression": "true"}"#, 400, json!(310_017)),
        ("POST", "/v3/users/{userId}/targets", r#"{"name": "Mine", "targets": []}"#, 400, json!(300_004)),
        ("POST", "/v3/targetGroups", &GROUP.replace("secret", "own"), 201, json!({"id": 7})),
    ];
    for (method, path, body, status, expected) in table {
        let filled = path.replace("{userId}", "19721").replace("{targetId}", "50").replace("{groupId}", "7");
        let stranger = server.as_user(&server.stranger);
        let headers = [("Content-Type", "application/json"), ("If-Match", "*")];
        let answer = server.send(method, &filled, Some(&stranger), &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        let told = if status < 300 { answer.data() } else { answer.json()["errors"][0]["code"].take() };
        match expected.as_object() {
            Some(some) => {
                some.iter().for_each(|(key, one)| assert_eq!(&told[key], one, "{method} {path}: {told}"));
            }
            None => assert_eq!(told, expected, "{method} {path}: {}", answer.text),
        }
        assert!(!answer.text.contains("secret"), "{method} {path}: {}", answer.text);
        assert_eq!(all_of_shop(&server), before, "{method} {path} changed something");
        left.retain(|one| *one != (method.to_owned(), path.to_owned()));
    }
    assert!(left.is_empty(), "nobody has tried {left:?}");
}

#[test]
fn a_target_for_everybody_is_made_by_admins_only() {
    let server = Server::start(&[]);
    let group = |method: &str| {
        format!(
            "{{\"name\": \"Run {method}\", \"targets\": [{{\"targetType\": \"COUNT\", \
             \"targetEntity\": \"TRANSACTION\", \"expression\": \"true\", \"enrolmentMethod\": \"{method}\"}}]}}"
        )
    };
    let path = "/v3/users/19721/targets";
    for method in ["TRANSACTION", "AUDIENCE_FILTER"] {
        let answer = server.ask(&server.writer, "POST", path, &group(method));
        assert_eq!((answer.status, answer.codes()), (400, vec![300_004]), "{}", answer.text);
        assert!(answer.text.contains("enrolmentMethod"), "{}", answer.text);
    }
    assert_eq!(server.ask(&server.reader, "GET", "/v3/targets", "").json()["data"], json!([]));
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", &group("TRANSACTION")).status, 201);
}

#[test]
fn an_id_from_elsewhere_does_not_end_the_giving_of_ids() {
    let server = Server::start(&[]);
    let target = |id: &str| {
        let body = format!(
            "{{{id}\"targetType\": \"COUNT\", \"targetEntity\": \"TRANSACTION\", \"expression\": \"true\"}}"
        );
        server.ask(&server.admin, "POST", "/v3/targets", &body)
    };
    for id in ["9223372036854775807", "4503599627370496"] {
        let answer = target(&format!("\"id\": {id}, "));
        assert_eq!((answer.status, answer.codes()), (400, vec![300_004]), "{}", answer.text);
    }
    assert_eq!(target("\"id\": 4503599627370495, ").status, 201);
    for expected in 4_503_599_627_370_496_i64..4_503_599_627_370_499 {
        let made = target("");
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.json()["data"]["id"], json!(expected));
    }
}

#[test]
fn logs_have_no_secrets_and_nothing_of_customers_wherever_they_stand() {
    let mut server = Server::start(&["--log", "trace"]);
    let secret = |place: &str| format!("sesame-{place}");
    let path = format!("/v3/users/19721/{}?{}={}", secret("path"), secret("name"), secret("query"));
    let (user, header) = (secret("user"), secret("header"));
    let bodies = [
        ("/v3/transactions", format!("{{\"{}\": \"{}\"}}", secret("key"), secret("value"))),
        ("/v3/transactions", BILL.replace("n-1", &secret("number"))),
        ("/v3/transactions/batch", format!("[{{\"a\": \"{}\"}}]", secret("batch"))),
        ("/v3/enrolments", format!("[{{\"userId\": 1, \"{}\": 5}}]", secret("row"))),
        ("/v3/targetGroups", GROUP.replace("Our", &secret("group"))),
        ("/v3/targets", format!("{{\"expression\": \"currentTxn.{}>5\"}}", secret("rule"))),
        ("/v3/expressions", format!("{{\"expression\": \"{}\"}}", secret("text"))),
        ("/v3/users/19721/targets/50/why", format!("{{\"{}\": [", secret("why"))),
    ];
    for authorization in [server.as_user(&server.admin), server.as_user(&format!("{user}:{user}"))] {
        let headers = [("X-Secret", header.as_str()), ("Cookie", header.as_str()), ("X-Request-Id", "a b")];
        server.send("GET", &path, Some(&authorization), &headers, b"");
        for (path, body) in &bodies {
            server.send("POST", path, Some(&authorization), &headers, body.as_bytes());
        }
    }
    let mut broken = server.connect();
    let raw = format!("GET /{} HTTP/9\r\n{}\r\n\r\n", secret("line"), secret("raw"));
    std::io::Write::write_all(&mut broken, raw.as_bytes()).unwrap();
    drop(broken);
    let password = server.admin.split_once(':').unwrap().1.to_owned();
    let encoded = server.as_user(&server.admin).trim_start_matches("Basic ").to_owned();
    server.terminate();
    let logs = server.logs();
    assert!(logs.contains("\"status\":404") && logs.contains("\"status\":401"), "{logs}");
    for secret in ["sesame", "19721", &password, &encoded] {
        let line = logs.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}

/// Damages what is kept of a customer, from another process.
fn damage(server: &Server, customer: i64) {
    let script = "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as c:\n \
        c.execute('UPDATE customer SET enrolments = ? WHERE customer = ?', ('{nothing', sys.argv[2]))";
    let file = server.folder.path().join("targets.sqlite");
    let done = Command::new("python3").args(["-c", script]).arg(file).arg(customer.to_string()).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_line_that_tells_the_reason_has_the_id_of_the_request() {
    let mut server = with_customer();
    damage(&server, 19721);
    let reader = server.as_user(&server.reader);
    let headers = [("X-Request-Id", "the-id-of-this-request")];
    for path in ["/v3/users/19721/progress", "/v3/users/19721/enrolledTargets"] {
        let answer = server.send("GET", path, Some(&reader), &headers, b"");
        assert_eq!((answer.status, answer.codes()), (500, vec![300_004]), "{}", answer.text);
        assert!(!answer.text.contains("nothing"), "{}", answer.text);
    }
    server.terminate();
    let logs = server.logs();
    let reasons: Vec<&str> = logs.lines().filter(|line| line.contains("the server failed")).collect();
    assert_eq!(reasons.len(), 2, "{logs}");
    for line in reasons {
        assert!(line.contains("\"id\":\"the-id-of-this-request\""), "{line}");
        assert!(!line.contains("19721"), "{line}");
    }
}
