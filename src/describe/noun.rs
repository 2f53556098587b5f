//! Values as nouns: "the transaction value", "the number of days between ...".

use crate::condition::{
    Aggregate, Answer, ArithmeticChain, Container, DateExpression, Leaf, Measure, NumberExpression, Read,
    Selection, TextExpression,
};
use crate::schema::EXTENDED;
use crate::syntax::Operator;
use crate::typed::{Figure, ProfileName, TRANSACTION};
use crate::value::{DateDistance, DatePart, DateText, LocalTime, Number};

use super::pattern::matches;
use super::phrase::{grouped, quoted};
use super::wording::{Wording, owner, wording};

/// How the current line item or tender is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// "an item whose quantity is 3".
    Whose,
    /// "an item for which either its quantity is 3 or ...".
    Its,
}

impl Voice {
    fn possessive(self) -> &'static str {
        match self {
            Voice::Whose => "whose",
            Voice::Its => "its",
        }
    }
}

/// Whose value something is, and the same as a possessive.
struct Owner {
    name: String,
    possessive: String,
}

fn owner_of(profile: &ProfileName, voice: Voice) -> Owner {
    if profile.list.is_some() {
        return Owner { name: "it".to_owned(), possessive: voice.possessive().to_owned() };
    }
    match owner(&profile.name) {
        Some((name, possessive)) => Owner { name: name.to_owned(), possessive: possessive.to_owned() },
        None => {
            let name = format!("the profile {}", quoted(&profile.section));
            Owner { possessive: format!("{name}'s"), name }
        }
    }
}

/// The words of a phrase with its places filled. What is put in is not looked
/// at again, so no argument can pass for a place.
fn filled(phrase: &str, owner: &Owner, arguments: &[String]) -> String {
    let mut out = String::new();
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((place, after)) = after.split_once('}') else { break };
        let argument = |at: usize| arguments.get(at).map(String::as_str).unwrap_or_default();
        match place {
            "o" => out.push_str(&owner.name),
            "s" => out.push_str(&owner.possessive),
            "n" => out.push_str(argument(0)),
            "2" => out.push_str(&quoted(argument(1))),
            _ => out.push_str(&quoted(argument(0))),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// An attribute or an answer: what a description says a name for.
#[derive(Clone, Copy)]
pub(super) enum Named<'c> {
    Attribute(&'c Leaf),
    Answer(&'c Answer),
}

impl<'c> Named<'c> {
    /// The name, if the number is one and not computed by the rule.
    pub(super) fn of_number(number: &'c NumberExpression) -> Option<Named<'c>> {
        match number {
            NumberExpression::Attribute(leaf) => Some(Named::Attribute(leaf)),
            NumberExpression::Answer(answer) => Some(Named::Answer(answer)),
            _ => None,
        }
    }

    fn profile(self) -> &'c ProfileName {
        match self {
            Named::Attribute(leaf) => &leaf.0.profile,
            Named::Answer(answer) => &answer.profile,
        }
    }

    fn arguments(self) -> &'c [String] {
        match self {
            Named::Answer(answer) => match answer.read() {
                Read::Answer { arguments, .. } => arguments,
                _ => &[],
            },
            Named::Attribute(_) => &[],
        }
    }

    fn name(self) -> &'c str {
        match self {
            Named::Attribute(leaf) => &leaf.0.name,
            Named::Answer(answer) => match answer.read() {
                Read::Answer { method, .. } => method,
                _ => "",
            },
        }
    }

    fn wording(self) -> Option<&'static Wording> {
        wording(&self.profile().name, self.name())
    }

    /// What its numbers count, where the schema of an organisation says so and
    /// no words do.
    pub(super) fn unit(self) -> Option<&'c str> {
        match self {
            Named::Attribute(leaf) if self.wording().is_none() && leaf.0.unit != "currency" => {
                Some(leaf.0.unit.as_str()).filter(|unit| !unit.is_empty())
            }
            _ => None,
        }
    }

    pub(super) fn noun(self, voice: Voice) -> String {
        let owner = owner_of(self.profile(), voice);
        if let Some(words) = self.wording().filter(|words| !words.noun.is_empty()) {
            return filled(words.noun, &owner, self.arguments());
        }
        match (self, self.name().strip_prefix(EXTENDED)) {
            (Named::Attribute(_), Some(field)) => {
                format!("{} extended field {}", owner.possessive, quoted(field))
            }
            (Named::Attribute(_), None) => format!("{} {}", owner.possessive, quoted(self.name())),
            (Named::Answer(_), _) => {
                let arguments: Vec<String> = self.arguments().iter().map(|text| quoted(text)).collect();
                let of = match arguments.as_slice() {
                    [] => String::new(),
                    all => format!(" for ({})", all.join(", ")),
                };
                format!("{} answer {}{of}", owner.possessive, quoted(self.name()))
            }
        }
    }

    /// The clause around a number, if there is one: what stands before it, and
    /// after one thing or several.
    pub(super) fn around_number(self, one: bool, voice: Voice) -> Option<(String, String)> {
        let (before, after) = self.wording()?.clause.split_once('#')?;
        let owner = owner_of(self.profile(), voice);
        let after = after.replace("(s)", if one { "" } else { "s" });
        let fill = |part: &str| filled(part, &owner, self.arguments());
        Some((fill(before), fill(&after)))
    }

    /// The clause that a date ends, such as "the customer joined".
    pub(super) fn before_date(self, voice: Voice) -> Option<String> {
        let words = self.wording().filter(|words| !words.clause.is_empty() && !words.clause.contains('['))?;
        Some(filled(words.clause, &owner_of(self.profile(), voice), self.arguments()))
    }

    /// The clause of a truth value.
    pub(super) fn clause(self, holds: bool, voice: Voice) -> String {
        let parts = self.wording().and_then(|words| {
            let (before, rest) = words.clause.split_once('[')?;
            let (choice, after) = rest.split_once(']')?;
            let (positive, negative) = choice.split_once('|')?;
            Some((before, if holds { positive } else { negative }, after))
        });
        match parts {
            Some((before, verb, after)) => {
                let owner = owner_of(self.profile(), voice);
                filled(&format!("{before}{verb}{after}"), &owner, self.arguments())
            }
            None => format!("{} is {holds}", self.noun(voice)),
        }
    }
}

/// A custom field or segment: "the customer's custom field "gender"".
pub(super) fn container(container: &Container, voice: Voice) -> String {
    let owner = owner_of(&container.profile, voice);
    match container.read() {
        Read::Segment { name, .. } => format!("{} segment {}", owner.possessive, quoted(name)),
        Read::CustomField { name, .. } => format!("{} custom field {}", owner.possessive, quoted(name)),
        _ => owner.name,
    }
}

/// Whose custom field or segment it is.
pub(super) fn container_owner(container: &Container, voice: Voice) -> String {
    owner_of(&container.profile, voice).name
}

pub(super) fn text(text: &TextExpression, voice: Voice) -> String {
    match text {
        TextExpression::Constant(text) => quoted(text),
        TextExpression::Attribute(leaf) => Named::Attribute(leaf).noun(voice),
        TextExpression::Answer(answer) => Named::Answer(answer).noun(voice),
    }
}

pub(super) fn date(date: &DateExpression, voice: Voice) -> String {
    match date {
        DateExpression::Constant(date) => date_constant(date, true),
        DateExpression::Attribute(leaf) => Named::Attribute(leaf).noun(voice),
        DateExpression::Answer(answer) => Named::Answer(answer).noun(voice),
        DateExpression::Text(of) => match text(of, voice) {
            constant if matches!(of, TextExpression::Constant(_)) => {
                format!("the date written as {constant}")
            }
            noun => format!("the date in {noun}"),
        },
    }
}

/// A date of the rule: `20 October 2025`, with its time of day unless it is
/// midnight and may be left out.
pub(super) fn date_constant(date: &DateText, may_be_short: bool) -> String {
    match date {
        DateText::Local(local) => local_time(*local, may_be_short),
        DateText::Instant(instant) => match LocalTime::from_milliseconds(instant.milliseconds()) {
            Ok(local) => format!("{} UTC", local_time(local, false)),
            Err(_) => "an impossible date".to_owned(),
        },
        DateText::Invalid => "an impossible date".to_owned(),
    }
}

/// Whether a date constant is the very beginning of a local day.
pub(super) fn is_midnight(date: &DateText) -> bool {
    matches!(date, DateText::Local(local) if local.minute_of_day() == 0
        && local.second() == 0 && local.millisecond() == 0)
}

fn local_time(local: LocalTime, may_be_short: bool) -> String {
    let date = local.day_in_words();
    if may_be_short && is_midnight(&DateText::Local(local)) {
        return date;
    }
    let (second, millisecond) = (local.second(), local.millisecond());
    let mut time = format!("{:02}:{:02}", local.hour(), local.minute());
    if second != 0 || millisecond != 0 {
        time.push_str(&format!(":{second:02}"));
    }
    if millisecond != 0 {
        time.push_str(&format!(".{millisecond:03}"));
    }
    format!("{date}, {time}")
}

pub(super) fn number(of: &NumberExpression, voice: Voice) -> String {
    match of {
        NumberExpression::Constant(number) => grouped(*number),
        NumberExpression::Attribute(leaf) => Named::Attribute(leaf).noun(voice),
        NumberExpression::Answer(answer) => Named::Answer(answer).noun(voice),
        NumberExpression::Aggregate(of) => aggregate(of, voice),
        NumberExpression::Part(part, of) => {
            let of = date(of, voice);
            match part {
                DatePart::Weekday => format!("the number of the weekday (Sunday is 1) of {of}"),
                DatePart::DayOfMonth => format!("the day of the month of {of}"),
                DatePart::Month => format!("the number of the month of {of}"),
                DatePart::Year => format!("the year of {of}"),
                DatePart::MinuteOfDay => format!("the minute of the day of {of}"),
            }
        }
        NumberExpression::Distance(distance, dates) => {
            let (from, to) = (date(&dates.0, voice), date(&dates.1, voice));
            match distance {
                DateDistance::Days => format!("the number of days between {from} and {to}"),
                DateDistance::Minutes => format!("the number of minutes between {from} and {to}"),
                DateDistance::Anniversary => {
                    format!("the number of days from {from} to the nearest anniversary of {to}")
                }
            }
        }
        NumberExpression::Interval(inner, edges) => {
            let edges: Vec<String> = edges.iter().map(|edge| grouped(*edge)).collect();
            let inner = number(inner, voice);
            format!("the number of the interval (upper ends {}) that {inner} is in", edges.join(", "))
        }
        NumberExpression::Negate(operand) => format!("minus {}", operand_of(operand, voice)),
        NumberExpression::Arithmetic(chain) => arithmetic(chain, voice),
    }
}

/// An operand of arithmetic; one that is computed stands in brackets.
fn operand_of(operand: &NumberExpression, voice: Voice) -> String {
    let noun = number(operand, voice);
    match operand.is_computed() {
        true => format!("({noun})"),
        false => noun,
    }
}

/// A chain of arithmetic in the order in which it is computed.
fn arithmetic(chain: &ArithmeticChain, voice: Voice) -> String {
    let first = operand_of(&chain.first, voice);
    let steps: Vec<(Operator, &NumberExpression)> =
        chain.steps.iter().map(|(sign, of)| (*sign, of)).collect();
    match steps.as_slice() {
        // A product does not depend on the order of its two factors.
        [(Operator::Multiply, right)] => {
            if let Some(times) = chain.first.constant().and_then(times) {
                return format!("{times} {}", operand_of(right, voice));
            }
            if let Some(times) = right.constant().and_then(times) {
                return format!("{times} {first}");
            }
        }
        [(Operator::Multiply, percent), (Operator::Divide, hundred)]
            if hundred.constant() == Some(Number::HUNDRED) =>
        {
            if let Some(percent) = percent.constant() {
                return format!("{} percent of {first}", grouped(percent));
            }
        }
        [(Operator::Remainder, right)] => {
            return format!("the remainder of {first} divided by {}", operand_of(right, voice));
        }
        _ => {}
    }
    steps.into_iter().fold(first, |left, (operator, right)| {
        let right = operand_of(right, voice);
        match operator {
            Operator::Add => format!("{left} plus {right}"),
            Operator::Subtract => format!("{left} minus {right}"),
            Operator::Multiply => format!("{left} times {right}"),
            Operator::Divide => format!("{left} divided by {right}"),
            _ => format!("{left} modulo {right}"),
        }
    })
}

/// How many times something is taken.
fn times(factor: Number) -> Option<String> {
    const WORDS: [&str; 9] = [
        "twice",
        "three times",
        "four times",
        "five times",
        "six times",
        "seven times",
        "eight times",
        "nine times",
        "ten times",
    ];
    if factor.is_negative() {
        return None;
    }
    let at = factor.as_integer().and_then(|factor| usize::try_from(factor.checked_sub(2)?).ok());
    Some(match at.and_then(|at| WORDS.get(at)) {
        Some(words) => (*words).to_owned(),
        None => format!("{} times", grouped(factor)),
    })
}

/// What an aggregate measures, as a noun.
fn aggregate(of: &Aggregate, voice: Voice) -> String {
    let items = items_of(of, voice);
    match of.measure {
        Measure::Count => format!("the number of line {items}"),
        Measure::Any => format!("the presence of {items}"),
        Measure::Sum(Figure::Amount) => format!("the net amount of {items}"),
        Measure::Sum(Figure::Value) => format!("the gross value of {items}"),
        Measure::Sum(Figure::Quantity) => format!("the quantity of {items}"),
        Measure::Sum(Figure::Discount) => format!("the discount on {items}"),
        Measure::Sum(Figure::Rate) => format!("the sum of the unit prices of {items}"),
    }
}

/// The items that an aggregate is about: "items of brand "Puma"".
fn items_of(of: &Aggregate, voice: Voice) -> String {
    let which = of.selection.as_ref().map(|selection| format!(" {}", selected(selection)));
    let place = match &*of.section {
        TRANSACTION => String::new(),
        _ => format!(" on {}", owner_of(&of.profile, voice).name),
    };
    format!("items{place}{}", which.unwrap_or_default())
}

/// Who has the items of an aggregate: the transaction, or the bill that is
/// returned.
pub(super) fn item_holder(of: &Aggregate, voice: Voice) -> String {
    match &*of.section {
        TRANSACTION => "the transaction".to_owned(),
        _ => owner_of(&of.profile, voice).name,
    }
}

/// Attributes with which an item is "of": of a brand, of a category. In the case
/// in which the rule writes them, since look-ups try that first.
const OF: [&str; 10] = [
    "brand",
    "category",
    "season",
    "size",
    "color",
    "colour",
    "department",
    "division",
    "collection",
    "style",
];

/// Other attributes that read well without quotes. The figures and fields of an
/// item are none: they are something else than its attributes.
const WORDS: [&str; 10] =
    ["product", "material", "fabric", "type", "model", "gender", "label", "line", "maker", "supplier"];

fn is_one_of(words: &[&str], name: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(name))
}

/// An attribute of items: `brand`, `attribute "Product Category"`.
pub(super) fn item_attribute(name: &str) -> String {
    match is_one_of(&OF, name) || is_one_of(&WORDS, name) {
        true => name.to_owned(),
        false => format!("attribute {}", quoted(name)),
    }
}

/// Which items are selected, after "items" or "an item".
pub(super) fn selected(selection: &Selection) -> String {
    match selection {
        Selection::Equals { attribute, value } if is_one_of(&OF, attribute) => {
            format!("of {attribute} {}", quoted(value))
        }
        Selection::Equals { attribute, value } => {
            format!("whose {} is {}", item_attribute(attribute), quoted(value))
        }
        Selection::Matches { attribute, pattern } => {
            format!("whose {} {}", item_attribute(attribute), matches(pattern, true))
        }
        Selection::EqualsAndMatches { attribute, value, pattern } => {
            let pattern = matches(pattern, true);
            format!("whose {} is {} and {pattern}", item_attribute(attribute), quoted(value))
        }
        Selection::Compares { figure, operator, number } => {
            let figure = match figure {
                Figure::Amount => "net amount",
                Figure::Discount => "discount",
                Figure::Quantity => "quantity",
                Figure::Rate => "unit price",
                Figure::Value => "gross value",
            };
            format!("with a {figure} {} {}", comparative_of(*operator), grouped(*number))
        }
    }
}

/// A comparison after "with a quantity".
fn comparative_of(operator: Operator) -> &'static str {
    match operator {
        Operator::Less => "of less than",
        Operator::LessOrEqual => "of at most",
        Operator::Greater => "of more than",
        Operator::GreaterOrEqual => "of at least",
        Operator::NotEqual => "other than",
        _ => "of exactly",
    }
}
