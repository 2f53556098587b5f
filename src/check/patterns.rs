//! Regular expressions of a rule: compiled once, and few enough of them.

use crate::diagnostic::{Code, Diagnostic, Span, counted, or_raise};
use crate::limits::Limits;
use crate::syntax::place_in_string;
use crate::typed::Type;
use crate::value::Pattern;

use super::checker::Checker;

impl Checker<'_> {
    /// Compiles the pattern that a string at `span` holds; reports where it is
    /// refused. Of an enumeration it must match the whole constant.
    pub(super) fn pattern(&mut self, text: &str, span: Span, receiver: Option<&Type>) -> Option<Pattern> {
        if self.patterns.next().is_none() {
            let most = self.limits.regex_count;
            self.too_much_regex(
                span,
                format!("a rule has at most {}", counted(most, "regular expression")),
                "one too many",
                "join several in one, such as `(red|blue)`",
                ("regex-count", most),
            );
            return None;
        }
        let most = self.limits.regex;
        if text.len() > most {
            self.too_much_regex(
                span,
                format!("a regular expression has at most {}", counted(most, "byte")),
                &format!("this has {}", text.len()),
                "split it into several conditions",
                ("regex", most),
            );
            return None;
        }
        let whole = matches!(receiver, Some(Type::Enum(_)));
        let limits = self.limits;
        let (compiled, states, steps) = (limits.regex_compiled, limits.regex_states, limits.regex_steps);
        match Pattern::compile_within(text, whole, compiled, states, steps) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let place = place_in_string(self.ast.source(), span, Span::new(error.start, error.end));
                if let Some(name) = error.limit {
                    let help = error.help.unwrap_or_default();
                    let most = Limits::named(name).map_or(0, |limit| limit.of(self.limits));
                    self.too_much_regex(place, error.message, "too large", &help, (name, most));
                } else {
                    self.report(
                        Diagnostic::new(
                            Code::Regex,
                            place,
                            format!("this regular expression is refused: {}", error.message),
                        )
                        .note("in this part")
                        .help_if(error.help),
                    );
                }
                None
            }
        }
    }

    fn too_much_regex(
        &mut self,
        span: Span,
        message: String,
        note: &str,
        help: &str,
        (limit, most): (&str, usize),
    ) {
        let help = format!("{help}{}", or_raise(limit, most, None));
        self.report(Diagnostic::new(Code::Limit, span, message).note(note).help(help));
    }
}
