//! Promises of decisions: every engine decides alike, and says why it cannot.

use std::collections::BTreeMap;

use target_rules::diagnostic::{Colour, Diagnostics, Form, Source};
use target_rules::interpret::Fault;
use target_rules::ruleset::Verdict;
use target_rules::{Checked, Decision, Evaluation, Limits, Rule, RuleSet, Scratch, Transaction, Truth};

use super::inputs::{must, read_and_check, text_of};
use super::refusals::is_a_refusal;
use super::rules::{RULES, SAMPLES};

/// A transaction document is read or refused for a reason; rules of every
/// type, over one that is read, are true, false, or unknown with a reason.
pub fn transaction_in(data: &[u8]) {
    let document = text_of(data);
    let limits = Limits::default();
    let alone = RULES.layout.read(document, &limits);
    reads_as_alone(document, alone.as_ref());
    match alone {
        Ok(transaction) => {
            for rule in RULES.rules.values() {
                decides(rule, &transaction);
            }
            set_decides(&RULES.set, &RULES.rules, document);
        }
        Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, document)]),
    }
}

/// A document that is read by the shapes of those before it, its own among them,
/// is refused and decides as it does alone.
fn reads_as_alone(document: &str, alone: Result<&Transaction, &Diagnostics>) {
    let limits = Limits::default();
    let mut reused = RULES.layout.blank();
    for before in SAMPLES.into_iter().chain([document]) {
        let _ = RULES.layout.read_into(before, &limits, &mut reused);
        let read = RULES.layout.read_into(document, &limits, &mut reused);
        assert_eq!(read.as_ref().err(), alone.err(), "refused otherwise after {before}");
        for (rule, zone) in RULES.rules.values().zip(RULES.zones.iter().cycle()) {
            if let Ok(alone) = alone {
                let text = rule.to_text();
                assert_eq!(rule.decide(&reused, zone), rule.decide(alone, zone), "{text} after {before}");
            }
        }
    }
}

/// Rules, one a line, decide as one by one when they are a set, after changes
/// of it, and when it is compacted. A line that begins with a brace is a
/// transaction document.
pub fn set_in(data: &[u8]) {
    let input = text_of(data);
    let (documents, texts): (Vec<&str>, Vec<&str>) = input.lines().partition(|line| line.starts_with('{'));
    let read = |text: &&str| read_and_check(Form::Dsl, text).and_then(Checked::into_rule).ok();
    let all: Vec<Rule> = texts.iter().take(24).filter_map(read).collect();
    let mut rules: BTreeMap<usize, Rule> = all.iter().cloned().enumerate().collect();
    let early = rules.iter().filter(|(id, _)| *id % 3 != 2).map(|(id, rule)| (*id, rule.clone()));
    let mut set = must(RuleSet::new(early), "the rules are a set");
    for (id, rule) in all.iter().enumerate() {
        let other = all.get(all.len() - 1 - id).unwrap_or(rule);
        set = match id % 5 {
            _ if id % 3 == 2 => must(set.with(id, rule), "a rule is added"),
            1 => {
                rules.insert(id, other.clone());
                must(set.replacing(id, other), "a rule is replaced")
            }
            3 => {
                rules.remove(&id);
                must(set.without(&id), "a rule is removed")
            }
            _ => continue,
        };
    }
    for set in [&set, &set.compacted()] {
        assert_eq!(set.len(), rules.len());
        for document in SAMPLES.iter().chain(&documents) {
            set_decides(set, &rules, document);
        }
    }
}

/// The decision in the first zone, after the promises on it in every zone.
pub(super) fn decides(rule: &Rule, transaction: &Transaction) -> Decision {
    let text = rule.to_text();
    let mut first = None;
    for zone in &RULES.zones {
        let decision = rule.decide(transaction, zone);
        let reasons = decision.absent.len() + decision.faults.len();
        assert_eq!(decision.result == Truth::Unknown, reasons > 0, "unknown, and not why: {text}");
        assert!(decision.absent.is_sorted_by(|left, right| left < right), "unsorted: {text}");
        let in_order =
            |left: &Fault, right: &Fault| (left.span, left.code.name()) < (right.span, right.code.name());
        assert!(decision.faults.is_sorted_by(in_order), "unsorted: {text}");
        for name in &decision.absent {
            assert!(text.contains(name.as_str()), "`{name}` is not named so by {text}");
        }
        assert!(decision.items.is_sorted_by(|left, right| left < right), "unsorted items: {text}");
        let counts = decision.result == Truth::True && rule.unrolls();
        assert_eq!(!decision.items.is_empty(), counts, "items for nothing, or none for something: {text}");
        // Every engine decides as the interpreter does, reasons included.
        let mut scratch = Scratch::default();
        if let Ok(program) = transaction.layout().compile(rule) {
            let mut evaluation = Evaluation::new(transaction, zone, &mut scratch);
            assert_eq!(program.decision(&mut evaluation), decision, "the program dissents: {text}");
        }
        let explanation = rule.explain(transaction, zone);
        assert_eq!(explanation.decision, decision, "explained as it is not decided: {text}");
        assert!(explanation.to_html().ends_with("</html>\n") && !explanation.to_text(Colour::Off).is_empty());
        first.get_or_insert(decision);
    }
    first.unwrap_or_else(|| panic!("no zone is tried"))
}

/// Rules as a set decide as one by one, reasons included.
pub(super) fn set_decides(set: &RuleSet<usize>, rules: &BTreeMap<usize, Rule>, document: &str) {
    let Ok(transaction) = set.layout().read(document, &Limits::default()) else { return };
    let mut scratch = Scratch::default();
    for zone in &RULES.zones {
        let mut evaluation = Evaluation::new(&transaction, zone, &mut scratch);
        let mut matching = Vec::new();
        let decided = set.decide(&mut evaluation, |id, items| matching.push((*id, items.to_vec())));
        assert!(decided.is_ok(), "the set does not decide for its own layout");
        let mut undecided = BTreeMap::new();
        let told = set.undecided(&mut evaluation, |one| {
            undecided.insert(*one.id, (one.absent.to_vec(), one.faults.to_vec()));
        });
        assert!(told.is_ok(), "the set does not say why for its own layout");
        let mut all = Vec::new();
        let told = set.verdicts(&mut evaluation, |id, verdict| match verdict {
            Verdict::True { items } => all.push((*id, items.to_vec())),
            Verdict::Unknown => assert!(undecided.contains_key(id), "{id} is unknown, and not why"),
        });
        assert!(told.is_ok() && all == matching, "what is true depends on what is asked");
        assert!(matching.iter().all(|(id, _)| rules.contains_key(id)), "a rule that is not there is true");
        for (&id, rule) in rules {
            let decision = rule.decide(&transaction, zone);
            let items = matching.iter().find(|(matched, _)| *matched == id).map(|(_, items)| items);
            let expected = (decision.result == Truth::True).then_some(&decision.items);
            assert_eq!(items, expected, "the set dissents: {}", rule.to_text());
            let reasons = undecided.get(&id).map(|(absent, faults)| (absent, faults));
            let expected =
                (decision.result == Truth::Unknown).then_some((&decision.absent, &decision.faults));
            assert_eq!(reasons, expected, "the set's reasons dissent: {}", rule.to_text());
        }
    }
}
