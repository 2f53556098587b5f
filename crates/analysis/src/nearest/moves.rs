//! The single changes that are tried, each as a change of the document.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use target_rules::condition::{Aggregate, BooleanExpression, Leaf, NumberExpression, Read, Subject};
use target_rules::diagnostic::Span;
use target_rules::interpret::{ExplainedKind, ExplainedNode, ExplainedState, Explanation};
use target_rules::schema::{EXTENDED_FIELDS, ListName};
use target_rules::syntax::Operator;
use target_rules::value::DateText;
use target_rules::{Ast, Instant, Layout, Limits, Number, Rule, Schema, Slot, Transaction, Zone};

use super::change::{Change, ChangedValue, Distance};
use super::dates::{self, Later};
use super::edit::{Edit, Step};
use super::items;
use super::levers::{Kind, Lever, Of};
use super::numbers::around;
use crate::model::{Question, SECTION_OF_ITEMS};

/// Entries of a list after these are not changed.
const MOST_ENTRIES: usize = 20;
/// So many numbers are tried of one value, the nearest ones.
const MOST_NUMBERS: usize = 1_000;
/// The same of one entry of a list.
const MOST_OF_ENTRY: usize = 200;

/// One change that is tried.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) change: Change,
    /// Where the value stands, of a value that is set without reading the
    /// document again.
    pub(super) slot: Option<Slot>,
    pub(super) path: Vec<Step>,
    pub(super) edit: Edit,
    /// Of items that are added, what is to grow by how much.
    pub(super) grown: Option<(Arc<Aggregate>, Number)>,
    /// How far the value moves, among changes of one value.
    far: Number,
    /// How large it is beside changes of other values: the share of a number,
    /// weeks, or 1.
    pub(super) weight: Number,
}

/// The changes of one value that are tried, the smallest first.
#[derive(Default)]
pub(super) struct Moves {
    pub(super) tried: Vec<Move>,
    /// Whether there are more than are tried.
    pub(super) left_out: bool,
}

/// What is asked and the document as it is.
pub(super) struct Asked<'a> {
    pub(super) rule: &'a Rule,
    pub(super) zone: &'a Zone,
    pub(super) layout: &'a Layout,
    pub(super) transaction: &'a Transaction,
    pub(super) limits: &'a Limits,
    values: Values,
}

/// What the interpreter found in the document.
#[derive(Default)]
pub(super) struct Values {
    /// Numbers and truth values by the text of the attribute or call.
    by_text: BTreeMap<String, Option<String>>,
    aggregates: HashMap<Aggregate, String>,
}

/// Comparisons of numbers that are false, by their places: how far the left side
/// is above the right one.
pub(super) type Differences = BTreeMap<Span, Number>;

fn each_node<'e>(explanation: &'e Explanation, mut with: impl FnMut(&'e ExplainedNode)) {
    let mut open: Vec<&ExplainedNode> = explanation.trees.iter().map(|tree| &tree.root).collect();
    while let Some(node) = open.pop() {
        with(node);
        open.extend(&node.children);
    }
}

pub(super) fn differences(explanation: &Explanation) -> Differences {
    let mut found = Differences::new();
    each_node(explanation, |node| {
        if let Some(distance) = &node.distance
            && let Ok(difference) = distance.value.minus(distance.bound)
        {
            found.insert(node.span, difference);
        }
    });
    found
}

impl Values {
    pub(super) fn of(explanation: &Explanation, schema: &Schema, limits: &Limits) -> Values {
        let mut values = Values { by_text: BTreeMap::new(), aggregates: HashMap::new() };
        each_node(explanation, |node| {
            if matches!(node.kind, ExplainedKind::Attribute | ExplainedKind::Call) {
                let value = node.value.clone().filter(|_| node.state == ExplainedState::Known);
                if values.by_text.insert(node.text.clone(), value).is_none()
                    && node.kind == ExplainedKind::Call
                    && let Some(aggregate) = aggregate(&node.text, schema, limits)
                {
                    values.aggregates.insert(aggregate, node.text.clone());
                }
            }
        });
        values
    }
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        rule: &'a Rule,
        (layout, transaction): (&'a Layout, &'a Transaction),
        (zone, limits): (&'a Zone, &'a Limits),
        values: Values,
    ) -> Asked<'a> {
        Asked { rule, zone, layout, transaction, limits, values }
    }

    /// The value that a number has; `None` where it is absent.
    fn number(&self, text: &str) -> Option<Number> {
        self.values.by_text.get(text)?.as_ref()?.parse().ok()
    }

    /// The same of an attribute: what the document states, or what follows from it.
    fn attribute(&self, leaf: &Leaf) -> Option<Number> {
        match leaf.is_computed() {
            true => self.number(&leaf.name()),
            false => self.transaction.get_number(self.layout.slot(&leaf.name())?),
        }
    }

    /// All changes of one value that are tried, the smallest first.
    pub(super) fn moves(&self, lever: &Lever, solved: &[Number]) -> Moves {
        let mut found = match &lever.of {
            Of::Items(aggregate) => self.of_items(lever, aggregate, solved),
            Of::Attribute(leaf) => match leaf.read() {
                Read::Field { section, field, .. } => {
                    let mut path = vec![Step::Key(section.to_string())];
                    path.extend(field.extended.then(|| Step::Key(EXTENDED_FIELDS.to_owned())));
                    path.push(Step::Key(field.name.to_string()));
                    self.of_attribute(lever, leaf, &path, solved)
                }
                Read::EntryField { .. } if lever.kind == Kind::Number => {
                    self.of_entries(lever, leaf.read(), &leaf.name())
                }
                _ => Moves::default(),
            },
        };
        // Dates have their order. Of two that are as far, more rather than less.
        if lever.kind != Kind::Date {
            found.tried.sort_by_cached_key(|one| (one.far, falls(&one.change), one.edit.clone()));
        }
        found
    }

    /// What a lever is called in rules.
    pub(super) fn name(&self, lever: &Lever) -> Option<String> {
        match &lever.of {
            Of::Attribute(leaf) => Some(leaf.name()),
            Of::Items(aggregate) => self.values.aggregates.get(&**aggregate).cloned(),
        }
    }

    /// The number that a lever has now, where it is known.
    pub(super) fn now(&self, lever: &Lever) -> Option<Number> {
        match &lever.of {
            Of::Attribute(leaf) => self.attribute(leaf),
            Of::Items(aggregate) => self.number(self.values.aggregates.get(&**aggregate)?),
        }
    }

    /// The move by one of a number, to see how other values follow.
    pub(super) fn step(&self, lever: &Lever) -> Option<Move> {
        let to = self.now(lever)?.plus(Number::from(1)).ok()?;
        let moved = Lever { edges: vec![to], computed: false, ..lever.clone() };
        self.moves(&moved, &[]).tried.into_iter().find(|tried| tried.change.to == ChangedValue::Number(to))
    }

    fn of_attribute(&self, lever: &Lever, leaf: &Leaf, path: &[Step], solved: &[Number]) -> Moves {
        let name = leaf.name();
        let Some(slot) = self.layout.slot(&name) else { return Moves::default() };
        let mut left_out = false;
        let (from, to): (Option<ChangedValue>, Vec<ChangedValue>) = match lever.kind {
            Kind::Number => {
                let from = self.attribute(leaf);
                let to;
                (to, left_out) = numbers(lever, from, solved, MOST_NUMBERS);
                (from.map(ChangedValue::Number), to.into_iter().map(ChangedValue::Number).collect())
            }
            Kind::Text => {
                let from = self.transaction.get_text(slot);
                let to = lever.texts.iter().filter(|text| Some(&***text) != from);
                (from.map(text_of), to.map(|text| text_of(text)).collect())
            }
            Kind::Date => {
                let Some(from) = self.date(slot) else { return Moves::default() };
                let later = self.later(lever, from);
                left_out = later.left_out;
                (Some(ChangedValue::Date(from)), later.dates.into_iter().map(ChangedValue::Date).collect())
            }
            Kind::Boolean => {
                let from = self.transaction.get_boolean(slot);
                let to = [true, false].into_iter().filter(|value| Some(*value) != from);
                (from.map(ChangedValue::Boolean), to.map(ChangedValue::Boolean).collect())
            }
        };
        let made = to.into_iter().map(|to| {
            let edit = Edit::Put(to.json());
            let change = Change::new(name.clone(), from.clone(), to, self.zone);
            Move::of(change, (path.to_vec(), edit), Some(slot))
        });
        Moves { tried: made.collect(), left_out }
    }

    /// Later dates, by what is asked of a date, also beside others that the
    /// document has.
    fn later(&self, lever: &Lever, from: Instant) -> Later {
        let beside = lever.dates.beside.iter().filter_map(|(leaf, distance)| {
            let other = DateText::Instant(self.date(self.layout.slot(&leaf.name())?)?);
            Some(match distance {
                Some((distance, set)) => Question::Distance(*distance, other, set.clone()),
                // Where two are equal all comparisons change their answers.
                None => Question::DateIs(Operator::Equal, other),
            })
        });
        let questions: Vec<Question> = lever.dates.questions.iter().cloned().chain(beside).collect();
        dates::later(&questions, lever.dates.every, from, self.zone)
    }

    fn date(&self, slot: Slot) -> Option<Instant> {
        self.transaction.get_date(slot)?.resolve(self.zone)
    }

    fn of_items(&self, lever: &Lever, aggregate: &Arc<Aggregate>, solved: &[Number]) -> Moves {
        let Some(text) = self.values.aggregates.get(&**aggregate) else { return Moves::default() };
        let path = Vec::from(items_of_bill());
        let one = |from: Option<ChangedValue>, to: ChangedValue, by: Number| {
            let items = items::raising(&[(&**aggregate, by)])?;
            let change = Change::new(text.clone(), from, to, self.zone);
            let grown = Some((aggregate.clone(), by));
            Some(Move { grown, ..Move::of(change, (path.clone(), Edit::Append(items)), None) })
        };
        if lever.kind == Kind::Boolean {
            let now = self.values.by_text.get(text).cloned().flatten();
            let from = now.as_deref().and_then(|now| now.parse().ok()).map(ChangedValue::Boolean);
            let to = match from {
                // The call may ask that there is none.
                Some(ChangedValue::Boolean(value)) => !value,
                _ => true,
            };
            let one = one(from, ChangedValue::Boolean(to), Number::from(1));
            return Moves { tried: one.into_iter().collect(), left_out: false };
        }
        let from = self.number(text);
        let held = from.unwrap_or(Number::ZERO);
        let (to, left_out) = numbers(lever, from, solved, MOST_NUMBERS);
        let made = to.into_iter().filter_map(|to| {
            one(from.map(ChangedValue::Number), ChangedValue::Number(to), to.minus(held).ok()?)
        });
        Moves { tried: made.collect(), left_out }
    }

    fn of_entries(&self, lever: &Lever, read: &Read, name: &str) -> Moves {
        let Read::EntryField { section, list, field, .. } = read else { return Moves::default() };
        let found = self.layout.list(&format!("{section}.{}", list.key()));
        let Some((held, slot)) = found.and_then(|held| {
            let own = name.split_once('.').map_or(name, |(_, own)| own);
            Some((held, self.layout.entry_slot(held, own)?))
        }) else {
            return Moves::default();
        };
        let mut moves = Moves::default();
        let entries = self.transaction.get_entries(held).into_iter().flatten();
        for (at, entry) in entries.enumerate() {
            if at >= MOST_ENTRIES {
                moves.left_out = true;
                break;
            }
            let Some(from) = entry.number(slot) else { continue };
            let (to, left_out) = numbers(lever, Some(from), &[], MOST_OF_ENTRY);
            moves.left_out |= left_out;
            for to in to {
                let mut path =
                    vec![Step::Key(section.to_string()), Step::Key(list.key().to_owned()), Step::Entry(at)];
                path.extend(field.extended.then(|| Step::Key(EXTENDED_FIELDS.to_owned())));
                path.push(Step::Key(field.name.to_string()));
                let (from, to) = (ChangedValue::Number(from), ChangedValue::Number(to));
                let edit = Edit::Put(to.json());
                let mut change = Change::new(name.to_owned(), Some(from), to, self.zone);
                change.item = Some(at);
                moves.tried.push(Move::of(change, (path, edit), None));
            }
        }
        moves
    }

    /// The changes as the changed document has them: items that are added for one
    /// count or sum may raise another one, too. `None` where one is not as it is
    /// told.
    pub(super) fn told(&self, moves: &[&Move], changed: &Transaction) -> Option<Vec<Change>> {
        let is_plain = moves.iter().all(|one| one.grown.is_none());
        if is_plain {
            return Some(moves.iter().map(|one| one.change.clone()).collect());
        }
        let mut values: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        let explanation = self.rule.explain(changed, self.zone);
        each_node(&explanation, |node| {
            let value = node.value.as_deref().filter(|_| node.state == ExplainedState::Known);
            values.entry(node.text.as_str()).or_insert(value);
        });
        let told = moves.iter().map(|one| {
            let change = &one.change;
            if one.grown.is_none() {
                return Some(change.clone());
            }
            let now = values.get(change.attribute.as_str()).copied().flatten()?;
            match change.to {
                ChangedValue::Number(_) => {
                    let to = ChangedValue::Number(now.parse().ok()?);
                    Some(Change::new(change.attribute.clone(), change.from.clone(), to, self.zone))
                }
                ChangedValue::Boolean(to) => (now.parse() == Ok(to)).then(|| change.clone()),
                _ => None,
            }
        });
        told.collect()
    }
}

/// Where the line items of a bill stand.
fn items_of_bill() -> [Step; 2] {
    [SECTION_OF_ITEMS, ListName::LineItems.key()].map(|key| Step::Key(key.to_owned()))
}

impl Move {
    fn of(change: Change, (path, edit): (Vec<Step>, Edit), slot: Option<Slot>) -> Move {
        Move { far: far(&change), weight: weight(&change), change, slot, path, edit, grown: None }
    }

    /// The items that are added where two changes are of counts or sums over one
    /// selection; the items of each by itself would raise the other.
    pub(super) fn together(&self, other: &Move) -> Option<Move> {
        let ((one, by), (of, more)) = (self.grown.as_ref()?, other.grown.as_ref()?);
        if one.section != of.section || one.selection != of.selection {
            return None;
        }
        let items = items::raising(&[(&**one, *by), (&**of, *more)])?;
        Some(Move { edit: Edit::Append(items), ..self.clone() })
    }
}

fn text_of(text: &str) -> ChangedValue {
    ChangedValue::Text(text.to_owned())
}

/// The numbers that a lever may move to: the ends of the ranges that the rule
/// tells apart, at the digits that the value may have. Of more than `most` the
/// nearest, and whether there are more.
fn numbers(lever: &Lever, from: Option<Number>, solved: &[Number], most: usize) -> (Vec<Number>, bool) {
    let known = lever.edges.iter().chain(&from).map(|number| number.scale()).max();
    let scale = lever.scale.or(known).unwrap_or(0);
    let mut edges = lever.edges.clone();
    edges.extend(solved);
    let mut found = around(&edges, scale);
    // What is bought is never below nothing, unless it is so already.
    let lowest = from.filter(|from| from.is_negative()).map_or(Number::ZERO, |from| from);
    found.retain(|number| Some(*number) != from && (*number >= lowest));
    let left_out = found.len() > most;
    if left_out {
        let from = from.unwrap_or(Number::ZERO);
        found.sort_by_cached_key(|number| {
            number.minus(from).map_or((true, Number::ZERO), |by| (false, by.abs()))
        });
        found.truncate(most);
    }
    (found, left_out)
}

fn falls(change: &Change) -> bool {
    matches!(change.by, Some(Distance::Number(by)) if by.is_negative())
}

/// How far a value moves; of one that was absent, how large it becomes.
fn far(change: &Change) -> Number {
    match (&change.by, &change.to) {
        (Some(Distance::Number(by)), _) => by.abs(),
        (Some(Distance::Time(by)), _) => Number::from(*by),
        (None, ChangedValue::Number(to)) => to.abs(),
        _ => Number::ZERO,
    }
}

/// How large a change is: of a number its share of the larger value, of a date
/// the weeks, of anything else 1.
pub(super) fn weight(change: &Change) -> Number {
    const WEEK: i64 = 7 * 24 * 60 * 60_000;
    let one = Number::from(1);
    match (&change.by, &change.from, &change.to) {
        (Some(Distance::Number(by)), Some(ChangedValue::Number(from)), ChangedValue::Number(to)) => {
            let larger = from.abs().max(to.abs());
            by.abs().divided_by(larger).unwrap_or(one)
        }
        (Some(Distance::Time(by)), ..) => Number::from(*by).divided_by(Number::from(WEEK)).unwrap_or(one),
        _ => one,
    }
}

/// The aggregate that a call is, asked of the core: the call as a rule of its
/// own.
fn aggregate(call: &str, schema: &Schema, limits: &Limits) -> Option<Aggregate> {
    let checked = |text: &str| Ast::from_text(text, limits).ok()?.check(schema, limits).into_rule().ok();
    let rule = checked(&format!("{call}>0")).or_else(|| checked(call))?;
    match &**rule.condition().subjects().first()? {
        Subject::Number(NumberExpression::Aggregate(aggregate))
        | Subject::Boolean(BooleanExpression::Includes(aggregate)) => Some((**aggregate).clone()),
        _ => None,
    }
}
