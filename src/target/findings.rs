//! What a target says beside its rule: filters and words from fixed lists.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::json::Step;
use crate::schema::closest;

use super::model::{Filter, Target};

/// Something found in a target, and the steps from the target to its value.
pub(super) struct Finding {
    pub(super) path: Vec<Step>,
    pub(super) diagnostic: Diagnostic,
}

/// The kinds of filters, and the field of the store that each looks at.
const FILTERS: [(&str, &str); 3] = [("STORE", "id"), ("ZONE", "zoneIds"), ("CONCEPT", "conceptIds")];

const TARGET_TYPES: [&str; 15] = [
    "SALES",
    "GROSS_SALES",
    "COUNT",
    "VISIT",
    "QUANTITY",
    "REGULAR_POINTS",
    "PROMOTIONAL_POINTS",
    "ALL_POINTS",
    "EXTENDED_FIELD",
    "EVENT_ATTRIBUTE",
    "REGULAR",
    "PROMOTIONAL",
    "PROMOTION",
    "ALL",
    "SUM",
];
const TARGET_ENTITIES: [&str; 6] =
    ["TRANSACTION", "LINEITEM", "EVENT", "POINTS", "REWARDS", "ALTERNATE_CURRENCIES"];
const ENROLMENT_METHODS: [&str; 3] = ["TRANSACTION", "IMPORT", "AUDIENCE_FILTER"];
const AGGREGATE_FUNCTIONS: [&str; 2] = ["COUNT", "SUM"];
const WINDOW_TYPES: [&str; 2] = ["MIN", "MAX"];
const WINDOW_UNITS: [&str; 1] = ["DAY"];

/// The field of the store that a filter looks at; `None` for an unknown kind.
pub(super) fn store_field(filter: &Filter) -> Option<&'static str> {
    FILTERS.iter().find(|(kind, _)| *kind == filter.entity_type).map(|(_, field)| *field)
}

/// What is wrong in a target beside its rule, at most so many errors of it.
pub(super) fn findings(target: &Target, errors: usize) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        target.filters.iter().flatten().enumerate().filter_map(filter).take(errors).collect();
    let field = target.extended_field_info.as_ref();
    let window = field.and_then(|field| field.aggregate_window.as_ref());
    let words = [
        Word {
            path: &["targetType"],
            value: target.target_type.as_deref(),
            what: "target type",
            known: &TARGET_TYPES,
        },
        Word {
            path: &["targetEntity"],
            value: target.target_entity.as_deref(),
            what: "target entity",
            known: &TARGET_ENTITIES,
        },
        Word {
            path: &["enrolmentMethod"],
            value: target.enrolment_method.as_deref(),
            what: "enrolment method",
            known: &ENROLMENT_METHODS,
        },
        Word {
            path: &["extendedFieldInfo", "aggregateFunction"],
            value: field.map(|field| field.aggregate_function.as_str()),
            what: "aggregate function",
            known: &AGGREGATE_FUNCTIONS,
        },
        Word {
            path: &["extendedFieldInfo", "aggregateWindow", "windowType"],
            value: window.and_then(|window| window.window_type.as_deref()),
            what: "window type",
            known: &WINDOW_TYPES,
        },
        Word {
            path: &["extendedFieldInfo", "aggregateWindow", "windowTimeUnit"],
            value: window.and_then(|window| window.window_time_unit.as_deref()),
            what: "window unit",
            known: &WINDOW_UNITS,
        },
    ];
    found.extend(words.into_iter().filter_map(Word::unknown));
    found
}

fn filter((index, filter): (usize, &Filter)) -> Option<Finding> {
    let at = |key: &str| vec![Step::Key("filters".to_owned()), Step::Index(index), Step::Key(key.to_owned())];
    if store_field(filter).is_none() {
        let kinds = FILTERS.map(|(kind, _)| kind);
        let fault = Diagnostic::new(
            Code::UnknownFilter,
            Span::default(),
            format!(
                "the filter kind `{}` is not known, so this target cannot be decided",
                shortened(&filter.entity_type)
            ),
        )
        .note("not a known kind")
        .help(match closest(&filter.entity_type, kinds) {
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
                filter.entity_type.to_lowercase()
            ),
        )
        .note("no ids")
        .help("name the ids that it admits, or remove the filter where the target counts everywhere");
        return Some(Finding { path: at("entityIds"), diagnostic: fault });
    }
    None
}

/// A word of a target that comes from a fixed list.
struct Word<'t> {
    path: &'static [&'static str],
    value: Option<&'t str>,
    what: &'static str,
    known: &'static [&'static str],
}

impl Word<'_> {
    /// A warning where it is not in its list: a newer platform may have more
    /// words, and whether a transaction counts does not depend on them.
    fn unknown(self) -> Option<Finding> {
        let value = self.value.filter(|value| !self.known.contains(value))?;
        let message = format!("`{}` is no known {}", shortened(value), self.what);
        let diagnostic = Diagnostic::new(Code::UnknownValue, Span::default(), message)
            .note(format!("no known {}", self.what))
            .help(match closest(value, self.known.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("the known ones are {}", listed(self.known)),
            });
        let path = self.path.iter().map(|key| Step::Key((*key).to_owned())).collect();
        Some(Finding { path, diagnostic })
    }
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
