//! Rules that are kept in one form or in both.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use crate::limits::Limits;
use crate::rule::Rule;
use crate::schema::Schema;
use crate::syntax::Ast;

/// Checks a rule that is kept in one form or in both, which then must agree.
/// The text counts where it is there. Costs a check of each form.
///
/// ```
/// use target_rules::rule::TreeStyle;
/// use target_rules::{Limits, Schema, check_forms};
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let text = "currentTxn.value > 500";
/// let rule = check_forms(Some(text), None, &schema, &limits)?;
/// let tree = rule.to_tree(TreeStyle::Compact, limits.rule_tree)?;
/// assert!(check_forms(Some(text), Some(&tree), &schema, &limits).is_ok());
/// let another = "currentTxn.value > 700";
/// let refused =
///     check_forms(Some(another), Some(&tree), &schema, &limits).unwrap_err();
/// let codes = refused.iter().map(|fault| fault.code.name());
/// assert!(codes.eq(["forms-disagree"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_forms(
    text: Option<&str>,
    tree: Option<&str>,
    schema: &Schema,
    limits: &Limits,
) -> Result<Rule, Diagnostics> {
    let (rule, diagnostics) = check_forms_whole(text, tree, schema, limits);
    rule.ok_or(diagnostics)
}

/// The same with every diagnostic, warnings of an accepted rule too.
///
/// ```
/// use target_rules::check::check_forms_whole;
/// use target_rules::{Limits, Schema};
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let text = "currentCustomer.FirstName == \"Ann\"";
/// let (rule, found) = check_forms_whole(Some(text), None, &schema, &limits);
/// assert!(rule.is_some() && !found.has_errors() && !found.is_empty());
/// ```
pub fn check_forms_whole(
    text: Option<&str>,
    tree: Option<&str>,
    schema: &Schema,
    limits: &Limits,
) -> (Option<Rule>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let of_text = text.map(|text| Ast::from_text(text, limits));
    let of_tree = tree.map(|tree| Ast::from_tree(tree, limits));
    let mut check = |ast: &Result<Ast, Diagnostics>, beside: Option<&Ast>| match ast {
        Ok(ast) => {
            let checked = ast.check_beside(beside, schema, limits);
            diagnostics.extend(checked.diagnostics().clone());
            checked.rule().cloned()
        }
        Err(faults) => {
            diagnostics.extend(faults.clone());
            None
        }
    };
    let from_text = of_text.as_ref().map(|ast| check(ast, read(of_tree.as_ref())));
    let from_tree = of_tree.as_ref().map(|ast| check(ast, read(of_text.as_ref())));
    let rule = match (from_text, from_tree) {
        (Some(Some(from_text)), Some(Some(from_tree))) => {
            if from_text == from_tree {
                Some(from_text)
            } else {
                let source = Source::new(Form::Dsl, text.unwrap_or(""));
                let fault = Diagnostic::new(
                    Code::FormsDisagree,
                    from_text.root().span,
                    "text and tree of this rule say different things",
                )
                .note("the text says this")
                .help(format!(
                    "text: `{}`; tree: `{}`; make the tree anew from the text",
                    from_text.to_text(),
                    from_tree.to_text()
                ));
                diagnostics.extend(Diagnostics::gather(&source, vec![fault], limits.errors));
                None
            }
        }
        (Some(rule), None) | (None, Some(rule)) => rule,
        (Some(_), Some(_)) => None,
        (None, None) => {
            let fault = Diagnostic::new(
                Code::NoRule,
                Span::default(),
                "there is neither a text nor a tree of a rule",
            )
            .help("give the rule as text, as a tree, or as both");
            diagnostics.extend(Diagnostics::gather(&Source::new(Form::Dsl, ""), vec![fault], limits.errors));
            None
        }
    };
    (rule, diagnostics)
}

/// A form of a rule, where it is there and could be read.
fn read(ast: Option<&Result<Ast, Diagnostics>>) -> Option<&Ast> {
    ast.and_then(|ast| ast.as_ref().ok())
}
