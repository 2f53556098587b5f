//! Pages of documents, bounded by how many they are and by how large.

use std::borrow::Cow;

use serde_json::value::RawValue;
use target_rules_requests::Page;

use crate::http::{Code, Failure, Fault};

use super::text::raw;

/// How large a page of documents is at most, in bytes; one that is larger stands on a
/// page of its own.
const LARGEST: usize = 1 << 20;

/// A page, and that it ends before it has as many as were asked for.
pub(super) type Filled = (Vec<Box<RawValue>>, Option<Fault>);

/// Fills a page with documents, by their ids: those that stand after the one that the
/// page names. Of what has no room none is written but the first.
pub(super) fn filled<'d>(
    page: Page,
    documents: impl Iterator<Item = (i64, Cow<'d, str>)>,
) -> Result<Filled, Failure> {
    let (mut data, mut size, mut last) = (Vec::new(), 0_usize, 0);
    for (id, text) in documents.take(page.most) {
        size = size.saturating_add(text.len());
        if size > LARGEST && !data.is_empty() {
            let message = format!(
                "the page ends after {} entries, for it would be larger than {LARGEST} bytes; go on with \
                 `after={last}`",
                data.len()
            );
            return Ok((data, Some(Fault::new(Code::InvalidInput, message))));
        }
        data.push(raw(&text)?);
        last = id;
    }
    Ok((data, None))
}
