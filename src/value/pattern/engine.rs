//! How a pattern is run, and what all patterns of a process may take.
//!
//! A short pattern has an automaton of `regex-automata`, as long as the
//! automata of the process stay within [`AUTOMATA`]; the tables that it fills
//! while it runs are kept by each thread, at most [`TABLES`] of them. Every
//! other pattern is run by its positions, which takes little space and about
//! the same time for every text. The answers are the same.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use hashbrown::HashMap;
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Input, meta};
use regex_syntax::hir::Hir;

use super::positions::{PositionMatcher, PositionSpace};

const KIB: usize = 1024;

/// Bytes of all automata of the process: those of some thousand patterns that
/// people write.
pub(super) const AUTOMATA: usize = 64 * KIB * KIB;

/// Bytes of the tables that one thread keeps from text to text. Beyond them
/// all are given up, and filled anew by what is asked next.
pub(super) const TABLES: usize = 32 * KIB * KIB;

/// States of a pattern that has an automaton. All of them may be alive at once,
/// and then each byte of a text takes some nanoseconds for each.
const STATES: usize = 48;

/// Bytes of the automaton of a pattern: characters by their bytes.
const AUTOMATON: usize = 16 * KIB;

/// Bytes of the tables of one automaton, in each direction.
const TABLE: usize = 256 * KIB;

/// How much the automata of the process take now.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// What a pattern is run by.
#[derive(Debug)]
pub(super) enum Engine {
    Automaton(Automaton),
    Positions(PositionMatcher),
}

/// An automaton with its number, which no other one has.
#[derive(Debug)]
pub(super) struct Automaton {
    regex: meta::Regex,
    number: u64,
    bytes: usize,
}

impl Drop for Automaton {
    fn drop(&mut self) {
        TAKEN.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Automaton {
    /// The automaton of a pattern; none where it would be too large by itself, or
    /// where the others take so many bytes already.
    fn of(hir: &Hir, most: usize) -> Option<Automaton> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        if TAKEN.load(Ordering::Relaxed) >= most {
            return None;
        }
        let config = meta::Config::new()
            // Whether there is a match is all that is asked.
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(AUTOMATON))
            .onepass_size_limit(Some(AUTOMATON))
            .hybrid_cache_capacity(TABLE)
            // Threads keep their tables themselves.
            .pool_capacity(1);
        let regex = meta::Builder::new().configure(config).build_from_hir(hir).ok()?;
        let bytes = regex.memory_usage().saturating_add(size_of::<Automaton>());
        TAKEN.fetch_add(bytes, Ordering::Relaxed);
        Some(Automaton { regex, number: NUMBERS.fetch_add(1, Ordering::Relaxed), bytes })
    }
}

/// Whether a pattern takes at most so many bytes when it is compiled.
pub(super) fn compiles_within(hir: &Hir, bytes: usize) -> bool {
    let config = thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(bytes));
    thompson::Compiler::new().configure(config).build_from_hir(hir).is_ok()
}

impl Engine {
    /// The engine of a pattern with so many states.
    pub(super) fn of(hir: &Hir, states: usize) -> Engine {
        Engine::within(hir, states, AUTOMATA)
    }

    fn within(hir: &Hir, states: usize, most: usize) -> Engine {
        // The automaton of words is a search for words.
        let is_short = states <= STATES || hir.properties().is_alternation_literal();
        match is_short.then(|| Automaton::of(hir, most)).flatten() {
            Some(automaton) => Engine::Automaton(automaton),
            None => Engine::Positions(PositionMatcher::of(hir)),
        }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        thread_local! {
            static SPACE: RefCell<Space> = RefCell::new(Space::default());
        }
        let own = |space: &RefCell<Space>| {
            space.try_borrow_mut().ok().map(|mut space| space.is_match(self, text, TABLES))
        };
        // A thread that ends has none any more.
        match SPACE.try_with(own) {
            Ok(Some(found)) => found,
            _ => Space::default().is_match(self, text, TABLES),
        }
    }
}

/// What the patterns of a thread need to run.
#[derive(Default)]
struct Space {
    /// By the number of the automaton, each with its bytes.
    tables: HashMap<u64, (meta::Cache, usize)>,
    bytes: usize,
    positions: PositionSpace,
}

impl Space {
    /// Keeps tables of at most so many bytes.
    fn is_match(&mut self, engine: &Engine, text: &str, most: usize) -> bool {
        let automaton = match engine {
            Engine::Automaton(automaton) => automaton,
            Engine::Positions(matcher) => return matcher.is_match(text, &mut self.positions),
        };
        let made = || (automaton.regex.create_cache(), 0);
        let (table, before) = self.tables.entry(automaton.number).or_insert_with(made);
        let found = automaton.regex.is_match_with(table, &Input::new(text));
        let now = table.memory_usage().saturating_add(size_of::<(u64, meta::Cache, usize)>());
        self.bytes = self.bytes.saturating_sub(*before).saturating_add(now);
        *before = now;
        if self.bytes > most {
            self.tables.clear();
            self.bytes = 0;
        }
        found
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests;
