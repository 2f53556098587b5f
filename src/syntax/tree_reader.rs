//! The expression tree of a rule to the syntax tree, without recursion: a
//! chain of 10 000 terms nests as deep as it is long.

use crate::diagnostic::{
    Code, Confidence, Diagnostic, Diagnostics, Form, Found, Input, Offset, Repair, Source, Span, Stage,
    Suggestion, or_raise, prove, repair, shortened, utf8_of,
};
use crate::json::{Key, Kind, Reader};
use crate::limits::Limits;
use crate::value::{Number, NumberForm};

use super::ast::{Ast, AstLiteral, AstNode, AstNodeKind, Builder, Name, Tag, too_many_open};
use super::operator::{Operator, OperatorKind};
use super::slips;
use super::type_tag::{TypeKind, tag_fault};

impl Ast {
    /// Reads an expression tree: the JSON text of `expressionJson`.
    ///
    /// Fails with the first fault of its shape. Cost is linear in its length.
    ///
    /// ```
    /// use target_rules::{Ast, Limits};
    /// let tree = r#"{"arity": "literal", "type": "boolean:primitive", "value": "true"}"#;
    /// assert!(Ast::from_tree(tree, &Limits::default()).is_ok());
    /// ```
    pub fn from_tree(json: &(impl Input + ?Sized), limits: &Limits) -> Result<Ast, Diagnostics> {
        Ast::of_tree(utf8_of(json, Form::Tree, limits.rule_tree())?, limits)
    }

    fn of_tree(json: &str, limits: &Limits) -> Result<Ast, Diagnostics> {
        let refused = |found| Diagnostics::of(&Source::new(Form::Tree, json), found, limits.errors);
        Ast::tried_tree(json, limits).map_err(refused)
    }

    /// The same with all that is wrong, its suggestions tried.
    pub(crate) fn tried_tree(json: &str, limits: &Limits) -> Result<Ast, Found> {
        Ast::read_tree(json, limits).map_err(|mut found| {
            prove(json, Stage::Reading, &mut found, |mended| {
                Ast::read_tree(mended, limits).err().unwrap_or_else(|| Found::reporting(1))
            });
            found
        })
    }

    /// The same with all that is wrong, and suggestions that nobody has tried.
    pub(crate) fn read_tree(json: &str, limits: &Limits) -> Result<Ast, Found> {
        let most = limits.rule_tree();
        if json.len() > most {
            return Err(Found::one(
                Diagnostic::new(
                    Code::Limit,
                    Span::new(most, json.len()),
                    format!("the tree has {} bytes; at most {most} are read", json.len()),
                )
                .note("from here on it is too long")
                .help(format!("split the rule{}", or_raise("rule-tree", most, Some(Limits::HARDEST_TEXT)))),
            ));
        }
        let mut reader = TreeReader {
            json: Reader::new(json),
            builder: Builder::new(limits),
            limits,
            faults: Found::reporting(limits.errors),
        };
        let root = match reader.read() {
            Ok(root) => root,
            Err(fault) => {
                let fault = no_tree(json, limits).unwrap_or(fault);
                reader.faults.push(fault);
                return Err(reader.faults);
            }
        };
        if reader.faults.is_empty() {
            Ok(Ast { root, source: Source::new(Form::Tree, json), warnings: Vec::new() })
        } else {
            Err(reader.faults)
        }
    }
}

/// The fault of something that is no tree at all: the text of a rule, or a tree
/// within a string.
fn no_tree(json: &str, limits: &Limits) -> Option<Diagnostic> {
    let start = Offset::from(json.len()) - json.trim_start().len();
    let first = json.get(start.get()..)?.chars().next()?;
    let fault = |code, message: String| {
        Diagnostic::new(code, Span::new(start, json.trim_end().len()), message).note("a tree begins with `{`")
    };
    let whole = json.trim();
    if matches!(first, '"' | '{')
        && let Some((by, plain)) =
            slips::unescaped(whole).filter(|(_, plain)| plain.trim_start().starts_with('{'))
    {
        let span = Span::new(start, json.trim_end().len());
        let help = Repair::from(format!("unescaped it is `{}`", repair(plain.trim())));
        let reads = Ast::read_tree(&plain, limits).is_ok();
        let instead = reads.then(|| Suggestion::replace(span, plain, Confidence::Safe));
        let message = match by {
            "JSON" if first == '"' => "this is a string that holds a tree, not the tree itself".to_owned(),
            by => format!("this tree is escaped, as {by} holds it"),
        };
        return Some(fault(Code::TreeShape, message).help(help.by(instead)));
    }
    if first == '{'
        && let Some(inner) = whole.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
        && !inner.trim_start().starts_with(['"', '\'', '}'])
        && Ast::read_text(inner, limits).is_ok_and(|ast| ast.is_condition())
    {
        return Some(fault(Code::JsonSyntax, "this is a rule's text in braces, not a tree".to_owned()).help(
            format!("remove the braces, and read it as the text of a rule: `{}`", repair(inner.trim())),
        ));
    }
    if first == '[' && whole.contains("\"arity\"") {
        return Some(
            fault(Code::TreeShape, "this is a list of trees, not a tree".to_owned())
                .help("read each of them by itself"),
        );
    }
    if first == '"' {
        let inner = Reader::new(json).whole_string()?;
        return Some(match inner.trim_start().starts_with('{') {
            true => {
                fault(Code::TreeShape, "this is a string that holds a tree, not the tree itself".to_owned())
                    .help("decode the string once, and read what it holds")
            }
            false => fault(Code::TreeShape, "this is a rule's text in a string, not a tree".to_owned())
                .help("decode the string once, and read it as the text of a rule"),
        });
    }
    let word = json.get(start.get()..)?.split(|character: char| !character.is_ascii_alphanumeric()).next()?;
    let is_text = matches!(first, '(' | '!' | '_') || first.is_ascii_alphabetic();
    (is_text && !matches!(word, "true" | "false" | "null")).then(|| {
        fault(Code::JsonSyntax, "this is a rule's text, not a tree".to_owned())
            .help("read it as the text of a rule, or give the tree as JSON")
    })
}

/// The kinds of nodes, as a tree names them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arity {
    Literal,
    Name,
    Dereference,
    Binary,
    Call,
    Unary,
    Group,
}

impl Arity {
    const ALL: [(&'static str, Arity); 7] = [
        ("literal", Arity::Literal),
        ("name", Arity::Name),
        ("object_dereference", Arity::Dereference),
        ("binary_operation", Arity::Binary),
        ("method_call", Arity::Call),
        ("unary_operation", Arity::Unary),
        ("group", Arity::Group),
    ];

    fn named(name: &str, span: Span) -> Result<Arity, Diagnostic> {
        let known = Arity::ALL.into_iter().find(|(known, _)| *known == name);
        known.map(|(_, arity)| arity).ok_or_else(|| {
            shape(span, format!("`{}` is no arity of a node", shortened(name)))
                .note("not an arity")
                .help(format!("an arity is one of `{}`", Arity::ALL.map(|(known, _)| known).join("`, `")))
        })
    }
}

/// A node whose object is still open.
#[derive(Default)]
struct Frame {
    start: Offset,
    arity: Option<(String, Span)>,
    value: Option<(String, Span)>,
    tag: Option<Tag>,
    operands: Option<Vec<TreeOperand>>,
}

struct TreeOperand {
    node: AstNode,
    /// Groups, prefix operators and calls open from here down.
    open: usize,
}

struct TreeReader<'a, 'l> {
    json: Reader<'a>,
    builder: Builder<'l>,
    limits: &'l Limits,
    faults: Found,
}

impl TreeReader<'_, '_> {
    fn read(&mut self) -> Result<AstNode, Diagnostic> {
        let mut frames: Vec<Frame> = Vec::new();
        let (first, mut key) = self.enter_node()?;
        frames.push(first);
        while let Some(mut frame) = frames.pop() {
            let mut entered = false;
            while let Some(current) = key.take() {
                if self.key(&mut frame, current)? {
                    entered = true;
                    break;
                }
                key = self.json.next_key()?;
            }
            if entered {
                let (inner, inner_key) = self.enter_node()?;
                frames.push(frame);
                frames.push(inner);
                key = inner_key;
                continue;
            }
            let operand = self.node(frame)?;
            let Some(parent) = frames.last_mut() else {
                self.json.finish()?;
                return Ok(operand.node);
            };
            parent.operands.get_or_insert_default().push(operand);
            if self.json.next_entry()? {
                let (inner, inner_key) = self.enter_node()?;
                frames.push(inner);
                key = inner_key;
            } else {
                key = self.json.next_key()?;
            }
        }
        Err(shape(Span::default(), "the tree has no node"))
    }

    /// Enters the object of a node; its first key.
    fn enter_node(&mut self) -> Result<(Frame, Option<Key>), Diagnostic> {
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            return Err(shape(
                Span::byte(start),
                format!("a node of the tree is an object, not {}", kind.name()),
            )
            .help("a node looks like `{\"arity\":\"literal\",\"value\":\"true\",\"type\":\"boolean:primitive\"}`"));
        }
        let key = self.json.enter_object()?;
        Ok((Frame { start, ..Frame::default() }, key))
    }

    /// Reads what a key of a node holds; true where its operands were entered.
    fn key(&mut self, frame: &mut Frame, key: Key) -> Result<bool, Diagnostic> {
        let seen = match key.text.as_str() {
            "arity" => frame.arity.is_some(),
            "value" => frame.value.is_some(),
            "type" => frame.tag.is_some(),
            "operands" => frame.operands.is_some(),
            _ => {
                let known = ["arity", "value", "type", "operands"];
                return Err(Diagnostic::new(
                    Code::UnknownKey,
                    key.span,
                    format!("a node of the tree has no key `{}`", key.text),
                )
                .note("unknown key")
                .help(format!("the keys of a node are `{}`", known.join("`, `"))));
            }
        };
        if seen {
            return Err(Diagnostic::new(
                Code::DuplicateKey,
                key.span,
                format!("the key `{}` stands twice in this node", key.text),
            )
            .note("the second one")
            .help("remove one of the two"));
        }
        let (kind, start) = self.json.peek()?;
        if key.text == "operands" {
            if kind != Kind::Array {
                return Err(shape(
                    Span::byte(start),
                    format!("`operands` is an array of nodes, not {}", kind.name()),
                ));
            }
            frame.operands = Some(Vec::new());
            return self.json.enter_array();
        }
        if kind != Kind::String {
            return Err(shape(
                Span::byte(start),
                format!("`{}` is a JSON string, not {}", key.text, kind.name()),
            )
            .help("write every value in quotes, numbers and booleans too"));
        }
        let text = self.json.string()?;
        let span = Span::new(start, self.json.position());
        match key.text.as_str() {
            "arity" => frame.arity = Some((text, span)),
            "value" => frame.value = Some((text, span)),
            _ => frame.tag = Some(Tag { text, span }),
        }
        Ok(false)
    }

    /// Makes the node of an object that was read whole.
    fn node(&mut self, frame: Frame) -> Result<TreeOperand, Diagnostic> {
        let span = Span::new(frame.start, self.json.position());
        let Frame { arity, value, tag, operands, .. } = frame;
        let Some((name, arity_span)) = arity else {
            return Err(shape(span, "a node needs an `arity`"));
        };
        let arity = Arity::named(&name, arity_span)?;
        fits_arity(arity, &name, value.as_ref(), operands.is_some(), span)?;
        let below = operands.iter().flatten().map(|operand| operand.open).max().unwrap_or(0);
        let opens = matches!(arity, Arity::Call | Arity::Unary | Arity::Group);
        // INVARIANT: what is counted is in memory, so no count overflows.
        let open = [below, usize::from(opens)].into_iter().sum();
        if open > self.limits.open() {
            return Err(too_many_open(self.limits, span));
        }
        let operands: Vec<AstNode> = operands.into_iter().flatten().map(|operand| operand.node).collect();
        let value = || {
            value.ok_or_else(|| {
                shape(span, format!("a node of arity `{name}` needs a `value`")).note("no `value`")
            })
        };
        let mut node = match arity {
            Arity::Literal => {
                let (text, value_span) = value()?;
                let literal = self.literal(text, value_span, tag.as_ref())?;
                self.builder.leaf(literal, value_span)?
            }
            Arity::Name => {
                let (text, value_span) = value()?;
                if !is_name(&text) {
                    return Err(shape(value_span, format!("`{text}` is no name"))
                        .help("a name has letters, digits and `_`, and no digit first"));
                }
                self.builder.name(text, value_span)?
            }
            Arity::Dereference => self.dereference(operands, span)?,
            Arity::Call => self.call(operands, span)?,
            Arity::Binary => self.binary(value()?, operands, tag.as_ref(), span)?,
            Arity::Unary => self.unary(value()?, operands, tag.as_ref(), span)?,
            Arity::Group => return Ok(TreeOperand { node: group(operands, span)?, open }),
        };
        node.tag = tag;
        Ok(TreeOperand { node, open })
    }

    fn binary(
        &mut self,
        (sign, place): (String, Span),
        operands: Vec<AstNode>,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<AstNode, Diagnostic> {
        let operator = Operator::infix(&sign).ok_or_else(|| unknown_operator(&sign, place, false))?;
        let [left, right] = exactly(operands, span, "a binary operation has two operands")?;
        let node = self.builder.infix(operator, left, right, span)?;
        self.check_tag(tag, operator);
        Ok(node)
    }

    fn unary(
        &mut self,
        (sign, place): (String, Span),
        operands: Vec<AstNode>,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<AstNode, Diagnostic> {
        let operator = Operator::prefix(&sign).ok_or_else(|| unknown_operator(&sign, place, true))?;
        let [operand] = exactly(operands, span, "a unary operation has one operand")?;
        let node = self.builder.prefix(operator, operand, span)?;
        self.check_tag(tag, operator);
        Ok(node)
    }

    fn literal(&mut self, text: String, span: Span, tag: Option<&Tag>) -> Result<AstLiteral, Diagnostic> {
        let Some(tag) = tag else {
            return Ok(AstLiteral::Untyped(text));
        };
        match TypeKind::of(&tag.text) {
            TypeKind::Boolean => match text.as_str() {
                "true" => Ok(AstLiteral::Boolean(true)),
                "false" => Ok(AstLiteral::Boolean(false)),
                _ => Err(shape(span, format!("`{text}` is no boolean")).help("a boolean is `true` or `false`")),
            },
            TypeKind::Number if Number::from_literal(&text) == Err(NumberForm::Malformed) => {
                Err(shape(span, format!("`{text}` is no number")).help("a number is digits, optionally a point and digits"))
            }
            TypeKind::Number => Ok(AstLiteral::Number(text)),
            TypeKind::Text => Ok(AstLiteral::Text(text)),
            kind => Err(Diagnostic::new(Code::TypeTag, tag.span, format!("a literal is never {}", kind.name()))
                .help("the type of a literal is `boolean:primitive`, `number:primitive` or `string:object:primitive`")),
        }
    }

    fn dereference(&mut self, operands: Vec<AstNode>, span: Span) -> Result<AstNode, Diagnostic> {
        let [profile, attribute] =
            exactly(operands, span, "an attribute has two operands: the profile's name and the attribute's")?;
        if !matches!(profile.kind, AstNodeKind::Name(_)) {
            return Err(shape(profile.span, "the first operand of an attribute is the profile's name"));
        }
        let name = self.take_name(attribute, "the second operand of an attribute is its name")?;
        self.builder.member(profile, name, span)
    }

    fn call(&mut self, operands: Vec<AstNode>, span: Span) -> Result<AstNode, Diagnostic> {
        let mut operands = operands.into_iter();
        let (Some(receiver), Some(method)) = (operands.next(), operands.next()) else {
            return Err(shape(
                span,
                "a call has a receiver, the method's name and its arguments as operands",
            ));
        };
        let name = self.take_name(method, "the second operand of a call is the method's name")?;
        self.builder.call(Some(receiver), name, operands.collect(), span)
    }

    /// A name that is part of another node, and so no node of its own.
    fn take_name(&self, node: AstNode, expected: &str) -> Result<Name, Diagnostic> {
        match node.kind {
            AstNodeKind::Name(text) => Ok(Name { text, span: node.span, tag: node.tag }),
            _ => Err(shape(node.span, expected)),
        }
    }

    /// Reports a type tag that contradicts what the operator gives.
    fn check_tag(&mut self, tag: Option<&Tag>, operator: Operator) {
        let gives = match operator.kind() {
            OperatorKind::Logic | OperatorKind::Equality | OperatorKind::Ordering => TypeKind::Boolean,
            OperatorKind::Arithmetic => TypeKind::Number,
            OperatorKind::Prefix if operator == Operator::Not => TypeKind::Boolean,
            OperatorKind::Prefix => TypeKind::Number,
        };
        if let Some(tag) = tag.filter(|tag| TypeKind::of(&tag.text) != gives) {
            self.faults.push(tag_fault(tag, gives.name()));
        }
    }
}

/// Whether a node has the keys that its arity asks for, and no others.
fn fits_arity(
    arity: Arity,
    name: &str,
    value: Option<&(String, Span)>,
    has_operands: bool,
    span: Span,
) -> Result<(), Diagnostic> {
    let takes_value = matches!(arity, Arity::Literal | Arity::Name | Arity::Binary | Arity::Unary);
    let takes_operands = !matches!(arity, Arity::Literal | Arity::Name);
    match value {
        Some((_, value_span)) if !takes_value => {
            Err(shape(*value_span, format!("a node of arity `{name}` has no `value`"))
                .note("no `value` here")
                .help("remove it, or correct the arity"))
        }
        _ if has_operands && !takes_operands => {
            Err(shape(span, format!("a node of arity `{name}` has no `operands`"))
                .note("no `operands` here")
                .help("remove them, or correct the arity"))
        }
        _ => Ok(()),
    }
}

/// The operand of a group: brackets, which are no node.
fn group(operands: Vec<AstNode>, span: Span) -> Result<AstNode, Diagnostic> {
    if operands.len() > 1 {
        let message = format!(
            "the text that this tree was made of is not an expression: it fell into {} parts",
            operands.len()
        );
        return Err(Diagnostic::new(Code::NotAnExpression, span, message)
            .note("a `group` of several operands")
            .help("mend the rule's text and make the tree anew"));
    }
    let [inner] = exactly(operands, span, "a group has an operand")?;
    Ok(inner)
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

fn exactly<const N: usize>(
    operands: Vec<AstNode>,
    span: Span,
    expected: &str,
) -> Result<[AstNode; N], Diagnostic> {
    let found = operands.len();
    operands.try_into().map_err(|_| shape(span, format!("{expected}; this one has {found}")))
}

fn shape(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::TreeShape, span, message)
}

fn unknown_operator(text: &str, span: Span, prefix: bool) -> Diagnostic {
    let known: Vec<&str> = Operator::spellings(prefix).collect();
    let help = match slips::operator_meant(text).filter(|(meant, _)| known.contains(meant)) {
        Some((meant, sure)) => {
            Repair::from(format!("write `{meant}`")).by([Suggestion::json_string(span, meant, sure)])
        }
        None => format!("choose one of `{}`", known.join("`, `")).into(),
    };
    Diagnostic::new(Code::UnknownOperator, span, format!("`{}` is not an operator", shortened(text)))
        .note("not an operator here")
        .help(help)
}
