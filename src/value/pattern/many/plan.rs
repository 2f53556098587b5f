//! How a question is answered by literals: exactly, or so far that it need be
//! asked of few texts only.

use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind, Look, Repetition};

use super::super::Pattern;
use super::filter::TextFilter;
use super::fold::in_lower_case;
use super::literals::{
    Literal, LiteralSet, NEEDLE_BYTES, Place, SET_BYTES, SET_LITERALS, likelihood, literals_of, needles_of,
};

/// How a question is answered.
#[derive(Debug)]
pub(super) enum Plan {
    /// With yes exactly where the text has one of the literals; the empty one
    /// has every text.
    Exact(LiteralSet),
    /// With yes exactly where the text passes the filter.
    Passes(TextFilter),
    /// By asking, where the text has a literal of one of the sets, any one of
    /// them; without a set, where it passes the filter.
    Asked { sets: Vec<LiteralSet>, filter: TextFilter },
}

impl Plan {
    /// The sets of a question that is asked.
    pub(super) fn sets(&self) -> &[LiteralSet] {
        match self {
            Plan::Asked { sets, .. } => sets,
            Plan::Exact(_) | Plan::Passes(_) => &[],
        }
    }
}

/// How many sets of literals of one pattern are weighed against those of
/// other patterns: few, since they are kept until all patterns are read.
const SETS: usize = 6;

/// How many times literals are extracted from one pattern, so that reading
/// it takes less than compiling it: 70 % of it for those that people
/// wrote.
const EXTRACTIONS: usize = 12;

pub(super) fn of_equality(text: &str) -> Plan {
    Plan::Exact(LiteralSet::of_one(Place::Whole, text.as_bytes()))
}

pub(super) fn of_substring(part: &str) -> Plan {
    let bytes = part.as_bytes();
    let (Some(head), Some(tail)) = (bytes.first_chunk::<NEEDLE_BYTES>(), bytes.last_chunk::<NEEDLE_BYTES>())
    else {
        return Plan::Exact(LiteralSet::of_one(Place::Anywhere, bytes));
    };
    // Either end will do; one of them may be common to many questions.
    let sets = [head, tail].map(|needle| LiteralSet::of_one(Place::Anywhere, needle)).to_vec();
    Plan::Asked { sets, filter: TextFilter::at_least(bytes.len()) }
}

pub(super) fn of_pattern(pattern: &Pattern) -> Plan {
    // The pattern was compiled from the same text, so this never fails.
    let Some(hir) = pattern.parsed() else {
        return Plan::Asked { sets: Vec::new(), filter: TextFilter::NONE };
    };
    let lower = in_lower_case(&hir);
    let (form, any_case) = match &lower {
        Some(lower) => (lower, true),
        None => (&hir, false),
    };
    let mut parts = Parts::of(&hir);
    parts.drop_what_any_text_has();
    if let Some(filter) = TextFilter::exactly(parts.at_start, &parts.inner, parts.at_end) {
        return Plan::Passes(filter);
    }
    if let Some(literals) = exact(form) {
        // Whole texts are looked up by their bytes, in one case.
        if !any_case || literals.iter().all(|literal| literal.place != Place::Whole) {
            return Plan::Exact(LiteralSet { any_case, literals });
        }
    }
    let mut search = Search { sets: Vec::new(), left: EXTRACTIONS };
    search.required(form);
    let mut sets: Vec<LiteralSet> =
        search.sets.into_iter().map(|literals| LiteralSet { any_case, literals }).collect();
    sets.sort_by(|one, other| one.likelihood().total_cmp(&other.likelihood()));
    sets.truncate(SETS);
    Plan::Asked { sets, filter: TextFilter::of(&hir) }
}

fn extractor(kind: ExtractKind) -> Extractor {
    let mut extractor = Extractor::new();
    extractor.kind(kind).limit_literal_len(NEEDLE_BYTES).limit_repeat(NEEDLE_BYTES).limit_total(SET_LITERALS);
    extractor
}

/// The literals that a pattern searches for, where it searches for nothing
/// else.
fn exact(hir: &Hir) -> Option<Vec<Literal>> {
    let mut parts = Parts::of(hir);
    let mut literals = Vec::new();
    if let ([only], false, false) = (parts.inner.as_slice(), parts.at_start, parts.at_end)
        && let HirKind::Alternation(branches) = only.kind()
    {
        for branch in branches {
            literals.extend(exact(branch)?);
        }
    } else {
        parts.drop_what_any_text_has();
        let place = match (parts.at_start, parts.at_end) {
            (false, false) => Place::Anywhere,
            (true, false) => Place::Start,
            (false, true) => Place::End,
            (true, true) => Place::Whole,
        };
        let inner = Hir::concat(parts.inner);
        // Extraction passes over what looks around.
        if !inner.properties().look_set().is_empty() {
            return None;
        }
        let found = extractor(ExtractKind::Prefix).extract(&inner);
        literals = literals_of(&found, place).filter(|_| found.is_exact())?;
    }
    let bytes = literals.iter().fold(0_usize, |sum, literal| sum.saturating_add(literal.bytes.len()));
    (literals.len() <= SET_LITERALS && bytes <= SET_BYTES).then_some(literals)
}

/// A pattern as its parts one after the other.
struct Parts {
    at_start: bool,
    inner: Vec<Hir>,
    at_end: bool,
}

impl Parts {
    fn of(hir: &Hir) -> Parts {
        let mut inner = Vec::new();
        flatten(hir, &mut inner);
        let is = |part: Option<&Hir>, look| part.is_some_and(|part| *part.kind() == HirKind::Look(look));
        let (mut at_start, mut at_end) = (false, false);
        while is(inner.first(), Look::Start) {
            inner.remove(0);
            at_start = true;
        }
        while is(inner.last(), Look::End) {
            inner.pop();
            at_end = true;
        }
        Parts { at_start, inner, at_end }
    }

    /// A search finds `x*abc+` where it finds `abc`: what may be empty at an end
    /// that is not anchored is left out, and what is repeated there stands as
    /// often as it must.
    fn drop_what_any_text_has(&mut self) {
        if !self.at_start {
            let beyond = self.inner.iter().position(|part| !may_be_left_out(part));
            self.inner.drain(..beyond.unwrap_or(self.inner.len()));
            self.inner.first_mut().into_iter().for_each(repeat_least);
        }
        if !self.at_end {
            while self.inner.last().is_some_and(may_be_left_out) {
                self.inner.pop();
            }
            self.inner.last_mut().into_iter().for_each(repeat_least);
        }
    }
}

fn flatten(hir: &Hir, parts: &mut Vec<Hir>) {
    match hir.kind() {
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        HirKind::Empty => {}
        _ => parts.push(hir.clone()),
    }
}

fn may_be_left_out(part: &Hir) -> bool {
    part.properties().minimum_len() == Some(0) && part.properties().look_set().is_empty()
}

fn repeat_least(part: &mut Hir) {
    if let HirKind::Repetition(repetition) = part.kind() {
        let least = Repetition { max: Some(repetition.min), ..repetition.clone() };
        *part = Hir::repetition(least);
    }
}

/// The search for sets of literals of which every text has one that a pattern
/// matches.
struct Search {
    sets: Vec<Vec<Literal>>,
    left: usize,
}

impl Search {
    fn required(&mut self, hir: &Hir) {
        let parts = Parts::of(hir);
        if parts.at_start {
            self.extract(ExtractKind::Prefix, Place::Start, &parts.inner);
        }
        if parts.at_end {
            self.extract(ExtractKind::Suffix, Place::End, &parts.inner);
        }
        let mut after_literal = false;
        for (at, part) in parts.inner.iter().enumerate() {
            if let (false, Some(rest)) = (after_literal, parts.inner.get(at..)) {
                self.extract(ExtractKind::Prefix, Place::Anywhere, rest);
            }
            after_literal = matches!(part.kind(), HirKind::Literal(_));
            match part.kind() {
                HirKind::Alternation(branches) => self.of_each(branches),
                HirKind::Repetition(repetition) if repetition.min > 0 => self.required(&repetition.sub),
                _ => {}
            }
        }
    }

    fn extract(&mut self, kind: ExtractKind, place: Place, parts: &[Hir]) {
        let extractor = extractor(kind);
        let end = if place == Place::End { parts.last() } else { parts.first() };
        // What begins with anything has no literals there, and costs nothing.
        if !end.is_some_and(|end| extractor.extract(end).is_finite()) {
            return;
        }
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        self.sets.extend(needles_of(extractor.extract(&Hir::concat(parts.to_vec())), place));
    }

    /// Of each branch the best set, joined: a match is one of a branch.
    fn of_each(&mut self, branches: &[Hir]) {
        let mut union = Vec::new();
        for branch in branches {
            let mut search = Search { sets: Vec::new(), left: self.left };
            search.required(branch);
            self.left = search.left;
            let best =
                search.sets.into_iter().min_by(|one, other| likelihood(one).total_cmp(&likelihood(other)));
            let Some(best) = best else { return };
            union.extend(best);
        }
        union.sort_unstable();
        union.dedup();
        let bytes = union.iter().fold(0_usize, |sum, literal| sum.saturating_add(literal.bytes.len()));
        if union.len() <= SET_LITERALS && bytes <= SET_BYTES {
            self.sets.push(union);
        }
    }
}
