//! What a customer has achieved, added up straight from the rows of her activities.
//!
//! Booking finds out what order, returns and windows come to. Where a target sums what bills add
//! in fixed periods, and a bill came once and nothing of it was returned, there is nothing to
//! find out: what it adds is added. All other activities are booked.

use target_rules::Number;
use target_rules::value::Total;

use super::brief_row::{BriefAdded, BriefAdds, BriefRow, DIGITS};
use super::participation::Participation;
use super::replay::Replay;
use super::replayed::AddedUp;
use super::targets::CompiledTargets;
use super::weigh::Weighed;

impl Replay {
    /// The same as [`Replay::book`], of activities as [`Weighed::write`] has written them, and
    /// without their numbers. What isn't such a row is left out.
    ///
    /// Costs a fraction of booking them, where targets sum what bills add in periods, or
    /// without any, and few bills are returned.
    ///
    /// ```
    /// use loyalty_targets::{Payload, Replay};
    /// use target_rules::{Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let text = r#"{"data": [{"id": 50, "targetType": "SALES", "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &limits)?;
    /// let schema = Schema::standard();
    /// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = targets.collect();
    /// let layout = Replay::reading(Layout::builder(), &targets).build();
    /// let replay = Replay::everybody(targets, &layout, Zone::UTC)?;
    /// let bill = r#"{"currentCustomer": {"id": 19721},
    ///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
    /// let read = layout.read(bill, &limits)?;
    /// let weighed = replay.weigher().weigh(Some(bill), &read, &limits)?;
    /// let mut row = Vec::new();
    /// weighed.ok_or("it counts")?.write(&mut row);
    /// let added_up = replay.add_up(19721, &[&row]);
    /// assert_eq!(added_up.lines[0].achieved.to_string(), "730.5");
    /// assert_eq!(added_up.counted, [1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_up(&self, customer: i64, rows: &[&[u8]]) -> AddedUp {
        let booked = || self.booked(customer, rows.iter().copied());
        if self.only_sums { self.summed(customer, rows).unwrap_or_else(booked) } else { booked() }
    }

    fn booked<'r>(&self, customer: i64, rows: impl Iterator<Item = &'r [u8]>) -> AddedUp {
        let activities = rows.filter_map(Weighed::read).collect();
        AddedUp::of(&self.targets, self.book(customer, activities))
    }

    /// `None` where something can't be summed so.
    fn summed(&self, customer: i64, rows: &[&[u8]]) -> Option<AddedUp> {
        let mut briefs = rows.iter().map(|row| BriefRow::read(row)).collect::<Option<Vec<_>>>()?;
        briefs.sort_unstable_by_key(|brief| brief.bill);
        let (mut alone, mut others) = (Vec::with_capacity(briefs.len()), Vec::new());
        for of_bill in briefs.chunk_by(|one, other| one.bill == other.bill) {
            match of_bill {
                [BriefRow { date, adds: Some(adds), .. }] => alone.push((*date, *adds)),
                several => others.extend(several.iter().map(|brief| brief.bytes)),
            }
        }
        let booked = match others.is_empty() && !self.listed.contains_key(&customer) {
            true => self.nothing.clone(),
            false => self.booked(customer, others.into_iter()),
        };
        let sums = vec![0; booked.lines.len()];
        let mut summing =
            SummedCustomer { targets: &self.targets, enrolled: self.enrolled(customer), booked, sums };
        for (date, adds) in alone {
            summing.add(date, adds)?;
        }
        summing.finished()
    }
}

/// What is added up of a customer.
struct SummedCustomer<'r> {
    targets: &'r CompiledTargets,
    enrolled: &'r [Participation],
    /// What the other activities have come to.
    booked: AddedUp,
    /// By line, in units of 10^-9.
    sums: Vec<i128>,
}

impl SummedCustomer<'_> {
    fn add(&mut self, date: i64, adds: BriefAdds<'_>) -> Option<()> {
        let SummedCustomer { targets, enrolled, booked, sums } = self;
        adds.each(|at, added| {
            let found = enrolled.binary_search_by_key(&at, |one| one.target).ok();
            let listed = found.and_then(|found| enrolled.get(found));
            let Ok(periods) = targets.enrolled(at, listed, date, adds.day) else { return Some(()) };
            for enrolled in periods {
                let key = (at, enrolled.period);
                let line =
                    booked.lines.binary_search_by_key(&key, |line| (line.target, line.period_id)).ok()?;
                match added {
                    BriefAdded::Billionths(figure) => {
                        let sum = sums.get_mut(line)?;
                        *sum = sum.checked_add(figure)?;
                    }
                    BriefAdded::Unknown => {
                        let line = booked.lines.get_mut(line)?;
                        line.unknown = line.unknown.saturating_add(1);
                    }
                }
            }
            if matches!(added, BriefAdded::Billionths(_)) {
                let counted = booked.counted.get_mut(at)?;
                *counted = counted.saturating_add(1);
            }
            Some(())
        })
    }

    fn finished(self) -> Option<AddedUp> {
        let SummedCustomer { mut booked, sums, .. } = self;
        for (line, sum) in booked.lines.iter_mut().zip(sums).filter(|(_, sum)| *sum != 0) {
            let billion = 10_i128.pow(DIGITS);
            let (whole, fraction) = (sum.div_euclid(billion), sum.rem_euclid(billion));
            let parts = [Number::from_parts(whole, 0).ok()?, Number::from_parts(fraction, DIGITS).ok()?];
            line.achieved = line.achieved.plus(Total::of(parts).ok()?).ok()?;
            line.reached = line.achieved >= line.defined.into();
        }
        Some(booked)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeMap;

    use target_rules::{Layout, Limits, Schema, Zone};
    use target_rules_testing::workloads::enrolled::{self, Size};

    use super::super::enrolment::Enrolments;
    use super::super::replayed::only_sum;
    use super::*;
    use crate::eligibility::CheckedTarget;
    use crate::payload::Payload;

    const SIZE: Size = Size { targets: 190, customers: 25, bills: 2_000 };

    /// Bills, some of them twice, and some taken back: whole, in part, and of a bill that isn't
    /// there.
    fn documents() -> Vec<String> {
        let mut documents = enrolled::bills(SIZE, 5);
        for number in (0..SIZE.bills).step_by(9) {
            let bill: serde_json::Value = serde_json::from_str(&documents[number]).unwrap();
            let of = bill["currentTxn"]["number"].as_str().unwrap();
            let of = if number % 4 == 0 { "n-none" } else { of };
            let code = bill["currentTxn"]["lineItems"][0]["code"].as_str().unwrap();
            let customer = &bill["currentCustomer"]["id"];
            documents.push(format!(
                r#"{{"currentTxn":{{"number":"r{number}","date":"2026-06-29"}},"currentCustomer":{{"id":{customer}}},"returnBill":{{"number":"{of}","value":3.25,"grossAmount":4,"lineItems":[{{"code":"{code}","qty":1,"rate":2,"value":2,"amount":2}}]}}}}"#,
            ));
            if number % 5 == 0 {
                documents.push(bill.to_string());
            }
        }
        // What no short number says.
        documents.push(documents[0].replace(r#""number":""#, r#""amount":1e25,"number":"long-"#));
        documents
    }

    fn assert_alike(replay: &Replay) {
        let limits = Limits::default();
        let mut rows: BTreeMap<i64, Vec<Vec<u8>>> = BTreeMap::new();
        let mut weigher = replay.weigher();
        for document in documents() {
            let transaction = replay.targets.layout.read(&document, &limits).unwrap();
            let Some(weighed) = weigher.weigh(Some(&document), &transaction, &limits).unwrap() else {
                continue;
            };
            let mut row = Vec::new();
            weighed.write(&mut row);
            assert_eq!(Weighed::read(&row).as_ref(), Some(&weighed));
            rows.entry(weighed.customer()).or_default().push(row);
        }
        let (mut summed, mut something) = (0, 0);
        for (customer, rows) in &rows {
            let rows: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
            let booked = replay.booked(*customer, rows.iter().copied());
            assert_eq!(replay.add_up(*customer, &rows), booked);
            summed += usize::from(replay.summed(*customer, &rows).is_some());
            something += booked.lines.iter().filter(|line| line.achieved != Total::ZERO).count();
        }
        assert!(!replay.only_sums || summed > 20, "{summed} customers are summed");
        assert!(something > 100, "{something} lines have something");
    }

    #[test]
    fn what_is_added_up_is_what_is_booked() {
        let (schema, limits) = (Schema::standard(), Limits::default());
        let text = enrolled::payload(SIZE, 5);
        let payload = Payload::read(&text, &limits).unwrap();
        let targets: Vec<CheckedTarget> =
            payload.targets().map(|one| one.check(&schema, &limits).target.unwrap()).collect();
        let layout = Replay::reading(Layout::builder(), &targets).build();
        let sums = |target: &CheckedTarget| {
            only_sum(&CompiledTargets::reading(layout.clone(), vec![target.clone()], Zone::UTC))
        };
        let summing: Vec<CheckedTarget> = targets.iter().filter(|target| sums(target)).cloned().collect();
        assert!((60..targets.len()).contains(&summing.len()), "{} of them only sum", summing.len());
        for targets in [summing, targets] {
            let mut listed: Vec<serde_json::Value> =
                serde_json::from_str(&enrolled::enrolments(SIZE, 5)).unwrap();
            let ids: Vec<i64> = targets.iter().map(CheckedTarget::id).collect();
            listed.retain(|one| ids.contains(&one["targetId"].as_i64().unwrap()));
            let listed = serde_json::to_string(&listed).unwrap();
            let enrolments = Enrolments::read(&listed, &targets, &limits).unwrap();
            assert_alike(&Replay::listed(targets.clone(), &enrolments, &layout, Zone::UTC).unwrap());
            assert_alike(&Replay::everybody(targets, &layout, Zone::UTC).unwrap());
        }
    }
}
