//! Why a rule is unknown: the same in every engine.

use std::collections::BTreeSet;

use hashbrown::HashSet;

use crate::diagnostic::{Form, Span};
use crate::typed::{Call, Node, NodeKind, text_of};
use crate::value::Truth;

use super::decision::{Decision, Fault, FaultCode};
use super::interpreter::{Context, has_unheld_constant, no_date};
use super::outcome::NoValue;

/// Absent values and faults, gathered from the root down.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    absent: BTreeSet<String>,
    faults: BTreeSet<(Span, &'static str, FaultCode)>,
    /// The nodes whose reasons are the same for all entries, and gathered.
    gathered: HashSet<*const Node>,
}

impl Reasons {
    /// Adds the reasons why a node has no value, found by descending into its
    /// operands.
    pub(super) fn gather(&mut self, context: &Context<'_>, node: &Node) {
        if context.memo.keeps(node) && !self.gathered.insert(std::ptr::from_ref(node)) {
            return;
        }
        match context.evaluate(node) {
            Ok(_) => {}
            Err(NoValue::Absent) => {
                self.absent.insert(text_of(node));
            }
            Err(NoValue::Fault(code)) => {
                self.faults.insert((node.span, code.name(), code));
            }
            Err(NoValue::Operand) => match &node.kind {
                NodeKind::Call(call) => self.gather_call(context, call),
                NodeKind::Prefix { operand, .. } => self.gather(context, operand),
                NodeKind::Arithmetic(chain) => {
                    let (_, at_fault) = context.arithmetic(chain);
                    self.faults.extend(at_fault.map(|(step, code)| (step.span, code.name(), code)));
                    chain.operands().for_each(|operand| self.gather(context, operand));
                }
                NodeKind::Binary { left, right, .. } => {
                    self.gather(context, left);
                    self.gather(context, right);
                }
                NodeKind::Chain { operands, .. } => {
                    operands.iter().for_each(|operand| self.gather(context, operand))
                }
                _ => {}
            },
        }
    }

    fn gather_call(&mut self, context: &Context<'_>, call: &Call) {
        call.operands().for_each(|operand| self.gather(context, operand));
        let code = FaultCode::InvalidDate;
        self.faults.extend(no_date(context, call).map(|node| (node.span, code.name(), code)));
        // Converted from this zone to UTC, a date constant may lie outside the
        // years that are supported. The fault is at the arguments that make up
        // the date.
        if has_unheld_constant(context, call)
            && let Some(first) = call.arguments.first()
        {
            let span = call.arguments.iter().fold(first.span, |span, node| span.to(node.span));
            self.faults.insert((span, code.name(), code));
        }
    }

    /// Adds every leaf that reads the current line item, as absent.
    pub(super) fn every_item_leaf(&mut self, root: &Node) {
        root.visit(&mut |node| {
            if node.unrolls().is_some() {
                self.absent.insert(text_of(node));
            }
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.absent.is_empty() && self.faults.is_empty()
    }

    /// The decision, with these reasons if it is unknown.
    pub(super) fn decision(self, result: Truth, items: Vec<usize>, form: Form) -> Decision {
        if result != Truth::Unknown {
            return Decision { result, absent: Vec::new(), faults: Vec::new(), items };
        }
        Decision {
            result,
            absent: self.absent.into_iter().collect(),
            faults: self.faults.into_iter().map(|(span, _, code)| Fault { code, form, span }).collect(),
            items,
        }
    }
}
