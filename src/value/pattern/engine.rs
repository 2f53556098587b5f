//! How a pattern is run, and what all patterns of a process may take.
//!
//! A pattern that is not large has an automaton of `regex-automata`; the tables
//! that it fills while it runs are kept by each thread, at most [`TABLES`] bytes of
//! them. One that lists texts is a search for these. Every other pattern, and one
//! whose tables are full and don't help, is run by its positions, which takes about
//! the same time for every text. What patterns hold for that stays within [`HELD`]
//! bytes for the process: a pattern that finds no room there holds its text alone,
//! and each thread that asks it makes what it is run by and keeps it beside the
//! tables. The answers are the same.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use hashbrown::HashMap;
use regex_automata::hybrid::dfa;
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Input, meta};
use regex_syntax::hir::{Hir, HirKind};

use super::parse::{Source, hir_of};
use super::positions::{PositionMatcher, PositionSpace};

const KIB: usize = 1024;

/// Bytes of what all patterns of the process are run by: that of some thousand
/// that people write.
pub(super) const HELD: usize = 64 * KIB * KIB;

/// Bytes of the tables that one thread keeps from text to text, and of the
/// positions that it makes. Beyond them all are given up, and made anew by what
/// is asked next.
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

/// How much all patterns of the process hold now.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// What a pattern is run by, with a number that no other one has.
#[derive(Debug)]
pub(super) struct Engine {
    kind: Kind,
    number: u64,
    /// What of [`HELD`] is its.
    bytes: usize,
}

#[derive(Debug)]
enum Kind {
    Short(meta::Regex),
    /// Each state is computed when a text leads to it; too many, and the
    /// positions are asked.
    Lazy(Box<dfa::DFA>, PositionMatcher),
    Positions(PositionMatcher),
    /// It lists texts, as `Gold|Silver` does.
    Words(AhoCorasick),
    /// There was no room: each thread makes what it is run by.
    Unheld(Source),
}

/// Steps of a search for texts: each byte leads to another state, or back by as many as it
/// has come.
const STEPS_OF_WORDS: usize = 16;

/// What a thread computes for a pattern.
enum Table {
    Short(Box<meta::Cache>),
    Lazy(Box<LazyTable>),
    Words(Box<AhoCorasick>),
    /// `None` where it needs nothing.
    Positions(Option<Box<PositionMatcher>>),
}

/// The table of a lazy automaton.
struct LazyTable {
    cache: dfa::Cache,
    /// So many texts more are left to the positions: after each text for which the
    /// table didn't help, twice as many as after the one before. To fill it for
    /// nothing takes as long as the positions do.
    pause: u32,
    left: u32,
}

impl LazyTable {
    fn is_match(
        &mut self,
        (automaton, matcher): (&dfa::DFA, &PositionMatcher),
        text: &str,
        positions: &mut PositionSpace,
    ) -> bool {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            return matcher.is_match(text, positions);
        }
        if let Ok(found) = automaton.try_search_fwd(&mut self.cache, &Input::new(text).earliest(true)) {
            self.pause = 0;
            return found.is_some();
        }
        self.pause = self.pause.saturating_mul(2).clamp(1, PAUSE);
        self.left = self.pause;
        matcher.is_match(text, positions)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        TAKEN.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Kind {
    /// The kind of a pattern, what it takes, and its steps.
    fn of(hir: &Hir, states: usize, compiled: usize, most: usize) -> (Kind, usize, usize) {
        let has_room = compiled <= AUTOMATON && TAKEN.load(Ordering::Relaxed) < most;
        let is_short = is_short(hir, states);
        let words = words_of(hir);
        if has_room
            && is_short
            && let Some(regex) = Kind::short(hir)
        {
            let bytes = regex.memory_usage();
            let steps = words.map_or_else(|| PositionMatcher::steps_of(hir), |_| STEPS_OF_WORDS);
            return (Kind::Short(regex), bytes, steps);
        }
        if let Some(words) = words.and_then(search_of) {
            let bytes = words.memory_usage();
            return (Kind::Words(words), bytes, STEPS_OF_WORDS);
        }
        let matcher = PositionMatcher::of(hir);
        let (own, steps) = (matcher.bytes(), matcher.steps());
        if has_room
            && !is_short
            && let Some((automaton, bytes)) = Kind::lazy(hir)
        {
            return (Kind::Lazy(Box::new(automaton), matcher), bytes.saturating_add(own), steps);
        }
        (Kind::Positions(matcher), own, steps)
    }

    /// An automaton of `regex-automata` that chooses how to search.
    fn short(hir: &Hir) -> Option<meta::Regex> {
        let config = meta::Config::new()
            // Whether there is a match is all that is asked.
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(AUTOMATON))
            .onepass_size_limit(Some(AUTOMATON))
            .hybrid_cache_capacity(TABLE)
            // Threads keep their tables themselves.
            .pool_capacity(1);
        meta::Builder::new().configure(config).build_from_hir(hir).ok()
    }

    /// The lazy automaton of a pattern, and what it takes.
    fn lazy(hir: &Hir) -> Option<(dfa::DFA, usize)> {
        let config =
            thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(AUTOMATON));
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(hir).ok()?;
        let nfa_bytes = nfa.memory_usage();
        let config = dfa::Config::new()
            .cache_capacity(LAZY_TABLE)
            .minimum_cache_clear_count(Some(0))
            .minimum_bytes_per_state(Some(10));
        let automaton = dfa::Builder::new().configure(config).build_from_nfa(nfa).ok()?;
        let bytes = automaton.memory_usage().saturating_add(nfa_bytes);
        Some((automaton, bytes))
    }

    fn table(&self) -> Table {
        match self {
            Kind::Short(regex) => Table::Short(Box::new(regex.create_cache())),
            Kind::Lazy(automaton, _) => {
                Table::Lazy(Box::new(LazyTable { cache: automaton.create_cache(), pause: 0, left: 0 }))
            }
            Kind::Positions(_) | Kind::Words(_) => Table::Positions(None),
            // It was compiled before, so it is a pattern.
            Kind::Unheld((text, whole)) => {
                let hir = hir_of(text, *whole, usize::MAX).ok().map(|(hir, _)| hir);
                if let Some(words) = hir.as_ref().and_then(words_of).and_then(search_of) {
                    return Table::Words(Box::new(words));
                }
                Table::Positions(hir.map(|hir| Box::new(PositionMatcher::of(&hir))))
            }
        }
    }

    /// Whether the text has a match; none where the table is another's.
    fn is_match(&self, text: &str, table: &mut Table, positions: &mut PositionSpace) -> Option<bool> {
        match (self, table) {
            (Kind::Short(regex), Table::Short(table)) => Some(regex.is_match_with(table, &Input::new(text))),
            (Kind::Lazy(automaton, matcher), Table::Lazy(table)) => {
                Some(table.is_match((automaton, matcher), text, positions))
            }
            (_, Table::Words(words)) => Some(words.is_match(text)),
            (_, Table::Positions(Some(matcher))) => Some(matcher.is_match(text, positions)),
            _ => None,
        }
    }
}

impl Table {
    fn bytes(&self) -> usize {
        let own = match self {
            Table::Short(table) => table.memory_usage().saturating_add(size_of::<meta::Cache>()),
            Table::Lazy(table) => table.cache.memory_usage().saturating_add(size_of::<LazyTable>()),
            Table::Words(words) => words.memory_usage(),
            Table::Positions(matcher) => matcher.as_ref().map_or(0, |matcher| matcher.bytes()),
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

/// The texts that a pattern lists, where it is nothing else.
fn words_of(hir: &Hir) -> Option<Vec<&[u8]>> {
    let HirKind::Alternation(parts) = hir.kind() else { return None };
    let each = parts.iter().map(|part| match part.kind() {
        HirKind::Literal(literal) => Some(&*literal.0),
        _ => None,
    });
    each.collect()
}

/// A search for texts that takes memory, and time, in proportion to them.
fn search_of(words: Vec<&[u8]>) -> Option<AhoCorasick> {
    AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(words).ok()
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
    pub(super) fn of(hir: &Hir, states: usize, compiled: usize, source: Source) -> (Engine, usize) {
        Engine::within(hir, states, compiled, source, HELD)
    }

    /// The same where all patterns of the process hold at most so many bytes.
    pub(super) fn within(
        hir: &Hir,
        states: usize,
        compiled: usize,
        source: Source,
        most: usize,
    ) -> (Engine, usize) {
        let (kind, own, steps) = Kind::of(hir, states, compiled, most);
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let bytes = own.saturating_add(size_of::<Engine>());
        let has_room = TAKEN.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= most;
        let engine = Engine { kind, number, bytes };
        if has_room {
            return (engine, steps);
        }
        // What it took is given back here.
        drop(engine);
        (Engine { kind: Kind::Unheld(source), number, bytes: 0 }, steps)
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
    /// Where the table of a pattern is, by its number.
    places: HashMap<u64, usize>,
    /// The same of those asked last, by the last bits of their numbers.
    latest: [Option<usize>; LATEST],
    bytes: usize,
    positions: PositionSpace,
}

/// As many patterns are found without a search.
const LATEST: usize = 32;

/// The table of a pattern, with its bytes when it was last measured.
struct Kept {
    number: u64,
    table: Table,
    bytes: usize,
    /// So many texts more are asked before it is measured again: twice as many
    /// each time that it hasn't grown.
    pause: u32,
    left: u32,
}

/// The most texts between two measures or trials, and the most bytes of one that
/// needn't be measured.
const PAUSE: u32 = 64;
const SHORT_TEXT: usize = 256;

impl Space {
    /// Keeps tables of at most so many bytes.
    fn is_match(&mut self, engine: &Engine, text: &str, most: usize) -> bool {
        match &engine.kind {
            Kind::Positions(matcher) => return matcher.is_match(text, &mut self.positions),
            Kind::Words(words) => return words.is_match(text),
            _ => {}
        }
        let place = self.place(engine);
        let Some(kept) = self.tables.get_mut(place) else { return false };
        let found = engine.kind.is_match(text, &mut kept.table, &mut self.positions);
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

    /// Where the table of a pattern is, which is made the first time.
    #[inline]
    fn place(&mut self, engine: &Engine) -> usize {
        let latest = usize::try_from(engine.number).unwrap_or_default() % LATEST;
        let known = self.latest.get(latest).copied().flatten();
        let is_own = |place: &usize| self.tables.get(*place).is_some_and(|kept| kept.number == engine.number);
        if let Some(place) = known.filter(is_own) {
            return place;
        }
        let (tables, number) = (&mut self.tables, engine.number);
        let place = *self.places.entry(number).or_insert_with(|| {
            tables.push(Kept { number, table: engine.kind.table(), bytes: 0, pause: 0, left: 0 });
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
