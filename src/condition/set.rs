//! Sets of values of a subject: of numbers, of texts, and other tests of a
//! single subject.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::value::{Bounds, DateText, Fixed, Number, Pattern};

/// A set of values that a subject may have.
///
/// ```
/// use target_rules::condition::{Predicate, Set};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.date.isBefore(2026,1,1)", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::In(_, set) = &*rule.condition().predicates()[0] else { panic!() };
/// assert!(matches!(set, Set::Dates(..)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Set {
    /// Numbers.
    Numbers(NumberSet),
    /// Texts.
    Texts(TextSet),
    /// The dates that compare so with a date constant of the rule.
    Dates(Operator, DateText),
    /// The one truth value `true`.
    True,
    /// A test whether a value is present.
    Presence(Presence),
    /// A test of the values of a custom field or segment.
    Values(Values),
}

/// A test whether a value is present or absent, and of what kind it is.
///
/// ```
/// use target_rules::condition::{Predicate, Presence, Set};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentCustomer.slabName.isNull()", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::In(_, set) = &*rule.condition().predicates()[0] else { panic!() };
/// assert_eq!(*set, Set::Presence(Presence::Absent));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presence {
    /// It is absent, and no value that it needs is at fault.
    Absent,
    /// A text that is present, is not empty, and contains this one.
    Holding(Arc<str>),
    /// A date that is present and valid.
    Valid,
}

/// A test of the values of a custom field or a segment.
///
/// ```
/// use target_rules::condition::{Predicate, Set, Values};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"currentCustomer.customFieldValueIncludes("hobby", "golf")"#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::In(_, set) = &*rule.condition().predicates()[0] else { panic!() };
/// assert_eq!(*set, Set::Values(Values::Includes("golf".into())));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Values {
    /// One of its values is this text; unknown where the document has no custom
    /// fields or segments for the profile.
    Includes(Arc<str>),
    /// It has a value that is not empty; never unknown.
    Any,
}

/// A set of numbers.
///
/// ```
/// use target_rules::condition::{Clause, Predicate, Set};
/// use target_rules::{Ast, Limits, Number, Schema};
/// let limits = Limits::default();
/// let text = "currentTxn.value > 500 && currentTxn.value <= 900";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Clause::Literal(literal) = rule.condition().root() else { panic!() };
/// let Predicate::In(_, Set::Numbers(numbers)) = &*literal.predicate else { panic!() };
/// assert!(numbers.contains(Number::from(900)));
/// assert!(!numbers.contains(Number::from(500)));
/// let range = numbers.ranges().next().ok_or("one range")?;
/// assert_eq!(range.low, Some((Number::from(500), false))); // 500 itself is out
/// assert_eq!(range.high, Some((Number::from(900), true)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumberSet(pub(crate) Numbers);

/// The two representations of a set of numbers that engines handle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Numbers {
    /// All numbers between two ends.
    Within(Bounds),
    /// Several numbers in billionths, ascending, without duplicates.
    Points(Box<[i64]>),
}

/// The numbers between two ends. An end is a number and whether the range
/// includes it; `None` where the range is open on that side.
///
/// ```
/// use target_rules::condition::{Predicate, Set};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::In(_, set) = &*rule.condition().predicates()[0] else { panic!() };
/// let Set::Numbers(numbers) = set else { panic!() };
/// let range = numbers.ranges().next().ok_or("one range")?;
/// assert!(range.low.is_some_and(|(end, included)| end == 500.into() && !included));
/// assert_eq!(range.high, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRange {
    /// The lower end.
    pub low: Option<(Number, bool)>,
    /// The upper end.
    pub high: Option<(Number, bool)>,
}

impl NumberSet {
    /// The set of all numbers between two ends.
    pub(crate) fn within(bounds: Bounds) -> NumberSet {
        NumberSet(Numbers::Within(bounds))
    }

    /// The whole numbers from `first` to `last`.
    pub(crate) fn whole(first: i64, last: i64) -> NumberSet {
        let fixed = |number: i64| Fixed::of(Number::from_integer(number));
        let low = fixed(first).map(|first| Bounds::from(first, false));
        let high = fixed(last).map(|last| Bounds::up_to(last, false));
        // INVARIANT: a part of a date is far from the limits of `Fixed`.
        NumberSet::within(match (low, high) {
            (Some(low), Some(high)) => low.and(high),
            _ => Bounds::ALL,
        })
    }

    /// The set as ranges, ascending. A single number is a range with that
    /// number as both ends.
    pub fn ranges(&self) -> impl Iterator<Item = NumberRange> + '_ {
        let (bounds, points): (Option<&Bounds>, &[i64]) = match &self.0 {
            Numbers::Within(bounds) => (Some(bounds), &[]),
            Numbers::Points(points) => (None, points),
        };
        let range = bounds.map(|bounds| NumberRange { low: bounds.low_end(), high: bounds.high_end() });
        range.into_iter().chain(points.iter().map(|point| {
            let end = Some((Fixed::of_small(*point).number(), true));
            NumberRange { low: end, high: end }
        }))
    }

    /// Whether the set contains a number.
    pub fn contains(&self, number: Number) -> bool {
        match (&self.0, Fixed::of(number)) {
            (Numbers::Within(bounds), Some(fixed)) => bounds.hold(fixed),
            (Numbers::Within(bounds), None) => bounds.hold_number(number),
            (Numbers::Points(points), Some(fixed)) => {
                fixed.small().is_some_and(|small| points.binary_search(&small).is_ok())
            }
            (Numbers::Points(_), None) => false,
        }
    }
}

/// A set of texts.
///
/// ```
/// use target_rules::condition::{Clause, Predicate, Set};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"currentCustomer.slabName == "Gold"
///     || currentCustomer.slabName == "Silver""#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Clause::Literal(literal) = rule.condition().root() else { panic!() };
/// let Predicate::In(_, Set::Texts(texts)) = &*literal.predicate else { panic!() };
/// assert!(texts.contains("Silver") && !texts.contains("Bronze"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextSet {
    /// These texts, ascending, without duplicates.
    Values(Box<[Arc<str>]>),
    /// All texts that contain this one.
    Containing(Arc<str>),
    /// All texts that match the pattern somewhere.
    Matching(Pattern),
}

impl TextSet {
    /// Whether the set contains a text.
    pub fn contains(&self, text: &str) -> bool {
        match self {
            TextSet::Values(values) => values.binary_search_by(|value| (**value).cmp(text)).is_ok(),
            TextSet::Containing(part) => text.contains(&**part),
            TextSet::Matching(pattern) => pattern.is_match(text),
        }
    }
}
