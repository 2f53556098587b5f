//! What a booking takes is bounded while it is made: what is told, and what is held.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use loyalty_targets::store::{BookingRoom, CustomerRecord, EnrolmentRequest, NoRoom, Roster};
use loyalty_targets::{Activity, EnrolmentMethod, NotCounted, Payload};
use proptest::prelude::*;
use target_rules::{Limits, Schema, Zone};

/// So many targets that count every bill, or for which it is unknown of one without
/// a value.
fn roster(targets: i64) -> Roster {
    let limits = Limits::default();
    let targets: Vec<String> = (1..=targets)
        .map(|id| format!(r#"{{"id": {id}, "targetType": "SALES", "expression": "currentTxn.value>5"}}"#))
        .collect();
    let payload = Payload::read(format!(r#"{{"data": [{}]}}"#, targets.join(",")), &limits).unwrap();
    let checked = payload.targets().map(|target| target.check(&Schema::standard(), &limits).target.unwrap());
    Roster::new(checked.collect(), Zone::UTC).unwrap()
}

/// A customer who takes part in all of them.
fn customer(roster: &Roster) -> CustomerRecord {
    let mut customer = roster.stranger(1);
    for target in roster.targets() {
        let mut request = EnrolmentRequest::new(target.id(), EnrolmentMethod::Import);
        request.value = Some("5000".parse().unwrap());
        customer.enrol(&request).unwrap();
    }
    customer
}

fn bill(roster: &Roster, number: &str, day: u8, value: &str) -> Activity {
    let text = format!(
        r#"{{"currentCustomer": {{"id": 1}}, "currentTxn": {{"number": "{number}", "date": "2026-03-{day:02}"{value}}}}}"#
    );
    roster.read(&text, &Limits::default()).unwrap()
}

const COUNTS: &str = r#", "value": 9"#;
const UNKNOWN: &str = "";

#[test]
fn what_is_told_takes_no_more_than_its_room_however_large_the_batch_is() {
    let roster = roster(60);
    let bills: Vec<Activity> = (0..250).map(|nth| bill(&roster, &format!("n-{nth}"), 7, UNKNOWN)).collect();
    let booked = customer(&roster);
    let most = |room: usize| {
        let (mut customer, mut workspace) = (booked.clone(), roster.workspace());
        // What is kept of unknown bills is no matter here: they are booked once before.
        customer.book(&mut workspace, &bills);
        let mut room = BookingRoom::telling(room);
        let book = || {
            let told = customer.book_within(&mut workspace, &bills, &mut room).unwrap();
            assert_eq!(told.first.len() + usize::try_from(told.left_out).unwrap(), 250 * 60);
        };
        allocation_counter::measure(book).bytes_max
    };
    let (small, large) = (most(50_000), most(100_000));
    assert!(small < 500_000, "{small} bytes");
    assert!(large < 1_000_000, "{large} bytes");
    assert!(most(usize::MAX / 4) > 2_500_000, "what would be told is large");
}

#[test]
fn bills_that_wait_for_their_turn_take_no_more_than_one() {
    let roster = roster(60);
    let bills: Vec<Activity> = (0..1_000).map(|nth| bill(&roster, &format!("n-{nth}"), 7, COUNTS)).collect();
    let (mut customer, mut workspace) = (customer(&roster), roster.workspace());
    let mut room = BookingRoom::telling(100_000);
    customer.book(&mut workspace, &bills);
    let again = || assert!(customer.book_within(&mut workspace, &bills, &mut room).is_ok());
    let most = allocation_counter::measure(again).bytes_max;
    assert!(most < 1_000_000, "{most} bytes");
}

#[test]
fn what_counts_more_often_than_there_is_room_for_is_refused() {
    let roster = roster(10);
    let bills: Vec<Activity> = (0..10).map(|nth| bill(&roster, &format!("n-{nth}"), 7, COUNTS)).collect();
    let unknown: Vec<Activity> = (0..10).map(|nth| bill(&roster, &format!("u-{nth}"), 7, UNKNOWN)).collect();
    let alike: Vec<Activity> = (0..10).map(|_| bill(&roster, "n-0", 7, COUNTS)).collect();
    let book = |bills: &[Activity], mut room: BookingRoom| {
        customer(&roster).book_within(&mut roster.workspace(), bills, &mut room).map(|_| room)
    };
    for batch in [&bills, &unknown] {
        let backwards: Vec<Activity> = batch.iter().rev().cloned().collect();
        // Each counts in ten targets, or may, in whatever order they come.
        assert_eq!(book(&backwards, BookingRoom::new(9_000, 120)), book(batch, BookingRoom::new(9_000, 120)));
        assert_ne!(book(batch, BookingRoom::new(9_000, 120)), Ok(BookingRoom::new(9_000, 120)));
        assert!(book(batch, BookingRoom::new(9_000, 100)).is_ok());
        assert_eq!(book(batch, BookingRoom::new(9_000, 99)), Err(NoRoom));
    }
    // Ten with one number count once, and are held together until they do.
    assert!(book(&alike, BookingRoom::new(9_000, 100)).is_ok());
    assert_eq!(book(&alike, BookingRoom::new(9_000, 99)), Err(NoRoom));
    // One room is for all customers of a batch.
    let mut room = BookingRoom::new(9_000, 150);
    let mut both = || customer(&roster).book_within(&mut roster.workspace(), &bills, &mut room).is_ok();
    assert_eq!((both(), both()), (true, false));
}

proptest! {
    /// Whatever the room: the first of what is told without one, in whatever order
    /// the batch comes, and how much more there is; and the same is booked.
    #[test]
    fn the_first_are_told(
        batch in prop::collection::vec((0..6_u8, 1..5_u8, any::<bool>()), 0..25),
        order in any::<prop::sample::Index>(),
        room in 0..8_000_usize,
    ) {
        let roster = roster(3);
        let bills: Vec<Activity> = batch
            .iter()
            .map(|(number, day, known)| {
                bill(&roster, &format!("n-{number}"), *day, if *known { COUNTS } else { UNKNOWN })
            })
            .collect();
        let mut all = customer(&roster);
        let every: Vec<NotCounted> = all.book(&mut roster.workspace(), &bills);
        let mut shuffled: Vec<&Activity> = bills.iter().rev().collect();
        if !shuffled.is_empty() {
            let at = order.index(shuffled.len());
            shuffled.rotate_left(at);
        }
        let mut within = customer(&roster);
        let mut left = BookingRoom::telling(room);
        let told = within.book_within(&mut roster.workspace(), shuffled, &mut left).unwrap();
        let count = told.first.len();
        prop_assert_eq!(&told.first[..], &every[..count]);
        prop_assert_eq!(usize::try_from(told.left_out).unwrap(), every.len() - count);
        prop_assert_eq!(within.booked_text(), all.booked_text());
        prop_assert!(count * 100 <= room, "{} in {} bytes", count, room);
    }
}
