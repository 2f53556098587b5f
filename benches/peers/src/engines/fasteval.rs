//! fasteval: floating point alone, so the tier is its number. Its variables are
//! taken from a function; that they can also be raw pointers, which is faster,
//! needs unsafe code and is left out.

use ::fasteval::{Compiler, Evaler, Instruction, Parser, Slab, eval_compiled_ref};

use crate::engine::{Engine, Ruled, one_by_one};
use crate::plain::{Plain, flat};
use target_rules_testing::workloads::condition::{Field, Holds, Spelling, decimal};
use target_rules_testing::workloads::generator::TIERS;

fn number_of(tier: &str) -> usize {
    TIERS.iter().position(|known| *known == tier).unwrap()
}

const SPELLING: Spelling = Spelling {
    and: "&&",
    or: "||",
    equal: "==",
    field: flat,
    amount: decimal,
    text: |text| number_of(text).to_string(),
    one_of: None,
    arithmetic: true,
    contains: None,
    matches: None,
};

pub(crate) struct Fasteval;

/// The numbers of a transaction.
pub(crate) struct Numbers {
    value: f64,
    discount: f64,
    non_discounted: f64,
    store: f64,
    visits: f64,
    tier: f64,
}

impl Fasteval {
    #[inline]
    fn one(&mut self, rule: &(Slab, Instruction), numbers: &mut Numbers) -> bool {
        let mut look_up = |name: &str, _: Vec<f64>| match name {
            "value" => Some(numbers.value),
            "discount" => Some(numbers.discount),
            "basketAmountSumNonDiscounted" => Some(numbers.non_discounted),
            "storeId" => Some(numbers.store),
            "numberOfVisits" => Some(numbers.visits),
            "slabName" => Some(numbers.tier),
            _ => None,
        };
        let mut evaluate =
            || -> Result<f64, ::fasteval::Error> { Ok(eval_compiled_ref!(&rule.1, &rule.0, &mut look_up)) };
        evaluate().unwrap() != 0.0
    }
}

impl Engine for Fasteval {
    type Rules = Vec<(Slab, Instruction)>;
    type Transaction = Numbers;

    const NAME: &'static str = "fasteval 0.2.4, safe";
    const NUMBERS: &'static str = "`f64`";

    fn new() -> Fasteval {
        Fasteval
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        SPELLING.of(&rule.condition)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Self::Rules {
        let compiled = |text: &String| {
            let mut slab = Slab::with_capacity(8);
            let mut parser = Parser::new();
            parser.expr_depth_limit = 1_000;
            parser.expr_len_limit = text.len() + 1;
            let parsed = parser.parse(text, &mut slab.ps).unwrap();
            let instruction = parsed.from(&slab.ps).compile(&slab.ps, &mut slab.cs);
            (slab, instruction)
        };
        texts.iter().map(compiled).collect()
    }

    fn read(&self, _: &Self::Rules, line: &str) -> Numbers {
        let plain = Plain::read(line);
        let number = |field: Field| {
            let number = plain.number(field) as f64;
            if field.holds() == Holds::Amount { number / 100.0 } else { number }
        };
        Numbers {
            value: number(Field::Value),
            discount: number(Field::Discount),
            non_discounted: number(Field::NonDiscounted),
            store: number(Field::Store),
            visits: number(Field::Visits),
            tier: number_of(plain.text(Field::Tier)) as f64,
        }
    }

    one_by_one!();
}
