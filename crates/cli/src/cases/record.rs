//! What came, written into the file of cases as what is expected: every other
//! byte stays as it is.

use target_rules::diagnostic::{Confidence, Span, Suggestion};

use super::model::CaseObject;

/// One change of the file.
pub(super) type Change = (Span, String);

/// Adds a member at the end of a case, laid out as its last member is.
pub(super) fn added(text: &str, object: &CaseObject, key: &str, value: &str) -> Change {
    let (last_key, last_value) = object.last;
    let end = Span::empty(last_value.span.end());
    (end, format!(",{}\"{key}\": {value}", blanks_before(text, last_key)))
}

/// The white space between a key and what stands before it.
fn blanks_before(text: &str, key: Span) -> &str {
    let before = text.get(..key.start().get()).unwrap_or_default();
    let rest = before.trim_end_matches([' ', '\t', '\r', '\n']);
    before.get(rest.len()..).unwrap_or_default()
}

/// The changes without those of a place that another one changes as a whole.
pub(super) fn kept(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|(at, _)| (at.start(), std::cmp::Reverse(at.end())));
    let mut reached = None;
    changes.retain(|(at, _)| {
        let fits = reached.is_none_or(|reached| at.start() >= reached);
        if fits {
            reached = Some(at.end());
        }
        fits
    });
    changes
}

/// The text with changes made that are apart from each other.
pub(super) fn applied(text: &str, changes: &[Change]) -> String {
    let replacements = changes.iter();
    let replacements =
        replacements.map(|(at, with)| Suggestion::replace(*at, with.as_str(), Confidence::Safe));
    Suggestion::apply_all(text, &replacements.collect::<Vec<_>>())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::read::read;
    use super::*;

    fn recorded(text: &str) -> String {
        let file = read(text, 20).unwrap();
        let changes: Vec<Change> =
            file.cases.iter().map(|case| added(text, &case.object, "expect", "true")).collect();
        applied(text, &changes)
    }

    #[test]
    fn what_is_added_is_laid_out_as_what_stands_there() {
        let text = "{\"rule\": \"true\",\r\n \"cases\": [\r\n  {\r\n    \"name\": \"é\",\r\n    \"document\": {}\r\n  },\n  {\"document\":{}}, { \"document\": { } }]}\n";
        let expected = "{\"rule\": \"true\",\r\n \"cases\": [\r\n  {\r\n    \"name\": \"é\",\r\n    \"document\": {},\r\n    \"expect\": true\r\n  },\n  {\"document\":{},\"expect\": true}, { \"document\": { }, \"expect\": true }]}\n";
        assert_eq!(recorded(text), expected);
    }
}
