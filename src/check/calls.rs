//! Arguments that fit, made into a call that has the fields it needs.

use std::sync::Arc;

use crate::schema::Function;
use crate::schema::model::Method;
use crate::syntax::Operator;
use crate::typed::{
    Answer, CallKind, Container, DateArgument, Figure, Items, Node, NodeKind, ProfileName, Read, Receiver,
    Selection, Type, ValueKind,
};
use crate::value::{DateDistance, DatePart, DateText, Number, Pattern};

/// An argument, converted to what its parameter uses it as.
#[derive(Debug, Clone)]
pub(super) enum Argument {
    Text(String),
    /// The name of an attribute of line items.
    ItemAttribute(Arc<str>),
    /// A value of that attribute.
    ItemValue(Arc<str>),
    Number(Number),
    /// A truth value, which only the host's answers ask for.
    Boolean,
    Pattern(Pattern),
    Date(DateText),
    /// Ascending numbers.
    Edges(Vec<Number>),
    Figure(Figure),
    Comparison(Operator),
    /// A node to evaluate: its index among the call's arguments.
    Node(usize),
    /// The same, whose text is a date.
    DateNode(usize),
}

/// A call whose arguments were fitted to the parameters of its method.
pub(super) struct Fitted<'c> {
    pub(super) name: &'c str,
    pub(super) method: &'c Method,
    pub(super) receiver: &'c Receiver,
    pub(super) arguments: &'c [Arc<Node>],
    pub(super) prepared: &'c [Argument],
    /// The type of what it gives.
    pub(super) of: &'c Type,
}

impl Fitted<'_> {
    /// What the call asks; `None` where the schema gives its function other
    /// parameters than it takes, which a test excludes for the standard schema.
    pub(super) fn kind(&self) -> Option<CallKind> {
        match self.receiver {
            Receiver::Profile(profile) => self.of_profile(profile),
            Receiver::Value(value) => self.of_value(value),
        }
    }

    fn of_profile(&self, profile: &Arc<ProfileName>) -> Option<CallKind> {
        let items = || Some(Items { profile: profile.clone(), selection: self.selection()? });
        let container = |read: Read| Container { profile: profile.clone(), read: Arc::new(read) };
        let section = profile.section.clone();
        let custom_field =
            || Some(container(Read::CustomField { section: section.clone(), name: self.text(0)?.into() }));
        let segment =
            || Some(container(Read::Segment { section: section.clone(), name: self.text(0)?.into() }));
        let has_value = |container: Option<Container>, negated| {
            Some(CallKind::HasValue { container: container?, value: self.text(1)?.into(), negated })
        };
        Some(match self.method.function {
            Function::Answered => {
                let read = self.answer(section.clone())?;
                CallKind::Answer(Answer { profile: profile.clone(), read: Arc::new(read) })
            }
            Function::BasketAmount => CallKind::Sum { items: items()?, figure: Figure::Amount },
            Function::BasketQuantity => CallKind::Sum { items: items()?, figure: Figure::Quantity },
            Function::BasketValue => CallKind::Sum { items: items()?, figure: Figure::Value },
            Function::BasketCount => CallKind::Count(items()?),
            Function::BasketIncludes => CallKind::Includes { items: items()?, negated: false },
            Function::BasketExcludes => CallKind::Includes { items: items()?, negated: true },
            Function::ItemMatches => CallKind::ItemMatches(self.selection()?),
            Function::CustomFieldIncludes => has_value(custom_field(), false)?,
            Function::CustomFieldExcludes => has_value(custom_field(), true)?,
            Function::SegmentIncludes => has_value(segment(), false)?,
            Function::SegmentExcludes => has_value(segment(), true)?,
            Function::CustomFieldExists => CallKind::HasAnyValue(custom_field()?),
            _ => return None,
        })
    }

    fn of_value(&self, value: &Arc<Node>) -> Option<CallKind> {
        let value = || value.clone();
        let part = |part| CallKind::Part { date: value(), part };
        let distance =
            |distance| Some(CallKind::Distance { distance, from: value(), to: self.date_argument()? });
        let compare =
            |operator| Some(CallKind::Compare { operator, date: value(), other: self.date_argument()? });
        Some(match self.method.function {
            Function::Contains => CallKind::Contains { text: value(), part: self.arguments.first()?.clone() },
            Function::Matches => match self.prepared.first()? {
                Argument::Pattern(pattern) => CallKind::Matches { text: value(), pattern: pattern.clone() },
                _ => return None,
            },
            Function::Exists => {
                CallKind::Exists { text: value(), part: self.text(0).map(str::to_owned), negated: false }
            }
            Function::IsEmpty => CallKind::Exists { text: value(), part: None, negated: true },
            Function::IsNull => CallKind::IsNull { value: value(), negated: false },
            Function::IsNotNull => CallKind::IsNull { value: value(), negated: true },
            Function::IsValid => CallKind::IsValid(value()),
            Function::Day => part(DatePart::Weekday),
            Function::DayOfMonth => part(DatePart::DayOfMonth),
            Function::Month => part(DatePart::Month),
            Function::Year => part(DatePart::Year),
            Function::DateDiff => distance(DateDistance::Days)?,
            Function::DaysDiff => distance(DateDistance::Anniversary)?,
            Function::MinutesDiff => distance(DateDistance::Minutes)?,
            Function::IsAfter => compare(Operator::Greater)?,
            Function::IsBefore => compare(Operator::Less)?,
            Function::IsWeekday => CallKind::IsWeekend { date: value(), negated: true },
            Function::IsWeekend => CallKind::IsWeekend { date: value(), negated: false },
            Function::IsHourBetween => CallKind::IsBetween {
                date: value(),
                from: self.minutes(0, None)?,
                to: self.minutes(1, None)?,
            },
            Function::IsTimeBetween => CallKind::IsBetween {
                date: value(),
                from: self.minutes(0, Some(1))?,
                to: self.minutes(2, Some(3))?,
            },
            Function::Interval => match self.prepared.first()? {
                Argument::Edges(edges) => {
                    CallKind::Interval { number: value(), edges: edges.as_slice().into() }
                }
                _ => return None,
            },
            _ => return None,
        })
    }

    fn text(&self, index: usize) -> Option<&str> {
        match self.prepared.get(index)? {
            Argument::Text(text) => Some(text),
            _ => None,
        }
    }

    fn date_argument(&self) -> Option<DateArgument> {
        let node = |index: usize| self.arguments.get(index).cloned();
        Some(match self.prepared.first()? {
            Argument::Date(date) => DateArgument::Constant(*date),
            Argument::Node(index) => DateArgument::Date(node(*index)?),
            Argument::DateNode(index) => DateArgument::Text(node(*index)?),
            _ => return None,
        })
    }

    /// An hour, and a minute of it, as a minute of the day.
    fn minutes(&self, hour: usize, minute: Option<usize>) -> Option<i64> {
        let number = |index: usize| match self.prepared.get(index)? {
            Argument::Number(number) => number.as_integer(),
            _ => None,
        };
        let minute = minute.map_or(Some(0), number)?;
        number(hour)?.checked_mul(60)?.checked_add(minute)
    }

    /// Which line items the arguments select.
    fn selection(&self) -> Option<Selection> {
        Some(match (self.prepared, self.method.attribute.as_deref()) {
            ([Argument::ItemAttribute(attribute), Argument::ItemValue(value)], None) => {
                Selection::Equals { attribute: attribute.clone(), value: value.clone() }
            }
            ([Argument::ItemAttribute(attribute), Argument::Pattern(pattern)], None) => {
                Selection::Matches { attribute: attribute.clone(), pattern: pattern.clone() }
            }
            ([Argument::Pattern(pattern)], Some(attribute)) => {
                Selection::Matches { attribute: attribute.into(), pattern: pattern.clone() }
            }
            ([Argument::ItemValue(value), Argument::Pattern(pattern)], Some(attribute)) => {
                Selection::EqualsAndMatches {
                    attribute: attribute.into(),
                    value: value.clone(),
                    pattern: pattern.clone(),
                }
            }
            ([Argument::Figure(figure), Argument::Comparison(operator), Argument::Number(number)], None) => {
                Selection::Compares { figure: *figure, operator: *operator, number: *number }
            }
            _ => return None,
        })
    }

    /// What the document carries: the answers of a method by its arguments.
    fn answer(&self, section: Arc<str>) -> Option<Read> {
        let key = |argument: &Arc<Node>| match &argument.kind {
            // A number is a key by its value, not by its digits.
            NodeKind::Number(number, _) => Some(number.to_string()),
            NodeKind::Boolean(value) => Some(value.to_string()),
            NodeKind::Text(text) => Some(text.clone()),
            _ => None,
        };
        let arguments = self.arguments.iter().map(key).collect::<Option<Vec<String>>>()?;
        Some(Read::Answer { section, method: self.name.into(), arguments, kind: ValueKind::of(self.of) })
    }
}
