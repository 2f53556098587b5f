//! One thread's counting: a document after the other, with no allocation for one.

use loyalty_targets::Weigher;
use target_rules::diagnostic::Diagnostics;
use target_rules::transaction::Wanted;
use target_rules::{Evaluation, Scratch, Transaction, Truth};

use crate::customers::{Activities, Hits, Waiting};
use crate::error::Error;
use crate::fault::FaultAt;
use crate::input::{Content, DocumentReader, ReadAs};
use crate::plan::{ALL, Plan};

use super::decided::Decided;
use super::examples::Standing;
use super::funnel::{Answers, deciding};
use super::hash::mixed;
use super::part::Part;
use super::sums::Sum;

/// What all threads work with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shared<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) hits: &'p Hits,
    pub(crate) activities: &'p Activities,
    /// Of one in so many documents it is asked what is absent.
    pub(crate) reasons_every: u32,
}

/// Where a document stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'f> {
    pub(crate) file: &'f str,
    /// The number of the file.
    pub(crate) number: u64,
    /// The byte that its split begins at.
    pub(crate) split: u64,
    /// Its own first byte.
    pub(crate) byte: u64,
    /// Its line in the split, from 1.
    pub(crate) line: u64,
}

/// What a thread has counted and works in.
pub(crate) struct Counter<'p> {
    shared: Shared<'p>,
    reader: Box<dyn DocumentReader + 'p>,
    pub(crate) part: Part,
    pub(crate) waiting: Waiting,
    weighers: Vec<Weigher<'p>>,
    scratch: Scratch,
    transaction: Transaction,
    decided: Decided,
    /// What the rules say of the targets of one ledger, by their positions there.
    of_rules: Vec<Option<Truth>>,
}

/// Numbers by which the sample and those that are asked for reasons are chosen.
const OF_SAMPLE: u64 = 0x5a4d;
const OF_REASONS: u64 = 0x4ea5;

impl<'p> Counter<'p> {
    pub(crate) fn new(
        shared: Shared<'p>,
        reader: Box<dyn DocumentReader + 'p>,
        memory: usize,
    ) -> Counter<'p> {
        let plan = shared.plan;
        Counter {
            shared,
            reader,
            part: Part::of(plan),
            waiting: Waiting::new(memory),
            weighers: plan.ledgers.iter().map(|ledger| ledger.replay.weigher()).collect(),
            scratch: Scratch::default(),
            transaction: plan.layout().blank(),
            decided: Decided::of(plan),
            of_rules: Vec::new(),
        }
    }

    /// What was counted, and what waits to be booked.
    pub(crate) fn into_parts(mut self) -> (Part, Waiting) {
        self.decided.write_counts(&mut self.part.eligible, &mut self.part.unknown);
        (self.part, self.waiting)
    }

    /// What is read of a part of documents.
    pub(crate) fn wants(&self, path: &[&str]) -> Wanted {
        self.reader.wants(path)
    }

    /// Says what the columns of the rows are that come next.
    pub(crate) fn columns(&mut self, path: &str, names: &[String]) -> Result<(), Error> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.reader.columns(&names).map_err(|why| Error::input(path, why))
    }

    /// Counts a document. Fails where nothing can be counted any more, and in a strict run
    /// where the document can't be read.
    pub(crate) fn count(&mut self, content: Content<'_>, place: Place<'_>) -> Result<(), Error> {
        let number = mixed(place.number, place.byte);
        let sample = self.shared.plan.options.sample_millionths;
        if sample < ALL && mixed(number, OF_SAMPLE) % u64::from(ALL) >= u64::from(sample) {
            self.part.not_sampled += 1;
            return Ok(());
        }
        let read = match content {
            Content::Document(document) => self.reader.read_into(document, &mut self.transaction),
            Content::Row(row) => {
                let cells: Vec<&[u8]> = row.iter().collect();
                self.reader.read_row(&cells, &mut self.transaction)
            }
        };
        match &read {
            Ok(ReadAs::Document(text)) => self.add(Some(*text), place, number),
            Ok(ReadAs::Rewritten(text)) => self.add(Some(text.as_str()), place, number),
            Ok(ReadAs::Bill) => self.add(None, place, number),
            Ok(ReadAs::Skipped) => {
                self.part.skipped += 1;
                Ok(())
            }
            Err(diagnostics) => self.refuse(diagnostics, place),
        }
    }

    /// Counts the transaction that was read; `text` is its document.
    fn add(&mut self, text: Option<&str>, place: Place<'_>, number: u64) -> Result<(), Error> {
        let Counter { shared, part, scratch, transaction, decided, .. } = self;
        let (plan, transaction) = (shared.plan, &*transaction);
        let day = plan.read.day(transaction, &plan.options.zone);
        if !plan.is_asked_for(day) {
            part.other_days += 1;
            return Ok(());
        }
        let mut evaluation = Evaluation::new(transaction, &plan.options.zone, scratch);
        decided.decide(plan, &mut evaluation, (&mut part.eligible, &mut part.unknown));
        let amount = plan.read.value(transaction).map(Sum::from);
        let customer = plan.read.customer(transaction);
        part.add(plan, transaction, &decided.hits, (day, amount, customer));
        let standing = Standing {
            file: place.file,
            split: place.split,
            line: place.line,
            document: number,
            number: transaction.number(),
        };
        part.add_focus(plan, decided, &mut evaluation, &standing);
        part.add_pairs(plan, decided, &standing, (amount, day));
        if mixed(number, OF_REASONS).is_multiple_of(u64::from(shared.reasons_every.max(1))) {
            part.add_reasons(plan, decided, &mut evaluation);
        }
        match customer {
            Some(customer) => {
                shared.hits.add(customer, &decided.hits)?;
                self.weigh(text)
            }
            None => Ok(()),
        }
    }

    /// Keeps what the activity adds to the ledgers.
    fn weigh(&mut self, text: Option<&str>) -> Result<(), Error> {
        let Counter { shared, part, waiting, weighers, transaction, decided, of_rules, .. } = self;
        let plan = shared.plan;
        for ((ledger, weigher), of) in (0_u8..).zip(weighers).zip(&plan.ledgers) {
            of_rules.clear();
            of_rules.extend(of.focus.iter().map(|place| Some(decided.focus.get(*place)?.rule)));
            match weigher.weigh_decided(text, transaction, &plan.options.limits, of_rules) {
                Err(_) => part.not_booked += u64::from(ledger == 0),
                Ok(Some(weighed)) if !weighed.is_empty() || plan.has_cycles(ledger) => {
                    waiting.add(shared.activities, weighed.customer(), |bytes| {
                        bytes.push(ledger);
                        weighed.write(bytes);
                    })?;
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Counts a document that can't be read.
    fn refuse(&mut self, diagnostics: &Diagnostics, place: Place<'_>) -> Result<(), Error> {
        let first = diagnostics.iter().next();
        let message = first.map_or_else(String::new, |first| first.message.clone());
        let code = first.map_or("", |first| first.code.name());
        self.part.unreadable += 1;
        let fault = FaultAt {
            file: place.file.to_owned(),
            split: place.split,
            line: place.line,
            code: code.to_owned(),
            message,
        };
        if self.shared.plan.options.strict {
            return Err(Error::strict(fault));
        }
        self.part.faults.add(fault);
        Ok(())
    }
}

impl Part {
    /// Counts a transaction and its hits.
    fn add(
        &mut self,
        plan: &Plan,
        transaction: &Transaction,
        hits: &[u32],
        (day, amount, customer): (Option<i64>, Option<Sum>, Option<i64>),
    ) {
        self.transactions += 1;
        self.without_date += u64::from(day.is_none());
        self.without_customer += u64::from(customer.is_none());
        match amount {
            Some(amount) => self.amount.add(0, amount),
            None => self.without_amount += 1,
        }
        let each = |counts: &mut [u64]| {
            for hit in hits {
                if let Some(count) = counts.get_mut(position(*hit)) {
                    *count += 1;
                }
            }
        };
        match amount {
            Some(amount) => hits.iter().for_each(|hit| self.amounts.add(position(*hit), amount)),
            None => each(&mut self.hits_without_amount),
        }
        if customer.is_none() {
            each(&mut self.hits_without_customer);
        }
        let in_row = |row: Option<&mut Vec<u64>>| {
            if let Some((all, counts)) = row.and_then(|row| row.split_first_mut()) {
                *all += 1;
                each(counts);
            }
        };
        in_row(day.and_then(|day| self.days.row(&day)));
        let stores = &mut self.stores;
        let told = plan.read.store(transaction, |store| in_row(stores.row(store)));
        self.without_store += u64::from(told.is_none());
    }

    fn add_focus(
        &mut self,
        plan: &Plan,
        decided: &Decided,
        evaluation: &mut Evaluation<'_>,
        standing: &Standing<'_>,
    ) {
        for (at, (focus, counts)) in plan.focus.iter().zip(&mut self.focus).enumerate() {
            if let Some(answers) = plan.answers(at, decided) {
                counts.add(focus, &answers, evaluation, standing);
            }
        }
        let is_hit = |at: usize| decided.focus.get(at).is_some_and(|of| of.whole == Truth::True);
        let many = decided.focus.len();
        for first in (0..many).filter(|at| is_hit(*at)) {
            for second in (first + 1..many).filter(|at| is_hit(*at)) {
                if let Some(count) = self.overlap.get_mut(first * many + second) {
                    *count += 1;
                }
            }
        }
    }

    fn add_pairs(
        &mut self,
        plan: &Plan,
        decided: &Decided,
        standing: &Standing<'_>,
        of: (Option<Sum>, Option<i64>),
    ) {
        if plan.pairs.is_empty() {
            return;
        }
        let hits = |at: Option<usize>| {
            let tally = at.and_then(|at| plan.tallies.tally(at));
            tally.is_some_and(|tally| decided.tallies.true_ones.has(tally))
        };
        let decides = |place: Option<usize>| {
            let place = place?;
            deciding(plan.focus.get(place)?, &plan.answers(place, decided)?)
        };
        // Of pairs neither of whose versions is hit there is nothing to count.
        let pairs = decided.hits.iter().filter_map(|hit| plan.pairs_of.get(position(*hit)));
        for (at, is_new) in pairs.flatten() {
            let (Some(pair), Some(counts)) = (plan.pairs.get(*at), self.pairs.get_mut(*at)) else { continue };
            match (is_new, hits(if *is_new { pair.old } else { pair.new })) {
                (false, true) => counts.both += 1,
                (false, false) => counts.lost.add(of, standing, decides(pair.new_focus)),
                (true, false) => counts.gained.add(of, standing, decides(pair.old_focus)),
                // It was counted by its old version.
                (true, true) => {}
            }
        }
    }

    /// Asks of each target that is unknown what is absent.
    fn add_reasons(&mut self, plan: &Plan, decided: &Decided, evaluation: &mut Evaluation<'_>) {
        let transaction = evaluation.transaction();
        let target = |tally: usize| plan.tallied(tally).and_then(|subject| subject.target());
        let absent = &mut self.absent;
        // INVARIANT: the transaction was read for the layout of the set.
        let _ = plan.set.undecided(evaluation, |undecided| {
            let at = position(*undecided.id);
            let Some(counts) = absent.get_mut(at) else { return };
            if plan.whole(at, Truth::Unknown, transaction) == Truth::Unknown {
                let has_filters = !plan.is_plain(at);
                let of_filters = target(at).filter(|_| has_filters);
                let of_filters = of_filters.map(|target| plan.filters.absent(target, transaction));
                let of_filters = of_filters.iter().flatten().map(String::as_str);
                let names = undecided.absent.iter();
                let twice = names.clone();
                let of_filters = of_filters.filter(|name| !twice.clone().any(|one| one == *name));
                counts.add(names.chain(of_filters), !undecided.faults.is_empty());
            }
        });
        for at in decided.unknown_by_filters.iter().map(|number| position(*number)) {
            if let (Some(counts), Some(target)) = (absent.get_mut(at), target(at)) {
                let names = plan.filters.absent(target, transaction);
                counts.add(names.iter().map(String::as_str), false);
            }
        }
    }
}

fn position(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Plan {
    /// What the clauses of a target in focus say.
    fn answers<'d>(&self, at: usize, decided: &'d Decided) -> Option<Answers<'d>> {
        let subject = self.subjects.get(self.focus.get(at)?.subject)?;
        let of = decided.focus.get(at)?;
        Some(Answers {
            rules: &decided.rules,
            admitted: of.admitted,
            whole: of.whole,
            rule: of.rule,
            active: subject.active(),
        })
    }
}
