//! The JSON Schemas of the report, which are checked in.

use super::model::{Comparison, Report};

/// Holds a file to what it should be; `UPDATE_GOLDEN=1` writes it.
#[test]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
fn the_schemas_are_fresh() {
    let schemas =
        [("report", schemars::schema_for!(Report)), ("comparison", schemars::schema_for!(Comparison))];
    for (name, schema) in schemas {
        let path = format!("{}/src/report/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let expected = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{path} is stale; write it with UPDATE_GOLDEN=1");
    }
}
