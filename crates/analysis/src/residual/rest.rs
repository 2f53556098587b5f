//! Explained nodes written again, what is known as constants.

use hashbrown::HashSet;
use target_rules::Number;
use target_rules::interpret::{ExplainedKind, ExplainedNode, ExplainedState, ExplainedType};

use super::known::Known;

/// What is left of a boolean node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rest {
    Known(bool),
    /// Not known yet; as text that stands in brackets where it is part of more.
    /// `None` where it is too long to be written.
    Open(Option<String>),
}

impl Rest {
    /// The text of a rule.
    pub(super) fn text(self) -> Option<String> {
        match self {
            Rest::Known(value) => Some(value.to_string()),
            Rest::Open(text) => text,
        }
    }

    /// All joined by `||`, equal ones once.
    pub(super) fn any(parts: impl IntoIterator<Item = Rest>) -> Rest {
        Rest::joined(parts, "||", true)
    }

    /// A chain in which one operand of the value `wins` decides. That holds
    /// whatever the others are, unknown too, and the other value changes nothing.
    fn joined(parts: impl IntoIterator<Item = Rest>, operator: &str, wins: bool) -> Rest {
        let mut texts: Vec<Option<String>> = Vec::new();
        let mut seen = HashSet::new();
        for part in parts {
            match part {
                Rest::Known(value) if value == wins => return Rest::Known(wins),
                Rest::Open(text) if seen.insert(text.clone()) => texts.push(text),
                Rest::Known(_) | Rest::Open(_) => {}
            }
        }
        match texts.len() {
            0 => Rest::Known(!wins),
            1 => Rest::Open(texts.pop().flatten()),
            _ => {
                let texts: Option<Vec<String>> =
                    texts.into_iter().map(|text| text.map(|text| format!("({text})"))).collect();
                Rest::Open(texts.map(|texts| texts.join(operator)))
            }
        }
    }
}

/// Writes what is left of nodes.
pub(super) struct Writer<'w> {
    /// The canonical text, of which nodes have their spans.
    pub(super) text: &'w str,
    pub(super) known: &'w Known<'w>,
    /// Whether what is known of the item at hand counts as known.
    pub(super) items: bool,
}

impl Writer<'_> {
    /// What is left of a boolean node.
    pub(super) fn rest(&self, node: &ExplainedNode) -> Rest {
        let parts = || node.children.iter().map(|child| self.rest(child));
        match node.kind {
            ExplainedKind::All => return Rest::joined(parts(), "&&", false),
            ExplainedKind::Any => return Rest::joined(parts(), "||", true),
            ExplainedKind::Not => {
                return match parts().next() {
                    Some(Rest::Known(value)) => Rest::Known(!value),
                    Some(Rest::Open(text)) => Rest::Open(text.map(|text| format!("!({text})"))),
                    None => Rest::Open(None),
                };
            }
            _ => {}
        }
        if self.is_settled(node)
            && let Some(value) = node.truth().and_then(|truth| truth.as_bool())
        {
            return Rest::Known(value);
        }
        Rest::Open(self.compared(node).or_else(|| self.slice(node)))
    }

    fn is_settled(&self, node: &ExplainedNode) -> bool {
        (self.items || !self.names_an_item(node)) && self.known.is_settled(node)
    }

    fn names_an_item(&self, node: &ExplainedNode) -> bool {
        self.slice(node).is_none_or(|text| self.known.names_an_item(&text))
    }

    fn slice(&self, node: &ExplainedNode) -> Option<String> {
        self.text.get(node.span.range()).map(str::to_owned)
    }

    /// A comparison, of numbers with what is known as constants, of truth values
    /// by what is left of them.
    fn compared(&self, node: &ExplainedNode) -> Option<String> {
        let [left, right] = node.children.as_slice() else { return None };
        let operator = node.operator.filter(|_| node.kind == ExplainedKind::Comparison)?;
        let sides = match (left.of, right.of) {
            (ExplainedType::Number, ExplainedType::Number) => [self.number(left)?, self.number(right)?],
            (ExplainedType::Boolean, ExplainedType::Boolean) => {
                let of = |side| self.rest(side).text().map(|text| format!("({text})"));
                [of(left)?, of(right)?]
            }
            _ => return None,
        };
        let [left, right] = sides;
        Some(format!("{left}{operator}{right}"))
    }

    /// A number, as a constant where it is known and can be written as one.
    fn number(&self, node: &ExplainedNode) -> Option<String> {
        if node.kind == ExplainedKind::Literal {
            return self.slice(node);
        }
        if self.is_settled(node)
            && let Some(constant) = node.value.as_deref().and_then(constant)
        {
            return Some(constant);
        }
        match (node.kind, node.operator, node.children.as_slice()) {
            // What is at fault stays so, as it is.
            _ if node.state == ExplainedState::Fault || node.fault.is_some() => self.bracketed(node),
            (ExplainedKind::Arithmetic, Some(operator), [left, right]) => {
                Some(format!("({}{operator}{})", self.number(left)?, self.number(right)?))
            }
            (ExplainedKind::Negation, _, [operand]) => Some(format!("(-({}))", self.number(operand)?)),
            (ExplainedKind::Attribute | ExplainedKind::Call, ..) => self.slice(node),
            _ => self.bracketed(node),
        }
    }

    fn bracketed(&self, node: &ExplainedNode) -> Option<String> {
        self.slice(node).map(|text| format!("({text})"))
    }
}

/// A number as a rule may write it.
fn constant(value: &str) -> Option<String> {
    let number: Number = value.parse().ok()?;
    let written = Number::from_literal(value).ok().filter(|written| *written == number)?;
    Some(if written.is_negative() { format!("({value})") } else { value.to_owned() })
}
