//! zen-expression: exact decimals on a stack machine, which is used again.

use zen_expression::expression::Standard;
use zen_expression::vm::VM;
use zen_expression::{Expression, Scope, Variable, compile_expression};

use crate::engine::{Engine, Ruled, one_by_one};
use target_rules_testing::workloads::condition::{OURS, Spelling, listed};

const SPELLING: Spelling = Spelling {
    and: "and",
    or: "or",
    one_of: Some(|field, numbers| format!("{field} in [{}]", listed(numbers, ","))),
    contains: Some(|field, text| format!("contains({field}, \"{text}\")")),
    matches: Some(|field, pattern| format!("matches({field}, \"{pattern}\")")),
    ..OURS
};

pub(crate) struct Zen {
    machine: VM,
}

impl Zen {
    #[inline]
    fn one(&mut self, rule: &Expression<Standard>, transaction: &mut Scope) -> bool {
        let result = rule.evaluate_with_scope(transaction, &mut self.machine).unwrap();
        matches!(result, Variable::Bool(true))
    }
}

impl Engine for Zen {
    type Rules = Vec<Expression<Standard>>;
    type Transaction = Scope;

    const NAME: &'static str = "zen-expression 2.1";
    const NUMBERS: &'static str = "exact";

    fn new() -> Zen {
        Zen { machine: VM::new() }
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        SPELLING.of(&rule.condition)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Self::Rules {
        texts.iter().map(|text| compile_expression(text).unwrap()).collect()
    }

    fn read(&self, _: &Self::Rules, line: &str) -> Scope {
        Scope::new(serde_json::from_str::<Variable>(line).unwrap())
    }

    one_by_one!();
}
