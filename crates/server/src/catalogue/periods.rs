//! The periods of a group that changes: which ids they have, and which stay because
//! customers are enrolled by them.

use std::collections::{BTreeMap, HashMap, HashSet};

use loyalty_targets::store::{Document, EnrolledPages, RecordedEnrolments, Roster, StoreError};
use loyalty_targets::{Period, TargetGroup};
use target_rules::Zone;

use crate::http::Failure;

use super::text::{Members, with_first};

/// How many customers are read at once.
const AT_ONCE: usize = 200;

/// How many customers are counted who would lose a period; more are told as so many.
const MOST_COUNTED: usize = 1_000;

/// The ids of the periods of a group, in their order: those that they state, and where
/// they state none, that of a stored period with the same days. None is given twice.
pub(super) fn known_ids(
    periods: &[&str],
    stored: Option<&Document>,
    zone: &Zone,
) -> Result<Vec<Option<i64>>, Failure> {
    let stated = periods.iter().map(|period| Members::of(period, "a period")?.id("id"));
    let mut ids: Vec<Option<i64>> = stated.collect::<Result<_, _>>()?;
    let taken: HashSet<i64> = ids.iter().copied().flatten().collect();
    let group: TargetGroup =
        stored.and_then(|stored| serde_json::from_str(stored.text()).ok()).unwrap_or_default();
    let mut free: HashMap<_, Vec<i64>> = HashMap::new();
    // The first of those with the same days is given first.
    for period in group.periods.iter().flatten().rev().filter(|one| !taken.contains(&one.id)) {
        free.entry(period.local_days(zone)).or_default().push(period.id);
    }
    for (period, id) in periods.iter().zip(&mut ids).filter(|(_, id)| id.is_none()) {
        // What is no period is told by the checks.
        let read: Option<Period> = serde_json::from_str(&with_first(period, "id", "0")).ok();
        *id = read.and_then(|read| free.get_mut(&read.local_days(zone))?.pop());
    }
    Ok(ids)
}

/// Refuses to take out a period by whose id somebody is enrolled or has withdrawn: what
/// she has achieved there would be told no more, and whoever has withdrawn be in again.
///
/// `targets` are those that lose a period. Cost is that of reading what their customers
/// are enrolled in; nobody of the organisation enrols meanwhile.
pub(super) fn check_periods_stay(
    pages: &mut EnrolledPages<'_>,
    targets: &[i64],
    before: &Roster,
    now: &Roster,
) -> Result<Result<(), Failure>, StoreError> {
    for &target in targets {
        let mut lost: BTreeMap<i64, usize> = BTreeMap::new();
        let mut after = None;
        loop {
            let customers = pages(target, after, AT_ONCE)?;
            for (customer, enrolments) in &customers {
                let enrolments = RecordedEnrolments::read(enrolments);
                let enrolments =
                    enrolments.map_err(|why| StoreError::Damaged { customer: *customer, why })?;
                for period in now.loses(before, &enrolments, target) {
                    let count = lost.entry(period).or_default();
                    *count = count.saturating_add(1);
                }
            }
            after = customers.last().map(|(customer, _)| *customer);
            let is_enough = lost.values().any(|count| *count >= MOST_COUNTED);
            if customers.len() < AT_ONCE || is_enough {
                break;
            }
        }
        // Where the count has ended early, it is only of this one that it is known.
        if let Some((period, count)) = lost.into_iter().max_by_key(|(_, count)| *count) {
            return Ok(Err(in_use(target, period, count)));
        }
    }
    Ok(Ok(()))
}

fn in_use(target: i64, period: i64, count: usize) -> Failure {
    let customers = match count {
        1 => "1 customer is".to_owned(),
        count if count >= MOST_COUNTED => format!("{MOST_COUNTED} customers or more are"),
        count => format!("{count} customers are"),
    };
    Failure::invalid(format!(
        "`periods`: the period {period} can't be taken out: {customers} enrolled by it in the target {target}, \
         or withdrawn from it; let a period with this id stay, with other days where these change, and with \
         `\"active\": false` where nothing more is to count in it"
    ))
}
