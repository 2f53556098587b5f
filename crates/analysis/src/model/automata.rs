//! What texts there are: of every combination of what a text contains, matches
//! and equals, one that has it.
//!
//! Each part and each pattern is an automaton of bytes that says, where a text
//! ends, whether it was found; the texts that are compared are a tree of their
//! bytes; and one automaton more knows what bytes are a text. They are walked
//! together, the nearest places first, so the shortest texts are found, and what
//! no place has no text has.

use std::sync::{Arc, LazyLock};

use hashbrown::{HashMap, HashSet};
use regex_automata::hybrid::{LazyStateID, dfa};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Hir, Look};
use smallvec::SmallVec;

use target_rules::value::Pattern;

/// Bytes of one automaton before its states are joined, and of its tables.
const AUTOMATON: usize = 512 * 1024;
const TABLE: usize = 1024 * 1024;
/// More places than this are not walked, nor more steps from one to the next.
const MOST_PLACES: usize = 8_000;
const MOST_STEPS: usize = 100_000;
/// To make an automaton takes about as long as so many steps.
const STEPS_OF_AN_AUTOMATON: usize = 500;
/// So many texts are told of each combination.
const KEPT: usize = 2;

/// What is looked for in a text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Sought {
    Part(Arc<str>),
    Pattern(Pattern),
}

/// A text, and which of all that is looked for is found in it.
pub(super) struct Reached {
    pub(super) text: Arc<str>,
    pub(super) found: Vec<bool>,
}

/// Where an automaton is within a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    /// Whatever follows, it is found.
    Found,
    /// Whatever follows, it is not.
    Lost,
    Open(LazyStateID),
}

struct Automaton<'d> {
    states: &'d dfa::DFA,
    table: dfa::Cache,
}

/// The automaton of all that is text.
static CHARACTERS: LazyLock<Option<dfa::DFA>> =
    LazyLock::new(|| states(&regex_syntax::parse(r"\A(?s:.)*\z").ok()?));

fn states(hir: &Hir) -> Option<dfa::DFA> {
    let config = thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(AUTOMATON));
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(hir).ok()?;
    // States keep their numbers: where the tables are full, the walk ends.
    let config = dfa::Config::new()
        .cache_capacity(TABLE)
        .skip_cache_capacity_check(true)
        .minimum_cache_clear_count(Some(0));
    dfa::Builder::new().configure(config).build_from_nfa(nfa).ok()
}

impl Sought {
    fn states(&self) -> Option<dfa::DFA> {
        let hir = match self {
            Sought::Part(part) => Hir::literal(part.as_bytes()),
            Sought::Pattern(pattern) => regex_syntax::parse(&pattern.spelled_out()).ok()?,
        };
        // Between the bytes of one character there is no match, which automata of
        // bytes don't know.
        let inside = [Look::WordAsciiNegate, Look::WordStartHalfAscii, Look::WordEndHalfAscii];
        let looks = hir.properties().look_set();
        if hir.properties().minimum_len() == Some(0) && inside.into_iter().any(|look| looks.contains(look)) {
            return None;
        }
        states(&hir)
    }
}

impl<'d> Automaton<'d> {
    fn new(states: &'d dfa::DFA) -> Automaton<'d> {
        Automaton { table: states.create_cache(), states }
    }

    fn start(&mut self, anchored: Anchored) -> Option<At> {
        let input = Input::new("").anchored(anchored);
        at(self.states.start_state_forward(&mut self.table, &input).ok()?)
    }

    fn step(&mut self, from: At, byte: u8) -> Option<At> {
        match from {
            At::Open(state) => at(self.states.next_state(&mut self.table, state, byte).ok()?),
            settled => Some(settled),
        }
    }

    /// Whether it is found in a text that ends here.
    fn is_found(&mut self, here: At) -> Option<bool> {
        match here {
            At::Found => Some(true),
            At::Lost => Some(false),
            At::Open(state) => {
                let end = self.states.next_eoi_state(&mut self.table, state).ok()?;
                (!end.is_quit()).then_some(end.is_match())
            }
        }
    }
}

fn at(state: LazyStateID) -> Option<At> {
    match state {
        state if state.is_quit() => None,
        state if state.is_match() => Some(At::Found),
        state if state.is_dead() => Some(At::Lost),
        state => Some(At::Open(state)),
    }
}

/// Texts by their bytes: where each byte leads, and which places are a text.
#[derive(Default)]
struct Tree {
    next: HashMap<(usize, u8), usize>,
    ends: HashMap<usize, usize>,
    places: usize,
}

impl Tree {
    fn of(values: &[Arc<str>]) -> Tree {
        let mut tree = Tree::default();
        for (number, value) in values.iter().enumerate() {
            let mut place = 0;
            for byte in value.bytes() {
                let next = tree.places.wrapping_add(1);
                place = *tree.next.entry((place, byte)).or_insert(next);
                tree.places = tree.places.max(place);
            }
            tree.ends.insert(place, number);
        }
        tree
    }
}

/// One place of all automata, and one of the tree while the text is a beginning
/// of one that is compared.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    text: At,
    sought: SmallVec<[At; 6]>,
    value: Option<usize>,
}

impl Place {
    /// Whether whatever follows changes nothing.
    fn is_settled(&self) -> bool {
        self.value.is_none() && !self.sought.iter().any(|at| matches!(at, At::Open(_)))
    }
}

/// Texts of every combination that some text has of what is sought in it and of
/// which value it is, the empty text apart. `None` where there are too many.
///
/// To `taken` is added how many steps that took, also where it was in vain.
pub(super) fn reached(sought: &[Sought], values: &[Arc<str>], taken: &mut usize) -> Option<Vec<Reached>> {
    *taken = taken.saturating_add(sought.len().saturating_mul(STEPS_OF_AN_AUTOMATON));
    let tree = Tree::of(values);
    if tree.places > MOST_PLACES {
        return None;
    }
    let states: Vec<dfa::DFA> = sought.iter().map(Sought::states).collect::<Option<_>>()?;
    let mut characters = Automaton::new(CHARACTERS.as_ref()?);
    let mut automata: Vec<Automaton<'_>> = states.iter().map(Automaton::new).collect();
    let bytes = bytes(&characters, &automata, values);

    let starts = automata.iter_mut().map(|automaton| automaton.start(Anchored::No));
    let start = Place {
        sought: starts.collect::<Option<_>>()?,
        text: characters.start(Anchored::Yes)?,
        value: Some(0),
    };
    let mut seen: HashSet<Place> = HashSet::new();
    seen.insert(start.clone());
    // Each place with the one from which it was reached, and by which byte.
    let mut places = vec![(start, 0, 0_u8)];
    let mut kept: HashMap<(Vec<bool>, Option<usize>, bool), usize> = HashMap::new();
    let mut found = Vec::new();
    let (mut next, mut steps) = (0_usize, 0_usize);
    while let Some((place, ..)) = places.get(next) {
        let place = place.clone();
        let ends = characters.is_found(place.text)?;
        if ends {
            let answers =
                automata.iter_mut().zip(&place.sought).map(|(automaton, at)| automaton.is_found(*at));
            let answers = answers.collect::<Option<Vec<bool>>>()?;
            let value = place.value.and_then(|at| tree.ends.get(&at).copied());
            let times = kept.entry((answers.clone(), value, next == 0)).or_default();
            *times = times.wrapping_add(1);
            if *times <= KEPT {
                let text = String::from_utf8(written(&places, next)).ok()?.into();
                found.push(Reached { text, found: answers });
            }
        }
        if !ends || !place.is_settled() {
            for byte in &bytes {
                steps = steps.wrapping_add(1);
                *taken = taken.saturating_add(1);
                let text = characters.step(place.text, *byte)?;
                if text == At::Lost {
                    continue;
                }
                let each = automata.iter_mut().zip(&place.sought);
                let sought = each.map(|(automaton, at)| automaton.step(*at, *byte));
                let value = place.value.and_then(|at| tree.next.get(&(at, *byte)).copied());
                let reached = Place { text, sought: sought.collect::<Option<_>>()?, value };
                if seen.insert(reached.clone()) {
                    places.push((reached, next, *byte));
                }
            }
        }
        if places.len() > MOST_PLACES || steps > MOST_STEPS {
            return None;
        }
        next = next.wrapping_add(1);
    }
    Some(found)
}

/// The bytes that lead to a place.
fn written(places: &[(Place, usize, u8)], mut place: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while place != 0
        && let Some((_, before, byte)) = places.get(place)
    {
        bytes.push(*byte);
        place = *before;
    }
    bytes.reverse();
    bytes
}

/// One of all bytes that lead to the same places everywhere: a letter or a digit
/// where there is one.
fn bytes(characters: &Automaton<'_>, automata: &[Automaton<'_>], values: &[Arc<str>]) -> Vec<u8> {
    let own: HashSet<u8> = values.iter().flat_map(|value| value.bytes()).collect();
    let plain = (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').chain([b' ']).chain(b'!'..=b'~');
    let mut seen = HashSet::new();
    let is_new = |byte: &u8| {
        let each = automata.iter().chain([characters]);
        let classes: SmallVec<[u8; 8]> =
            each.map(|automaton| automaton.states.byte_classes().get(*byte)).collect();
        seen.insert((classes, own.contains(byte).then_some(*byte)))
    };
    plain.chain(0..=u8::MAX).filter(is_new).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::Arc;

    use super::{Sought, reached};
    use target_rules::value::Pattern;

    fn sought(patterns: &[&str]) -> Vec<Sought> {
        patterns.iter().map(|pattern| Sought::Pattern(pattern.parse::<Pattern>().unwrap())).collect()
    }

    /// The combinations of patterns and values that some text has: as digits, one
    /// for each pattern, and the value.
    fn combinations(patterns: &[&str], values: &[&str]) -> Vec<String> {
        let values: Vec<Arc<str>> = values.iter().map(|value| Arc::from(*value)).collect();
        let found = reached(&sought(patterns), &values, &mut 0).unwrap();
        let mut told: Vec<String> = found
            .iter()
            .map(|reached| {
                let answers = reached.found.iter().map(|found| if *found { '1' } else { '0' });
                let value = values.iter().find(|value| **value == reached.text);
                format!("{}{}", answers.collect::<String>(), value.map_or("", |value| value))
            })
            .collect();
        told.sort_unstable();
        told.dedup();
        told
    }

    #[test]
    fn every_combination_that_some_text_has_is_found_and_no_other() {
        assert_eq!(combinations(&["^A.*", "^AB"], &[]), ["00", "10", "11"]);
        assert_eq!(combinations(&["^x$"], &["x"]), ["0", "1x"]);
        assert_eq!(combinations(&["^(?i)gold$"], &["Gold", "gild"]), ["0", "0gild", "1", "1Gold"]);
        assert_eq!(combinations(&["^a*$", "^(aa)*$", "^a(aa)*$"], &[]), ["000", "101", "110"]);
        assert_eq!(combinations(&["(?s)^.*$", "^[0-9]{3}$", r"\d"], &[]), ["100", "101", "111"]);
        assert_eq!(combinations(&[r"\bgold\b", "gold"], &["gold"]), ["00", "01", "11", "11gold"]);
        assert_eq!(combinations(&["[^\u{0}-\u{10ffff}]"], &[]), ["0"]);
        assert_eq!(combinations(&["\u{e9}$", "^[\u{e8}-\u{ea}]$"], &[]), ["00", "01", "10", "11"]);
    }

    /// What is said of a text is what the pattern says of it.
    #[test]
    fn texts_are_what_is_said_of_them() {
        let patterns = [r"^\w+@\w+\.com$", "(?i)puma|nike", "^$", r"[^\d\s]{2}", "(?m)^x", r"\Bx", "\u{df}"];
        let sought = sought(&patterns);
        let found = reached(&sought, &["puma".into(), "".into()], &mut 0).unwrap();
        assert!(found.len() > 20);
        for reached in found {
            for (pattern, found) in patterns.iter().zip(reached.found) {
                let expected = pattern.parse::<Pattern>().unwrap().is_match(&reached.text);
                assert_eq!(found, expected, "{pattern} {:?}", reached.text);
            }
        }
    }

    #[test]
    fn what_is_too_large_or_not_known_is_not_walked() {
        assert!(reached(&sought(&["(a|b)*a(a|b){14}$"]), &[], &mut 0).is_none());
        assert!(reached(&sought(&[r"\B"]), &[], &mut 0).is_none());
        let values: Vec<Arc<str>> = (0..4_000).map(|number| format!("v{number}").into()).collect();
        assert!(reached(&sought(&["a"]), &values, &mut 0).is_none());
    }
}
