//! `test`: cases beside rules. A file of cases says which rules or targets are
//! meant, gives documents, and says what is expected of them.

mod answer;
mod booking;
mod compare;
mod documents;
mod model;
mod places;
mod read;
mod record;
mod report;
mod run;
mod subject;
mod values;

pub(crate) use run::test;
