//! What was weighed as bytes, so that very many of them wait in a file.

use std::sync::Arc;

use target_rules::Number;
use target_rules::value::Total;

use super::account::Contribution;
use super::adds::{Added, Adds};
use super::asked_items::{AskedItems, OpenItems};
use super::items::{Codes, CountedItems};
use super::lacking::Lacking;
use super::returns::{ReturnIdentity, ReturnedBill};
use super::weigh::{Weighed, WeighedActivity, WeighedReturn};

impl Weighed {
    /// The customer whose activity it is.
    pub fn customer(&self) -> i64 {
        self.user
    }

    /// When it was, in epoch milliseconds.
    pub fn date(&self) -> i64 {
        self.date
    }

    /// Whether it adds nothing to any target and takes nothing back. Where windows follow a
    /// customer's activities, such a one still begins a cycle of none.
    pub fn is_empty(&self) -> bool {
        matches!(&self.what, WeighedActivity::Bill { adds, .. } if adds.len() == 0)
    }

    /// Appends all that booking needs, for [`Weighed::read`]: some 30 bytes and the number
    /// for a bill that counts in one target.
    ///
    /// What a bill lacks is not kept, only that it is unknown whether it counts: progress is
    /// the same, and what is said of activities that don't count is without reasons.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Ledger, Payload, Weighed};
    /// use target_rules::{Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let text = r#"{"data": [{"id": 50, "targetType": "SALES", "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &limits)?;
    /// let schema = Schema::standard();
    /// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = targets.collect();
    /// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
    /// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
    /// let ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
    /// let bill = r#"{"currentCustomer": {"id": 19721},
    ///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
    /// let weighed = ledger.weigh(&ledger.read(bill, &limits)?).ok_or("it counts")?;
    /// let mut bytes = Vec::new();
    /// weighed.write(&mut bytes);
    /// assert_eq!(Weighed::read(&bytes), Some(weighed));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.user.to_le_bytes());
        into.extend(self.date.to_le_bytes());
        put_text(into, &self.number);
        match &self.what {
            WeighedActivity::Bill { day, adds } => {
                into.push(0);
                into.extend(day.to_le_bytes());
                put_adds(into, adds);
            }
            WeighedActivity::Return(returned) => {
                into.push(1);
                put_return(into, returned);
            }
        }
    }

    /// What [`Weighed::write`] wrote; `None` where it is anything else.
    pub fn read(bytes: &[u8]) -> Option<Weighed> {
        let mut form = Form(bytes);
        let (user, date) = (form.integer()?, form.integer()?);
        let number = form.text()?;
        let what = match form.byte()? {
            0 => {
                let day = form.integer()?;
                WeighedActivity::Bill { day, adds: form.adds()? }
            }
            1 => WeighedActivity::Return(Box::new(form.returned()?)),
            _ => return None,
        };
        form.0.is_empty().then_some(Weighed { user, date, number, what })
    }
}

/// Seven bits a byte, the lowest first.
fn put_length(into: &mut Vec<u8>, length: usize) {
    let mut left = length;
    loop {
        let low = u8::try_from(left & 127).unwrap_or_default();
        left >>= 7;
        if left == 0 {
            return into.push(low);
        }
        into.push(low | 128);
    }
}

fn put_text(into: &mut Vec<u8>, text: &str) {
    put_length(into, text.len());
    into.extend(text.as_bytes());
}

fn put_positions(into: &mut Vec<u8>, positions: &[usize]) {
    put_length(into, positions.len());
    positions.iter().for_each(|position| put_length(into, *position));
}

fn put_total(into: &mut Vec<u8>, total: Total) {
    if let Some(billionths) = total.billionths() {
        into.push(9);
        return into.extend(billionths.to_le_bytes());
    }
    let number = total.number().ok().filter(|number| Total::from(*number) == total);
    let short = number.and_then(|number| {
        Some((i64::try_from(number.mantissa()).ok()?, u8::try_from(number.scale()).ok()?))
    });
    match short {
        Some((mantissa, scale)) => {
            into.push(scale);
            into.extend(mantissa.to_le_bytes());
        }
        None => {
            into.push(u8::MAX);
            put_text(into, &total.to_string());
        }
    }
}

fn put_adds(into: &mut Vec<u8>, adds: &Adds) {
    put_length(into, adds.len());
    let mut codes = None;
    for (at, added) in adds.iter() {
        put_length(into, at);
        match added {
            Added::Known(Contribution::Known { figure, items }) => {
                // All targets count of the same line items, whose codes are written once.
                let again =
                    |items: &CountedItems| codes.is_some_and(|codes| Arc::ptr_eq(codes, &items.codes));
                let kind = items.as_deref().map_or(0, |items| if again(items) { 4 } else { 1 });
                into.push(kind);
                put_total(into, *figure);
                if let Some(items) = items {
                    if kind == 1 {
                        put_codes(into, &items.codes);
                        codes = Some(&items.codes);
                    }
                    put_counted(into, items);
                }
            }
            Added::Known(Contribution::Unknown(lacking)) | Added::Unknown(lacking) => {
                into.push(if lacking.eligible { 3 } else { 2 });
            }
        }
    }
}

fn put_codes(into: &mut Vec<u8>, codes: &Codes) {
    put_length(into, codes.len());
    for code in codes.iter() {
        into.push(u8::from(code.is_some()));
        if let Some(code) = code {
            put_text(into, code);
        }
    }
}

fn put_counted(into: &mut Vec<u8>, items: &CountedItems) {
    into.push(u8::from(items.counted.is_some()));
    if let Some(counted) = &items.counted {
        put_positions(into, counted);
    }
}

fn put_return(into: &mut Vec<u8>, returned: &WeighedReturn) {
    let WeighedReturn { bill, identity, returned, figures_beside } = returned;
    into.push(u8::from(*figures_beside));
    put_text(into, bill);
    match identity {
        ReturnIdentity::Number(number) => {
            into.push(0);
            put_text(into, number);
        }
        ReturnIdentity::Figures { date, figures } => {
            into.push(1);
            into.extend(date.to_le_bytes());
            put_text(into, figures);
        }
    }
    put_text(into, &returned.json);
    put_length(into, returned.asked.holds.len());
    for (id, positions) in &returned.asked.holds {
        into.extend(id.to_le_bytes());
        put_positions(into, positions);
    }
    put_length(into, returned.asked.open.len());
    for (id, open) in &returned.asked.open {
        into.extend(id.to_le_bytes());
        put_positions(into, &open.positions);
        put_length(into, open.absent.len());
        open.absent.iter().for_each(|name| put_text(into, name));
    }
}

/// Bytes that are left to read.
pub(super) struct Form<'b>(pub(super) &'b [u8]);

impl<'b> Form<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, left) = self.0.split_at_checked(length)?;
        self.0 = left;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn integer(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(super) fn length(&mut self) -> Option<usize> {
        let (mut length, mut shift) = (0_usize, 0_u32);
        loop {
            let byte = self.byte()?;
            length |= usize::from(byte & 127).checked_shl(shift)?;
            if byte < 128 {
                return Some(length);
            }
            shift = shift.checked_add(7)?;
        }
    }

    /// A number of things, each of at least one byte.
    pub(super) fn count(&mut self) -> Option<usize> {
        self.length().filter(|count| *count <= self.0.len())
    }

    /// The bytes of a text.
    pub(super) fn text_bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    fn text(&mut self) -> Option<Arc<str>> {
        Some(std::str::from_utf8(self.text_bytes()?).ok()?.into())
    }

    fn positions(&mut self) -> Option<Vec<usize>> {
        (0..self.count()?).map(|_| self.length()).collect()
    }

    fn total(&mut self) -> Option<Total> {
        match self.byte()? {
            u8::MAX => self.text()?.parse().ok(),
            scale => Some(Number::from_parts(self.integer()?.into(), scale.into()).ok()?.into()),
        }
    }

    fn adds(&mut self) -> Option<Adds> {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        let mut codes = None;
        let shared = [false, true].map(|eligible| Arc::new(Lacking { eligible, ..Lacking::default() }));
        let [undecided, eligible] = shared;
        for _ in 0..self.count()? {
            let at = self.length()?;
            match self.byte()? {
                kind @ (0 | 1 | 4) => {
                    let figure = self.total()?;
                    if kind == 1 {
                        codes = Some(self.codes()?);
                    }
                    let items = match kind {
                        0 => None,
                        _ => Some(Box::new(CountedItems { codes: codes.clone()?, counted: self.counted()? })),
                    };
                    known.push((at, Contribution::Known { figure, items }));
                }
                2 => unknown.push((at, undecided.clone())),
                3 => unknown.push((at, eligible.clone())),
                _ => return None,
            }
        }
        Some(Adds::new(known, unknown.into()))
    }

    fn codes(&mut self) -> Option<Codes> {
        let code = |form: &mut Form<'_>| match form.byte()? {
            0 => Some(None),
            _ => Some(Some(form.text()?)),
        };
        (0..self.count()?).map(|_| code(self)).collect()
    }

    /// Of line items which are counted; within, `None` where all are.
    fn counted(&mut self) -> Option<Option<Box<[usize]>>> {
        Some(match self.byte()? {
            0 => None,
            _ => Some(self.positions()?.into()),
        })
    }

    /// Steps over the line items of a target, with their codes or without.
    pub(super) fn skip_items(&mut self, codes: bool) -> Option<()> {
        for _ in 0..if codes { self.count()? } else { 0 } {
            if self.byte()? != 0 {
                self.text_bytes()?;
            }
        }
        if self.byte()? != 0 {
            for _ in 0..self.count()? {
                self.length()?;
            }
        }
        Some(())
    }

    fn returned(&mut self) -> Option<WeighedReturn> {
        let figures_beside = self.byte()? == 1;
        let bill = self.text()?;
        let identity = match self.byte()? {
            0 => ReturnIdentity::Number(self.text()?),
            _ => ReturnIdentity::Figures { date: self.integer()?, figures: self.text()? },
        };
        let json = self.text()?;
        let mut asked = AskedItems::default();
        for _ in 0..self.count()? {
            asked.holds.push((self.integer()?, self.positions()?));
        }
        for _ in 0..self.count()? {
            let (id, positions) = (self.integer()?, self.positions()?);
            let absent = (0..self.count()?).map(|_| self.text().map(|name| name.to_string()));
            let absent = absent.collect::<Option<_>>()?;
            asked.open.push((id, OpenItems { positions, absent }));
        }
        Some(WeighedReturn { bill, identity, returned: ReturnedBill { json, asked }, figures_beside })
    }
}
