//! All needles in one Aho-Corasick automaton.

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::nfa::{contiguous, noncontiguous};

/// The largest table of transitions, in bytes: it stays in the second cache.
/// Larger automata follow failure transitions instead, which takes a fifth of
/// the memory and about twice the time a byte.
const TABLE_BYTES: usize = 1024 * 1024;

/// An automaton that finds every occurrence of its needles in one pass.
#[derive(Debug)]
pub(super) struct NeedleAutomaton {
    kind: Kind,
    start: StateID,
}

#[derive(Debug)]
enum Kind {
    Table(DFA),
    Failures(contiguous::NFA),
}

impl NeedleAutomaton {
    /// Of needles that are not empty and differ. With `any_case` they are in
    /// lower case, and found in any case of ASCII letters. `None` where they
    /// are too many for the states' numbers of 31 bits.
    pub(super) fn of(needles: &[Vec<u8>], any_case: bool) -> Option<NeedleAutomaton> {
        // A prefilter would look for the first needle only where there are few.
        let states = noncontiguous::Builder::new()
            .ascii_case_insensitive(any_case)
            .prefilter(false)
            .build(needles)
            .ok()?;
        let kind = if table_bytes(needles, any_case) <= TABLE_BYTES {
            Kind::Table(DFA::builder().build_from_noncontiguous(&states).ok()?)
        } else {
            Kind::Failures(contiguous::NFA::builder().build_from_noncontiguous(&states).ok()?)
        };
        let start = match &kind {
            Kind::Table(automaton) => automaton.start_state(Anchored::No),
            Kind::Failures(automaton) => automaton.start_state(Anchored::No),
        };
        Some(NeedleAutomaton { kind, start: start.ok()? })
    }

    /// Calls with the number of each needle and the place after it, for every
    /// occurrence.
    #[inline]
    pub(super) fn find(&self, text: &[u8], hit: impl FnMut(usize, usize)) {
        match &self.kind {
            Kind::Table(automaton) => walk(automaton, self.start, text, hit),
            Kind::Failures(automaton) => walk(automaton, self.start, text, hit),
        }
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        match &self.kind {
            Kind::Table(automaton) => automaton.memory_usage(),
            Kind::Failures(automaton) => automaton.memory_usage(),
        }
    }
}

/// The search of the crate itself keeps more state, and starts anew for each
/// occurrence.
#[inline]
fn walk<A: Automaton>(automaton: &A, start: StateID, text: &[u8], mut hit: impl FnMut(usize, usize)) {
    let mut state = start;
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        state = automaton.next_state(Anchored::No, state, *byte);
        if automaton.is_special(state) {
            report(automaton, state, text.len().saturating_sub(bytes.len()), &mut hit);
        }
    }
}

/// Apart, so that the loop over bytes stays in registers.
#[inline(never)]
fn report<A: Automaton>(automaton: &A, state: StateID, end: usize, hit: &mut impl FnMut(usize, usize)) {
    if automaton.is_match(state) {
        for index in 0..automaton.match_len(state) {
            hit(automaton.match_pattern(state, index).as_usize(), end);
        }
    }
}

/// What a table of transitions takes: a row for each prefix of a needle, in it
/// a column for each class of bytes that no needle tells apart.
fn table_bytes(needles: &[Vec<u8>], any_case: bool) -> usize {
    let mut sorted: Vec<&[u8]> = needles.iter().map(Vec::as_slice).collect();
    sorted.sort_unstable();
    let mut rows = 4_usize;
    let mut before: &[u8] = &[];
    let mut ends = [false; 256];
    for needle in sorted {
        let shared = needle.iter().zip(before).take_while(|(one, other)| one == other).count();
        rows = rows.saturating_add(needle.len().saturating_sub(shared));
        before = needle;
        for byte in needle {
            let cases = [*byte, if any_case { byte.to_ascii_uppercase() } else { *byte }];
            for byte in cases {
                for end in [Some(byte), byte.checked_sub(1)].into_iter().flatten() {
                    if let Some(is_end) = ends.get_mut(usize::from(end)) {
                        *is_end = true;
                    }
                }
            }
        }
    }
    let columns = ends.iter().filter(|is_end| **is_end).count().saturating_add(1).next_power_of_two();
    rows.saturating_mul(columns).saturating_mul(size_of::<u32>())
}
