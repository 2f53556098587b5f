//! What a target counts, by its type and its entity.

use std::collections::HashMap;
use std::sync::Arc;

use target_rules::schema::ListName;
use target_rules::{Number, Rule};

use crate::model::{
    AggregateFunction, Target, TargetEntity, TargetType, Vocabulary, WindowType, WindowUnit, Word, meant,
};

/// What one activity adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The amount after discount.
    Net,
    /// The amount before discount.
    Gross,
    /// One.
    One,
    /// One for each local day.
    Days,
    /// Pieces.
    Quantity,
    /// One where the extended field is there.
    FieldCount(Arc<str>),
    /// The value of the extended field.
    FieldSum(Arc<str>),
    /// The value of the event's attribute.
    Attribute(Arc<str>),
    /// One where the event's attribute is there.
    AttributeCount(Arc<str>),
    /// Points of a kind, as the host has them.
    Points(PointsKind),
    /// An amount of another currency, by its name where the target gives one.
    Currency(PointsKind, Option<Arc<str>>),
}

/// Which points or which part of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PointsKind {
    Regular,
    Promotional,
    All,
}

/// How a target counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counting {
    /// Why it cannot be counted, where it cannot.
    pub(crate) measure: Result<Measure, String>,
    pub(crate) entity: TargetEntity,
    /// That only the lowest or the highest figure of each day counts.
    pub(crate) extreme: Option<WindowType>,
    /// The activity that counts.
    pub(crate) event: Option<Arc<str>>,
    /// What is to be reached, by period; of no period in all others.
    pub(crate) defaults: HashMap<Option<i64>, Number>,
}

/// Whether a target of this entity can have this type.
pub(crate) fn go_together(entity: TargetEntity, of: TargetType) -> bool {
    use TargetEntity::{AlternateCurrencies, Event, LineItem, Points, Transaction};
    match of {
        TargetType::Sales | TargetType::GrossSales | TargetType::ExtendedField => {
            matches!(entity, Transaction | LineItem)
        }
        TargetType::Count | TargetType::Visit => matches!(entity, Transaction | Event),
        TargetType::Quantity => entity == LineItem,
        TargetType::EventAttribute => entity == Event,
        TargetType::RegularPoints | TargetType::PromotionalPoints | TargetType::AllPoints => entity == Points,
        // Real targets have these of transactions too.
        TargetType::Regular | TargetType::Promotional | TargetType::All => {
            matches!(entity, AlternateCurrencies | Transaction)
        }
        TargetType::Sum => matches!(entity, Transaction | LineItem | Event),
    }
}

/// Whether a type counts a field that the target must name.
pub(crate) fn needs_field(entity: Option<TargetEntity>, of: TargetType) -> bool {
    matches!(of, TargetType::ExtendedField | TargetType::EventAttribute)
        || (of == TargetType::Sum && entity == Some(TargetEntity::Event))
}

/// Whether a rule is decided for each line item.
pub(crate) fn asks_each_item(rule: &Rule) -> bool {
    rule.unrolled_list() == Some(ListName::LineItems)
}

/// The entity of a target that does not state any: the one that its type is
/// of, and line items where its rule is about them.
fn implied(of: Option<TargetType>, rule: &Rule) -> TargetEntity {
    match of {
        Some(TargetType::Quantity) => TargetEntity::LineItem,
        Some(TargetType::EventAttribute) => TargetEntity::Event,
        Some(TargetType::RegularPoints | TargetType::PromotionalPoints | TargetType::AllPoints) => {
            TargetEntity::Points
        }
        _ if asks_each_item(rule) => TargetEntity::LineItem,
        _ => TargetEntity::Transaction,
    }
}

impl Counting {
    /// Whether a return takes something back: counts of activities stay.
    pub(crate) fn gives_back(&self) -> bool {
        !matches!(
            self.measure,
            Err(_) | Ok(Measure::One | Measure::Days | Measure::FieldCount(_) | Measure::AttributeCount(_))
        )
    }

    pub(super) fn of(target: &Target, rule: &Rule) -> Counting {
        let of = target.target_type.as_ref();
        let stated = target.target_entity.as_ref();
        let known = of.and_then(Word::known);
        let entity = stated.and_then(Word::known).unwrap_or_else(|| implied(known, rule));
        let info = target.extended_field_info.as_ref();
        let window = info.and_then(|info| info.aggregate_window.as_ref());
        let measure = match (of, known) {
            (None, _) => Err("it has no target type".to_owned()),
            (Some(of), None) => Err(unknown_word(of)),
            (Some(_), Some(known)) => match stated.filter(|stated| stated.known().is_none()) {
                Some(stated) => Err(unknown_word(stated)),
                None => measure(target, entity, known),
            },
        };
        // A word that matters and is not known must not be counted as another.
        let unknown_window = window.and_then(|window| {
            let kind = window.window_type.as_ref().filter(|word| word.known().is_none());
            let unit = window.window_time_unit.as_ref().filter(|word| word.known().is_none());
            kind.map(unknown_word).or_else(|| unit.map(unknown_word))
        });
        Counting {
            measure: match unknown_window {
                Some(why) => measure.and(Err(why)),
                None => measure,
            },
            entity,
            extreme: window
                .filter(|window| {
                    let unit = window.window_time_unit.as_ref().and_then(Word::known);
                    unit.is_none_or(|unit| unit == WindowUnit::Day)
                })
                .and_then(|window| window.window_type.as_ref()?.known()),
            event: target.event_name.as_deref().map(Arc::from),
            defaults: defaults(target),
        }
    }

    /// The periods that the target has a value of its own for.
    pub(crate) fn periods(&self) -> impl Iterator<Item = i64> {
        self.defaults.keys().copied().flatten()
    }

    /// What is to be reached in a period where the enrolment does not say.
    pub(crate) fn default_in(&self, period: Option<i64>) -> Option<Number> {
        self.defaults.get(&period).or_else(|| self.defaults.get(&None)).copied()
    }
}

/// That a word is none of those of its list, and which is most likely meant.
fn unknown_word<K: Vocabulary>(word: &Word<K>) -> String {
    unknown_text::<K>(word.text())
}

pub(crate) fn unknown_text<K: Vocabulary>(word: &str) -> String {
    let meant = meant::<K>(word).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    format!("`{word}` is no known {}{meant}", K::WHAT)
}

fn measure(target: &Target, entity: TargetEntity, of: TargetType) -> Result<Measure, String> {
    let info = target.extended_field_info.as_ref();
    let field = || info.map(|info| Arc::<str>::from(info.name.as_str()));
    let function = info.and_then(|info| info.aggregate_function.as_ref());
    let counts = match function.map(|word| (word.known(), word.text())) {
        Some((None, text)) if needs_field(Some(entity), of) => {
            return Err(unknown_text::<AggregateFunction>(text));
        }
        Some((known, _)) => known == Some(AggregateFunction::Count),
        None => false,
    };
    let named = |measure: fn(Arc<str>) -> Measure| {
        field().map(measure).ok_or_else(|| "it names no field to count".to_owned())
    };
    if !go_together(entity, of) {
        return Err("its entity and its type don't go together".to_owned());
    }
    Ok(match of {
        TargetType::Sum if entity == TargetEntity::Event => named(Measure::Attribute)?,
        TargetType::Sales | TargetType::Sum => Measure::Net,
        TargetType::GrossSales => Measure::Gross,
        TargetType::Count => Measure::One,
        TargetType::Visit => Measure::Days,
        TargetType::Quantity => Measure::Quantity,
        TargetType::ExtendedField if counts => named(Measure::FieldCount)?,
        TargetType::ExtendedField => named(Measure::FieldSum)?,
        TargetType::EventAttribute if counts => named(Measure::AttributeCount)?,
        TargetType::EventAttribute => named(Measure::Attribute)?,
        TargetType::RegularPoints => Measure::Points(PointsKind::Regular),
        TargetType::PromotionalPoints => Measure::Points(PointsKind::Promotional),
        TargetType::AllPoints => Measure::Points(PointsKind::All),
        TargetType::Regular => Measure::Currency(PointsKind::Regular, field()),
        TargetType::Promotional => Measure::Currency(PointsKind::Promotional, field()),
        TargetType::All => Measure::Currency(PointsKind::All, field()),
    })
}

/// The values of `defaultValues`, then those of the map by period; where a
/// document has both, they say the same.
fn defaults(target: &Target) -> HashMap<Option<i64>, Number> {
    let listed = target.default_values.iter().flatten().map(|value| (value.period_id, value));
    let mapped = target.target_period_default_values_map.iter().flatten();
    let mapped = mapped.map(|(period, value)| (value.period_id.or_else(|| period.parse().ok()), value));
    let mut defaults = HashMap::new();
    for (period, value) in listed.chain(mapped) {
        if let Some(value) = value.default_value.as_ref().and_then(|value| value.value().ok()) {
            defaults.entry(period).or_insert(value);
        }
    }
    defaults
}
