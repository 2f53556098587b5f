//! The entries of a list, read for a layout.
#![deny(clippy::arithmetic_side_effects)]

use crate::diagnostic::{Offset, Span};
use crate::json::{Kind, Name};
use crate::typed::ValueKind;

use super::Cell;
use super::layout::{Destination, ListPlan};
use super::lookup::{Candidate, ItemPart};
use super::read::{DocumentReader, Result, Scalar, wrong_type};

/// Where the cells of an entry stand.
#[derive(Clone, Copy)]
struct Row {
    list: usize,
    first: usize,
}

impl<'l> DocumentReader<'_, 'l, '_> {
    pub(super) fn list(&mut self, index: usize, plan: &'l ListPlan, name: Name) -> Result<()> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind),
            Kind::Array => {
                // Two names of one profile may both have it; the last one counts.
                if let Some(list) = self.read.lists.get_mut(index) {
                    list.clear();
                }
                let count = self.entries(|reader| reader.entry(index, plan, name))?;
                if let Some(list) = self.read.lists.get_mut(index) {
                    list.present = true;
                    list.count = count;
                    list.keys.extend(list.cells.iter().map(Cell::key));
                }
                Ok(())
            }
            _ => {
                let name = self.json.content(name.content);
                Err(wrong_type(place(start), &format!("`{name}` is an array"), kind))
            }
        }
    }

    /// One line item or tender.
    fn entry(&mut self, list: usize, plan: &'l ListPlan, name: Name) -> Result<()> {
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            let name = self.json.content(name.content);
            return Err(wrong_type(place(start), &format!("an entry of `{name}` is an object"), kind));
        }
        if plan.width == 0 {
            // Only how many there are counts.
            return self.skip();
        }
        let Some(cells) = self.read.lists.get_mut(list).map(|list| &mut list.cells) else {
            return self.skip();
        };
        let row = Row { list, first: cells.len() };
        cells.resize(row.first.saturating_add(plan.width), Cell::Absent);
        self.buffers.candidates.clear();
        let attributes = !plan.look_ups.is_empty();
        // The two objects within an item are numbered after its own fields.
        let (in_attributes, in_extended) = (plan.own.len(), plan.own.len().saturating_add(1));
        self.object("a line item", in_extended.saturating_add(1), |reader, key, seen| {
            let text = reader.json.content(key.content);
            if let Some((number, destinations)) = plan.own.get(text) {
                let looked_up = plan.looks_up(text);
                reader.once(seen, number, key)?;
                let scalar = reader.entry_values(row, key, destinations)?;
                if looked_up {
                    reader.buffers.candidates.push(Candidate { part: ItemPart::Own, name: key, scalar });
                }
                return Ok(());
            }
            match text {
                "attributes" if attributes => {
                    reader.once(seen, in_attributes, key)?;
                    reader.object("`attributes` of an item", 0, |reader, key, _| {
                        reader.candidate(plan, key, ItemPart::Attributes)
                    })?;
                    Ok(())
                }
                "extendedFields" if attributes || !plan.extended.is_empty() => {
                    reader.once(seen, in_extended, key)?;
                    reader.object("`extendedFields`", plan.extended.len(), |reader, key, seen| {
                        let Some((number, destinations)) =
                            plan.extended.get(reader.json.content(key.content))
                        else {
                            return reader.candidate(plan, key, ItemPart::Extended);
                        };
                        reader.once(seen, number, key)?;
                        let scalar = reader.entry_values(row, key, destinations)?;
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
                self.put_in(row, look_up.slot, cell);
            }
        }
        Ok(())
    }

    fn put_in(&mut self, row: Row, slot: usize, value: Cell) {
        let cells = self.read.lists.get_mut(row.list).map(|list| &mut list.cells);
        if let Some(held) = cells.and_then(|cells| cells.get_mut(row.first.saturating_add(slot))) {
            *held = value;
        }
    }

    /// A field of an entry for every slot that wants it; a figure may also be
    /// selected by, and its text is as written.
    fn entry_values(&mut self, row: Row, key: Name, destinations: &[Destination]) -> Result<Scalar> {
        let token =
            self.token(key, destinations.first().map_or(ValueKind::Text, |destination| destination.kind))?;
        for destination in destinations {
            let value = self.value(&token, key, destination)?;
            self.put_in(row, destination.index, value);
        }
        Ok(if token.kind == Kind::Null { Scalar::Null } else { Scalar::Text(token.text) })
    }

    /// An entry of an object that a rule may mean, whatever its case.
    fn candidate(&mut self, plan: &ListPlan, key: Name, part: ItemPart) -> Result<()> {
        if !plan.looks_up(self.json.content(key.content)) {
            return self.skip();
        }
        let scalar = self.scalar()?;
        self.buffers.candidates.push(Candidate { part, name: key, scalar });
        Ok(())
    }
}

fn place(start: Offset) -> Span {
    Span::byte(start)
}
