//! A condition as clauses and how they are joined, before it is written down.

use std::collections::{HashMap, HashSet};

use crate::condition::{
    Clause, Comparison, Container, Expression, Literal, NumberExpression, Predicate, Set, Subject,
    TextExpression, TextSet, Values,
};
use crate::schema::ListName;

use super::clause::{comparison, contains_any, has_values, membership, opaque};
use super::noun::{self, Voice};
use super::phrase::{listed, quoted};
use super::time;

/// A part of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// One clause.
    Clause(String),
    /// All must hold.
    All(Vec<Part>),
    /// At least one must hold.
    Any(Vec<Part>),
}

/// What a description says as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole {
    /// What is said of the transaction; nothing of it where all is about an entry.
    pub(super) of_transaction: Vec<Part>,
    /// That it has a line item or a tender for which something holds too.
    pub(super) entry: Option<EntryPart>,
}

/// What must hold of a line item or tender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryPart {
    /// "the transaction has an item".
    pub(super) has: &'static str,
    /// With clauses that begin with "whose", if all do.
    pub(super) whose: Option<Part>,
    /// With clauses that stand after "for which".
    pub(super) its: Part,
}

/// The parts of a rule, or of a clause of it, that asks for an entry of a list
/// where one is given.
pub(super) fn parts(root: &Clause, list: Option<ListName>) -> Whole {
    let has = match list {
        None => return Whole { of_transaction: vec![part(root, Voice::Its)], entry: None },
        Some(ListName::Tenders) => "the transaction has a payment",
        Some(ListName::LineItems) => "the transaction has an item",
    };
    // What does not look at the item is the same for each, so it is said once.
    // Of `||` that would not be so: without items nothing is true.
    let (of_entry, others): (Vec<&Clause>, Vec<&Clause>) = match root {
        Clause::All(clauses) => clauses.iter().partition(|clause| asks_an_item(clause)),
        root => (vec![root], Vec::new()),
    };
    if of_entry.is_empty() {
        return Whole { of_transaction: Vec::new(), entry: Some(entry(has, &[root])) };
    }
    Whole { of_transaction: chain(&others, true, Voice::Its), entry: Some(entry(has, &of_entry)) }
}

fn asks_an_item(clause: &Clause) -> bool {
    match clause {
        Clause::Constant(_) => false,
        Clause::Literal(literal) => literal.predicate.asks_an_item(),
        Clause::All(clauses) | Clause::Any(clauses) => clauses.iter().any(asks_an_item),
    }
}

fn entry(has: &'static str, clauses: &[&Clause]) -> EntryPart {
    let spoken = |voice: Voice| match clauses {
        [one] => part(one, voice),
        _ => joined(clauses, true, voice),
    };
    let whose = Some(spoken(Voice::Whose)).filter(begins_with_whose);
    EntryPart { has, whose, its: spoken(Voice::Its) }
}

fn begins_with_whose(part: &Part) -> bool {
    match part {
        Part::Clause(text) => text.starts_with("whose ") && text.matches("whose").count() == 1,
        Part::All(parts) | Part::Any(parts) => parts.iter().all(begins_with_whose),
    }
}

fn part(clause: &Clause, voice: Voice) -> Part {
    match clause {
        Clause::Constant(true) => Part::Clause("this always holds".to_owned()),
        Clause::Constant(false) => Part::Clause("this never holds".to_owned()),
        Clause::Literal(of) => Part::Clause(literal(of, voice)),
        Clause::All(clauses) => joined(&clauses.iter().collect::<Vec<_>>(), true, voice),
        Clause::Any(clauses) => joined(&clauses.iter().collect::<Vec<_>>(), false, voice),
    }
}

/// A chain, or its one part where its clauses are said together.
fn joined(clauses: &[&Clause], all: bool, voice: Voice) -> Part {
    let mut parts = chain(clauses, all, voice);
    match (parts.len(), all) {
        (1, _) => parts.pop().unwrap_or(Part::All(Vec::new())),
        (_, true) => Part::All(parts),
        (_, false) => Part::Any(parts),
    }
}

/// The most that is said of one subject in one clause.
const MOST_OF_ONE: usize = 4;

/// What literals of one chain that ask about one thing may be said together of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Together<'c> {
    Container(&'c Container),
    Containing(&'c TextExpression),
}

/// The parts of a chain. "In A" or "in B" become "in A or B".
fn chain(clauses: &[&Clause], all: bool, voice: Voice) -> Vec<Part> {
    enum Place<'c> {
        Alone(Part),
        Joined(Together<'c>, Vec<String>),
        /// Clauses that begin with the same subject: what is said of it.
        OfOne(String, Vec<String>),
    }
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut known: HashMap<Together<'_>, usize> = HashMap::new();
    let mut subjects: HashMap<String, usize> = HashMap::new();
    for clause in clauses {
        let Some((what, value)) = together(clause, all) else {
            let spoken = part(clause, voice);
            let Some((subject, said)) = split(clause, &spoken, voice) else {
                places.push(Place::Alone(spoken));
                continue;
            };
            match subjects.get(&subject).and_then(|at| places.get_mut(*at)) {
                Some(Place::OfOne(_, all_said)) => all_said.push(said),
                _ => {
                    subjects.insert(subject.clone(), places.len());
                    places.push(Place::OfOne(subject, vec![said]));
                }
            }
            continue;
        };
        match known.get(&what).and_then(|at| places.get_mut(*at)) {
            Some(Place::Joined(_, values)) => values.push(value),
            _ => {
                known.insert(what, places.len());
                places.push(Place::Joined(what, vec![value]));
            }
        }
    }
    let joint = if all { "and" } else { "or" };
    let spoken = places.into_iter().flat_map(|place| match place {
        Place::Alone(part) => vec![part],
        Place::OfOne(subject, said) if said.len() <= MOST_OF_ONE => {
            vec![Part::Clause(format!("{subject} {}", listed(&said, joint)))]
        }
        Place::OfOne(subject, said) => {
            said.into_iter().map(|said| Part::Clause(format!("{subject} {said}"))).collect()
        }
        Place::Joined(Together::Container(of), values) => {
            vec![Part::Clause(has_values(of, &distinct(values), all, voice))]
        }
        Place::Joined(Together::Containing(of), values) => {
            vec![Part::Clause(contains_any(of, &distinct(values), all, voice))]
        }
    });
    spoken.collect()
}

/// The values without those that came before.
fn distinct(mut values: Vec<String>) -> Vec<String> {
    let mut known = HashSet::new();
    values.retain(|value| known.insert(value.clone()));
    values
}

/// The subject of a clause and what is said of it, where it can be said in one
/// breath with other things.
fn split(clause: &Clause, spoken: &Part, voice: Voice) -> Option<(String, String)> {
    let (Clause::Literal(literal), Part::Clause(text)) = (clause, spoken) else { return None };
    let Predicate::In(subject, _) = &*literal.predicate else { return None };
    let subject = match &**subject {
        Subject::Number(NumberExpression::Part(_, date)) | Subject::Date(date) => time::subject(date, voice),
        Subject::Number(number) => noun::number(number, voice),
        Subject::Text(text) | Subject::Presence(Expression::Text(text)) => noun::text(text, voice),
        Subject::Presence(Expression::Number(number)) => noun::number(number, voice),
        Subject::Presence(Expression::Date(date)) => noun::date(date, voice),
        _ => return None,
    };
    let said = text.strip_prefix(&subject)?.strip_prefix(' ')?;
    // What has an "and" or "or" of its own could be taken apart wrongly.
    let has_list = said.contains(", ") || said.contains(" and ") || said.contains(" or ");
    (!has_list).then(|| (subject, said.to_owned()))
}

fn together(clause: &Clause, all: bool) -> Option<(Together<'_>, String)> {
    let Clause::Literal(literal) = clause else { return None };
    if literal.negated != all {
        return None;
    }
    let Predicate::In(subject, set) = &*literal.predicate else { return None };
    match (&**subject, set) {
        (Subject::Container(container), Set::Values(Values::Includes(value))) => {
            Some((Together::Container(container), quoted(value)))
        }
        (Subject::Text(text), Set::Texts(TextSet::Containing(part))) => {
            Some((Together::Containing(text), quoted(part)))
        }
        _ => None,
    }
}

fn literal(literal: &Literal, voice: Voice) -> String {
    let negated = literal.negated;
    match &*literal.predicate {
        Predicate::In(subject, set) => match membership(subject, set, negated, voice) {
            Some(clause) => clause,
            None => whether_known(subject, negated, voice),
        },
        Predicate::Compares(of) => match (comparison(of, negated, voice), &**of) {
            (None, Comparison::Booleans(left, right)) => {
                let (left, right) = (bracketed(left, voice), bracketed(right, voice));
                match negated {
                    true => format!("exactly one of these holds ({left}; {right})"),
                    false => format!("both or neither of these hold ({left}; {right})"),
                }
            }
            (clause, _) => clause.unwrap_or_default(),
        },
        Predicate::Call(call) => opaque(call, negated, voice),
    }
}

/// Whether a truth value is there.
fn whether_known(subject: &Subject, negated: bool, voice: Voice) -> String {
    let of = match subject {
        Subject::Presence(Expression::Boolean(operand)) => bracketed(&operand.clause, voice),
        _ => String::new(),
    };
    match negated {
        true => format!("it is stated whether {of}"),
        false => format!("it is not stated whether {of}"),
    }
}

/// A clause inside another; a chain stands in brackets.
fn bracketed(clause: &Clause, voice: Voice) -> String {
    fn within(part: &Part) -> String {
        let (parts, joint) = match part {
            Part::Clause(text) => return text.clone(),
            Part::All(parts) => (parts, " and "),
            Part::Any(parts) => (parts, " or "),
        };
        format!("({})", parts.iter().map(within).collect::<Vec<_>>().join(joint))
    }
    within(&part(clause, voice))
}
