//! What a page or a text says above an explanation, such as why the rule was
//! asked.

use crate::value::Truth;

/// What stands above the explanation of a rule: of a target, for one, whether
/// it is active and its filters admit.
///
/// ```
/// use target_rules::explain::{Preface, PrefaceRow};
/// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"value": 455}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let explanation = rule.explain(&transaction, &Zone::UTC);
/// let mut preface = Preface::new("Does n-1 count for Shoes & more?", Truth::False);
/// preface.sentence = Some("The bill is too small.".to_owned());
/// preface.rows.push(PrefaceRow::new(Truth::True, "target", "it is switched on"));
/// let page = explanation.to_html_below(&preface);
/// assert!(page.contains("Shoes &amp; more") && page.contains("it is switched on"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preface {
    /// The heading.
    pub title: String,
    /// The answer to it.
    pub result: Truth,
    /// What is missing, in one sentence. On a page what stands between backticks
    /// is shown as code, here and in notes.
    pub sentence: Option<String>,
    /// What was asked beside the rule.
    pub rows: Vec<PrefaceRow>,
}

/// One thing that was asked beside a rule.
///
/// ```
/// use target_rules::Truth;
/// use target_rules::explain::PrefaceRow;
/// let row = PrefaceRow::new(Truth::False, "filter", "store 12 is not among 3 stores");
/// assert!(row.outcome.is_false());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrefaceRow {
    /// How it came out.
    pub outcome: Truth,
    /// What it is, in a word or two.
    pub label: String,
    /// How it is, and how far off.
    pub note: String,
}

impl Preface {
    /// A preface without a sentence and rows.
    pub fn new(title: impl Into<String>, result: Truth) -> Preface {
        Preface { title: title.into(), result, sentence: None, rows: Vec::new() }
    }
}

impl PrefaceRow {
    /// A row.
    pub fn new(outcome: Truth, label: impl Into<String>, note: impl Into<String>) -> PrefaceRow {
        PrefaceRow { outcome, label: label.into(), note: note.into() }
    }
}

/// The answer to the heading, in the words of a question.
pub(super) fn answer(result: Truth) -> &'static str {
    match result {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "not known",
    }
}
