//! How fast the server is, how soon it is ready, and how much memory it takes:
//! 1 000 targets of eight kinds, 100 000 customers of five enrolments, asked by
//! `wrk` beside it, which asks again as soon as it is answered; and 5 000 times a second,
//! whether or not answers have come. On the embedded database and on a PostgreSQL that is started for
//! it, one after the other. Only where it is asked for, and in release:
//!
//! ```sh
//! cargo test --release -p target-rules-server --test all load:: -- --ignored --nocapture
//! ```
//!
//! `embedded` or `postgresql` at the end asks for one of them. `LOAD_SECONDS` says how
//! long each part is asked (10), `LOAD_RUNS` how often, of which the median counts (3),
//! `LOAD_RATE` how many questions a second there are at a fixed rate (5 000),
//! `LOAD_DATABASE` names another PostgreSQL, which is empty. Memory is the server's; a
//! PostgreSQL takes its own.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::fmt::Write;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use harness::Server;
use target_rules_testing::database::Database;

const TARGETS: usize = 1_000;
const CUSTOMERS: usize = 100_000;
/// Of a customer.
const ENROLMENTS: usize = 5;
/// How many targets stand in a group.
const OF_GROUP: usize = 50;
/// How many customers are enrolled by a request: it may have 10 000 rows.
const AT_ONCE: usize = 2_000;

/// By how many connections targets are asked for.
const CONNECTIONS: u32 = 64;

const MEBIBYTE: u64 = 1 << 20;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// Eight kinds of targets, with digits and texts that differ from one to the next.
fn target(at: usize) -> String {
    let (price, tier) = (50 + at % 40 * 25, ["Bronze", "Silver", "Gold", "Platinum"][at % 4]);
    let (rule, kind, entity) = match at % 8 {
        0 => (format!("currentTxn.value>{price}"), "SALES", "TRANSACTION"),
        1 => (
            format!("currentTxn.value>{price}&&currentCustomer.slabName==\\\"{tier}\\\""),
            "SALES",
            "TRANSACTION",
        ),
        2 => (format!("currentStore.code==\\\"store.{}\\\"", at % 50), "COUNT", "TRANSACTION"),
        3 => (
            format!("currentTxn.value>{price}&&currentStore.code!=\\\"store.{}\\\"", at % 50),
            "VISIT",
            "TRANSACTION",
        ),
        4 => (format!("currentLineItem.value>{price}"), "SALES", "LINEITEM"),
        5 => (format!("currentLineItem.code.contains(\\\"{}\\\")", at % 10), "QUANTITY", "LINEITEM"),
        6 => (
            format!("currentTxn.discount<=currentTxn.value*{}/100", 5 + at % 40),
            "GROSS_SALES",
            "TRANSACTION",
        ),
        _ => ("true".to_owned(), "COUNT", "TRANSACTION"),
    };
    format!(
        "{{\"id\": {}, \"name\": \"Target {at}\", \"description\": \"What is bought in the year counts\", \
         \"targetType\": \"{kind}\", \"targetEntity\": \"{entity}\", \"active\": true, \
         \"expression\": \"{rule}\", \"enrolmentMethod\": \"IMPORT\", \
         \"defaultValues\": [{{\"periodId\": {}, \"defaultValue\": 5000}}]}}",
        at + 1,
        period_of(at)
    )
}

fn group_of(at: usize) -> usize {
    100_000 + at / OF_GROUP
}

fn period_of(at: usize) -> usize {
    200_000 + at / OF_GROUP
}

fn fill(server: &Server) {
    for first in (0..TARGETS).step_by(OF_GROUP) {
        let targets: Vec<String> = (first..first + OF_GROUP).map(target).collect();
        let body = format!(
            "{{\"id\": {}, \"name\": \"Group {first}\", \"periods\": [{{\"id\": {}, \"startDate\": \"2026-01-01\", \
             \"endDate\": \"2099-12-31\"}}], \"targets\": [{}]}}",
            group_of(first),
            period_of(first),
            targets.join(",")
        );
        let made = server.ask(&server.admin, "POST", "/v3/targetGroups", &body);
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let writer = server.as_user(&server.writer);
    for first in (0..CUSTOMERS).step_by(AT_ONCE) {
        let mut rows = "userId,targetId,enrolledOn\n".to_owned();
        for customer in first..first + AT_ONCE {
            for one in 0..ENROLMENTS {
                let target = (customer * 7 + one * 211) % TARGETS + 1;
                writeln!(rows, "{},{target},2026-01-01", customer + 1).unwrap();
            }
        }
        let headers = [("Content-Type", "text/csv")];
        let told = server.send("POST", "/v3/enrolments", Some(&writer), &headers, rows.as_bytes());
        let expected = format!("\"enrolled\":{}", AT_ONCE * ENROLMENTS);
        assert!(told.status == 200 && told.text.contains(&expected), "{}", told.text);
    }
}

/// What `wrk` says of a script: requests a second, and how long the slowest of a
/// hundred take at most, in milliseconds.
fn ask(server: &Server, user: &str, script: &str, connections: u32) -> (f64, f64) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/load").join(script);
    let mut runs: Vec<(f64, f64)> = (0..number("LOAD_RUNS", 3))
        .map(|run| {
            let output = Command::new("wrk")
                .args(["--threads", "1", "--latency", "--timeout", "30s"])
                .args(["--connections", &connections.to_string()])
                .args(["--duration", &format!("{}s", number("LOAD_SECONDS", 10))])
                .arg("--script")
                .arg(&script)
                .arg(format!("http://{}", server.address))
                .env("LOAD_AUTHORIZATION", server.as_user(user))
                .env("LOAD_CUSTOMERS", CUSTOMERS.to_string())
                .env("LOAD_RUN", run.to_string())
                .output()
                .unwrap();
            let told = String::from_utf8(output.stdout).unwrap();
            assert!(!told.contains("Non-2xx") && !told.contains("Socket errors"), "{told}");
            let of = |name: &str| {
                let line = told.lines().find(|line| line.trim().starts_with(name));
                let line = line.unwrap_or_else(|| panic!("no {name} in {told}"));
                line.split_whitespace().nth(1).unwrap().to_owned()
            };
            (of("Requests/sec:").parse().unwrap(), milliseconds(&of("99%")))
        })
        .collect();
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    runs[runs.len() / 2]
}

/// Asks for enrolled targets so many times a second by as many connections as `wrk` has.
/// How long the slowest of a hundred take at most, in milliseconds, each from when it was
/// due: one that waits for the answer before it is counted with that.
fn ask_at_a_rate(server: &Server, user: &str, rate: u64) -> f64 {
    let (connections, began) = (u64::from(CONNECTIONS), Instant::now());
    let count = rate * number("LOAD_SECONDS", 10) * number("LOAD_RUNS", 3);
    let ask = |first: u64| {
        let mut stream = BufReader::new(server.connect());
        let authorization = server.as_user(user);
        let customers = u64::try_from(CUSTOMERS).unwrap();
        let times = (first..count).step_by(usize::try_from(connections).unwrap()).map(|at| {
            let due = began + Duration::from_secs(at) / u32::try_from(rate).unwrap();
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let request = format!(
                "GET /v3/users/{}/enrolledTargets HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\n\r\n",
                at * 7919 % customers + 1
            );
            stream.get_mut().write_all(request.as_bytes()).unwrap();
            take_answer(&mut stream);
            due.elapsed()
        });
        times.collect::<Vec<Duration>>()
    };
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|first| scope.spawn(move || ask(first))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    times.sort();
    times[times.len() * 99 / 100].as_secs_f64() * 1000.0
}

/// Reads an answer to its end.
fn take_answer(stream: &mut impl BufRead) {
    let (mut line, mut length) = (String::new(), 0);
    let mut first = true;
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        assert!(!first || line.starts_with("HTTP/1.1 200"), "{line}");
        first = false;
        if line.trim().is_empty() {
            break;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| *name == "content-length") {
            length = value.trim().parse().unwrap();
        }
    }
    assert!(length > 0);
    std::io::copy(&mut stream.take(length), &mut std::io::sink()).unwrap();
}

fn milliseconds(text: &str) -> f64 {
    let (digits, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap());
    let digits: f64 = digits.parse().unwrap();
    match unit {
        "us" => digits / 1000.0,
        "ms" => digits,
        "s" => digits * 1000.0,
        _ => panic!("{text}"),
    }
}

/// Held by whoever measures: nothing else is to be busy.
static MEASURING: Mutex<()> = Mutex::new(());

#[test]
#[ignore = "it takes minutes and both cores, and says little in debug"]
fn embedded_it_is_fast_soon_ready_and_small() {
    is_fast_soon_ready_and_small("embedded", &[]);
}

#[test]
#[ignore = "it takes minutes and both cores, and says little in debug"]
fn on_postgresql_it_is_fast_soon_ready_and_small() {
    let named = std::env::var("LOAD_DATABASE").ok();
    let started = if named.is_none() { Database::start() } else { None };
    let Some(url) = named.or_else(|| started.as_ref().map(|one| one.url().to_owned())) else { return };
    is_fast_soon_ready_and_small("PostgreSQL", &["--database", &url]);
}

fn is_fast_soon_ready_and_small(name: &str, arguments: &[&str]) {
    let _measuring = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    if Command::new("wrk").arg("--version").output().is_err() {
        panic!("there is no `wrk`; Debian has it: `apt-get install wrk`");
    }
    let mut server = Server::start(arguments);
    let began = Instant::now();
    fill(&server);
    println!("{name}: filled in {:.1?}, with {} MiB", began.elapsed(), server.most_memory() / MEBIBYTE);
    let filling = server.most_memory();
    let began = Instant::now();
    server.kill_and_restart(arguments);
    assert_eq!(server.get("/ready").status, 200);
    let ready = began.elapsed();
    println!("{name}: ready {ready:.2?} after the start, with {} MiB", server.most_memory() / MEBIBYTE);
    let (gets, slowest_get) = ask(&server, &server.reader, "enrolled_targets.lua", CONNECTIONS);
    println!(
        "{name}: {gets:.0} GETs a second, p99 {slowest_get} ms, {} MiB",
        server.most_memory() / MEBIBYTE
    );
    let rate = number("LOAD_RATE", 5_000);
    let slowest_at_rate = ask_at_a_rate(&server, &server.reader, rate);
    println!("{name}: at {rate} GETs a second, p99 {slowest_at_rate:.1} ms from when each was due");
    let (batches, slowest_batch) = ask(&server, &server.writer, "book.lua", 16);
    let transactions = batches * 100.0;
    println!(
        "{name}: {transactions:.0} transactions a second, p99 of a batch {slowest_batch} ms, {} MiB",
        server.most_memory() / MEBIBYTE
    );
    let most = filling.max(server.most_memory());
    assert!(most < 300 * MEBIBYTE, "{} MiB", most / MEBIBYTE);
    assert!(ready < Duration::from_secs(2), "{ready:?}");
    assert!(gets > 5_000.0 && slowest_get < 20.0, "{gets} a second, {slowest_get} ms");
    assert!(slowest_at_rate < 20.0, "{slowest_at_rate} ms at {rate} a second");
    assert!(transactions > 10_000.0, "{transactions} a second");
}
