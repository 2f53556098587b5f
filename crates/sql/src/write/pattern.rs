//! Regular expressions: DuckDB runs them in linear time, as the engine does, once every
//! character class and every end is written out.

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use target_rules::value::Pattern;

use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

/// The most repetitions that RE2 takes, those within each other multiplied.
const REPEATED: u32 = 1_000;
/// The most bytes of a pattern as it is written for RE2: far below what that has memory for.
const BYTES: usize = 100_000;

/// Whether a text matches a pattern somewhere.
pub(super) fn matches(dialect: Dialect, text: &str, pattern: &Pattern) -> Result<String, Refused> {
    if dialect != Dialect::DuckDb {
        return Err(refused("regular expressions do not run in linear time there; use `contains` or `==`"));
    }
    let spelled_out = pattern.spelled_out();
    let parsed =
        regex_syntax::parse(&spelled_out).map_err(|_| refused("this pattern cannot be rewritten"))?;
    let mut written = String::new();
    write(&parsed, 1, &mut written)?;
    Ok(format!("regexp_matches({text}, {})", dialect.text(&written)?))
}

fn refused(why: &str) -> Refused {
    Refused::new(Reason::Pattern, why)
}

/// Writes a pattern for RE2. `times` is how often it is repeated by what stands around it.
fn write(hir: &Hir, times: u32, into: &mut String) -> Result<(), Refused> {
    if into.len() > BYTES {
        return Err(refused("this pattern is too large when its classes are written out"));
    }
    match hir.kind() {
        HirKind::Empty => into.push_str("(?:)"),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).map_err(|_| refused("this pattern is of bytes"))?;
            text.chars().for_each(|character| character_of(character, into));
        }
        HirKind::Class(Class::Unicode(class)) => {
            if class.ranges().is_empty() {
                // No character at all.
                into.push_str("[^\\x{0}-\\x{10FFFF}]");
                return Ok(());
            }
            into.push('[');
            for range in class.ranges() {
                into.push_str(&format!(
                    "\\x{{{:X}}}-\\x{{{:X}}}",
                    u32::from(range.start()),
                    u32::from(range.end())
                ));
            }
            into.push(']');
        }
        HirKind::Class(Class::Bytes(_)) => return Err(refused("this pattern is of bytes")),
        HirKind::Look(look) => into.push_str(match look {
            Look::Start => "\\A",
            Look::End => "\\z",
            Look::StartLF => "(?m:^)",
            Look::EndLF => "(?m:$)",
            Look::WordAscii => "\\b",
            Look::WordAsciiNegate => "\\B",
            _ => return Err(refused("DuckDB has no such end of a line or word")),
        }),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min);
            let times = times.saturating_mul(most.max(1));
            if times > REPEATED {
                return Err(refused("DuckDB repeats a part of a pattern 1000 times at most"));
            }
            into.push_str("(?:");
            write(&repetition.sub, times, into)?;
            into.push(')');
            into.push_str(&match (repetition.min, repetition.max) {
                (0, None) => "*".to_owned(),
                (1, None) => "+".to_owned(),
                (0, Some(1)) => "?".to_owned(),
                (min, None) => format!("{{{min},}}"),
                (min, Some(max)) if min == max => format!("{{{min}}}"),
                (min, Some(max)) => format!("{{{min},{max}}}"),
            });
        }
        HirKind::Capture(capture) => write(&capture.sub, times, into)?,
        HirKind::Concat(parts) => {
            for part in parts {
                into.push_str("(?:");
                write(part, times, into)?;
                into.push(')');
            }
        }
        HirKind::Alternation(parts) => {
            into.push_str("(?:");
            for (position, part) in parts.iter().enumerate() {
                if position > 0 {
                    into.push('|');
                }
                write(part, times, into)?;
            }
            into.push(')');
        }
    }
    Ok(())
}

fn character_of(character: char, into: &mut String) {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '_' => into.push(character),
        _ => into.push_str(&format!("\\x{{{:X}}}", u32::from(character))),
    }
}
