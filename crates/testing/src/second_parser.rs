//! A second parser of the language's text: recursive descent, written from
//! the law and not from the grammar, as short as it can be. It has no places,
//! no messages and no limits.

/// A rule as it was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Its type's tag, and its decoded text.
    Literal(&'static str, String),
    /// A profile or a bare word.
    Name(String),
    /// `receiver.name`
    Member(Box<Node>, String),
    /// `receiver.name(arguments)`, or without the receiver.
    Call(Option<Box<Node>>, String, Vec<Node>),
    /// `!x` or `-x`
    Prefix(char, Box<Node>),
    /// Two operands.
    Binary(&'static str, Box<Node>, Box<Node>),
}

/// Binary operators, the loosest level first; all group to the left.
const LEVELS: [&[&str]; 6] =
    [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

/// Words that people write for operators, and that no call may have as its name.
const WORDS: [&str; 9] = ["and", "And", "AND", "or", "Or", "OR", "not", "Not", "NOT"];

/// Reads a rule; `None` where the text is none.
pub fn parse(text: &str) -> Option<Node> {
    let mut parser = Parser { rest: text };
    let node = parser.level(0)?;
    parser.space();
    parser.rest.is_empty().then_some(node)
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{a0}']);
    }

    /// Takes a symbol, if it is next.
    fn takes(&mut self, symbol: &str) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(symbol);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes the characters that are so, at least one.
    fn run(&mut self, is: fn(char) -> bool) -> Option<&'t str> {
        let end = self.rest.find(|character| !is(character)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        (end > 0).then_some(run)
    }

    fn level(&mut self, level: usize) -> Option<Node> {
        let Some(operators) = LEVELS.get(level) else { return self.operand() };
        let mut left = self.level(level + 1)?;
        loop {
            let Some(operator) = operators.iter().find(|operator| self.takes(operator)) else {
                return Some(left);
            };
            let right = self.level(level + 1)?;
            left = Node::Binary(operator, Box::new(left), Box::new(right));
        }
    }

    fn operand(&mut self) -> Option<Node> {
        if self.takes("!") {
            return self.operand().map(|operand| Node::Prefix('!', Box::new(operand)));
        }
        if self.takes("-") {
            self.space();
            if !self.rest.starts_with(|first: char| first.is_ascii_digit()) {
                return self.operand().map(|operand| Node::Prefix('-', Box::new(operand)));
            }
            // Before a digit the sign is part of the number.
            let digits = self.number()?;
            return self.members(Node::Literal("number:primitive", format!("-{digits}")));
        }
        let primary = self.primary()?;
        self.members(primary)
    }

    fn primary(&mut self) -> Option<Node> {
        if self.takes("(") {
            let inner = self.level(0)?;
            return self.takes(")").then_some(inner);
        }
        self.space();
        match self.rest.chars().next()? {
            '"' => self.string().map(|text| Node::Literal("string:object:primitive", text)),
            first if first.is_ascii_digit() => {
                self.number().map(|digits| Node::Literal("number:primitive", digits))
            }
            _ => {
                let name = self.name()?;
                if let Some(arguments) = self.arguments()? {
                    return (!WORDS.contains(&name.as_str())).then_some(Node::Call(None, name, arguments));
                }
                match name.as_str() {
                    "true" | "false" => Some(Node::Literal("boolean:primitive", name)),
                    _ => Some(Node::Name(name)),
                }
            }
        }
    }

    /// What is chained to an operand.
    fn members(&mut self, mut node: Node) -> Option<Node> {
        while self.takes(".") {
            self.space();
            let name = self.name()?;
            node = match self.arguments()? {
                Some(arguments) => Node::Call(Some(Box::new(node)), name, arguments),
                None => Node::Member(Box::new(node), name),
            };
        }
        Some(node)
    }

    /// Arguments in brackets, if an opening one is next; outer `None` where
    /// they are faulty.
    fn arguments(&mut self) -> Option<Option<Vec<Node>>> {
        if !self.takes("(") {
            return Some(None);
        }
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Some(Some(arguments));
        }
        loop {
            arguments.push(self.level(0)?);
            if self.takes(")") {
                return Some(Some(arguments));
            }
            if !self.takes(",") {
                return None;
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        if self.rest.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        self.run(|character| character.is_ascii_alphanumeric() || character == '_').map(str::to_owned)
    }

    fn number(&mut self) -> Option<String> {
        let whole = self.run(|character| character.is_ascii_digit())?;
        let after = self.rest;
        if let Some(rest) = after.strip_prefix('.') {
            self.rest = rest;
            if let Some(fraction) = self.run(|character| character.is_ascii_digit()) {
                return Some(format!("{whole}.{fraction}"));
            }
        }
        self.rest = after;
        Some(whole.to_owned())
    }

    fn string(&mut self) -> Option<String> {
        let mut characters = self.rest.char_indices().skip(1).peekable();
        let mut text = String::new();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                '\\' => {
                    // Before `"` and `\` a backslash escapes; before anything else it stays.
                    match characters.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                        Some((_, escaped)) => text.push(escaped),
                        None => text.push('\\'),
                    }
                }
                other => text.push(other),
            }
        }
        None
    }
}

impl Node {
    /// The same as text with brackets round every operation, so that no
    /// precedence is left to a reader.
    pub fn bracketed(&self) -> String {
        let listed =
            |arguments: &[Node]| arguments.iter().map(Node::bracketed).collect::<Vec<_>>().join(" , ");
        match self {
            Node::Literal("string:object:primitive", text) => {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Node::Literal(_, text) | Node::Name(text) => text.clone(),
            Node::Member(receiver, name) => format!("{} . {name}", receiver.bracketed()),
            Node::Call(Some(receiver), name, arguments) => {
                format!("{} . {name} ( {} )", receiver.bracketed(), listed(arguments))
            }
            Node::Call(None, name, arguments) => format!("{name} ( {} )", listed(arguments)),
            Node::Prefix(operator, operand) => format!("({operator}({}))", operand.bracketed()),
            Node::Binary(operator, left, right) => {
                format!("({} {operator} {})", left.bracketed(), right.bracketed())
            }
        }
    }

    /// The same as an expression tree; `None` where a tree cannot say it.
    pub fn tree(&self) -> Option<serde_json::Value> {
        let name = |text: &String| serde_json::json!({"arity": "name", "value": text});
        let node = |arity: &str, operands: Vec<serde_json::Value>| serde_json::json!({"arity": arity, "operands": operands});
        match self {
            Node::Literal(tag, text) => {
                Some(serde_json::json!({"arity": "literal", "value": text, "type": tag}))
            }
            Node::Name(text) => Some(name(text)),
            Node::Member(receiver, of) => match &**receiver {
                Node::Name(_) => Some(node("object_dereference", vec![receiver.tree()?, name(of)])),
                _ => None,
            },
            Node::Call(receiver, of, arguments) => {
                let mut operands = vec![receiver.as_ref()?.tree()?, name(of)];
                for argument in arguments {
                    operands.push(argument.tree()?);
                }
                Some(node("method_call", operands))
            }
            Node::Prefix(operator, operand) => Some(serde_json::json!({
                "arity": "unary_operation", "value": operator.to_string(), "operands": [operand.tree()?]
            })),
            Node::Binary(operator, left, right) => Some(serde_json::json!({
                "arity": "binary_operation", "value": operator, "operands": [left.tree()?, right.tree()?]
            })),
        }
    }
}
