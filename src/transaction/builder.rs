//! Builds layouts from rules, and from further values that a host reads.

use std::sync::Arc;

use crate::rule::{Reference, Rule};
use crate::schema::ListName;
use crate::typed::{Field, Figure, Read, ValueKind};

use super::layout::Layout;
use super::plan::{Plan, number_of_transaction};

/// Collects what a [`Layout`] reads: rules, and values that no rule reads but
/// the host wants.
///
/// ```
/// use target_rules::transaction::{Figure, ValueKind};
/// use target_rules::{Ast, Layout, Limits, Number, Reference, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
///
/// let profile = "currentCustomer".to_owned();
/// let id = Reference::Attribute { profile, name: "id".to_owned() };
/// let layout = Layout::builder()
///     .rules([&rule])
///     .reading(&id, ValueKind::Number)
///     .item_figure("currentTxn", Figure::Amount)
///     .build();
/// let id = layout.slot_of(&id).ok_or("it is read")?;
/// let items = layout.list("currentTxn.lineItems").ok_or("they are read")?;
///
/// let document = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"lineItems": [{"qty": 2, "rate": 5.5, "discount": 1}]}}"#;
/// let transaction = layout.read(document, &limits)?;
/// assert_eq!(transaction.get_number(id), Some(Number::from_integer(19721)));
/// let mut entries = transaction.get_entries(items).ok_or("the document has it")?;
/// let item = entries.next().ok_or("one item")?;
/// assert_eq!(item.figure(Figure::Amount), Ok(Some(Number::from_integer(10))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct LayoutBuilder {
    plan: Plan,
}

impl Layout {
    /// Starts a layout that reads further values beside those of rules. For
    /// rules alone [`Layout::of`] is enough.
    ///
    /// ```
    /// use target_rules::transaction::ValueKind;
    /// use target_rules::{Layout, Reference};
    /// let profile = "currentCustomer".to_owned();
    /// let id = Reference::Attribute { profile, name: "id".to_owned() };
    /// let layout = Layout::builder().reading(&id, ValueKind::Number).build();
    /// assert!(layout.slot("currentCustomer.id").is_some());
    /// ```
    pub fn builder() -> LayoutBuilder {
        let mut plan = Plan::default();
        plan.grow();
        // Reports name a transaction by its number. INVARIANT: it is the first
        // slot.
        plan.add(&number_of_transaction());
        LayoutBuilder { plan }
    }

    /// Starts a layout that grows from this one: it reads all that this one
    /// reads, and slots of this one stay valid in it.
    ///
    /// ```
    /// use target_rules::transaction::ValueKind;
    /// use target_rules::{Layout, Number, Reference};
    /// let attribute = |name: &str| {
    ///     let profile = "currentCustomer".to_owned();
    ///     Reference::Attribute { profile, name: name.to_owned() }
    /// };
    /// let layout = Layout::builder().reading(&attribute("id"), ValueKind::Number).build();
    /// let id = layout.slot("currentCustomer.id").ok_or("it is read")?;
    /// let grown = layout.to_builder().reading(&attribute("name"), ValueKind::Text).build();
    /// assert!(grown.slot("currentCustomer.name").is_some());
    /// let mut transaction = grown.blank();
    /// transaction.set_number(id, 19721)?;
    /// assert_eq!(transaction.get_number(id), Some(Number::from(19721)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_builder(&self) -> LayoutBuilder {
        let mut plan = Plan::clone(&self.plan);
        plan.grow();
        LayoutBuilder { plan }
    }
}

impl LayoutBuilder {
    /// Adds everything that these rules read.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::builder().rules([&rule]).build();
    /// assert!(layout.compile(&rule).is_ok());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn rules<'r>(mut self, rules: impl IntoIterator<Item = &'r Rule>) -> LayoutBuilder {
        for rule in rules {
            self.plan.add_condition(rule.condition());
        }
        self
    }

    /// Adds a value, read as the given type. A document in which it has another
    /// type is then refused, as it is for values that rules read.
    ///
    /// A custom field, a segment, a list and an attribute of items have a fixed
    /// type, so `kind` is ignored for them. A list other than `lineItems` and
    /// `tenders` is never read.
    ///
    /// ```
    /// use target_rules::transaction::ValueKind;
    /// use target_rules::{Layout, Limits, Reference};
    /// let profile = "currentCustomer".to_owned();
    /// let id = Reference::Attribute { profile, name: "id".to_owned() };
    /// let layout = Layout::builder().reading(&id, ValueKind::Number).build();
    /// let document = r#"{"currentCustomer": {"id": true}}"#; // no number
    /// assert!(layout.read(document, &Limits::default()).is_err());
    /// ```
    pub fn reading(mut self, reference: &Reference, kind: ValueKind) -> LayoutBuilder {
        if let Some(read) = read_of(reference, kind) {
            self.plan.add(&read);
        }
        self
    }

    /// Adds the line items of a profile, such as `currentTxn`, and the fields
    /// of each from which a figure may be computed.
    pub fn item_figure(mut self, profile: &str, figure: Figure) -> LayoutBuilder {
        self.plan.add(&Read::List { section: profile.into(), list: ListName::LineItems });
        for read in figure.reads(profile) {
            self.plan.add(&read);
        }
        self
    }

    /// The layout. Its slots are valid for it and for layouts that grow from
    /// it. It does not accept slots of any other layout, even of one that reads
    /// the same values.
    pub fn build(mut self) -> Layout {
        self.plan.finish();
        Layout { plan: Arc::new(self.plan) }
    }
}

/// The read for a reference; `None` for a list that documents do not have.
pub(crate) fn read_of(reference: &Reference, kind: ValueKind) -> Option<Read> {
    let field = |extended, name: &str| Field { extended, name: name.into() };
    Some(match reference {
        Reference::Attribute { profile, name } => {
            Read::Field { section: profile.as_str().into(), field: field(false, name), kind }
        }
        Reference::ExtendedField { profile, name } => {
            Read::Field { section: profile.as_str().into(), field: field(true, name), kind }
        }
        Reference::CustomField { profile, name } => {
            Read::CustomField { section: profile.as_str().into(), name: name.as_str().into() }
        }
        Reference::Segment { profile, name } => {
            Read::Segment { section: profile.as_str().into(), name: name.as_str().into() }
        }
        Reference::Answer { profile, method, arguments } => Read::Answer {
            section: profile.as_str().into(),
            method: method.as_str().into(),
            arguments: arguments.clone(),
            kind,
        },
        Reference::List { profile, list } => {
            Read::List { section: profile.as_str().into(), list: ListName::of_key(list)? }
        }
        Reference::EntryField { profile, list, name, extended } => Read::EntryField {
            section: profile.as_str().into(),
            list: ListName::of_key(list)?,
            field: field(*extended, name),
            kind,
        },
        Reference::ItemAttribute { profile, name } => {
            Read::ItemAttribute { section: profile.as_str().into(), name: name.as_str().into() }
        }
    })
}
