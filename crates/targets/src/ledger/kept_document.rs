//! A document that was read within the caller's limits before, read again for
//! targets which may count other things than those it was read for.

use std::collections::BTreeSet;
use std::mem::discriminant;

use target_rules::diagnostic::{Diagnostics, Span};
use target_rules::json::Kind;
use target_rules::{Layout, Limits, Number, Transaction};

use crate::json::{Node, Parsed, key_of};

/// The limits of a document that was read within others before. How deep it may
/// nest is bounded by that too, and costs no stack.
pub(super) fn unlimited() -> Limits {
    let mut limits = Limits::default();
    for limit in [
        &mut limits.transaction,
        &mut limits.transaction_depth,
        &mut limits.transaction_array,
        &mut limits.transaction_values,
        &mut limits.payload,
        &mut limits.payload_depth,
    ] {
        *limit = usize::MAX;
    }
    limits
}

/// So many kinds of values that cannot be read are taken out one after the other;
/// each costs another reading.
const MOST_TAKEN_OUT: usize = 64;

/// A key that nobody reads: what stands under it is skipped.
const UNREAD: &str = r#""\u0000""#;

/// Reads what can be read. A value of another type than the targets count, and a
/// key that stands twice, is absent, and nothing else for its sake; where there
/// are very many of them, everything is.
pub(super) fn read_kept(layout: &Layout, document: &str) -> Transaction {
    let limits = unlimited();
    let mut text = std::borrow::Cow::Borrowed(document);
    for _ in 0..MOST_TAKEN_OUT {
        let faults = match layout.read(text.as_ref(), &limits) {
            Ok(transaction) => return transaction,
            Err(faults) => faults,
        };
        let Some(without) = without_faults(&text, &faults) else { break };
        text = without.into();
    }
    layout.blank()
}

/// The document without what cannot be read; `None` where that is not a part of it.
fn without_faults(text: &str, faults: &Diagnostics) -> Option<String> {
    let parsed = Parsed::parse(text.into(), 0, usize::MAX).ok()?;
    let mut keys = BTreeSet::new();
    for fault in faults.iter() {
        keys.extend(
            like(parsed.root(), fault.pointer.as_deref()?)?.iter().map(|span| (span.start(), span.end())),
        );
    }
    let mut without = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in keys {
        without.push_str(text.get(from..start.get())?);
        without.push_str(UNREAD);
        from = end.get();
    }
    without.push_str(text.get(from..)?);
    (from > 0).then_some(without)
}

/// The keys of the value at a pointer, and of those of the same kind in the other
/// entries of its list: else a document of many items would be read many times.
fn like(root: Node<'_>, pointer: &str) -> Option<Vec<Span>> {
    let steps: Vec<String> = pointer.split('/').skip(1).map(key_of).collect();
    // Where the value stands, as far as its steps are keys; and the places like it.
    let (mut at, mut alike, mut found) = (root, vec![root], None);
    for step in &steps {
        if at.kind() == Kind::Array {
            at = at.entries().nth(step.parse().ok()?)?;
            alike = alike.into_iter().flat_map(Node::entries).collect();
            continue;
        }
        let objects = alike.clone();
        alike = alike.iter().flat_map(|object| object.members().filter(|one| one.key() == *step)).collect();
        at = at.member(step)?;
        found = Some((objects, step, at));
    }
    let (objects, key, value) = found?;
    let keys = objects.into_iter().flat_map(|object| {
        let members: Vec<Node<'_>> = object.members().filter(|one| one.key() == **key).collect();
        let taken = members.len() > 1 || members.iter().any(|one| same_kind(*one, value));
        members.into_iter().filter(move |_| taken).map(Node::key_span)
    });
    Some(keys.collect())
}

/// Whether what is wrong with one value is wrong with the other: a number in
/// quotes is a number.
fn same_kind(one: Node<'_>, other: Node<'_>) -> bool {
    let number = |value: Node<'_>| value.string().is_ok_and(|text| Number::from_json(&text).is_ok());
    discriminant(&one.kind()) == discriminant(&other.kind())
        && (one.kind() != Kind::String || number(one) == number(other))
}
