//! How many customers a second a store books, in batches, each commit on the
//! disk: rows of five enrolments and twenty bills.

use std::time::{Duration, Instant};

use loyalty_targets::EnrolmentMethod;
use loyalty_targets::store::{CustomerRow, Document, DocumentKind, Ending, EnrolmentRequest, Roster, Store};
use target_rules::{Limits, Schema};

/// How large the load is.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// How many customers there are.
    pub customers: i64,
    /// How many threads book side by side.
    pub threads: i64,
    /// How many customers a batch has, each with one bill.
    pub batch: i64,
    /// For how long it is booked.
    pub time: Duration,
}

impl Load {
    /// The load that environment variables name, such as `LOAD_THREADS`.
    ///
    /// # Panics
    ///
    /// Panics where one of them is no number.
    pub fn of_environment() -> Load {
        let number = |name: &str, otherwise: i64| {
            std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
        };
        Load {
            customers: number("LOAD_CUSTOMERS", 20_000),
            threads: number("LOAD_THREADS", 4),
            batch: number("LOAD_BATCH", 100),
            time: Duration::from_secs(number("LOAD_SECONDS", 10).unsigned_abs()),
        }
    }
}

const TARGETS: i64 = 50;
const ENROLMENTS: i64 = 5;
const BILLS: i64 = 20;

/// Fills a store that is empty and books; prints how many customers a second
/// that were, and how long a batch took.
///
/// # Panics
///
/// Panics where the store fails.
pub fn measure(name: &str, store: &mut dyn Store, load: Load) {
    let roster = furnish(store);
    let started = Instant::now();
    fill(store, &roster, load.customers);
    let filled = started.elapsed();
    let row = store.read("load", &[1]).unwrap().remove(0);
    let bytes = (row.enrolments().len(), row.booked().len());
    println!("{name}: {} customers filled in {filled:.1?}; a row has {bytes:?} bytes", load.customers);
    let opening = Instant::now();
    for _ in 0..1000 {
        let record = row.open(&roster).unwrap();
        assert!(record.id() == 1);
    }
    let opened = opening.elapsed();
    let record = row.open(&roster).unwrap();
    let writing = Instant::now();
    for _ in 0..1000 {
        assert!(!record.booked_text().is_empty());
    }
    println!("{name}: a row opened in {:.1?}, written in {:.1?}", opened / 1000, writing.elapsed() / 1000);
    let handles: Vec<_> = (0..load.threads).map(|_| store.handle()).collect();
    let started = Instant::now();
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let book = |(thread, mut handle): (i64, Box<dyn Store>)| {
            let roster = &roster;
            scope.spawn(move || book(handle.as_mut(), roster, thread, load, started))
        };
        let threads: Vec<_> = (0..).zip(handles).map(book).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let elapsed = started.elapsed();
    times.sort_unstable();
    let booked = u128::try_from(times.len()).unwrap() * u128::try_from(load.batch).unwrap();
    let a_second = booked * 1000 / elapsed.as_millis();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "{name}: {a_second} customers a second by {} threads in batches of {}; a batch took {:.1?}, at p99 {:.1?}",
        load.threads,
        load.batch,
        at(50),
        at(99)
    );
}

fn furnish(store: &mut dyn Store) -> Roster {
    store.create_organisation("load", "Asia/Kolkata").unwrap();
    let group = r#"{"id": 1000, "periods": [{"id": 1, "startDate": "2026-01-01", "endDate": "2026-12-31"}]}"#;
    let target = |id: i64| {
        let text = format!(
            r#"{{"id": {id}, "targetGroupId": 1000, "targetType": "SALES", "targetEntity": "TRANSACTION",
                "expression": "currentTxn.value > {}"}}"#,
            id % 7
        );
        Document::new(DocumentKind::Target, id, text).of_group(1000)
    };
    let mut documents: Vec<Document> = (1..=TARGETS).map(target).collect();
    documents.push(Document::new(DocumentKind::Group, 1000, group));
    store.put("load", 0, &documents).unwrap();
    store.catalogue("load").unwrap().roster(&Schema::standard(), &Limits::default()).unwrap()
}

fn bill(customer: i64, number: i64) -> String {
    let day = number % 28 + 1;
    format!(
        r#"{{"currentCustomer": {{"id": {customer}}}, "currentTxn": {{"number": "bill-{number}",
            "date": "2026-02-{day:02}T10:00:00Z", "value": {}.25}}}}"#,
        number % 900 + 10
    )
}

fn fill(store: &mut dyn Store, roster: &Roster, customers: i64) {
    let all: Vec<i64> = (1..=customers).collect();
    let (limits, mut workspace) = (Limits::default(), roster.workspace());
    for chunk in all.chunks(1000) {
        let work = &mut |rows: &mut [CustomerRow]| {
            for row in rows {
                let mut customer = row.open(roster)?;
                for at in 0..ENROLMENTS {
                    let id = (row.customer() + at * 7) % TARGETS + 1;
                    let mut request = EnrolmentRequest::new(id, EnrolmentMethod::Import);
                    request.value = Some("5000".parse().unwrap());
                    customer.enrol(&request).unwrap();
                }
                let bills = (0..BILLS).map(|number| bill(row.customer(), number));
                let bills: Vec<_> = bills.map(|bill| roster.read(&bill, &limits).unwrap()).collect();
                customer.book(&mut workspace, &bills);
                row.keep(&customer);
            }
            Ok(Ending::Commit)
        };
        store.update("load", 1, chunk, work).unwrap();
    }
}

/// Books batch after batch, of customers of all threads; how long each took.
fn book(store: &mut dyn Store, roster: &Roster, thread: i64, load: Load, started: Instant) -> Vec<Duration> {
    let (limits, mut workspace) = (Limits::default(), roster.workspace());
    let (mut times, mut batch) = (Vec::new(), 0);
    while started.elapsed() < load.time {
        let begun = Instant::now();
        // Spread over all of them, and never the same for two threads at once.
        let first = (batch * load.threads + thread) * load.batch;
        let ids: Vec<i64> = (first..first + load.batch).map(|at| (at * 7919) % load.customers + 1).collect();
        let number = BILLS + first / load.customers;
        let bills: Vec<_> = ids.iter().map(|id| roster.read(&bill(*id, number), &limits).unwrap()).collect();
        let work = &mut |rows: &mut [CustomerRow]| {
            for row in rows {
                let mine = bills.iter().filter(|bill| bill.customer() == row.customer());
                let mut customer = row.open(roster)?;
                assert!(customer.book(&mut workspace, mine).is_empty());
                row.keep(&customer);
            }
            Ok(Ending::Commit)
        };
        store.update("load", 1, &ids, work).unwrap();
        times.push(begun.elapsed());
        batch += 1;
    }
    times
}
