//! What a value of a document of another shape is made into before it is read.

use std::fmt;

use crate::json::Kind;

/// A scalar as a document has it.
///
/// ```
/// use target_rules::json::Kind;
/// use target_rules::transaction::Written;
/// let price = Written { kind: Kind::Number, text: "45500" };
/// assert_eq!(price.text.len(), 5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'a> {
    /// Its type: a string, a number or a boolean.
    pub kind: Kind,
    /// The decoded string, the digits, or the constant.
    pub text: &'a str,
}

/// Makes a value of a document of another shape into one that standard documents
/// have, such as `45500` into `455.00`.
///
/// It is asked for each value, so it should not allocate but for an error.
///
/// ```
/// use target_rules::json::Kind;
/// use target_rules::transaction::{Conversion, Written};
///
/// /// Tiers as a till writes them: in any case.
/// #[derive(Debug)]
/// struct UpperCase;
///
/// impl Conversion for UpperCase {
///     fn convert(&self, value: Written, into: &mut String) -> Result<Kind, String> {
///         into.push_str(&value.text.to_uppercase());
///         Ok(Kind::String)
///     }
/// }
/// let mut text = String::new();
/// let written = Written { kind: Kind::String, text: "gold" };
/// assert_eq!(UpperCase.convert(written, &mut text), Ok(Kind::String));
/// assert_eq!(text, "GOLD");
/// ```
pub trait Conversion: fmt::Debug + Send + Sync {
    /// Appends the text of what the value becomes to `into`, which is empty, and
    /// returns its type. [`Kind::Null`] makes the value absent.
    ///
    /// The error is the end of a sentence that begins with the value's key, such
    /// as "must be a number with a decimal comma, is `x`".
    #[expect(clippy::missing_errors_doc, reason = "it is the paragraph above")]
    fn convert(&self, value: Written<'_>, into: &mut String) -> Result<Kind, String>;

    /// Between the values of one text, where several are read of it: those of a
    /// custom field, of a segment, of a list of numbers.
    fn separator(&self) -> Option<&str> {
        None
    }
}
