//! All targets at once: which of them a transaction counts for.

use std::collections::HashMap;
use std::sync::Arc;

use target_rules::interpret::Fault;
use target_rules::ruleset::{AbsentNames, RuleSetError, Verdict};
use target_rules::{Evaluation, Layout, RuleSet, Truth};

use super::checked::{CheckedTarget, StoreSlots, reading_stores};

/// Targets whose rules are decided together.
///
/// Immutable and `Send + Sync`; each thread brings its own scratch space. A
/// change gives a new set, and the old one stays in use as long as somebody
/// holds it.
///
/// ```
/// use loyalty_targets::{Payload, TargetSet, UnknownDetail};
/// use target_rules::{Evaluation, Limits, Schema, Scratch, Truth, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "expression": "currentTxn.value>500"},
///                         {"id": 51, "expression": "currentTxn.value>1000"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let set = TargetSet::new(checked)?;
/// let bill = set.layout().read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
/// let (zone, mut scratch) = (Zone::UTC, Scratch::default());
/// let mut evaluation = Evaluation::new(&bill, &zone, &mut scratch);
/// let mut eligible = Vec::new();
/// let unknown = set.decide(&mut evaluation, UnknownDetail::Count, |decision| {
///     assert_eq!(decision.result, Truth::True);
///     eligible.push(decision.target.id());
/// })?;
/// assert_eq!((eligible, unknown), (vec![50], 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TargetSet {
    /// By the key that the rules have; `None` where a target was removed.
    targets: Vec<Option<Arc<CheckedTarget>>>,
    keys: HashMap<i64, usize>,
    rules: RuleSet<usize>,
    store: StoreSlots,
}

/// What is wanted of the targets of which it is unknown whether a transaction
/// counts for them. Each costs less than those before it.
///
/// ```
/// use loyalty_targets::{Payload, TargetSet, UnknownDetail};
/// use target_rules::{Evaluation, Limits, Schema, Scratch, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let set = TargetSet::new(checked)?;
/// let bill = set.layout().read("{}", &limits)?;
/// let (zone, mut scratch) = (Zone::UTC, Scratch::default());
/// let mut evaluation = Evaluation::new(&bill, &zone, &mut scratch);
/// for (detail, told, counted) in [
///     (UnknownDetail::Reasons, vec![(50, 1)], 1), // and what is absent
///     (UnknownDetail::Ids, vec![(50, 0)], 1),
///     (UnknownDetail::Count, vec![], 1),
///     (UnknownDetail::None, vec![], 0),
/// ] {
///     let mut found = Vec::new();
///     let unknown = set.decide(&mut evaluation, detail, |decision| {
///         found.push((decision.target.id(), decision.absent.len()));
///     })?;
///     assert_eq!((found, unknown), (told, counted));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UnknownDetail {
    /// Which they are, and why.
    #[default]
    Reasons,
    /// Which they are.
    Ids,
    /// How many there are.
    Count,
    /// Nothing.
    None,
}

/// What was decided of one target: that a transaction counts for it, or that
/// this is unknown. [`TargetSet::decide`] tells it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct TargetDecision<'d> {
    /// The target's place in the order of the set.
    pub position: usize,
    /// The target.
    pub target: &'d CheckedTarget,
    /// True or unknown.
    pub result: Truth,
    /// Where it is true, the positions from 0 of the line items that count.
    pub items: &'d [usize],
    /// Where it is unknown and reasons are wanted, what is absent and was
    /// needed; sorted, each once.
    pub absent: AbsentNames<'d>,
    /// Likewise the operations that have no result, by place.
    pub faults: &'d [Fault],
}

impl TargetSet {
    /// Compiles the rules of targets together. Cost is linear in their size.
    ///
    /// Fails where two targets have one id.
    pub fn new(targets: impl IntoIterator<Item = CheckedTarget>) -> Result<TargetSet, RuleSetError<i64>> {
        TargetSet::reading(Layout::of([]), targets)
    }

    /// The same for transactions that are also read for what `layout` reads.
    /// Its slots stay valid in the layout of the set, so with the layout of an
    /// earlier set all targets can come anew, and hosts keep their slots.
    ///
    /// ```
    /// use loyalty_targets::{CheckedTarget, Target, TargetSet};
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let target = |least: i64| {
    ///     let text = format!(r#"{{"id": 50, "expression": "currentTxn.value>{least}"}}"#);
    ///     let target: Target = serde_json::from_str(&text)?;
    ///     let checked = target.check(&Schema::standard(), &limits);
    ///     checked.map_err(Box::<dyn std::error::Error>::from)
    /// };
    /// let set = TargetSet::new([target(500)?])?;
    /// let value = set.layout().slot("currentTxn.value").ok_or("it is read")?;
    /// let anew = TargetSet::reading(set.layout().clone(), [target(900)?])?;
    /// anew.layout().blank().set_number(value, 730)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reading(
        layout: Layout,
        targets: impl IntoIterator<Item = CheckedTarget>,
    ) -> Result<TargetSet, RuleSetError<i64>> {
        let targets: Vec<Option<Arc<CheckedTarget>>> = targets.into_iter().map(Arc::new).map(Some).collect();
        let mut keys = HashMap::with_capacity(targets.len());
        for (key, target) in targets.iter().enumerate() {
            if let Some(target) = target
                && keys.insert(target.id(), key).is_some()
            {
                return Err(RuleSetError::DuplicateId(target.id()));
            }
        }
        let rules = targets
            .iter()
            .enumerate()
            .filter_map(|(key, target)| Some((key, target.as_ref()?.rule().clone())));
        // INVARIANT: keys are positions, so that no two are the same.
        let layout = reading_stores(layout.to_builder()).build();
        let rules = RuleSet::reading(layout, rules).map_err(|_| RuleSetError::OtherLayout)?;
        Ok(TargetSet { store: StoreSlots::of(rules.layout()), targets, keys, rules })
    }

    /// What transactions are to be read for.
    pub fn layout(&self) -> &Layout {
        self.rules.layout()
    }

    /// The targets, in order.
    pub fn targets(&self) -> impl Iterator<Item = &CheckedTarget> {
        self.targets.iter().flatten().map(Arc::as_ref)
    }

    /// How many targets there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no target.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The set with one more target, the last in order. Costs and layout are
    /// those of [`RuleSet::with`](target_rules::RuleSet::with).
    ///
    /// Fails where a target of its id is there.
    ///
    /// ```
    /// use loyalty_targets::{CheckedTarget, Target, TargetSet};
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let target = |id: i64, least: i64| {
    ///     let text = format!(r#"{{"id": {id}, "expression": "currentTxn.value>{least}"}}"#);
    ///     let target: Target = serde_json::from_str(&text)?;
    ///     let checked = target.check(&Schema::standard(), &limits);
    ///     checked.map_err(Box::<dyn std::error::Error>::from)
    /// };
    /// let set = TargetSet::new([target(50, 500)?])?.with(target(51, 900)?)?;
    /// assert_eq!(set.len(), 2);
    /// assert!(set.with(target(51, 100)?).is_err());
    /// let set = set.replacing(target(50, 700)?)?.without(51)?;
    /// let rules: Vec<String> = set.targets().map(|one| one.rule().to_text()).collect();
    /// assert_eq!(rules, ["currentTxn.value>700"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with(&self, target: CheckedTarget) -> Result<TargetSet, RuleSetError<i64>> {
        let (id, key) = (target.id(), self.targets.len());
        if self.keys.contains_key(&id) {
            return Err(RuleSetError::DuplicateId(id));
        }
        let rules = self.rules.with(key, target.rule()).map_err(|_| RuleSetError::DuplicateId(id))?;
        let mut set = TargetSet { store: StoreSlots::of(rules.layout()), rules, ..self.clone() };
        set.targets.push(Some(Arc::new(target)));
        set.keys.insert(id, key);
        Ok(set)
    }

    /// The set without a target. Fails where none has this id.
    pub fn without(&self, id: i64) -> Result<TargetSet, RuleSetError<i64>> {
        let unknown = || RuleSetError::UnknownId(id);
        let mut set = self.clone();
        let key = set.keys.remove(&id).ok_or_else(unknown)?;
        set.rules = self.rules.without(&key).map_err(|_| unknown())?;
        if let Some(target) = set.targets.get_mut(key) {
            *target = None;
        }
        Ok(set)
    }

    /// The set with another target under the id of one that is there. Its place
    /// in the order becomes the last. Fails where none has its id.
    pub fn replacing(&self, target: CheckedTarget) -> Result<TargetSet, RuleSetError<i64>> {
        self.without(target.id())?.with(target)
    }

    /// Tells of each target that a transaction counts for, in order, and of
    /// those of which it is unknown as much as is wanted; gives how many are
    /// unknown, where that is wanted.
    ///
    /// Where reasons are wanted, targets whose rule is unknown come after all
    /// others. Allocates nothing once the scratch space is warm, but for
    /// reasons that name a filter's field or a fault. Fails where the
    /// transaction was read for another layout.
    ///
    /// Cost is that of deciding the rules together; reasons cost what is told.
    pub fn decide(
        &self,
        evaluation: &mut Evaluation<'_>,
        unknown: UnknownDetail,
        mut found: impl FnMut(TargetDecision<'_>),
    ) -> Result<usize, RuleSetError<i64>> {
        let transaction = evaluation.transaction();
        let none = Reasons { absent: AbsentNames::from([].as_slice()), faults: &[] };
        let mut open = 0_usize;
        let mut tell = |key: usize, rule: Truth, items: &[usize], reasons: Reasons<'_>| {
            let Some(target) = self.targets.get(key).and_then(Option::as_deref) else { return };
            if !target.active() {
                return;
            }
            let admitted = target.admits(transaction, &self.store);
            let mut why = none;
            let fields;
            let result = admitted.and(rule);
            match (result, unknown) {
                (Truth::False, _) | (Truth::Unknown, UnknownDetail::None) => return,
                (Truth::True, _) => {}
                (Truth::Unknown, UnknownDetail::Count) => {
                    open = open.saturating_add(1);
                    return;
                }
                (Truth::Unknown, UnknownDetail::Ids) => open = open.saturating_add(1),
                (Truth::Unknown, UnknownDetail::Reasons) => {
                    open = open.saturating_add(1);
                    why = reasons;
                    if admitted == Truth::Unknown {
                        fields = target.absent_with(transaction, &self.store, reasons.absent.iter());
                        why.absent = AbsentNames::from(fields.as_slice());
                    }
                }
            }
            let items = if result == Truth::True { items } else { &[] };
            let Reasons { absent, faults } = why;
            found(TargetDecision { position: key, target, result, items, absent, faults });
        };
        let other = |_| RuleSetError::OtherLayout;
        match unknown {
            UnknownDetail::None | UnknownDetail::Reasons => {
                let decided =
                    self.rules.decide(evaluation, |key, items| tell(*key, Truth::True, items, none));
                decided.map_err(other)?;
            }
            UnknownDetail::Ids | UnknownDetail::Count => {
                let decided = self.rules.verdicts(evaluation, |key, verdict| match verdict {
                    Verdict::True { items } => tell(*key, Truth::True, items, none),
                    Verdict::Unknown => tell(*key, Truth::Unknown, &[], none),
                });
                decided.map_err(other)?;
            }
        }
        if unknown == UnknownDetail::Reasons {
            let decided = self.rules.undecided(evaluation, |one| {
                let reasons = Reasons { absent: one.absent, faults: one.faults };
                tell(*one.id, Truth::Unknown, &[], reasons);
            });
            decided.map_err(other)?;
        }
        Ok(open)
    }
}

/// Why a rule is unknown.
#[derive(Clone, Copy)]
struct Reasons<'r> {
    absent: AbsentNames<'r>,
    faults: &'r [Fault],
}
