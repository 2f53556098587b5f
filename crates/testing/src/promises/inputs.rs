//! What every promise does with its input.

use target_rules::diagnostic::Form;
use target_rules::{Ast, Checked, Diagnostics, Limits, Schema};

/// The text of an input; of one that is not UTF-8, the part before it fails.
pub(super) fn text_of(data: &[u8]) -> &str {
    match std::str::from_utf8(data) {
        Ok(text) => text,
        Err(error) => {
            data.get(..error.valid_up_to()).and_then(|text| str::from_utf8(text).ok()).unwrap_or("")
        }
    }
}

/// What must be there; the promise is broken where it is not.
pub(super) fn must<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// A text or a tree, read and checked with the standard schema.
pub(super) fn read_and_check(form: Form, text: &str) -> Result<Checked, Diagnostics> {
    let limits = Limits::default();
    let ast = match form {
        Form::Tree => Ast::from_tree(text, &limits)?,
        _ => Ast::from_text(text, &limits)?,
    };
    Ok(ast.check(&Schema::standard(), &limits))
}
