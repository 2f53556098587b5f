//! Reads documents of another shape by the tree of their places.

use crate::diagnostic::Offset;
use crate::json::{Content, Kind, Name};
use crate::typed::ValueKind;
use crate::value::Count;

use super::super::buffers::Later;
use super::super::candidates::{Candidate, ItemPart};
use super::super::cell::Cell;
use super::super::fault::{Result, wrong_type};
use super::super::list_reader::OpenEntry;
use super::super::names::Lead;
use super::super::reader::{DocumentReader, head};
use super::super::shapes::{Member, Place};
use super::conversion::Written;
use super::node::{ListNode, Node, NodeKeys, Pairs};
use super::planner::PlacedPlan;

impl<'l> DocumentReader<'_, 'l, '_> {
    /// Reads the whole document by a tree.
    pub(super) fn placed_document(&mut self, placed: &'l PlacedPlan) -> Result {
        self.begin_placed(placed)?;
        let place = self.buffers.shapes.document();
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            return Err(wrong_type(head(start), "a transaction document", "an object", kind));
        }
        self.note_watched(&placed.root, kind, None);
        self.placed_object("a transaction document", &placed.root, place, None)?;
        self.json.finish()?;
        self.end_placed(placed)
    }

    /// Makes the names of the plan the first that is decoded, and puts what every
    /// document has.
    pub(super) fn begin_placed(&mut self, placed: &'l PlacedPlan) -> Result {
        self.buffers.marks = 0;
        self.buffers.later.clear();
        self.buffers.there.clear();
        self.buffers.there.resize(placed.containers.len(), false);
        if !placed.names.is_empty() {
            self.json.keep(&placed.names);
        }
        for constant in &placed.constants {
            self.constant(constant, None)?;
        }
        Ok(())
    }

    /// Takes what waited for the end, and says of the containers that are there
    /// what they do not hold.
    pub(super) fn end_placed(&mut self, placed: &'l PlacedPlan) -> Result {
        for at in 0..self.buffers.later.len() {
            let Some(Later { number, kind, text, start, name }) = self.buffers.later.get(at).copied() else {
                continue;
            };
            let Some(later) = placed.later.get(number as usize) else { continue };
            let holds = self.buffers.marks & 1_u64.wrapping_shl(later.watch) != 0;
            if holds == later.counts {
                self.take(&later.take, (kind, text, start), name, None)?;
            }
        }
        for (number, slots) in placed.containers.iter().enumerate() {
            if self.buffers.there.get(number) != Some(&true) {
                continue;
            }
            for slot in slots {
                if matches!(self.read.cell(*slot), Cell::Absent) {
                    self.read.set(*slot, Cell::NoEntry);
                }
            }
        }
        Ok(())
    }

    pub(super) fn note_there(&mut self, container: usize) {
        if let Some(there) = self.buffers.there.get_mut(container) {
            *there = true;
        }
    }

    /// Reads the object that is next by a node.
    fn placed_object(
        &mut self,
        what: &str,
        node: &'l Node,
        place: Place,
        entry: Option<OpenEntry>,
    ) -> Result {
        for container in &node.containers {
            self.note_there(*container);
        }
        let list = entry.and_then(|entry| self.plan.list_plans.get(entry.list));
        self.object(what, place, &NodeKeys { node, list }, |reader, key, seen| {
            if let Some(number) = key.lead.entry {
                reader.once(seen, number, key.name)?;
                if let Some(inner) = node.keys.at(number) {
                    return reader.placed(inner, key, entry);
                }
            }
            match (key.lead.class, node.part) {
                (Some(class), Some(part)) => reader.candidate(class, part, key.name),
                _ => reader.skip(),
            }
        })
        .map(drop)
    }

    /// Notes a value that rules may look up under its own key.
    fn candidate(&mut self, class: u32, part: ItemPart, name: Name) -> Result {
        let scalar = self.scalar()?;
        self.buffers.candidates.add(class, Candidate::new(part, name, scalar, None));
        Ok(())
    }

    /// Reads the value of a key that has a place.
    #[inline]
    pub(super) fn placed(&mut self, node: &'l Node, key: Member, entry: Option<OpenEntry>) -> Result {
        if let Some(destination) = &node.plain
            && let Some(value) = self.plain_value(destination)
        {
            return self.put_placed(key.name, destination.slot, value, entry);
        }
        self.placed_any(node, key, entry)
    }

    /// Reads a value that stands by itself.
    pub(super) fn placed_value(&mut self, node: &'l Node, name: Name) -> Result {
        let lead = Lead::default();
        self.placed(node, Member { name, lead, place: Place::UNKNOWN }, None)
    }

    #[inline]
    pub(super) fn put_placed(
        &mut self,
        key: Name,
        slot: usize,
        value: Cell,
        entry: Option<OpenEntry>,
    ) -> Result {
        match entry {
            Some(entry) => {
                self.put_in(entry, slot, value);
                Ok(())
            }
            None => self.put(key, slot, value),
        }
    }

    fn placed_any(&mut self, node: &'l Node, key: Member, entry: Option<OpenEntry>) -> Result {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Object | Kind::Array | Kind::Null => self.note_watched(node, kind, None),
            _ => {
                let text = self.scalar_text(kind, start)?;
                self.note_watched(node, kind, Some(text));
                return self.placed_scalar(node, (kind, text, start), key.name, entry);
            }
        }
        match kind {
            Kind::Null => {
                self.json.constant(kind)?;
                self.nothing(node, key.name)
            }
            Kind::Object if node.reads_members() => self.inner_object(node, key, entry),
            Kind::Array if node.reads_entries() => self.placed_array(node, key, entry),
            Kind::Array if node.takes.iter().any(takes_several) => self.several(node, key.name),
            // What is no label is none, and no error.
            _ if node.takes.iter().any(|take| take.label.is_none()) || !node.later.is_empty() => {
                Err(self.not_a_scalar(node, key.name, kind, start))
            }
            Kind::Array if node.reads_members() => {
                let name = self.json.content(key.name.content);
                Err(wrong_type(head(start), &format!("`{name}`"), "an object", kind))
            }
            Kind::Object if node.reads_entries() => {
                let name = self.json.content(key.name.content);
                Err(wrong_type(head(start), &format!("`{name}`"), "an array", kind))
            }
            _ => self.skip(),
        }
    }

    fn inner_object(&mut self, node: &'l Node, key: Member, entry: Option<OpenEntry>) -> Result {
        self.placed_object("a value", node, key.place, entry)
    }

    #[cold]
    fn not_a_scalar(&self, node: &Node, name: Name, kind: Kind, start: Offset) -> crate::Diagnostic {
        let wanted = node
            .takes
            .iter()
            .flat_map(|take| &take.destinations)
            .map(|destination| destination.kind)
            .next()
            .unwrap_or(ValueKind::Text);
        self.wrong(name, (kind, ""), start, wanted)
    }

    /// Asks what is to be asked of a value.
    #[inline]
    pub(super) fn note_watched(&mut self, node: &Node, kind: Kind, text: Option<Content>) {
        for (number, test) in &node.watches {
            let text = text.map_or("", |text| self.json.content(text));
            if test(Written { kind, text }) {
                self.buffers.marks |= 1_u64.wrapping_shl(*number);
            }
        }
    }

    fn placed_array(&mut self, node: &'l Node, key: Member, entry: Option<OpenEntry>) -> Result {
        if let Some(list) = &node.list {
            return self.placed_list(list, key);
        }
        if let [pairs, others @ ..] = node.pairs.as_slice() {
            return self.pairs(pairs, others, key, entry);
        }
        let mut at = Count::default();
        self.entries(|reader| {
            let number = node.indices.iter().find(|(index, _)| *index == at.get()).map(|(_, number)| *number);
            at.add_one();
            match number.and_then(|number| node.keys.at(number)) {
                // Entries are of different shapes, so nothing is learned of them.
                Some(inner) => reader.placed_any(inner, Member { place: Place::UNKNOWN, ..key }, entry),
                None => reader.skip(),
            }
        })
    }

    fn placed_list(&mut self, node: &'l ListNode, key: Member) -> Result {
        let Some(plan) = self.plan.list_plans.get(node.list) else { return self.skip() };
        self.entries(|reader| {
            let (kind, start) = reader.json.peek()?;
            if kind != Kind::Object {
                let name = reader.json.content(key.name.content);
                return Err(wrong_type(head(start), &format!("an entry of `{name}`"), "an object", kind));
            }
            let Some(entry) = reader.open_entry(node.list, plan, start)? else { return reader.skip() };
            if plan.width() == 0 {
                return reader.skip();
            }
            for constant in &node.constants {
                reader.constant(constant, Some(entry))?;
            }
            reader.placed_object("a line item", &node.entry, key.place, Some(entry))?;
            reader.look_up(entry, plan, key.name)
        })?;
        if let Some(list) = self.read.lists.get_mut(node.list) {
            list.present = true;
        }
        Ok(())
    }

    /// Reads a list of pairs of a name and a value. Where several containers are
    /// read of one list, it is read once for each.
    fn pairs(
        &mut self,
        pairs: &'l Pairs,
        others: &'l [Pairs],
        key: Member,
        entry: Option<OpenEntry>,
    ) -> Result {
        let before = self.json.rest();
        self.pairs_of(pairs, key, entry)?;
        for pairs in others {
            self.json.go_on(before);
            self.pairs_of(pairs, key, entry)?;
        }
        Ok(())
    }
}

fn takes_several(take: &super::node::Take) -> bool {
    take.texts.is_some() || take.destinations.iter().any(|to| to.kind == ValueKind::Numbers)
}
