//! Customers by themselves: who is enrolled, who withdraws, and what is kept.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use loyalty_targets::store::{
    CustomerRecord, EnrolmentError, EnrolmentRequest, RecordedEnrolments, Roster, RosterChange,
};
use loyalty_targets::{EnrolmentMethod, Payload, Reason};
use target_rules::{Instant, Limits, Schema, Truth, Zone};

/// Two quarters with a target by list and one that bills enrol in; a group that is
/// switched off; cycles; and a target alone.
const TARGETS: &str = r#"{"data": [
    {"id": 7, "periods": [
        {"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"},
        {"id": 4, "startDate": "2026-04-01", "endDate": "2026-06-30"}],
     "targets": [
        {"id": 50, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "currentTxn.value>10"},
        {"id": 51, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true",
         "enrolmentMethod": "TRANSACTION", "defaultValues": [{"periodId": 3, "defaultValue": 100},
                                                             {"periodId": 4, "defaultValue": 200}]},
        {"id": 52, "targetType": "COUNT", "targetEntity": "TRANSACTION", "expression": "true",
         "active": false, "defaultValues": [{"periodId": 3, "defaultValue": 1}]}]},
    {"id": 8, "active": false, "periods": [{"id": 5, "startDate": "2026-01-01", "endDate": "2026-12-31"}],
     "targets": [{"id": 60, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true"}]},
    {"id": 70, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true"}]}"#;

fn roster_of(targets: &str, zone: &str) -> Roster {
    let limits = Limits::default();
    let payload = Payload::read(targets, &limits).unwrap();
    let checked = payload.targets().map(|target| target.check(&Schema::standard(), &limits).target.unwrap());
    Roster::new(checked.collect(), Zone::named(zone).unwrap()).unwrap()
}

fn roster() -> Roster {
    roster_of(TARGETS, "Asia/Kolkata")
}

fn request(target: i64, period: Option<i64>) -> EnrolmentRequest {
    let mut request = EnrolmentRequest::new(target, EnrolmentMethod::Import);
    request.period_id = period;
    request.value = Some("5000".parse().unwrap());
    request
}

fn at(date: &str) -> Instant {
    date.parse().unwrap()
}

/// Books a bill; the reasons of what does not count.
fn book(roster: &Roster, customer: &mut CustomerRecord, number: &str, date: &str) -> Vec<(i64, Reason)> {
    let bill = format!(
        r#"{{"currentCustomer": {{"id": {}}}, "currentTxn": {{"number": "{number}", "date": "{date}", "value": 40}}}}"#,
        customer.id()
    );
    let bill = roster.read(&bill, &Limits::default()).unwrap();
    let told = customer.book(&mut roster.workspace(), [&bill]);
    told.into_iter().filter_map(|one| Some((one.target_id?, one.reason?))).collect()
}

/// What is achieved: target, period, figure.
fn achieved(customer: &CustomerRecord) -> Vec<(i64, Option<i64>, String)> {
    customer.progress().map(|line| (line.target_id, line.period_id, line.achieved.to_string())).collect()
}

#[test]
fn each_reason_why_nobody_is_enrolled_is_one_of_its_own() {
    let mut customer = roster().stranger(1);
    let with = |target, group, period| {
        let mut request = request(target, period);
        request.target_group_id = group;
        request
    };
    let no_value = EnrolmentRequest::new(50, EnrolmentMethod::Import);
    let by_bill = EnrolmentRequest::new(51, EnrolmentMethod::Transaction);
    let mut no_date = request(50, None);
    no_date.enrolled_on = Some(target_rules::value::DateText::Invalid);
    for (request, expected) in [
        (with(50, Some(99), None), EnrolmentError::NoGroup { target_group_id: 99 }),
        (with(60, Some(8), None), EnrolmentError::GroupInactive { target_group_id: Some(8) }),
        (with(60, None, None), EnrolmentError::GroupInactive { target_group_id: Some(8) }),
        (with(99, Some(7), None), EnrolmentError::NoTarget { target_id: 99 }),
        (with(70, Some(7), None), EnrolmentError::OtherGroup { target_id: 70, target_group_id: 7 }),
        (with(52, None, None), EnrolmentError::TargetInactive { target_id: 52 }),
        (with(50, Some(7), Some(9)), EnrolmentError::NoPeriod { period_id: 9 }),
        (with(50, None, Some(5)), EnrolmentError::OtherPeriod { target_id: 50, period_id: 5 }),
        (no_value, EnrolmentError::NothingToReach { target_id: 50 }),
        (by_bill, EnrolmentError::OnlyByBill),
        (no_date, EnrolmentError::NoDate),
    ] {
        assert_eq!(customer.enrol(&request).unwrap_err(), expected);
    }
    assert!(customer.enrolments().all().is_empty());
    let refused = customer.withdraw(50, None, at("2026-02-01T00:00:00Z")).unwrap_err();
    assert_eq!(refused, EnrolmentError::NotEnrolled { target_id: 50 });
    let unknown = r#"{"data": [{"id": 1, "targetType": "STARS", "expression": "true"}]}"#;
    let refused = roster_of(unknown, "UTC").stranger(1).enrol(&request(1, None)).unwrap_err();
    assert!(matches!(refused, EnrolmentError::NotCountable { target_id: 1, .. }), "{refused}");
}

#[test]
fn nobody_is_enrolled_in_more_periods_that_are_not_listed_than_are_booked_at_once() {
    let text = r#"{"data": [{"id": 1, "targetType": "SALES", "expression": "true"}]}"#;
    let mut customer = roster_of(text, "UTC").stranger(1);
    let most = target_rules::Limits::default().periods_at_once;
    for period in (0..).take(most) {
        customer.enrol(&request(1, Some(period))).unwrap();
    }
    let refused = customer.enrol(&request(1, Some(-1))).unwrap_err();
    assert_eq!(refused, EnrolmentError::TooManyPeriods { target_id: 1, most });
    // Whoever has withdrawn comes back in the same period.
    customer.withdraw(1, Some(3), at("2026-02-01T00:00:00Z")).unwrap();
    customer.enrol(&request(1, Some(3))).unwrap();
}

#[test]
fn nobody_is_enrolled_twice_in_a_period() {
    let roster = roster();
    for (first, second) in [(None, None), (None, Some(3)), (Some(3), Some(3))] {
        let mut customer = roster.stranger(1);
        customer.enrol(&request(50, first)).unwrap();
        let refused = customer.enrol(&request(50, second)).unwrap_err();
        assert_eq!(refused, EnrolmentError::AlreadyEnrolled { target_id: 50, period_id: first });
    }
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, Some(3))).unwrap();
    customer.enrol(&request(50, Some(4))).unwrap();
    assert_eq!(customer.enrolments().all().len(), 2);
    // Whom a bill has enrolled is enrolled.
    assert_eq!(book(&roster, &mut customer, "n-1", "2026-02-01"), []);
    let refused = customer.enrol(&request(51, Some(3))).unwrap_err();
    assert_eq!(refused, EnrolmentError::AlreadyEnrolled { target_id: 51, period_id: Some(3) });
    customer.enrol(&request(51, Some(4))).unwrap();
}

#[test]
fn a_bill_enrols_and_it_is_told_without_what_is_booked() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    assert_eq!(book(&roster, &mut customer, "n-1", "2026-02-01"), []);
    let kept = RecordedEnrolments::read(&customer.enrolments().to_text()).unwrap();
    let one = &kept.all()[0];
    assert_eq!((one.target_id, one.period_id, one.method.text()), (51, Some(3), "TRANSACTION"));
    assert!(roster.contains(one, at("2026-03-31T18:29:59Z")), "the last second of its last local day");
    assert!(!roster.contains(one, at("2026-03-31T18:30:00Z")));
    assert_eq!(achieved(&customer), [(51, Some(3), "40".to_owned())]);
}

#[test]
fn who_has_withdrawn_counts_nothing_from_then_on_and_keeps_what_she_has() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, None)).unwrap();
    assert_eq!(book(&roster, &mut customer, "n-1", "2026-02-01T10:00:00Z"), []);
    let before = achieved(&customer);
    for target in [50, 51] {
        customer.withdraw(target, None, at("2026-02-02T00:00:00Z")).unwrap();
        let again = customer.withdraw(target, None, at("2026-02-03T00:00:00Z")).unwrap_err();
        assert_eq!(again, EnrolmentError::NotEnrolled { target_id: target });
    }
    // In another period too, where bills would have enrolled her.
    let later = |customer: &mut CustomerRecord| {
        let mut told = book(&roster, customer, "n-2", "2026-02-02T00:00:00Z");
        told.extend(book(&roster, customer, "n-3", "2026-05-01T00:00:00Z"));
        told
    };
    let told = later(&mut customer);
    assert_eq!(told.iter().filter(|(_, reason)| *reason == Reason::Withdrawn).count(), 4, "{told:?}");
    assert_eq!(achieved(&customer), before);
    // A late bill from before counts, and a return takes back.
    assert_eq!(book(&roster, &mut customer, "n-0", "2026-02-01T09:00:00Z"), []);
    assert!(achieved(&customer).contains(&(50, Some(3), "80".to_owned())));
    let back = r#"{"currentCustomer": {"id": 1}, "returnBill": {"number": "n-0", "date": "2026-03-01", "value": 15}}"#;
    let back = roster.read(back, &Limits::default()).unwrap();
    assert!(customer.book(&mut roster.workspace(), [&back]).is_empty());
    assert!(achieved(&customer).contains(&(50, Some(3), "65".to_owned())));
    assert!(customer.enrolments().all().iter().all(|one| !one.holds_at(at("2026-02-02T00:00:00Z"))));
    // Read again it is the same.
    let kept = roster.open(1, &customer.enrolments().to_text(), &customer.booked_text()).unwrap();
    assert_eq!(achieved(&kept), achieved(&customer));
    assert_eq!(kept.booked_text(), customer.booked_text());
}

#[test]
fn who_comes_back_in_one_period_has_withdrawn_from_the_others_still() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    assert_eq!(book(&roster, &mut customer, "n-1", "2026-02-01T10:00:00Z"), []);
    customer.withdraw(51, None, at("2026-02-02T00:00:00Z")).unwrap();
    customer.enrol(&request(51, Some(3))).unwrap();
    let kept = roster.open(1, &customer.enrolments().to_text(), &customer.booked_text()).unwrap();
    for customer in [&mut customer, &mut kept.clone()] {
        assert_eq!(book(&roster, customer, "n-2", "2026-02-03T10:00:00Z"), []);
        let told = book(&roster, customer, "n-3", "2026-05-01T00:00:00Z");
        assert_eq!(told, [(51, Reason::Withdrawn)]);
        assert_eq!(achieved(customer), [(51, Some(3), "80".to_owned())]);
    }
    // Who withdraws again counts nothing more, until somebody enrols her in all.
    customer.withdraw(51, None, at("2026-02-10T00:00:00Z")).unwrap();
    assert_eq!(book(&roster, &mut customer, "n-4", "2026-02-11T00:00:00Z"), [(51, Reason::Withdrawn)]);
    customer.enrol(&request(51, None)).unwrap();
    assert_eq!(book(&roster, &mut customer, "n-5", "2026-05-02T00:00:00Z"), []);
    assert!(achieved(&customer).contains(&(51, Some(4), "40".to_owned())));
}

#[test]
fn one_period_can_be_left_and_the_others_stay() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, None)).unwrap();
    customer.withdraw(50, Some(3), at("2026-01-15T00:00:00Z")).unwrap();
    let told = book(&roster, &mut customer, "n-1", "2026-02-01");
    assert!(told.contains(&(50, Reason::Withdrawn)), "{told:?}");
    assert_eq!(book(&roster, &mut customer, "n-2", "2026-05-01"), []);
    assert!(achieved(&customer).contains(&(50, Some(4), "40".to_owned())));
    assert!(achieved(&customer).contains(&(50, Some(3), "0".to_owned())));
}

#[test]
fn who_has_withdrawn_is_enrolled_again_from_then_on() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, None)).unwrap();
    customer.withdraw(50, None, at("2026-02-02T00:00:00Z")).unwrap();
    let enrolled = customer.enrol(&request(50, None)).unwrap();
    assert_eq!(enrolled.enrolled_on, Some(at("2026-02-02T00:00:00Z").milliseconds()));
    let mut later = request(50, None);
    customer.withdraw(50, None, at("2026-02-04T00:00:00Z")).unwrap();
    // A day of the zone: it begins five and a half hours before that of UTC.
    later.enrolled_on = Some("2026-02-10".parse().unwrap());
    customer.enrol(&later).unwrap();
    let told = book(&roster, &mut customer, "n-1", "2026-02-09T18:29:59Z");
    assert!(told.contains(&(50, Reason::BeforeEnrolment)), "{told:?}");
    assert_eq!(book(&roster, &mut customer, "n-2", "2026-02-09T18:30:00Z"), []);
    assert!(achieved(&customer).contains(&(50, Some(3), "40".to_owned())));
}

#[test]
fn who_is_enrolled_again_in_all_periods_is_in_those_that_she_had_withdrawn_from() {
    let roster = roster();
    // By a bill and in all periods, or by a list and in one.
    for (listed, period) in [(None, None), (Some(Some(3)), Some(3)), (Some(None), Some(3))] {
        let mut customer = roster.stranger(1);
        if let Some(listed) = listed {
            customer.enrol(&request(51, listed)).unwrap();
        }
        assert_eq!(book(&roster, &mut customer, "n-1", "2026-02-01"), []);
        customer.withdraw(51, period, at("2026-02-02T00:00:00Z")).unwrap();
        assert_eq!(book(&roster, &mut customer, "n-2", "2026-02-03"), [(51, Reason::Withdrawn)]);
        if listed == Some(None) {
            // She is in the others still.
            customer.withdraw(51, None, at("2026-02-02T00:00:00Z")).unwrap();
        }
        customer.enrol(&request(51, None)).unwrap();
        assert_eq!(book(&roster, &mut customer, "n-3", "2026-02-04"), [], "{listed:?}");
        assert!(achieved(&customer).contains(&(51, Some(3), "80".to_owned())), "{:?}", achieved(&customer));
        let all = customer.enrolments();
        assert!(all.all().iter().any(|one| roster.takes_part(one, all, at("2026-02-05T00:00:00Z"))));
    }
}

#[test]
fn standings_are_those_of_her_own_targets() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, None)).unwrap();
    let bill =
        r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n", "date": "2026-02-01", "value": 5}}"#;
    let activity = roster.read(bill, &Limits::default()).unwrap();
    let standings = customer.standings(&activity);
    assert_eq!(standings.iter().map(|one| one.target_id).collect::<Vec<_>>(), [50]);
    assert!(matches!(standings[0].reason, Some(Reason::Rule { .. })));
    assert_eq!(customer.standing(51, &activity).unwrap().result, Truth::True, "it would enrol her");
    let explained = customer.explain(50, bill, &Limits::default()).unwrap().unwrap();
    assert_eq!(explained.counts, Truth::False);
    // A copy is booked without effect: a dry run.
    let mut dry = customer.clone();
    dry.book(&mut roster.workspace(), [&activity]);
    assert_ne!(achieved(&dry), achieved(&customer));
    // Activities of others are left out.
    let other = bill.replace("\"id\": 1", "\"id\": 2");
    let other = roster.read(&other, &Limits::default()).unwrap();
    assert!(customer.book(&mut roster.workspace(), [&other]).is_empty());
    assert!(customer.booked_text().is_empty());
}

#[test]
fn an_activity_of_setters_is_one_of_a_document() {
    let roster = roster();
    let slot = |name: &str| roster.layout().slot(name).unwrap();
    let filled = |number: &str| {
        let mut transaction = roster.layout().blank();
        transaction.set_number(slot("currentCustomer.id"), 1).unwrap();
        transaction.set_text(slot("currentTxn.number"), number).unwrap();
        transaction.set_date(slot("currentTxn.date"), at("2026-02-01T10:00:00Z")).unwrap();
        transaction.set_number(slot("currentTxn.value"), 40).unwrap();
        transaction
    };
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, None)).unwrap();
    let activity = roster.activity(filled("n-1")).unwrap();
    assert!(customer.book(&mut roster.workspace(), [&activity]).is_empty());
    assert!(achieved(&customer).contains(&(50, Some(3), "40".to_owned())));
    // The same as a document is a repetition.
    let again = book(&roster, &mut customer, "n-1", "2026-02-01T10:00:00Z");
    assert!(again.contains(&(50, Reason::CountedBefore)), "{again:?}");
    let nobody = roster.activity(roster.layout().blank()).unwrap_err();
    assert!(nobody.to_string().contains("whose"), "{nobody}");
    let mut back = filled("n-2");
    back.set_text(slot("returnBill.number"), "n-1").unwrap();
    let refused = roster.activity(back).unwrap_err();
    assert!(refused.to_string().contains("kept as it was written"), "{refused}");
}

#[test]
fn what_is_kept_is_held_against_itself() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, None)).unwrap();
    book(&roster, &mut customer, "n-1", "2026-02-01");
    let back = r#"{"currentCustomer": {"id": 1}, "returnBill": {"number": "n-1", "date": "2026-03-01", "value": 15}}"#;
    customer.book(&mut roster.workspace(), [&roster.read(back, &Limits::default()).unwrap()]);
    book(&roster, &mut customer, "n-2", "2026-02-03");
    let (enrolments, booked) = (customer.enrolments().to_text(), customer.booked_text());
    for (sound, tampered, told) in [
        (r#""takenBack":"15""#, r#""takenBack":"-15""#, "less than nothing"),
        (r#""bill":"n-1""#, r#""bill":"n-9""#, "does not follow"),
        (r#"["n-2",20487]"#, r#"["n-1",20487]"#, "stands twice"),
        (r#""target":51"#, r#""target":50"#, "two accounts"),
        (r#""version":1"#, r#""version":2"#, "of version 2"),
        (r#""bills":[["n-1""#, r#""bill":[["n-1""#, "unknown field"),
        (r#""bills":"1 40""#, r#""bills":"7 40""#, "no bill at position 7"),
        (r#""bills":"1 40""#, r#""bills":"1 4O""#, "no positions and figures"),
        (r#""bills":"1 40""#, r#""bills":"1 40 0""#, "no positions and figures"),
        (r#""bills":"1 40""#, r#""bills":"1 40 1 40""#, "stands twice"),
    ] {
        assert!(booked.contains(sound), "{sound} is not in {booked}");
        let refused = roster.open(1, &enrolments, &booked.replacen(sound, tampered, 1)).unwrap_err();
        assert!(refused.to_string().contains(told), "{tampered}: {refused}");
    }
    let twice =
        enrolments.replace(r#""enrolments":["#, r#""enrolments":[{"targetId":50,"method":"IMPORT"},"#);
    assert!(roster.open(1, &twice, &booked).is_err());
}

#[test]
fn a_change_that_makes_what_is_booked_wrong_is_told() {
    let before = roster();
    assert!(before.changes_from(&before).is_empty());
    let counts = roster_of(&TARGETS.replacen("SALES", "COUNT", 1), "Asia/Kolkata");
    let told = counts.changes_from(&before);
    assert!(matches!(told.as_slice(), [RosterChange::Counts { target_id: 50, .. }]), "{told:?}");
    assert_eq!(roster_of(TARGETS, "UTC").changes_from(&before), [RosterChange::Zone]);
    // A rule may change: what is booked stays.
    assert!(roster_of(&TARGETS.replace(">10", ">99"), "Asia/Kolkata").changes_from(&before).is_empty());
}

/// A target may be gone from the catalogue when a bill comes back, and come again.
#[test]
fn a_return_takes_back_once_its_target_is_there_again() {
    let whole = roster();
    let gone = TARGETS.replacen("\"id\": 50,", "\"id\": 59,", 1);
    let less = roster_of(&gone, "Asia/Kolkata");
    let mut customer = whole.stranger(1);
    customer.enrol(&request(50, Some(3))).unwrap();
    customer.enrol(&request(70, None)).unwrap();
    assert!(book(&whole, &mut customer, "n-1", "2026-02-01").is_empty());
    let kept = (customer.enrolments().to_text(), customer.booked_text());
    let mut customer = less.open(1, &kept.0, &kept.1).unwrap();
    let document = r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "r-1", "date": "2026-02-02"},
        "returnBill": {"number": "n-1", "value": 15}}"#;
    let returned = less.read(document, &Limits::default()).unwrap();
    assert!(customer.book(&mut less.workspace(), [&returned]).is_empty());
    // Kept and read again by the same targets, nothing happens; by all of them it is taken back.
    for roster in [&less, &whole, &whole] {
        let kept = (customer.enrolments().to_text(), customer.booked_text());
        customer = roster.open(1, &kept.0, &kept.1).unwrap();
    }
    let figures: Vec<_> = achieved(&customer).into_iter().filter(|(target, ..)| *target != 51).collect();
    assert_eq!(figures, [(50, Some(3), "25".to_owned()), (70, None, "25".to_owned())]);
    // The same again is a repetition, also where it was late.
    let returned = whole.read(document, &Limits::default()).unwrap();
    let told = customer.book(&mut whole.workspace(), [&returned]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].reason, Some(Reason::CountedBefore));
    assert_eq!(achieved(&customer)[0].2, "25");
}

/// Who is enrolled in every period, and withdraws from one of them.
#[test]
fn she_takes_part_in_the_periods_that_she_has_not_left() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    customer.enrol(&request(50, None)).unwrap();
    customer.withdraw(50, Some(4), at("2026-01-01T00:00:00Z")).unwrap();
    // By what the target says, and something is to be reached in one period only.
    let one_period = TARGETS.replace(r#", "defaultValues": [{"periodId": 3, "defaultValue": 1}]"#, "");
    let one_period = one_period.replacen(
        r#""expression": "currentTxn.value>10""#,
        r#""expression": "currentTxn.value>10", "defaultValues": [{"periodId": 3, "defaultValue": 1}]"#,
        1,
    );
    let by_default = roster_of(&one_period, "Asia/Kolkata");
    let mut other = by_default.stranger(1);
    other.enrol(&EnrolmentRequest::new(50, EnrolmentMethod::Import)).unwrap();
    let takes_part = |roster: &Roster, customer: &CustomerRecord, instant: &str| {
        let all = customer.enrolments();
        all.all().iter().any(|one| roster.takes_part(one, all, at(instant)))
    };
    for (roster, customer) in [(&roster, &customer), (&by_default, &other)] {
        assert!(takes_part(roster, customer, "2026-02-01T00:00:00Z"));
        assert!(!takes_part(roster, customer, "2026-05-01T00:00:00Z"));
        assert!(!takes_part(roster, customer, "2026-09-01T00:00:00Z"));
    }
}

/// A bill of before she withdrew, in a period that she had no bill in yet.
#[test]
fn a_late_bill_enrols_nobody_for_longer_than_she_takes_part() {
    let roster = roster();
    let mut customer = roster.stranger(1);
    assert_eq!(book(&roster, &mut customer, "n-1", "2026-02-01T10:00:00Z"), []);
    customer.withdraw(51, None, at("2026-04-10T00:00:00Z")).unwrap();
    assert_eq!(book(&roster, &mut customer, "n-2", "2026-04-05T10:00:00Z"), []);
    assert!(achieved(&customer).contains(&(51, Some(4), "40".to_owned())));
    let told = book(&roster, &mut customer, "n-3", "2026-04-12T10:00:00Z");
    assert_eq!(told, [(51, Reason::Withdrawn)]);
    let all = customer.enrolments();
    let takes_part = |instant: &str| all.all().iter().any(|one| roster.takes_part(one, all, at(instant)));
    assert!(!takes_part("2026-04-15T00:00:00Z"));
}

#[test]
fn a_record_is_included_in_what_has_become_of_it() {
    let roster = roster();
    let mut taken = roster.stranger(1);
    taken.enrol(&request(50, Some(3))).unwrap();
    book(&roster, &mut taken, "n-1", "2026-02-01");
    let (mut later, other) = (taken.clone(), roster.stranger(1));
    assert!(later.includes(&taken) && later.includes(&other) && !other.includes(&later));
    book(&roster, &mut later, "n-2", "2026-02-02");
    later.withdraw(50, Some(3), at("2026-03-01T00:00:00Z")).unwrap();
    assert!(later.includes(&taken) && !taken.includes(&later));
    assert!(!roster.stranger(2).includes(&other));
}

/// A target by list and one that bills enrol in, of a group with these periods.
fn with_periods(periods: &str, window: &str) -> Roster {
    let text = format!(
        r#"{{"data": {{"id": 7, "periods": [{periods}] {window}, "targets": [
            {{"id": 1, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true",
              "defaultValues": [{{"defaultValue": 100}}]}},
            {{"id": 2, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true",
              "enrolmentMethod": "TRANSACTION", "defaultValues": [{{"defaultValue": 100}}]}}]}}}}"#
    );
    roster_of(&text, "Asia/Kolkata")
}

const FIRST: &str = r#"{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}"#;
const SECOND: &str = r#"{"id": 4, "startDate": "2026-04-01", "endDate": "2026-06-30"}"#;
const HALF: &str = r#"{"id": 5, "startDate": "2026-01-01", "endDate": "2026-06-30"}"#;

/// Opens a customer for other targets, as a service does after a change.
fn reopened(customer: &CustomerRecord, roster: &Roster) -> CustomerRecord {
    roster.open(customer.id(), &customer.enrolments().to_text(), &customer.booked_text()).unwrap()
}

/// Periods that come after bills have counted: it comes out as if they had been there.
#[test]
fn what_was_counted_is_carried_over_to_periods_that_come_later() {
    let dates = [("n-1", "2026-02-01"), ("n-2", "2026-03-31T18:29:59Z"), ("n-3", "2026-03-31T18:30:00Z")];
    let book_all = |roster: &Roster, customer: &mut CustomerRecord| {
        for (number, date) in dates {
            book(roster, customer, number, date);
        }
        let back = r#"{"currentCustomer": {"id": 1}, "returnBill": {"number": "n-2", "date": "2026-05-01", "value": 15}}"#;
        customer.book(&mut roster.workspace(), [&roster.read(back, &Limits::default()).unwrap()]);
    };
    let both = format!("{FIRST}, {SECOND}");
    let all = EnrolmentRequest::new(1, EnrolmentMethod::Import);
    for before in ["", HALF] {
        let (before, after) = (with_periods(before, ""), with_periods(&both, ""));
        assert!(after.changes_from(&before).is_empty());
        let (mut customer, mut there) = (before.stranger(1), after.stranger(1));
        customer.enrol(&all).unwrap();
        there.enrol(&all).unwrap();
        book_all(&before, &mut customer);
        book_all(&after, &mut there);
        let carried = reopened(&customer, &after);
        let expected = ["65", "40"].map(str::to_owned);
        let [first, second] = expected.clone();
        let lines = [(1, Some(3), first), (1, Some(4), second)];
        assert_eq!(achieved(&carried)[..2], lines);
        assert_eq!(achieved(&carried), achieved(&there));
        assert_eq!(carried.booked_text(), there.booked_text());
        assert_eq!(carried.enrolments(), there.enrolments());
        // What comes now goes on from there, and nothing counts twice.
        let mut carried = reopened(&carried, &after);
        let told = book(&after, &mut carried, "n-2", "2026-03-31T18:29:59Z");
        assert_eq!(told, [(1, Reason::CountedBefore), (2, Reason::CountedBefore)]);
        assert_eq!(achieved(&carried), achieved(&there));
        // And back again.
        assert_eq!(achieved(&reopened(&carried, &before)), achieved(&customer));
    }
}

#[test]
fn what_falls_in_no_period_waits_for_one() {
    let (before, after) = (with_periods("", ""), with_periods(SECOND, ""));
    let mut customer = before.stranger(1);
    customer.enrol(&EnrolmentRequest::new(1, EnrolmentMethod::Import)).unwrap();
    book(&before, &mut customer, "n-1", "2026-02-01");
    let waits = reopened(&customer, &after);
    // Whom a bill has enrolled has it where it was counted.
    let lines = [(1, Some(4), "0"), (2, None, "40")].map(|(id, period, sum)| (id, period, sum.to_owned()));
    assert_eq!(achieved(&waits), lines);
    let both = with_periods(&format!("{FIRST}, {SECOND}"), "");
    let counted = achieved(&reopened(&waits, &both));
    assert_eq!(counted[..2], [(1, Some(3), "40".to_owned()), (1, Some(4), "0".to_owned())]);
    // A period that is named has its own terms, whatever else there is.
    let mut named = before.stranger(2);
    named.enrol(&request(1, Some(3))).unwrap();
    named.enrol(&EnrolmentRequest::new(1, EnrolmentMethod::Import)).unwrap();
    book(&before, &mut named, "n-1", "2026-02-01");
    assert_eq!(achieved(&reopened(&named, &both))[0], (1, Some(3), "40".to_owned()));
}

#[test]
fn cycles_go_on_when_their_group_comes_to_have_periods() {
    for window in [
        r#", "targetEvaluationType": "CYCLIC_WINDOW", "frequencyType": "WEEKLY", "recurringCycles": 5"#,
        r#", "targetEvaluationType": "PERIOD_AGNOSTIC_WINDOW""#,
    ] {
        let (before, after) = (with_periods("", window), with_periods(FIRST, window));
        let (mut customer, mut there) = (before.stranger(1), after.stranger(1));
        for (roster, customer) in [(&before, &mut customer), (&after, &mut there)] {
            customer.enrol(&EnrolmentRequest::new(1, EnrolmentMethod::Import)).unwrap();
            for day in 1..=9 {
                book(roster, customer, &format!("n-{day}"), &format!("2026-02-0{day}"));
            }
        }
        let carried = reopened(&customer, &after);
        assert_eq!(achieved(&carried), achieved(&there), "{window}");
        assert_eq!(carried.booked_text(), there.booked_text());
        assert!(achieved(&carried).len() > 2, "{:?}", achieved(&carried));
    }
}

/// What is stated for a period holds for that one, and no other takes its place.
#[test]
fn what_is_stated_for_a_period_that_is_gone_stays_there() {
    let (before, after) = (with_periods(HALF, ""), with_periods(&format!("{FIRST}, {SECOND}"), ""));
    let more = r#"{"id": 6, "startDate": "2026-07-01", "endDate": "2026-12-31"}"#;
    let fifth = with_periods(&format!("{HALF}, {more}"), "");
    let february = at("2026-02-10T00:00:00Z");
    let line = |target: i64, period: Option<i64>| (target, period, "40".to_owned());
    let lost = |customer: &CustomerRecord, now: &Roster, target: i64| {
        now.loses(&before, customer.enrolments(), target)
    };
    // By a bill, then withdrawn from its period; and by a list in all periods but that one.
    let mut customer = before.stranger(1);
    customer.enrol(&EnrolmentRequest::new(1, EnrolmentMethod::Import)).unwrap();
    book(&before, &mut customer, "n-1", "2026-02-01");
    assert_eq!((lost(&customer, &after, 1), lost(&customer, &after, 2)), (vec![], vec![]));
    assert!(after.carries_over(customer.enrolments()) && !before.carries_over(customer.enrolments()));
    customer.withdraw(1, Some(5), february).unwrap();
    customer.withdraw(2, Some(5), february).unwrap();
    assert_eq!((lost(&customer, &after, 1), lost(&customer, &after, 2)), (vec![5], vec![5]));
    assert_eq!(after.targets_with_periods_gone(&before), [1, 2]);
    assert!(lost(&customer, &fifth, 2).is_empty() && fifth.targets_with_periods_gone(&before).is_empty());
    let there = customer.booked_text();
    let mut carried = reopened(&customer, &after);
    assert_eq!(carried.booked_text(), there);
    assert_eq!(carried.enrolments(), customer.enrolments());
    // Back again it is as it was, and she has withdrawn still.
    book(&after, &mut carried, "n-2", "2026-08-01");
    let mut back = reopened(&carried, &before);
    assert_eq!(achieved(&back), [line(1, Some(5)), line(2, Some(5))]);
    let told = book(&before, &mut back, "n-3", "2026-02-20T00:00:00Z");
    assert_eq!(told, [(1, Reason::Withdrawn), (2, Reason::Withdrawn)]);
    // By a list in this period alone.
    let mut named = before.stranger(2);
    named.enrol(&request(1, Some(5))).unwrap();
    book(&before, &mut named, "n-1", "2026-02-01");
    assert_eq!(lost(&named, &after, 1), [5]);
    assert_eq!(lost(&named, &with_periods("", ""), 1), [5], "of no period there are no days");
    let carried = reopened(&named, &after);
    assert!(achieved(&carried).iter().all(|(target, ..)| *target == 2), "{:?}", achieved(&carried));
    assert!(achieved(&reopened(&carried, &before)).contains(&line(1, Some(5))));
    // Who has withdrawn from all periods takes that with her.
    let mut whole = before.stranger(3);
    book(&before, &mut whole, "n-1", "2026-02-01");
    whole.withdraw(2, None, february).unwrap();
    assert!(lost(&whole, &after, 2).is_empty());
    assert_eq!(achieved(&reopened(&whole, &after)), [line(2, Some(3))]);
}
