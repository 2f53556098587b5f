//! The way into this crate for documents: their size is bounded and they are
//! UTF-8 before anything else is done.

use std::sync::Arc;

use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span, utf8_of};

use super::parsed::Parsed;
use super::read::ReadJson;
use super::shape::Mismatch;

/// The text of a document of at most as many bytes as a payload may have.
/// `what` it is called where it has more.
pub(crate) fn text_within<'i>(
    document: &'i (impl Input + ?Sized),
    what: &str,
    limits: &Limits,
) -> Result<&'i str, Diagnostics> {
    let most = limits.payload.min(Limits::HARDEST_TEXT);
    let text = utf8_of(document, Form::Payload, most)?;
    if text.len() <= most {
        return Ok(text);
    }
    let message = format!("{what} {} bytes; at most {most} are read", text.len());
    let fault = Diagnostic::new(Code::Limit, Span::new(most, text.len()), message);
    Err(refusal(text, fault, limits))
}

/// The same, parsed.
pub(crate) fn parsed_within(
    document: &(impl Input + ?Sized),
    what: &str,
    limits: &Limits,
) -> Result<Parsed, Diagnostics> {
    let text = text_within(document, what, limits)?;
    Parsed::parse(Arc::from(text), 0, limits.payload_depth).map_err(|fault| refusal(text, fault, limits))
}

/// Reads a document whole.
pub(crate) fn read_document<T: ReadJson>(
    document: &(impl Input + ?Sized),
    limits: &Limits,
) -> Result<T, Diagnostics> {
    let parsed = parsed_within(document, "the payload has", limits)?;
    T::read(parsed.root()).map_err(|fault| {
        let fault = match &fault.mismatch {
            Mismatch::HalfACharacter => {
                let message = format!("this is not JSON: {}", fault.mismatch);
                Diagnostic::new(Code::JsonSyntax, fault.place, message)
            }
            _ => fault.diagnostic(Some("the payload")).note("of another shape"),
        };
        refusal(parsed.text(), fault, limits)
    })
}

fn refusal(text: &str, fault: Diagnostic, limits: &Limits) -> Diagnostics {
    Diagnostics::gather(&Source::new(Form::Payload, text), vec![fault], limits.errors)
}
