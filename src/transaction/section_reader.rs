//! Reads a document profile by profile: attributes, extended fields, custom
//! fields, segments and the answers of methods.

use crate::json::{Kind, Name};
use crate::typed::ValueKind;
use crate::value::Number;

use super::buffers::Seen;
use super::cell::{BufferRange, Cell};
use super::destination::Destination;
use super::fault::{Result, duplicate, too_much, wrong_type};
use super::names::Names;
use super::reader::{DocumentReader, head};
use super::scalar::Scalar;
use super::section_plan::{AnswerPlan, SectionPlan, Structure};
use super::shapes::{Member, Place};

impl<'l> DocumentReader<'_, 'l, '_> {
    /// Reads the whole document.
    pub(super) fn transaction(&mut self) -> Result {
        let plan = self.plan;
        let document = self.buffers.shapes.document();
        self.object("a transaction document", document, &plan.keys, |reader, key, seen| {
            match known(&plan.keys, key)
                .and_then(|(number, section)| Some((number, plan.section_plans.get(*section)?)))
            {
                Some((number, section)) => {
                    if let Some(slot) = section.label {
                        return reader.section_of_label(section, slot, key.place, seen, number);
                    }
                    reader.once(seen, number, key.name)?;
                    reader.section(section, key.place)
                }
                None => reader.skip(),
            }
        })?;
        self.json.finish()
    }

    fn section(&mut self, section: &'l SectionPlan, place: Place) -> Result {
        self.object("a profile", place, &section.keys, |reader, key, seen| {
            let Some((number, wanted)) = known(&section.keys, key) else {
                return reader.skip();
            };
            if let Some(slot) = wanted.label {
                let again = reader.buffers.seen.note(seen, number);
                return reader.label(slot, key.name, again);
            }
            reader.once(seen, number, key.name)?;
            match &wanted.structure {
                Some(structure) if wanted.values.is_empty() || reader.is_nested()? => {
                    reader.structure(structure, key, section)
                }
                _ => reader.values(key.name, &wanted.values),
            }
        })?;
        Ok(())
    }

    /// Reads a profile of which nothing but the label is read. One that is no
    /// object, or comes twice, is no error: it has no label.
    fn section_of_label(
        &mut self,
        section: &'l SectionPlan,
        slot: usize,
        place: Place,
        seen: Seen,
        number: u32,
    ) -> Result {
        let (kind, _) = self.json.peek()?;
        if !self.buffers.seen.note(seen, number) && kind == Kind::Object {
            return self.section(section, place);
        }
        self.read.set(slot, Cell::Absent);
        self.skip()
    }

    /// Reads the label: a string or a number, if it is there once. Anything else
    /// is none, and no error, because no rule asks for it.
    fn label(&mut self, slot: usize, key: Name, again: bool) -> Result {
        let (kind, _) = self.json.peek()?;
        if again || !matches!(kind, Kind::String | Kind::Number) {
            self.read.set(slot, Cell::Absent);
            return self.skip();
        }
        let token = self.token(key, ValueKind::Text)?;
        let label = self.value(&token, key, &Destination::new(slot, ValueKind::Text))?;
        self.read.set(slot, label);
        Ok(())
    }

    fn structure(&mut self, structure: &'l Structure, key: Member, section: &'l SectionPlan) -> Result {
        match structure {
            Structure::Extended => {
                let extended = &section.extended;
                self.object("`extendedFields`", key.place, extended, |reader, key, seen| {
                    match known(extended, key) {
                        Some((number, destinations)) => {
                            reader.once(seen, number, key.name)?;
                            reader.values(key.name, destinations)
                        }
                        None => reader.skip(),
                    }
                })?;
                Ok(())
            }
            Structure::CustomFields => self.container("`customFields`", key.place, &section.custom_fields),
            Structure::Segments => self.container("`clusters`", key.place, &section.segments),
            Structure::Answers(answers) => self.answers(answers, key),
            Structure::List(index) => match self.plan.list_plans.get(*index) {
                Some(list) => self.list(*index, list, key),
                None => self.skip(),
            },
        }
    }

    /// Stores a value in its slot. Where a profile has two names in the
    /// document, only one of them may state the value.
    pub(super) fn put(&mut self, key: Name, slot: usize, value: Cell) -> Result {
        match (self.read.cell(slot), value) {
            (_, Cell::Absent) => Ok(()),
            (Cell::Absent, value) => {
                self.read.set(slot, value);
                Ok(())
            }
            _ => Err(duplicate(&self.json, key)),
        }
    }

    /// Stores a value in every slot that reads it.
    fn values(&mut self, key: Name, destinations: &[Destination]) -> Result {
        if let [destination] = destinations
            && let Some(value) = self.plain_value(destination)
        {
            return self.put(key, destination.slot, value);
        }
        self.values_of_any(key, destinations)
    }

    fn values_of_any(&mut self, key: Name, destinations: &[Destination]) -> Result {
        if let [Destination { slot, kind: ValueKind::Numbers, .. }] = destinations {
            let numbers = self.numbers(key)?;
            return self.put(key, *slot, numbers);
        }
        let token =
            self.token(key, destinations.first().map_or(ValueKind::Text, |destination| destination.kind))?;
        for destination in destinations {
            let value = self.value(&token, key, destination)?;
            self.put(key, destination.slot, value)?;
        }
        Ok(())
    }

    /// Custom fields or segments: a value or a list of values each.
    fn container(&mut self, what: &str, place: Place, wanted: &Names<usize>) -> Result {
        self.buffers.found.clear();
        let there = self.object(what, place, wanted, |reader, key, seen| match known(wanted, key) {
            Some((number, slot)) => {
                reader.once(seen, number, key.name)?;
                let value = reader.texts(key.name)?;
                reader.buffers.found.push((key.name, *slot, value));
                Ok(())
            }
            None => reader.skip(),
        })?;
        for at in 0..self.buffers.found.len() {
            if let Some((key, slot, value)) = self.buffers.found.get(at).copied() {
                self.put(key, slot, value)?;
            }
        }
        if there {
            for slot in wanted.entries() {
                if matches!(self.read.cell(*slot), Cell::Absent) {
                    self.read.set(*slot, Cell::NoEntry);
                }
            }
        }
        Ok(())
    }

    /// The answers of a method: objects that map arguments to values. For a
    /// boolean, the innermost may instead be a list of the arguments for which
    /// it is true.
    fn answers(&mut self, plan: &'l AnswerPlan, Member { name, place, .. }: Member) -> Result {
        let (kind, start) = self.json.peek()?;
        let wrong = |reader: &Self| {
            let name = reader.json.content(name.content);
            wrong_type(head(start), &format!("`{name}`"), "an object from argument to answer", kind)
        };
        match kind {
            Kind::Object => {
                self.object("", place, &plan.arguments, |reader, key, seen| {
                    match known(&plan.arguments, key) {
                        Some((number, inner)) => {
                            reader.once(seen, number, key.name)?;
                            reader.answer(inner, key)
                        }
                        None => reader.skip(),
                    }
                })?;
                Ok(())
            }
            // Only the innermost level may be a list.
            Kind::Array if plan.arguments.entries().any(|inner| inner.answers.is_empty()) => Err(wrong(self)),
            Kind::Array => {
                let holding = self.buffers.seen.open(plan.arguments.len());
                self.entries(|reader| {
                    let token = reader.token(name, ValueKind::Text)?;
                    let mut text = token.text;
                    // A number as argument is compared by its value, not by its
                    // digits.
                    if token.kind == Kind::Number
                        && let Ok(number) = Number::from_json(reader.json.content(text))
                    {
                        text = reader.json.keep(number);
                    }
                    if let Some(number) = plan.arguments.number(reader.json.content(text)) {
                        reader.buffers.seen.note(holding, number);
                    }
                    Ok(())
                })?;
                let key = Name { span: head(start), ..name };
                for (number, inner) in (0..).zip(plan.arguments.entries()) {
                    let holds = self.buffers.seen.note(holding, number);
                    for destination in &inner.answers {
                        if destination.kind != ValueKind::Boolean {
                            return Err(wrong(self));
                        }
                        self.put(key, destination.slot, Cell::Boolean(holds))?;
                    }
                }
                self.buffers.seen.close(holding);
                Ok(())
            }
            Kind::Null => self.json.constant(kind),
            _ => Err(wrong(self)),
        }
    }

    fn answer(&mut self, plan: &'l AnswerPlan, key: Member) -> Result {
        if !plan.arguments.is_empty() && (plan.answers.is_empty() || self.is_nested()?) {
            return self.answers(plan, key);
        }
        self.values(key.name, &plan.answers)
    }

    /// Whether an object or an array comes next.
    fn is_nested(&mut self) -> Result<bool> {
        let (kind, _) = self.json.peek()?;
        Ok(matches!(kind, Kind::Object | Kind::Array))
    }

    /// A value or a list of values as text; [`Cell::NoEntry`] where it is
    /// `null`.
    pub(super) fn texts(&mut self, name: Name) -> Result<Cell> {
        let (kind, _) = self.json.peek()?;
        let start = self.read.texts.len();
        if kind == Kind::Array {
            self.entries(|reader| reader.add_text(name).map(drop))?;
        } else if !self.add_text(name)? {
            return Ok(Cell::NoEntry);
        }
        let range = BufferRange::new(start..self.read.texts.len());
        range.map(Cell::Texts).ok_or_else(|| too_much(name.span))
    }

    /// Adds a scalar to the transaction's texts; false for `null`.
    fn add_text(&mut self, name: Name) -> Result<bool> {
        match self.scalar()? {
            Scalar::Text(text) => {
                let range = self.read.keep(self.json.content(text)).ok_or_else(|| too_much(name.span))?;
                self.read.texts.push(range);
                Ok(true)
            }
            Scalar::Null => Ok(false),
            Scalar::Nested(place, kind) => {
                let name = self.json.content(name.content);
                Err(wrong_type(place, &format!("`{name}`"), "a string", kind))
            }
        }
    }
}

/// The entry of a key in the table of its object, and its number.
#[inline]
fn known<T>(names: &Names<T>, key: Member) -> Option<(u32, &T)> {
    let number = key.lead.entry?;
    names.at(number).map(|entry| (number, entry))
}
