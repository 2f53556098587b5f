//! What a rule reads of a transaction document: the one place that knows.
//!
//! Layouts are built from it, engines find their values by it, and hosts are
//! told by it what to fetch.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::schema::{Computed, Each, Function};

use super::{Call, Node, NodeKind, Rule, Selection, TRANSACTION, Type};

/// The shape that a value is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ValueKind {
    Boolean,
    Number,
    Text,
    Date,
    /// A list of numbers, such as the zones of a store.
    Numbers,
}

impl ValueKind {
    pub(crate) fn of(of: &Type) -> ValueKind {
        match of {
            Type::Boolean => ValueKind::Boolean,
            Type::Number => ValueKind::Number,
            Type::Text | Type::Enum(_) => ValueKind::Text,
            Type::Date => ValueKind::Date,
        }
    }
}

/// A field of a profile or of a line item: its own, or an extended one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Field {
    /// Whether it stands under `extendedFields`.
    pub(crate) extended: bool,
    pub(crate) name: Arc<str>,
}

/// How the names of extended fields begin in a rule.
pub(crate) const EXTENDED: &str = "extField_";

impl Field {
    /// The field that an attribute's name means: `extField_x` is `x` under
    /// `extendedFields`.
    pub(crate) fn named(attribute: &str) -> Field {
        match attribute.strip_prefix(EXTENDED) {
            Some(name) => Field { extended: true, name: name.into() },
            None => Field::own(attribute),
        }
    }

    pub(crate) fn own(name: &str) -> Field {
        Field { extended: false, name: name.into() }
    }
}

/// One thing that is read of a document. A section is a profile by the first
/// of its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Read {
    Field {
        section: Arc<str>,
        field: Field,
        kind: ValueKind,
    },
    CustomField {
        section: Arc<str>,
        name: Arc<str>,
    },
    Segment {
        section: Arc<str>,
        name: Arc<str>,
    },
    /// A method's answer, by its arguments.
    Answer {
        section: Arc<str>,
        method: Arc<str>,
        arguments: Vec<String>,
        kind: ValueKind,
    },
    /// Whether there is a list, and how long it is.
    List {
        section: Arc<str>,
        each: Each,
    },
    /// A field of every entry of a list.
    EntryField {
        section: Arc<str>,
        each: Each,
        field: Field,
        kind: ValueKind,
    },
    /// An attribute of every line item, looked up as section 5 of the
    /// language says.
    ItemAttribute {
        section: Arc<str>,
        name: Arc<str>,
    },
}

/// Something that must be fetched to decide a rule.
///
/// Written as JSON, `kind` says what it is:
/// `{"kind": "attribute", "profile": "currentTxn", "name": "value"}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Reference {
    /// A value under its own name.
    Attribute {
        /// The profile, such as `currentTxn`.
        profile: String,
        /// The attribute, such as `value`.
        name: String,
    },
    /// A value under `extendedFields`.
    ExtendedField {
        /// The profile.
        profile: String,
        /// The field's name, without `extField_`.
        name: String,
    },
    /// A value, or a list of values, under `customFields`.
    CustomField {
        /// The profile.
        profile: String,
        /// The field's name.
        name: String,
    },
    /// A value, or a list of values, under `clusters`.
    Segment {
        /// The profile.
        profile: String,
        /// The segment's name.
        name: String,
    },
    /// What a method answers, under its name and its arguments.
    Answer {
        /// The profile.
        profile: String,
        /// The method.
        method: String,
        /// Its arguments in order, as keys of the document.
        arguments: Vec<String>,
    },
    /// A list, such as `lineItems`.
    List {
        /// The profile.
        profile: String,
        /// The key of the list.
        list: String,
    },
    /// A field of every entry of a list.
    EntryField {
        /// The profile.
        profile: String,
        /// The key of the list.
        list: String,
        /// The field.
        name: String,
        /// Whether it stands under the entry's `extendedFields`.
        extended: bool,
    },
    /// An attribute of every line item: under `attributes`, the item's own
    /// fields or its `extendedFields`.
    ItemAttribute {
        /// The profile.
        profile: String,
        /// The attribute, such as `brand`.
        name: String,
    },
}

impl From<Read> for Reference {
    fn from(read: Read) -> Reference {
        match read {
            Read::Field { section, field, .. } if field.extended => {
                Reference::ExtendedField { profile: section.to_string(), name: field.name.to_string() }
            }
            Read::Field { section, field, .. } => {
                Reference::Attribute { profile: section.to_string(), name: field.name.to_string() }
            }
            Read::CustomField { section, name } => {
                Reference::CustomField { profile: section.to_string(), name: name.to_string() }
            }
            Read::Segment { section, name } => {
                Reference::Segment { profile: section.to_string(), name: name.to_string() }
            }
            Read::Answer { section, method, arguments, .. } => {
                Reference::Answer { profile: section.to_string(), method: method.to_string(), arguments }
            }
            Read::List { section, each } => {
                Reference::List { profile: section.to_string(), list: each.key().to_owned() }
            }
            Read::EntryField { section, each, field, .. } => Reference::EntryField {
                profile: section.to_string(),
                list: each.key().to_owned(),
                name: field.name.to_string(),
                extended: field.extended,
            },
            Read::ItemAttribute { section, name } => {
                Reference::ItemAttribute { profile: section.to_string(), name: name.to_string() }
            }
        }
    }
}

impl Rule {
    /// What must be fetched to decide this rule, sorted, each once. A value
    /// that follows from line items is there with the figures it follows from.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Reference, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentCustomer.extField_tier_date.year() == 2026", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let profile = "currentCustomer".to_owned();
    /// let name = "tier_date".to_owned();
    /// assert_eq!(rule.references(), [Reference::ExtendedField { profile, name }]);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn references(&self) -> Vec<Reference> {
        let mut reads = BTreeSet::new();
        self.visit(&mut |node| reads.extend(node.reads()));
        let references: BTreeSet<Reference> = reads.into_iter().map(Reference::from).collect();
        references.into_iter().collect()
    }
}

const QUANTITY: &[&str] = &["qty"];
const RATE: &[&str] = &["rate"];
const DISCOUNT: &[&str] = &["discount"];
/// Gross value and net amount follow from each other, so both read all.
const AMOUNT: &[&str] = &["amount", "value", "rate", "qty", "discount"];
const PERCENTAGE: &[&str] = &["discountPercentage", "amount", "value", "rate", "qty", "discount"];

/// The fields of an item that an attribute follows from.
fn figures_of(computed: Computed) -> &'static [&'static str] {
    match computed {
        Computed::ItemCount => &[],
        Computed::ItemQuantity => QUANTITY,
        Computed::ItemValue | Computed::Value => AMOUNT,
        Computed::DiscountPercentage => PERCENTAGE,
    }
}

/// A number that an item states, or that follows from what it states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Figure {
    /// Net.
    Amount,
    Discount,
    Quantity,
    Rate,
    /// Gross.
    Value,
}

impl Figure {
    /// The figure that the `...If` methods call so.
    pub(crate) fn named(name: &str) -> Option<Figure> {
        match name {
            "AMOUNT" => Some(Figure::Amount),
            "DISCOUNT" => Some(Figure::Discount),
            "QUANTITY" => Some(Figure::Quantity),
            "RATE" => Some(Figure::Rate),
            "VALUE" => Some(Figure::Value),
            _ => None,
        }
    }

    /// The figure that an aggregate sums, if it sums one.
    pub(crate) fn summed_by(function: Function) -> Option<Figure> {
        match function {
            Function::BasketAmount => Some(Figure::Amount),
            Function::BasketQuantity => Some(Figure::Quantity),
            Function::BasketValue => Some(Figure::Value),
            _ => None,
        }
    }

    /// What it is read from, of every line item of a section.
    pub(crate) fn reads(self, section: &str) -> Vec<Read> {
        let mut reads = Vec::new();
        add_figures(&mut reads, &section.into(), self.fields());
        reads
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Figure::Amount | Figure::Value => AMOUNT,
            Figure::Discount => DISCOUNT,
            Figure::Quantity => QUANTITY,
            Figure::Rate => RATE,
        }
    }
}

impl Node {
    /// What this very node reads, nodes below it left out.
    pub(crate) fn reads(&self) -> Vec<Read> {
        match &self.kind {
            NodeKind::Attribute(attribute) => {
                let mut reads = vec![attribute.read.clone()];
                if let Some(computed) = attribute.computed {
                    let section: Arc<str> = match attribute.profile.each {
                        Some(_) => TRANSACTION.into(),
                        None => attribute.profile.section.clone(),
                    };
                    reads.push(Read::List { section: section.clone(), each: Each::LineItems });
                    add_figures(&mut reads, &section, figures_of(computed));
                }
                if let Some(each) = attribute.profile.each {
                    reads.push(Read::List { section: TRANSACTION.into(), each });
                }
                reads
            }
            NodeKind::Call(call) => call.reads(),
            _ => Vec::new(),
        }
    }
}

impl Call {
    fn reads(&self) -> Vec<Read> {
        let mut reads: Vec<Read> = self.read.iter().cloned().collect();
        let Some(selection) = &self.selection else { return reads };
        let section = self.list_section();
        reads.push(Read::List { section: section.clone(), each: Each::LineItems });
        if let Some(name) = selection.attribute() {
            reads.push(Read::ItemAttribute { section: section.clone(), name: name.clone() });
        }
        if let Selection::Compares { figure, .. } = selection {
            add_figures(&mut reads, &section, figure.fields());
        }
        if let Some(figure) = Figure::summed_by(self.function) {
            add_figures(&mut reads, &section, figure.fields());
        }
        reads
    }
}

fn add_figures(reads: &mut Vec<Read>, section: &Arc<str>, fields: &[&str]) {
    reads.extend(fields.iter().map(|name| Read::EntryField {
        section: section.clone(),
        each: Each::LineItems,
        field: Field::own(name),
        kind: ValueKind::Number,
    }));
}
