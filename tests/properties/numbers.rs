//! Decimals against exact rationals.
//!
//! The judge knows the law only: a 96-bit coefficient, 0 to 28 fraction
//! digits, the exact result where it fits, else the nearest number with the
//! most fraction digits that fit, ties to even; 10^28 or more is no number.

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use proptest::prelude::*;
use target_rules::Number;
use target_rules::value::NumberFault;

use target_rules_testing::generate::{Document, Expression, checked, read, tries};

/// The exact value of a decimal's digits.
fn exact(digits: &str) -> BigRational {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let coefficient: BigInt = format!("{whole}{fraction}").parse().unwrap();
    let exponent: i64 = exponent.trim_start_matches('+').parse::<i64>().unwrap() - fraction.len() as i64;
    let power = BigRational::from(BigInt::from(10).pow(exponent.unsigned_abs() as u32));
    let coefficient = BigRational::from(coefficient);
    if exponent < 0 { coefficient / power } else { coefficient * power }
}

fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

/// The nearest whole number, ties to even, of one that is not negative.
fn nearest(value: &BigRational) -> BigInt {
    let floor = value.floor().to_integer();
    let twice = (value - BigRational::from(floor.clone())) * BigRational::from(BigInt::from(2));
    let one = BigRational::from(BigInt::from(1));
    let odd = (&floor % 2) == BigInt::from(1);
    if twice > one || (twice == one && odd) { floor + 1 } else { floor }
}

/// What the law makes of an exact value; `None` where that is no number.
fn rounded(value: &BigRational) -> Option<BigRational> {
    let negative = value.numer().sign() == Sign::Minus;
    let magnitude = if negative { -value } else { value.clone() };
    let coefficients = BigInt::from(1) << 96_u32;
    let held = (0..=28_u32).rev().find_map(|scale| {
        let coefficient = nearest(&(&magnitude * BigRational::from(ten_to(scale))));
        (coefficient < coefficients).then(|| BigRational::new(coefficient, ten_to(scale)))
    })?;
    if held >= BigRational::from(ten_to(28)) {
        return None;
    }
    Some(if negative { -held } else { held })
}

/// `%` is exact and keeps the sign of its left side.
fn remainder(left: &BigRational, right: &BigRational) -> BigRational {
    left - right * (left / right).trunc()
}

type Operation = fn(Number, Number) -> Result<Number, NumberFault>;
type Exact = fn(&BigRational, &BigRational) -> BigRational;

const OPERATIONS: [(&str, Operation, Exact); 5] = [
    ("+", Number::plus, |left, right| left + right),
    ("-", Number::minus, |left, right| left - right),
    ("*", Number::times, |left, right| left * right),
    ("/", Number::divided_by, |left, right| left / right),
    ("%", Number::remainder, remainder),
];

pub(crate) fn number(digits: &str) -> Number {
    Number::from_json(digits).unwrap_or_else(|fault| panic!("{digits}: {fault:?}"))
}

/// Digits of any number that a document may hold, the edges more often.
pub(crate) fn digits() -> BoxedStrategy<String> {
    let sign = prop_oneof![3 => Just(""), 1 => Just("-")];
    let plain = (1..=28_usize).prop_flat_map(|count| (prop::collection::vec(0..10_u8, count), 0..=28_usize));
    let plain = plain.prop_map(|(digits, scale)| placed(&digits, scale));
    let runs = (0..=28_usize, prop::sample::select(vec![0_u8, 1, 3, 4, 5, 9]), 0..=28_usize, 0..10_u8)
        .prop_map(|(count, digit, scale, last)| placed(&[vec![digit; count], vec![last]].concat(), scale));
    let edges = prop::sample::select(vec![
        "0",
        "1",
        "2",
        "3",
        "7",
        "10",
        "0.5",
        "0.1",
        "0.3",
        "0.001",
        "18446744073709551.615",
        "18446744073709551615",
        "4294967296",
        "79228162514264.33759354395033",
        "7.922816251426433759354395033",
        "792281625142643375935439503.3",
        "9999999999999999999999999999",
        "0.0000000000000000000000000001",
        "0.0000000000000000000000000005",
        "5000000000000000000000000000",
        "0.9999999999999999999999999999",
        "100000000000000",
        "0.00000000000001",
    ])
    .prop_map(str::to_owned);
    (sign, prop_oneof![3 => plain, 2 => runs, 2 => edges])
        .prop_map(|(sign, digits)| format!("{sign}{digits}"))
        .prop_filter("in range", |digits| Number::from_json(digits).is_ok())
        .boxed()
}

/// Digits with a point before the last `scale` of them, as JSON has it.
fn placed(digits: &[u8], scale: usize) -> String {
    let mut text: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    while text.len() <= scale {
        text.insert(0, '0');
    }
    let (whole, fraction) = text.split_at(text.len() - scale);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

fn agrees(result: Result<Number, NumberFault>, value: &BigRational) -> bool {
    match (result, rounded(value)) {
        (Ok(number), Some(expected)) => exact(&number.to_string()) == expected,
        (Err(NumberFault::Overflow), None) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(tries(100))]

    /// A number is read and written without a change of its value, and only
    /// where the law lets it.
    #[test]
    fn numbers_are_read_exactly(digits in digits(), exponent in -40..40_i32) {
        prop_assert_eq!(exact(&number(&digits).to_string()), exact(&digits));
        let text = format!("{digits}e{exponent}");
        let value = exact(&text);
        match Number::from_json(&text) {
            Ok(number) => prop_assert_eq!(exact(&number.to_string()), value),
            // Refused: below 10^28, 28 fraction digits and 28 digits in all do not hold it.
            Err(_) => prop_assert!(!within(&value), "{} is refused", text),
        }
        if Number::from_json(&text).is_ok() {
            prop_assert!(within(&exact(&text)), "{} is read", text);
        }
    }

    /// Each operation gives the exact result, rounded as the law says.
    #[test]
    fn arithmetic_is_exact_and_rounded_once(left in digits(), right in digits()) {
        let (of_left, of_right) = (exact(&left), exact(&right));
        for (name, operation, of_exact) in OPERATIONS {
            let result = operation(number(&left), number(&right));
            if matches!(name, "/" | "%") && of_right == BigRational::from(BigInt::from(0)) {
                prop_assert_eq!(result, Err(NumberFault::DivisionByZero));
                continue;
            }
            let expected = of_exact(&of_left, &of_right);
            prop_assert!(
                agrees(result, &expected),
                "{} {} {} is {:?}, but exactly {}, rounded {:?}",
                left, name, right, result.map(|number| number.to_string()), expected,
                rounded(&expected).map(|number| number.to_string())
            );
        }
    }

    /// Results of results: operands with all the digits that a number may have.
    #[test]
    fn arithmetic_goes_on_exactly(
        first in digits(), second in digits(), third in digits(),
        operations in (0..5_usize, 0..5_usize),
    ) {
        let (_, operation, _) = OPERATIONS[operations.0];
        let Ok(result) = operation(number(&first), number(&second)) else { return Ok(()) };
        let (name, operation, of_exact) = OPERATIONS[operations.1];
        for (left, right) in [(result, number(&third)), (number(&third), result)] {
            if matches!(name, "/" | "%") && right == Number::ZERO {
                continue;
            }
            let expected = of_exact(&exact(&left.to_string()), &exact(&right.to_string()));
            let after = operation(left, right);
            prop_assert!(
                agrees(after, &expected),
                "{} {} {} is {:?}", left, name, right, after.map(|number| number.to_string())
            );
        }
    }

    /// Order and equality are those of the exact values.
    #[test]
    fn comparisons_are_exact(left in digits(), right in digits()) {
        let (of_left, of_right) = (exact(&left), exact(&right));
        prop_assert_eq!(number(&left).cmp(&number(&right)), of_left.cmp(&of_right));
        prop_assert_eq!(number(&left) == number(&right), of_left == of_right);
        prop_assert_eq!(exact(&number(&left).negate().to_string()), -of_left);
    }

    /// A sum is exact and rounded once, whatever the order of its items.
    #[test]
    fn sums_are_rounded_once(mut items in prop::collection::vec(digits(), 0..12)) {
        let expected = items.iter().map(|item| exact(item)).sum::<BigRational>();
        let sum = |items: &[String]| Number::sum(items.iter().map(|item| number(item)));
        let result = sum(&items);
        prop_assert!(agrees(result, &expected), "{:?} is {:?}", items, result.map(|number| number.to_string()));
        items.reverse();
        prop_assert_eq!(sum(&items), result);
    }

    /// The same through a rule and a document: the decision is that of the
    /// exact values.
    #[test]
    fn rules_decide_exactly(left in digits(), right in digits(), at in 0..5_usize) {
        let (name, operation, _) = OPERATIONS[at];
        let Ok(result) = operation(number(&left), number(&right)) else { return Ok(()) };
        let attribute = |name: &str| format!("currentTxn.{name}");
        let rule = format!(
            "{}{name}{}=={}", attribute("value"), attribute("discount"), attribute("points")
        );
        let rule = checked(&rule);
        let document = |points: String| {
            let field = |name: &str, digits: &str| (name.to_owned(), Document::Number(digits.to_owned()));
            let fields = vec![field("value", &left), field("discount", &right), field("points", &points)];
            Document::Object(vec![("currentTxn".to_owned(), Document::Object(fields))])
        };
        // A result may have 29 digits, which no document may.
        prop_assume!(Number::from_json(&result.to_string()).is_ok());
        let transaction = read(&[&rule], &document(result.to_string()));
        let decision = rule.decide(&transaction, &target_rules::Zone::UTC);
        prop_assert_eq!(decision.result, target_rules::Truth::True, "{:?}", rule.to_text());
    }

    /// A basket's sum through a document: exact, rounded once.
    #[test]
    fn basket_sums_are_exact(items in prop::collection::vec(digits(), 1..6)) {
        let entries = items.iter().map(|item| {
            let amount = ("amount".to_owned(), Document::Number(item.clone()));
            Document::Object(vec![amount, ("brand".to_owned(), Document::Text("Puma".to_owned()))])
        });
        let list = Document::List(entries.collect());
        let document =
            Document::Object(vec![("currentTxn".to_owned(), Document::Object(vec![("lineItems".to_owned(), list)]))]);
        let expected = rounded(&items.iter().map(|item| exact(item)).sum::<BigRational>());
        let sum = Expression::Call {
            receiver: target_rules_testing::generate::expression::Receiver::Profile("currentTxn".to_owned()),
            method: "basketSum".to_owned(),
            arguments: vec![Expression::Text("brand".to_owned()), Expression::Text("Puma".to_owned())],
            kind: target_rules_testing::generate::Kind::Number,
        };
        for literal in ["0", "1", "-1", "1000.5", "999999999999999999.999999999"] {
            for operator in ["<", "=="] {
                let rule = checked(&Expression::binary(operator, sum.clone(), Expression::Number(literal.to_owned())).text());
                let decision = rule.decide(&read(&[&rule], &document), &target_rules::Zone::UTC);
                let holds = expected.as_ref().map(|sum| match operator {
                    "<" => *sum < exact(literal),
                    _ => *sum == exact(literal),
                });
                prop_assert_eq!(decision.result, holds.map_or(target_rules::Truth::Unknown, Into::into), "{:?}", items);
            }
        }
    }
}

/// Whether a document may hold a value: below 10^28, at most 28 fraction
/// digits, at most 28 digits from the first that is not zero to the last, the
/// units digit included where it is 1 or more.
fn within(value: &BigRational) -> bool {
    let magnitude = if value.numer().sign() == Sign::Minus { -value } else { value.clone() };
    let scaled = &magnitude * BigRational::from(ten_to(28));
    if !scaled.is_integer() || magnitude >= BigRational::from(ten_to(28)) {
        return false;
    }
    if magnitude.numer().sign() == Sign::NoSign {
        return true;
    }
    // As 10^-28 units: digits from the first, less the zeros at the end of the fraction.
    let units = scaled.to_integer().to_string();
    let fraction_zeros = units.len() - units.trim_end_matches('0').len();
    units.len() - fraction_zeros.min(28) <= 28
}
