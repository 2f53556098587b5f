//! What is missing for a rule to be true, in one sentence.

use crate::diagnostic::{self, cut};
use crate::interpret::{ExplainedKind, ExplainedNode, Explanation};
use crate::value::Truth;

use super::{ABSENT, reasons};

/// The most parts that a sentence names.
const MOST_PARTS: usize = 3;
/// The most characters of a part.
const WIDTH: usize = 80;

impl Explanation {
    /// What is missing for the rule to be true, in one sentence for people;
    /// `None` where it is true.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold""#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let missing = |document: &str| {
    ///     let transaction = Layout::of([&rule]).read(document, &limits)?;
    ///     Ok(rule.explain(&transaction, &Zone::UTC).missing())
    /// };
    /// assert_eq!(
    ///     missing(r#"{"currentTxn": {"value": 455}}"#)?.as_deref(),
    ///     Some("Not met: `currentTxn.value>500` (short by 45, must exceed 500).")
    /// );
    /// assert_eq!(
    ///     missing(r#"{"currentTxn": {"value": 900}}"#)?.as_deref(),
    ///     Some("Not known: the transaction does not say `currentCustomer.slabName`.")
    /// );
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn missing(&self) -> Option<String> {
        match self.decision.result {
            Truth::True => None,
            Truth::Unknown => Some(self.not_known()),
            Truth::False => Some(self.not_met()),
        }
    }

    fn not_known(&self) -> String {
        let (reasons, left) = reasons(self);
        let of = |absent: bool| {
            let texts = reasons.iter().filter(move |reason| (reason.words == ABSENT) == absent);
            texts.map(|reason| format!("`{}`", cut(&reason.text, WIDTH))).collect::<Vec<_>>()
        };
        let (absent, at_fault) = (of(true), of(false));
        let mut parts = Vec::new();
        if !absent.is_empty() {
            parts.push(format!("the transaction does not say {}", listed(&absent, left, "and")));
        }
        if !at_fault.is_empty() {
            let has = if at_fault.len() == 1 { "has" } else { "have" };
            parts.push(format!("{} {has} no result", listed(&at_fault, 0, "and")));
        }
        format!("Not known: {}.", parts.join(", and "))
    }

    fn not_met(&self) -> String {
        if let Some(unrolled) = &self.unrolled {
            let (one, many) = (unrolled.list.entry(), unrolled.list.entries());
            return match unrolled.count {
                Some(0) => format!("Not met: the transaction has no {many}."),
                Some(1) => format!("Not met: the one {one} is not such as the rule asks for."),
                Some(count) => format!("Not met: none of the {count} {many} is such as the rule asks for."),
                None => format!("Not met: no {one} could be such as the rule asks for."),
            };
        }
        let Some(tree) = self.trees.first() else { return "Not met.".to_owned() };
        format!("Not met: {}.", unmet(&tree.root))
    }
}

/// The parts of a node that make it false. Only chains are gone into, and those
/// of a chain within a chain are not mixed up with its own.
fn unmet(node: &ExplainedNode) -> String {
    let word = match node.kind {
        ExplainedKind::All => "and",
        ExplainedKind::Any => "or",
        _ => return part(node),
    };
    let failing: Vec<&ExplainedNode> = node.children.iter().filter(|child| child.decisive).collect();
    let shown = failing.iter().take(MOST_PARTS);
    let parts: Vec<String> = match failing.as_slice() {
        [only] => return unmet(only),
        _ => shown.map(|child| part(child)).collect(),
    };
    listed(&parts, failing.iter().skip(MOST_PARTS).count(), word)
}

fn part(node: &ExplainedNode) -> String {
    let text = format!("`{}`", cut(&node.text, WIDTH));
    match &node.distance {
        Some(distance) => format!("{text} ({distance})"),
        None => text,
    }
}

/// `a, b and c`, and how many more there are.
fn listed(parts: &[String], more: usize, word: &str) -> String {
    let (shown, hidden) = parts.split_at(parts.len().min(MOST_PARTS));
    let more = [more, hidden.len()].into_iter().sum::<usize>();
    let mut shown: Vec<String> = shown.to_vec();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    diagnostic::listed(&shown, word)
}
