//! A rule in plain English.
//!
//! [`Rule::describe`] gives it. It is made from the rule's condition, so rules
//! that were written differently and ask the same read alike; and it is exact:
//! of two rules with one description both are true, false and unknown for the
//! same transactions. So texts stand in quotes, with their case; ranges say
//! whether their ends belong to them; and what is asked of missing values is
//! said.
//!
//! ```
//! use target_rules::{Ast, Limits, Schema};
//! let limits = Limits::default();
//! let text = r#"currentTxn.date.isWeekend() && (currentTxn.value > 2500
//!     || currentCustomer.slabName == "Gold")"#;
//! let ast = Ast::from_text(text, &limits)?;
//! let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
//! assert_eq!(
//!     rule.describe().to_string(),
//!     "The transaction took place on a weekend, and either the transaction \
//!      value is more than 2 500 or the customer's tier is \"Gold\"."
//! );
//! # Ok::<(), target_rules::Diagnostics>(())
//! ```

mod amount;
mod clause;
mod noun;
mod parts;
mod pattern;
mod phrase;
mod time;
mod wording;
mod written;

pub use phrase::grouped;

use crate::condition::Clause;
use crate::rule::Rule;
use crate::schema::ListName;
use crate::typed::Node;

/// A rule in plain English: one sentence, or a list where the rule is too deep
/// or too long for one. [`Display`](std::fmt::Display) writes it as it stands
/// alone, with a capital letter.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentCustomer.currentPoints >= 1200", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let description = rule.describe();
/// let words = "the customer has at least 1 200 redeemable points";
/// assert_eq!(description.as_str(), words);
/// assert!(description.is_sentence());
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Description {
    text: String,
    sentence: bool,
}

impl Description {
    /// The words to go on with after others, as "the rule: ...": they begin with
    /// a small letter and end without a full stop. A list has a line for each of
    /// its items, indented by two spaces a level.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is one sentence and no list.
    pub fn is_sentence(&self) -> bool {
        self.sentence
    }
}

impl std::fmt::Display for Description {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&phrase::capitalised(&self.text))?;
        formatter.write_str(if self.sentence { "." } else { "" })
    }
}

impl Rule {
    /// The rule in plain English, for people who do not read rules. Two rules
    /// with one description decide alike.
    ///
    /// Characters that act on a terminal or cannot be seen are written as
    /// `\u{...}`. Cost is linear in the size of the rule, for its patterns that
    /// of parsing them.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"currentLineItem.qty >= 3 && currentTxn.value > 40"#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(
    ///     rule.describe().as_str(),
    ///     "the transaction value is more than 40, and the transaction has an \
    ///      item whose quantity is at least 3"
    /// );
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn describe(&self) -> Description {
        self.with_condition(|condition| Description::of(condition.root(), condition.list()))
    }
}

impl Description {
    fn of(root: &Clause, list: Option<ListName>) -> Description {
        let (text, sentence) = written::written(&parts::parts(root, list));
        Description { text, sentence }
    }

    /// A clause of a rule in the words that the whole rule is described in. With
    /// a list, that an entry of it is such.
    pub(crate) fn of_clause(node: &Node, list: Option<ListName>) -> Description {
        Description::of(&Clause::lower(node), list)
    }
}
