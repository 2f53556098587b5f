//! Some values of a subject's domain: sets of numbers, of texts, and what else may
//! be asked of one subject.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::value::{Bounds, DateText, Fixed, Number, Pattern};

/// Some values of a subject's domain.
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
    /// The instants that compare so with a date that the rule writes.
    Dates(Operator, DateText),
    /// The one truth value `true`.
    True,
    /// What may be there, or not.
    Presence(Presence),
    /// What a custom field or a segment may have.
    Values(Values),
}

/// Whether a value is there, and what is asked of it besides.
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
    /// It is absent, and nothing that it needs is at fault.
    Absent,
    /// A text that is there, is not empty, and holds this one.
    Holding(Arc<str>),
    /// A date that is there and is one.
    Valid,
}

/// What is asked of a custom field or a segment.
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
    /// One of its texts is this; unknown where the profile has no such fields
    /// at all.
    Includes(Arc<str>),
    /// It has a text that is not empty; never unknown.
    Any,
}

/// Some numbers.
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

/// The two forms in which engines ask for numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Numbers {
    /// All between two ends.
    Within(Bounds),
    /// Billionths of several numbers, ascending, none of them twice.
    Points(Box<[i64]>),
}

/// Numbers between two ends. An end is a number, and whether it is one of them
/// itself; `None` where there is no end.
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
    /// The numbers between two ends.
    pub(crate) fn within(bounds: Bounds) -> NumberSet {
        NumberSet(Numbers::Within(bounds))
    }

    /// Whole numbers from a first to a last one.
    pub(crate) fn whole(first: i64, last: i64) -> NumberSet {
        let fixed = |number: i64| Fixed::of(Number::from_integer(number));
        let low = fixed(first).map(|first| Bounds::from(first, false));
        let high = fixed(last).map(|last| Bounds::up_to(last, false));
        // INVARIANT: a part of a date is far from the ends of what is held.
        NumberSet::within(match (low, high) {
            (Some(low), Some(high)) => low.and(high),
            _ => Bounds::ALL,
        })
    }

    /// The set as ranges, ascending; a single number has twice the same end.
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

    /// Whether a number is one of them.
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

/// Some texts.
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
    /// These, ascending, none of them twice.
    Values(Box<[Arc<str>]>),
    /// All that hold this one.
    Containing(Arc<str>),
    /// All in which the pattern is found.
    Matching(Pattern),
}

impl TextSet {
    /// Whether a text is one of them.
    pub fn contains(&self, text: &str) -> bool {
        match self {
            TextSet::Values(values) => values.binary_search_by(|value| (**value).cmp(text)).is_ok(),
            TextSet::Containing(part) => text.contains(&**part),
            TextSet::Matching(pattern) => pattern.is_match(text),
        }
    }
}
