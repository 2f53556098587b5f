//! The format of mapping files is fresh, and the ready-made ones are mappings.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use target_rules::{Limits, Schema};

use crate::{Mapping, ReadyMade};

#[test]
fn the_format_of_mapping_files_is_fresh() {
    let generated = format!("{}\n", serde_json::to_string_pretty(&format()).unwrap());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/format.json");
        std::fs::write(path, &generated).unwrap();
    } else {
        let how = "`UPDATE_SCHEMA=1 cargo test -p target-rules-mapping --lib` makes format.json anew";
        assert!(Mapping::FORMAT == generated, "{how}");
    }
}

/// The JSON Schema of mapping files: what schemars derives from the model, plus
/// what the reader takes and requires beyond types.
fn format() -> Value {
    let mut format = schemars::schema_for!(Mapping).to_value();
    format["title"] = json!("Mapping of target-rules");
    format["description"] = json!("Where documents of another shape have the values of a transaction.");
    format["properties"]["$schema"] = json!({"type": "string", "description": "Where an editor finds this format; nothing else looks at it."});
    for definition in ["Profile", "Fields", "ProfileList"] {
        let all = &mut format["$defs"][definition]["properties"]["*"];
        let description = all["description"].clone();
        let one = all["items"].clone();
        let several = json!({"type": "array", "items": one});
        *all = json!({"description": description, "anyOf": [one, several]});
    }
    let question = |key: &str| json!({"required": [key]});
    let questions = ["equals", "oneOf", "notOneOf", "there"].map(question);
    format["$defs"]["Condition"]["oneOf"] = json!(questions);
    format["$defs"]["Detailed"]["oneOf"] = json!(["at", "constant"].map(question));
    without_null(format)
}

/// Removes `null` where only programs use it for a missing key.
fn without_null(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        if let Some(kinds) = object.get_mut("type").and_then(Value::as_array_mut) {
            kinds.retain(|kind| kind != "null");
            object["type"] = object["type"][0].clone();
        }
        for (key, inner) in object.iter_mut() {
            // What a text stands for may be nothing.
            if key != "additionalProperties" {
                *inner = without_null(inner.take());
            }
        }
        if let Some(choices) = object.get("anyOf").and_then(Value::as_array)
            && let [only, null] = choices.as_slice()
            && *null == json!({"type": "null"})
        {
            let only = only.clone();
            object.remove("anyOf");
            object.extend(only.as_object().cloned().unwrap_or_default());
        }
    }
    if let Some(entries) = value.as_array_mut() {
        entries.iter_mut().for_each(|entry| *entry = without_null(entry.take()));
    }
    value
}

#[test]
fn ready_made_mappings_are_mappings() {
    for ready in ReadyMade::ALL {
        let read = Mapping::read(ready.file, &Schema::standard(), &Limits::default());
        let mapping = read.unwrap_or_else(|faults| panic!("{}: {faults}", ready.name));
        assert!(!mapping.about.is_empty());
        // What a mapping writes of itself is the same mapping.
        let written = serde_json::to_string(&mapping).unwrap();
        assert_eq!(
            Mapping::read(written.as_str(), &Schema::standard(), &Limits::default()).unwrap(),
            mapping
        );
        assert_eq!(Mapping::ready_made(ready.name), Some(mapping));
    }
}
