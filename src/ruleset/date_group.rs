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
use super::space::{Lanes, NodeKind, Widths};
use super::subject::{How, Subject, SubjectKind};

#[derive(Debug)]
pub(super) struct DateGroup {
    /// One of the subjects that compare the date: it knows where it stands.
    subject: Arc<Subject>,
    constants: Box<[DateConstant]>,
    answers: Box<[Answer]>,
    /// The nodes that require something, as bits.
    requiring: Box<[u64]>,
}

/// A date that rules write, and where what is required of it ends.
#[derive(Debug)]
struct DateConstant {
    date: DateText,
    end: usize,
}

/// Whether the bit of a node stays: a bit each for earlier, equal and later.
#[derive(Debug, Clone, Copy)]
struct Answer {
    node: u32,
    stays: u8,
}

/// A subject that compares the date with one that is written, and what nodes
/// require of it.
pub(super) type OfConstant<'c> = (Arc<Subject>, Vec<(NodeKind, u16, Required<'c>)>);

impl Answer {
    #[inline]
    fn stays(self, order: i8) -> bool {
        self.stays.wrapping_shr(u32::from(order.wrapping_add(1).unsigned_abs())) & 1 == 1
    }
}

impl DateGroup {
    /// `None` where there is no subject.
    ///
    /// INVARIANT: all of them compare the same date.
    pub(super) fn of(subjects: Vec<OfConstant<'_>>, widths: Widths) -> Option<DateGroup> {
        let mut requiring = vec![0; widths.total()];
        let (mut constants, mut answers) = (Vec::new(), Vec::new());
        let subject = subjects.first()?.0.clone();
        for (subject, required) in subjects {
            let SubjectKind::Order(_, DateExpression::Constant(date)) = subject.key.asked else { continue };
            for (of, node, required) in required {
                let node = widths.bit(of, node);
                set(&mut requiring, node as usize);
                // The bit of an `||` stays where the literal does not hold.
                let stays = |key: i64| required.suits(key) != (of == NodeKind::Any);
                let bit = |key: i64, bit: u8| if stays(key) { bit } else { 0 };
                answers.push(Answer { node, stays: bit(-1, 0b1) | bit(0, 0b10) | bit(1, 0b100) });
            }
            constants.push(DateConstant { date, end: answers.len() });
        }
        Some(DateGroup {
            subject,
            constants: constants.into(),
            answers: answers.into(),
            requiring: requiring.into(),
        })
    }

    /// Takes away what the date makes false.
    pub(super) fn narrow(&self, lanes: &mut Lanes, evaluation: &mut Evaluation<'_>) {
        if !meet(&lanes.open, &self.requiring) {
            return;
        }
        let How::Order(date, _) = &self.subject.how else { return };
        let Ok(time) = date.value(evaluation) else { return join(&mut lanes.unknown, &self.requiring) };
        let mut start = 0;
        for constant in &self.constants {
            let answers = self.answers.get(start..constant.end).unwrap_or_default();
            start = constant.end;
            match constant.date.order_of((time.instant, time.local), evaluation.zone()) {
                Some(order) => answers.iter().for_each(|answer| {
                    lanes.take(answer.node, answer.stays(order as i8));
                }),
                None => answers.iter().for_each(|answer| lanes.leave_unknown(answer.node)),
            }
        }
    }
}
