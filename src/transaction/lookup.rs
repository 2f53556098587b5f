//! Look-up of item attributes: in which parts of an item they may be, and which
//! spellings of their names count.

use hashbrown::HashSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::json::{Content, Name, Reader};

use super::fault::{Result, duplicate, wrong_type};
use super::scalar::Scalar;

/// The parts of an item that may hold an attribute, in the order of the
/// look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemPart {
    Attributes,
    Own,
    Extended,
}

const ITEM_PARTS: [ItemPart; 3] = [ItemPart::Attributes, ItemPart::Own, ItemPart::Extended];

/// A key of an item that may match a look-up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) part: ItemPart,
    pub(super) name: Name,
    pub(super) scalar: Scalar,
}

/// An item attribute that rules select by, with its names in lower case.
#[derive(Debug, Clone)]
pub(super) struct LookUp {
    pub(super) slot: usize,
    /// Whether rules compare the text, so that it needs its symbol.
    pub(super) compared: bool,
    name: Spelling,
    alias: Option<Spelling>,
}

#[derive(Debug, Clone)]
struct Spelling {
    written: String,
    lower: String,
}

impl Spelling {
    fn new(written: &str) -> Spelling {
        Spelling { written: written.to_owned(), lower: written.to_lowercase() }
    }
}

/// Attribute names, in lower case, that stand for a field of the item.
const ALIASES: [(&str, &str); 4] = [
    ("sku_code", "code"),
    ("sku number", "code"),
    ("product name", "description"),
    ("short description", "description"),
];

impl LookUp {
    pub(super) fn new(name: &str, slot: usize, compared: bool) -> LookUp {
        let name = Spelling::new(name);
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name.lower).map(|(_, field)| *field);
        LookUp { slot, compared, name, alias: alias.map(Spelling::new) }
    }

    /// Its names in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        [Some(&self.name), self.alias.as_ref()].into_iter().flatten().map(|spelling| spelling.lower.as_str())
    }

    /// Whether a key is one of its names, regardless of case.
    pub(super) fn may_mean(&self, key: &str) -> bool {
        self.names().any(|lower| same_letters(key, lower))
    }
}

/// Whether a text is equal to `lower` once it is in lower case.
fn same_letters(text: &str, lower: &str) -> bool {
    if text.is_ascii() {
        return text.len() == lower.len()
            && text.bytes().zip(lower.bytes()).all(|(byte, lower)| byte.to_ascii_lowercase() == lower);
    }
    if text.contains('Σ') {
        // This is the only letter whose lower case depends on its position.
        return text.to_lowercase() == lower;
    }
    text.chars().flat_map(char::to_lowercase).eq(lower.chars())
}

impl LookUp {
    /// Looks for the exact name in all three parts, then for the name
    /// regardless of case in all three, and only then for its alias.
    pub(super) fn find(&self, json: &Reader, candidates: &[Candidate]) -> Result<Option<Content>> {
        if candidates.is_empty() {
            return Ok(None);
        }
        if let Some(text) = self.name.find(json, candidates)? {
            return Ok(Some(text));
        }
        self.alias.as_ref().map_or(Ok(None), |alias| alias.find(json, candidates))
    }
}

impl Spelling {
    fn find(&self, json: &Reader, candidates: &[Candidate]) -> Result<Option<Content>> {
        let text = |candidate: &Candidate| json.content(candidate.name.content);
        for part in ITEM_PARTS {
            let mut exact = candidates
                .iter()
                .filter(|candidate| candidate.part == part && text(candidate) == self.written);
            let first = exact.next();
            if let Some(second) = exact.next() {
                return Err(duplicate(json, second.name));
            }
            if let Some(hit) = self.hit(first)? {
                return Ok(Some(hit));
            }
        }
        for part in ITEM_PARTS {
            let similar = candidates.iter().filter(|candidate| {
                candidate.part == part
                    && text(candidate) != self.written
                    && same_letters(text(candidate), &self.lower)
            });
            if let Some(hit) = self.hit(self.only(json, similar)?)? {
                return Ok(Some(hit));
            }
        }
        Ok(None)
    }

    /// The one candidate with a value among keys of one object that differ in
    /// case only. A `null` is no rival, but no key may come twice.
    fn only<'c>(
        &self,
        json: &Reader,
        similar: impl Iterator<Item = &'c Candidate> + Clone,
    ) -> Result<Option<&'c Candidate>> {
        let text = |candidate: &Candidate| json.content(candidate.name.content);
        let mut found: Option<&Candidate> = None;
        // Hardly any object has a second such key, so nothing is allocated.
        let mut names = HashSet::new();
        let several = similar.clone().nth(1).is_some();
        for candidate in similar {
            if several && !names.insert(text(candidate)) {
                return Err(duplicate(json, candidate.name));
            }
            if matches!(candidate.scalar, Scalar::Null) {
                continue;
            }
            if let Some(first) = found.replace(candidate) {
                return Err(Diagnostic::new(
                    Code::AmbiguousKey,
                    candidate.name.span,
                    format!(
                        "`{}` and `{}` differ in case only, and a rule asks for `{}`",
                        text(first),
                        text(candidate),
                        self.written
                    ),
                )
                .label(first.name.span, "the other one")
                .help("keep one of the two, or spell the one that is meant as the rule does"));
            }
        }
        Ok(found)
    }

    fn hit(&self, candidate: Option<&Candidate>) -> Result<Option<Content>> {
        match candidate.map(|candidate| candidate.scalar) {
            Some(Scalar::Text(text)) => Ok(Some(text)),
            Some(Scalar::Nested(place, kind)) => {
                Err(wrong_type(place, &format!("`{}` is a string", self.written), kind))
            }
            Some(Scalar::Null) | None => Ok(None),
        }
    }
}
