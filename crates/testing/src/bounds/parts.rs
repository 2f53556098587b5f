//! What shapes are made of.

use target_rules::diagnostic::Form;
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Diagnostics, Limits, Rule, Schema};

/// So many parts, each by its number, joined.
pub(super) fn joined(parts: usize, by: &str, part: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..parts {
        if at > 0 {
            text.push_str(by);
        }
        text.push_str(&part(at));
    }
    text
}

/// Terms of a rule that all must hold.
pub(super) fn all(parts: usize, part: impl Fn(usize) -> String) -> String {
    joined(parts, "&&", part)
}

/// Terms of a rule of which one must hold.
pub(super) fn any(parts: usize, part: impl Fn(usize) -> String) -> String {
    joined(parts, "||", part)
}

/// An array of JSON.
pub(super) fn array(parts: usize, part: impl Fn(usize) -> String) -> String {
    format!("[{}]", joined(parts, ",", part))
}

/// Members of an object of JSON.
pub(super) fn members(parts: usize, part: impl Fn(usize) -> String) -> String {
    joined(parts, ",", part)
}

/// The same text again and again.
pub(super) fn again(text: &str, times: usize) -> String {
    text.repeat(times)
}

/// A string of JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The tree of a rule, in the style that takes the fewest bytes.
pub(super) fn tree(text: &str) -> String {
    let tree = checked(text).to_tree(TreeStyle::Compact, Limits::default().rule_tree);
    tree.unwrap_or_else(|refused| panic!("{refused}"))
}

/// A rule of either form, read and checked by the standard schema.
pub(super) fn read(form: Form, text: &str) -> Result<Rule, Diagnostics> {
    let limits = Limits::default();
    let ast = match form {
        Form::Tree => Ast::from_tree(text, &limits)?,
        _ => Ast::from_text(text, &limits)?,
    };
    ast.check(&Schema::standard(), &limits).into_rule()
}

/// A rule that must check: a shape that is refused measures something else.
pub(super) fn checked(text: &str) -> Rule {
    read(Form::Dsl, text).unwrap_or_else(|refused| panic!("{refused}: {}", &text[..text.len().min(200)]))
}
