//! Files that are generated from the schema are checked in, and these tests
//! compare them: `UPDATE_SCHEMA=1 cargo test --lib schema` writes them again.

use serde_json::{Value, json};

use super::model::{Attribute, Fields, KnownValues, Method, Param, Profile, TypeName};
use super::{Author, Definitions, Schema, merged};
use crate::limits::Limits;

#[test]
fn the_embedded_schema_reads_and_its_own_output_adds_nothing() {
    let ours = |text| {
        let read = merged(text, Author::Ours, Definitions::default(), &Limits::default());
        Schema::of(read.unwrap())
    };
    let standard = ours(include_str!("standard.json"));
    assert_eq!(Schema::standard(), standard);
    let written = serde_json::to_string(&standard).unwrap();
    assert_eq!(standard.with(&written, &Limits::default()).unwrap(), standard);
    for profile in standard.definitions.profiles.keys() {
        let part = serde_json::to_string(&standard.only(profile).unwrap()).unwrap();
        assert_eq!(standard.with(&part, &Limits::default()).unwrap(), standard, "{profile}");
    }
    assert_eq!(ours(&written), standard, "something is read and not written");
}

#[test]
fn names_of_one_profile_have_the_same_members() {
    let standard = Schema::standard();
    let mut aliases = 0;
    let profiles = &standard.definitions.profiles;
    for profile in profiles.values() {
        let Some(other) = profile.alias_of.as_ref().map(|name| &profiles[name]) else { continue };
        aliases += 1;
        assert_eq!((&profile.attributes, &profile.methods), (&other.attributes, &other.methods));
    }
    assert_eq!(aliases, 1);
}

#[test]
fn every_entry_says_what_it_means_in_one_line_and_only_numbers_have_units() {
    let one_line = |meaning: &str| {
        let first = meaning.chars().next().unwrap_or_default();
        let named = first.is_uppercase() || meaning.starts_with("lifetimePurchase ");
        let clean = !meaning.contains(['\n', '\t', '(', '/']) && !meaning.contains("guess");
        named && clean && meaning.ends_with('.') && meaning.len() < 140
    };
    let standard = Schema::standard();
    let standard = standard.definitions();
    for (name, profile) in &standard.profiles {
        assert!(one_line(&profile.meaning), "{name}: {}", profile.meaning);
        for (own, attribute) in &profile.attributes {
            assert!(one_line(&attribute.meaning), "{name}.{own}: {}", attribute.meaning);
            assert!(attribute.unit.is_empty() || attribute.type_name == TypeName::Number, "{name}.{own}");
        }
    }
    let methods = standard.profiles.values().map(|profile| &profile.methods).chain(standard.values.values());
    for (name, method) in methods.flatten() {
        assert!(one_line(&method.meaning), "{name}: {}", method.meaning);
        assert!(method.unit.is_empty() || method.returns == TypeName::Number, "{name}");
    }
}

/// Compares a checked-in file with what is generated now.
fn is_fresh(file: &str, checked_in: &str, generated: &str) {
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema").join(file);
        std::fs::write(path, generated).unwrap();
    } else {
        assert!(checked_in == generated, "`UPDATE_SCHEMA=1 cargo test --lib schema` makes {file} anew");
    }
}

#[test]
fn the_page_of_names_is_fresh() {
    is_fresh("names.md", include_str!("names.md"), &Schema::standard().page());
}

#[test]
fn the_format_of_schema_files_is_fresh() {
    let generated = serde_json::to_string_pretty(&format()).unwrap();
    is_fresh("format.json", Schema::FORMAT, &format!("{generated}\n"));
}

/// The JSON Schema of schema files: what schemars derives from the model, plus
/// what the reader requires beyond types.
fn format() -> Value {
    let mut format = schemars::schema_for!(Definitions).to_value();
    format["title"] = json!("Schema file of target-rules");
    format["description"] =
        json!("What an organisation adds to the names that rules may use, each by its name.");
    format["properties"]["$schema"] = json!({"type": "string", "description": "Where an editor finds this format; nothing else looks at it."});
    let name = json!({"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"});
    format["properties"]["profiles"]["propertyNames"] = name.clone();
    let definitions = &mut format["$defs"];
    for map in ["attributes", "methods"] {
        definitions["Profile"]["properties"][map]["propertyNames"] = name.clone();
    }
    definitions["Param"]["properties"]["name"]["pattern"] = name["pattern"].clone();
    // An enum is defined by its values; a string may have some, and others too.
    let of_type = |key: &str, name: &str| json!({"properties": {key: {"const": name}}, "required": [key]});
    for (definition, key) in [("Attribute", "type"), ("Method", "returns"), ("Param", "type")] {
        let mut rules = vec![json!({
            "if": of_type(key, "enum"),
            "then": {"required": ["values"], "properties": {"values": {"minItems": 1}, "open": {"const": false}}},
        })];
        if definition != "Param" {
            let mut with_values = of_type(key, "string");
            with_values["required"] = json!([key, "values"]);
            with_values["properties"]["values"] = json!({"minItems": 1});
            rules.push(json!({
                "if": with_values,
                "then": {"required": ["open"], "properties": {"open": {"const": true}}},
            }));
        }
        definitions[definition]["allOf"] = json!(rules);
    }
    tidied(format)
}

/// Removes `null`, which only programs use for a missing key, and line breaks
/// in descriptions.
fn tidied(mut value: Value) -> Value {
    let null = json!({"type": "null"});
    if let Some(object) = value.as_object_mut() {
        if let Some(kinds) = object.get_mut("type").and_then(Value::as_array_mut) {
            kinds.retain(|kind| kind != "null");
            object["type"] = object["type"][0].clone();
        }
        if let Some(choices) = object.get_mut("anyOf").and_then(Value::as_array_mut) {
            choices.retain(|choice| *choice != null);
        }
        if let Some(Value::String(description)) = object.get_mut("description") {
            *description = description.replace('\n', " ");
        }
        object.values_mut().for_each(|inner| *inner = tidied(inner.take()));
    } else if let Some(entries) = value.as_array_mut() {
        entries.iter_mut().for_each(|inner| *inner = tidied(inner.take()));
    }
    value
}

/// The reader's lists of keys must be those of the model.
#[test]
fn the_reader_and_the_format_know_the_same_keys() {
    let format = format();
    let keys_of = |object: &Value| {
        let mut keys: Vec<String> = object["properties"].as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    let of_reader = |keys: &[&str]| {
        let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys_of(&format), of_reader(Definitions::KEYS));
    for (definition, keys) in [
        ("Profile", Profile::KEYS),
        ("Fields", Fields::KEYS),
        ("Attribute", Attribute::KEYS),
        ("Values", KnownValues::KEYS),
        ("Method", Method::KEYS),
        ("Param", Param::KEYS),
    ] {
        let object = &format["$defs"][definition];
        assert_eq!(keys_of(object), of_reader(keys), "{definition}");
        assert_eq!(object["additionalProperties"], false, "{definition}");
    }
    let types = format["$defs"]["TypeName"].to_string();
    for type_name in TypeName::ALL {
        assert!(types.contains(&format!("\"{}\"", type_name.name())), "{types}");
    }
}

/// Half a star may be given: only of units that are known it is known how many digits a
/// number has.
#[test]
fn numbers_of_unknown_units_may_have_any_digits() {
    let digits = |unit: &str| {
        let number = json!({"type": "number", "unit": unit});
        let file = json!({"profiles": {"currentTxn": {"attributes": {"extField_a": number}}}});
        let schema = Schema::standard().with(&file.to_string(), &Limits::default()).unwrap();
        schema.profile("currentTxn").unwrap().attribute("extField_a").unwrap().scale()
    };
    assert_eq!(
        ["stars", "kg", "percent", "points", "currency", "visits"].map(digits),
        [None, None, None, None, Some(2), Some(0)]
    );
}

/// Every unit of the standard schema is one of those that are known.
#[test]
fn units_of_the_standard_schema_are_known() {
    let standard = Schema::standard();
    for profile in standard.profiles() {
        let unit = |attribute: &super::Attribute<'_>| attribute.unit().map(str::to_owned);
        for attribute in profile.attributes() {
            let is_open = matches!(unit(&attribute).as_deref(), None | Some("points" | "percent"));
            assert_eq!(attribute.scale().is_none(), is_open, "{}", attribute.name());
        }
    }
}
