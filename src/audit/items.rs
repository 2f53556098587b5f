//! What line items lack of what is needed of each.

use crate::Transaction;
use crate::diagnostic::{Code, Severity, Span};
use crate::json::{Entries, Kind, Located, Members, PathSegment, find};
use crate::schema::{EXTENDED_FIELDS, ListName};
use crate::transaction::{Entry, Figure};

use super::document::Visit;
use super::model::Occurrence;
use super::wanted::{ItemPart, Need};

/// What a line item lacks.
struct Lacking {
    /// The key, and whether it is that of an extended field.
    field: String,
    extended: bool,
    /// Whether a rule needs it, and not only a host.
    by_rule: bool,
    help: String,
}

impl Visit<'_, '_> {
    /// Line items that lack what rules or hosts need of each.
    pub(super) fn items(&mut self, transaction: &Transaction, whole: Located) {
        for (section, wanted) in self.audit.wanted.of_items.0.clone() {
            let Some(entries) = transaction.entries(&section, ListName::LineItems) else { continue };
            let key = |key: &str| PathSegment::Key(key.to_owned());
            let path = [key(&section), key(ListName::LineItems.key())];
            let (list, taken) = find(self.text, whole, &path);
            if taken < path.len() {
                continue;
            }
            let stated = self.stated(whole, &section);
            let is_needed = |need: &Need| !need.unless.iter().any(|key| stated.contains(key));
            let wanted = wanted.iter().filter_map(|(part, needs)| {
                let mut needs = needs.iter().filter(|need| is_needed(need)).peekable();
                needs.peek()?;
                Some((part, needs.any(|need| need.by_rule)))
            });
            let wanted: Vec<(&ItemPart, bool)> = wanted.collect();
            // Side by side: to find each item by its position is quadratic.
            for (entry, item) in entries.zip(Entries::of(self.text, list)) {
                let mut told: Vec<Lacking> = Vec::new();
                for (part, by_rule) in &wanted {
                    let lacks = self.lacks(part, *by_rule, &entry, item);
                    let of_field = |one: &Lacking, other: &Lacking| {
                        (one.extended, &one.field) == (other.extended, &other.field)
                    };
                    if let Some(lacks) = lacks {
                        match told.iter_mut().find(|one| of_field(one, &lacks)) {
                            Some(one) => one.by_rule |= lacks.by_rule,
                            None => told.push(lacks),
                        }
                    }
                }
                told.into_iter().for_each(|lacks| self.say_lacking(&section, lacks, item.head()));
            }
        }
    }

    /// The keys that a profile of the document has, those that are `null` aside.
    fn stated(&self, whole: Located, section: &str) -> Vec<String> {
        let (profile, taken) = find(self.text, whole, &[PathSegment::Key(section.to_owned())]);
        if taken == 0 {
            return Vec::new();
        }
        let there = Members::of(self.text, profile).filter(|(_, value)| value.kind != Kind::Null);
        there.map(|(key, _)| key.text).collect()
    }

    fn lacks(&self, part: &ItemPart, by_rule: bool, entry: &Entry<'_>, item: Located) -> Option<Lacking> {
        let of_figure = |figure: Figure| {
            let field = (*entry.lacks(figure).first()?).to_owned();
            Some(Lacking { field, extended: false, by_rule, help: figure_help(figure).to_owned() })
        };
        match part {
            ItemPart::Figure(figure) => of_figure(*figure),
            ItemPart::DiscountPercentage if self.has(item, &["discountPercentage"]) => None,
            ItemPart::DiscountPercentage => of_figure(Figure::Discount).or_else(|| of_figure(Figure::Value)),
            ItemPart::Field(name) if self.has(item, &[EXTENDED_FIELDS, name]) => None,
            ItemPart::Field(name) => {
                let help = format!("state it under `{EXTENDED_FIELDS}` of the item, as a number");
                Some(Lacking { field: name.clone(), extended: true, by_rule, help })
            }
        }
    }

    /// Whether there is something but `null` under keys of an item.
    fn has(&self, item: Located, keys: &[&str]) -> bool {
        let steps: Vec<PathSegment> = keys.iter().map(|key| PathSegment::Key((*key).to_owned())).collect();
        let (value, taken) = find(self.text, item, &steps);
        taken == steps.len() && value.kind != Kind::Null
    }

    fn say_lacking(&mut self, section: &str, lacks: Lacking, place: Span) {
        let Lacking { field, extended, by_rule, help } = lacks;
        let (what, under) = match extended {
            true => (format!("extended field `{field}`"), ".extendedFields"),
            false => (format!("`{field}`"), ""),
        };
        let message = match by_rule {
            true => format!("a line item has no {what}: where a rule needs it, its answer is unknown"),
            false => format!("a line item has no {what}: where it is counted, what it adds is unknown"),
        };
        let said = Occurrence {
            code: Code::MissingFigure,
            severity: Severity::Warning,
            path: format!("{section}.lineItems[]{under}.{field}"),
            read: true,
            message,
            help: Some(help),
        };
        self.say(said, place);
    }
}

/// Where a figure of an item comes from.
fn figure_help(figure: Figure) -> &'static str {
    match figure {
        Figure::Amount => {
            "state `amount`, or `discount` beside `value` or `rate` and `qty`; no discount is `0`"
        }
        Figure::Value => "state `value`, or `rate` and `qty`, or `amount` and `discount`",
        Figure::Discount => "state `discount`; no discount is `0`",
        Figure::Quantity => "state `qty`",
        Figure::Rate => "state `rate`",
    }
}
