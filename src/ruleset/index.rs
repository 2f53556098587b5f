//! Which rules of a block the values of a transaction can satisfy.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::program::Evaluation;
use crate::value::Count;

use super::bitmaps::{Bitmaps, BitmapsBuilder, Required, Wanted, Without};
use super::bits::{clear, keep, set, width};
use super::conjunction::{Conjunction, Disjunction, Ranges};
use super::key_predicate::{KeyPredicate, KeySubject};
use super::member::Member;

/// A disjunction of more literals than these stays with its rule.
const MOST_LITERALS: usize = 64;

#[derive(Debug)]
pub(super) struct Index {
    /// What rules require of one subject alone, by subject.
    single: Box<[Bitmaps]>,
    /// Each rule has one disjunction about several subjects in a layer at most.
    layers: Box<[Layer]>,
    /// The rules that the bitmaps do not say everything of.
    pub(super) asking: Box<[u64]>,
    /// Of those, the rules of which they do not even say all that is said by
    /// predicates.
    pub(super) unsaid: Box<[u64]>,
}

/// Disjunctions about several subjects: one of these must suit.
#[derive(Debug)]
struct Layer {
    /// The rules without such a disjunction.
    without: Box<[u64]>,
    subjects: Box<[Bitmaps]>,
}

/// A rule may have so many disjunctions about several subjects in the bitmaps; those
/// beyond are asked.
const MOST_LAYERS: usize = 4;

/// A subject has bitmaps where a rule of so many asks it. Below, to look its key
/// up would cost more than to ask the few rules; and each of its bitmaps takes a
/// bit of every rule.
const SHARE: usize = 256;

/// A literal of more keys than these stays with its rule: the bitmaps of a block
/// grow with the distinct keys of its rules.
const MOST_KEYS: usize = 1_024;

impl Index {
    /// Leaves of the candidates those that may be as they are wanted, for what
    /// the bitmaps say. Those in `unsure` must be asked, whatever the bitmaps say;
    /// `spare` has room for as many rules.
    #[inline]
    pub(super) fn narrow(
        &self,
        candidates: &mut [u64],
        unsure: &mut [u64],
        spare: &mut [u64],
        wanted: Wanted,
        evaluation: &mut Evaluation<'_>,
    ) {
        for bitmaps in &self.single {
            bitmaps.narrow(candidates, unsure, wanted, evaluation);
        }
        for layer in &self.layers {
            spare.copy_from_slice(&layer.without);
            for bitmaps in &layer.subjects {
                bitmaps.widen(spare, candidates, unsure, wanted, evaluation);
            }
            keep(candidates, spare);
        }
    }

    pub(super) fn of<Id>(members: &[Option<Arc<Member<Id>>>]) -> Index {
        let width = width(members.len());
        let present = || members.iter().enumerate().filter_map(|(at, member)| Some((at, member.as_deref()?)));
        // Conjunctions are made twice, for what they take for a block of rules is
        // more than the bitmaps that come of them.
        let mut subjects = SubjectCount::default();
        for (_, member) in present() {
            subjects.add(&member.required());
            subjects.add(&member.hinted());
        }
        let subjects = subjects.of_rules(members.len());
        let mut builder = IndexBuilder { width, subjects, single: Vec::new(), layers: Vec::new() };
        let (mut asking, mut unsaid) = (empty(width), empty(width));
        for (position, member) in present() {
            let said = builder.add(position, member.required(), member.hinted());
            if !said {
                set(&mut unsaid, position);
            }
            if !said || member.residual().is_some() {
                set(&mut asking, position);
            }
        }
        let (single, layers) = builder.finished();
        Index { single, layers, asking, unsaid }
    }
}

fn empty(width: usize) -> Box<[u64]> {
    vec![0; width].into()
}

/// How often each subject is asked about.
#[derive(Default)]
struct SubjectCount(HashMap<KeySubject, Count>);

impl SubjectCount {
    fn add(&mut self, disjunctions: &Conjunction<'_>) {
        for literal in disjunctions.all.iter().flatten() {
            self.0.entry(literal.predicate.subject).or_default().add_one();
        }
    }

    /// Those that enough of so many rules ask.
    fn of_rules(mut self, rules: usize) -> Subjects {
        self.0.retain(|_, count| count.get() >= rules.div_ceil(SHARE));
        let mut subjects: Vec<KeySubject> = self.0.into_keys().collect();
        // What stands there comes first: what must be computed may not be
        // needed any more then.
        subjects.sort_unstable_by_key(|subject| !subject.is_read());
        Subjects(subjects.into_iter().enumerate().map(|(number, subject)| (subject, number)).collect())
    }
}

/// The subjects that have bitmaps, by number.
struct Subjects(HashMap<KeySubject, usize>);

impl Subjects {
    /// What makes a disjunction true, by the number of the subject; `None` where a
    /// literal of it cannot be in bitmaps.
    fn required<'t>(&self, disjunction: &Disjunction<'t>) -> Option<Vec<SubjectRequirement<'t>>> {
        if disjunction.len() > MOST_LITERALS {
            return None;
        }
        let mut found: Vec<SubjectRequirement<'t>> = Vec::with_capacity(disjunction.len().min(self.0.len()));
        for literal in disjunction {
            let subject = self.0.get(&literal.predicate.subject).copied();
            let subject = subject.filter(|_| literal.size() <= MOST_KEYS)?;
            match found.iter_mut().find(|other| other.subject == subject) {
                Some(other) => other.join(literal.ranges(), Ranges::or),
                None => {
                    let required = Required::One(*literal);
                    found.push(SubjectRequirement { subject, predicate: literal.predicate, required });
                }
            }
        }
        Some(found)
    }
}

/// What a rule requires of a subject.
struct SubjectRequirement<'t> {
    /// Its number.
    subject: usize,
    /// One of the predicates that ask it.
    predicate: &'t Arc<KeyPredicate>,
    required: Required<'t>,
}

impl SubjectRequirement<'_> {
    fn keys(&mut self) -> Ranges {
        match &mut self.required {
            Required::One(literal) => literal.ranges(),
            Required::Keys(keys) => std::mem::take(keys),
        }
    }

    fn join(&mut self, keys: Ranges, how: impl FnOnce(Ranges, Ranges) -> Ranges) {
        self.required = Required::Keys(how(self.keys(), keys));
    }
}

/// Makes an index, rule by rule.
struct IndexBuilder<'t> {
    width: usize,
    subjects: Subjects,
    /// By the number of the subject.
    single: Vec<Option<BitmapsBuilder<'t>>>,
    layers: Vec<LayerBuilder<'t>>,
}

struct LayerBuilder<'t> {
    without: Box<[u64]>,
    subjects: Vec<Option<BitmapsBuilder<'t>>>,
}

impl<'t> IndexBuilder<'t> {
    /// Adds a rule by its disjunctions; gives whether the bitmaps say all that is required.
    fn add(&mut self, position: usize, required: Conjunction<'t>, hinted: Conjunction<'t>) -> bool {
        let mut said = required.exact;
        let mut alone: Vec<SubjectRequirement<'t>> = Vec::new();
        let mut layer = Count::default();
        let disjunctions = required.all.iter().map(|disjunction| (disjunction, true));
        for (disjunction, matters) in
            disjunctions.chain(hinted.all.iter().map(|disjunction| (disjunction, false)))
        {
            let mut found = self.subjects.required(disjunction).unwrap_or_default();
            match found.len() {
                0 => said &= !matters,
                1 => {
                    let Some(mut one) = found.pop() else { continue };
                    match alone.iter_mut().find(|other| other.subject == one.subject) {
                        Some(other) => other.join(one.keys(), Ranges::and),
                        None => alone.push(one),
                    }
                }
                _ if layer.get() < MOST_LAYERS => {
                    self.add_to_layer(layer.get(), position, found);
                    layer.add_one();
                }
                _ => said &= !matters,
            }
        }
        for requirement in alone {
            put(&mut self.single, self.width, position, requirement);
        }
        said
    }

    fn add_to_layer(&mut self, layer: usize, position: usize, requirements: Vec<SubjectRequirement<'t>>) {
        while self.layers.len() <= layer {
            let without = vec![u64::MAX; self.width].into();
            self.layers.push(LayerBuilder { without, subjects: Vec::new() });
        }
        let Some(layer) = self.layers.get_mut(layer) else { return };
        clear(&mut layer.without, position);
        for requirement in requirements {
            put(&mut layer.subjects, self.width, position, requirement);
        }
    }

    fn finished(self) -> (Box<[Bitmaps]>, Box<[Layer]>) {
        let single = self.single.into_iter().flatten().map(|builder| builder.bitmaps(Without::Included));
        let layers = self.layers.into_iter().map(|layer| {
            let subjects = layer.subjects.into_iter().flatten();
            let subjects = subjects.map(|builder| builder.bitmaps(Without::LeftOut)).collect();
            Layer { without: layer.without, subjects }
        });
        (single.collect(), layers.collect())
    }
}

/// Adds a rule to the bitmaps of a subject.
fn put<'t>(
    builders: &mut Vec<Option<BitmapsBuilder<'t>>>,
    width: usize,
    position: usize,
    SubjectRequirement { subject, predicate, required }: SubjectRequirement<'t>,
) {
    while builders.len() <= subject {
        builders.push(None);
    }
    if let Some(builder) = builders.get_mut(subject) {
        let builder = builder.get_or_insert_with(|| BitmapsBuilder::new(predicate.clone(), width));
        builder.add(position, required);
    }
}
