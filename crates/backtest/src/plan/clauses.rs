//! The clauses of a rule: the operands of its outermost `&&`, each as a rule of its own.

use std::ops::Range;

use target_rules::{Ast, Limits, Reference, Rule, Schema};

/// A rule has at most so many clauses; what is left is the last one.
const MOST_CLAUSES: usize = 24;

/// A clause, and what a funnel needs beside it.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    pub(super) text: String,
    pub(super) alone: Rule,
}

/// The clauses of a rule in order. It is one where the rule is no conjunction, or where a
/// clause by itself would read something in another way than the rule does.
pub(super) fn clauses(rule: &Rule, schema: &Schema, limits: &Limits) -> Vec<Clause> {
    let whole = || vec![Clause { text: rule.to_text(), alone: rule.clone() }];
    let text = rule.to_text();
    let parts = conjuncts(&text);
    if parts.len() < 2 {
        return whole();
    }
    let of = read_as(rule, schema);
    let clause = |part: &Range<usize>| {
        let text = text.get(part.clone())?;
        let alone = checked(text, schema, limits)?;
        let reads_alike = read_as(&alone, schema).iter().all(|read| of.contains(read));
        // What is decided for each line item, and what is decided once, is the same alone.
        reads_alike.then(|| Clause { text: text.to_owned(), alone })
    };
    parts.iter().map(clause).collect::<Option<Vec<Clause>>>().unwrap_or_else(whole)
}

/// A text as a rule, where it is one.
pub(super) fn checked(text: &str, schema: &Schema, limits: &Limits) -> Option<Rule> {
    Ast::from_text(text, limits).ok()?.check(schema, limits).into_rule().ok()
}

/// What a rule reads, and as which type.
pub(super) fn read_as(rule: &Rule, schema: &Schema) -> Vec<(Reference, &'static str)> {
    rule.named_references(schema).into_iter().map(|named| (named.reference, named.of)).collect()
}

/// Clauses joined again.
pub(super) fn joined<'c>(
    clauses: impl Iterator<Item = &'c Clause>,
    schema: &Schema,
    limits: &Limits,
) -> Option<Rule> {
    let texts: Vec<&str> = clauses.map(|clause| clause.text.as_str()).collect();
    checked(&texts.join("&&"), schema, limits)
}

/// Where the operands of the outermost `&&` of a canonical text stand.
fn conjuncts(text: &str) -> Vec<Range<usize>> {
    let outside: Vec<(usize, &str)> = outside_brackets(text).collect();
    if outside.iter().any(|(_, two)| *two == "||") {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, two) in outside {
        if two == "&&" && parts.len() + 1 < MOST_CLAUSES {
            parts.push(from..at);
            from = at + 2;
        }
    }
    parts.push(from..text.len());
    parts
}

/// Every two characters in a row that stand outside of brackets and quotes.
pub(super) fn outside_brackets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    text.char_indices().filter_map(move |(at, one)| {
        if quoted {
            quoted = escaped || one != '"';
            escaped = one == '\\' && !escaped;
            return None;
        }
        match one {
            '"' => quoted = true,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => return Some((at, text.get(at..at + 2)?)),
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        conjuncts(text).into_iter().filter_map(|part| text.get(part)).collect()
    }

    #[test]
    fn a_conjunction_is_cut_where_nothing_is_quoted_or_bracketed() {
        assert_eq!(
            split("a==\"x&&y\"&&(b||c&&d)&&e(\"\\\"&&\")"),
            ["a==\"x&&y\"", "(b||c&&d)", "e(\"\\\"&&\")"]
        );
        assert!(split("a&&b||c").is_empty());
        assert_eq!(split("a"), ["a"]);
    }
}
