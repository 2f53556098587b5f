//! The server apart from what it serves: who is let in, what requests are held
//! to, and how it starts and stops. Over real sockets, with the binary.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use harness::{Server, binary};

#[test]
fn it_starts_answers_and_ends_with_status_0() {
    let mut server = Server::start(&[]);
    for (path, text) in [("/health", "ok\n"), ("/ready", "ready\n")] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.text.as_str()), (200, text), "{path}");
    }
    let figures = server.get("/metrics");
    assert_eq!(figures.status, 200);
    assert!(figures.text.contains("target_rules_requests_total"), "{}", figures.text);
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn who_has_no_right_credentials_gets_401_and_nothing_else() {
    let server = Server::start(&[]);
    let (wrong, nobody) = (server.as_user("reader:wrong-password"), server.as_user("nobody:x"));
    for authorization in [None, Some("Basic ???".to_owned()), Some(wrong), Some(nobody)] {
        let answer = server.send("GET", "/v3/users/1/enrolledTargets", authorization.as_deref(), &[], b"");
        assert_eq!((answer.status, answer.text.as_str()), (401, ""), "{authorization:?}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic realm="));
    }
    let figures = server.get("/metrics").text;
    assert!(figures.contains("target_rules_wrong_credentials_total 3"), "{figures}");
}

#[test]
fn wrong_credentials_are_slow_and_right_ones_are_not() {
    let server = Server::start(&[]);
    let right = server.as_user(&server.reader);
    let path = "/nothing";
    assert_eq!(server.send("GET", path, Some(&right), &[], b"").status, 404);
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(server.send("GET", path, Some(&right), &[], b"").status, 404);
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let began = Instant::now();
    let wrong = server.as_user("reader:wrong-password");
    assert_eq!(server.send("GET", path, Some(&wrong), &[], b"").status, 401);
    assert!(began.elapsed() >= Duration::from_millis(900), "{:?}", began.elapsed());
}

#[test]
fn requests_have_an_id() {
    let server = Server::start(&[]);
    let given = |id: &str| {
        let answer = server.send("GET", "/health", None, &[("X-Request-Id", id)], b"");
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(given("abc-1.2_3"), "abc-1.2_3");
    assert_ne!(given("with space"), "with space");
    let long = "x".repeat(65);
    assert_ne!(given(&long), long);
}

#[test]
fn what_is_nowhere_is_said_in_the_envelope() {
    let server = Server::start(&[]);
    let reader = server.as_user(&server.reader);
    let answer = server.send("GET", "/v9/nothing", Some(&reader), &[], b"");
    assert_eq!(answer.status, 404);
    let expected = r#"{"data":null,"errors":[{"code":300004,"message":"there is nothing at this path; `/docs/` shows those there are"}],"warnings":null}"#;
    assert_eq!(answer.text, expected);
}

#[test]
fn slow_and_large_headers_are_cut_off() {
    let server = Server::start(&["--header-time", "1"]);
    let mut stream = server.connect();
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut rest = String::new();
    let began = Instant::now();
    let _ = stream.read_to_string(&mut rest);
    assert!(began.elapsed() < Duration::from_secs(5), "the connection stays open");
    assert!(!rest.starts_with("HTTP/1.1 200"), "{rest}");

    let large = "x".repeat(64 * 1024);
    let answer = server.send("GET", "/health", None, &[("X-Large", &large)], b"");
    assert_eq!(answer.status, 431);
}

#[test]
fn more_requests_than_the_rate_are_answered_by_429() {
    let server = Server::start(&["--rate", "1"]);
    let reader = server.as_user(&server.reader);
    let statuses: Vec<u16> =
        (0..14).map(|_| server.send("GET", "/nothing", Some(&reader), &[], b"").status).collect();
    assert_eq!(statuses[0], 404);
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn requests_that_were_accepted_are_finished() {
    let mut server = Server::start(&[]);
    let wrong = server.as_user("reader:wrong-password");
    let mut stream = server.connect();
    // It takes a second; by then the server was told to stop.
    write!(stream, "GET /x HTTP/1.1\r\nHost: x\r\nAuthorization: {wrong}\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let waiting = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        text
    });
    assert_eq!(server.terminate().code(), Some(0));
    assert!(waiting.join().unwrap().starts_with("HTTP/1.1 401"));
}

#[test]
fn logs_have_no_secrets_and_no_customers() {
    let mut server = Server::start(&["--log", "debug"]);
    let reader = server.as_user(&server.reader);
    assert_eq!(server.send("GET", "/v3/users/987654321/nothing", Some(&reader), &[], b"").status, 404);
    server.terminate();
    let logs = server.logs();
    assert!(logs.contains("\"status\":404") && logs.contains("\"organisation\":\"shop\""), "{logs}");
    let password = server.reader.split_once(':').unwrap().1;
    for secret in [password, "987654321", reader.trim_start_matches("Basic ")] {
        assert!(!logs.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn it_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let refused = |arguments: &[&str], why: &str| {
        let output = binary().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert!(!said.contains("sesame"), "{said}");
    };
    refused(&[], "--data");
    refused(&["--data", data], "user add");
    refused(
        &["--data", data, "--listen", "0.0.0.0:0", "--without-authentication", "shop"],
        "no loopback address",
    );
    // Whoever is refused leaves no folder behind.
    let new = folder.path().join("new");
    for wrong in ["a:b", ""] {
        let add = ["user", "add", "--data", new.to_str().unwrap(), wrong, "--organisation", "shop"];
        refused(&add, "");
        assert!(!new.exists(), "`{wrong}` is refused, and a folder is made");
    }
    let path = folder.path().join("credentials.json");
    let added = binary().args(["user", "add", "--data", data, "till", "--organisation", "shop"]).output();
    assert!(added.unwrap().status.success());
    let credentials = path.to_str().unwrap();
    refused(
        &["--database", "mysql://till:sesame@db/x", "--credentials", credentials],
        "it begins with `postgres://`",
    );
    std::fs::write(&path, "{\"users\": []}").unwrap();
    let others = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&path, others).unwrap();
    refused(&["--data", data], "chmod 600");
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start(&["--request-time", "1"]);
    let writer = server.as_user(&server.writer);
    let mut stream = server.connect();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "POST /v3/transactions HTTP/1.1\r\nHost: x\r\nAuthorization: {writer}\r\nContent-Length: 100\r\n\r\n{{"
    )
    .unwrap();
    let (mut text, began) = (String::new(), Instant::now());
    let _ = stream.read_to_string(&mut text);
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn users_are_taken_anew_at_sighup() {
    let server = Server::start(&[]);
    let data = server.folder.path().to_str().unwrap().to_owned();
    let status = |user: &str| server.send("GET", "/nothing", Some(&server.as_user(user)), &[], b"").status;
    assert_eq!(status(&server.reader), 404);
    let removed = binary().args(["user", "remove", "--data", &data, "reader"]).output().unwrap();
    assert!(removed.status.success());
    let listed = binary().args(["user", "list", "--data", &data]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("writer shop write") && !listed.contains("reader"), "{listed}");
    server.hang_up();
    let began = Instant::now();
    while status(&server.reader) != 401 {
        assert!(began.elapsed() < Duration::from_secs(20), "who was removed is let in");
    }
    assert_eq!(status(&server.writer), 404);
}

#[test]
fn it_speaks_tls_with_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let server = Server::start(&["--tls-certificate", certificate, "--tls-key", key]);
    let port = server.address.rsplit_once(':').unwrap().1;
    let output = std::process::Command::new("curl")
        .args(["--silent", "--show-error", "--cacert", certificate])
        .args(["--resolve", &format!("localhost:{port}:127.0.0.1")])
        .arg(format!("https://localhost:{port}/health"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "ok\n", "{output:?}");
    // Who speaks in the clear gets no answer.
    let mut stream = server.connect();
    write!(stream, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("200"));
}
