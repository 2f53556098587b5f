//! The texts that tell the answers to questions about a text apart.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use hashbrown::{HashMap, HashSet};
use regex_syntax::hir::{Class, Hir, HirKind};
use target_rules::Truth;
use target_rules::condition::TextSet;
use target_rules::value::Pattern;

use super::automata::{Reached, Sought, reached};
use super::question::{Question, Sample};

/// More texts than this are not tried for one variable.
const MOST_TEXTS: usize = 2_000;
/// So many parts and patterns of one variable are told apart at most; each
/// doubles the cells.
const MOST_TESTS: usize = 10;

/// What is tried of every text, and another one that few rules compare with.
static PLAIN: LazyLock<[Arc<str>; 2]> = LazyLock::new(|| ["other".into(), "".into()]);
static OTHER: LazyLock<Arc<str>> = LazyLock::new(|| "other0".into());

/// The texts that tell answers apart.
pub(crate) struct Texts {
    pub(crate) samples: Vec<Sample>,
    /// Answers that some text may give, where it is not known whether one does.
    pub(crate) possible: Vec<Vec<Truth>>,
}

/// So many sets of questions are kept that were walked for.
const MOST_KNOWN: usize = 4_000;

/// The texts of sets of questions that were found before: automata are walked once
/// for several models that ask the same.
#[derive(Default)]
pub(crate) struct KnownTexts(Mutex<HashMap<Vec<Question>, Option<Arc<Texts>>>>);

impl KnownTexts {
    /// The texts, and how many steps it took to find them now.
    pub(super) fn texts(&self, questions: &[Question]) -> (Option<Arc<Texts>>, usize) {
        let mut steps = 0;
        if !questions.iter().any(|question| sought(question).is_some()) {
            return (texts(questions, &mut steps).map(Arc::new), steps);
        }
        // What a thread that panicked left is whole: each entry is made before it is put.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(questions) {
            return (found.clone(), 0);
        }
        let found = texts(questions, &mut steps).map(Arc::new);
        if known.len() < MOST_KNOWN {
            known.insert(questions.to_vec(), found.clone());
        }
        (found, steps)
    }
}

/// The only text that a pattern matches, where that is proved. To `taken` is added
/// how many steps that took.
pub(crate) fn only_match(pattern: &Pattern, taken: &mut usize) -> Option<Arc<str>> {
    let sought = [Sought::Pattern(pattern.clone())];
    let mut matching = |values: &[Arc<str>]| {
        let found = reached(&sought, values, taken)?;
        let is_right = found.iter().all(|text| text.is_right(&sought));
        let matching = found.into_iter().filter(|text| text.found.contains(&true));
        is_right.then(|| matching.map(|reached| reached.text).collect::<Vec<_>>())
    };
    let text = matching(&[])?.into_iter().next()?;
    // Texts that are not this one are told apart from it.
    let all = matching(std::slice::from_ref(&text))?;
    all.iter().all(|other| *other == text).then_some(text)
}

/// A text of every combination of answers that some text gives; where automata
/// would be too large, texts that are likely to give some, and all answers that
/// can't be ruled out. `None` where there are too many of these.
fn texts(questions: &[Question], steps: &mut usize) -> Option<Texts> {
    let mut tests: Vec<Sought> = Vec::new();
    let mut seen = HashSet::new();
    for test in questions.iter().filter_map(sought) {
        if seen.insert(test.clone()) {
            tests.push(test);
        }
    }
    let values = compared(questions);
    let exact = match tests.as_slice() {
        [] => Some(vec![other_than(&values)]),
        tests => reached(tests, &values, steps)
            .filter(|found| found.iter().all(|text| text.is_right(tests)))
            .map(|found| found.into_iter().map(|reached| reached.text).collect()),
    };
    let Some(exact) = exact else {
        return Some(Texts { samples: likely(questions), possible: possible_answers(questions, &tests)? });
    };
    let mut texts: Vec<Arc<str>> = PLAIN.to_vec();
    texts.extend(values);
    // People read them rather than the shortest that there are.
    let patterns = tests.iter().filter_map(|test| match test {
        Sought::Pattern(pattern) => Some(pattern),
        Sought::Part(_) => None,
    });
    texts.extend(patterns.flat_map(|pattern| drawn(pattern.text())).map(Arc::from));
    texts.extend(exact);
    let texts = each_once(texts);
    Some(Texts { samples: texts.into_iter().map(Sample::Text).collect(), possible: Vec::new() })
}

impl Reached {
    /// Whether the language says the same of the text. It always should; where it
    /// doesn't, what the automata say is not relied on.
    fn is_right(&self, tests: &[Sought]) -> bool {
        tests.iter().zip(&self.found).all(|(test, found)| test.holds(&self.text) == *found)
    }
}

impl Sought {
    fn holds(&self, text: &str) -> bool {
        match self {
            Sought::Part(part) => text.contains(&**part),
            Sought::Pattern(pattern) => pattern.is_match(text),
        }
    }
}

/// Among so few texts one is sought by going through them.
const FEW: usize = 16;

/// Texts without those that stand there before.
fn each_once(texts: Vec<Arc<str>>) -> Vec<Arc<str>> {
    let mut once: Vec<Arc<str>> = Vec::with_capacity(texts.len());
    if texts.len() <= FEW {
        for text in texts {
            if !once.contains(&text) {
                once.push(text);
            }
        }
        return once;
    }
    let mut seen = HashSet::with_capacity(texts.len());
    once.extend(texts.into_iter().filter(|text| seen.insert(text.clone())));
    once
}

/// What is sought in a text to answer a question.
fn sought(question: &Question) -> Option<Sought> {
    match question {
        Question::Holding(part) => Some(Sought::Part(part.clone())),
        Question::Texts(set) | Question::Selected(set) => match set {
            TextSet::Containing(part) => Some(Sought::Part(part.clone())),
            TextSet::Matching(pattern) => Some(Sought::Pattern(pattern.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// The texts that questions compare with.
fn compared(questions: &[Question]) -> Vec<Arc<str>> {
    let mut values: Vec<Arc<str>> = Vec::new();
    for question in questions {
        if let Question::Texts(TextSet::Values(own)) | Question::Selected(TextSet::Values(own)) = question {
            values.extend(own.iter().cloned());
        }
    }
    values.sort_unstable();
    values.dedup();
    values
}

/// A text that is none of these, which are sorted.
fn other_than(values: &[Arc<str>]) -> Arc<str> {
    let is_free = |text: &str| values.binary_search_by(|value| (**value).cmp(text)).is_err();
    if is_free(&OTHER) {
        return OTHER.clone();
    }
    // One more than there are values is enough.
    let mut tried = (0..=values.len()).map(|number| format!("other{number}"));
    tried.find(|text| is_free(text)).unwrap_or_default().into()
}

/// Every text that a question compares with, the empty one, and texts that are
/// likely to have some parts and match some patterns.
fn likely(questions: &[Question]) -> Vec<Sample> {
    let mut texts: Vec<Arc<str>> = PLAIN.to_vec();
    texts.extend(compared(questions));
    let mut pieces: Vec<String> = Vec::new();
    for test in questions.iter().filter_map(sought) {
        match test {
            Sought::Part(part) => pieces.push(part.to_string()),
            Sought::Pattern(pattern) => pieces.extend(drawn(pattern.text())),
        }
    }
    let constants = texts.len();
    texts.extend(pieces.iter().map(|piece| piece.as_str().into()));
    for piece in &pieces {
        for written in [format!("x{piece}"), format!("{piece}x"), format!("x{piece}x")] {
            texts.push(written.into());
        }
        for other in pieces.iter().filter(|other| *other != piece) {
            texts.push(format!("{piece}{other}").into());
            texts.push(format!("{piece} {other}").into());
        }
    }
    let mut texts = each_once(texts);
    texts.truncate(MOST_TEXTS.max(constants));
    texts.into_iter().map(Sample::Text).collect()
}

/// The answers to all questions that some text may give which is neither empty
/// nor compared with. Whether one does is not known: every combination is told
/// that parts within parts do not forbid. `None` where there are too many.
fn possible_answers(questions: &[Question], tests: &[Sought]) -> Option<Vec<Vec<Truth>>> {
    if tests.len() > MOST_TESTS {
        return None;
    }
    let combinations = 0..1_usize.checked_shl(u32::try_from(tests.len()).ok()?)?;
    let met =
        |combination: usize, at: usize| combination.wrapping_shr(u32::try_from(at).unwrap_or(0)) & 1 == 1;
    let possible = combinations.filter(|combination| {
        tests.iter().enumerate().all(|(at, test)| match test {
            // Every text contains the empty one, and the parts of its parts.
            Sought::Part(part) if part.is_empty() => met(*combination, at),
            Sought::Part(part) if met(*combination, at) => {
                tests.iter().enumerate().all(|(other_at, other)| match other {
                    Sought::Part(other) => met(*combination, other_at) || !part.contains(&**other),
                    Sought::Pattern(_) => true,
                })
            }
            _ => true,
        })
    });
    let answers = possible.map(|combination| {
        let of = |question: &Question| {
            let test = sought(question)?;
            let at = tests.iter().position(|other| *other == test)?;
            Some(Truth::from(met(combination, at)))
        };
        questions.iter().map(|question| of(question).unwrap_or(Truth::False)).collect()
    });
    Some(answers.collect())
}

/// A few texts that a pattern is likely to match: of each alternative one.
pub(super) fn drawn(pattern: &str) -> Vec<String> {
    match regex_syntax::parse(pattern) {
        Ok(hir) => alternatives(&hir),
        Err(_) => Vec::new(),
    }
}

/// How many alternatives of a pattern are drawn.
const MOST_DRAWN: usize = 8;

fn alternatives(hir: &Hir) -> Vec<String> {
    match hir.kind() {
        HirKind::Alternation(parts) => parts.iter().flat_map(alternatives).take(MOST_DRAWN).collect(),
        HirKind::Capture(capture) => alternatives(&capture.sub),
        HirKind::Concat(parts) => {
            let mut texts = vec![String::new()];
            for part in parts {
                let ends = alternatives(part);
                let joined = texts.iter().flat_map(|text| ends.iter().map(move |end| format!("{text}{end}")));
                texts = joined.take(MOST_DRAWN).collect();
            }
            texts
        }
        HirKind::Repetition(repetition) => {
            let count = usize::try_from(repetition.min).unwrap_or(0).min(100);
            alternatives(&repetition.sub).into_iter().map(|text| text.repeat(count)).collect()
        }
        HirKind::Literal(literal) => {
            vec![String::from_utf8_lossy(&literal.0).into_owned()]
        }
        HirKind::Class(Class::Unicode(class)) => {
            // A letter or digit where the class has one.
            let plain = ['a', 'A', '0', ' ']
                .into_iter()
                .find(|plain| class.iter().any(|range| range.start() <= *plain && *plain <= range.end()));
            let first = class.iter().next().map(|range| range.start());
            plain.or(first).map(String::from).into_iter().collect()
        }
        _ => vec![String::new()],
    }
}
