//! A text gone through, character by character.

use regex_syntax::hir::Look;

use std::ops::Range;

use super::model::{Child, Kind, Node, PositionMatcher, WORD};

/// The space to run in: one for a thread, for any number of matchers.
#[derive(Debug, Default)]
pub(crate) struct PositionSpace {
    /// Where a match of a node may begin, at the place of the text.
    begins: Vec<u64>,
    /// Where one has ended there.
    ends: Vec<u64>,
    /// How far each run has matched.
    runs: Vec<u64>,
    /// Every bit where a node matches nothing at the place, else none.
    empty: Vec<u64>,
}

impl PositionSpace {
    fn clear(&mut self, matcher: &PositionMatcher) {
        for (words, count) in [
            (&mut self.begins, matcher.words),
            (&mut self.ends, matcher.words),
            (&mut self.runs, matcher.run_words),
        ] {
            words.clear();
            words.resize(count, 0);
        }
        self.empty.clear();
        self.empty.resize(matcher.nodes.len(), 0);
    }
}

#[inline]
fn word(words: &[u64], at: usize) -> u64 {
    words.get(at).copied().unwrap_or_default()
}

#[inline]
fn put(words: &mut [u64], at: usize, value: u64) {
    if let Some(word) = words.get_mut(at) {
        *word = value;
    }
}

/// The bit of a lane in its word.
#[inline]
fn bit(lane: usize) -> u64 {
    1_u64.rotate_left(u32::try_from(lane % WORD).unwrap_or_default())
}

/// The bits from a lane of a word on.
#[inline]
fn from_bit(lane: usize) -> u64 {
    u64::MAX.wrapping_mul(bit(lane))
}

/// Whether a look holds between two characters, or at an end of the text. Word
/// boundaries are those of ASCII, as the language has them.
fn holds(look: Look, before: Option<char>, after: Option<char>) -> bool {
    let is_word = |side: Option<char>| side.is_some_and(|side| side.is_ascii_alphanumeric() || side == '_');
    let (word_before, word_after) = (is_word(before), is_word(after));
    match look {
        Look::Start => before.is_none(),
        Look::End => after.is_none(),
        Look::StartLF => before.is_none_or(|before| before == '\n'),
        Look::EndLF => after.is_none_or(|after| after == '\n'),
        Look::StartCRLF => {
            before.is_none_or(|before| before == '\n' || (before == '\r' && after != Some('\n')))
        }
        Look::EndCRLF => after.is_none_or(|after| after == '\r' || (after == '\n' && before != Some('\r'))),
        Look::WordAscii | Look::WordUnicode => word_before != word_after,
        Look::WordAsciiNegate | Look::WordUnicodeNegate => word_before == word_after,
        Look::WordStartAscii | Look::WordStartUnicode => !word_before && word_after,
        Look::WordEndAscii | Look::WordEndUnicode => word_before && !word_after,
        Look::WordStartHalfAscii | Look::WordStartHalfUnicode => !word_before,
        Look::WordEndHalfAscii | Look::WordEndHalfUnicode => !word_after,
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
            self.settle(before, after, space);
            if space.empty.last() != Some(&0) || word(&space.ends, root.at) != 0 {
                return true;
            }
            let Some(character) = after else { return false };
            // A match may begin at every place.
            put(&mut space.begins, root.at, 1);
            let is_alive = self.step(self.symbols.of_character(character), space);
            if self.only_at_start && !is_alive {
                return false;
            }
            (before, after) = (after, rest.next());
        }
    }

    /// What it takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        [
            size_of_val(&*self.nodes),
            size_of_val(&*self.children),
            size_of_val(&*self.fits),
            size_of_val(&*self.masks),
            size_of_val(&*self.masks_of),
            self.symbols.bytes(),
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }

    fn children(&self, of: &Range<usize>) -> &[Child] {
        self.children.get(of.clone()).unwrap_or_default()
    }

    /// Which nodes match nothing at a place of the text, and where matches have
    /// ended there: from the leaves up.
    fn settle(&self, before: Option<char>, after: Option<char>, space: &mut PositionSpace) {
        for (number, node) in self.nodes.iter().enumerate() {
            let is_empty = match &node.kind {
                Kind::Empty => u64::MAX,
                Kind::Look(look) => all_bits(holds(*look, before, after)),
                Kind::Class(_) => 0,
                Kind::Run { from, words, last, .. } => {
                    let end = word(&space.runs, from.wrapping_add(*words).wrapping_sub(1)) & bit(*last);
                    put(&mut space.ends, node.at, u64::from(end != 0));
                    0
                }
                Kind::All(children) => settle_all(node, self.children(children), space),
                Kind::Any(children) => settle_any(node, self.children(children), space),
                Kind::Once { child, may_be_none, .. } => {
                    settle_any(node, &[*child], space) | all_bits(*may_be_none)
                }
                Kind::Copies { children, least, .. } => {
                    let children = self.children(children);
                    let is_empty = children.first().map_or(0, |first| word(&space.empty, first.number));
                    // What matches nothing may stand for all copies that are left.
                    let skipped = if is_empty == 0 { least.saturating_sub(1) } else { 0 };
                    settle_any(node, children.get(skipped..).unwrap_or_default(), space);
                    is_empty | all_bits(*least == 0)
                }
                Kind::Lanes { child, lanes, least, .. } => {
                    let is_empty = word(&space.empty, child.number);
                    let skipped = if is_empty == 0 { least.saturating_sub(1) } else { 0 };
                    let ends = space.ends.get(child.at..child.at.wrapping_add(lanes.div_ceil(WORD)));
                    let mut ends = ends.unwrap_or_default().iter().skip(skipped / WORD);
                    let has_end = ends.next().is_some_and(|first| first & from_bit(skipped) != 0)
                        || ends.any(|word| *word != 0);
                    put(&mut space.ends, node.at, u64::from(has_end));
                    is_empty | all_bits(*least == 0)
                }
            };
            put(&mut space.empty, number, is_empty);
        }
    }

    /// Goes over a character: from where matches may begin, down to its leaves,
    /// where they go on. Whether any does.
    fn step(&self, symbol: usize, space: &mut PositionSpace) -> bool {
        let mut alive = 0;
        for node in self.nodes.iter().rev() {
            match &node.kind {
                Kind::Empty | Kind::Look(_) => {}
                Kind::Class(class) => {
                    let at = class.saturating_mul(self.symbol_count).saturating_add(symbol);
                    let fits = self.fits.get(at) == Some(&true);
                    for at in node.at..node.at.wrapping_add(node.words) {
                        let mark = if fits { word(&space.begins, at) } else { 0 };
                        put(&mut space.ends, at, mark);
                        alive |= mark;
                    }
                }
                Kind::Run { run, from, words, .. } => {
                    let masks = self.masks_of.get(*run).copied().unwrap_or(usize::MAX);
                    let masks = masks.saturating_add(symbol.saturating_mul(*words));
                    let mut carry = word(&space.begins, node.at);
                    for at in 0..*words {
                        let place = from.wrapping_add(at);
                        let marks = word(&space.runs, place);
                        let mask = word(&self.masks, masks.wrapping_add(at));
                        let moved = (marks.wrapping_shl(1) | carry) & mask;
                        carry = marks.wrapping_shr(63);
                        put(&mut space.runs, place, moved);
                        alive |= moved;
                    }
                }
                Kind::All(children) => begin_in_turn(node, self.children(children), space),
                Kind::Any(children) => {
                    for child in self.children(children) {
                        begin(node, *child, false, space);
                    }
                }
                Kind::Once { child, again, .. } => begin(node, *child, *again, space),
                Kind::Copies { children, again, .. } => {
                    let children = self.children(children);
                    begin_in_turn(node, children, space);
                    if let Some(last) = children.last().filter(|_| *again) {
                        for at in last.at..last.at.wrapping_add(node.words) {
                            let more = word(&space.begins, at) | word(&space.ends, at);
                            put(&mut space.begins, at, more);
                        }
                    }
                }
                Kind::Lanes { child, lanes, again, .. } => {
                    begin_lanes(node, *child, *lanes, *again, space);
                }
            }
        }
        alive != 0
    }
}

/// Every bit, or none.
#[inline]
fn all_bits(all: bool) -> u64 {
    if all { u64::MAX } else { 0 }
}

/// Where children one after the other have ended, and whether all match nothing.
#[inline]
fn settle_all(node: &Node, children: &[Child], space: &mut PositionSpace) -> u64 {
    let mut is_empty = u64::MAX;
    for at in 0..node.words {
        let mut ends = 0;
        is_empty = u64::MAX;
        for child in children {
            let passes = word(&space.empty, child.number);
            ends = (ends & passes) | word(&space.ends, child.at.wrapping_add(at));
            is_empty &= passes;
        }
        put(&mut space.ends, node.at.wrapping_add(at), ends);
    }
    is_empty
}

/// Where any of the children has ended, and whether any matches nothing.
#[inline]
fn settle_any(node: &Node, children: &[Child], space: &mut PositionSpace) -> u64 {
    let mut is_empty = 0;
    for at in 0..node.words {
        let mut ends = 0;
        for child in children {
            ends |= word(&space.ends, child.at.wrapping_add(at));
            is_empty |= word(&space.empty, child.number);
        }
        put(&mut space.ends, node.at.wrapping_add(at), ends);
    }
    is_empty
}

/// Each child begins where the one before has ended, or where it began and
/// matches nothing.
#[inline]
fn begin_in_turn(node: &Node, children: &[Child], space: &mut PositionSpace) {
    for at in 0..node.words {
        let mut begins = word(&space.begins, node.at.wrapping_add(at));
        for child in children {
            let place = child.at.wrapping_add(at);
            put(&mut space.begins, place, begins);
            begins = (begins & word(&space.empty, child.number)) | word(&space.ends, place);
        }
    }
}

/// A child begins where its parent does; with `again` also where it has ended.
#[inline]
fn begin(node: &Node, child: Child, again: bool, space: &mut PositionSpace) {
    for at in 0..node.words {
        let place = child.at.wrapping_add(at);
        let ended = if again { word(&space.ends, place) } else { 0 };
        let begins = word(&space.begins, node.at.wrapping_add(at)) | ended;
        put(&mut space.begins, place, begins);
    }
}

/// Each lane begins where the one before has ended, the first one where its
/// parent begins; the last one also where it has ended itself, if it may match
/// `again`. A copy that is empty is passed over, and so are all after it.
fn begin_lanes(node: &Node, child: Child, lanes: usize, again: bool, space: &mut PositionSpace) {
    let is_empty = word(&space.empty, child.number) != 0;
    let words = lanes.div_ceil(WORD);
    let mut carry = word(&space.begins, node.at);
    let mut passed = false;
    for at in 0..words {
        let place = child.at.wrapping_add(at);
        let ends = word(&space.ends, place);
        let mut begins = ends.wrapping_shl(1) | carry;
        carry = ends.wrapping_shr(63);
        let is_last = at.wrapping_add(1) == words;
        let last = lanes.saturating_sub(1);
        if is_last && again {
            begins |= ends & bit(last);
        }
        if is_empty {
            if passed {
                begins = u64::MAX;
            } else if begins != 0 {
                // From the lowest bit on.
                begins |= u64::MAX.wrapping_mul(begins & begins.wrapping_neg());
                passed = true;
            }
        }
        if is_last {
            begins &= !from_bit(last).wrapping_shl(1);
        }
        put(&mut space.begins, place, begins);
    }
}
