//! This crate. Many rules are decided one by one; what decides a set of rules
//! at once is to be a second engine in this file.

use ::target_rules::{
    Ast, Evaluation, Layout, Limits, Program, Rule, Schema, Scratch, Transaction, Truth, Zone,
};

use crate::engine::{Engine, Ruled};
use crate::workloads::cases;

pub(crate) struct TargetRules {
    schema: Schema,
    limits: Limits,
    zone: Zone,
    scratch: Scratch,
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
        let checked = |text: &String| {
            let ast = Ast::from_text(text, &self.limits).unwrap();
            ast.check(&self.schema, &self.limits).into_rule().unwrap()
        };
        let rules: Vec<Rule> = texts.iter().map(checked).collect();
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
