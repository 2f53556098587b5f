//! What is kept: over a kill, in a backup, from a state file; and the
//! demonstration, which needs nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use harness::{Server, binary};
use serde_json::{Value, json};
use target_rules_testing::database::Database;

const GROUP: &str = r#"{"id": 7, "name": "Spring", "targets": [{"id": 50, "targetType": "SALES",
    "targetEntity": "TRANSACTION", "expression": "currentTxn.value>500"}]}"#;

fn bill(number: usize) -> String {
    format!(
        "{{\"currentCustomer\": {{\"id\": 19721}}, \"currentTxn\": {{\"number\": \"n-{number}\", \
         \"date\": \"2026-02-07\", \"value\": 600}}}}"
    )
}

fn achieved(server: &Server) -> i64 {
    let progress = server.ask(&server.reader, "GET", "/v3/users/19721/progress", "");
    let progress: Value = serde_json::from_str(&progress.text).unwrap();
    progress["data"]["progress"][0]["achieved"].as_i64().unwrap()
}

fn with_customer(arguments: &[&str]) -> Server {
    let server = Server::start(arguments);
    assert_eq!(server.ask(&server.admin, "POST", "/v3/targetGroups", GROUP).status, 201);
    let body = r#"{"targetId": 50, "value": 5000}"#;
    assert_eq!(server.ask(&server.writer, "POST", "/v3/users/19721/enrolments", body).status, 201);
    server
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill_and_counts_once() {
    let mut server = with_customer(&[]);
    let mut acknowledged = 0;
    for round in 0..3 {
        for number in 0..5 {
            let number = round * 5 + number;
            assert_eq!(server.ask(&server.writer, "POST", "/v3/transactions", &bill(number)).status, 200);
            acknowledged += 1;
        }
        server.kill_and_restart(&[]);
        assert_eq!(achieved(&server), acknowledged * 600);
        // Who got no answer sends again.
        assert_eq!(server.ask(&server.writer, "POST", "/v3/transactions", &bill(round * 5)).status, 200);
        assert_eq!(achieved(&server), acknowledged * 600);
    }
}

/// How often the server is killed: 3 times, or as a variable says.
fn kills(variable: &str) -> usize {
    std::env::var(variable).ok().map_or(3, |text| text.parse().unwrap())
}

/// `TARGET_RULES_KILLS=100` is the long form.
#[test]
fn kills_in_the_midst_of_batches_lose_nothing_and_count_nothing_twice() {
    kill_in_the_midst_of_batches(&[], kills("TARGET_RULES_KILLS"));
}

/// `TARGET_RULES_POSTGRESQL_KILLS=30` is the long form.
#[test]
fn kills_on_postgresql_lose_nothing_and_count_nothing_twice() {
    let Some(database) = Database::start() else { return };
    kill_in_the_midst_of_batches(&["--database", database.url()], kills("TARGET_RULES_POSTGRESQL_KILLS"));
}

fn kill_in_the_midst_of_batches(arguments: &[&str], kills: usize) {
    let mut server = with_customer(arguments);
    let writer = server.as_user(&server.writer);
    let (mut sent, mut acknowledged) = (0, Vec::new());
    let mut lost_answers = 0;
    for round in 0..kills {
        let address = server.address.clone();
        let (from, pause) = (sent, 20 + 37 * (round as u64 % 11));
        let killer = server.killer_after(std::time::Duration::from_millis(pause));
        // Bills go out until the server is gone.
        loop {
            let batch: Vec<String> = (sent..sent + 7).map(bill).collect();
            sent += 7;
            match harness::try_send(&address, &writer, "/v3/transactions/batch", &batch.join("\n")) {
                Some(200) => acknowledged.extend(sent - 7..sent),
                Some(status) => panic!("status {status}"),
                None => break,
            }
        }
        killer.join().unwrap();
        server.kill_and_restart(arguments);
        let counted = achieved(&server) / 600;
        // Committed, and its answer did not arrive.
        lost_answers += usize::from(counted > i64::try_from(acknowledged.len()).unwrap());
        assert!(counted >= i64::try_from(acknowledged.len()).unwrap(), "acknowledged bills are lost");
        assert!(counted <= i64::try_from(sent).unwrap(), "bills count twice");
        // Who got no answer sends again; so do some who got one.
        let again: Vec<String> = (from..sent).map(bill).collect();
        let path = "/v3/transactions/batch";
        assert_eq!(harness::try_send(&server.address, &writer, path, &again.join("\n")), Some(200));
        acknowledged = (0..sent).collect();
        assert_eq!(achieved(&server), i64::try_from(sent).unwrap() * 600);
    }
    assert!(sent > kills * 7, "no batch was ever acknowledged");
    println!(
        "{kills} kills: {sent} bills, each counted once; {lost_answers} batches were kept without an answer"
    );
}

/// A group of a customer's own with one target, both of this number.
fn own_group(number: i64) -> String {
    let (period, name) = (1000 + number, format!("own-{number}"));
    let group = json!({
        "name": name, "periods": [{"id": period, "startDate": "2026-01-01", "endDate": "2026-12-31"}],
        "targets": [{"name": name, "targetType": "COUNT", "targetEntity": "TRANSACTION",
            "expression": "true", "defaultValues": [{"targetPeriodId": period, "defaultValue": 5}]}]
    });
    group.to_string()
}

/// A customer's own target and her enrolment in it are one: at no time is one there
/// without the other. `TARGET_RULES_KILLS` says how often the server is killed.
#[test]
fn a_kill_leaves_no_target_of_a_customers_own_without_her() {
    let mut server = Server::start(&[]);
    let writer = server.as_user(&server.writer);
    let (mut sent, mut acknowledged) = (0, BTreeSet::new());
    for round in 0..kills("TARGET_RULES_KILLS") {
        let address = server.address.clone();
        let pause = std::time::Duration::from_millis(5 + 23 * (round as u64 % 7));
        let mut killer = None;
        loop {
            sent += 1;
            let path = format!("/v3/users/{sent}/targets");
            match harness::try_send_as("application/json", &address, &writer, &path, &own_group(sent)) {
                Some(201) => {
                    acknowledged.insert(sent);
                }
                Some(status) => panic!("status {status}"),
                None => break,
            }
            // Once the password was checked, which takes longer than all the rest.
            killer = killer.or_else(|| Some(server.killer_after(pause)));
        }
        killer.expect("it is not killed before the first answer").join().unwrap();
        server.kill_and_restart(&[]);
    }
    let data = |path: &str| -> Value {
        let answer = server.ask(&server.reader, "GET", path, "");
        serde_json::from_str::<Value>(&answer.text).unwrap()["data"].take()
    };
    let (mut after, mut made, mut targets) = (0, BTreeSet::new(), BTreeSet::new());
    loop {
        let page = data(&format!("/v3/targets?limit=1000&after={after}"));
        let Some(last) = page.as_array().unwrap().last() else { break };
        after = last["id"].as_i64().unwrap();
        for target in page.as_array().unwrap() {
            let hers: i64 = target["name"].as_str().unwrap()["own-".len()..].parse().unwrap();
            let users = data(&format!("/v3/targets/{}/users", target["id"]));
            assert_eq!(users["userIds"], json!([hers]), "{}", target["name"]);
            assert!(made.insert(hers), "{hers} was sent once");
            targets.insert(target["id"].as_i64().unwrap());
        }
    }
    let lost: Vec<_> = acknowledged.difference(&made).collect();
    assert!(lost.is_empty() && acknowledged.len() >= kills("TARGET_RULES_KILLS"), "{lost:?} are lost");
    assert!(made.iter().all(|one| (1..=sent).contains(one)), "{made:?} of {sent}");
    // And nobody takes part in a target that is not there.
    let (mut after, mut enrolled) = (0, BTreeSet::new());
    loop {
        let page = data(&format!("/v3/users?limit=1000&after={after}"));
        for user in page["userIds"].as_array().unwrap() {
            for one in data(&format!("/v3/users/{user}/enrolments")).as_array().unwrap() {
                assert!(targets.contains(&one["targetId"].as_i64().unwrap()), "{user}: {one}");
                enrolled.insert(user.as_i64().unwrap());
            }
        }
        let Some(next) = page["next"].as_i64() else { break };
        after = next;
    }
    assert_eq!(enrolled, made);
    let (made, acknowledged) = (made.len(), acknowledged.len());
    println!("{made} targets, each with its customer; {acknowledged} were acknowledged of {sent}");
}

/// Her own targets come and go while she is erased: none of them stays without her.
#[test]
fn who_is_erased_while_targets_are_made_for_her_leaves_none_behind() {
    const ROUNDS: i64 = 12;
    let server = &Server::start(&[]);
    let make = move |at: i64| {
        let made = server.ask(&server.writer, "POST", "/v3/users/7/targets", &own_group(at));
        assert_eq!(made.status, 201, "{}", made.text);
    };
    std::thread::scope(|scope| {
        for part in 0..2 {
            scope.spawn(move || (0..ROUNDS).for_each(|at| make(part * ROUNDS + at)));
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    let erased = server.ask(&server.admin, "DELETE", "/v3/users/7", "");
                    assert_eq!(erased.status, 200, "{}", erased.text);
                }
            });
        }
    });
    let data = |path: &str| server.ask(&server.reader, "GET", path, "").data();
    for target in data("/v3/targets?limit=1000").as_array().unwrap() {
        let users = data(&format!("/v3/targets/{}/users", target["id"]));
        assert_eq!(users["userIds"], json!([7]), "{target}");
    }
    assert!(server.ask(&server.admin, "DELETE", "/v3/users/7", "").status == 200);
    assert_eq!((data("/v3/targets"), data("/v3/targetGroups")), (json!([]), json!([])));
}

#[test]
fn a_backup_is_made_while_the_server_runs() {
    let mut server = with_customer(&[]);
    assert_eq!(server.ask(&server.writer, "POST", "/v3/transactions", &bill(1)).status, 200);
    let data = server.folder.path().to_str().unwrap().to_owned();
    let other = tempfile::tempdir().unwrap();
    let copy = other.path().join("targets.sqlite");
    let back_up = || binary().args(["backup", "--data", &data, copy.to_str().unwrap()]).output().unwrap();
    let output = back_up();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // What customers do is nobody else's.
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // A second one takes the place of none.
    assert_eq!(back_up().status.code(), Some(2));
    assert_eq!(server.ask(&server.writer, "POST", "/v3/transactions", &bill(2)).status, 200);
    assert_eq!(achieved(&server), 1200);
    // Nothing is lost that was booked after another process had let go of the database.
    server.kill_and_restart(&[]);
    assert_eq!(achieved(&server), 1200);
    server.terminate();
    for entry in std::fs::read_dir(server.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("targets.sqlite") {
            std::fs::remove_file(path).unwrap();
        }
    }
    std::fs::copy(&copy, server.folder.path().join("targets.sqlite")).unwrap();
    server.kill_and_restart(&[]);
    assert_eq!(achieved(&server), 600);
}

#[test]
fn a_state_of_progress_is_taken_over() {
    use loyalty_targets::{Enrolments, Ledger, Payload};
    use target_rules::{Limits, Schema, Zone};
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let payload = format!("{{\"data\": [{GROUP}]}}");
    let listed = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
    let (limits, schema) = (Limits::default(), Schema::standard());
    let read = Payload::read(payload.as_str(), &limits).unwrap();
    let targets: Vec<_> = read.targets().filter_map(|one| one.check(&schema, &limits).target).collect();
    let enrolments = Enrolments::read(listed, &targets, &limits).unwrap();
    let mut ledger = Ledger::new(targets, enrolments, Zone::UTC).unwrap();
    let weighed: Vec<_> =
        (0..3).filter_map(|number| ledger.weigh(&ledger.read(&bill(number), &limits).unwrap())).collect();
    ledger.book(weighed);
    let state = write("state.json", &ledger.state());
    let (targets, enrolments) = (write("targets.json", &payload), write("enrolments.json", listed));

    let mut server = Server::start(&[]);
    server.terminate();
    let data = server.folder.path().to_str().unwrap().to_owned();
    let import = || {
        let mut command = binary();
        command.args(["import", "--data", &data, "--organisation", "shop", "--enrolments", &enrolments]);
        command.arg(&state);
        command
    };
    let first = import().args(["--targets", &targets]).output().unwrap();
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let again = import().output().unwrap();
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("0 customers"), "{again:?}");
    assert!(String::from_utf8_lossy(&again.stdout).contains("; 1 were before"), "{again:?}");
    server.kill_and_restart(&[]);
    assert_eq!(achieved(&server), 1800);
    // A bill of the state counts no second time.
    assert_eq!(server.ask(&server.writer, "POST", "/v3/transactions", &bill(1)).status, 200);
    assert_eq!(achieved(&server), 1800);
}

/// A run that is cut off is finished by the same command, also after the server has
/// gone on meanwhile; and nothing is written where somebody else's data is there.
#[test]
fn a_state_is_taken_over_by_several_runs_that_are_cut_off() {
    use loyalty_targets::{Enrolments, Ledger, Payload};
    use target_rules::{Limits, Schema, Zone};
    const CUSTOMERS: usize = 4000;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let payload = format!("{{\"data\": [{GROUP}]}}");
    let listed = |id: usize| format!(r#"{{"userId": {id}, "targetId": 50, "value": 5000}}"#);
    let listed = format!("[{}]", (1..=CUSTOMERS).map(listed).collect::<Vec<_>>().join(","));
    let (limits, schema) = (Limits::default(), Schema::standard());
    let read = Payload::read(payload.as_str(), &limits).unwrap();
    let targets: Vec<_> = read.targets().filter_map(|one| one.check(&schema, &limits).target).collect();
    let enrolments = Enrolments::read(&listed, &targets, &limits).unwrap();
    let mut ledger = Ledger::new(targets, enrolments, Zone::UTC).unwrap();
    let of = |customer: usize, number| bill(number).replace("19721", &customer.to_string());
    let weighed: Vec<_> =
        (1..=CUSTOMERS).filter_map(|one| ledger.weigh(&ledger.read(&of(one, 1), &limits).unwrap())).collect();
    ledger.book(weighed);
    let state = write("state.json", &ledger.state());
    let (targets, enrolments) = (write("targets.json", &payload), write("enrolments.json", &listed));
    let mut server = Server::start(&[]);
    let data = server.folder.path().to_str().unwrap().to_owned();
    let import = || {
        let mut command = binary();
        command.args(["import", "--data", &data, "--organisation", "shop", "--targets", &targets]);
        command.args(["--enrolments", &enrolments, &state]);
        command
    };
    // Beside the server: until the first part is there, and then no further.
    let mut first = import().spawn().unwrap();
    let all = || {
        let answer = server.ask(&server.reader, "GET", "/v3/users?limit=1000", "");
        let value: Value = serde_json::from_str(&answer.text).unwrap();
        value["data"]["userIds"].as_array().unwrap().len()
    };
    let began = std::time::Instant::now();
    while all() == 0 {
        assert!(began.elapsed().as_secs() < 120, "nothing is taken over");
    }
    first.kill().unwrap();
    first.wait().unwrap();
    // Somebody who was taken over goes on.
    assert_eq!(server.ask(&server.writer, "POST", "/v3/transactions", &of(1, 2)).status, 200);
    let second = import().output().unwrap();
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    let told = String::from_utf8_lossy(&second.stdout).into_owned();
    assert!(told.contains(" were before"), "{told}");
    let of_customer = |customer: usize| {
        let path = format!("/v3/users/{customer}/progress");
        let value: Value = serde_json::from_str(&server.ask(&server.reader, "GET", &path, "").text).unwrap();
        value["data"]["progress"][0]["achieved"].as_i64()
    };
    assert_eq!((of_customer(1), of_customer(2), of_customer(CUSTOMERS)), (Some(1200), Some(600), Some(600)));
    // Of whom something else is kept, she is told, and nothing is written.
    assert_eq!(server.ask(&server.admin, "DELETE", "/v3/users/1", "").status, 200);
    assert_eq!(server.ask(&server.admin, "DELETE", "/v3/users/4000", "").status, 200);
    let enrolled =
        server.ask(&server.writer, "POST", "/v3/users/4000/enrolments", r#"{"targetId": 50, "value": 1}"#);
    assert_eq!(enrolled.status, 201);
    let third = import().output().unwrap();
    assert_eq!(third.status.code(), Some(2), "{third:?}");
    assert!(
        String::from_utf8_lossy(&third.stderr).contains("customer 4000 something else is kept"),
        "{third:?}"
    );
    assert_eq!(of_customer(1), None);
    server.terminate();
}

#[test]
fn the_demonstration_prints_a_request_that_is_answered() {
    let mut child = binary()
        .args(["--demo", "--listen", "127.0.0.1:0", "--log", "error"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let requests: Vec<String> =
        lines.map(Result::unwrap).filter(|line| line.starts_with("curl -u ")).take(2).collect();
    for (request, holds) in requests.iter().zip(["Spend 5 000", "\"achieved\":730.5"]) {
        let words: Vec<&str> = request.split(' ').skip(1).collect();
        let output = Command::new("curl").args(["--silent", "--show-error", "--fail"]).args(&words).output();
        let output = output.unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(holds), "{request}: {text}");
    }
    // A client that knows the interface, and nothing of this server.
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client.py");
    let output = Command::new("python3").args([client, &requests[0]]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(requests.len(), 2);
}
