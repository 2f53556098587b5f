//! What is said where types do not go together, and what to write instead.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Repair, Span, Suggestion, repair, shortened};
use crate::syntax::{Operator, OperatorKind, quoted};
use crate::typed::{Node, NodeKind, Type, text_of};
use crate::value::Number;

use super::checker::Checker;
use super::phrases::{described, listing};
use super::repairs::Editor;

impl Checker<'_> {
    /// Whether an operand has the type that its operator takes; reports where
    /// not. `better` gives a help that its neighbours suggest.
    #[inline(never)]
    pub(super) fn wants(
        &mut self,
        operator: Operator,
        node: &Node,
        wanted: &Type,
        better: impl FnOnce() -> Option<Repair>,
    ) -> bool {
        if node.of == *wanted {
            return true;
        }
        let help = better().unwrap_or_else(|| match wanted {
            Type::Boolean => self.as_condition(node).into(),
            _ if is_number_in_quotes(node) => {
                Repair::from("write numbers without quotes").by(without_quotes(self.editor(), node))
            }
            _ => format!("`{}` calculates with numbers, such as `currentTxn.value`", operator.spelling())
                .into(),
        });
        let message = format!(
            "`{}` takes {}, but this is {}",
            operator.spelling(),
            described(wanted),
            described(&node.of)
        );
        self.report(
            Diagnostic::new(Code::TypeMismatch, node.span, message)
                .note(format!("expected {}", described(wanted)))
                .help(help),
        );
        false
    }

    /// How to make a condition of a value that isn't one.
    pub(super) fn as_condition(&self, node: &Node) -> String {
        let value = match &node.of {
            Type::Number => return "compare it, such as `>500`".to_owned(),
            Type::Date => return "ask the date something, such as `.isWeekend()`".to_owned(),
            Type::Enum(values) => values.first().cloned(),
            _ => self.known_values(node).and_then(|values| values.first().cloned()),
        };
        let value = quoted(value.as_deref().unwrap_or("Gold"));
        match node.kind {
            NodeKind::Text(_) | NodeKind::Word(_) => {
                "compare something with it, such as `currentCustomer.slabName==\"Gold\"`".to_owned()
            }
            _ => format!("compare it, such as `=={}`", repair(&value)),
        }
    }

    #[inline(never)]
    pub(super) fn mismatch(&mut self, operator: Operator, left: &Node, right: &Node, wanted: &str) {
        let (wrong, other) =
            if is_constant(left) && !is_constant(right) { (left, right) } else { (right, left) };
        let message = format!(
            "`{}` compares {wanted}, not {} with {}",
            operator.spelling(),
            described(&left.of),
            described(&right.of)
        );
        // As if the wrong side stood on the right.
        let turned = if std::ptr::eq(wrong, left) { turned(operator) } else { operator };
        let joined = self.editor().joined_by(left.span, right.span, operator.spelling());
        let sides = Sides { editor: self.editor(), wrong, other, joined };
        self.report(
            Diagnostic::new(Code::TypeMismatch, wrong.span, message)
                .note(format!("this is {}", described(&wrong.of)))
                .label(other.span, format!("this is {}", described(&other.of)))
                .help(sides.repair(turned)),
        );
    }
}

/// Two sides that cannot be compared.
struct Sides<'n> {
    editor: Editor<'n>,
    wrong: &'n Node,
    other: &'n Node,
    /// Whether both can be replaced at once: no bracket lies between them.
    joined: bool,
}

impl Sides<'_> {
    /// How to compare `other` with what was meant by `wrong`, which stands on the
    /// right of the operator.
    fn repair(&self, operator: Operator) -> Repair {
        let Sides { editor, wrong, other, .. } = *self;
        let ordering = operator.kind() == OperatorKind::Ordering;
        let meant = match (&wrong.kind, &other.of) {
            (_, Type::Date) => return self.on_date(operator),
            (NodeKind::Text(_), Type::Number) if is_number_in_quotes(wrong) => {
                let said = format!("write the number without quotes: `{}`", repair(&bare(wrong)));
                return Repair::from(said).by(without_quotes(editor, wrong));
            }
            (NodeKind::Text(_) | NodeKind::Word(_), Type::Number) => {
                return "compare a number with a number, such as `500`".into();
            }
            (NodeKind::Number(_, digits), Type::Text) if !ordering => {
                let said = format!("write it as a string: `\"{}\"`", repair(digits));
                return Repair::from(said).by(editor.in_text(wrong.span, quoted(digits), Safe));
            }
            (NodeKind::Boolean(_) | NodeKind::Number(..), Type::Enum(values)) => {
                return format!("the values are {}", listing(values.iter().map(String::as_str))).into();
            }
            (NodeKind::Text(text) | NodeKind::Word(text), Type::Boolean) => text,
            (NodeKind::Number(number, _), Type::Boolean) => {
                // No more than a guess: a number is none of the two.
                if *number == Number::ZERO { "0" } else { "1" }
            }
            (_, Type::Boolean) if wrong.of == Type::Boolean => return "use `==` or `!=`".into(),
            (_, Type::Text | Type::Enum(_)) if ordering => {
                return "texts have no order; use `==`, `!=` or `.contains(...)`".into();
            }
            _ => return "compare two numbers, two texts, two dates or two conditions".into(),
        };
        truth(operator, meant, editor, wrong.span)
    }

    fn on_date(&self, operator: Operator) -> Repair {
        let Some(date) = date_of(self.wrong) else {
            return format!("ask the date itself, such as `{}`", on_date(operator, &["2025", "1", "31"]))
                .into();
        };
        let asked = on_date(operator, &date);
        let said = format!("ask the date itself: `{asked}`");
        // Only with these two is a date compared with the start of the day, whatever
        // its time of day.
        let same = matches!(operator, Operator::Less | Operator::GreaterOrEqual);
        let day_alone = !matches!(&self.wrong.kind, NodeKind::Text(text) if text.len() != 10);
        let asks = match same && day_alone && self.joined {
            true => text_if_short(self.other).and_then(|other| {
                let whole = self.other.span.to(self.wrong.span);
                self.editor.in_text(whole, format!("{other}{asked}"), Guess)
            }),
            false => None,
        };
        Repair::from(said).by(asks)
    }
}

/// The number that a string holds, as a repair: the same without its quotes.
fn without_quotes(editor: Editor<'_>, node: &Node) -> Option<Suggestion> {
    match &node.kind {
        NodeKind::Text(text) => editor.in_text(node.span, text.trim(), Safe),
        _ => None,
    }
}

/// `==true` or `==false` for what stands for it elsewhere, at a span.
pub(super) fn truth(operator: Operator, meant: &str, editor: Editor<'_>, span: Span) -> Repair {
    let no = ["false", "no", "n", "0"].iter().any(|no| no.eq_ignore_ascii_case(meant));
    let yes = ["true", "yes", "y", "1"].iter().any(|yes| yes.eq_ignore_ascii_case(meant));
    let sign = if operator == Operator::NotEqual { "!=" } else { "==" };
    let constant = match (yes, no) {
        (true, _) => "true",
        (_, true) => "false",
        _ => return format!("write `{sign}true` or `{sign}false`").into(),
    };
    let sure = if constant.eq_ignore_ascii_case(meant) { Safe } else { Guess };
    let compared = operator.kind() == OperatorKind::Equality;
    let instead = if compared { editor.in_text(span, constant, sure) } else { None };
    Repair::from(format!("write `{sign}{constant}`")).by(instead)
}

/// What to write for two sides that are wrong for arithmetic in the same way.
pub(super) fn instead_of_arithmetic(operator: Operator, left: &Node, right: &Node) -> Option<String> {
    let is_text = |node: &Node| matches!(node.of, Type::Text | Type::Enum(_)) && !is_number_in_quotes(node);
    match (operator, &left.of, &right.of) {
        (Operator::Subtract, Type::Date, Type::Date) => {
            let days = match (text_if_short(left), text_if_short(right)) {
                (Some(left), Some(right)) => format!("{left}.dateDiff({right})"),
                _ => ".dateDiff(...)".to_owned(),
            };
            Some(format!("for the days between two dates write `{}`", repair(&days)))
        }
        (Operator::Add, ..) if is_text(left) && is_text(right) => {
            Some("texts cannot be joined; compare each of them by itself".to_owned())
        }
        _ => None,
    }
}

/// `slabName=="Gold"||"Silver"`: the comparison that the second value lacks.
pub(super) fn repeated(node: &Node, before: Option<&Node>, editor: Editor<'_>) -> Option<Repair> {
    let NodeKind::Binary { operator, left, right } = &before?.kind else { return None };
    let fits = operator.kind() == OperatorKind::Equality && is_constant(node) && right.of.same_kind(&node.of);
    if !fits {
        return None;
    }
    let comparison = format!("{}{}{}", text_if_short(left)?, operator.spelling(), text_if_short(node)?);
    let said = format!("repeat the comparison: `{}`", repair(&comparison));
    Some(Repair::from(said).by(editor.in_text(node.span, comparison, Guess)))
}

/// A node as text for a help. None of a long one: nobody would read it, and with
/// many faults beside it the cost would be quadratic.
fn text_if_short(node: &Node) -> Option<String> {
    const LONGEST: usize = 1000;
    (node.span.len() <= LONGEST).then(|| text_of(node))
}

type Date = [String; 3];

/// The year, month and day of a date that was written as a text, as a number
/// such as `20250131`, or without quotes as `2025-01-31`.
fn date_of(node: &Node) -> Option<Date> {
    let digits = |node: &Node| match &node.kind {
        NodeKind::Number(_, digits) => Some(digits.clone()),
        _ => None,
    };
    let [year, month, day] = match &node.kind {
        NodeKind::Text(text) => {
            let date = text.get(..10)?;
            let mut parts = date.split('-').map(str::to_owned);
            [parts.next()?, parts.next()?, parts.next()?]
        }
        NodeKind::Number(_, digits) if digits.len() == 8 => {
            [digits.get(..4)?.to_owned(), digits.get(4..6)?.to_owned(), digits.get(6..)?.to_owned()]
        }
        NodeKind::Arithmetic(chain) => match chain.steps.as_slice() {
            [month, day] if [month, day].iter().all(|step| step.operator == Operator::Subtract) => {
                [digits(&chain.first)?, digits(&month.operand)?, digits(&day.operand)?]
            }
            _ => return None,
        },
        _ => return None,
    };
    let within = |part: &str, most: u32| part.parse::<u32>().is_ok_and(|part| (1..=most).contains(&part));
    let fits = year.len() == 4 && within(&year, 9999) && within(&month, 12) && within(&day, 31);
    let plain = |part: String| part.trim_start_matches('0').to_owned();
    fits.then(|| [year, plain(month), plain(day)])
}

/// What to ask a date instead of comparing it with a day.
fn on_date(operator: Operator, date: &[impl AsRef<str>; 3]) -> String {
    let [year, month, day] = date.each_ref().map(AsRef::as_ref);
    let numbers = format!("{year},{month},{day}");
    match operator {
        Operator::Less => format!(".isBefore({numbers})"),
        Operator::GreaterOrEqual => format!(".isBefore({numbers})==false"),
        Operator::Greater => format!(".isAfter({numbers})"),
        Operator::LessOrEqual => format!(".isAfter({numbers})==false"),
        Operator::NotEqual => format!(".dateDiff({numbers})>0"),
        _ => format!(".dateDiff({numbers})==0"),
    }
}

/// The operator that says the same with its sides exchanged.
fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::Greater => Operator::Less,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        other => other,
    }
}

fn bare(node: &Node) -> String {
    match &node.kind {
        NodeKind::Text(text) => shortened(text.trim()).into_owned(),
        _ => String::new(),
    }
}

fn is_number_in_quotes(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Text(text) if Number::from_literal(text.trim()).is_ok())
}

fn is_constant(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Boolean(_) | NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_))
}
