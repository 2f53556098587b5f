//! Rules and their SQL, byte for byte: `golden.json`. With `BLESS` in the environment it is
//! written anew.

use std::path::Path;

use serde::{Deserialize, Serialize};
use target_rules::{Ast, Limits, Schema};
use target_rules_sql::{Columns, Dialect, Digits, Naming, Options, to_sql};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    naming: Option<String>,
    /// All digits of number columns, and those behind the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digits: Option<(u32, u32)>,
    duckdb: Vec<String>,
    postgres: Vec<String>,
    #[serde(default)]
    spark: Vec<String>,
}

impl Golden {
    /// The condition, or what is refused.
    fn told(&self, dialect: Dialect) -> Vec<String> {
        let limits = Limits::default();
        let checked = Ast::from_text(&self.rule, &limits)
            .and_then(|ast| ast.check(&Schema::standard(), &limits).into_rule());
        let rule = checked.unwrap_or_else(|wrong| panic!("{}: {wrong}", self.rule));
        let mut options = Options::new(dialect);
        options.zone = self.zone.as_deref().unwrap_or("UTC").parse().unwrap();
        let naming = match self.naming.as_deref() {
            None => Naming::Dotted,
            Some("steps") => Naming::Steps,
            Some("listed") => Naming::Listed,
            Some(other) => panic!("no naming is called {other}"),
        };
        options.columns = Columns::default().naming(naming).column("currentTxn.value", ["bill", "gross"]);
        if let Some((all, fraction)) = self.digits {
            options.columns = options.columns.other_digits(Digits::new(all, fraction).unwrap());
        }
        match to_sql(&rule, &options) {
            Ok(sql) => vec![sql.condition],
            Err(refusals) => refusals.iter().map(ToString::to_string).collect(),
        }
    }
}

#[test]
fn rules_have_the_sql_that_is_kept() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden.json");
    let mut all: Vec<Golden> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert!(all.len() > 25);
    if std::env::var_os("BLESS").is_some() {
        for golden in &mut all {
            (golden.duckdb, golden.postgres) = (golden.told(Dialect::DuckDb), golden.told(Dialect::Postgres));
            golden.spark = golden.told(Dialect::Spark);
        }
        let text = serde_json::to_string_pretty(&all).unwrap();
        return std::fs::write(&path, text + "\n").unwrap();
    }
    for golden in &all {
        assert_eq!(golden.told(Dialect::DuckDb), golden.duckdb, "{}", golden.rule);
        assert_eq!(golden.told(Dialect::Postgres), golden.postgres, "{}", golden.rule);
        assert_eq!(golden.told(Dialect::Spark), golden.spark, "{}", golden.rule);
    }
}
