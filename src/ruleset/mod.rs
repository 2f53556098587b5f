//! Many rules, decided for one transaction in one look.
//!
//! Each rule is a tree of predicates: questions whether the key of a subject
//! (a slot, an absence, a part of a date, a sum over items, the outcome of a
//! costly test) is one of some keys. Rules stand in blocks of up to 4 096. For
//! each subject a block knows which of its rules every key suits, as bitmaps.
//! The bitmaps of all subjects joined leave the rules that may be true, and only
//! what the bitmaps do not say is asked of those.

mod bitmaps;
mod bits;
mod block;
mod conjunction;
mod index;
mod key_predicate;
mod key_set;
mod member;
mod pool;
mod predicate_tree;
mod verdict;

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::program::Evaluation;
use crate::rule::{Reference, Rule};
use crate::transaction::Layout;
use crate::value::{Count, Truth};

use bitmaps::BLOCK;
use block::Block;
use member::{Member, Pools};

pub use verdict::{AbsentNames, Undecided, Verdict};

/// Rules compiled together, each with an id of its host.
///
/// Immutable and `Send + Sync`: any number of threads decide with it, each
/// with its own scratch space. A change gives a new set that shares what did
/// not change; the old one stays in use as long as somebody holds it.
///
/// ```
/// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
/// let limits = Limits::default();
/// let rule = |text: &str| {
///     Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
/// };
/// let small = rule("currentTxn.value > 500")?;
/// let large = rule("currentTxn.value > 9000")?;
/// let set = RuleSet::new([(50, small), (51, large)])?;
///
/// let transaction = set.layout().read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
/// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
/// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
/// let mut matching = Vec::new();
/// set.decide(&mut evaluation, |id, _items| matching.push(*id))?;
/// assert_eq!(matching, [50]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct RuleSet<Id> {
    layout: Layout,
    blocks: Vec<Arc<Block<Id>>>,
    positions: HashMap<Id, RulePosition>,
    pools: Pools,
}

/// Where a rule stands: its block, and its position there.
#[derive(Debug, Clone, Copy)]
struct RulePosition {
    block: u32,
    position: u32,
}

/// Why a set was not made or did not decide.
///
/// ```
/// use target_rules::ruleset::RuleSetError;
/// use target_rules::{Ast, Limits, RuleSet, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let refused = RuleSet::new([(50, rule.clone()), (50, rule)]).unwrap_err();
/// assert_eq!(refused, RuleSetError::DuplicateId(50));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RuleSetError<Id> {
    /// Two rules have this id.
    DuplicateId(Id),
    /// No rule has this id.
    UnknownId(Id),
    /// The transaction was read for another layout than the set's.
    OtherLayout,
}

impl<Id: std::fmt::Debug> std::fmt::Display for RuleSetError<Id> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RuleSetError::DuplicateId(id) => write!(formatter, "two rules of the set have the id {id:?}"),
            RuleSetError::UnknownId(id) => write!(formatter, "no rule of the set has the id {id:?}"),
            RuleSetError::OtherLayout => {
                formatter.write_str("the transaction was read for another layout than the rule set's")
            }
        }
    }
}

impl<Id: std::fmt::Debug> std::error::Error for RuleSetError<Id> {}

/// How many rules a block takes that rules are added to one by one: so few
/// that making it anew takes a fraction of a millisecond.
const ADDED: usize = 128;

impl<Id: Clone + Eq + Hash> RuleSet<Id> {
    /// Compiles rules together, in the order in which they are given.
    ///
    /// Fails where two have one id. Cost is linear in their size.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, RuleSet, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([("small", rule)])?;
    /// assert_eq!((set.len(), set.is_empty()), (1, false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(rules: impl IntoIterator<Item = (Id, Rule)>) -> Result<RuleSet<Id>, RuleSetError<Id>> {
        RuleSet::reading(Layout::of([]), rules)
    }

    /// The same for transactions that are also read for what `layout` reads:
    /// the set's own layout reads all of it. See
    /// [`Layout::builder`](crate::Layout::builder).
    ///
    /// ```
    /// use target_rules::transaction::ValueKind;
    /// use target_rules::{Layout, Reference, RuleSet};
    /// let profile = "currentCustomer".to_owned();
    /// let id = Reference::Attribute { profile, name: "id".to_owned() };
    /// let layout = Layout::builder().reading(&id, ValueKind::Number).build();
    /// let set = RuleSet::<u32>::reading(layout, [])?;
    /// assert!(set.layout().slot("currentCustomer.id").is_some());
    /// # Ok::<(), target_rules::ruleset::RuleSetError<u32>>(())
    /// ```
    pub fn reading(
        mut layout: Layout,
        rules: impl IntoIterator<Item = (Id, Rule)>,
    ) -> Result<RuleSet<Id>, RuleSetError<Id>> {
        let mut set = RuleSet {
            layout: layout.clone(),
            blocks: Vec::new(),
            positions: HashMap::new(),
            pools: Pools::default(),
        };
        let mut members = Vec::new();
        layout.grow();
        // One rule after the other, so that no more of them are held at once
        // than the caller holds; slots keep their numbers as the layout grows.
        for (id, rule) in rules {
            set.place(&id, members.len())?;
            let member = rule.with_condition(|condition| {
                layout.extend(condition);
                Member::of(id, &rule, condition, &layout, &mut set.pools)
            });
            members.push(Some(Arc::new(member.map_err(|_| RuleSetError::OtherLayout)?)));
            if members.len() == BLOCK {
                set.blocks.push(Arc::new(Block::of(std::mem::take(&mut members))));
            }
        }
        if !members.is_empty() {
            set.blocks.push(Arc::new(Block::of(members)));
        }
        layout.finish();
        set.layout = layout;
        Ok(set)
    }

    fn place(&mut self, id: &Id, position: usize) -> Result<(), RuleSetError<Id>> {
        let location = RulePosition {
            block: u32::try_from(self.blocks.len()).unwrap_or(u32::MAX),
            position: u32::try_from(position).unwrap_or(u32::MAX),
        };
        match self.positions.insert(id.clone(), location) {
            Some(_) => Err(RuleSetError::DuplicateId(id.clone())),
            None => Ok(()),
        }
    }

    /// The set with one more rule. An id that is there already is an error.
    ///
    /// Costs a fraction of a millisecond with 10 000 rules; after many changes
    /// see [`RuleSet::compacted`]. Where the rule reads what no rule of the set
    /// read, or asks what is worth keeping for others, the new set has a new
    /// layout; transactions are to be read for that one from then on.
    ///
    /// ```
    /// use target_rules::ruleset::RuleSetError;
    /// use target_rules::{Ast, Limits, RuleSet, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule.clone())])?;
    /// let changed = set.with(51, &rule)?;
    /// assert_eq!((set.len(), changed.len()), (1, 2));
    /// assert_eq!(changed.with(51, &rule).err(), Some(RuleSetError::DuplicateId(51)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with(&self, id: Id, rule: &Rule) -> Result<RuleSet<Id>, RuleSetError<Id>> {
        let mut set = self.clone();
        if set.positions.contains_key(&id) {
            return Err(RuleSetError::DuplicateId(id));
        }
        let member = rule.with_condition(|condition| {
            set.layout = self.layout.including(condition);
            Member::of(id.clone(), rule, condition, &set.layout, &mut set.pools)
        });
        // INVARIANT: the layout was made for the rule just before.
        let member = Arc::new(member.map_err(|_| RuleSetError::OtherLayout)?);
        let last = set.blocks.pop();
        let mut members = match &last {
            Some(block) if block.len() < ADDED => block.members().to_vec(),
            _ => Vec::new(),
        };
        if let Some(block) = last.filter(|block| block.len() >= ADDED) {
            set.blocks.push(block);
        }
        set.place(&id, members.len())?;
        members.push(Some(member));
        set.blocks.push(Arc::new(Block::of(members)));
        Ok(set)
    }

    /// The set without a rule.
    ///
    /// ```
    /// use target_rules::ruleset::RuleSetError;
    /// use target_rules::{Ast, Limits, RuleSet, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// assert!(set.without(&50)?.is_empty());
    /// assert_eq!(set.without(&51).err(), Some(RuleSetError::UnknownId(51)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without(&self, id: &Id) -> Result<RuleSet<Id>, RuleSetError<Id>> {
        let mut set = self.clone();
        let location = set.positions.remove(id).ok_or_else(|| RuleSetError::UnknownId(id.clone()))?;
        if let Some(block) = set.blocks.get_mut(location.block as usize) {
            *block = Arc::new(block.without(location.position as usize));
        }
        Ok(set)
    }

    /// The set with another rule under an id that is there. Its place in the
    /// order becomes the last.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, RuleSet, Schema};
    /// let limits = Limits::default();
    /// let rule = |text: &str| {
    ///     Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
    /// };
    /// let set = RuleSet::new([(50, rule("currentTxn.value > 500")?)])?;
    /// let changed = set.replacing(50, &rule("currentTxn.value > 900")?)?;
    /// assert_eq!(changed.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replacing(&self, id: Id, rule: &Rule) -> Result<RuleSet<Id>, RuleSetError<Id>> {
        self.without(&id)?.with(id, rule)
    }

    /// The same set, its rules in their order, as if it were built anew.
    ///
    /// Rules that are added one by one stand in small groups, and those that
    /// are removed leave gaps: after 1 500 changes of 10 000 rules, decisions
    /// took twice as long. Compacting took some two microseconds a rule; a host
    /// does it now and then, in the background, while the old set is in use.
    /// The layout stays, with what only rules read that were removed.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, RuleSet, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule.clone())])?.with(51, &rule)?.without(&50)?;
    /// let compacted = set.compacted();
    /// assert_eq!(compacted.len(), 1);
    /// assert!(compacted.layout() == set.layout());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compacted(&self) -> RuleSet<Id> {
        let mut set = RuleSet { blocks: Vec::new(), positions: HashMap::new(), ..self.clone() };
        let mut left = self.blocks.iter().flat_map(|block| block.members()).flatten();
        loop {
            let members: Vec<Option<Arc<Member<Id>>>> = left.by_ref().take(BLOCK).map(Some).collect();
            if members.is_empty() {
                return set;
            }
            let block = u32::try_from(set.blocks.len()).unwrap_or(u32::MAX);
            let positions = members.iter().flatten().zip(0..);
            set.positions.extend(
                positions.map(|(member, position)| (member.id().clone(), RulePosition { block, position })),
            );
            set.blocks.push(Arc::new(Block::of(members)));
        }
    }

    /// What transactions are to be read for.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The ids of the rules that read a thing, in order.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Reference, RuleSet, Schema};
    /// let limits = Limits::default();
    /// let rule = |text: &str| {
    ///     Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
    /// };
    /// let large = rule("currentTxn.value > 9000")?;
    /// let gold = rule(r#"currentCustomer.slabName == "Gold""#)?;
    /// let set = RuleSet::new([("large", large), ("gold", gold)])?;
    /// let profile = "currentTxn".to_owned();
    /// let value = Reference::Attribute { profile, name: "value".to_owned() };
    /// assert_eq!(set.naming(&value), [&"large"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn naming(&self, reference: &Reference) -> Vec<&Id> {
        let Some(number) = self.pools.known(reference) else { return Vec::new() };
        let members = self.blocks.iter().flat_map(|block| block.present());
        members.filter(|member| member.reads(number)).map(Member::id).collect()
    }

    /// Calls with every rule that is true, in order, and with the positions of
    /// the line items or tenders for which it is.
    ///
    /// Allocates nothing once the scratch space is warm. Cost follows the
    /// rules that may be true, not all rules. Fails where the transaction was
    /// read for another layout.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 3}]}}"#;
    /// let transaction = set.layout().read(document, &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// let mut matching = Vec::new();
    /// set.decide(&mut evaluation, |id, items| matching.push((*id, items.to_vec())))?;
    /// assert_eq!(matching, [(50, vec![1])]); // positions from 0
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut matching: impl FnMut(&Id, &[usize]),
    ) -> Result<(), RuleSetError<Id>> {
        self.own(evaluation)?;
        for block in &self.blocks {
            block.decide(evaluation, &mut matching);
        }
        Ok(())
    }

    /// Calls with every rule that is true or unknown, in order, in one pass.
    ///
    /// Which rules are unknown costs a fraction of what is true; why they are
    /// is asked by [`RuleSet::undecided`] and [`RuleSet::why`]. Allocates
    /// nothing once the scratch space is warm.
    ///
    /// ```
    /// use target_rules::ruleset::Verdict;
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let rule = |text: &str| {
    ///     Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
    /// };
    /// let [value, tier] = ["currentTxn.value > 500", r#"currentCustomer.slabName == "Gold""#];
    /// let set = RuleSet::new([(50, rule(value)?), (51, rule(tier)?)])?;
    /// let transaction = set.layout().read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// let (mut matching, mut unknown) = (Vec::new(), Vec::new());
    /// set.verdicts(&mut evaluation, |id, verdict| match verdict {
    ///     Verdict::True { .. } => matching.push(*id),
    ///     Verdict::Unknown => unknown.push(*id),
    /// })?;
    /// assert_eq!((matching, unknown), (vec![50], vec![51]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verdicts(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut told: impl FnMut(&Id, Verdict<'_>),
    ) -> Result<(), RuleSetError<Id>> {
        self.own(evaluation)?;
        for member in self.blocks.iter().flat_map(|block| block.present()) {
            match member.truth(evaluation) {
                Truth::True => told(member.id(), Verdict::True { items: evaluation.items() }),
                Truth::Unknown => told(member.id(), Verdict::Unknown),
                Truth::False => {}
            }
        }
        Ok(())
    }

    /// The same as [`RuleSet::decide`]; gives how many rules are unknown
    /// besides.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let transaction = set.layout().read("{}", &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// assert_eq!(set.decide_and_count(&mut evaluation, |_id, _items| {})?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_and_count(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut matching: impl FnMut(&Id, &[usize]),
    ) -> Result<usize, RuleSetError<Id>> {
        let mut unknown = Count::default();
        self.verdicts(evaluation, |id, verdict| match verdict {
            Verdict::True { items } => matching(id, items),
            Verdict::Unknown => drop(unknown.add_one()),
        })?;
        Ok(unknown.get())
    }

    /// Calls with every rule that is unknown, in order, and with its reasons.
    ///
    /// Allocates nothing once the scratch space is warm, but for rules of which
    /// only the interpreter can say why: those that are at fault, and those
    /// that compare truth values.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let transaction = set.layout().read("{}", &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// set.undecided(&mut evaluation, |undecided| {
    ///     assert_eq!(*undecided.id, 50);
    ///     assert!(undecided.absent.iter().eq(["currentTxn.value"]));
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn undecided(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut told: impl FnMut(Undecided<'_, Id>),
    ) -> Result<(), RuleSetError<Id>> {
        self.own(evaluation)?;
        for block in &self.blocks {
            block.undecided(evaluation, &mut |member, evaluation| member.undecided(evaluation, &mut told));
        }
        Ok(())
    }

    /// Why one rule is unknown: calls with its reasons where it is. Gives
    /// whether it is.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let transaction = set.layout().read("{}", &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// let is_unknown = set.why(&mut evaluation, &50, |undecided| {
    ///     assert!(undecided.absent.iter().eq(["currentTxn.value"]));
    /// })?;
    /// assert!(is_unknown);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn why(
        &self,
        evaluation: &mut Evaluation<'_>,
        id: &Id,
        told: impl FnOnce(Undecided<'_, Id>),
    ) -> Result<bool, RuleSetError<Id>> {
        self.own(evaluation)?;
        let place = self.positions.get(id).ok_or_else(|| RuleSetError::UnknownId(id.clone()))?;
        let block = self.blocks.get(place.block as usize);
        let Some(member) = block.and_then(|block| block.member(place.position as usize)) else {
            return Ok(false);
        };
        let is_unknown = member.truth(evaluation) == Truth::Unknown;
        if is_unknown {
            member.undecided(evaluation, told);
        }
        Ok(is_unknown)
    }

    fn own(&self, evaluation: &Evaluation<'_>) -> Result<(), RuleSetError<Id>> {
        if evaluation.is_for(&self.layout) { Ok(()) } else { Err(RuleSetError::OtherLayout) }
    }
}
