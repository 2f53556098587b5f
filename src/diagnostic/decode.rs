//! Bytes that ought to be text: the first door of every file.

use crate::limits::Limits;
use crate::report::{Code, Diagnostic, Form, Offset, Span};

use super::gather::Diagnostics;
use super::source::Source;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Source {
    /// A source of bytes, of which at most `most` are allowed, and never more than
    /// [`Limits::HARDEST_TEXT`]. A byte order mark before a rule's text or tree,
    /// which some editors write, is no part of it; in a document it stays, for
    /// places there count from the start of the file.
    ///
    /// A host that reads a stream may stop one byte after `most`: the fault only
    /// says that there are more. Fails with the fault, and with a source to show
    /// it in.
    pub fn decode(form: Form, bytes: &[u8], most: usize) -> Result<Source, (Source, Diagnostics)> {
        Source::text_of(form, bytes, most).map(|text| Source::new(form, text))
    }

    /// The same without a copy: the bytes as a text. Allocates only for a fault.
    pub fn text_of(form: Form, bytes: &[u8], most: usize) -> Result<&str, (Source, Diagnostics)> {
        let most = most.min(Limits::HARDEST_TEXT);
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).filter(|_| form != Form::Payload).unwrap_or(bytes);
        let fault = if bytes.len() > most {
            let message = format!("this is longer than {most} bytes, and no more are read");
            Diagnostic::new(Code::Limit, Span::new(most, bytes.len()), message)
                .note("from here on it is too long")
                .help("a larger input passes where the limit is raised")
        } else {
            let error = match std::str::from_utf8(bytes) {
                Ok(text) => return Ok(text),
                Err(error) => error,
            };
            let code = if form == Form::Dsl { Code::Syntax } else { Code::JsonSyntax };
            let at = error.valid_up_to();
            let shown = char::REPLACEMENT_CHARACTER.len_utf8();
            let help = match bytes {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it looks like UTF-16; save it as UTF-8",
                _ => "save it as UTF-8",
            };
            Diagnostic::new(code, Span::new(at, Offset::from(at) + shown), "this is not UTF-8 text")
                .note("no character is written like this")
                .help(help)
        };
        let source = Source::new(form, String::from_utf8_lossy(bytes));
        let diagnostics = Diagnostics::gather(&source, vec![fault], 1);
        Err((source, diagnostics))
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Form, Source};

    #[test]
    fn what_is_not_text_is_shown_where_it_stops_to_be() {
        let (source, faults) = Source::decode(Form::Dsl, b"caf\xe9==1", 100).unwrap_err();
        let fault = faults.iter().next().unwrap();
        assert_eq!((fault.code, fault.column), (Code::Syntax, 4));
        assert_eq!(source.slice(fault.span), "\u{fffd}");
        let (_, faults) = Source::decode(Form::Payload, b"\xff\xfe{\0", 100).unwrap_err();
        let fault = faults.iter().next().unwrap();
        assert_eq!(fault.code, Code::JsonSyntax);
        assert!(fault.help.as_ref().is_some_and(|help| help.contains("UTF-16")));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_rule() {
        let source = Source::decode(Form::Dsl, b"\xef\xbb\xbftrue", 4).unwrap();
        assert_eq!(source.text(), "true");
    }

    #[test]
    fn as_many_bytes_as_are_allowed_pass_and_one_more_does_not() {
        assert_eq!(Source::decode(Form::Dsl, b"true", 4).unwrap().text(), "true");
        let (_, faults) = Source::decode(Form::Dsl, b"true ", 4).unwrap_err();
        assert_eq!(faults.iter().next().map(|fault| (fault.code, fault.column)), Some((Code::Limit, 5)));
    }
}
