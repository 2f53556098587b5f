//! What was counted of a part of the transactions: joined with other parts in any order it
//! is what would have been counted of all, also when each comes from another machine.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use crate::count::{Part, SplitLines};
use crate::customers::{Activities, BUCKETS, Hits, Waiting};
use crate::error::Error;
use crate::input::{Files, Source};
use crate::plan::Plan;

use super::told::{Counted, Finished};

/// The form of a part that was written, raised with every change.
const VERSION: u32 = 3;
/// What ends the rows of a kind, where the number of a bucket stands.
const END: u8 = u8::MAX;
/// A row has at most so many bytes.
const LONGEST_ROW: u32 = 1 << 30;

/// What was counted of some transactions. [`count`](fn@crate::count) makes it.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_backtest::{Files, Options, Plan, PlainReading, Share, Subject, count};
/// let limits = Limits::default();
/// let rule = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = rule.check(&Schema::standard(), &limits).into_rule()?;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("bills.ndjson");
/// let bill = r#"{"currentTxn": {"value": 730.50}}"#;
/// std::fs::write(&path, format!("{bill}\n{bill}\n{bill}\n"))?;
///
/// let mut options = Options::default();
/// options.split_bytes = 40; // so that both have something to do
/// let plan = Plan::new(vec![Subject::rule("large", rule)], None, options)?;
/// let files = Files::of(&[path.display().to_string()])?;
/// let never = AtomicBool::new(false);
/// let counted = |number| {
///     let share = Share { number, of: 2 };
///     count(&plan, &files, &PlainReading, share, &never, &mut |_| {})
/// };
/// // Each may be counted on another machine; the second comes as bytes.
/// let (mut first, mut bytes) = (counted(0)?, Vec::new());
/// counted(1)?.write(&plan, &mut bytes)?;
/// first.join(target_rules_backtest::Partial::read(&plan, &mut bytes.as_slice())?)?;
/// let report = first.finish(&plan, &files)?.report;
/// assert!(report.input.whole);
/// assert_eq!(report.targets[0].eligible, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Partial {
    pub(crate) part: Part,
    pub(crate) hits: Hits,
    pub(crate) activities: Activities,
    pub(crate) waiting: Vec<Waiting>,
    /// How many bytes of files were read.
    pub(crate) bytes_read: u64,
}

/// What stands before the rows.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    /// Of the plan that it was counted by.
    plan: u64,
    bytes_read: u64,
    part: Part,
}

impl Partial {
    /// Adds what was counted of other transactions, by the same plan.
    ///
    /// Fails where both have counted the same, and where rows can't be kept.
    pub fn join(&mut self, other: Partial) -> Result<(), Error> {
        for (file, splits) in &other.part.splits {
            let Some(mine) = self.part.splits.get(file) else { continue };
            let twice = splits.iter().find(|(start, read)| overlaps(mine, **start, read.end));
            if let Some((start, _)) = twice {
                return Err(Error::usage(format!("two parts have counted {file} from byte {start} on")));
            }
        }
        let Partial { part, hits, activities, waiting, bytes_read } = other;
        for bucket in 0..BUCKETS {
            let rows = hits.rows_of(bucket)?;
            self.hits.add_rows(bucket, &rows)?;
            let rows = activities.rows_of(bucket, &waiting)?;
            self.activities.add_rows(bucket, &rows)?;
        }
        self.part.join(part);
        self.bytes_read = self.bytes_read.saturating_add(bytes_read);
        Ok(())
    }

    /// Writes it, for [`Partial::read`].
    ///
    /// Fails where nothing can be written.
    pub fn write(&self, plan: &Plan, into: &mut impl Write) -> Result<(), Error> {
        let head = Head {
            version: VERSION,
            plan: plan.fingerprint(),
            bytes_read: self.bytes_read,
            part: self.part.clone(),
        };
        let head = serde_json::to_vec(&head).map_err(|error| Error::part(error.to_string()))?;
        let length = u64::try_from(head.len()).unwrap_or(u64::MAX);
        let written = |error: std::io::Error| Error::part(error.to_string());
        into.write_all(&length.to_le_bytes()).map_err(written)?;
        into.write_all(&head).map_err(written)?;
        for kind in [Kind::Hits, Kind::Activities] {
            for bucket in 0..BUCKETS {
                for (customer, row) in self.rows(kind, bucket)? {
                    let length = u32::try_from(row.len()).map_err(|_| Error::row_too_large())?;
                    into.write_all(&[u8::try_from(bucket).unwrap_or(END)]).map_err(written)?;
                    into.write_all(&customer.to_le_bytes()).map_err(written)?;
                    into.write_all(&length.to_le_bytes()).map_err(written)?;
                    into.write_all(&row).map_err(written)?;
                }
            }
            into.write_all(&[END]).map_err(written)?;
        }
        into.flush().map_err(written)
    }

    fn rows(&self, kind: Kind, bucket: usize) -> Result<Vec<(i64, Vec<u8>)>, Error> {
        match kind {
            Kind::Hits => self.hits.rows_of(bucket),
            Kind::Activities => self.activities.rows_of(bucket, &self.waiting),
        }
    }

    /// Reads what [`Partial::write`] wrote, for the same plan.
    ///
    /// Fails where it is anything else, or was cut off. Whoever can write a part can say
    /// anything with it, so take parts from your own machines only.
    pub fn read(plan: &Plan, from: &mut impl Read) -> Result<Partial, Error> {
        let length = u64::from_le_bytes(bytes(from)?);
        let mut head = Vec::new();
        from.by_ref().take(length).read_to_end(&mut head).map_err(|error| Error::part(error.to_string()))?;
        let Head { version, plan: of, bytes_read, part } =
            serde_json::from_slice(&head).map_err(|error| Error::part(error.to_string()))?;
        if version != VERSION || of != plan.fingerprint() || !part.is_of(plan) {
            return Err(Error::part("it was counted by another plan, or by another version".to_owned()));
        }
        let hits = Hits::new(plan.tallies.len(), plan.options.memory);
        let activities = Activities::default();
        for kind in [Kind::Hits, Kind::Activities] {
            read_rows(from, |bucket, rows| match kind {
                Kind::Hits => hits.add_rows(bucket, rows),
                Kind::Activities => activities.add_rows(bucket, rows),
            })?;
        }
        Ok(Partial { part, hits, activities, waiting: Vec::new(), bytes_read })
    }

    /// The report of what was counted. It says that it isn't whole where something of the
    /// files was not.
    ///
    /// Fails where rows can't be read again.
    pub fn finish(self, plan: &Plan, files: &Files) -> Result<Finished, Error> {
        let Partial { part, hits, activities, waiting, bytes_read } = self;
        // A file in which nothing stands has no splits.
        let has_some = |source: &&Source| source.length != Some(0);
        let all_read = files
            .sources
            .iter()
            .filter(has_some)
            .all(|source| part.splits.get(&source.path).is_some_and(is_all));
        let interrupted = (!all_read).then_some((bytes_read, files.bytes()));
        let counted =
            Counted { plan, files, part, hits: &hits, activities: &activities, waiting, interrupted };
        counted.finish(plan.threads())
    }
}

/// Whether splits of a file are all of it: each begins where the one before it ends.
fn is_all(splits: &BTreeMap<u64, SplitLines>) -> bool {
    let end = splits.iter().try_fold(Some(0), |expected, (start, read)| {
        (read.whole && expected == Some(*start)).then_some(read.end)
    });
    end == Some(None)
}

/// Whether a split has something in common with others of its file.
fn overlaps(others: &BTreeMap<u64, SplitLines>, start: u64, end: Option<u64>) -> bool {
    let before = others.range(..=start).next_back();
    let into_it = before.is_some_and(|(at, read)| *at == start || read.end.is_none_or(|end| end > start));
    let after = others.range(start.saturating_add(1)..).next();
    into_it || after.is_some_and(|(at, _)| end.is_none_or(|end| *at < end))
}

#[derive(Clone, Copy)]
enum Kind {
    Hits,
    Activities,
}

/// So many bytes of rows are read before they are kept.
const AT_ONCE: usize = 1 << 20;

/// Reads the rows of a kind.
fn read_rows(
    from: &mut impl Read,
    mut keep: impl FnMut(usize, &[(i64, Vec<u8>)]) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut rows, mut held, mut of): (Vec<(i64, Vec<u8>)>, usize, usize) = (Vec::new(), 0, 0);
    loop {
        let [bucket] = bytes(from)?;
        if bucket == END {
            return keep(of, &rows);
        }
        let bucket = usize::from(bucket);
        if bucket >= BUCKETS {
            return Err(Error::part("it is damaged".to_owned()));
        }
        let customer = i64::from_le_bytes(bytes(from)?);
        let length = u32::from_le_bytes(bytes(from)?);
        let mut row = Vec::new();
        from.by_ref()
            .take(u64::from(length.min(LONGEST_ROW)))
            .read_to_end(&mut row)
            .map_err(|error| Error::part(error.to_string()))?;
        if u32::try_from(row.len()) != Ok(length) {
            return Err(Error::part("it is cut off".to_owned()));
        }
        // The rows of a segment are sorted.
        let sorted = rows.last().is_none_or(|(last, _)| *last <= customer);
        if bucket != of || held > AT_ONCE || !sorted {
            keep(of, &rows)?;
            rows.clear();
            (of, held) = (bucket, 0);
        }
        held = held.saturating_add(row.len());
        rows.push((customer, row));
    }
}

fn bytes<const N: usize>(from: &mut impl Read) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).map_err(|_| Error::part("it is cut off".to_owned()))?;
    Ok(bytes)
}
