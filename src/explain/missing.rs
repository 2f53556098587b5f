//! What is missing for a rule to be true, in one sentence.

use crate::diagnostic::cut;
use crate::interpret::{Explanation, UnmetClause, Unrolled};
use crate::value::Truth;

use super::reasons;

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
    ///     Some(
    ///         "Not met: the transaction value is more than 500 \
    ///          (short by 45, must exceed 500)."
    ///     )
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
            Truth::Unknown => Some(format!("Not known: {}.", self.not_known())),
            Truth::False => {
                Some(format!("Not met: {}.", self.no_entries().unwrap_or_else(|| self.not_met())))
            }
        }
    }

    /// The same to stand in a sentence: it begins with a small letter and ends
    /// without a full stop.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 455}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// assert_eq!(
    ///     rule.explain(&transaction, &Zone::UTC).missing_clause().as_deref(),
    ///     Some(
    ///         "the rule asks that the transaction value is more than 500 \
    ///          (short by 45, must exceed 500)"
    ///     )
    /// );
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn missing_clause(&self) -> Option<String> {
        match self.decision.result {
            Truth::True => None,
            Truth::Unknown => Some(self.not_known()),
            Truth::False => {
                let asked = || format!("the rule asks that {}", self.not_met());
                Some(self.no_entries().unwrap_or_else(asked))
            }
        }
    }

    fn not_known(&self) -> String {
        let (reasons, left) = reasons(self);
        let of = |absent: bool| {
            let texts = reasons.iter().filter(move |reason| reason.fault.is_none() == absent);
            texts.map(|reason| format!("`{}`", cut(&reason.text, WIDTH))).collect::<Vec<_>>()
        };
        let (absent, at_fault) = (of(true), of(false));
        let mut parts = Vec::new();
        if !absent.is_empty() {
            parts.push(format!("the transaction does not say {}", listed(&absent, left, " and")));
        }
        if !at_fault.is_empty() {
            let has = if at_fault.len() == 1 { "has" } else { "have" };
            parts.push(format!("{} {has} no result", listed(&at_fault, 0, " and")));
        }
        parts.join(", and ")
    }

    /// What is not met, to stand after "Not met:" or "the rule asks that".
    fn not_met(&self) -> String {
        let Some(unmet) = &self.unmet else { return "it is false".to_owned() };
        let parts: Vec<String> = unmet.clauses.iter().map(part).collect();
        let unmet_text = listed(&parts, unmet.left, if unmet.any { ", or" } else { ", and" });
        let of_each = unmet.clauses.iter().any(|clause| clause.of_each);
        match self.unrolled.as_ref().filter(|_| of_each) {
            Some(Unrolled { list, count: Some(1), .. }) => {
                format!("{unmet_text} (its one {} is not such)", list.entry())
            }
            Some(Unrolled { list, count: Some(count), .. }) => {
                format!("{unmet_text} (none of its {count} {} is such)", list.entries())
            }
            _ => unmet_text,
        }
    }

    /// The word for the entries that the rule is about, where there are none.
    fn no_entries(&self) -> Option<String> {
        let unrolled = self.unrolled.as_ref().filter(|unrolled| unrolled.count == Some(0))?;
        Some(format!("the transaction has no {}", unrolled.list.entries()))
    }
}

fn part(clause: &UnmetClause) -> String {
    match &clause.distance {
        Some(distance) => format!("{} ({})", clause.words, distance.as_described()),
        None => clause.words.clone(),
    }
}

/// `a, b and c`, and how many more there are; `word` stands before the last, with
/// the blank or the comma before it.
fn listed(parts: &[String], more: usize, word: &str) -> String {
    let (shown, hidden) = parts.split_at(parts.len().min(MOST_PARTS));
    let more = [more, hidden.len()].into_iter().sum::<usize>();
    let mut shown: Vec<String> = shown.to_vec();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{}{word} {last}", others.join(", ")),
        None => String::new(),
    }
}
