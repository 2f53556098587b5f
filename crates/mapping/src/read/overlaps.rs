//! Places that stand within each other: a value is no object, and no array.

use target_rules::diagnostic::{Code, Diagnostic, excerpt};

use super::file_reader::{FileReader, Taken};

impl FileReader<'_> {
    /// Refuses values that stand within a place that a single value is taken
    /// from: every document would be refused.
    pub(super) fn refuse_overlaps(&mut self) {
        let mut taken = std::mem::take(&mut self.taken);
        // With a slash at its end a place comes right before what stands in it.
        let key = |taken: &Taken| (taken.scope.clone(), format!("{}/", taken.pointer), !taken.scalar);
        taken.sort_by_cached_key(key);
        let mut outer: Option<&Taken> = None;
        for inner in &taken {
            if let Some(outer) = outer
                && outer.scope == inner.scope
                && inner
                    .pointer
                    .strip_prefix(&outer.pointer)
                    .is_some_and(|rest| rest.starts_with('/') || (rest.is_empty() && !inner.scalar))
            {
                let message = format!(
                    "`{}` is taken as one value elsewhere, and here something stands within it",
                    excerpt(&outer.pointer)
                );
                self.found.push(
                    Diagnostic::new(Code::PayloadShape, inner.span, message)
                        .label(outer.span, "taken as one value here")
                        .help("a value is either a scalar, or an object or list of further values"),
                );
            } else if inner.scalar {
                outer = Some(inner);
            }
        }
    }
}
