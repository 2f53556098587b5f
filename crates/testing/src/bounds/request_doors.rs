//! Doors of the server, and shapes of what requests say. A body has as many
//! entries as a server lets it have where it is told nothing else.

use std::hint::black_box;

use target_rules_requests::{
    Credentials, DocumentKind, EnrolledTargetsQuery, Query, basic_credentials, enrolment, enrolments,
    entries, zones_of,
};

use super::door::{Budget, Door, Shape};
use super::parts::{again, array, joined};

/// How many entries a body may have.
const MOST: usize = 10_000;
/// Bytes of a body that has many.
const BODY: usize = 16 * 1024 * 1024;
/// Bytes of the line and the headers of a request.
const HEADERS: usize = 16 * 1024;

pub(super) static DOORS: &[&Door] =
    &[&ENTRIES, &LINES, &LIST, &CSV, &ENROLMENT, &QUERY, &CREDENTIALS, &USERS, &ZONES];

static ENTRIES: Door = Door {
    name: "the entries of a body",
    calls: &["entries"],
    size: "the body",
    budget: Budget::a_byte(64),
    prepare: |input| {
        Box::new(move || {
            for kind in [DocumentKind::Lines, DocumentKind::Json] {
                drop(black_box(entries(input.text.as_bytes(), kind, MOST, "transactions")));
            }
        })
    },
};

static LINES: Door = Door {
    name: "enrolments, one a line",
    calls: &["enrolments"],
    size: "the body",
    // A row that is refused takes more than it was, and there are so many of them at most.
    budget: Budget::a_byte(64).beside(8 * 1024 * 1024),
    prepare: |input| Box::new(move || read(&input.text, DocumentKind::Lines)),
};

static LIST: Door = Door {
    name: "enrolments, a JSON list",
    calls: LINES.calls,
    size: LINES.size,
    budget: LINES.budget,
    prepare: |input| Box::new(move || read(&input.text, DocumentKind::Json)),
};

static CSV: Door = Door {
    name: "enrolments, CSV",
    calls: LINES.calls,
    size: LINES.size,
    budget: LINES.budget,
    prepare: |input| Box::new(move || read(&input.text, DocumentKind::Csv)),
};

static ENROLMENT: Door = Door {
    name: "one enrolment",
    calls: &["enrolment"],
    size: "the body",
    budget: Budget::a_byte(64),
    prepare: |input| Box::new(move || drop(black_box(enrolment(input.text.as_bytes())))),
};

static QUERY: Door = Door {
    name: "a query of enrolled targets",
    calls: &["Query::read", "EnrolledTargetsQuery::of"],
    size: "the query",
    budget: Budget::a_byte(100),
    prepare: |input| Box::new(move || drop(black_box(EnrolledTargetsQuery::of(&Query::read(&input.text))))),
};

static CREDENTIALS: Door = Door {
    name: "a name and a password",
    calls: &["basic_credentials"],
    size: "the header",
    budget: Budget::a_byte(64),
    prepare: |input| Box::new(move || drop(black_box(basic_credentials(&input.text)))),
};

static USERS: Door = Door {
    name: "a file of users",
    calls: &["Credentials::of"],
    size: "the file",
    budget: Budget::a_byte(64),
    prepare: |input| Box::new(move || drop(black_box(Credentials::of(input.text.as_bytes())))),
};

static ZONES: Door = Door {
    name: "time zones of organisations",
    calls: &["zones_of"],
    size: "the texts",
    budget: Budget::a_byte(64),
    prepare: |input| Box::new(move || drop(black_box(zones_of(input.text.split(','))))),
};

fn read(text: &str, kind: DocumentKind) {
    drop(black_box(enrolments(text.as_bytes(), kind, MOST)));
}

const HEADER: &str = "userId,targetId\n";

pub(super) static SHAPES: &[Shape] = &[
    Shape::one(&ENTRIES, "lines", MOST, |n| again("{}\n", n)),
    Shape::one(&ENTRIES, "empty lines", BODY, |n| again("\n", n)),
    Shape::one(&ENTRIES, "a list", MOST, |n| array(n, |_| "{}".to_owned())),
    Shape::one(&ENTRIES, "a list of more than there may be", BODY / 2, |n| array(n, |_| "0".to_owned())),
    Shape::one(&ENTRIES, "open brackets", BODY, |n| again("[", n)),
    Shape::one(&ENTRIES, "an entry of escapes", BODY / 6, |n| format!("[\"{}\"]", again("\\u0041", n))),
    Shape::one(&LINES, "enrolments", MOST, |n| joined(n, "\n", object)),
    Shape::one(&LINES, "values that are none", MOST, |n| joined(n, "\n", |_| "{\"targetId\":[]}".to_owned())),
    Shape::one(&LINES, "letters", MOST, |n| again("x\n", n)),
    Shape::one(&LINES, "a long line", BODY, |n| again("x", n)),
    Shape::one(&LIST, "enrolments", MOST, |n| array(n, object)),
    Shape::one(&LIST, "keys that are none", MOST, |n| array(n, |_| "{\"a\":1}".to_owned())),
    Shape::one(&CSV, "enrolments", MOST, |n| format!("{HEADER}{}", again("19721,101\n", n))),
    Shape::one(&CSV, "values that are none", MOST, |n| format!("{HEADER}{}", again("a,\n", n))),
    Shape::one(&CSV, "rows of one value", MOST, |n| format!("{HEADER}{}", again("1\n", n))),
    Shape::one(&CSV, "empty lines", BODY, |n| format!("{HEADER}{}", again("\n", n))),
    Shape::one(&CSV, "empty lines between rows", MOST, |n| format!("{HEADER}{}", again("\n\n\n\n1,2\n", n))),
    Shape::one(&CSV, "a long name of a column", BODY, |n| again("x", n)),
    Shape::one(&CSV, "quotes", BODY / 2, |n| format!("{HEADER}{}", again("\"\"", n))),
    Shape::one(&ENROLMENT, "open brackets", 1024 * 1024, |n| format!("{{\"value\":{}", again("[", n))),
    Shape::one(&ENROLMENT, "a long key", 1024 * 1024, |n| format!("{{\"{}\":1}}", again("x", n))),
    Shape::one(&ENROLMENT, "a long number", 1024 * 1024, |n| {
        format!("{{\"targetId\":1,\"value\":{}}}", again("9", n))
    }),
    Shape::one(&ENROLMENT, "a text of escapes", 1024 * 1024 / 6, |n| {
        format!("{{\"targetId\":1,\"enrolledOn\":\"{}\"}}", again("\\u0041", n))
    }),
    Shape::one(&QUERY, "ids", HEADERS / 6, |n| {
        format!("targetRuleIds={}", joined(n, ",", |at| (10_000 + at).to_string()))
    }),
    Shape::one(&QUERY, "parameters", HEADERS / 2, |n| again("a&", n)),
    Shape::one(&QUERY, "bytes by their numbers", HEADERS / 3, |n| {
        format!("trackingDate={}", again("%ff", n))
    }),
    Shape::one(&CREDENTIALS, "letters", HEADERS, |n| format!("Basic {}", again("OjA6", n / 4))),
    Shape::one(&USERS, "users", Credentials::LARGEST / 200, |n| format!("{{\"users\":{}}}", array(n, user))),
    Shape::one(&USERS, "users whose hash is none", Credentials::LARGEST / 200, |n| {
        format!("{{\"users\":{}}}", array(n, |at| user(at).replace('$', "")))
    }),
    Shape::one(&USERS, "open brackets", Credentials::LARGEST, |n| again("[", n)),
    Shape::one(&USERS, "a long name", Credentials::LARGEST / 2, |n| {
        format!("{{\"users\":[{}]}}", user(0).replace("user-0", &again("x", n)))
    }),
    Shape::one(&ZONES, "zones", HEADERS, |n| joined(n, ",", |at| format!("shop-{at}=Asia/Kolkata"))),
    Shape::one(&ZONES, "a long name", HEADERS, |n| again("x", n)),
    Shape::one(&ZONES, "a long zone", HEADERS, |n| format!("shop={}", again("x", n))),
];

fn user(at: usize) -> String {
    format!(
        "{{\"name\":\"user-{at}\",\"organisation\":\"shop\",\"role\":\"read\",\"password\":\
         \"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY$1mJ7mK4mFKzVq0YyC4X9v0l3b2z1n8s7q6p5o4r3t2E\"}}"
    )
}

fn object(at: usize) -> String {
    format!("{{\"userId\":{},\"targetId\":101,\"value\":12.5,\"enrolledOn\":\"2026-03-07\"}}", at + 1)
}
