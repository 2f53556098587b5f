//! A mapping as the library takes it: the places of values.

use std::sync::Arc;

use target_rules::Reference;
use target_rules::json::Kind;
use target_rules::transaction::{Container, Conversion, Form, Places, Test, Written};

use crate::convert::Converter;
use crate::file::{All, Condition, Constant, Fields, Mapping, Named, Profile, ProfileList, Source};
use crate::pointer::path;

pub(crate) const RETURN: &str = "returnBill";

/// Which conditions hold, by the marks of a document.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The numbers of the watches, and which answer counts.
    pub(crate) skip: Vec<(u32, bool)>,
    pub(crate) returns: Vec<(u32, bool)>,
}

/// The places of a mapping, for documents that are no returns.
pub(crate) fn of(mapping: &Mapping) -> (Places, Asked) {
    let mut places = Places::default();
    for (name, profile) in &mapping.document {
        // What a return takes back is read of returns only, which are rewritten.
        if name != RETURN {
            add_profile(&mut places, name, profile);
        }
    }
    let skip = watched(&mut places, &mapping.skip);
    let returns = watched(&mut places, &mapping.returns);
    (places, Asked { skip, returns })
}

fn watched(places: &mut Places, conditions: &[Condition]) -> Vec<(u32, bool)> {
    let watch = |condition: &Condition| {
        let (test, counts) = test(condition);
        places.watch(&path(&condition.at), test).map(|number| (number, counts))
    };
    conditions.iter().filter_map(watch).collect()
}

/// What is asked of the value of a condition, and which answer fulfils it.
pub(crate) fn test(condition: &Condition) -> (Test, bool) {
    let is_there = |value: Written<'_>| value.kind != Kind::Null;
    if let Some(there) = condition.there {
        return (Arc::new(is_there), there);
    }
    let (constants, counts) = match (&condition.equals, condition.not_one_of.as_slice()) {
        (Some(constant), _) => (vec![constant.clone()], true),
        (None, []) => (condition.one_of.clone(), true),
        (None, none) => (none.to_vec(), false),
    };
    (Arc::new(move |value| constants.iter().any(|constant| is(constant, value))), counts)
}

/// Whether a value is a constant. A column has texts only, so what is written
/// decides, and numbers are compared by their value.
fn is(constant: &Constant, value: Written<'_>) -> bool {
    if matches!(value.kind, Kind::Object | Kind::Array | Kind::Null) {
        return false;
    }
    let text = constant.text();
    text == value.text
        || (matches!(constant, Constant::Number(_))
            && text.parse::<target_rules::Number>().is_ok_and(|number| value.text.parse() == Ok(number)))
}

fn add_profile(places: &mut Places, name: &str, profile: &Profile) {
    let of = || name.to_owned();
    add_named(places, &profile.attributes, |name| Reference::Attribute { profile: of(), name });
    add_all(places, &profile.all, &Container::Attributes { profile: of() });
    add_fields(places, &profile.extended_fields, &Container::ExtendedFields { profile: of() }, |name| {
        Reference::ExtendedField { profile: of(), name }
    });
    add_fields(places, &profile.custom_fields, &Container::CustomFields { profile: of() }, |name| {
        Reference::CustomField { profile: of(), name }
    });
    add_fields(places, &profile.clusters, &Container::Segments { profile: of() }, |name| {
        Reference::Segment { profile: of(), name }
    });
    for (key, list) in [("lineItems", &profile.line_items), ("tenders", &profile.tenders)] {
        if let Some(list) = list {
            let to = Reference::List { profile: of(), list: key.to_owned() };
            places.list(&path(&list.at), &to, entries(name, key, list));
        }
    }
}

fn entries(profile: &str, key: &str, list: &ProfileList) -> Places {
    let mut entry = Places::default();
    let field = |extended| {
        move |name| {
            let (profile, list) = (profile.to_owned(), key.to_owned());
            Reference::EntryField { profile, list, name, extended }
        }
    };
    add_named(&mut entry, &list.fields, field(false));
    add_all(&mut entry, &list.all, &Container::Fields);
    add_fields(&mut entry, &list.extended_fields, &Container::EntryExtendedFields, field(true));
    add_fields(&mut entry, &list.attributes, &Container::ItemAttributes, |name| Reference::ItemAttribute {
        profile: profile.to_owned(),
        name,
    });
    entry
}

fn add_fields(places: &mut Places, fields: &Fields, to: &Container, reference: impl Fn(String) -> Reference) {
    add_named(places, &fields.named, reference);
    add_all(places, &fields.all, to);
}

fn add_all(places: &mut Places, all: &[All], to: &Container) {
    for all in all {
        let form = match all {
            All::Object(_) => Form::Object,
            All::Pairs { name, value, .. } => Form::Pairs { name: name.clone(), value: value.clone() },
        };
        places.container(&path(all.place()), form, to.clone());
    }
}

fn add_named(places: &mut Places, named: &Named, reference: impl Fn(String) -> Reference) {
    for (name, source) in named {
        let to = reference(name.clone());
        match source {
            Source::At(at) => places.value(&path(at), &to, None),
            Source::Detailed(detailed) => match (&detailed.at, &detailed.constant) {
                (Some(at), _) => {
                    let conversion =
                        Converter::of(detailed).map(|made| Arc::new(made) as Arc<dyn Conversion>);
                    let when = detailed
                        .when
                        .as_ref()
                        .and_then(|when| watched(places, std::slice::from_ref(when)).pop());
                    match (&detailed.when, when) {
                        (None, _) => places.value(&path(at), &to, conversion),
                        (Some(_), Some(when)) => places.value_when(&path(at), &to, conversion, when),
                        (Some(_), None) => {}
                    }
                }
                (None, Some(constant)) => {
                    places.constant(&to, Written { kind: constant.kind(), text: constant.text() });
                }
                (None, None) => {}
            },
        }
    }
}
