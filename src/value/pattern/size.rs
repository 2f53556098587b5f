//! How large a pattern is when it is compiled to an automaton of bytes.

use std::sync::{LazyLock, Mutex, PoisonError};

use hashbrown::HashMap;
use regex_automata::nfa::thompson::{self, State, WhichCaptures};
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// What an automaton without states takes, about.
const EMPTY: usize = 500;

/// The bytes that the automaton of a pattern takes, `regex-automata`'s NFA, to a
/// few for each branch.
///
/// It is added up, and only each class compiled: to compile `\p{L}{9}` takes a
/// millisecond, and a document may have thousands of its like.
///
/// Recursion is bounded: the parser limits how deep a pattern nests.
pub(super) fn compiled_size(hir: &Hir) -> usize {
    EMPTY.saturating_add(size(hir))
}

fn size(hir: &Hir) -> usize {
    let state = size_of::<State>();
    let sum = |parts: &[Hir]| parts.iter().map(size).fold(0, usize::saturating_add);
    match hir.kind() {
        HirKind::Empty => 0,
        HirKind::Look(_) => state,
        HirKind::Literal(literal) => literal.0.len().saturating_mul(state),
        HirKind::Class(Class::Unicode(class)) if !class.is_ascii() => of_class(class),
        HirKind::Class(Class::Unicode(class)) => of_ranges(class.ranges().len()),
        HirKind::Class(Class::Bytes(class)) => of_ranges(class.ranges().len()),
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.max(1));
            let is_free = repetition.max != Some(repetition.min);
            let own = if is_free { state } else { 0 };
            let times = usize::try_from(times).unwrap_or(usize::MAX);
            size(&repetition.sub).saturating_mul(times).saturating_add(own)
        }
        HirKind::Concat(parts) => sum(parts),
        HirKind::Alternation(parts) => sum(parts).saturating_add(state),
    }
}

/// One state; where it has several ranges, they stand beside it.
fn of_ranges(ranges: usize) -> usize {
    let beside = if ranges > 1 { ranges.saturating_mul(size_of::<thompson::Transition>()) } else { 0 };
    size_of::<State>().saturating_add(beside)
}

/// How many classes are remembered.
const CLASSES: usize = 256;

/// The ranges of a class, each with its first character and its last.
type Ranges = Box<[(char, char)]>;

/// Sizes of classes beyond ASCII.
static SIZES: LazyLock<Mutex<HashMap<Ranges, usize>>> = LazyLock::new(Mutex::default);

fn of_class(class: &ClassUnicode) -> usize {
    // Each change is one, so what a thread that panicked has left is whole.
    let sizes = || SIZES.lock().unwrap_or_else(PoisonError::into_inner);
    let ranges: Ranges = class.ranges().iter().map(|range| (range.start(), range.end())).collect();
    if let Some(known) = sizes().get(&ranges) {
        return *known;
    }
    let config = thompson::Config::new().which_captures(WhichCaptures::None);
    let hir = Hir::class(Class::Unicode(class.clone()));
    let compiled = thompson::Compiler::new().configure(config).build_from_hir(&hir);
    let size = compiled.map_or(usize::MAX, |nfa| nfa.memory_usage()).saturating_sub(EMPTY);
    let mut sizes = sizes();
    if sizes.len() >= CLASSES {
        sizes.clear();
    }
    sizes.insert(ranges, size);
    size
}
