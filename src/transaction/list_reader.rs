//! Reads the lists of a document: line items and tenders.

use std::mem::replace;

use crate::json::{Kind, Name};
use crate::typed::ValueKind;

use super::cell::Cell;
use super::destination::Destination;
use super::fault::{Result, duplicate, too_much, wrong_type};
use super::list::Row;
use super::list_plan::ListPlan;
use super::lookup::{Candidate, ItemPart};
use super::reader::{DocumentReader, place};
use super::scalar::Scalar;

/// The row of an entry, and the index of its list.
#[derive(Clone, Copy)]
struct OpenEntry {
    list: usize,
    row: Row,
}

impl<'l> DocumentReader<'_, 'l, '_> {
    pub(super) fn list(&mut self, index: usize, plan: &'l ListPlan, name: Name) -> Result {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind),
            Kind::Array => {
                // Where a profile has two names in the document, both may have
                // the list; the last one counts.
                if let Some(list) = self.read.lists.get_mut(index) {
                    list.clear();
                }
                self.entries(|reader| reader.entry(index, plan, name))?;
                if let Some(list) = self.read.lists.get_mut(index) {
                    list.complete();
                }
                Ok(())
            }
            _ => {
                let name = self.json.content(name.content);
                Err(wrong_type(place(start), &format!("`{name}` is an array"), kind))
            }
        }
    }

    /// Reads one line item or tender.
    fn entry(&mut self, list: usize, plan: &'l ListPlan, name: Name) -> Result {
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            let name = self.json.content(name.content);
            return Err(wrong_type(place(start), &format!("an entry of `{name}` is an object"), kind));
        }
        let Some(held) = self.read.lists.get_mut(list) else {
            return self.skip();
        };
        let entry = OpenEntry { list, row: held.add(plan.width()) };
        if plan.width() == 0 {
            // Only the number of entries matters, so the entry is skipped.
            return self.skip();
        }
        self.buffers.candidates.clear();
        let attributes = !plan.look_ups.is_empty();
        // Whether the two objects within an item were seen.
        let (mut in_attributes, mut in_extended) = (false, false);
        self.object("a line item", plan.own.len(), |reader, key, seen| {
            let text = reader.json.content(key.content);
            if let Some((number, destinations)) = plan.own.get(text) {
                let looked_up = plan.looks_up(text);
                reader.once(seen, number, key)?;
                let scalar = reader.entry_values(entry, key, destinations)?;
                if looked_up {
                    reader.buffers.candidates.push(Candidate { part: ItemPart::Own, name: key, scalar });
                }
                return Ok(());
            }
            match text {
                "attributes" if attributes => {
                    if replace(&mut in_attributes, true) {
                        return Err(duplicate(&reader.json, key));
                    }
                    reader.object("`attributes` of an item", 0, |reader, key, _| {
                        reader.candidate(plan, key, ItemPart::Attributes)
                    })?;
                    Ok(())
                }
                "extendedFields" if attributes || !plan.extended.is_empty() => {
                    if replace(&mut in_extended, true) {
                        return Err(duplicate(&reader.json, key));
                    }
                    reader.object("`extendedFields`", plan.extended.len(), |reader, key, seen| {
                        let Some((number, destinations)) =
                            plan.extended.get(reader.json.content(key.content))
                        else {
                            return reader.candidate(plan, key, ItemPart::Extended);
                        };
                        reader.once(seen, number, key)?;
                        let scalar = reader.entry_values(entry, key, destinations)?;
                        if attributes {
                            let part = ItemPart::Extended;
                            reader.buffers.candidates.push(Candidate { part, name: key, scalar });
                        }
                        Ok(())
                    })?;
                    Ok(())
                }
                _ => reader.candidate(plan, key, ItemPart::Own),
            }
        })?;
        for look_up in &plan.look_ups {
            if let Some(text) = look_up.find(&self.json, &self.buffers.candidates)? {
                let text = self.json.content(text);
                let cell = self.read.text_cell(self.plan, text, look_up.compared);
                let cell = cell.ok_or_else(|| too_much(name.span))?;
                self.put_in(entry, look_up.slot, cell);
            }
        }
        Ok(())
    }

    fn put_in(&mut self, entry: OpenEntry, slot: usize, value: Cell) {
        if let Some(list) = self.read.lists.get_mut(entry.list) {
            list.put(entry.row, slot, value);
        }
    }

    /// Stores a field of an entry in every slot that reads it. Rules may also
    /// select items by a figure, as text; so its text is returned, as written.
    fn entry_values(&mut self, entry: OpenEntry, key: Name, destinations: &[Destination]) -> Result<Scalar> {
        let token =
            self.token(key, destinations.first().map_or(ValueKind::Text, |destination| destination.kind))?;
        for destination in destinations {
            let value = self.value(&token, key, destination)?;
            self.put_in(entry, destination.slot, value);
        }
        Ok(if token.kind == Kind::Null { Scalar::Null } else { Scalar::Text(token.text) })
    }

    /// Notes a key of an object of the item that a look-up may match,
    /// regardless of case.
    fn candidate(&mut self, plan: &ListPlan, key: Name, part: ItemPart) -> Result {
        if !plan.looks_up(self.json.content(key.content)) {
            return self.skip();
        }
        let scalar = self.scalar()?;
        self.buffers.candidates.push(Candidate { part, name: key, scalar });
        Ok(())
    }
}
