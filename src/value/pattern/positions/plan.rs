//! By which nodes a part of a pattern is run: those that take the least for
//! each character of a text.

use super::bits::WORD;
use super::parts::{Copies, Part, Tabled};
use super::tables;

/// What a node of one word costs by itself, whatever its kind; one of several;
/// what more for positions that are moved and masked, and for copies. One is
/// about four instructions, as callgrind counts them.
const NODE: usize = 24;
const WIDE_NODE: usize = 45;
const MOVED: usize = 12;
const COPIES: usize = 20;

/// A part, how it is run, and what that costs for each character of a text.
pub(super) struct Plan<'p> {
    pub(super) kind: Planned<'p>,
    pub(super) cost: usize,
}

pub(super) enum Planned<'p> {
    Look(usize),
    Class(usize),
    /// Classes one after the other.
    Run(Vec<usize>),
    /// The same again and again: a match may end at a place, and then after each
    /// so many.
    Repeated {
        classes: Vec<usize>,
        from: usize,
        every: usize,
    },
    /// Parts by tables; one after the other, or one of them.
    All(Vec<Plan<'p>>),
    Any(Vec<Plan<'p>>),
    Tables(Tabled<'p>),
    Copies(Box<Plan<'p>>, Copies),
}

/// A plan in the making, for so many contexts.
pub(super) struct Planner {
    pub(super) contexts: usize,
}

impl Planner {
    /// The plan of a part that has so many lanes.
    pub(super) fn plan<'p>(&self, part: &'p Part, lanes: usize) -> Plan<'p> {
        let words = lanes.div_ceil(WORD);
        let node = if words == 1 { NODE } else { WIDE_NODE };
        let own = words.saturating_mul(3).saturating_add(node);
        let plan = match part {
            Part::Look(look) => Plan { kind: Planned::Look(*look), cost: words.saturating_add(8) },
            Part::Class(class) => Plan { kind: Planned::Class(*class), cost: own },
            Part::All(parts) => self.all(parts, lanes, own),
            Part::Any(parts) => {
                let each = parts.iter().map(|part| (std::slice::from_ref(part), self.plan(part, lanes)));
                let plans = self.grouped(parts, each.collect(), lanes, true);
                let cost = sum(&plans).saturating_add(own);
                Plan { kind: Planned::Any(plans), cost }
            }
            Part::Copies(part, copies) if copies.count == 1 => {
                let below = self.plan(part, lanes);
                let cost = below.cost.saturating_add(words).saturating_add(2);
                Plan { kind: Planned::Copies(Box::new(below), *copies), cost }
            }
            Part::Copies(below, copies) => self.repeated(part, below, *copies, lanes).unwrap_or_else(|| {
                let all = lanes.saturating_mul(copies.count);
                let part = below;
                let below = self.plan(below, all);
                let each = if part.may_be_empty() { 16 } else { 6 };
                let moved = all.div_ceil(WORD).saturating_mul(each);
                let cost = below.cost.saturating_add(own).saturating_add(COPIES).saturating_add(moved);
                Plan { kind: Planned::Copies(Box::new(below), *copies), cost }
            }),
        };
        let tabled = Tabled { parts: std::slice::from_ref(part), is_any: false };
        match self.tables(tabled, lanes) {
            Some(tables) if tables.cost < plan.cost => tables,
            _ => plan,
        }
    }

    /// A repetition of characters one after the other.
    fn repeated<'p>(
        &self,
        whole: &'p Part,
        part: &'p Part,
        copies: Copies,
        lanes: usize,
    ) -> Option<Plan<'p>> {
        if let Some(run) = self.run(std::slice::from_ref(whole), lanes) {
            return Some(run);
        }
        let mut one = Vec::new();
        if lanes > 1 || copies.again || !part.follow_each_other(&mut one) {
            return None;
        }
        let every = one.len();
        let from = every.saturating_mul(copies.least.max(1)).saturating_sub(1);
        let classes = one.repeat(copies.count);
        let cost = classes.len().div_ceil(WORD).saturating_mul(6).saturating_add(NODE).saturating_add(MOVED);
        let plan = Plan { kind: Planned::Repeated { classes, from, every }, cost };
        if copies.least > 0 {
            return Some(plan);
        }
        let once = Copies { count: 1, least: 0, again: false };
        Some(Plan { kind: Planned::Copies(Box::new(plan), once), cost: cost.saturating_add(2) })
    }

    /// Parts as one run, if they are characters one after the other.
    fn run<'p>(&self, parts: &'p [Part], lanes: usize) -> Option<Plan<'p>> {
        let mut classes = Vec::new();
        // The marks of a run's lanes are one word.
        let is_run = lanes < WORD && parts.iter().all(|part| part.follow_each_other(&mut classes));
        if !is_run || classes.len() < 2 {
            return None;
        }
        let words = classes.len().saturating_mul(lanes).div_ceil(WORD);
        let cost = words.saturating_mul(4).saturating_add(NODE).saturating_add(MOVED);
        Some(Plan { kind: Planned::Run(classes), cost })
    }

    fn tables<'p>(&self, parts: Tabled<'p>, lanes: usize) -> Option<Plan<'p>> {
        let contexts = if parts.has_looks() { self.contexts } else { 1 };
        let size = tables::Size::of(parts.positions(), lanes, contexts)?;
        let each = size.lookups().saturating_mul(3).saturating_add(5);
        let cost = each.saturating_mul(lanes).saturating_add(NODE);
        Some(Plan { kind: Planned::Tables(parts), cost })
    }

    fn all<'p>(&self, parts: &'p [Part], lanes: usize, own: usize) -> Plan<'p> {
        let mut each = Vec::new();
        let mut rest = parts;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|part| part.is_run()).count();
            let (own, after) = rest.split_at_checked(count).unwrap_or_default();
            let (own, plan, after) = match self.run(own, lanes) {
                Some(run) => (own, run, after),
                None => {
                    (std::slice::from_ref(first), self.plan(first, lanes), rest.get(1..).unwrap_or_default())
                }
            };
            each.push((own, plan));
            rest = after;
        }
        let mut plans = self.grouped(parts, each, lanes, false);
        match plans.pop() {
            Some(only) if plans.is_empty() => only,
            last => {
                plans.extend(last);
                let cost = sum(&plans).saturating_add(own);
                Plan { kind: Planned::All(plans), cost }
            }
        }
    }

    /// Small parts beside each other by common tables, where that is less.
    fn grouped<'p>(
        &self,
        parts: &'p [Part],
        each: Vec<(&'p [Part], Plan<'p>)>,
        lanes: usize,
        is_any: bool,
    ) -> Vec<Plan<'p>> {
        let mut plans = Vec::new();
        let mut group: Vec<Plan<'p>> = Vec::new();
        let (mut from, mut to, mut positions) = (0, 0_usize, 0_usize);
        let mut close = |group: &mut Vec<Plan<'p>>, from: usize, to: usize| {
            let tabled = parts.get(from..to).map(|parts| Tabled { parts, is_any });
            let tables = tabled.filter(|_| group.len() > 1).and_then(|parts| self.tables(parts, lanes));
            match tables {
                Some(tables) if tables.cost < sum(group) => {
                    group.clear();
                    plans.push(tables);
                }
                _ => plans.append(group),
            }
        };
        for (own, plan) in each {
            let more = own.iter().map(Part::positions).fold(0, usize::saturating_add);
            if positions.saturating_add(more) > WORD {
                close(&mut group, from, to);
                (from, positions) = (to, 0);
            }
            group.push(plan);
            positions = positions.saturating_add(more);
            to = to.saturating_add(own.len());
        }
        close(&mut group, from, to);
        plans
    }
}

fn sum(plans: &[Plan<'_>]) -> usize {
    plans.iter().map(|plan| plan.cost).fold(0, usize::saturating_add)
}
