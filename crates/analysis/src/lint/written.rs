//! Findings as diagnostics of a rule as it is written, with edits that keep its
//! meaning.

use serde::Serialize;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Repair, Source, Span, Suggestion};
use target_rules::{Ast, Rule, Schema};

use super::finding::Finding;
use super::linter::lint;
use super::removal::removals;
use crate::diff::{Verdict, diff_three_valued};
use crate::proof::Options;

/// So many findings of one rule are told.
const MOST_TOLD: usize = 100;
/// So many edits of one rule are tried.
const MOST_TRIED: usize = 40;

/// A finding as a diagnostic, and what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LintedClause {
    /// The warning, with its place and, where one is proved, its edit.
    #[serde(flatten)]
    pub diagnostic: Diagnostic,
    /// What was proved, in a sentence.
    pub why: String,
    /// Which of the findings of the rule it is: the same in both of its forms.
    #[serde(skip)]
    pub number: usize,
}

/// The findings of a rule as diagnostics of the text or tree that it was read
/// from, sorted by place.
///
/// Where a clause can be left out, the edit that does it is suggested if it is
/// proved that every result stays as it was: true, false and unknown. All safe
/// edits of one answer can be applied together. `schema` is the one that the
/// rule was checked with.
///
/// Cost is that of [`lint`], and of a check and a comparison for each edit that is
/// tried.
///
/// ```
/// use target_rules::diagnostic::Suggestion;
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, lint_written};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let text = "currentTxn.value > 500 && currentTxn.value != 20";
/// let rule = Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()?;
/// let found = lint_written(&rule, text, &schema, &Options::default());
/// let diagnostic = &found[0].diagnostic;
/// assert_eq!((diagnostic.code.name(), diagnostic.column), ("implied", 27));
/// let mended = Suggestion::apply_all(text, &diagnostic.suggestions);
/// assert_eq!(mended, "currentTxn.value > 500");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn lint_written(rule: &Rule, text: &str, schema: &Schema, options: &Options) -> Vec<LintedClause> {
    let source = Source::new(rule.form(), text);
    let mut editor = Editor { rule, text, schema, options, accepted: Vec::new(), left: MOST_TRIED };
    let findings = lint(rule, options);
    let numbered = findings.into_iter().take(MOST_TOLD).enumerate();
    let mut told: Vec<LintedClause> =
        numbered.filter_map(|(number, found)| editor.told(&source, found, number)).collect();
    let key = |told: &LintedClause| (told.diagnostic.span, told.diagnostic.code.name());
    told.sort_by_key(key);
    told
}

struct Editor<'r> {
    rule: &'r Rule,
    text: &'r str,
    schema: &'r Schema,
    options: &'r Options,
    /// The edits that were proved, each also together with those before it.
    accepted: Vec<Suggestion>,
    left: usize,
}

impl Editor<'_> {
    fn told(&mut self, source: &Source, finding: Finding, number: usize) -> Option<LintedClause> {
        let whole = match source.form() {
            Form::Dsl => self.text.len(),
            // Of a tree as a whole the bracket is marked that opens it.
            _ => 1,
        };
        let mut diagnostic = finding.to_diagnostic(whole);
        if let Some(edit) = self.edit(&finding.in_vain) {
            diagnostic =
                diagnostic.help(Repair::from("leave it out: every result stays as it was").by([edit]));
        } else if matches!(diagnostic.code, Code::Implied | Code::NoEffect | Code::Duplicate) {
            diagnostic = diagnostic.help("leave it out, or say what was meant");
        }
        let diagnostic = Diagnostics::gather(source, vec![diagnostic], 1).into_iter().next()?;
        Some(LintedClause { diagnostic, why: finding.why, number })
    }

    /// The first edit that leaves these parts out and is proved.
    fn edit(&mut self, spans: &[Span]) -> Option<Suggestion> {
        for draft in removals(self.text, self.rule.form(), spans) {
            self.left = self.left.checked_sub(1)?;
            if !self.keeps(std::slice::from_ref(&draft)) {
                continue;
            }
            let mut together = self.accepted.clone();
            together.push(draft.clone());
            // Two edits may each keep the meaning, and not both.
            if together.len() > 1 && !self.keeps(&together) {
                continue;
            }
            self.accepted = together;
            return Some(draft);
        }
        None
    }

    /// Whether it is proved that the rule means the same with these edits.
    fn keeps(&self, edits: &[Suggestion]) -> bool {
        let edited = Suggestion::apply_all(self.text, edits);
        if edited == self.text {
            return false;
        }
        let limits = &self.options.limits;
        let ast = match self.rule.form() {
            Form::Tree => Ast::from_tree(&edited, limits),
            _ => Ast::from_text(&edited, limits),
        };
        let Ok(Ok(rule)) = ast.map(|ast| ast.check(self.schema, limits).into_rule()) else { return false };
        let difference = diff_three_valued(self.rule, &rule, self.options);
        difference.verdict == Verdict::Equivalent && difference.assumes.is_empty()
    }
}
