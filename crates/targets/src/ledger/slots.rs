//! What an activity must say so that it can be counted, beside what the rules
//! ask for, and the slots of a layout that hold it.

use target_rules::Reference;
use target_rules::transaction::{EntryList, EntrySlot, Layout, LayoutBuilder, Slot, ValueKind};

use crate::eligibility::{
    BILL, CheckedTarget, Counting, DISCOUNT, EVENT, GROSS, ITEMS, Measure, NET, PointsKind, RETURN,
    StoreSlots, attribute, awarded, event_of, extended, points_field, reading_stores,
};
use crate::model::TargetEntity;

const CUSTOMER: &str = "currentCustomer";
const CODE: &str = "code";

/// The slots of a layout that hold what some targets count.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    pub(super) customer: Option<Slot>,
    pub(super) event_type: Option<Slot>,
    bill: BillSlots,
    returned: BillSlots,
    /// Number and date of an event that is no bill.
    pub(super) event: NumberAndDate,
    /// What filters look at.
    pub(super) store: StoreSlots,
    /// For each target the field that it names, of a bill and of a return.
    named: Vec<[NamedSlots; 2]>,
}

/// Number and date of an activity.
#[derive(Debug, Clone, Copy)]
pub(super) struct NumberAndDate {
    pub(super) number: Option<Slot>,
    pub(super) date: Option<Slot>,
}

/// The figures of a bill, or of the one that is returned.
#[derive(Debug, Clone)]
pub(super) struct BillSlots {
    /// The profile that has them.
    pub(super) profile: &'static str,
    pub(super) head: NumberAndDate,
    pub(super) net: Option<Slot>,
    pub(super) discount: Option<Slot>,
    pub(super) gross: [Option<Slot>; 2],
    regular: Option<Slot>,
    promotional: Option<Slot>,
    all: Option<Slot>,
    pub(super) items: Option<EntryList>,
    /// The code of each item.
    pub(super) code: Option<EntrySlot>,
}

/// What a target counts under a name of its own.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NamedSlots {
    /// An extended field of the bill, an attribute of the event, or what was
    /// awarded of a currency.
    pub(super) value: Option<Slot>,
    /// An extended field of each line item.
    pub(super) of_item: Option<EntrySlot>,
}

impl BillSlots {
    fn of(layout: &Layout, profile: &'static str) -> BillSlots {
        let slot = |name| layout.slot_of(&attribute(profile, name));
        let items = layout.list(&format!("{profile}.{ITEMS}"));
        BillSlots {
            profile,
            head: NumberAndDate::of(layout, profile),
            net: slot(NET),
            discount: slot(DISCOUNT),
            gross: GROSS.map(slot),
            regular: slot(points_field(PointsKind::Regular)),
            promotional: slot(points_field(PointsKind::Promotional)),
            all: slot(points_field(PointsKind::All)),
            items,
            code: items.and_then(|items| layout.entry_slot(items, CODE)),
        }
    }

    pub(super) fn points(&self, kind: PointsKind) -> Option<Slot> {
        match kind {
            PointsKind::Regular => self.regular,
            PointsKind::Promotional => self.promotional,
            PointsKind::All => self.all,
        }
    }
}

impl NumberAndDate {
    fn of(layout: &Layout, profile: &str) -> NumberAndDate {
        let slot = |name| layout.slot_of(&attribute(profile, name));
        NumberAndDate { number: slot("number"), date: slot("date") }
    }
}

impl NamedSlots {
    fn of(layout: &Layout, bill: &BillSlots, counting: &Counting) -> NamedSlots {
        let Ok(measure) = &counting.measure else { return NamedSlots::default() };
        let mut named = NamedSlots::default();
        match measure {
            Measure::FieldCount(name) | Measure::FieldSum(name)
                if counting.entity == TargetEntity::LineItem =>
            {
                let field = format!("extField_{name}");
                named.of_item = bill.items.and_then(|items| layout.entry_slot(items, &field));
            }
            Measure::FieldCount(name) | Measure::FieldSum(name) => {
                named.value = layout.slot_of(&extended(bill.profile, name));
            }
            Measure::Attribute(name) | Measure::AttributeCount(name) => {
                named.value = layout.slot_of(&attribute(event_of(bill.profile), name));
            }
            Measure::Currency(_, Some(name)) => named.value = layout.slot_of(&awarded(bill.profile, name)),
            _ => {}
        }
        named
    }
}

impl Slots {
    /// The slots of a layout for these targets. A layout that was made for
    /// others has no slot for some figures, and they count as absent.
    pub(super) fn of(layout: &Layout, targets: &[CheckedTarget]) -> Slots {
        let (bill, returned) = (BillSlots::of(layout, BILL), BillSlots::of(layout, RETURN));
        let named = |target: &CheckedTarget| {
            [&bill, &returned].map(|bill| NamedSlots::of(layout, bill, target.counting()))
        };
        Slots {
            customer: layout.slot_of(&attribute(CUSTOMER, "id")),
            event_type: layout.slot_of(&attribute(EVENT, "eventType")),
            event: NumberAndDate::of(layout, EVENT),
            store: StoreSlots::of(layout),
            named: targets.iter().map(named).collect(),
            bill,
            returned,
        }
    }

    /// The bill, or the one that is returned.
    pub(super) fn bill(&self, returned: bool) -> &BillSlots {
        if returned { &self.returned } else { &self.bill }
    }

    /// What the target at a place names.
    pub(super) fn named(&self, target: usize, returned: bool) -> NamedSlots {
        let of_both = self.named.get(target).copied().unwrap_or_default();
        let [bill, of_return] = of_both;
        if returned { of_return } else { bill }
    }
}

/// A layout of all that is needed to count for these targets, and of no more: a
/// value of the wrong type refuses the whole document, so that fields which no
/// target counts must not be read.
pub(super) fn layout_of(targets: &[CheckedTarget]) -> Layout {
    reading_counted(Layout::builder(), targets).build()
}

/// Adds that to a layout.
pub(super) fn reading_counted(builder: LayoutBuilder, targets: &[CheckedTarget]) -> LayoutBuilder {
    let mut builder = reading_stores(builder)
        .rules(targets.iter().map(CheckedTarget::rule))
        .reading(&attribute(CUSTOMER, "id"), ValueKind::Number)
        .reading(&attribute(EVENT, "eventType"), ValueKind::Text);
    for profile in [BILL, RETURN, EVENT] {
        builder = builder
            .reading(&attribute(profile, "number"), ValueKind::Text)
            .reading(&attribute(profile, "date"), ValueKind::Date);
    }
    for target in targets {
        builder = counted(target.counting(), BILL, builder);
        if target.counting().gives_back() {
            builder = counted(target.counting(), RETURN, builder);
        }
        if target.counting().entity == TargetEntity::LineItem && target.counting().gives_back() {
            builder = item_text(item_text(builder, BILL, CODE), RETURN, CODE);
        }
    }
    builder
}

/// Reads a text of every line item.
fn item_text(builder: LayoutBuilder, profile: &str, name: &str) -> LayoutBuilder {
    let (profile, list) = (profile.to_owned(), ITEMS.to_owned());
    let field = Reference::EntryField { profile, list, name: name.to_owned(), extended: false };
    builder.reading(&field, ValueKind::Text)
}

/// Reads what is needed to count, whichever of it a document has.
fn counted(counting: &Counting, profile: &'static str, builder: LayoutBuilder) -> LayoutBuilder {
    let needed = counting.needed(profile).into_iter().flatten();
    needed.fold(builder, |builder, needed| needed.add_to(builder))
}
