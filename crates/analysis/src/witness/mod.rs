//! Documents that show what is possible: a state is chosen for each variable
//! from the cells that a search leaves, the document is written, and the
//! interpreter decides whether it shows what it should.

mod compute;
mod items;
mod repair;
mod value;
mod write;

use target_rules::{Layout, Limits, Truth, Zone};

use crate::cell_set::CellSet;
use crate::model::{Key, ListState, Model, Outcomes, Sample};

/// Of more values than this only those are left out that the solution does without.
const FEW: usize = 12;
/// So many choices are tried of one solution.
const TRIES: usize = 12;

/// A state of each variable, and how it is asked for.
pub(crate) struct Choice<'m> {
    pub(crate) model: &'m Model<'m>,
    pub(crate) domains: &'m [CellSet],
    pub(crate) zone: &'m Zone,
    pub(crate) states: Vec<Sample>,
    /// Whether items that only count are otherwise like the one that rules are
    /// decided for, so that these come to the same on them.
    pub(crate) alike: bool,
}

/// Tries documents for one model.
pub(crate) struct Witnesses<'m> {
    model: &'m Model<'m>,
    layout: Layout,
    zone: &'m Zone,
    limits: &'m Limits,
}

/// A document and what the rules come to on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) document: String,
    pub(crate) results: Vec<Truth>,
}

impl<'m> Witnesses<'m> {
    pub(crate) fn new(model: &'m Model<'m>, zone: &'m Zone, limits: &'m Limits) -> Witnesses<'m> {
        let layout = Layout::of(model.rules.iter().copied());
        Witnesses { model, layout, zone, limits }
    }

    /// A document from the cells of a solution on which each rule has one of the
    /// results that are asked of it, or why there is none.
    pub(crate) fn show(&self, domains: &[CellSet], wanted: &[Outcomes]) -> Result<Shown, String> {
        let mut seed = 1_u32;
        let mut draw = move |most: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(seed.wrapping_shr(8)).unwrap_or(0).checked_rem(most).unwrap_or(0)
        };
        let mut why = String::new();
        for attempt in 0..TRIES {
            let mut choice = self.choice(domains, attempt, &mut draw)?;
            if let Err(reason) = choice.repair(&mut draw) {
                why = reason;
                continue;
            }
            match self.shown(&choice, wanted) {
                Ok(shown) => return Ok(self.smaller(choice, shown, wanted)),
                Err(reason) => why = reason,
            }
        }
        Err(why)
    }

    fn choice<'c>(
        &'c self,
        domains: &'c [CellSet],
        attempt: usize,
        draw: &mut impl FnMut(usize) -> usize,
    ) -> Result<Choice<'c>, String> {
        let mut states = Vec::with_capacity(self.model.variables.len());
        for (id, variable) in self.model.variables.iter().enumerate() {
            let cells = domains.get(id).into_iter().flat_map(CellSet::iter);
            let samples = cells.filter_map(|cell| variable.cells.get(cell)).flatten();
            // The first try is the smallest document; later ones vary.
            let sample = if attempt == 0 || draw(3) == 0 {
                samples.min_by_key(|sample| weight(sample))
            } else {
                let mut samples: Vec<&Sample> = samples.collect();
                samples.sort_by_key(|sample| weight(sample));
                samples.get(draw(samples.len())).copied()
            };
            match sample {
                Some(sample) => states.push(sample.clone()),
                None => return Err(format!("no value of {} is known that would do", name(&variable.key))),
            }
        }
        Ok(Choice { model: self.model, domains, zone: self.zone, states, alike: attempt.is_multiple_of(2) })
    }

    /// The results of the rules on the document of a choice, where they are
    /// those that are wanted.
    fn shown(&self, choice: &Choice<'_>, wanted: &[Outcomes]) -> Result<Shown, String> {
        let document = choice.document()?;
        let transaction =
            self.layout.read(&document, self.limits).map_err(|refused| format!("no document: {refused}"))?;
        let results: Vec<Truth> =
            self.model.rules.iter().map(|rule| rule.truth(&transaction, self.zone)).collect();
        match results.iter().zip(wanted).all(|(result, wanted)| wanted.has(*result)) {
            true => Ok(Shown { document, results }),
            false => Err(self.unconfirmed()),
        }
    }

    fn unconfirmed(&self) -> String {
        let computed = self.model.variables.iter().find(|variable| is_computed(&variable.key));
        match computed {
            Some(variable) => format!("no document was found that shows it, for {}", name(&variable.key)),
            None => "no document was found that shows it".to_owned(),
        }
    }

    /// Leaves out what is not needed, one value after the other.
    fn smaller(&self, mut choice: Choice<'_>, mut shown: Shown, wanted: &[Outcomes]) -> Shown {
        for at in 0..choice.states.len() {
            let Some(state) = choice.states.get_mut(at) else { continue };
            let none = match state {
                Sample::Absent => continue,
                Sample::List(ListState::Filled) => Sample::List(ListState::Absent),
                Sample::Boolean(_)
                | Sample::Text(_)
                | Sample::Date(_)
                | Sample::Number(_)
                | Sample::Fault => Sample::Absent,
                _ => continue,
            };
            if choice.states.len() > FEW && !choice.allows(at, &none) {
                continue;
            }
            let Some(state) = choice.states.get_mut(at) else { continue };
            let before = std::mem::replace(state, none);
            match self.shown(&choice, wanted) {
                Ok(less) if less.document.len() < shown.document.len() => shown = less,
                _ => {
                    if let Some(state) = choice.states.get_mut(at) {
                        *state = before;
                    }
                }
            }
        }
        shown
    }
}

/// What stands in a small document comes first.
fn weight(sample: &Sample) -> u8 {
    match sample {
        Sample::Absent | Sample::List(ListState::Absent) | Sample::Boolean(false) => 0,
        Sample::List(ListState::Empty) => 1,
        Sample::Fault => 9,
        Sample::Number(number) if number.is_negative() => 5,
        Sample::Text(text) if text.is_empty() => 5,
        _ => 2,
    }
}

fn is_computed(key: &Key) -> bool {
    matches!(key, Key::NumberOrder(..) | Key::DateOrder(..) | Key::SameText(..) | Key::Opaque(_))
        || matches!(key, Key::Number(number) if !matches!(number, target_rules::condition::NumberExpression::Attribute(_)))
}

/// What people call a variable.
fn name(key: &Key) -> String {
    use target_rules::condition::{DateExpression, NumberExpression, TextExpression};
    match key {
        Key::Number(NumberExpression::Attribute(leaf))
        | Key::Text(TextExpression::Attribute(leaf))
        | Key::Date(DateExpression::Attribute(leaf)) => format!("`{}`", leaf.name()),
        Key::Number(NumberExpression::Aggregate(_)) | Key::Count(..) => "a sum or count of items".to_owned(),
        Key::Number(NumberExpression::Distance(..)) => "the distance of two dates".to_owned(),
        Key::Number(_) | Key::NumberOrder(..) => "numbers that are computed".to_owned(),
        Key::DateOrder(..) => "two dates that are compared".to_owned(),
        Key::SameText(..) => "two texts that are compared".to_owned(),
        Key::Text(_) | Key::ItemText(_) => "a text".to_owned(),
        Key::Date(_) => "a date".to_owned(),
        Key::Has(..) | Key::HasAny(_) | Key::Fields { .. } => "a custom field or segment".to_owned(),
        Key::Opaque(_) => "a call of which nothing is known".to_owned(),
        Key::Boolean(_) | Key::List(..) => "a value".to_owned(),
    }
}
