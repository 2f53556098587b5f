//! Inputs that are as large as is wanted, each of a shape whose cost was once a
//! product or a square of its size.

use std::fmt::Write;

/// A list of so many entries, each written by its number.
fn list(count: usize, entry: impl Fn(usize) -> String) -> String {
    let mut list = String::from("[");
    for number in 0..count {
        if number > 0 {
            list.push(',');
        }
        list.push_str(&entry(number));
    }
    list + "]"
}

/// An object of so many members, each written by its number.
fn object(count: usize, member: impl Fn(usize) -> String) -> String {
    let list = list(count, member);
    format!("{{{}}}", &list[1..list.len() - 1])
}

/// A payload of targets whose rules read a field of their own each: no transaction
/// has any.
pub fn targets_of_absent_fields(targets: usize) -> String {
    list(targets, |id| format!(r#"{{"id": {id}, "expression": "currentTxn.extField_of{id}>5"}}"#))
}

/// A payload of targets with so many terms each, every one about a field of its own.
pub fn targets_of_many_terms(targets: usize, terms: usize) -> String {
    list(targets, |id| {
        let mut rule = String::new();
        for term in 0..terms {
            let and = if term > 0 { "&&" } else { "" };
            let _ = write!(rule, "{and}currentTxn.extField_of{id}_{term}>5");
        }
        format!(r#"{{"id": {id}, "expression": "{rule}"}}"#)
    })
}

/// A payload of one target in a group of so many periods, a day each.
pub fn target_of_many_periods(periods: usize) -> String {
    let periods = list(periods, |id| {
        let day = 1_767_225_600_000 + id as u64 * 86_400_000;
        format!(r#"{{"id": {id}, "startDate": {day}, "endDate": {day}}}"#)
    });
    format!(
        r#"{{"data": {{"id": 7, "periods": {periods}, "targets": [{{"id": 50, "targetType": "SALES", "expression": "true"}}]}}}}"#
    )
}

/// Enrolments of so many customers in one target, without a period: in all of them.
pub fn enrolments_in_all_periods(customers: usize) -> String {
    list(customers, |user| format!(r#"{{"userId": {user}, "targetId": 50, "value": 9}}"#))
}

/// The shortest enrolments that there are, of customers in a target that says what
/// is to be reached.
pub fn short_enrolments(customers: usize) -> String {
    list(customers, |user| format!(r#"{{"userId":{user},"targetId":50}}"#))
}

/// A payload of targets that bills enrol in, and that count points.
pub fn targets_that_enrol_by_bills(targets: usize) -> String {
    list(targets, |id| {
        format!(
            r#"{{"id": {id}, "targetType": "ALL_POINTS", "targetEntity": "POINTS", "enrolmentMethod": "TRANSACTION", "expression": "true", "defaultValues": [{{"defaultValue": 5}}]}}"#
        )
    })
}

/// So many bills of one customer, without points.
pub fn bills_without_points(bills: usize) -> String {
    let mut lines = String::new();
    for number in 0..bills {
        let _ = writeln!(
            lines,
            r#"{{"currentCustomer": {{"id": 1}}, "currentTxn": {{"number": "n-{number}", "date": "2026-03-07"}}}}"#
        );
    }
    lines
}

/// A schema file with an attribute of so many variants.
pub fn schema_of_variants(variants: usize) -> String {
    let variants = list(variants, |number| format!(r#""v{number}""#));
    format!(
        r#"{{"profiles": {{"currentTxn": {{"attributes": {{"tills": {{"type": "number", "variants": {variants}}}}}}}}}}}"#
    )
}

/// A schema file with so many attributes of one variant: each is an error.
pub fn schema_of_one_variant(attributes: usize) -> String {
    let attributes =
        object(attributes, |number| format!(r#""till{number}": {{"type": "number", "variants": ["v"]}}"#));
    format!(r#"{{"profiles": {{"currentTxn": {{"attributes": {attributes}}}}}}}"#)
}

/// A schema file with so many events of one field, which has other values in each.
pub fn schema_of_events(events: usize) -> String {
    let events =
        object(events, |number| format!(r#""e{number}":{{"f":{{"type":"enum","values":["{number}"]}}}}"#));
    format!(r#"{{"events": {events}}}"#)
}

/// A schema file with so many profiles of an attribute each.
pub fn schema_of_profiles(profiles: usize) -> String {
    let profiles = object(profiles, |number| {
        format!(r#""p{number}":{{"meaning":"x","attributes":{{"a":{{"type":"number"}}}}}}"#)
    });
    format!(r#"{{"profiles": {profiles}}}"#)
}

/// A schema file with so many profiles that don't say what they mean: each name is
/// held against those that are known.
pub fn schema_of_bare_profiles(profiles: usize) -> String {
    let name = |number: usize| -> String {
        // Scattered, so that no name is nearly another one, also not moved by a letter.
        let number = number as u64 + 1;
        let scattered =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut rest = scattered ^ (scattered >> 33);
        let mut name = String::new();
        for _ in 0..6 {
            name.extend(u8::try_from(rest % 26).map(|letter| char::from(b'a' + letter)));
            rest /= 26;
        }
        name
    };
    let profiles = object(profiles, |number| format!(r#""{0}{0}":{{}}"#, name(number)));
    format!(r#"{{"profiles": {profiles}}}"#)
}

/// A document that is not closed, of so many arrays within each other.
pub fn arrays_within_each_other(depth: usize) -> String {
    "[".repeat(depth)
}

/// A payload with the shortest values that there are, where nothing reads them.
pub fn payload_of_short_values(values: usize) -> String {
    format!(r#"{{"more": {}, "data": {{"id": 1, "expression": true}}}}"#, list(values, |_| "1".to_owned()))
}

/// A payload of targets as the platform has them, with both forms of their rules.
pub fn targets_as_documented(targets: usize) -> String {
    let targets = list(targets, |id| {
        format!(
            r#"{{"id": {id}, "name": "Buy for {id} in March", "active": true, "targetEntity": "TRANSACTION", "targetType": "SALES", "enrolmentMethod": "IMPORT", "expression": "currentTxn.value>{id}&&currentCustomer.slabName==\"Gold\"", "filters": [{{"entityType": "STORE", "entityIds": [12, 13, 1784]}}], "defaultValues": [{{"periodId": 3, "defaultValue": 5000.00}}], "createdOn": "2026-01-02T10:00:00Z", "lastUpdatedOn": "2026-01-02T10:00:00Z", "createdBy": 19721}}"#
        )
    });
    format!(
        r#"{{"data": [{{"id": 7, "name": "Spring", "trackingType": "DEFAULT", "targetEvaluationType": "FIXED_CALENDAR_WINDOW", "periods": [{{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}}], "targets": {targets}}}], "errors": [], "warnings": []}}"#
    )
}
