//! What a check says of a rule, and a rule with its safe repairs.

use target_rules::diagnostic::{Form, Suggestion};
use target_rules::{Ast, Diagnostic, Diagnostics, Limits, Schema};

/// What is said of a text or tree by the standard schema, by whichever stage.
pub struct RuleCheck {
    /// Errors and warnings, in order.
    pub found: Diagnostics,
    /// Whether it could be read.
    pub reads: bool,
    /// Its canonical text where it is accepted.
    pub accepted: Option<String>,
}

impl RuleCheck {
    /// Reads the text or tree, and checks it where it can be read.
    pub fn of(form: Form, text: &str, limits: &Limits) -> RuleCheck {
        let ast = match form {
            Form::Tree => Ast::from_tree(text, limits),
            _ => Ast::from_text(text, limits),
        };
        match ast.map(|ast| ast.check(&Schema::standard(), limits)) {
            Ok(checked) => RuleCheck {
                accepted: checked.rule().map(|rule| rule.to_text()),
                found: checked.diagnostics().clone(),
                reads: true,
            },
            Err(found) => RuleCheck { found, reads: false, accepted: None },
        }
    }

    /// The same of a text, with every fault that it has.
    pub fn of_text(text: &str) -> RuleCheck {
        RuleCheck::of(Form::Dsl, text, &all_faults())
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.found.iter().filter(|found| found.is_error()).count()
    }

    /// How often the same is said, wherever it stands.
    pub fn times(&self, one: &Diagnostic) -> usize {
        self.found.iter().filter(|other| (other.code, &other.message) == (one.code, &one.message)).count()
    }
}

/// Limits by which no fault of a rule is left out.
pub fn all_faults() -> Limits {
    let mut limits = Limits::default();
    limits.errors = 10_000;
    limits
}

/// A text with all safe suggestions applied, until there are none. A warning is
/// told at most a hundred times, and entities hide what else is wrong: hence in
/// rounds.
pub fn mended(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..40 {
        let found = RuleCheck::of_text(&text).found;
        let safe = found.iter().flat_map(|found| &found.suggestions).filter(|one| one.is_safe());
        let next = Suggestion::apply_all(&text, safe);
        if next == text {
            return text;
        }
        text = next;
    }
    panic!("there is always something more to mend: {text}")
}
