//! Runs one case in every way that must come to the same.

use super::adapter::{Booked, Line};
use super::case::{
    Case, Facts, LASTING, Outcome, progress_fact, told_fact, unified_fact, unknown_fact, waiting_fact,
};

/// How the ledger differs from the case; empty where it does not.
pub(crate) fn differences(case: &Case) -> String {
    let expected = case.expected.facts();
    let batches: Vec<Vec<&str>> =
        case.batches.iter().map(|batch| batch.iter().map(|document| document.get()).collect()).collect();
    let mut lines = String::new();
    for (way, name) in WAYS {
        let (found, also) = book(case, &batches, way);
        let found = expected.differences(&found, None) + &also;
        if !found.is_empty() {
            lines += &format!(" {name}\n");
            lines += &found;
            break;
        }
    }
    if case.any_order {
        let mut rows = false;
        for (name, batches) in orders(&batches) {
            // As a file does in one order and a store in the next, for either takes as long.
            let way = if rows { Way::InRows } else { Way::Resumed };
            rows = !rows;
            let (found, _) = book(case, &batches, way);
            let found = expected.differences(&found, Some(&LASTING));
            if !found.is_empty() {
                lines += &format!(" {name}\n{found}");
                break;
            }
        }
    }
    lines
}

/// The same documents at once, one by one, backwards, and shuffled.
fn orders<'a>(batches: &[Vec<&'a str>]) -> Vec<(&'static str, Vec<Vec<&'a str>>)> {
    let all: Vec<&str> = batches.iter().flatten().copied().collect();
    let one_by_one = |documents: Vec<&'a str>| documents.into_iter().map(|one| vec![one]).collect();
    let backwards: Vec<&str> = all.iter().rev().copied().collect();
    let mut shuffled = all.clone();
    shuffled.sort_by_key(|document| {
        document.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31) ^ u32::from(byte))
    });
    vec![
        ("all at once", vec![all.clone()]),
        ("one by one", one_by_one(all)),
        ("backwards at once", vec![backwards.clone()]),
        ("backwards one by one", one_by_one(backwards)),
        ("shuffled, in pairs", shuffled.chunks(2).map(<[&str]>::to_vec).collect()),
    ]
}

/// How customers are kept from one batch to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    InMemory,
    /// In a state that is written and read.
    Resumed,
    /// Each by herself, as a store keeps her.
    InRows,
}

const WAYS: [(Way, &str); 3] = [
    (Way::InMemory, "as it stands"),
    (Way::Resumed, "with the state saved between batches"),
    (Way::InRows, "with each customer kept by herself"),
];

/// The facts that come of some batches, and what cannot be said as facts.
fn book(case: &Case, batches: &[Vec<&str>], way: Way) -> (Outcome, String) {
    let zone = case.zone.as_deref().unwrap_or("UTC");
    let mut booked = match Booked::new(case.targets.get(), case.enrolments.get(), zone) {
        Ok(booked) if way == Way::InRows => booked.in_rows(),
        Ok(booked) => booked,
        Err(refused) => return (Outcome::default(), format!("  refused as a whole: {refused}\n")),
    };
    let (mut refused, mut repetitions, mut told) = (Facts::new(), Facts::new(), Facts::new());
    let mut also = String::new();
    let mut absent_told = Vec::new();
    for (at, documents) in batches.iter().enumerate() {
        let batch = booked.book(documents);
        for (document, message) in &batch.refused {
            refused.insert(format!("batch {at}, document {document}"));
            also += &names_place_and_sign(case, at, *document, message);
        }
        repetitions.extend(
            batch.repetitions.iter().map(|(user, number)| format!("batch {at}, customer {user}: {number}")),
        );
        for (words, absent) in batch.told {
            absent_told.push((told_fact(at, &words), absent));
        }
        for one in case.withdrawn.iter().filter(|one| one.after_batch == at) {
            if !booked.withdraw(one.user_id, one.target_id) {
                also += "  there is no way to withdraw\n";
            }
        }
        if way == Way::Resumed {
            booked.resume();
        }
    }
    told.extend(absent_told.iter().map(|(fact, _)| fact.clone()));
    for (fact, absent) in case.expected.absent() {
        if !absent_told.contains(&(fact.clone(), absent.clone())) {
            also += &format!("  told: {fact} does not name {absent:?}\n");
        }
    }
    also += &eligibility(case, &booked);
    let mut kinds = lasting(&booked);
    kinds.extend([("refused", refused), ("repetitions", repetitions), ("told", told)]);
    (Outcome { kinds }, also)
}

/// A refusal for a sign names the place of the figure and what is wrong with it.
fn names_place_and_sign(case: &Case, batch: usize, document: usize, message: &str) -> String {
    let refused = case.expected.refused.iter().flatten();
    let Some(pointer) = refused
        .filter(|one| (one.batch, one.document) == (batch, document))
        .find_map(|one| one.pointer.as_ref())
    else {
        return String::new();
    };
    let dotted = pointer.trim_start_matches('/').replace('/', ".");
    let place = message.contains(pointer) || message.contains(&dotted);
    let sign =
        ["negative", "below zero", "below 0", "minus", "sign"].iter().any(|word| message.contains(word));
    if place && sign {
        return String::new();
    }
    format!("  refused: `{message}` does not name {pointer} and its sign\n")
}

fn eligibility(case: &Case, booked: &Booked) -> String {
    let mut lines = String::new();
    for one in case.expected.eligibility.iter().flatten() {
        let found = booked.eligibility(one.document.get());
        for expected in &one.targets {
            let standing = found.iter().find(|(target, _, _)| *target == expected.target_id);
            let agrees = standing
                .is_some_and(|(_, result, absent)| (result, absent) == (&expected.result, &expected.absent));
            if !agrees {
                lines += &format!(
                    "  eligibility: target {} is {} {:?} for {}, found {standing:?}\n",
                    expected.target_id,
                    expected.result,
                    expected.absent,
                    one.document.get(),
                );
            }
        }
    }
    lines
}

/// What there is once all has come. Cycles without anything have a line or none.
fn lasting(booked: &Booked) -> Vec<(&'static str, Facts)> {
    let (mut progress, mut unified, mut unknown) = (Facts::new(), Facts::new(), Facts::new());
    for line in booked.lines() {
        match line.target_id {
            None => {
                let reached = line.reached.unwrap_or(false);
                unified.insert(unified_fact(line.user_id, line.target_group_id, line.period_id, reached));
            }
            Some(target) => {
                unknown.extend(line.unknown.iter().map(|number| unknown_fact(line.user_id, target, number)));
                progress.extend(of_target(&line, target));
            }
        }
    }
    let waiting = booked.waiting().iter().map(|(user, bill)| waiting_fact(*user, bill)).collect();
    vec![("progress", progress), ("unified", unified), ("unknown", unknown), ("waiting", waiting)]
}

fn of_target(line: &Line, target: i64) -> Option<String> {
    let achieved = line.achieved.as_ref().map_or("?", |digits| digits.get());
    let reached = line.reached.unwrap_or(false);
    let empty = line.cycle.is_some() && achieved == "0" && !reached;
    (!empty).then(|| progress_fact(line.user_id, target, line.period_id, line.cycle, achieved, reached))
}
