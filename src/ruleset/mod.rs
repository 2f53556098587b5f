//! Many rules, decided for one transaction in one look.
//!
//! Each rule is a tree of literals: whether the key of a subject (a slot, an
//! absence, a part of a date, a sum over items, the outcome of a costly test) is
//! one of some keys. Rules stand in blocks of up to 65 536. For each subject a
//! block knows which of its rules every key suits: by bitmaps where many rules
//! ask, one by one where few do. So each value of a transaction takes away the
//! rules that it makes false, and what is absent marks those that it leaves
//! unknown.

mod bits;
mod block;
mod code;
mod cuts;
mod date_group;
mod decide;
mod dense;
mod flat;
mod formula;
mod group;
mod index;
mod index_builder;
mod item_group;
mod key_set;
mod keys;
mod list_part;
mod member;
mod nodes;
mod pool;
mod ranges;
mod reasons;
mod required;
mod space;
mod sparse;
mod subject;
mod switches;
mod table;
mod translate;
mod verdict;

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::rule::{Reference, Rule};
use crate::transaction::Layout;

use block::{BLOCK, Block, Placed};
use formula::ChainCount;
use member::{Member, Pools};
use pool::Subjects;

pub use switches::Switches;
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
    switches: Switches,
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
    /// The transaction was read for another layout than the set's:
    /// `transaction.layout() != set.layout()`. A set that grew has another.
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

/// The rules of a block that is not made yet.
struct Filling<Id> {
    rules: Vec<Placed<Id>>,
    /// How many chains they have.
    chains: ChainCount,
}

impl<Id> Default for Filling<Id> {
    fn default() -> Filling<Id> {
        Filling { rules: Vec::new(), chains: ChainCount::default() }
    }
}

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
    /// Slots of `layout` stay valid in the set's own. So with the layout of an
    /// earlier set rules can come anew, all of them, and hosts keep their slots.
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
        layout: Layout,
        rules: impl IntoIterator<Item = (Id, Rule)>,
    ) -> Result<RuleSet<Id>, RuleSetError<Id>> {
        RuleSet::with_switches(layout, rules, Switches::default())
    }

    /// The same with some ways to decide switched off; the answers are the same.
    ///
    /// ```
    /// use target_rules::ruleset::Switches;
    /// use target_rules::{Ast, Layout, Limits, RuleSet, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let mut plain = Switches::default();
    /// plain.sparse = false;
    /// let set = RuleSet::with_switches(Layout::of([]), [(50, rule)], plain)?;
    /// assert_eq!(set.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_switches(
        mut layout: Layout,
        rules: impl IntoIterator<Item = (Id, Rule)>,
        switches: Switches,
    ) -> Result<RuleSet<Id>, RuleSetError<Id>> {
        let mut set = RuleSet {
            layout: layout.clone(),
            blocks: Vec::new(),
            positions: HashMap::new(),
            pools: Pools::default(),
            switches,
        };
        let mut filling = Filling::default();
        layout.grow();
        // One rule after the other, so that no more of them are held at once
        // than the caller holds; slots keep their numbers as the layout grows.
        for (id, rule) in rules {
            let member = rule.with_condition(|condition| {
                layout.extend(condition);
                Member::of(&rule, condition, &layout, &mut set.pools)
            });
            let member = Arc::new(member.map_err(|_| RuleSetError::OtherLayout)?);
            set.fill(&mut filling, id, member)?;
        }
        set.end(filling);
        layout.finish();
        set.layout = layout;
        Subjects::finish(&mut set.pools.subjects);
        Ok(set)
    }

    /// Adds a rule to the block that is being filled; where that is full, to the
    /// next.
    fn fill(
        &mut self,
        filling: &mut Filling<Id>,
        id: Id,
        member: Arc<Member>,
    ) -> Result<(), RuleSetError<Id>> {
        let is_full = filling.rules.len() >= BLOCK || !filling.chains.and(member.chains).fits();
        if is_full && !filling.rules.is_empty() {
            self.end(std::mem::take(filling));
        }
        filling.chains = filling.chains.and(member.chains);
        self.place(&id, filling.rules.len())?;
        filling.rules.push((id, Some(member)));
        Ok(())
    }

    fn end(&mut self, filling: Filling<Id>) {
        if !filling.rules.is_empty() {
            self.blocks.push(Arc::new(Block::of(filling.rules, &self.pools.subjects, self.switches)));
        }
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
    /// layout; transactions are to be read for that one from then on. Slots of
    /// the old layout stay valid in it.
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
            Member::of(rule, condition, &set.layout, &mut set.pools)
        });
        // INVARIANT: the layout was made for the rule just before.
        let member = Arc::new(member.map_err(|_| RuleSetError::OtherLayout)?);
        Subjects::finish(&mut set.pools.subjects);
        let has_room =
            |block: &Arc<Block<Id>>| block.len() < ADDED && block.chains().and(member.chains).fits();
        let mut rules = match set.blocks.pop_if(|block| has_room(block)) {
            Some(block) => block.rules(),
            None => Vec::new(),
        };
        set.place(&id, rules.len())?;
        rules.push((id, Some(member)));
        set.blocks.push(Arc::new(Block::of(rules, &set.pools.subjects, set.switches)));
        Ok(set)
    }

    /// The set without a rule.
    ///
    /// Cost is that of [`RuleSet::with`].
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
    /// Cost is that of [`RuleSet::without`] and of [`RuleSet::with`].
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
        let mut filling = Filling::default();
        for (id, member) in self.blocks.iter().flat_map(|block| block.present()) {
            // INVARIANT: no id is there twice, for this set had them.
            let _ = set.fill(&mut filling, id.clone(), member.clone());
        }
        set.end(filling);
        set
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
        let Some(number) = self.pools.references.known(reference) else { return Vec::new() };
        let rules = self.blocks.iter().flat_map(|block| block.present());
        rules.filter(|(_, member)| member.reads(number)).map(|(id, _)| id).collect()
    }
}
