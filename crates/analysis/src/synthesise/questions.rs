//! The questions that rules are made of, and what each comes to for every
//! example.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashSet;
use target_rules::interpret::{ExplainedNode, ExplainedState};
use target_rules::value::LocalTime;
use target_rules::{Ast, Diagnostics, Instant, Layout, Limits, Number, Rule, Schema, Transaction, Zone};

use super::terms::{Term, TermType, quoted};
use super::vector::Vector;

/// One question: a rule that joins no others.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) text: String,
    pub(super) nodes: usize,
    /// What it is about, by the place among the terms.
    pub(super) term: usize,
    pub(super) vector: Vector,
}

/// The examples, as they are decided.
pub(super) struct Examples<'a> {
    pub(super) documents: Vec<&'a str>,
    pub(super) schema: &'a Schema,
    pub(super) zone: &'a Zone,
    pub(super) limits: &'a Limits,
}

/// What the examples have for terms: the rules by which that is asked, and the
/// examples as they are read for these.
struct Probes {
    rules: BTreeMap<String, Rule>,
    transactions: Vec<Transaction>,
}

/// The questions, and the size of the smallest that was left out.
pub(super) type Asked = (Vec<Question>, Option<usize>);

/// Which document can't be read, from 0, and why.
pub(super) type Refused = (usize, Diagnostics);

/// A question before it is decided.
struct Written {
    text: String,
    nodes: usize,
    term: usize,
}

impl Examples<'_> {
    fn checked(&self, text: &str) -> Option<Rule> {
        Ast::from_text(text, self.limits).ok()?.check(self.schema, self.limits).into_rule().ok()
    }

    fn read(&self, layout: &Layout) -> Result<Vec<Transaction>, Refused> {
        let read = |(at, document): (usize, &&str)| {
            layout.read(document, self.limits).map_err(|refused| (at, refused))
        };
        self.documents.iter().enumerate().map(read).collect()
    }

    /// The questions about terms, at most so many.
    /// Of questions that the examples can't tell apart and that are about one
    /// term the first is kept.
    pub(super) fn questions(&self, terms: &[Term], most: usize) -> Result<Asked, Refused> {
        let mut written = Vec::new();
        let probes = self.probes(terms)?;
        for (at, term) in terms.iter().enumerate() {
            self.write(at, term, &probes, &mut written);
        }
        // The smallest first, of each size in the order of the terms.
        written.sort_by_key(|question| question.nodes);
        let mut left_out = written.get(most).map(|question| question.nodes);
        written.truncate(most);
        let mut checked: Vec<(Written, Rule)> = Vec::new();
        for question in written {
            match Ast::from_text(&question.text, self.limits) {
                Ok(ast) => {
                    // What has another type than is asked for is no question.
                    let rule = ast.check(self.schema, self.limits).into_rule().ok();
                    checked.extend(rule.map(|rule| (question, rule)));
                }
                Err(_) => {
                    let nodes = question.nodes;
                    left_out = Some(left_out.map_or(nodes, |smallest| smallest.min(nodes)));
                }
            }
        }
        let layout = Layout::of(checked.iter().map(|(_, rule)| rule));
        let transactions = self.read(&layout)?;
        let mut seen = HashSet::new();
        let mut questions = Vec::new();
        for (Written { text, nodes, term }, rule) in checked {
            let truths = transactions.iter().map(|transaction| rule.truth(transaction, self.zone));
            let vector = Vector::of(truths);
            if seen.insert((term, vector.clone())) {
                questions.push(Question { text, nodes, term, vector });
            }
        }
        Ok((questions, left_out))
    }

    /// Reads the examples for what is to be known of terms.
    fn probes(&self, terms: &[Term]) -> Result<Probes, Refused> {
        let texts = terms.iter().flat_map(|term| match term.of {
            TermType::Number => vec![compared(&term.text)],
            TermType::Date => {
                let parts = PARTS.iter().map(|part| compared(&format!("{}.{part}()", term.text)));
                parts.chain([absent(&term.text)]).collect()
            }
            _ => Vec::new(),
        });
        let rules: BTreeMap<String, Rule> =
            texts.filter_map(|text| Some((text.clone(), self.checked(&text)?))).collect();
        let transactions = self.read(&Layout::of(rules.values()))?;
        Ok(Probes { rules, transactions })
    }

    fn write(&self, at: usize, term: &Term, probes: &Probes, into: &mut Vec<Written>) {
        let mut ask = |text: String, more: usize| {
            into.push(Written { text, nodes: term.nodes.saturating_add(more), term: at });
        };
        let text = &term.text;
        match term.of {
            TermType::Boolean => ask(text.clone(), 0),
            TermType::Number => self.compare(text, 0, probes, &mut ask),
            TermType::Text => {
                for operator in ["==", "!="] {
                    for value in &term.texts {
                        ask(format!("{text}{operator}{}", quoted(value)), 2);
                    }
                }
            }
            TermType::Date => {
                for part in ["isWeekend", "isWeekday"] {
                    ask(format!("{text}.{part}()"), 1);
                }
                for part in PARTS {
                    self.compare(&format!("{text}.{part}()"), 1, probes, &mut ask);
                }
                self.times(text, probes, &mut ask);
            }
        }
        if term.is_attribute {
            ask(absent(text), 1);
            ask(format!("{text}.isNotNull()"), 1);
        }
    }

    /// Comparisons with the numbers that the examples have. To ask for more than
    /// a number is to ask for the next one at least.
    fn compare(&self, number: &str, more: usize, probes: &Probes, ask: &mut impl FnMut(String, usize)) {
        let values = self.values(&compared(number), probes, |side| side.parse::<Number>().ok());
        // Not every number can be written in a rule.
        let written = |value: &&Number| Number::from_literal(&value.to_string()) == Ok(**value);
        for operator in [">=", "<=", "==", "!="] {
            for value in values.iter().filter(written) {
                ask(format!("{number}{operator}{value}"), more.saturating_add(2));
            }
        }
    }

    /// Days before and after, and hours between those of the examples, also past
    /// midnight.
    fn times(&self, date: &str, probes: &Probes, ask: &mut impl FnMut(String, usize)) {
        let dates = self.values(&absent(date), probes, |value| value.parse::<Instant>().ok());
        let local: Vec<LocalTime> = dates.iter().map(|date| self.zone.local(*date)).collect();
        let days: BTreeSet<(i64, i64, i64)> = local.iter().map(|local| local.date()).collect();
        for (year, month, day) in days {
            ask(format!("{date}.isAfter({year},{month},{day})"), 4);
            ask(format!("{date}.isBefore({year},{month},{day})"), 4);
        }
        let hours: BTreeSet<i64> = local.iter().map(|local| local.hour()).collect();
        for from in &hours {
            for to in hours.iter().map(|hour| hour.saturating_add(1)).filter(|to| to != from) {
                ask(format!("{date}.isHourBetween({from},{to})"), 3);
            }
        }
    }

    /// The values that the examples have for the first operand of a rule.
    fn values<T: Ord>(&self, rule: &str, probes: &Probes, read: impl Fn(&str) -> Option<T>) -> BTreeSet<T> {
        let Some(rule) = probes.rules.get(rule) else { return BTreeSet::new() };
        let mut values = BTreeSet::new();
        for transaction in &probes.transactions {
            let explanation = rule.explain(transaction, self.zone);
            let operand = explanation.trees.first().and_then(|tree| tree.root.children.first());
            let known = |node: &&ExplainedNode| node.state == ExplainedState::Known;
            values.extend(operand.filter(known).and_then(|node| read(node.value.as_deref()?)));
        }
        values
    }
}

/// The parts of a date that are compared.
const PARTS: [&str; 4] = ["day", "dayOfMonth", "month", "year"];

/// A rule of which a number is the first operand.
fn compared(number: &str) -> String {
    format!("{number}>0")
}

fn absent(attribute: &str) -> String {
    format!("{attribute}.isNull()")
}
