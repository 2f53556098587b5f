//! What expressions read of a document, told from the schema alone, and the
//! constants that its values should lie near.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::{Method, catalog};
use super::expression::{Expression, Kind, Receiver};
use super::values::answer_key;

/// A value that something reads: its path in the document, and its type.
pub type Reads = BTreeMap<Vec<String>, Kind>;

/// What a list of line items is asked.
#[derive(Debug, Clone, Default)]
pub struct ListNeeds {
    /// The names that items are looked up by.
    pub attributes: BTreeSet<String>,
    /// Fields of the entries by their path in an entry.
    pub fields: Reads,
}

/// What rules read of a document.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// Attributes and extended fields.
    pub fields: Reads,
    /// What methods answer, under the method and its arguments.
    pub answers: Reads,
    /// Custom fields and segments.
    pub entries: BTreeSet<Vec<String>>,
    /// Lists by their path.
    pub lists: BTreeMap<Vec<String>, ListNeeds>,
    /// Numbers of the rules.
    pub numbers: BTreeSet<String>,
    /// Texts of the rules, dates among them.
    pub texts: BTreeSet<String>,
}

impl Needs {
    /// What these rules read.
    pub fn of(rules: &[Expression]) -> Needs {
        let mut needs = Needs::default();
        for rule in rules {
            rule.visit(&mut |part| needs.add(part));
        }
        needs
    }

    fn add(&mut self, part: &Expression) {
        match part {
            Expression::Number(digits) => {
                self.numbers.insert(digits.clone());
            }
            Expression::Text(text) | Expression::Word(text) => {
                self.texts.insert(text.clone());
                self.numbers
                    .extend(text.split(',').map(str::trim).filter(|edge| is_number(edge)).map(str::to_owned));
            }
            Expression::Attribute { profile, name, kind } => self.attribute(profile, name, *kind),
            Expression::Call { receiver: Receiver::Profile(profile), method: name, arguments, kind } => {
                if let Some(method) = catalog().method(profile, name) {
                    self.call(profile, name, method, arguments, *kind);
                }
            }
            _ => {}
        }
    }

    fn attribute(&mut self, profile: &str, name: &str, kind: Kind) {
        let path = match name.strip_prefix("extField_") {
            Some(field) => vec!["extendedFields".to_owned(), field.to_owned()],
            None => vec![name.to_owned()],
        };
        let section = catalog().section(profile);
        match catalog().each(profile) {
            Some(list) => {
                self.list("currentTxn", list).fields.insert(path, kind);
            }
            None => {
                self.fields.insert([vec![section.to_owned()], path].concat(), kind);
            }
        }
        let computed = catalog().profiles[profile]
            .attributes
            .get(name)
            .is_some_and(|attribute| attribute.computed.is_some());
        // A number that is stated under one of the two names counts for both.
        for (one, other) in [EQUAL_NAMES, (EQUAL_NAMES.1, EQUAL_NAMES.0)] {
            if computed && name == one {
                self.fields.insert(vec![section.to_owned(), other.to_owned()], kind);
            }
        }
        if computed {
            let section = if catalog().each(profile).is_some() { "currentTxn" } else { section };
            self.figures(section);
        }
    }

    fn call(&mut self, profile: &str, name: &str, method: &Method, arguments: &[Expression], kind: Kind) {
        let section = catalog().section(profile).to_owned();
        let keys: Vec<String> = arguments
            .iter()
            .map(|argument| match argument {
                Expression::Number(digits) => answer_key(digits),
                Expression::Boolean(value) => value.to_string(),
                Expression::Text(text) => text.clone(),
                other => panic!("no literal: {other:?}"),
            })
            .collect();
        match method.function.as_deref() {
            None => {
                self.answers.insert([vec![section, name.to_owned()], keys].concat(), kind);
            }
            Some(function) if function.starts_with("customField") => {
                self.entries.insert(vec![section, "customFields".to_owned(), keys[0].clone()]);
            }
            Some(function) if function.starts_with("segment") => {
                self.entries.insert(vec![section, "clusters".to_owned(), keys[0].clone()]);
            }
            Some(_) => {
                let section = if catalog().each(profile).is_some() { "currentTxn" } else { &section };
                self.figures(section);
                for (param, key) in method.params.iter().zip(&keys) {
                    if param.role.as_deref() == Some("itemAttribute") {
                        self.list(section, "lineItems").attributes.insert(key.clone());
                    }
                }
                self.list(section, "lineItems").attributes.extend(method.attribute.clone());
            }
        }
    }

    fn list(&mut self, section: &str, list: &str) -> &mut ListNeeds {
        self.lists.entry(vec![section.to_owned(), list.to_owned()]).or_default()
    }

    fn figures(&mut self, section: &str) {
        let fields = &mut self.list(section, "lineItems").fields;
        for figure in ["qty", "rate", "value", "amount", "discount"] {
            fields.insert(vec![figure.to_owned()], Kind::Number);
        }
    }
}

/// Two names of one computed number.
const EQUAL_NAMES: (&str, &str) = ("grossAmount", "basketAmountSumNonDiscounted");

fn is_number(text: &str) -> bool {
    target_rules::Number::from_literal(text).is_ok()
}
