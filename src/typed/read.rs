//! The values that are read from a transaction document, one `Read` each.
//! Engines find their values by it.

use std::sync::Arc;

use crate::schema::{Computed, EXTENDED, ListName};

use super::types::Type;

/// The type that a value is read as.
///
/// ```
/// use target_rules::transaction::ValueKind;
/// use target_rules::{Layout, Limits, Reference};
/// let profile = "currentTxn".to_owned();
/// let date = Reference::Attribute { profile, name: "date".to_owned() };
/// // The same value as a date and as a text.
/// let builder = Layout::builder().reading(&date, ValueKind::Date);
/// let layout = builder.reading(&date, ValueKind::Text).build();
/// let slot = layout.slot_of(&date).ok_or("it is read")?;
/// let document = r#"{"currentTxn": {"date": "2026-03-07"}}"#;
/// let transaction = layout.read(document, &Limits::default())?;
/// assert_eq!(transaction.get_text(slot), Some("2026-03-07"));
/// assert!(transaction.get_date(slot).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// True or false.
    Boolean,
    /// An exact decimal.
    Number,
    /// A text, or a constant of an enumeration.
    Text,
    /// A date.
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

/// A field of a profile or of a line item, or one of its extended fields.
///
/// ```
/// use target_rules::condition::Read;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentCustomer.extField_tier > 2", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let mut names = Vec::new();
/// rule.condition().each_read(&mut |read| {
///     if let Read::Field { field, .. } = read {
///         names.push((field.extended, field.name));
///     }
/// });
/// assert_eq!(names, [(true, "tier".into())]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field {
    /// Whether it is under `extendedFields`.
    pub extended: bool,
    /// Its key there.
    pub name: Arc<str>,
}

impl Field {
    /// The field that an attribute's name stands for: `extField_x` is `x` under
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

/// One value that is read from a document. A section is a profile, by its
/// primary name: aliases share one section.
///
/// ```
/// use target_rules::condition::Read;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let mut own = 0;
/// rule.condition().each_read(&mut |read| {
///     own += usize::from(matches!(read, Read::Field { .. }));
/// });
/// assert_eq!(own, 1);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Read {
    /// A field of a profile.
    Field {
        /// The profile.
        section: Arc<str>,
        /// The field.
        field: Field,
        /// The type that it is read as.
        kind: ValueKind,
    },
    /// A value, or a list of values, under `customFields`.
    CustomField {
        /// The profile.
        section: Arc<str>,
        /// The field's name.
        name: Arc<str>,
    },
    /// A value, or a list of values, under `clusters`.
    Segment {
        /// The profile.
        section: Arc<str>,
        /// The segment's name.
        name: Arc<str>,
    },
    /// The answer of a method for given arguments.
    Answer {
        /// The profile.
        section: Arc<str>,
        /// The method.
        method: Arc<str>,
        /// The arguments, as keys of the document.
        arguments: Vec<String>,
        /// The type that it is read as.
        kind: ValueKind,
    },
    /// A list as such: whether it is present, and its length.
    List {
        /// The profile.
        section: Arc<str>,
        /// The list.
        list: ListName,
    },
    /// A field of every entry of a list.
    EntryField {
        /// The profile.
        section: Arc<str>,
        /// The list.
        list: ListName,
        /// The field of its entries.
        field: Field,
        /// The type that it is read as.
        kind: ValueKind,
    },
    /// An attribute of every line item, looked up as section 5 of the language
    /// specification says.
    ItemAttribute {
        /// The profile.
        section: Arc<str>,
        /// The attribute's name.
        name: Arc<str>,
    },
}

const QUANTITY: &[&str] = &["qty"];
const RATE: &[&str] = &["rate"];
const DISCOUNT: &[&str] = &["discount"];
/// Gross value and net amount are computed from each other, so both read all.
const AMOUNT: &[&str] = &["amount", "value", "rate", "qty", "discount"];
/// Every field of an item from which figures are computed.
pub(crate) const FIGURE_FIELDS: &[&str] =
    &["discountPercentage", "amount", "value", "rate", "qty", "discount"];

/// The fields of an item that a computed attribute needs.
pub(crate) fn figures_of(computed: Computed) -> &'static [&'static str] {
    match computed {
        Computed::ItemCount => &[],
        Computed::ItemQuantity => QUANTITY,
        Computed::ItemValue | Computed::Value => AMOUNT,
        Computed::DiscountPercentage => FIGURE_FIELDS,
    }
}

/// A number of a line item that is stated, or computed from what is stated.
///
/// A line item states some of its figures; the others are computed: gross is
/// rate times quantity, net is gross minus discount.
///
/// ```
/// use target_rules::transaction::Figure;
/// use target_rules::{Layout, Limits, Number};
/// let layout = Layout::builder().item_figure("currentTxn", Figure::Value).build();
/// let items = layout.list("currentTxn.lineItems").ok_or("they are read")?;
/// let document = r#"{"currentTxn": {"lineItems": [{"qty": 2, "rate": 5.5}]}}"#;
/// let transaction = layout.read(document, &Limits::default())?;
/// let mut entries = transaction.get_entries(items).ok_or("the document has it")?;
/// let item = entries.next().ok_or("one item")?;
/// assert_eq!(item.figure(Figure::Value)?, Some(Number::from(11)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Figure {
    /// The net amount: what is paid for the item.
    Amount,
    /// The discount.
    Discount,
    /// The quantity: the number of pieces.
    Quantity,
    /// The rate: the price of one piece.
    Rate,
    /// The gross value: the price before discount.
    Value,
}

impl Figure {
    /// The figure that the argument of an `...If` method names.
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

    /// The key of a line item that states it, which is its name in
    /// `currentLineItem`, too.
    ///
    /// ```
    /// use target_rules::transaction::Figure;
    /// assert_eq!(Figure::Quantity.key(), "qty");
    /// ```
    pub fn key(self) -> &'static str {
        match self {
            Figure::Amount => "amount",
            Figure::Discount => "discount",
            Figure::Quantity => "qty",
            Figure::Rate => "rate",
            Figure::Value => "value",
        }
    }

    /// The reads that it needs, of every line item of a section.
    pub(crate) fn reads(self, section: &str) -> Vec<Read> {
        figure_reads(&section.into(), self.fields()).collect()
    }

    /// The fields of an item that it is computed from.
    pub(crate) fn fields(self) -> &'static [&'static str] {
        match self {
            Figure::Amount | Figure::Value => AMOUNT,
            Figure::Discount => DISCOUNT,
            Figure::Quantity => QUANTITY,
            Figure::Rate => RATE,
        }
    }
}

/// The reads that several figures need, of every line item of a section.
pub(crate) fn figure_reads<'s>(
    section: &'s Arc<str>,
    fields: &'s [&'s str],
) -> impl Iterator<Item = Read> + 's {
    fields.iter().map(|name| Read::EntryField {
        section: section.clone(),
        list: ListName::LineItems,
        field: Field::own(name),
        kind: ValueKind::Number,
    })
}
