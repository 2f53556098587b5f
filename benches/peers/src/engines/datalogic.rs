//! datalogic-rs: JSONLogic, so rules are trees of JSON.

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::operator::EvalContext;
use datalogic_rs::{CustomOperator, DataValue, Engine as Interpreter, Logic, ParsedData};
use regex::Regex;
use serde_json::{Value, json};

use crate::engine::{Engine, Ruled, one_by_one};
use target_rules_testing::workloads::condition::{Condition, Field, Holds, dotted};

/// It has no patterns; this one is prepared once.
struct Named(Regex);

impl CustomOperator for Named {
    fn evaluate<'a>(
        &self,
        arguments: &[&'a DataValue<'a>],
        _: &mut EvalContext<'_, 'a>,
        arena: &'a Bump,
    ) -> datalogic_rs::Result<&'a DataValue<'a>> {
        let holds = arguments[0].as_str().is_some_and(|name| self.0.is_match(name));
        Ok(arena.alloc(DataValue::Bool(holds)))
    }
}

pub(crate) struct Datalogic {
    interpreter: Interpreter,
    arena: Bump,
}

impl Datalogic {
    #[inline]
    fn one(&mut self, rule: &Logic, transaction: &mut ParsedData) -> bool {
        self.arena.reset();
        self.interpreter.evaluate(rule, &*transaction, &self.arena).unwrap().as_bool() == Some(true)
    }
}

fn variable(field: Field) -> Value {
    json!({"var": dotted(field)})
}

fn logic(condition: &Condition) -> Value {
    let all = |parts: &[Condition]| parts.iter().map(logic).collect::<Vec<_>>();
    let compared = |operator: &str, field: Field, number: i64| {
        let number =
            if field.holds() == Holds::Amount { json!(number as f64 / 100.0) } else { json!(number) };
        json!({operator: [variable(field), number]})
    };
    match condition {
        Condition::All(parts) => json!({"and": all(parts)}),
        Condition::Any(parts) => json!({"or": all(parts)}),
        Condition::Above(field, number) => compared(">", *field, *number),
        Condition::AtLeast(field, number) => compared(">=", *field, *number),
        Condition::AtMost(field, number) => compared("<=", *field, *number),
        Condition::Below(field, number) => compared("<", *field, *number),
        Condition::Equals(field, number) => compared("==", *field, *number),
        Condition::Is(field, text) => json!({"===": [variable(*field), text]}),
        Condition::OneOf(field, numbers) => json!({"in": [variable(*field), numbers]}),
        Condition::Contains(field, text) => json!({"in": [text, variable(*field)]}),
        Condition::Matches(field, _) => json!({"named": [variable(*field)]}),
        Condition::DiscountWithin(percent) => {
            let (value, discount) = (variable(Field::Value), variable(Field::Discount));
            json!({"<=": [discount, {"/": [{"*": [{"+": [value, discount]}, percent]}, 100]}]})
        }
    }
}

impl Engine for Datalogic {
    type Rules = Vec<Logic>;
    type Transaction = ParsedData;

    const NAME: &'static str = "datalogic-rs 5.4";
    const NUMBERS: &'static str = "`i64` and `f64`";

    fn new() -> Datalogic {
        let named = Named(Regex::new("^Jo.*n$").unwrap());
        let interpreter = Interpreter::builder().add_operator("named", named).build();
        Datalogic { interpreter, arena: Bump::with_capacity(1 << 16) }
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        Some(logic(&rule.condition).to_string())
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Vec<Logic> {
        texts.iter().map(|text| self.interpreter.compile(text).unwrap()).collect()
    }

    fn read(&self, _: &Vec<Logic>, line: &str) -> ParsedData {
        ParsedData::from_json(line).unwrap()
    }

    one_by_one!();
}
