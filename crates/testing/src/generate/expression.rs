//! A rule as the generators know it: a tree of its own, so that what it says
//! is known without asking the library.

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// A decimal.
    Number,
    /// Text.
    Text,
    /// An instant.
    Date,
    /// A constant of a closed set.
    Enum,
}

/// A rule or a part of one. Its debug form is its canonical text.
#[derive(Clone, PartialEq)]
pub enum Expression {
    /// `true`
    Boolean(bool),
    /// The digits, sign included.
    Number(String),
    /// The decoded text.
    Text(String),
    /// A constant of an enumeration without quotes.
    Word(String),
    /// `currentTxn.value`
    Attribute {
        /// The profile's name.
        profile: String,
        /// Its own name.
        name: String,
        /// The type that values for it have.
        kind: Kind,
    },
    /// `receiver.method(arguments)`
    Call {
        /// What is asked.
        receiver: Receiver,
        /// The method's name.
        method: String,
        /// As written.
        arguments: Vec<Expression>,
        /// The type of the result.
        kind: Kind,
    },
    /// `!x` or `-x`
    Prefix(char, Box<Expression>),
    /// Arithmetic and comparisons.
    Binary(&'static str, Box<Expression>, Box<Expression>),
    /// Two or more operands of `&&` or of `||`, none of them a chain of the
    /// same operator.
    Chain(&'static str, Vec<Expression>),
}

/// What a call asks.
#[derive(Clone, PartialEq)]
pub enum Receiver {
    /// A profile.
    Profile(String),
    /// An attribute or a call.
    Value(Box<Expression>),
}

/// Methods that tell absent from there, and so may flip as values come.
const NULL_TESTS: [&str; 8] = [
    "isNull",
    "isNotNull",
    "exists",
    "notExists",
    "isEmpty",
    "isValid",
    "isValidDate",
    "customFieldValueExists",
];

impl Expression {
    /// A chain, flat however its operands are.
    pub fn chain(operator: &'static str, operands: Vec<Expression>) -> Expression {
        let mut flat = Vec::new();
        for operand in operands {
            match operand {
                Expression::Chain(inner, within) if inner == operator => flat.extend(within),
                other => flat.push(other),
            }
        }
        Expression::Chain(operator, flat)
    }

    /// Both sides joined.
    pub fn binary(operator: &'static str, left: Expression, right: Expression) -> Expression {
        Expression::Binary(operator, Box::new(left), Box::new(right))
    }

    /// `!self`
    pub fn negated(self) -> Expression {
        Expression::Prefix('!', Box::new(self))
    }

    /// A call on a value.
    pub fn asked(self, method: &str, arguments: Vec<Expression>, kind: Kind) -> Expression {
        Expression::Call {
            receiver: Receiver::Value(Box::new(self)),
            method: method.to_owned(),
            arguments,
            kind,
        }
    }

    /// The parts right below this one.
    pub fn parts(&self) -> Vec<&Expression> {
        match self {
            Expression::Boolean(_)
            | Expression::Number(_)
            | Expression::Text(_)
            | Expression::Word(_)
            | Expression::Attribute { .. } => Vec::new(),
            Expression::Call { receiver, arguments, .. } => {
                let value = match receiver {
                    Receiver::Value(value) => Some(&**value),
                    Receiver::Profile(_) => None,
                };
                value.into_iter().chain(arguments).collect()
            }
            Expression::Prefix(_, operand) => vec![operand],
            Expression::Binary(_, left, right) => vec![left, right],
            Expression::Chain(_, operands) => operands.iter().collect(),
        }
    }

    /// The same with every part replaced, innermost first.
    pub fn map(self, with: &mut impl FnMut(Expression) -> Expression) -> Expression {
        let mapped = match self {
            Expression::Call { receiver, method, arguments, kind } => Expression::Call {
                receiver: match receiver {
                    Receiver::Value(value) => Receiver::Value(Box::new(value.map(with))),
                    profile => profile,
                },
                method,
                arguments: arguments.into_iter().map(|argument| argument.map(with)).collect(),
                kind,
            },
            Expression::Prefix(operator, operand) => {
                Expression::Prefix(operator, Box::new(operand.map(with)))
            }
            Expression::Binary(operator, left, right) => {
                Expression::binary(operator, left.map(with), right.map(with))
            }
            Expression::Chain(operator, operands) => {
                Expression::Chain(operator, operands.into_iter().map(|operand| operand.map(with)).collect())
            }
            leaf => leaf,
        };
        with(mapped)
    }

    /// Calls with this and every part below it.
    pub fn visit<'e>(&'e self, with: &mut impl FnMut(&'e Expression)) {
        with(self);
        for part in self.parts() {
            part.visit(with);
        }
    }

    /// Whether some part is so.
    pub fn any(&self, is: impl Fn(&Expression) -> bool) -> bool {
        let mut found = false;
        self.visit(&mut |part| found |= is(part));
        found
    }

    /// Whether a method that tells absent from there is asked.
    pub fn has_null_test(&self) -> bool {
        self.any(
            |part| matches!(part, Expression::Call { method, .. } if NULL_TESTS.contains(&method.as_str())),
        )
    }

    /// The profile that this very part names.
    pub fn profile(&self) -> Option<&str> {
        match self {
            Expression::Attribute { profile, .. }
            | Expression::Call { receiver: Receiver::Profile(profile), .. } => Some(profile),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text())
    }
}
