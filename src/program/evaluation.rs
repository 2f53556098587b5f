//! One transaction under decision, and what was computed for it so far.

use std::any::Any;
use std::fmt;

use crate::rule::Rule;
use crate::transaction::{CurrentEntry, Layout, Symbol, Transaction};
use crate::value::{Instant, LocalTime, Truth, Zone};

use super::computed::DerivedValue;
use super::item_index::{IndexedItems, ItemIndexes};
use super::numeric::Missing;

/// Space for what is computed on the way. The caller keeps one per thread and
/// uses it for one evaluation after the other.
///
/// ```
/// use target_rules::{Evaluation, Layout, Scratch, Zone};
/// let transaction = Layout::of([]).blank();
/// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
/// for _ in 0..2 {
///     let evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
///     assert!(evaluation.items().is_empty());
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// By the layout's derived values: the evaluation that computed each.
    stamps: Vec<u64>,
    values: Vec<DerivedValue>,
    /// Counts evaluations that kept a derived value, so that nothing need be
    /// cleared between them.
    evaluation: u64,
    items: Vec<usize>,
    indexes: ItemIndexes,
    space: OtherSpace,
}

/// Space of an engine that is not known here.
#[derive(Default)]
struct OtherSpace(Option<Box<dyn Any + Send + Sync>>);

/// What is in it is worth nothing to anybody else.
impl Clone for OtherSpace {
    fn clone(&self) -> OtherSpace {
        OtherSpace(None)
    }
}

impl fmt::Debug for OtherSpace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OtherSpace")
    }
}

/// One transaction under decision, its dates seen in a zone. Values that
/// follow from others are computed when a rule first asks for them, and kept
/// for the rules that follow.
///
/// ```
/// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
/// let limits = Limits::default();
/// let rule = |text: &str| {
///     Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
/// };
/// let rules = [rule("currentTxn.value > 500")?, rule("currentTxn.value > 9000")?];
/// let layout = Layout::of(&rules);
/// let document = r#"{"currentTxn": {"value": 730.50}}"#;
/// let transaction = layout.read(document, &limits)?;
/// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
/// // One evaluation for all rules that decide the transaction.
/// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
/// assert_eq!(layout.compile(&rules[0])?.decide(&mut evaluation), Truth::True);
/// assert_eq!(layout.compile(&rules[1])?.decide(&mut evaluation), Truth::False);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Evaluation<'t> {
    transaction: &'t Transaction,
    zone: &'t Zone,
    scratch: &'t mut Scratch,
    current_entry: CurrentEntry<'t>,
    /// Whether this evaluation has its number. Most rules derive nothing, and an
    /// evaluation that counts itself waits for the one before it to have done so.
    counted: bool,
    /// The instant whose local time was asked for last: rules ask one date
    /// several things.
    local: Option<(Instant, LocalTime)>,
}

impl<'t> Evaluation<'t> {
    /// Starts the decision of a transaction. Costs a few nanoseconds.
    #[inline]
    pub fn new(transaction: &'t Transaction, zone: &'t Zone, scratch: &'t mut Scratch) -> Evaluation<'t> {
        Evaluation {
            transaction,
            zone,
            scratch,
            current_entry: CurrentEntry::None,
            counted: false,
            local: None,
        }
    }

    /// The positions from 0 of the line items or tenders for which the rule
    /// that was decided last is true.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let document = r#"{"currentTxn": {"lineItems": [{"qty": 3}, {"qty": 1}]}}"#;
    /// let transaction = layout.read(document, &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// assert_eq!(layout.compile(&rule)?.decide(&mut evaluation), Truth::True);
    /// assert_eq!(evaluation.items(), [0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn items(&self) -> &[usize] {
        &self.scratch.items
    }

    /// The entry of a list that a rule is decided for at the moment.
    #[inline]
    pub(crate) fn current_entry(&self) -> &CurrentEntry<'t> {
        &self.current_entry
    }

    pub(crate) fn set_current_entry(&mut self, current_entry: CurrentEntry<'t>) {
        self.current_entry = current_entry;
    }

    #[inline]
    pub(crate) fn forget_items(&mut self) {
        self.scratch.items.clear();
    }

    pub(crate) fn items_mut(&mut self) -> &mut Vec<usize> {
        &mut self.scratch.items
    }

    /// Takes the space that an engine keeps here, to be given back.
    pub(crate) fn take_space<S: Any + Default + Send + Sync>(&mut self) -> Box<S> {
        let held = self.scratch.space.0.take().and_then(|space| space.downcast().ok());
        held.unwrap_or_default()
    }

    pub(crate) fn give_space<S: Any + Send + Sync>(&mut self, space: Box<S>) {
        self.scratch.space.0 = Some(space);
    }

    /// The transaction under decision.
    #[inline]
    pub fn transaction(&self) -> &'t Transaction {
        self.transaction
    }

    pub(crate) fn zone(&self) -> &'t Zone {
        self.zone
    }

    /// The local time of an instant.
    #[inline]
    pub(crate) fn local(&mut self, instant: Instant) -> LocalTime {
        match self.local {
            Some((last, local)) if last == instant => local,
            _ => {
                let local = self.zone.local(instant);
                self.local = Some((instant, local));
                local
            }
        }
    }

    #[inline]
    pub(crate) fn is_for(&self, layout: &Layout) -> bool {
        self.transaction.layout().is(layout)
    }

    pub(crate) fn decide_plainly(&mut self, rule: &Rule) -> Truth {
        let decision = rule.decide(self.transaction, self.zone);
        self.scratch.items = decision.items;
        decision.result
    }

    #[inline]
    fn count_itself(&mut self) {
        if !self.counted {
            self.counted = true;
            self.scratch.evaluation = self.scratch.evaluation.wrapping_add(1);
        }
    }

    /// Whether it is known already that no item has a value.
    #[inline]
    pub(super) fn items_lack(&self, selector: u32, symbol: Symbol) -> bool {
        self.counted && self.scratch.indexes.lack(self.scratch.evaluation, selector, symbol)
    }

    /// What was found for a selector.
    pub(super) fn ask_index(&mut self, selector: u32) -> IndexedItems {
        self.count_itself();
        let count = self.transaction.layout().plan.selector_count();
        self.scratch.indexes.ask(self.scratch.evaluation, selector, count)
    }

    /// Where what is found is kept, and the number of this evaluation.
    pub(super) fn indexes(&mut self) -> (&mut ItemIndexes, u64) {
        self.count_itself();
        (&mut self.scratch.indexes, self.scratch.evaluation)
    }

    /// A derived value, computed where this evaluation has not done it yet.
    pub(crate) fn derived(
        &mut self,
        number: u32,
        compute: impl FnOnce(&mut Self) -> DerivedValue,
    ) -> DerivedValue {
        let at = number as usize;
        self.count_itself();
        if self.scratch.stamps.get(at) == Some(&self.scratch.evaluation)
            && let Some(value) = self.scratch.values.get(at)
        {
            return *value;
        }
        let value = compute(self);
        if self.scratch.stamps.len() <= at {
            let count = self.transaction.layout().plan.derived_count();
            self.scratch.stamps.resize(count, 0);
            self.scratch.values.resize(count, DerivedValue::Missing(Missing::Absent));
        }
        if let (Some(stamp), Some(held)) = (self.scratch.stamps.get_mut(at), self.scratch.values.get_mut(at))
        {
            *stamp = self.scratch.evaluation;
            *held = value;
        }
        value
    }
}
