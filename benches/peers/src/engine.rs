//! What an engine must do to be measured. One engine is one file in `engines/`.

use target_rules_testing::workloads::condition::Condition;
use target_rules_testing::workloads::generator::Shape;

/// A rule of a workload.
pub(crate) struct Ruled {
    pub(crate) condition: Condition,
    /// For the engine of this crate alone: the rule as its document gives it.
    pub(crate) text: String,
    /// For the rules written by hand: what is to be written.
    pub(crate) made: Made,
}

/// Where a rule comes from.
#[derive(Clone)]
pub(crate) enum Made {
    Threshold,
    Tiers,
    Campaign,
    Generated(Shape),
}

pub(crate) trait Engine {
    /// Rules that are ready to be decided.
    type Rules;
    /// A transaction that is ready to be decided.
    type Transaction;

    const NAME: &'static str;
    /// What its numbers are.
    const NUMBERS: &'static str;

    fn new() -> Self;

    /// The rule in the engine's language; `None` where it cannot say it.
    fn write(&self, rule: &Ruled) -> Option<String>;

    /// From texts to rules that are ready. The rules themselves are for those
    /// that are written by hand.
    fn load(&self, texts: &[String], rules: &[Ruled]) -> Self::Rules;

    /// From a line of JSON to the transaction.
    fn read(&self, rules: &Self::Rules, line: &str) -> Self::Transaction;

    /// Whether the first rule holds.
    fn decide(&mut self, rules: &Self::Rules, transaction: &mut Self::Transaction) -> bool;

    /// The positions of the rules that hold, in any order.
    fn decide_all(&mut self, rules: &Self::Rules, transaction: &mut Self::Transaction, hold: &mut Vec<usize>);

    /// Whether every text is prepared by itself, so that preparing one says
    /// what preparing costs. Not so for rules written by hand.
    const PREPARES: bool = true;
}

/// The two ways to decide for an engine whose rules are a list, from
/// `one(&mut self, rule, transaction) -> bool`.
macro_rules! one_by_one {
    () => {
        #[inline]
        fn decide(&mut self, rules: &Self::Rules, transaction: &mut Self::Transaction) -> bool {
            self.one(&rules[0], transaction)
        }

        #[inline]
        fn decide_all(
            &mut self,
            rules: &Self::Rules,
            transaction: &mut Self::Transaction,
            hold: &mut Vec<usize>,
        ) {
            for (at, rule) in rules.iter().enumerate() {
                if self.one(rule, transaction) {
                    hold.push(at);
                }
            }
        }
    };
}
pub(crate) use one_by_one;
