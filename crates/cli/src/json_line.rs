//! Lines of JSON of which there are millions, written without a call of serde for
//! each of their signs. They are the same, to the byte, as those that serde writes.

use loyalty_targets::Progress;
use target_rules::interpret::Fault;

use super::outcome::{Outcome, write_json};

/// Writes a line of progress.
pub(crate) fn progress(out: &mut Vec<u8>, line: &Progress) -> Outcome {
    let numbers = (line.defined.as_integer(), line.achieved.as_integer(), line.gap.as_integer());
    let (Some(defined), Some(achieved), Some(gap)) = numbers else { return write_json(out, line) };
    if !line.unknown.is_empty() {
        return write_json(out, line);
    }
    integer(out, b"{\"userId\":", line.user_id)?;
    integer(out, b",\"targetId\":", line.target_id)?;
    match line.period_id {
        Some(period) => integer(out, b",\"periodId\":", period)?,
        None => out.extend_from_slice(b",\"periodId\":null"),
    }
    if let Some(cycle) = line.cycle {
        integer(out, b",\"cycle\":", cycle)?;
    }
    integer(out, b",\"defined\":", defined)?;
    integer(out, b",\"achieved\":", achieved)?;
    integer(out, b",\"gap\":", gap)?;
    out.extend_from_slice(if line.reached { b",\"reached\":true}\n" } else { b",\"reached\":false}\n" });
    Ok(())
}

/// Writes why it is unknown whether a transaction counts for a target.
pub(crate) fn unknown_target<'n>(
    out: &mut Vec<u8>,
    id: i64,
    absent: impl Iterator<Item = &'n str> + Clone,
    faults: &[Fault],
) -> Outcome {
    integer(out, b"{\"id\":", id)?;
    out.extend_from_slice(b",\"absent\":");
    names(out, absent)?;
    out.extend_from_slice(b",\"faults\":");
    serde_json::to_writer(&mut *out, faults).map_err(std::io::Error::from)?;
    out.push(b'}');
    Ok(())
}

/// What stands before a whole number, and the number.
fn integer(out: &mut Vec<u8>, before: &[u8], number: i64) -> Outcome {
    out.extend_from_slice(before);
    serde_json::to_writer(out, &number).map_err(std::io::Error::from)?;
    Ok(())
}

/// A list of texts. There may be thousands of short ones, so that all are looked at
/// together for what must be escaped: hardly any has such a sign.
fn names<'n>(out: &mut Vec<u8>, names: impl Iterator<Item = &'n str> + Clone) -> Outcome {
    let start = out.len();
    let (mut sign, mut quotes) = (b'[', 0_usize);
    for name in names.clone() {
        out.extend_from_slice(&[sign, b'"']);
        out.extend_from_slice(name.as_bytes());
        out.push(b'"');
        // INVARIANT: as many stand in memory.
        (sign, quotes) = (b',', quotes.wrapping_add(2));
    }
    let written = out.get(start..).unwrap_or_default();
    let escaped = written.iter().fold(false, |found, byte| found | (*byte < b' ') | (*byte == b'\\'));
    if quotes == 0 || escaped || count_of(written, b'"') != quotes {
        out.truncate(start);
        let names: Vec<&str> = names.collect();
        serde_json::to_writer(out, &names).map_err(std::io::Error::from)?;
        return Ok(());
    }
    out.push(b']');
    Ok(())
}

/// How often a byte is in others.
fn count_of(bytes: &[u8], wanted: u8) -> usize {
    bytes.iter().filter(|byte| **byte == wanted).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of progress that differs in what is written of it.
    fn lines() -> Vec<String> {
        let mut lines = Vec::new();
        for period in ["3", "null", "-9223372036854775808"] {
            for cycle in ["", "\"cycle\":12,"] {
                for number in ["0", "-7", "9223372036854775807", "9223372036854775808", "0.5", "-2.25"] {
                    for unknown in ["", ",\"unknown\":[\"n-1\",\"a\\\"b\"]"] {
                        lines.push(format!(
                            "{{\"userId\":-1,\"targetId\":50,\"periodId\":{period},{cycle}\"defined\":{number},\
                             \"achieved\":{number},\"gap\":{number},\"reached\":{}{unknown}}}\n",
                            number != "0"
                        ));
                    }
                }
            }
        }
        lines
    }

    #[test]
    fn progress_is_written_as_serde_writes_it() {
        for line in lines() {
            let read: Progress = serde_json::from_str(&line).unwrap();
            let (mut ours, mut serdes) = (Vec::new(), Vec::new());
            assert!(progress(&mut ours, &read).is_ok() && write_json(&mut serdes, &read).is_ok());
            assert_eq!(String::from_utf8(ours).unwrap(), line);
            assert_eq!(String::from_utf8(serdes).unwrap(), line);
        }
    }

    #[test]
    fn names_are_written_as_serde_writes_them() {
        let signs = (0..0x300).chain([0x2028, 0xfffd, 0x1_f600]).filter_map(char::from_u32);
        for sign in signs {
            let longer = format!("currentTxn.extField_{sign}_of_a_longer_name");
            for all in [&[sign.to_string()][..], &["a".to_owned(), longer, String::new()]] {
                let mut ours = Vec::new();
                assert!(names(&mut ours, all.iter().map(String::as_str)).is_ok());
                assert_eq!(String::from_utf8(ours).unwrap(), serde_json::to_string(all).unwrap());
            }
        }
    }

    #[test]
    fn reasons_are_written_as_serde_writes_them() {
        let fault = "{\"code\":\"invalid-date\",\"form\":\"dsl\",\"span\":{\"start\":1,\"end\":5}}";
        let fault: Fault = serde_json::from_str(fault).unwrap();
        for absent in [&[][..], &["a.b"], &["a.b", "c\"d"]] {
            for faults in [&[][..], &[fault], &[fault, fault]] {
                let mut ours = Vec::new();
                assert!(unknown_target(&mut ours, -5, absent.iter().copied(), faults).is_ok());
                let (absent, faults) =
                    (serde_json::to_string(absent).unwrap(), serde_json::to_string(faults).unwrap());
                let expected = format!("{{\"id\":-5,\"absent\":{absent},\"faults\":{faults}}}");
                assert_eq!(String::from_utf8(ours).unwrap(), expected);
            }
        }
    }
}
