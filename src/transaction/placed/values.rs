//! Values of documents of another shape on their way into cells.

use crate::diagnostic::{Code, Diagnostic, Offset, Span};
use crate::json::{Content, Kind, Name};
use crate::typed::ValueKind;
use crate::value::Number;

use super::super::buffers::Later;
use super::super::candidates::Candidate;
use super::super::cell::{BufferRange, Cell};
use super::super::destination::Destination;
use super::super::fault::{Result, no_number, too_much, wrong_type};
use super::super::list_reader::OpenEntry;
use super::super::reader::{DocumentReader, head, scalar_cell};
use super::super::scalar::Scalar;
use super::super::shapes::{Member, Place};
use super::conversion::{Conversion, Written};
use super::node::{ConstantTake, Node, NodeKeys, Pairs, Take};

/// A scalar: its type, its text and where it begins.
type Found = (Kind, Content, Offset);

impl<'l> DocumentReader<'_, 'l, '_> {
    /// Puts a scalar where it goes.
    pub(super) fn placed_scalar(
        &mut self,
        node: &'l Node,
        found: Found,
        name: Name,
        entry: Option<OpenEntry>,
    ) -> Result {
        let (kind, _, start) = found;
        if node.takes.is_empty() && node.later.is_empty() && (node.reads_members() || node.reads_entries()) {
            let wanted = if node.reads_members() { "an object" } else { "an array" };
            let name = self.json.content(name.content);
            return Err(wrong_type(head(start), &format!("`{name}`"), wanted, kind));
        }
        for take in &node.takes {
            self.take(take, found, name, entry)?;
        }
        for number in &node.later {
            let (kind, text, start) = found;
            self.buffers.later.push(Later { number: *number, kind, text, start, name });
        }
        Ok(())
    }

    pub(super) fn take(
        &mut self,
        take: &'l Take,
        found: Found,
        name: Name,
        entry: Option<OpenEntry>,
    ) -> Result {
        let (kind, text, start) = found;
        if let Some(slot) = take.texts {
            let first = self.read.texts.len();
            self.add_texts(take, found, name)?;
            return self.put_texts(take, slot, first, name);
        }
        if let [Destination { slot, kind: ValueKind::Numbers, .. }] = take.destinations.as_slice()
            && take.conversion.as_ref().is_some_and(|conversion| conversion.separator().is_some())
        {
            let first = self.read.numbers.len();
            self.add_numbers(take, found, name)?;
            return self.put_numbers(*slot, first, name);
        }
        let span = Span::new(start, self.json.position());
        let Some(conversion) = &take.conversion else {
            return self.take_as_it_is(take, found, span, name, entry);
        };
        let mut converted = std::mem::take(&mut self.buffers.converted);
        converted.clear();
        let written = Written { kind, text: self.json.content(text) };
        let result = match conversion.convert(written, &mut converted) {
            Ok(kind) => {
                let found = if take.candidate.is_some() { self.json.keep(&converted) } else { text };
                self.take_converted(take, (kind, &converted), found, span, name, entry)
            }
            Err(said) => Err(self.not_converted(&said, span, name)),
        };
        self.buffers.converted = converted;
        result
    }

    #[cold]
    fn not_converted(&self, said: &str, span: Span, name: Name) -> Diagnostic {
        let name = self.json.content(name.content);
        Diagnostic::new(Code::WrongType, span, format!("`{name}` {said}"))
    }

    fn take_as_it_is(
        &mut self,
        take: &'l Take,
        (kind, content, _): Found,
        span: Span,
        name: Name,
        entry: Option<OpenEntry>,
    ) -> Result {
        let mut kept = None;
        for destination in &take.destinations {
            let text = self.json.content(content);
            let cell = match scalar_cell(self.read, self.plan, (kind, text), destination) {
                Ok(cell) => cell,
                Err(refused) => {
                    return Err(self.refusal(refused, (kind, text), span, name, destination.kind));
                }
            };
            if let Cell::Text(range, _) = cell {
                kept = Some(range);
            }
            self.put_placed(name, destination.slot, cell, entry)?;
        }
        if let Some(slot) = take.label {
            let text = self.json.content(content);
            let to = Destination::new(slot, ValueKind::Text);
            if matches!(kind, Kind::String | Kind::Number)
                && let Ok(cell) = scalar_cell(self.read, self.plan, (kind, text), &to)
            {
                self.read.set(slot, cell);
            }
        }
        self.add_candidate(take, Scalar::Text(content), kept);
        Ok(())
    }

    fn take_converted(
        &mut self,
        take: &'l Take,
        (kind, text): (Kind, &str),
        content: Content,
        span: Span,
        name: Name,
        entry: Option<OpenEntry>,
    ) -> Result {
        let label = take.label.map(|slot| Destination::new(slot, ValueKind::Text));
        let mut kept = None;
        for destination in take.destinations.iter().chain(&label) {
            let cell = match scalar_cell(self.read, self.plan, (kind, text), destination) {
                Ok(cell) => cell,
                Err(refused) => {
                    return Err(self.refusal(refused, (kind, text), span, name, destination.kind));
                }
            };
            if let Cell::Text(range, _) = cell {
                kept = Some(range);
            }
            self.put_placed(name, destination.slot, cell, entry)?;
        }
        let scalar = if kind == Kind::Null { Scalar::Null } else { Scalar::Text(content) };
        self.add_candidate(take, scalar, kept);
        Ok(())
    }

    fn add_candidate(&mut self, take: &Take, scalar: Scalar, kept: Option<BufferRange>) {
        if let Some((class, part, span)) = take.candidate {
            let name = Name { content: Content::Decoded(span), span: Span::empty(0) };
            self.buffers.candidates.add(class, Candidate::new(part, name, scalar, kept));
        }
    }

    /// Notes a `null`.
    pub(super) fn nothing(&mut self, node: &'l Node, name: Name) -> Result {
        for take in &node.takes {
            self.add_candidate(take, Scalar::Null, None);
            if let Some(slot) = take.texts {
                take.container.into_iter().for_each(|container| self.note_there(container));
                self.put(name, slot, Cell::NoEntry)?;
            }
        }
        Ok(())
    }

    /// Puts what every document or entry has.
    pub(super) fn constant(&mut self, constant: &'l ConstantTake, entry: Option<OpenEntry>) -> Result {
        let content = Content::Decoded(constant.text);
        let name = Name { content, span: Span::empty(0) };
        self.take(&constant.take, (constant.kind, content, Offset::from(0_usize)), name, entry)
    }

    /// Reads an array of values, each of which one slot has.
    pub(super) fn several(&mut self, node: &'l Node, name: Name) -> Result {
        let [take] = node.takes.as_slice() else {
            let start = self.json.peek()?.1;
            return Err(self.wrong(name, (Kind::Array, ""), start, ValueKind::Text));
        };
        let (texts, numbers) = (self.read.texts.len(), self.read.numbers.len());
        self.entries(|reader| {
            let (kind, start) = reader.json.peek()?;
            match kind {
                Kind::Null => return reader.json.constant(kind),
                Kind::Object | Kind::Array => {
                    return Err(reader.wrong(name, (kind, ""), start, ValueKind::Text));
                }
                _ => {}
            }
            let text = reader.scalar_text(kind, start)?;
            match take.texts {
                Some(_) => reader.add_texts(take, (kind, text, start), name),
                None => reader.add_numbers(take, (kind, text, start), name),
            }
        })?;
        match (take.texts, take.destinations.first()) {
            (Some(slot), _) => self.put_texts(take, slot, texts, name),
            (None, Some(to)) => self.put_numbers(to.slot, numbers, name),
            (None, None) => Ok(()),
        }
    }

    fn put_texts(&mut self, take: &Take, slot: usize, first: usize, name: Name) -> Result {
        take.container.into_iter().for_each(|container| self.note_there(container));
        let range = BufferRange::new(first..self.read.texts.len()).ok_or_else(|| too_much(name.span))?;
        self.put(name, slot, Cell::Texts(range))
    }

    fn put_numbers(&mut self, slot: usize, first: usize, name: Name) -> Result {
        let range = BufferRange::new(first..self.read.numbers.len()).ok_or_else(|| too_much(name.span))?;
        self.put(name, slot, Cell::Numbers(range))
    }

    /// Adds the values of a text to the transaction's texts.
    fn add_texts(&mut self, take: &'l Take, found: Found, name: Name) -> Result {
        self.each_part(take, found, name, |reader, (_, text), span| {
            let range = reader.read.keep(text).ok_or_else(|| too_much(span))?;
            reader.read.texts.push(range);
            Ok(())
        })
    }

    /// The same for numbers.
    fn add_numbers(&mut self, take: &'l Take, found: Found, name: Name) -> Result {
        self.each_part(take, found, name, |reader, (kind, text), span| {
            let refused = match kind {
                Kind::Number | Kind::String => match Number::from_json(text) {
                    Ok(number) => {
                        reader.read.numbers.push(number);
                        return Ok(());
                    }
                    Err(form) => no_number(reader.json.content(name.content), (kind, text), span, form),
                },
                _ => reader.wrong(name, (kind, text), span.start(), ValueKind::Number),
            };
            Err(refused)
        })
    }

    /// The parts of a value that is several in one text, each converted.
    fn each_part(
        &mut self,
        take: &'l Take,
        (kind, content, start): Found,
        name: Name,
        mut part: impl FnMut(&mut Self, (Kind, &str), Span) -> Result,
    ) -> Result {
        let span = Span::new(start, self.json.position());
        // The text is copied, for what reads it may decode more beside it.
        let mut whole = std::mem::take(&mut self.buffers.converted);
        whole.clear();
        whole.push_str(self.json.content(content));
        let result = match &take.conversion {
            None => part(self, (kind, &whole), span),
            Some(conversion) => each_converted(&**conversion, (kind, &whole), |converted| match converted {
                Ok(found) => part(self, found, span),
                Err(said) => Err(self.not_converted(&said, span, name)),
            }),
        };
        self.buffers.converted = whole;
        result
    }

    /// Reads a list of pairs for one container.
    pub(super) fn pairs_of(&mut self, pairs: &'l Pairs, key: Member, entry: Option<OpenEntry>) -> Result {
        pairs.container.into_iter().for_each(|container| self.note_there(container));
        self.entries(|reader| reader.pair(pairs, key, entry))
    }

    fn pair(&mut self, pairs: &'l Pairs, key: Member, entry: Option<OpenEntry>) -> Result {
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            let name = self.json.content(key.name.content);
            return Err(wrong_type(head(start), &format!("an entry of `{name}`"), "an object", kind));
        }
        let before = self.json.rest();
        let nothing = Node::default();
        let mut named: Option<Content> = None;
        let mut there = false;
        // The name may stand behind the value, so it is looked for first.
        self.object("a pair", Place::UNKNOWN, &NodeKeys { node: &nothing, list: None }, |reader, at, _| {
            let text = reader.json.content(at.name.content);
            there |= *text == *pairs.value;
            if *text != *pairs.name {
                return reader.skip();
            }
            if let Scalar::Text(text) = reader.scalar()? {
                named = Some(text);
            }
            Ok(())
        })?;
        let (Some(named), true) = (named, there) else { return Ok(()) };
        let text = self.json.content(named);
        let wanted = pairs.wanted.get(text).map(|(_, node)| node);
        let class = match (wanted, pairs.part, entry) {
            (_, Some(part), Some(entry)) => {
                let plan = self.plan.list_plans.get(entry.list);
                let mut folded = String::new();
                plan.and_then(|plan| plan.classes.of(text, &mut folded)).map(|class| (class, part))
            }
            _ => None,
        };
        if wanted.is_none() && class.is_none() {
            return Ok(());
        }
        let after = self.json.rest();
        self.json.go_on(before);
        let name = Name { content: named, span: Span::byte(start) };
        self.object("a pair", Place::UNKNOWN, &NodeKeys { node: &nothing, list: None }, |reader, at, _| {
            if *reader.json.content(at.name.content) != *pairs.value {
                return reader.skip();
            }
            match (wanted, class) {
                (Some(node), _) => {
                    if entry.is_none() {
                        reader.forget(node);
                    }
                    reader.placed(node, Member { name, ..at }, entry)
                }
                (None, Some((class, part))) => {
                    let scalar = reader.scalar()?;
                    reader.buffers.candidates.add(class, Candidate::new(part, name, scalar, None));
                    Ok(())
                }
                (None, None) => reader.skip(),
            }
        })?;
        self.json.go_on(after);
        Ok(())
    }

    /// Takes away what an earlier pair of the same name said.
    fn forget(&mut self, node: &Node) {
        for take in &node.takes {
            for slot in take.destinations.iter().map(|to| to.slot).chain(take.texts) {
                self.read.set(slot, Cell::Absent);
            }
        }
    }
}

/// Converts a text, or each part of it.
fn each_converted<E>(
    conversion: &dyn Conversion,
    (kind, text): (Kind, &str),
    mut each: impl FnMut(std::result::Result<(Kind, &str), String>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut converted = String::new();
    let separator = conversion.separator().filter(|separator| !separator.is_empty());
    let mut one = |part: &str| {
        converted.clear();
        match conversion.convert(Written { kind, text: part }, &mut converted) {
            Ok(Kind::Null) => Ok(()),
            Ok(kind) => each(Ok((kind, &converted))),
            Err(said) => each(Err(said)),
        }
    };
    match separator {
        None => one(text),
        Some(separator) => {
            text.split(separator).map(str::trim).filter(|part| !part.is_empty()).try_for_each(one)
        }
    }
}
