//! The text of a rule to the syntax tree. The only file that names pest.

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use crate::diagnostic::{
    Code, Confidence, Diagnostic, Diagnostics, Edit, Form, Found, Input, Offset, Source, Span, Stage,
    Suggestion, or_raise, prove, utf8_of,
};
use crate::limits::Limits;

use super::ast::{Ast, AstLiteral, AstNode, AstNodeKind, Builder, Name};
use super::operator::Operator;
use super::string::decode;
use super::{scan, slips};

mod grammar {
    // The derive writes an undocumented public enum.
    #![allow(missing_docs, unreachable_pub, reason = "written by pest_derive")]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/rule.pest"]
    pub(super) struct RuleParser;
}

use grammar::{Rule, RuleParser};

impl Ast {
    /// Reads the text of a rule.
    ///
    /// Fails with every known slip and the first other fault of its syntax.
    /// Cost is linear in the length of the text.
    ///
    /// ```
    /// use target_rules::{Ast, Limits};
    /// let limits = Limits::default();
    /// assert!(Ast::from_text("currentTxn.value > 500", &limits).is_ok());
    /// let refused = Ast::from_text("currentTxn.value = 500", &limits).unwrap_err();
    /// assert!(refused.to_string().starts_with("single-equals: "));
    /// ```
    pub fn from_text(text: &(impl Input + ?Sized), limits: &Limits) -> Result<Ast, Diagnostics> {
        Ast::of_text(utf8_of(text, Form::Dsl, limits.rule_text())?, limits)
    }

    fn of_text(text: &str, limits: &Limits) -> Result<Ast, Diagnostics> {
        let refused = |found| Diagnostics::of(&Source::new(Form::Dsl, text), found, limits.errors);
        Ast::tried_text(text, limits).map_err(refused)
    }

    /// The same with all that is wrong, its suggestions tried.
    pub(crate) fn tried_text(text: &str, limits: &Limits) -> Result<Ast, Found> {
        Ast::read_text(text, limits).map_err(|mut found| {
            prove(text, Stage::Reading, &mut found, |mended| {
                Ast::read_text(mended, limits).err().unwrap_or_else(|| Found::reporting(1))
            });
            found
        })
    }

    /// The same with all that is wrong, and suggestions that nobody has tried.
    pub(crate) fn read_text(text: &str, limits: &Limits) -> Result<Ast, Found> {
        let most = limits.rule_text();
        if text.len() > most {
            return Err(Found::one(
                Diagnostic::new(
                    Code::Limit,
                    Span::new(most, text.len()),
                    format!("the rule's text has {} bytes; at most {most} are read", text.len()),
                )
                .note("from here on it is too long")
                .help(format!("split the rule{}", or_raise("rule-text", most, Some(Limits::HARDEST_TEXT)))),
            ));
        }
        scan::check_nesting(text, limits).map_err(Found::one)?;
        // Once quotes are mended, brackets that stood in a string may count.
        let again = |text: &str| match scan::check_nesting(text, limits) {
            Ok(()) => parse_fault(text),
            Err(fault) => Some(fault.span.start()),
        };
        let mut pairs = match RuleParser::parse(Rule::rule, text) {
            Ok(pairs) => pairs,
            Err(error) if is_out_of_stack(&error) => return Err(Found::one(out_of_stack(text))),
            Err(error) => return Err(slips::explain(text, fault_at(&error), &again, limits.errors)),
        };
        let Some(expression) = pairs.next() else {
            return Err(slips::explain(text, Offset::START, &again, limits.errors));
        };
        let mut reader = TextReader {
            text,
            builder: Builder::new(limits),
            mixed: Vec::new(),
            slips: Found::reporting(limits.errors),
        };
        let root = reader.read(expression).map_err(Found::one)?;
        if !reader.slips.is_empty() {
            return Err(reader.slips);
        }
        let warnings = mixed_warning(text, &reader.mixed).into_iter().collect();
        Ok(Ast { root, source: Source::new(Form::Dsl, text), warnings })
    }
}

/// The byte at which the grammar gives up; `None` where it accepts the text.
fn parse_fault(text: &str) -> Option<Offset> {
    RuleParser::parse(Rule::rule, text).err().map(|error| fault_at(&error))
}

/// Whether the parser stopped since little stack was left, which is no fault of
/// the text. The grammar itself gives no errors in words.
fn is_out_of_stack(error: &pest::error::Error<Rule>) -> bool {
    matches!(error.variant, pest::error::ErrorVariant::CustomError { .. })
}

#[cold]
fn out_of_stack(text: &str) -> Diagnostic {
    let message = "the thread that reads the rule has too little stack left";
    Diagnostic::new(Code::Limit, Span::new(0, text.len()), message)
        .note("nests too deeply for this thread")
        .help("read rules on a thread with at least 256 KiB of stack, 512 KiB in debug builds")
}

fn fault_at(error: &pest::error::Error<Rule>) -> Offset {
    match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at.into(),
    }
}

struct TextReader<'l> {
    text: &'l str,
    builder: Builder<'l>,
    /// Each `&&` that stands in an `||` without brackets.
    mixed: Vec<Span>,
    slips: Found,
}

/// A node, and its span with the brackets around it.
struct OperandNode {
    node: AstNode,
    outer: Span,
    bracketed: bool,
}

impl OperandNode {
    fn plain(node: AstNode) -> OperandNode {
        OperandNode { outer: node.span, node, bracketed: false }
    }

    /// Whether it is an `&&` chain without brackets.
    fn is_bare_and(&self) -> bool {
        !self.bracketed && matches!(self.node.kind, AstNodeKind::Chain { operator: Operator::And, .. })
    }
}

/// One level of an expression, between two brackets or two commas: operands and
/// operators in a row. It is read by operator precedence with two stacks; an
/// operator waits until one that binds no tighter follows.
struct Run<'t> {
    pairs: Pairs<'t, Rule>,
    operands: Vec<OperandNode>,
    waiting: Vec<Operator>,
    /// The prefix operators of the operand that is being read.
    prefixes: Vec<(Operator, Span)>,
    /// The operand that is being read, once its first part is known.
    current: Option<OperandNode>,
}

impl<'t> Run<'t> {
    fn of(expression: Pair<'t, Rule>) -> Run<'t> {
        Run {
            pairs: expression.into_inner(),
            operands: Vec::new(),
            waiting: Vec::new(),
            prefixes: Vec::new(),
            current: None,
        }
    }
}

/// What a run stands in. It says what is done with the value of the run.
enum Holder<'t> {
    Bracket(Span),
    Call(Box<OpenCall<'t>>),
}

/// A call whose arguments are being read.
struct OpenCall<'t> {
    receiver: Option<AstNode>,
    name: Name,
    span: Span,
    read: Vec<AstNode>,
    rest: Pairs<'t, Rule>,
}

fn span_of(pair: &Pair<'_, Rule>) -> Span {
    let span = pair.as_span();
    // The grammar lets a production that ends in something optional take the
    // white space before it along.
    let text = span.as_str().trim_end_matches(scan::is_space);
    Span::new(span.start(), Offset::from(span.start()) + text.len())
}

impl TextReader<'_> {
    /// Reads an expression without recursion: open brackets and calls are on a
    /// stack on the heap.
    fn read(&mut self, expression: Pair<'_, Rule>) -> Result<AstNode, Diagnostic> {
        let mut around: Vec<(Run<'_>, Holder<'_>)> = Vec::new();
        let mut run = Run::of(expression);
        loop {
            if let Some(pair) = run.pairs.next() {
                if let Some((inner, holder)) = self.step(&mut run, pair)? {
                    around.push((std::mem::replace(&mut run, inner), holder));
                }
                continue;
            }
            let value = self.value(run)?;
            let Some((mut outer, holder)) = around.pop() else { return Ok(value.node) };
            match holder {
                Holder::Bracket(span) => {
                    outer.current = Some(OperandNode { node: value.node, outer: span, bracketed: true });
                    run = outer;
                }
                Holder::Call(mut call) => {
                    call.read.push(value.node);
                    match self.argument_or_end(&mut outer, call)? {
                        Some((inner, holder)) => {
                            around.push((outer, holder));
                            run = inner;
                        }
                        None => run = outer,
                    }
                }
            }
        }
    }

    /// Reads one part of a run. A bracket or a call opens a run of its own, which
    /// is returned.
    fn step<'t>(
        &mut self,
        run: &mut Run<'t>,
        pair: Pair<'t, Rule>,
    ) -> Result<Option<(Run<'t>, Holder<'t>)>, Diagnostic> {
        let span = span_of(&pair);
        match pair.as_rule() {
            Rule::infix => {
                let operator = Operator::infix(pair.as_str()).ok_or_else(|| internal(span))?;
                self.end_operand(run)?;
                while let Some(last) = run.waiting.pop_if(|last| last.precedence() >= operator.precedence()) {
                    self.join(last, &mut run.operands)?;
                }
                run.waiting.push(operator);
            }
            Rule::prefix => {
                let operator = Operator::prefix(pair.as_str()).ok_or_else(|| internal(span))?;
                run.prefixes.push((operator, span));
            }
            Rule::bracket => {
                let inner = pair.into_inner().next().ok_or_else(|| internal(span))?;
                return Ok(Some((Run::of(inner), Holder::Bracket(span))));
            }
            Rule::literal_number => {
                let number = AstLiteral::Number(match pair.as_str().strip_prefix('-') {
                    Some(digits) => format!("-{}", digits.trim_start_matches(scan::is_space)),
                    None => pair.as_str().to_owned(),
                });
                run.current = Some(OperandNode::plain(self.builder.leaf(number, span)?));
            }
            Rule::string => {
                let text = AstLiteral::Text(decode(pair.as_str()));
                run.current = Some(OperandNode::plain(self.builder.leaf(text, span)?));
            }
            Rule::name => return self.name(run, pair),
            Rule::member => return self.member(run, pair),
            _ => return Err(internal(span)),
        }
        Ok(None)
    }

    /// The value of a run that was read to its end.
    fn value(&mut self, mut run: Run<'_>) -> Result<OperandNode, Diagnostic> {
        self.end_operand(&mut run)?;
        while let Some(last) = run.waiting.pop() {
            self.join(last, &mut run.operands)?;
        }
        run.operands.pop().ok_or_else(|| internal(Span::default()))
    }

    /// Ends the operand that is being read, and applies its prefix operators, which
    /// bind less tightly than the members and calls after it.
    fn end_operand(&mut self, run: &mut Run<'_>) -> Result<(), Diagnostic> {
        let mut operand = run.current.take().ok_or_else(|| internal(Span::default()))?;
        while let Some((operator, span)) = run.prefixes.pop() {
            let span = span.to(operand.outer);
            operand = OperandNode::plain(self.builder.prefix(operator, operand.node, span)?);
        }
        run.operands.push(operand);
        Ok(())
    }

    fn join(&mut self, operator: Operator, operands: &mut Vec<OperandNode>) -> Result<(), Diagnostic> {
        let (Some(right), Some(left)) = (operands.pop(), operands.pop()) else {
            return Err(internal(Span::default()));
        };
        if operator == Operator::Or {
            let mixed = [&left, &right].into_iter().filter(|operand| operand.is_bare_and());
            self.mixed.extend(mixed.map(|operand| operand.node.span));
        }
        let span = left.outer.to(right.outer);
        let node = self.builder.infix(operator, left.node, right.node, span)?;
        operands.push(OperandNode::plain(node));
        Ok(())
    }

    /// A name that stands first: a boolean, a profile, a bare word, or a call
    /// that lacks its profile.
    fn name<'t>(
        &mut self,
        run: &mut Run<'t>,
        pair: Pair<'t, Rule>,
    ) -> Result<Option<(Run<'t>, Holder<'t>)>, Diagnostic> {
        let span = span_of(&pair);
        let text = pair.as_str();
        if run.pairs.peek().is_some_and(|next| next.as_rule() == Rule::arguments)
            && let Some(arguments) = run.pairs.next()
        {
            if let Some(slip) = slips::logic_call(self.text, span, span_of(&arguments)) {
                self.slips.push(slip);
            }
            let name = Name { text: text.to_owned(), span, tag: None };
            let whole = span.to(span_of(&arguments));
            return self.call(run, None, name, whole, arguments);
        }
        let node = match text {
            "true" => self.builder.leaf(AstLiteral::Boolean(true), span)?,
            "false" => self.builder.leaf(AstLiteral::Boolean(false), span)?,
            _ => self.builder.name(text.to_owned(), span)?,
        };
        run.current = Some(OperandNode::plain(node));
        Ok(None)
    }

    /// An attribute or a call of the operand that is being read.
    fn member<'t>(
        &mut self,
        run: &mut Run<'t>,
        pair: Pair<'t, Rule>,
    ) -> Result<Option<(Run<'t>, Holder<'t>)>, Diagnostic> {
        let receiver = run.current.take().ok_or_else(|| internal(span_of(&pair)))?;
        let span = receiver.outer.to(span_of(&pair));
        let mut inner = pair.into_inner();
        let name = inner.next().ok_or_else(|| internal(span))?;
        let name = Name { text: name.as_str().to_owned(), span: span_of(&name), tag: None };
        match inner.next() {
            Some(arguments) => self.call(run, Some(receiver.node), name, span, arguments),
            None => {
                run.current = Some(OperandNode::plain(self.builder.member(receiver.node, name, span)?));
                Ok(None)
            }
        }
    }

    fn call<'t>(
        &mut self,
        run: &mut Run<'t>,
        receiver: Option<AstNode>,
        name: Name,
        span: Span,
        arguments: Pair<'t, Rule>,
    ) -> Result<Option<(Run<'t>, Holder<'t>)>, Diagnostic> {
        let call = OpenCall { receiver, name, span, read: Vec::new(), rest: arguments.into_inner() };
        self.argument_or_end(run, Box::new(call))
    }

    /// Opens the next argument of a call; after the last the call is whole.
    fn argument_or_end<'t>(
        &mut self,
        run: &mut Run<'t>,
        mut call: Box<OpenCall<'t>>,
    ) -> Result<Option<(Run<'t>, Holder<'t>)>, Diagnostic> {
        if let Some(argument) = call.rest.next() {
            return Ok(Some((Run::of(argument), Holder::Call(call))));
        }
        let OpenCall { receiver, name, span, read, .. } = *call;
        let node = self.builder.call(receiver, name, read, span)?;
        run.current = Some(OperandNode::plain(node));
        Ok(None)
    }
}

/// The warning for the first of the `&&` chains that stand in an `||` without
/// brackets; its repair puts all of them in brackets.
fn mixed_warning(text: &str, mixed: &[Span]) -> Option<Diagnostic> {
    let first = mixed.first()?;
    let brackets = mixed
        .iter()
        .flat_map(|and| [Edit::new(Span::empty(and.start()), "("), Edit::new(Span::empty(and.end()), ")")]);
    // A guess: the author may have meant the other grouping.
    let suggestion = Suggestion::several(text, brackets.collect(), Confidence::Guess);
    Some(
        Diagnostic::new(Code::MixedAndOr, *first, "`&&` and `||` are mixed without brackets")
            .note("`&&` binds tighter, so this part is decided first")
            .help("put brackets round the part that belongs together")
            .suggest([suggestion]),
    )
}

/// The grammar and this reader disagree. A test reads every production, so no
/// author should ever see it; it is an error and no panic all the same.
fn internal(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this part of the rule could not be read")
}
