//! The conformance suite, run by the databases themselves.
//!
//! `TARGET_RULES_DUCKDB` names a Python that has the package `duckdb`, `TARGET_RULES_PSQL` a
//! PostgreSQL as a URL for `psql`, and `TARGET_RULES_SPARK` a Python that has `pyspark`, with a
//! Java; `.ci/sql` has all. With `TARGET_RULES_SPARK_COMPILED` Spark computes nothing while it
//! plans, but compiles each query, which takes longer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use target_rules::{Ast, Layout, Limits, Schema};
use target_rules_sql::Dialect;
use target_rules_testing::{generate, skipped};

use crate::cases::{self, Asked};
use crate::quoting;

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

/// The same with Spark, many statements as columns of one; where one of them fails, each by
/// itself. Their columns have names of their own.
const SPARK: &str = r#"
import json, logging, os, sys
from pyspark.sql import SparkSession
settings = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "America/New_York",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.showConsoleProgress": "false",
    # Each query is compiled once; to optimise it more takes longer than to run it.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}
if "TARGET_RULES_SPARK_COMPILED" in os.environ:
    rules = ["ConstantFolding", "ConvertToLocalRelation", "CollapseProject", "NullPropagation", "BooleanSimplification"]
    package = "org.apache.spark.sql.catalyst.optimizer."
    settings["spark.sql.optimizer.excludedRules"] = ",".join(package + rule for rule in rules)
builder = SparkSession.builder.master("local[2]").appName("rules as SQL")
for name, value in settings.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("OFF")
logging.disable(logging.CRITICAL)
MANY = 100
def asked(statements):
    told = ", ".join(f"({condition}) AS told{at}" for at, (condition, _) in enumerate(statements))
    values = ", ".join(values for _, values in statements)
    try:
        return list(spark.sql(f"SELECT {told} FROM (SELECT {values}) AS one_row").collect()[0])
    except Exception as error:
        if len(statements) == 1:
            return ["error: " + str(error)[:300]]
        half = len(statements) // 2
        return asked(statements[:half]) + asked(statements[half:])
def parts(query):
    condition, values = query.removeprefix("SELECT (").removesuffix(") AS one_row").split(") AS told FROM (SELECT ")
    return condition, values
statements = [parts(json.loads(line)) for line in sys.stdin]
for start in range(0, len(statements), MANY):
    for told in asked(statements[start:start + MANY]):
        print(json.dumps(told))
spark.stop()
"#;

/// What each query gives: `true`, `false`, `unknown`, or an error.
fn by_python(python: &str, program: &str, queries: &[String]) -> Vec<String> {
    let mut child = Command::new(python)
        .args(["-c", program])
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

/// A zone whose rules changed last, an instant of which the zone data of 2026 and of before
/// differ, and what it shows by the newer ones.
const CHANGED: (&str, &str, &str) = ("Africa/Casablanca", "2027-12-01 00:00+00", "2027-12-01");

/// How many rules with a document are made by chance.
const GENERATED: usize = 3_000;

fn run(dialect: Dialect, engine: impl Fn(&[String]) -> Vec<String>) {
    let (changed, instant, shown) = CHANGED;
    let question = match dialect {
        Dialect::Spark => format!(
            "SELECT (date_from_unix_date(CAST(floor(unix_millis(from_utc_timestamp(TIMESTAMP_LTZ '{instant}:00', \
             '{changed}')) / 86400000) AS INT)) = DATE '{shown}') AS told FROM (SELECT 1 AS one) AS one_row"
        ),
        _ => format!(
            "SELECT TIMESTAMPTZ '{instant}' AT TIME ZONE '{changed}' = TIMESTAMP '{shown}' AS told FROM (SELECT 1) AS one"
        ),
    };
    let is_new = engine(&[question]) == ["true"];
    if !is_new {
        skipped(&format!("dates of {changed} in {dialect}: its zone data is older than that of the suite"));
    }
    // What no document of the suite holds.
    let hostile = quoting::queries(dialect);
    let (mut expected, mut queries): (Vec<_>, Vec<_>) =
        hostile.into_iter().map(|query| (("hostile".to_owned(), "true".to_owned()), query)).unzip();
    let (mut refused, mut without) = (BTreeMap::new(), BTreeMap::new());
    for case in cases::all() {
        if !is_new && case.zone.as_deref() == Some(changed) {
            continue;
        }
        match case.ask(dialect) {
            Asked::Query(query) => {
                queries.push(query);
                expected.push((case.id, case.result.unwrap()));
            }
            Asked::Refused(codes) => *refused.entry(codes).or_insert(0) += 1,
            Asked::NoColumns(why) => *without.entry(why).or_insert(0) += 1,
        }
    }
    let suite = queries.len();
    let schema = Schema::standard();
    let mut runner = TestRunner::deterministic();
    for number in 0..GENERATED {
        let case = generate::cases().new_tree(&mut runner).unwrap().current();
        let limits = Limits::default();
        let text = case.rule.text();
        let checked = Ast::from_text(&text, &limits).and_then(|ast| ast.check(&schema, &limits).into_rule());
        let Ok(rule) = checked else { continue };
        let layout = Layout::of([&rule]);
        let transaction = layout.read(&case.transaction.to_string(), &limits).unwrap();
        let zone = generate::zone(case.zone);
        match cases::query(&rule, &layout, &transaction, &zone, dialect) {
            Asked::Query(query) => {
                let result = rule.decide(&transaction, &zone).result.to_string();
                queries.push(query);
                expected.push((format!("generated {number}: {text}\n    {}", case.transaction), result));
            }
            Asked::Refused(codes) => *refused.entry(codes).or_insert(0) += 1,
            Asked::NoColumns(why) => *without.entry(why).or_insert(0) += 1,
        }
    }
    println!(
        "{dialect}: {suite} of the suite and {} generated run; refused {refused:?}; no columns {without:?}",
        queries.len() - suite
    );
    let told = engine(&queries);
    assert_eq!(told.len(), queries.len(), "{:?}", told.last());
    let mut wrong = Vec::new();
    for ((told, query), (id, expected)) in told.iter().zip(&queries).zip(&expected) {
        if told != expected {
            wrong.push(format!("{id}: {told}, not {expected}\n    {query:.900}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(suite > 5_000 && queries.len() - suite > 300, "only {} queries", queries.len());
}

#[test]
fn duckdb_gives_what_the_suite_expects() {
    match std::env::var("TARGET_RULES_DUCKDB") {
        Ok(python) => run(Dialect::DuckDb, |queries| by_python(&python, DUCKDB, queries)),
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

#[test]
fn spark_gives_what_the_suite_expects() {
    match std::env::var("TARGET_RULES_SPARK") {
        Ok(python) => run(Dialect::Spark, |queries| by_python(&python, SPARK, queries)),
        Err(_) => skipped("rules in Spark: TARGET_RULES_SPARK names no Python that has it"),
    }
}
