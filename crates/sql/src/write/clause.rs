//! Clauses and literals.

use target_rules::Zone;
use target_rules::condition::{
    BooleanExpression, Clause, Comparison, Condition, Expression, ListName, Literal, NumberExpression,
    OpaqueCall, Predicate, Presence, Set, Subject, ValueKind,
};

use crate::columns::{Column, Columns};
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refusal, Refused};

use super::table::{Table, UNKNOWN};
use super::{date, items, number, text};

/// The profile whose items rules are decided for one by one.
const TRANSACTION: &str = "currentTxn";
/// The most parts that are told as refused.
const MOST_REFUSALS: usize = 20;

/// The walk over the clauses of a rule.
pub(crate) struct Clauses<'o> {
    table: Table<'o>,
    condition: &'o Condition,
    refusals: Vec<Refusal>,
    /// Whether what asks about an item is unknown, for there is no list of them.
    without_items: bool,
}

impl<'o> Clauses<'o> {
    pub(crate) fn new(
        condition: &'o Condition,
        dialect: Dialect,
        zone: &'o Zone,
        most: usize,
        columns: &'o Columns,
    ) -> Clauses<'o> {
        Clauses {
            table: Table::new(dialect, zone, most, columns),
            condition,
            refusals: Vec::new(),
            without_items: false,
        }
    }

    /// The whole condition, or all that is refused.
    pub(crate) fn write(mut self) -> Result<(String, Vec<Column>), Vec<Refusal>> {
        let condition = self.condition;
        let mut sql = String::new();
        match condition.list() {
            None => self.clause(condition.root(), &mut sql),
            Some(list) => match self.unrolled(list) {
                Ok(unrolled) => sql = unrolled,
                Err(refused) => self.refuse(None, refused),
            },
        }
        if self.refusals.is_empty() { Ok((sql, self.table.into_columns())) } else { Err(self.refusals) }
    }

    /// A rule that is decided for each item of a list.
    fn unrolled(&mut self, list: ListName) -> Result<String, Refused> {
        let column = self.table.list(TRANSACTION, list)?;
        self.table.at_hand = Some((TRANSACTION.to_owned(), list));
        let condition = self.inner(self.condition.root());
        self.without_items = true;
        let without = self.inner(self.condition.root());
        self.table.sized(items::unrolled(self.table.dialect, &column, &condition, &without))
    }

    /// Writes a clause so that it may stand beside `AND`, `OR` and `=`. Goes as deep as the
    /// rule does, which its limits bound.
    fn clause(&mut self, clause: &Clause, into: &mut String) {
        if self.refusals.len() >= MOST_REFUSALS {
            return;
        }
        match clause {
            Clause::Constant(value) => into.push_str(if *value { "TRUE" } else { "FALSE" }),
            Clause::Literal(literal) => self.literal(literal, into),
            Clause::All(clauses) => self.chain(clauses, (" AND ", "TRUE"), into),
            Clause::Any(clauses) => self.chain(clauses, (" OR ", "FALSE"), into),
            _ => self.refuse(None, Refused::new(Reason::Unsupported, "this clause is not translated")),
        }
    }

    fn chain(&mut self, clauses: &[Clause], (joint, empty): (&str, &str), into: &mut String) {
        if clauses.is_empty() {
            return into.push_str(empty);
        }
        into.push('(');
        for (position, clause) in clauses.iter().enumerate() {
            if position > 0 {
                into.push_str(joint);
            }
            self.clause(clause, into);
            if into.len() > self.table.most {
                let refused = self.table.too_large();
                return self.refuse(None, refused);
            }
        }
        into.push(')');
    }

    fn literal(&mut self, literal: &Literal, into: &mut String) {
        if self.without_items && literal.predicate.asks_an_item() {
            return into.push_str(UNKNOWN);
        }
        match self.predicate(&literal.predicate) {
            Ok(sql) if literal.negated => into.push_str(&format!("(NOT ({sql}))")),
            Ok(sql) => into.push_str(&format!("({sql})")),
            Err(refused) => self.refuse(Some(literal), refused),
        }
    }

    fn refuse(&mut self, literal: Option<&Literal>, refused: Refused) {
        let origin = literal.map(|literal| literal.origins.first());
        let text = origin.and_then(|origin| self.condition.text(origin));
        let Refused { reason, message } = refused;
        self.refusals.push(Refusal { reason, origin, text, message });
    }

    /// A clause within a predicate.
    fn inner(&mut self, clause: &Clause) -> String {
        let mut sql = String::new();
        self.clause(clause, &mut sql);
        sql
    }

    fn predicate(&mut self, predicate: &Predicate) -> Result<String, Refused> {
        match predicate {
            Predicate::In(subject, set) => self.member(subject, set),
            Predicate::Compares(comparison) => match &**comparison {
                Comparison::Numbers { operator, left, right, linear } => {
                    number::compare(&mut self.table, *operator, (left, right), linear.as_ref())
                }
                Comparison::Dates { operator, left, right } => {
                    date::compare(&mut self.table, *operator, left, right)
                }
                Comparison::Texts(left, right) => {
                    let (left, right) =
                        (text::text(&mut self.table, left)?, text::text(&mut self.table, right)?);
                    Ok(format!("{left} = {right}"))
                }
                Comparison::Booleans(left, right) => {
                    let (left, right) = (self.inner(left), self.inner(right));
                    self.table.sized(format!("{left} = {right}"))
                }
                _ => Err(Refused::new(Reason::Unsupported, "this comparison is not translated")),
            },
            Predicate::Call(call) => match &**call {
                OpaqueCall::Contains { text: whole, part } => {
                    let (whole, part) =
                        (text::text(&mut self.table, whole)?, text::text(&mut self.table, part)?);
                    Ok(self.table.dialect.contains(&whole, &part))
                }
                OpaqueCall::ItemMatches(selection) => items::is_selected(&mut self.table, selection),
                _ => Err(Refused::new(Reason::Unsupported, "this call is not translated")),
            },
            _ => Err(Refused::new(Reason::Unsupported, "this test is not translated")),
        }
    }

    fn member(&mut self, subject: &Subject, set: &Set) -> Result<String, Refused> {
        match (subject, set) {
            (Subject::Number(of), Set::Numbers(set)) => number::member(&mut self.table, of, set),
            (Subject::Text(of), Set::Texts(set)) => text::member(&mut self.table, of, set),
            (Subject::Date(of), Set::Dates(operator, other)) => {
                date::member(&mut self.table, of, *operator, *other)
            }
            (Subject::Boolean(of), Set::True) => match of {
                BooleanExpression::Attribute(leaf) => self.table.column_of(leaf.read(), ValueKind::Boolean),
                BooleanExpression::Answer(answer) => self.table.column_of(answer.read(), ValueKind::Boolean),
                BooleanExpression::Includes(aggregate) => items::any(&mut self.table, aggregate),
                _ => Err(Refused::new(Reason::Unsupported, "this truth value is not translated")),
            },
            (Subject::Presence(of), Set::Presence(presence)) => self.presence(of, presence),
            (Subject::Container(of), Set::Values(values)) => text::container(&mut self.table, of, values),
            _ => Err(Refused::new(Reason::Unsupported, "this test is not translated")),
        }
    }

    /// Whether a value is there; never unknown. A value that has a column is never at fault.
    fn presence(&mut self, of: &Expression, presence: &Presence) -> Result<String, Refused> {
        let table = &mut self.table;
        match (presence, of) {
            (Presence::Holding(part), Expression::Text(of)) => text::holding(table, of, part),
            (Presence::Valid, Expression::Date(of)) => {
                Ok(format!("{} IS NOT NULL", date::column(table, of)?))
            }
            (Presence::Absent, Expression::Text(of)) => Ok(format!("{} IS NULL", text::column(table, of)?)),
            (Presence::Absent, Expression::Date(of)) => Ok(format!("{} IS NULL", date::column(table, of)?)),
            (Presence::Absent, Expression::Number(of)) => {
                let sql = match of {
                    NumberExpression::Attribute(leaf) => table.column_of(leaf.read(), ValueKind::Number)?,
                    NumberExpression::Answer(answer) => table.column_of(answer.read(), ValueKind::Number)?,
                    other => number::number(table, other)?.sql,
                };
                Ok(format!("{sql} IS NULL"))
            }
            (Presence::Absent, Expression::Boolean(of)) => {
                let sql = self.inner(&of.clause);
                self.table.sized(format!("{sql} IS NULL"))
            }
            _ => Err(Refused::new(Reason::Unsupported, "this test of presence is not translated")),
        }
    }
}
