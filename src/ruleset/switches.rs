//! Which ways of a set to decide are on.

/// Which ways of a set to decide are on. All are; tests switch them off one by
/// one, and the answers stay the same.
///
/// ```
/// use target_rules::ruleset::Switches;
/// use target_rules::{Layout, RuleSet};
/// let mut switches = Switches::default();
/// switches.dense = false;
/// let set = RuleSet::<u32>::with_switches(Layout::of([]), [], switches)?;
/// assert!(set.is_empty());
/// # Ok::<(), target_rules::ruleset::RuleSetError<u32>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Switches {
    /// A subject that many rules ask has bitmaps.
    pub dense: bool,
    /// A subject that few rules ask has none.
    pub sparse: bool,
    /// Chains of `||` and `&&` below a rule have bits of their own; else the rule
    /// is asked itself.
    pub chains: bool,
    /// Questions about one text are asked together.
    pub groups: bool,
    /// What the want of a whole profile leaves unknown is put down at once.
    pub profiles: bool,
}

impl Default for Switches {
    fn default() -> Switches {
        Switches { dense: true, sparse: true, chains: true, groups: true, profiles: true }
    }
}
