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
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Input, meta};
use regex_syntax::hir::{Hir, HirKind};

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

/// Classes among the letters of a longer one that is left to it too.
const CLASSES: usize = 3;

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
    /// Of a kind, with the bytes that it takes.
    fn of(kind: Kind, own: usize) -> Automaton {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let bytes = own.saturating_add(size_of::<Automaton>());
        TAKEN.fetch_add(bytes, Ordering::Relaxed);
        Automaton { kind, number: NUMBERS.fetch_add(1, Ordering::Relaxed), bytes }
    }
}

impl Kind {
    /// An automaton of `regex-automata` that chooses how to search.
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

    /// The automaton of a pattern and what it takes; without one the positions.
    fn lazy(hir: &Hir, matcher: PositionMatcher) -> Result<(Kind, usize), PositionMatcher> {
        let config =
            thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(AUTOMATON));
        let Ok(nfa) = thompson::Compiler::new().configure(config).build_from_hir(hir) else {
            return Err(matcher);
        };
        let nfa_bytes = nfa.memory_usage();
        let config = dfa::Config::new()
            .cache_capacity(LAZY_TABLE)
            .minimum_cache_clear_count(Some(0))
            .minimum_bytes_per_state(Some(10));
        let Ok(automaton) = dfa::Builder::new().configure(config).build_from_nfa(nfa) else {
            return Err(matcher);
        };
        let bytes =
            [automaton.memory_usage(), nfa_bytes, matcher.bytes()].into_iter().fold(0, usize::saturating_add);
        Ok((Kind::Lazy(Box::new(automaton), matcher), bytes))
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
        own.saturating_add(size_of::<Kept>().saturating_add(size_of::<(u64, usize)>()))
    }
}

/// Whether a pattern with so many states is left to `regex-automata` altogether,
/// if it has room.
fn is_short(hir: &Hir, states: usize) -> bool {
    // The automaton of words is a search for words.
    states <= STATES || hir.properties().is_alternation_literal() || is_line(hir)
}

/// Whether a pattern is letters with a few classes among them, such as
/// `someone@example.com`: what has matched of it so far is one of few.
fn is_line(hir: &Hir) -> bool {
    let HirKind::Concat(parts) = hir.kind() else { return false };
    let classes = parts.iter().filter(|part| matches!(part.kind(), HirKind::Class(_))).count();
    let is_plain =
        |part: &Hir| matches!(part.kind(), HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_));
    classes <= CLASSES && parts.iter().all(is_plain)
}

impl Engine {
    /// The engine of a pattern with so many states, which takes so many bytes
    /// when compiled; and the steps that it takes for a character of a text.
    pub(super) fn of(hir: &Hir, states: usize, compiled: usize) -> (Engine, usize) {
        Engine::within(hir, states, compiled, AUTOMATA)
    }

    pub(super) fn within(hir: &Hir, states: usize, compiled: usize, most: usize) -> (Engine, usize) {
        let has_room = compiled <= AUTOMATON && TAKEN.load(Ordering::Relaxed) < most;
        if has_room
            && is_short(hir, states)
            && let Some(kind) = Kind::short(hir)
        {
            let bytes = if let Kind::Short(regex) = &kind { regex.memory_usage() } else { 0 };
            return (Engine::Automaton(Automaton::of(kind, bytes)), PositionMatcher::steps_of(hir));
        }
        let matcher = PositionMatcher::of(hir);
        let steps = matcher.steps();
        if !has_room || is_short(hir, states) {
            return (Engine::Positions(matcher), steps);
        }
        match Kind::lazy(hir, matcher) {
            Ok((kind, bytes)) => (Engine::Automaton(Automaton::of(kind, bytes)), steps),
            Err(matcher) => (Engine::Positions(matcher), steps),
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
    tables: Vec<Kept>,
    /// Where the table of an automaton is, by its number.
    places: HashMap<u64, usize>,
    /// The same of those asked last, by the last bits of their numbers.
    latest: [Option<usize>; LATEST],
    bytes: usize,
    positions: PositionSpace,
}

/// As many automata are found without a search.
const LATEST: usize = 32;

/// The table of an automaton, with its bytes when it was last measured.
struct Kept {
    number: u64,
    table: Table,
    bytes: usize,
    /// So many texts more are asked before it is measured again: twice as many
    /// each time that it hasn't grown.
    pause: u32,
    left: u32,
}

/// The most texts between two measures, and the most bytes of each.
const PAUSE: u32 = 64;
const SHORT_TEXT: usize = 256;

impl Space {
    /// Keeps tables of at most so many bytes.
    fn is_match(&mut self, engine: &Engine, text: &str, most: usize) -> bool {
        let automaton = match engine {
            Engine::Automaton(automaton) => automaton,
            Engine::Positions(matcher) => return matcher.is_match(text, &mut self.positions),
        };
        let place = self.place(automaton);
        let Some(kept) = self.tables.get_mut(place) else { return false };
        let found = automaton.kind.is_match(text, &mut kept.table, &mut self.positions);
        match kept.left.checked_sub(1).filter(|_| text.len() <= SHORT_TEXT) {
            Some(left) => kept.left = left,
            None => {
                let now = kept.table.bytes();
                kept.pause = if now == kept.bytes { kept.pause.saturating_mul(2).clamp(1, PAUSE) } else { 0 };
                kept.left = kept.pause;
                self.bytes = self.bytes.saturating_sub(kept.bytes).saturating_add(now);
                kept.bytes = now;
                if self.bytes > most {
                    self.give_up();
                }
            }
        }
        found.unwrap_or_default()
    }

    /// Where the table of an automaton is, which is made the first time.
    #[inline]
    fn place(&mut self, automaton: &Automaton) -> usize {
        let latest = usize::try_from(automaton.number).unwrap_or_default() % LATEST;
        let known = self.latest.get(latest).copied().flatten();
        let is_own =
            |place: &usize| self.tables.get(*place).is_some_and(|kept| kept.number == automaton.number);
        if let Some(place) = known.filter(is_own) {
            return place;
        }
        let (tables, number) = (&mut self.tables, automaton.number);
        let place = *self.places.entry(number).or_insert_with(|| {
            tables.push(Kept { number, table: automaton.kind.table(), bytes: 0, pause: 0, left: 0 });
            tables.len().saturating_sub(1)
        });
        self.latest.get_mut(latest).into_iter().for_each(|latest| *latest = Some(place));
        place
    }

    fn give_up(&mut self) {
        self.tables = Vec::new();
        self.places = HashMap::new();
        self.latest = [None; LATEST];
        self.bytes = 0;
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests;
