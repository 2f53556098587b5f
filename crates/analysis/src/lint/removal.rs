//! Edits that leave a clause out of a rule as it is written. They are drafts:
//! whoever makes one has it proved.

use std::ops::Range;

use target_rules::diagnostic::{Confidence, Form, Span, Suggestion};
use target_rules::json::{Located, PathSegment, Reader, find, pointer_at};

use super::finding::hull;

/// How many brackets around a clause are tried.
const MOST_BRACKETS: usize = 8;

/// Ways to leave out what stands at some places of a form, the smallest first.
pub(super) fn removals(text: &str, form: Form, spans: &[Span]) -> Vec<Suggestion> {
    let Some(whole) = hull(spans) else { return Vec::new() };
    match form {
        Form::Dsl => of_text(text, whole.range()),
        _ => of_tree(text, whole),
    }
}

/// Out of a text goes the clause with one of the operators beside it; where
/// there is none, it is looked for outside of the brackets around the clause.
fn of_text(text: &str, mut clause: Range<usize>) -> Vec<Suggestion> {
    let mut drafts = Vec::new();
    for _ in 0..MOST_BRACKETS {
        let (Some(before), Some(after)) = (text.get(..clause.start), text.get(clause.end..)) else { break };
        let (before, after) = (before.trim_end(), after.trim_start());
        let is_operator = |text: &str| text == "&&" || text == "||";
        let operator = before.len().checked_sub(2).filter(|at| before.get(*at..).is_some_and(is_operator));
        if let Some(at) = operator {
            drafts.push(without(before.get(..at).unwrap_or("").trim_end().len()..clause.end));
        }
        if after.get(..2).is_some_and(is_operator) {
            let rest = after.get(2..).unwrap_or("").trim_start();
            if let Some(end) = text.len().checked_sub(rest.len()) {
                drafts.push(without(clause.start..end));
            }
        }
        // A negation belongs to what it negates, brackets to what they hold.
        match (before.strip_suffix('!'), before.strip_suffix('('), after.strip_prefix(')')) {
            (Some(before), _, _) => clause.start = before.len(),
            (None, Some(before), Some(after)) => {
                let Some(end) = text.len().checked_sub(after.len()) else { break };
                clause = before.len()..end;
            }
            _ => break,
        }
    }
    drafts
}

fn without(range: Range<usize>) -> Suggestion {
    Suggestion::replace(Span::new(range.start, range.end), "", Confidence::Safe)
}

/// In a tree the other operand takes the place of the operation.
fn of_tree(tree: &str, clause: Span) -> Vec<Suggestion> {
    let mut drafts = Vec::new();
    let Ok(root) = Located::read(&mut Reader::new(tree)) else { return drafts };
    let mut path = path_of(&pointer_at(tree, clause));
    for _ in 0..MOST_BRACKETS {
        // The node of an operand stands at `operands` and a position.
        while !matches!(path.as_slice(), [.., PathSegment::Key(key), PathSegment::Index(_)] if key == "operands")
        {
            if path.pop().is_none() {
                return drafts;
            }
        }
        let Some(PathSegment::Index(at)) = path.pop() else { return drafts };
        path.pop();
        let (operation, _) = find(tree, root, &path);
        let mut other = path.clone();
        other.extend([
            PathSegment::Key("operands".to_owned()),
            PathSegment::Index(1_usize.saturating_sub(at)),
        ]);
        let (kept, taken) = find(tree, root, &other);
        if at <= 1 && taken == other.len() {
            let kept = tree.get(kept.span.range()).unwrap_or("");
            drafts.push(Suggestion::replace(operation.span, kept, Confidence::Safe));
        }
    }
    drafts
}

/// The steps of a pointer into a tree, whose keys need no escapes.
fn path_of(pointer: &str) -> Vec<PathSegment> {
    let steps = pointer.split('/').skip(1);
    steps
        .map(|step| match step.parse() {
            Ok(index) => PathSegment::Index(index),
            Err(_) => PathSegment::Key(step.to_owned()),
        })
        .collect()
}
