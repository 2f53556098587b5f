//! Inputs as text, of a bounded length.

use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span, utf8_of};

/// The text of an input that has at most so many bytes.
pub(crate) fn text_within<'i>(
    input: &'i (impl Input + ?Sized),
    most: usize,
    what: &str,
) -> Result<&'i str, Diagnostics> {
    let most = most.min(Limits::HARDEST_TEXT);
    let text = utf8_of(input, Form::Payload, most)?;
    if text.len() <= most {
        return Ok(text);
    }
    let message = format!("{what} has {} bytes; at most {most} are read", text.len());
    let fault = Diagnostic::new(Code::Limit, Span::new(most, text.len()), message);
    Err(Diagnostics::gather(&Source::new(Form::Payload, text), vec![fault], 1))
}
