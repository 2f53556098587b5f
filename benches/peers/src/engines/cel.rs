//! cel: fields are bound under their dotted names, which its look-up tries first.

use std::sync::{Arc, LazyLock};

use ::cel::{Context, Env, Program, Value};
use regex::Regex;

use crate::engine::{Engine, Ruled, one_by_one};
use crate::plain::Plain;
use target_rules_testing::workloads::condition::{Field, Holds, OURS, Spelling, dotted, listed};

const SPELLING: Spelling = Spelling {
    one_of: Some(|field, numbers| format!("{field} in [{}]", listed(numbers, ","))),
    matches: Some(|field, _| format!("named({field})")),
    ..OURS
};

/// Its own `matches` prepares the pattern on every call; this one does it once.
fn named(name: Arc<String>) -> bool {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| Regex::new("^Jo.*n$").unwrap());
    NAMES.is_match(&name)
}

pub(crate) struct Cel {
    environment: Arc<Env>,
}

impl Cel {
    #[inline]
    fn one(&mut self, rule: &Program, transaction: &mut Context<'static, 'static>) -> bool {
        matches!(rule.execute(transaction).unwrap(), Value::Bool(true))
    }
}

impl Engine for Cel {
    type Rules = Vec<Program>;
    type Transaction = Context<'static, 'static>;

    const NAME: &'static str = "cel 0.15";
    const NUMBERS: &'static str = "`f64`";

    fn new() -> Cel {
        Cel { environment: Arc::new(Env::stdlib()) }
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        SPELLING.of(&rule.condition)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Vec<Program> {
        texts.iter().map(|text| self.environment.compile(text).unwrap()).collect()
    }

    fn read(&self, _: &Vec<Program>, line: &str) -> Self::Transaction {
        let plain = Plain::read(line);
        let mut context = Context::with_env(self.environment.clone());
        context.add_function("named", named).unwrap();
        for field in Field::ALL {
            let value = match field.holds() {
                Holds::Amount => Value::Float(plain.number(field) as f64 / 100.0),
                Holds::Count => Value::Int(plain.number(field)),
                Holds::Text => Value::String(Arc::new(plain.text(field).to_owned())),
            };
            context.add_variable_from_value(dotted(field), value);
        }
        context
    }

    one_by_one!();
}
