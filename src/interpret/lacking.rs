//! Which line items lack what an absent part of a rule needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::json::PathSegment;
use crate::rule::Rule;
use crate::schema::{Computed, EXTENDED_FIELDS, ListName};
use crate::transaction::{CurrentEntry, Entry, Transaction};
use crate::typed::{CallKind, Figure, Items, Node, NodeKind, Read, Selection, TRANSACTION, text_of};
use crate::value::{Truth, Zone};

use super::interpreter::{Context, selects};
use super::memo::Memo;
use super::outcome::NoValue;
use super::reasons::Reasons;

/// A line item or a tender that lacks something, so that a part of a rule is
/// absent.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"currentTxn.basketSum("brand","Puma")>2000"#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"lineItems": [
///     {"amount": 900, "attributes": {"brand": "Puma"}},
///     {"qty": 2, "rate": 800, "attributes": {"brand": "Puma"}}]}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let lacking = rule.lacking_items(&transaction, &Zone::UTC);
/// assert_eq!(lacking[0].part, r#"currentTxn.basketSum("brand","Puma")"#);
/// assert_eq!((lacking[0].position, lacking[0].fields[0].as_str()), (1, "discount"));
/// assert_eq!(lacking[0].pointer(), "/currentTxn/lineItems/1");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LackingItem {
    /// The canonical text of the part of the rule, as a decision names it.
    pub part: String,
    /// The profile that has the list.
    pub profile: String,
    /// The list.
    pub list: ListName,
    /// The position of the item in it, from 0.
    pub position: usize,
    /// The fewest fields that it lacks: with them it would have the figure.
    pub fields: Vec<String>,
}

impl LackingItem {
    /// Where the item stands in the document, as a JSON pointer.
    pub fn pointer(&self) -> String {
        format!("/{}/{}/{}", self.profile, self.list.key(), self.position)
    }

    /// Where the first of the fields that it lacks belongs, as a JSON pointer.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.extField_fee>5", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"lineItems": [{"code": "a"}]}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let lacking = rule.lacking_items(&transaction, &Zone::UTC);
    /// let place = lacking[0].missing_at();
    /// assert_eq!(place.as_deref(), Some("/currentTxn/lineItems/0/extendedFields/fee"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn missing_at(&self) -> Option<String> {
        let field = self.fields.first()?;
        // The name of an extended field is whatever an organisation calls it.
        let steps = match field.strip_prefix(EXTENDED_FIELDS).and_then(|name| name.strip_prefix('.')) {
            Some(name) => vec![EXTENDED_FIELDS, name],
            None => vec![field.as_str()],
        };
        let steps = steps.into_iter().map(|step| PathSegment::Key(step.to_owned()).pointer());
        Some(self.pointer() + &steps.collect::<String>())
    }
}

/// A list that a document does not have, so that a part of a rule is absent.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentTxn.basketSum("brand","Puma")>2000"#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let transaction = Layout::of([&rule]).read("{}", &limits)?;
/// let [lacking] = rule.lacking_lists(&transaction, &Zone::UTC).try_into().unwrap();
/// assert_eq!((lacking.profile.as_str(), lacking.list.key()), ("currentTxn", "lineItems"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct LackingList {
    /// The canonical text of the part of the rule, as a decision names it.
    pub part: String,
    /// The profile that lacks the list.
    pub profile: String,
    /// The list.
    pub list: ListName,
}

/// The line items or tenders of which it is unknown whether a rule holds for them.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentLineItem.qty>2", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let items = r#"[{"qty": 3}, {"rate": 9}, {"qty": 1}]"#;
/// let document = format!(r#"{{"currentTxn": {{"lineItems": {items}}}}}"#);
/// let transaction = Layout::of([&rule]).read(&document, &limits)?;
/// // The rule is true, for the first item holds.
/// let undecided = rule.undecided_items(&transaction, &Zone::UTC);
/// assert_eq!(undecided.positions, [1]);
/// assert_eq!(undecided.absent, ["currentLineItem.qty"]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndecidedItems {
    /// Their positions in the list, from 0.
    pub positions: Vec<usize>,
    /// What is absent for some of them, by its names in the rule.
    pub absent: Vec<String>,
}

/// The most items that are told of.
const MOST: usize = 50;

impl Rule {
    /// The line items that lack a figure which the rule needs of them, and those
    /// and tenders that lack what it names of each, so that parts of it are
    /// absent: by part and position, at most 50.
    ///
    /// An item that a part does not select lacks nothing for it. Costs as much
    /// as some decisions.
    pub fn lacking_items(&self, transaction: &Transaction, zone: &Zone) -> Vec<LackingItem> {
        let memo = &Memo::of(self.root());
        let context = |item| Context { transaction, zone, item, memo };
        let mut found = BTreeSet::new();
        let items = self.unrolled_list().and_then(|list| transaction.entries(TRANSACTION, list));
        // No part about all items depends on the current one. A rule about each
        // item asks nothing where there is none.
        if items.as_ref().is_none_or(|items| items.len() > 0) {
            let context = context(CurrentEntry::None);
            self.root().visit(&mut |node| of_all(&context, node, &mut found));
        }
        for (position, item) in items.into_iter().flatten().enumerate() {
            if found.len() >= MOST {
                break;
            }
            let context = context(CurrentEntry::At(item));
            self.root().visit(&mut |node| of_current((&context, item), position, node, &mut found));
        }
        let lacking = |(part, position, profile, list, fields): Lacking| LackingItem {
            part,
            profile,
            list,
            position,
            fields,
        };
        found.into_iter().take(MOST).map(lacking).collect()
    }
}

impl Rule {
    /// The lists that a document does not have and parts of the rule need, so
    /// that they are absent: by part, without duplicates. Costs as much as some
    /// decisions.
    pub fn lacking_lists(&self, transaction: &Transaction, zone: &Zone) -> Vec<LackingList> {
        let mut found = BTreeSet::new();
        let memo = &Memo::of(self.root());
        let context = Context { transaction, zone, item: CurrentEntry::Missing, memo };
        self.root().visit(&mut |node| {
            let needed = match (node.unrolls(), of_list(node)) {
                (Some(list), _) => Some((Arc::from(TRANSACTION), list)),
                (None, Some((section, _, _))) => Some((section, ListName::LineItems)),
                (None, None) => None,
            };
            if let Some((section, list)) = needed
                && transaction.entries(&section, list).is_none()
                && context.evaluate(node) == Err(NoValue::Absent)
            {
                let (part, profile) = (text_of(node), section.to_string());
                found.insert(LackingList { part, profile, list });
            }
        });
        found.into_iter().collect()
    }
}

impl Rule {
    /// The line items or tenders of which it is unknown whether the rule holds for
    /// them, whatever it is for the others; none where the rule is not decided for
    /// each of them, or the document has no such list. Costs as much as a decision
    /// by the interpreter.
    pub fn undecided_items(&self, transaction: &Transaction, zone: &Zone) -> UndecidedItems {
        let items = self.unrolled_list().and_then(|list| transaction.entries(TRANSACTION, list));
        let memo = &Memo::of(self.root());
        let mut reasons = Reasons::default();
        let mut positions = Vec::new();
        for (position, item) in items.into_iter().flatten().enumerate() {
            let context = Context { transaction, zone, item: CurrentEntry::At(item), memo };
            if context.truth(self.root()) == Truth::Unknown {
                reasons.gather(&context, self.root());
                positions.push(position);
            }
        }
        let decision = reasons.decision(Truth::Unknown, positions, self.form());
        UndecidedItems { positions: decision.items, absent: decision.absent }
    }
}

/// Part, position, profile, list and fields.
type Lacking = (String, usize, String, ListName, Vec<String>);
type LackingSet = BTreeSet<Lacking>;

fn add(found: &mut LackingSet, node: &Node, profile: &str, position: usize, fields: &[&str]) {
    if found.len() < MOST && !fields.is_empty() {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        found.insert((text_of(node), position, profile.to_owned(), ListName::LineItems, fields));
    }
}

/// Whose line items a part about all of them reads, which of them, and which
/// figure; `None` of any other part.
fn of_list(node: &Node) -> Option<(Arc<str>, Option<&Selection>, Option<Figure>)> {
    match &node.kind {
        NodeKind::Call(call) => match &call.kind {
            CallKind::Sum { items: Items { profile, selection }, figure } => {
                Some((profile.list_section(), Some(selection), Some(*figure)))
            }
            CallKind::Count(Items { profile, selection })
            | CallKind::Includes { items: Items { profile, selection }, .. } => {
                Some((profile.list_section(), Some(selection), None))
            }
            _ => None,
        },
        NodeKind::Attribute(attribute) => {
            let figure = match attribute.computed? {
                Computed::ItemQuantity => Figure::Quantity,
                Computed::ItemValue => Figure::Value,
                _ => return None,
            };
            Some((attribute.profile.list_section(), None, Some(figure)))
        }
        _ => None,
    }
}

/// The items that a part about all items lacks something of.
fn of_all(context: &Context<'_>, node: &Node, found: &mut LackingSet) {
    if found.len() >= MOST {
        return;
    }
    let Some((section, selection, figure)) = of_list(node) else { return };
    let Some(entries) = context.transaction.entries(&section, ListName::LineItems) else { return };
    if context.evaluate(node) != Err(NoValue::Absent) {
        return;
    }
    for (position, item) in entries.enumerate() {
        if found.len() >= MOST {
            return;
        }
        if let Some(Selection::Compares { figure, .. }) = selection {
            add(found, node, &section, position, item.lacks(*figure));
        }
        let selected = selection.is_none_or(|selection| selects(selection, item) == Ok(true));
        if let Some(figure) = figure.filter(|_| selected) {
            add(found, node, &section, position, item.lacks(figure));
        }
    }
}

/// What the current item lacks of a figure that a rule names of it.
fn of_current(
    (context, item): (&Context<'_>, Entry<'_>),
    position: usize,
    node: &Node,
    found: &mut LackingSet,
) {
    let NodeKind::Attribute(attribute) = &node.kind else { return };
    let Some(list) = attribute.profile.list.filter(|_| context.evaluate(node) == Err(NoValue::Absent)) else {
        return;
    };
    let fields = match attribute.computed {
        Some(Computed::Value) => item.lacks(Figure::Value),
        Some(Computed::DiscountPercentage) => match item.lacks(Figure::Discount) {
            [] => item.lacks(Figure::Value),
            fields => fields,
        },
        _ => {
            if let Read::EntryField { field, .. } = &attribute.read
                && found.len() < MOST
            {
                let name = &field.name;
                let path =
                    if field.extended { format!("{EXTENDED_FIELDS}.{name}") } else { name.to_string() };
                let fields = vec![path];
                found.insert((text_of(node), position, TRANSACTION.to_owned(), list, fields));
            }
            return;
        }
    };
    add(found, node, TRANSACTION, position, fields);
}
