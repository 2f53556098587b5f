//! A parsed pattern by what is told apart: classes and looks by their numbers,
//! and repetitions by their copies.

use std::collections::VecDeque;

use hashbrown::HashMap;
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use super::symbols::Ranges;

/// A part of a pattern.
#[derive(Debug)]
pub(super) enum Part {
    Look(usize),
    /// One character of a class.
    Class(usize),
    /// One after the other; none matches nothing.
    All(Vec<Part>),
    /// One of them; none never matches.
    Any(Vec<Part>),
    Copies(Box<Part>, Copies),
}

/// How often a part is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Copies {
    /// At least one.
    pub(super) count: usize,
    /// So many must match.
    pub(super) least: usize,
    /// The last one may match again and again.
    pub(super) again: bool,
}

impl Part {
    /// How many characters it has, its repetitions written out.
    pub(super) fn positions(&self) -> usize {
        match self {
            Part::Look(_) => 0,
            Part::Class(_) => 1,
            Part::All(parts) | Part::Any(parts) => {
                parts.iter().map(Part::positions).fold(0, usize::saturating_add)
            }
            Part::Copies(part, copies) => part.positions().saturating_mul(copies.count),
        }
    }

    pub(super) fn has_looks(&self) -> bool {
        match self {
            Part::Look(_) => true,
            Part::Class(_) => false,
            Part::All(parts) | Part::Any(parts) => parts.iter().any(Part::has_looks),
            Part::Copies(part, _) => part.has_looks(),
        }
    }

    /// Whether it matches nothing somewhere.
    pub(super) fn may_be_empty(&self) -> bool {
        match self {
            Part::Look(_) => true,
            Part::Class(_) => false,
            Part::All(parts) => parts.iter().all(Part::may_be_empty),
            Part::Any(parts) => parts.iter().any(Part::may_be_empty),
            Part::Copies(part, copies) => copies.least == 0 || part.may_be_empty(),
        }
    }

    /// Whether it is characters that follow each other.
    pub(super) fn is_run(&self) -> bool {
        match self {
            Part::Class(_) => true,
            Part::Copies(part, copies) => copies.is_exact() && part.is_run(),
            Part::All(parts) => !parts.is_empty() && parts.iter().all(Part::is_run),
            Part::Look(_) | Part::Any(_) => false,
        }
    }

    /// Adds its classes, where it is nothing but characters that follow each
    /// other.
    pub(super) fn follow_each_other(&self, classes: &mut Vec<usize>) -> bool {
        match self {
            Part::Class(class) => classes.push(*class),
            Part::Copies(part, copies) if copies.is_exact() => {
                return (0..copies.count).all(|_| part.follow_each_other(classes));
            }
            Part::All(parts) => return parts.iter().all(|part| part.follow_each_other(classes)),
            Part::Look(_) | Part::Any(_) | Part::Copies(..) => return false,
        }
        true
    }

    /// What of it a search needs that asks only whether a match is anywhere. Of what
    /// stands at an edge the fewest copies will do: a longer match begins earlier, or
    /// ends later, and has a match of these in it. `[ab]*a+b` is found where `ab` is.
    pub(super) fn without_loose_edges(self) -> Part {
        let Part::All(parts) = self else { return self.at_edge() };
        let mut parts = VecDeque::from(parts);
        for edge in [Edge::Front, Edge::Back] {
            while let Some(part) = edge.take(&mut parts) {
                match part.at_edge() {
                    // Nothing, so what stands next to it is at the edge.
                    Part::All(none) if none.is_empty() => {}
                    part => {
                        edge.put(&mut parts, part);
                        break;
                    }
                }
            }
        }
        match parts.pop_front() {
            Some(only) if parts.is_empty() => only,
            first => {
                first.into_iter().for_each(|first| parts.push_front(first));
                Part::All(parts.into())
            }
        }
    }

    /// The fewest copies of it. Looks ask what stands beside them, so they keep all.
    fn at_edge(self) -> Part {
        match self {
            Part::Copies(part, Copies { least: 0, .. }) if !part.has_looks() => Part::All(Vec::new()),
            Part::Copies(part, copies) if !part.has_looks() => {
                part.copies(Copies { count: copies.least, least: copies.least, again: false })
            }
            part => part,
        }
    }

    fn copies(self, copies: Copies) -> Part {
        match self {
            // What has no characters matches nothing as often as is wanted.
            part if part.positions() == 0 => {
                if copies.least == 0 {
                    Part::All(Vec::new())
                } else {
                    part
                }
            }
            part if copies == (Copies { count: 1, least: 1, again: false }) => part,
            Part::Copies(part, inner) => match Copies::joined(inner, copies) {
                Some(joined) => Part::Copies(part, joined),
                None => Part::Copies(Box::new(Part::Copies(part, inner)), copies),
            },
            part => Part::Copies(Box::new(part), copies),
        }
    }
}

/// One of the two ends of parts that follow each other.
#[derive(Clone, Copy)]
enum Edge {
    Front,
    Back,
}

impl Edge {
    fn take(self, parts: &mut VecDeque<Part>) -> Option<Part> {
        match self {
            Edge::Front => parts.pop_front(),
            Edge::Back => parts.pop_back(),
        }
    }

    fn put(self, parts: &mut VecDeque<Part>, part: Part) {
        match self {
            Edge::Front => parts.push_front(part),
            Edge::Back => parts.push_back(part),
        }
    }
}

impl Copies {
    fn is_exact(self) -> bool {
        self.least == self.count && !self.again
    }

    /// Copies of copies as copies.
    fn joined(inner: Copies, outer: Copies) -> Option<Copies> {
        if inner.count == 1 && outer.count == 1 {
            let least = inner.least.min(outer.least);
            return Some(Copies { count: 1, least, again: inner.again || outer.again });
        }
        // Copies that may each be left out are any number of those that are not.
        if (inner.count, inner.least) == (1, 0) {
            let again = inner.again || outer.again;
            return Some(Copies { count: if again { 1 } else { outer.count }, least: 0, again });
        }
        if inner.is_exact() && outer.is_exact() {
            let count = inner.count.saturating_mul(outer.count);
            return Some(Copies { count, least: count, again: false });
        }
        None
    }
}

/// Parts one after the other, or one of them.
#[derive(Clone, Copy)]
pub(super) struct Tabled<'p> {
    pub(super) parts: &'p [Part],
    pub(super) is_any: bool,
}

impl Tabled<'_> {
    pub(super) fn positions(&self) -> usize {
        self.parts.iter().map(Part::positions).fold(0, usize::saturating_add)
    }

    pub(super) fn has_looks(&self) -> bool {
        self.parts.iter().any(Part::has_looks)
    }
}

/// What the parts of a pattern name by numbers.
#[derive(Default)]
pub(super) struct Names {
    pub(super) classes: Vec<Ranges>,
    pub(super) looks: Vec<Look>,
    numbers: HashMap<Ranges, usize>,
}

impl Names {
    pub(super) fn part(&mut self, hir: &Hir) -> Part {
        match hir.kind() {
            HirKind::Empty => Part::All(Vec::new()),
            HirKind::Look(look) => Part::Look(self.look(*look)),
            HirKind::Literal(literal) => {
                // Patterns match characters, so a literal is a text.
                let text = String::from_utf8_lossy(&literal.0);
                let of_one = |character: char| vec![(u32::from(character), u32::from(character))];
                let mut classes: Vec<Part> =
                    text.chars().map(|character| Part::Class(self.class(of_one(character)))).collect();
                match classes.pop() {
                    Some(only) if classes.is_empty() => only,
                    last => {
                        classes.extend(last);
                        Part::All(classes)
                    }
                }
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (u32::from(range.start()), u32::from(range.end())));
                Part::Class(self.class(ranges.collect()))
            }
            HirKind::Class(Class::Bytes(class)) => {
                // The class that nothing is in is one of bytes.
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (u32::from(range.start()), u32::from(range.end())));
                Part::Class(self.class(ranges.collect()))
            }
            HirKind::Capture(capture) => self.part(&capture.sub),
            HirKind::Repetition(repetition) => self.repetition(repetition),
            HirKind::Concat(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    match self.part(part) {
                        Part::All(parts) => all.extend(parts),
                        part => all.push(part),
                    }
                }
                Part::All(all)
            }
            HirKind::Alternation(parts) => {
                let mut any = Vec::new();
                for part in parts {
                    match self.part(part) {
                        Part::Any(parts) => any.extend(parts),
                        part => any.push(part),
                    }
                }
                Part::Any(any)
            }
        }
    }

    fn repetition(&mut self, repetition: &Repetition) -> Part {
        let number = |times: u32| usize::try_from(times).unwrap_or(usize::MAX);
        let least = number(repetition.min);
        let count = repetition.max.map_or(least.max(1), number);
        if count == 0 {
            return Part::All(Vec::new());
        }
        self.part(&repetition.sub).copies(Copies { count, least, again: repetition.max.is_none() })
    }

    fn class(&mut self, ranges: Ranges) -> usize {
        let next = self.classes.len();
        *self.numbers.entry(ranges).or_insert_with_key(|ranges| {
            self.classes.push(ranges.clone());
            next
        })
    }

    fn look(&mut self, look: Look) -> usize {
        let known = self.looks.iter().position(|known| *known == look);
        known.unwrap_or_else(|| {
            self.looks.push(look);
            self.looks.len().saturating_sub(1)
        })
    }
}
