//! What a set of rules reads of a transaction document.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::{Argument, Call, LINE_ITEM, Node, NodeKind, Receiver, Rule, TRANSACTION, Type};
use crate::schema::{Computed, Function};

/// The fields that a set of rules reads, and so what a document is read for.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let transaction = layout.read(r#"{"currentTxn": {"value": 730.50, "till": [1, 2]}}"#, &limits)?;
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    pub(super) profiles: BTreeMap<String, ProfileLayout>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ProfileLayout {
    pub(super) fields: BTreeMap<String, FieldType>,
    pub(super) custom_fields: BTreeSet<String>,
    /// What is read of each line item; `None` where the list is not read.
    pub(super) items: Option<ItemLayout>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ItemLayout {
    pub(super) fields: BTreeMap<String, FieldType>,
    /// Item attributes that are looked up by the name that rules use.
    pub(super) attributes: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldType {
    Boolean,
    Number,
    Text,
    Date,
    Numbers,
}

impl Layout {
    /// What these rules read, and the transaction's number for reports.
    pub fn of<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Layout {
        let mut layout = Layout::default();
        layout.profile(TRANSACTION).fields.insert("number".to_owned(), FieldType::Text);
        for rule in rules {
            layout.add(rule.root());
        }
        layout
    }

    /// Adds the store's id, zones and concepts, which the filters of targets read.
    pub(crate) fn with_store(mut self) -> Layout {
        let fields = &mut self.profile("currentStore").fields;
        fields.insert("id".to_owned(), FieldType::Number);
        fields.insert("zoneIds".to_owned(), FieldType::Numbers);
        fields.insert("conceptIds".to_owned(), FieldType::Numbers);
        self
    }

    fn profile(&mut self, name: &str) -> &mut ProfileLayout {
        self.profiles.entry(name.to_owned()).or_default()
    }

    fn items(&mut self, profile: &str) -> &mut ItemLayout {
        let profile = if profile == LINE_ITEM { TRANSACTION } else { profile };
        self.profile(profile).items.get_or_insert_default()
    }

    fn add(&mut self, root: &Node) {
        root.visit(&mut |node| match &node.kind {
            NodeKind::Attribute(attribute) => {
                let profile = &attribute.profile.name;
                let field_type = field_type(&node.of);
                let fields = if attribute.profile.is_line_item() {
                    &mut self.items(profile).fields
                } else {
                    &mut self.profile(profile).fields
                };
                fields.insert(attribute.name.clone(), field_type);
                if let Some(computed) = attribute.computed {
                    self.items(profile).add_figures(figures_of(computed));
                }
            }
            NodeKind::Call(call) => self.add_call(call),
            _ => {}
        });
    }

    fn add_call(&mut self, call: &Call) {
        let Receiver::Profile(profile) = &call.receiver else { return };
        let figures: &[&str] = match call.function {
            Function::CustomFieldValueIncludes => {
                if let Some(Argument::Text(name)) = call.prepared.first() {
                    self.profile(&profile.name).custom_fields.insert(name.clone());
                }
                return;
            }
            Function::BasketSum => AMOUNT,
            Function::BasketQty => QUANTITY,
            _ => &[],
        };
        let items = self.items(&profile.name);
        items.add_figures(figures);
        for argument in &call.prepared {
            if let Argument::ItemAttribute(name) = argument {
                items.attributes.insert(name.clone());
            }
        }
    }
}

const QUANTITY: &[&str] = &["qty"];
const AMOUNT: &[&str] = &["amount", "value", "rate", "qty", "discount"];

/// The fields of an item that a computed attribute follows from.
fn figures_of(computed: Computed) -> &'static [&'static str] {
    match computed {
        Computed::ItemCount => &[],
        Computed::ItemQuantity => QUANTITY,
        Computed::ItemValue | Computed::Value | Computed::DiscountPercentage => AMOUNT,
    }
}

impl ItemLayout {
    fn add_figures(&mut self, names: &[&str]) {
        for name in names {
            self.fields.insert((*name).to_owned(), FieldType::Number);
        }
    }
}

fn field_type(of: &Type) -> FieldType {
    match of {
        Type::Boolean => FieldType::Boolean,
        Type::Number => FieldType::Number,
        Type::Text | Type::Enum(_) => FieldType::Text,
        Type::Date => FieldType::Date,
    }
}
