//! What a condition reads of a transaction document. This is the only place
//! that defines it.
//!
//! Layouts are built from it, and it tells hosts what to fetch.

use std::sync::Arc;

use crate::typed::{ProfileName, TRANSACTION, figure_reads, figures_of};

use super::{Aggregate, Answer, Condition, Container, Leaf, ListName, Measure, Read, Selection, Visitor};

/// Receives what is read, and from which profiles.
pub(crate) trait Reading {
    /// A profile that is read from.
    fn profile(&mut self, _profile: &ProfileName) {}

    /// One value that is read. The same value may come more than once.
    fn read(&mut self, read: &Read);
}

/// Passes on everything that the parts of a condition read.
pub(crate) struct Reads<'r, R>(pub(crate) &'r mut R);

impl<R: Reading> Reads<'_, R> {
    fn of(&mut self, profile: &ProfileName, read: &Read) {
        if profile.list.is_none() {
            self.0.profile(profile);
        }
        self.0.read(read);
    }

    pub(crate) fn attribute(&mut self, leaf: &Leaf) {
        let attribute = &*leaf.0;
        self.of(&attribute.profile, &attribute.read);
        if let Some(equal) = &attribute.equal {
            self.0.read(equal);
        }
        if let Some(computed) = attribute.computed {
            let section = attribute.profile.list_section();
            self.items(&section, figures_of(computed));
        }
        if let Some(list) = attribute.profile.list {
            self.0.read(&Read::List { section: TRANSACTION.into(), list });
        }
    }

    pub(crate) fn answer(&mut self, answer: &Answer) {
        self.of(&answer.profile, &answer.read);
    }

    pub(crate) fn container(&mut self, container: &Container) {
        self.of(&container.profile, &container.read);
    }

    pub(crate) fn aggregate(&mut self, aggregate: &Aggregate) {
        self.0.profile(&aggregate.profile);
        if let Some(selection) = &aggregate.selection {
            self.selection(&aggregate.section, selection);
        }
        if let Measure::Sum(figure) = aggregate.measure {
            self.items(&aggregate.section, figure.fields());
        }
    }

    /// What a selection of line items reads.
    pub(crate) fn selection(&mut self, section: &Arc<str>, selection: &Selection) {
        self.items(section, &[]);
        if let Some(name) = selection.attribute() {
            self.0.read(&Read::ItemAttribute { section: section.clone(), name: name.clone() });
        }
        if let Selection::Compares { figure, .. } = selection {
            self.items(section, figure.fields());
        }
    }

    fn items(&mut self, section: &Arc<str>, fields: &[&str]) {
        self.0.read(&Read::List { section: section.clone(), list: ListName::LineItems });
        figure_reads(section, fields).for_each(|read| self.0.read(&read));
    }
}

impl<R: Reading> Visitor for Reads<'_, R> {
    fn attribute(&mut self, leaf: &Leaf) {
        Reads::attribute(self, leaf);
    }

    fn answer(&mut self, answer: &Answer) {
        Reads::answer(self, answer);
    }

    fn aggregate(&mut self, aggregate: &Arc<Aggregate>) {
        Reads::aggregate(self, aggregate);
    }

    fn container(&mut self, container: &Container) {
        Reads::container(self, container);
    }

    fn item(&mut self, selection: &Selection) {
        self.selection(&TRANSACTION.into(), selection);
    }
}

impl Condition {
    /// Calls `with` for everything that is read of a document to decide the
    /// condition. The same value may come more than once.
    ///
    /// ```
    /// use target_rules::condition::Read;
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let mut fields = Vec::new();
    /// rule.condition().each_read(&mut |read| {
    ///     if let Read::Field { section, field, .. } = read {
    ///         fields.push(format!("{section}.{}", field.name));
    ///     }
    /// });
    /// assert!(fields.contains(&"currentTxn.value".to_owned()));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn each_read(&self, with: &mut impl FnMut(Read)) {
        struct EachRead<'w, W>(&'w mut W);
        impl<W: FnMut(Read)> Reading for EachRead<'_, W> {
            fn read(&mut self, read: &Read) {
                (self.0)(read.clone());
            }
        }
        self.visit_once(&mut Reads(&mut EachRead(with)));
    }
}
