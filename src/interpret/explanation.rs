//! What an explanation is: the decision, and every node of the rule with its
//! value.

use serde::Serialize;

use crate::describe::{Description, grouped};
use crate::diagnostic::{Form, Span};
use crate::schema::ListName;
use crate::value::{Number, Truth};

use super::decision::{Decision, FaultCode};

/// Why a rule is decided as it is for a transaction: the decision, and every
/// node of the rule with its value.
///
/// Made by [`Rule::explain`](crate::Rule::explain). Printed, it is a text for
/// people; [`Explanation::to_text`] writes it in colours for a terminal,
/// [`Explanation::to_html`] as a page. Serde writes it but does not read it
/// back; a client can read its [`Decision`] from the same JSON.
///
/// ```
/// use target_rules::diagnostic::Colour;
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"value": 455}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let explanation = rule.explain(&transaction, &Zone::UTC);
/// assert!(explanation.decision.result.is_false());
/// assert!(explanation.to_text(Colour::Off).contains("short by 45, must exceed 500"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
///
/// Written as JSON it is one object, with the keys of the decision beside its
/// own; keys that do not apply are left out:
///
/// ```json
/// {"rule": "currentTxn.value>500", "form": "dsl",
///  "transaction": "num-1784", "zone": "UTC",
///  "result": "false", "absent": [], "faults": [], "items": [],
///  "trees": [{"root": {
///    "kind": "comparison", "operator": ">", "text": "currentTxn.value>500",
///    "span": {"start": 0, "end": 20},
///    "type": "boolean", "state": "known", "value": "false",
///    "distance": {"value": "455", "must": "exceed", "bound": "500", "by": "45"},
///    "decisive": true,
///    "children": [
///      {"kind": "attribute", "text": "currentTxn.value",
///       "span": {"start": 0, "end": 16},
///       "type": "number", "state": "known", "value": "455", "decisive": true},
///      {"kind": "literal", "text": "500", "span": {"start": 17, "end": 20},
///       "type": "number", "state": "known", "value": "500", "decisive": true}]}}]}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The canonical text of the rule, whole.
    pub rule: String,
    /// The rule in plain English. Drawings show it; the JSON leaves it out.
    #[serde(skip)]
    pub description: Description,
    /// Why it is false, where it is. Drawings show it; the JSON leaves it out.
    #[serde(skip)]
    pub unmet: Option<Unmet>,
    /// The form that spans refer to: the one that the rule was read from.
    pub form: Form,
    /// The transaction's number, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// The time zone of the evaluation.
    pub zone: String,
    /// What [`Rule::decide`](crate::Rule::decide) says.
    #[serde(flatten)]
    pub decision: Decision,
    /// For a rule that is decided per line item or tender: how many there are,
    /// by result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrolled: Option<Unrolled>,
    /// The rule as a tree of values: one tree, or one for each line item or
    /// tender that is shown. Those that agree with the decision come first.
    pub trees: Vec<ExplainedTree>,
}

/// The line items or tenders that a rule is decided for one by one.
///
/// ```
/// use target_rules::schema::ListName;
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 3}, {}]}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let explanation = rule.explain(&transaction, &Zone::UTC);
/// let items = explanation.unrolled.ok_or("it is decided for each")?;
/// assert_eq!((items.list, items.count), (ListName::LineItems, Some(3)));
/// assert_eq!((items.holding, items.failing, items.unknown), (1, 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unrolled {
    /// The list.
    pub list: ListName,
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
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 3}]}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let explanation = rule.explain(&transaction, &Zone::UTC);
/// // The item that makes the rule true is given first.
/// assert_eq!(explanation.trees[0].item, Some(1));
/// assert_eq!(explanation.trees[0].root.text, "currentLineItem.qty>2");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
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
///
/// ```
/// use target_rules::interpret::{ExplainedKind, ExplainedState, ExplainedType};
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let transaction = Layout::of([&rule]).read("{}", &limits)?;
/// let explanation = rule.explain(&transaction, &Zone::UTC);
/// let comparison = &explanation.trees[0].root;
/// assert_eq!(comparison.kind, ExplainedKind::Comparison);
/// assert_eq!(comparison.state, ExplainedState::Unknown);
/// let attribute = &comparison.children[0];
/// assert_eq!(attribute.text, "currentTxn.value");
/// assert_eq!(attribute.of, ExplainedType::Number);
/// assert_eq!(attribute.state, ExplainedState::Absent);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExplainedNode {
    /// What the node is.
    pub kind: ExplainedKind,
    /// The operator as it is written, for nodes that have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<&'static str>,
    /// The canonical text. One of more than [`Explanation::LONGEST_TEXT`]
    /// characters is cut and ends in `...`.
    pub text: String,
    /// The place of the node in the rule, without enclosing brackets.
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
    /// The fault of this node itself. A string that should be a date has both a
    /// value and a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultCode>,
    /// For a false comparison of numbers: how far it is from being true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<Distance>,
    /// Whether the node contributes to the value of its parent. A term of `&&`
    /// or `||` does where its value is that of the chain; any other node always
    /// does.
    pub decisive: bool,
    /// The operands, in the order of the rule. Those of a call are its receiver
    /// and the arguments that are not constants.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ExplainedNode>,
}

/// What a node of a rule is.
///
/// ```
/// use target_rules::interpret::ExplainedKind;
/// // The names of serde are those of the JSON that is written.
/// assert_eq!(serde_json::to_string(&ExplainedKind::All)?, r#""all""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use target_rules::interpret::ExplainedType;
/// assert_eq!(serde_json::to_string(&ExplainedType::Number)?, r#""number""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use target_rules::interpret::ExplainedState;
/// assert_eq!(serde_json::to_string(&ExplainedState::Absent)?, r#""absent""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ExplainedState {
    /// It has one.
    Known,
    /// The transaction does not carry it.
    Absent,
    /// It has none because this node itself is at fault.
    Fault,
    /// It has none because an operand has none.
    Unknown,
}

/// How far a comparison of numbers is from being true.
///
/// It describes the side that is not a constant, so `500<x` and `x>500` give
/// the same; where neither is a constant, the left side. Its text is a sentence
/// for people:
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"value": 455}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
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
    /// How the value must relate to the bound.
    pub must: Requirement,
    /// What it is compared with, as its digits.
    pub bound: Number,
    /// How far apart they are, exactly and without sign; `None` where that has
    /// more digits than a number can hold.
    pub by: Option<Number>,
}

/// How a number must relate to its bound.
///
/// ```
/// use target_rules::interpret::Requirement;
/// // `<` asks to stay below, `<=` not to exceed.
/// assert_eq!(serde_json::to_string(&Requirement::StayBelow)?, r#""stay-below""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
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

/// Why a rule is false: the clauses that are not met, in the words that the rule
/// is described in.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold""#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"value": 455}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let unmet = rule.explain(&transaction, &Zone::UTC).unmet.ok_or("it is false")?;
/// assert_eq!(unmet.clauses[0].words, "the transaction value is more than 500");
/// assert!(unmet.clauses[0].distance.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmet {
    /// Whether one of the clauses would be enough; otherwise all are asked for.
    pub any: bool,
    /// The clauses in the order of the rule, at most [`Unmet::MOST_CLAUSES`].
    pub clauses: Vec<UnmetClause>,
    /// How many more there are.
    pub left: usize,
}

/// A clause of a rule that is not met.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentLineItem.qty > 5", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 2}]}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let unmet = rule.explain(&transaction, &Zone::UTC).unmet.ok_or("it is false")?;
/// let [clause] = unmet.clauses.as_slice() else { return Err("one clause".into()) };
/// assert_eq!(clause.words, "the transaction has an item whose quantity is more than 5");
/// assert!(clause.of_each);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmetClause {
    /// What it asks for, in plain English: it begins with a small letter and ends
    /// without a full stop.
    pub words: String,
    /// How far a comparison of numbers is from being true.
    pub distance: Option<Distance>,
    /// Whether it is asked of each line item or tender.
    pub of_each: bool,
}

impl Unmet {
    /// The most clauses that are told.
    pub const MOST_CLAUSES: usize = 3;

    /// The most characters of a clause's words; of longer ones the beginning is
    /// told.
    pub const LONGEST_WORDS: usize = 200;
}

impl std::fmt::Display for Distance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.in_words(|number| number.to_string()))
    }
}

impl Distance {
    /// The sentence, with numbers as descriptions write them.
    pub(crate) fn as_described(&self) -> String {
        self.in_words(grouped)
    }

    fn in_words(&self, written: impl Fn(Number) -> String) -> String {
        let bound = written(self.bound);
        let (far, must) = match self.must {
            Requirement::Exceed => ("short", "exceed"),
            Requirement::Reach => ("short", "reach"),
            Requirement::StayBelow => ("over", "stay below"),
            Requirement::NotExceed => ("over", "not exceed"),
            Requirement::Equal => ("off", "be"),
            Requirement::Differ => return format!("exactly {bound}, must be another number"),
        };
        match self.by {
            _ if self.value == self.bound => format!("exactly {bound}, must {must} it"),
            Some(by) => format!("{far} by {}, must {must} {bound}", written(by)),
            None => format!("{far} by a number too long to write, must {must} {bound}"),
        }
    }
}

impl Explanation {
    /// The most characters of a text or value that are kept. A rule may compare
    /// a value of a megabyte thousands of times; its explanation stays
    /// readable.
    pub const LONGEST_TEXT: usize = 1_000;

    /// The most operations of a chain of arithmetic that nest to the left, each
    /// with its value, less the levels above it. A longer chain is one node with
    /// all of its operands, and its operator is the last one.
    pub const LONGEST_NESTED: usize = 16;

    /// The most line items or tenders that get a tree.
    pub const MOST_TREES: usize = 20;

    /// The most nodes in all trees together. A rule with more nodes still gets
    /// one tree.
    pub const MOST_NODES: usize = 50_000;
}

impl ExplainedNode {
    /// True, false or unknown where the node is a boolean; `None` where it has
    /// a value of another type. A node without a value is unknown.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 455}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let comparison = &rule.explain(&transaction, &Zone::UTC).trees[0].root;
    /// assert_eq!(comparison.truth(), Some(Truth::False));
    /// assert_eq!(comparison.children[0].truth(), None); // a number
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
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
