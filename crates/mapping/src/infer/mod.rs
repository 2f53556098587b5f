//! Drafts a mapping from a sample of documents, by names and values.

mod draft;
mod names;
mod sample;
mod values;

use target_rules::diagnostic::{Diagnostics, Form, Input, Source as Text};
use target_rules::{Limits, Schema};

use crate::bounded::text_within;

pub use draft::Draft;
use draft::Drafter;
use sample::Sample;

/// Drafts a mapping from a sample: documents one a line, a list of them, one
/// alone, or the beginning of a CSV file.
///
/// It goes by names: those of the standard document, near ones, and those that
/// other systems use; and by values: how dates and numbers are written. Of a large
/// sample the first documents are looked at. The draft passes
/// [`Mapping::read`](crate::Mapping::read), and a person should read it.
///
/// Fails where the sample is neither JSON nor CSV, or has no document. Cost is
/// linear in the sample, and in its places times the names that are known.
///
/// ```
/// use target_rules::{Limits, Schema};
/// use target_rules_mapping::{Source, infer};
/// let sample = r#"{"order_no": "n-1", "grand_total": "1.730,50"}"#;
/// let draft = infer(sample, &Schema::standard(), &Limits::default())?;
/// let bill = &draft.mapping.document["currentTxn"];
/// assert_eq!(bill.attributes["number"], Source::at("/order_no"));
/// let value = serde_json::to_value(&bill.attributes["value"])?;
/// assert_eq!((&value["thousands"], &value["decimal"]), (&".".into(), &",".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn infer(sample: &(impl Input + ?Sized), schema: &Schema, limits: &Limits) -> Result<Draft, Diagnostics> {
    let text = text_within(sample, limits.payload, "the sample")?;
    let sample = Sample::of(text, limits)
        .map_err(|fault| Diagnostics::gather(&Text::new(Form::Payload, text), vec![fault], limits.errors))?;
    Ok(Drafter::new(schema, &sample).draft())
}
