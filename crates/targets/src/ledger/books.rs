//! The books of an account by period and cycle: few of them in a list, for most
//! customers have bills in one period at a time; many in a tree, so that each is
//! found, and a new one put between the others, without a move of all.

use std::collections::BTreeMap;

use super::book::{Book, BookKey};

/// From so many books on they are held in a tree.
const MANY: usize = 32;

/// Books, each under its key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Books {
    held: Held,
    /// Whether some of them go on from a state of version 1: else nobody need look
    /// through all for the number of a bill.
    earlier: bool,
}

/// INVARIANT: no book is ever removed, so that as many are held alike.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    /// Sorted by key.
    Few(Vec<(BookKey, Book)>),
    Many(BTreeMap<BookKey, Book>),
}

impl Default for Held {
    fn default() -> Held {
        Held::Few(Vec::new())
    }
}

impl Books {
    pub(super) fn get(&self, key: BookKey) -> Option<&Book> {
        match &self.held {
            Held::Few(few) => {
                let at = few.binary_search_by_key(&key, |(key, _)| *key).ok()?;
                few.get(at).map(|(_, book)| book)
            }
            Held::Many(many) => many.get(&key),
        }
    }

    /// The book of a key, which is made where there is none.
    pub(super) fn get_mut(&mut self, key: BookKey) -> Option<&mut Book> {
        if let Held::Few(few) = &mut self.held
            && few.len() >= MANY
        {
            self.held = Held::Many(std::mem::take(few).into_iter().collect());
        }
        match &mut self.held {
            Held::Few(few) => {
                let found = few.binary_search_by_key(&key, |(key, _)| *key);
                let at = found.unwrap_or_else(|at| {
                    few.insert(at, (key, Book::default()));
                    at
                });
                few.get_mut(at).map(|(_, book)| book)
            }
            Held::Many(many) => Some(many.entry(key).or_default()),
        }
    }

    /// Puts a book in the place of a key.
    pub(super) fn put(&mut self, key: BookKey, book: Book) {
        self.earlier |= book.earlier().is_some();
        if let Some(place) = self.get_mut(key) {
            *place = book;
        }
    }

    /// All of them, by period, then by cycle.
    pub(super) fn iter(&self) -> impl Iterator<Item = (BookKey, &Book)> {
        let (few, many) = match &self.held {
            Held::Few(few) => (few.as_slice(), None),
            Held::Many(many) => (&[][..], Some(many)),
        };
        let few = few.iter().map(|(key, book)| (*key, book));
        few.chain(many.into_iter().flatten().map(|(key, book)| (*key, book)))
    }

    /// Those that go on from a state of version 1.
    pub(super) fn earlier(&self) -> impl Iterator<Item = &Book> {
        self.earlier.then(|| self.iter()).into_iter().flatten().map(|(_, book)| book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(at: i64) -> BookKey {
        BookKey { period: Some(at / 3), cycle: at % 3 }
    }

    #[test]
    fn few_and_many_are_found_and_told_in_order() {
        for count in [0, 1, 31, 32, 33, 200] {
            let (mut books, mut again) = (Books::default(), Books::default());
            // From the last to the first, and scattered.
            for at in (0..count).rev() {
                books.get_mut(key(at)).unwrap().counted = u64::try_from(at).unwrap();
            }
            for at in 0..count {
                let at = at * 7 % count;
                again.get_mut(key(at)).unwrap().counted = u64::try_from(at).unwrap();
            }
            let expected: Vec<BookKey> = (0..count).map(key).collect();
            if count % 7 != 0 {
                assert_eq!(books, again);
            }
            assert!(books.iter().map(|(key, _)| key).eq(expected));
            for at in 0..count {
                assert_eq!(books.get(key(at)).map(|book| book.counted), u64::try_from(at).ok());
            }
            assert_eq!(books.get(key(count)), None);
        }
    }
}
