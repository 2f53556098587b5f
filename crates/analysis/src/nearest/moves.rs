//! The single changes that are tried, each as a change of the document.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use target_rules::condition::{Aggregate, BooleanExpression, NumberExpression, Read, Subject};
use target_rules::diagnostic::Span;
use target_rules::interpret::{ExplainedKind, ExplainedNode, ExplainedState, Explanation};
use target_rules::{Ast, Instant, Layout, Limits, Number, Rule, Schema, Slot, Transaction, Zone};

use super::change::{Change, ChangedValue, Distance};
use super::dates;
use super::edit::{Edit, Step};
use super::items;
use super::levers::{BILL, Kind, Lever, Of};
use super::numbers::around;

/// Entries of a list after these are not changed.
const MOST_ENTRIES: usize = 20;

/// One change that is tried.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) change: Change,
    /// Where the value stands, of a value that is set without reading the
    /// document again.
    pub(super) slot: Option<Slot>,
    pub(super) path: Vec<Step>,
    pub(super) edit: Edit,
    /// How far the value moves, among changes of one value.
    far: Number,
    /// How large it is beside changes of other values: the share of a number,
    /// weeks, or 1.
    pub(super) weight: Number,
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

    /// All changes of one value that are tried, the smallest first.
    pub(super) fn moves(&self, lever: &Lever, solved: &[Number]) -> Vec<Move> {
        let mut found = match &lever.of {
            Of::Items(aggregate) => self.of_items(lever, aggregate, solved),
            Of::Attribute(leaf) => match leaf.read() {
                Read::Field { section, field, .. } => {
                    let mut path = vec![Step::Key(section.to_string())];
                    path.extend(field.extended.then(|| Step::Key("extendedFields".to_owned())));
                    path.push(Step::Key(field.name.to_string()));
                    self.of_attribute(lever, &leaf.name(), &path, solved)
                }
                Read::EntryField { .. } if lever.kind == Kind::Number => {
                    self.of_entries(lever, leaf.read(), &leaf.name())
                }
                _ => Vec::new(),
            },
        };
        // Of two that are as far, more rather than less.
        found.sort_by_cached_key(|one| (one.far, falls(&one.change), one.edit.clone()));
        found
    }

    /// The number that a lever has now, where it is known.
    pub(super) fn now(&self, lever: &Lever) -> Option<Number> {
        match &lever.of {
            Of::Attribute(leaf) => self.number(&leaf.name()),
            Of::Items(aggregate) => self.number(self.values.aggregates.get(&**aggregate)?),
        }
    }

    /// The move by one of a number, to see how other values follow.
    pub(super) fn step(&self, lever: &Lever) -> Option<Move> {
        let to = self.now(lever)?.plus(Number::from(1)).ok()?;
        let moved = Lever { edges: vec![to], computed: false, ..lever.clone() };
        self.moves(&moved, &[]).into_iter().find(|tried| tried.change.to == ChangedValue::Number(to))
    }

    fn of_attribute(&self, lever: &Lever, name: &str, path: &[Step], solved: &[Number]) -> Vec<Move> {
        let Some(slot) = self.layout.slot(name) else { return Vec::new() };
        let (from, to): (Option<ChangedValue>, Vec<ChangedValue>) = match lever.kind {
            Kind::Number => {
                let from = self.number(name);
                let to = numbers(lever, from, solved).into_iter().map(ChangedValue::Number);
                (from.map(ChangedValue::Number), to.collect())
            }
            Kind::Text => {
                let from = self.transaction.get_text(slot);
                let to = lever.texts.iter().filter(|text| Some(&***text) != from);
                (from.map(text_of), to.map(|text| text_of(text)).collect())
            }
            Kind::Date => {
                let Some(from) = self.date(slot) else { return Vec::new() };
                let to = dates::later(&lever.dates, from, self.zone).into_iter().map(ChangedValue::Date);
                (Some(ChangedValue::Date(from)), to.collect())
            }
            Kind::Boolean => {
                let from = self.transaction.get_boolean(slot);
                let to = [true, false].into_iter().filter(|value| Some(*value) != from);
                (from.map(ChangedValue::Boolean), to.map(ChangedValue::Boolean).collect())
            }
        };
        let made = to.into_iter().map(|to| {
            let edit = Edit::Put(to.json());
            let change = Change::new(name.to_owned(), from.clone(), to, self.zone);
            Move {
                far: far(&change),
                weight: weight(&change),
                change,
                slot: Some(slot),
                path: path.to_vec(),
                edit,
            }
        });
        made.collect()
    }

    fn date(&self, slot: Slot) -> Option<Instant> {
        self.transaction.get_date(slot)?.resolve(self.zone)
    }

    fn of_items(&self, lever: &Lever, aggregate: &Aggregate, solved: &[Number]) -> Vec<Move> {
        let Some(text) = self.values.aggregates.get(aggregate) else { return Vec::new() };
        let path = [Step::Key(BILL.to_owned()), Step::Key("lineItems".to_owned())];
        let one = |from: Option<ChangedValue>, to: ChangedValue, by: Number| {
            let items = items::raising(aggregate, by)?;
            let change = Change::new(text.clone(), from, to, self.zone);
            let (path, edit) = (path.to_vec(), Edit::Append(items));
            Some(Move { far: far(&change), weight: weight(&change), change, slot: None, path, edit })
        };
        if lever.kind == Kind::Boolean {
            let now = self.values.by_text.get(text).cloned().flatten();
            let from = now.as_deref().and_then(|now| now.parse().ok()).map(ChangedValue::Boolean);
            return match from {
                Some(ChangedValue::Boolean(value)) => {
                    // The call may ask that there is none.
                    one(from, ChangedValue::Boolean(!value), Number::from(1)).into_iter().collect()
                }
                _ => one(None, ChangedValue::Boolean(true), Number::from(1)).into_iter().collect(),
            };
        }
        let from = self.number(text);
        let held = from.unwrap_or(Number::ZERO);
        let to = numbers(lever, from, solved).into_iter();
        to.filter_map(|to| {
            one(from.map(ChangedValue::Number), ChangedValue::Number(to), to.minus(held).ok()?)
        })
        .collect()
    }

    fn of_entries(&self, lever: &Lever, read: &Read, name: &str) -> Vec<Move> {
        let Read::EntryField { section, list, field, .. } = read else { return Vec::new() };
        let found = self.layout.list(&format!("{section}.{}", list.key()));
        let Some((held, slot)) = found.and_then(|held| {
            let own = name.split_once('.').map_or(name, |(_, own)| own);
            Some((held, self.layout.entry_slot(held, own)?))
        }) else {
            return Vec::new();
        };
        let mut moves = Vec::new();
        let entries = self.transaction.get_entries(held).into_iter().flatten();
        for (at, entry) in entries.take(MOST_ENTRIES).enumerate() {
            let Some(from) = entry.number(slot) else { continue };
            for to in numbers(lever, Some(from), &[]) {
                let mut path =
                    vec![Step::Key(section.to_string()), Step::Key(list.key().to_owned()), Step::Entry(at)];
                path.extend(field.extended.then(|| Step::Key("extendedFields".to_owned())));
                path.push(Step::Key(field.name.to_string()));
                let (from, to) = (ChangedValue::Number(from), ChangedValue::Number(to));
                let edit = Edit::Put(to.json());
                let mut change = Change::new(name.to_owned(), Some(from), to, self.zone);
                change.item = Some(at);
                moves.push(Move {
                    far: far(&change),
                    weight: weight(&change),
                    change,
                    slot: None,
                    path,
                    edit,
                });
            }
        }
        moves
    }
}

fn text_of(text: &str) -> ChangedValue {
    ChangedValue::Text(text.to_owned())
}

/// The numbers that a lever may move to: the ends of the ranges that the rule
/// tells apart, at the digits that the value may have.
fn numbers(lever: &Lever, from: Option<Number>, solved: &[Number]) -> Vec<Number> {
    let known = lever.edges.iter().chain(&from).map(|number| number.scale()).max();
    let scale = lever.scale.or(known).unwrap_or(0);
    let mut edges = lever.edges.clone();
    edges.extend(solved);
    let mut found = around(&edges, scale);
    // What is bought is never below nothing, unless it is so already.
    let lowest = from.filter(|from| from.is_negative()).map_or(Number::ZERO, |from| from);
    found.retain(|number| Some(*number) != from && (*number >= lowest));
    found
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
fn weight(change: &Change) -> Number {
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
