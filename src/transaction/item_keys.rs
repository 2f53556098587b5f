//! Where the keys of a line item lead: to fields, and to what rules look up.

use crate::schema::{ATTRIBUTES, EXTENDED_FIELDS};

use super::candidates::ItemPart;
use super::list_plan::ListPlan;
use super::names::{KeyLookup, Lead};

/// The keys of an item itself: its fields, then the two objects within it.
pub(super) struct OwnKeys<'l>(pub(super) &'l ListPlan);

/// The keys of the `attributes` of an item.
pub(super) struct AttributeKeys<'l>(pub(super) &'l ListPlan);

/// The keys of the `extendedFields` of an item.
pub(super) struct ExtendedKeys<'l>(pub(super) &'l ListPlan);

/// The objects within an item, in the order of their numbers.
const OBJECTS: [(&str, ItemPart); 2] =
    [(ATTRIBUTES, ItemPart::Attributes), (EXTENDED_FIELDS, ItemPart::Extended)];

impl OwnKeys<'_> {
    /// The part that an entry leads to.
    #[inline]
    pub(super) fn part(&self, number: u32) -> ItemPart {
        let object = (number as usize).checked_sub(self.0.own.len());
        object.and_then(|object| OBJECTS.get(object)).map_or(ItemPart::Own, |(_, part)| *part)
    }

    /// The number of an object within the item, if anything of it is read.
    fn object(&self, key: &str) -> Option<u32> {
        let ListPlan { own, extended, look_ups, .. } = self.0;
        let at = OBJECTS.iter().position(|(name, _)| *name == key)?;
        let (_, part) = OBJECTS.get(at)?;
        if look_ups.is_empty() && (*part == ItemPart::Attributes || extended.is_empty()) {
            return None;
        }
        u32::try_from(own.len().checked_add(at)?).ok()
    }
}

impl KeyLookup for OwnKeys<'_> {
    #[inline]
    fn count(&self) -> usize {
        // INVARIANT: a vector has less than 2^63 entries, so the sum cannot overflow.
        self.0.own.len().wrapping_add(OBJECTS.len())
    }

    fn lead(&self, key: &str, folded: &mut String) -> Lead {
        match self.0.own.number(key) {
            Some(field) => Lead { entry: Some(field), class: self.0.classes.of(key, folded) },
            None => match self.object(key) {
                Some(object) => Lead { entry: Some(object), class: None },
                None => Lead { entry: None, class: self.0.classes.of(key, folded) },
            },
        }
    }
}

impl KeyLookup for AttributeKeys<'_> {
    #[inline]
    fn count(&self) -> usize {
        0
    }

    fn lead(&self, key: &str, folded: &mut String) -> Lead {
        Lead { entry: None, class: self.0.classes.of(key, folded) }
    }
}

impl KeyLookup for ExtendedKeys<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.0.extended.len()
    }

    fn lead(&self, key: &str, folded: &mut String) -> Lead {
        Lead { entry: self.0.extended.number(key), class: self.0.classes.of(key, folded) }
    }
}
