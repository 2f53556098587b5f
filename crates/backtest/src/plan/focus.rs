//! The targets in focus: their clauses as members of the set, and their thresholds as
//! programs.

use hashbrown::HashMap;
use loyalty_targets::StoreFilters;
use target_rules::{Layout, Limits, Number, Program, Rule, Schema};

use crate::report::ClauseKind;

use super::clauses::{Clause, clauses, joined};
use super::subject::Subject;
use super::thresholds::Threshold;

/// A target in focus.
#[derive(Debug)]
pub(crate) struct Focus {
    /// The position of its subject.
    pub(crate) subject: usize,
    /// In the order in which they are asked.
    pub(crate) clauses: Vec<FocusClause>,
    pub(crate) curves: Vec<Curve>,
}

/// A clause of a funnel.
#[derive(Debug, Clone)]
pub(crate) struct FocusClause {
    pub(crate) kind: ClauseKind,
    pub(crate) text: String,
    /// Of a clause of the rule, the members of the set that it is asked by.
    pub(crate) members: Option<ClauseMembers>,
}

/// A clause of a rule among the members of the set, by their number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClauseMembers {
    /// The clause by itself.
    pub(crate) alone: u32,
    /// Of a rule that is decided for each line item or tender, where clauses have to be true
    /// of one: this clause with all before it, and the rule without it.
    pub(crate) each: Option<(u32, Option<u32>)>,
}

/// The curve of a threshold.
#[derive(Debug)]
pub(crate) struct Curve {
    /// The position of its clause.
    pub(crate) clause: usize,
    pub(crate) text: String,
    pub(crate) value: Number,
    /// Rising.
    pub(crate) thresholds: Vec<Number>,
    pub(crate) rising_rejects: bool,
    /// The clause with each threshold; of a rule that is decided for each line item or
    /// tender, the whole rule.
    pub(crate) programs: Vec<Program>,
}

/// Rules that are decided beside those of the subjects, each once: of two clauses one is
/// also the rule without the other.
#[derive(Debug)]
pub(super) struct Members {
    /// The number of the first of them.
    first: u32,
    pub(super) rules: Vec<Rule>,
    /// By the text of a rule: the positions of those that have it.
    by_text: HashMap<String, Vec<usize>>,
}

impl Members {
    pub(super) fn after(first: u32) -> Members {
        Members { first, rules: Vec::new(), by_text: HashMap::new() }
    }

    fn add(&mut self, rule: Rule) -> u32 {
        let alike = self.by_text.entry(rule.to_text()).or_default();
        // Of one text there may be two rules, since types of fields are inferred.
        let known = alike.iter().copied().find(|at| self.rules.get(*at) == Some(&rule));
        let at = known.unwrap_or_else(|| {
            alike.push(self.rules.len());
            self.rules.push(rule);
            self.rules.len() - 1
        });
        self.first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
    }
}

/// A target in focus before there is a layout to compile for.
pub(super) struct Draft {
    focus: Focus,
    /// The rules of each curve.
    variants: Vec<Vec<Rule>>,
}

impl Draft {
    pub(super) fn of(
        (at, subject): (usize, &Subject),
        members: &mut Members,
        (schema, limits): (&Schema, &Limits),
    ) -> Draft {
        let rule = subject.checked_rule();
        let mut listed = Vec::new();
        let mut outside = |kind, text: String| listed.push(FocusClause { kind, text, members: None });
        if !subject.active() {
            outside(ClauseKind::Active, "the target is active".to_owned());
        }
        if let Some(filters) = subject.target().and_then(StoreFilters::in_words) {
            outside(ClauseKind::Filters, filters);
        }
        let first = listed.len();
        let clauses = clauses(rule, schema, limits);
        let mut draft =
            Draft { focus: Focus { subject: at, clauses: listed, curves: Vec::new() }, variants: Vec::new() };
        for (place, clause) in clauses.iter().enumerate() {
            let each = rule.unrolls().then(|| {
                let with_before = joined(clauses.iter().take(place + 1), schema, limits);
                let without = clauses.iter().enumerate().filter(|(other, _)| *other != place);
                let without = joined(without.map(|(_, clause)| clause), schema, limits);
                (
                    members.add(with_before.unwrap_or_else(|| rule.clone())),
                    without.map(|rule| members.add(rule)),
                )
            });
            let members = ClauseMembers { alone: members.add(clause.alone.clone()), each };
            let members = Some(members);
            draft.focus.clauses.push(FocusClause {
                kind: ClauseKind::Rule,
                text: clause.text.clone(),
                members,
            });
            draft.add_curve((first + place, place), &clauses, rule.unrolls(), (schema, limits));
        }
        draft
    }

    fn add_curve(
        &mut self,
        (listed, place): (usize, usize),
        clauses: &[Clause],
        each: bool,
        (schema, limits): (&Schema, &Limits),
    ) {
        let Some(clause) = clauses.get(place) else { return };
        let Some(threshold) = Threshold::of(&clause.text) else { return };
        let Some(alone) = threshold.rules(&clause.alone, schema, limits) else { return };
        let whole = |text: &String| {
            let variant = Clause { text: text.clone(), alone: clause.alone.clone() };
            let all =
                clauses.iter().enumerate().map(|(other, one)| if other == place { &variant } else { one });
            joined(all, schema, limits)
        };
        let rules = match each {
            true => threshold.variants.iter().map(whole).collect::<Option<Vec<Rule>>>(),
            false => Some(alone),
        };
        let Some(rules) = rules else { return };
        self.variants.push(rules);
        self.focus.curves.push(Curve {
            clause: listed,
            text: threshold.text,
            value: threshold.value,
            thresholds: threshold.thresholds,
            rising_rejects: threshold.rising_rejects,
            programs: Vec::new(),
        });
    }

    /// All rules that curves are asked by.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.variants.iter().flatten()
    }

    /// The same for transactions of a layout.
    pub(super) fn compiled(self, layout: &Layout) -> Focus {
        let Draft { mut focus, variants } = self;
        for (curve, rules) in focus.curves.iter_mut().zip(variants) {
            // INVARIANT: the layout was made for these rules too.
            curve.programs = rules.iter().filter_map(|rule| layout.compile(rule).ok()).collect();
        }
        focus
    }
}
