//! The one table of operators: spelling, precedence and kind. Both readers,
//! both writers, the checker and every evaluator ask it.

use crate::value::{Number, NumberFault};

/// An operator of the language.
///
/// ```
/// use target_rules::syntax::Operator;
/// // `a||b&&c` is `a||(b&&c)`, whatever its author had in mind.
/// assert!(Operator::And.precedence() > Operator::Or.precedence());
/// // A single `=` is none, and a word is none.
/// assert_eq!((Operator::infix("="), Operator::infix("and")), (None, None));
/// // What `-` means depends on where it stands.
/// assert_eq!(Operator::infix("-"), Some(Operator::Subtract));
/// assert_eq!(Operator::prefix("-"), Some(Operator::Negate));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-` between two operands
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `!`
    Not,
    /// `-` before an operand
    Negate,
}

/// What an operator takes and gives.
///
/// ```
/// use target_rules::syntax::{Operator, OperatorKind};
/// // An editor of rules offers for the name of a store only what compares texts,
/// // and for the value of a transaction what orders numbers too.
/// let all = ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "&&", "||"];
/// let of = |kind: OperatorKind| -> Vec<&str> {
///     let operators = all.into_iter().filter_map(Operator::infix);
///     let of_kind = operators.filter(|operator| operator.kind() == kind);
///     of_kind.map(Operator::spelling).collect()
/// };
/// assert_eq!(of(OperatorKind::Equality), ["==", "!="]);
/// assert_eq!(of(OperatorKind::Ordering), ["<", "<=", ">", ">="]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperatorKind {
    /// Any number of booleans to a boolean; chains are one node.
    Logic,
    /// Two values of one kind to a boolean.
    Equality,
    /// Two numbers or two dates to a boolean.
    Ordering,
    /// Two numbers to a number.
    Arithmetic,
    /// One operand to a value of its own type.
    Prefix,
}

/// What an arithmetic operator makes of its left and its right side.
pub(crate) type Arithmetic = fn(Number, Number) -> Result<Number, NumberFault>;

const TABLE: [(Operator, &str, u8, OperatorKind); 15] = [
    (Operator::Or, "||", 1, OperatorKind::Logic),
    (Operator::And, "&&", 2, OperatorKind::Logic),
    (Operator::Equal, "==", 3, OperatorKind::Equality),
    (Operator::NotEqual, "!=", 3, OperatorKind::Equality),
    (Operator::Less, "<", 4, OperatorKind::Ordering),
    (Operator::LessOrEqual, "<=", 4, OperatorKind::Ordering),
    (Operator::Greater, ">", 4, OperatorKind::Ordering),
    (Operator::GreaterOrEqual, ">=", 4, OperatorKind::Ordering),
    (Operator::Add, "+", 5, OperatorKind::Arithmetic),
    (Operator::Subtract, "-", 5, OperatorKind::Arithmetic),
    (Operator::Multiply, "*", 6, OperatorKind::Arithmetic),
    (Operator::Divide, "/", 6, OperatorKind::Arithmetic),
    (Operator::Remainder, "%", 6, OperatorKind::Arithmetic),
    (Operator::Not, "!", 7, OperatorKind::Prefix),
    (Operator::Negate, "-", 7, OperatorKind::Prefix),
];

impl Operator {
    fn row(self) -> (Operator, &'static str, u8, OperatorKind) {
        // INVARIANT: the table has a row for every operator; a test walks it.
        TABLE.into_iter().find(|row| row.0 == self).unwrap_or((self, "", 0, OperatorKind::Prefix))
    }

    /// As it is written, in text and tree alike.
    pub fn spelling(self) -> &'static str {
        self.row().1
    }

    /// How tightly it binds; more binds tighter. All group to the left.
    pub fn precedence(self) -> u8 {
        self.row().2
    }

    /// What it takes and gives.
    pub fn kind(self) -> OperatorKind {
        self.row().3
    }

    /// Whether a comparison holds for two values of this order; never one of what is
    /// no comparison.
    ///
    /// ```
    /// use target_rules::syntax::Operator;
    /// assert!(Operator::LessOrEqual.holds(2.cmp(&3)) && !Operator::Equal.holds(2.cmp(&3)));
    /// ```
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            _ => false,
        }
    }

    /// The operator that says the same with its sides exchanged.
    ///
    /// ```
    /// use target_rules::syntax::Operator;
    /// assert_eq!(Operator::Less.mirrored(), Operator::Greater);
    /// assert_eq!(Operator::Equal.mirrored(), Operator::Equal);
    /// ```
    pub fn mirrored(self) -> Operator {
        match self {
            Operator::Less => Operator::Greater,
            Operator::LessOrEqual => Operator::GreaterOrEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterOrEqual => Operator::LessOrEqual,
            other => other,
        }
    }

    /// What an arithmetic operator does; `None` for every other.
    pub(crate) fn arithmetic(self) -> Option<Arithmetic> {
        match self {
            Operator::Add => Some(Number::plus),
            Operator::Subtract => Some(Number::minus),
            Operator::Multiply => Some(Number::times),
            Operator::Divide => Some(Number::divided_by),
            Operator::Remainder => Some(Number::remainder),
            _ => None,
        }
    }

    /// The operator between two operands that is spelled so.
    pub fn infix(spelling: &str) -> Option<Operator> {
        TABLE.into_iter().find(|row| row.1 == spelling && row.3 != OperatorKind::Prefix).map(|row| row.0)
    }

    /// How the operators between two operands are spelled, or those before one.
    pub(crate) fn spellings(prefix: bool) -> impl Iterator<Item = &'static str> {
        TABLE.into_iter().filter(move |row| (row.3 == OperatorKind::Prefix) == prefix).map(|row| row.1)
    }

    /// The operator before an operand that is spelled so.
    pub fn prefix(spelling: &str) -> Option<Operator> {
        TABLE.into_iter().find(|row| row.1 == spelling && row.3 == OperatorKind::Prefix).map(|row| row.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Operator, OperatorKind, TABLE};

    #[test]
    fn every_operator_is_found_by_its_spelling() {
        for (operator, spelling, _, kind) in TABLE {
            let found = if kind == OperatorKind::Prefix {
                Operator::prefix(spelling)
            } else {
                Operator::infix(spelling)
            };
            assert_eq!(found, Some(operator));
        }
        assert_eq!(Operator::infix("!"), None);
    }
}
