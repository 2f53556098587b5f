//! What was learned of the shapes of earlier documents: which key follows which,
//! and where each leads.
//!
//! Documents of one source write the same keys in the same order. So the key that
//! came next the last time is tried first: one comparison of its bytes finds its
//! end and where it leads, and nothing is searched or hashed.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::json::{Content, Name, NextInObject, Reader, WrittenKey};

use super::fault::Result;
use super::names::{KeyLookup, Lead};

/// How many keys are remembered. A source that writes ever new keys has all of
/// them forgotten before the next document, and is read without memory from
/// where they were too many.
pub(super) const MOST: usize = 512;

/// A key that was learned, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place(u32);

impl Place {
    /// Of a key that was not learned.
    pub(super) const UNKNOWN: Place = Place(u32::MAX);
    /// The document as a whole.
    pub(super) const DOCUMENT: Place = Place(u32::MAX - 1);
}

/// A key of an object, and where it leads.
#[derive(Debug, Clone)]
struct Learned {
    key: WrittenKey,
    /// The key whose value has this one.
    parent: Place,
    /// INVARIANT: what the plan says of the key; the plan gives each value of
    /// the parent the same table, so the parent and the text decide it.
    lead: Lead,
    /// The key that followed it last time.
    next: Place,
    /// The first key of its value, the last time that it was an object or a list
    /// of objects.
    inner: Place,
}

/// The keys of earlier documents of one transaction.
#[derive(Debug, Clone)]
pub(super) struct Shapes {
    learned: Vec<Learned>,
    /// The same by parent and text.
    numbers: HashTable<u32>,
    hash: DefaultHashBuilder,
    /// The first key of the document, the last time.
    first: Place,
    /// Whether anything is learned: a transaction that is not reused reads no
    /// second document.
    pub(super) learns: bool,
    /// By which table the keys were learned to lead where they do.
    of: u64,
    /// A buffer for keys in lower case.
    folded: String,
}

impl Default for Shapes {
    fn default() -> Shapes {
        Shapes {
            learned: Vec::new(),
            numbers: HashTable::new(),
            hash: DefaultHashBuilder::default(),
            first: Place::UNKNOWN,
            learns: false,
            of: Shapes::PLAIN,
            folded: String::new(),
        }
    }
}

/// How far an object is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    parent: Place,
    expected: Place,
    /// The key that was learned last.
    last: Place,
}

/// A key of an open object, and where it leads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) name: Name,
    pub(super) lead: Lead,
    pub(super) place: Place,
}

/// What came of a guess.
pub(super) enum Guess {
    /// The key was read.
    Member(Member),
    /// The object ends.
    End,
    /// Nothing was read.
    Wrong,
}

impl Shapes {
    /// Of standard documents.
    pub(super) const PLAIN: u64 = 0;

    /// Begins a document that is read by this table.
    pub(super) fn begin(&mut self, of: u64) {
        if self.learned.len() >= MOST || self.of != of {
            self.of = of;
            self.learned.clear();
            self.numbers.clear();
            self.first = Place::UNKNOWN;
        }
    }

    /// The place of the document.
    pub(super) fn document(&self) -> Place {
        if self.learns { Place::DOCUMENT } else { Place::UNKNOWN }
    }

    /// How many keys are remembered.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.learned.len()
    }

    #[inline]
    fn get(&self, place: Place) -> Option<&Learned> {
        self.learned.get(place.0 as usize)
    }

    /// Enters the object that is the value of a key.
    #[inline]
    pub(super) fn enter(&self, parent: Place) -> Order {
        let expected = match parent {
            Place::DOCUMENT => self.first,
            parent => self.get(parent).map_or(Place::UNKNOWN, |parent| parent.inner),
        };
        Order { parent, last: Place::UNKNOWN, expected }
    }

    /// Tries the key that is expected next in an object, or first, and the one
    /// that is expected after it: some keys are left out at times.
    #[inline]
    pub(super) fn guess(&self, json: &mut Reader, order: &mut Order, first: bool) -> Guess {
        let key = match json.next_in_object(first) {
            NextInObject::Key(key) => key,
            NextInObject::End(rest) => {
                json.go_on(rest);
                return Guess::End;
            }
            NextInObject::Other => return Guess::Wrong,
        };
        let Some(expected) = self.get(order.expected) else { return Guess::Wrong };
        let (place, learned, rest) = match expected.key.after(key) {
            Some(rest) => (order.expected, expected, rest),
            None => {
                let Some(second) = self.get(expected.next) else { return Guess::Wrong };
                let Some(rest) = second.key.after(key) else { return Guess::Wrong };
                (expected.next, second, rest)
            }
        };
        (order.last, order.expected) = (place, learned.next);
        Guess::Member(Member { name: json.take_key(key, rest), lead: learned.lead, place })
    }

    /// Reads a key that was not expected, or finds the end of the object.
    #[inline(never)]
    pub(super) fn unexpected(
        &mut self,
        json: &mut Reader,
        order: &mut Order,
        first: bool,
        keys: &impl KeyLookup,
    ) -> Result<Option<Member>> {
        let name = if first { json.first_name()? } else { json.next_name()? };
        Ok(name.map(|name| {
            let (place, lead) = self.look_up(json, order, name, keys);
            Member { name, lead, place }
        }))
    }

    /// Where a key leads that was not guessed. It is learned, if there is room.
    fn look_up(
        &mut self,
        json: &Reader,
        order: &mut Order,
        name: Name,
        keys: &impl KeyLookup,
    ) -> (Place, Lead) {
        let text = json.content(name.content);
        if order.parent == Place::UNKNOWN {
            return (Place::UNKNOWN, keys.lead(text, &mut self.folded));
        }
        // A key with escapes reads otherwise than it is written.
        let written = match name.content {
            Content::Written(_) => WrittenKey::of(text),
            Content::Decoded(_) => None,
        };
        let Some(key) = written else {
            return (Place::UNKNOWN, keys.lead(text, &mut self.folded));
        };
        let hash = |parent: Place, key: &WrittenKey| self.hash.hash_one((parent, key));
        let wanted = hash(order.parent, &key);
        let is_it = |number: &u32| {
            self.get(Place(*number)).is_some_and(|held| held.parent == order.parent && held.key == key)
        };
        if let Some(number) = self.numbers.find(wanted, is_it) {
            let place = Place(*number);
            let lead = self.get(place).map_or(Lead::default(), |held| held.lead);
            self.follow(order, place);
            return (place, lead);
        }
        let lead = keys.lead(text, &mut self.folded);
        let number = match u32::try_from(self.learned.len()) {
            Ok(number) if self.learned.len() < MOST => number,
            _ => return (Place::UNKNOWN, lead),
        };
        let rehash =
            |number: &u32| self.learned.get(*number as usize).map_or(0, |held| hash(held.parent, &held.key));
        self.numbers.insert_unique(wanted, number, rehash);
        let (next, inner) = (Place::UNKNOWN, Place::UNKNOWN);
        self.learned.push(Learned { key, parent: order.parent, lead, next, inner });
        self.follow(order, Place(number));
        (Place(number), lead)
    }

    /// Notes that a key came next, for the next time.
    fn follow(&mut self, order: &mut Order, place: Place) {
        let before = match (order.last, order.parent) {
            (Place::UNKNOWN, Place::DOCUMENT) => Some(&mut self.first),
            (Place::UNKNOWN, parent) => self.learned.get_mut(parent.0 as usize).map(|held| &mut held.inner),
            (last, _) => self.learned.get_mut(last.0 as usize).map(|held| &mut held.next),
        };
        if let Some(before) = before {
            *before = place;
        }
        order.last = place;
        order.expected = self.get(place).map_or(Place::UNKNOWN, |held| held.next);
    }
}
