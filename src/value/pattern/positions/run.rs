//! A text gone through, character by character.

use super::bits::{WORD, add, add_moved, bit, low, put, read, spread, up, word};
use super::model::{Child, Kind, Node, Places, PositionMatcher};
use super::parts::Copies;
use super::tables::{Step, Tables};

/// The space to run in: one for a thread, for any number of matchers.
#[derive(Debug, Default)]
pub(crate) struct PositionSpace {
    /// Where a match of a node may begin, at the place of the text.
    begins: Vec<u64>,
    /// Where one has ended there.
    ends: Vec<u64>,
    /// How far runs and tables have matched.
    places: Vec<u64>,
    /// Whether a node matches nothing at the place.
    empty: Vec<bool>,
}

impl PositionSpace {
    fn clear(&mut self, matcher: &PositionMatcher) {
        for (words, count) in [
            (&mut self.begins, matcher.words),
            (&mut self.ends, matcher.words),
            (&mut self.places, matcher.place_words),
        ] {
            words.clear();
            words.resize(count, 0);
        }
        self.empty.clear();
        self.empty.resize(matcher.nodes.len(), false);
    }

    #[inline]
    fn is_empty(&self, child: Child) -> bool {
        self.empty.get(child.number) == Some(&true)
    }

    /// The marks of a node, and those of its child, which stand before it.
    #[inline]
    fn of_both<'w>(words: &'w mut [u64], node: &Node, child: Child) -> (&'w mut [u64], &'w mut [u64]) {
        let (before, from_node) = words.split_at_mut_checked(node.at).unwrap_or_default();
        (from_node.get_mut(..node.words).unwrap_or_default(), before.get_mut(child.at..).unwrap_or_default())
    }
}

impl PositionMatcher {
    /// Whether the pattern matches a part of the text.
    pub(crate) fn is_match(&self, text: &str, space: &mut PositionSpace) -> bool {
        space.clear(self);
        let Some(root) = self.nodes.last() else { return false };
        let mut rest = text.chars();
        let (mut before, mut after) = (None, rest.next());
        loop {
            let context = self.contexts.between(before, after);
            self.settle(context, space);
            if space.empty.last() == Some(&true) || word(&space.ends, root.at) != 0 {
                return true;
            }
            let Some(character) = after else { return false };
            // A match may begin at every place.
            put(&mut space.begins, root.at, 1);
            let is_alive = self.step(context, self.symbols.of_character(character), space);
            if self.only_at_start && !is_alive {
                return false;
            }
            (before, after) = (after, rest.next());
        }
    }

    /// What it takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let tables = self.tables.iter().map(|tables| tables.bytes().saturating_add(size_of::<Tables>()));
        [
            size_of_val(&*self.nodes),
            size_of_val(&*self.children),
            size_of_val(&*self.fits),
            size_of_val(&*self.masks),
            self.symbols.bytes(),
            self.contexts.bytes(),
        ]
        .into_iter()
        .chain(tables)
        .fold(0, usize::saturating_add)
    }

    fn children(&self, of: &std::ops::Range<usize>) -> &[Child] {
        self.children.get(of.clone()).unwrap_or_default()
    }

    /// Which nodes match nothing at a place of the text, and where matches have
    /// ended there: from the leaves up.
    fn settle(&self, context: usize, space: &mut PositionSpace) {
        for (number, node) in self.nodes.iter().enumerate() {
            let is_empty = match &node.kind {
                Kind::Look(look) => self.contexts.holds(context, *look),
                Kind::Class(_) => false,
                Kind::Run(places, count) => {
                    let last = count.wrapping_sub(1).wrapping_mul(node.lanes);
                    let run = space.places.get(places.range()).unwrap_or_default();
                    put(&mut space.ends, node.at, read(run, last));
                    false
                }
                Kind::Repeated(places) => {
                    let exits = self.masks_of(*places, places.words, self.symbol_count);
                    let run = space.places.get(places.range()).unwrap_or_default();
                    let any = run.iter().zip(exits).fold(0, |any, (run, exits)| any | (run & exits));
                    put(&mut space.ends, node.at, u64::from(any != 0));
                    false
                }
                Kind::Tables(places, tables) => self.settle_tables(node, *places, *tables, context, space),
                Kind::All(children) => settle_all(node, self.children(children), space),
                Kind::Any(children) => settle_any(node, self.children(children), space),
                Kind::Copies(child, copies) => settle_copies(node, *child, *copies, space),
            };
            let is_empty = is_empty || node.may_be_none;
            space.empty.get_mut(number).into_iter().for_each(|empty| *empty = is_empty);
        }
    }

    /// Goes over a character: from where matches may begin, down to the leaves,
    /// where they go on. Whether any does.
    fn step(&self, context: usize, symbol: usize, space: &mut PositionSpace) -> bool {
        let mut alive = 0;
        for node in self.nodes.iter().rev() {
            if node.again {
                let ends = space.ends.get(node.marks()).unwrap_or_default();
                let begins = space.begins.get_mut(node.at..).unwrap_or_default();
                begins.iter_mut().zip(ends).for_each(|(begins, ends)| *begins |= *ends);
            }
            match &node.kind {
                Kind::Look(_) => {}
                Kind::Class(class) => {
                    let at = class.wrapping_mul(self.symbol_count).wrapping_add(symbol);
                    let mask = if self.fits.get(at) == Some(&true) { u64::MAX } else { 0 };
                    let ends = space.ends.get_mut(node.marks()).unwrap_or_default();
                    for (ends, begins) in ends.iter_mut().zip(space.begins.get(node.at..).unwrap_or_default())
                    {
                        *ends = begins & mask;
                        alive |= *ends;
                    }
                }
                Kind::Run(places, _) | Kind::Repeated(places) => {
                    let masks = self.masks_of(*places, places.words, symbol);
                    let mut carry = word(&space.begins, node.at);
                    let run = space.places.get_mut(places.range()).unwrap_or_default();
                    for (place, mask) in run.iter_mut().zip(masks) {
                        let (moved, next) = up(*place, node.lanes);
                        *place = (moved | carry) & mask;
                        carry = next;
                        alive |= *place;
                    }
                }
                Kind::Tables(places, tables) => {
                    let Some(tables) = self.tables.get(*tables) else { continue };
                    let Some(step) = tables.step(context) else { continue };
                    let mask = word(self.masks_of(*places, 1, symbol), 0);
                    let sets = space.places.get_mut(places.range()).unwrap_or_default();
                    let begins = space.begins.get(node.marks()).unwrap_or_default();
                    alive |= if tables.size.at_once == 8 {
                        step_tables(step, begins, sets, mask, follow_by_eight)
                    } else {
                        step_tables(step, begins, sets, mask, follow_by_four)
                    };
                }
                Kind::All(children) => begin_in_turn(node, self.children(children), space),
                Kind::Any(children) if node.words == 1 => {
                    let begins = word(&space.begins, node.at);
                    for child in self.children(children) {
                        put(&mut space.begins, child.at, begins);
                    }
                }
                Kind::Any(children) => {
                    for child in self.children(children) {
                        let (own, begins) = PositionSpace::of_both(&mut space.begins, node, *child);
                        begins.iter_mut().zip(own).for_each(|(begins, own)| *begins = *own);
                    }
                }
                Kind::Copies(child, copies) => begin_copies(node, *child, *copies, space),
            }
        }
        alive != 0
    }

    /// At which of some positions a symbol fits.
    #[inline]
    fn masks_of(&self, places: Places, words: usize, symbol: usize) -> &[u64] {
        let from = places.masks.wrapping_add(symbol.wrapping_mul(words));
        self.masks.get(from..from.wrapping_add(words)).unwrap_or_default()
    }

    /// In which lanes tables are at an end.
    fn settle_tables(
        &self,
        node: &Node,
        places: Places,
        tables: usize,
        context: usize,
        space: &mut PositionSpace,
    ) -> bool {
        let Some(tables) = self.tables.get(tables) else { return false };
        let Some(step) = tables.step(context) else { return false };
        let sets = space.places.get(places.range()).unwrap_or_default();
        let ends = space.ends.get_mut(node.marks()).unwrap_or_default();
        for (ends, sets) in ends.iter_mut().zip(sets.chunks(WORD)) {
            let at_end = sets.iter().enumerate().filter(|(_, set)| **set & step.last != 0);
            *ends = at_end.fold(0, |lanes, (lane, _)| lanes | bit(lane));
        }
        step.is_empty
    }
}

/// Goes over a character in each lane of tables. Any bit where a lane is alive.
#[inline]
fn step_tables(
    step: &Step,
    begins: &[u64],
    sets: &mut [u64],
    mask: u64,
    follow: impl Fn(&[u64], u64) -> u64,
) -> u64 {
    let mut alive = 0;
    for (sets, begins) in sets.chunks_mut(WORD).zip(begins) {
        for (lane, set) in sets.iter_mut().enumerate() {
            let first = if begins & bit(lane) != 0 { step.first } else { 0 };
            if *set | first != 0 {
                *set = (first | follow(&step.follow, *set)) & mask;
                alive |= *set;
            }
        }
    }
    alive
}

#[inline]
fn follow_by_eight(follow: &[u64], set: u64) -> u64 {
    let rows = follow.as_chunks::<256>().0.iter().zip(set.to_le_bytes());
    rows.fold(0, |next, (rows, byte)| next | word(rows, usize::from(byte)))
}

#[inline]
fn follow_by_four(follow: &[u64], set: u64) -> u64 {
    let mut rest = set;
    follow.as_chunks::<16>().0.iter().fold(0, |next, rows| {
        let [low, ..] = rest.to_le_bytes();
        rest = rest.wrapping_shr(4);
        next | word(rows, usize::from(low & 15))
    })
}

/// Where children one after the other have ended, and whether all match nothing.
fn settle_all(node: &Node, children: &[Child], space: &mut PositionSpace) -> bool {
    // What has ended before those that match nothing has ended behind them.
    let mut is_empty = true;
    if node.words == 1 {
        let mut sum = 0;
        for child in children.iter().rev() {
            sum |= word(&space.ends, child.at);
            is_empty = space.is_empty(*child);
            if !is_empty {
                break;
            }
        }
        put(&mut space.ends, node.at, sum);
        return is_empty;
    }
    space.ends.get_mut(node.marks()).unwrap_or_default().fill(0);
    for child in children.iter().rev() {
        let (own, ends) = PositionSpace::of_both(&mut space.ends, node, *child);
        own.iter_mut().zip(ends).for_each(|(own, ends)| *own |= *ends);
        is_empty = space.is_empty(*child);
        if !is_empty {
            break;
        }
    }
    is_empty
}

/// Where any of the children has ended, and whether any matches nothing.
fn settle_any(node: &Node, children: &[Child], space: &mut PositionSpace) -> bool {
    let mut is_empty = false;
    if node.words == 1 {
        let mut sum = 0;
        for child in children {
            sum |= word(&space.ends, child.at);
            is_empty |= space.is_empty(*child);
        }
        put(&mut space.ends, node.at, sum);
        return is_empty;
    }
    space.ends.get_mut(node.marks()).unwrap_or_default().fill(0);
    for child in children {
        let (own, ends) = PositionSpace::of_both(&mut space.ends, node, *child);
        own.iter_mut().zip(ends).for_each(|(own, ends)| *own |= *ends);
        is_empty |= space.is_empty(*child);
    }
    is_empty
}

/// In which lanes enough copies have ended.
fn settle_copies(node: &Node, child: Child, copies: Copies, space: &mut PositionSpace) -> bool {
    let is_empty = space.is_empty(child);
    // What matches nothing may stand for all copies that are left.
    let skipped = if is_empty { 0 } else { copies.least.saturating_sub(1) };
    let (lanes, all) = (node.lanes, node.lanes.wrapping_mul(copies.count));
    let (own, ends) = PositionSpace::of_both(&mut space.ends, node, child);
    let ends = ends.get(..all.div_ceil(WORD)).unwrap_or_default();
    let from = skipped.wrapping_mul(lanes);
    if lanes == 1 {
        let mut ends = ends.get(from / WORD..).unwrap_or_default().iter();
        let first = ends.next().is_some_and(|ends| ends & !low(from % WORD) != 0);
        let any = first || ends.any(|ends| *ends != 0);
        own.first_mut().into_iter().for_each(|own| *own = u64::from(any));
    } else if skipped.wrapping_add(1) == copies.count || lanes >= WORD {
        own.fill(0);
        for copy in skipped..copies.count {
            let from = copy.wrapping_mul(lanes);
            for (at, own) in own.iter_mut().enumerate() {
                *own |= read(ends, at.wrapping_mul(WORD).wrapping_add(from));
            }
        }
        if let Some(last) = own.last_mut().filter(|_| lanes % WORD != 0) {
            *last &= low(lanes % WORD);
        }
    } else if let Some(own) = own.first_mut() {
        // As many copies at once as have room in a word.
        let at_once = WORD.checked_div(lanes).unwrap_or(1).wrapping_mul(lanes);
        let mut sum = 0;
        let mut from = from;
        while from < all {
            sum |= read(ends, from) & low(at_once);
            from = from.wrapping_add(at_once);
        }
        let mut step = lanes;
        while step < WORD {
            sum |= sum.wrapping_shr(u32::try_from(step).unwrap_or_default());
            step = step.wrapping_mul(2);
        }
        *own = sum & low(lanes);
    }
    is_empty || copies.least == 0
}

/// Each child begins where the one before has ended, or where it began and
/// matches nothing.
fn begin_in_turn(node: &Node, children: &[Child], space: &mut PositionSpace) {
    if node.words == 1 {
        let mut begins = word(&space.begins, node.at);
        for child in children {
            put(&mut space.begins, child.at, begins);
            let passed = if space.is_empty(*child) { begins } else { 0 };
            begins = word(&space.ends, child.at) | passed;
        }
        return;
    }
    let Some((first, rest)) = children.split_first() else { return };
    let (own, begins) = PositionSpace::of_both(&mut space.begins, node, *first);
    begins.iter_mut().zip(own).for_each(|(begins, own)| *begins = *own);
    let mut before = *first;
    for child in rest {
        let passes = space.is_empty(before);
        let (early, late) = space.begins.split_at_mut_checked(child.at).unwrap_or_default();
        let begins = late.get_mut(..node.words).unwrap_or_default();
        let ends = space.ends.get(before.at..).unwrap_or_default();
        begins.iter_mut().zip(ends).for_each(|(begins, ends)| *begins = *ends);
        if passes {
            let before = early.get(before.at..).unwrap_or_default();
            begins.iter_mut().zip(before).for_each(|(begins, before)| *begins |= *before);
        }
        before = *child;
    }
}

/// Each copy begins where the one before has ended, the first one where its
/// parent begins; the last one also where it has ended itself, if it may match
/// again. A copy that is empty is passed over, and so are all after it.
fn begin_copies(node: &Node, child: Child, copies: Copies, space: &mut PositionSpace) {
    let is_empty = space.is_empty(child);
    let (lanes, all) = (node.lanes, node.lanes.wrapping_mul(copies.count));
    let words = all.div_ceil(WORD);
    let (own, begins) = PositionSpace::of_both(&mut space.begins, node, child);
    let begins = begins.get_mut(..words).unwrap_or_default();
    let ends = space.ends.get(child.at..child.at.wrapping_add(words)).unwrap_or_default();
    if lanes < WORD {
        let mut carry = word(own, 0);
        for (begins, ends) in begins.iter_mut().zip(ends) {
            let (here, next) = up(*ends, lanes);
            *begins = here | carry;
            carry = next;
        }
    } else {
        begins.fill(0);
        add_moved(begins, ends, lanes);
        begins.iter_mut().zip(own).for_each(|(begins, own)| *begins |= *own);
    }
    if copies.again {
        let last = all.wrapping_sub(lanes);
        for at in (last..all).step_by(WORD) {
            add(begins, at, read(ends, at));
        }
    }
    if is_empty && begins.iter().any(|begins| *begins != 0) {
        spread(begins, lanes);
    }
    if let Some(last) = begins.last_mut().filter(|_| all % WORD != 0) {
        *last &= low(all % WORD);
    }
}
