//! Every node of a rule with its value: why a rule is decided as it is.
//!
//! The oracle is asked for each node; nothing here decides anything anew.

use serde::Serialize;

use crate::diagnostic::{Form, Span};
use crate::rule::Rule;
use crate::syntax::{Operator, OperatorKind};
use crate::transaction::{Entry, Transaction};
use crate::typed::{Node, NodeKind, TRANSACTION, Type, text_of};
use crate::value::{Count, Number, Truth, Value, Zone};

use super::decide::decide;
use super::decision::{Decision, FaultCode};
use super::interpreter::{Context, CurrentEntry, NoValue, no_date};

/// Why a rule is decided as it is for a transaction: the decision, and every
/// node of the rule with its value.
///
/// Made by [`Rule::explain`]. Printed, it is a text for people;
/// [`Explanation::to_text`] draws it in colours for a terminal,
/// [`Explanation::to_html`] as a page. Serde writes it and does not read it back:
/// it is drawn where it is made, and its [`Decision`] can be read alone. Written as JSON it is one object, the
/// decision's keys beside those below; keys that do not apply are left out:
///
/// ```json
/// {"rule": "currentTxn.value>500", "form": "dsl", "transaction": "num-1784", "zone": "UTC",
///  "result": "false", "absent": [], "faults": [], "items": [],
///  "trees": [{"root": {
///    "kind": "comparison", "operator": ">", "text": "currentTxn.value>500", "span": {"start": 0, "end": 20},
///    "type": "boolean", "state": "known", "value": "false",
///    "distance": {"value": "455", "must": "exceed", "bound": "500", "by": "45"}, "decisive": true,
///    "children": [
///      {"kind": "attribute", "text": "currentTxn.value", "span": {"start": 0, "end": 16},
///       "type": "number", "state": "known", "value": "455", "decisive": true},
///      {"kind": "literal", "text": "500", "span": {"start": 17, "end": 20},
///       "type": "number", "state": "known", "value": "500", "decisive": true}]}}]}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The canonical text of the rule, whole.
    pub rule: String,
    /// The form that spans are in: the one that the rule was read from.
    pub form: Form,
    /// The transaction's number, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// The zone that dates are seen in.
    pub zone: String,
    /// What [`Rule::decide`] says.
    #[serde(flatten)]
    pub decision: Decision,
    /// Of a rule that is decided per line item or tender: how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrolled: Option<Unrolled>,
    /// The rule as a tree of values: one tree, or one for each line item or
    /// tender that is shown, those first that make the decision.
    pub trees: Vec<ExplainedTree>,
}

/// The line items or tenders that a rule is decided for one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unrolled {
    /// The key of the list in the document: `lineItems` or `tenders`.
    pub list: &'static str,
    /// How many it has; `None` where the document has no such list.
    pub count: Option<usize>,
    /// For how many of them the rule is true.
    #[serde(rename = "true")]
    pub holding: usize,
    /// For how many of them the rule is false.
    #[serde(rename = "false")]
    pub failing: usize,
    /// For how many of them the rule is unknown.
    pub unknown: usize,
}

/// The rule with the values of one line item, of one tender, or of a
/// transaction as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExplainedTree {
    /// Position from 0 of the line item or tender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<usize>,
    /// The rule as a whole.
    pub root: ExplainedNode,
}

/// One node of a rule with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExplainedNode {
    /// What the node is.
    pub kind: ExplainedKind,
    /// The operator as it is written; of nodes that have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<&'static str>,
    /// The canonical text. One of more than [`Explanation::LONGEST_TEXT`]
    /// characters is cut and ends in `...`.
    pub text: String,
    /// The place in the rule, without enclosing brackets.
    pub span: Span,
    /// The type of the value.
    #[serde(rename = "type")]
    pub of: ExplainedType,
    /// Whether there is a value, and if not, why.
    pub state: ExplainedState,
    /// The value where there is one: `true` or `false`, the digits of a
    /// number, a text (cut as `text` is), a date in ISO form in the zone of
    /// the evaluation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What went wrong at this very node. A string that should be a date has
    /// both a value and a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultCode>,
    /// Of a comparison of numbers that is false: how far off it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<Distance>,
    /// Whether the node has a part in the value of the one above it. A term of
    /// `&&` or `||` has where its value is that of the whole; any other node
    /// always has.
    pub decisive: bool,
    /// The operands, in the order of the rule. Of a call they are the value
    /// that it is asked of and the arguments that are no constants.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ExplainedNode>,
}

/// What a node of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ExplainedKind {
    /// A constant.
    Literal,
    /// `profile.attribute`.
    Attribute,
    /// A call of a method.
    Call,
    /// Terms joined by `&&`.
    All,
    /// Terms joined by `||`.
    Any,
    /// `!`.
    Not,
    /// `-` before an operand.
    Negation,
    /// `==`, `<` and their like.
    Comparison,
    /// `+`, `*` and their like.
    Arithmetic,
}

/// The type of a node's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ExplainedType {
    /// True or false.
    Boolean,
    /// An exact decimal.
    Number,
    /// A text.
    String,
    /// An instant.
    Date,
    /// A constant of an enumeration.
    Enum,
}

/// Whether a node has a value, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ExplainedState {
    /// It has one.
    Known,
    /// The transaction does not carry it.
    Absent,
    /// It has none, by a fault of its own.
    Fault,
    /// It has none because an operand has none.
    Unknown,
}

/// How far a comparison of numbers is from being true.
///
/// Told of the side that is no constant, so `500<x` and `x>500` say the same;
/// of the left one where both are none. Its text is a sentence for people:
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let transaction = Layout::of([&rule]).read(r#"{"currentTxn": {"value": 455}}"#, &limits)?;
/// let explanation = rule.explain(&transaction, &Zone::UTC);
/// let distance = explanation.trees[0].root.distance.as_ref().unwrap();
/// assert_eq!(distance.to_string(), "short by 45, must exceed 500");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Distance {
    /// The number that is compared, as its digits.
    pub value: Number,
    /// What it must be to the bound.
    pub must: Requirement,
    /// What it is compared with, as its digits.
    pub bound: Number,
    /// How far apart they are, exactly and without sign; `None` where that has
    /// more digits than a number can hold.
    pub by: Option<Number>,
}

/// What a number must be to its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Requirement {
    /// More than the bound.
    Exceed,
    /// The bound or more.
    Reach,
    /// Less than the bound.
    StayBelow,
    /// The bound or less.
    NotExceed,
    /// The bound itself.
    Equal,
    /// Anything but the bound.
    Differ,
}

impl std::fmt::Display for Distance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Distance { bound, .. } = self;
        let (far, must) = match self.must {
            Requirement::Exceed => ("short", "exceed"),
            Requirement::Reach => ("short", "reach"),
            Requirement::StayBelow => ("over", "stay below"),
            Requirement::NotExceed => ("over", "not exceed"),
            Requirement::Equal => ("off", "be"),
            Requirement::Differ => return write!(formatter, "exactly {bound}, must be another number"),
        };
        match self.by {
            _ if self.value == *bound => write!(formatter, "exactly {bound}, must {must} it"),
            Some(by) => write!(formatter, "{far} by {by}, must {must} {bound}"),
            None => write!(formatter, "{far} by a number too long to write, must {must} {bound}"),
        }
    }
}

impl Explanation {
    /// Characters of a text or a value that are kept. A rule may compare a
    /// value of a megabyte thousands of times; its explanation stays readable.
    pub const LONGEST_TEXT: usize = 1_000;

    /// Line items or tenders whose trees are given.
    pub const MOST_TREES: usize = 20;

    /// Nodes of all trees together; a rule that is larger still has one tree.
    pub const MOST_NODES: usize = 50_000;
}

impl ExplainedNode {
    /// True, false or unknown where the node is a boolean; `None` where it has
    /// a value of another type. A node without a value is unknown.
    pub fn truth(&self) -> Option<Truth> {
        match (self.state, self.of) {
            (ExplainedState::Known, ExplainedType::Boolean) => {
                Some((self.value.as_deref() == Some("true")).into())
            }
            (ExplainedState::Known, _) => None,
            _ => Some(Truth::Unknown),
        }
    }
}

impl Rule {
    /// Explains the decision for a transaction: what [`Rule::decide`] says,
    /// with the value of every node.
    ///
    /// The transaction must have been read for a layout that includes this
    /// rule. Never fails, never panics. Cost is that of deciding the rule,
    /// times its depth and the trees that are given; at most
    /// [`Explanation::MOST_TREES`] of them, and fewer of a large rule.
    ///
    /// ```
    /// use target_rules::{Ast, ExplainedState, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text(r#"currentTxn.value > 500 || currentCustomer.slabName == "Gold""#, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let transaction = Layout::of([&rule]).read(r#"{"currentTxn": {"value": 455}}"#, &limits)?;
    /// let explanation = rule.explain(&transaction, &Zone::UTC);
    /// let [value, slab] = explanation.trees[0].root.children.as_slice() else { panic!() };
    /// assert_eq!(value.value.as_deref(), Some("false"));
    /// assert_eq!(slab.children[0].state, ExplainedState::Absent);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn explain(&self, transaction: &Transaction, zone: &Zone) -> Explanation {
        let decision = decide(self, transaction, zone);
        let tree = |position, item| {
            let context = Context { transaction, zone, item };
            ExplainedTree { item: position, root: context.explain(self.root()) }
        };
        let (unrolled, trees) = match self.each() {
            None => (None, vec![tree(None, CurrentEntry::None)]),
            Some(each) => {
                let mut truths: Vec<Truth> = Vec::new();
                let mut count = None;
                let trees = match transaction.entries(TRANSACTION, each) {
                    None => vec![tree(None, CurrentEntry::Missing)],
                    Some(items) => {
                        let mut decided: Vec<(usize, Entry<'_>, Truth)> = Vec::with_capacity(items.len());
                        for (position, item) in items.enumerate() {
                            let context = Context { transaction, zone, item: CurrentEntry::At(item) };
                            let truth = context.truth(self.root());
                            truths.push(truth);
                            decided.push((position, item, truth));
                        }
                        count = Some(decided.len());
                        // The sort is stable: beyond that they keep their order.
                        decided.sort_by_key(|(_, _, truth)| *truth != decision.result);
                        let shown = decided.iter().take(trees_of(self.root()));
                        shown
                            .map(|(position, item, _)| tree(Some(*position), CurrentEntry::At(*item)))
                            .collect()
                    }
                };
                (Some(Unrolled::of(each.key(), count, &truths)), trees)
            }
        };
        Explanation {
            rule: self.to_text(),
            form: self.form(),
            transaction: transaction.number().map(|number| shortened(number, Explanation::LONGEST_TEXT)),
            zone: zone.name().to_owned(),
            decision,
            unrolled,
            trees,
        }
    }
}

impl Unrolled {
    fn of(list: &'static str, count: Option<usize>, truths: &[Truth]) -> Unrolled {
        let of = |wanted: Truth| truths.iter().filter(|truth| **truth == wanted).count();
        let (holding, failing, unknown) = (of(Truth::True), of(Truth::False), of(Truth::Unknown));
        Unrolled { list, count, holding, failing, unknown }
    }
}

/// How many trees of a rule are given.
fn trees_of(root: &Node) -> usize {
    let mut nodes = Count::default();
    root.visit(&mut |_| {
        nodes.add_one();
    });
    Explanation::MOST_NODES.checked_div(nodes.get()).unwrap_or(1).clamp(1, Explanation::MOST_TREES)
}

impl Context<'_> {
    /// A node and all below it with their values.
    fn explain(&self, node: &Node) -> ExplainedNode {
        let outcome = self.evaluate(node);
        let (state, fault) = match &outcome {
            Ok(_) => (ExplainedState::Known, None),
            Err(NoValue::Absent) => (ExplainedState::Absent, None),
            Err(NoValue::Fault(code)) => (ExplainedState::Fault, Some(*code)),
            Err(NoValue::Operand) => (ExplainedState::Unknown, None),
        };
        let distance = match &outcome {
            Ok(Value::Boolean(false)) => self.distance(node),
            _ => None,
        };
        let mut explained = ExplainedNode {
            kind: ExplainedKind::of(node),
            operator: operator_of(node).map(Operator::spelling),
            text: shortened(&text_of(node), Explanation::LONGEST_TEXT),
            span: node.span,
            of: ExplainedType::of(&node.of),
            state,
            value: outcome.ok().map(|value| self.shown(&value)),
            fault,
            distance,
            decisive: true,
            children: self.operands(node),
        };
        if matches!(node.kind, NodeKind::Chain { .. }) {
            let truth = explained.truth();
            for child in &mut explained.children {
                child.decisive = child.truth() == truth;
            }
        }
        explained
    }

    fn operands(&self, node: &Node) -> Vec<ExplainedNode> {
        match &node.kind {
            NodeKind::Boolean(_)
            | NodeKind::Number(..)
            | NodeKind::Text(_)
            | NodeKind::Word(_)
            | NodeKind::Attribute(_) => Vec::new(),
            NodeKind::Call(call) => {
                let no_date = no_date(self, call);
                let explain = |operand| {
                    let mut explained = self.explain(operand);
                    if no_date.is_some_and(|no_date| std::ptr::eq(no_date, operand)) {
                        explained.fault = Some(FaultCode::InvalidDate);
                    }
                    explained
                };
                call.operands().map(explain).collect()
            }
            NodeKind::Prefix { operand, .. } => vec![self.explain(operand)],
            NodeKind::Binary { left, right, .. } => vec![self.explain(left), self.explain(right)],
            NodeKind::Chain { operands, .. } => {
                operands.iter().map(|operand| self.explain(operand)).collect()
            }
        }
    }

    /// How far off a false comparison is, where it compares numbers.
    fn distance(&self, node: &Node) -> Option<Distance> {
        let NodeKind::Binary { operator, left, right } = &node.kind else { return None };
        let must = Requirement::of(*operator)?;
        let (Ok(Value::Number(value)), Ok(Value::Number(bound))) =
            (self.evaluate(left), self.evaluate(right))
        else {
            return None;
        };
        let (value, must, bound) = if is_constant(left) && !is_constant(right) {
            (bound, must.mirrored(), value)
        } else {
            (value, must, bound)
        };
        Some(Distance { value, must, bound, by: exactly_between(value, bound) })
    }

    fn shown(&self, value: &Value) -> String {
        match value {
            Value::Boolean(value) => Truth::from(*value).to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => shortened(text, Explanation::LONGEST_TEXT),
            Value::Date(instant) => self.zone.written(*instant),
        }
    }
}

/// The difference of two numbers without sign, where a number can hold it.
fn exactly_between(one: Number, other: Number) -> Option<Number> {
    let (high, low) = if one > other { (one, other) } else { (other, one) };
    let by = high.minus(low).ok()?;
    // A difference that was rounded leads back to only one of the two at most.
    let exact = low.plus(by) == Ok(high) && high.minus(by) == Ok(low);
    exact.then_some(by)
}

fn is_constant(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Number(..) => true,
        NodeKind::Prefix { operand, .. } => matches!(operand.kind, NodeKind::Number(..)),
        _ => false,
    }
}

impl Requirement {
    /// What a comparison asks of its left side.
    fn of(operator: Operator) -> Option<Requirement> {
        match operator {
            Operator::Greater => Some(Requirement::Exceed),
            Operator::GreaterOrEqual => Some(Requirement::Reach),
            Operator::Less => Some(Requirement::StayBelow),
            Operator::LessOrEqual => Some(Requirement::NotExceed),
            Operator::Equal => Some(Requirement::Equal),
            Operator::NotEqual => Some(Requirement::Differ),
            _ => None,
        }
    }

    /// The same asked of the right side.
    fn mirrored(self) -> Requirement {
        match self {
            Requirement::Exceed => Requirement::StayBelow,
            Requirement::Reach => Requirement::NotExceed,
            Requirement::StayBelow => Requirement::Exceed,
            Requirement::NotExceed => Requirement::Reach,
            either @ (Requirement::Equal | Requirement::Differ) => either,
        }
    }
}

fn operator_of(node: &Node) -> Option<Operator> {
    match &node.kind {
        NodeKind::Prefix { operator, .. }
        | NodeKind::Binary { operator, .. }
        | NodeKind::Chain { operator, .. } => Some(*operator),
        _ => None,
    }
}

impl ExplainedKind {
    fn of(node: &Node) -> ExplainedKind {
        match &node.kind {
            NodeKind::Boolean(_) | NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_) => {
                ExplainedKind::Literal
            }
            NodeKind::Attribute(_) => ExplainedKind::Attribute,
            NodeKind::Call(_) => ExplainedKind::Call,
            NodeKind::Chain { operator: Operator::Or, .. } => ExplainedKind::Any,
            NodeKind::Chain { .. } => ExplainedKind::All,
            NodeKind::Prefix { operator: Operator::Not, .. } => ExplainedKind::Not,
            NodeKind::Prefix { .. } => ExplainedKind::Negation,
            NodeKind::Binary { operator, .. } if operator.kind() == OperatorKind::Arithmetic => {
                ExplainedKind::Arithmetic
            }
            NodeKind::Binary { .. } => ExplainedKind::Comparison,
        }
    }
}

impl ExplainedType {
    fn of(of: &Type) -> ExplainedType {
        match of {
            Type::Boolean => ExplainedType::Boolean,
            Type::Number => ExplainedType::Number,
            Type::Text => ExplainedType::String,
            Type::Date => ExplainedType::Date,
            Type::Enum(_) => ExplainedType::Enum,
        }
    }
}

/// A text of at most so many characters; one that is longer is cut and ends
/// in `...`.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
