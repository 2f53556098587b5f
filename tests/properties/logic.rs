//! The laws of the three-valued logic, on rules.

use proptest::prelude::*;
use target_rules::{Decision, Truth};

use target_rules_testing::generate::rule::{Scope, parts_in};
use target_rules_testing::generate::transaction::transactions;
use target_rules_testing::generate::{self, Document, Expression, checked, tries};

/// Three rules of one scope, with a transaction for all of them.
#[derive(Debug, Clone)]
struct Three {
    a: Expression,
    b: Expression,
    c: Expression,
    transaction: Document,
    zone: &'static str,
}

fn three(scope: Scope) -> impl Strategy<Value = Three> {
    (parts_in(scope, 3), generate::zones()).prop_flat_map(|(parts, zone)| {
        transactions(&parts).prop_map(move |transaction| {
            let [a, b, c] = [0, 1, 2].map(|at: usize| parts[at].clone());
            Three { a, b, c, transaction, zone }
        })
    })
}

impl Three {
    fn decide(&self, rule: &Expression) -> Decision {
        let rule = checked(&rule.text());
        rule.decide(&generate::read(&[&rule], &self.transaction), &generate::zone(self.zone))
    }

    /// Both rules are decided alike: where one unrolls, the other does too.
    fn alike(&self, law: &str, left: &Expression, right: &Expression) -> Result<(), TestCaseError> {
        if checked(&left.text()).unrolls() != checked(&right.text()).unrolls() {
            return Ok(());
        }
        let (of_left, of_right) = (self.decide(left), self.decide(right));
        prop_assert_eq!(of_left.result, of_right.result, "{}: {:?} and {:?}", law, left, right);
        prop_assert_eq!(of_left.items, of_right.items, "{}: {:?} and {:?}", law, left, right);
        Ok(())
    }

    /// Alike, and for the same reasons.
    fn equal(&self, law: &str, left: &Expression, right: &Expression) -> Result<(), TestCaseError> {
        self.alike(law, left, right)?;
        let (of_left, of_right) = (self.decide(left), self.decide(right));
        prop_assert_eq!(of_left.absent, of_right.absent, "{}: {:?} and {:?}", law, left, right);
        prop_assert_eq!(of_left.faults.len(), of_right.faults.len(), "{}: {:?} and {:?}", law, left, right);
        Ok(())
    }
}

fn and(left: &Expression, right: &Expression) -> Expression {
    Expression::chain("&&", vec![left.clone(), right.clone()])
}

fn or(left: &Expression, right: &Expression) -> Expression {
    Expression::chain("||", vec![left.clone(), right.clone()])
}

fn not(operand: &Expression) -> Expression {
    operand.clone().negated()
}

/// Every law, over rules of a scope.
fn laws(three: &Three) -> Result<(), TestCaseError> {
    let Three { a, b, c, .. } = three;
    three.equal("commutativity of &&", &and(a, b), &and(b, a))?;
    three.equal("commutativity of ||", &or(a, b), &or(b, a))?;
    three.equal("associativity of &&", &and(&and(a, b), c), &and(a, &and(b, c)))?;
    three.equal("associativity of ||", &or(&or(a, b), c), &or(a, &or(b, c)))?;
    three.equal("De Morgan of &&", &not(&and(a, b)), &or(&not(a), &not(b)))?;
    three.equal("De Morgan of ||", &not(&or(a, b)), &and(&not(a), &not(b)))?;
    three.equal("double negation", &not(&not(a)), a)?;
    three.alike("idempotence of &&", &and(a, a), a)?;
    three.alike("idempotence of ||", &or(a, a), a)?;
    three.alike("absorption of &&", &and(a, &or(a, b)), a)?;
    three.alike("absorption of ||", &or(a, &and(a, b)), a)?;
    three.alike("distributivity of &&", &and(a, &or(b, c)), &or(&and(a, b), &and(a, c)))?;
    three.alike("distributivity of ||", &or(a, &and(b, c)), &and(&or(a, b), &or(a, c)))?;
    three.equal("true is neutral", &and(a, &Expression::Boolean(true)), a)?;
    three.equal("false is neutral", &or(a, &Expression::Boolean(false)), a)?;
    three.equal(
        "!= is the negation of ==",
        &Expression::binary("!=", a.clone(), b.clone()),
        &not(&Expression::binary("==", a.clone(), b.clone())),
    )?;
    Ok(())
}

proptest! {
    #![proptest_config(tries(16))]

    #[test]
    fn the_laws_hold(three in three(Scope::Whole)) {
        laws(&three)?;
    }

    #[test]
    fn the_laws_hold_for_each_line_item(three in three(Scope::Items)) {
        laws(&three)?;
    }

    #[test]
    fn the_laws_hold_for_each_tender(three in three(Scope::Tenders)) {
        laws(&three)?;
    }

    /// A rule's parts decide it: the table of strong Kleene logic, on rules.
    #[test]
    fn the_parts_decide_the_whole(three in three(Scope::Whole)) {
        let Three { a, b, .. } = &three;
        let (of_a, of_b) = (three.decide(a), three.decide(b));
        let (left, right) = (of_a.result, of_b.result);
        let both = three.decide(&and(a, b));
        let either = three.decide(&or(a, b));
        prop_assert_eq!(both.result, match (left, right) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            _ => Truth::Unknown,
        });
        prop_assert_eq!(either.result, match (left, right) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, Truth::False) => Truth::False,
            _ => Truth::Unknown,
        });
        prop_assert_eq!(three.decide(&not(a)).result, match left {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        });
        // What decides whatever stands beside it, and what never does.
        prop_assert_eq!(three.decide(&and(a, &Expression::Boolean(false))).result, Truth::False);
        prop_assert_eq!(three.decide(&or(a, &Expression::Boolean(true))).result, Truth::True);
        prop_assert_ne!(three.decide(&or(a, &not(a))).result, Truth::False);
        // Why: the reasons of a chain are those of its unknown operands.
        for whole in [both, either] {
            if whole.result == Truth::Unknown {
                let mut reasons = [of_a.absent.clone(), of_b.absent.clone()].concat();
                reasons.sort();
                reasons.dedup();
                prop_assert_eq!(whole.absent, reasons);
            }
        }
    }

    /// Both orders and equality partition what is known.
    #[test]
    fn orderings_agree(
        (left, right, transaction) in (target_rules_testing::generate::rule::numbers(), target_rules_testing::generate::rule::numbers())
            .prop_flat_map(|(left, right)| {
                let both = [left.clone(), right.clone()];
                transactions(&both).prop_map(move |transaction| (left.clone(), right.clone(), transaction))
            })
            .prop_filter("regular expressions", |(left, right, _)| {
                let text = format!("{left:?}{right:?}");
                text.matches("Regex").count() <= 8
            }),
    ) {
        let three = Three {
            a: Expression::Boolean(true), b: Expression::Boolean(true), c: Expression::Boolean(true),
            transaction, zone: "UTC",
        };
        let compare = |operator| {
            three.decide(&Expression::binary(operator, left.clone(), right.clone())).result
        };
        let [less, equal, greater] = ["<", "==", ">"].map(compare);
        let known = [less, equal, greater].iter().filter(|result| **result != Truth::Unknown).count();
        prop_assert!(known == 0 || known == 3);
        if known == 3 {
            let holding = [less, equal, greater].iter().filter(|result| **result == Truth::True).count();
            prop_assert_eq!(holding, 1);
        }
        prop_assert_eq!(compare("<="), less.or(equal));
        prop_assert_eq!(compare(">="), greater.or(equal));
        prop_assert_eq!(compare("!="), !equal);
    }
}
