//! The texts that tell the answers to questions about a text apart.

use std::sync::Arc;

use hashbrown::HashSet;
use regex_syntax::hir::{Class, Hir, HirKind};
use target_rules::Truth;
use target_rules::condition::TextSet;

use super::question::{Question, Sample};

/// More texts than this are not tried for one variable.
const MOST_TEXTS: usize = 2_000;
/// So many parts and patterns of one variable are told apart at most; each
/// doubles the cells.
const MOST_TESTS: usize = 10;

/// Every text that a question compares with, the empty one, and texts that are
/// likely to have some parts and match some patterns.
pub(crate) fn samples(questions: &[Question]) -> Vec<Sample> {
    let mut texts: Vec<Arc<str>> = vec!["other".into(), "".into()];
    let mut pieces: Vec<String> = Vec::new();
    for question in questions {
        match question {
            Question::Texts(TextSet::Values(values)) | Question::Selected(TextSet::Values(values)) => {
                texts.extend(values.iter().cloned())
            }
            Question::Texts(TextSet::Containing(part)) | Question::Holding(part) => {
                pieces.push(part.to_string());
            }
            Question::Texts(TextSet::Matching(pattern)) | Question::Selected(TextSet::Matching(pattern)) => {
                pieces.extend(drawn(pattern.text()))
            }
            _ => {}
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
    let mut seen = HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts.truncate(MOST_TEXTS.max(constants));
    texts.into_iter().map(Sample::Text).collect()
}

/// A question about a text that is answered by what the text contains.
#[derive(Clone, PartialEq, Eq)]
enum Test {
    Contains(Arc<str>),
    Matches(TextSet),
}

impl Test {
    fn of(question: &Question) -> Option<Test> {
        match question {
            Question::Holding(part) => Some(Test::Contains(part.clone())),
            Question::Texts(TextSet::Containing(part)) => Some(Test::Contains(part.clone())),
            Question::Texts(TextSet::Values(_)) | Question::Selected(TextSet::Values(_)) => None,
            Question::Texts(set) | Question::Selected(set) => Some(Test::Matches(set.clone())),
            _ => None,
        }
    }
}

/// The answers to all questions that some text may give which is neither empty
/// nor compared with. Whether one does is not known: every combination is told
/// that parts within parts do not forbid. `None` where there are too many.
pub(crate) fn possible_answers(questions: &[Question]) -> Option<Vec<Vec<Truth>>> {
    let mut tests: Vec<Test> = Vec::new();
    for test in questions.iter().filter_map(Test::of) {
        if !tests.contains(&test) {
            tests.push(test);
        }
    }
    if tests.len() > MOST_TESTS {
        return None;
    }
    let combinations = 0..1_usize.checked_shl(u32::try_from(tests.len()).ok()?)?;
    let met =
        |combination: usize, at: usize| combination.wrapping_shr(u32::try_from(at).unwrap_or(0)) & 1 == 1;
    let possible = combinations.filter(|combination| {
        tests.iter().enumerate().all(|(at, test)| match test {
            // Every text contains the empty one, and the parts of its parts.
            Test::Contains(part) if part.is_empty() => met(*combination, at),
            Test::Contains(part) if met(*combination, at) => {
                tests.iter().enumerate().all(|(other_at, other)| match other {
                    Test::Contains(other) => met(*combination, other_at) || !part.contains(&**other),
                    Test::Matches(_) => true,
                })
            }
            _ => true,
        })
    });
    let answers = possible.map(|combination| {
        let of = |question: &Question| {
            let test = Test::of(question)?;
            let at = tests.iter().position(|other| *other == test)?;
            Some(Truth::from(met(combination, at)))
        };
        questions.iter().map(|question| of(question).unwrap_or(Truth::False)).collect()
    });
    Some(answers.collect())
}

/// A few texts that a pattern is likely to match: of each alternative one.
pub(crate) fn drawn(pattern: &str) -> Vec<String> {
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
