//! `sample`: transactions that look real.

use target_rules_sample::{Sample, SampleOptions};

use super::outcome::{Failure, Outcome};
use super::screen;

pub(crate) fn sample(options: &SampleOptions) -> Outcome {
    let mut sample = Sample::new(options).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut out = screen::results();
    // JSON of printable ASCII only: nothing in it acts on a terminal.
    while let Some(line) = sample.next_line() {
        out.json_lines(line.as_bytes())?;
    }
    Ok(out.flush()?)
}
