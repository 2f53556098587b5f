//! What is asked of a document.

use target_rules::diagnostic::Diagnostic;
use target_rules::transaction::Written;

use crate::file::Condition;
use crate::places::test;
use crate::pointer::path;
use crate::tree::Tree;

/// Whether one of the conditions holds.
pub(super) fn holds(conditions: &[Condition], tree: &Tree) -> Result<bool, Diagnostic> {
    for condition in conditions {
        let (test, counts) = test(condition);
        let found = tree.find(&path(&condition.at))?;
        let held = found.is_some_and(|found| {
            test(Written { kind: found.kind(), text: found.scalar().unwrap_or_default() })
        });
        if held == counts {
            return Ok(true);
        }
    }
    Ok(false)
}
