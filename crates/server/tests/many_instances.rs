//! Several servers on one PostgreSQL: what one changes the others serve, and
//! nothing is counted twice. Loudly not where there is no PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod harness;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use harness::Server;
use serde_json::{Value, json};

/// A PostgreSQL of its own, stopped when this is dropped.
struct Database {
    folder: tempfile::TempDir,
    url: String,
}

fn script() -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/postgresql"))
}

impl Database {
    fn start() -> Option<Database> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        // Whoever the database runs as must reach it.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let output = script().arg("start").arg(folder.path().join("server")).output().unwrap();
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            eprintln!("\n!! no PostgreSQL can be started: SEVERAL INSTANCES ARE NOT TESTED\n   {why}\n");
            return None;
        }
        let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        Some(Database { folder, url })
    }

    fn restart(&self) {
        let status = script().arg("restart").arg(self.folder.path().join("server")).arg("immediate").status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = script().arg("stop").arg(self.folder.path().join("server")).status();
    }
}

const GROUP: &str = r#"{"id": 7, "name": "Spring", "targets": [{"id": 50, "targetType": "SALES",
    "targetEntity": "TRANSACTION", "expression": "currentTxn.value>500"}]}"#;

fn bill(customer: i64, number: usize) -> String {
    format!(
        "{{\"currentCustomer\": {{\"id\": {customer}}}, \"currentTxn\": {{\"number\": \"n-{number}\", \
         \"date\": \"2026-02-07\", \"value\": 600}}}}"
    )
}

/// Books bills of three customers; each is sent again until it is acknowledged.
fn book(server: &Server, numbers: std::ops::Range<usize>) {
    for number in numbers {
        for customer in 1..=3 {
            let began = Instant::now();
            while server.ask(&server.writer, "POST", "/v3/transactions", &bill(customer, number)).status
                != 200
            {
                assert!(began.elapsed() < Duration::from_secs(60), "the database does not come back");
            }
        }
    }
}

fn query(database: &Database, query: &str) -> String {
    let output = Command::new("psql").args([database.url.as_str(), "-tA", "-c", query]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Ends the connections by which instances are told of changes; how many there were.
fn cut_off_listeners(database: &Database) -> usize {
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'";
    query(database, ended).parse().unwrap()
}

fn wait_for(server: &Server, target: i64) {
    let (began, path) = (Instant::now(), format!("/v3/targets/{target}"));
    while server.ask(&server.reader, "GET", &path, "").status != 200 {
        assert!(began.elapsed() < Duration::from_secs(10), "the target {target} is not found");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_change_is_found_where_nobody_was_told_of_it() {
    let Some(database) = Database::start() else { return };
    let arguments = ["--database", database.url.as_str()];
    let (first, second) = (Server::start(&arguments), Server::start(&arguments));
    assert_eq!(first.ask(&first.admin, "POST", "/v3/targetGroups", GROUP).status, 201);
    let mut cut_off = 0;
    for id in 51..56 {
        cut_off += cut_off_listeners(&database);
        let target = format!(
            "{{\"id\": {id}, \"targetType\": \"COUNT\", \"targetEntity\": \"TRANSACTION\", \
             \"expression\": \"true\"}}"
        );
        assert_eq!(first.ask(&first.admin, "POST", "/v3/targets", &target).status, 201);
        // And once more, so that it is told of the change at no time.
        cut_off += cut_off_listeners(&database);
        wait_for(&second, id);
    }
    assert!(cut_off >= 2, "nobody listened");
    // A change of which nothing is told at all: a look each second finds it.
    let silent = "WITH changed AS (UPDATE target_rules.organisation SET change = change + 1
            WHERE name = 'shop' RETURNING id, change)
        INSERT INTO target_rules.document (organisation, kind, id, version, text)
            SELECT id, 'target', 60, change, '{\"id\": 60, \"targetType\": \"COUNT\",
                \"targetEntity\": \"TRANSACTION\", \"expression\": \"true\"}' FROM changed";
    query(&database, silent);
    wait_for(&first, 60);
    wait_for(&second, 60);
}

#[test]
fn what_one_changes_the_others_serve_and_nothing_counts_twice() {
    let Some(database) = Database::start() else { return };
    let arguments = ["--database", database.url.as_str()];
    let (first, mut second) = (Server::start(&arguments), Server::start(&arguments));
    assert_eq!(first.ask(&first.admin, "POST", "/v3/targetGroups", GROUP).status, 201);
    let began = Instant::now();
    while second.ask(&second.reader, "GET", "/v3/targets/50", "").status != 200 {
        assert!(began.elapsed() < Duration::from_secs(30), "the other instance does not serve the target");
    }
    for customer in 1..=3 {
        let body = r#"{"targetId": 50, "value": 5000}"#;
        let path = format!("/v3/users/{customer}/enrolments");
        assert_eq!(second.ask(&second.writer, "POST", &path, body).status, 201);
    }
    // Both book at once, some bills both; meanwhile the database is restarted.
    std::thread::scope(|scope| {
        scope.spawn(|| book(&first, 0..25));
        scope.spawn(|| book(&second, 15..40));
        std::thread::sleep(Duration::from_millis(300));
        database.restart();
    });
    second.kill_and_restart(&arguments);
    for customer in 1..=3 {
        let path = format!("/v3/users/{customer}/progress");
        for server in [&first, &second] {
            let answer = server.ask(&server.reader, "GET", &path, "");
            let value: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(value["data"]["progress"][0]["achieved"], json!(40 * 600), "{}", answer.text);
        }
    }
}
