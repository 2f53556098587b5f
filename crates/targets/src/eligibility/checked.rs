//! Eligible: active, admitted by the filters, and the rule is true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use target_rules::interpret::Fault;
use target_rules::rule::NamedReference;
use target_rules::transaction::{LayoutBuilder, ValueKind};
use target_rules::{Layout, Number, Reference, Rule, Schema, Slot, Transaction, Truth, Zone};

use crate::model::{EnrolmentMethod, FilterKind, Target, Word};

use super::counting::Counting;
use super::windows::CheckedGroup;

/// A target whose rule checks: ready to decide transactions.
///
/// ```
/// use loyalty_targets::{CheckedTarget, Target};
/// use target_rules::{Limits, Schema, Truth, Zone};
/// let limits = Limits::default();
/// let target = r#"{"id": 50, "expression": "currentTxn.value>500"}"#;
/// let target: Target = serde_json::from_str(target)?;
/// let target: CheckedTarget = target.check(&Schema::standard(), &limits)?;
/// let layout = CheckedTarget::layout([&target]);
/// let bill = layout.read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
/// assert_eq!(target.decide(&bill, &Zone::UTC).result, Truth::True);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CheckedTarget {
    id: i64,
    name: Option<Arc<str>>,
    active: bool,
    filters: Vec<CheckedFilter>,
    rule: Rule,
    counting: Counting,
    /// How customers come to it, as its document says.
    enrolment: Option<Word<EnrolmentMethod>>,
    /// Whether a bill that it counts enrols the customer.
    enrols: bool,
    group: Option<Arc<CheckedGroup>>,
}

/// The most ids that are named one by one.
const MOST_IDS: usize = 3;
/// The same where a target is described.
const MOST_DESCRIBED: usize = 20;

fn joined(ids: &[impl ToString]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[derive(Debug, Clone)]
struct CheckedFilter {
    kind: FilterKind,
    /// INVARIANT: sorted.
    ids: Vec<i64>,
}

/// The field of the store that a filter of a kind looks at.
fn store_field(kind: FilterKind) -> &'static str {
    match kind {
        FilterKind::Store => "id",
        FilterKind::Zone => "zoneIds",
        FilterKind::Concept => "conceptIds",
    }
}

/// The slots of a layout for what filters look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoreSlots {
    id: Option<Slot>,
    zones: Option<Slot>,
    concepts: Option<Slot>,
}

impl StoreSlots {
    pub(crate) fn of(layout: &Layout) -> StoreSlots {
        let slot = |kind| layout.slot_of(&store_reference(kind));
        StoreSlots {
            id: slot(FilterKind::Store),
            zones: slot(FilterKind::Zone),
            concepts: slot(FilterKind::Concept),
        }
    }
}

fn store_reference(kind: FilterKind) -> Reference {
    Reference::Attribute { profile: "currentStore".to_owned(), name: store_field(kind).to_owned() }
}

/// Adds to a layout the fields of the store that filters look at.
pub(crate) fn reading_stores(builder: LayoutBuilder) -> LayoutBuilder {
    builder
        .reading(&store_reference(FilterKind::Store), ValueKind::Number)
        .reading(&store_reference(FilterKind::Zone), ValueKind::Numbers)
        .reading(&store_reference(FilterKind::Concept), ValueKind::Numbers)
}

/// Whether a transaction counts for a target. What is written as JSON can be
/// read back.
///
/// ```
/// use loyalty_targets::{CheckedTarget, Eligibility, Target};
/// use target_rules::{Limits, Schema, Truth, Zone};
/// let limits = Limits::default();
/// let target = r#"{"id": 50, "expression": "currentTxn.value>500"}"#;
/// let target: Target = serde_json::from_str(target)?;
/// let target = target.check(&Schema::standard(), &limits)?;
/// let bill = CheckedTarget::layout([&target]).read(r#"{"currentTxn": {}}"#, &limits)?;
/// let eligibility = target.decide(&bill, &Zone::UTC);
/// assert_eq!(eligibility.result, Truth::Unknown);
/// assert_eq!(eligibility.absent, ["currentTxn.value"]);
/// let json = serde_json::to_string(&eligibility)?;
/// assert_eq!(serde_json::from_str::<Eligibility>(&json)?, eligibility);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Eligibility {
    /// True where it counts.
    pub result: Truth,
    /// What is absent and was needed; empty where it is decided.
    pub absent: Vec<String>,
    /// Operations without a result; empty where it is decided.
    pub faults: Vec<Fault>,
    /// Positions from 0 of the line items that count.
    pub items: Vec<usize>,
}

impl CheckedTarget {
    /// A target that was checked, with its rule.
    pub(crate) fn new(target: &Target, rule: Rule, group: Option<Arc<CheckedGroup>>) -> CheckedTarget {
        let filters = target.filters.iter().flatten();
        let filters = filters.filter_map(|filter| {
            let mut ids: Vec<i64> = filter.entity_ids.clone();
            ids.sort_unstable();
            Some(CheckedFilter { kind: filter.entity_type.known()?, ids })
        });
        CheckedTarget {
            id: target.id,
            name: target.name.as_deref().map(Arc::from),
            active: target.active.unwrap_or(true),
            filters: filters.collect(),
            counting: Counting::of(target, &rule),
            // Without a type there is nothing to count.
            enrols: target.target_type.is_some()
                && target.enrolment_method.as_ref().and_then(Word::known)
                    == Some(EnrolmentMethod::Transaction),
            enrolment: target.enrolment_method.clone(),
            rule,
            group,
        }
    }

    /// The target's id.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The target's name, as its document has it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The target's rule.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The group that lists the target; `None` for one that stands alone.
    pub fn group(&self) -> Option<&CheckedGroup> {
        self.group.as_deref()
    }

    /// Whether the target is switched on; one that is not counts nothing.
    ///
    /// ```
    /// use loyalty_targets::Target;
    /// use target_rules::{Limits, Schema};
    /// let target = r#"{"id": 50, "active": false, "expression": "true"}"#;
    /// let target: Target = serde_json::from_str(target)?;
    /// assert!(!target.check(&Schema::standard(), &Limits::default())?.active());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn active(&self) -> bool {
        self.active
    }

    /// The first filter that does not admit a transaction, by its position,
    /// and the field that it looks at.
    pub(crate) fn refusing_filter(&self, transaction: &Transaction) -> Option<(usize, String)> {
        let store = StoreSlots::of(transaction.layout());
        let refuses =
            |(_, filter): &(usize, &CheckedFilter)| filter.admits(transaction, &store) == Truth::False;
        let refusing = self.filters.iter().enumerate().find(refuses);
        refusing.map(|(at, filter)| (at, filter.field()))
    }

    /// Each filter's answer about a transaction, in words too.
    pub(crate) fn filter_answers(&self, transaction: &Transaction) -> Vec<(Truth, String)> {
        let store = StoreSlots::of(transaction.layout());
        let answer = |filter: &CheckedFilter| {
            let admits = filter.admits(transaction, &store);
            (admits, filter.words(transaction, &store, admits))
        };
        self.filters.iter().map(answer).collect()
    }

    /// Its filters in one spelling, whatever their order and that of their ids.
    pub(crate) fn filters_text(&self) -> String {
        let spelled = |filter: &CheckedFilter| {
            let mut ids = filter.ids.clone();
            ids.dedup();
            format!("{} in {}", store_field(filter.kind), joined(&ids))
        };
        let mut filters: Vec<String> = self.filters.iter().map(spelled).collect();
        filters.sort_unstable();
        filters.dedup();
        filters.join("; ")
    }

    /// What each filter looks at, and the ids that it admits, sorted.
    pub(super) fn filter_ids(&self) -> impl Iterator<Item = (FilterKind, &[i64])> {
        self.filters.iter().map(|filter| (filter.kind, filter.ids.as_slice()))
    }

    /// The fields of the store that its filters look at.
    pub(super) fn filter_references(&self) -> impl Iterator<Item = (Reference, ValueKind)> {
        self.filters.iter().map(|filter| {
            let kind = match filter.kind {
                FilterKind::Store => ValueKind::Number,
                FilterKind::Zone | FilterKind::Concept => ValueKind::Numbers,
            };
            (store_reference(filter.kind), kind)
        })
    }

    /// Whether the first bill that it counts enrols the customer.
    pub(crate) fn enrols(&self) -> bool {
        self.enrols
    }

    /// Whether bills should enrol customers in the target and cannot, since it
    /// does not say what is to be reached.
    ///
    /// ```
    /// use loyalty_targets::Target;
    /// use target_rules::{Limits, Schema};
    /// let target = r#"{"id": 50, "expression": "true", "targetType": "SALES",
    ///     "enrolmentMethod": "TRANSACTION", "targetPeriodDefaultValuesMap": {}}"#;
    /// let target: Target = serde_json::from_str(target)?;
    /// assert!(target.check(&Schema::standard(), &Limits::default())?.enrols_nobody());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn enrols_nobody(&self) -> bool {
        let in_periods = |group: &CheckedGroup| {
            let mut own = self.counting.periods();
            own.any(|period| group.period_ids.contains(&period))
        };
        let reached = self.counting.default_in(None).is_some() || self.group().is_some_and(in_periods);
        self.enrols && !reached
    }

    /// How customers come to it, as its document says.
    pub(super) fn enrolment(&self) -> Option<&Word<EnrolmentMethod>> {
        self.enrolment.as_ref()
    }

    /// What each filter asks for, such as `only in the stores 7 and 12`.
    pub(super) fn filters_in_words(&self) -> Vec<String> {
        self.filters.iter().map(|filter| format!("only in {}", filter.places(MOST_DESCRIBED))).collect()
    }

    /// Whether the target and its group are switched on.
    pub(crate) fn running(&self) -> bool {
        self.active && self.group().is_none_or(|group| group.active)
    }

    /// Whether it has any filter.
    pub(crate) fn has_filters(&self) -> bool {
        !self.filters.is_empty()
    }

    /// Whether all filters admit a transaction.
    pub(crate) fn admits(&self, transaction: &Transaction, store: &StoreSlots) -> Truth {
        let admits = self.filters.iter().map(|filter| filter.admits(transaction, store));
        admits.fold(Truth::True, Truth::and)
    }

    /// How the target counts.
    pub(crate) fn counting(&self) -> &Counting {
        &self.counting
    }

    /// What these targets read of a transaction.
    ///
    /// Cost is linear in the targets.
    pub fn layout<'t>(targets: impl IntoIterator<Item = &'t CheckedTarget>) -> Layout {
        let rules = targets.into_iter().map(|target| &target.rule);
        reading_stores(Layout::builder()).rules(rules).build()
    }

    /// What is read to decide whether a transaction counts: by the rule and by
    /// the filters, sorted by reference, without duplicates.
    ///
    /// Cost is linear in the target.
    ///
    /// ```
    /// use loyalty_targets::Payload;
    /// use target_rules::{Limits, Schema};
    /// let (limits, schema) = (Limits::default(), Schema::standard());
    /// let document = r#"{"id": 5, "expression": "currentTxn.value > 500", "filters":
    ///     [{"entityType": "STORE", "entityIds": [7], "filterType": "INCLUDE"}]}"#;
    /// let payload = Payload::read(document, &limits)?;
    /// let target = payload.targets().next().ok_or("a target")?;
    /// let target = target.check(&schema, &limits).target.ok_or("it checks")?;
    /// let names: Vec<String> =
    ///     target.references(&schema).into_iter().map(|value| value.name).collect();
    /// assert_eq!(names, ["currentStore.id", "currentTxn.value"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn references(&self, schema: &Schema) -> Vec<NamedReference> {
        let of_filters = self.filters.iter().map(|filter| {
            let (kind, meaning) = match filter.kind {
                FilterKind::Store => (ValueKind::Number, "The store's id, which filters look at."),
                FilterKind::Zone => (ValueKind::Numbers, "The ids of its zones, which filters look at."),
                FilterKind::Concept => {
                    (ValueKind::Numbers, "The ids of its concepts, which filters look at.")
                }
            };
            let mut named = NamedReference::of(store_reference(filter.kind), kind, schema);
            if named.meaning.is_empty() {
                named.meaning = meaning.to_owned();
            }
            named
        });
        let all = self.rule.named_references(schema).into_iter().chain(of_filters);
        let by_reference: BTreeMap<Reference, NamedReference> =
            all.map(|named| (named.reference.clone(), named)).collect();
        by_reference.into_values().collect()
    }

    /// Decides whether a transaction counts: active && filters && rule, in the
    /// three-valued logic of the language.
    pub fn decide(&self, transaction: &Transaction, zone: &Zone) -> Eligibility {
        let decision = self.rule.decide(transaction, zone);
        let store = StoreSlots::of(transaction.layout());
        let result = Truth::from(self.active).and(self.admits(transaction, &store)).and(decision.result);
        let unknown = result == Truth::Unknown;
        Eligibility {
            result,
            absent: if unknown {
                self.absent_with(transaction, &store, decision.absent.iter().map(String::as_str))
            } else {
                Vec::new()
            },
            faults: if unknown { decision.faults } else { Vec::new() },
            items: if result == Truth::True { decision.items } else { Vec::new() },
        }
    }

    /// What is absent of a rule, and what filters need and lack.
    pub(super) fn absent_with<'a>(
        &self,
        transaction: &Transaction,
        store: &StoreSlots,
        absent: impl Iterator<Item = &'a str>,
    ) -> Vec<String> {
        let mut all: BTreeSet<String> = absent.map(str::to_owned).collect();
        let open = self.filters.iter().filter(|filter| filter.admits(transaction, store) == Truth::Unknown);
        all.extend(open.map(CheckedFilter::field));
        all.into_iter().collect()
    }
}

impl CheckedFilter {
    fn admits(&self, transaction: &Transaction, store: &StoreSlots) -> Truth {
        let lists = |id: Number| id.as_integer().is_some_and(|id| self.ids.binary_search(&id).is_ok());
        let admits = |slot: Option<Slot>| -> Option<bool> {
            Some(transaction.get_numbers(slot?)?.iter().copied().any(lists))
        };
        let admits = match self.kind {
            FilterKind::Store => store.id.and_then(|slot| transaction.get_number(slot)).map(lists),
            FilterKind::Zone => admits(store.zones),
            FilterKind::Concept => admits(store.concepts),
        };
        admits.map_or(Truth::Unknown, Truth::from)
    }

    /// The word for one place that it looks at, and for several.
    fn nouns(&self) -> (&'static str, &'static str) {
        match self.kind {
            FilterKind::Store => ("store", "stores"),
            FilterKind::Zone => ("zone", "zones"),
            FilterKind::Concept => ("concept", "concepts"),
        }
    }

    /// The places that it admits; of more than `most` their number.
    fn places(&self, most: usize) -> String {
        let (one, many) = self.nouns();
        match self.ids.as_slice() {
            [] => format!("no {one} at all"),
            [only] => format!("{one} {only}"),
            ids if ids.len() <= most => format!("the {many} {}", joined(ids)),
            ids => format!("{} {many}", ids.len()),
        }
    }

    /// Whether it admits a transaction, in words: `store 12 is not among 3
    /// stores`.
    fn words(&self, transaction: &Transaction, store: &StoreSlots, admits: Truth) -> String {
        let (one, many) = self.nouns();
        let slot = match self.kind {
            FilterKind::Store => store.id,
            FilterKind::Zone => store.zones,
            FilterKind::Concept => store.concepts,
        };
        let listed = self.places(MOST_IDS);
        let among = match self.ids.as_slice() {
            [] => return format!("it admits {listed}"),
            [_] => listed.clone(),
            _ => format!("among {listed}"),
        };
        let of_store = || transaction.get_numbers(slot?).map(<[Number]>::to_vec);
        let found = match self.kind {
            FilterKind::Store => slot.and_then(|slot| transaction.get_number(slot)).map(|id| vec![id]),
            FilterKind::Zone | FilterKind::Concept => of_store(),
        };
        match (found.as_deref(), admits) {
            (None, _) => format!("`{}` is absent; it asks for {listed}", self.field()),
            (Some([]), _) => format!("the store has no {many}; it asks for {listed}"),
            (Some([_]), Truth::True) if self.ids.len() == 1 => format!("it is {listed}"),
            (Some([id]), Truth::True) => format!("{one} {id} is {among}"),
            (Some([id]), _) => format!("{one} {id} is not {among}"),
            (Some(ids), Truth::True) => {
                let some = if ids.len() <= MOST_IDS { joined(ids) } else { ids.len().to_string() };
                format!("of the store's {many} {some} one is {among}")
            }
            (Some(ids), _) if ids.len() <= MOST_IDS => {
                format!("of the store's {many} {} none is {among}", joined(ids))
            }
            (Some(ids), _) => format!("of the store's {} {many} none is {among}", ids.len()),
        }
    }

    /// What it looks at, as it is reported.
    fn field(&self) -> String {
        format!("currentStore.{}", store_field(self.kind))
    }
}
