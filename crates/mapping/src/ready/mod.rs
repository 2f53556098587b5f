//! Mappings that are ready made, for shapes that many systems write.

#[cfg(test)]
mod tests;

use target_rules::schema::closest;
use target_rules::{Limits, Schema};

use crate::file::Mapping;

/// A mapping that is ready made.
///
/// ```
/// use target_rules_mapping::ReadyMade;
/// let names: Vec<&str> = ReadyMade::ALL.iter().map(|ready| ready.name).collect();
/// assert_eq!(names, ["shopify-order", "woocommerce-order", "bulk-bill"]);
/// assert_eq!(ReadyMade::closest("shopfy-order"), Some("shopify-order"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadyMade {
    /// Its name.
    pub name: &'static str,
    /// Its file, to be copied and changed.
    pub file: &'static str,
}

impl ReadyMade {
    /// All of them.
    pub const ALL: &'static [ReadyMade] = &[
        ReadyMade { name: "shopify-order", file: include_str!("shopify-order.json") },
        ReadyMade { name: "woocommerce-order", file: include_str!("woocommerce-order.json") },
        ReadyMade { name: "bulk-bill", file: include_str!("bulk-bill.json") },
    ];

    /// The one with this name.
    pub fn named(name: &str) -> Option<ReadyMade> {
        ReadyMade::ALL.iter().copied().find(|ready| ready.name == name)
    }

    /// The name that a misspelled one most likely means.
    pub fn closest(name: &str) -> Option<&'static str> {
        closest(name, ReadyMade::ALL.iter().map(|ready| ready.name))
    }
}

impl Mapping {
    /// The ready-made mapping with this name; `None` where there is none.
    ///
    /// ```
    /// use target_rules_mapping::Mapping;
    /// assert!(Mapping::ready_made("shopify-order").is_some());
    /// ```
    pub fn ready_made(name: &str) -> Option<Mapping> {
        let ready = ReadyMade::named(name)?;
        // INVARIANT: a test reads each of them.
        Mapping::read(ready.file, &Schema::standard(), &Limits::default()).ok()
    }
}
