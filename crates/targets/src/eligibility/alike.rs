//! What a target counts beside its rule: whether two targets count alike.

use target_rules::{Number, Zone};

use crate::model::FilterKind;

use super::checked::CheckedTarget;
use super::windows::{CheckedGroup, CheckedPeriod, Window};

/// All of a target that decides what it counts, where, when and up to which value,
/// but for its rule. Two targets with equal ones count alike: they differ by
/// their rules alone.
///
/// What it is called, ids of targets, groups and periods, and texts for people
/// do not matter. Of groups that are achieved together each is of its own kind.
///
/// ```
/// use loyalty_targets::{Alike, Target};
/// use target_rules::{Limits, Schema, Zone};
/// let alike = |target: &str| -> Result<Alike, Box<dyn std::error::Error>> {
///     let target: Target = serde_json::from_str(target)?;
///     let checked = target.check(&Schema::standard(), &Limits::default())?;
///     Ok(checked.alike(&Zone::UTC))
/// };
/// let sales = alike(r#"{"id": 50, "expression": "true", "targetType": "SALES"}"#)?;
/// let named = alike(r#"{"id": 51, "expression": "false", "targetType": "SALES"}"#)?;
/// let counted = alike(r#"{"id": 52, "expression": "true", "targetType": "COUNT"}"#)?;
/// assert_eq!(sales, named);
/// assert_eq!(sales.differences(&counted), ["what it adds"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alike {
    running: bool,
    filters: String,
    figure: String,
    windows: String,
    enrolment: String,
    values: Vec<Option<Number>>,
}

impl Alike {
    /// In what the two differ, in words; nothing where they count alike.
    pub fn differences(&self, other: &Alike) -> Vec<&'static str> {
        let parts = [
            (self.running != other.running, "whether it is active"),
            (self.filters != other.filters, "its filters"),
            (self.figure != other.figure, "what it adds"),
            (self.windows != other.windows, "its windows"),
            (self.enrolment != other.enrolment, "how customers are enrolled"),
            (self.values != other.values, "what is to be reached"),
        ];
        parts.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what).collect()
    }
}

impl CheckedTarget {
    /// What the target counts beside its rule. Local days of periods are those of
    /// the zone.
    ///
    /// Cost is linear in the filters and periods.
    pub fn alike(&self, zone: &Zone) -> Alike {
        let counting = self.counting();
        let periods = periods_of(self.group(), zone);
        let values = match periods.as_slice() {
            [] => vec![counting.default_in(None)],
            periods => periods.iter().map(|(_, period)| counting.default_in(Some(period.id))).collect(),
        };
        Alike {
            running: self.running(),
            filters: self.filters_text(),
            figure: format!(
                "{:?} {:?} {:?} {:?}",
                counting.measure, counting.entity, counting.extreme, counting.event
            ),
            windows: windows(self.group(), &periods),
            enrolment: format!("{:?}", self.enrolment()),
            values,
        }
    }

    /// Whether the filters of two targets can never admit one store: a store has
    /// one id, and any number of zones and concepts.
    ///
    /// ```
    /// use loyalty_targets::Target;
    /// use target_rules::{Limits, Schema};
    /// let of_store = |id: i64| {
    ///     let filters = format!(r#"[{{"entityType": "STORE", "entityIds": [{id}]}}]"#);
    ///     let target = format!(r#"{{"id": 50, "expression": "true", "filters": {filters}}}"#);
    ///     let target: Target = serde_json::from_str(&target).expect("a target");
    ///     target.check(&Schema::standard(), &Limits::default()).expect("it checks")
    /// };
    /// assert!(of_store(7).excludes_stores_of(&of_store(8)));
    /// assert!(!of_store(7).excludes_stores_of(&of_store(7)));
    /// ```
    pub fn excludes_stores_of(&self, other: &CheckedTarget) -> bool {
        let stores = |target: &CheckedTarget| -> Vec<Vec<i64>> {
            target
                .filter_ids()
                .filter(|(kind, _)| *kind == FilterKind::Store)
                .map(|(_, ids)| ids.to_vec())
                .collect()
        };
        let (mine, others) = (stores(self), stores(other));
        let mut all = mine.iter().chain(&others);
        let Some(first) = all.next() else { return false };
        let mut common = first.clone();
        for ids in all {
            common.retain(|id| ids.binary_search(id).is_ok());
        }
        common.is_empty()
    }
}

/// The periods of a group by their days.
fn periods_of<'g>(group: Option<&'g CheckedGroup>, zone: &Zone) -> Vec<((i64, i64), &'g CheckedPeriod)> {
    let periods = group.into_iter().flat_map(|group| &group.periods);
    let mut periods: Vec<_> = periods.map(|period| (period.days(zone), period)).collect();
    periods.sort_by_key(|(days, period)| (*days, period.active, period.id));
    periods
}

fn windows(group: Option<&CheckedGroup>, periods: &[((i64, i64), &CheckedPeriod)]) -> String {
    let window = group.map_or(&Window::Fixed, |group| &group.window);
    let periods: Vec<_> = periods.iter().map(|(days, period)| (days, period.active)).collect();
    let together = group.filter(|group| group.unified.is_some()).and_then(CheckedGroup::id);
    format!("{window:?} {periods:?} {together:?}")
}
