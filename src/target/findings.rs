//! What a target says beside its rule: filters and words from fixed lists.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::json::Step;
use crate::schema::closest;

use super::model::{Filter, Target};
use super::words::FilterKind;
use super::written::{Vocabulary, Word};

/// Something found in a target, and the steps from the target to its value.
pub(super) struct Finding {
    pub(super) path: Vec<Step>,
    pub(super) diagnostic: Diagnostic,
}

/// The field of the store that a filter looks at; `None` for an unknown kind.
pub(super) fn store_field(filter: &Filter) -> Option<&'static str> {
    filter.entity_type.known().map(|kind| match kind {
        FilterKind::Store => "id",
        FilterKind::Zone => "zoneIds",
        FilterKind::Concept => "conceptIds",
    })
}

/// What is wrong in a target beside its rule, at most so many errors of it.
pub(super) fn findings(target: &Target, errors: usize) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        target.filters.iter().flatten().enumerate().filter_map(filter).take(errors).collect();
    let field = target.extended_field_info.as_ref();
    let window = field.and_then(|field| field.aggregate_window.as_ref());
    let words = [
        unknown(&["targetType"], target.target_type.as_ref()),
        unknown(&["targetEntity"], target.target_entity.as_ref()),
        unknown(&["enrolmentMethod"], target.enrolment_method.as_ref()),
        unknown(
            &["extendedFieldInfo", "aggregateFunction"],
            field.and_then(|field| field.aggregate_function.as_ref()),
        ),
        unknown(
            &["extendedFieldInfo", "aggregateWindow", "windowType"],
            window.and_then(|window| window.window_type.as_ref()),
        ),
        unknown(
            &["extendedFieldInfo", "aggregateWindow", "windowTimeUnit"],
            window.and_then(|window| window.window_time_unit.as_ref()),
        ),
    ];
    found.extend(words.into_iter().flatten());
    found
}

fn filter((index, filter): (usize, &Filter)) -> Option<Finding> {
    let at = |key: &str| vec![Step::Key("filters".to_owned()), Step::Index(index), Step::Key(key.to_owned())];
    if store_field(filter).is_none() {
        let kinds = spellings::<FilterKind>();
        let fault = Diagnostic::new(
            Code::UnknownFilter,
            Span::default(),
            format!(
                "the filter kind `{}` is not known, so this target cannot be decided",
                shortened(filter.entity_type.text())
            ),
        )
        .note("not a known kind")
        .help(match closest(filter.entity_type.text(), kinds.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("the kinds of filters are {}", listed(&kinds)),
        });
        return Some(Finding { path: at("entityType"), diagnostic: fault });
    }
    if filter.entity_ids.is_empty() {
        let fault = Diagnostic::new(
            Code::EmptyFilter,
            Span::default(),
            format!(
                "this filter admits no {}, so the target would never count",
                filter.entity_type.text().to_lowercase()
            ),
        )
        .note("no ids")
        .help("name the ids that it admits, or remove the filter where the target counts everywhere");
        return Some(Finding { path: at("entityIds"), diagnostic: fault });
    }
    None
}

/// A warning of a word that is not in its list: a newer platform may have more
/// words, and whether a transaction counts does not depend on them.
pub(super) fn unknown<K: Vocabulary>(path: &[&str], word: Option<&Word<K>>) -> Option<Finding> {
    let value = word.filter(|word| word.known().is_none())?.text();
    let known = spellings::<K>();
    let diagnostic = Diagnostic::new(
        Code::UnknownValue,
        Span::default(),
        format!("`{}` is no known {}", shortened(value), K::WHAT),
    )
    .note(format!("no known {}", K::WHAT))
    .help(match closest(value, known.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("the known ones are {}", listed(&known)),
    });
    let path = path.iter().map(|key| Step::Key((*key).to_owned())).collect();
    Some(Finding { path, diagnostic })
}

fn spellings<K: Vocabulary>() -> Vec<&'static str> {
    K::SPELLINGS.iter().map(|(spelling, _)| *spelling).collect()
}

/// A value as part of a message.
pub(super) fn shortened(value: &str) -> String {
    const SHOWN: usize = 60;
    match value.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", value.get(..at).unwrap_or("")),
        None => value.to_owned(),
    }
}

/// Names as part of a sentence: "`A`, `B` and `C`".
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => format!("`{}` and `{last}`", first.join("`, `")),
    }
}
