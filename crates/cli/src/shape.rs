//! Documents of another shape, written as standard ones by a mapping before a
//! command reads them.

use std::sync::Arc;

use target_rules::Limits;
use target_rules::diagnostic::{Colour, Form, Source, render_line};
use target_rules_mapping::{Mapping, Rewritten};

use super::outcome::Failure;

/// In which shape documents of transactions come: the standard one where there is
/// no mapping.
#[derive(Clone, Default)]
pub(crate) struct Shape(Option<Arc<Mapped>>);

struct Mapped {
    mapping: Mapping,
    limits: Limits,
    colour: Colour,
}

impl Shape {
    /// The shape of a mapping.
    pub(crate) fn of(mapping: Mapping, limits: Limits, colour: Colour) -> Shape {
        Shape(Some(Arc::new(Mapped { mapping, limits, colour })))
    }

    /// The mapping, for what reads by it without writing documents anew.
    pub(crate) fn mapping(&self) -> Option<&Mapping> {
        self.0.as_deref().map(|mapped| &mapped.mapping)
    }

    /// The bytes of a document as a standard one; nothing where the mapping skips
    /// it. A document that cannot be mapped ends the command.
    pub(crate) fn standard(
        &self,
        (name, number): (&str, usize),
        bytes: Vec<u8>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let Some(mapped) = &self.0 else { return Ok(Some(bytes)) };
        match mapped.mapping.rewrite(bytes.as_slice(), &mapped.limits) {
            Ok(Rewritten::Bill(standard) | Rewritten::Return(standard)) => Ok(Some(standard.into_bytes())),
            Ok(Rewritten::Skipped) => Ok(None),
            Err(faults) => {
                let (Ok(source) | Err((source, _))) =
                    Source::decode(Form::Payload, &bytes, mapped.limits.transaction);
                let told: Vec<String> = faults
                    .iter()
                    .map(|fault| render_line(fault, &source, number, name, mapped.colour).to_string())
                    .collect();
                Err(Failure::OtherForm(told.join("\n").trim_end().to_owned()))
            }
        }
    }
}
