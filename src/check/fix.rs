//! Rules with the safe suggestions of their check applied.

use crate::diagnostic::{Confidence, Fixed, Form, Found, Span, Suggestion};
use crate::json::{Escapes, Kind, Located, PathSegment, Reader, find};
use crate::limits::Limits;
use crate::rule::{Rule, TreeStyle};
use crate::schema::Schema;
use crate::syntax::Ast;

use super::forms::check_forms;

/// How many errors are looked for at once: more than are reported, so that a
/// rule with many is not checked again for every few.
const ERRORS: usize = 1000;

/// The safe suggestions for a rule that is kept in one form or in both, each
/// with the form that it is an edit of. Of a tree they count in the tree.
fn safe_suggestions(
    text: Option<&str>,
    tree: Option<&str>,
    schema: &Schema,
    limits: &Limits,
) -> Vec<(Form, Suggestion)> {
    let limits = Limits { errors: limits.errors.max(ERRORS), ..limits.clone() };
    let (accepted, found) = suggested(text, tree, schema, &limits);
    let Some(before) = accepted.filter(|_| !found.is_empty()) else { return found };
    let of = |form: Form| found.iter().filter(move |(of, _)| *of == form).map(|(_, suggestion)| suggestion);
    let mended =
        |written: Option<&str>, form| written.map(|written| Suggestion::apply_all(written, of(form)));
    let (new_text, new_tree) = (mended(text, Form::Dsl), mended(tree, Form::Tree));
    if check_forms(new_text.as_deref(), new_tree.as_deref(), schema, &limits).is_ok() {
        return found;
    }
    let anew = || {
        let after = check_forms(Some(new_text.as_deref()?), None, schema, &limits).ok()?;
        tree_anew(&before, tree?, &after, &limits)
    };
    match anew() {
        Some(suggestion) => {
            let in_text = found.into_iter().filter(|(form, _)| *form == Form::Dsl);
            in_text.chain([(Form::Tree, suggestion)]).collect()
        }
        None => Vec::new(),
    }
}

/// Every safe suggestion for a rule, those of all of its warnings too, and the
/// rule where it is accepted. Places are not looked for: in a tree each would be
/// as long as that is deep.
fn suggested(
    text: Option<&str>,
    tree: Option<&str>,
    schema: &Schema,
    limits: &Limits,
) -> (Option<Rule>, Vec<(Form, Suggestion)>) {
    let of_text = text.map(|text| Ast::tried_text(text, limits));
    let of_tree = tree.map(|tree| Ast::tried_tree(tree, limits));
    let [text, tree] = [&of_text, &of_tree].map(|read| read.as_ref().and_then(|read| read.as_ref().ok()));
    let judged = |ast: Option<&Ast>, beside: Option<&Ast>| {
        ast.map(|ast| ast.judged(beside, schema, limits, Found::repairing(limits.errors)))
    };
    let (from_text, from_tree) = (judged(text, tree), judged(tree, text));
    let mut found = Vec::new();
    let mut rules = Vec::new();
    for (form, read, judged) in [(Form::Dsl, of_text, from_text), (Form::Tree, of_tree, from_tree)] {
        let Some(read) = read else { continue };
        let (rule, of_form) = match (read, judged) {
            (Err(refused), _) => (None, refused),
            (Ok(_), judged) => judged.unwrap_or_else(|| (None, Found::repairing(limits.errors))),
        };
        rules.push(rule);
        found.extend(of_form.into_safe().into_iter().map(|suggestion| (form, suggestion)));
    }
    let accepted = match rules.as_mut_slice() {
        [Some(text), Some(tree)] => (text == tree).then(|| text.clone()),
        [rule] => rule.take(),
        _ => None,
    };
    (accepted, found)
}

/// The tree of one rule made that of another, where it is laid out as the
/// platform does: then what is the same in the two is written the same.
fn tree_anew(before: &Rule, tree: &str, after: &Rule, limits: &Limits) -> Option<Suggestion> {
    let written = tree.trim();
    let start = tree.len().checked_sub(tree.trim_start().len())?;
    let span = Span::new(start, start.checked_add(written.len())?);
    let styles = [TreeStyle::Pretty, TreeStyle::Compact, TreeStyle::Spaced];
    let tree_of = |rule: &Rule, style| rule.to_tree(style, limits.rule_tree).ok();
    let same = |style: &TreeStyle| tree_of(before, *style).is_some_and(|tree| tree.trim() == written);
    let style = styles.into_iter().find(same)?;
    let anew = tree_of(after, style)?;
    Some(Suggestion::replace(span, anew.trim(), Confidence::Safe))
}

/// The rule with everything repaired that can be repaired safely: text, or a
/// tree where it starts with `{`. What is left is for a person to decide; a
/// check of the result tells it.
///
/// Cost is that of some checks of the rule: one for each round of repairs.
///
/// ```
/// use target_rules::check::fix;
/// use target_rules::{Limits, Schema};
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let text = "currentCustomer.firstName == \"Ann\" and currentTxn.valu > 5";
/// let fixed = fix(text, &schema, &limits);
/// // `valu` is not what it means for sure.
/// assert_eq!(fixed.text, "currentCustomer.firstname == \"Ann\" && currentTxn.valu > 5");
/// assert_eq!(fixed.applied, 2);
/// ```
pub fn fix(rule: &str, schema: &Schema, limits: &Limits) -> Fixed {
    let is_tree = rule.trim_start().starts_with('{');
    Fixed::of(rule, |rule| {
        let (text, tree) = if is_tree { (None, Some(rule)) } else { (Some(rule), None) };
        let found = safe_suggestions(text, tree, schema, limits);
        found.into_iter().map(|(_, suggestion)| suggestion).collect()
    })
}

/// A document of JSON with the rule that it holds repaired, as [`fix`] repairs
/// one, in both of its forms; every other byte is kept. The paths lead to the
/// strings that are its text and its tree.
///
/// A document that cannot be read, and one without these strings, is given back
/// as it is.
///
/// ```
/// use target_rules::check::fix_in_document;
/// use target_rules::json::PathSegment;
/// use target_rules::{Limits, Schema};
/// let line = r#"{"id": "r-1", "dsl": "currentTxn.value=5 and currentStore.name==\"A\""}"#;
/// let [text, tree] = ["dsl", "tree"].map(|key| [PathSegment::Key(key.to_owned())]);
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let fixed = fix_in_document(line, &text, &tree, &schema, &limits);
/// let expected =
///     r#"{"id": "r-1", "dsl": "currentTxn.value==5 && currentStore.name==\"A\""}"#;
/// assert_eq!(fixed.text, expected);
/// ```
pub fn fix_in_document(
    document: &str,
    text: &[PathSegment],
    tree: &[PathSegment],
    schema: &Schema,
    limits: &Limits,
) -> Fixed {
    let in_document = |document: &str| {
        let root = Located::read(&mut Reader::new(document)).ok()?;
        let [text, tree] = [text, tree].map(|path| {
            let (value, taken) = find(document, root, path);
            (taken == path.len()).then_some(value)
        });
        Some(safe_suggestions_in_document(document, text, tree, schema, limits))
    };
    Fixed::of(document, |document| in_document(document).unwrap_or_default())
}

/// The safe suggestions for a rule whose forms are values of a document of
/// JSON, as edits of the document. The text may also be `true` or `false`; what
/// is no form of a rule gets none.
///
/// Together they keep an accepted rule accepted. Where the two forms agree and
/// only the text has a repair, the tree is made anew from the text, if it is
/// laid out in one of the styles of [`TreeStyle`]; otherwise the text stays too.
///
/// ```
/// use target_rules::check::safe_suggestions_in_document;
/// use target_rules::diagnostic::Suggestion;
/// use target_rules::json::{Located, Reader};
/// use target_rules::{Limits, Schema};
/// let document = r#""currentStore.name = \"Centre\"""#;
/// let text = Located::read(&mut Reader::new(document))?;
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let found =
///     safe_suggestions_in_document(document, Some(text), None, &schema, &limits);
/// let mended = Suggestion::apply_all(document, &found);
/// assert_eq!(mended, r#""currentStore.name == \"Centre\"""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn safe_suggestions_in_document(
    document: &str,
    text: Option<Located>,
    tree: Option<Located>,
    schema: &Schema,
    limits: &Limits,
) -> Vec<Suggestion> {
    let written = |value: Located| {
        let decoded = Reader::within(document, value.span).string().ok()?;
        Some((decoded, Escapes::of(document, value)))
    };
    let text = text.and_then(|value| match value.kind {
        Kind::Boolean(constant) => Some((constant.to_string(), Escapes::of(document, value))),
        _ => written(value),
    });
    let tree = tree.and_then(written);
    let [of_text, of_tree] = [&text, &tree].map(|form| form.as_ref().map(|(decoded, _)| decoded.as_str()));
    let found = safe_suggestions(of_text, of_tree, schema, limits);
    let edits = found.iter().filter_map(|(form, suggestion)| {
        let form = if *form == Form::Tree { &tree } else { &text };
        form.as_ref().map(|(_, escapes)| escapes.suggestion(suggestion))
    });
    edits.collect()
}
