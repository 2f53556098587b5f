//! A small part of a pattern by tables: for every few of its positions, which
//! may follow them.

use super::bits::{WORD, bit};
use super::looks::Contexts;
use super::parts::{Part, Tabled};

/// So many positions in all lanes are worth larger tables.
const MANY: usize = 512;

/// The most bytes of those, and of the tables of any part.
const LARGE: usize = 16 * 1024;
const BYTES: usize = 32 * 1024;

/// A set of positions of a part, a bit each.
type Set = u64;

/// How large the tables of a part are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    positions: usize,
    /// How many positions are looked up at once: 4 or 8.
    pub(super) at_once: usize,
    /// 1 where no look stands in the part.
    pub(super) contexts: usize,
}

impl Size {
    /// `None` where the part is not for tables: its positions are to be one word.
    pub(super) fn of(positions: usize, lanes: usize, contexts: usize) -> Option<Size> {
        if positions == 0 || positions > WORD {
            return None;
        }
        let large = Size { positions, at_once: 8, contexts };
        if positions.saturating_mul(lanes) > MANY && large.bytes() <= LARGE {
            return Some(large);
        }
        Some(Size { at_once: 4, ..large }).filter(|size| size.bytes() <= BYTES)
    }

    /// How often a step looks up what follows.
    pub(super) fn lookups(&self) -> usize {
        self.positions.div_ceil(self.at_once)
    }

    /// How many sets of positions the table of one context has.
    fn sets(&self) -> usize {
        let rows = if self.at_once == 8 { 256 } else { 16 };
        self.lookups().saturating_mul(rows)
    }

    fn bytes(&self) -> usize {
        self.sets().saturating_mul(self.contexts).saturating_mul(size_of::<Set>())
    }
}

/// The tables of a part, and where its positions stand.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) size: Size,
    /// Of each context.
    steps: Box<[Step]>,
    /// The classes of the positions.
    pub(super) classes: Box<[usize]>,
}

/// What holds in one context.
#[derive(Debug)]
pub(super) struct Step {
    /// Where a match may begin, and end.
    pub(super) first: Set,
    pub(super) last: Set,
    pub(super) is_empty: bool,
    /// What follows each subset of the first few positions, then of the next few.
    pub(super) follow: Box<[Set]>,
}

impl Tables {
    /// INVARIANT: the parts are of a size that [`Size::of`] gives.
    pub(super) fn of(parts: Tabled<'_>, lanes: usize, contexts: &Contexts) -> Option<Tables> {
        let own = if parts.has_looks() { contexts.count } else { 1 };
        let size = Size::of(parts.positions(), lanes, own)?;
        let mut classes = Vec::new();
        let steps = (0..own).map(|context| {
            let mut walk = Walk {
                contexts,
                context,
                classes: Vec::with_capacity(size.positions),
                follow: Vec::with_capacity(size.positions),
            };
            let ends = walk.parts(parts);
            classes = walk.classes;
            Step {
                first: ends.first,
                last: ends.last,
                is_empty: ends.is_empty,
                follow: table(&walk.follow, size),
            }
        });
        let steps: Box<[Step]> = steps.collect();
        Some(Tables { size, steps, classes: classes.into() })
    }

    #[inline]
    pub(super) fn step(&self, context: usize) -> Option<&Step> {
        // Without looks there is one for all.
        self.steps.get(context).or_else(|| self.steps.first())
    }

    /// What they take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.size
            .bytes()
            .saturating_add(size_of_val(&*self.steps))
            .saturating_add(size_of_val(&*self.classes))
    }
}

/// What follows each position, as what follows each subset of the next few.
fn table(follow: &[Set], size: Size) -> Box<[Set]> {
    let mut table = Vec::with_capacity(size.sets());
    for few in follow.chunks(size.at_once) {
        let from = table.len();
        table.push(0);
        for at in 0..size.at_once {
            // The subsets without a position, and the same with it.
            let more = few.get(at).copied().unwrap_or_default();
            let known = table.len();
            table.extend_from_within(from..);
            table.iter_mut().skip(known).for_each(|set| *set |= more);
        }
    }
    table.into()
}

/// Positions at which a part may begin and end, and whether it may match
/// nothing.
#[derive(Clone, Copy)]
struct Ends {
    first: Set,
    last: Set,
    is_empty: bool,
}

const NOTHING: Ends = Ends { first: 0, last: 0, is_empty: true };
const NEVER: Ends = Ends { is_empty: false, ..NOTHING };

/// A walk over parts in one context, which numbers their positions.
struct Walk<'c> {
    contexts: &'c Contexts,
    context: usize,
    classes: Vec<usize>,
    follow: Vec<Set>,
}

impl Walk<'_> {
    fn parts(&mut self, parts: Tabled<'_>) -> Ends {
        if parts.is_any { self.any(parts.parts) } else { self.all(parts.parts) }
    }

    fn part(&mut self, part: &Part) -> Ends {
        match part {
            Part::Look(look) => Ends { is_empty: self.contexts.holds(self.context, *look), ..NOTHING },
            Part::Class(class) => {
                let own = bit(self.classes.len());
                self.classes.push(*class);
                self.follow.push(0);
                Ends { first: own, last: own, is_empty: false }
            }
            Part::All(parts) => self.all(parts),
            Part::Any(parts) => self.any(parts),
            Part::Copies(part, copies) => {
                let mut before = NOTHING;
                for copy in 1..=copies.count {
                    let mut ends = self.part(part);
                    if copies.again && copy == copies.count {
                        self.follows(ends.last, ends.first);
                    }
                    ends.is_empty |= copy > copies.least;
                    before = self.in_turn(before, ends);
                }
                before
            }
        }
    }

    fn all(&mut self, parts: &[Part]) -> Ends {
        let mut before = NOTHING;
        for part in parts {
            let ends = self.part(part);
            before = self.in_turn(before, ends);
        }
        before
    }

    fn any(&mut self, parts: &[Part]) -> Ends {
        parts.iter().fold(NEVER, |sum, part| {
            let ends = self.part(part);
            Ends {
                first: sum.first | ends.first,
                last: sum.last | ends.last,
                is_empty: sum.is_empty || ends.is_empty,
            }
        })
    }

    fn in_turn(&mut self, one: Ends, other: Ends) -> Ends {
        self.follows(one.last, other.first);
        let passed = |passes: bool, set: Set| if passes { set } else { 0 };
        Ends {
            first: one.first | passed(one.is_empty, other.first),
            last: other.last | passed(other.is_empty, one.last),
            is_empty: one.is_empty && other.is_empty,
        }
    }

    /// After each of some positions each of others may come.
    fn follows(&mut self, these: Set, those: Set) {
        let mut rest = these;
        while rest != 0 {
            let at = usize::try_from(rest.trailing_zeros()).unwrap_or_default();
            self.follow.get_mut(at).into_iter().for_each(|follow| *follow |= those);
            rest &= rest.wrapping_sub(1);
        }
    }
}
