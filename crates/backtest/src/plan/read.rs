//! What a backtest itself reads of a transaction, beside what rules and the ledger do.

use target_rules::transaction::{LayoutBuilder, ValueKind};
use target_rules::{Instant, Layout, Number, Reference, Slot, Transaction, Zone};

const BILL: &str = "currentTxn";
/// Where the date of an activity stands, in this order.
const DATED: [&str; 3] = [BILL, "returnBill", "currentEvent"];

/// The slots of what is counted by.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    customer: Option<Slot>,
    value: Option<Slot>,
    store: [Option<Slot>; 2],
    dates: [Option<Slot>; 3],
}

fn attribute(profile: &str, name: &str) -> Reference {
    Reference::Attribute { profile: profile.to_owned(), name: name.to_owned() }
}

impl Read {
    pub(super) fn reading(builder: LayoutBuilder) -> LayoutBuilder {
        let builder = builder
            .reading(&attribute("currentCustomer", "id"), ValueKind::Number)
            .reading(&attribute(BILL, "value"), ValueKind::Number)
            .reading(&attribute("currentStore", "code"), ValueKind::Text)
            .reading(&attribute("currentStore", "id"), ValueKind::Number);
        let date =
            |builder: LayoutBuilder, profile| builder.reading(&attribute(profile, "date"), ValueKind::Date);
        DATED.into_iter().fold(builder, date)
    }

    pub(super) fn of(layout: &Layout) -> Read {
        let slot = |profile, name| layout.slot_of(&attribute(profile, name));
        Read {
            customer: slot("currentCustomer", "id"),
            value: slot(BILL, "value"),
            store: ["code", "id"].map(|name| slot("currentStore", name)),
            dates: DATED.map(|profile| slot(profile, "date")),
        }
    }

    /// The customer, as the ledger tells them apart.
    pub(crate) fn customer(&self, transaction: &Transaction) -> Option<i64> {
        transaction.get_number(self.customer?)?.as_integer()
    }

    /// The value of the bill.
    pub(crate) fn value(&self, transaction: &Transaction) -> Option<Number> {
        transaction.get_number(self.value?)
    }

    /// Calls with the name of the store, where there is one.
    pub(crate) fn store<T>(&self, transaction: &Transaction, told: impl FnOnce(&str) -> T) -> Option<T> {
        let [code, id] = self.store;
        let code = code.and_then(|slot| transaction.get_text(slot)).filter(|code| !code.is_empty());
        match code {
            Some(code) => Some(told(code)),
            None => Some(told(&transaction.get_number(id?)?.to_string())),
        }
    }

    /// The local day, from 1970-01-01.
    pub(crate) fn day(&self, transaction: &Transaction, zone: &Zone) -> Option<i64> {
        let date = |slot: &Option<Slot>| -> Option<Instant> { transaction.get_date((*slot)?)?.resolve(zone) };
        Some(zone.local(self.dates.iter().find_map(date)?).epoch_day())
    }
}
