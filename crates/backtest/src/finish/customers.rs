//! What is told of customers: how many are hit, and how often.

use crate::customers::{BUCKETS, Hits};
use crate::error::Error;
use crate::plan::Plan;
use crate::report::HitsBand;

use super::buckets::on_buckets;

/// Bands of hits: the most hits of each; the last has no end.
const BANDS: [u64; 11] = [1, 2, 3, 4, 5, 10, 20, 50, 100, 1000, u64::MAX];

/// Of all customers.
#[derive(Debug)]
pub(super) struct CustomerCounts {
    pub(super) customers: u64,
    /// By tally.
    pub(super) tallies: Vec<[u64; BANDS.len()]>,
    /// Of each pair, those hit by the new version alone, and by the old one alone.
    pub(super) pairs: Vec<[u64; 2]>,
}

impl CustomerCounts {
    fn of(plan: &Plan) -> CustomerCounts {
        CustomerCounts {
            customers: 0,
            tallies: vec![[0; BANDS.len()]; plan.tallies.len()],
            pairs: vec![[0; 2]; plan.pairs.len()],
        }
    }

    pub(super) fn counted(plan: &Plan, hits: &Hits, threads: usize) -> Result<CustomerCounts, Error> {
        let of_bucket = |bucket: usize, counts: &mut CustomerCounts| {
            hits.each_of(bucket, |_, hits| {
                counts.add(plan, hits);
                Ok(())
            })
        };
        let mut all = CustomerCounts::of(plan);
        for part in on_buckets(BUCKETS, threads, || CustomerCounts::of(plan), of_bucket)? {
            all.join(&part);
        }
        Ok(all)
    }

    fn add(&mut self, plan: &Plan, hits: &[u64]) {
        self.customers += 1;
        for (bands, hits) in self.tallies.iter_mut().zip(hits) {
            if *hits > 0
                && let Some(band) = bands.get_mut(BANDS.partition_point(|most| most < hits))
            {
                *band += 1;
            }
        }
        for (pair, [gained, lost]) in plan.pairs.iter().zip(&mut self.pairs) {
            let tally = |at: Option<usize>| plan.tallies.tally(at?);
            let hit = |at| tally(at).and_then(|tally| hits.get(tally)).is_some_and(|hits| *hits > 0);
            match (hit(pair.old), hit(pair.new)) {
                (false, true) => *gained += 1,
                (true, false) => *lost += 1,
                _ => {}
            }
        }
    }

    fn join(&mut self, other: &CustomerCounts) {
        self.customers += other.customers;
        for (mine, more) in self.tallies.iter_mut().zip(&other.tallies) {
            mine.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
        for (mine, more) in self.pairs.iter_mut().zip(&other.pairs) {
            mine.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
    }

    /// How many customers a tally hits.
    pub(super) fn hit(&self, tally: usize) -> u64 {
        self.tallies.get(tally).map_or(0, |bands| bands.iter().sum())
    }

    /// The bands of a tally up to the last that has customers.
    pub(super) fn bands(&self, tally: usize) -> Vec<HitsBand> {
        let counts = self.tallies.get(tally).copied().unwrap_or_default();
        let used = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        let from = std::iter::once(1).chain(BANDS.iter().map(|most| most.saturating_add(1)));
        let bands = BANDS.iter().zip(from).zip(counts).take(used);
        bands
            .map(|((most, from), customers)| HitsBand {
                from,
                to: Some(*most).filter(|most| *most < u64::MAX),
                customers,
            })
            .collect()
    }
}
