//! Which line items of a bill were counted, so that a return of some of them
//! takes back those.

use std::collections::HashMap;
use std::sync::Arc;

/// The code of each line item of a bill.
pub(super) type Codes = Arc<[Option<Arc<str>>]>;

/// The line items of a bill, for a target that counts line items.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CountedItems {
    /// The code of each item; all targets of a bill share them.
    pub(super) codes: Codes,
    /// The positions that were counted, sorted; `None` where all were.
    pub(super) counted: Option<Box<[usize]>>,
}

/// How many of the items of a code a bill counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfCode {
    All,
    Some,
    None,
}

impl CountedItems {
    /// Of each code how many of its items were counted.
    pub(super) fn by_code(&self) -> HashMap<&str, OfCode> {
        let mut by_code = HashMap::new();
        for (at, code) in self.codes.iter().enumerate() {
            let Some(code) = code.as_deref() else { continue };
            let counted = self.counted.as_ref().is_none_or(|counted| counted.binary_search(&at).is_ok());
            let of_item = if counted { OfCode::All } else { OfCode::None };
            let of_code = by_code.entry(code).or_insert(of_item);
            if *of_code != of_item {
                *of_code = OfCode::Some;
            }
        }
        by_code
    }
}
