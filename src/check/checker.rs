//! What the checker knows of the rule that it judges.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::limits::Limits;
use crate::schema::{Definitions, TypeName};
use crate::syntax::TypeKind;
use crate::syntax::ast::Ast;
use crate::typed::{Attribute, ProfileName, Type};

use super::inference::{FieldName, FieldTypes};
use super::listed_fields::ListedFields;
use super::repairs::Editor;
use super::values::ValueLists;

/// Checks one rule. Where a check gives `None`, an error was reported, and what
/// depends on the node is not checked.
pub(super) struct Checker<'a> {
    pub(super) schema: &'a Definitions,
    pub(super) limits: &'a Limits,
    pub(super) ast: &'a Ast,
    pub(super) found: Found,
    /// Counts the regular expressions that the rule may still have.
    pub(super) patterns: Range<usize>,
    /// The other form of a rule that is kept in both.
    beside: Option<&'a Ast>,
    /// Inferred with the first field that no schema gives a type.
    field_types: Option<FieldTypes>,
    /// The fields whose inferred type was reported.
    pub(super) assumed: BTreeSet<FieldName>,
    pub(super) profiles: BTreeMap<String, Arc<ProfileName>>,
    /// The attributes that the rule has named so far.
    pub(super) attributes: Vec<Arc<Attribute>>,
    /// The text that the attribute at hand is compared with.
    pub(super) beside_text: Option<BesideText>,
    pub(super) value_lists: ValueLists,
    /// What profiles list, each by its place in memory.
    pub(super) listed_fields: RefCell<HashMap<usize, Vec<ListedFields>>>,
    /// By profile, again its place, and method of a value: the only attribute that
    /// has it.
    pub(super) only_owners: RefCell<HashMap<(usize, String), Option<String>>>,
}

/// A text that an attribute is compared with.
pub(super) struct BesideText {
    pub(super) literal: Span,
    /// Whether it must be another.
    pub(super) negated: bool,
    /// The whole comparison.
    pub(super) whole: Span,
}

impl<'a> Checker<'a> {
    /// A checker of a rule, which adds to what was found; `beside` is the other
    /// form of one that is kept in both.
    pub(super) fn new(
        schema: &'a Definitions,
        limits: &'a Limits,
        ast: &'a Ast,
        beside: Option<&'a Ast>,
        mut found: Found,
    ) -> Checker<'a> {
        ast.warnings.iter().cloned().for_each(|warning| found.push(warning));
        Checker {
            schema,
            limits,
            ast,
            found,
            patterns: 0..limits.regex_count,
            beside,
            field_types: None,
            assumed: BTreeSet::new(),
            profiles: BTreeMap::new(),
            attributes: Vec::new(),
            beside_text: None,
            value_lists: ValueLists::default(),
            listed_fields: RefCell::default(),
            only_owners: RefCell::default(),
        }
    }

    /// The types of the fields that no schema gives one.
    pub(super) fn field_types(&mut self) -> &FieldTypes {
        let beside = self.beside.map(|beside| &beside.root);
        self.field_types.get_or_insert_with(|| FieldTypes::infer(self.schema, &self.ast.root, beside))
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// What writes the edits of repairs.
    pub(super) fn editor(&self) -> Editor<'_> {
        Editor::of(self.ast.source())
    }

    pub(super) fn number_range<T>(&mut self, span: Span) -> Option<T> {
        self.report(
            Diagnostic::new(Code::NumberRange, span, "this number has too many digits")
                .note("at most 18 digits before the point and 9 after it")
                .help("write a shorter number"),
        );
        None
    }
}

/// The kind that a tree's tag gives a type.
pub(super) fn kind_of(of: &Type) -> TypeKind {
    match of {
        Type::Boolean => TypeKind::Boolean,
        Type::Number => TypeKind::Number,
        Type::Text | Type::Enum(_) => TypeKind::Text,
        Type::Date => TypeKind::Date,
    }
}

/// The type of an attribute or a result.
pub(super) fn type_of(name: TypeName, values: &Arc<[String]>) -> Type {
    match name {
        TypeName::Boolean => Type::Boolean,
        TypeName::Number => Type::Number,
        TypeName::String => Type::Text,
        TypeName::Date => Type::Date,
        TypeName::Enum => Type::Enum(values.clone()),
        // INVARIANT: an unknown type is inferred before it comes here.
        TypeName::Unknown => Type::Text,
    }
}
