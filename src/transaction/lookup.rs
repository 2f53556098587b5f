//! Look-up of item attributes: in which parts of an item they may be, and which
//! spellings of their names count.

use hashbrown::HashSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::json::Reader;
use crate::typed::ValueKind;

use super::candidates::{Candidate, Candidates, ItemPart};
use super::classes::Classes;
use super::fault::{Result, duplicate, expected, helped, wrong_type};
use super::scalar::Scalar;

const ITEM_PARTS: [ItemPart; 3] = [ItemPart::Attributes, ItemPart::Own, ItemPart::Extended];

/// An item attribute that rules select by.
#[derive(Debug, Clone)]
pub(super) struct LookUp {
    pub(super) slot: usize,
    /// Whether rules compare the text, so that it needs its symbol.
    pub(super) compared: bool,
    name: Spelling,
    alias: Option<Spelling>,
}

/// A name as rules write it, and the class of it and of all that differ from it
/// in case only.
#[derive(Debug, Clone)]
struct Spelling {
    written: String,
    class: u32,
}

/// Attribute names, in lower case, that stand for a field of the item.
const ALIASES: [(&str, &str); 4] = [
    ("sku_code", "code"),
    ("sku number", "code"),
    ("product name", "description"),
    ("short description", "description"),
];

/// The field of an item that the name of an attribute stands for too.
pub(crate) fn field_of_alias(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, field)| *field)
}

impl LookUp {
    /// The look-up with this number among those of its list. `None` where there
    /// are more names than 32 bits count.
    pub(super) fn new(
        name: &str,
        slot: usize,
        compared: bool,
        number: usize,
        classes: &mut Classes,
    ) -> Option<LookUp> {
        let lower = name.to_lowercase();
        let alias = field_of_alias(&lower);
        let mut spelling = |written: &str, lower: &str| {
            classes.add(lower, number).map(|class| Spelling { written: written.to_owned(), class })
        };
        let name = spelling(name, &lower)?;
        let alias = match alias {
            Some(field) => Some(spelling(field, field)?),
            None => None,
        };
        Some(LookUp { slot, compared, name, alias })
    }

    /// Whether a class is that of its alias, while its name has candidates too:
    /// the look-up is then made for the class of its name.
    pub(super) fn is_second(&self, class: u32, candidates: &Candidates) -> bool {
        self.name.class != class && candidates.have(self.name.class)
    }

    /// Looks for the exact name in all three parts, then for the name
    /// regardless of case in all three, and only then for its alias.
    pub(super) fn find(&self, json: &Reader, candidates: &Candidates) -> Result<Option<u32>> {
        if let Some(found) = self.name.find(json, candidates)? {
            return Ok(Some(found));
        }
        self.alias.as_ref().map_or(Ok(None), |alias| alias.find(json, candidates))
    }
}

/// A candidate and its number.
type Numbered<'c> = (u32, &'c Candidate);

impl Spelling {
    fn find(&self, json: &Reader, candidates: &Candidates) -> Result<Option<u32>> {
        let mut all = candidates.of(self.class);
        match (all.next(), all.next()) {
            (None, _) => Ok(None),
            (only, None) => self.hit(only),
            _ => self.choose(json, candidates),
        }
    }

    /// Finds the one of several that counts.
    fn choose(&self, json: &Reader, candidates: &Candidates) -> Result<Option<u32>> {
        let text = |candidate: &Candidate| json.content(candidate.name.content);
        let all = candidates.of(self.class);
        for part in ITEM_PARTS {
            let mut exact = all
                .clone()
                .filter(|(_, candidate)| candidate.part == part && text(candidate) == self.written);
            let first = exact.next();
            if let Some((_, second)) = exact.next() {
                return Err(duplicate(json, second.name));
            }
            if let Some(hit) = self.hit(first)? {
                return Ok(Some(hit));
            }
        }
        for part in ITEM_PARTS {
            let similar = all
                .clone()
                .filter(|(_, candidate)| candidate.part == part && text(candidate) != self.written);
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
        similar: impl Iterator<Item = Numbered<'c>> + Clone,
    ) -> Result<Option<Numbered<'c>>> {
        let text = |candidate: &Candidate| json.content(candidate.name.content);
        let mut found: Option<Numbered<'c>> = None;
        // Hardly any object has a second such key, so nothing is allocated.
        let mut names = HashSet::new();
        let several = similar.clone().nth(1).is_some();
        for (number, candidate) in similar {
            if several && !names.insert(text(candidate)) {
                return Err(duplicate(json, candidate.name));
            }
            if matches!(candidate.scalar, Scalar::Null) {
                continue;
            }
            if let Some((_, first)) = found.replace((number, candidate)) {
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

    /// The number of a candidate that has a text.
    fn hit(&self, candidate: Option<Numbered>) -> Result<Option<u32>> {
        match candidate.map(|(number, candidate)| (number, candidate.scalar)) {
            Some((number, Scalar::Text(_))) => Ok(Some(number)),
            Some((_, Scalar::Nested(place, kind))) => {
                let fault =
                    wrong_type(place, &format!("`{}`", self.written), expected(ValueKind::Text), kind);
                Err(helped(fault, ValueKind::Text, kind, ""))
            }
            Some((_, Scalar::Null)) | None => Ok(None),
        }
    }
}
