//! The type check: names resolved against a schema, every node typed, every
//! fault reported at once.

mod arguments;
mod calls;
mod fields;
mod forms;
mod members;
mod mismatch;
mod names;
mod operators;
mod patterns;
mod repairs;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Confidence, Diagnostic, Diagnostics, Repair, Span};
use crate::limits::Limits;
use crate::rule::Rule;
use crate::schema::{Definitions, Schema, TypeName};
use crate::syntax::ast::{Ast, Expression, ExpressionKind, Literal, Tag};
use crate::syntax::{TypeKind, tag_fault};
use crate::typed::{Attribute, Node, NodeKind, ProfileName, Type};
use crate::value::{Number, NumberForm};

use fields::{FieldName, FieldTypes};
use names::Beside;
use repairs::Editor;
use words::described;

pub use forms::{check_forms, check_forms_whole};

/// What the checker says of a rule.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// // A warning does not keep the rule from being one.
/// let text = "currentTxn.value > 1 || currentTxn.value > 2 && currentTxn.discount > 3";
/// let checked = Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits);
/// assert!(!checked.diagnostics().is_empty());
/// assert!(!checked.diagnostics().has_errors());
/// assert!(checked.rule().is_some());
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Checked {
    rule: Option<Rule>,
    diagnostics: Diagnostics,
}

impl Checked {
    /// The rule, where it has no error.
    pub fn rule(&self) -> Option<&Rule> {
        self.rule.as_ref()
    }

    /// Errors and warnings, sorted by place.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// The rule, or what is wrong with it. Warnings are dropped.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let checked = |text: &str| {
    ///     Ast::from_text(text, &limits).map(|ast| ast.check(&schema, &limits))
    /// };
    /// assert!(checked("currentTxn.value > 500")?.into_rule().is_ok());
    /// let refused = checked("currentTxn.valu > 500")?.into_rule().unwrap_err();
    /// let fault = refused.iter().next();
    /// assert_eq!(fault.map(|fault| fault.code.name()), Some("unknown-name"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn into_rule(self) -> Result<Rule, Diagnostics> {
        self.rule.ok_or(self.diagnostics)
    }
}

impl Ast {
    /// Checks the rule against a schema.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.valu > 500", &limits)?;
    /// let checked = ast.check(&Schema::standard(), &limits);
    /// assert!(checked.rule().is_none());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn check(&self, schema: &Schema, limits: &Limits) -> Checked {
        let schema = schema.definitions();
        let mut checker = Checker {
            schema,
            limits,
            ast: self,
            found: self.warnings.clone(),
            patterns: 0,
            field_types: FieldTypes::solve(schema, &self.root),
            concluded: BTreeSet::new(),
            profiles: BTreeMap::new(),
            attributes: Vec::new(),
        };
        let root = checker.rule();
        // What was found refuses the rule, not what of it is reported.
        let refused = checker.found.iter().any(Diagnostic::is_error);
        let diagnostics = Diagnostics::gather(self.source(), checker.found, limits.errors);
        let rule = root.filter(|_| !refused).map(|root| Rule::new(root, self.source().form()));
        Checked { rule, diagnostics }
    }
}

/// Judges one rule. A judgement of `None` means that an error was reported
/// and nothing that depends on the node is judged further.
struct Checker<'a> {
    schema: &'a Definitions,
    limits: &'a Limits,
    ast: &'a Ast,
    found: Vec<Diagnostic>,
    patterns: usize,
    field_types: FieldTypes,
    /// The fields whose concluded type was reported.
    concluded: BTreeSet<FieldName>,
    profiles: BTreeMap<String, Arc<ProfileName>>,
    /// Those that the rule names so far.
    attributes: Vec<Arc<Attribute>>,
}

impl Checker<'_> {
    fn rule(&mut self) -> Option<Node> {
        let ast = self.ast;
        if let ExpressionKind::Name(word) = &ast.root.kind {
            self.lone_name(word, ast.root.span, Beside::Condition);
            return None;
        }
        let root = self.judge(&ast.root)?;
        if root.of != Type::Boolean {
            let help = match &root.kind {
                NodeKind::Text(text)
                    if Ast::from_text(text, self.limits).is_ok_and(|ast| ast.is_condition()) =>
                {
                    let bare = self.editor().in_text(root.span, text.as_str(), Confidence::Safe);
                    Repair::from("remove the quotes round the rule").by(bare)
                }
                _ => self.as_condition(&root).into(),
            };
            self.report(
                Diagnostic::new(
                    Code::RootNotBoolean,
                    root.span,
                    format!("a rule is true or false, but this is {}", described(&root.of)),
                )
                .note(format!("this is {}", described(&root.of)))
                .help(help),
            );
        }
        self.unrolls_once(&root);
        Some(root)
    }

    /// A rule is decided per line item or per tender, never for both at once.
    fn unrolls_once(&mut self, root: &Node) {
        let mut first: Option<&Node> = None;
        let mut second: Option<&Node> = None;
        root.visit(&mut |node| {
            let Some(each) = node.unrolls() else { return };
            match first.and_then(Node::unrolls) {
                None => first = Some(node),
                Some(of_first) if of_first != each && second.is_none() => second = Some(node),
                Some(_) => {}
            }
        });
        if let (Some(first), Some(second)) = (first, second) {
            let name = |node: &Node| node.profile().map(|profile| profile.name.clone()).unwrap_or_default();
            self.report(
                Diagnostic::new(
                    Code::NestedUnrolling,
                    second.span,
                    "a rule is decided for each line item or for each tender, not for both",
                )
                .note(format!("this names `{}`", name(second)))
                .label(first.span, format!("this names `{}`", name(first)))
                .help("split the rule in two, or ask the basket instead, such as `currentTxn.basketIncludes(...)`"),
            );
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// What writes the edits of repairs.
    fn editor(&self) -> Editor<'_> {
        Editor::of(self.ast.source())
    }

    /// The one function that recurses over a rule. What is on its way is kept
    /// small: diagnostics are built in functions of their own, beside it.
    fn judge(&mut self, expression: &Expression) -> Option<Node> {
        let node = match &expression.kind {
            ExpressionKind::Literal(literal) => self.literal(literal, expression, None),
            ExpressionKind::Name(name) => {
                self.lone_name(name, expression.span, Beside::Nothing);
                None
            }
            ExpressionKind::Member { receiver, name } => self.member(receiver, name, expression),
            ExpressionKind::Call { receiver, name, arguments } => {
                self.call(receiver.as_deref(), name, arguments, expression)
            }
            ExpressionKind::Prefix { operator, operand } => self.prefix(*operator, operand, expression),
            ExpressionKind::Binary { operator, left, right } => {
                self.binary(*operator, left, right, expression)
            }
            ExpressionKind::Chain { operator, operands } => self.chain(*operator, operands, expression),
        };
        if let (Some(tag), Some(node)) = (&expression.tag, &node) {
            self.node_tag(tag, &node.of);
        }
        node
    }

    /// Reports a tag of another kind than its node is.
    #[inline(never)]
    fn node_tag(&mut self, tag: &Tag, of: &Type) {
        if TypeKind::of(&tag.text) != kind_of(of) {
            self.report(tag_fault(tag, of.name()));
        }
    }

    /// A literal; one without a type is read as the wanted type, or as what it
    /// looks like.
    fn literal(&mut self, literal: &Literal, expression: &Expression, wanted: Option<&Type>) -> Option<Node> {
        let node = |kind, of| Some(Node { kind, of, span: expression.span });
        match literal {
            Literal::Boolean(value) => node(NodeKind::Boolean(*value), Type::Boolean),
            Literal::Text(text) => node(NodeKind::Text(text.clone()), Type::Text),
            Literal::Number(digits) => match Number::from_literal(digits) {
                Ok(number) => node(NodeKind::Number(number, digits.clone()), Type::Number),
                Err(_) => self.number_range(expression.span),
            },
            Literal::Untyped(text) => {
                let typed = match (wanted, text.as_str()) {
                    (Some(Type::Text | Type::Enum(_)), _) => Literal::Text(text.clone()),
                    (_, "true") => Literal::Boolean(true),
                    (_, "false") => Literal::Boolean(false),
                    _ if Number::from_literal(text) != Err(NumberForm::Malformed) => {
                        Literal::Number(text.clone())
                    }
                    _ => Literal::Text(text.clone()),
                };
                self.literal(&typed, expression, None)
            }
        }
    }
}

impl Checker<'_> {
    fn number_range<T>(&mut self, span: Span) -> Option<T> {
        self.report(
            Diagnostic::new(Code::NumberRange, span, "this number has too many digits")
                .note("at most 18 digits before the point and 9 after it")
                .help("write a shorter number"),
        );
        None
    }
}

fn kind_of(of: &Type) -> TypeKind {
    match of {
        Type::Boolean => TypeKind::Boolean,
        Type::Number => TypeKind::Number,
        Type::Text | Type::Enum(_) => TypeKind::Text,
        Type::Date => TypeKind::Date,
    }
}

/// The type of an attribute or a result.
fn type_of(name: TypeName, values: &Arc<[String]>) -> Type {
    match name {
        TypeName::Boolean => Type::Boolean,
        TypeName::Number => Type::Number,
        TypeName::String => Type::Text,
        TypeName::Date => Type::Date,
        TypeName::Enum => Type::Enum(values.clone()),
        // INVARIANT: an unknown type is concluded before it comes here.
        TypeName::Unknown => Type::Text,
    }
}
