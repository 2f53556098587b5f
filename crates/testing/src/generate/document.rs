//! JSON that keeps its digits and the order of its keys, and may have a key
//! twice.

/// A JSON value.
#[derive(Clone, PartialEq)]
pub enum Document {
    /// `null`
    Null,
    /// `true`
    Boolean(bool),
    /// A number where a number is expected, by its digits.
    Number(String),
    /// The same in quotes.
    QuotedNumber(String),
    /// Any other number, such as milliseconds or a text without quotes.
    Digits(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Document>),
    /// An object.
    Object(Vec<(String, Document)>),
}

impl Document {
    /// An object without keys.
    pub fn empty() -> Document {
        Document::Object(Vec::new())
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Document> {
        match self {
            Document::Object(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value under a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Document> {
        path.iter().try_fold(self, |within, key| within.get(key))
    }

    /// The value under a key, made an empty object where there is none.
    fn entry(&mut self, key: &str) -> &mut Document {
        if !matches!(self, Document::Object(_)) {
            *self = Document::empty();
        }
        let Document::Object(entries) = self else { unreachable!("it was made one") };
        let at = entries.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
            entries.push((key.to_owned(), Document::empty()));
            entries.len() - 1
        });
        &mut entries[at].1
    }

    /// Puts a value under a path, with the objects on the way to it. A value
    /// that is there stays, so that no key comes twice.
    pub fn put(&mut self, path: &[String], value: Document) {
        let Some((last, way)) = path.split_last() else { return };
        let mut within = self;
        for key in way {
            within = within.entry(key);
        }
        if within.get(last).is_none() {
            *within.entry(last) = value;
        }
    }

    /// Puts a value under a path, in the place of what is there.
    pub fn set(&mut self, path: &[String], value: Document) {
        *path.iter().fold(self, |within, key| within.entry(key)) = value;
    }

    /// The entries of an object, without regard to case.
    pub fn has_similar(&self, key: &str) -> bool {
        match self {
            Document::Object(entries) => {
                entries.iter().any(|(name, _)| name.to_lowercase() == key.to_lowercase())
            }
            _ => false,
        }
    }

    /// The same with every value replaced, innermost first.
    pub fn map(self, with: &mut impl FnMut(Document) -> Document) -> Document {
        let mapped = match self {
            Document::List(entries) => {
                Document::List(entries.into_iter().map(|entry| entry.map(with)).collect())
            }
            Document::Object(entries) => {
                Document::Object(entries.into_iter().map(|(key, value)| (key, value.map(with))).collect())
            }
            scalar => scalar,
        };
        with(mapped)
    }

    /// The same with the keys of every object in another order, and in every
    /// object but those of answers a field that no rule reads.
    pub fn shuffled(self, choices: &[u8]) -> Document {
        let mut at = 0;
        let mut next = move || {
            at += 1;
            if choices.is_empty() { 0 } else { usize::from(choices[at % choices.len()]) }
        };
        self.map(&mut |value| match value {
            Document::Object(mut entries) => {
                for last in (1..entries.len()).rev() {
                    entries.swap(last, next() % (last + 1));
                }
                let place = next() % (entries.len() + 1);
                let unread = match next() % 5 {
                    0 => Document::Null,
                    1 => Document::Text("\u{0}\"\\ unread".to_owned()),
                    2 => Document::List(vec![Document::empty(), Document::Digits("1e400".to_owned())]),
                    // Twice the same key, where nobody looks.
                    3 => Document::Object(vec![
                        ("twice".to_owned(), Document::Null),
                        ("twice".to_owned(), Document::Boolean(true)),
                    ]),
                    _ => Document::Digits("-0.00".to_owned()),
                };
                entries.insert(place, ("fieldThatNoRuleReads".to_owned(), unread));
                Document::Object(entries)
            }
            other => other,
        })
    }

    /// The same with an entry of the object at a path written twice; `None`
    /// where the path leads nowhere.
    pub fn with_duplicate(&self, path: &[&str]) -> Option<Document> {
        fn twice(within: &mut Document, path: &[&str]) -> Option<()> {
            let Document::Object(entries) = within else { return None };
            let at = entries.iter().position(|(name, _)| Some(&name.as_str()) == path.first())?;
            if path.len() > 1 {
                return twice(&mut entries[at].1, &path[1..]);
            }
            let copy = entries[at].clone();
            entries.push(copy);
            Some(())
        }
        let mut copy = self.clone();
        twice(&mut copy, path).map(|()| copy)
    }
}

impl std::fmt::Display for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let string = |text: &str| serde_json::to_string(text).unwrap();
        match self {
            Document::Null => formatter.write_str("null"),
            Document::Boolean(value) => write!(formatter, "{value}"),
            Document::Number(digits) | Document::Digits(digits) => formatter.write_str(digits),
            Document::QuotedNumber(digits) => write!(formatter, "\"{digits}\""),
            Document::Text(text) => formatter.write_str(&string(text)),
            Document::List(entries) => {
                formatter.write_str("[")?;
                for (at, entry) in entries.iter().enumerate() {
                    write!(formatter, "{}{entry}", if at > 0 { "," } else { "" })?;
                }
                formatter.write_str("]")
            }
            Document::Object(entries) => {
                formatter.write_str("{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    write!(formatter, "{}{}:{value}", if at > 0 { "," } else { "" }, string(key))?;
                }
                formatter.write_str("}")
            }
        }
    }
}

// What a failing case shows is what it would be pasted as.
impl std::fmt::Debug for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, formatter)
    }
}
