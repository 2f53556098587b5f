//! The types of fields that no schema lists: inferred from all their uses in
//! the rule at once, before anything is judged.
//!
//! This is type inference by unification. Each such field is a type variable
//! with the set of types that it may have. A use constrains the set, and two
//! fields that are compared are unified: their variables become one. What is
//! left of the set at the end is the type; where it is empty, two uses conflict.

use std::collections::BTreeMap;

use crate::diagnostic::Span;
use crate::schema::model::Method;
use crate::schema::{Definitions, Member, NameMatch, TypeName, find, find_member, find_profile};
use crate::syntax::ast::{AstLiteral, AstNode, AstNodeKind, Name};
use crate::syntax::{Operator, OperatorKind, TypeKind};
use crate::value::{Count, Number, NumberForm};

use super::dates::looks_like_date;

/// A set of types: those that a field may still have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TypeSet(u8);

impl TypeSet {
    const BOOLEAN: TypeSet = TypeSet(1);
    const NUMBER: TypeSet = TypeSet(2);
    const TEXT: TypeSet = TypeSet(4);
    const DATE: TypeSet = TypeSet(8);
    const ANY: TypeSet = TypeSet(15);
    const ORDERED: TypeSet = TypeSet(2 | 8);

    fn of(name: TypeName) -> TypeSet {
        match name {
            TypeName::Boolean => TypeSet::BOOLEAN,
            TypeName::Number => TypeSet::NUMBER,
            TypeName::String | TypeName::Enum => TypeSet::TEXT,
            TypeName::Date => TypeSet::DATE,
            TypeName::Unknown => TypeSet::ANY,
        }
    }

    fn and(self, other: TypeSet) -> TypeSet {
        TypeSet(self.0 & other.0)
    }

    fn or(self, other: TypeSet) -> TypeSet {
        TypeSet(self.0 | other.0)
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The one type of the set, if it is one.
    fn only(self) -> Option<TypeName> {
        match self {
            TypeSet::BOOLEAN => Some(TypeName::Boolean),
            TypeSet::NUMBER => Some(TypeName::Number),
            TypeSet::TEXT => Some(TypeName::String),
            TypeSet::DATE => Some(TypeName::Date),
            _ => None,
        }
    }

    /// The set as people call it.
    pub(super) fn name(self) -> String {
        const NAMES: [(TypeSet, &str); 4] = [
            (TypeSet::BOOLEAN, "a boolean"),
            (TypeSet::NUMBER, "a number"),
            (TypeSet::TEXT, "a string"),
            (TypeSet::DATE, "a date"),
        ];
        let names: Vec<&str> =
            NAMES.into_iter().filter(|(one, _)| !one.and(self).is_empty()).map(|(_, name)| name).collect();
        names.join(" or ")
    }
}

/// Uses of one field that cannot both be right.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    pub(super) span: Span,
    pub(super) used_as: TypeSet,
    pub(super) earlier: Span,
    pub(super) earlier_as: TypeSet,
}

/// A type variable: what is known of a field, or of several that are compared
/// with each other.
#[derive(Debug, Clone)]
struct Variable {
    types: TypeSet,
    /// The use that made the set smaller last.
    constrained_by: Span,
    /// Whether an operator such as `<` compares it.
    ordered: bool,
    /// Whether it is ordered beside a text that looks like a date. No rule with
    /// such a comparison is accepted; it is told of as one of a date.
    beside_date: bool,
    /// The types that a tree gives it.
    tags: Tags,
    conflict: Option<Conflict>,
    /// The variable that this one was unified with, which stands for both.
    unified_with: Option<usize>,
}

/// The types that the tags of a tree give a variable, each with the number of
/// the first tag that gives it.
#[derive(Debug, Clone, Default)]
struct Tags(Vec<(usize, TypeSet)>);

impl Tags {
    fn add(&mut self, number: usize, types: TypeSet) {
        match self.0.iter_mut().find(|(_, known)| *known == types) {
            Some((first, _)) => *first = number.min(*first),
            None => self.0.push((number, types)),
        }
    }

    /// What the first tag gives that names one of the types.
    fn first_of(&self, types: TypeSet) -> Option<TypeName> {
        let fitting = self.0.iter().filter(|(_, tag)| !tag.and(types).is_empty());
        fitting.min_by_key(|(number, _)| *number).and_then(|(_, tag)| tag.only())
    }
}

/// The name of a field: its profile and its own.
pub(super) type FieldName = (String, String);

/// The inferred types of all fields of a rule that no schema lists.
#[derive(Debug, Default)]
pub(super) struct FieldTypes {
    types: BTreeMap<FieldName, Result<TypeName, Conflict>>,
}

impl FieldTypes {
    /// Walks the rule once and infers the types from all uses together.
    ///
    /// `beside` is the other form of a rule that is kept in both: its uses and
    /// its tags count, too. Where the two forms use a field in ways that
    /// conflict, each form has the type of its own uses, and they disagree.
    pub(super) fn infer(schema: &Definitions, root: &AstNode, beside: Option<&AstNode>) -> FieldTypes {
        let own = FieldTypes::of_roots(schema, &[root]);
        let Some(beside) = beside.filter(|_| !own.types.is_empty()) else { return own };
        let mut both = FieldTypes::of_roots(schema, &[root, beside]);
        both.types.retain(|_, types| types.is_ok());
        let mut types = own.types;
        types.extend(both.types);
        FieldTypes { types }
    }

    fn of_roots(schema: &Definitions, roots: &[&AstNode]) -> FieldTypes {
        let mut inference =
            Inference { schema, fields: BTreeMap::new(), variables: Vec::new(), tags: Count::default() };
        for root in roots {
            // A field of a custom event that is the whole rule is a boolean; an
            // attribute that is listed without a type is not inferred from that.
            if let Term::Variable { id, listed: false, .. } = inference.term(root) {
                inference.constrain(id, TypeSet::BOOLEAN, root.span);
            }
        }
        let fields = std::mem::take(&mut inference.fields);
        let types = fields.into_iter().map(|(name, id)| (name, inference.inferred(id))).collect();
        FieldTypes { types }
    }

    /// The type of a field. A field that the inference did not meet is a string.
    pub(super) fn of(&self, field: &FieldName) -> Result<TypeName, Conflict> {
        self.types.get(field).cloned().unwrap_or(Ok(TypeName::String))
    }
}

/// The type of a node, as far as it can be told without judging it.
#[derive(Clone, Copy)]
enum Term {
    /// Types that are known, whatever the rule says.
    Types(TypeSet),
    /// A field, whose type is to be inferred.
    Variable { id: usize, span: Span, listed: bool },
}

struct Inference<'s> {
    schema: &'s Definitions,
    fields: BTreeMap<FieldName, usize>,
    variables: Vec<Variable>,
    /// How many tags of fields were met.
    tags: Count,
}

impl Inference<'_> {
    fn term(&mut self, expression: &AstNode) -> Term {
        Term::Types(match &expression.kind {
            AstNodeKind::Literal(literal) => match literal {
                AstLiteral::Boolean(_) => TypeSet::BOOLEAN,
                AstLiteral::Number(_) => TypeSet::NUMBER,
                AstLiteral::Text(_) => TypeSet::TEXT,
                AstLiteral::Untyped(text) if text == "true" || text == "false" => TypeSet::BOOLEAN,
                AstLiteral::Untyped(text) if Number::from_literal(text) != Err(NumberForm::Malformed) => {
                    TypeSet::NUMBER
                }
                AstLiteral::Untyped(_) => TypeSet::TEXT,
            },
            AstNodeKind::Name(_) => TypeSet::ANY,
            AstNodeKind::Member { receiver, name } => match &receiver.kind {
                AstNodeKind::Name(profile) => return self.member(profile, name, expression),
                _ => self.asked(receiver, name, &[]),
            },
            AstNodeKind::Call { receiver, name, arguments } => match receiver.as_deref() {
                Some(AstNode { kind: AstNodeKind::Name(profile), .. }) => {
                    return self.profile_call(profile, name, arguments, expression);
                }
                Some(receiver) => self.asked(receiver, name, arguments),
                None => {
                    self.walk(arguments);
                    TypeSet::ANY
                }
            },
            AstNodeKind::Prefix { operator, operand } => {
                let types = if *operator == Operator::Not { TypeSet::BOOLEAN } else { TypeSet::NUMBER };
                self.used_as(operand, types);
                types
            }
            AstNodeKind::Arithmetic { first, steps } => {
                self.used_as(first, TypeSet::NUMBER);
                steps.iter().for_each(|step| self.used_as(&step.operand, TypeSet::NUMBER));
                TypeSet::NUMBER
            }
            AstNodeKind::Binary { operator, left, right } => {
                self.compared(left, right, operator.kind() == OperatorKind::Ordering);
                TypeSet::BOOLEAN
            }
            AstNodeKind::Chain { operands, .. } => {
                operands.iter().for_each(|operand| self.used_as(operand, TypeSet::BOOLEAN));
                TypeSet::BOOLEAN
            }
        })
    }

    /// Looks for uses within expressions whose own type says nothing here.
    fn walk(&mut self, expressions: &[AstNode]) {
        for expression in expressions {
            self.term(expression);
        }
    }

    fn used_as(&mut self, expression: &AstNode, types: TypeSet) {
        if let Term::Variable { id, span, .. } = self.term(expression) {
            self.constrain(id, types, span);
        }
    }

    fn compared(&mut self, left: &AstNode, right: &AstNode, ordered: bool) {
        let is_date = |side: &AstNode| matches!(&side.kind, AstNodeKind::Literal(AstLiteral::Text(text)) if looks_like_date(text));
        let beside_date = ordered && (is_date(left) || is_date(right));
        let (left, right) = (self.term(left), self.term(right));
        for (side, other) in [(left, right), (right, left)] {
            let Term::Variable { id, span, .. } = side else { continue };
            if ordered {
                self.constrain(id, TypeSet::ORDERED, span);
                let variable = self.representative(id);
                if let Some(variable) = self.variables.get_mut(variable) {
                    variable.ordered = true;
                    variable.beside_date |= beside_date;
                }
            }
            match other {
                Term::Types(types) if ordered && types.and(TypeSet::ORDERED).is_empty() => {}
                Term::Types(types) => self.constrain(id, types, span),
                Term::Variable { id: other, .. } => self.unify(id, other, span),
            }
        }
    }

    fn member(&mut self, profile: &str, name: &Name, whole: &AstNode) -> Term {
        let Some((profile_name, profile)) = find_profile(self.schema, profile) else {
            return Term::Types(TypeSet::ANY);
        };
        match find_member(self.schema, profile, &name.text) {
            Member::Listed(found, attribute) if attribute.type_name == TypeName::Unknown => {
                self.field(profile_name, found, whole, true)
            }
            Member::Listed(_, attribute) => Term::Types(TypeSet::of(attribute.type_name)),
            Member::Field(found, fields) if fields.type_name == TypeName::Unknown => {
                self.field(profile_name, &found, whole, false)
            }
            Member::Field(_, fields) => Term::Types(TypeSet::of(fields.type_name)),
            Member::Ambiguous(_) | Member::Missing => Term::Types(TypeSet::ANY),
        }
    }

    fn profile_call(&mut self, profile: &str, name: &Name, arguments: &[AstNode], whole: &AstNode) -> Term {
        let found = find_profile(self.schema, profile).map(|(_, profile)| find(&profile.methods, &name.text));
        match found {
            Some(NameMatch::Exact(_, method) | NameMatch::Respelled(_, method)) => {
                self.arguments(method, arguments);
                Term::Types(TypeSet::of(method.returns))
            }
            // A boolean field may be written as a call.
            Some(NameMatch::Unknown) if arguments.is_empty() => {
                let term = self.member(profile, name, whole);
                if let Term::Variable { id, span, .. } = term {
                    self.constrain(id, TypeSet::BOOLEAN, span);
                }
                term
            }
            _ => {
                self.walk(arguments);
                Term::Types(TypeSet::ANY)
            }
        }
    }

    /// A method asked of a value: the value has one of the types that offer it.
    fn asked(&mut self, receiver: &AstNode, name: &Name, arguments: &[AstNode]) -> TypeSet {
        let mut offering = TypeSet(0);
        let mut asked: Option<&Method> = None;
        for (type_name, methods) in &self.schema.values {
            if let NameMatch::Exact(_, method) | NameMatch::Respelled(_, method) = find(methods, &name.text) {
                offering = offering.or(TypeSet::of(*type_name));
                asked = asked.or(Some(method));
            }
        }
        match asked {
            Some(method) => {
                self.used_as(receiver, offering);
                self.arguments(method, arguments);
                TypeSet::of(method.returns)
            }
            None => {
                self.walk(std::slice::from_ref(receiver));
                self.walk(arguments);
                TypeSet::ANY
            }
        }
    }

    fn arguments(&mut self, method: &Method, arguments: &[AstNode]) {
        for (index, argument) in arguments.iter().enumerate() {
            match method.params.get(index) {
                Some(param) => self.used_as(argument, TypeSet::of(param.type_name)),
                None => self.walk(std::slice::from_ref(argument)),
            }
        }
    }

    fn field(&mut self, profile: &str, name: &str, whole: &AstNode, listed: bool) -> Term {
        let key = (profile.to_owned(), name.to_owned());
        let id = match self.fields.get(&key) {
            Some(id) => *id,
            None => {
                let id = self.variables.len();
                self.variables.push(Variable {
                    types: TypeSet::ANY,
                    constrained_by: whole.span,
                    ordered: false,
                    beside_date: false,
                    tags: Tags::default(),
                    conflict: None,
                    unified_with: None,
                });
                self.fields.insert(key, id);
                id
            }
        };
        let tag = whole.tag.as_ref().and_then(|tag| match TypeKind::of(&tag.text) {
            TypeKind::Boolean => Some(TypeSet::BOOLEAN),
            TypeKind::Number => Some(TypeSet::NUMBER),
            TypeKind::Text => Some(TypeSet::TEXT),
            TypeKind::Date => Some(TypeSet::DATE),
            TypeKind::Profile | TypeKind::Function => None,
        });
        let variable = self.representative(id);
        if let (Some(variable), Some(tag)) = (self.variables.get_mut(variable), tag) {
            variable.tags.add(self.tags.add_one(), tag);
        }
        Term::Variable { id, span: whole.span, listed }
    }

    /// The variable that stands for a field and all that it was unified with.
    fn representative(&self, id: usize) -> usize {
        let mut at = id;
        while let Some(with) = self.variables.get(at).and_then(|variable| variable.unified_with) {
            at = with;
        }
        at
    }

    /// Takes away every type but those of a use.
    fn constrain(&mut self, id: usize, types: TypeSet, span: Span) {
        let at = self.representative(id);
        let Some(variable) = self.variables.get_mut(at) else { return };
        let left = variable.types.and(types);
        if left.is_empty() {
            let (earlier, earlier_as) = (variable.constrained_by, variable.types);
            variable.conflict.get_or_insert(Conflict { span, used_as: types, earlier, earlier_as });
        } else if left != variable.types {
            variable.types = left;
            variable.constrained_by = span;
        }
    }

    /// Two fields that are compared have one type: one variable stands for both.
    fn unify(&mut self, left: usize, right: usize, span: Span) {
        let (into, from) = (self.representative(left), self.representative(right));
        if into == from {
            return;
        }
        let Some(other) = self.variables.get(from).cloned() else { return };
        if let Some(variable) = self.variables.get_mut(from) {
            variable.unified_with = Some(into);
        }
        if other.types != TypeSet::ANY {
            let at = if self.variables.get(into).is_some_and(|variable| variable.types == TypeSet::ANY) {
                other.constrained_by
            } else {
                span
            };
            self.constrain(into, other.types, at);
        }
        if let Some(variable) = self.variables.get_mut(into) {
            variable.ordered |= other.ordered;
            variable.beside_date |= other.beside_date;
            other.tags.0.iter().for_each(|(number, tag)| variable.tags.add(*number, *tag));
            variable.conflict = variable.conflict.take().or(other.conflict);
        }
    }

    /// Where the uses leave a choice, a tree's type decides, then the order.
    fn inferred(&self, id: usize) -> Result<TypeName, Conflict> {
        let Some(variable) = self.variables.get(self.representative(id)) else { return Ok(TypeName::String) };
        if let Some(conflict) = &variable.conflict {
            return Err(conflict.clone());
        }
        let tagged = variable.tags.first_of(variable.types);
        let dated = variable.beside_date.then(|| TypeSet::DATE.and(variable.types)).and_then(TypeSet::only);
        let ordered = variable.ordered.then(|| TypeSet::NUMBER.and(variable.types)).and_then(TypeSet::only);
        let text = TypeSet::TEXT.and(variable.types).only();
        let first = [TypeSet::NUMBER, TypeSet::DATE, TypeSet::BOOLEAN]
            .into_iter()
            .find_map(|one| one.and(variable.types).only());
        let inferred = variable.types.only().or(tagged).or(dated).or(ordered).or(text).or(first);
        Ok(inferred.unwrap_or(TypeName::String))
    }
}
