//! This crate, twice: rules as programs that are decided one by one, and as a
//! set that is decided at once.

use ::target_rules::{
    Ast, Evaluation, Layout, Limits, Program, Rule, RuleSet, Schema, Scratch, Transaction, Truth, Zone,
};

use crate::engine::{Engine, Ruled};
use target_rules_testing::workloads::cases;

pub(crate) struct TargetRules {
    schema: Schema,
    limits: Limits,
    zone: Zone,
    scratch: Scratch,
}

impl TargetRules {
    fn checked(&self, text: &str) -> Rule {
        let ast = Ast::from_text(text, &self.limits).unwrap();
        ast.check(&self.schema, &self.limits).into_rule().unwrap()
    }
}

/// One layout for all rules: a document is read once for all of them.
pub(crate) struct Loaded {
    layout: Layout,
    programs: Vec<Program>,
}

impl Engine for TargetRules {
    type Rules = Loaded;
    type Transaction = Transaction;

    const NAME: &'static str = "target-rules, one by one";
    const NUMBERS: &'static str = "exact";

    fn new() -> TargetRules {
        let limits = Limits::default();
        let schema = cases::schema(&limits);
        let zone = Zone::named(cases::ZONE).unwrap();
        TargetRules { schema, limits, zone, scratch: Scratch::default() }
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        Some(rule.text.clone())
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> Loaded {
        let rules: Vec<Rule> = texts.iter().map(|text| self.checked(text)).collect();
        let layout = Layout::of(&rules);
        let programs = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
        Loaded { layout, programs }
    }

    fn read(&self, rules: &Loaded, line: &str) -> Transaction {
        rules.layout.read(line, &self.limits).unwrap()
    }

    #[inline]
    fn decide(&mut self, rules: &Loaded, transaction: &mut Transaction) -> bool {
        let mut evaluation = Evaluation::new(transaction, &self.zone, &mut self.scratch);
        rules.programs[0].decide(&mut evaluation) == Truth::True
    }

    fn decide_all(&mut self, rules: &Loaded, transaction: &mut Transaction, hold: &mut Vec<usize>) {
        let mut evaluation = Evaluation::new(transaction, &self.zone, &mut self.scratch);
        for (at, program) in rules.programs.iter().enumerate() {
            if program.decide(&mut evaluation) == Truth::True {
                hold.push(at);
            }
        }
    }
}

/// The same rules as a set; a single rule is a set of one.
pub(crate) struct AtOnce(TargetRules);

impl Engine for AtOnce {
    type Rules = RuleSet<usize>;
    type Transaction = Transaction;

    const NAME: &'static str = "target-rules, set";
    const NUMBERS: &'static str = "exact";

    fn new() -> AtOnce {
        AtOnce(TargetRules::new())
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        self.0.write(rule)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> RuleSet<usize> {
        RuleSet::new(texts.iter().map(|text| self.0.checked(text)).enumerate()).unwrap()
    }

    fn read(&self, rules: &RuleSet<usize>, line: &str) -> Transaction {
        rules.layout().read(line, &self.0.limits).unwrap()
    }

    #[inline]
    fn decide(&mut self, rules: &RuleSet<usize>, transaction: &mut Transaction) -> bool {
        let mut evaluation = Evaluation::new(transaction, &self.0.zone, &mut self.0.scratch);
        let mut holds = false;
        rules.decide(&mut evaluation, |_, _| holds = true).unwrap();
        holds
    }

    fn decide_all(&mut self, rules: &RuleSet<usize>, transaction: &mut Transaction, hold: &mut Vec<usize>) {
        let mut evaluation = Evaluation::new(transaction, &self.0.zone, &mut self.0.scratch);
        rules.decide(&mut evaluation, |id, _| hold.push(*id)).unwrap();
    }
}
