//! The conformance suite, run by the databases themselves.
//!
//! `TARGET_RULES_DUCKDB` names a Python that has the package `duckdb`, and
//! `TARGET_RULES_PSQL` a PostgreSQL as a URL for `psql`; `.ci/sql` has both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use target_rules_sql::Dialect;
use target_rules_testing::skipped;

use crate::cases::{self, Asked};

/// Reads statements from standard input, one JSON string a line, and writes what each gives.
const DUCKDB: &str = r#"
import duckdb, json, sys
c = duckdb.connect()
c.execute("SET TimeZone = 'America/New_York'; SET default_collation = 'nocase'")
for line in sys.stdin:
    try:
        rows = c.execute(json.loads(line)).fetchall()
        print(json.dumps(rows[0][0] if len(rows) == 1 else "rows"))
    except Exception as error:
        print(json.dumps("error: " + str(error)[:300]))
"#;

/// What each query gives: `true`, `false`, `unknown`, or an error.
fn by_duckdb(python: &str, queries: &[String]) -> Vec<String> {
    let mut child = Command::new(python)
        .args(["-c", DUCKDB])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{python}: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let lines: String =
        queries.iter().fold(String::new(), |all, query| all + &serde_json::to_string(query).unwrap() + "\n");
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    told.lines().map(|line| line.replace("null", "unknown")).collect()
}

fn by_postgres(url: &str, queries: &[String]) -> Vec<String> {
    let mut script = "SET TimeZone = 'America/New_York';\n".to_owned();
    for query in queries {
        // A failed statement leaves `error` in place.
        writeln!(script, "\\set told error\n{query} \\gset\n\\echo :told").unwrap();
    }
    let mut child = Command::new("psql")
        .args([url, "--no-psqlrc", "--quiet", "--pset=null=unknown"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(script.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let truth = |line: &str| match line {
        "t" => "true".to_owned(),
        "f" => "false".to_owned(),
        // An unset variable is told as it is written.
        ":told" => "unknown".to_owned(),
        other => other.to_owned(),
    };
    told.lines().map(truth).collect()
}

fn run(dialect: Dialect, engine: impl Fn(&[String]) -> Vec<String>) {
    let mut queries = Vec::new();
    let mut expected = Vec::new();
    let (mut refused, mut without) = (BTreeMap::new(), BTreeMap::new());
    for case in cases::all() {
        match case.ask(dialect) {
            Asked::Query(query) => {
                queries.push(query);
                expected.push((case.id, case.result.unwrap()));
            }
            Asked::Refused(codes) => *refused.entry(codes).or_insert(0) += 1,
            Asked::NoColumns(why) => *without.entry(why).or_insert(0) += 1,
        }
    }
    println!("{dialect}: {} run; refused {refused:?}; no columns {without:?}", queries.len());
    let told = engine(&queries);
    assert_eq!(told.len(), queries.len(), "{:?}", told.last());
    let mut wrong = Vec::new();
    for ((told, query), (id, expected)) in told.iter().zip(&queries).zip(&expected) {
        if told != expected {
            wrong.push(format!("{id}: {told}, not {expected}\n    {query:.600}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(queries.len() > 4_000, "only {} queries", queries.len());
}

#[test]
fn duckdb_gives_what_the_suite_expects() {
    match std::env::var("TARGET_RULES_DUCKDB") {
        Ok(python) => run(Dialect::DuckDb, |queries| by_duckdb(&python, queries)),
        Err(_) => skipped("rules in DuckDB: TARGET_RULES_DUCKDB names no Python that has it"),
    }
}

#[test]
fn postgres_gives_what_the_suite_expects() {
    match std::env::var("TARGET_RULES_PSQL") {
        Ok(url) => run(Dialect::Postgres, |queries| by_postgres(&url, queries)),
        Err(_) => skipped("rules in PostgreSQL: TARGET_RULES_PSQL names none"),
    }
}
