//! The types of fields that no schema lists: concluded from all their uses in
//! the rule at once, before anything is judged.

use std::collections::BTreeMap;

use crate::diagnostic::Span;
use crate::schema::model::Method;
use crate::schema::{Definitions, Found, Member, TypeName, find, find_member, find_profile};
use crate::syntax::ast::{Expression, ExpressionKind, Literal, Name};
use crate::syntax::{Operator, OperatorKind, TypeKind};
use crate::value::{Number, NumberForm};

/// A set of types that a field may still have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    const BOOLEAN: Kinds = Kinds(1);
    const NUMBER: Kinds = Kinds(2);
    const TEXT: Kinds = Kinds(4);
    const DATE: Kinds = Kinds(8);
    const ANY: Kinds = Kinds(15);
    const ORDERED: Kinds = Kinds(2 | 8);

    fn of(name: TypeName) -> Kinds {
        match name {
            TypeName::Boolean => Kinds::BOOLEAN,
            TypeName::Number => Kinds::NUMBER,
            TypeName::String | TypeName::Enum => Kinds::TEXT,
            TypeName::Date => Kinds::DATE,
            TypeName::Unknown => Kinds::ANY,
        }
    }

    fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The one type of the set, if it is one.
    fn only(self) -> Option<TypeName> {
        match self {
            Kinds::BOOLEAN => Some(TypeName::Boolean),
            Kinds::NUMBER => Some(TypeName::Number),
            Kinds::TEXT => Some(TypeName::String),
            Kinds::DATE => Some(TypeName::Date),
            _ => None,
        }
    }

    /// The set as people call it.
    pub(super) fn name(self) -> String {
        const NAMES: [(Kinds, &str); 4] = [
            (Kinds::BOOLEAN, "a boolean"),
            (Kinds::NUMBER, "a number"),
            (Kinds::TEXT, "a string"),
            (Kinds::DATE, "a date"),
        ];
        let names: Vec<&str> =
            NAMES.into_iter().filter(|(kind, _)| !kind.and(self).is_empty()).map(|(_, name)| name).collect();
        names.join(" or ")
    }
}

/// Uses of one field that cannot both be right.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    pub(super) span: Span,
    pub(super) used_as: Kinds,
    pub(super) earlier: Span,
    pub(super) earlier_as: Kinds,
}

/// What is known of a field, or of several that are compared with each other.
#[derive(Debug, Clone)]
struct Class {
    kinds: Kinds,
    /// The use that narrowed the set last.
    narrowed: Span,
    ordered: bool,
    tag: Option<Kinds>,
    conflict: Option<Conflict>,
    /// The class that this one was joined with.
    joined: Option<usize>,
}

/// The name of a field: its profile and its own.
pub(super) type FieldName = (String, String);

/// The concluded types of all fields of a rule that no schema lists.
#[derive(Debug, Default)]
pub(super) struct FieldTypes {
    types: BTreeMap<FieldName, Result<TypeName, Conflict>>,
}

impl FieldTypes {
    /// Walks the rule once and solves all uses together.
    pub(super) fn solve(schema: &Definitions, root: &Expression) -> FieldTypes {
        let mut solver = Solver { schema, fields: BTreeMap::new(), classes: Vec::new() };
        // A field of a custom event that is the whole rule is a boolean; an
        // attribute that is listed without a type is not concluded from that.
        if let Sketch::Field { id, listed: false, .. } = solver.sketch(root) {
            solver.narrow(id, Kinds::BOOLEAN, root.span);
        }
        let fields = std::mem::take(&mut solver.fields);
        let types = fields.into_iter().map(|(name, id)| (name, solver.conclusion(id))).collect();
        FieldTypes { types }
    }

    /// The type of a field. A field that the solver did not meet is a string.
    pub(super) fn of(&self, field: &FieldName) -> Result<TypeName, Conflict> {
        self.types.get(field).cloned().unwrap_or(Ok(TypeName::String))
    }
}

/// What a node is, as far as it can be told without judging it.
#[derive(Clone, Copy)]
enum Sketch {
    Kinds(Kinds),
    Field { id: usize, span: Span, listed: bool },
}

struct Solver<'s> {
    schema: &'s Definitions,
    fields: BTreeMap<FieldName, usize>,
    classes: Vec<Class>,
}

impl Solver<'_> {
    fn sketch(&mut self, expression: &Expression) -> Sketch {
        Sketch::Kinds(match &expression.kind {
            ExpressionKind::Literal(literal) => match literal {
                Literal::Boolean(_) => Kinds::BOOLEAN,
                Literal::Number(_) => Kinds::NUMBER,
                Literal::Text(_) => Kinds::TEXT,
                Literal::Untyped(text) if text == "true" || text == "false" => Kinds::BOOLEAN,
                Literal::Untyped(text) if Number::from_literal(text) != Err(NumberForm::Malformed) => {
                    Kinds::NUMBER
                }
                Literal::Untyped(_) => Kinds::TEXT,
            },
            ExpressionKind::Name(_) => Kinds::ANY,
            ExpressionKind::Member { receiver, name } => match &receiver.kind {
                ExpressionKind::Name(profile) => return self.member(profile, name, expression),
                _ => self.asked(receiver, name, &[]),
            },
            ExpressionKind::Call { receiver, name, arguments } => match receiver.as_deref() {
                Some(Expression { kind: ExpressionKind::Name(profile), .. }) => {
                    return self.profile_call(profile, name, arguments, expression);
                }
                Some(receiver) => self.asked(receiver, name, arguments),
                None => {
                    self.walk(arguments);
                    Kinds::ANY
                }
            },
            ExpressionKind::Prefix { operator, operand } => {
                let kinds = if *operator == Operator::Not { Kinds::BOOLEAN } else { Kinds::NUMBER };
                self.used_as(operand, kinds);
                kinds
            }
            ExpressionKind::Binary { operator, left, right } => match operator.kind() {
                OperatorKind::Arithmetic => {
                    self.used_as(left, Kinds::NUMBER);
                    self.used_as(right, Kinds::NUMBER);
                    Kinds::NUMBER
                }
                kind => {
                    self.compared(left, right, kind == OperatorKind::Ordering);
                    Kinds::BOOLEAN
                }
            },
            ExpressionKind::Chain { operands, .. } => {
                operands.iter().for_each(|operand| self.used_as(operand, Kinds::BOOLEAN));
                Kinds::BOOLEAN
            }
        })
    }

    /// Looks at expressions whose own type decides nothing here.
    fn walk(&mut self, expressions: &[Expression]) {
        for expression in expressions {
            self.sketch(expression);
        }
    }

    fn used_as(&mut self, expression: &Expression, kinds: Kinds) {
        if let Sketch::Field { id, span, .. } = self.sketch(expression) {
            self.narrow(id, kinds, span);
        }
    }

    fn compared(&mut self, left: &Expression, right: &Expression, ordered: bool) {
        let (left, right) = (self.sketch(left), self.sketch(right));
        for (side, other) in [(left, right), (right, left)] {
            let Sketch::Field { id, span, .. } = side else { continue };
            if ordered {
                self.narrow(id, Kinds::ORDERED, span);
                let class = self.class(id);
                if let Some(class) = self.classes.get_mut(class) {
                    class.ordered = true;
                }
            }
            match other {
                Sketch::Kinds(kinds) if ordered && kinds.and(Kinds::ORDERED).is_empty() => {}
                Sketch::Kinds(kinds) => self.narrow(id, kinds, span),
                Sketch::Field { id: other, .. } => self.join(id, other, span),
            }
        }
    }

    fn member(&mut self, profile: &str, name: &Name, whole: &Expression) -> Sketch {
        let Some((profile_name, profile)) = find_profile(self.schema, profile) else {
            return Sketch::Kinds(Kinds::ANY);
        };
        match find_member(self.schema, profile, &name.text) {
            Member::Listed(found, attribute) if attribute.type_name == TypeName::Unknown => {
                self.field(profile_name, found, whole, true)
            }
            Member::Listed(_, attribute) => Sketch::Kinds(Kinds::of(attribute.type_name)),
            Member::Field(found, fields) if fields.type_name == TypeName::Unknown => {
                self.field(profile_name, &found, whole, false)
            }
            Member::Field(_, fields) => Sketch::Kinds(Kinds::of(fields.type_name)),
            Member::Ambiguous(_) | Member::Missing => Sketch::Kinds(Kinds::ANY),
        }
    }

    fn profile_call(
        &mut self,
        profile: &str,
        name: &Name,
        arguments: &[Expression],
        whole: &Expression,
    ) -> Sketch {
        let found = find_profile(self.schema, profile).map(|(_, profile)| find(&profile.methods, &name.text));
        match found {
            Some(Found::Exact(_, method) | Found::Respelled(_, method)) => {
                self.arguments(method, arguments);
                Sketch::Kinds(Kinds::of(method.returns))
            }
            // A boolean field may be written as a call.
            Some(Found::Unknown) if arguments.is_empty() => {
                let sketch = self.member(profile, name, whole);
                if let Sketch::Field { id, span, .. } = sketch {
                    self.narrow(id, Kinds::BOOLEAN, span);
                }
                sketch
            }
            _ => {
                self.walk(arguments);
                Sketch::Kinds(Kinds::ANY)
            }
        }
    }

    /// A method asked of a value: the value has one of the types that offer it.
    fn asked(&mut self, receiver: &Expression, name: &Name, arguments: &[Expression]) -> Kinds {
        let mut offering = Kinds(0);
        let mut asked: Option<&Method> = None;
        for (type_name, methods) in &self.schema.values {
            if let Found::Exact(_, method) | Found::Respelled(_, method) = find(methods, &name.text) {
                offering = offering.or(Kinds::of(*type_name));
                asked = asked.or(Some(method));
            }
        }
        match asked {
            Some(method) => {
                self.used_as(receiver, offering);
                self.arguments(method, arguments);
                Kinds::of(method.returns)
            }
            None => {
                self.walk(std::slice::from_ref(receiver));
                self.walk(arguments);
                Kinds::ANY
            }
        }
    }

    fn arguments(&mut self, method: &Method, arguments: &[Expression]) {
        for (index, argument) in arguments.iter().enumerate() {
            match method.params.get(index) {
                Some(param) => self.used_as(argument, Kinds::of(param.type_name)),
                None => self.walk(std::slice::from_ref(argument)),
            }
        }
    }

    fn field(&mut self, profile: &str, name: &str, whole: &Expression, listed: bool) -> Sketch {
        let key = (profile.to_owned(), name.to_owned());
        let id = match self.fields.get(&key) {
            Some(id) => *id,
            None => {
                let id = self.classes.len();
                self.classes.push(Class {
                    kinds: Kinds::ANY,
                    narrowed: whole.span,
                    ordered: false,
                    tag: None,
                    conflict: None,
                    joined: None,
                });
                self.fields.insert(key, id);
                id
            }
        };
        let tag = whole.tag.as_ref().and_then(|tag| match TypeKind::of(&tag.text) {
            TypeKind::Boolean => Some(Kinds::BOOLEAN),
            TypeKind::Number => Some(Kinds::NUMBER),
            TypeKind::Text => Some(Kinds::TEXT),
            TypeKind::Date => Some(Kinds::DATE),
            TypeKind::Profile | TypeKind::Function => None,
        });
        let class = self.class(id);
        if let Some(class) = self.classes.get_mut(class) {
            class.tag = class.tag.or(tag);
        }
        Sketch::Field { id, span: whole.span, listed }
    }

    /// The class that a field ended up in.
    fn class(&self, id: usize) -> usize {
        let mut at = id;
        while let Some(joined) = self.classes.get(at).and_then(|class| class.joined) {
            at = joined;
        }
        at
    }

    fn narrow(&mut self, id: usize, kinds: Kinds, span: Span) {
        let at = self.class(id);
        let Some(class) = self.classes.get_mut(at) else { return };
        let narrowed = class.kinds.and(kinds);
        if narrowed.is_empty() {
            let (earlier, earlier_as) = (class.narrowed, class.kinds);
            class.conflict.get_or_insert(Conflict { span, used_as: kinds, earlier, earlier_as });
        } else if narrowed != class.kinds {
            class.kinds = narrowed;
            class.narrowed = span;
        }
    }

    /// Two fields that are compared have one type.
    fn join(&mut self, left: usize, right: usize, span: Span) {
        let (into, from) = (self.class(left), self.class(right));
        if into == from {
            return;
        }
        let Some(joined) = self.classes.get(from).cloned() else { return };
        if let Some(class) = self.classes.get_mut(from) {
            class.joined = Some(into);
        }
        if joined.kinds != Kinds::ANY {
            let at = if self.classes.get(into).is_some_and(|class| class.kinds == Kinds::ANY) {
                joined.narrowed
            } else {
                span
            };
            self.narrow(into, joined.kinds, at);
        }
        if let Some(class) = self.classes.get_mut(into) {
            class.ordered |= joined.ordered;
            class.tag = class.tag.or(joined.tag);
            class.conflict = class.conflict.take().or(joined.conflict);
        }
    }

    /// Where the uses leave a choice, a tree's type decides, then the order.
    fn conclusion(&self, id: usize) -> Result<TypeName, Conflict> {
        let Some(class) = self.classes.get(self.class(id)) else { return Ok(TypeName::String) };
        if let Some(conflict) = &class.conflict {
            return Err(conflict.clone());
        }
        let tagged = class.tag.map(|tag| tag.and(class.kinds)).and_then(Kinds::only);
        let ordered = class.ordered.then(|| Kinds::NUMBER.and(class.kinds)).and_then(Kinds::only);
        let text = Kinds::TEXT.and(class.kinds).only();
        let first = [Kinds::NUMBER, Kinds::DATE, Kinds::BOOLEAN]
            .into_iter()
            .find_map(|kind| kind.and(class.kinds).only());
        let concluded = class.kinds.only().or(tagged).or(ordered).or(text).or(first);
        Ok(concluded.unwrap_or(TypeName::String))
    }
}
