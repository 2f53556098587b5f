//! A backtest from end to end: threads over splits, how far it is, and how it stops.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::count::{Counter, Part, Place, Shared, SplitLines};
use crate::customers::{Activities, Hits, Waiting};
use crate::error::Error;
use crate::fault::FaultAt;
use crate::finish::{Finished, Partial};
use crate::input::{Documents, FileSplit, Files, Reading, Split, lines_before};
use crate::plan::Plan;

/// Of the memory for rows of customers, so much is for hits; the rest is for activities.
const OF_HITS: (usize, usize) = (3, 4);

/// How often it is looked at how far the threads are.
const LOOKED_AT_EVERY: Duration = Duration::from_millis(10);

/// So many bytes a stream is taken to have.
const OF_A_STREAM: u64 = 64 * 1024 * 1024;

/// So many targets times bytes are asked what is absent for every document.
const ALL_REASONS: u64 = 100 * 64 * 1024 * 1024;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many bytes of the files were read.
    pub bytes: u64,
    /// How many there are, where that is known.
    pub of_bytes: Option<u64>,
}

/// A share of the work: each machine of several takes one, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// From 0.
    pub number: usize,
    /// How many shares there are.
    pub of: usize,
}

impl Share {
    /// All of the work.
    pub const ALL: Share = Share { number: 0, of: 1 };
}

/// Counts the transactions of files and gives the report.
///
/// `cancelled` stops the run from outside: what was counted till then is a report that says
/// so. `told` is called now and then, on the caller's thread.
///
/// Fails where a file can't be read to its end, or has changed meanwhile, and where there is
/// no room for rows of customers: there is no report then.
pub fn run(
    plan: &Plan,
    files: &Files,
    reading: &dyn Reading,
    cancelled: &AtomicBool,
    told: &mut dyn FnMut(Progress),
) -> Result<Finished, Error> {
    count(plan, files, reading, Share::ALL, cancelled, told)?.finish(plan, files)
}

/// Counts a share of the transactions of files: the same files in the same plan for all
/// shares. [`Partial`] has an example. Fails as [`run`] does.
pub fn count(
    plan: &Plan,
    files: &Files,
    reading: &dyn Reading,
    share: Share,
    cancelled: &AtomicBool,
    told: &mut dyn FnMut(Progress),
) -> Result<Partial, Error> {
    let splits = files.splits(plan.options.split_bytes).into_iter().enumerate();
    let of_share = |at: usize| at.checked_rem(share.of).unwrap_or_default() == share.number;
    let splits: Vec<Split> = splits.filter(|(at, _)| of_share(*at)).map(|(_, split)| split).collect();
    count_all(plan, files, reading, &splits, cancelled, told)
}

/// Counts splits of files: the same files in the same plan for all that are joined.
///
/// Splits may be cut anywhere, also inside of lines: a line belongs to the split that its
/// first byte lies in. The report of parts is whole where their splits together are all of
/// each file.
///
/// Fails as [`run`] does, and where a split isn't one of these files.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_backtest::{Files, Options, Plan, PlainReading, Subject, count_splits};
/// let limits = Limits::default();
/// let rule = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = rule.check(&Schema::standard(), &limits).into_rule()?;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("bills.ndjson");
/// let bill = r#"{"currentTxn": {"value": 730.50}}"#;
/// std::fs::write(&path, format!("{bill}\n{bill}\n{bill}\n"))?;
///
/// let plan = Plan::new(vec![Subject::rule("large", rule)], None, Options::default())?;
/// let files = Files::of(&[path.display().to_string()])?;
/// let never = AtomicBool::new(false);
/// let splits = files.cut(50);
/// assert_eq!((splits[1].start, splits[1].end), (50, Some(100)));
/// let counted =
///     |some| count_splits(&plan, &files, &PlainReading, some, &never, &mut |_| {});
/// let (first, others) = splits.split_at(1);
/// let mut all = counted(others)?;
/// all.join(counted(first)?)?;
/// let report = all.finish(&plan, &files)?.report;
/// assert!(report.input.whole);
/// assert_eq!(report.targets[0].eligible, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn count_splits(
    plan: &Plan,
    files: &Files,
    reading: &dyn Reading,
    splits: &[FileSplit],
    cancelled: &AtomicBool,
    told: &mut dyn FnMut(Progress),
) -> Result<Partial, Error> {
    let splits: Vec<Split> = splits.iter().map(|split| files.split(split)).collect::<Result<_, _>>()?;
    count_all(plan, files, reading, &splits, cancelled, told)
}

fn count_all(
    plan: &Plan,
    files: &Files,
    reading: &dyn Reading,
    splits: &[Split],
    cancelled: &AtomicBool,
    told: &mut dyn FnMut(Progress),
) -> Result<Partial, Error> {
    let options = &plan.options;
    let threads = plan.threads();
    let of_hits = options.memory / OF_HITS.1 * OF_HITS.0;
    let hits = Hits::new(plan.tallies.len(), of_hits);
    let activities = Activities::default();
    let bytes = files.bytes();
    files.read.store(0, Ordering::Relaxed);
    let work = Work {
        shared: Shared {
            plan,
            hits: &hits,
            activities: &activities,
            reasons_every: reasons_every(plan, bytes),
        },
        files,
        splits,
        reading,
        memory: (options.memory - of_hits) / threads,
        next: AtomicUsize::new(0),
        stopped: AtomicBool::new(false),
        cancelled,
    };
    let done = work.on(threads, |bytes_read| told(Progress { bytes: bytes_read, of_bytes: bytes }))?;
    for source in &files.sources {
        source.is_unchanged()?;
    }
    let mut part = Part::of(plan);
    let mut waiting = Vec::new();
    for (counted, rows) in done {
        part.join(counted);
        waiting.push(rows);
    }
    Ok(Partial { part, hits, activities, waiting, bytes_read: files.read.load(Ordering::Relaxed) })
}

/// Of one in so many documents it is asked what is absent, where nobody says it.
fn reasons_every(plan: &Plan, bytes: Option<u64>) -> u32 {
    let targets = u64::try_from(plan.subjects.len()).unwrap_or(u64::MAX);
    let much = bytes.unwrap_or(OF_A_STREAM).saturating_mul(targets);
    let every = (much / ALL_REASONS).next_power_of_two().clamp(1, 64);
    plan.options.reasons_every.unwrap_or(u32::try_from(every).unwrap_or(1))
}

/// What threads share while they read.
struct Work<'w> {
    shared: Shared<'w>,
    files: &'w Files,
    splits: &'w [Split],
    reading: &'w dyn Reading,
    /// For activities of one thread.
    memory: usize,
    next: AtomicUsize,
    /// After an error of any thread.
    stopped: AtomicBool,
    cancelled: &'w AtomicBool,
}

impl Work<'_> {
    /// Works on so many threads; what each has counted. Of several errors that of the first
    /// split is told.
    fn on(&self, threads: usize, mut told: impl FnMut(u64)) -> Result<Vec<(Part, Waiting)>, Error> {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.work())).collect();
            while workers.iter().any(|worker| !worker.is_finished()) {
                told(self.files.read.load(Ordering::Relaxed));
                thread::sleep(LOOKED_AT_EVERY);
            }
            told(self.files.read.load(Ordering::Relaxed));
            let mut done = Vec::new();
            let mut failed: Option<(usize, Error)> = None;
            for worker in workers {
                match worker.join() {
                    Ok(Ok(counted)) => done.push(counted),
                    Ok(Err(error)) => {
                        if failed.as_ref().is_none_or(|(split, _)| error.0 < *split) {
                            failed = Some(error);
                        }
                    }
                    // A fault of this program: there is no report of a part.
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            match failed {
                None => Ok(done),
                Some((split, error)) => Err(self.named(split, error)),
            }
        })
    }

    fn is_over(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) || self.cancelled.load(Ordering::Relaxed)
    }

    /// Works on one split after the other until there is none left.
    fn work(&self) -> Result<(Part, Waiting), (usize, Error)> {
        let plan = self.shared.plan;
        let reader = self.reading.reader(plan.layout(), &plan.options.limits);
        let mut counter = Counter::new(self.shared, reader, self.memory);
        while !self.is_over() {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(split) = self.splits.get(at) else { break };
            self.count(&mut counter, *split).map_err(|error| {
                self.stopped.store(true, Ordering::Relaxed);
                (at, error)
            })?;
        }
        Ok(counter.into_parts())
    }

    fn count(&self, counter: &mut Counter<'_>, split: Split) -> Result<(), Error> {
        let Some(source) = self.files.sources.get(split.source) else { return Ok(()) };
        let most = self.shared.plan.options.limits.transaction;
        let mut documents = Documents::open(self.files, split, most, |path| counter.wants(path))?;
        if let Some(names) = documents.columns() {
            counter.columns(&source.path, names)?;
        }
        let mut read = SplitLines { end: split.end, lines: 0, documents: 0, whole: false };
        loop {
            if self.is_over() {
                break;
            }
            let Some(found) = documents.next()? else {
                read.whole = true;
                break;
            };
            let place = Place {
                file: &source.path,
                number: source.number,
                split: split.start,
                byte: found.at,
                line: found.entry,
            };
            counter.count(found.content, place)?;
            read.documents += 1;
        }
        read.lines = documents.read();
        counter.part.splits.entry(source.path.clone()).or_default().insert(split.start, read);
        source.is_unchanged()
    }

    /// An error with the line of its file.
    fn named(&self, split: usize, error: Error) -> Error {
        let Some(FaultAt { file, split: start, line, .. }) = error.fault().cloned() else { return error };
        let source = self.splits.get(split).map_or(0, |split| split.source);
        match lines_before(self.files, source, start) {
            Err(error) => error,
            Ok(before) => match error.fault() {
                Some(fault) => Error::document(&file, before + line, fault),
                None => error,
            },
        }
    }
}
