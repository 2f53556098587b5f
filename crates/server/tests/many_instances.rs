//! Several servers on one PostgreSQL: what one changes the others serve, and
//! nothing is counted twice.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod harness;

use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use harness::Server;
use serde_json::{Value, json};
use target_rules_testing::database::Database;

const GROUP: &str = r#"{"id": 7, "name": "Spring", "targets": [{"id": 50, "targetType": "SALES",
    "targetEntity": "TRANSACTION", "expression": "currentTxn.value>500"}]}"#;

fn bill(customer: i64, number: usize) -> String {
    format!(
        "{{\"currentCustomer\": {{\"id\": {customer}}}, \"currentTxn\": {{\"number\": \"n-{number}\", \
         \"date\": \"2026-02-07\", \"value\": 600}}}}"
    )
}

/// Who sends bills to an instance, wherever it listens now.
struct Till {
    address: Mutex<String>,
    authorization: String,
    /// How many numbers are acknowledged, for all customers.
    booked: AtomicUsize,
}

impl Till {
    fn at(server: &Server) -> Till {
        let authorization = server.as_user(&server.writer);
        Till { address: Mutex::new(server.address.clone()), authorization, booked: AtomicUsize::new(0) }
    }

    fn booked(&self) -> usize {
        self.booked.load(Ordering::SeqCst)
    }

    /// Books bills of three customers until it is told to stop; each is sent again
    /// until it is acknowledged.
    fn book(&self, stop: &AtomicBool) {
        for number in 0.. {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            let began = Instant::now();
            let bills: Vec<String> = (1..=3).map(|customer| bill(customer, number)).collect();
            let bills = bills.join("\n");
            let send = || {
                let address = self.address.lock().unwrap().clone();
                harness::try_send(&address, &self.authorization, "/v3/transactions/batch", &bills)
            };
            while send() != Some(200) {
                assert!(began.elapsed() < Duration::from_secs(60), "nobody comes back");
                std::thread::sleep(Duration::from_millis(10));
            }
            self.booked.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Waits until more is acknowledged.
    fn goes_on(&self) {
        let (before, began) = (self.booked(), Instant::now());
        while self.booked() < before + 3 {
            assert!(began.elapsed() < Duration::from_secs(90), "nothing is booked");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn query(database: &Database, query: &str) -> String {
    let output = Command::new("psql").args([database.url(), "-tA", "-c", query]).output().unwrap();
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
    let arguments = ["--database", database.url()];
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
    let arguments = ["--database", database.url()];
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
    // Both book the same bills at once. Meanwhile the database is restarted, and
    // one of them killed.
    let (one, other) = (Till::at(&first), Till::at(&second));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| one.book(&stop));
        scope.spawn(|| other.book(&stop));
        let _stop = Stop(&stop);
        other.goes_on();
        database.restart("immediate");
        one.goes_on();
        other.goes_on();
        second.kill_and_restart(&arguments);
        *other.address.lock().unwrap() = second.address.clone();
        other.goes_on();
    });
    let bills = one.booked().max(other.booked());
    assert!(one.booked() > 3 && other.booked() > 6, "{} and {}", one.booked(), other.booked());
    for customer in 1..=3 {
        let path = format!("/v3/users/{customer}/progress");
        for server in [&first, &second] {
            let answer = server.ask(&server.reader, "GET", &path, "");
            let value: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(value["data"]["progress"][0]["achieved"], json!(bills * 600), "{}", answer.text);
        }
    }
}

/// Has the others stop, also where this thread fails.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// An instance that was told of no change yet books by the newest targets.
#[test]
fn a_bill_counts_in_a_target_from_its_first_moment_on() {
    let Some(database) = Database::start() else { return };
    let arguments = ["--database", database.url()];
    let (first, second) = (Server::start(&arguments), Server::start(&arguments));
    let group = r#"{"id": 9, "name": "Summer", "periods": [
        {"id": 3, "startDate": "2026-01-01", "endDate": "2026-12-31"}], "targets": []}"#;
    assert_eq!(first.ask(&first.admin, "POST", "/v3/targetGroups", group).status, 201);
    for round in 0..20_usize {
        let id = 100 + round;
        // Bills enrol in the even ones, and the other instance in the others.
        let method = if round % 2 == 0 { "TRANSACTION" } else { "IMPORT" };
        let target = format!(
            r#"{{"id": {id}, "targetGroupId": 9, "name": "t-{id}", "targetType": "COUNT",
                "targetEntity": "TRANSACTION", "enrolmentMethod": "{method}", "expression": "true",
                "defaultValues": [{{"targetPeriodId": 3, "defaultValue": 5}}]}}"#
        );
        let made = first.ask(&first.admin, "POST", "/v3/targets", &target);
        assert_eq!(made.status, 201, "{}", made.text);
        if method == "IMPORT" {
            let body = format!(r#"{{"targetId": {id}}}"#);
            let enrolled = second.ask(&second.writer, "POST", "/v3/users/1/enrolments", &body);
            assert_eq!(enrolled.status, 201, "{}", enrolled.text);
        }
        let booked = second.ask(&second.writer, "POST", "/v3/transactions", &bill(1, round));
        let value: Value = serde_json::from_str(&booked.text).unwrap();
        let progress = value["data"]["progress"].as_array().unwrap();
        let line = progress.iter().find(|line| line["targetId"] == json!(id));
        assert_eq!(line.map(|line| &line["achieved"]), Some(&json!(1)), "target {id}: {}", booked.text);
    }
}
