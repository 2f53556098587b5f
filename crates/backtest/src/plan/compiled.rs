//! The plan of a backtest: shared by all threads, never changed.

use hashbrown::{HashMap, HashSet};
use loyalty_targets::{CheckedTarget, Enrolments, Replay, StoreFilters};
use target_rules::{Layout, RuleSet, Transaction, Truth};

use crate::error::Error;

use super::focus::{Draft, Focus, Members};
use super::options::{ALL, FIRST_FOCUS, MOST_FOCUS, Options};
use super::pair::{Pair, pairs, pairs_of};
use super::read::Read;
use super::subject::Subject;
use super::tallies::Tallies;

/// Rules or targets, compiled to be held against recorded transactions.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_backtest::{Options, Plan, Subject};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let plan = Plan::new(vec![Subject::rule("large", rule)], None, Options::default())?;
/// assert_eq!(plan.subjects().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Plan {
    pub(crate) options: Options,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) focus: Vec<Focus>,
    /// Of a comparison.
    pub(crate) pairs: Vec<Pair>,
    /// By tally: the pairs in which it is counted for a version, and whether for the new one.
    pub(crate) pairs_of: Vec<Vec<(usize, bool)>>,
    /// Which subjects are counted together.
    pub(crate) tallies: Tallies,
    /// The rules of the tallies by their numbers, then those of clauses.
    pub(crate) set: RuleSet<u32>,
    pub(crate) filters: StoreFilters,
    /// Of which tallies the rule alone decides: they are active and have no filters.
    plain: Vec<bool>,
    pub(crate) read: Read,
    pub(crate) ledgers: Vec<LedgerPlan>,
    /// Why a target in focus has no ledger, by its position there.
    pub(crate) no_ledger: Vec<Option<String>>,
}

/// Targets in focus that are booked together.
#[derive(Debug)]
pub(crate) struct LedgerPlan {
    pub(crate) replay: Replay,
    /// The position among those in focus, by the position in the replay.
    pub(crate) focus: Vec<usize>,
}

impl Plan {
    /// What these rules and targets would have hit. `enrolments` were read for the targets
    /// among the subjects, in their order; without them everybody takes part.
    ///
    /// Fails where no subject has an id that is to be in focus, and where two have one id.
    pub fn new(
        subjects: Vec<Subject>,
        enrolments: Option<Enrolments>,
        options: Options,
    ) -> Result<Plan, Error> {
        each_once(&subjects)?;
        let focus = chosen(&subjects, &options)?;
        Plan::of(subjects, Vec::new(), focus, vec![(0, enrolments)], options)
    }

    /// How two versions differ: what both would have hit. In focus are those that differ.
    ///
    /// Enrolments were read for the targets of their version, in order.
    pub fn compare(
        old: Vec<Subject>,
        new: Vec<Subject>,
        enrolments: [Option<Enrolments>; 2],
        options: Options,
    ) -> Result<Plan, Error> {
        each_once(&old)?;
        each_once(&new)?;
        let mut pairs = pairs(&old, &new);
        let most = options.focus.as_ref().map_or(FIRST_FOCUS, Vec::len).min(MOST_FOCUS / 2);
        let id = |pair: &Pair| {
            let of =
                |at: Option<usize>, all: &[Subject]| at.and_then(|at| Some(all.get(at)?.id().to_owned()));
            of(pair.old, &old).or_else(|| of(pair.new.map(|at| at - old.len()), &new))
        };
        let named = |pair: &Pair| match &options.focus {
            None => !pair.alike,
            Some(named) => id(pair).is_some_and(|id| named.contains(&id)),
        };
        let mut focus = Vec::new();
        for side in [|pair: &Pair| pair.old, |pair: &Pair| pair.new] {
            focus.extend(pairs.iter().filter(|pair| named(pair)).take(most).filter_map(side));
        }
        for pair in &mut pairs {
            let place = |at: Option<usize>| focus.iter().position(|one| Some(*one) == at);
            (pair.old_focus, pair.new_focus) = (place(pair.old), place(pair.new));
        }
        let [of_old, of_new] = enrolments;
        let sides = vec![(0, of_old), (old.len(), of_new)];
        let subjects = old.into_iter().chain(new).collect();
        Plan::of(subjects, pairs, focus, sides, options)
    }

    fn of(
        subjects: Vec<Subject>,
        pairs: Vec<Pair>,
        focus: Vec<usize>,
        sides: Vec<(usize, Option<Enrolments>)>,
        options: Options,
    ) -> Result<Plan, Error> {
        if subjects.is_empty() {
            return Err(Error::usage("there is no rule and no target to be backtested"));
        }
        if options.sample_millionths == 0 || options.sample_millionths > ALL {
            return Err(Error::usage("a sample is more than nothing, and at most all"));
        }
        let with = (&options.schema, &options.limits);
        let tallies = Tallies::of(&subjects, is_plain);
        let count = u32::try_from(tallies.len()).map_err(|_| Error::usage("there are too many targets"))?;
        let mut members = Members::after(count);
        let drafts: Vec<Draft> = focus
            .iter()
            .filter_map(|at| Some(Draft::of((*at, subjects.get(*at)?), &mut members, with)))
            .collect();
        let counted: Vec<CheckedTarget> =
            focus.iter().filter_map(|at| subjects.get(*at)?.target().cloned()).collect();
        let builder = Read::reading(Replay::reading(StoreFilters::reading(Layout::builder()), &counted));
        let builder = builder.rules(drafts.iter().flat_map(Draft::rules));
        let tallied = || tallies.firsts().filter_map(|at| subjects.get(at));
        let rules = tallied().map(|subject| subject.checked_rule().clone()).chain(members.rules);
        let set = RuleSet::reading(builder.build(), (0_u32..).zip(rules));
        let set = set.map_err(|error| Error::usage(error.to_string()))?;
        let layout = set.layout();
        let mut no_ledger = vec![None; focus.len()];
        let mut ledgers = Vec::new();
        for (number, (start, enrolments)) in sides.iter().enumerate() {
            let end = sides.get(number + 1).map_or(subjects.len(), |(start, _)| *start);
            let side = Side { subjects: &subjects, span: *start..end, focus: &focus };
            ledgers.extend(side.ledger(enrolments.as_ref(), layout, &options, &mut no_ledger)?);
        }
        Ok(Plan {
            focus: drafts.into_iter().map(|draft| draft.compiled(layout)).collect(),
            filters: StoreFilters::of(layout),
            plain: tallied().map(is_plain).collect(),
            read: Read::of(layout),
            ledgers,
            no_ledger,
            pairs_of: pairs_of(&pairs, &tallies),
            pairs,
            options,
            tallies,
            subjects,
            set,
        })
    }

    /// The rules and targets, in order; of a comparison the old ones first.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// What transactions are read for.
    pub fn layout(&self) -> &Layout {
        self.set.layout()
    }

    /// A number of all that decides what is counted: of plans that count alike it is the
    /// same on every machine.
    pub(crate) fn fingerprint(&self) -> u64 {
        let Options { zone, since, until, sample_millionths, reasons_every, split_bytes, .. } = &self.options;
        let mut said = format!(
            "{} {since:?} {until:?} {sample_millionths} {reasons_every:?} {split_bytes} {:?}",
            zone.name(),
            self.pairs
        );
        for subject in &self.subjects {
            let filters = subject.target().and_then(StoreFilters::in_words);
            said.push_str(&format!(
                "\n{:?} {:?} {:?} {}",
                subject.id(),
                subject.checked_rule().to_text(),
                filters,
                subject.active()
            ));
        }
        for focus in &self.focus {
            said.push_str(&format!("\n{} {:?}", focus.subject, focus.clauses));
        }
        // FNV-1a.
        said.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    }

    /// On how many threads it is worked.
    pub(crate) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.options.threads.unwrap_or_else(cores).clamp(1, 1024)
    }

    /// The first subject of a tally.
    pub(crate) fn tallied(&self, tally: usize) -> Option<&Subject> {
        self.subjects.get(self.tallies.subject(tally)?)
    }

    /// Whether the rule of a tally alone decides.
    #[inline]
    pub(crate) fn is_plain(&self, tally: usize) -> bool {
        self.plain.get(tally) == Some(&true)
    }

    /// What the subjects of a tally say, by what their rule does.
    #[inline]
    pub(crate) fn whole(&self, tally: usize, rule: Truth, transaction: &Transaction) -> Truth {
        if self.is_plain(tally) {
            return rule;
        }
        let Some(subject) = self.tallied(tally) else { return Truth::False };
        let admitted = subject.target().map_or(Truth::True, |target| self.filters.admit(target, transaction));
        Truth::from(subject.active()).and(admitted).and(rule)
    }

    /// Whether a transaction of a day is counted. Of one without a date nobody knows.
    pub(crate) fn is_asked_for(&self, day: Option<i64>) -> bool {
        let Options { since, until, .. } = self.options;
        match day {
            Some(day) => since.is_none_or(|since| since <= day) && until.is_none_or(|until| day <= until),
            None => since.is_none() && until.is_none(),
        }
    }

    /// Whether an activity that adds nothing matters to a ledger.
    pub(crate) fn has_cycles(&self, ledger: u8) -> bool {
        self.ledgers.get(usize::from(ledger)).is_some_and(|ledger| ledger.replay.has_cycles())
    }
}

fn is_plain(subject: &Subject) -> bool {
    subject.active() && subject.target().and_then(StoreFilters::in_words).is_none()
}

/// The subjects of one version.
struct Side<'s> {
    subjects: &'s [Subject],
    span: std::ops::Range<usize>,
    focus: &'s [usize],
}

impl Side<'_> {
    /// The ledger of the targets in focus; `None` where there are none that can be booked.
    fn ledger(
        &self,
        enrolments: Option<&Enrolments>,
        layout: &Layout,
        options: &Options,
        no_ledger: &mut [Option<String>],
    ) -> Result<Option<LedgerPlan>, Error> {
        let mut focus = Vec::new();
        let mut targets = Vec::new();
        // Where each target stands among those that enrolments were read for.
        let of_enrolments: HashMap<usize, usize> = self
            .span
            .clone()
            .filter(|at| self.subjects.get(*at).is_some_and(|subject| subject.target().is_some()))
            .enumerate()
            .map(|(place, at)| (at, place))
            .collect();
        let mut chosen = Vec::new();
        for (place, at) in self.focus.iter().enumerate().filter(|(_, at)| self.span.contains(at)) {
            let Some(target) = self.subjects.get(*at).and_then(Subject::target) else { continue };
            let why = Replay::refuses(target);
            if let Some(said) = no_ledger.get_mut(place) {
                said.clone_from(&why);
            }
            if why.is_none() {
                focus.push(place);
                targets.push(target.clone());
                chosen.extend(of_enrolments.get(at));
            }
        }
        if targets.is_empty() {
            return Ok(None);
        }
        let zone = options.zone.clone();
        let replay = match enrolments {
            Some(enrolments) => Replay::listed(targets, &enrolments.among(&chosen), layout, zone)?,
            None => Replay::everybody(targets, layout, zone)?,
        };
        Ok(Some(LedgerPlan { replay, focus }))
    }
}

/// Fails where two subjects have one id.
fn each_once(subjects: &[Subject]) -> Result<(), Error> {
    let mut ids = HashSet::new();
    match subjects.iter().find(|subject| !ids.insert(subject.id())) {
        Some(twice) => Err(Error::usage(format!("two targets have the id `{}`", twice.id()))),
        None => Ok(()),
    }
}

/// The positions of the subjects in focus, rising.
fn chosen(subjects: &[Subject], options: &Options) -> Result<Vec<usize>, Error> {
    let Some(named) = &options.focus else { return Ok((0..subjects.len().min(FIRST_FOCUS)).collect()) };
    if named.len() > MOST_FOCUS {
        return Err(Error::usage(format!(
            "{} targets are too many to be in focus; at most {MOST_FOCUS} are",
            named.len()
        )));
    }
    let place = |id: &String| {
        let found = subjects.iter().position(|subject| subject.id() == id);
        found.ok_or_else(|| Error::usage(format!("no target has the id `{id}` that is to be in focus")))
    };
    let mut places = named.iter().map(place).collect::<Result<Vec<usize>, Error>>()?;
    places.sort_unstable();
    places.dedup();
    Ok(places)
}
