//! Every node of a rule with its value: why a rule is decided as it is.
//!
//! Every value comes from the interpreter; nothing is decided here a second
//! time.

use crate::diagnostic::{Span, cut};
use crate::rule::Rule;
use crate::schema::ListName;
use crate::syntax::Operator;
use crate::transaction::{CurrentEntry, Entry, Transaction};
use crate::typed::{Arithmetic, Node, NodeKind, TRANSACTION, Type, text_of, text_of_steps};
use crate::value::{Count, Number, Truth, Value, Zone};

use super::decide::decide;
use super::decision::FaultCode;
use super::explanation::{
    Distance, ExplainedKind, ExplainedNode, ExplainedState, ExplainedTree, ExplainedType, Explanation,
    Requirement, Unrolled,
};
use super::interpreter::{Context, no_date};
use super::memo::Memo;
use super::outcome::{NoValue, Outcome};

impl Rule {
    /// Explains the decision for a transaction: what [`Rule::decide`] says,
    /// with the value of every node.
    ///
    /// The transaction must have been read for a layout that includes this
    /// rule. Never fails, never panics. Cost is that of deciding the rule,
    /// times its depth, times the number of trees: at most
    /// [`Explanation::MOST_TREES`], and fewer for a large rule.
    ///
    /// ```
    /// use target_rules::interpret::ExplainedState;
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let text = r#"currentTxn.value > 500 || currentCustomer.slabName == "Gold""#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 455}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let explanation = rule.explain(&transaction, &Zone::UTC);
    /// let [value, slab] = explanation.trees[0].root.children.as_slice() else { panic!() };
    /// assert_eq!(value.value.as_deref(), Some("false"));
    /// assert_eq!(slab.children[0].state, ExplainedState::Absent);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn explain(&self, transaction: &Transaction, zone: &Zone) -> Explanation {
        let decision = decide(self, transaction, zone);
        let memo = &Memo::of(self.root());
        let tree = |position, item| {
            let context = Context { transaction, zone, item, memo };
            ExplainedTree { item: position, root: context.explain(self.root(), 0) }
        };
        let (unrolled, trees) = match self.unrolled_list() {
            None => (None, vec![tree(None, CurrentEntry::None)]),
            Some(list) => {
                let mut truths: Vec<Truth> = Vec::new();
                let mut count = None;
                let trees = match transaction.entries(TRANSACTION, list) {
                    None => vec![tree(None, CurrentEntry::Missing)],
                    Some(items) => {
                        let mut decided: Vec<(usize, Entry<'_>, Truth)> = Vec::with_capacity(items.len());
                        for (position, item) in items.enumerate() {
                            let context = Context { transaction, zone, item: CurrentEntry::At(item), memo };
                            let truth = context.truth(self.root());
                            truths.push(truth);
                            decided.push((position, item, truth));
                        }
                        count = Some(decided.len());
                        // Entries that agree with the decision come first. The
                        // sort is stable, so otherwise they keep the order of
                        // the list.
                        decided.sort_by_key(|(_, _, truth)| *truth != decision.result);
                        let shown = decided.iter().take(trees_of(self.root()));
                        shown
                            .map(|(position, item, _)| tree(Some(*position), CurrentEntry::At(*item)))
                            .collect()
                    }
                };
                (Some(Unrolled::of(list, count, &truths)), trees)
            }
        };
        Explanation {
            rule: self.to_text(),
            description: self.describe(),
            form: self.form(),
            transaction: transaction
                .number()
                .map(|number| cut(number, Explanation::LONGEST_TEXT).into_owned()),
            zone: zone.name().to_owned(),
            unmet: if decision.result.is_false() { self.unmet(transaction, zone, memo) } else { None },
            decision,
            unrolled,
            trees,
        }
    }
}

impl Unrolled {
    fn of(list: ListName, count: Option<usize>, truths: &[Truth]) -> Unrolled {
        let of = |wanted: Truth| truths.iter().filter(|truth| **truth == wanted).count();
        let (holding, failing, unknown) = (of(Truth::True), of(Truth::False), of(Truth::Unknown));
        Unrolled { list, count, holding, failing, unknown }
    }
}

/// So many levels below others.
///
/// INVARIANT: every level is a node in memory, so no sum overflows.
fn levels(above: usize, more: usize) -> usize {
    [above, more].into_iter().sum()
}

/// How many trees an explanation of a rule may have.
fn trees_of(root: &Node) -> usize {
    let mut nodes = Count::default();
    root.visit(&mut |_| {
        nodes.add_one();
    });
    Explanation::MOST_NODES.checked_div(nodes.get()).unwrap_or(1).clamp(1, Explanation::MOST_TREES)
}

impl Context<'_> {
    /// A node and all nodes below it, with their values; `above` says how many
    /// levels of nodes are above it.
    fn explain(&self, node: &Node, above: usize) -> ExplainedNode {
        if let NodeKind::Arithmetic(chain) = &node.kind
            && levels(above, chain.steps.len()) <= Explanation::LONGEST_NESTED
        {
            return self.explain_steps(chain, above);
        }
        let outcome = self.evaluate(node);
        let distance = match &outcome {
            Ok(Value::Boolean(false)) => self.distance(node),
            _ => None,
        };
        let mut explained = ExplainedNode {
            kind: ExplainedKind::of(node),
            operator: operator_of(node).map(Operator::spelling),
            text: cut(&text_of(node), Explanation::LONGEST_TEXT).into_owned(),
            distance,
            children: self.operands(node, levels(above, 1)),
            ..self.outcome(node.span, &node.of, outcome)
        };
        match &node.kind {
            NodeKind::Chain { .. } => {
                let truth = explained.truth();
                for child in &mut explained.children {
                    child.decisive = child.truth() == truth;
                }
            }
            NodeKind::Arithmetic(chain) => explained.fault = self.arithmetic(chain).1.map(|(_, code)| code),
            _ => {}
        }
        explained
    }

    /// A chain of arithmetic, which nests to the left.
    fn explain_steps(&self, chain: &Arithmetic, above: usize) -> ExplainedNode {
        let below = levels(above, chain.steps.len());
        let mut outcome = self.operand(&chain.first);
        let mut explained = self.explain(&chain.first, below);
        for (step, count) in chain.steps.iter().zip(1..) {
            outcome = self.step(outcome, step);
            explained = ExplainedNode {
                kind: ExplainedKind::Arithmetic,
                operator: Some(step.operator.spelling()),
                text: cut(&text_of_steps(chain, count), Explanation::LONGEST_TEXT).into_owned(),
                children: vec![explained, self.explain(&step.operand, below)],
                ..self.outcome(step.span, &Type::Number, outcome.clone())
            };
        }
        explained
    }

    /// What is known of a node by its outcome alone.
    fn outcome(&self, span: Span, of: &Type, outcome: Outcome) -> ExplainedNode {
        let (state, fault) = match &outcome {
            Ok(_) => (ExplainedState::Known, None),
            Err(NoValue::Absent) => (ExplainedState::Absent, None),
            Err(NoValue::Fault(code)) => (ExplainedState::Fault, Some(*code)),
            Err(NoValue::Operand) => (ExplainedState::Unknown, None),
        };
        ExplainedNode {
            kind: ExplainedKind::Literal,
            operator: None,
            text: String::new(),
            span,
            of: ExplainedType::of(of),
            state,
            value: outcome.ok().map(|value| self.shown(&value)),
            fault,
            distance: None,
            decisive: true,
            children: Vec::new(),
        }
    }

    fn operands(&self, node: &Node, above: usize) -> Vec<ExplainedNode> {
        match &node.kind {
            NodeKind::Boolean(_)
            | NodeKind::Number(..)
            | NodeKind::Text(_)
            | NodeKind::Word(_)
            | NodeKind::Attribute(_) => Vec::new(),
            NodeKind::Call(call) => {
                let no_date = no_date(self, call);
                let explain = |operand| {
                    let mut explained = self.explain(operand, above);
                    if no_date.is_some_and(|no_date| std::ptr::eq(no_date, operand)) {
                        explained.fault = Some(FaultCode::InvalidDate);
                    }
                    explained
                };
                call.operands().map(explain).collect()
            }
            NodeKind::Prefix { operand, .. } => vec![self.explain(operand, above)],
            NodeKind::Arithmetic(chain) => {
                chain.operands().map(|operand| self.explain(operand, above)).collect()
            }
            NodeKind::Binary { left, right, .. } => {
                vec![self.explain(left, above), self.explain(right, above)]
            }
            NodeKind::Chain { operands, .. } => {
                operands.iter().map(|operand| self.explain(operand, above)).collect()
            }
        }
    }

    /// How far a false comparison of numbers is from being true.
    pub(super) fn distance(&self, node: &Node) -> Option<Distance> {
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
            Value::Text(text) => cut(text, Explanation::LONGEST_TEXT).into_owned(),
            Value::Date(instant) => self.zone.written(*instant),
        }
    }
}

/// The absolute difference of two numbers, where a number can hold it exactly.
fn exactly_between(one: Number, other: Number) -> Option<Number> {
    let (high, low) = if one > other { (one, other) } else { (other, one) };
    let by = high.minus(low).ok()?;
    // A rounded difference gives back at most one of the two numbers.
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
    /// What a comparison requires of its left side.
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

    /// The same requirement, for the right side.
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
        NodeKind::Arithmetic(chain) => chain.steps.last().map(|step| step.operator),
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
            NodeKind::Arithmetic(_) => ExplainedKind::Arithmetic,
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
