//! Every method of the standard schema can be asked: a call with arguments that
//! fit its parameters checks. The checker makes a call of its own kind of each
//! method, and would refuse the rule without a word if the schema gave one
//! other parameters than that kind takes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::schema::{Method, Parameter, Role, ValueType};
use target_rules::{Ast, Limits, Schema};

/// An argument that fits a parameter; those of one call ascend.
fn argument(parameter: Parameter<'_>, index: usize) -> String {
    let listed = parameter.values().next();
    let text = match parameter.role() {
        Role::Edges => "10,20",
        Role::QuotedNumber => "5",
        Role::DateText => "2024-01-31",
        Role::Time => "2024-01-31T10:30:00",
        Role::ItemAttribute => "brand",
        _ => match parameter.value_type() {
            ValueType::Boolean => return "true".to_owned(),
            ValueType::Number => {
                let least = parameter.minimum().unwrap_or(1) + i64::try_from(index).unwrap();
                return parameter.maximum().map_or(least, |most| least.min(most)).to_string();
            }
            ValueType::Date => "2024-01-31",
            _ => listed.unwrap_or("a"),
        },
    };
    format!("\"{text}\"")
}

/// The calls of a method: with every argument, and without those that are
/// optional.
fn calls(method: Method<'_>) -> Vec<String> {
    let arguments = |all: bool| {
        let parameters = method.parameters().filter(|parameter| all || !parameter.is_optional());
        let arguments = parameters.enumerate().map(|(index, parameter)| argument(parameter, index));
        arguments.collect::<Vec<_>>().join(",")
    };
    [true, false].map(|all| format!("{}({})", method.name(), arguments(all))).into()
}

/// A condition that asks something of a type.
fn condition(asked: &str, of: ValueType, listed: Option<&str>) -> String {
    match of {
        ValueType::Boolean => asked.to_owned(),
        ValueType::Number => format!("{asked}<5"),
        ValueType::Date => format!("{asked}.isWeekend()"),
        _ => format!("{asked}==\"{}\"", listed.unwrap_or("a")),
    }
}

/// Checks every call of a method; how many there are.
fn check(schema: &Schema, receiver: &str, method: Method<'_>) -> usize {
    let calls = calls(method);
    for call in &calls {
        let listed = method.values().next();
        let rule = condition(&format!("{receiver}.{call}"), method.returns(), listed);
        let checked = Ast::from_text(&rule, &Limits::default()).unwrap().check(schema, &Limits::default());
        assert!(checked.rule().is_some(), "{rule}: {:?}", checked.diagnostics().to_string());
    }
    calls.len()
}

#[test]
fn every_method_of_a_profile_checks() {
    let schema = Schema::standard();
    let methods = schema.profiles().flat_map(|profile| profile.methods().map(move |of| (profile, of)));
    let checked: usize = methods.map(|(profile, method)| check(&schema, profile.name(), method)).sum();
    assert!(checked > 60, "only {checked} calls are checked");
}

#[test]
fn every_method_of_a_value_checks() {
    let schema = Schema::standard();
    let mut checked = 0;
    for of in [ValueType::Boolean, ValueType::Number, ValueType::String, ValueType::Enum, ValueType::Date] {
        let mut attributes = schema.profiles().flat_map(|profile| {
            let attributes = profile.attributes().filter(|attribute| attribute.value_type() == of);
            attributes.map(move |attribute| format!("{}.{}", profile.name(), attribute.name()))
        });
        let Some(attribute) = attributes.next() else { panic!("no attribute is {}", of.name()) };
        checked += schema.value_methods(of).map(|method| check(&schema, &attribute, method)).sum::<usize>();
    }
    assert!(checked > 40, "only {checked} calls are checked");
}
