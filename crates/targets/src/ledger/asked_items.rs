//! What the rules of targets say of each line item of a return.

use std::borrow::Cow;

use target_rules::{Reference, Rule};

use crate::eligibility::{BILL, ITEMS};

/// What the rules of targets say of the line items of a return, by the id of the
/// target.
///
/// Of a target that is in neither list, its rule held for no item, or it was not
/// there to be asked: a rule about line items alone is asked again, for they are
/// kept. One that asks for more is in a list whenever it was asked.
///
/// INVARIANT: both lists are sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AskedItems {
    /// The positions in `returnBill.lineItems` for which the rule holds.
    pub(super) holds: Vec<(i64, Vec<usize>)>,
    /// The items of which it is unknown whether it does.
    pub(super) open: Vec<(i64, OpenItems)>,
}

/// Items of which it is unknown whether a rule holds for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OpenItems {
    /// INVARIANT: sorted.
    pub(super) positions: Vec<usize>,
    /// What is absent, by its names in the rule.
    pub(super) absent: Vec<String>,
}

/// What the rule of one target says of the items.
#[derive(Debug, Default)]
pub(super) struct ItemAnswers<'a> {
    pub(super) holds: Cow<'a, [usize]>,
    pub(super) open: Cow<'a, OpenItems>,
}

impl ItemAnswers<'_> {
    /// Whether the rule holds for the item at a position; what is absent where that
    /// is unknown.
    pub(super) fn holds(&self, position: usize) -> Result<bool, Vec<String>> {
        if self.open.positions.binary_search(&position).is_ok() {
            return Err(self.open.absent.clone());
        }
        Ok(self.holds.binary_search(&position).is_ok())
    }
}

impl AskedItems {
    /// What was answered for a target; `None` where its rule is to be asked again.
    pub(super) fn of(&self, target: i64) -> Option<ItemAnswers<'_>> {
        let holds = self.holds.binary_search_by_key(&target, |(id, _)| *id).ok();
        let holds = holds.and_then(|at| self.holds.get(at)).map(|(_, positions)| positions.as_slice());
        let open = self.open.binary_search_by_key(&target, |(id, _)| *id).ok();
        let open = open.and_then(|at| self.open.get(at)).map(|(_, open)| open);
        (holds.is_some() || open.is_some()).then(|| ItemAnswers {
            holds: Cow::Borrowed(holds.unwrap_or_default()),
            open: open.map_or_else(Cow::default, Cow::Borrowed),
        })
    }
}

/// What a rule reads beside the line items of the bill, by its names.
pub(super) fn beyond_items(rule: &Rule) -> Vec<String> {
    let beyond = |reference: Reference| match reference {
        Reference::List { profile, list } | Reference::EntryField { profile, list, .. } => {
            (profile != BILL || list != ITEMS).then(|| format!("{profile}.{list}"))
        }
        Reference::ItemAttribute { profile, .. } => (profile != BILL).then(|| format!("{profile}.{ITEMS}")),
        Reference::Attribute { profile, name } => Some(format!("{profile}.{name}")),
        Reference::ExtendedField { profile, name } => Some(format!("{profile}.extField_{name}")),
        Reference::CustomField { profile, name } => Some(format!("{profile}.customFields.{name}")),
        Reference::Segment { profile, name } => Some(format!("{profile}.clusters.{name}")),
        Reference::Answer { profile, method, .. } => Some(format!("{profile}.{method}")),
        // A newer kind is beyond what is known of items.
        other => Some(format!("{other:?}")),
    };
    let mut names: Vec<String> = rule.references().into_iter().filter_map(beyond).collect();
    names.dedup();
    names
}
