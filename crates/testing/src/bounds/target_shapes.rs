//! Shapes of payloads, enrolments, batches of bills and states.

use super::door::Shape;
use super::parts::{again, all, any, array, joined, members, quoted};
use super::target_doors::{AUDIT, BOOK, CHECK, DECIDE, ENROLMENTS, REPAIR, SAY, STANDING, STATE, UNIFIED};

pub(super) static SHAPES: &[Shape] = &[
    // Payloads.
    Shape::one(&CHECK, "targets", 40_000, payload),
    Shape::one(&CHECK, "targets of one id", 40_000, |n| data(n, |_| target(1, "currentTxn.value>5", ""))),
    Shape::one(&CHECK, "targets with a faulty rule", 10_000, |n| {
        data(n, |at| target(at, "currentTxn.valu>5", ""))
    }),
    Shape::one(&CHECK, "one target with a long faulty rule", 10_000, |n| {
        data(1, |_| target(1, &all(n, |at| format!("currentTxn.valu={at}")), ""))
    }),
    Shape::one(&CHECK, "targets without a rule", 40_000, |n| {
        data(n, |at| format!(r#"{{"id":{at},"targetType":"SALES"}}"#))
    }),
    Shape::one(&CHECK, "groups", 20_000, |n| data(n, |at| group(at, "", &target(at, "true", "")))),
    Shape::one(&CHECK, "periods of a group", 100_000, |n| {
        data(1, |at| group(at, &periods(n), &target(1, "true", "")))
    }),
    Shape::one(&CHECK, "periods of a group that overlap", 100_000, |n| {
        let periods =
            array(n, |at| format!(r#"{{"id":{at},"startDate":"2026-01-01","endDate":"2026-12-31"}}"#));
        data(1, |at| group(at, &periods, &target(1, "true", "")))
    }),
    Shape::one(&CHECK, "periods of a group without an end", 100_000, |n| {
        let periods = array(n, |at| format!(r#"{{"id":{at},"startDate":"2026-01-01"}}"#));
        data(1, |at| group(at, &periods, &target(1, "true", "")))
    }),
    Shape::one(&CHECK, "periods of a group that are one", 100_000, |n| {
        let periods = array(n, |_| r#"{"id":1,"startDate":"2026-01-01","endDate":"2026-12-31"}"#.to_owned());
        data(1, |at| group(at, &periods, &target(1, "true", "")))
    }),
    Shape::one(&CHECK, "targets of a group with periods", 2_000, |n| {
        let targets = joined(n, ",", |at| target(at, "true", ""));
        data(1, |at| group(at, &periods(n), &targets))
    }),
    Shape::one(&CHECK, "ids of a filter", 500_000, |n| data(1, |_| target(1, "true", &stores(n)))),
    Shape::one(&CHECK, "filters of a target", 100_000, |n| {
        data(1, |_| target(1, "true", &joined(n, ",", |_| stores(1))))
    }),
    Shape::one(&CHECK, "keys that are nearly known", 100_000, |n| {
        let keys = members(n, |at| format!("\"expresion{at}\":1"));
        format!(r#"{{"data":[{{"id":1,"expression":"true",{keys}}}]}}"#)
    }),
    Shape::one(&CHECK, "one key again and again", 100_000, |n| {
        let keys = members(n, |_| "\"active\":true".to_owned());
        format!(r#"{{"data":[{{"id":1,"expression":"true",{keys}}}]}}"#)
    }),
    Shape::one(&CHECK, "words of no list", 40_000, |n| {
        data(n, |at| {
            format!(r#"{{"id":{at},"expression":"true","targetType":"SALE{at}","targetEntity":"TXN"}}"#)
        })
    }),
    Shape::one(&CHECK, "a long name", 10_000_000, |n| {
        data(1, |_| format!(r#"{{"id":1,"name":"{}","expression":"true"}}"#, again("a", n)))
    }),
    Shape::one(&CHECK, "what a document nests that is no target", 1_000_000, |n| {
        format!(r#"{{"data":[{{"id":1,"expression":"true","more":{}{}}}]}}"#, again("[", n), again("]", n))
    }),
    Shape::one(&CHECK, "a document without targets", 300_000, |n| {
        format!("{{{}}}", members(n, |at| format!("\"key{at}\":{{\"id\":{at}}}")))
    }),
    Shape::one(&CHECK, "lines that are no document", 300_000, |n| {
        joined(n, "\n", |at| format!("{at};gold;{at}"))
    }),
    Shape::one(&CHECK, "targets of a unified expression", 2_000, |n| {
        let targets = joined(n, ",", |at| target(at, "true", ""));
        let expression = joined(n, "&", |at| at.to_string());
        format!(
            r#"{{"data":[{{"id":1,"trackingType":"UNIFIED","unifiedTargetExpression":{{"ruleExpression":"{expression}"}},"targets":[{targets}]}}]}}"#
        )
    }),
    Shape::one(&REPAIR, "targets with a slip", 5_000, |n| {
        data(n, |at| target(at, "currentTxn.value=5 and currentTxn.points>1", ""))
    }),
    Shape::one(&REPAIR, "one target with a long faulty rule", 10_000, |n| {
        data(1, |_| target(1, &all(n, |at| format!("currentTxn.value={at}")), ""))
    }),
    Shape::one(&REPAIR, "targets without a slip", 20_000, payload),
    Shape::one(&SAY, "targets", 20_000, payload),
    Shape::one(&SAY, "periods of a group", 100_000, |n| {
        data(1, |at| group(at, &periods(n), &target(1, "true", "")))
    }),
    Shape::one(&SAY, "targets of a group with periods", 2_000, |n| {
        let targets = joined(n, ",", |at| target(at, "true", ""));
        data(1, |at| group(at, &periods(n), &targets))
    }),
    Shape::one(&SAY, "ids of a filter", 500_000, |n| data(1, |_| target(1, "true", &stores(n)))),
    Shape::one(&SAY, "one target with a long rule", 15_000, |n| {
        data(1, |_| target(1, &any(n, |at| format!("currentTxn.value=={at}")), ""))
    }),
    Shape::two(&AUDIT, "targets", 20_000, |n| (bills(10, 10), payload(n))),
    Shape::two(&AUDIT, "targets of a field of their own", 10_000, |n| {
        (bills(10, 10), data(n, |at| field_of(at, at)))
    }),
    Shape::two(&AUDIT, "targets of one field, bills with items", 2_000, |n| {
        let items = array(n, |at| format!(r#"{{"code":"c{at}","qty":1}}"#));
        let bill = bill(1, 1).replace("\"value\":5", &format!("\"lineItems\":{items}"));
        (bill, data(n, |at| field_of(at, 1)))
    }),
    Shape::two(&AUDIT, "bills", 20_000, |n| (bills(n, 10), payload(10))),
    Shape::two(&DECIDE, "targets", 20_000, |n| (bills(10, 10), payload(n))),
    Shape::two(&DECIDE, "targets, bills without a value", 20_000, |n| {
        (
            joined(10, "\n", |_| "{}".to_owned()),
            data(n, |at| target(at, &format!("currentEvent.zq{at}>1"), "")),
        )
    }),
    Shape::two(&DECIDE, "targets with filters", 10_000, |n| {
        (bills(10, 10), data(n, |at| target(at, "currentTxn.value>1", &stores(5))))
    }),
    Shape::two(&DECIDE, "bills", 20_000, |n| (bills(n, 10), payload(10))),
    Shape::two(&DECIDE, "ids of a filter", 200_000, |n| {
        (bills(100, 10), data(1, |_| target(1, "true", &stores(n))))
    }),
    // Enrolments.
    Shape::two(&ENROLMENTS, "customers", 200_000, |n| (enrolments(n, |at| (at, 1)), payload(10))),
    Shape::two(&ENROLMENTS, "targets of a customer", 20_000, |n| (enrolments(n, |at| (1, at)), payload(n))),
    Shape::two(&ENROLMENTS, "periods of a customer", 20_000, |n| {
        let one = |at| format!(r#"{{"userId":1,"targetId":1,"periodId":{at},"value":5}}"#);
        (array(n, one), data(1, |at| group(at, &periods(n), &target(1, "true", ""))))
    }),
    Shape::two(&ENROLMENTS, "the same again and again", 200_000, |n| {
        (enrolments(n, |_| (1, 1)), payload(10))
    }),
    Shape::two(&ENROLMENTS, "targets that are none", 200_000, |n| {
        (enrolments(n, |at| (at, at + 100)), payload(10))
    }),
    Shape::two(&ENROLMENTS, "keys that are nearly known", 100_000, |n| {
        (
            array(n, |at| format!(r#"{{"userId":{at},"targetId":1,"value":5,"enroledOn":"2026-01-01"}}"#)),
            payload(10),
        )
    }),
    Shape::two(&ENROLMENTS, "days of enrolment", 200_000, |n| {
        let one = |at: usize| {
            let day = at % 28 + 1;
            format!(
                r#"{{"userId":{at},"targetId":1,"value":5,"enrolledOn":"2026-01-{day:02}","withdrawnOn":"2026-03-{day:02}"}}"#
            )
        };
        (array(n, one), payload(10))
    }),
    // Batches and states.
    Shape::two(&BOOK, "bills of one customer", 20_000, |n| (bills(n, 1), books(1))),
    Shape::two(&BOOK, "bills of many customers", 20_000, |n| (bills(n, n), books(n))),
    Shape::two(&BOOK, "one bill again and again", 20_000, |n| (joined(n, "\n", |_| bill(1, 1)), books(1))),
    Shape::two(&BOOK, "bills and their returns", 10_000, |n| (returned(n), books(1))),
    Shape::two(&BOOK, "returns of one bill", 10_000, |n| {
        (joined(n, "\n", |at| if at == 0 { bill(0, 1) } else { back(at, 0, 1) }), books(1))
    }),
    Shape::two(&BOOK, "returns that wait", 10_000, |n| (joined(n, "\n", |at| back(at, at, 1)), books(1))),
    Shape::two(&BOOK, "many items, many targets", 5_000, |n| {
        let items = array(n, |at| format!(r#"{{"code":"c{at}","qty":1,"rate":2,"discount":0}}"#));
        let bill = bill(1, 1).replace("\"value\":5", &format!("\"value\":5,\"lineItems\":{items}"));
        (bill, format!("{}\n{}", data(10, lines_of), enrolments(10, |at| (1, at))))
    }),
    Shape::two(&BOOK, "cycles of a customer", 20_000, |n| {
        let cyclic = format!(
            r#"{{"data":[{{"id":1,"targetEvaluationType":"PERIOD_AGNOSTIC_WINDOW","targets":[{}]}}]}}"#,
            target(1, "true", "")
        );
        (bills(n, 1), format!("{cyclic}\n{}", enrolments(1, |_| (1, 1))))
    }),
    Shape::two(&BOOK, "bills in as many periods at once as there may be", 20_000, |n| {
        let period = |at| format!(r#"{{"userId":1,"targetId":1,"periodId":{at},"value":5000}}"#);
        let (enrolments, payload) = (array(100, period), data(1, |_| target(1, "true", "")));
        (joined(n, "\n", |at| bill(at, 1)), format!("{payload}\n{enrolments}"))
    }),
    Shape::two(&BOOK, "bills of one customer in a period each", 20_000, |n| {
        // The latest period has the first id, so that each book comes before all others.
        let periods = array(n, |at| {
            let day = day(at);
            format!(r#"{{"id":{},"startDate":"{day}","endDate":"{day}"}}"#, n - at)
        });
        let group = data(1, |at| group(at, &periods, &target(1, "true", "")));
        let bills =
            joined(n, "\n", |at| bill(at, 1).replacen(&format!("2026-03-{:02}", at % 28 + 1), &day(at), 1));
        (bills, format!("{group}\n{}", enrolments(1, |_| (1, 1))))
    }),
    Shape::two(&STATE, "bills of one customer", 20_000, |n| (bills(n, 1), books(1))),
    Shape::two(&STATE, "bills of many customers", 20_000, |n| (bills(n, n), books(n))),
    Shape::two(&STATE, "bills and their returns", 10_000, |n| (returned(n), books(1))),
    Shape::two(&STATE, "returns that wait", 10_000, |n| (joined(n, "\n", |at| back(at, at, 1)), books(1))),
    Shape::two(&STANDING, "targets", 2_000, |n| {
        (bill(1, 1), format!("{}\n{}", payload(n), enrolments(n, |at| (1, at))))
    }),
    Shape::two(&STANDING, "one target with a long rule", 10_000, |n| {
        let rule = any(n, |at| format!("currentTxn.value=={at}"));
        (bill(1, 1), format!("{}\n[]", data(2, |at| target(at, &rule, ""))))
    }),
    // The expression over targets.
    Shape::one(&UNIFIED, "targets", 4_000, |n| joined(n, "&", |at| at.to_string())),
    Shape::one(&UNIFIED, "brackets", 4_000, |n| format!("{}1{}", again("(", n), again(")", n))),
    Shape::one(&UNIFIED, "`!` in front of `!`", 4_000, |n| format!("{}1", again("!", n))),
    Shape::one(&UNIFIED, "white space", 1_000_000, |n| format!("1{}&2", again(" ", n))),
    Shape::one(&UNIFIED, "digits", 1_000_000, |n| again("9", n)),
];

fn data(targets: usize, target: impl Fn(usize) -> String) -> String {
    format!("{{\"data\":{}}}", array(targets, target))
}

fn target(id: usize, rule: &str, filters: &str) -> String {
    format!(
        r#"{{"id":{id},"name":"Target {id}","active":true,"targetType":"SALES","targetEntity":"TRANSACTION","expression":{},"filters":[{filters}]}}"#,
        quoted(rule)
    )
}

/// A target of line items.
fn lines_of(id: usize) -> String {
    format!(
        r#"{{"id":{id},"name":"Items {id}","targetType":"QUANTITY","targetEntity":"LINEITEM","expression":"currentLineItem.qty>{id}-1"}}"#
    )
}

/// A target that adds up an extended field of line items.
fn field_of(id: usize, field: usize) -> String {
    format!(
        r#"{{"id":{id},"targetType":"EXTENDED_FIELD","targetEntity":"LINEITEM","extendedFieldInfo":{{"name":"f{field}","aggregateFunction":"SUM"}},"expression":"true"}}"#
    )
}

fn payload(targets: usize) -> String {
    data(targets, |at| target(at, &format!("currentTxn.value>{at}"), ""))
}

pub(super) fn group(id: usize, periods: &str, targets: &str) -> String {
    let periods = if periods.is_empty() { "[]" } else { periods };
    format!(r#"{{"id":{id},"name":"Group {id}","periods":{periods},"targets":[{targets}]}}"#)
}

/// Periods of two days each, one after the other.
fn periods(count: usize) -> String {
    array(count, |at| {
        format!(r#"{{"id":{at},"startDate":"{}","endDate":"{}"}}"#, day(at * 2), day(at * 2 + 1))
    })
}

pub(super) fn day(at: usize) -> String {
    let (year, day) = (1_000 + at / 336, at % 336);
    format!("{year}-{:02}-{:02}", day / 28 + 1, day % 28 + 1)
}

fn stores(ids: usize) -> String {
    format!(r#"{{"entityType":"STORE","entityIds":{}}}"#, array(ids, |at| (at + 1).to_string()))
}

fn enrolments(count: usize, of: impl Fn(usize) -> (usize, usize)) -> String {
    array(count, |at| {
        let (customer, target) = of(at);
        format!(r#"{{"userId":{customer},"targetId":{target},"value":5000}}"#)
    })
}

/// Ten targets, and customers who take part in one of them.
fn books(customers: usize) -> String {
    format!("{}\n{}", payload(10), enrolments(customers, |at| (at, at % 10)))
}

fn bills(count: usize, customers: usize) -> String {
    joined(count, "\n", |at| bill(at, at % customers))
}

pub(super) fn bill(number: usize, customer: usize) -> String {
    let (day, second) = (number % 28 + 1, number / 28 % 60);
    format!(
        r#"{{"currentCustomer":{{"id":{customer}}},"currentStore":{{"id":3}},"currentTxn":{{"number":"n-{number}","date":"2026-03-{day:02}T12:20:{second:02}Z","value":5}}}}"#
    )
}

/// A return of a bill.
fn back(number: usize, of: usize, customer: usize) -> String {
    format!(
        r#"{{"currentCustomer":{{"id":{customer}}},"currentTxn":{{"number":"r-{number}","date":"2026-04-07T12:20:20Z"}},"returnBill":{{"number":"n-{of}","value":1}}}}"#
    )
}

fn returned(count: usize) -> String {
    joined(count, "\n", |at| format!("{}\n{}", bill(at, 0), back(at, at, 0)))
}
