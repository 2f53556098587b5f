//! Findings as diagnostics of a rule as it is written, with edits that keep its
//! meaning.

use serde::Serialize;
use target_rules::diagnostic::{
    Code, Confidence, Diagnostic, Diagnostics, Form, Repair, Source, Span, Suggestion,
};
use target_rules::{Ast, Rule, Schema};

use super::edge::missed_numbers;
use super::finding::{Finding, shown};
use super::linter::{add_new, lint};
use super::literal::beyond_scale;
use super::removal::removals;
use crate::diff::always_come_to_the_same;
use crate::proof::Options;

/// So many findings of one rule are told.
const MOST_TOLD: usize = 100;
/// So many edits of one rule are tried.
const MOST_TRIED: usize = 40;

const KEEPS_ALL: &str = "leave it out: every result stays as it was";
const READS_LESS: &str = "leave it out, if a document that has a wrong value there may count: \
    less is read then, and every other result stays as it was";

/// A finding as a diagnostic, and what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LintedClause {
    /// The warning, with its place and, where one is proved, its edit.
    #[serde(flatten)]
    pub diagnostic: Diagnostic,
    /// What was proved, in a sentence.
    pub why: String,
    /// A transaction that shows it, as JSON, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown")]
    pub witness: Option<String>,
    /// Which of the findings of the rule it is: the same in both of its forms.
    #[serde(skip)]
    pub number: usize,
}

/// The findings of a rule as diagnostics of the text or tree that it was read
/// from, sorted by place; also what the schema says of digits after the point: equalities
/// with numbers that have more, and numbers that closed ranges leave out between them.
/// The first rests on the schema alone, for documents may carry more digits; the second
/// is shown by a transaction.
///
/// Where a clause can be left out, the edit that does it is suggested if it is
/// proved that every result stays as it was: true, false and unknown, of each
/// document that can be read for both. It is safe where the edited rule reads all
/// that the rule reads, so both can read the same documents; only reasons for
/// unknown may be others. Where it reads less, a value of a wrong type is no error
/// any more, and a person should look. All safe edits of one answer can be applied
/// together. `schema` is the one that the rule was checked with.
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
    let mut findings = lint(rule, options);
    if findings.iter().all(|found| !found.spans.is_empty()) {
        add_new(&mut findings, beyond_scale(rule, schema));
        add_new(&mut findings, missed_numbers(rule, schema, options));
    }
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
            let help = if edit.is_safe() { KEEPS_ALL } else { READS_LESS };
            diagnostic = diagnostic.help(Repair::from(help).by([edit]));
        } else if matches!(diagnostic.code, Code::Implied | Code::NoEffect | Code::Duplicate) {
            diagnostic = diagnostic.help("leave it out, or say what was meant");
        } else if diagnostic.code == Code::MissedEdge {
            diagnostic =
                diagnostic.help("take it on one side, by `>=` or `<=`; if it is not to count, `!=` says so");
        } else if diagnostic.code == Code::PlainPattern {
            diagnostic = diagnostic.help("compare with the text by `==`, which says the same");
        }
        let diagnostic = Diagnostics::gather(source, vec![diagnostic], 1).into_iter().next()?;
        Some(LintedClause { diagnostic, why: finding.why, witness: finding.witness, number })
    }

    /// The first edit that leaves these parts out and is proved. It is safe where
    /// the rest reads what the rule did: what reads less can read documents that
    /// were errors.
    fn edit(&mut self, spans: &[Span]) -> Option<Suggestion> {
        for draft in removals(self.text, self.rule.form(), spans) {
            self.left = self.left.checked_sub(1)?;
            let Some(edited) = self.kept(std::slice::from_ref(&draft)) else { continue };
            if edited.references() != self.rule.references() {
                return Some(Suggestion::several(self.text, draft.edits().to_vec(), Confidence::Guess));
            }
            let mut together = self.accepted.clone();
            together.push(draft.clone());
            // Two edits may each keep the meaning, and not both.
            if together.len() > 1 && self.kept(&together).is_none() {
                continue;
            }
            self.accepted = together;
            return Some(draft);
        }
        None
    }

    /// The rule with these edits, where it is proved that each result stays as it
    /// was.
    fn kept(&self, edits: &[Suggestion]) -> Option<Rule> {
        let edited = Suggestion::apply_all(self.text, edits);
        if edited == self.text {
            return None;
        }
        let limits = &self.options.limits;
        let ast = match self.rule.form() {
            Form::Tree => Ast::from_tree(&edited, limits),
            _ => Ast::from_text(&edited, limits),
        };
        let rule = ast.ok()?.check(self.schema, limits).into_rule().ok()?;
        always_come_to_the_same(self.rule, &rule, self.options).then_some(rule)
    }
}
