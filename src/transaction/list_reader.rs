//! Reads the lists of a document: line items and tenders.

use crate::diagnostic::{Diagnostic, Offset};
use crate::json::{Kind, Name};
use crate::typed::ValueKind;

use super::candidates::{Candidate, ItemPart};
use super::cell::{BufferRange, Cell, Symbol};
use super::destination::Destination;
use super::fault::{Result, too_many_values, too_much, wrong_type};
use super::item_keys::{AttributeKeys, ExtendedKeys, OwnKeys};
use super::list::{List, Row};
use super::list_plan::ListPlan;
use super::names::{Lead, Names};
use super::reader::{DocumentReader, head};
use super::scalar::Scalar;
use super::shapes::{Member, Place};

/// The row of an entry, and the index of its list.
#[derive(Clone, Copy)]
pub(super) struct OpenEntry {
    pub(super) list: usize,
    pub(super) row: Row,
}

impl<'l> DocumentReader<'_, 'l, '_> {
    pub(super) fn list(&mut self, index: usize, plan: &'l ListPlan, key: Member) -> Result {
        let Member { name, place, .. } = key;
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind),
            Kind::Array => {
                // Where a profile has two names in the document, both may have
                // the list; the last one counts.
                if let Some(list) = self.read.lists.get_mut(index) {
                    list.clear();
                }
                self.entries(|reader| reader.entry(index, plan, name, place))?;
                if let Some(list) = self.read.lists.get_mut(index) {
                    list.present = true;
                }
                Ok(())
            }
            _ => {
                let name = self.json.content(name.content);
                Err(wrong_type(head(start), &format!("`{name}`"), "an array", kind))
            }
        }
    }

    /// Reads one line item or tender.
    fn entry(&mut self, list: usize, plan: &'l ListPlan, name: Name, place: Place) -> Result {
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            let name = self.json.content(name.content);
            return Err(wrong_type(head(start), &format!("an entry of `{name}`"), "an object", kind));
        }
        let Some(entry) = self.open_entry(list, plan, start)? else {
            return self.skip();
        };
        if plan.width() == 0 {
            // Only the number of entries matters, so the entry is skipped.
            return self.skip();
        }
        let own = OwnKeys(plan);
        self.object("a line item", place, &own, |reader, key, seen| {
            if let Some(number) = key.lead.entry {
                reader.once(seen, number, key.name)?;
                match own.part(number) {
                    ItemPart::Own => return reader.entry_field(entry, &plan.own, key, ItemPart::Own),
                    ItemPart::Attributes => {
                        let names = AttributeKeys(plan);
                        return reader
                            .object("`attributes` of an item", key.place, &names, |reader, key, _| {
                                reader.entry_field(entry, &plan.own, key, ItemPart::Attributes)
                            })
                            .map(drop);
                    }
                    ItemPart::Extended => {
                        let names = ExtendedKeys(plan);
                        return reader
                            .object("`extendedFields`", key.place, &names, |reader, key, seen| {
                                if let Some(number) = key.lead.entry {
                                    reader.once(seen, number, key.name)?;
                                }
                                reader.entry_field(entry, &plan.extended, key, ItemPart::Extended)
                            })
                            .map(drop);
                    }
                }
            }
            reader.entry_field(entry, &plan.own, key, ItemPart::Own)
        })?;
        self.look_up(entry, plan, name)
    }

    /// A new row of a list; their number is limited.
    #[inline]
    pub(super) fn open_entry(
        &mut self,
        list: usize,
        plan: &ListPlan,
        start: Offset,
    ) -> Result<Option<OpenEntry>> {
        let Some(held) = self.read.lists.get_mut(list) else { return Ok(None) };
        let most = self.limits.transaction_values;
        if List::row(held.count(), plan.width()).end > most {
            return Err(too_many_values(head(start), plan.width(), most));
        }
        Ok(Some(OpenEntry { list, row: held.add(plan.width()) }))
    }

    /// Stores a field of an entry in every slot that reads it, and notes a key
    /// that a look-up may match.
    fn entry_field(
        &mut self,
        entry: OpenEntry,
        fields: &Names<Vec<Destination>>,
        key: Member,
        part: ItemPart,
    ) -> Result {
        let Lead { entry: field, class } = key.lead;
        let field = field.and_then(|number| fields.at(number));
        if let (Some([destination]), None) = (field.map(Vec::as_slice), class)
            && let Some(value) = self.plain_value(destination)
        {
            self.put_in(entry, destination.slot, value);
            return Ok(());
        }
        let (scalar, kept) = match field {
            Some(destinations) => self.entry_values(entry, key.name, destinations)?,
            None if class.is_none() => return self.skip(),
            None => (self.scalar()?, None),
        };
        if let Some(class) = class {
            self.buffers.candidates.add(class, Candidate::new(part, key.name, scalar, kept));
        }
        Ok(())
    }

    /// Looks up the attributes of an item, all of whose keys were read. What it
    /// costs follows from the keys that may match.
    pub(super) fn look_up(&mut self, entry: OpenEntry, plan: &'l ListPlan, name: Name) -> Result {
        // Of several faults the one of the first look-up is reported.
        let mut fault: Option<(usize, Diagnostic)> = None;
        let mut at = 0..;
        while let Some(class) = at.next().and_then(|at| self.buffers.candidates.class(at)) {
            // Nearly always one key is in a class, and then it does not matter in
            // which part it stands and how it is spelled.
            let only = self.buffers.candidates.only_text(class);
            for number in plan.classes.look_ups(class) {
                let Some(look_up) = plan.look_ups.get(*number) else { continue };
                if look_up.is_second(class, &self.buffers.candidates) {
                    continue;
                }
                let found = match only {
                    Some(only) => Ok(Some(only)),
                    None => look_up.find(&self.json, &self.buffers.candidates),
                };
                match found {
                    Ok(Some(found)) => {
                        let cell = self.candidate_cell(found, look_up.compared);
                        let cell = cell.ok_or_else(|| too_much(name.span))?;
                        self.put_in(entry, look_up.slot, cell);
                    }
                    Ok(None) => {}
                    Err(found) => {
                        if fault.as_ref().is_none_or(|(first, _)| number < first) {
                            fault = Some((*number, found));
                        }
                    }
                }
            }
        }
        self.buffers.candidates.clear();
        fault.map_or(Ok(()), |(_, fault)| Err(fault))
    }

    /// The text of a candidate as a cell. It is kept once, however many slots
    /// have it.
    fn candidate_cell(&mut self, number: u32, compared: bool) -> Option<Cell> {
        let candidate = self.buffers.candidates.get_mut(number)?;
        let Scalar::Text(content) = candidate.scalar else { return None };
        let text = self.json.content(content);
        let range = match candidate.kept {
            Some(range) => range,
            None => *candidate.kept.insert(self.read.keep(text)?),
        };
        let symbol = match candidate.symbol {
            _ if !compared => Symbol::default(),
            Some(symbol) => symbol,
            None => *candidate.symbol.insert(self.plan.symbol(text)),
        };
        Some(Cell::Text(range, symbol))
    }

    #[inline]
    pub(super) fn put_in(&mut self, entry: OpenEntry, slot: usize, value: Cell) {
        if let Some(list) = self.read.lists.get_mut(entry.list) {
            list.set(entry.row, slot, value);
        }
    }

    /// Stores a value in every slot of the entry that reads it. Rules may also
    /// select items by a figure, as text; so its text is returned, as written,
    /// and where it is kept.
    fn entry_values(
        &mut self,
        entry: OpenEntry,
        key: Name,
        destinations: &[Destination],
    ) -> Result<(Scalar, Option<BufferRange>)> {
        let token =
            self.token(key, destinations.first().map_or(ValueKind::Text, |destination| destination.kind))?;
        let mut kept = None;
        for destination in destinations {
            let value = self.value(&token, key, destination)?;
            if let Cell::Text(range, _) = value {
                kept = Some(range);
            }
            self.put_in(entry, destination.slot, value);
        }
        Ok((if token.kind == Kind::Null { Scalar::Null } else { Scalar::Text(token.text) }, kept))
    }
}
