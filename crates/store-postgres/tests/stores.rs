//! PostgreSQL, held to what every store is held to: by a server that is started
//! for the test.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loyalty_targets::store::{CustomerRow, Ending, Roster, Store};
use sqlx::{Connection, Executor};
use target_rules::Zone;
use target_rules_store_postgres::PostgresStore;
use target_rules_testing::database::Database;
use target_rules_testing::stores::{laws, ledgers, older};

fn store_in(server: &Database) -> PostgresStore {
    PostgresStore::connect(server.url(), 8).unwrap()
}

#[test]
fn it_keeps_the_laws_of_stores() {
    let Some(server) = Database::start() else { return };
    let mut store = store_in(&server);
    laws::hold(&mut store);
    // Two instances.
    let others: Vec<Box<dyn Store>> = (0..4).map(|_| Box::new(store_in(&server)) as Box<dyn Store>).collect();
    laws::crowd(&mut store, others, "instances");
    let settings = store.settings().unwrap();
    assert_eq!((settings.synchronous_commit.as_str(), settings.fsync.as_str()), ("on", "on"));
    // A server that does not wait for its disk is set to, connection by connection.
    let lazy = format!("{}?options=-c%20synchronous_commit%3Doff", server.url());
    let lazy = PostgresStore::connect(&lazy, 2).unwrap();
    assert_eq!(lazy.settings().unwrap().synchronous_commit, "on");
}

#[test]
fn customers_come_to_what_they_come_to_in_a_ledger() {
    let Some(server) = Database::start() else { return };
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/booking");
    let booked = ledgers::hold(&mut store_in(&server), &cases, 5);
    assert!(booked > 150, "only {booked} cases");
}

#[test]
fn it_goes_on_when_the_server_has_been_started_anew() {
    let Some(server) = Database::start() else { return };
    let mut store = store_in(&server);
    store.create_organisation("shoes", "UTC").unwrap();
    for mode in ["fast", "immediate"] {
        server.restart(mode);
        // A batch is worked on anew until a connection holds.
        store.update("shoes", 0, &[1], &mut |_| Ok(Ending::Commit)).unwrap();
        assert_eq!(store.organisations().unwrap().len(), 1);
    }
}

/// What is wrong is told at once or in time, with where it was tried and what
/// helps, and never with the password.
#[test]
fn a_server_that_is_out_of_reach_is_told_with_what_helps() {
    let Some(server) = Database::start() else { return };
    let refused = |url: &str| {
        let refused = PostgresStore::connect(url, 4).err().unwrap();
        let password = server.url().split([':', '@']).nth(2).unwrap();
        assert!(!refused.to_string().contains(password) && password.len() > 8, "{refused}");
        refused.to_string()
    };
    let address = server.address();
    let told = refused(&server.url().replace("tester:", "tester:no"));
    assert!(told.contains(address) && told.contains("correct the user or the password"), "{told}");
    let told = refused(&server.url().replace("/postgres", "/nowhere"));
    assert!(told.contains("database `nowhere`") && told.contains("CREATE DATABASE"), "{told}");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let told = refused(&server.url_by(&free));
    assert!(told.contains(&free) && told.contains("refused") && told.contains("listen_addresses"), "{told}");
    let told = refused(&server.url_by("no.such.host.invalid:5432"));
    assert!(told.contains("no.such.host.invalid:5432") && told.contains("another host"), "{told}");
    // All connections in use is something else.
    let mut store = PostgresStore::connect(server.url(), 2).unwrap();
    store.create_organisation("shoes", "UTC").unwrap();
    let (mut one, mut other) = (store.handle(), store.handle());
    let busy = one.update("shoes", 0, &[1], &mut |_| {
        other.update("shoes", 0, &[2], &mut |_| {
            let refused = store.change_number("shoes").unwrap_err();
            assert!(refused.may_pass(), "{refused}");
            assert!(refused.to_string().contains("none of 2 connections was free"), "{refused}");
            Ok(Ending::RollBack)
        })?;
        Ok(Ending::RollBack)
    });
    busy.unwrap();
}

/// Where the server is stopped, whoever waits for changes and whoever asks is told,
/// and both go on when it is there again.
#[test]
fn a_stopped_server_is_noticed_and_changes_are_told_again() {
    let Some(server) = Database::start() else { return };
    let mut store = store_in(&server);
    store.create_organisation("shoes", "UTC").unwrap();
    assert!(store.wait_for_change(Duration::from_millis(1)).unwrap());
    let mut waiting = store.handle();
    assert!(waiting.wait_for_change(Duration::from_millis(1)).unwrap());
    server.stop();
    let refused = store.change_number("shoes").unwrap_err();
    assert!(refused.may_pass(), "{refused}");
    let told = refused.to_string();
    assert!(told.contains(server.address()) && told.contains("start PostgreSQL there"), "{told}");
    server.start_again();
    hears_of_a_change(&mut store, waiting);
}

#[test]
fn who_listens_on_a_connection_that_was_ended_listens_on_another_one() {
    let Some(server) = Database::start() else { return };
    let mut store = store_in(&server);
    store.create_organisation("shoes", "UTC").unwrap();
    let mut waiting = store.handle();
    assert!(waiting.wait_for_change(Duration::from_millis(1)).unwrap());
    let listeners =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'";
    assert_eq!(ask::<i64>(&server, listeners), 1);
    hears_of_a_change(&mut store, waiting);
}

/// A connection that leads to nobody is as silent as one on which nothing happens.
#[test]
fn who_listens_to_nobody_finds_out() {
    let Some(server) = Database::start() else { return };
    let network = Network::to(&server);
    let mut store = store_in(&server);
    store.create_organisation("shoes", "UTC").unwrap();
    let mut waiting: Box<dyn Store> =
        Box::new(PostgresStore::connect(&server.url_by(&network.address), 4).unwrap());
    assert!(waiting.wait_for_change(Duration::from_millis(1)).unwrap());
    network.losing.store(true, Ordering::SeqCst);
    let began = Instant::now();
    let refused = loop {
        match waiting.wait_for_change(Duration::from_secs(1)) {
            Ok(told) => assert!(!told && began.elapsed() < Duration::from_secs(60), "it waits for ever"),
            Err(refused) => break refused,
        }
    };
    assert!(refused.may_pass() && refused.to_string().contains("gives no answer"), "{refused}");
    network.losing.store(false, Ordering::SeqCst);
    hears_of_a_change(&mut store, waiting);
}

/// Where the server gives no connection to hear of changes, they are looked for as often
/// as before, and by the connections that there are.
#[test]
fn who_gets_no_connection_to_listen_looks_in_time() {
    let Some(server) = Database::start() else { return };
    let network = Network::to(&server);
    let mut store = PostgresStore::connect(&server.url_by(&network.address), 2).unwrap();
    store.create_organisation("shoes", "UTC").unwrap();
    network.hanging.store(true, Ordering::SeqCst);
    let mut waiting = store.handle();
    for _ in 0..3 {
        let began = Instant::now();
        let told = waiting.wait_for_change(Duration::from_millis(100));
        assert!(!told.unwrap_or_default(), "there is nobody to tell");
        assert_eq!(waiting.change_number("shoes").unwrap(), 0);
        assert!(began.elapsed() < Duration::from_secs(8), "it looks after {:?}", began.elapsed());
    }
    network.hanging.store(false, Ordering::SeqCst);
    let began = Instant::now();
    while !waiting.wait_for_change(Duration::from_millis(100)).unwrap_or_default() {
        assert!(began.elapsed() < Duration::from_secs(60), "it never listens");
    }
    hears_of_a_change(&mut store, waiting);
}

/// Whoever waits is told of a change that is made from now on, without asking for
/// it: by a connection that was made anew where that is needed.
fn hears_of_a_change(store: &mut dyn Store, mut waiting: Box<dyn Store>) {
    let began = Instant::now();
    // Until it listens: that a connection was lost or made is told as well.
    let mut quiet = 0;
    while quiet < 2 {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not listen again");
        quiet = match waiting.wait_for_change(Duration::from_millis(500)) {
            Ok(false) => quiet + 1,
            _ => 0,
        };
    }
    let seen = store.change_number("shoes").unwrap();
    let (told, telling) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || told.send(waiting.wait_for_change(Duration::from_secs(30)).unwrap()));
        std::thread::sleep(Duration::from_millis(200));
        store.put("shoes", seen, &[]).unwrap();
        assert!(telling.recv_timeout(Duration::from_secs(10)).unwrap(), "nobody told of it");
    });
}

/// A network between a store and its server that cuts connections: once it is
/// told to, it takes a `COMMIT` to the server and brings back no answer; or loses
/// all that is sent, and tells nobody; or takes connections and leads them nowhere.
struct Network {
    address: String,
    cutting: Arc<AtomicBool>,
    losing: Arc<AtomicBool>,
    hanging: Arc<AtomicBool>,
}

impl Network {
    fn to(server: &Database) -> Network {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (cutting, to) = (Arc::new(AtomicBool::new(false)), server.address().to_owned());
        let (cut, losing) = (cutting.clone(), Arc::new(AtomicBool::new(false)));
        let (lost, hanging) = (losing.clone(), Arc::new(AtomicBool::new(false)));
        let hangs = hanging.clone();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for client in listener.incoming().map_while(Result::ok) {
                if hangs.load(Ordering::SeqCst) {
                    held.push(client);
                    continue;
                }
                let server = TcpStream::connect(&to).unwrap();
                let (back, answers) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let silent = Arc::new(AtomicBool::new(false));
                let (mute, cut) = (silent.clone(), cut.clone());
                let (lost_there, lost_back) = (lost.clone(), lost.clone());
                std::thread::spawn(move || {
                    carry(client, server, &lost_there, |bytes| {
                        let commits = bytes.windows(6).any(|word| word == b"COMMIT");
                        if commits && cut.swap(false, Ordering::SeqCst) {
                            mute.store(true, Ordering::SeqCst);
                        }
                        true
                    })
                });
                std::thread::spawn(move || {
                    carry(answers, back, &lost_back, |_| !silent.load(Ordering::SeqCst))
                });
            }
        });
        Network { address, cutting, losing, hanging }
    }
}

/// Carries bytes until one end is closed, or what is asked of them is false; where
/// one was lost, nothing comes after it.
fn carry(mut from: TcpStream, mut to: TcpStream, lost: &AtomicBool, mut goes: impl FnMut(&[u8]) -> bool) {
    let mut bytes = [0; 8192];
    let mut broken = false;
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        broken |= lost.load(Ordering::SeqCst);
        if broken {
            continue;
        }
        if !goes(&bytes[..read]) || to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    for end in [from, to] {
        let _ = end.shutdown(std::net::Shutdown::Both);
    }
}

#[test]
fn who_was_erased_by_a_commit_without_an_answer_is_told_to_be() {
    let Some(server) = Database::start() else { return };
    let network = Network::to(&server);
    let mut store = PostgresStore::connect(&server.url_by(&network.address), 4).unwrap();
    store.create_organisation("shoes", "UTC").unwrap();
    let roster = Roster::new(Vec::new(), Zone::UTC).unwrap();
    let kept = r#"{"version":1,"enrolments":[{"targetId":50,"method":"IMPORT"}]}"#;
    let keep = &mut |rows: &mut [CustomerRow]| {
        let customer = roster.open(1, kept, "").unwrap();
        rows[0].keep(&customer);
        Ok(Ending::Commit)
    };
    store.update("shoes", 0, &[1], keep).unwrap();
    network.cutting.store(true, Ordering::SeqCst);
    assert!(store.erase("shoes", 1).unwrap());
    assert!(!network.cutting.load(Ordering::SeqCst), "the answer was lost");
    assert!(!store.erase("shoes", 1).unwrap());
}

#[test]
fn nothing_is_waited_for_without_an_end() {
    let Some(server) = Database::start() else { return };
    let settings = store_in(&server).settings().unwrap();
    let times = [
        settings.statement_timeout.as_str(),
        settings.lock_timeout.as_str(),
        settings.idle_in_transaction_session_timeout.as_str(),
    ];
    assert_eq!(times, ["30s", "10s", "1min"]);
    // What the URL says stays, and is obeyed: a row that somebody holds for long is waited for as long.
    let stated = "options=-c%20statement_timeout%3D5s%20-c%20lock_timeout%3D100ms";
    let mut hasty = PostgresStore::connect(&format!("{}?{stated}", server.url()), 2).unwrap();
    let settings = hasty.settings().unwrap();
    assert_eq!((settings.statement_timeout.as_str(), settings.lock_timeout.as_str()), ("5s", "100ms"));
    let mut store = store_in(&server);
    store.create_organisation("shoes", "UTC").unwrap();
    let (holds, held) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let work = &mut |_: &mut [CustomerRow]| {
                holds.send(()).unwrap();
                // Until the other end is dropped.
                let _ = released.recv();
                Ok(Ending::RollBack)
            };
            store.update("shoes", 0, &[1], work).unwrap();
        });
        let _release = release;
        held.recv().unwrap();
        // A change of the catalogue waits for whoever books.
        let began = Instant::now();
        let refused = hasty.put("shoes", 0, &[]).unwrap_err();
        assert!(refused.may_pass() && refused.to_string().contains("lock timeout"), "{refused}");
        assert!(began.elapsed() < Duration::from_secs(20));
    });
}

#[test]
fn who_is_refused_leaves_no_row() {
    let Some(server) = Database::start() else { return };
    let mut store = store_in(&server);
    store.create_organisation("shoes", "UTC").unwrap();
    for ending in [Ending::RollBack, Ending::Commit] {
        store.update("shoes", 0, &[1, 2], &mut |_| Ok(ending)).unwrap();
    }
    assert_eq!(rows_in(&server), 0);
}

fn rows_in(server: &Database) -> i64 {
    ask(server, "SELECT count(*) FROM target_rules.customer")
}

/// Runs statements beside the store.
fn run(server: &Database, statements: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(server.url()).await.unwrap();
        connection.execute(statements).await.unwrap();
    });
}

/// What a query says: one value.
fn ask<T>(server: &Database, query: &str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(server.url()).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
    })
}

/// Columns and constraints of all tables.
const SCHEMA: &str = "SELECT string_agg(line, chr(10) ORDER BY line) FROM (
    SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, is_identity) AS line
    FROM information_schema.columns WHERE table_schema = 'target_rules'
    UNION ALL
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'target_rules'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', relname, reloptions) FROM pg_class WHERE relnamespace = 'target_rules'::regnamespace
    ) AS lines";

/// Each version has a dump in `tests/versions`, written when it was the newest.
#[test]
fn a_database_of_each_version_is_brought_to_the_newest() {
    let Some(server) = Database::start() else { return };
    drop(store_in(&server));
    let fresh: String = ask(&server, SCHEMA);
    let known: i64 = ask(&server, "SELECT version FROM target_rules.version");
    for version in 1..=known {
        let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/versions/{version}.sql"));
        let dump =
            std::fs::read_to_string(&dump).unwrap_or_else(|error| panic!("{}: {error}", dump.display()));
        run(&server, "DROP SCHEMA target_rules CASCADE");
        run(&server, &dump);
        older::holds(&mut store_in(&server));
        assert_eq!(ask::<String>(&server, SCHEMA), fresh, "of version {version}");
    }
    // One that a newer version has written is left alone.
    run(&server, "UPDATE target_rules.version SET version = 99");
    let refused = PostgresStore::connect(server.url(), 2).err().unwrap();
    assert_eq!(
        refused.to_string(),
        format!("the database is of version 99, newer than {known}, which is known here")
    );
    assert_eq!(ask::<i64>(&server, "SELECT version FROM target_rules.version"), 99);
}

/// The statements by which the page of deployment partitions large tables.
#[test]
fn it_keeps_the_laws_in_tables_that_are_partitioned() {
    let Some(server) = Database::start() else { return };
    drop(store_in(&server));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/deploy.md");
    let page = std::fs::read_to_string(page).unwrap();
    let statements = page.split_once("```sql").unwrap().1.split_once("```").unwrap().0;
    run(&server, statements);
    let parts = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'target_rules.customer'::regclass";
    assert_eq!(ask::<i64>(&server, parts), 4);
    laws::hold(&mut store_in(&server));
}
