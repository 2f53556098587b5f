//! A date that many rules compare with dates that they write.
//!
//! Their order in time depends on the zone, so they are not sorted: each is
//! compared, which takes some nanoseconds where it is days away.

use std::sync::Arc;

use crate::condition::DateExpression;
use crate::program::Evaluation;
use crate::value::DateText;

use super::bits::{join, meet, set};
use super::required::Required;
use super::space::{Lanes, NodeKind};
use super::subject::{How, Subject, SubjectKind};

#[derive(Debug)]
pub(super) struct DateGroup {
    /// One of the subjects that compare the date: it knows where it stands.
    subject: Arc<Subject>,
    constants: Box<[DateConstant]>,
    answers: Box<[Answer]>,
    requiring: Requiring,
}

/// A date that rules write, and where what is required of it ends.
#[derive(Debug)]
struct DateConstant {
    date: DateText,
    end: usize,
}

/// What a node requires: a bit each for earlier, equal and later.
#[derive(Debug, Clone, Copy)]
struct Answer {
    node: u16,
    of: NodeKind,
    suits: u8,
}

/// The nodes that require something, as bits.
#[derive(Debug)]
pub(super) struct Requiring {
    pub(super) rules: Box<[u64]>,
    pub(super) any: Box<[u64]>,
    pub(super) all: Box<[u64]>,
}

/// A subject that compares the date with one that is written, and what nodes
/// require of it.
pub(super) type OfConstant<'c> = (Arc<Subject>, Vec<(NodeKind, u16, Required<'c>)>);

impl Requiring {
    pub(super) fn none(rules: usize, any: usize, all: usize) -> Requiring {
        Requiring { rules: vec![0; rules].into(), any: vec![0; any].into(), all: vec![0; all].into() }
    }

    fn add(&mut self, of: NodeKind, node: u16) {
        let bits = match of {
            NodeKind::Rule => &mut self.rules,
            NodeKind::Any => &mut self.any,
            NodeKind::All => &mut self.all,
        };
        set(bits, usize::from(node));
    }

    /// Whether any of them still matters.
    pub(super) fn concerns(&self, lanes: &Lanes) -> bool {
        meet(&lanes.candidates, &self.rules)
            || meet(&lanes.all_not_false, &self.all)
            || lanes.any_true.iter().zip(&self.any).any(|(met, requiring)| !met & requiring != 0)
    }

    /// None of them is known.
    pub(super) fn leave_unknown(&self, lanes: &mut Lanes) {
        join(&mut lanes.unknown, &self.rules);
        join(&mut lanes.all_unknown, &self.all);
        join(&mut lanes.any_unknown, &self.any);
    }
}

impl Answer {
    #[inline]
    fn suits(self, order: i8) -> bool {
        self.suits.wrapping_shr(u32::from(order.wrapping_add(1).unsigned_abs())) & 1 == 1
    }
}

impl DateGroup {
    /// `None` where there is no subject.
    ///
    /// INVARIANT: all of them compare the same date.
    pub(super) fn of(subjects: Vec<OfConstant<'_>>, mut requiring: Requiring) -> Option<DateGroup> {
        let (mut constants, mut answers) = (Vec::new(), Vec::new());
        let subject = subjects.first()?.0.clone();
        for (subject, required) in subjects {
            let SubjectKind::Order(_, DateExpression::Constant(date)) = subject.key.asked else { continue };
            for (of, node, required) in required {
                requiring.add(of, node);
                let bit = |key: i64, bit: u8| if required.suits(key) { bit } else { 0 };
                answers.push(Answer { node, of, suits: bit(-1, 0b1) | bit(0, 0b10) | bit(1, 0b100) });
            }
            constants.push(DateConstant { date, end: answers.len() });
        }
        Some(DateGroup { subject, constants: constants.into(), answers: answers.into(), requiring })
    }

    /// Takes away what the date makes false.
    pub(super) fn narrow(&self, lanes: &mut Lanes, evaluation: &mut Evaluation<'_>) {
        if !self.requiring.concerns(lanes) {
            return;
        }
        let How::Order(date, _) = &self.subject.how else { return };
        let Ok(time) = date.value(evaluation) else { return self.requiring.leave_unknown(lanes) };
        let mut start = 0;
        for constant in &self.constants {
            let answers = self.answers.get(start..constant.end).unwrap_or_default();
            start = constant.end;
            match constant.date.order_of((time.instant, time.local), evaluation.zone()) {
                Some(order) => answers.iter().for_each(|answer| {
                    lanes.take(answer.of, answer.node, answer.suits(order as i8));
                }),
                None => answers.iter().for_each(|answer| lanes.leave_unknown(answer.of, answer.node)),
            }
        }
    }
}
