//! What is said where types do not go together, and what to write instead.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Repair, Span, Suggestion, repair, shortened};
use crate::schema::EXTENDED;
use crate::syntax::{Operator, OperatorKind, number_meant, quoted};
use crate::typed::{Node, NodeKind, Type};
use crate::value::Number;

use super::checker::Checker;
use super::dates::{named_part, on_date};
use super::nothing::instead_of_nothing;
use super::phrases::{described, is_nothing, listing, text_if_short};
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
        if let NodeKind::Text(text) | NodeKind::Word(text) = &wrong.kind {
            if is_nothing(text.trim()) && !matches!(other.of, Type::Text | Type::Enum(_)) {
                return instead_of_nothing(editor, operator, text.trim(), wrong.span, other);
            }
            if let Some(part) = named_part(editor, operator, text, wrong.span, other) {
                return part;
            }
        }
        let meant = match (&wrong.kind, &other.of) {
            (_, Type::Date) => return on_date(editor, operator, wrong, other, self.joined),
            (NodeKind::Text(_), Type::Number) if is_number_in_quotes(wrong) => {
                let said = format!("write the number without quotes: `{}`", repair(&bare(wrong)));
                return Repair::from(said).by(without_quotes(editor, wrong));
            }
            (NodeKind::Text(text), Type::Number) if let Some(number) = number_meant(text) => {
                let said = format!("write the number: `{number}`");
                return Repair::from(said).by(editor.in_text(wrong.span, number, Guess));
            }
            (NodeKind::Text(_) | NodeKind::Word(_), Type::Number) => {
                return "compare a number with a number, such as `500`".into();
            }
            (NodeKind::Number(_, digits), Type::Text) if !ordering => {
                let said = format!("write it as a string: `\"{}\"`", repair(digits));
                return Repair::from(said).by(editor.in_text(wrong.span, quoted(digits), Safe));
            }
            (NodeKind::Boolean(value), Type::Enum(values))
                if let Some(word) = yes_or_no(*value, values).filter(|_| !ordering) =>
            {
                let instead = editor.in_text(wrong.span, quoted(word), Guess);
                return Repair::from(format!("write `{}`", quoted(word))).by(instead);
            }
            (NodeKind::Boolean(_) | NodeKind::Number(..), Type::Enum(values)) => {
                return format!("the values are {}", listing(values.iter().map(String::as_str))).into();
            }
            (NodeKind::Text(text) | NodeKind::Word(text), Type::Boolean) => text,
            (NodeKind::Number(number, _), Type::Boolean) => match truth_meant(operator, *number) {
                Some(meant) => meant,
                None => {
                    return "this is true or false, and no amount; `basketQty` counts pieces, `basketSum` money".into();
                }
            },
            (_, Type::Boolean) if wrong.of == Type::Boolean => return "use `==` or `!=`".into(),
            (_, Type::Text | Type::Enum(_)) if ordering => {
                return "texts have no order; use `==`, `!=` or `.contains(...)`".into();
            }
            _ => return "compare two numbers, two texts, two dates or two conditions".into(),
        };
        truth(operator, meant, editor, wrong.span)
    }
}

/// What a comparison of a truth value with a number means, where other systems
/// have 1 for true and 0 for false; no more than a guess.
fn truth_meant(operator: Operator, number: Number) -> Option<&'static str> {
    let (zero, one) = (number == Number::ZERO, number == Number::from(1));
    match operator {
        Operator::Equal | Operator::NotEqual if zero => Some("0"),
        Operator::Equal | Operator::NotEqual if one => Some("1"),
        Operator::Greater if zero => Some("1"),
        Operator::GreaterOrEqual if one => Some("1"),
        Operator::Less if one => Some("0"),
        Operator::LessOrEqual if zero => Some("0"),
        _ => None,
    }
}

/// The one of listed values that says what a boolean does.
fn yes_or_no(value: bool, values: &[String]) -> Option<&str> {
    let words: &[&str] = if value { &["yes", "true", "y"] } else { &["no", "false", "n"] };
    let says = |listed: &&String| words.iter().any(|word| word.eq_ignore_ascii_case(listed));
    values.iter().find(says).map(String::as_str)
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
    // A field that no schema lists may be a date too.
    let may_be_date = |node: &Node| match &node.kind {
        NodeKind::Attribute(attribute) => node.of == Type::Date || attribute.name.starts_with(EXTENDED),
        _ => false,
    };
    let asked = may_be_date(left) && may_be_date(right);
    match (operator, &left.of, &right.of) {
        (Operator::Subtract, Type::Date, _) | (Operator::Subtract, _, Type::Date) if asked => {
            let days = |method: &str| match (text_if_short(left), text_if_short(right)) {
                (Some(left), Some(right)) => format!("{left}.{method}({right})"),
                _ => format!(".{method}(...)"),
            };
            let (between, anniversary) = (days("dateDiff"), days("daysDiff"));
            Some(format!(
                "for all days between two dates write `{}`, for the days to the nearest anniversary `{}`",
                repair(&between),
                repair(&anniversary)
            ))
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

/// The operator that says the same with its sides exchanged.
pub(super) fn turned(operator: Operator) -> Operator {
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
