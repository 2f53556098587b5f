//! Parts written down: as one sentence where it can be read, else as a list.

use super::parts::{EntryPart, Part, Whole};

/// The most clauses of a sentence.
const MOST_CLAUSES: usize = 6;
/// The most characters of a sentence of several clauses.
const LONGEST: usize = 420;
/// The most characters of a line of a list that joins clauses.
const LONGEST_LINE: usize = 180;

const ALL: &str = "all of these hold:\n";

/// What is written: one sentence without its full stop, or a list.
pub(super) fn written(whole: &Whole) -> (String, bool) {
    if let Some(text) = whole_sentence(whole).filter(|text| is_readable(whole, text)) {
        return (text, true);
    }
    let mut out = String::new();
    match (whole.of_transaction.as_slice(), &whole.entry) {
        ([only], None) => item(only, "", &mut out),
        ([], Some(entry)) => entry_item(entry, "", &mut out),
        (parts, entry) => {
            out.push_str(ALL);
            list(parts, "", &mut out);
            if let Some(entry) = entry {
                out.push_str("- ");
                entry_item(entry, "  ", &mut out);
            }
        }
    }
    (out.trim_end().to_owned(), false)
}

fn is_readable(whole: &Whole, text: &str) -> bool {
    let of_transaction = whole.of_transaction.as_slice();
    let clauses: usize =
        of_transaction.iter().chain(whole.entry.iter().map(|entry| &entry.its)).map(clauses).sum();
    let one = matches!((of_transaction, &whole.entry), ([Part::Clause(_)], None));
    one || (clauses <= MOST_CLAUSES && text.chars().nth(LONGEST).is_none())
}

fn whole_sentence(whole: &Whole) -> Option<String> {
    match (whole.of_transaction.as_slice(), &whole.entry) {
        ([only], None) => sentence(only),
        (parts, entry) => {
            let mut terms = all_terms(parts)?;
            if let Some(entry) = entry {
                // Last, so that nothing after it can be taken for a part of it.
                terms.last.push(entry_sentence(entry)?);
            }
            Some(terms.joined("and"))
        }
    }
}

fn clauses(part: &Part) -> usize {
    match part {
        Part::Clause(_) => 1,
        Part::All(parts) | Part::Any(parts) => parts.iter().map(clauses).sum(),
    }
}

/// One sentence: a chain of clauses, some of them chains of clauses themselves.
fn sentence(part: &Part) -> Option<String> {
    match part {
        Part::Clause(text) => Some(text.clone()),
        Part::All(parts) => Some(all_terms(parts)?.joined("and")),
        Part::Any(parts) => {
            let mut terms = plain(parts);
            for part in parts {
                match part {
                    Part::All(inner) if inner.len() == 2 => terms.grouped.push(group(inner, "both", "and")?),
                    Part::All(inner) => terms.last.push(group(inner, "all of these:", "and")?),
                    Part::Clause(_) => {}
                    Part::Any(_) => return None,
                }
            }
            (terms.last.len() < 2).then(|| format!("either {}", terms.joined("or")))
        }
    }
}

/// The terms of what must all hold.
fn all_terms(parts: &[Part]) -> Option<Terms> {
    let mut terms = plain(parts);
    let groups = parts.iter().filter_map(|part| match part {
        Part::Any(inner) => Some(group(inner, "either", "or")),
        _ => None,
    });
    terms.grouped = groups.collect::<Option<Vec<String>>>()?;
    Some(terms)
}

fn entry_sentence(entry: &EntryPart) -> Option<String> {
    // "whose A, and either whose B or whose C" nobody says.
    let whose = entry.whose.as_ref().and_then(|whose| match whose {
        Part::Clause(text) => Some(text.clone()),
        Part::All(parts) => Some(joined(&all_clauses(parts)?, "and", true)),
        Part::Any(parts) => Some(joined(&all_clauses(parts)?, "or", true)),
    });
    match whose {
        Some(whose) => Some(format!("{} {whose}", entry.has)),
        None => Some(format!("{} for which {}", entry.has, sentence(&entry.its)?)),
    }
}

/// What a sentence joins: clauses, then chains, then what must come last.
struct Terms {
    clauses: Vec<String>,
    grouped: Vec<String>,
    last: Vec<String>,
}

fn plain(parts: &[Part]) -> Terms {
    let clauses = parts.iter().filter_map(|part| match part {
        Part::Clause(text) => Some(text.clone()),
        _ => None,
    });
    Terms { clauses: clauses.collect(), grouped: Vec::new(), last: Vec::new() }
}

impl Terms {
    fn joined(self, joint: &str) -> String {
        let simple = self.grouped.is_empty() && self.last.is_empty();
        let terms: Vec<String> = [self.clauses, self.grouped, self.last].concat();
        joined(&terms, joint, simple)
    }
}

/// Clauses joined: without a comma where there are two and neither has a list
/// of its own.
fn joined(terms: &[String], joint: &str, simple: bool) -> String {
    let has_list = |text: &String| text.contains(", ") || text.contains(" and ") || text.contains(" or ");
    match terms {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] if simple && !has_list(first) && !has_list(second) => {
            format!("{first} {joint} {second}")
        }
        [first @ .., last] => format!("{}, {joint} {last}", first.join(", ")),
    }
}

/// A chain of clauses inside another.
fn group(parts: &[Part], opening: &str, joint: &str) -> Option<String> {
    Some(format!("{opening} {}", joined(&all_clauses(parts)?, joint, true)))
}

/// The texts of parts that are clauses, if all are.
fn all_clauses(parts: &[Part]) -> Option<Vec<String>> {
    let texts = parts.iter().map(|part| match part {
        Part::Clause(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

/// A part as an item of a list, with what belongs to it below.
fn item(part: &Part, indent: &str, out: &mut String) {
    match part {
        Part::Clause(text) => out.push_str(&format!("{text}\n")),
        Part::All(parts) | Part::Any(parts) => {
            let short =
                sentence(part).filter(|text| !indent.is_empty() && text.chars().nth(LONGEST_LINE).is_none());
            let flat = parts.iter().all(|part| matches!(part, Part::Clause(_)));
            if let Some(text) = short.filter(|_| flat && parts.len() < 4) {
                out.push_str(&format!("{text}\n"));
                return;
            }
            out.push_str(heading(part));
            list(parts, indent, out);
        }
    }
}

/// That an entry of a list is such, as an item of a list.
fn entry_item(entry: &EntryPart, indent: &str, out: &mut String) {
    let short = entry_sentence(entry).filter(|text| text.chars().nth(LONGEST_LINE).is_none());
    if let Some(text) = short.filter(|_| clauses(&entry.its) < 4) {
        out.push_str(&format!("{text}\n"));
        return;
    }
    match &entry.its {
        Part::All(parts) | Part::Any(parts) => {
            out.push_str(&format!("{} for which {}", entry.has, heading(&entry.its)));
            list(parts, indent, out);
        }
        other => {
            out.push_str(&format!("{} for which ", entry.has));
            item(other, indent, out);
        }
    }
}

fn heading(part: &Part) -> &'static str {
    match part {
        Part::Any(_) => "at least one of these holds:\n",
        _ => ALL,
    }
}

fn list(parts: &[Part], indent: &str, out: &mut String) {
    // Short items first: what comes after many lines is easily overlooked.
    let (clauses, chains): (Vec<&Part>, Vec<&Part>) =
        parts.iter().partition(|part| matches!(part, Part::Clause(_)));
    for part in clauses.into_iter().chain(chains) {
        out.push_str(indent);
        out.push_str("- ");
        item(part, &format!("{indent}  "), out);
    }
}
