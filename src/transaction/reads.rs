//! What is read of a part of documents: for hosts whose documents lie in columns, of which only
//! some need be looked at.

use super::candidates::ItemPart;
use super::item_keys::{AttributeKeys, ExtendedKeys, OwnKeys};
use super::layout::Layout;
use super::list_plan::ListPlan;
use super::names::{KeyLookup, Lead};
use super::section_plan::Structure;

/// What is read of a part of documents. [`Layout::wants`] says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// Nothing: it may be left out of a document, and nothing changes.
    Nothing,
    /// A value.
    Value,
    /// Something within it: it is an object, or an array of objects.
    Parts,
}

impl Layout {
    /// What is read of that which stands at a path of standard documents: the keys that lead
    /// there, from the profile on. The entries of a list are no step of a path.
    ///
    /// Of a few parts it is said that they are read, and they are not.
    ///
    /// ```
    /// use target_rules::transaction::Wanted;
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.basketQty(\"brand\", \"Puma\") > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let items = ["currentTxn", "lineItems"];
    /// let attribute = |name| layout.wants(&[items[0], items[1], "attributes", name]);
    /// assert_eq!(layout.wants(&items), Wanted::Parts);
    /// assert_eq!((attribute("brand"), attribute("size")), (Wanted::Value, Wanted::Nothing));
    /// assert_eq!(layout.wants(&["currentTxn", "value"]), Wanted::Nothing);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn wants(&self, path: &[&str]) -> Wanted {
        let plan = &self.plan;
        let [profile, keys @ ..] = path else { return Wanted::Parts };
        let section = plan.keys.get(profile).and_then(|(_, at)| plan.section_plans.get(*at));
        let Some(section) = section else { return Wanted::Nothing };
        let [key, names @ ..] = keys else { return Wanted::Parts };
        let Some((_, member)) = section.keys.get(key) else { return Wanted::Nothing };
        let value = |wanted| if wanted { Wanted::Value } else { Wanted::Nothing };
        match (&member.structure, names) {
            (None, _) => Wanted::Value,
            (Some(_), []) if !member.values.is_empty() || member.label.is_some() => Wanted::Value,
            (Some(_), []) | (Some(Structure::Answers(_)), _) => Wanted::Parts,
            (Some(Structure::Extended), [name, ..]) => value(section.extended.get(name).is_some()),
            (Some(Structure::CustomFields), [name, ..]) => value(section.custom_fields.get(name).is_some()),
            (Some(Structure::Segments), [name, ..]) => value(section.segments.get(name).is_some()),
            (Some(Structure::List(at)), [name, inner @ ..]) => {
                plan.list_plans.get(*at).map_or(Wanted::Parts, |list| list.wants(name, inner))
            }
        }
    }
}

impl ListPlan {
    /// What is read of a key of an entry, or of what stands below it.
    fn wants(&self, key: &str, inner: &[&str]) -> Wanted {
        let (own, mut folded) = (OwnKeys(self), String::new());
        let lead = own.lead(key, &mut folded);
        let value = |lead: Lead| if lead == Lead::default() { Wanted::Nothing } else { Wanted::Value };
        match (lead.entry.map(|number| own.part(number)), inner) {
            (Some(ItemPart::Attributes | ItemPart::Extended), []) => Wanted::Parts,
            (Some(ItemPart::Attributes), [name, ..]) => value(AttributeKeys(self).lead(name, &mut folded)),
            (Some(ItemPart::Extended), [name, ..]) => value(ExtendedKeys(self).lead(name, &mut folded)),
            _ => value(lead),
        }
    }
}
