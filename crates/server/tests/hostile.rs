//! Who means no good, or is only slow: strangers who try passwords, bodies that
//! are large or never come, clients that don't read. Over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use harness::Server;

/// Who comes by the proxy that the server trusts, from an address.
fn status_from(server: &Server, address: &str, user: &str) -> u16 {
    let headers = [("X-Forwarded-For", address)];
    server.send("GET", "/nothing", Some(&server.as_user(user)), &headers, b"").status
}

const BEHIND_A_PROXY: [&str; 2] = ["--proxy", "127.0.0.1"];

#[test]
fn a_stranger_keeps_nobody_out_after_a_restart() {
    let server = Server::start(&BEHIND_A_PROXY);
    let (server, began) = (&server, Instant::now());
    std::thread::scope(|scope| {
        // More than there are places, from many addresses, some for the user's own name.
        for at in 0..400 {
            scope.spawn(move || {
                let name = if at % 3 == 0 { "writer".to_owned() } else { format!("user-{at}") };
                for attempt in 0..3 {
                    let address = format!("10.0.0.{}", at % 40);
                    let status = status_from(server, &address, &format!("{name}:guess-{at}-{attempt}"));
                    assert!(status == 401 || status == 429, "{status}");
                }
            });
        }
        std::thread::sleep(Duration::from_millis(700));
        // Nobody has used these since the start, so argon2 is needed.
        for user in [&server.writer, &server.reader, &server.admin] {
            let asked = Instant::now();
            assert_eq!(status_from(server, "192.0.2.7", user), 404, "{:?}", began.elapsed());
            assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
        }
    });
}

#[test]
fn a_client_with_many_connections_is_let_in_on_all_of_them() {
    let server = Server::start(&[]);
    let server = &server;
    std::thread::scope(|scope| {
        // Nothing is known of the user yet, and an address has fewer places than that.
        let all: Vec<_> = (0..64).map(|_| scope.spawn(|| status_from(server, "-", &server.reader))).collect();
        for one in all {
            assert_eq!(one.join().unwrap(), 404);
        }
    });
}

#[test]
fn names_that_there_are_and_others_are_answered_alike() {
    let server = Server::start(&BEHIND_A_PROXY);
    assert_eq!(status_from(&server, "192.0.2.7", &server.reader), 404);
    let server = &server;
    let statuses = |name: &'static str, address: &'static str| -> Vec<u16> {
        std::thread::scope(|scope| {
            let ask = |at| scope.spawn(move || status_from(server, address, &format!("{name}:guess-{at}")));
            let all: Vec<_> = (0..24).map(ask).collect();
            let mut all: Vec<u16> = all.into_iter().map(|one| one.join().unwrap()).collect();
            all.sort_unstable();
            all
        })
    };
    // One who was let in before, one who was not yet, one who does not exist.
    let known = statuses("reader", "192.0.2.1");
    assert_eq!(known, statuses("writer", "192.0.2.2"));
    assert_eq!(known, statuses("nobody", "192.0.2.3"));
    let refused = known.iter().filter(|status| **status == 401).count();
    assert_eq!(refused, 16, "{known:?}");
    assert!(known[refused..].iter().all(|status| *status == 429), "{known:?}");
}

/// The beginning of a request whose body is to come.
fn begin(server: &Server, user: &str, path: &str, length: usize) -> TcpStream {
    let mut stream = server.connect();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let user = server.as_user(user);
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {user}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    )
    .unwrap();
    stream
}

fn status_of(stream: &mut TcpStream) -> u16 {
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).unwrap();
    std::str::from_utf8(&begin).unwrap().split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_body_is_not_taken_where_it_would_be_refused() {
    let server = Server::start(&[]);
    // Nothing of a body is ever sent.
    for (user, path, length, status) in [
        (&server.reader, "/v3/transactions", 100, 403),
        (&server.reader, "/v3/transactions/batch", 100, 403),
        (&server.reader, "/v3/enrolments", 100, 403),
        (&server.writer, "/v3/targets", 100, 403),
        (&server.writer, "/v3/transactions", 2_000_000, 413),
        (&server.writer, "/v3/transactions/batch", 20_000_000, 413),
        (&server.reader, "/v3/transactions?dryRun=true", 2_000_000, 413),
    ] {
        let began = Instant::now();
        assert_eq!(status_of(&mut begin(&server, user, path, length)), status, "{path}");
        assert!(began.elapsed() < Duration::from_secs(5), "{path}");
    }
}

#[test]
fn bodies_share_what_they_may_take() {
    let server = Server::start(&["--max-bodies", "100000", "--request-time", "3"]);
    let path = "/v3/transactions";
    let whole = |length: usize| {
        let mut stream = begin(&server, &server.writer, path, length);
        stream.write_all(&vec![b' '; length]).unwrap();
        status_of(&mut stream)
    };
    assert_eq!(whole(90_000), 400);
    let mut slow = begin(&server, &server.writer, path, 100_000);
    slow.write_all(&[b' '; 80_000]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    assert_eq!(whole(90_000), 503);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    // A small one has room.
    assert_eq!(whole(1_000), 400);
    assert_eq!(status_of(&mut slow), 408);
    assert_eq!(whole(90_000), 400);
}

#[test]
fn who_does_not_read_is_cut_off() {
    let server = Server::start(&["--answer-time", "1"]);
    let mut stream = server.connect();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // Each answer has more than a megabyte, and what the system holds for both ends is less than all.
    let requests = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200);
    let _ = stream.write_all(requests.as_bytes());
    std::thread::sleep(Duration::from_secs(3));
    let (mut taken, mut buffer) = (0_usize, vec![0; 1 << 20]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => taken += count,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("the connection stays open: {error}"),
        }
    }
    assert!(taken < 100 << 20, "{taken} bytes came");
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn who_says_nothing_is_cut_off() {
    let server = Server::start(&["--header-time", "1"]);
    let ends = |mut stream: TcpStream| {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (began, mut rest) = (Instant::now(), Vec::new());
        if let Err(error) = stream.read_to_end(&mut rest) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "the connection stays open");
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    };
    ends(server.connect());
    // The same from one request to the next.
    let mut stream = server.connect();
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert_eq!(status_of(&mut stream), 200);
    ends(stream);
}

#[test]
fn who_hangs_up_is_not_counted_as_worked_on() {
    let server = Server::start(&[]);
    for _ in 0..5 {
        drop(begin(&server, &server.writer, "/v3/transactions", 100));
    }
    let began = Instant::now();
    // The question for the figures is worked on itself.
    while !server.get("/metrics").text.contains("target_rules_requests_in_flight 1\n") {
        assert!(began.elapsed() < Duration::from_secs(10), "{}", server.get("/metrics").text);
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_answer_that_would_be_very_large_is_refused_and_nothing_is_booked() {
    let server = Server::start(&[]);
    let target = |id: u32| {
        format!(
            "{{\"id\": {id}, \"targetType\": \"COUNT\", \"targetEntity\": \"TRANSACTION\", \
             \"expression\": \"true\"}}"
        )
    };
    let targets: Vec<String> = (50..60).map(target).collect();
    let group = format!("{{\"id\": 7, \"name\": \"Many\", \"targets\": [{}]}}", targets.join(","));
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", &group).status, 201);
    for id in 50..60 {
        let body = format!("{{\"targetId\": {id}, \"value\": 5}}");
        assert_eq!(server.ask(&server.writer, "POST", "/v3/users/1/enrolments", &body).status, 201);
    }
    let bill = |number: u32| {
        format!(
            "{{\"currentCustomer\": {{\"id\": 1}}, \"currentTxn\": {{\"number\": \"n-{number}\", \
             \"date\": \"2026-02-07\", \"value\": 5}}}}"
        )
    };
    let bills: Vec<String> = (0..2_100).map(bill).collect();
    let body = format!("[{}]", bills.join(","));
    let path = "/v3/transactions/batch?decisions=true";
    let refused = server.ask(&server.writer, "POST", path, &body);
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("send fewer transactions"), "{}", refused.text);
    let progress = server.ask(&server.reader, "GET", "/v3/users/1/progress", "").text;
    assert!(progress.contains("\"achieved\":0"), "{progress}");
    let few = format!("[{}]", bills[..10].join(","));
    assert_eq!(server.ask(&server.writer, "POST", path, &few).status, 200);
}
