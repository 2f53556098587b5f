//! From a parsed pattern to the nodes of its matcher.

use hashbrown::HashMap;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::model::{Child, Kind, Node, PositionMatcher, WORD};
use super::symbols::{Ranges, Symbols};

/// A matcher in the making.
#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    children: Vec<Child>,
    /// How many words the marks of nodes take so far.
    words: usize,
    /// The same of runs.
    run_words: usize,
    classes: Vec<Ranges>,
    numbers: HashMap<Ranges, usize>,
    /// Of each run the classes that follow each other in it.
    runs: Vec<Vec<usize>>,
}

impl PositionMatcher {
    pub(crate) fn of(hir: &Hir) -> PositionMatcher {
        let mut builder = Builder::default();
        builder.node(hir, 1);
        let (symbols, sets) = Symbols::of(&builder.classes);
        let holds = |set: &[u64], class: usize| {
            let bit = 1_u64.rotate_left(u32::try_from(class % WORD).unwrap_or(0));
            set.get(class / WORD).is_some_and(|word| word & bit != 0)
        };
        let fits = (0..builder.classes.len()).flat_map(|class| sets.iter().map(move |set| holds(set, class)));
        let fits: Box<[bool]> = fits.collect();
        let mut masks = Vec::new();
        let mut masks_of = Vec::with_capacity(builder.runs.len());
        for run in &builder.runs {
            masks_of.push(masks.len());
            for set in &sets {
                masks.extend(run.chunks(WORD).map(|classes| {
                    let bits = classes.iter().rev();
                    bits.fold(0_u64, |word, class| word.rotate_left(1) | u64::from(holds(set, *class)))
                }));
            }
        }
        PositionMatcher {
            nodes: builder.nodes.into(),
            children: builder.children.into(),
            words: builder.words,
            run_words: builder.run_words,
            symbol_count: sets.len(),
            symbols,
            fits,
            masks: masks.into(),
            masks_of: masks_of.into(),
            only_at_start: hir.properties().look_set_prefix().contains(regex_syntax::hir::Look::Start),
        }
    }
}

/// A repetition by its copies, one after the other.
#[derive(Clone, Copy)]
struct Copies {
    count: usize,
    /// So many must match.
    least: usize,
    /// The last one may match again and again.
    again: bool,
}

impl Copies {
    fn of(repetition: &Repetition) -> Copies {
        let number = |times: u32| usize::try_from(times).unwrap_or(usize::MAX);
        let least = number(repetition.min);
        let count = repetition.max.map_or(least.max(1), number);
        Copies { count, least, again: repetition.max.is_none() }
    }
}

/// How many words one step through a node goes over, with so many lanes.
fn step_of(hir: &Hir, lanes: usize) -> usize {
    let words = lanes.div_ceil(WORD);
    let below =
        |parts: &[Hir]| parts.iter().map(|part| step_of(part, lanes)).fold(words, usize::saturating_add);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => words,
        HirKind::Literal(literal) if lanes == 1 => literal.0.len().div_ceil(WORD),
        HirKind::Literal(literal) => literal.0.len().saturating_add(1).saturating_mul(words),
        HirKind::Capture(capture) => step_of(&capture.sub, lanes),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => below(parts),
        HirKind::Repetition(repetition) => {
            let copies = Copies::of(repetition);
            let one_by_one = copies.count.saturating_mul(step_of(&repetition.sub, lanes));
            let step = match in_lanes(repetition, copies, lanes) {
                Some(in_lanes) => in_lanes.min(one_by_one),
                None => one_by_one,
            };
            step.saturating_add(words)
        }
    }
}

/// The same of a repetition whose copies are the lanes of one; none where
/// lanes are taken already.
fn in_lanes(repetition: &Repetition, copies: Copies, lanes: usize) -> Option<usize> {
    (lanes == 1 && copies.count > 1).then(|| step_of(&repetition.sub, copies.count))
}

impl Builder {
    /// The node of a part that has so many lanes; more than one where it stands
    /// in a repetition whose copies they are.
    fn node(&mut self, hir: &Hir, lanes: usize) -> Child {
        match hir.kind() {
            HirKind::Empty => self.add(Kind::Empty, lanes),
            HirKind::Look(look) => self.add(Kind::Look(*look), lanes),
            HirKind::Literal(_) | HirKind::Class(_) => {
                let classes = self.classes_of(hir).unwrap_or_default();
                self.follow(classes, lanes)
            }
            HirKind::Capture(capture) => self.node(&capture.sub, lanes),
            HirKind::Repetition(repetition) => self.repetition(repetition, lanes),
            HirKind::Concat(parts) => self.concatenation(parts, lanes),
            HirKind::Alternation(parts) => {
                let parts = parts.iter().map(|part| self.node(part, lanes)).collect();
                self.parent(parts, lanes, Kind::Any)
            }
        }
    }

    fn add(&mut self, kind: Kind, lanes: usize) -> Child {
        let words = lanes.div_ceil(WORD);
        let child = Child { number: self.nodes.len(), at: self.words };
        self.nodes.push(Node { at: self.words, words, kind });
        self.words = self.words.saturating_add(words);
        child
    }

    fn parent(
        &mut self,
        children: Vec<Child>,
        lanes: usize,
        kind: impl FnOnce(std::ops::Range<usize>) -> Kind,
    ) -> Child {
        let from = self.children.len();
        self.children.extend(children);
        self.add(kind(from..self.children.len()), lanes)
    }

    /// The classes that follow each other in a literal, or the one class.
    fn classes_of(&mut self, hir: &Hir) -> Option<Vec<usize>> {
        match hir.kind() {
            HirKind::Literal(literal) => {
                // Patterns match characters, so a literal is a text.
                let text = String::from_utf8_lossy(&literal.0);
                let of_one = |character: char| vec![(u32::from(character), u32::from(character))];
                Some(text.chars().map(|character| self.class(of_one(character))).collect())
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (u32::from(range.start()), u32::from(range.end())));
                Some(vec![self.class(ranges.collect())])
            }
            HirKind::Class(Class::Bytes(class)) => {
                // The class that nothing is in is one of bytes.
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (u32::from(range.start()), u32::from(range.end())));
                Some(vec![self.class(ranges.collect())])
            }
            _ => None,
        }
    }

    fn class(&mut self, ranges: Ranges) -> usize {
        let next = self.classes.len();
        *self.numbers.entry(ranges).or_insert_with_key(|ranges| {
            self.classes.push(ranges.clone());
            next
        })
    }

    /// Classes one after the other: a run where there are no lanes.
    fn follow(&mut self, classes: Vec<usize>, lanes: usize) -> Child {
        match classes.as_slice() {
            [class] => self.add(Kind::Class(*class), lanes),
            _ if lanes == 1 => {
                let words = classes.len().div_ceil(WORD);
                let kind = Kind::Run {
                    run: self.runs.len(),
                    from: self.run_words,
                    words,
                    last: classes.len().saturating_sub(1),
                };
                self.run_words = self.run_words.saturating_add(words);
                self.runs.push(classes);
                self.add(kind, lanes)
            }
            _ => {
                let classes = classes.into_iter().map(|class| self.add(Kind::Class(class), lanes)).collect();
                self.parent(classes, lanes, Kind::All)
            }
        }
    }

    fn concatenation(&mut self, parts: &[Hir], lanes: usize) -> Child {
        let mut nodes = Vec::new();
        let mut classes = Vec::new();
        for part in parts {
            if let Some(more) = self.classes_of(part) {
                classes.extend(more);
                continue;
            }
            if !classes.is_empty() {
                nodes.push(self.follow(std::mem::take(&mut classes), lanes));
            }
            nodes.push(self.node(part, lanes));
        }
        if !classes.is_empty() {
            nodes.push(self.follow(classes, lanes));
        }
        self.parent(nodes, lanes, Kind::All)
    }

    fn repetition(&mut self, repetition: &Repetition, lanes: usize) -> Child {
        let copies @ Copies { count, least, again } = Copies::of(repetition);
        let one_by_one = count.saturating_mul(step_of(&repetition.sub, lanes));
        match count {
            0 => self.add(Kind::Empty, lanes),
            1 => {
                let child = self.node(&repetition.sub, lanes);
                self.add(Kind::Once { child, again, may_be_none: least == 0 }, lanes)
            }
            _ if in_lanes(repetition, copies, lanes).is_some_and(|in_lanes| in_lanes < one_by_one) => {
                let child = self.node(&repetition.sub, count);
                self.add(Kind::Lanes { child, lanes: count, least, again }, lanes)
            }
            _ => {
                let children = (0..count).map(|_| self.node(&repetition.sub, lanes)).collect();
                self.parent(children, lanes, |children| Kind::Copies { children, least, again })
            }
        }
    }
}
