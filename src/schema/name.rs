//! The error for a name that a host asks the schema for.

use super::lookup::NameMatch;
use super::names::Listed;

/// A name that the schema does not have, or that matches several names.
///
/// ```
/// let schema = target_rules::Schema::standard();
/// let slip = schema.profile("currentCustmer").unwrap_err();
/// assert_eq!((slip.name(), slip.closest()), ("currentCustmer", Some("currentCustomer")));
/// assert_eq!(
///     slip.to_string(),
///     "there is no profile `currentCustmer`; did you mean `currentCustomer`?"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    /// The start of the message, such as `there is no profile`.
    lacking: String,
    name: String,
    candidates: Vec<String>,
    ambiguous: bool,
}

impl NameError {
    /// A name that is not listed, and the closest listed name.
    pub(super) fn unknown(lacking: impl Into<String>, name: &str, closest: Option<&str>) -> NameError {
        let candidates = closest.map(str::to_owned).into_iter().collect();
        NameError { lacking: lacking.into(), name: name.to_owned(), candidates, ambiguous: false }
    }

    /// The same with another closest name, where it has none.
    pub(super) fn or_close(mut self, close: Option<&str>) -> NameError {
        if self.candidates.is_empty() {
            self.candidates.extend(close.map(str::to_owned));
        }
        self
    }

    /// A name that matches several regardless of case, and none exactly.
    pub(super) fn ambiguous(name: &str, candidates: Vec<&str>) -> NameError {
        let candidates = candidates.into_iter().map(str::to_owned).collect();
        NameError { lacking: String::new(), name: name.to_owned(), candidates, ambiguous: true }
    }

    /// The name that was asked for.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The listed name that was most likely meant; `None` where none is close,
    /// or several are equally close.
    pub fn closest(&self) -> Option<&str> {
        self.candidates.first().filter(|_| !self.ambiguous).map(String::as_str)
    }

    /// The listed names that it may stand for: the closest, or all that differ
    /// from it only in case.
    pub fn candidates(&self) -> impl Iterator<Item = &str> {
        self.candidates.iter().map(String::as_str)
    }

    /// Whether several listed names differ from it only in case.
    pub fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }
}

impl std::fmt::Display for NameError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = crate::diagnostic::visible(&crate::diagnostic::shortened(&self.name));
        if self.ambiguous {
            return write!(formatter, "`{name}` could be `{}`", self.candidates.join("` or `"));
        }
        write!(formatter, "{} `{name}`", self.lacking)?;
        match self.closest() {
            Some(close) => write!(formatter, "; did you mean `{close}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NameError {}

/// The entry that was found; `unknown` makes the error for a name that is not
/// listed.
pub(super) fn resolved<'s, T: Listed>(
    found: NameMatch<'s, T>,
    name: &str,
    unknown: impl FnOnce() -> NameError,
) -> Result<(&'s str, &'s T), NameError> {
    match found {
        NameMatch::Exact(name, entry) | NameMatch::Respelled(name, entry) => Ok((name, entry)),
        NameMatch::Ambiguous(names) => Err(NameError::ambiguous(name, names)),
        NameMatch::Unknown => Err(unknown()),
    }
}
