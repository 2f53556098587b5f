//! What is told of a batch: each activity that does not count, the first of them,
//! or those alike put together, so that what is held does not grow with their number.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use hashbrown::HashMap;

use super::lacking::Lacking;
use super::not_counted::{NotCounted, NotCountedFirst, NotCountedGroup, NotCountedSummary};

/// What is told of a batch that is being booked.
pub(super) enum Told {
    /// Nobody asks.
    Nothing,
    /// Each, with the date of the activity.
    Each(Vec<(i64, NotCounted)>),
    First(First),
    Together(Groups),
}

/// The first, as many as there is room for.
pub(super) struct First {
    /// How many bytes those that are kept may take.
    room: usize,
    kept: Vec<(i64, NotCounted)>,
    /// How many bytes they take.
    bytes: usize,
    /// The first that there was no room for. INVARIANT: all that are kept come
    /// before it, so that which are kept does not depend on the order in which they
    /// come.
    beyond: Option<(i64, NotCounted)>,
    left_out: u64,
}

/// What is told together.
#[derive(Default)]
pub(super) struct Groups {
    most: usize,
    /// By target and why.
    groups: BTreeMap<(Option<i64>, String), Group>,
    /// What the last activity that is unknown to a target lacked: mostly the next
    /// lacks the same, and then nothing is put into words.
    lacked: HashMap<Option<i64>, (Arc<Lacking>, Group)>,
    /// How many activities are in groups that were left out.
    left_out: u64,
}

struct Group {
    /// The first, with its date.
    first: (i64, NotCounted),
    count: u64,
}

impl Told {
    pub(super) fn each() -> Told {
        Told::Each(Vec::new())
    }

    /// The first of them, so many bytes of them.
    pub(super) fn first(room: usize) -> Told {
        Told::First(First { room, kept: Vec::new(), bytes: 0, beyond: None, left_out: 0 })
    }

    /// At most so many groups.
    pub(super) fn together(most: usize) -> Told {
        Told::Together(Groups { most, ..Groups::default() })
    }

    /// Whether nobody asks.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Told::Nothing)
    }

    /// The same way of telling, and nothing told yet.
    pub(super) fn anew(&self) -> Told {
        match self {
            Told::Nothing => Told::Nothing,
            Told::Each(_) => Told::each(),
            Told::First(first) => Told::first(first.room),
            Told::Together(groups) => Told::together(groups.most),
        }
    }

    pub(super) fn push(&mut self, date: i64, one: NotCounted) {
        match self {
            Told::Nothing => {}
            Told::Each(all) => all.push((date, one)),
            Told::First(first) => first.push((date, one)),
            Told::Together(groups) => {
                groups.add(Group { first: (date, one), count: 1 });
            }
        }
    }

    /// That it is unknown whether an activity counts, or how much it adds.
    pub(super) fn push_unknown(
        &mut self,
        date: i64,
        (number, user, target): (&str, i64, Option<i64>),
        lacking: &Arc<Lacking>,
    ) {
        let one = || {
            let mut one = NotCounted::new((number, user, target), None);
            let Lacking { absent, faults, missing_at, .. } = &**lacking;
            (one.absent, one.faults, one.missing_at) = (absent.clone(), faults.clone(), missing_at.clone());
            (date, one)
        };
        let groups = match self {
            Told::Nothing => return,
            Told::Each(all) => return all.push(one()),
            Told::First(first) if first.is_beyond((date, number, user, target)) => return first.leave_out(1),
            Told::First(first) => return first.push(one()),
            Told::Together(groups) => groups,
        };
        if let Some((before, group)) = groups.lacked.get_mut(&target)
            && Arc::ptr_eq(before, lacking)
        {
            group.count = group.count.saturating_add(1);
            if (date, number, user, target) < order(&group.first) {
                group.first = one();
            }
            return;
        }
        let group = Group { first: one(), count: 1 };
        let before = groups.lacked.insert(target, (lacking.clone(), group));
        before.into_iter().for_each(|(_, group)| groups.add(group));
    }

    /// Adds what another one tells.
    pub(super) fn join(&mut self, other: Told) {
        match (self, other) {
            (Told::Each(all), Told::Each(mut other)) => all.append(&mut other),
            (Told::Together(groups), Told::Together(other)) => {
                groups.left_out = groups.left_out.saturating_add(other.left_out);
                other.groups.into_iter().for_each(|(key, group)| groups.add_to(key, group));
                other.lacked.into_values().for_each(|(_, group)| groups.add(group));
            }
            (Told::First(first), Told::First(other)) => {
                first.left_out = first.left_out.saturating_add(other.left_out);
                other.kept.into_iter().for_each(|one| first.push(one));
            }
            // INVARIANT: both are of one batch.
            (Told::Nothing | Told::Each(_) | Told::First(_) | Told::Together(_), _) => {}
        }
    }

    /// Each, by date, then number, customer and target.
    pub(super) fn in_order(self) -> Vec<NotCounted> {
        // INVARIANT: who asks for each has told each.
        let Told::Each(told) = self else { return Vec::new() };
        sorted(told)
    }

    /// The first in that order, and how many there are more.
    pub(super) fn first_in_order(self) -> NotCountedFirst {
        // INVARIANT: who asks for the first has told the first.
        let Told::First(mut first) = self else { return NotCountedFirst::default() };
        first.let_go();
        NotCountedFirst { left_out: first.left_out, bytes: first.bytes, first: sorted(first.kept) }
    }

    pub(super) fn summary(self) -> NotCountedSummary {
        // INVARIANT: who asks for them together has told them so.
        let Told::Together(mut groups) = self else { return NotCountedSummary::default() };
        std::mem::take(&mut groups.lacked).into_values().for_each(|(_, group)| groups.add(group));
        let group = |Group { first: (_, first), count }| NotCountedGroup { first, count };
        NotCountedSummary {
            groups: groups.groups.into_values().map(group).collect(),
            left_out: groups.left_out,
        }
    }
}

impl First {
    /// Whether one would not be kept.
    fn is_beyond(&self, one: (i64, &str, i64, Option<i64>)) -> bool {
        self.beyond.as_ref().is_some_and(|beyond| order(beyond) <= one)
    }

    fn leave_out(&mut self, count: usize) {
        self.left_out = self.left_out.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }

    fn push(&mut self, one: (i64, NotCounted)) {
        if self.is_beyond(order(&one)) {
            return self.leave_out(1);
        }
        self.bytes = self.bytes.saturating_add(one.1.bytes());
        self.kept.push(one);
        // Seldom, so that it costs no more than sorting does.
        if self.bytes > self.room.saturating_mul(2) {
            self.let_go();
        }
    }

    /// Lets those go that there is no room for: the last.
    fn let_go(&mut self) {
        if self.bytes <= self.room {
            return;
        }
        self.kept.sort_by(|a, b| order(a).cmp(&order(b)));
        let (mut bytes, mut fit): (usize, usize) = (0, 0);
        for (_, one) in &self.kept {
            let with = bytes.saturating_add(one.bytes());
            if with > self.room {
                break;
            }
            (bytes, fit) = (with, fit.saturating_add(1));
        }
        let mut gone = self.kept.drain(fit..);
        self.beyond = gone.next();
        let left_out = gone.count().saturating_add(1);
        self.leave_out(left_out);
        self.bytes = bytes;
    }
}

impl Extend<(i64, NotCounted)> for Told {
    fn extend<T: IntoIterator<Item = (i64, NotCounted)>>(&mut self, told: T) {
        told.into_iter().for_each(|(date, one)| self.push(date, one));
    }
}

impl Groups {
    fn add(&mut self, group: Group) {
        let (_, one) = &group.first;
        self.add_to((one.target_id, one.why()), group);
    }

    /// Which groups are kept does not depend on the order in which they come: the
    /// last is left out, and would be again.
    fn add_to(&mut self, key: (Option<i64>, String), group: Group) {
        match self.groups.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(group);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.count = known.count.saturating_add(group.count);
                if order(&group.first) < order(&known.first) {
                    known.first = group.first;
                }
            }
        }
        if self.groups.len() > self.most
            && let Some((_, group)) = self.groups.pop_last()
        {
            self.left_out = self.left_out.saturating_add(group.count);
        }
    }
}

fn sorted(mut told: Vec<(i64, NotCounted)>) -> Vec<NotCounted> {
    told.sort_by(|a, b| order(a).cmp(&order(b)));
    told.into_iter().map(|(_, one)| one).collect()
}

/// By date, then number, customer and target.
fn order((date, one): &(i64, NotCounted)) -> (i64, &str, i64, Option<i64>) {
    (*date, &one.number, one.user_id, one.target_id)
}
