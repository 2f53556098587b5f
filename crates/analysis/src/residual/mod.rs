//! What is left of a rule when part of the transaction is known.

mod known;
mod rest;

use std::collections::BTreeMap;

use target_rules::interpret::Explanation;
use target_rules::{Ast, Diagnostics, Layout, Limits, Rule, Schema};

use crate::proof::Options;
use known::Known;
use rest::{Rest, Writer};

/// What is left of a rule for a document to which values will still come: a rule
/// that decides every completion of the document as the rule does.
///
/// A completion gives values to what is absent, and leaves every value that the
/// rule reads as it is. `null` is absence, as everywhere in the language: whether
/// a value will come or there is none, the answer is right. A list is whole, for
/// two halves of a list can't be told from one, and so are its entries and a
/// container of custom fields or segments that is there; a host that doesn't know
/// them yet leaves the list or the container away. What methods count and sum over
/// line items is known with the list. An attribute that follows from line items
/// where the document doesn't state it, such as `basketSize`, is known once it is
/// stated.
///
/// Parts of the rule that are known are decided, and numbers that are known stand
/// as constants in comparisons with others. What can't be said more briefly stays
/// as it is: at worst the whole rule, which is a residual of its own. Only the
/// result is kept, not which items are true nor why one is unknown.
///
/// Fails where the document can't be read. Cost is that of
/// [`Rule::explain`], and of checking a rule.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, residual};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold""#;
/// let rule = Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()?;
/// let left = |document| residual(&rule, document, &schema, &Options::default());
/// let bill = r#"{"currentTxn": {"value": 730}}"#;
/// assert_eq!(left(bill)?.to_text(), r#"currentCustomer.slabName=="Gold""#);
/// assert_eq!(left(r#"{"currentTxn": {"value": 12}}"#)?.to_text(), "false");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn residual(
    rule: &Rule,
    document: &str,
    schema: &Schema,
    options: &Options,
) -> Result<Rule, Diagnostics> {
    let limits = &options.limits;
    Layout::of([rule]).read(document, limits)?;
    let text = rule.to_text();
    // Spans are those of the canonical text then.
    let same = checked(&text, schema, limits).filter(|read| read == rule);
    let Some(same) = same else { return Ok(rule.clone()) };
    let transaction = Layout::of([&same]).read(document, limits)?;
    let explanation = same.explain(&transaction, &options.zone);
    let known = Known::new(document, schema, limits);
    let found = written(&text, &explanation, &known).and_then(|left| {
        let left = checked(&left, schema, limits)?;
        let unrolled = explanation.unrolled.as_ref();
        // Without the list the rule must still ask for it, or be false.
        let asks = unrolled
            .is_none_or(|unrolled| unrolled.count.is_some() || left.unrolls() || left.to_text() == "false");
        (asks && same_types(&left, &same, schema)).then_some(left)
    });
    Ok(found.unwrap_or(same))
}

fn checked(text: &str, schema: &Schema, limits: &Limits) -> Option<Rule> {
    Ast::from_text(text, limits).ok()?.check(schema, limits).into_rule().ok()
}

/// Whether what the first rule reads has the types that it has in the other:
/// fields that no schema lists get them from their uses.
fn same_types(rule: &Rule, other: &Rule, schema: &Schema) -> bool {
    let types = |rule: &Rule| -> BTreeMap<String, _> {
        rule.named_references(schema).into_iter().map(|named| (named.name, named.of)).collect()
    };
    let of_other = types(other);
    types(rule).iter().all(|(name, value_type)| of_other.get(name) == Some(value_type))
}

/// What is left, as text; `None` where it is the rule as it was.
fn written(text: &str, explanation: &Explanation, known: &Known<'_>) -> Option<String> {
    let whole = |items: bool| Writer { text, known, items };
    let Some(unrolled) = &explanation.unrolled else {
        return whole(true).rest(&explanation.trees.first()?.root).text();
    };
    match unrolled.count {
        Some(0) => return Some("false".to_owned()),
        Some(count) if count == explanation.trees.len() => {
            // Each item as it is, where nothing of it is left.
            let each = explanation.trees.iter().map(|tree| whole(true).rest(&tree.root));
            let joined = Rest::any(each);
            if let Some(text) = joined.text().filter(|text| !known.names_an_item(text)) {
                return Some(text);
            }
        }
        _ => {}
    }
    whole(false).rest(&explanation.trees.first()?.root).text()
}
