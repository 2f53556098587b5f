//! How a pattern is run, and what all patterns of a process may take.
//!
//! A pattern that is not large has an automaton of `regex-automata`, as long as
//! the automata of the process stay within [`AUTOMATA`]; the tables that it
//! fills while it runs are kept by each thread, at most [`TABLES`] of them. Every
//! other pattern, and one whose tables are full and don't help, is run by its
//! positions, which takes little space and about the same time for every text.
//! The answers are the same.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use hashbrown::HashMap;
use regex_automata::hybrid::dfa;
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
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

/// States of a pattern that is left to `regex-automata` altogether, which looks
/// for its literals first. Where tables don't help it goes through all states
/// that are alive, each byte some nanoseconds for each.
const STATES: usize = 16;

/// Bytes of the automaton of a pattern: characters by their bytes.
const AUTOMATON: usize = 16 * KIB;

/// Bytes of the tables of a short pattern, in each direction.
const TABLE: usize = 256 * KIB;

/// Bytes of the tables of any other: enough for some hundred states. To fill
/// them takes a millisecond, which is lost where they don't help.
const LAZY_TABLE: usize = 64 * KIB;

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
    kind: Kind,
    number: u64,
    bytes: usize,
}

#[derive(Debug)]
enum Kind {
    Short(meta::Regex),
    /// Each state is computed when a text leads to it; too many, and the
    /// positions are asked.
    Lazy(Box<dfa::DFA>, PositionMatcher),
}

/// What an automaton computes while it runs.
enum Table {
    Short(Box<meta::Cache>),
    Lazy(Box<dfa::Cache>),
}

impl Drop for Automaton {
    fn drop(&mut self) {
        TAKEN.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Automaton {
    /// The automaton of a pattern; none where the others take so many bytes
    /// already, or where it can't be made.
    fn of(hir: &Hir, states: usize, nfa: &NFA, most: usize) -> Option<Automaton> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        if TAKEN.load(Ordering::Relaxed) >= most {
            return None;
        }
        // The automaton of words is a search for words.
        let is_short = states <= STATES || hir.properties().is_alternation_literal();
        let kind = if is_short { Kind::short(hir) } else { Kind::lazy(hir, nfa) }?;
        let own = match &kind {
            Kind::Short(regex) => regex.memory_usage(),
            Kind::Lazy(automaton, matcher) => [automaton.memory_usage(), nfa.memory_usage(), matcher.bytes()]
                .into_iter()
                .fold(0, usize::saturating_add),
        };
        let bytes = own.saturating_add(size_of::<Automaton>());
        TAKEN.fetch_add(bytes, Ordering::Relaxed);
        Some(Automaton { kind, number: NUMBERS.fetch_add(1, Ordering::Relaxed), bytes })
    }
}

impl Kind {
    fn short(hir: &Hir) -> Option<Kind> {
        let config = meta::Config::new()
            // Whether there is a match is all that is asked.
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(AUTOMATON))
            .onepass_size_limit(Some(AUTOMATON))
            .hybrid_cache_capacity(TABLE)
            // Threads keep their tables themselves.
            .pool_capacity(1);
        meta::Builder::new().configure(config).build_from_hir(hir).ok().map(Kind::Short)
    }

    fn lazy(hir: &Hir, nfa: &NFA) -> Option<Kind> {
        let config = dfa::Config::new()
            .cache_capacity(LAZY_TABLE)
            .minimum_cache_clear_count(Some(0))
            .minimum_bytes_per_state(Some(10));
        let automaton = dfa::Builder::new().configure(config).build_from_nfa(nfa.clone()).ok()?;
        Some(Kind::Lazy(Box::new(automaton), PositionMatcher::of(hir)))
    }

    fn table(&self) -> Table {
        match self {
            Kind::Short(regex) => Table::Short(Box::new(regex.create_cache())),
            Kind::Lazy(automaton, _) => Table::Lazy(Box::new(automaton.create_cache())),
        }
    }

    /// Whether the text has a match; none where the table is another's.
    fn is_match(&self, text: &str, table: &mut Table, positions: &mut PositionSpace) -> Option<bool> {
        match (self, table) {
            (Kind::Short(regex), Table::Short(table)) => Some(regex.is_match_with(table, &Input::new(text))),
            (Kind::Lazy(automaton, matcher), Table::Lazy(table)) => {
                let found = automaton.try_search_fwd(table, &Input::new(text).earliest(true));
                Some(found.map_or_else(|_| matcher.is_match(text, positions), |found| found.is_some()))
            }
            _ => None,
        }
    }
}

impl Table {
    fn bytes(&self) -> usize {
        let own = match self {
            Table::Short(table) => table.memory_usage().saturating_add(size_of::<meta::Cache>()),
            Table::Lazy(table) => table.memory_usage().saturating_add(size_of::<dfa::Cache>()),
        };
        own.saturating_add(size_of::<(u64, Table, usize)>())
    }
}

/// A pattern compiled; none where it takes more than so many bytes.
pub(super) fn compiled(hir: &Hir, bytes: usize) -> Option<NFA> {
    let config = thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(bytes));
    thompson::Compiler::new().configure(config).build_from_hir(hir).ok()
}

impl Engine {
    /// The engine of a pattern with so many states that was compiled.
    pub(super) fn of(hir: &Hir, states: usize, nfa: &NFA) -> Engine {
        Engine::within(hir, states, nfa, AUTOMATA)
    }

    fn within(hir: &Hir, states: usize, nfa: &NFA, most: usize) -> Engine {
        let is_small = nfa.memory_usage() <= AUTOMATON;
        match is_small.then(|| Automaton::of(hir, states, nfa, most)).flatten() {
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
    tables: HashMap<u64, (Table, usize)>,
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
        let made = || (automaton.kind.table(), 0);
        let (table, before) = self.tables.entry(automaton.number).or_insert_with(made);
        let found = automaton.kind.is_match(text, table, &mut self.positions);
        let now = table.bytes();
        self.bytes = self.bytes.saturating_sub(*before).saturating_add(now);
        *before = now;
        if self.bytes > most {
            self.tables.clear();
            self.bytes = 0;
        }
        found.unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests;
