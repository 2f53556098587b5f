//! The type check: names resolved against a schema, every node typed, every
//! fault reported at once.
//!
//! It is entered by [`Ast::check`](crate::Ast::check), and by [`check_forms`] for
//! a rule that is kept as text and as a tree.

mod arguments;
mod calls;
mod checker;
mod dates;
mod elsewhere;
mod fix;
mod forms;
mod functions;
mod impossible;
mod inference;
mod judge;
mod listed_fields;
mod members;
mod mismatch;
mod names;
mod nothing;
mod operators;
mod patterns;
mod phrases;
mod repairs;
mod strings;
mod values;

use crate::diagnostic::{Diagnostics, Form, Found, Stage, prove};
use crate::limits::Limits;
use crate::rule::Rule;
use crate::schema::Schema;
use crate::syntax::ast::Ast;

use checker::Checker;

pub use fix::{fix, fix_in_document, safe_suggestions_in_document};
pub use forms::{check_forms, check_forms_whole};

/// What the checker says of a rule.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// // A warning does not keep the rule from being one.
/// let text = "currentTxn.value > 1 || currentTxn.value > 2 && currentTxn.discount > 3";
/// let checked = Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits);
/// assert!(!checked.diagnostics().is_empty());
/// assert!(!checked.diagnostics().has_errors());
/// assert!(checked.rule().is_some());
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Checked {
    rule: Option<Rule>,
    diagnostics: Diagnostics,
}

impl Checked {
    /// The rule, where it has no error.
    pub fn rule(&self) -> Option<&Rule> {
        self.rule.as_ref()
    }

    /// Errors and warnings, sorted by place.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// The rule, or what is wrong with it. Warnings are dropped.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let checked = |text: &str| {
    ///     Ast::from_text(text, &limits).map(|ast| ast.check(&schema, &limits))
    /// };
    /// assert!(checked("currentTxn.value > 500")?.into_rule().is_ok());
    /// let refused = checked("currentTxn.valu > 500")?.into_rule().unwrap_err();
    /// let fault = refused.iter().next();
    /// assert_eq!(fault.map(|fault| fault.code.name()), Some("unknown-name"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn into_rule(self) -> Result<Rule, Diagnostics> {
        self.rule.ok_or(self.diagnostics)
    }
}

impl Ast {
    /// Checks the rule against a schema.
    ///
    /// Cost is linear in the size of the rule. Of a rule with errors it is also that of
    /// trying the suggestions, up to a bound.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.valu > 500", &limits)?;
    /// let checked = ast.check(&Schema::standard(), &limits);
    /// assert!(checked.rule().is_none());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn check(&self, schema: &Schema, limits: &Limits) -> Checked {
        self.check_beside(None, schema, limits)
    }

    /// The same, beside the other form of a rule that is kept in both: what no
    /// schema lists has one type in the two.
    fn check_beside(&self, beside: Option<&Ast>, schema: &Schema, limits: &Limits) -> Checked {
        let (rule, found) = self.judged(beside, schema, limits, Found::reporting(limits.errors));
        Checked { rule, diagnostics: Diagnostics::of(self.source(), found, limits.errors) }
    }

    /// The rule, where it has no error, and what was found, its suggestions tried.
    fn judged(
        &self,
        beside: Option<&Ast>,
        schema: &Schema,
        limits: &Limits,
        found: Found,
    ) -> (Option<Rule>, Found) {
        let mut checker = Checker::new(schema.definitions(), limits, self, beside, found);
        let root = checker.rule();
        let mut found = checker.found;
        // Every error refuses the rule, also one above the limit on reports.
        let refused = found.errors() > 0;
        if refused {
            prove(self.source().text(), Stage::Checking, &mut found, |mended| {
                errors_of(self.source().form(), mended, beside, schema, limits)
            });
        }
        (root.filter(|_| !refused).map(|root| Rule::new(root, self.source().form())), found)
    }
}

/// What is wrong with a rule, by its text or tree.
fn errors_of(form: Form, text: &str, beside: Option<&Ast>, schema: &Schema, limits: &Limits) -> Found {
    let ast = match form {
        Form::Tree => Ast::read_tree(text, limits),
        _ => Ast::read_text(text, limits),
    };
    match ast {
        Ok(ast) => {
            let found = Found::reporting(1);
            let mut checker = Checker::new(schema.definitions(), limits, &ast, beside, found);
            checker.rule();
            checker.found
        }
        Err(found) => found,
    }
}
