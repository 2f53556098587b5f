//! Faults of what a target says beside its rule: its filters, and values that
//! come from fixed lists.

use std::sync::{Arc, LazyLock};

use target_rules::Rule;
use target_rules::diagnostic::{Code, Confidence, Diagnostic, Repair, Span, Suggestion, excerpt};
use target_rules::json::PathSegment;

use crate::eligibility::{CheckedGroup, asks_each_item, go_together, needs_field};
use crate::json::{Node, Parsed, names};
use crate::model::{
    Filter, FilterKind, Target, TargetEntity, Vocabulary, Word, WrittenNumber, is_counted_by, meant,
};

use super::never_counts::never_counts;

/// Something found in a target, and the steps from the target to its value.
pub(super) struct Finding {
    pub(super) path: Vec<PathSegment>,
    pub(super) diagnostic: Diagnostic,
}

/// Something found in a group: the pointer of its place in the document, and
/// a diagnostic whose spans count in the document.
pub(super) type GroupFinding = (String, Diagnostic);

/// What is wrong in a target of a group, if it is of one, beside its rule; at
/// most so many errors of it. It is as it was written, where there is a document.
pub(super) fn findings(
    (target, written): (&Target, Option<Node<'_>>),
    group: Option<&CheckedGroup>,
    errors: usize,
) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        target.filters.iter().flatten().enumerate().filter_map(filter).take(errors).collect();
    let field = target.extended_field_info.as_ref();
    let window = field.and_then(|field| field.aggregate_window.as_ref());
    let words = [
        unknown(written, &["targetType"], target.target_type.as_ref()),
        unknown(written, &["targetEntity"], target.target_entity.as_ref()),
        unknown(written, &["enrolmentMethod"], target.enrolment_method.as_ref()),
        unknown(
            written,
            &["extendedFieldInfo", "aggregateFunction"],
            field.and_then(|field| field.aggregate_function.as_ref()),
        ),
        unknown(
            written,
            &["extendedFieldInfo", "aggregateWindow", "windowType"],
            window.and_then(|window| window.window_type.as_ref()),
        ),
        unknown(
            written,
            &["extendedFieldInfo", "aggregateWindow", "windowTimeUnit"],
            window.and_then(|window| window.window_time_unit.as_ref()),
        ),
    ];
    found.extend(name(target));
    found.extend(to_reach(target).take(errors));
    found.extend(counted(target));
    found.extend(words.into_iter().flatten());
    let warned = never_counts(target, group, errors).into_iter();
    found.extend(warned.map(|(path, diagnostic)| Finding { path, diagnostic }));
    found
}

fn filter((index, filter): (usize, &Filter)) -> Option<Finding> {
    let at = |key: &str| {
        vec![
            PathSegment::Key("filters".to_owned()),
            PathSegment::Index(index),
            PathSegment::Key(key.to_owned()),
        ]
    };
    if filter.entity_type.known().is_none() {
        let kinds = spellings::<FilterKind>();
        let fault = Diagnostic::new(
            Code::UnknownFilter,
            Span::default(),
            format!(
                "the filter kind `{}` is not known, so this target cannot be decided",
                excerpt(filter.entity_type.text())
            ),
        )
        .note("not a known kind")
        .help(match meant::<FilterKind>(filter.entity_type.text()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("the kinds of filters are {}", names(&kinds)),
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

/// How long the name of a target may be.
const LONGEST_NAME: usize = 200;

fn name(target: &Target) -> Option<Finding> {
    let characters = target.name.as_deref()?.chars().count();
    (characters > LONGEST_NAME).then(|| Finding {
        path: vec![PathSegment::Key("name".to_owned())],
        diagnostic: Diagnostic::new(
            Code::NameTooLong,
            Span::default(),
            format!("this name has {characters} characters; the platform takes at most {LONGEST_NAME}"),
        )
        .note("too long")
        .help("shorten the name; what it explains can go into the description"),
    })
}

/// The values to be reached that cannot be held.
fn to_reach(target: &Target) -> impl Iterator<Item = Finding> {
    let key = |key: &str| PathSegment::Key(key.to_owned());
    let listed = target.default_values.iter().flatten().enumerate();
    let listed = listed.map(move |(at, value)| (vec![key("defaultValues"), PathSegment::Index(at)], value));
    let mapped = target.target_period_default_values_map.iter().flatten();
    let mapped =
        mapped.map(move |(period, value)| (vec![key("targetPeriodDefaultValuesMap"), key(period)], value));
    listed.chain(mapped).filter_map(move |(mut path, value)| {
        let diagnostic = too_large(value.default_value.as_ref()?)?;
        path.push(key("defaultValue"));
        Some(Finding { path, diagnostic })
    })
}

/// The fault of a number that cannot be held.
pub(super) fn too_large(number: &WrittenNumber) -> Option<Diagnostic> {
    number.value().is_err().then(|| {
        let message = format!("the number `{}` is too large to be reached", excerpt(number.text()));
        Diagnostic::new(Code::NumberRange, Span::default(), message)
            .note("too large")
            .help("write a number below 10^28, which is what can be achieved")
    })
}

/// That entity and type go together, and that the field to count is named.
fn counted(target: &Target) -> Vec<Finding> {
    let entity = target.target_entity.as_ref().and_then(Word::known);
    let Some((of, written)) = target.target_type.as_ref().and_then(|word| Some((word.known()?, word.text())))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Some(entity) = entity.filter(|entity| !go_together(*entity, of)) {
        let fitting: Vec<&str> = TargetEntity::SPELLINGS
            .iter()
            .filter(|(spelling, entity)| go_together(*entity, of) && Word::from(*entity).text() == *spelling)
            .map(|(spelling, _)| *spelling)
            .collect();
        let fault = Diagnostic::new(
            Code::EntityAndType,
            Span::default(),
            format!("the type `{written}` does not go with the entity `{}`", Word::from(entity).text()),
        )
        .note("not of this entity")
        .help(format!("the type `{written}` goes with {}", names(&fitting)));
        found.push(Finding { path: vec![PathSegment::Key("targetType".to_owned())], diagnostic: fault });
    }
    if needs_field(entity, of) && target.extended_field_info.is_none() {
        let fault = Diagnostic::new(
            Code::FieldNotNamed,
            Span::default(),
            format!("a target of the type `{written}` counts a field, and this one names none"),
        )
        .note("counts which field?")
        .help("add `extendedFieldInfo`, such as `{\"name\": \"points\", \"aggregateFunction\": \"SUM\"}`");
        found.push(Finding { path: vec![PathSegment::Key("targetType".to_owned())], diagnostic: fault });
    }
    found
}

/// What is wrong in a target in the light of its rule.
pub(super) fn rule_findings(target: &Target, rule: &Rule) -> Option<Finding> {
    let entity = target.target_entity.as_ref().and_then(Word::known)?;
    (asks_each_item(rule) && entity != TargetEntity::LineItem).then(|| Finding {
        path: vec![PathSegment::Key("targetEntity".to_owned())],
        diagnostic: Diagnostic::new(
            Code::LineItemRule,
            Span::default(),
            format!(
                "the rule asks each line item, but this target counts the entity `{}`",
                Word::from(entity).text()
            ),
        )
        .note("needs `LINEITEM`")
        .help("make the target one of `LINEITEM`, or ask the bill: `currentTxn.basketIncludes(...)`"),
    })
}

/// A warning of a word that is not in its list, at the end of a path; `from` is where
/// the path begins, where there is a document.
/// What is most likely meant is a guess: a newer platform's word may be near. It is no error: a newer platform
/// may have more words, and whether a transaction counts does not depend on them.
/// What it adds may, so accounting for such a target is one.
pub(super) fn unknown<K: Vocabulary>(
    from: Option<Node<'_>>,
    path: &[&str],
    word: Option<&Word<K>>,
) -> Option<Finding> {
    let path: Vec<PathSegment> = path.iter().map(|key| PathSegment::Key((*key).to_owned())).collect();
    let written = from.map(|from| from.follow(&path).0.head());
    let value = word.filter(|word| word.known().is_none())?.text();
    let known = spellings::<K>();
    let consequence = match is_counted_by::<K>() {
        true => ", so progress cannot account for the target",
        false => "",
    };
    let diagnostic = Diagnostic::new(
        Code::UnknownValue,
        Span::default(),
        format!("`{}` is no known {}{consequence}", excerpt(value), K::WHAT),
    )
    .note(format!("no known {}", K::WHAT))
    .help(match meant::<K>(value) {
        Some(close) => {
            let suggestion = |place| Suggestion::json_string(place, close, Confidence::Guess);
            Repair::did_you_mean(close, written.map(suggestion))
        }
        None => format!("the known ones are {}", names(&known)).into(),
    });
    Some(Finding { path, diagnostic })
}

fn spellings<K: Vocabulary>() -> Vec<&'static str> {
    K::SPELLINGS.iter().map(|(spelling, _)| *spelling).collect()
}

/// The member that stands in the place of an id that is missing.
pub(super) fn an_id<'d>() -> impl Iterator<Item = Node<'d>> {
    static AN_ID: LazyLock<Option<Parsed>> =
        LazyLock::new(|| Parsed::parse(Arc::from(r#"{"id":0}"#), 0, 1).ok());
    AN_ID.iter().flat_map(|document| document.root().members())
}

/// The fault of a value of another shape than is expected.
pub(super) fn shape(value: Node<'_>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::PayloadShape, value.head(), message)
}

/// The fault of a key that stands twice in one object.
pub(super) fn second_key(key: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, second, format!("the key `{key}` stands twice in this object"))
        .note("the second one")
        .label(first, "the first one")
        .help("remove one of the two")
}

/// A diagnostic at another place.
pub(super) fn placed_at(span: Span, mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.span = span;
    diagnostic
}
