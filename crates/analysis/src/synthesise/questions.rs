//! The questions that rules are made of, and what each comes to for every
//! example.

use std::collections::BTreeSet;

use hashbrown::HashSet;
use target_rules::interpret::{ExplainedNode, ExplainedState};
use target_rules::value::LocalTime;
use target_rules::{Ast, Diagnostics, Layout, Limits, Number, Rule, Schema, Zone};

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

    /// The questions about terms, at most so many; and whether there are more.
    /// Of questions that the examples can't tell apart and that are about one
    /// term the first is kept.
    pub(super) fn questions(&self, terms: &[Term], most: usize) -> Result<(Vec<Question>, bool), Refused> {
        let mut written = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            self.write(at, term, &mut written)?;
        }
        // The smallest first, of each size in the order of the terms.
        written.sort_by_key(|question| question.nodes);
        let left_out = written.len() > most;
        written.truncate(most);
        let checked: Vec<(Written, Rule)> = written
            .into_iter()
            .filter_map(|question| {
                let rule = self.checked(&question.text)?;
                Some((question, rule))
            })
            .collect();
        let layout = Layout::of(checked.iter().map(|(_, rule)| rule));
        let mut transactions = Vec::new();
        for (at, document) in self.documents.iter().enumerate() {
            transactions.push(layout.read(document, self.limits).map_err(|refused| (at, refused))?);
        }
        let mut seen = HashSet::new();
        let mut questions = Vec::new();
        for (Written { text, nodes, term }, rule) in checked {
            let truths = transactions.iter().map(|transaction| rule.decide(transaction, self.zone).result);
            let vector = Vector::of(truths);
            if seen.insert((term, vector.clone())) {
                questions.push(Question { text, nodes, term, vector });
            }
        }
        Ok((questions, left_out))
    }

    fn write(&self, at: usize, term: &Term, into: &mut Vec<Written>) -> Result<(), Refused> {
        let mut ask = |text: String, more: usize| {
            into.push(Written { text, nodes: term.nodes.saturating_add(more), term: at });
        };
        let text = &term.text;
        match term.of {
            TermType::Boolean => ask(text.clone(), 0),
            TermType::Number => self.compare(text, 0, &mut ask)?,
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
                for part in ["day", "dayOfMonth", "month", "year"] {
                    self.compare(&format!("{text}.{part}()"), 1, &mut ask)?;
                }
                self.times(text, &mut ask)?;
            }
        }
        if term.is_attribute {
            ask(format!("{text}.isNull()"), 1);
            ask(format!("{text}.isNotNull()"), 1);
        }
        Ok(())
    }

    /// Comparisons with the numbers that the examples have. To ask for more than
    /// a number is to ask for the next one at least.
    fn compare(&self, number: &str, more: usize, ask: &mut impl FnMut(String, usize)) -> Result<(), Refused> {
        let values = self.values(&format!("{number}>0"), |side| side.parse::<Number>().ok())?;
        // Not every number can be written in a rule.
        let written = |value: &&Number| Number::from_literal(&value.to_string()) == Ok(**value);
        for operator in [">=", "<=", "==", "!="] {
            for value in values.iter().filter(written) {
                ask(format!("{number}{operator}{value}"), more.saturating_add(2));
            }
        }
        Ok(())
    }

    /// Days before and after, and hours between those of the examples.
    fn times(&self, date: &str, ask: &mut impl FnMut(String, usize)) -> Result<(), Refused> {
        let parsed = |value: &str| value.parse::<target_rules::Instant>().ok();
        let dates = self.values(&format!("{date}.isNull()"), parsed)?;
        let local: Vec<LocalTime> = dates.iter().map(|date| self.zone.local(*date)).collect();
        let days: BTreeSet<(i64, i64, i64)> = local.iter().map(|local| local.date()).collect();
        for (year, month, day) in days {
            ask(format!("{date}.isAfter({year},{month},{day})"), 4);
            ask(format!("{date}.isBefore({year},{month},{day})"), 4);
        }
        let hours: BTreeSet<i64> = local.iter().map(|local| local.hour()).collect();
        for from in &hours {
            for to in hours.iter().map(|hour| hour.saturating_add(1)).filter(|to| to > from) {
                ask(format!("{date}.isHourBetween({from},{to})"), 3);
            }
        }
        Ok(())
    }

    /// The values that the examples have for the first operand of a rule.
    fn values<T: Ord>(&self, rule: &str, read: impl Fn(&str) -> Option<T>) -> Result<BTreeSet<T>, Refused> {
        let Some(rule) = self.checked(rule) else { return Ok(BTreeSet::new()) };
        let layout = Layout::of([&rule]);
        let mut values = BTreeSet::new();
        for (at, document) in self.documents.iter().enumerate() {
            let transaction = layout.read(document, self.limits).map_err(|refused| (at, refused))?;
            let explanation = rule.explain(&transaction, self.zone);
            let operand = explanation.trees.first().and_then(|tree| tree.root.children.first());
            let known = |node: &&ExplainedNode| node.state == ExplainedState::Known;
            values.extend(operand.filter(known).and_then(|node| read(node.value.as_deref()?)));
        }
        Ok(values)
    }
}
