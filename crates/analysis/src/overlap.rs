//! Whether rules can be true for one transaction.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use target_rules::{Layout, Rule, Truth};

use crate::diff::both;
use crate::model::{Model, Outcomes};
use crate::proof::{Found, Options, possible};

/// Whether two rules can be true for one transaction.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Overlap, overlap};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let small = rule("currentTxn.value <= 500")?;
/// let large = rule("currentTxn.value > 500")?;
/// let options = Options::default();
/// assert_eq!(overlap(&small, &large, &options), Overlap::Impossible);
/// assert!(matches!(overlap(&large, &large, &options), Overlap::Possible(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlap {
    /// Both are true for this transaction document.
    Possible(String),
    /// There is no such transaction. Proved.
    Impossible,
    /// It is not known; what stood in the way.
    Unknown(String),
}

/// Asks whether two rules, checked with one schema, can be true together. Rules
/// that are decided for each item may be so for different ones.
///
/// Cost is that of one search, bounded by [`Options::work`].
pub fn overlap(first: &Rule, second: &Rule, options: &Options) -> Overlap {
    match both(first, second, options) {
        Found::Shown(shown) => Overlap::Possible(shown.document),
        Found::Never => Overlap::Impossible,
        Found::Unknown(why) => Overlap::Unknown(why),
    }
}

/// Rules any two of which can be asked about: most pairs that can be true together
/// are so for what makes each of them true, which is tried before a search.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Overlap, Overlaps};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let (large, loyal) = (rule("currentTxn.value > 500")?, rule("currentCustomer.isLoyal")?);
/// let options = Options::default();
/// let overlaps = Overlaps::new(vec![&large, &loyal], &options);
/// let Overlap::Possible(document) = overlaps.of(0, 1) else { panic!() };
/// let expected = r#"{"currentCustomer":{"isLoyal":true},"currentTxn":{"value":501}}"#;
/// assert_eq!(document, expected);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub struct Overlaps<'r> {
    rules: Vec<&'r Rule>,
    options: &'r Options,
    layout: Layout,
    /// Of each rule a document for which it is true, where one was found.
    documents: Vec<Option<Fields>>,
}

/// A document by profiles, with the digits of its numbers.
type Fields = BTreeMap<String, BTreeMap<String, Box<RawValue>>>;

impl<'r> Overlaps<'r> {
    /// Finds a document for each rule. Cost is one search for each.
    pub fn new(rules: Vec<&'r Rule>, options: &'r Options) -> Overlaps<'r> {
        let layout = Layout::of(rules.iter().copied());
        let documents = rules.iter().map(|rule| document_of(rule, options)).collect();
        Overlaps { rules, options, layout, documents }
    }

    /// Whether the rules at two positions can be true together, as [`overlap`]
    /// tells it; of positions that there are not, no. Cost is mostly that of reading
    /// one document; else that of a search.
    pub fn of(&self, first: usize, second: usize) -> Overlap {
        let (Some(one), Some(other)) = (self.rules.get(first), self.rules.get(second)) else {
            return Overlap::Impossible;
        };
        let shown = self.documents.get(first).zip(self.documents.get(second)).and_then(|documents| {
            let (Some(of_one), Some(of_other)) = documents else { return None };
            let document = serde_json::to_string(&merged(of_one, of_other)).ok()?;
            let transaction = self.layout.read(&document, &self.options.limits).ok()?;
            let holds = |rule: &Rule| rule.decide(&transaction, &self.options.zone).result == Truth::True;
            (holds(one) && holds(other)).then_some(document)
        });
        shown.map_or_else(|| overlap(one, other, self.options), Overlap::Possible)
    }
}

fn document_of(rule: &Rule, options: &Options) -> Option<Fields> {
    let model = Model::new(&[rule], false, &options.zone).ok()?;
    match possible(&model, model.rule(0, Outcomes::TRUE), &[Outcomes::TRUE], options) {
        Found::Shown(shown) => serde_json::from_str(&shown.document).ok(),
        _ => None,
    }
}

/// What both say; where they contradict each other, what the first says.
fn merged(first: &Fields, second: &Fields) -> Fields {
    let mut all = first.clone();
    for (profile, fields) in second {
        let held = all.entry(profile.clone()).or_default();
        for (field, value) in fields {
            held.entry(field.clone()).or_insert_with(|| value.clone());
        }
    }
    all
}
