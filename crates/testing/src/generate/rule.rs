//! Strategies of well-typed expressions, by construction, over every profile,
//! attribute, method and operator of the standard schema.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;

use super::catalog::{Method, Param, catalog};
use super::expression::{Expression, Kind, Receiver};
use super::values;

/// What a rule may be decided for one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once.
    Whole,
    /// Once a line item.
    Items,
    /// Once a tender.
    Tenders,
}

const SCOPES: [Scope; 3] = [Scope::Whole, Scope::Items, Scope::Tenders];

/// Operators within each other; with prefixes and calls below the limit.
const LEVELS: u32 = 3;

/// The default limit on regular expressions.
const PATTERNS: usize = 8;

/// Any well-typed rule: a boolean.
pub fn rules() -> BoxedStrategy<Expression> {
    prop_oneof![7 => Just(Scope::Whole), 2 => Just(Scope::Items), 1 => Just(Scope::Tenders)]
        .prop_flat_map(rules_in)
        .boxed()
}

/// Any well-typed rule of a scope.
pub fn rules_in(scope: Scope) -> BoxedStrategy<Expression> {
    bounded(boolean(scope, LEVELS))
}

/// Several rules of one scope, such as the parts of a law of logic; together
/// they stay below the limit on regular expressions when each is used twice.
pub fn parts_in(scope: Scope, count: usize) -> BoxedStrategy<Vec<Expression>> {
    prop::collection::vec(boolean(scope, 1), count)
        .prop_filter("regular expressions", |parts| {
            parts.iter().map(patterns_of).sum::<usize>() <= PATTERNS / 2
        })
        .boxed()
}

/// Any number.
pub fn numbers() -> BoxedStrategy<Expression> {
    bounded(number(Scope::Whole, LEVELS))
}

fn bounded(expressions: BoxedStrategy<Expression>) -> BoxedStrategy<Expression> {
    expressions.prop_filter("regular expressions", |expression| patterns_of(expression) <= PATTERNS).boxed()
}

/// How many regular expressions a rule has.
fn patterns_of(expression: &Expression) -> usize {
    let mut count = 0;
    expression.visit(&mut |part| {
        if let Expression::Call { receiver, method, .. } = part {
            let params = match receiver {
                Receiver::Profile(profile) => catalog().method(profile, method).map(|method| &method.params),
                Receiver::Value(_) => catalog().values["string"].get(method).map(|method| &method.params),
            };
            let is_regex = |param: &&Param| param.role.as_deref() == Some("regex");
            count += params.into_iter().flatten().filter(is_regex).count();
        }
    });
    count
}

/// The attributes and methods of a scope, by type: gathered once, for every
/// rule that is generated asks for them.
#[derive(Default)]
struct Names {
    attributes: BTreeMap<Kind, Vec<Expression>>,
    /// The dates that the schema lists.
    dates: Vec<Expression>,
    methods: BTreeMap<Kind, Vec<MethodOf>>,
}

/// A method with the profile that has it.
#[derive(Debug, Clone, Copy)]
struct MethodOf {
    profile: &'static str,
    name: &'static str,
    method: &'static Method,
}

static NAMES: LazyLock<Vec<Names>> = LazyLock::new(|| SCOPES.into_iter().map(names).collect());

fn names_of(scope: Scope) -> &'static Names {
    &NAMES[scope as usize]
}

fn names(scope: Scope) -> Names {
    let mut names = Names::default();
    let list = match scope {
        Scope::Whole => None,
        Scope::Items => Some("lineItems"),
        Scope::Tenders => Some("tenders"),
    };
    for (profile_name, profile) in &catalog().profiles {
        if profile.each.is_some() && profile.each.as_deref() != list {
            continue;
        }
        let attribute = |name: &str, kind| Expression::Attribute {
            profile: profile_name.clone(),
            name: name.to_owned(),
            kind,
        };
        let of_kind = |names: &mut Names, attribute: Expression, kind| {
            names.attributes.entry(kind).or_default().push(attribute);
        };
        // What the rule unrolls over is named as often as all the rest.
        let times = if profile.each.is_some() { 15 } else { 1 };
        for _ in 0..times {
            for (name, listed) in &profile.attributes {
                // One that is listed without a type is a text wherever it stands.
                let kind = kind_of(&listed.type_name).unwrap_or(Kind::Text);
                of_kind(&mut names, attribute(name, kind), kind);
                if kind == Kind::Date {
                    names.dates.push(attribute(name, kind));
                }
            }
            for (name, method) in &profile.methods {
                let Some(kind) = kind_of(&method.returns) else { continue };
                names.methods.entry(kind).or_default().push(MethodOf { profile: profile_name, name, method });
            }
        }
        // Fields that no schema lists bear their type in their name, so that
        // no two rules disagree about it.
        for fields in &profile.fields {
            let kinds = match kind_of(&fields.type_name) {
                Some(kind) => vec![kind],
                None => vec![Kind::Boolean, Kind::Number, Kind::Text, Kind::Date],
            };
            for kind in kinds {
                let suffix = format!("{kind:?}").to_lowercase();
                let name = format!("{}custom_{suffix}_1", fields.prefix);
                of_kind(&mut names, attribute(&name, kind), kind);
            }
        }
    }
    names
}

fn kind_of(type_name: &str) -> Option<Kind> {
    match type_name {
        "boolean" => Some(Kind::Boolean),
        "number" => Some(Kind::Number),
        "string" => Some(Kind::Text),
        "date" => Some(Kind::Date),
        "enum" => Some(Kind::Enum),
        _ => None,
    }
}

/// An attribute of a type.
fn attribute(scope: Scope, kind: Kind) -> BoxedStrategy<Expression> {
    select(names_of(scope).attributes[&kind].as_slice()).boxed()
}

/// A call of a profile's method that gives a type.
fn call(scope: Scope, kind: Kind) -> BoxedStrategy<Expression> {
    select(names_of(scope).methods[&kind].as_slice())
        .prop_flat_map(move |MethodOf { profile, name, method }| {
            arguments(scope, method).prop_map(move |arguments| Expression::Call {
                receiver: Receiver::Profile(profile.to_owned()),
                method: name.to_owned(),
                arguments,
                kind,
            })
        })
        .boxed()
}

fn boolean(scope: Scope, levels: u32) -> BoxedStrategy<Expression> {
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Expression::Boolean),
        2 => attribute(scope, Kind::Boolean),
        4 => call(scope, Kind::Boolean),
        6 => (attribute(scope, Kind::Number), comparison(), literal())
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
        3 => (call(scope, Kind::Number), comparison(), literal())
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
        3 => (attribute(scope, Kind::Text), equality(), text())
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
        1 => (attribute(scope, Kind::Text), equality(), attribute(scope, Kind::Text))
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
        2 => enumeration(scope),
        6 => asked(scope, Kind::Boolean),
        // On the right stands a listed date: two fields alone would be numbers.
        2 => (attribute(scope, Kind::Date), comparison(), select(names_of(scope).dates.as_slice()))
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
    ]
    .boxed();
    if levels == 0 {
        return leaf;
    }
    let inner = boolean(scope, levels - 1);
    prop_oneof![
        4 => leaf,
        3 => (logic(), prop::collection::vec(inner.clone(), 2..5))
            .prop_map(|(operator, operands)| Expression::chain(operator, operands)),
        1 => inner.clone().prop_map(Expression::negated),
        1 => (inner.clone(), equality(), inner)
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
        3 => (number(scope, levels - 1), comparison(), number(scope, levels - 1))
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
    ]
    .boxed()
}

fn number(scope: Scope, levels: u32) -> BoxedStrategy<Expression> {
    let leaf = prop_oneof![
        2 => literal(),
        4 => attribute(scope, Kind::Number),
        2 => call(scope, Kind::Number),
        2 => asked(scope, Kind::Number),
    ]
    .boxed();
    if levels == 0 {
        return leaf;
    }
    let inner = number(scope, levels - 1);
    prop_oneof![
        3 => leaf,
        1 => inner.clone().prop_map(|operand| Expression::Prefix('-', Box::new(operand))),
        4 => (inner.clone(), select(&["+", "-", "*", "/", "%"][..]), inner.clone())
            .prop_map(|(left, operator, right)| Expression::binary(operator, left, right)),
        1 => arithmetic_chain(leaf_number(scope), inner),
    ]
    .boxed()
}

fn leaf_number(scope: Scope) -> BoxedStrategy<Expression> {
    prop_oneof![6 => literal(), 3 => attribute(scope, Kind::Number), 1 => call(scope, Kind::Number)].boxed()
}

/// A chain of arithmetic that leans left: one node and one level, however long.
fn arithmetic_chain(
    operands: BoxedStrategy<Expression>,
    first: BoxedStrategy<Expression>,
) -> BoxedStrategy<Expression> {
    let operators = prop_oneof![
        select(&["+", "-"][..]).prop_map(|first| [first, "+", "-"]),
        select(&["*", "/"][..]).prop_map(|first| [first, "*", "%"]),
    ];
    (first, operators, prop::collection::vec((0..3_usize, operands), 2..9))
        .prop_map(|(first, operators, steps)| {
            let join = |left, (operator, right): (usize, Expression)| {
                Expression::binary(operators[operator], left, right)
            };
            steps.into_iter().fold(first, join)
        })
        .boxed()
}

/// A method of a type of values.
type ValueMethod = (Kind, &'static str, &'static Method);

/// The methods that values offer, by the type of their result.
static ASKED: LazyLock<BTreeMap<Kind, Vec<ValueMethod>>> = LazyLock::new(|| {
    let mut asked: BTreeMap<Kind, Vec<ValueMethod>> = BTreeMap::new();
    for (type_name, methods) in &catalog().values {
        for (name, method) in methods {
            if let (Some(receiver), Some(gives)) = (kind_of(type_name), kind_of(&method.returns)) {
                asked.entry(gives).or_default().push((receiver, name, method));
            }
        }
    }
    asked
});

/// A method asked of a value, the value an attribute or a call, that gives a type.
fn asked(scope: Scope, gives: Kind) -> BoxedStrategy<Expression> {
    select(ASKED[&gives].as_slice())
        .prop_flat_map(move |(receiver, name, method)| {
            let value = match receiver {
                Kind::Boolean | Kind::Number => {
                    prop_oneof![3 => attribute(scope, receiver), 1 => call(scope, receiver)].boxed()
                }
                kind => attribute(scope, kind),
            };
            (value, arguments(scope, method))
                .prop_map(move |(value, arguments)| value.asked(name, arguments, gives))
        })
        .boxed()
}

/// An enumeration beside one of its constants, another enumeration or a text.
fn enumeration(scope: Scope) -> BoxedStrategy<Expression> {
    let attribute_of_texts = attribute(scope, Kind::Text);
    let attribute = attribute(scope, Kind::Enum);
    (attribute.clone(), attribute, any::<prop::sample::Index>(), equality(), 0..8_u8, attribute_of_texts)
        .prop_map(|(left, other, index, operator, form, text)| {
            let Expression::Attribute { profile, name, .. } = &left else { unreachable!("an attribute") };
            let constants = &catalog().profiles[profile].attributes[name].values;
            let constant = index.get(constants).clone();
            match form {
                0..=2 => Expression::binary(operator, left, Expression::Word(constant)),
                3 => Expression::binary(operator, Expression::Word(constant), left),
                4 | 5 => Expression::binary(operator, left, Expression::Text(constant)),
                6 => Expression::binary(operator, left, other),
                _ => Expression::binary(operator, left, text),
            }
        })
        .boxed()
}

fn arguments(scope: Scope, method: &Method) -> BoxedStrategy<Vec<Expression>> {
    // What no single parameter says: a span of hours that is empty is refused.
    let hours = |from: u32, to: u32| from != to;
    match (method.function.as_deref(), method.params.as_slice()) {
        (Some("isHourBetween"), _) => (0..24_u32, 0..=24_u32)
            .prop_filter("an empty span", move |(from, to)| hours(*from, *to))
            .prop_map(|(from, to)| digits(&[from, to]))
            .boxed(),
        (Some("isTimeBetween"), _) => (0..24_u32, 0..60_u32, 0..=24_u32, 0..60_u32)
            .prop_map(|(h1, m1, h2, m2)| (h1, m1, h2, if h2 == 24 { 0 } else { m2 }))
            .prop_filter("an empty span", |(h1, m1, h2, m2)| (h1, m1) != (h2, m2))
            .prop_map(|(h1, m1, h2, m2)| digits(&[h1, m1, h2, m2]))
            .boxed(),
        (_, params) => {
            let each: Vec<_> = params.iter().map(|param| argument(scope, method, param)).collect();
            each.prop_map(|arguments| arguments.into_iter().flatten().collect()).boxed()
        }
    }
}

fn digits(numbers: &[u32]) -> Vec<Expression> {
    numbers.iter().map(|number| Expression::Number(number.to_string())).collect()
}

/// The expressions of one argument: a date may be three of them, one that is
/// left out is none.
fn argument(scope: Scope, method: &Method, param: &Param) -> BoxedStrategy<Vec<Expression>> {
    let text = |texts: BoxedStrategy<String>| texts.prop_map(|text| vec![Expression::Text(text)]).boxed();
    let one_of = |pool: &'static [&'static str]| text(select(pool).prop_map(str::to_owned).boxed());
    match (param.role.as_deref(), param.type_name.as_str()) {
        (_, "date") => date_argument(scope, param.role.as_deref() == Some("time")),
        (Some("regex"), _) => text(values::pattern()),
        (Some("itemAttribute"), _) => one_of(values::ITEM_ATTRIBUTES),
        (Some("itemValue"), _) => text(values::text_literal()),
        (Some("quotedNumber"), _) => text(values::number_literal()),
        (Some("edges"), _) => text(values::edges()),
        (Some("dateText"), _) => prop_oneof![
            2 => one_of(values::DATES),
            1 => attribute(scope, Kind::Text).prop_map(|attribute| vec![attribute]),
        ]
        .boxed(),
        (Some("expression"), _) => prop_oneof![
            3 => text(values::text_literal()),
            1 => attribute(scope, Kind::Text).prop_map(|attribute| vec![attribute]),
        ]
        .boxed(),
        // `exists` takes a text that is not blank, or nothing.
        _ if param.optional => prop_oneof![
            1 => Just(Vec::new()),
            1 => text(values::text_literal().prop_filter("blank", |text| !text.trim().is_empty()).boxed()),
        ]
        .boxed(),
        _ if !param.values.is_empty() => text(select(param.values.clone()).boxed()),
        (_, "number") => prop_oneof![
            4 => (0..30_u32).prop_map(|number| number.to_string()),
            1 => select(&["07", "7.0", "007.50", "-3"][..]).prop_map(str::to_owned),
        ]
        .prop_map(|digits| vec![Expression::Number(digits)])
        .boxed(),
        (_, "unknown") => prop_oneof![
            one_of(values::ANSWER_NAMES),
            select(&["7", "07", "7.0"][..]).prop_map(|digits| vec![Expression::Number(digits.to_owned())]),
            any::<bool>().prop_map(|value| vec![Expression::Boolean(value)]),
        ]
        .boxed(),
        _ if method.function.is_none() => one_of(values::ANSWER_NAMES),
        // Of the literals without a role, the first is a name and the second a value.
        _ if method.params.first().is_some_and(|first| std::ptr::eq(first, param)) => {
            one_of(values::FIELD_NAMES)
        }
        _ => text(values::text_literal()),
    }
}

fn date_argument(scope: Scope, timed: bool) -> BoxedStrategy<Vec<Expression>> {
    let numbers =
        (1995..2035_u32, 1..=12_u32, 1..=28_u32).prop_map(|(year, month, day)| digits(&[year, month, day]));
    let times = (1995..2035_u32, 1..=12_u32, 1..=28_u32, 0..24_u32, 0..60_u32, 0..60_u32).prop_map(
        |(year, month, day, hour, minute, second)| digits(&[year, month, day, hour, minute, second]),
    );
    let text = select(values::DATES).prop_map(|date| vec![Expression::Text(date.to_owned())]);
    let attribute = attribute(scope, Kind::Date).prop_map(|attribute| vec![attribute]);
    if timed {
        prop_oneof![numbers, times, text, attribute].boxed()
    } else {
        prop_oneof![numbers, text, attribute].boxed()
    }
}

fn literal() -> BoxedStrategy<Expression> {
    values::number_literal().prop_map(Expression::Number).boxed()
}

fn text() -> BoxedStrategy<Expression> {
    values::text_literal().prop_map(Expression::Text).boxed()
}

fn comparison() -> BoxedStrategy<&'static str> {
    select(&["<", "<=", ">", ">=", "==", "!="][..]).boxed()
}

fn equality() -> BoxedStrategy<&'static str> {
    select(&["==", "!="][..]).boxed()
}

fn logic() -> BoxedStrategy<&'static str> {
    select(&["&&", "||"][..]).boxed()
}
