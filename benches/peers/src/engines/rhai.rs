//! rhai: a script engine, set up for expressions, with every check off.

use ::rhai::packages::{BasicArrayPackage, LogicPackage, MoreStringPackage, Package};
use ::rhai::{AST, Dynamic, Engine as Scripts, ImmutableString, Map, OptimizationLevel, Scope};
use regex::Regex;
use serde_json::Value;

use crate::engine::{Engine, Ruled, one_by_one};
use crate::plain::is_amount;
use target_rules_testing::workloads::condition::{OURS, Spelling, listed};

const SPELLING: Spelling = Spelling {
    one_of: Some(|field, numbers| format!("{field} in [{}]", listed(numbers, ","))),
    matches: Some(|field, _| format!("named({field})")),
    ..OURS
};

pub(crate) struct Rhai {
    engine: Scripts,
}

impl Rhai {
    #[inline]
    fn one(&mut self, rule: &AST, transaction: &mut Scope<'static>) -> bool {
        self.engine.eval_ast_with_scope::<bool>(transaction, rule).unwrap()
    }
}

fn dynamic(key: &str, value: Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(value) => value.into(),
        Value::String(text) => text.into(),
        Value::Number(number) => match number.as_i64().filter(|_| !is_amount(key)) {
            Some(integer) => integer.into(),
            None => number.as_f64().unwrap().into(),
        },
        Value::Array(values) => values.into_iter().map(|value| dynamic("", value)).collect::<Vec<_>>().into(),
        Value::Object(entries) => {
            let entry = |(key, value): (String, Value)| (key.as_str().into(), dynamic(&key, value));
            entries.into_iter().map(entry).collect::<Map>().into()
        }
    }
}

impl Engine for Rhai {
    type Rules = Vec<AST>;
    type Transaction = Scope<'static>;

    const NAME: &'static str = "rhai 1.27";
    const NUMBERS: &'static str = "`f64`";

    fn new() -> Rhai {
        let mut engine = Scripts::new_raw();
        engine.set_optimization_level(OptimizationLevel::Full);
        engine.set_fast_operators(true);
        LogicPackage::new().register_into_engine(&mut engine);
        BasicArrayPackage::new().register_into_engine(&mut engine);
        MoreStringPackage::new().register_into_engine(&mut engine);
        // It has no patterns; this one is prepared once.
        let names = Regex::new("^Jo.*n$").unwrap();
        engine.register_fn("named", move |name: ImmutableString| names.is_match(&name));
        Rhai { engine }
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        SPELLING.of(&rule.condition)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Vec<AST> {
        texts.iter().map(|text| self.engine.compile_expression(text).unwrap()).collect()
    }

    fn read(&self, _: &Vec<AST>, line: &str) -> Scope<'static> {
        let Value::Object(document) = serde_json::from_str(line).unwrap() else { unreachable!("a document") };
        let mut scope = Scope::new();
        for (profile, value) in document {
            scope.push_dynamic(profile.as_str(), dynamic("", value));
        }
        scope
    }

    one_by_one!();
}
