//! Eligible: active, admitted by the filters, and the rule is true.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use crate::evaluate::{Decision, Fault};
use crate::json::Step;
use crate::limits::Limits;
use crate::rule::{Field, Read, Rule, ValueKind};
use crate::schema::Schema;
use crate::syntax::Ast;
use crate::transaction::{FieldValue, Layout, Transaction};
use crate::value::{Number, Truth, Zone};

use super::counting::Counting;
use super::findings::{findings, rule_findings, store_field};
use super::model::Target;
use super::windows::CheckedGroup;

/// A target whose rule checks: ready to decide transactions.
#[derive(Debug, Clone)]
pub struct CheckedTarget {
    id: i64,
    active: bool,
    filters: Vec<AdmittedBy>,
    rule: Rule,
    counting: Counting,
    group: Option<Arc<CheckedGroup>>,
}

#[derive(Debug, Clone)]
struct AdmittedBy {
    field: &'static str,
    ids: Vec<Number>,
}

/// Whether a transaction counts for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Eligibility {
    /// True where it counts.
    pub result: Truth,
    /// What is absent and was needed; empty where it is decided.
    pub absent: Vec<String>,
    /// Operations without a result; empty where it is decided.
    pub faults: Vec<Fault>,
    /// Positions from 0 of the line items that count.
    pub items: Vec<usize>,
}

impl Target {
    /// Checks the target: both forms of its rule where both are there, that
    /// they agree, and what it says beside the rule.
    ///
    /// Places beside the rule are pointers from the target alone. A target of
    /// a document is better checked with [`PayloadTarget::check`], which knows
    /// the places in its file.
    ///
    /// [`PayloadTarget::check`]: super::PayloadTarget::check
    pub fn check(&self, schema: &Schema, limits: &Limits) -> Result<CheckedTarget, Diagnostics> {
        let text = self.expression.as_ref().map(|expression| expression.text());
        let (rule, mut diagnostics) =
            check_forms_whole(text, self.expression_json.as_deref(), schema, limits);
        let by_rule = rule.iter().flat_map(|rule| rule_findings(self, rule));
        let beside = findings(self, limits.errors).into_iter().chain(by_rule).map(|finding| Diagnostic {
            form: Form::Payload,
            pointer: Some(finding.path.iter().map(Step::pointer).collect()),
            ..finding.diagnostic
        });
        diagnostics.extend(Diagnostics::by_pointer(beside.collect()));
        match rule {
            Some(rule) if !diagnostics.has_errors() => Ok(CheckedTarget::new(self, rule, None)),
            _ => Err(diagnostics),
        }
    }
}

/// Checks a rule that is kept in one form or in both, which then must agree.
/// The text counts where it is there.
pub fn check_forms(
    text: Option<&str>,
    tree: Option<&str>,
    schema: &Schema,
    limits: &Limits,
) -> Result<Rule, Diagnostics> {
    let (rule, diagnostics) = check_forms_whole(text, tree, schema, limits);
    rule.ok_or(diagnostics)
}

/// The same with every diagnostic, warnings too.
pub fn check_forms_whole(
    text: Option<&str>,
    tree: Option<&str>,
    schema: &Schema,
    limits: &Limits,
) -> (Option<Rule>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut check = |ast: Result<Ast, Diagnostics>| match ast {
        Ok(ast) => {
            let checked = ast.check(schema, limits);
            diagnostics.extend(checked.diagnostics().clone());
            checked.rule().cloned()
        }
        Err(faults) => {
            diagnostics.extend(faults);
            None
        }
    };
    let from_text = text.map(|text| check(Ast::from_text(text, limits)));
    let from_tree = tree.map(|tree| check(Ast::from_tree(tree, limits)));
    let rule = match (from_text, from_tree) {
        (Some(Some(from_text)), Some(Some(from_tree))) => {
            if from_text == from_tree {
                Some(from_text)
            } else {
                let source = Source::new(Form::Dsl, text.unwrap_or(""));
                let fault = Diagnostic::new(
                    Code::FormsDisagree,
                    from_text.root().span,
                    "text and tree of this rule say different things",
                )
                .note("the text says this")
                .help(format!(
                    "text: `{}`; tree: `{}`; make the tree anew from the text",
                    from_text.to_text(),
                    from_tree.to_text()
                ));
                diagnostics.extend(Diagnostics::gather(&source, vec![fault], limits.errors));
                None
            }
        }
        (Some(rule), None) | (None, Some(rule)) => rule,
        (Some(_), Some(_)) => None,
        (None, None) => {
            let fault = Diagnostic::new(
                Code::NoRule,
                Span::default(),
                "there is neither a text nor a tree of a rule",
            )
            .help("give the rule as text, as a tree, or as both");
            diagnostics.extend(Diagnostics::gather(&Source::new(Form::Dsl, ""), vec![fault], limits.errors));
            None
        }
    };
    (rule, diagnostics)
}

impl CheckedTarget {
    /// A target that was checked, with its rule.
    pub(super) fn new(target: &Target, rule: Rule, group: Option<Arc<CheckedGroup>>) -> CheckedTarget {
        let filters = target.filters.iter().flatten();
        let filters = filters.filter_map(|filter| {
            Some(AdmittedBy {
                field: store_field(filter)?,
                ids: filter.entity_ids.iter().map(|id| Number::from_integer(*id)).collect(),
            })
        });
        CheckedTarget {
            id: target.id,
            active: target.active.unwrap_or(true),
            filters: filters.collect(),
            counting: Counting::of(target, &rule),
            rule,
            group,
        }
    }

    /// The target's id.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The target's rule.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The group that lists the target; `None` for one that stands alone.
    pub fn group(&self) -> Option<&CheckedGroup> {
        self.group.as_deref()
    }

    /// Whether the target counts at all.
    pub(crate) fn active(&self) -> bool {
        self.active
    }

    /// The first filter that does not admit a transaction, by its position,
    /// and the field that it looks at.
    pub(crate) fn refusing_filter(&self, transaction: &Transaction) -> Option<(usize, String)> {
        let refuses = |(_, filter): &(usize, &AdmittedBy)| filter.admits(transaction) == Truth::False;
        let refusing = self.filters.iter().enumerate().find(refuses);
        refusing.map(|(at, filter)| (at, format!("currentStore.{}", filter.field)))
    }

    /// How the target counts.
    pub(crate) fn counting(&self) -> &Counting {
        &self.counting
    }

    /// What these targets read of a transaction.
    pub fn layout<'t>(targets: impl IntoIterator<Item = &'t CheckedTarget>) -> Layout {
        CheckedTarget::layout_with(targets, &[])
    }

    /// The same with what else is read of a transaction.
    pub(crate) fn layout_with<'t>(
        targets: impl IntoIterator<Item = &'t CheckedTarget>,
        more: &[Read],
    ) -> Layout {
        let reads: Vec<Read> = store_reads().iter().chain(more).cloned().collect();
        Layout::builder().reads(&reads).rules(targets.into_iter().map(|target| &target.rule)).build()
    }

    /// Decides whether a transaction counts: active && filters && rule, in the
    /// three-valued logic of the language.
    pub fn decide(&self, transaction: &Transaction, zone: &Zone) -> Eligibility {
        self.joined(transaction, self.rule.decide(transaction, zone))
    }

    /// What the rule says, joined with what the target and its filters say.
    pub(super) fn joined(&self, transaction: &Transaction, decision: Decision) -> Eligibility {
        let mut result = Truth::from(self.active);
        let mut absent = BTreeSet::new();
        for filter in &self.filters {
            let admits = filter.admits(transaction);
            if admits == Truth::Unknown {
                absent.insert(format!("currentStore.{}", filter.field));
            }
            result = result.and(admits);
        }
        result = result.and(decision.result);
        let unknown = result == Truth::Unknown;
        absent.extend(decision.absent);
        Eligibility {
            result,
            absent: if unknown { absent.into_iter().collect() } else { Vec::new() },
            faults: if unknown { decision.faults } else { Vec::new() },
            items: if result == Truth::True { decision.items } else { Vec::new() },
        }
    }
}

impl AdmittedBy {
    fn admits(&self, transaction: &Transaction) -> Truth {
        match transaction.value(&store_read(self.field)) {
            FieldValue::Number(id) => self.ids.contains(&id).into(),
            FieldValue::Numbers(ids) => ids.iter().any(|id| self.ids.contains(id)).into(),
            _ => Truth::Unknown,
        }
    }
}

/// What the filters of targets read.
fn store_reads() -> [Read; 3] {
    ["id", "zoneIds", "conceptIds"].map(store_read)
}

fn store_read(name: &str) -> Read {
    let kind = if name == "id" { ValueKind::Number } else { ValueKind::Numbers };
    Read::Field { section: "currentStore".into(), field: Field::own(name), kind }
}
