//! Several servers on one PostgreSQL: what one changes the others serve, and
//! nothing is counted twice.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

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

/// Whose bill it is: of one till alone, which sends it until it is acknowledged and
/// never again, or of both.
#[derive(Clone, Copy)]
enum Of {
    First = 1,
    Second = 2,
    Both = 3,
}

impl Of {
    /// No two bills have the same value: one that is lost and one that counts twice
    /// don't make up for each other.
    fn value(self, number: usize) -> usize {
        1000 + 4 * number + self as usize
    }

    fn bill(self, customer: i64, number: usize) -> String {
        format!(
            "{{\"currentCustomer\": {{\"id\": {customer}}}, \"currentTxn\": {{\"number\": \"{}-{number}\", \
             \"date\": \"2026-02-07\", \"value\": {}}}}}",
            self as usize,
            self.value(number)
        )
    }

    /// What so many of them come to, each counted once.
    fn sum(self, bills: usize) -> usize {
        (0..bills).map(|number| self.value(number)).sum()
    }
}

/// Who sends bills to an instance, wherever it listens now.
struct Till {
    of: Of,
    address: Mutex<String>,
    authorization: String,
    /// How many numbers are acknowledged, for all customers.
    booked: AtomicUsize,
}

impl Till {
    fn at(server: &Server, of: Of) -> Till {
        let authorization = server.as_user(&server.writer);
        Till { of, address: Mutex::new(server.address.clone()), authorization, booked: AtomicUsize::new(0) }
    }

    fn booked(&self) -> usize {
        self.booked.load(Ordering::SeqCst)
    }

    /// Books bills of three customers until it is told to stop, its own and those of
    /// both; each is sent again until it is acknowledged.
    fn book(&self, stop: &AtomicBool) {
        for number in 0.. {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            let began = Instant::now();
            let of_customer = |customer| [self.of, Of::Both].map(|of| of.bill(customer, number));
            let bills: Vec<String> = (1..=3).flat_map(of_customer).collect();
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

/// Waits until a path is answered by a status, for so many seconds.
fn wait_for(server: &Server, path: &str, status: u16, seconds: u64) {
    let began = Instant::now();
    while server.ask(&server.reader, "GET", path, "").status != status {
        assert!(began.elapsed() < Duration::from_secs(seconds), "{path} is not answered by {status}");
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
        wait_for(&second, &format!("/v3/targets/{id}"), 200, 10);
    }
    assert!(cut_off >= 2, "nobody listened");
    // A change of which nothing is told at all: a look each second finds it.
    let silent = "WITH changed AS (UPDATE target_rules.organisation SET change = change + 1
            WHERE name = 'shop' RETURNING id, change)
        INSERT INTO target_rules.document (organisation, kind, id, version, text)
            SELECT id, 'target', 60, change, '{\"id\": 60, \"targetType\": \"COUNT\",
                \"targetEntity\": \"TRANSACTION\", \"expression\": \"true\"}' FROM changed";
    query(&database, silent);
    wait_for(&first, "/v3/targets/60", 200, 10);
    wait_for(&second, "/v3/targets/60", 200, 10);
}

/// Where something has happened to one organisation's targets, all others are told of
/// theirs by the same connection as before.
#[test]
fn targets_that_can_not_be_read_end_no_connection_that_tells_of_changes() {
    let Some(database) = Database::start() else { return };
    let server = Server::start(&["--database", database.url()]);
    let damage = "WITH changed AS (UPDATE target_rules.organisation SET change = change + 1
            WHERE name = 'other' RETURNING id)
        INSERT INTO target_rules.document (organisation, kind, id, version, text)
            SELECT id, 'target', 60, -1, '{}' FROM changed";
    query(&database, damage);
    let listener =
        || query(&database, "SELECT pid FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' ORDER BY pid");
    let began = Instant::now();
    while listener().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(10), "nobody listens");
    }
    let before = listener();
    // It is looked at each second, and can't be read.
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(listener(), before);
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", GROUP).status, 201);
}

/// Whoever has no credentials may ask as often as she likes: the database is not
/// asked for each time.
#[test]
fn who_asks_whether_it_is_ready_keeps_the_database_from_nothing() {
    let Some(database) = Database::start() else { return };
    let server = Server::start(&["--database", database.url()]);
    let transactions = || -> u64 {
        query(&database, "SELECT sum(xact_commit)::bigint FROM pg_stat_database").parse().unwrap()
    };
    let (before, began, mut ages) = (transactions(), Instant::now(), Vec::new());
    while began.elapsed() < Duration::from_secs(3) || ages.len() < 500 {
        let ready = server.get("/ready");
        assert_eq!((ready.status, ready.text.as_str()), (200, "ready\n"));
        ages.push(ready.header("age").map(|age| age.parse::<u64>().unwrap()));
    }
    let transactions = transactions() - before;
    // It looks for changes, too, and so does whoever keeps the tables clean.
    let most = ages.len() as u64 / 4 + 5 * began.elapsed().as_secs();
    assert!(transactions < most, "{transactions} for {} questions", ages.len());
    assert!(ages.iter().all(|age| age.is_some_and(|age| age <= 5)), "{ages:?}");
    // What is stopped is told, and that it is there again.
    database.stop();
    wait_for(&server, "/ready", 503, 60);
    database.start_again();
    wait_for(&server, "/ready", 200, 60);
}

/// How often all of it goes wrong; `TARGET_RULES_INSTANCE_ROUNDS=10` is the long form.
fn rounds() -> usize {
    std::env::var("TARGET_RULES_INSTANCE_ROUNDS").ok().map_or(1, |text| text.parse().unwrap())
}

#[test]
fn what_one_changes_the_others_serve_nothing_is_lost_and_nothing_counts_twice() {
    let Some(database) = Database::start() else { return };
    // However the server is set, what is booked is booked alike.
    let strict = format!("{}?options=-c%20default_transaction_isolation%3Dserializable", database.url());
    let (loose, arguments) = (["--database", database.url()], ["--database", &strict]);
    let (first, mut second) = (Server::start(&loose), Server::start(&arguments));
    assert_eq!(first.ask(&first.admin, "POST", "/v3/targetGroups", GROUP).status, 201);
    wait_for(&second, "/v3/targets/50", 200, 30);
    for customer in 1..=3 {
        let body = r#"{"targetId": 50, "value": 5000}"#;
        let path = format!("/v3/users/{customer}/enrolments");
        assert_eq!(second.ask(&second.writer, "POST", &path, body).status, 201);
    }
    // Both book bills of the same customers at once, some of them the same. Meanwhile
    // the database is restarted, one of them killed, and both at once.
    let (one, other) = (Till::at(&first, Of::First), Till::at(&second, Of::Second));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| one.book(&stop));
        scope.spawn(|| other.book(&stop));
        let _stop = Stop(&stop);
        let kill_second = |second: &mut Server| {
            second.kill_and_restart(&arguments);
            *other.address.lock().unwrap() = second.address.clone();
        };
        for _ in 0..rounds() {
            other.goes_on();
            database.restart("immediate");
            one.goes_on();
            other.goes_on();
            kill_second(&mut second);
            other.goes_on();
            std::thread::scope(|scope| {
                scope.spawn(|| database.restart("immediate"));
                kill_second(&mut second);
            });
            one.goes_on();
            other.goes_on();
        }
    });
    let (ones, others) = (one.booked(), other.booked());
    assert!(ones > 3 && others > 6, "{ones} and {others}");
    let expected = Of::First.sum(ones) + Of::Second.sum(others) + Of::Both.sum(ones.max(others));
    println!("{} times all went wrong: {ones} and {others} batches, each bill counted once", rounds());
    for customer in 1..=3 {
        let path = format!("/v3/users/{customer}/progress");
        for server in [&first, &second] {
            let answer = server.ask(&server.reader, "GET", &path, "");
            let value: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(value["data"]["progress"][0]["achieved"], json!(expected), "{}", answer.text);
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

/// A long list is enrolled in parts; here one of the later parts meets a row that something
/// has happened to in the database.
#[test]
fn a_list_that_is_done_in_part_says_which_rows_are_not() {
    let Some(database) = Database::start() else { return };
    let server = Server::start(&["--database", database.url()]);
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", GROUP).status, 201);
    let row = |customer: i64| format!("{{\"userId\": {customer}, \"targetId\": 50, \"value\": 5}}\n");
    let send = |rows: &str| {
        let (writer, headers) = (server.as_user(&server.writer), [("Content-Type", "application/x-ndjson")]);
        server.send("POST", "/v3/enrolments", Some(&writer), &headers, rows.as_bytes())
    };
    assert_eq!(send(&row(700)).data()["enrolled"], 1);
    query(&database, "UPDATE target_rules.customer SET enrolments = '{' WHERE customer = 700");
    let list: String = (1..=1200).map(row).collect();
    let told = send(&list).data();
    assert_eq!(told["enrolled"], 500, "{told}");
    let refused = told["refused"].as_array().unwrap();
    let lines: Vec<i64> = refused.iter().map(|one| one["line"].as_i64().unwrap()).collect();
    assert_eq!(lines, (501..=1200).collect::<Vec<i64>>());
    for one in refused {
        let message = one["error"]["message"].as_str().unwrap();
        assert!(message.contains("the server failed") && message.ends_with("send this row again"), "{one}");
    }
    // Where nothing is done, it is a failure.
    assert_eq!(send(&(600..=800).map(row).collect::<String>()).status, 500);
    // Mended, the rows that were told are made, and no others.
    query(&database, "UPDATE target_rules.customer SET enrolments = '' WHERE customer = 700");
    let again: String = (501..=1200).map(row).collect();
    let told = send(&again).data();
    assert_eq!((&told["enrolled"], told["refused"].as_array().unwrap().len()), (&json!(700), 0));
}
