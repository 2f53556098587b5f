//! What line items and tenders have: the names by which hosts set their values,
//! and what a slip of one means.

use super::Schema;
use super::lookup::closest;
use super::model::{Definitions, ListName};
use super::name::NameError;

/// Attributes of line items that every inventory has, and what aliases them.
pub(crate) const ITEM_ATTRIBUTES: [&str; 8] = [
    "brand",
    "category",
    "code",
    "description",
    "sku_code",
    "SKU number",
    "product name",
    "short description",
];

impl ListName {
    const ALL: [ListName; 2] = [ListName::LineItems, ListName::Tenders];

    /// The list with this key in a document.
    pub(crate) fn of_key(key: &str) -> Option<ListName> {
        ListName::ALL.into_iter().find(|list| list.key() == key)
    }
}

impl Definitions {
    /// The attribute of items, known to the organisation or the language, that a
    /// name is nearly; `None` for one that is known itself or near none.
    pub(crate) fn item_attribute_meant(&self, name: &str) -> Option<&str> {
        // Items are looked up without regard to case, too.
        let known = !self.inventory.in_any_case(name).is_empty()
            || ITEM_ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name));
        if known {
            return None;
        }
        closest(name, self.inventory.keys().map(String::as_str)).or_else(|| standard_item_attribute(name))
    }
}

/// The standard attribute of items that a name is a slip of the pen for. Names of
/// inventories are short and free, so letters may be exchanged, and one may be
/// wrong in a longer name, no more.
fn standard_item_attribute(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let close = |known: &&&str| {
        let known = known.to_ascii_lowercase();
        let most = if known.len() >= 8 { 2 } else { 1 };
        name.len() <= 30
            && known.len() > 4
            && known.len().abs_diff(name.len()) <= most
            && strsim::osa_distance(&lower, &known) <= most
            // `brands` and `brand2` are others.
            && lower.trim_end_matches(|last: char| last == 's' || last == '_' || last.is_ascii_digit()) != known
    };
    ITEM_ATTRIBUTES.iter().find(close).copied()
}

impl Schema {
    /// The profile and the list that a name such as `currentTxn.lineItems` means.
    pub(crate) fn list(&self, name: &str) -> Result<(&str, ListName), NameError> {
        let (profile, key) = name.split_once('.').unwrap_or((name, ""));
        let profile = self.profile(profile)?.name();
        let list = ListName::of_key(key).ok_or_else(|| {
            let close = closest(key, ListName::ALL.map(ListName::key));
            NameError::unknown(format!("`{profile}` has no list"), key, close)
        })?;
        Ok((profile, list))
    }

    /// The field of the entries of a list that a name means: one of the profile
    /// of an entry, or one of `others`.
    pub(crate) fn entry_field(
        &self,
        list: ListName,
        name: &str,
        others: &[&'static str],
    ) -> Result<String, NameError> {
        if others.contains(&name) {
            return Ok(name.to_owned());
        }
        let mut slip = None;
        for profile in self.profiles().filter(|profile| profile.unrolls_over() == Some(list.key())) {
            match profile.attribute(name) {
                Ok(attribute) => return Ok(attribute.name().to_owned()),
                Err(refused) => slip = slip.or(Some(refused)),
            }
        }
        let close = closest(name, others.iter().copied());
        slip.map_or_else(|| Ok(name.to_owned()), |slip| Err(slip.or_close(close)))
    }

    /// Fails for a name that is nearly that of a known attribute of items.
    pub(crate) fn known_item_attribute(&self, name: &str) -> Result<(), NameError> {
        match self.definitions().item_attribute_meant(name) {
            Some(close) => Err(NameError::unknown("line items have no known attribute", name, Some(close))),
            None => Ok(()),
        }
    }
}
