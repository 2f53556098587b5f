//! wirefilter 0.6.1: no decimals and no arithmetic, so amounts are cents.

use ::wirefilter::{ExecutionContext, Filter, Scheme, Type};

use crate::engine::{Engine, Ruled, one_by_one};
use crate::plain::Plain;
use target_rules_testing::workloads::condition::{Field, Holds, OURS, Spelling, dotted, listed};

const SPELLING: Spelling = Spelling {
    amount: |cents| cents.to_string(),
    one_of: Some(|field, numbers| format!("{field} in {{{}}}", listed(numbers, " "))),
    arithmetic: false,
    contains: Some(|field, text| format!("{field} contains \"{text}\"")),
    matches: Some(|field, pattern| format!("{field} matches \"{pattern}\"")),
    ..OURS
};

pub(crate) struct Wirefilter {
    scheme: &'static Scheme,
}

impl Wirefilter {
    #[inline]
    fn one(&mut self, rule: &Filter<'static>, transaction: &mut ExecutionContext<'static>) -> bool {
        rule.execute(transaction).unwrap()
    }
}

impl Engine for Wirefilter {
    type Rules = Vec<Filter<'static>>;
    type Transaction = ExecutionContext<'static>;

    const NAME: &'static str = "wirefilter 0.6.1";
    const NUMBERS: &'static str = "`i32`";

    fn new() -> Wirefilter {
        let mut scheme = Scheme::default();
        for field in Field::ALL {
            let kind = if field.holds() == Holds::Text { Type::Bytes } else { Type::Int };
            scheme.add_field(dotted(field), kind).unwrap();
        }
        // Filters and transactions borrow the scheme; it lives to the end of the process.
        Wirefilter { scheme: Box::leak(Box::new(scheme)) }
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        SPELLING.of(&rule.condition)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Self::Rules {
        texts.iter().map(|text| self.scheme.parse(text).unwrap().compile()).collect()
    }

    fn read(&self, _: &Self::Rules, line: &str) -> Self::Transaction {
        let plain = Plain::read(line);
        let mut transaction = ExecutionContext::new(self.scheme);
        for field in Field::ALL {
            let name = dotted(field);
            if field.holds() == Holds::Text {
                // A transaction borrows its texts, so they are leaked: three short
                // ones for each transaction that is read.
                let text: &'static str = Box::leak(plain.text(field).to_owned().into_boxed_str());
                transaction.set_field_value(&name, text).unwrap();
            } else {
                transaction.set_field_value(&name, plain.number(field) as i32).unwrap();
            }
        }
        transaction
    }

    one_by_one!();
}
