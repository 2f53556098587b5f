//! Promises of schema files.

use target_rules::diagnostic::{Form, Source};
use target_rules::{Ast, Checked, Layout, Limits, Schema};

use super::decisions::decides;
use super::inputs::text_of;
use super::refusals::is_a_refusal;

/// A schema file is read or refused for a reason. What it makes of the standard
/// schema is all that is written of it, and rules can name what it adds; what
/// was known keeps its type.
pub fn schema_in(data: &[u8]) {
    let file = text_of(data);
    let limits = Limits::default();
    let standard = Schema::standard();
    let schema = match standard.with(file, &limits) {
        Ok(schema) => schema,
        Err(refused) => return is_a_refusal(&refused, &[Source::new(Form::Payload, file)]),
    };
    let written = serde_json::to_string(&schema).unwrap_or_default();
    for base in [&standard, &schema] {
        match base.with(&written, &limits) {
            Ok(again) => assert!(again == schema, "what is written is another schema: {file}"),
            Err(refused) => panic!("what is written is refused: {refused}: {file}"),
        }
    }
    assert!(schema.with(file, &limits).as_ref() == Ok(&schema), "a second time adds something: {file}");
    let table = schema.to_string();
    assert!(table.lines().all(|line| !line.contains(char::is_control)), "no row a line: {file}");
    let accepted = |rule: &str| {
        let ast = Ast::from_text(rule, &limits);
        let checked = ast.map(|ast| ast.check(&schema, &limits)).and_then(Checked::into_rule);
        checked.unwrap_or_else(|refused| panic!("{rule} is refused: {refused}: {file}"))
    };
    accepted("currentTxn.value>500&&currentCustomer.isLoyal&&currentTxn.date.isWeekend()");
    let written: serde_json::Value = serde_json::from_str(&written).unwrap_or_default();
    let members = |value: Option<&serde_json::Value>| value.and_then(|value| value.as_object()).cloned();
    for (profile, entry) in members(written.get("profiles")).into_iter().flatten() {
        let attributes = members(entry.get("attributes")).into_iter().flatten();
        for (attribute, _) in attributes.filter(|(name, _)| file.contains(name.as_str())).take(20) {
            let rule = accepted(&format!("{profile}.{attribute}.isNull()"));
            let layout = Layout::of([&rule]);
            if let Ok(transaction) = layout.read("{}", &limits) {
                decides(&rule, &transaction);
            }
        }
    }
}
