//! A row of what was weighed, read only as far as it takes to add it up: nothing is copied.

use super::weighed_form::Form;

/// A row in brief.
#[derive(Debug, Clone, Copy)]
pub(super) struct BriefRow<'b> {
    /// All of it.
    pub(super) bytes: &'b [u8],
    /// In epoch milliseconds.
    pub(super) date: i64,
    /// The number of the bill that it is about.
    pub(super) bill: &'b [u8],
    /// Of a bill, what it adds; `None` of a return.
    pub(super) adds: Option<BriefAdds<'b>>,
}

/// What a bill adds to targets.
#[derive(Debug, Clone, Copy)]
pub(super) struct BriefAdds<'b> {
    /// The local day.
    pub(super) day: i64,
    bytes: &'b [u8],
}

/// What a bill adds to one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BriefAdded {
    /// So many units of 10^-9.
    Billionths(i128),
    Unknown,
}

/// The digits of what is added up.
pub(super) const DIGITS: u32 = 9;

impl<'b> BriefRow<'b> {
    /// `None` where it is no row that was written.
    pub(super) fn read(bytes: &'b [u8]) -> Option<BriefRow<'b>> {
        let mut form = Form(bytes);
        let (_user, date) = (form.integer()?, form.integer()?);
        let number = form.text_bytes()?;
        match form.byte()? {
            0 => {
                let adds = BriefAdds { day: form.integer()?, bytes: form.0 };
                Some(BriefRow { bytes, date, bill: number, adds: Some(adds) })
            }
            1 => {
                let _figures_beside = form.byte()?;
                Some(BriefRow { bytes, date, bill: form.text_bytes()?, adds: None })
            }
            _ => None,
        }
    }
}

impl BriefAdds<'_> {
    /// Calls with each target, by its position, and what it is added. `None` where that is more
    /// than can be added up so, or no row that was written.
    pub(super) fn each(self, mut with: impl FnMut(usize, BriefAdded) -> Option<()>) -> Option<()> {
        let mut form = Form(self.bytes);
        for _ in 0..form.count()? {
            let at = form.length()?;
            match form.byte()? {
                kind @ (0..=1 | 4) => {
                    // A longer one is written as text, under a scale that is none.
                    let scale = u32::from(form.byte()?);
                    let unit = 10_i128.checked_pow(DIGITS.checked_sub(scale)?)?;
                    let figure = i128::from(form.integer()?).checked_mul(unit)?;
                    match kind {
                        1 => form.skip_items(true)?,
                        4 => form.skip_items(false)?,
                        _ => {}
                    }
                    with(at, BriefAdded::Billionths(figure))?;
                }
                2 | 3 => with(at, BriefAdded::Unknown)?,
                _ => return None,
            }
        }
        form.0.is_empty().then_some(())
    }
}
