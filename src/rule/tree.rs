//! Writes a checked rule as an expression tree in JSON, in the three styles
//! that are in use.

use crate::typed::{Call, Node, NodeKind, Receiver, Selection, Type};
use crate::value::Count;

/// The white space of an expression tree.
///
/// ```
/// use target_rules::rule::TreeStyle;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("true", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let tree = |style| rule.to_tree(style, limits.rule_tree);
/// assert_eq!(
///     tree(TreeStyle::Compact)?,
///     r#"{"arity":"literal","value":"true","type":"boolean:primitive"}"#,
/// );
/// assert_eq!(
///     tree(TreeStyle::Spaced)?,
///     r#"{ "arity": "literal", "value": "true", "type": "boolean:primitive" }"#,
/// );
/// assert!(tree(TreeStyle::Pretty)?.starts_with("\n{\n  \"arity\":\"literal\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TreeStyle {
    /// A line feed first, two-space indent, no space after a colon.
    Pretty,
    /// No white space.
    Compact,
    /// `{ "key": value }` on one line.
    Spaced,
}

/// The tree would exceed the limit on the size of trees.
///
/// ```
/// use target_rules::rule::TreeStyle;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let refused = rule.to_tree(TreeStyle::Compact, 100).unwrap_err(); // bytes
/// assert_eq!(
///     refused.to_string(),
///     "the tree of this rule would have more than 100 bytes",
/// );
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TreeTooLarge {
    style: TreeStyle,
    limit: usize,
}

impl std::fmt::Display for TreeTooLarge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the tree of this rule would have more than {} bytes", self.limit)?;
        if self.style == TreeStyle::Pretty {
            formatter.write_str("; its indent grows with its depth: try `--style compact`")?;
        }
        Ok(())
    }
}

impl std::error::Error for TreeTooLarge {}

const BOOLEAN: &str = "boolean:primitive";
const NUMBER: &str = "number:primitive";
const REAL: &str = "real:object:primitive";
const STRING: &str = "string:object:primitive";
const DATE: &str = "date:object:primitive";
const ENUM: &str = "enum:string:object:primitive";
const METHOD: &str = "anonymous:function:primitive";
const ITEM_ATTRIBUTE: &str = "EEnum__InvAttr:enum:string:object:primitive";

/// The tree of a rule as JSON text, at most `limit` bytes of it.
pub(super) fn written(root: &Node, style: TreeStyle, limit: usize) -> Result<String, TreeTooLarge> {
    let mut writer = TreeWriter { out: String::new(), style, limit, level: Count::default(), first: true };
    if style == TreeStyle::Pretty {
        writer.out.push('\n');
    }
    writer.node(root)?;
    Ok(writer.out)
}

struct TreeWriter {
    out: String,
    style: TreeStyle,
    limit: usize,
    level: Count,
    /// Whether the next key or entry is the first of its object or array.
    first: bool,
}

type Written = Result<(), TreeTooLarge>;

impl TreeWriter {
    fn node(&mut self, node: &Node) -> Written {
        match &node.kind {
            NodeKind::Boolean(value) => self.leaf("literal", if *value { "true" } else { "false" }, BOOLEAN),
            NodeKind::Number(_, digits) => self.leaf("literal", digits, NUMBER),
            NodeKind::Text(text) => self.leaf("literal", text, STRING),
            NodeKind::Word(word) => self.leaf("name", word, ENUM),
            NodeKind::Attribute(attribute) => {
                let tag = tag_of(&node.of);
                self.open_operands("object_dereference", None, Some(tag))?;
                self.entry()?;
                self.leaf("name", &attribute.profile.name, &attribute.profile.tag)?;
                self.entry()?;
                self.leaf("name", &attribute.name, tag)?;
                self.close_operands()
            }
            NodeKind::Call(call) => self.call(call, tag_of(&node.of)),
            NodeKind::Prefix { operator, operand } => {
                self.open_operands("unary_operation", Some(operator.spelling()), Some(tag_of_node(operand)))?;
                self.entry()?;
                self.node(operand)?;
                self.close_operands()
            }
            NodeKind::Arithmetic(chain) => {
                // It groups to the left, as a chain of `&&` does.
                for step in chain.steps.iter().rev() {
                    self.open_operands("binary_operation", Some(step.operator.spelling()), Some(NUMBER))?;
                    self.entry()?;
                }
                self.node(&chain.first)?;
                for step in &chain.steps {
                    self.entry()?;
                    self.node(&step.operand)?;
                    self.close_operands()?;
                }
                Ok(())
            }
            NodeKind::Binary { operator, left, right } => {
                self.open_operands("binary_operation", Some(operator.spelling()), Some(BOOLEAN))?;
                self.entry()?;
                self.node(left)?;
                self.entry()?;
                self.node(right)?;
                self.close_operands()
            }
            NodeKind::Chain { operator, operands } => {
                // A chain groups to the left: all of its operations open before
                // its first operand. So a long chain needs a loop, not
                // recursion.
                for _ in operands.iter().skip(1) {
                    self.open_operands("binary_operation", Some(operator.spelling()), Some(BOOLEAN))?;
                    self.entry()?;
                }
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0 {
                        self.entry()?;
                    }
                    self.node(operand)?;
                    if index > 0 {
                        self.close_operands()?;
                    }
                }
                Ok(())
            }
        }
    }

    fn call(&mut self, call: &Call, tag: &str) -> Written {
        self.open_operands("method_call", None, Some(tag))?;
        self.entry()?;
        match &call.receiver {
            Receiver::Profile(profile) => self.leaf("name", &profile.name, &profile.tag)?,
            Receiver::Value(node) => self.node(node)?,
        }
        self.entry()?;
        self.leaf("name", &call.method, METHOD)?;
        let attribute = selecting_attribute(call);
        for (index, argument) in call.arguments.iter().enumerate() {
            self.entry()?;
            match (index, attribute, &argument.kind) {
                (0, Some(name), _) => self.leaf("literal", name, ITEM_ATTRIBUTE)?,
                (1, Some(name), NodeKind::Text(value)) if selects_by_value(call) => {
                    let tag = format!("EEnum__InvAttr__EDepEnum__InvAttrVal__{name}:{STRING}");
                    self.leaf("literal", value, &tag)?;
                }
                _ => self.node(argument)?,
            }
        }
        self.close_operands()
    }

    fn leaf(&mut self, arity: &str, value: &str, tag: &str) -> Written {
        self.open('{')?;
        self.pair("arity", arity)?;
        self.pair("value", value)?;
        self.pair("type", tag)?;
        self.close('}')
    }

    fn open_operands(&mut self, arity: &str, value: Option<&str>, tag: Option<&str>) -> Written {
        self.open('{')?;
        self.pair("arity", arity)?;
        if let Some(value) = value {
            self.pair("value", value)?;
        }
        if let Some(tag) = tag {
            self.pair("type", tag)?;
        }
        self.key("operands")?;
        self.open('[')
    }

    fn close_operands(&mut self) -> Written {
        self.close(']')?;
        self.close('}')
    }

    fn open(&mut self, bracket: char) -> Written {
        self.out.push(bracket);
        self.level.add_one();
        self.first = true;
        self.counted()
    }

    fn close(&mut self, bracket: char) -> Written {
        self.level.take_one();
        self.gap();
        self.out.push(bracket);
        self.first = false;
        self.counted()
    }

    /// Starts an entry of an array or a member of an object.
    fn entry(&mut self) -> Written {
        if !self.first {
            self.out.push(',');
        }
        self.gap();
        self.first = false;
        self.counted()
    }

    fn gap(&mut self) {
        match self.style {
            TreeStyle::Compact => {}
            TreeStyle::Spaced => self.out.push(' '),
            TreeStyle::Pretty => {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n("  ", self.level.get()));
            }
        }
    }

    fn key(&mut self, key: &str) -> Written {
        self.entry()?;
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str(if self.style == TreeStyle::Spaced { "\": " } else { "\":" });
        Ok(())
    }

    fn pair(&mut self, key: &str, value: &str) -> Written {
        self.key(key)?;
        self.out.push_str(&serde_json::Value::from(value).to_string());
        self.counted()
    }

    fn counted(&self) -> Written {
        if self.out.len() > self.limit {
            return Err(TreeTooLarge { style: self.style, limit: self.limit });
        }
        Ok(())
    }
}

/// The name of the item attribute, if that is the first argument of the call.
fn selecting_attribute(call: &Call) -> Option<&str> {
    match call.selection()? {
        Selection::Equals { attribute, .. } | Selection::Matches { attribute, .. }
            if call.arguments.len() == 2 =>
        {
            Some(attribute)
        }
        _ => None,
    }
}

fn selects_by_value(call: &Call) -> bool {
    matches!(call.selection(), Some(Selection::Equals { .. }))
}

fn tag_of(of: &Type) -> &'static str {
    match of {
        Type::Boolean => BOOLEAN,
        Type::Number => REAL,
        Type::Text => STRING,
        Type::Date => DATE,
        Type::Enum(_) => ENUM,
    }
}

/// The type that the tree gives a node.
fn tag_of_node(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Number(..) | NodeKind::Arithmetic(_) => NUMBER,
        NodeKind::Prefix { operand, .. } => tag_of_node(operand),
        NodeKind::Binary { .. } | NodeKind::Chain { .. } => BOOLEAN,
        _ => tag_of(&node.of),
    }
}
