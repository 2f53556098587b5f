//! `diff`: how two rules differ, or the rules of two payloads.

use std::collections::HashMap;

use loyalty_targets::CheckedTarget;
use serde::Serialize;
use target_rules::diagnostic::visible;
use target_rules::{Ast, Rule};
use target_rules_analysis::{Difference, Recording, Verdict, Witness, diff as differ, diff_three_valued};

use super::choice::Format;
use super::count::{Count, plural};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen::{self, Results};
use super::{input, recorded};
use super::{rules, targets};

/// What is compared.
pub(crate) enum Compared {
    Rules(String, String),
    Payloads(String, String),
}

impl Compared {
    /// The two rules or the two payloads that were given.
    pub(crate) fn of(old: Option<String>, new: Option<String>, targets: Option<Vec<String>>) -> Compared {
        // INVARIANT: the parser sees to it that two of a kind are there.
        match targets.map(<[String; 2]>::try_from) {
            Some(Ok([old, new])) => Compared::Payloads(old, new),
            _ => Compared::Rules(old.unwrap_or_default(), new.unwrap_or_default()),
        }
    }

    fn paths(&self) -> [&String; 2] {
        let (Compared::Rules(old, new) | Compared::Payloads(old, new)) = self;
        [old, new]
    }
}

/// How one rule differs from another, as it is written.
#[derive(Serialize)]
struct Answer {
    /// The target's id; `null` of a rule by itself.
    id: Option<i64>,
    #[serde(flatten)]
    difference: Difference,
    /// The payload that alone has the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<&'static str>,
    /// What else differs of the target.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beside: Vec<&'static str>,
}

/// Two rules, and what is told beside their difference.
struct Pair {
    id: Option<i64>,
    old: Rule,
    new: Rule,
    only: Option<&'static str>,
    beside: Vec<&'static str>,
}

pub(crate) fn diff(
    invocation: &Invocation,
    compared: &Compared,
    txns: &[String],
    three_valued: bool,
) -> Outcome {
    input::one_standard_input(compared.paths().into_iter().chain(txns))?;
    let pairs = match compared {
        Compared::Rules(old, new) => {
            let (old, _) = rules::rule_of(invocation, old)?;
            let (new, _) = rules::rule_of(invocation, new)?;
            vec![Pair { id: None, old, new, only: None, beside: Vec::new() }]
        }
        Compared::Payloads(old, new) => {
            let old = targets::checked(invocation, old)?;
            matched(invocation, &old, &targets::checked(invocation, new)?)?
        }
    };
    let rules: Vec<(&Rule, &Rule)> = pairs.iter().map(|pair| (&pair.old, &pair.new)).collect();
    let mut recording = Recording::new(&rules, &invocation.zone, &invocation.limits);
    let all_read = recorded::each(invocation, txns, |document, place| recording.add(document, place))?;
    let options = invocation.analysis_options();
    let mut out = screen::results();
    let mut verdicts: HashMap<Verdict, Count> = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        let mut difference = match three_valued {
            true => diff_three_valued(&pair.old, &pair.new, &options),
            false => differ(&pair.old, &pair.new, &options),
        };
        match three_valued {
            _ if txns.is_empty() => {}
            true => recording.tell_three_valued(at, &mut difference),
            false => recording.tell(at, &mut difference),
        }
        verdicts.entry(difference.verdict).or_default().increase();
        let answer = Answer { id: pair.id, difference, only: pair.only, beside: pair.beside.clone() };
        match invocation.format {
            Format::Json => out.json(&answer)?,
            _ => tell(&mut out, &answer, three_valued)?,
        }
    }
    if invocation.format != Format::Json && matches!(compared, Compared::Payloads(..)) {
        summary(&mut out, &verdicts)?;
    }
    out.flush()?;
    if all_read { Ok(()) } else { Err(Failure::Faults) }
}

/// The targets of two payloads in pairs: those of the old one in its order, then
/// those that only the new one has.
fn matched(
    invocation: &Invocation,
    old: &[CheckedTarget],
    new: &[CheckedTarget],
) -> Result<Vec<Pair>, Failure> {
    let by_id = |targets: &[CheckedTarget]| -> HashMap<i64, usize> {
        targets.iter().enumerate().map(|(at, target)| (target.id(), at)).collect()
    };
    let (in_old, in_new) = (by_id(old), by_id(new));
    let never = never(invocation)?;
    let mut pairs = Vec::new();
    for target in old {
        let id = Some(target.id());
        let (before, zone) = (target.rule().clone(), &invocation.zone);
        pairs.push(match in_new.get(&target.id()).and_then(|at| new.get(*at)) {
            Some(after) => {
                let beside = target.alike(zone).differences(&after.alike(zone));
                Pair { id, old: before, new: after.rule().clone(), only: None, beside }
            }
            None => Pair { id, old: before, new: never.clone(), only: Some("old"), beside: Vec::new() },
        });
    }
    for target in new.iter().filter(|target| !in_old.contains_key(&target.id())) {
        let (id, old, new) = (Some(target.id()), never.clone(), target.rule().clone());
        pairs.push(Pair { id, old, new, only: Some("new"), beside: Vec::new() });
    }
    Ok(pairs)
}

/// The rule of a target that is not there.
fn never(invocation: &Invocation) -> Result<Rule, Failure> {
    let read = Ast::from_text("false", &invocation.limits);
    let rule = read.and_then(|ast| ast.check(&invocation.schema, &invocation.limits).into_rule());
    // Only limits below the size of one word refuse it.
    rule.map_err(|refused| Failure::Usage(refused.to_string()))
}

fn tell(out: &mut Results, answer: &Answer, three_valued: bool) -> Outcome {
    let Difference { verdict, witnesses, assumes, why, recorded } = &answer.difference;
    let indent = if answer.id.is_some() { "  " } else { "" };
    if let Some(id) = answer.id {
        match answer.only {
            Some(only) => writeln!(out, "target {id}, which only the {only} payload has")?,
            None => writeln!(out, "target {id}")?,
        }
    }
    let same_true = witnesses.iter().all(|witness| !witness.old.is_true() && !witness.new.is_true());
    writeln!(out, "{indent}{}", sentence(*verdict, three_valued, same_true))?;
    for Witness { transaction, old, new, place } in witnesses {
        match place {
            Some(place) => writeln!(
                out,
                "{indent}  old {old}, new {new}, in {}: {}",
                visible(place),
                visible(transaction)
            )?,
            None => writeln!(out, "{indent}  old {old}, new {new}: {}", visible(transaction))?,
        }
    }
    if let Some(counted) = recorded {
        let of = plural(Count::from(counted.transactions), "transaction");
        write!(out, "{indent}  of {of}: {} lost, {} gained", counted.lost, counted.gained)?;
        match three_valued {
            true => writeln!(out, ", {} false for one rule and unknown for the other", counted.undecided)?,
            false => writeln!(out)?,
        }
    }
    for assumed in assumes {
        writeln!(out, "{indent}  provided that {}", visible(assumed))?;
    }
    for why in why {
        writeln!(out, "{indent}  not known: {}", visible(why))?;
    }
    if !answer.beside.is_empty() {
        writeln!(out, "{indent}  also changed: {}", answer.beside.join(", "))?;
    }
    Ok(())
}

/// The verdict in words. `same_true` says that no transaction shows a rule true
/// and the other one not.
fn sentence(verdict: Verdict, three_valued: bool, same_true: bool) -> &'static str {
    match verdict {
        Verdict::Equivalent if three_valued => {
            "equivalent: both rules have the same result for every transaction"
        }
        Verdict::Equivalent => "equivalent: both rules are true for the same transactions",
        Verdict::Narrower => {
            "narrower: the new rule is true only where the old one is, and not everywhere there"
        }
        Verdict::Wider => "wider: the new rule is true wherever the old one is, and elsewhere too",
        Verdict::Disjoint => "disjoint: the rules are never true together",
        Verdict::Different if same_true => {
            "different: both rules are true for the same transactions, and one is false where the other is unknown"
        }
        Verdict::Different => "different: each rule is true where the other is not, and both are together",
        Verdict::Unknown => "unknown: how the rules differ could not be proved",
    }
}

/// How many rules there are of each verdict.
fn summary(out: &mut Results, verdicts: &HashMap<Verdict, Count>) -> Outcome {
    let named = [
        (Verdict::Equivalent, "equivalent"),
        (Verdict::Narrower, "narrower"),
        (Verdict::Wider, "wider"),
        (Verdict::Disjoint, "disjoint"),
        (Verdict::Different, "different"),
        (Verdict::Unknown, "unknown"),
    ];
    let told: Vec<String> = named
        .iter()
        .filter_map(|(verdict, name)| Some(format!("{} {name}", verdicts.get(verdict)?)))
        .collect();
    let mut all = Count::default();
    verdicts.values().for_each(|of_verdict| all.join(*of_verdict));
    writeln!(out, "{}: {}", plural(all, "target"), told.join(", "))?;
    Ok(())
}
