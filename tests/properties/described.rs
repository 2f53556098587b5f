//! Two rules with one description decide alike: a rule and another that differs
//! from it in one place.

use proptest::prelude::*;
use proptest::sample::Index;
use target_rules::{Ast, Layout, Limits, Rule, Schema};

use target_rules_testing::generate::expression::{Expression, Receiver};
use target_rules_testing::generate::{self, checked, rule, transaction, tries};

/// The rule with one part changed a little; the part is the same where there is
/// nothing to change.
fn neighbour(rule: &Expression, at: Index, how: u8) -> Expression {
    let mut count = 0;
    rule.visit(&mut |_| count += 1);
    let (at, mut seen) = (at.index(count), 0);
    rule.clone().map(&mut |part| {
        seen += 1;
        if seen - 1 == at { changed(part, how) } else { part }
    })
}

fn changed(part: Expression, how: u8) -> Expression {
    match part {
        Expression::Boolean(value) => Expression::Boolean(!value),
        Expression::Number(digits) => Expression::Number(match how % 3 {
            0 => "1".to_owned(),
            1 => digits.strip_prefix('-').map_or_else(|| format!("-{digits}"), str::to_owned),
            _ => format!("{}.5", digits.split('.').next().unwrap()),
        }),
        Expression::Text(text) => Expression::Text(match how % 5 {
            0 => text.to_uppercase(),
            1 => format!("{text} "),
            2 => format!("^{text}"),
            3 => text.chars().rev().collect(),
            _ => String::new(),
        }),
        Expression::Binary(operator, left, right) => {
            let operators: &[&str] = match operator {
                "<" | "<=" | ">" | ">=" => &["<", "<=", ">", ">="],
                "==" | "!=" => &["==", "!="],
                _ => &["+", "-", "*", "/", "%"],
            };
            match how {
                250.. => Expression::Binary(operator, right, left),
                _ => Expression::Binary(operators[usize::from(how) % operators.len()], left, right),
            }
        }
        Expression::Chain(operator, mut operands) => match how % 3 {
            0 => Expression::Chain(if operator == "&&" { "||" } else { "&&" }, operands),
            1 => {
                operands.reverse();
                Expression::Chain(operator, operands)
            }
            _ => Expression::Chain(operator, operands).negated(),
        },
        Expression::Prefix(_, operand) => *operand,
        Expression::Call { receiver, method, arguments, kind } => {
            let pairs = [
                ("isWeekend", "isWeekday"),
                ("isAfter", "isBefore"),
                ("isNull", "isNotNull"),
                ("exists", "isNotNull"),
                ("isEmpty", "isNull"),
                ("contains", "matches"),
                ("dateDiff", "daysDiff"),
                ("day", "dayOfMonth"),
                ("basketSum", "basketSumGross"),
                ("basketQty", "basketCount"),
                ("customFieldValueIncludes", "customFieldValueExcludes"),
            ];
            let other = pairs.iter().find_map(|(first, second)| match &*method {
                name if name == *first => Some(*second),
                name if name == *second => Some(*first),
                _ => None,
            });
            let method = other.map_or(method, str::to_owned);
            Expression::Call { receiver, method, arguments, kind }
        }
        Expression::Attribute { profile, name, kind } => {
            let profile = match &*profile {
                "currentTxn" => "returnBill".to_owned(),
                "currentCustomer" if how < 128 => "groupPrimaryCustomer".to_owned(),
                "currentCustomer" => "currentUserGroup".to_owned(),
                _ => profile,
            };
            Expression::Attribute { profile, name, kind }
        }
        other => other,
    }
}

fn if_it_checks(text: &str) -> Option<Rule> {
    let limits = Limits::default();
    Ast::from_text(text, &limits).ok()?.check(&Schema::standard(), &limits).into_rule().ok()
}

proptest! {
    #![proptest_config(tries(300))]

    #[test]
    fn neighbours_with_one_description_decide_alike(
        (rule, other, document, zone) in (rule::rules(), any::<Index>(), any::<u8>(), generate::zones())
            .prop_flat_map(|(rule, at, how, zone)| {
                let other = neighbour(&rule, at, how);
                let read = [rule.clone(), other.clone()];
                // A neighbour that does not check has no document of its own.
                let read = if if_it_checks(&other.text()).is_some() { &read[..] } else { &read[..1] };
                transaction::transactions(read)
                    .prop_map(move |document| (rule.clone(), other.clone(), document, zone))
            })
    ) {
        let (rule, zone) = (checked(&rule.text()), generate::zone(zone));
        let Some(other) = if_it_checks(&other.text()) else { return Ok(()) };
        if rule.describe() != other.describe() {
            return Ok(());
        }
        let layout = Layout::of([&rule, &other]);
        let Ok(transaction) = layout.read(&document.to_string(), &Limits::default()) else {
            return Ok(());
        };
        let (first, second) = (rule.decide(&transaction, &zone), other.decide(&transaction, &zone));
        prop_assert_eq!(
            first.result, second.result,
            "{}\n{}\n{}\n{}", rule.describe(), rule.to_text(), other.to_text(), document.to_string()
        );
    }

    /// What both forms say reads the same, and so does what is printed.
    #[test]
    fn the_canonical_text_is_described_alike(rule in rule::rules()) {
        let rule = checked(&rule.text());
        let description = rule.describe();
        prop_assert_eq!(&description, &checked(&rule.to_text()).describe());
        prop_assert!(!description.as_str().is_empty());
        let hidden = |character: char| character.is_control() && character != '\n';
        prop_assert!(!description.as_str().contains(hidden), "{description}");
    }
}

/// The receiver of a call is a part too.
#[test]
fn every_part_of_a_rule_has_a_neighbour() {
    let attribute = Expression::Attribute {
        profile: "currentTxn".to_owned(),
        name: "date".to_owned(),
        kind: generate::expression::Kind::Date,
    };
    let rule = attribute.asked("isWeekend", Vec::new(), generate::expression::Kind::Boolean);
    assert!(matches!(&rule, Expression::Call { receiver: Receiver::Value(_), .. }));
    let mut count = 0;
    rule.visit(&mut |_| count += 1);
    assert_eq!((count, changed(rule, 0).text().as_str()), (2, "currentTxn.date.isWeekday()"));
}
