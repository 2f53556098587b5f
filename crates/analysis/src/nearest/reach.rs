//! Whether changes of some values can make a rule true at all, whatever they are
//! changed to: what asks none of these values stays as it is.

use std::sync::Arc;

use target_rules::Zone;
use target_rules::condition::{
    BooleanExpression, Clause, Condition, DateExpression, Leaf, Literal, NumberExpression, Read,
    TextExpression,
};
use target_rules::{Layout, Transaction, Truth};

use super::levers::{Lever, Of};
use crate::model::{Key, Located, Sample, locate};

/// A clause by what it is for the document, and what may change that.
enum Part {
    /// Whether it is true, and the levers that may change that, a bit for each.
    Asked(bool, u64),
    /// What isn't told apart here, and may be true.
    Open,
    All(Vec<Part>),
    Any(Vec<Part>),
}

/// What is known of a rule for a document.
pub(super) struct Reach(Part);

struct Reader<'a> {
    levers: &'a [Lever],
    layout: &'a Layout,
    transaction: &'a Transaction,
    zone: &'a Zone,
}

impl Reach {
    /// Cost is linear in the rule, and in the levers for each of its predicates.
    pub(super) fn of(
        condition: &Condition,
        levers: &[Lever],
        (layout, transaction): (&Layout, &Transaction),
        zone: &Zone,
    ) -> Reach {
        let reader = Reader { levers, layout, transaction, zone };
        Reach(reader.part(condition.root()))
    }

    /// Whether the rule may be true where values of these levers change, by their
    /// positions, and no others do. False is proved.
    pub(super) fn may_hold(&self, levers: &[usize]) -> bool {
        may_hold(&self.0, levers.iter().fold(0, |all, at| all | bit(*at)))
    }
}

/// The bit of a lever. Those beyond the last one share all bits, so that nothing is
/// ruled out for them.
fn bit(at: usize) -> u64 {
    u32::try_from(at).ok().and_then(|at| 1_u64.checked_shl(at)).unwrap_or(u64::MAX)
}

fn may_hold(part: &Part, levers: u64) -> bool {
    match part {
        Part::Asked(holds, may_change) => *holds || may_change & levers != 0,
        Part::Open => true,
        Part::All(parts) => parts.iter().all(|part| may_hold(part, levers)),
        Part::Any(parts) => parts.iter().any(|part| may_hold(part, levers)),
    }
}

impl Reader<'_> {
    fn part(&self, clause: &Clause) -> Part {
        let parts = |parts: &[Clause]| parts.iter().map(|part| self.part(part)).collect();
        match clause {
            Clause::Constant(value) => Part::Asked(*value, 0),
            Clause::Literal(literal) => self.literal(literal).unwrap_or(Part::Open),
            Clause::All(inner) => Part::All(parts(inner)),
            Clause::Any(inner) => Part::Any(parts(inner)),
            _ => Part::Open,
        }
    }

    /// `None` of what asks more than one value that stands in the document.
    fn literal(&self, literal: &Literal) -> Option<Part> {
        let (key, question) = match locate(&literal.predicate) {
            Located::Always(truth) => return Some(Part::Asked(holds(truth, literal), 0)),
            Located::Asked(key, question) => (key, question),
            Located::Booleans | Located::Container => return None,
        };
        let (leaf, sample) = self.stated(&key)?;
        let truth = question.answer(&sample, self.zone);
        let mut may_change = 0;
        for (at, lever) in self.levers.iter().enumerate() {
            if let Of::Attribute(of) = &lever.of
                && stand_at_one_place(of, leaf)
            {
                may_change |= bit(at);
            }
        }
        Some(Part::Asked(holds(truth, literal), may_change))
    }

    /// The attribute that a variable is, and its value. Not of what follows from line
    /// items or belongs to one, for these change together.
    fn stated<'k>(&self, key: &'k Key) -> Option<(&'k Leaf, Sample)> {
        let (Key::Number(NumberExpression::Attribute(leaf))
        | Key::Text(TextExpression::Attribute(leaf))
        | Key::Date(DateExpression::Attribute(leaf))
        | Key::Boolean(BooleanExpression::Attribute(leaf))) = key
        else {
            return None;
        };
        if leaf.is_computed() || !matches!(leaf.read(), Read::Field { .. }) {
            return None;
        }
        let slot = self.layout.slot(&leaf.name())?;
        let of = self.transaction;
        let sample = match key {
            Key::Number(_) => of.get_number(slot).map(Sample::Number),
            Key::Text(_) => of.get_text(slot).map(|text| Sample::Text(Arc::from(text))),
            Key::Date(_) => {
                let date = of.get_date(slot);
                date.map(|date| date.resolve(self.zone).map_or(Sample::Fault, Sample::Date))
            }
            Key::Boolean(_) => of.get_boolean(slot).map(Sample::Boolean),
            _ => return None,
        };
        Some((leaf, sample.unwrap_or(Sample::Absent)))
    }
}

fn holds(truth: Truth, literal: &Literal) -> bool {
    truth == Truth::from(!literal.negated)
}

/// Whether two attributes are one value of the document, as whatever they are read.
fn stand_at_one_place(one: &Leaf, other: &Leaf) -> bool {
    match (one.read(), other.read()) {
        (Read::Field { section, field, .. }, Read::Field { section: of, field: same, .. }) => {
            section == of && field == same
        }
        // What belongs to an entry of a list is no value by itself.
        _ => false,
    }
}
