//! evalexpr: a tree of operators over a map of variables.

use ::evalexpr::{
    ContextWithMutableFunctions, ContextWithMutableVariables, DefaultNumericTypes, EvalexprResult, Function,
    HashMapContext, Node, Value, build_operator_tree,
};
use regex::Regex;

use crate::engine::{Engine, Ruled, one_by_one};
use crate::plain::Plain;
use target_rules_testing::workloads::condition::{Field, Holds, OURS, Spelling, dotted, listed};

const SPELLING: Spelling = Spelling {
    one_of: Some(|field, numbers| format!("contains(({}), {field})", listed(numbers, ","))),
    contains: Some(|field, text| format!("has({field}, \"{text}\")")),
    matches: Some(|field, _| format!("named({field})")),
    ..OURS
};

pub(crate) struct Evalexpr {
    /// It has neither question; the pattern is prepared once.
    has: Function<DefaultNumericTypes>,
    named: Function<DefaultNumericTypes>,
}

impl Evalexpr {
    #[inline]
    fn one(&mut self, rule: &Node, transaction: &mut HashMapContext) -> bool {
        rule.eval_boolean_with_context(transaction).unwrap()
    }
}

impl Engine for Evalexpr {
    type Rules = Vec<Node>;
    type Transaction = HashMapContext;

    const NAME: &'static str = "evalexpr 13.1";
    const NUMBERS: &'static str = "`f64`";

    fn new() -> Evalexpr {
        let names = Regex::new("^Jo.*n$").unwrap();
        let named = move |value: &Value| -> EvalexprResult<Value> {
            Ok(Value::Boolean(names.is_match(&value.as_string()?)))
        };
        let has = |value: &Value| -> EvalexprResult<Value> {
            let pair = value.as_fixed_len_tuple(2)?;
            Ok(Value::Boolean(pair[0].as_string()?.contains(&pair[1].as_string()?)))
        };
        Evalexpr { has: Function::new(has), named: Function::new(named) }
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        SPELLING.of(&rule.condition)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Vec<Node> {
        texts.iter().map(|text| build_operator_tree(text).unwrap()).collect()
    }

    fn read(&self, _: &Vec<Node>, line: &str) -> HashMapContext {
        let plain = Plain::read(line);
        let mut context = HashMapContext::new();
        context.set_function("has".into(), self.has.clone()).unwrap();
        context.set_function("named".into(), self.named.clone()).unwrap();
        for field in Field::ALL {
            let value = match field.holds() {
                Holds::Amount => Value::Float(plain.number(field) as f64 / 100.0),
                Holds::Count => Value::Int(plain.number(field)),
                Holds::Text => Value::String(plain.text(field).to_owned()),
            };
            context.set_value(dotted(field), value).unwrap();
        }
        context
    }

    one_by_one!();
}
