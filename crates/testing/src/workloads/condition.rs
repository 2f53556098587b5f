//! A rule apart from any language, and its spelling in one.

/// What rules ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Value,
    Discount,
    NonDiscounted,
    Store,
    Visits,
    Tier,
    Name,
    Email,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Amount,
    Count,
    Text,
}

impl Field {
    pub const ALL: [Field; 8] = [
        Field::Value,
        Field::Discount,
        Field::NonDiscounted,
        Field::Store,
        Field::Visits,
        Field::Tier,
        Field::Name,
        Field::Email,
    ];

    /// The profile and the attribute.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Field::Value => ("currentTxn", "value"),
            Field::Discount => ("currentTxn", "discount"),
            Field::NonDiscounted => ("currentTxn", "basketAmountSumNonDiscounted"),
            Field::Store => ("currentTxn", "storeId"),
            Field::Visits => ("currentCustomer", "numberOfVisits"),
            Field::Tier => ("currentCustomer", "slabName"),
            Field::Name => ("currentCustomer", "name"),
            Field::Email => ("currentCustomer", "email"),
        }
    }

    pub fn holds(self) -> Holds {
        match self {
            Field::Value | Field::Discount | Field::NonDiscounted => Holds::Amount,
            Field::Store | Field::Visits => Holds::Count,
            Field::Tier | Field::Name | Field::Email => Holds::Text,
        }
    }
}

/// A rule. Amounts are in cents.
#[derive(Debug, Clone)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Above(Field, i64),
    AtLeast(Field, i64),
    AtMost(Field, i64),
    Below(Field, i64),
    Equals(Field, i64),
    Is(Field, &'static str),
    OneOf(Field, Vec<i64>),
    Contains(Field, &'static str),
    Matches(Field, &'static str),
    /// The discount is at most so many percent of what value and discount are
    /// together.
    DiscountWithin(i64),
}

/// How a language writes conditions; `None` is what it cannot say.
pub struct Spelling {
    pub and: &'static str,
    pub or: &'static str,
    pub equal: &'static str,
    pub field: fn(Field) -> String,
    pub amount: fn(i64) -> String,
    pub text: fn(&str) -> String,
    /// Membership in a list, where the language has it; else equalities are joined by `or`.
    pub one_of: Option<fn(&str, &[i64]) -> String>,
    pub arithmetic: bool,
    pub contains: Option<fn(&str, &str) -> String>,
    pub matches: Option<fn(&str, &str) -> String>,
}

/// Cents as a decimal.
pub fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

pub fn dotted(field: Field) -> String {
    let (profile, attribute) = field.names();
    format!("{profile}.{attribute}")
}

pub fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

pub fn listed(numbers: &[i64], between: &str) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(between)
}

/// The language of this crate.
pub const OURS: Spelling = Spelling {
    and: "&&",
    or: "||",
    equal: "==",
    field: dotted,
    amount: decimal,
    text: quoted,
    one_of: None,
    arithmetic: true,
    contains: Some(|field, text| format!("{field}.contains(\"{text}\")")),
    matches: Some(|field, pattern| format!("{field}.matches(\"{pattern}\")")),
};

impl Spelling {
    /// The condition in this language; `None` where it cannot say it.
    pub fn of(&self, condition: &Condition) -> Option<String> {
        let written = self.part(condition)?;
        // Brackets around the whole are no part of anybody's rule.
        let inner = matches!(condition, Condition::All(_) | Condition::Any(_));
        Some(if inner { written[1..written.len() - 1].to_owned() } else { written })
    }

    fn part(&self, condition: &Condition) -> Option<String> {
        let joined = |parts: &[Condition], by: &str| -> Option<String> {
            let parts: Option<Vec<String>> = parts.iter().map(|part| self.part(part)).collect();
            Some(format!("({})", parts?.join(&format!(" {by} "))))
        };
        let compared = |field: Field, operator: &str, number: i64| {
            let number = match field.holds() {
                Holds::Amount => (self.amount)(number),
                _ => number.to_string(),
            };
            Some(format!("{} {operator} {number}", (self.field)(field)))
        };
        match condition {
            Condition::All(parts) => joined(parts, self.and),
            Condition::Any(parts) => joined(parts, self.or),
            Condition::Above(field, number) => compared(*field, ">", *number),
            Condition::AtLeast(field, number) => compared(*field, ">=", *number),
            Condition::AtMost(field, number) => compared(*field, "<=", *number),
            Condition::Below(field, number) => compared(*field, "<", *number),
            Condition::Equals(field, number) => compared(*field, self.equal, *number),
            Condition::Is(field, text) => {
                Some(format!("{} {} {}", (self.field)(*field), self.equal, (self.text)(text)))
            }
            Condition::OneOf(field, numbers) => match self.one_of {
                Some(one_of) => Some(one_of(&(self.field)(*field), numbers)),
                None => {
                    let equal = |number: &i64| Condition::Equals(*field, *number);
                    self.part(&Condition::Any(numbers.iter().map(equal).collect()))
                }
            },
            Condition::Contains(field, text) => Some(self.contains?(&(self.field)(*field), text)),
            Condition::Matches(field, pattern) => Some(self.matches?(&(self.field)(*field), pattern)),
            Condition::DiscountWithin(percent) => {
                let (value, discount) = ((self.field)(Field::Value), (self.field)(Field::Discount));
                let (percent, hundred) = ((self.amount)(percent * 100), (self.amount)(100 * 100));
                let most = format!("((({value} + {discount}) * {percent}) / {hundred})");
                self.arithmetic.then(|| format!("{discount} <= {most}"))
            }
        }
    }
}
