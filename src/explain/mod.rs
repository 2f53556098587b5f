//! Explanations for people: as text for a terminal, or as an HTML page.
//!
//! This is in the library and not in the command, because hosts show the page
//! too.

// Declared first, so that the page of `Explanation` shows it first.
mod text;

mod html;
mod missing;
mod outline;
mod preface;

pub use preface::{Preface, PrefaceRow};

use crate::diagnostic::cut;
use crate::interpret::{ExplainedKind, ExplainedTree, Explanation, Fault, FaultCode, Unrolled};
use crate::value::Truth;

/// The most entries of a list, such as absent names, that are written out.
const MOST_LISTED: usize = 50;

/// The most characters of the rule, or of its description, that are shown above
/// the tree.
const MOST_OF_THE_RULE: usize = 1_000;

/// The rule in plain English: one sentence, or the lines of a list.
fn described(explanation: &Explanation) -> String {
    let description = &explanation.description;
    let stop = if description.is_sentence() { "." } else { "" };
    cut(&format!("The rule: {}{stop}", description.as_str()), MOST_OF_THE_RULE).into_owned()
}

/// A fault in words for people.
fn fault_words(fault: FaultCode) -> &'static str {
    match fault {
        FaultCode::DivisionByZero => "division by zero",
        FaultCode::InvalidDate => "this is no date",
        FaultCode::NumberOverflow => "the number is too large",
    }
}

/// The results for the line items or tenders, in a few sentences.
fn summary(unrolled: &Unrolled, trees: &[ExplainedTree]) -> String {
    let (one, many) = (unrolled.list.entry(), unrolled.list.entries());
    let mut text = format!("Decided for each {one}; one for which it is true is enough. ");
    let Unrolled { count, holding, failing, unknown, .. } = unrolled;
    let Some(count) = *count else {
        text.push_str(&format!(
            "The transaction does not say which {many} it has: what is false of any {one} is false, all else is unknown."
        ));
        return text;
    };
    if count == 0 {
        text.push_str(&format!("The transaction has no {many}."));
        return text;
    }
    let items = if count == 1 { one } else { many };
    text.push_str(&format!("Of {count} {items}: {holding} true, {failing} false, {unknown} unknown. "));
    if trees.len() < count {
        text.push_str(&format!("{} of them are shown, first those that decide. ", trees.len()));
    }
    text.push_str("They are counted from 1.");
    text
}

/// The heading of a tree; `None` where the rule is decided only once.
fn heading(explanation: &Explanation, tree: &ExplainedTree) -> Option<String> {
    let one = explanation.unrolled.as_ref()?.list.entry();
    Some(match tree.item {
        // People count from 1.
        Some(position) => format!("{one} {}", [position, 1].into_iter().sum::<usize>()),
        None => format!("any {one}"),
    })
}

/// A reason why a rule is unknown.
struct Reason {
    /// The canonical text of what is absent or has no result.
    text: String,
    /// `None` where it is absent.
    fault: Option<FaultCode>,
}

impl Reason {
    fn words(&self) -> &'static str {
        self.fault.map_or("absent", fault_words)
    }
}

/// The reasons why a rule is unknown, as many as are written out, and the
/// number of those left out. They come from the decision, because the trees may
/// hide some.
fn reasons(explanation: &Explanation) -> (Vec<Reason>, usize) {
    let decision = &explanation.decision;
    let absent = decision.absent.iter().map(|name| Reason { text: name.clone(), fault: None });
    let faults = decision
        .faults
        .iter()
        .map(|fault| Reason { text: text_at(&explanation.trees, fault), fault: Some(fault.code) });
    let mut all = absent.chain(faults);
    let reasons: Vec<Reason> = all.by_ref().take(MOST_LISTED).collect();
    (reasons, all.count())
}

/// The text of the node with the fault; its place where the node is in no tree
/// of the explanation.
fn text_at(trees: &[ExplainedTree], fault: &Fault) -> String {
    let mut open: Vec<_> = trees.iter().map(|tree| &tree.root).collect();
    while let Some(node) = open.pop() {
        // A long chain of arithmetic is one node, also where a part of it is at
        // fault.
        let around = node.kind == ExplainedKind::Arithmetic
            && node.children.len() > 2
            && node.span.start() <= fault.span.start()
            && fault.span.end() <= node.span.end();
        if node.fault == Some(fault.code) && (node.span == fault.span || around) {
            return node.text.clone();
        }
        open.extend(&node.children);
    }
    let (start, end) = (fault.span.start(), fault.span.end());
    format!("bytes {start} to {end}")
}

/// A sign for a truth value, and one for a value of another type.
fn sign(truth: Option<Truth>) -> char {
    match truth {
        Some(Truth::True) => '✓',
        Some(Truth::False) => '✗',
        Some(Truth::Unknown) => '?',
        None => '·',
    }
}
